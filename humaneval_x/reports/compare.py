"""Several runs beside one another: differences from the first with a paired bootstrap, problems won and lost.

Only runs that differ in nothing but their samples are compared: same problems, texts, tests, rules and limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from humaneval_x.errors import OptionError, ResultsError, listed
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import KNOWN
from humaneval_x.metrics import MeanDifference, paired
from humaneval_x.reports.published import Reference, reference_to_json
from humaneval_x.reports.run import Run
from humaneval_x.reports.tables import SHOWN, Cell, Table, Values, published_values, references, row, scores, values_of
from humaneval_x.run_report import ProblemsUsed
from humaneval_x.samples import SamplesFile
from humaneval_x.scores import OVERALL, Column, Scores, ks_of, scores_to_json, size_of
from humaneval_x.scoring import per_task
from humaneval_x.settings import Errata, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCell:
    """One problem in one column, as a table names it."""

    task_id: str
    column: Column

    @property
    def number(self) -> str:
        """The problem, as the languages share it."""
        return self.task_id.partition("/")[2]

    def __str__(self) -> str:
        source = f" from {KNOWN[self.column.source].TITLE}" if self.column.source else ""
        return f"{self.task_id}{source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The difference of one pass@k between two runs, of a column or over all (None), with the problems behind it.

    `won` and `lost` are those of which a larger, and of which a smaller part of the samples passes than before.
    """

    old: str
    new: str
    task: Task
    column: Column | None
    k: int
    found: MeanDifference
    won: Sequence[ProblemCell]
    lost: Sequence[ProblemCell]
    measured: bool  # whether there is an interval: no, where a column has one problem only

    @property
    def title(self) -> str:
        """The row's name for people."""
        return self.column.title if self.column else OVERALL

    @property
    def percent(self) -> str:
        """The difference for people, in percentage points."""
        value, low, high = (round(100 * each, 2) + 0.0 for each in (self.found.value, self.found.low, self.found.high))
        if not self.measured:
            return f"{value:+.2f} [no interval]"
        return f"{value:+.2f} [{low:+.1f}, {high:+.1f}] p {p_words(self.found.p)}"  # + 0.0: no -0

    @property
    def direction(self) -> str:
        """A sign where the difference is better or worse with p below 0.05."""
        if not self.measured or self.found.p >= 0.05:
            return ""
        return "▲" if self.found.value > 0 else "▼"

    def to_json(self) -> JsonObject:
        """Return the entry of comparison.json."""
        return {
            "old": self.old,
            "new": self.new,
            "task": self.task.value,
            "column": self.column.name if self.column else OVERALL,
            "size": size_of(self.k),
            **asdict(self.found),
            "won": [str(each) for each in self.won],
            "lost": [str(each) for each in self.lost],
        }


def p_words(p: float) -> str:
    """Return p as it reads behind the letter; the least that 2000 resamples can give is said to be below 0.0005."""
    return "< 0.0005" if p < 0.0005 else f"= {p:.4f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that a comparison shows. `scores` and `samples` are by the runs' names, the first run's first."""

    kind: ClassVar[str] = "comparison"
    names: Sequence[str]
    official: bool
    problems: ProblemsUsed
    errata: Errata
    scores: Mapping[str, Scores]
    samples: Mapping[str, Sequence[SamplesFile]]
    changes: Sequence[Change]
    reference: Reference

    @property
    def tasks(self) -> list[Task]:
        """Every task that any of the runs has."""
        return list(dict.fromkeys(task for scores in self.scores.values() for task in scores))

    def ks(self, task: Task) -> list[int]:
        """Return every k that any of the runs has for a task."""
        return ks_of(scores[task] for scores in self.scores.values() if task in scores)

    def to_json(self) -> JsonObject:
        """Return the content of comparison.json."""
        return {
            "kind": self.kind,
            "names": list(self.names),
            "official": self.official,
            "problems": {"name": self.problems.name, "digest": self.problems.digest},
            "errata": self.errata.value,
            "scores": {name: scores_to_json(scores) for name, scores in self.scores.items()},
            "samples": {name: [asdict(each) for each in files] for name, files in self.samples.items()},
            "differences": [each.to_json() for each in self.changes],
            "reference": reference_to_json(self.reference),
        }


