"""Splits a problem's prompt into its docstring and the rest. Pure, cached by text.

The docstring is the string, or the comments, that open the body of the tested function; else the last comments before
it that stand in no other function.
"""

from __future__ import annotations

import functools
import re
import textwrap
from dataclasses import dataclass

from tree_sitter import Node

from humaneval_x.answers.opening import opening_of
from humaneval_x.answers.trees import Source, source_of

MARKS = re.compile(r"^[ \t]*(?://+!?|#+|/\*+!?|\*(?!/))?[ \t]?", re.MULTILINE)
QUOTES = re.compile(r"""^[rRuUbB]*(\"{3}|'{3}|"|')(.*)\1$""", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """The tested function's name, the docstring without comment marks and quotes, and the prompt without it."""

    name: str
    docstring: str
    opening: str


@functools.lru_cache(maxsize=2048)  # asked for by every template that names one of the two
def documented(language: str, prompt: str) -> Documented:
    """Return a prompt's docstring ("" where it has none) and the rest."""
    opening = opening_of(language, prompt)
    source = source_of(language, opening.prefix + opening.table.closing.encode())
    span = _span(source, opening.start, len(opening.prefix))
    if span is None:
        return Documented(name=opening.name, docstring="", opening=prompt)
    text = opening.prefix[slice(*span)].decode("utf-8", "surrogatepass")
    start, end = _whole_lines(opening.prefix, *span)
    rest = opening.prefix[:start] + opening.prefix[end:]
    return Documented(name=opening.name, docstring=plain(text), opening=rest.decode("utf-8", "surrogatepass"))


def plain(text: str) -> str:
    """Return the text of a comment or string, without its marks, quotes and common indentation."""
    quoted = QUOTES.match(text.strip())
    said = quoted[2] if quoted else MARKS.sub("", text.strip().removesuffix("*/"))
    first, newline, rest = said.partition("\n")
    return (first.strip() + newline + textwrap.dedent(rest)).strip()


def _span(source: Source, start: int, end: int) -> tuple[int, int] | None:
    """Return where the docstring of the function that begins at `start` stands."""
    texts = [leaf for leaf in source.leaves if leaf.type in source.table.atoms and leaf.start_byte < end]
    inside = [leaf for leaf in texts if leaf.start_byte >= start and _opens_body(leaf, source)]
    if inside:
        return inside[0].start_byte, inside[-1].end_byte
    before = [leaf for leaf in texts if leaf.end_byte <= start and _documents(leaf, source)]
    if not before:
        return None
    first = len(before) - 1
    while first and not source.text[before[first - 1].end_byte : before[first].start_byte].strip():
        first -= 1
    return before[first].start_byte, before[-1].end_byte


def _opens_body(leaf: Node, source: Source) -> bool:
    """Whether a text is a statement of its own: a comment, or a docstring."""
    return leaf.type in source.table.comments or bool(leaf.parent and leaf.parent.type == "expression_statement")


def _documents(leaf: Node, source: Source) -> bool:
    """Whether a comment stands in no function."""
    node = leaf.parent
    while node:
        if node.type in source.table.tested:
            return False
        node = node.parent
    return leaf.type in source.table.comments


def _whole_lines(text: bytes, start: int, end: int) -> tuple[int, int]:
    """Return a span widened to whole lines where nothing else stands on them."""
    line, after = text.rfind(b"\n", 0, start) + 1, text.find(b"\n", end)
    after = len(text) if after < 0 else after + 1
    alone = not text[line:start].strip() and not text[end:after].strip()
    return (line, after) if alone else (start, end)
