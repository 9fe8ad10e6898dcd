"""Parses text: its tree, its leaves, the names it uses. All offsets are in bytes.

Parses any text, valid or not, in linear time but for a few hostile ones, for which `processes` has limits.
"""

from __future__ import annotations

import functools
import importlib
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Language, Node, Parser, Tree

from humaneval_x.answers.table import GrammarTable, is_name
from humaneval_x.answers.tables import TABLES

WORD = re.compile(rb"[^\W\d]\w*")
CALLED = re.compile(
    rb"[\"'`]{1,3}([A-Za-z_]\w*(?:\.\w+)*)(?:\([^()]{0,80}\))?[\"'`]{1,3}"
)  # a string that may name a function
DOTS = (".", "->", "?.", "::")


@dataclass(frozen=True, slots=True)
class Word:
    """One use of a name: its place, whether it follows a dot, whether it is in a string."""

    start: int
    name: str
    dotted: bool
    quoted: bool


class Source:
    """A text and its tree."""

    def __init__(self, language: str, text: bytes) -> None:
        self.language, self.text = language, text
        self.table: GrammarTable = TABLES[language]
        self.tree: Tree = parsed(language, text)
        self.root: Node = self.tree.root_node
        self.notes: dict[object, object] = {}  # results that its readers cache

    @functools.cached_property
    def leaves(self) -> list[Node]:
        """The leaves in order; a string or comment is one leaf."""
        return list(leaves(self.root, self.table.atoms))

    @functools.cached_property
    def words(self) -> list[Word]:
        """The names used, in order."""
        return list(words(self.root, self.table))

    def words_of(self, start: int, end: int) -> list[Word]:
        """Return the names used in a part of the text."""
        at = bisect_left(self.words, start, key=lambda word: word.start)
        return self.words[at : bisect_left(self.words, end, at, key=lambda word: word.start)]


@functools.lru_cache(maxsize=16)  # an answer is parsed in a few forms
def source_of(language: str, text: bytes) -> Source:
    """Return a text, parsed."""
    return Source(language, text)


@functools.cache
def parser(language: str) -> Parser:
    """Return this process's parser of a language."""
    grammar = importlib.import_module(TABLES[language].grammar)
    return Parser(Language(grammar.language()))


def parsed(language: str, text: bytes) -> Tree:
    """Return a text's tree; a long run of comment lines is parsed as one comment, to stay linear."""
    runs = TABLES[language].runs
    if runs is not None and text.count(b"\n#") + text.count(b" #") >= 32:
        text = runs.sub(lambda run: run[0][:-1].replace(b"\n", b" ") + b"\n", text)
    return parser(language).parse(text)


def nodes(root: Node, closed: frozenset[str]) -> Iterator[Node]:
    """Yield a node and its descendants in order, without those below nodes of `closed` types."""
    cursor = root.walk()
    while True:
        node = cursor.node
        assert node is not None
        yield node
        if node.type not in closed and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def leaves(root: Node, atoms: frozenset[str]) -> Iterator[Node]:
    """Yield the leaves that are not empty."""
    for node in nodes(root, atoms):
        if (node.child_count == 0 or node.type in atoms) and node.end_byte > node.start_byte:
            yield node


def words(root: Node, table: GrammarTable) -> Iterator[Word]:
    """Yield the names used: identifiers in code and in the code within strings, and what strings may call by name."""
    dotted, quoted_until = False, 0
    for node in nodes(root, table.comments):
        kind = node.type
        if kind in table.atoms and kind not in table.comments:
            text = node.text or b""
            found = CALLED.fullmatch(text) if len(text) < 200 else None
            if found:
                yield Word(node.start_byte, found[1].partition(b".")[0].decode(), False, True)
            quoted_until = node.end_byte
        elif node.child_count == 0:
            if is_name(kind):
                if kind not in table.members:
                    yield Word(node.start_byte, (node.text or b"").decode("utf-8", "replace"), dotted, False)
            elif kind == "preproc_arg" and node.start_byte >= quoted_until:
                for each in WORD.finditer(node.text or b""):
                    yield Word(node.start_byte, each[0].decode("utf-8", "replace"), False, False)
            if node.end_byte > node.start_byte:
                dotted = kind in DOTS


def blank(language: str, text: str) -> str:
    """Return `text`, the same length, with strings and comments (and newlines inside them) as blanks."""
    data = text.encode("utf-8", "surrogatepass")
    table = TABLES[language]
    pieces, at = [], 0
    for leaf in source_of(language, data).leaves:
        if leaf.type in table.atoms:
            pieces.append(data[at : leaf.start_byte].decode("utf-8", "surrogatepass"))
            pieces.append(" " * len((leaf.text or b"").decode("utf-8", "surrogatepass")))
            at = leaf.end_byte
    return "".join(pieces) + data[at:].decode("utf-8", "surrogatepass")
