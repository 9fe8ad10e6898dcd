"""The items of a program (functions, types, constants, imports) and which of them a function needs, transitively.

Unneeded items are dropped: other languages, prose, demonstrations and tests define nothing that a solution uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from humaneval_x.answers.table import GrammarTable
from humaneval_x.answers.trees import Source, nodes

SIMPLE = "expression_statement"


@dataclass(frozen=True, slots=True, eq=False)
class CodeItem:
    """One item: its node, its span with comments and annotations, the names it declares, whether it parses cleanly."""

    node: Node
    start: int
    end: int
    names: frozenset[str]
    clean: bool

    @property
    def kind(self) -> str:
        """The type of its node."""
        return self.node.type

    def holds(self, node: Node) -> bool:
        """Whether a node lies inside this item's."""
        return self.node.start_byte <= node.start_byte and node.end_byte <= self.node.end_byte


def items(source: Source, parents: Iterable[Node]) -> list[CodeItem]:
    """Return the items directly in `parents`; nodes of syntax errors do not count as a level."""
    return list(_items(source, parents))


def _items(source: Source, parents: Iterable[Node]) -> Iterator[CodeItem]:
    table = source.table
    for parent in parents:
        last: CodeItem | None = None
        comment, ended = -1, 0  # start and end of the comments directly before the next item
        broken = parent.type == "ERROR"
        for node in parent.children:
            if node.type == ";" and last:
                yield replace(last, end=node.end_byte)
                last = None
                continue
            if last:
                yield last
            last = None
            adjoins = comment >= 0 and not source.text[ended : node.start_byte].strip(b" \t").replace(
                b"\n", b"", 1
            ).strip(b" \t")
            if node.type in table.comments:
                own_line = not source.text[source.text.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte].strip()
                comment = comment if adjoins else node.start_byte if own_line else -1
                ended = node.end_byte
                continue
            lead = comment if adjoins else node.start_byte
            comment = -1
            if (node.type == "ERROR" and not broken) or _guards(table, node):
                yield from _items(source, [node])
            elif node.type in table.wrappers or (
                node.type in table.items
                and not (broken and node.type in table.statements)
                and not (table.no_items and table.no_items.match(node.text or b""))
            ):
                last = _item(table, node, lead)
        if last:
            yield last


def _guards(table: GrammarTable, node: Node) -> bool:
    """Whether a condition is an include guard: it tests the name that it then defines."""
    asked, defined = node.child_by_field_name("name"), node.named_children[1:2]
    if node.type not in table.guards or asked is None or not defined:
        return False
    name = defined[0].child_by_field_name("name")
    return node.children[0].type == "#ifndef" and name is not None and name.text == asked.text


def _item(table: GrammarTable, node: Node, start: int) -> CodeItem:
    if node.type in table.wrappers and (inner := node.child_by_field_name("declaration")):
        node, start = inner, inner.start_byte
    for word in table.modifiers.get(node.type, ()):
        for each in (each for child in node.children[:1] if child.type == "modifiers" for each in child.children):
            if each.type == word:  # annotations before it go as well
                start = each.end_byte + 1
            elif not each.type.endswith("annotation"):
                break
    return CodeItem(node, start, node.end_byte, frozenset(table.declared(node)), not node.has_error)


def names_used(source: Source, start: int, end: int) -> set[str]:
    """Return the names that a part of a program may use from its surroundings: dotted ones only in classes."""
    by_dot = source.table.members_by_dot
    return {word.name for word in source.words_of(start, end) if by_dot or not word.dotted}


def names_bound(table: GrammarTable, function: Node) -> set[str]:
    """Return the names bound locally in a function, hence not helper references."""
    bound: set[str] = set()
    outer: set[str] = set()
    for node in nodes(function, table.atoms):
        if node.type in table.binds and node != function:
            if not table.forward or not any(child.type in table.forward for child in node.named_children):
                bound.update(table.declared(node))
        elif node.type in table.outer:
            outer.update((child.text or b"").decode("utf-8", "replace") for child in node.named_children)
    return bound - outer


