"""Whole programs: the tested function of a text, and of the rest what it needs. Pure.

Takes the last complete function of the name, keeps the text's own order, adds what the problem gives and it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from humaneval_x.answers.bodies import joined
from humaneval_x.answers.items import Item, items, names_taken, names_used, needed, whole_imports
from humaneval_x.answers.opening import Opening, body_of, parameters, parents_of, signature
from humaneval_x.answers.seam import undented
from humaneval_x.answers.table import Table
from humaneval_x.answers.trees import Source, leaves, nodes, source_of

TRIES = 6  # places from which a text is read anew, where something before its function confuses the grammar


@dataclass(frozen=True, slots=True)
class Found:
    """A tested function in a text: its reading, its item, the class around it."""

    source: Source
    items: list[Item]
    item: Item
    inside: Node | None
    start: int  # where the reading of the text began

    @property
    def clean(self) -> bool:
        """Whether the function has no syntax error."""
        return _complete(self.source, self.item) or _renames(self.source, self.item, self.items)


def find(opening: Opening, text: bytes) -> Found | None:
    """Return the last complete function of the tested name that one reading shows, else the last one at all."""
    if not opening.name or opening.name.encode() not in text:
        return None
    best: Found | None = None
    for start in _starts(opening, text):
        for part in undented(text[start:]) if opening.table.indented and start else (text[start:],):
            found = _find(opening, part, start)
            if found and found.clean:
                return found
            best = best or found
    return best


def last(opening: Opening, text: bytes) -> Found | None:
    """Return the last complete function of the tested name, behind text that is no code as well."""
    found = find(opening, text)
    while found and found.clean and (again := _later(opening, text, found)):
        found = again
    return found


def _later(opening: Opening, text: bytes, found: Found) -> Found | None:
    """Return a complete function behind the one found, where the grammar cannot have read all."""
    if not found.source.root.has_error or len(found.source.text) != len(text) - found.start:
        return None
    ends = [item.end for item in found.items if _holds(item, found.item.node)]
    start = found.start + max(ends, default=found.item.end)
    again = find(opening, text[start:])
    if again is None or not again.clean or (again.inside is None) != (found.inside is None):
        return None
    if len(parameters(opening.table, again.item.node)) != len(opening.parameters):
        return None
    return replace(again, start=start + again.start)


def _starts(opening: Opening, text: bytes) -> Iterator[int]:
    """Yield where reading may begin: at the start, at lines after blank ones or a colon, at the function's own line."""
    yield 0
    at, before, own, places = 0, b"", -1, []
    for line in text.split(b"\n"):
        if line.strip() and at and (not before.strip() or before.rstrip().endswith((b":", "：".encode()))):
            places.append(at)
        if opening.name.encode() in line and own < 0 and line[:1].strip():
            own = at
        at, before = at + len(line) + 1, line
    last = text.rfind(opening.name.encode())
    yield from [place for place in places if place <= last][:TRIES]
    if own > 0:
        yield own


def _find(opening: Opening, text: bytes, start: int) -> Found | None:
    source = source_of(opening.language, text)
    table, top = source.table, items(source, [source.root])
    found: list[tuple[Item, Node | None]] = [(item, None) for item in top if _is_tested(opening, source, item)]
    if not found:
        named = [item for item in top if item.kind in table.tested and opening.name in item.names]
        found = [(item, None) for item in named if _renames(source, item, top)]
    if not found:
        found = list(_methods(opening, source, top))
    if not found:
        found = [(item, node) for item in top for node in _held(opening, source, item)]
    if not found:
        return None
    clean = [each for each in found if _complete(source, each[0])]
    if table.overloads:
        same = [each for each in clean if len(parameters(table, each[0].node)) == len(opening.parameters)]
        clean = same or clean
    item, inside = (clean or found)[-1]
    return Found(source, top, item, inside, start)


def _methods(opening: Opening, source: Source, holders: Sequence[Item]) -> Iterator[tuple[Item, Node]]:
    """Yield the methods of the tested name with their classes; those of a class named as the problem's come last."""
    named, table = set(_problem_class(opening)), source.table
    classes = [holder for holder in holders if holder.kind in table.classes]
    for holder in sorted(classes, key=lambda each: bool(each.names & named)):
        body = holder.node.child_by_field_name("body")
        members = items(source, [body] if body else [])
        yield from _methods(opening, source, members)
        yield from ((each, holder.node) for each in members if _is_tested(opening, source, each, member=True))


def _held(opening: Opening, source: Source, item: Item) -> Iterator[Node]:
    """Yield the assignments in an item that make the tested function a member of an object."""
    yield from (node for node in item.node.named_children if _callee(opening, source.table, node))


