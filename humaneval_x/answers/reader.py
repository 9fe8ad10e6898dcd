"""Decides what an answer is (continuation, whole program, chat) and returns the program in it.

The rule (docs/evaluate.md, "How an answer is read"): thoughts, and text after an end token, are no part of an answer.
Then what comes first decides: the end of the function that the problem's text opens (a continuation), a function of the
tested name (a whole program), a fence (a chat answer). Selects and orders text; adds nothing but the problem's own.
Pure: the same text gives the same reading on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from humaneval_x.answers import clean, programs, seam
from humaneval_x.answers.bodies import LOOKED_AT, Body, body, continued, function_of
from humaneval_x.answers.items import items
from humaneval_x.answers.opening import Opening, body_of, opening_of
from humaneval_x.answers.tables import TABLES
from humaneval_x.answers.trees import Source, blank, source_of
from humaneval_x.records import ReadAs, Reading
from humaneval_x.settings import Answers

QUOTES = re.compile(rb"\s*(?:\"{3}|'{3})[ \t]*\n")  # the end of a docstring that the problem has already closed
LONGER = 12  # blocks that get a second attempt with a later end
ENDS = 16  # lines at which a body may be cut


def read(
    language: str, prefix: str, text: str, answers: Answers = Answers.AUTO, wanted: frozenset[str] = frozenset()
) -> Reading:
    """Return the program in an answer to a problem whose text `prefix` opens a function.

    `wanted` are further names that the program keeps where the answer defines them.
    """
    opening = replace(opening_of(language, prefix), wanted=wanted)
    mended: list[str] = []
    answer = clean.without_thoughts(clean.tidy(text, mended), mended)
    if answer is None:
        return nothing(opening, text, ReadAs.CHAT, [*mended, "thoughts without an end"])
    answer = clean.without_tokens(answer, mended)
    found = None
    for part in dict.fromkeys((clean.first_turn(answer), answer)):
        more = mended if part == answer else [*mended, "another turn"]
        found = found or next(filter(None, (way(opening, part, more) for way in WAYS[answers])), None)
    if found is None and answers in READ_AS:
        found = nothing(opening, text, READ_AS[answers], mended)
    found = found or plain(opening, answer, mended, answers)
    if not opening.table.imports_apart:
        return found
    return replace(found, code=blank(language, found.candidate))


def continuation(opening: Opening, text: str, mended: list[str]) -> Reading | None:
    """Return the reading of a text that first ends the problem's function; None where it does not."""
    head = text[: clean.first_mark(text)]
    found = _ended(opening, head)
    if head.strip() and head != text and not (found and found.clean):
        whole = _ended(opening, text)  # the fence is in a string or comment
        found = whole if whole and whole.clean else found
    if found is None:
        return None
    return (None if found.clean else with_mended_seam(opening, head, mended)) or _continued(opening, found, mended)


def _ended(opening: Opening, text: str) -> Body | None:
    data = encoded(text)
    found = body(opening, data)
    if opening.table.indented:
        found = _whole_statements(opening, found)
    if found.end < 0 or found.empty or not _own(opening, found):
        return None
    return found


def _whole_statements(opening: Opening, found: Body) -> Body:
    """Return a body without the text after its last return, or a comment in column 0, if only that is not code."""
    if found.clean or found.function is None:
        return found
    source, start = found.source, len(opening.prefix)
    for line in islice(reversed([each for each in seam.lines(source, start) if start < each.start < found.end]), ENDS):
        tried = body(opening, source.text[start : line.start])
        if tried.clean and (_returns(opening, tried) or tried.end < line.start):
            return tried
        if source.text[line.start : line.first].strip():
            break
    return found


def _returns(opening: Opening, found: Body) -> bool:
    own = seam.lines(found.source, len(opening.prefix))
    return bool(own) and own[-1].word in seam.LEAVES and own[-1].width == own[0].width


def _own(opening: Opening, found: Body) -> bool:
    """Whether a body is more than a repetition of the tested function."""
    source, start = found.source, len(opening.prefix)
    if not opening.name or opening.name.encode() not in source.text[start : found.end]:
        return True
    if found.clean:
        return _does_more(opening, found)
    again = programs.find(opening, source.text[start:])  # the text before the function may not be code
    if again and again.clean and again.inside is None and again.start + again.item.start < found.end - start:
        return False
    text = source.text[start : found.end]
    for tried in seam.undented(text) if source.table.indented else (text,):
        again = programs.find(opening, tried)
        if again and again.clean and again.inside is None:
            return not all(item.names or item.kind in opening.table.imports for item in again.items)
    return True


