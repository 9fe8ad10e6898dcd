"""Finds where a continued body ends, and which later items the body needs. Pure.

The end is the grammar's: the brace that closes the function, or the first statement of the first column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from humaneval_x.answers.items import CodeItem, begins_with, items, names_bound, names_used, needed, whole_imports
from humaneval_x.answers.opening import Opening, body_of, parameters
from humaneval_x.answers.seam import well_indented
from humaneval_x.answers.trees import Source, source_of

OPEN, CLOSE = ("(", "[", "{"), (")", "]", "}")
LOOKED_AT = 1 << 14  # bytes after a body that are searched for items it needs


@dataclass(frozen=True, slots=True)
class Body:
    """A problem's text followed by an answer, parsed together: where the body ends, and whether it is clean."""

    source: Source  # up to the end at least
    text: bytes  # all of it
    function: Node | None  # the tested function, if the tree has one
    end: int  # -1: the body does not end
    clean: bool  # no syntax error in the function
    empty: bool  # the body holds nothing of the answer


def body(opening: Opening, text: bytes) -> Body:
    """Return where the body that a text continues ends."""
    whole = opening.prefix + text
    if guessed := _guessed(opening, text):
        return guessed
    source = source_of(opening.language, whole)
    function = function_of(opening, source)
    start, table = len(opening.prefix), source.table
    if table.indented:
        end = _end_of_block(opening, source, function)
        clean = function is not None and not source.root.has_error if end == len(source.text) else False
        if function is not None and not clean:
            cut = source_of(opening.language, source.text[:end])
            again = function_of(opening, cut)
            clean = again is not None and not again.has_error and not cut.root.has_error
        clean = clean and well_indented(opening, source, end)
        return Body(source, whole, function, end, clean, not _code(source, start, end))
    block = body_of(function) if function is not None and not function.has_error else None
    if block is not None and block.end_byte > start:
        return Body(source, whole, function, block.end_byte, True, False)
    end = _closing_brace(source, start)
    return Body(source, whole, function, end, False, end < 0 and not text.strip())


def _guessed(opening: Opening, text: bytes) -> Body | None:
    """Return the body if it ends at the first place that looks like an end, so that the rest need not be parsed.

    It does end there if the text so far parses without error: no bracket, string or comment is open.
    """
    column = opening.start - opening.prefix.rfind(b"\n", 0, opening.start) - 1
    mark = re.compile(rb"\n(?=[^\s#)\]}])" if opening.table.indented else rb"\n[ \t]{%d}\}" % column)
    if not opening.name or not (found := mark.search(text)):
        return None
    source = source_of(opening.language, opening.prefix + text[: found.end()])
    function = function_of(opening, source)
    if function is None or function.has_error or (source.root.has_error and not opening.in_class):
        return None
    start, whole = len(opening.prefix), opening.prefix + text
    if opening.table.indented:
        end = _end_of_block(opening, source, function)
        empty = not _code(source, start, end)
        return (
            Body(source, whole, function, end, True, empty)
            if well_indented(opening, source, end) and not empty
            else None
        )
    block = body_of(function)
    if block is None or block.end_byte != len(source.text):
        return None
    return Body(source, whole, function, block.end_byte, True, False)


def function_of(opening: Opening, source: Source) -> Node | None:
    """Return the node of the function that the problem's text opens."""
    node = source.root.descendant_for_byte_range(opening.start, opening.start + 1)
    while node and (node.type not in source.table.tested or node.start_byte != opening.start):
        node = node.parent
    return node


def _code(source: Source, start: int, end: int) -> bool:
    return any(start <= leaf.start_byte < end and leaf.type not in source.table.comments for leaf in source.leaves)


def _end_of_block(opening: Opening, source: Source, function: Node | None) -> int:
    """Return where the first statement in column 0 begins, or a comment there with no statement after it."""
    text, start = source.text, len(opening.prefix)
    if function is not None and not source.root.has_error and not text[function.end_byte :].strip():
        return len(text)
    depth, comment, joined = 0, -1, False
    for leaf in source.leaves:
        if leaf.start_byte < start:
            continue
        first = depth == 0 and not joined and leaf.start_point.column == 0
        if leaf.type in source.table.comments:
            comment = leaf.start_byte if first and comment < 0 else comment
            continue
        if first:
            return leaf.start_byte if comment < 0 else comment
        comment = -1
        depth = max(0, depth + (leaf.type in OPEN) - (leaf.type in CLOSE))
        joined = leaf.type == "line_continuation"
    return len(text) if comment < 0 else comment


def _closing_brace(source: Source, start: int) -> int:
    """Return the end of the brace that closes what the problem's text leaves open, or -1."""
    depth = 1
    for leaf in source.leaves:
        if leaf.start_byte >= start:
            depth += (leaf.type == "{") - (leaf.type == "}")
            if depth == 0:
                return leaf.end_byte
    return -1


