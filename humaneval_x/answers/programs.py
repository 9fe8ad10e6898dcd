"""Builds whole programs from a tested function, what it needs, and the problem's own text. Pure.

Keeps the text's order, and adds what the text lacks and the problem has.
"""

from __future__ import annotations

from collections.abc import Sequence

from humaneval_x.answers.bodies import joined
from humaneval_x.answers.classes import into_class
from humaneval_x.answers.finding import FoundFunction, callee, find, last, received
from humaneval_x.answers.gathering import from_others, with_needed
from humaneval_x.answers.items import CodeItem, items, names_used
from humaneval_x.answers.opening import Opening
from humaneval_x.answers.trees import Source, source_of


def program(opening: Opening, found: FoundFunction, others: Sequence[bytes] = ()) -> bytes:
    """Return a tested function's program: the problem's own text, and the parts of the answer that it needs."""
    source, table = found.source, found.source.table
    keep = [item for item in found.items if not (table.imports_apart and item.kind in table.imports)]
    if opening.in_class:
        return into_class(opening, found, keep, others)
    if found.inside is not None:
        return _delegated(opening, found, keep)
    kept = with_needed(opening, source, keep, found.item)
    body = joined(table.separator.encode(), b"", source.text, [(i.start, i.end) for i in kept]).lstrip(b"\n")
    head = _head(opening, kept)
    more = from_others(opening, kept, source, others)
    head, last = _scoped(opening, head, [(source, kept), *more])
    first = b"".join(source.text[i.start : i.end] + b"\n" for i in keep if i.kind in table.first and i.clean)
    helpers = b"".join(
        joined(b"\n", b"", part.text, [(item.start, item.end) for item in taken]).lstrip(b"\n") + b"\n\n"
        for part, taken in more
    )
    return first + head + helpers + body + last


def _scoped(opening: Opening, head: bytes, parts: Sequence[tuple[Source, list[CodeItem]]]) -> tuple[bytes, bytes]:
    """Return the problem's part without the scope that it opens, and the text that opens the scope at the end.

    A text that writes `std::` throughout may name its own functions like the standard library's.
    """
    scope = opening.table.scope.encode()
    names = {name for part, kept in parts for item in kept for name in names_used(part, item.start, item.end)}
    own = {name for _, kept in parts for item in kept for name in item.names}
    given = items(source_of(opening.language, head), [source_of(opening.language, head).root])
    if (
        not scope
        or scope not in head
        or any(scope in part.text for part, _ in parts)
        or (names - own) & opening.table.scope_names
    ):
        return head, b""
    if any(item.kind in opening.table.tested for item in given) or not own - {opening.name}:
        return head, b""
    return head.replace(scope, b""), b"\n" + scope


def _head(opening: Opening, kept: Sequence[CodeItem]) -> bytes:
    """Return the problem's text before its function, without what the program defines itself."""
    own = {name for item in kept for name in item.names}
    source = source_of(opening.language, opening.prefix[: opening.start])
    dropped = [item for item in items(source, [source.root]) if item.names and item.names <= own]
    head, at = b"", 0
    for item in dropped:
        if item.kind not in source.table.imports:
            head += source.text[at : item.start]
            at = item.end
    return head + source.text[at:]


def _delegated(opening: Opening, found: FoundFunction, keep: Sequence[CodeItem]) -> bytes:
    """Return a program in which the problem's function calls the method of the answer's class."""
    source, table = found.source, found.source.table
    assert found.inside is not None
    holder = next(item for item in found.items if item.holds(found.inside))
    kept = with_needed(opening, source, keep, holder)
    body = joined(table.separator.encode(), b"", source.text, [(i.start, i.end) for i in kept]).lstrip(b"\n")
    static = any(child.type == "static" for child in found.item.node.children)
    kind = received(opening, table, holder) or next(iter(sorted(holder.names)), "")
    names = {"type": kind, "name": opening.name}
    called = callee(opening, table, found.inside) or ("{type}.{name}".format(**names) if static else "")
    way = table.delegate_held if called and table.delegate_held else table.delegate
    call = way.format(**names, callee=called, arguments=", ".join(opening.parameters))
    indent = b" " * max(opening.indent, opening.least)
    header = opening.prefix[opening.start :]
    end = b"\n" if table.indented else b"\n}\n"
    return _head(opening, kept) + body + b"\n\n" + header + indent + call.encode() + end


__all__ = ["FoundFunction", "find", "last", "program"]
