"""The words of a command line: which command they name, and the word that each of its options is given.

Every option works as `--name value` and `--name=value`, with dashes or underscores; a boolean alone is true, with `no`
before its name false; an option's former name still works. Wrong names are refused with the nearest right one. What a
word means is read later, by the option's type.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from humaneval_x.commands.signature import Command, Option, group_of
from humaneval_x.errors import OptionError, unknown
from humaneval_x.values import BOOLEANS, REPEATED, OptionKind

Table = Mapping[str, Any]  # name -> a command, or the table of its subcommands
COMMON = {
    name: Option(name=name, kind=OptionKind(base=bool), default=False, help=help)
    for name, help in (
        ("quiet", "no progress and no notes, only results, warnings and errors"),
        ("json", "results as JSON, one value a line"),
    )
}


@dataclass(slots=True)
class CommandLine:
    """A command line, read. `values` has the word of each option given."""

    path: list[str]
    target: Command | Table
    rest: list[str]
    values: dict[str, str] = field(default_factory=dict)

    def common(self, name: str) -> bool:
        """Return the value of an option that every command has. Raises OptionError."""
        option = COMMON[name]
        return bool(option.read(self.values[name])) if name in self.values else False


def command_named(table: Table, words: Sequence[str]) -> CommandLine:
    """Return the command that the first words name. Raises OptionError."""
    line = CommandLine(path=[], target=table, rest=list(words))
    while line.rest and not callable(line.target):
        if line.rest[0].startswith("-") and not line.path:
            first = f"{line.rest[0]!r} stands before the command; begin with one of {', '.join(line.target)}"
            raise OptionError(first)
        name = line.rest.pop(0)
        if name.replace("-", "_") not in line.target:
            raise OptionError(unknown("command", name, line.target))
        line.path.append(name.replace("-", "_"))
        line.target = line.target[line.path[-1]]
    return line


def read_words(line: CommandLine) -> None:
    """Give each option of the line's command its word. Raises OptionError."""
    assert callable(line.target)
    options = {option.name: option for option in group_of(line.target).options()}
    loose: list[str] = []
    for option, word in _given(line, {**COMMON, **options}):
        if option is None:
            loose.append(word)
        elif option.name not in line.values:
            line.values[option.name] = word
        elif option.rest or option.kind.many:
            line.values[option.name] += REPEATED + word
        else:
            raise OptionError(f"--{option.name} is given twice; give it once")
    _place(line, options, loose)


def _given(line: CommandLine, options: Mapping[str, Option]) -> Iterator[tuple[Option | None, str]]:
    """Yield each option with its word, and words that belong to none with None."""
    words = list(line.rest)
    while words:
        word = words.pop(0)
        if word == "--":
            yield from ((None, each) for each in words)
            return
        if not re.match(r"-[-a-zA-Z]", word):  # -5 and - are no options
            yield None, word
            continue
        name, equals, value = word.lstrip("-").partition("=")
        option, denied = _option_named(name, options, word)
        if equals:
            if denied:
                raise OptionError(f"--{name} takes no value; write --{option.name}={value}, or --{name} alone")
            yield option, value
        elif option.kind.base is bool:
            follows = not denied and words and words[0].lower() in BOOLEANS
            yield option, words.pop(0) if follows else "false" if denied else "true"
        elif words and not re.match(r"-[-a-zA-Z]", words[0]):
            yield option, words.pop(0)
        else:
            begins = f"; a value that begins with - is written --{option.name}={words[0]}" if words else ""
            raise OptionError(f"--{option.name} needs a value ({option.kind.expected}){begins}; see --help")


def _option_named(name: str, options: Mapping[str, Option], word: str) -> tuple[Option, bool]:
    """Return the option, and whether its name was given with `no` before it."""
    wanted = name.replace("-", "_")
    if wanted in options and word.startswith("--"):
        return options[wanted], False
    for option in options.values():
        if word.startswith("--") and option.kind.base is bool and wanted in (f"no{option.name}", f"no_{option.name}"):
            return option, True
        if word.startswith("--") and wanted in option.kind.former:
            print(f"note: --{wanted} is now called --{option.name}", file=sys.stderr)
            return option, False
    shown = word.partition("=")[0]
    raise OptionError(unknown("option", shown, [f"--{each}" for each in options]))


def _place(line: CommandLine, options: Mapping[str, Option], loose: Sequence[str]) -> None:
    """Give words without a name to the positional options that have none yet. Raises OptionError."""
    places = [option for option in options.values() if option.positional and option.name not in line.values]
    rest = next((option for option in options.values() if option.rest), None)
    for option, word in zip(places, loose, strict=False):
        line.values[option.name] = word
    more = loose[len(places) :]
    if more and rest is None:
        allowed = ", ".join(option.name.upper() for option in options.values() if option.positional) or "none"
        raise OptionError(f"{more[0]!r} is one argument too many; expected {allowed}; see --help")
    if more and rest is not None:
        line.values[rest.name] = REPEATED.join([*([line.values[rest.name]] if rest.name in line.values else []), *more])
    for option in options.values():
        if (option.required or option.rest) and option.name not in line.values:
            raise OptionError(f"{option.shown} is missing: {option.help}; see --help")
