"""One run's folder, read for a report: its scores as they stand, and what is counted from its verdicts.

Does not score anew: pass@k for more values of k comes from the same functions (`scoring`, `metrics`), and a folder
whose scores and verdicts do not belong together is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import ClassVar

from humaneval_x.answers.opening import opened
from humaneval_x.assembly import tasks_of, texts_of
from humaneval_x.errors import InputError, ResultsError
from humaneval_x.files.whole import write_json
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.metrics import Estimate, estimate, stratified
from humaneval_x.problem_files import OFFICIAL, SETS
from humaneval_x.problems import ProblemSet, load_as
from humaneval_x.records import Problem
from humaneval_x.reports.published import Reference, reference_to_json
from humaneval_x.results import SCORES, VERDICTS, read_rows, read_settings
from humaneval_x.run_report import ProblemsUsed, RunReport, place_of, read_report
from humaneval_x.samples import is_same
from humaneval_x.scores import OVERALL, Column
from humaneval_x.scoring import Counts, columns, per_task, tallied
from humaneval_x.settings import Errata, Task
from humaneval_x.verdict_rows import Row

CURVE = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 500, 700, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run's folder. `absent` says in sentences what cannot be shown, and what to do about it."""

    folder: Path
    name: str
    report: RunReport
    identity: JsonObject  # run.json: what tells the run from another one
    problems: ProblemSet | None
    texts: Mapping[str, Problem]  # as they judged; empty without the problem set
    samples: Sequence[Path]  # empty where they are not to be had
    counts: VerdictCounts
    absent: Sequence[str]

    @property
    def errata(self) -> Errata:
        """Which texts judged: the first of the two scores where they differ."""
        return self.report.settings.errata

    @property
    def judged_on(self) -> str:
        """The day of the last verdict (UTC)."""
        return f"{datetime.fromtimestamp((self.folder / VERDICTS).stat().st_mtime, timezone.utc):%Y-%m-%d}"

    @property
    def other(self) -> Errata | None:
        """The other texts, where the run has verdicts under them."""
        return next((errata for errata in self.report.scores if errata is not self.errata), None)

    @property
    def official(self) -> bool:
        """Whether it is a run of the official set."""
        return self.report.problems.name == OFFICIAL

    def expected(self, column: Column) -> list[str]:
        """Return the task_ids of a column's target, in the order that the scores were computed in."""
        return tasks_of(self.problems)[column.target] if self.problems else []

    def values(self, column: Column, k: int) -> list[float]:
        """Return the pass@k of each task that has k samples, in the order that the scores were computed in."""
        return per_task(self.counts.columns[column], self.expected(column), k)


