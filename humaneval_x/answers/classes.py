"""Programs whose tested function stands in a class, the answer's own or the problem's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tree_sitter import Node

from humaneval_x.answers.finding import FoundFunction, overload, problem_class
from humaneval_x.answers.gathering import from_others, with_needed
from humaneval_x.answers.items import CodeItem, items, names_used, needed, whole_imports
from humaneval_x.answers.opening import Opening, parents_of
from humaneval_x.answers.trees import Source, source_of


def into_class(opening: Opening, found: FoundFunction, keep: Sequence[CodeItem], others: Sequence[bytes]) -> bytes:
    """Return a program with the function and its needs inside the problem's class or the answer's own."""
    source, named = found.source, set(problem_class(opening))
    body = found.inside.child_by_field_name("body") if found.inside is not None else None
    own = next((item for item in keep if body and item.node == found.inside and item.names & named), None)
    if body is not None:
        members = _members(opening, source, items(source, [body]), found)
    else:
        loose = [item for item in keep if item.kind not in source.table.imports]
        members = with_needed(opening, source, loose, found.item)
    names = set().union(*(_names_in(source, member) for member in members))
    opened = source.text[own.start : body.start_byte + 1] + b"\n" if own and body else _class_line(opening)
    if own and body:
        names |= names_used(source, own.start, body.start_byte)
    usable = [item for item in keep if item not in members and not item.names & named]
    tops = {*needed(source, usable, names, opening.name), *whole_imports(source, usable)}
    imports = b"".join(_text(source, i) + b"\n" for i in keep if i in tops and i.kind in source.table.imports)
    types = b"".join(b"\n\n" + _text(source, i) for i in keep if i in tops and i.kind not in source.table.imports)
    more_imports, more_members, more_types = _for_class(opening, [*members, *tops], source, others)
    lacking = _lacking_members(opening, {name for item in [*members, *tops] for name in item.names})
    inner = b"\n\n".join(b"    " + _renamed(opening, source, member) for member in members)
    head = _imports_of(opening) + imports + more_imports
    return head + opened + lacking + more_members + inner + b"\n}" + types + more_types


def _text(source: Source, item: CodeItem) -> bytes:
    return source.text[item.start : item.end]


def _members(opening: Opening, source: Source, members: Sequence[CodeItem], found: FoundFunction) -> list[CodeItem]:
    """Return the tested member, the members it needs, and those its class cannot do without."""
    table = source.table
    heritage = (
        any(child.type in ("superclass", "super_interfaces") for child in found.inside.children)
        if found.inside
        else False
    )
    rivals = [
        m for m in members if m is not found.item and opening.name in m.names and not overload(source, m, found.item)
    ]
    tested = next((m for m in members if m.node == found.item.node), found.item)
    rivals = [m for m in rivals if m.node != tested.node]
    usable = [m for m in members if m not in rivals and m is not tested]
    names = names_used(source, tested.start, tested.end)
    constructors = [m for m in usable if m.kind in table.kept_members]
    for member in constructors:
        names |= _names_in(source, member)
    kept = {tested, *constructors, *needed(source, usable, names, opening.name)}
    if heritage:
        kept |= {m for m in usable if m.clean}
    return [replace(m, start=_named_at(m).start_byte) if m in constructors else m for m in members if m in kept]


def _named_at(constructor: CodeItem) -> Node:
    """Return the node of a constructor's name: the text from there on is kept, without a `private` before it."""
    return constructor.node.child_by_field_name("name") or constructor.node


def _names_in(source: Source, member: CodeItem) -> set[str]:
    """Return the names that a member uses; a constructor's own name does not count."""
    constructor = member.kind in source.table.kept_members
    return names_used(source, _named_at(member).end_byte if constructor else member.start, member.end)


def _lacking_members(opening: Opening, given: set[str]) -> bytes:
    """Return the problem's own members before its function that a class lacks."""
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    pieces = b""
    for parent in parents_of(source)[1:]:
        for item in items(source, [parent]):
            if item.end <= opening.start and item.names and not item.names & given:
                pieces += b"    " + source.text[item.start : item.end] + b"\n"
    return pieces


def _imports_of(opening: Opening) -> bytes:
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    return b"".join(
        source.text[item.start : item.end] + b"\n"
        for item in items(source, [source.root])
        if item.kind in source.table.imports
    )


def _for_class(
    opening: Opening, kept: Sequence[CodeItem], source: Source, others: Sequence[bytes]
) -> tuple[bytes, bytes, bytes]:
    """Return the imports, members and types that kept items need from other parts of an answer."""
    imports, members, types = b"", b"", b""
    for part, more in from_others(opening, kept, source, others):
        for item in more:
            text = part.text[item.start : item.end]
            if item.kind in part.table.imports:
                imports += text + b"\n"
            elif item.kind in part.table.modifiers:
                types += b"\n\n" + text
            else:
                members += b"    " + text + b"\n"
    return imports, members, types


def _renamed(opening: Opening, source: Source, member: CodeItem) -> bytes:
    """Return a member's text; a constructor gets the name of the problem's class."""
    if member.kind not in source.table.kept_members:
        return source.text[member.start : member.end]
    return problem_class(opening)[0].encode() + source.text[_named_at(member).end_byte : member.end]


def _class_line(opening: Opening) -> bytes:
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    for node in source.root.children:
        body = node.child_by_field_name("body")
        if node.type in source.table.classes and body:
            return source.text[node.start_byte : body.start_byte + 1] + b"\n"
    return b""