def _does_more(opening: Opening, found: Body) -> bool:
    """Whether a clean body holds more than definitions that include the tested function."""
    source = source_of(opening.language, found.source.text[: found.end])
    function = function_of(opening, source)
    block, start, table = body_of(function) if function else None, len(opening.prefix), source.table
    if block is None:
        return True
    nodes = [node for node in block.named_children if node.start_byte >= start and node.type not in table.comments]
    inner = [item for item in items(source, [block]) if item.node.start_byte >= start]
    defined = all(item.names or item.kind in table.imports for item in inner) and len(inner) == len(nodes)
    return not (defined and any(opening.name in item.names for item in inner))


def _continued(opening: Opening, found: Body, mended: list[str]) -> Reading:
    text = continued(opening, found)
    return Reading(
        read_as=ReadAs.CONTINUATION,
        mended=tuple(mended),
        candidate=decoded(opening.prefix + text),
    )


def with_mended_seam(opening: Opening, text: str, mended: list[str]) -> Reading | None:
    """Return the reading of a body with bad indentation or a repeated or missing brace, if one repair is possible."""
    head = text[: clean.first_mark(text)]
    data = encoded(head)
    if opening.table.indented:
        bare = QUOTES.sub(b"", data, count=1) if QUOTES.match(data) and not body(opening, data).clean else data
        moved = seam.mended(opening, bare)
        if moved is None or moved == data:
            return None
        found, what = body(opening, moved), "indentation" if moved != bare else "repeated quotes"
        if not found.clean:
            found = _whole_statements(opening, found)
        if not found.clean or found.empty or not _own(opening, found):
            return None
    elif body(opening, data).clean:
        return None
    elif data.lstrip()[:1] == b"{":
        found, what = body(opening, data.lstrip()[1:]), "repeated brace"
    else:  # a stop word may have cut the brace, and a block of statements has none
        found, what = body(opening, data.rstrip() + b"\n}"), "closing brace"
        if found.end != len(found.text) or not _ends_in_return(found) or not _own(opening, found):
            return None
    return _continued(opening, found, [*mended, what]) if found.end >= 0 and found.clean else None


def _ends_in_return(found: Body) -> bool:
    """Whether the last statement of a body returns, so that nothing can be missing."""
    node, table = body_of(found.function) if found.function else None, found.source.table
    while node and (node.type in table.blocks or node.type == "statement_list"):
        node = next((each for each in reversed(node.named_children) if each.type not in table.comments), None)
    return node is not None and node.type == "return_statement"


def whole_program(opening: Opening, text: str, mended: list[str]) -> Reading | None:
    """Return the reading of a text without fences that holds the complete tested function."""
    return broken_program(opening, text, mended, want_clean=True)


def broken_program(opening: Opening, text: str, mended: list[str], *, want_clean: bool = False) -> Reading | None:
    """Return the reading of a text without fences that holds the tested function, complete or not."""
    if clean.first_mark(text) < len(text):
        return None
    return _program(opening, text, mended, ReadAs.PROGRAM, want_clean=want_clean)


def _program(
    opening: Opening,
    text: str,
    mended: list[str],
    read_as: ReadAs,
    others: tuple[bytes, ...] = (),
    *,
    want_clean: bool = False,
) -> Reading | None:
    data, found = encoded(text), None
    tries = list(seam.undented(data)) if opening.table.indented else [data]
    for tried in tries:
        again = programs.last(opening, tried)
        if again and (found is None or again.clean) and not (found and found.clean):
            found = again
            what = [] if tried is data else ["indentation"]
            before = tried[: again.start]
    if found is None or (want_clean and not found.clean):
        return None
    others = (before[-LOOKED_AT:], *others) if opening.name.encode() in before else others
    candidate = programs.program(opening, found, others)
    return Reading(
        read_as=ReadAs.CHAT if found.start else read_as,
        mended=(*mended, *what),
        candidate=decoded(candidate),
        imports=_imports(found),
    )


