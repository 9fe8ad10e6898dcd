"""Collects what a tested function needs from the text around it and from the answer's other parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from humaneval_x.answers.finding import overload, wraps
from humaneval_x.answers.items import CodeItem, items, names_taken, names_used, needed, whole_imports
from humaneval_x.answers.opening import Opening
from humaneval_x.answers.trees import Source, source_of


def with_needed(opening: Opening, source: Source, candidates: Sequence[CodeItem], item: CodeItem) -> list[CodeItem]:
    """Return an item and the items it needs, in order; of the tested name, only overloads."""
    table = source.table
    rivals = {
        each
        for each in candidates
        if each is not item and opening.name in each.names and not overload(source, each, item)
    }
    wrapping = {each for each in rivals if wraps(opening, source, each, item)}
    usable = [each for each in candidates if each not in rivals and each is not item]
    names = opening.wanted.union(*(names_taken(source, each) for each in (item, *wrapping)))
    kept = {item, *wrapping, *needed(source, usable, set(names), opening.name), *whole_imports(source, usable)}
    there = table.known_scopes.union(*(each.names for each in kept))
    return [each for each in candidates if each in kept or _always(source, each, there)]


def _always(source: Source, item: CodeItem, there: frozenset[str]) -> bool:
    """Whether an item always stays; one that opens a scope does where the scope exists."""
    table = source.table
    if item.kind not in table.uses:
        return item.kind in table.always
    return any(word.name in there for word in source.words_of(item.start, item.end)[:1])


def from_others(
    opening: Opening, kept: Sequence[CodeItem], source: Source, others: Sequence[bytes]
) -> list[tuple[Source, list[CodeItem]]]:
    """Return what kept items need and other parts of the same answer define; the last definition of a name counts.

    Items that use the tested function are left out: they demonstrate it.
    """
    if not others:
        return []
    names = set().union(*(names_taken(source, item) for item in kept))
    have = {name for item in kept for name in item.names} | opening.defined | opening.table.provided
    more: list[tuple[Source, list[CodeItem]]] = []
    used: set[bytes] = set()
    grew = True
    while grew:
        grew = False
        for other in reversed(others):
            if not any(name.encode() in other for name in names - have):
                continue
            part = source_of(opening.language, other)
            found = needed(part, _usable(opening, part), names - have, opening.name, have)
            if {name for item in found for name in item.names} - have:
                more.insert(0, (part, found))  # before the item that needs it
                used.add(other)
                names = names.union(*(names_taken(part, item) for item in found))
                have |= {name for item in found for name in item.names}
                grew = True
    return [*_imports_alone(opening, others, used), *more]


def _usable(opening: Opening, part: Source) -> list[CodeItem]:
    """Return the items of another part of an answer that do not demonstrate the tested function."""
    found = items(part, [part.root])
    return [item for item in found if opening.name not in names_used(part, item.start, item.end)]


def _imports_alone(
    opening: Opening, others: Sequence[bytes], used: set[bytes]
) -> Iterator[tuple[Source, list[CodeItem]]]:
    """Yield the imports without names, from parts that something is used of or that hold only imports."""
    pattern = opening.table.known_imports
    for other in others:
        if pattern is None or not pattern.search(other.decode("utf-8", "replace")):
            continue
        part = source_of(opening.language, other)
        found = _usable(opening, part)
        if other in used or all(item.kind in part.table.imports for item in found):
            yield part, whole_imports(part, found)
