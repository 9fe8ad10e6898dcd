"""What the reader has to know of a language, as data: which nodes of its grammar are what.

Names of nodes and fields are those of the official tree-sitter grammars. Holds no algorithm but one: the names that a
node declares (`Table.declared`), which walks the paths written in `names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

NOTHING: frozenset[str] = frozenset()
# Nodes of identifiers that name a member of something, or a label, and nothing in scope.
MEMBERS = frozenset({"property_identifier", "field_identifier", "statement_identifier", "label_name"})


@dataclass(frozen=True, kw_only=True)
class GrammarTable:
    """One language. Sets hold types of nodes unless they say otherwise."""

    grammar: str  # the module of the grammar
    closing: str  # text that ends what a problem leaves open, for the parser
    tags: frozenset[str]  # words after a fence that name the language
    atoms: frozenset[str]  # strings, comments, patterns: nothing in them is code
    comments: frozenset[str]
    runs: re.Pattern[bytes] | None = None  # lines of comments that the grammar reads once for each of them
    names: Mapping[str, tuple[str, ...]]  # node -> the fields, or '@' and types of children, that lead to its names
    items: frozenset[str]  # what can stand on its own at the top of a program or a class, and mean something there
    tested: frozenset[str]  # items that can be the tested function
    choices: frozenset[str] = NOTHING  # items that may define it in one way or another
    methods: frozenset[str] = NOTHING  # functions of a type that stand outside of it
    bodies: frozenset[str]  # functions as the names in them are their own: names bound there are local
    blocks: frozenset[str]  # bodies of functions that are statements
    binds: frozenset[str]  # nodes inside of functions that bind names there
    forward: frozenset[str] = NOTHING  # what makes of such a node the mere mention of a function from outside
    outer: frozenset[str] = NOTHING  # what says that a name bound in a function is one from outside
    idle: frozenset[str] = frozenset({"{", "}", ";"})  # leaves that do nothing
    loaders: frozenset[str] = NOTHING  # names of functions that give what other files hold
    classes: Mapping[str, str] = field(default_factory=dict)  # classes that tested functions live in -> their bodies
    class_opening: str = ""  # text that opens a class, for the parser
    kept_members: frozenset[str] = NOTHING  # what a class cannot do without
    imports: frozenset[str] = NOTHING
    known_imports: re.Pattern[str] | None = None  # imports that name nothing themselves are kept where they match
    imports_apart: bool = False  # imports are not part of the candidate: the language's assembly places them
    first: frozenset[str] = NOTHING  # what a program has to begin with
    always: frozenset[str] = NOTHING  # what stays wherever other items stay: macros, using
    statements: frozenset[str] = NOTHING  # do something at the top: kept where they begin with a name that is needed
    extends: frozenset[str] = (
        NOTHING  # add to something else if they have no name: kept where they mention what is needed
    )
    guards: frozenset[str] = NOTHING  # conditions that may hold a whole text: what is in them counts as outside
    no_items: re.Pattern[bytes] | None = None  # texts that the grammar takes for items
    uses: frozenset[str] = NOTHING  # of what always stays, what does so for the scopes that are there
    known_scopes: frozenset[str] = NOTHING  # names of scopes that are there anyway
    open_scopes: frozenset[str] = NOTHING  # names of scopes that anybody may add to
    set_up: frozenset[str] = NOTHING  # names: a statement that begins with one of them is kept
    initialisers: frozenset[str] = NOTHING  # names of functions that are never called: kept like statements
    wrappers: frozenset[str] = NOTHING  # only mark the item inside (export): the item alone is kept
    modifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # item -> words to leave out before it
    scope: str = ""  # what a problem opens for its tests: last where a text does without, and so may have such names
    scope_names: frozenset[str] = NOTHING  # names that a text without it would not use as they are
    provided: frozenset[str] = NOTHING  # names that a program has anyway: nothing behind a solution may replace them
    overloads: bool = False  # functions of one name and other parameters are functions of their own
    members: frozenset[str] = MEMBERS  # types of names that name nothing in scope
    members_by_dot: bool = False  # a name behind a dot can be a member of the class itself
    indented: bool = False  # blocks are made by indentation
    separator: str = "\n\n"  # between items that did not stand next to each other
    delegate: str = ""  # the body that calls {name} of a {type} with {arguments}
    delegate_held: str = ""  # the same for a {callee} that needs no object to be made, where that is a case of its own
    holders: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # assignment -> fields of its target and value
    objects: frozenset[str] = NOTHING  # values with members that can be functions
    whole: frozenset[str] = NOTHING  # targets that are what the text gives: any function there is the tested one

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
    """Whether a type of nodes is that of names, whatever they name."""
    return kind == "identifier" or (
        kind.endswith(("_identifier", "_identifier_pattern")) and kind != "scoped_identifier"
    )
