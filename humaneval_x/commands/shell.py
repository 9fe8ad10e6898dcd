"""From the words of a command line to python-fire, and from what a command returns or raises to text and an exit code.

python-fire finds the command in the table and calls it; the words that it gets are already checked by name, and each
value is read by the type of its option. Wrong input ends with 2, a failure of the machine with 3, in one line on
stderr; a traceback is a bug, and `HUMANEVAL_X_TRACEBACK=1` shows the one behind a line.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import fire
from fire.decorators import SetParseFns

from humaneval_x import __version__
from humaneval_x.commands.help import overview, page
from humaneval_x.commands.signature import Command, group_of
from humaneval_x.commands.words import CommandLine, Table, command_named, read_words
from humaneval_x.errors import HarnessError, SetupError, install

VERSION = f"humaneval-x {__version__}"
PATHS = {  # what is wrong with a path is for the user to mend; anything else is the machine's fault
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EACCES, errno.EPERM),
    *(errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP),
}
SCRIPTS = ("evaluate", "generate")  # `python evaluate.py` in a message becomes the name that was typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command has to say: `text` for people, `data` for `--json`, its exit code. A command may yield some."""

    text: str = ""
    data: Any = None
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandProgram:
    """One face of the command line: its name as typed, a sentence about it, and its commands.

    `halves` says that the first word of a command names one half of the program.
    """

    name: str
    about: str
    table: Table
    halves: bool = False


def main(program: CommandProgram, argv: Sequence[str] | None = None) -> None:
    """Run a command line; leave the process where its exit code is not 0."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # names of files may hold bytes that are no text
    code = ended(program, words)
    if code:
        sys.exit(code)


def ended(program: CommandProgram, words: Sequence[str]) -> int:
    """Return the exit code of a command line, after one line on stderr where something is wrong."""
    try:
        code = run(program, words)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except HarnessError as fault:
        return refused(f"{type(fault).__name__}: {fault}", fault.exit_code, program)
    except KeyboardInterrupt:
        told = "interrupted; finished samples and verdicts are kept, run the same command again to go on"
        return refused(told, 130, program)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        return refused(*other_fault(fault), program)


def other_fault(fault: Exception) -> tuple[str, int]:
    """Return the line and the exit code for an exception that no room has turned into an error of its own."""
    if isinstance(fault, OSError) and fault.errno in PATHS and fault.filename is not None:
        path = Path(os.fsdecode(fault.filename))
        named = path.with_name(path.name.removesuffix(".part").removeprefix(".part-"))  # a file while it is written
        return f"InputError: {named}: {fault.strerror}; choose another path", 2
    if isinstance(fault, OSError):
        return f"MachineError: {fault}", 3
    if isinstance(fault, MemoryError):
        return "MachineError: the machine is out of memory; ask for less at once", 3
    if isinstance(fault, ImportError):
        return f"MachineError: a Python package does not load ({fault}); install it again", 3
    if isinstance(fault, RuntimeError) and "new thread" in str(fault):
        return "MachineError: the machine gives no more threads; ask for less at once", 3
    told = f"{type(fault).__name__}: {fault}; this is a fault of the harness"
    return f"{told}; HUMANEVAL_X_TRACEBACK=1 shows where; please report it", 3


def run(program: CommandProgram, words: Sequence[str]) -> int:
    """Return the exit code of a command line. Raises HarnessError."""
    words = [*words[1:], "--help"] if words[:1] == ["help"] else words
    if "--version" in words:
        print(VERSION)
        return 0
    asked = [word for word in words if word not in ("-h", "--help")]
    line = command_named(program.table, asked if len(asked) == len(words) else _leading(asked))
    if len(asked) < len(words) or not callable(line.target):
        print(helped(program, line))
        return 0
    read_words(line)
    names = {option.name for option in group_of(line.target).options()}
    passed = [f"--{name}={word}" for name, word in line.values.items() if name in names]
    codes = [0]
    tell = partial(told, as_json=line.common("json"), codes=codes)
    line.common("quiet")  # which only commands that show something on the way take up
    fire.Fire(for_fire(program.table, tell), command=[*line.path, *passed], name=program.name)
    return max(codes)


def _leading(words: Sequence[str]) -> list[str]:
    """Return the words before the first option: those that can name a command."""
    return list(words[: next((n for n, word in enumerate(words) if word.startswith("-")), len(words))])


def helped(program: CommandProgram, line: CommandLine) -> str:
    """Return the help for what the words name."""
    name = " ".join([program.name, *line.path])
    if callable(line.target):
        return page(" ".join([program.name, *line.path[: program.halves]]), name, line.target)
    about = program.about if not line.path else f"The commands of {line.path[-1]}."
    return overview(name, about, line.target)


def told(outcome: Any, *, as_json: bool, codes: list[int]) -> None:
    """Print an outcome, or each of several as they come, and keep their exit codes."""
    for each in outcome if isinstance(outcome, Iterator) else [] if outcome is None else [outcome]:
        codes.append(each.exit_code)
        if as_json and each.data is not None:
            print(json.dumps(each.data, ensure_ascii=False, default=str), flush=True)
        elif each.text and not as_json:
            print(each.text, flush=True)


def for_fire(table: Table, tell: Any) -> dict[str, Any]:
    """Return a table of functions that python-fire can call: keywords only, each value read by its option's type."""
    return {
        name: for_fire(each, tell) if isinstance(each, Mapping) else _callable(each, tell)
        for name, each in table.items()
    }


def _callable(command: Command, tell: Any) -> Command:
    group = group_of(command)

    def call(**values: Any) -> None:
        tell(group.made(values))

    options = list(group.options())
    parameters = [Parameter(option.name, Parameter.KEYWORD_ONLY, default=None) for option in options]
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    call.__name__, call.__doc__ = command.__name__, command.__doc__
    decorated: Command = SetParseFns(**{option.name: option.read for option in options})(call)
    return decorated


def refused(message: str, code: int, program: CommandProgram) -> int:
    """Print one line on stderr, with the program's name as it was typed, and return the exit code."""
    if os.environ.get("HUMANEVAL_X_TRACEBACK"):
        traceback.print_exc()
    for script in SCRIPTS:
        message = message.replace(f"python {script}.py", as_typed(program.name, script))
    print(" ".join(message.split("\n")), file=sys.stderr)
    return code


def as_typed(program: str, script: str) -> str:
    """Return how one calls `evaluate.py` or `generate.py` where `program` was called."""
    return f"python {script}.py" if program.endswith(".py") else f"humaneval-x {script}"


@contextmanager
def extra_needed(extra: str) -> Iterator[None]:
    """Turn a missing optional package into one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as fault:
        if fault.name is None or fault.name.partition(".")[0] == "humaneval_x":
            raise
        what = f"this needs the Python package {fault.name}"
        raise SetupError(f"{what}; install it with: {install(extra)}") from fault