def _callee(opening: Opening, table: Table, node: Node) -> str:
    """Return what calls the tested function that an assignment puts into an object; "" if it does not."""
    fields = table.holders.get(node.type)
    target, value = (node.child_by_field_name(field) for field in fields) if fields else (None, None)
    if target is None or value is None:
        return ""
    name = (target.text or b"").decode("utf-8", "replace")
    if value.type in table.bodies and (name in table.whole or name.rpartition(".")[2] == opening.name):
        return name
    members = (
        member.child_by_field_name("name") or member.child_by_field_name("key") for member in value.named_children
    )
    names = {(each.text or b"").decode("utf-8", "replace").strip("'\"") for each in members if each}
    return f"{name}.{opening.name}" if value.type in table.objects and opening.name in names else ""


def _complete(source: Source, item: Item) -> bool:
    """Whether an item is a function without a syntax error whose body does something: no other name, no outline."""
    table, block = source.table, body_of(item.node)
    if block is None or block.type not in table.blocks:
        return item.clean and block is not None
    return item.clean and any(leaf.type not in table.atoms | table.idle for leaf in leaves(block, table.atoms))


def _is_tested(opening: Opening, source: Source, item: Item, *, member: bool = False) -> bool:
    table = source.table
    kinds = table.tested | table.bodies if member else table.tested
    if item.kind not in kinds or opening.name not in item.names:
        return False
    if table.indented and not member and item.node.start_point.column:
        return False
    if _uses_of_itself(opening, source, item) or (table.loaders and table.loaders & _outside(source, item).keys()):
        return False
    return body_of(item.node) is not None or b"(" in source.text[item.start : item.end]  # no variable of its name


def _renames(source: Source, item: Item, top: Sequence[Item]) -> bool:
    """Whether an item gives another function of the same text, or a class's method, its own name."""
    if body_of(item.node) or not item.clean:
        return False
    given = {name for each in top if _complete(source, each) for name in each.names}
    return bool((names_used(source, item.start, item.end) - item.names) & given)


def _outside(source: Source, item: Item) -> dict[str, list[int]]:
    """Return the names in an item that stand outside of functions, with their places."""
    table = source.table
    inner = [node for node in nodes(item.node, table.bodies | table.atoms) if node.type in table.bodies]
    found: dict[str, list[int]] = {}
    for word in source.words_of(item.node.start_byte, item.end):
        hidden = word.dotted or word.quoted or any(n.start_byte <= word.start < n.end_byte for n in inner)
        if not hidden:
            found.setdefault(word.name, []).append(word.start)
    return found


def _uses_of_itself(opening: Opening, source: Source, item: Item) -> list[int]:
    """Return where an item that gives the tested name a value takes its value before."""
    return _outside(source, item).get(opening.name, [])[1:]


def _wraps(opening: Opening, source: Source, item: Item, tested: Item) -> bool:
    """Whether an item puts the tested function before it into another one (a cache), and does not call it."""
    if item.start < tested.end or opening.name not in item.names or item.kind not in source.table.tested:
        return False
    uses = _uses_of_itself(opening, source, item)
    return bool(uses) and not any(source.text[at + len(opening.name.encode()) :].lstrip()[:1] == b"(" for at in uses)


def program(opening: Opening, found: Found, others: Sequence[bytes] = ()) -> bytes:
    """Return the program of a tested function: what the problem gives, and of the text what the function needs."""
    source, table = found.source, found.source.table
    keep = [item for item in found.items if not (table.imports_apart and item.kind in table.imports)]
    if found.inside is None and opening.in_class:
        return _into_class(opening, found, keep)
    if found.inside is not None and not opening.in_class:
        return _delegated(opening, found, keep)
    if found.inside is not None:
        return _class(opening, found, keep)
    kept = _with_needed(opening, source, keep, found.item)
    body = joined(table.separator.encode(), b"", source.text, [(i.start, i.end) for i in kept]).lstrip(b"\n")
    head = _head(opening, kept)
    head, last = _scoped(opening, head, source, kept)
    first = b"".join(source.text[i.start : i.end] + b"\n" for i in keep if i.kind in table.first and i.clean)
    helpers = b"".join(text + b"\n\n" for text in from_others(opening, kept, source, others))
    return first + head + helpers + body + last


