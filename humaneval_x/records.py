"""The records that cross rooms: frozen dataclasses, one meaning per field.

Does not read or write files: `problems.py`, `samples/` and `results.py` do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Annotated, Any

from humaneval_x.errors import ProblemError
from humaneval_x.json_types import JsonObject
from humaneval_x.tasks import origin_of
from humaneval_x.values import Internal, Range, check_fields


class Status(str, Enum):
    """What became of one program. A fault of the harness is not among them: it raises SandboxError."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    TIMED_OUT = "timed_out"
    MEMORY_EXCEEDED = "memory_exceeded"
    OUTPUT_EXCEEDED = "output_exceeded"
    TAMPERED = "tampered"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One row of a problem file: the published keys, and where it came from.

    `imports` is the published key `import` (Go). Keys that a language or a set does not have are empty;
    `buggy_solution` and `instruction` are HumanEvalPack's; `stop_tokens`, before which completions are cut, and
    `closing`, what that takes from them, MultiPL-E's.
    """

    task_id: str
    prompt: str
    declaration: str
    canonical_solution: str
    test: str
    example_test: str
    imports: str = ""
    test_setup: str = ""
    buggy_solution: str = ""
    instruction: str = ""
    stop_tokens: tuple[str, ...] = ()
    closing: str = ""
    source: str = ""

    @classmethod
    def from_json(cls, row: JsonObject, *, where: str) -> Problem:
        """Check a row and return it as a record. Raises ProblemError naming `where`, the task and the key."""
        if not isinstance(row, Mapping):
            raise ProblemError(f"{where}: a row has to be a JSON object, found {type(row).__name__}; see {RESTORE}")
        task_id = row.get("task_id")
        at = f"{where} ({task_id})" if isinstance(task_id, str) else where
        go = isinstance(task_id, str) and task_id.startswith("Go/")
        values: dict[str, Any] = {}
        for name, key, required in (
            ("task_id", "task_id", True),
            ("prompt", "prompt", True),
            ("declaration", "declaration", True),
            ("canonical_solution", "canonical_solution", True),
            ("test", "test", True),
            ("example_test", "example_test", False),
            ("imports", "import", go),
            ("test_setup", "test_setup", go),
            ("buggy_solution", "buggy_solution", False),
            ("instruction", "instruction", False),
        ):
            value = row.get(key)
            if value is None:
                if required:
                    raise ProblemError(f"{at}: '{key}' is missing; {RESTORE}")
                value = ""
            if not isinstance(value, str):
                raise ProblemError(f"{at}: '{key}' has to be a string, found {type(value).__name__}; {RESTORE}")
            values[name] = value
        if BARE_COMMENT.fullmatch(values["prompt"]):  # Rust's: the docstring alone, which stands in the function's body
            values["prompt"] = values["declaration"] + values["prompt"]
        if values["task_id"].count("/") != 1 or not all(values["task_id"].split("/")):
            raise ProblemError(f"{at}: 'task_id' has to read like 'Python/12'; {RESTORE}")
        return cls(**values, source=where)

    @property
    def prefix(self) -> str:
        """The language part of `task_id`: 'CPP' of 'CPP/12'."""
        return self.task_id.partition("/")[0]

    @property
    def number(self) -> str:
        """The part of `task_id` that the languages share: '12' of 'CPP/12', 'fresh-3' of 'Go/fresh-3'."""
        return self.task_id.partition("/")[2]


BARE_COMMENT = re.compile(r"\s*/\*.*?\*/\s*", re.DOTALL)
RESTORE = "restore the file with: python evaluate.py problems fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One completion to be judged. `task_id` is the TARGET's; `source_language` is set for a translation.

    `task` is the name of the task where the row names one: generation and translation need none.
    `answers` is what its row says that it holds, in a word of `--answers`; "auto" where it says nothing.
    `extra` is everything else the row carried (sampling settings, the raw text), kept as it was.
    """

    task_id: str
    completion: str
    sample_index: int
    source_language: str | None = None
    task: str = ""
    answers: str = "auto"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """What the model was shown, in a word: the source language, the task that is named, or ""."""
        return origin_of(self.source_language, self.task)

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes a sample one of its kind within a run."""
        return self.task_id, self.origin, self.sample_index


class ReadAs(str, Enum):
    """What one answer was taken for."""

    CONTINUATION = "continuation"
    PROGRAM = "whole program"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer, read: the text to judge, with what the problem gives, and how it was found."""

    read_as: ReadAs
    mended: tuple[str, ...] = ()  # what was taken away or mended, in plain words
    candidate: str
    imports: tuple[str, ...] = ()  # of the answer, for languages whose assembly places them
    code: str = ""  # for the same languages: `candidate` with strings and comments as blanks
    missing: str = ""  # why there is nothing to judge

    @property
    def words(self) -> str:
        """What stands in a verdict row: 'whole program', 'continuation: indentation'."""
        return ": ".join(filter(None, (self.read_as.value, ", ".join(self.mended))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The function that a problem's text opens: its name, the text before it, its header; empty where it opens none.

    `tests` are the tests with strings and comments as blanks.
    """

    name: str = ""
    before: str = ""
    header: str = ""
    tests: str = ""


@dataclass(frozen=True, kw_only=True)
class Program:
    """An assembled program in named parts, so that the jail can guard the tests apart from the candidate.

    `preamble` and `tests` are trusted, `candidate` (declaration or prompt, and completion) is not. `declared` is
    trusted too: what tests that are judged apart from the candidate have to know of it, in the language's own way;
    empty where a language has no such way, or the problem's text does not show it.
    """

    language: str
    preamble: str
    candidate: str
    tests: str
    declared: str = ""
    all_checks: bool = True  # go on after a failed check

    @cached_property
    def digest(self) -> str:
        """SHA-256 over language and parts, 32 hex digits: programs with one digest are one program."""
        whole = hashlib.sha256()
        for part in (self.language, self.preamble, self.candidate, self.tests, self.declared):
            data = part.encode("utf-8", "surrogatepass")
            whole.update(len(data).to_bytes(8, "big") + data)
        return whole.hexdigest()[:32]

    @property
    def text(self) -> str:
        """The whole source, for people to read."""
        return self.preamble + self.candidate + self.tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole program of its own: no tests, but a run for each of `inputs`, arguments, files (in base64, by path)."""

    language: str
    source: str
    inputs: tuple[str, ...] = ("",)
    arguments: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    fetch: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Names the script in the conversation with a jail."""
        return hashlib.sha256(f"{self.language}\0{self.source}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


A_DAY_S, A_TIB_MIB = 86_400, 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one stage (compile or run) of one program may use; the whole process tree together.

    CPU time decides; wall time only ends what sleeps, and leaves out waiting for a busy processor. Raises OptionError.

    Args:
        cpu_s: CPU seconds
        wall_s: wall seconds, without waiting for a busy processor,
        memory_mib: memory
    """

    cpu_s: Annotated[float, Range(0, A_DAY_S, above=True)]
    wall_s: Annotated[float, Range(0, A_DAY_S, above=True)]
    memory_mib: Annotated[int, Range(1, A_TIB_MIB)]
    output_bytes: Annotated[int, Range(1), Internal()]
    processes: Annotated[int, Range(1), Internal()]
    file_mib: Annotated[int, Range(1), Internal()]

    def __post_init__(self) -> None:
        """Refuse a limit that is no positive number."""
        check_fields(self, "the limit {}")


COMPILE_LIMITS = Limits(cpu_s=30, wall_s=60, memory_mib=2048, output_bytes=1 << 20, processes=128, file_mib=64)
RUN_LIMITS = Limits(cpu_s=5, wall_s=10, memory_mib=1024, output_bytes=1 << 20, processes=128, file_mib=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLimits:
    """The limits of a program's two stages."""

    compiling: Limits
    running: Limits

    @property
    def wall_s(self) -> float:
        """The wall seconds of both."""
        return self.compiling.wall_s + self.running.wall_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on one program, and what it used (compile and run together)."""

    status: Status
    reason: str
    cpu_s: float
    wall_s: float
    memory_mib: float
    stdout: str = ""
    stderr: str = ""
    compiler_output: str = ""
    checks: int = 0
    failures: int = 0
    not_negated: int | None = None  # checks whose expectation could not be made wrong; None: negated tests were not run
    called_with: str = ""  # of the first check that failed, where it is known: as the language writes values, cut
    expected: str = ""
    got: str = ""

    @property
    def passed(self) -> bool:
        """Whether the program passed."""
        return self.status is Status.PASSED

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Verdict:
        """Read a verdict from an agent's answer or a row of verdicts.jsonl; other keys are left out."""
        values = {name: row[name] for name in cls.__dataclass_fields__ if name in row}
        if "unfalsified" in row:  # its name in 0.1.0
            values.setdefault("not_negated", row["unfalsified"])
        values["status"] = Status(values["status"])
        return cls(**values)

    def to_json(self) -> JsonObject:
        """Return the row's own keys; `passed` is spelled out for those who only grep."""
        row: JsonObject = {
            "passed": self.passed,
            "status": self.status.value,
            "reason": self.reason,
            "cpu_s": round(self.cpu_s, 4),
            "wall_s": round(self.wall_s, 4),
            "memory_mib": round(self.memory_mib, 4),
            "stdout": self.stdout,
            "stderr": self.stderr,
            "compiler_output": self.compiler_output,
            "checks": self.checks,
            "failures": self.failures,
        }
        if self.not_negated is not None:
            row["not_negated"] = self.not_negated
        for name in ("called_with", "expected", "got"):  # a row has them where they are known
            if value := getattr(self, name):
                row[name] = value
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one command of a script did. `stopped` is the limit that ended it; `exit_code` is -N for signal N."""

    stopped: Status | None
    exit_code: int | None
    cpu_s: float
    wall_s: float
    memory_mib: float
    stdout: str
    stderr: str

    @property
    def ended_well(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.stopped is None and self.exit_code == 0

    @property
    def status(self) -> Status:
        """The status that says the same of a program."""
        return self.stopped or (Status.PASSED if self.exit_code == 0 else Status.RUNTIME_ERROR)

    @classmethod
    def from_json(cls, row: JsonObject) -> Stage:
        """Read a stage from an agent's answer."""
        values = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(**{**values, "stopped": Status(row["stopped"]) if row["stopped"] else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRun:
    """What a script did: its compilation (None: it has none), its runs (none: it did not compile), fetched files."""

    compiled: Stage | None
    ran: tuple[Stage, ...]
    files: Mapping[str, str]

    @property
    def status(self) -> Status:
        """The status that says the same of a program; `passed` says only that each run ended with status 0."""
        if not self.ran:
            return (self.compiled and self.compiled.stopped) or Status.COMPILE_ERROR
        return next((each.status for each in self.ran if not each.ended_well), Status.PASSED)

    @classmethod
    def from_json(cls, row: JsonObject) -> ScriptRun:
        """Read an agent's answer."""
        compiled = Stage.from_json(row["compiled"]) if row["compiled"] else None
        return cls(compiled=compiled, ran=tuple(map(Stage.from_json, row["ran"])), files=row["files"])