@dataclass
class VerdictCounts:
    """What one pass over the verdicts counts."""

    columns: dict[Column, Counts] = field(default_factory=dict)
    executed: int = 0
    shared: int = 0
    cpu_s: float = 0.0

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the rows on, counted."""
        for row in rows:
            self.shared += row.shared
            self.executed += not row.shared
            self.cpu_s += 0.0 if row.shared else row.verdict.cpu_s
            yield row


def read_run(
    folder: str | Path,
    *,
    problems: str | Path | None = None,
    samples: Sequence[str | Path] = (),
    rows: Iterable[Row] | None = None,
    name: str | None = None,
) -> Run:
    """Read a run's folder. `rows` are its verdicts where the caller goes over them too.

    `samples` and `problems` say where those are now; samples files are known by their SHA-256. Raises
    ResultsError: no run, not finished, scores of other verdicts.
    """
    folder = Path(folder)
    identity = read_settings(folder)
    report = read_report(folder / SCORES)
    absent: list[str] = []
    loaded = _problems(folder, report.problems, problems, absent)
    counts = VerdictCounts()
    counts.columns = columns(tallied(counts.count(read_rows(folder) if rows is None else rows)))
    _check(folder, report, counts)
    return Run(
        folder=folder,
        name=name or folder.resolve().name,
        report=report,
        identity=identity,
        problems=loaded,
        texts=texts_of(loaded, report.settings.errata) if loaded else {},
        samples=_samples(folder, report, samples, absent),
        counts=counts,
        absent=absent,
    )


def _problems(folder: Path, used: ProblemsUsed, given: str | Path | None, absent: list[str]) -> ProblemSet | None:
    try:
        loaded = load_as(given, used.digest) if given else _found(folder, used)
    except InputError as fault:
        if given:
            raise
        absent.append(f"The problem set is not at hand ({fault}): no curves, prompts and programs. Give --problems.")
        return None
    if loaded.digest != used.digest:
        found = f"the problems of {loaded.name} have the digest {loaded.digest[:12]}, the run's {used.digest[:12]}"
        if given:
            raise ResultsError(f"{loaded.directory}: {found}; give the folder the run was made with")
        absent.append(f"The problem set has changed: {found}. No curves, prompts and programs. Give --problems.")
        return None
    return loaded


def _found(folder: Path, used: ProblemsUsed) -> ProblemSet:
    """Return a run's problem set: a known one by its name, any other from where it was. Raises InputError."""
    places: list[str | Path] = [folder / used.at] if used.at and (folder / used.at).is_dir() else []
    if used.name in SETS:
        places.insert(0, used.name)
    for place in places[:-1]:
        try:
            return load_as(place, used.digest)
        except InputError:
            continue
    return load_as(places[-1] if places else used.name.removesuffix(" (unverified)"), used.digest)


def _samples(folder: Path, report: RunReport, given: Sequence[str | Path], absent: list[str]) -> list[Path]:
    found = []
    for number, known in enumerate(report.samples):
        places = [Path(each) for each in given] or [
            *[folder / each for each in report.samples_at[number : number + 1]],  # an absolute path stays itself
            folder / known.file,
        ]
        match = next((place for place in places if is_same(place, known)), None)
        if match is None:
            what = f"{known.file} with the SHA-256 {known.sha256[:12]}..."
            if given:
                raise ResultsError(f"--samples: none of the files given is {what}; give the samples the run judged")
            absent.append(f"The samples file {what} is not where it was: no completions. Give --samples.")
        else:
            found.append(match)
    return found if len(found) == len(report.samples) else []


def remember(run: Run) -> None:
    """Keep where a run's samples and problems were found, so that the next report finds them by itself."""
    report = run.report
    at = tuple(place_of(path, run.folder) for path in run.samples) or report.samples_at
    problems = report.problems
    if run.problems is not None:
        problems = replace(problems, at=place_of(run.problems.directory, run.folder))
    known = replace(report, samples_at=at, problems=problems)
    if known.to_json() != report.to_json():
        with suppress(OSError):  # a folder that may only be read is no less shown
            write_json(run.folder / SCORES, known.to_json())


