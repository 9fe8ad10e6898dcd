"""Finds the tested function in a text: the last complete one of its name, anywhere. Pure.

It may be a plain function, a value, a method of a class or of a type, a member of an object, another function's name.
A stub, an export, a loader or a call does not define it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from humaneval_x.answers.items import CodeItem, items, names_used
from humaneval_x.answers.opening import Opening, body_of, parameters, signature
from humaneval_x.answers.seam import undented
from humaneval_x.answers.table import GrammarTable, is_name
from humaneval_x.answers.trees import Source, leaves, nodes, source_of

TRIES = 6  # places to parse a text from again, where something before its function confuses the grammar


@dataclass(frozen=True, slots=True)
class FoundFunction:
    """The tested function in a text: the parse, its item, the class around it."""

    source: Source
    items: list[CodeItem]
    item: CodeItem
    inside: Node | None
    start: int  # where parsing began

    @property
    def clean(self) -> bool:
        """Whether the function has no syntax error."""
        return _complete(self.source, self.item) or _renames(self.source, self.item, self.items)


def find(opening: Opening, text: bytes) -> FoundFunction | None:
    """Return the last complete function of the tested name in one parse, else the last incomplete one."""
    if not opening.name or opening.name.encode() not in text:
        return None
    best: FoundFunction | None = None
    for start in _starts(opening, text):
        for part in undented(text[start:]) if opening.table.indented and start else (text[start:],):
            found = _find(opening, part, start)
            if found and found.clean:
                return found
            best = best or found
    return best


def last(opening: Opening, text: bytes) -> FoundFunction | None:
    """Return the last complete function of the tested name, also after text that is not code."""
    found = find(opening, text)
    while found and found.clean and (again := _later(opening, text, found)):
        found = again
    return found


def _later(opening: Opening, text: bytes, found: FoundFunction) -> FoundFunction | None:
    """Return a complete function after the one found, where the grammar cannot have parsed everything."""
    if not found.source.root.has_error or len(found.source.text) != len(text) - found.start:
        return None
    ends = [item.end for item in found.items if item.holds(found.item.node)]
    start = found.start + max(ends, default=found.item.end)
    again = find(opening, text[start:])
    if again is None or not again.clean or (again.inside is None) != (found.inside is None):
        return None
    if len(parameters(opening.table, again.item.node)) != len(opening.parameters):
        return None
    return replace(again, start=start + again.start)


def _starts(opening: Opening, text: bytes) -> Iterator[int]:
    """Yield where parsing may begin: at the start, after blank lines or a colon, at the function's own line."""
    yield 0
    at, before, own, places = 0, b"", -1, []
    for line in text.split(b"\n"):
        if line.strip() and at and (not before.strip() or before.rstrip().endswith((b":", "：".encode(), b"|"))):
            places.append(at)
        if opening.name.encode() in line and own < 0 and line[:1].strip():
            own = at
        at, before = at + len(line) + 1, line
    last = text.rfind(opening.name.encode())
    yield from [place for place in places if place <= last][:TRIES]
    if own > 0:
        yield own


def _find(opening: Opening, text: bytes, start: int) -> FoundFunction | None:
    source = source_of(opening.language, text)
    key = ("found", opening.name, len(opening.parameters))
    if key not in source.notes:
        source.notes[key] = _found(opening, source)
    found = source.notes[key]
    return replace(found, start=start) if isinstance(found, FoundFunction) else None


def _found(opening: Opening, source: Source) -> FoundFunction | None:
    table, top = source.table, items(source, [source.root])
    found: list[tuple[CodeItem, Node | None]] = [(item, None) for item in top if _is_tested(opening, source, item)]
    if not found:
        found = [(item, item.node) for item in top if received(opening, table, item)]
    if not found:
        named = [item for item in top if item.kind in table.tested and opening.name in item.names]
        found = [(item, None) for item in named if _renames(source, item, top)]
    if not found:
        found = list(_methods(opening, source, top))
    if not found:
        found = [(item, node) for item in top for node in _held(opening, source, item)]
    if not found:
        return None
    clean = [each for each in found if _complete(source, each[0])]
    if table.overloads:
        same = [each for each in clean if len(parameters(table, each[0].node)) == len(opening.parameters)]
        clean = same or clean
    item, inside = (clean or found)[-1]
    return FoundFunction(source, top, item, inside, 0)


def _methods(opening: Opening, source: Source, holders: Sequence[CodeItem]) -> Iterator[tuple[CodeItem, Node]]:
    """Yield the methods of the tested name with their classes; those of a class named as the problem's come last."""
    named, table = set(problem_class(opening)), source.table
    classes = [holder for holder in holders if holder.kind in table.classes]
    for holder in sorted(classes, key=lambda each: bool(each.names & named)):
        body = holder.node.child_by_field_name("body")
        members = items(source, [body] if body else [])
        yield from _methods(opening, source, members)
        yield from ((each, holder.node) for each in members if _is_tested(opening, source, each, member=True))


