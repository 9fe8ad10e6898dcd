"""A command's options, from its signature and its docstring: there is no other declaration of them.

A parameter is an option. A parameter that is a record (a frozen dataclass) is as many options as the record has
fields, so that options which belong together are declared once, where they are used; `Given` makes those that were
given a dict. What `Annotated` or the section `Args:` of the docstring says of an option is its help.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from humaneval_x.values import REPEATED, OptionKind, Prefix, kind_of

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Given:
    """Makes a parameter a dict of those fields of `record` that were given; none has a default."""

    record: type


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a command. `default` is MISSING where it has to be given."""

    name: str
    kind: OptionKind
    default: Any
    help: str
    positional: bool = False
    rest: bool = False  # takes all words that belong to no other option

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is MISSING

    @property
    def shown(self) -> str:
        """Its name as help and messages show it: SAMPLES, --output."""
        return self.name.upper() if self.rest or (self.positional and self.required) else f"--{self.name}"

    def read(self, word: str) -> Any:
        """Return the value of a word. Raises OptionError."""
        if self.rest:
            return tuple(self.kind.read(each, self.shown) for each in word.split(REPEATED))
        return self.kind.read(word, self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGroup:
    """Options that make one value: a record, a dict, or the call of a command."""

    make: Callable[..., Any]
    members: Mapping[str, Option | OptionGroup]

    def options(self) -> Iterator[Option]:
        """Yield the options, in order."""
        for member in self.members.values():
            yield from [member] if isinstance(member, Option) else member.options()

    def made(self, values: Mapping[str, Any]) -> Any:
        """Return what the group makes of the values that were given. Raises OptionError."""
        found = {}
        rest: tuple[Any, ...] = ()
        for name, member in self.members.items():
            if isinstance(member, OptionGroup):
                found[name] = member.made(values)
            elif member.name in values and member.rest:
                rest = values[member.name]
            elif member.name in values:
                found[name] = values[member.name]
        return self.make(*rest, **found)


def group_of(command: Command) -> OptionGroup:
    """Return a command's options. Raises TypeError for a parameter that can be none."""
    hints = get_type_hints(command, include_extras=True)
    told = args_of(command)
    members: dict[str, Option | OptionGroup] = {}
    for name, parameter in inspect.signature(command).parameters.items():
        default = MISSING if parameter.default is parameter.empty else parameter.default
        rest = parameter.kind is parameter.VAR_POSITIONAL
        member = _member(name, hints[name], default, told, Prefix(""))
        if isinstance(member, Option):
            positional = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            member = replace(member, positional=positional, rest=rest)
        members[name] = member
    return OptionGroup(make=command, members=members)


def _member(name: str, hint: Any, default: Any, told: Mapping[str, str], prefix: Prefix) -> Option | OptionGroup:
    extra = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    base = get_args(hint)[0] if extra else hint
    for each in extra:
        prefix = each if isinstance(each, Prefix) else prefix
        if isinstance(each, Given):
            return OptionGroup(make=dict, members=_fields(each.record, None, prefix, given=True))
    if isinstance(base, type) and is_dataclass(base):
        start = None if default is MISSING else default
        make = base if start is None else lambda **values: replace(start, **values)
        return OptionGroup(make=make, members=_fields(base, start, prefix))
    kind = kind_of(hint)
    help = f"{kind.help or told.get(name, '')} {prefix.help}".strip()
    return Option(name=prefix.text + name, kind=kind, default=default, help=help)


def _fields(record: Any, start: Any, prefix: Prefix, *, given: bool = False) -> dict[str, Option | OptionGroup]:
    hints = get_type_hints(record, include_extras=True)
    told = args_of(record)
    members: dict[str, Option | OptionGroup] = {}
    for field in fields(record):
        default = None if given else field.default if start is None else getattr(start, field.name)
        member = _member(field.name, hints[field.name], default, told, prefix)
        if isinstance(member, OptionGroup):
            members[field.name] = member
        elif not member.kind.internal:
            members[field.name] = replace(member, positional=member.required)
    return members


def args_of(documented: Any) -> dict[str, str]:
    """Return what the section `Args:` of a docstring says, by name."""
    section = sections(documented).get("Args", "")
    pairs = (re.match(r"(\w+): (.*)", " ".join(each.split())) for each in re.split(r"\n(?=\S)", section))
    return {pair[1]: pair[2] for pair in pairs if pair}


def sections(documented: Any) -> dict[str, str]:
    """Return a docstring in parts: "" is its text, and each `Name:` that stands alone begins a section of its own."""
    text = inspect.getdoc(documented) or ""
    parts = re.split(r"^(Args|Examples):\n", text, flags=re.MULTILINE)
    found = {"": parts[0].strip()}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        found[name] = inspect.cleandoc("\n" + body)
    return found
