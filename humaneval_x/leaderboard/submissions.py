"""A submission, checked in everything that needs no program to be run. Judges nothing."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from humaneval_x.errors import InputError, SubmissionError
from humaneval_x.files import whole
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, PAIRS
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.runners.machines import HERE, Jails
from humaneval_x.runners.toolchains import sandboxes_digest
from humaneval_x.samples import read_samples
from humaneval_x.settings import EvaluationSettings, Task

SCHEMA = Path(__file__).with_name("submission.schema.json")
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
METADATA, SAMPLES = "submission.json", "samples.jsonl.gz"
METADATA_BYTES = 1 << 16
MAX_TAMPERED = 0.01


@dataclass(frozen=True, kw_only=True)
class Board:
    """What a leaderboard holds all submissions to. `results` keeps their verdicts between builds."""

    problems: ProblemSet
    results: Path
    max_tampered: float = MAX_TAMPERED
    jails: Jails = HERE
    progress: bool = True

    def key(self, submission: Submission) -> str:
        """Return the digest of everything that a submission's verdicts depend on."""
        parts = [
            submission.about.samples_sha256,
            self.problems.digest,
            EvaluationSettings().to_json(),
            sandboxes_digest(),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """submission.json, as submission.schema.json has it."""

    model: str
    parameters_b: float | None = None
    link: str | None = None
    date: str | None = None
    tasks: tuple[str, ...]
    num_samples: int
    k: tuple[int, ...]
    problems: str
    problems_digest: str
    samples_sha256: str
    settings: Mapping[str, str | float | bool]

    @classmethod
    def from_json(cls, content: JsonObject) -> Metadata:
        """Read what the schema was checked against."""
        return cls(**{**content, "tasks": tuple(content["tasks"]), "k": tuple(content["k"])})


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A submission whose metadata and files are in order."""

    name: str
    samples: Path
    about: Metadata

    @property
    def ks(self) -> list[int]:
        """The k to publish."""
        return sorted(self.about.k)


def board(problems: str, results: str | Path, **more: Any) -> Board:
    """Return a board over a problem set. Raises ProblemError, OptionError."""
    return Board(problems=load_problems(problems), results=Path(results), **more)


def read_submission(folder: Path, board: Board) -> Submission:
    """Check everything of a submission that needs no program to be run. Raises SubmissionError with one line."""
    name = folder.name
    if not NAME.fullmatch(name):
        expected = "small letters, digits, '.', '_' and '-', 64 at most"
        raise SubmissionError(f"{json.dumps(name[:80])}: a submission's folder is named with {expected}; rename it")
    for path in (folder, folder / METADATA, folder / SAMPLES):
        wanted = stat.S_ISDIR if path is folder else stat.S_ISREG
        try:
            mode = path.lstat().st_mode  # a link could name a file of this machine
        except OSError as fault:
            raise SubmissionError(
                f"{name}: {path.name} is missing; a submission has {METADATA} and {SAMPLES}"
            ) from fault
        if not wanted(mode):
            raise SubmissionError(f"{name}: {path.name} is not a plain {'folder' if path is folder else 'file'}")
    about = _metadata(folder / METADATA, name)
    digest = whole.sha256_of(folder / SAMPLES, SubmissionError)[1]
    if about.samples_sha256 != digest:
        told = f"{SAMPLES} has the SHA-256 {digest}, {METADATA} says {about.samples_sha256[:12]}..."
        raise SubmissionError(f"{name}: {told}; correct 'samples_sha256' or the file")
    here = board.problems
    if (about.problems, about.problems_digest) != (here.name, here.digest):
        theirs = f"{json.dumps(about.problems)} {about.problems_digest[:12]}..."
        told = f"it is of the problem set {theirs}, this leaderboard of {here.name} {here.digest}"
        raise SubmissionError(f"{name}: {told}; sample that set")
    most = max(about.k)
    if about.num_samples < most:
        told = f"pass@{most} needs at least {most} samples of each problem, 'num_samples' is {about.num_samples}"
        raise SubmissionError(f"{name}: {told}; draw more or leave {most} out of 'k'")
    submission = Submission(name=name, samples=folder / SAMPLES, about=about)
    _check_samples(submission, board)
    return submission


def _metadata(path: Path, name: str) -> Metadata:
    try:
        data = path.read_bytes()
        if len(data) > METADATA_BYTES:
            raise ValueError(f"larger than {METADATA_BYTES} bytes")
        content = json.loads(data, parse_constant=_no_constant)
    except (OSError, ValueError, RecursionError) as fault:
        raise SubmissionError(f"{name}: {METADATA} cannot be read: {_line(fault)}; it is one JSON object") from fault
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    fault_found = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(content))
    if fault_found is not None:
        at = ".".join(str(each) for each in fault_found.absolute_path)
        where = f"'{_line(at)}': " if at else ""
        raise SubmissionError(f"{name}: {METADATA}: {where}{_line(fault_found.message)}; see docs/leaderboard.md")
    return Metadata.from_json(content)


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _line(value: object) -> str:
    """A stranger's text, or a message with some in it, as one short line."""
    text = " ".join(str(value).split())
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= 200 else shown[:200] + "..."


def _check_samples(submission: Submission, board: Board) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    try:
        for sample in read_samples([submission.samples], board.problems):
            counted[sample.task_id, sample.source_language or ""] += 1
    except InputError as fault:
        raise SubmissionError(
            f"{submission.name}: {_line(str(fault).replace(str(submission.samples), SAMPLES))}"
        ) from fault
    wanted = {key: task for task in submission.about.tasks for key in keys_of(task, board.problems)}
    n = submission.about.num_samples
    for task in submission.about.tasks:
        keys = [key for key in wanted if wanted[key] == task]
        short = [key for key in keys if counted[key] != n]
        if short:
            absent = sum(not counted[key] for key in short)
            first = short[0][0] + (f" from {short[0][1]}" if short[0][1] else "")
            told = (
                f"{task}: {len(short)} of {len(keys)} tasks do not have {n} samples ({absent} have none), the first: "
            )
            raise SubmissionError(f"{submission.name}: {told}{first} has {counted[short[0]]}; complete {SAMPLES}")
    if more := [key for key in counted if key not in wanted]:
        told = (
            f"there are samples of {more[0][0]}{' as a translation' if more[0][1] else ''}, which 'tasks' does not name"
        )
        raise SubmissionError(f"{submission.name}: {told}; correct 'tasks' or {SAMPLES}")


def keys_of(task: str, problems: ProblemSet) -> list[tuple[str, str]]:
    """Return every (task_id, source language or '') of a task."""
    found = []
    for task_id, problem in problems.problems.items():
        target = BY_PREFIX[problem.prefix].NAME
        sources = [s for s, t in PAIRS if t == target] if task == Task.TRANSLATION.value else [""]
        found += [(task_id, source) for source in sources]
    return found