def compare(runs: Sequence[Run], reference: Reference | None = None) -> Comparison:
    """Return what a comparison shows: every run against the first. Raises ResultsError, OptionError."""
    if len(runs) < 2:
        raise OptionError("a comparison needs at least two runs")
    first = runs[0]
    for run in runs:
        _check_alike(first, run)
    names = distinct([run.name for run in runs])
    return Comparison(
        names=names,
        official=first.official,
        problems=first.report.problems,
        errata=first.errata,
        scores={name: run.report.tasks for name, run in zip(names, runs, strict=True)},
        samples={name: run.report.samples for name, run in zip(names, runs, strict=True)},
        changes=[
            change
            for name, run in zip(names[1:], runs[1:], strict=True)
            for change in changes(first, run, names[0], name)
        ],
        reference=reference or {},
    )


def _check_alike(first: Run, run: Run) -> None:
    for key in sorted({*first.identity, *run.identity} - {"samples"}):
        ours, theirs = run.identity.get(key), first.identity.get(key)
        if ours != theirs:
            what = f"{run.folder}: '{key}' is {ours!r}, in {first.folder} {theirs!r}"
            raise ResultsError(f"{what}; compare runs of the same problems and settings")
    if run.problems is None:
        raise ResultsError(f"{run.folder}: {run.absent[0]}")


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names, numbered where two are the same."""
    return [f"{name} ({index + 1})" if names.count(name) > 1 else name for index, name in enumerate(names)]


def changes(old: Run, new: Run, old_name: str, new_name: str) -> Iterator[Change]:
    """Yield the difference of each pass@k that both runs have, by column, then over all where their columns agree."""
    for task, after in new.report.tasks.items():
        before = old.report.tasks.get(task)
        if before is None:
            continue
        shared = [column for column in after.columns if column in before.columns]
        rows: list[tuple[Column | None, Sequence[Column]]] = [(column, [column]) for column in shared]
        if set(after.columns) == set(before.columns):
            rows.append((None, shared))
        for column, group in rows:
            here, there = (scores.columns[column] if column else scores.overall for scores in (after, before))
            won, lost = changed(old, new, group)
            for k in sorted(set(here.pass_at) & set(there.pass_at)):
                pairs = [_paired_values(old, new, each, k) for each in group]
                yield Change(
                    old=old_name,
                    new=new_name,
                    task=task,
                    column=column,
                    k=k,
                    found=paired(pairs),
                    won=won,
                    lost=lost,
                    measured=any(len(values) > 1 for values, _ in pairs),
                )


def _paired_values(old: Run, new: Run, column: Column, k: int) -> tuple[list[float], list[float]]:
    before, after = old.counts.columns[column], new.counts.columns[column]
    shared = [task for task in new.expected(column) if min(before.n[task], after.n[task]) >= k]
    return per_task(before, shared, k), per_task(after, shared, k)


def changed(old: Run, new: Run, group: Sequence[Column]) -> tuple[list[ProblemCell], list[ProblemCell]]:
    """Return the problems of which a larger, and of which a smaller part of the samples passes than before."""
    won: list[ProblemCell] = []
    lost: list[ProblemCell] = []
    for column in group:
        before, after = old.counts.columns[column], new.counts.columns[column]
        for task_id in new.expected(column):
            # c / n as whole numbers: 1/3 and 2/6 are the same part, and without samples there is none
            one, two = before.c[task_id] * after.n[task_id], after.c[task_id] * before.n[task_id]
            if one != two:
                (won if two > one else lost).append(ProblemCell(task_id=task_id, column=column))
    return won, lost


def worse(view: Comparison, level: float) -> list[Change]:
    """Return the overall pass@1 differences that fell with p < level. Raises OptionError where there is none at all."""
    overall = [each for each in view.changes if each.column is None and each.k == 1]
    if not overall:
        raise OptionError(
            "--fail_if_worse needs an overall pass@1 in both runs; judge both with --k 1 and all languages"
        )
    return [each for each in overall if each.measured and each.found.value < 0 and each.found.p < level]


def comparison_tables(view: Comparison) -> dict[str, list[Table]]:
    """Return every table of a comparison, by section."""
    found: dict[str, list[Table]] = {"differences": [], "scores": [], "problems": [], "reference": []}
    for name in view.names[1:]:
        for task in dict.fromkeys(each.task for each in view.changes):
            rows = [each for each in view.changes if (each.new, each.task) == (name, task)]
            found["differences"].append(_differences(view.names[0], name, task, rows))
            found["problems"].append(_problems(name, task, rows))
    for name, tasks in view.scores.items():
        found["scores"] += [scores(named, f"{name}, {task.value}") for task, named in tasks.items()]
    for task, models in view.reference.items():
        having = {name: tasks[task] for name, tasks in view.scores.items() if task in tasks}
        if having:
            found["reference"] += references(having, models, task)
    return found


def _differences(old: str, new: str, task: Task, rows: Sequence[Change]) -> Table:
    ks = sorted({each.k for each in rows})
    lines = []
    for column in dict.fromkeys(each.column for each in rows):
        by_k = {each.k: each for each in rows if each.column == column}
        one = next(iter(by_k.values()))
        cells = [Cell(text=f"{by_k[k].direction} {by_k[k].percent}".strip() if k in by_k else "-") for k in ks]
        lines.append([*row(one.title, str(len(one.won)), str(len(one.lost))), *cells])
    return Table(
        title=f"{task.value}: {new} minus {old}, pass@k in percentage points",
        head=("", "won", "lost", *map(size_of, ks)),
        rows=lines,
        notes=(
            "[95 % interval], p: paired bootstrap over problems, two-sided; not corrected for the number of rows",
            "▲ better, ▼ worse with p < 0.05",
            "won, lost: problems of which a larger or smaller share of the samples passes",
        ),
    )


def _problems(name: str, task: Task, rows: Sequence[Change]) -> Table:
    one = {each.column: each for each in rows if each.column}
    lines = [row(column.title, _some(each.won), _some(each.lost)) for column, each in one.items()]
    return Table(title=f"{task.value}: problems that {name} won and lost", head=("", "won", "lost"), rows=lines)


def _some(problems: Sequence[ProblemCell]) -> str:
    return listed((each.number for each in problems), SHOWN)


def series(view: Comparison, task: Task, k: int) -> dict[str, dict[str, float]]:
    """Return {run or published model: {language's title: pass@k}}; for translation the mean over sources by target."""
    named: dict[str, Values] = {name: values_of(tasks[task]) for name, tasks in view.scores.items() if task in tasks}
    for model in view.reference.get(task, ()):
        named[f"{model.model} (published)"] = published_values(model)
    found = {name: by_language(values, k) for name, values in named.items()}
    return {name: values for name, values in found.items() if values}


def by_run(view: Comparison, task: Task, k: int) -> dict[str, list[float | None]]:
    """Return {language's title, or overall: its pass@k in each run, None where the run has none}, in their order."""
    found = [by_language(values_of(tasks[task]), k) if task in tasks else {} for tasks in view.scores.values()]
    titles = list(dict.fromkeys(title for values in found for title in values))
    lines: dict[str, list[float | None]] = {title: [values.get(title) for values in found] for title in titles}
    overall = [tasks[task].overall.pass_at.get(k) if task in tasks else None for tasks in view.scores.values()]
    if len(titles) > 1:
        lines[OVERALL] = [each.value if each else None for each in overall]
    return lines


def spread(view: Comparison, task: Task, k: int) -> dict[str, Sequence[float]]:
    """Return {run or published model: its values over the languages}, also where it is not known which is which."""
    found: dict[str, Sequence[float]] = {name: list(values.values()) for name, values in series(view, task, k).items()}
    for model in view.reference.get(task, ()):
        if k in model.unassigned:
            found[f"{model.model} (published)"] = model.unassigned[k]
    return found


def by_language(values: Values, k: int) -> dict[str, float]:
    """Return {language's title: pass@k}, a translation's by target, as the mean over the sources there are."""
    found = {}
    for language, module in KNOWN.items():
        there = [sizes[k] for column, sizes in values.items() if column.target == language and k in sizes]
        if there:
            found[module.TITLE] = sum(there) / len(there)
    return found