def _held(opening: Opening, source: Source, item: CodeItem) -> Iterator[Node]:
    """Yield the assignments in an item that make the tested function a member of an object."""
    yield from (node for node in item.node.named_children if callee(opening, source.table, node))


def callee(opening: Opening, table: GrammarTable, node: Node) -> str:
    """Return the expression that calls a tested function assigned to an object's member; "" if it is not one."""
    fields = table.holders.get(node.type)
    target, value = (node.child_by_field_name(field) for field in fields) if fields else (None, None)
    if target is None or value is None:
        return ""
    name = (target.text or b"").decode("utf-8", "replace")
    if value.type in table.bodies and (name in table.whole or name.rpartition(".")[2] == opening.name):
        return name
    members = (
        member.child_by_field_name("name") or member.child_by_field_name("key") for member in value.named_children
    )
    names = {(each.text or b"").decode("utf-8", "replace").strip("'\"") for each in members if each}
    return f"{name}.{opening.name}" if value.type in table.objects and opening.name in names else ""


def _complete(source: Source, item: CodeItem) -> bool:
    """Whether an item is a function without a syntax error whose body does something: no alias, no stub."""
    table, block = source.table, body_of(item.node)
    if block is None or block.type not in table.blocks:
        return item.clean and block is not None
    return item.clean and any(leaf.type not in table.atoms | table.idle for leaf in leaves(block, table.atoms))


def _is_tested(opening: Opening, source: Source, item: CodeItem, *, member: bool = False) -> bool:
    table = source.table
    kinds = table.tested | table.bodies if member else table.tested | table.choices
    if item.kind not in kinds or opening.name not in item.names or _announces(table, item):
        return False
    if table.indented and not member and item.node.start_point.column:
        return False
    inner = (node for node in nodes(item.node, table.bodies | table.atoms) if node.type in table.bodies)
    if item.kind in table.choices and not any(opening.name in table.declared(node) for node in inner):
        return False
    if _uses_of_itself(opening, source, item) or (table.loaders and table.loaders & _outside(source, item).keys()):
        return False
    return body_of(item.node) is not None or b"(" in source.text[item.start : item.end]  # not a variable of that name


def _announces(table: GrammarTable, item: CodeItem) -> bool:
    """Whether an item only declares the function."""
    return body_of(item.node) is None and any(n.type in table.forward for n in nodes(item.node, table.bodies))


def received(opening: Opening, table: GrammarTable, item: CodeItem) -> str:
    """Return the receiver type of a method of the tested name that stands outside its type; "" for all others."""
    if item.kind not in table.methods:
        return ""
    for node in nodes(item.node, table.atoms | table.blocks):
        name = node.child_by_field_name("name")
        owner = node.child_by_field_name("receiver") or node.child_by_field_name("scope")
        if name is not None and owner is not None and name.text == opening.name.encode():
            types = [leaf for leaf in leaves(owner, table.atoms) if is_name(leaf.type)]
            return (types[-1].text or b"").decode("utf-8", "replace") if types else ""
    return ""


def _renames(source: Source, item: CodeItem, top: Sequence[CodeItem]) -> bool:
    """Whether an item makes its name an alias of another function of the text, or of a class's method."""
    if body_of(item.node) or not item.clean or _announces(source.table, item):
        return False
    given = {name for each in top if _complete(source, each) for name in each.names}
    return bool((names_used(source, item.start, item.end) - item.names) & given)


def _outside(source: Source, item: CodeItem) -> dict[str, list[int]]:
    """Return the names in an item outside of functions, with their places."""
    table = source.table
    inner = [node for node in nodes(item.node, table.bodies | table.atoms) if node.type in table.bodies]
    found: dict[str, list[int]] = {}
    for word in source.words_of(item.node.start_byte, item.end):
        hidden = word.dotted or word.quoted or any(n.start_byte <= word.start < n.end_byte for n in inner)
        if not hidden:
            found.setdefault(word.name, []).append(word.start)
    return found


def _uses_of_itself(opening: Opening, source: Source, item: CodeItem) -> list[int]:
    """Return where an item that assigns the tested name uses its earlier value."""
    return _outside(source, item).get(opening.name, [])[1:]


def wraps(opening: Opening, source: Source, item: CodeItem, tested: CodeItem) -> bool:
    """Whether an item wraps the tested function that precedes it (in a cache, say) without calling it."""
    if item.start < tested.end or opening.name not in item.names or item.kind not in source.table.tested:
        return False
    uses = _uses_of_itself(opening, source, item)
    return bool(uses) and not any(source.text[at + len(opening.name.encode()) :].lstrip()[:1] == b"(" for at in uses)


def overload(source: Source, one: CodeItem, other: CodeItem) -> bool:
    table = source.table
    if not table.overloads:
        return False
    return signature(table, one.node) != signature(table, other.node) or _announces(table, one)


def problem_class(opening: Opening) -> list[str]:
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    return [name for item in items(source, [source.root]) if item.kind in source.table.classes for name in item.names]