def _check(folder: Path, report: RunReport, counts: VerdictCounts) -> None:
    counted = {column: dict(each.outcomes) for column, each in counts.columns.items()}
    told = {score.column: score.outcomes for scores in report.tasks.values() for score in scores}
    if counted != told:
        what = f"{folder}: {SCORES} and verdicts.jsonl do not belong together: the verdicts have changed since"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it writes the scores anew")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """pass@k over k, for k up to the smallest n: of a language, of all pairs into a target, or over all columns."""

    name: str  # a language, or 'overall'
    title: str
    points: Mapping[int, Estimate]

    def to_json(self) -> dict[int, dict[str, float]]:
        """Return the points as they stand in report.json."""
        return {k: {"value": each.value, "low": each.low, "high": each.high} for k, each in self.points.items()}


def curves(run: Run) -> dict[Task, list[Curve]]:
    """Return the curves of each task: one for each language or target, and one over all columns, where k allows."""
    return {task: [curve for curve in _curves(run, task) if curve.points] for task in run.report.tasks}


def _curves(run: Run, task: Task) -> Iterator[Curve]:
    own = list(run.report.tasks[task].columns)
    for name, language in KNOWN.items():
        group = [column for column in own if column.target == name]
        if group:
            title = f"to {language.TITLE}" if task is Task.TRANSLATION else language.TITLE
            yield Curve(name=name, title=title, points=_points(run, group))
    yield Curve(name=OVERALL, title=OVERALL, points=_points(run, own))


def _points(run: Run, group: Sequence[Column]) -> dict[int, Estimate]:
    """The pass@k over some columns, for each k that every one of their tasks has enough samples for."""
    if run.problems is None:
        return {}
    smallest = min(run.counts.columns[column].n[task_id] for column in group for task_id in run.expected(column))
    asked = {k for scores in run.report.tasks.values() for k in scores.ks}
    points = {}
    for k in sorted(k for k in {*CURVE, *asked, smallest} if 1 <= k <= smallest):
        values = [run.values(column, k) for column in group]
        points[k] = stratified(values) if len(values) > 1 else estimate(values[0])
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How many samples each problem has in each column, and how many of them passed; None without samples."""

    numbers: Sequence[str]
    columns: Mapping[Column, Sequence[tuple[int, int] | None]]

    def to_json(self) -> JsonObject:
        """Return the grid as it stands in report.json and in the page."""
        return {"numbers": self.numbers, "columns": {column.key: cells for column, cells in self.columns.items()}}


def grid(run: Run, task: Task) -> Grid:
    """Return the counts of each problem of a task, in the order of the problem files."""
    own = {column: counts for column, counts in run.counts.columns.items() if column.task is task}
    listed = numbers(run, own)
    counted = {column: {_number(t): (each.n[t], each.c[t]) for t in each.n} for column, each in own.items()}
    return Grid(
        numbers=listed,
        columns={column: [cells.get(number) for number in listed] for column, cells in counted.items()},
    )


def numbers(run: Run, own: Mapping[Column, Counts]) -> list[str]:
    """Return the problems of some columns, as the languages share them ('12'), in the order of the files."""
    if run.problems:
        ids = [task_id for column in own for task_id in run.expected(column)]
    else:
        ids = sorted({task_id for counts in own.values() for task_id in counts.n}, key=lambda t: (len(t), t))
    return list(dict.fromkeys(map(_number, ids)))


def names(texts: Mapping[str, Problem]) -> dict[str, str]:
    """Return the function that each problem asks for, by the number that the languages share, in the first of them."""
    found: dict[str, str] = {}
    for problem in texts.values():
        if problem.number not in found:
            found[problem.number] = opened(BY_PREFIX[problem.prefix].NAME, problem.prompt).name
    return found


def _number(task_id: str) -> str:
    return task_id.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """Everything that a report of one run shows."""

    kind: ClassVar[str] = "run"
    run: Run
    curves: Mapping[Task, Sequence[Curve]]
    grids: Mapping[Task, Grid]
    reference: Reference

    def to_json(self) -> JsonObject:
        """Return the content of report.json."""
        run, content = self.run, self.run.report.to_json()
        del content["problems"]["at"]  # where files lie on this machine is nobody else's business
        return {
            "kind": self.kind,
            "name": run.name,
            "official": run.official,
            "run": {key: value for key, value in content.items() if key not in ("scores", "samples_at")},
            "executed": run.counts.executed,
            "shared": run.counts.shared,
            "cpu_s": round(run.counts.cpu_s, 3),
            "scores": content["scores"],
            "errata": run.errata.value,
            "curves": {
                task.value: {curve.name: curve.to_json() for curve in each} for task, each in self.curves.items()
            },
            "grid": {task.value: each.to_json() for task, each in self.grids.items()},
            "absent": list(run.absent),
            "reference": reference_to_json(self.reference),
        }


def view(run: Run, reference: Reference | None = None) -> RunView:
    """Return what a report of one run shows."""
    grids = {task: grid(run, task) for task in run.report.tasks}
    return RunView(run=run, curves=curves(run), grids=grids, reference=reference or {})
