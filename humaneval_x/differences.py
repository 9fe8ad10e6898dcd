"""Where another harness's verdict is not ours, and why: each such sample with its cause and the program that was run.

The causes, the first that applies:
    tampered   ours says that the program reached for the tests
    limits     one of the two ended the program at a limit of time, memory or output
    errata     the problem's text is known to be wrong, or the corrected text gives their verdict
    read as    the program that ran is not the text behind the prompt: a whole program, a chat answer, a mended one
    cut        the program that ran is the text behind the prompt without a part of it
    tests      the program is what the row says; tests, compilers or versions decide differently

Reads verdicts and runs nothing. A cause is evidence, not proof: of two that apply, only the first is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from humaneval_x.assembly import Order, Prepared, apart, texts_of
from humaneval_x.errata import official_errata
from humaneval_x.errors import ProblemError, ResultsError, SampleError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages.source import prefix_of
from humaneval_x.problem_files import FRESH, OFFICIAL
from humaneval_x.problems import ProblemSet, load_as
from humaneval_x.records import Problem, ReadAs, Sample, Status
from humaneval_x.results import VERDICTS, read_rows, read_settings
from humaneval_x.samples import Asked, Key, Recognised, read_samples
from humaneval_x.settings import Errata, EvaluationSettings
from humaneval_x.tasks import row_of, task_of
from humaneval_x.verdict_rows import Row

LIMITS = (Status.TIMED_OUT, Status.MEMORY_EXCEEDED, Status.OUTPUT_EXCEEDED)
TOO_MUCH = re.compile(r"tim(?:e|ed)[ _-]?(?:out|limit)|memory", re.IGNORECASE)


class Cause(str, Enum):
    """Why two verdicts differ."""

    TAMPERED = "tampered"
    LIMITS = "limits"
    ERRATA = "errata"
    READ_AS = "read as"
    CUT = "cut"
    TESTS = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One sample that the two harnesses do not agree on."""

    row: Row
    theirs: bool
    cause: Cause
    read_as: str
    program: str

    def to_json(self) -> JsonObject:
        """Return the difference for a file."""
        return {
            "task_id": self.row.task_id,
            **row_of(self.row.origin),
            "sample_index": self.row.sample_index,
            "theirs": self.theirs,
            "ours": self.row.verdict.passed,
            "status": self.row.verdict.status.value,
            "reason": self.row.verdict.reason,
            "read_as": self.read_as,
            "program": self.program,
        }

    def __str__(self) -> str:
        source = f" of {self.row.task}" if self.row.task else ""
        source = f" from {self.row.source_language}" if self.row.source_language else source
        theirs = "passed" if self.theirs else "failed"
        reason = f" ({self.row.verdict.reason})" if self.row.verdict.reason else ""
        name = f"{self.row.task_id}{source} sample {self.row.sample_index}"
        return f"{name}: theirs {theirs}, ours {self.row.verdict.status}{reason}, read as {self.read_as}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Two harnesses' verdicts on the same samples."""

    samples: int
    compared: int
    found: Sequence[Difference]

    def of(self, cause: Cause) -> list[Difference]:
        """Return the differences of one cause."""
        return [each for each in self.found if each.cause is cause]

    def to_json(self) -> JsonObject:
        """Return everything, by cause."""
        causes = {cause.value: [each.to_json() for each in self.of(cause)] for cause in Cause}
        return {"samples": self.samples, "compared": self.compared, "differ": len(self.found), "causes": causes}

    def text(self, shown: int) -> str:
        """Return what people read: the counts, and the first `shown` of each cause with their programs."""
        theirs = sum(each.theirs for each in self.found)
        lines = [
            f"{self.samples} samples, {self.compared} with both verdicts: {len(self.found)} differ; "
            f"only theirs passes {theirs}, only ours {len(self.found) - theirs}"
        ]
        for cause in Cause:
            group = self.of(cause)
            if group:
                lines += ["", f"{cause.value}: {len(group)}"]
            for each in group[:shown]:
                lines += [f"  {each}", *(f"    | {line}" for line in each.program.splitlines())]
            if len(group) > shown:
                lines.append(f"  and {len(group) - shown} more; --shown shows more of them, --json all")
        return "\n".join(lines)