def _scoped(opening: Opening, head: bytes, source: Source, kept: Sequence[Item]) -> tuple[bytes, bytes]:
    """Return the problem's part without the scope that it opens, and what opens it at the end.

    A text that says `std::` throughout may name its own functions as the standard library does.
    """
    scope = opening.table.scope.encode()
    names = set().union(*(names_used(source, item.start, item.end) for item in kept))
    own = {name for item in kept for name in item.names}
    given = items(source_of(opening.language, head), [source_of(opening.language, head).root])
    if not scope or scope not in head or scope in source.text or (names - own) & opening.table.scope_names:
        return head, b""
    if any(item.kind in opening.table.tested for item in given) or not own - {opening.name}:
        return head, b""
    return head.replace(scope, b""), b"\n" + scope


def from_others(opening: Opening, kept: Sequence[Item], source: Source, others: Sequence[bytes]) -> list[bytes]:
    """Return what kept items need, and other parts of the same answer define; the last definition of a name counts.

    Nothing that uses the tested function: that shows how it is called.
    """
    names = set().union(*(names_taken(source, item) for item in kept))
    have = {name for item in kept for name in item.names} | opening.defined | opening.table.provided
    parts = [source_of(opening.language, other) for other in others]
    usable = [
        [item for item in items(part, [part.root]) if opening.name not in names_used(part, item.start, item.end)]
        for part in parts
    ]
    texts: list[bytes] = []
    grew = True
    while grew:
        grew = False
        for part, candidates in reversed(list(zip(parts, usable, strict=True))):
            found = needed(part, candidates, names - have, opening.name, have)
            if {name for item in found for name in item.names} - have:
                spans = [(item.start, item.end) for item in found]
                texts.insert(0, joined(b"\n", b"", part.text, spans).lstrip(b"\n"))  # before what needs it
                names = names.union(*(names_taken(part, item) for item in found))
                have |= {name for item in found for name in item.names}
                grew = True
    return texts


def _with_needed(opening: Opening, source: Source, candidates: Sequence[Item], item: Item) -> list[Item]:
    """Return an item and those it needs, in order; no other function of the tested name but overloads."""
    table = source.table
    rivals = {
        each
        for each in candidates
        if each is not item and opening.name in each.names and not _overload(source, each, item)
    }
    wraps = {each for each in rivals if _wraps(opening, source, each, item)}
    usable = [each for each in candidates if each not in rivals and each is not item]
    names = set().union(*(names_taken(source, each) for each in (item, *wraps)))
    kept = {item, *wraps, *needed(source, usable, names, opening.name), *whole_imports(source, usable)}
    there = table.known_scopes.union(*(each.names for each in kept))
    return [each for each in candidates if each in kept or _always(source, each, there)]


def _always(source: Source, item: Item, there: frozenset[str]) -> bool:
    """Whether an item stays whatever is needed; what opens a scope does where the scope is there."""
    table = source.table
    if item.kind not in table.uses:
        return item.kind in table.always
    return any(word.name in there for word in source.words_of(item.start, item.end)[:1])


def _overload(source: Source, one: Item, other: Item) -> bool:
    table = source.table
    if not table.overloads:
        return False
    return signature(table, one.node) != signature(table, other.node) or one.kind not in table.tested


def _head(opening: Opening, kept: Sequence[Item]) -> bytes:
    """Return what the problem gives before its function, without what a program defines itself."""
    own = {name for item in kept for name in item.names}
    source = source_of(opening.language, opening.prefix[: opening.start])
    dropped = [item for item in items(source, [source.root]) if item.names and item.names <= own]
    head, at = b"", 0
    for item in dropped:
        if item.kind not in source.table.imports:
            head += source.text[at : item.start]
            at = item.end
    return head + source.text[at:]


def _class(opening: Opening, found: Found, keep: Sequence[Item]) -> bytes:
    """Return a program whose tested function is in a class of the answer's own."""
    source = found.source
    assert found.inside is not None
    holder = next(item for item in found.items if item.node == found.inside or _holds(item, found.inside))
    named = set(_problem_class(opening))
    if not holder.names & named:
        return _into_class(opening, found, keep)
    body = found.inside.child_by_field_name("body")
    assert body is not None
    members = items(source, [body])
    kept_members = _members(opening, source, members, found)
    names: set[str] = set()
    for member in kept_members:
        names |= names_used(source, member.start, member.end)
    names |= names_used(source, holder.start, body.start_byte)
    usable = [item for item in keep if item is not holder and not item.names & named]
    tops = {*needed(source, usable, names, opening.name), *whole_imports(source, usable)}
    given = {name for item in [*kept_members, *tops] for name in item.names}
    lacking = _lacking_members(opening, given)
    pieces = []
    for item in sorted(keep, key=lambda each: each.kind not in source.table.imports):
        if item is holder:
            inner = joined(b"\n", b"", source.text[: body.end_byte], [(m.start, m.end) for m in kept_members])
            opened = source.text[holder.start : body.start_byte + 1]
            pieces.append(opened + b"\n" + lacking + b"    " + inner.strip() + b"\n}")
        elif item in tops:
            pieces.append(source.text[item.start : item.end])
    return _imports_of(opening) + b"\n".join(pieces)


