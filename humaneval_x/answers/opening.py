"""Reads a problem's text: the tested function it opens, its header, what stands before it. Pure, cached by text."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from tree_sitter import Node

from humaneval_x.answers.items import CodeItem, items
from humaneval_x.answers.table import GrammarTable
from humaneval_x.answers.tables import TABLES
from humaneval_x.answers.trees import Source, blank, leaves, source_of
from humaneval_x.records import Opened

STEP = 4  # blanks of one indentation level, where a problem shows none


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The text that a completion continues, parsed."""

    language: str
    prefix: bytes
    name: str = ""  # of the tested function; "" where the text opens none
    start: int = 0  # where its item begins
    signature: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    in_class: bool = False
    indent: int = -1  # of the body's first statement, where blocks are indented and the text has one
    least: int = STEP  # that such a statement needs
    defined: frozenset[str] = frozenset()  # names defined before the function
    wanted: frozenset[str] = frozenset()  # other names that the tests call

    @property
    def table(self) -> GrammarTable:
        """The language's table."""
        return TABLES[self.language]


@functools.lru_cache(maxsize=2048)  # a problem's samples share it
def opening_of(language: str, prefix: str) -> Opening:
    """Return what a problem's text opens."""
    table, data = TABLES[language], prefix.encode("utf-8", "surrogatepass")
    indent, least = _indents(language, data) if table.indented else (-1, STEP)
    closing = b" " * max(indent, least) + table.closing.encode() if table.indented else table.closing.encode()
    source = source_of(language, data + closing)
    item = _opened(source, len(data.rstrip()) - 1)
    if item is None:
        return Opening(language=language, prefix=data, indent=indent, least=least)
    parent, in_class = item.parent, False
    while parent:
        in_class, parent = in_class or parent.type in table.classes, parent.parent
    before = [each for each in items(source, parents_of(source)) if each.end <= item.start_byte]
    return Opening(
        language=language,
        prefix=data,
        name=list(table.declared(item))[-1],
        start=item.start_byte,
        signature=signature(table, item),
        parameters=parameters(table, item),
        in_class=in_class,
        indent=indent,
        least=least,
        defined=frozenset().union(*(each.names for each in before)),
    )


@functools.lru_cache(maxsize=2048)  # a problem's samples share it
def called_besides(language: str, prefix: str, solution: str, test: str) -> frozenset[str]:
    """Return the names that the tests use and only the canonical solution defines, after its function."""
    opening = opening_of(language, prefix)
    whole = source_of(language, opening.prefix + solution.encode("utf-8", "surrogatepass"))
    later = [item for item in items(whole, [whole.root]) if item.start > opening.start]
    used = {word.name for word in source_of(language, test.encode("utf-8", "surrogatepass")).words}
    return frozenset().union(*(item.names for item in later)) & used - opening.defined - {opening.name}


@functools.lru_cache(maxsize=2048)  # a problem's samples share it
def opened(language: str, prefix: str, test: str = "") -> Opened:
    """Return the function that a problem's text opens, as text."""
    opening = opening_of(language, prefix)
    tests = blank(language, test)
    if not opening.name:
        return Opened(tests=tests)
    before = opening.prefix[: opening.start]
    source = source_of(language, opening.prefix + opening.table.closing.encode())
    node = source.root.descendant_for_byte_range(opening.start, opening.start + 1)
    while node and (node.type not in opening.table.tested or node.start_byte != opening.start):
        node = node.parent
    body = body_of(node) if node else None
    end = min(body.start_byte if body else len(opening.prefix), len(opening.prefix))
    code = [leaf for leaf in source.leaves if leaf.type not in opening.table.atoms and leaf.type != "{"]
    if any(end <= leaf.start_byte < len(opening.prefix) for leaf in code):
        return Opened(tests=tests)  # the text has begun the body
    if not any(leaf.start_byte < len(before) for leaf in code):
        before = b""
    return Opened(
        name=opening.name,
        before=before.decode("utf-8", "surrogatepass"),
        header=_header(opening.prefix[opening.start : end]),
        tests=tests,
    )


def _header(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass").rstrip().removesuffix("{").rstrip()


def parents_of(source: Source) -> list[Node]:
    """Return the nodes whose children are the items: the top, and the bodies of classes that hold functions."""
    table = source.table
    found = [source.root]
    for node in source.root.children:
        if table.class_opening and node.type in table.classes and (body := node.child_by_field_name("body")):
            found.append(body)
    return found


def _opened(source: Source, at: int) -> Node | None:
    """Return the outermost function around the last byte of a problem's text."""
    table = source.table
    node = source.root.descendant_for_byte_range(max(at, 0), max(at, 0) + 1)
    found = None
    while node:
        if node.type in table.tested and node.end_byte > at and any(table.declared(node)) and body_of(node):
            found = node
        node = node.parent
    return found


def _indents(language: str, data: bytes) -> tuple[int, int]:
    """Return the indentation of the begun body, or -1, and the least that its statements need."""
    lines = data.decode("utf-8", "replace").expandtabs(8).rstrip().split("\n")
    source = source_of(language, data)
    heads = [leaf for leaf in source.leaves if leaf.type in ("def", "class")]
    if not heads:
        return -1, STEP
    head = heads[-1].start_point
    least = len(lines[head.row]) - len(lines[head.row].lstrip()) + STEP
    depth = 0
    for leaf in source.leaves:
        if leaf.start_byte < heads[-1].start_byte or leaf.type in source.table.comments:
            continue
        depth += (leaf.type in ("(", "[", "{")) - (leaf.type in (")", "]", "}"))
        if depth == 0 and leaf.start_point.row > head.row and leaf.type != "->":
            line = lines[leaf.start_point.row]
            return len(line) - len(line.lstrip()), least
    return -1, least


def body_of(node: Node) -> Node | None:
    """Return the part of a function that is its body."""
    waiting = [node]
    while waiting:
        one = waiting.pop(0)
        if body := one.child_by_field_name("body"):
            return body
        waiting += one.named_children[:8]
    return None


def signature(table: GrammarTable, function: Node) -> tuple[str, ...]:
    """Return the header of a function without the names in it: the types, as far as it shows them."""
    body = body_of(function)
    end = body.start_byte if body else function.end_byte
    found = []
    for leaf in leaves(function, table.atoms):
        if leaf.start_byte >= end:
            break
        text = (leaf.text or b"").decode("utf-8", "replace")
        if leaf.type not in ("identifier", "namespace_identifier", "::") and leaf.type not in table.comments:
            found.append(text)
    return tuple(found)


def parameters(table: GrammarTable, function: Node) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    waiting = [function]
    while waiting:
        one = waiting.pop(0)
        found = one.child_by_field_name("parameters") or one.child_by_field_name("parameter")
        if found:
            each = found.named_children if found.type != "identifier" else [found]
            return tuple(next(table.declared(part), "") for part in each if part.type not in table.comments)
        waiting += one.named_children[:8]
    return ()


__all__ = ["CodeItem", "Opening", "body_of", "opening_of", "parameters", "parents_of", "signature"]