def names_taken(source: Source, item: CodeItem) -> set[str]:
    """Return the names that an item uses from its surroundings, without those a function binds itself."""
    noted = source.notes.setdefault(("taken", item.start, item.end), set())
    assert isinstance(noted, set)
    if not noted:
        names = names_used(source, item.start, item.end)
        noted |= names - names_bound(source.table, item.node) if item.kind in source.table.tested else names
    return set(noted)


def needed(
    source: Source, candidates: Sequence[CodeItem], names: set[str], tested: str | None, taken: Iterable[str] = ()
) -> list[CodeItem]:
    """Return the items, in order, that `names` need, directly or through other items; none that defines `taken`.

    Statements that begin with a needed name stay, and items that extend a needed type; calls of the tested function go.
    """
    table, have = source.table, set(taken)
    defining: dict[str, list[CodeItem]] = defaultdict(list)
    passive: dict[str, list[CodeItem]] = defaultdict(list)
    waiting: list[CodeItem] = []
    for item in candidates:
        if not item.clean and item.kind not in table.always:
            continue
        if item.names & table.initialisers:
            names_of_others = names_used(source, item.start, item.end)
            if tested not in names_of_others:
                for name in names_of_others:
                    passive[name].append(item)
            continue
        free = item.names - have
        if free and free == item.names:
            for name in free:
                defining[name].append(item)
        for name in _mentioned(source, item, tested):
            passive[name].append(item)
        if item.kind in table.statements and begins_with(source, item, table.set_up):
            waiting.append(item)
    kept: set[CodeItem] = set()
    seen: set[str] = set()
    new = set(names)
    while new or waiting:
        for name in new - seen:
            waiting += defining.get(name, ())
            if name in defining or name == tested:
                waiting += passive.get(name, ())
        seen |= new
        new = set()
        for item in waiting:
            if item not in kept:
                kept.add(item)
                new |= names_taken(source, item)
        waiting = []
    return _once(source, (item for item in candidates if item in kept))


def _once(source: Source, items: Iterable[CodeItem]) -> list[CodeItem]:
    """Return items without exact repetitions of an earlier definition: models sometimes write a program twice."""
    found: dict[object, CodeItem] = {}
    for item in items:
        text = b"".join(source.text[item.node.start_byte : item.node.end_byte].split())
        defines = item.names and item.kind not in source.table.statements
        found.setdefault(text if defines else item.start, item)
    return list(found.values())


def _mentioned(source: Source, item: CodeItem, tested: str | None) -> set[str]:
    """Return the names that keep an item which they do not use themselves."""
    table = source.table
    if item.kind in table.statements:
        begins = {_first_word(source, node) for node in nodes(item.node, table.atoms) if node.type == SIMPLE}
        begins.discard("")
        calls = [word for word in source.words_of(item.start, item.end) if word.name == tested and not word.dotted]
        if len(calls) == 1 and source.text[item.start :].startswith(f"{tested}.".encode()):
            return begins  # assigns a member of the function
        return begins if not calls else set()
    if item.kind in table.extends and (not item.names or item.names & table.open_scopes):
        names = names_used(source, item.start, item.end)
        return names - item.names if tested not in names else set()
    return set()


def _first_word(source: Source, node: Node) -> str:
    found = source.words_of(node.start_byte, node.end_byte)
    return found[0].name if found else ""


def begins_with(source: Source, item: CodeItem, words: Iterable[str]) -> bool:
    """Whether an item's text begins with one of the words."""
    text = source.text[item.start : item.end]
    return any(text.startswith(word.encode()) for word in words)


def whole_imports(source: Source, candidates: Iterable[CodeItem]) -> list[CodeItem]:
    """Return the imports that do not list their names (`#include`, `import *`) and are known to exist."""
    table = source.table
    return [
        item
        for item in candidates
        if item.kind in table.imports
        and table.known_imports is not None
        and table.known_imports.match(source.text[item.start : item.end].decode("utf-8", "replace"))
    ]
