"""A program's text, read once for all comparisons: its words, its subtrees, its flow of data.

`given` is text that stands before it and is not compared: what a problem gives, so that a body is read where it belongs
and only what a model wrote counts. One algorithm over the names that the grammars give to their nodes and fields; it
knows no language.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tree_sitter import Node

from humaneval_x.answers.tables import TABLES
from humaneval_x.answers.trees import nodes, parsed

# Nodes that give a value to names, in any of the grammars, and the fields of what gets it and of what it comes from.
ASSIGNMENTS = frozenset(
    "assignment augmented_assignment named_expression assignment_expression augmented_assignment_expression "
    "compound_assignment_expr variable_declarator init_declarator short_var_declaration assignment_statement var_spec "
    "const_spec let_declaration for_statement for_in_clause for_in_statement enhanced_for_statement for_range_loop "
    "range_clause for_expression default_parameter".split()
)
TARGETS, VALUES = ("left", "name", "declarator", "pattern"), ("right", "value")
STEPS = frozenset({"update_expression", "inc_statement", "dec_statement"})  # x++: x comes from x
VARIABLE = "identifier"
KEYWORDS = frozenset({"primitive_type"})  # named nodes that are words of the language nevertheless

Shape = tuple[object, ...]


class Token(NamedTuple):
    """One word of a program."""

    text: bytes
    keyword: bool


class Edge(NamedTuple):
    """One step of the flow of data, its names numbered: where a name's value comes from; None: from outside."""

    name: int
    computed: bool  # from other names, not from the same one earlier
    source: int | None


@dataclass(frozen=True)
class Code:
    """The text behind `given`, read. Comments and statements that are only a string (docstrings) are no part of it."""

    language: str
    given: bytes
    written: bytes

    @functools.cached_property
    def text(self) -> str:
        """The text for those who do not read code: without comments and docstrings."""
        whole, pieces, at = self.given + self.written, [], len(self.given)
        for start, end in self._read[1]:
            pieces.append(whole[at : max(at, start)])
            at = max(at, end)
        return b"".join([*pieces, whole[at:]]).decode("utf-8", "replace").strip()

    @functools.cached_property
    def tokens(self) -> list[Token]:
        """The words of the text, in order."""
        return [Token(text, is_keyword(leaf, text)) for leaf, text in self._leaves if leaf.start_byte >= self._start]

    @functools.cached_property
    def subtrees(self) -> Counter[Shape]:
        """The subtrees that begin in the text, by the types of their nodes: no names, no operators, no leaves."""
        atoms, found = TABLES[self.language].atoms, Counter[Shape]()
        shapes: dict[int, Shape] = {}
        for node in reversed(self._nodes):  # children before their parents
            inner = () if node.type in atoms else node.named_children
            shape = (node.type, *[hash(shapes[child.id]) for child in inner if child.id in shapes])
            shapes[node.id] = shape
            if node.child_count and node.type not in atoms and node.start_byte >= self._start:
                found[shape] += 1
        return found

    @functools.cached_property
    def flow(self) -> Counter[Edge]:
        """The flow of data through the text."""
        numbers: dict[bytes, int] = {}

        def number(name: bytes) -> int:
            return numbers.setdefault(name, len(numbers))

        found = Counter[Edge]()
        for start, name, sources in self._steps():
            for source in sources or (None,):
                come = None if source is None else number(source)  # numbered first, as in the published program
                edge = Edge(number(name), source not in (None, name) or start in self._sources, come)
                found[edge] += start >= self._start
        return +found

    def _steps(self) -> Iterator[tuple[int, bytes, tuple[bytes, ...]]]:
        """Yield (place, name, where its value comes from) of each use of a variable that matters to another one."""
        left = Counter(name for _, name in self._variables)
        seen: set[bytes] = set()
        for start, name in self._variables:
            left[name] -= 1
            sources = self._sources.get(start) or ((name,) if name in seen else ())
            if sources or left[name]:  # a name that comes from nowhere and goes nowhere is no flow
                yield start, name, sources
            seen.add(name)

    @functools.cached_property
    def _sources(self) -> dict[int, tuple[bytes, ...]]:
        """Return the names that the variable at a place gets its value from, where it is assigned to."""
        found: dict[int, tuple[bytes, ...]] = {}
        for node in self._nodes:
            if node.type in STEPS:
                found |= {each.start_byte: (each.text or b"",) for each in variables([node])}
            elif node.type in ASSIGNMENTS:
                values = variables(child for field in VALUES for child in node.children_by_field_name(field))
                names = tuple(each.text or b"" for each in values)
                targets = variables(child for field in TARGETS for child in node.children_by_field_name(field))
                found |= {each.start_byte: names for each in targets} if names else {}
        return found

    @functools.cached_property
    def _variables(self) -> list[tuple[int, bytes]]:
        return [(leaf.start_byte, text) for leaf, text in self._leaves if leaf.type == VARIABLE]

    @functools.cached_property
    def _leaves(self) -> list[tuple[Node, bytes]]:
        atoms = TABLES[self.language].atoms
        found = [node for node in self._nodes if node.child_count == 0 or node.type in atoms]
        return [(node, node.text or b"") for node in found if node.end_byte > node.start_byte]

    @property
    def _nodes(self) -> list[Node]:
        return self._read[0]

    @property
    def _start(self) -> int:
        return len(self.given)

    @functools.cached_property
    def _read(self) -> tuple[list[Node], list[tuple[int, int]]]:
        """Return the nodes in order, and where comments and docstrings are that were left out."""
        table = TABLES[self.language]
        kept: list[Node] = []
        idle: list[tuple[int, int]] = []
        for node in nodes(parsed(self.language, self.given + self.written).root_node, table.atoms):
            if idle and node.start_byte < idle[-1][1]:
                continue
            if node.type in table.comments or is_docstring(node, table.atoms):
                idle.append((node.start_byte, node.end_byte))
            else:
                kept.append(node)
        return kept, idle


def is_docstring(node: Node, atoms: frozenset[str]) -> bool:
    """Whether a statement is only a string."""
    return node.type == "expression_statement" and node.named_child_count == 1 and node.named_children[0].type in atoms


def is_keyword(leaf: Node, text: bytes) -> bool:
    """Whether a word belongs to the language: the grammars call such leaves by their own text."""
    return text.isalpha() and (leaf.type in KEYWORDS or leaf.type.lower().encode() == text.lower())


def variables(roots: Iterable[Node]) -> Iterator[Node]:
    """Yield the variables below some nodes, in order."""
    for root in roots:
        yield from (node for node in nodes(root, frozenset()) if node.type == VARIABLE)