def continued(opening: Opening, found: Body) -> bytes:
    """Return the part of a text that is its program: the body, and the complete items after it that it needs."""
    source, end = found.source, found.end
    start, table = len(opening.prefix), source.table
    line = found.text.find(b"\n", end + LOOKED_AT, end + 4 * LOOKED_AT)  # a table may be one long line
    rest = found.text[end : line + 1 if line >= 0 else end + LOOKED_AT]
    if not table.indented:
        blanks = len(rest) - len(rest.lstrip(b" \t"))
        if rest[blanks : blanks + 1] == b";":
            end, rest = end + blanks + 1, rest[blanks + 1 :]
    kept = found.text[start:end]
    if opening.in_class:
        return _in_class(opening, found, kept, rest)
    if not rest.strip():
        return kept
    after = source_of(opening.language, rest)
    spans = _needed_after(opening, found, after, items(after, [after.root]))
    return joined(table.separator.encode(), kept, rest, spans, indented=table.indented)


def _in_class(opening: Opening, found: Body, kept: bytes, rest: bytes) -> bytes:
    """Return the members and classes that are needed, and the end of the class, which the text may lack."""
    lead = opening.table.class_opening.encode()
    after = source_of(opening.language, lead + rest)
    depth, closed = 1, -1
    for leaf in after.leaves:
        if leaf.start_byte >= len(lead):
            depth += (leaf.type == "{") - (leaf.type == "}")
            if depth == 0:
                closed = leaf.start_byte
                break
    if closed >= 0 and not rest[: closed - len(lead)].strip() and not rest[closed + 1 - len(lead) :].strip():
        return kept + rest[: closed + 1 - len(lead)]
    parts = [node for node in after.root.children if node.type in opening.table.classes]
    bodies = [each for node in parts[:1] if (each := node.child_by_field_name("body"))]
    members = items(after, bodies)
    if closed >= 0:
        later = source_of(opening.language, b" " * (closed + 1) + after.text[closed + 1 :])
    else:
        later = source_of(opening.language, b"")
    members = [item for item in members if closed < 0 or item.end <= closed]
    both = _Two(after, later, max(closed, 0) if closed >= 0 else len(after.text))
    spans = _needed_after(opening, found, both, members + items(later, [later.root]))
    shifted = [(a - len(lead), b - len(lead)) for a, b in spans]
    inside = [span for span in shifted if closed < 0 or span[1] <= closed - len(lead)]
    outside = [span for span in shifted if span not in inside]
    if closed < 0:
        return joined(b"\n\n", kept, rest, inside) + b"\n}"
    brace = (closed - len(lead), closed + 1 - len(lead))
    text = joined(b"\n", kept, rest, [*inside, brace])
    return joined(b"\n\n", text, rest[brace[1] :], [(a - brace[1], b - brace[1]) for a, b in outside])


class _Two(Source):
    """Two parses of one text: one gives the words before a place, the other those after it."""

    def __init__(self, before: Source, after: Source, at: int) -> None:
        self.language, self.text, self.table = before.language, before.text, before.table
        self.before, self.after, self.at = before, after, at
        self.notes = {}

    def words_of(self, start: int, end: int):  # type: ignore[no-untyped-def]
        return (self.before if start < self.at else self.after).words_of(start, end)


def _needed_after(
    opening: Opening, found: Body, after: Source, candidates: Sequence[CodeItem]
) -> list[tuple[int, int]]:
    """Return the spans of the items after the body that the body needs."""
    source, table = found.source, found.source.table
    code = source.text[len(opening.prefix) : found.end] + " ".join(opening.wanted).encode()
    if not any(_may_be_needed(after, item, code) for item in candidates):
        return []
    names = names_used(source, len(opening.prefix), found.end)
    cut = source_of(opening.language, source.text[: found.end]) if not found.clean or table.indented else source
    function = function_of(opening, cut)
    if function is not None:
        names -= names_bound(table, function)
    names |= opening.wanted
    taken = table.provided | opening.defined | set(opening.parameters)
    taken |= set() if table.overloads else {opening.name}
    usable = [
        item
        for item in candidates
        if not (table.imports_apart and item.kind in table.imports) and not _again(opening, item)
    ]
    kept = needed(after, usable, names, opening.name, taken)
    if kept:
        with_them = {*kept, *whole_imports(after, usable)}
        kept = [item for item in usable if item in with_them or item.kind in table.always]
    return [(item.start, item.end) for item in kept]


def _may_be_needed(source: Source, item: CodeItem, code: bytes) -> bool:
    """Whether `needed` could keep an item for this code: a quick test before the exact one."""
    return any(name.encode() in code for name in item.names) or begins_with(source, item, source.table.set_up)


def _again(opening: Opening, item: CodeItem) -> bool:
    """Whether an item repeats the tested function and is not an overload of it."""
    if opening.name not in item.names or not opening.table.overloads:
        return False
    return item.kind not in opening.table.tested or len(parameters(opening.table, item.node)) == len(opening.parameters)


def joined(
    separator: bytes, kept: bytes, rest: bytes, spans: Sequence[tuple[int, int]], *, indented: bool = False
) -> bytes:
    """Return `kept` and parts of `rest`, as they stand where nothing but blanks is between, else `separator`."""
    at = 0
    for start, end in spans:
        gap = rest[at:start]
        if indented:
            kept = kept.rstrip() + separator
        else:
            kept += gap if not gap.strip() and (gap or at) else separator
        kept += rest[start:end]
        at = end
    return kept + b"\n" if indented and spans else kept


__all__ = ["Body", "body", "body_of", "continued", "function_of", "joined"]
