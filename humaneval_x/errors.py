"""The exception tree. Every message says where, what was found, what was expected, what to do.

    HarnessError
    ├── InputError         what the user gave is wrong: exit code 2
    │   ├── OptionError        a command-line option or argument
    │   ├── ProblemError       a problem file, its rows, the errata
    │   ├── SampleError        a samples file or one of its rows
    │   ├── ResultsError       an output folder
    │   ├── SubmissionError    a submission to a leaderboard
    │   ├── CheckpointError    a model checkpoint or tokenizer folder
    │   ├── RequestError       a request to the service, or its moment
    │   └── SetupError         a sandbox or a toolchain is not installed, or may not be used here
    └── MachineError       the machine failed, not the user and not the model: exit code 3
        ├── SandboxError       a jail could not start, died, or broke its protocol
        │   └── JailLost           the machine of a jail was lost, whatever it judged
        └── ServerError        a model server failed for good

A fault of the harness is never a verdict: it raises one of these.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class HarnessError(Exception):
    """Root of all errors this package raises on purpose."""

    exit_code = 3


class InputError(HarnessError):
    """What the user gave is wrong."""

    exit_code = 2


class OptionError(InputError):
    """A command-line option or argument is wrong."""


class ProblemError(InputError):
    """A problem file or one of its rows is wrong."""


class SampleError(InputError):
    """A samples file or one of its rows is wrong."""


class NotLoaded(SampleError):
    """A row is of a language that has to be asked for, and was not loaded; `language` names it."""

    def __init__(self, said: str, language: str) -> None:
        super().__init__(said)
        self.language = language

    def __reduce__(self) -> tuple[type[NotLoaded], tuple[str, str]]:
        """Be raised in another process as here."""
        return type(self), (str(self), self.language)


class ResultsError(InputError):
    """An output folder cannot be used."""


class SubmissionError(InputError):
    """A leaderboard does not publish a submission."""


class CheckpointError(InputError):
    """A model checkpoint or tokenizer folder is wrong."""


class RequestError(InputError):
    """A request to the service cannot be served: `status` is the HTTP status of its answer."""

    def __init__(self, message: str, *, status: int = 422, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status, self.retry_after_s = status, retry_after_s


class SetupError(InputError):
    """A sandbox or a toolchain is not installed, or this machine does not let us use it."""


class MachineError(HarnessError):
    """The machine failed."""


class SandboxError(MachineError):
    """A jail could not start, died, or broke its protocol."""


class JailLost(SandboxError):
    """The machine of a jail was lost: no fault of the jail, nor of the program that it judged."""


class ServerError(MachineError):
    """A model server failed for good."""


def install(extra: str) -> str:
    """Return the command that installs an extra: of the clone that this runs from, else of the installed package."""
    clone = (Path(__file__).resolve().parent.parent / "pyproject.toml").is_file()
    return f"pip install '{'.' if clone else 'humaneval-x-harness'}[{extra}]'"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return the first names, and how many more there are: 'a, b and 3 more'."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """Return the message for an unknown name: what exists, and the nearest."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.3)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    return f"unknown {kind} {name!r}{hint} choose {', '.join(names)}"
