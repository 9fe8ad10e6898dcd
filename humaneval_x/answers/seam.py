"""Repairs the indentation of an answer that continues the problem's text, if only one repair is possible. Pure.

Lines are logical: brackets, strings and backslashes join physical lines. A reading is possible if each line that opens
a block is followed by a deeper one, and each dedent returns to a depth that was open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from humaneval_x.answers.opening import Opening
from humaneval_x.answers.trees import Source, source_of

OPEN, CLOSE = ("(", "[", "{"), (")", "]", "}")
LEAVES = ("return", "raise")
DEFINES = ("def", "class", "async", "@", "import", "from")


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: where its physical line starts, how deep, whether it opens a block, its first word."""

    start: int
    first: int
    width: int
    opens: bool
    word: str


def lines(source: Source, start: int) -> list[Line]:
    """Return the logical lines of a text from `start` on."""
    noted = source.notes.setdefault(("lines", start), [])
    assert isinstance(noted, list)
    if not noted:
        noted += _lines(source, start)
    return noted


def _lines(source: Source, start: int) -> list[Line]:
    found: list[Line] = []
    depth, row, joined, last = 0, -1, False, ""
    for leaf in source.leaves:
        if leaf.start_byte < start or leaf.type in source.table.comments:
            continue
        if leaf.type == "line_continuation":
            joined = True
            continue
        if depth == 0 and leaf.start_point.row > row and not joined:
            if found:
                found[-1] = _opening(found[-1], last)
            begin = leaf.start_byte - leaf.start_point.column
            blanks = source.text[max(begin, start) : leaf.start_byte].decode("utf-8", "replace")
            found.append(Line(max(begin, start), leaf.start_byte, len(blanks.expandtabs(8)), False, leaf.type))
        joined = False
        depth = max(0, depth + (leaf.type in OPEN) - (leaf.type in CLOSE))
        row, last = leaf.end_point.row, leaf.type
    if found:
        found[-1] = _opening(found[-1], last)
    return found


def _opening(line: Line, last: str) -> Line:
    return Line(line.start, line.first, line.width, last == ":", line.word)


def shape(widths: Sequence[int], opens: Sequence[bool], base: int) -> tuple[int, ...] | None:
    """Return each line's depth, 0 for the body's own; None where the indentation is invalid."""
    stack = [base]
    depths: list[int] = []
    for at, width in enumerate(widths):
        if at and opens[at - 1]:
            if width <= stack[-1]:
                return None
            stack.append(width)
        else:
            while len(stack) > 1 and width < stack[-1]:
                stack.pop()
            if width != stack[-1]:
                return None
        depths.append(len(stack) - 1)
    return None if opens and opens[-1] else tuple(depths)


def well_indented(opening: Opening, source: Source, end: int) -> bool:
    """Whether the lines after a problem's text, up to `end`, continue its block."""
    found = [line for line in lines(source, len(opening.prefix)) if line.start < end]
    return not found or possible(opening, found)


def possible(opening: Opening, found: Sequence[Line]) -> bool:
    """Whether lines continue the block of a problem's text."""
    widths, opens = [line.width for line in found], [line.opens for line in found]
    bases = [opening.indent] if opening.indent > 0 else [found[0].width]
    return any(base and shape(widths, opens, base) is not None for base in bases)


def mended(opening: Opening, text: bytes) -> bytes | None:
    """Return a text with its body indented like the problem's; None where several readings are possible.

    A text without a fault is returned unchanged.
    """
    source = source_of(opening.language, opening.prefix + text)
    found = _body(lines(source, len(opening.prefix)))
    if not found:
        return None
    widths, opens = [line.width for line in found], [line.opens for line in found]
    if possible(opening, found):
        return text
    base = opening.indent if opening.indent > 0 else opening.least
    readings: dict[tuple[int, ...], list[int]] = {}
    for changed in ([width + base - widths[0] for width in widths], [base, *widths[1:]]):
        depths = shape(changed, opens, base)
        if depths is not None:
            readings.setdefault(depths, changed)
    if len(readings) != 1:
        return None
    (changed,) = readings.values()
    return _moved(source, found, changed, len(opening.prefix))


def _body(found: Sequence[Line]) -> list[Line]:
    """Return the body's lines: up to the first line in column 0 or, if the body itself is there, to a return."""
    if not found:
        return []
    if found[0].width or any(line.width for line in found[1:2] if not found[0].opens):
        stop = next((at for at, line in enumerate(found) if at and line.width == 0), len(found))
        return list(found[:stop])
    bare = next((at for at, line in enumerate(found) if line.width == 0 and line.word in LEAVES), -1)
    if bare >= 0:
        return list(found[: bare + 1])
    leaves = next((at for at, line in enumerate(found) if line.word in LEAVES), len(found))
    stop = next((at for at in range(leaves + 1, len(found)) if found[at].width == 0), len(found))
    does = any(line.width == 0 and line.word not in DEFINES for line in found[:stop])
    return list(found[:stop]) if leaves < len(found) and does else []


def _moved(source: Source, found: Sequence[Line], widths: Sequence[int], start: int) -> bytes:
    pieces, at = [], start
    for line, width in zip(found, widths, strict=True):
        pieces += [source.text[at : line.start], b" " * width]
        at = line.first
    return b"".join(pieces) + source.text[at:]


def undented(text: bytes) -> Iterator[bytes]:
    """Yield a text unchanged, then dedented by its first line, then with only its first line dedented."""
    yield text
    stripped = text.lstrip(b"\n")
    first = stripped[: len(stripped) - len(stripped.lstrip(b" \t"))]
    if first:
        parts = stripped.split(b"\n")
        yield b"\n".join(part.removeprefix(first) if part.strip() else part for part in parts)
        yield stripped[len(first) :]
