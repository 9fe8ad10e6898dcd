"""Help as plain text: the list of commands, and a page for each command, from the same signatures that read options."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING
from enum import Enum
from typing import Any

from humaneval_x.commands.signature import Command, Option, group_of, sections
from humaneval_x.commands.words import COMMON, Table

WIDEST = 110
EVERYWHERE = (
    ("--help", "this page, for a command its own; runs nothing"),
    ("--version", "the version"),
    *((f"--{option.name}", option.help) for option in COMMON.values()),
)


def width() -> int:
    """Return the width of help."""
    return min(WIDEST, shutil.get_terminal_size().columns)


def overview(program: str, about: str, table: Table) -> str:
    """Return the list of a program's commands, one line each, and what all of them understand."""
    lines = [f"usage: {program} COMMAND [ARGUMENTS] [--OPTION VALUE ...]", "", about, "", "commands:"]
    lines += aligned((" ".join(path), summary(command)) for path, command in commands_of(table))
    lines += ["", "options of every command:", *aligned(EVERYWHERE)]
    lines += ["", f"{program} COMMAND --help explains a command and its options."]
    return "\n".join(lines)


def commands_of(table: Table, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Yield every command of a table with the words that name it."""
    for name, each in table.items():
        if isinstance(each, Mapping):
            yield from commands_of(each, (*path, name))
        else:
            yield (*path, name), each


def summary(command: Command) -> str:
    """Return the first sentence of a command's docstring."""
    return " ".join(sections(command)[""].partition("\n\n")[0].split())


def page(program: str, name: str, command: Command) -> str:
    """Return the page of one command, whose whole name is `name`; examples begin with `program`."""
    options = list(group_of(command).options())
    arguments = [option for option in options if option.rest or (option.positional and option.required)]
    needed = [option for option in options if option.required and option not in arguments]
    usage = " ".join([name, *map(_argument, arguments), *map(_synopsis, needed), "[--OPTION VALUE ...]"])
    parts = sections(command)
    text = [textwrap.fill(" ".join(each.split()), width()) for each in parts[""].split("\n\n")]
    lines = [f"usage: {usage}", "", "\n\n".join(text)]
    if arguments:
        lines += ["", "arguments:", *aligned((option.name.upper(), option.help) for option in arguments)]
    named = [(_synopsis(option), _explained(option)) for option in options if option not in arguments]
    named = [(name, meaning) for name, meaning in named if name not in dict(EVERYWHERE)]
    lines += ["", "options:", *aligned([*named, *EVERYWHERE])]
    if "Examples" in parts:
        lines += ["", "examples:", *(f"  {program} {each}" for each in parts["Examples"].splitlines() if each)]
    return "\n".join(lines)


def _argument(option: Option) -> str:
    name = option.name.upper()
    return f"{name} [{name} ...]" if option.rest else name


def _synopsis(option: Option) -> str:
    return f"--{option.name} {'' if option.kind.base is bool else option.kind.placeholder}".strip()


def _explained(option: Option) -> str:
    default = shown(option.default)
    if option.kind.base is bool and option.default is True:
        default = f"on; --no_{option.name} switches it off"
    former = f" (formerly {', '.join(f'--{each}' for each in option.kind.former)})" if option.kind.former else ""
    return option.help + (f" [{default}]" if default else "") + former


def shown(default: Any) -> str:
    """Return a default as one would write it; nothing for none and false."""
    if default is None or default is False or default is MISSING:
        return ""
    if isinstance(default, tuple):
        return ",".join(shown(each) for each in default)
    return str(
        default.value if isinstance(default, Enum) else f"{default:g}" if isinstance(default, float) else default
    )


def aligned(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return names and what they mean in two columns; a long name has its meaning on the next line."""
    rows = list(pairs)
    left = min(28, max(len(name) for name, _ in rows) + 4)
    lines = []
    for name, meaning in rows:
        wrapped = textwrap.wrap(meaning, max(30, width() - left)) or [""]
        head = f"  {name}"
        if len(head) > left - 2:
            lines.append(head)
            head = ""
        lines += [f"{head if number == 0 else '':<{left}}{each}".rstrip() for number, each in enumerate(wrapped)]
    return lines