def differences(
    samples: Sequence[str | Path],
    against: str | Path,
    *,
    problems: str | Path | None = None,
    asked: Asked | None = None,
) -> Differences:
    """Compare the verdicts that samples carry with those of a run's folder. Raises SampleError, ResultsError."""
    run = _Run(Path(against), problems)
    rows = {row.key: row for row in read_rows(run.folder)}
    verdicts: dict[Key, bool] = {}
    told = Recognised(verdicts=verdicts)
    compared, found = 0, []
    for sample in read_samples(samples, run.loaded, run.asked if asked is None else asked, told):
        theirs, row = verdicts.pop(sample.key, None), rows.get(sample.key)
        if theirs is None or row is None:
            continue
        compared += 1
        if theirs != row.verdict.passed:
            found.append(run.difference(sample, row, theirs))
    if not compared:
        what = "no sample has both a verdict of another harness and one of ours"
        keys = "expected keys such as passed, result, status or expected in the samples, judged by the run"
        raise SampleError(f"{', '.join(map(str, samples))} and {run.folder}: {what}; {keys}")
    return Differences(samples=told.samples, compared=compared, found=found)


class _Run:
    """A run's folder, as far as it explains verdicts."""

    def __init__(self, folder: Path, problems: str | Path | None) -> None:
        self.folder = folder
        values = read_settings(folder)
        self.settings = _settings(values, folder)
        self.asked = Asked.from_json(values.get("asked", {}))
        self.loaded = _problems(values, problems, folder)
        self.texts: Mapping[str, Problem] = texts_of(self.loaded, self.settings.errata)

    def difference(self, sample: Sample, row: Row, theirs: bool) -> Difference:
        """Return why the verdicts on one sample differ, with the program that the run judged."""
        problem = self.texts[sample.task_id]
        found = apart(Order(problem, sample, self.settings))
        cause = self.cause(sample, row, theirs, found)
        return Difference(row=row, theirs=theirs, cause=cause, read_as=found.read_as, program=found.program.text)

    def cause(self, sample: Sample, row: Row, theirs: bool, found: Prepared) -> Cause:
        """Return why the verdicts on one sample differ."""
        if row.verdict.status is Status.TAMPERED:
            return Cause.TAMPERED
        if row.verdict.status in LIMITS or (not theirs and ended_at_a_limit(sample.extra)):
            return Cause.LIMITS
        if self.others.get(sample.key) is theirs or sample.task_id in self.wrong:
            return Cause.ERRATA
        prefix = prefix_of(self.texts[sample.task_id], task_of(sample.origin))
        return read_or_cut(found, prefix, sample.completion)

    @cached_property
    def others(self) -> dict[Key, bool]:
        """The verdicts under the other texts of the problems, of the samples where they make another program."""
        beside = self.folder / self.settings.errata.other.value
        rows: Iterable[Row] = read_rows(beside) if (beside / VERDICTS).exists() else ()
        return {row.key: row.verdict.passed for row in rows}

    @cached_property
    def wrong(self) -> frozenset[str]:
        """The tasks whose published text fails or passes what it should not."""
        if self.loaded.name != OFFICIAL or self.settings.errata is Errata.CORRECTED:
            return frozenset()
        return frozenset(each.task_id for each in official_errata() if each.fails or each.unpassable or each.unstable)


def read_or_cut(found: Prepared, prefix: str, completion: str) -> Cause:
    """Return TESTS for a program that is the text behind the prompt, CUT for a part of it, READ_AS for the rest."""
    if found.read_as != ReadAs.CONTINUATION.value or found.missing:
        return Cause.READ_AS
    return Cause.TESTS if found.program.candidate.split() == (prefix + completion).split() else Cause.CUT


def ended_at_a_limit(carried: Mapping[str, Any]) -> bool:
    """Whether a row says that the other harness ended its program at a limit."""
    return any(isinstance(value, str) and TOO_MUCH.match(value) for value in carried.values())


def _settings(values: JsonObject, folder: Path) -> EvaluationSettings:
    try:
        return EvaluationSettings.from_json(values)
    except (KeyError, ValueError) as fault:
        what = f"its run.json has no {fault.args[0]!r} that this version knows"
        raise ResultsError(f"{folder}: {what}; run the samples again") from fault


def _problems(values: JsonObject, given: str | Path | None, folder: Path) -> ProblemSet:
    """Return the problems of the run: those given, else the set with the run's digest. Raises ResultsError."""
    for name in (OFFICIAL, FRESH) if given is None else (given,):
        try:
            loaded = load_as(name, str(values.get("problems")))
        except ProblemError:
            if given is not None:
                raise
            continue
        if loaded.digest == values.get("problems"):
            return loaded
    found = "its problems are not those of a known set" if given is None else f"its problems are not those of {given}"
    raise ResultsError(f"{folder}: {found}; name the folder that the run was made with, with --problems")
