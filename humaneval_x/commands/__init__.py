"""The command lines: python-fire shells that parse, call one function and print.

A wrong option prints one line and exits with 2, a failure of the machine with 3; a traceback is a bug.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import fire

from humaneval_x.errors import HarnessError, OptionError, unknown


def call(component: type, argv: Sequence[str] | None, name: str) -> None:
    """Run a python-fire component on a command line; errors become one line and an exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        check_words(component(), words)
        fire.Fire(component, command=words, name=name)
    except HarnessError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept, run the same command again to go on", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def check_words(component: Any, words: Sequence[str]) -> None:
    """Raise OptionError for a command or option that does not exist (fire would print a page instead of a line)."""
    if "--help" in words or "-h" in words or not words:
        return
    command: Callable[..., Any] | Any = component
    rest = list(words)
    while rest and not callable(command):
        name = rest.pop(0)
        known = [each for each in dir(command) if not each.startswith("_")]
        if name not in known:
            raise OptionError(unknown("command", name, known))
        command = getattr(command, name)
    if not callable(command):
        return
    parameters = inspect.signature(command).parameters
    named = [each for each in parameters.values() if each.kind is not each.VAR_POSITIONAL]
    options = [each.name for each in named]
    many = len(options) < len(parameters)
    required = [each.name for each in named if each.default is each.empty]
    positional = 0
    skip = False
    for index, word in enumerate(rest):
        if skip:
            skip = False
        elif word.startswith("--"):
            name, given, _ = word[2:].partition("=")
            name = name.replace("-", "_")
            if name not in options and not (name.startswith("no") and name[2:] in options):
                raise OptionError(unknown("option", f"--{name}", [f"--{each}" for each in options]))
            skip = not given and index + 1 < len(rest) and not re.match(r"--[a-z]", rest[index + 1])
            if not (given or skip) and name in options and "bool" not in str(parameters[name].annotation):
                raise OptionError(f"--{name} needs a value; see --help")
            required = [each for each in required if each != name]
        else:
            positional += 1
    if positional < len(required):
        raise OptionError(f"{required[positional].upper()} is missing; see --help")
    if not many and positional > len(options):
        raise OptionError(f"too many arguments; expected at most {', '.join(options)}; see --help")


def texts(value: Any) -> list[str]:
    """Return fire's reading of `a,b,c` (a tuple, a string, a number) as a list of strings."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value]
    return [part for part in str(value).split(",") if part]


def numbers(value: Any, option: str) -> list[int]:
    """Return fire's reading of `1,10,100` as a list of ints. Raises OptionError."""
    try:
        return [int(each) for each in texts(value)]
    except ValueError as fault:
        raise OptionError(f"{option} has to list whole numbers, found {value!r}; for example {option} 1,10") from fault