def _imports(found: programs.FoundFunction) -> tuple[str, ...]:
    """Return the imports that the language's assembly has to place."""
    if not found.source.table.imports_apart:
        return ()
    texts = (
        decoded(found.source.text[each.start_byte : each.end_byte])
        for item in found.items
        if item.kind in found.source.table.imports
        for each in _specs(found.source, item.node)
    )
    return tuple(dict.fromkeys(texts))


def _specs(source: Source, node) -> list:  # type: ignore[no-untyped-def,type-arg]
    lists = [child for child in node.named_children if child.type.endswith("_list")] or [node]
    return [child for each in lists for child in each.named_children if child.type not in source.table.comments]


def chat(opening: Opening, text: str, mended: list[str]) -> Reading | None:
    """Return the reading of the last block with the complete tested function, else of the last block that is a body."""
    found = [block for block in clean.blocks(text) if not _foreign(opening, block.tag)]
    named = (block for block in clean.longer(text, opening.name) if not _foreign(opening, block.tag))
    spans = (block for block in clean.inline(text) if opening.name in block.text and not _foreign(opening, block.tag))
    ways = (
        (reversed(found), True),
        (islice(named, LONGER), True),
        (islice(spans, LONGER), True),
        (reversed(found), False),
    )
    for blocks, want_clean in ways:
        for block in blocks:
            if _holds(opening, block, want_clean=want_clean):
                others = tuple(encoded(other.text[:LOOKED_AT]) for other in found if other.start != block.start)
                return _program(opening, block.text, mended, ReadAs.CHAT, others)
    for block in reversed(found):
        for way in (continuation, with_mended_seam):
            if reading := way(opening, block.text, mended):
                return replace(reading, read_as=ReadAs.CHAT)
    return None


def _holds(opening: Opening, block: clean.Block, *, want_clean: bool) -> bool:
    """Whether a block holds the tested function."""
    data = encoded(block.text)
    for text in seam.undented(data) if opening.table.indented else (data,):
        if found := programs.find(opening, text):
            return found.clean or not want_clean
    return False


def unfenced(opening: Opening, text: str, mended: list[str]) -> Reading | None:
    """Return the reading of a text, its fences ignored, that holds the tested function somewhere."""
    return _program(opening, text, mended, ReadAs.CHAT)


def _foreign(opening: Opening, tag: str) -> bool:
    """Whether a fence names another language."""
    others = (table.tags for name, table in TABLES.items() if name != opening.language)
    return tag not in opening.table.tags and (tag in clean.OTHER_TAGS or any(tag in tags for tags in others))


def plain(opening: Opening, text: str, mended: list[str], answers: Answers) -> Reading:
    """Return the text unchanged after the problem's: it does not end, or holds nothing to judge."""
    found = body(opening, encoded(text))
    asked = any(block.text.strip() for block in clean.blocks(text)) or (found.empty and text.strip())
    if answers is Answers.AUTO and asked:
        return nothing(opening, text, ReadAs.CHAT, mended)
    if opening.table.indented:
        kept = decoded(found.source.text[len(opening.prefix) : found.end])
    else:
        kept = (
            decoded(continued(opening, found))
            if found.end >= 0
            else text[: text.rfind("}") + 1]
            if "}" in text
            else text
        )
    return Reading(
        read_as=ReadAs.CONTINUATION,
        mended=tuple(mended),
        candidate=decoded(opening.prefix) + kept,
    )


def nothing(opening: Opening, text: str, read_as: ReadAs, mended: list[str]) -> Reading:
    """Return the reading of an answer that holds no tested function."""
    return Reading(
        read_as=read_as,
        mended=tuple(mended),
        candidate=decoded(opening.prefix) + text,
        missing=f"no function named {opening.name} in the answer",
    )


def encoded(text: str) -> bytes:
    """Return text as the bytes that the parser takes."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """Return the text of `encoded` bytes, or of a part of them."""
    return data.decode("utf-8", "surrogatepass")


Way = Callable[[Opening, str, list[str]], Reading | None]
WAYS: dict[Answers, tuple[Way, ...]] = {
    Answers.AUTO: (continuation, whole_program, chat, broken_program, unfenced, with_mended_seam),
    Answers.CONTINUATION: (continuation, with_mended_seam),
    Answers.PROGRAM: (broken_program, unfenced),
    Answers.CHAT: (chat, unfenced, with_mended_seam),
}
READ_AS = {Answers.PROGRAM: ReadAs.PROGRAM, Answers.CHAT: ReadAs.CHAT}