def _holds(item: Item, node: Node) -> bool:
    return item.node.start_byte <= node.start_byte and node.end_byte <= item.node.end_byte


def _members(opening: Opening, source: Source, members: Sequence[Item], found: Found) -> list[Item]:
    """Return the tested member, those it needs, and what its class cannot do without."""
    table = source.table
    heritage = (
        any(child.type in ("superclass", "super_interfaces") for child in found.inside.children)
        if found.inside
        else False
    )
    rivals = [
        m for m in members if m is not found.item and opening.name in m.names and not _overload(source, m, found.item)
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


def _named_at(constructor: Item) -> Node:
    """Return the name of a constructor: it stays from there on, since a private one would be in the tests' way."""
    return constructor.node.child_by_field_name("name") or constructor.node


def _names_in(source: Source, member: Item) -> set[str]:
    """Return the names that a member uses; a constructor's own is no use of it."""
    constructor = member.kind in source.table.kept_members
    return names_used(source, _named_at(member).end_byte if constructor else member.start, member.end)


def _problem_class(opening: Opening) -> list[str]:
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    return [name for item in items(source, [source.root]) if item.kind in source.table.classes for name in item.names]


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


def _into_class(opening: Opening, found: Found, keep: Sequence[Item]) -> bytes:
    """Return a program that puts a function, and the functions it needs, into the problem's own class."""
    source = found.source
    if found.inside is not None and (body := found.inside.child_by_field_name("body")):
        members = _members(opening, source, items(source, [body]), found)
    else:
        loose = [item for item in keep if item.kind not in source.table.imports]
        members = _with_needed(opening, source, loose, found.item)
    names: set[str] = set()
    for member in members:
        names |= _names_in(source, member)
    usable = [item for item in keep if item not in members]
    tops = {*needed(source, usable, names, opening.name), *whole_imports(source, usable)}
    given = {name for item in members for name in item.names}
    imports = [item for item in keep if item in tops and item.kind in source.table.imports]
    types = [item for item in keep if item in tops and item not in imports]
    opened = _class_line(opening)
    inner = b"\n\n".join(b"    " + _renamed(opening, source, member) for member in members)
    head = _imports_of(opening) + b"".join(source.text[i.start : i.end] + b"\n" for i in imports)
    tail = b"".join(b"\n\n" + source.text[i.start : i.end] for i in types)
    return head + opened + _lacking_members(opening, given) + inner + b"\n}" + tail


def _renamed(opening: Opening, source: Source, member: Item) -> bytes:
    """Return a member's text; a constructor's with the name of the problem's class."""
    if member.kind not in source.table.kept_members:
        return source.text[member.start : member.end]
    return _problem_class(opening)[0].encode() + source.text[_named_at(member).end_byte : member.end]


def _class_line(opening: Opening) -> bytes:
    source = source_of(opening.language, opening.prefix + opening.table.closing.encode())
    for node in source.root.children:
        body = node.child_by_field_name("body")
        if node.type in source.table.classes and body:
            return source.text[node.start_byte : body.start_byte + 1] + b"\n"
    return b""


def _delegated(opening: Opening, found: Found, keep: Sequence[Item]) -> bytes:
    """Return a program whose function, the problem's own, calls the method of the answer's class."""
    source, table = found.source, found.source.table
    assert found.inside is not None
    holder = next(item for item in found.items if _holds(item, found.inside))
    kept = _with_needed(opening, source, keep, holder)
    body = joined(table.separator.encode(), b"", source.text, [(i.start, i.end) for i in kept]).lstrip(b"\n")
    static = any(child.type == "static" for child in found.item.node.children)
    names = {"type": sorted(holder.names)[0] if holder.names else "", "name": opening.name}
    callee = _callee(opening, table, found.inside) or ("{type}.{name}".format(**names) if static else "")
    way = table.delegate_held if callee and table.delegate_held else table.delegate
    call = way.format(**names, callee=callee, arguments=", ".join(opening.parameters))
    indent = b" " * max(opening.indent, opening.least)
    header = opening.prefix[opening.start :]
    end = b"\n" if table.indented else b"\n}\n"
    return _head(opening, kept) + body + b"\n\n" + header + indent + call.encode() + end
