"""What the reader knows of a language, as data: the role of each node type of its grammar.

Names of nodes and fields are those of the official tree-sitter grammars. Holds no algorithm but one: the names that a
node declares (`GrammarTable.declared`), which walks the paths written in `names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

NOTHING: frozenset[str] = frozenset()
# Identifiers that name a member or a label, and nothing in scope.
MEMBERS = frozenset({"property_identifier", "field_identifier", "statement_identifier", "label_name"})


@dataclass(frozen=True, kw_only=True)
class GrammarTable:
    """One language. Sets hold node types unless they say otherwise."""

    grammar: str  # the module of the grammar
    closing: str  # closes what a problem's text leaves open, for the parser
    tags: frozenset[str]  # names of the language after a fence
    atoms: frozenset[str]  # strings, comments, patterns: no code inside
    comments: frozenset[str]
    runs: re.Pattern[bytes] | None = None  # lines of comments that the grammar reads once for each of them
    names: Mapping[str, tuple[str, ...]]  # node -> the fields, or '@' and types of children, that lead to its names
    items: frozenset[str]  # what can stand alone at the top of a program or a class
    tested: frozenset[str]  # items that can be the tested function
    choices: frozenset[str] = NOTHING  # items that define it conditionally
    methods: frozenset[str] = NOTHING  # methods that stand outside their type
    bodies: frozenset[str]  # functions as scopes: names bound in them are local
    blocks: frozenset[str]  # bodies of functions that are statements
    binds: frozenset[str]  # nodes inside of functions that bind names there
    forward: frozenset[str] = NOTHING  # marks such a node as a mere reference to an outer function
    outer: frozenset[str] = NOTHING  # declares a name bound in a function to be an outer one
    idle: frozenset[str] = frozenset({"{", "}", ";"})  # leaves without effect
    loaders: frozenset[str] = NOTHING  # functions that load other files
    classes: Mapping[str, str] = field(default_factory=dict)  # holders of the tested function -> their bodies
    class_opening: str = ""  # text that opens a class, for the parser
    kept_members: frozenset[str] = NOTHING  # members a class cannot do without
    imports: frozenset[str] = NOTHING
    known_imports: re.Pattern[str] | None = None  # imports that name nothing themselves are kept where they match
    imports_apart: bool = False  # imports are not part of the candidate: the language's assembly places them
    first: frozenset[str] = NOTHING  # items a program has to begin with
    always: frozenset[str] = NOTHING  # items that always stay: macros, using
    statements: frozenset[str] = NOTHING  # top-level statements: kept where they begin with a needed name
    extends: frozenset[str] = NOTHING  # add to another if nameless: kept where they mention what is needed
    guards: frozenset[str] = NOTHING  # conditions around a whole text: their content counts as top level
    no_items: re.Pattern[bytes] | None = None  # text that the grammar mistakes for items
    uses: frozenset[str] = NOTHING  # items of `always` that stay only for scopes that exist
    known_scopes: frozenset[str] = NOTHING  # scopes that always exist
    open_scopes: frozenset[str] = NOTHING  # scopes that a program may add to
    set_up: frozenset[str] = NOTHING  # statements that begin with one of these names are kept
    initialisers: frozenset[str] = NOTHING  # functions that the runtime calls: kept like statements
    wrappers: frozenset[str] = NOTHING  # mark the item inside (export): only the item is kept
    modifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # item -> words to leave out before it
    scope: str = ""  # a scope that the problem opens for its tests; moved last for texts that do without it
    scope_names: frozenset[str] = NOTHING  # names that only a text with this scope uses unqualified
    provided: frozenset[str] = NOTHING  # names of every program: not to be replaced after a solution
    overloads: bool = False  # functions may share a name and differ in parameters
    members: frozenset[str] = MEMBERS  # identifier types that name nothing in scope
    members_by_dot: bool = False  # a name after a dot can be a member of the same class
    indented: bool = False  # blocks are indented
    separator: str = "\n\n"  # between items that were not adjacent
    delegate: str = ""  # the body that calls {name} of a {type} with {arguments}
    delegate_held: str = ""  # the same for a {callee} that needs no object, where that differs
    holders: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # assignment -> fields of its target and value
    objects: frozenset[str] = NOTHING  # values whose members can be functions
    whole: frozenset[str] = NOTHING  # targets that export the result: any function assigned there is the tested one

    def declared(self, node: Node) -> Iterator[str]:
        """Yield the names that a node declares."""
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if is_name(one.type):
                yield (one.text or b"").decode("utf-8", "replace")
            for step in self.names.get(one.type, ()):
                if step[0] == "@":
                    waiting += [child for child in one.named_children if child.type == step[1:]]
                else:
                    waiting += one.children_by_field_name(step)


def is_name(kind: str) -> bool:
    """Whether a node type is one of names, whatever they name."""
    return kind == "identifier" or (
        kind.endswith(("_identifier", "_identifier_pattern")) and kind != "scoped_identifier"
    )
