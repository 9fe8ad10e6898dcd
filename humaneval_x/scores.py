"""The figures of a run, and their JSON: columns, pass@k with intervals, what is missing, each with its type.

JSON exists at the edges only: `to_json` and `from_json` here and in `run_report.py` are the places that know its keys.
Computes nothing: `scoring.py` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from humaneval_x.errors import OptionError, listed, unknown
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import KNOWN
from humaneval_x.records import Status
from humaneval_x.settings import Task
from humaneval_x.tasks import TASKS, name_of, source_of, task_of

OVERALL = "overall"  # the key of the figures over all columns; no language is called so
_SIZE = re.compile(r"pass@(\d+)")


def size_of(k: int) -> str:
    """Return the key of a pass@k: 'pass@10'."""
    return f"pass@{k}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table: a language (generation), or a source and a target (translation)."""

    task: Task
    target: str
    source: str = ""

    @classmethod
    def of(cls, origin: str, target: str) -> Column:
        """Return the column of samples of one origin."""
        return cls(task=task_of(origin), target=target, source=source_of(origin) or "")

    @property
    def key(self) -> str:
        """The column's name where columns of several tasks stand together: 'cpp', 'python-go', 'repair-go'."""
        named = name_of(self.task)
        return f"{named}-{self.target}" if named else self.name

    @property
    def name(self) -> str:
        """The column's key in JSON: 'cpp', 'python-go'."""
        return f"{self.source}-{self.target}" if self.source else self.target

    @property
    def title(self) -> str:
        """The column's name for people: 'C++', 'Python -> Go'."""
        target = KNOWN[self.target].TITLE
        return f"{KNOWN[self.source].TITLE} -> {target}" if self.source else target

    @classmethod
    def named(cls, task: Task, name: str) -> Column:
        """Return the column of a JSON key. Raises ValueError."""
        source, _, target = name.rpartition("-")
        if target not in KNOWN or bool(source) is not TASKS[task].pairs or (source and source == target):
            raise ValueError(f"{name!r} is no column of the {task.value} task")
        if source and source not in KNOWN:
            raise ValueError(unknown("language", source, KNOWN))
        return cls(task=task, target=target, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassAtK:
    """One pass@k with its 95 % interval, as fractions, over `n_tasks` tasks; `partial`: some tasks are missing."""

    value: float
    low: float
    high: float
    n_tasks: int
    partial: bool = False

    @property
    def percent(self) -> str:
        """The figure for people: '66.00 [56.0, 75.0]', '66.00* [56.0, 75.0]' where it is partial."""
        mark = "*" if self.partial else ""
        return f"{100 * self.value:.2f}{mark} {self.interval}"

    @property
    def interval(self) -> str:
        """The interval for people; of one task, or of as many equal ones, there is none: it is not certainty."""
        if self.n_tasks < 2 or (self.low == self.high and 0 < self.value < 1):
            return "[no interval]"
        return f"[{100 * self.low:.1f}, {100 * self.high:.1f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why a column has no pass@k, or a partial one: these `tasks` have too few samples."""

    needs: str
    tasks: tuple[str, ...]
    without_samples: int  # how many of them have none
    all: bool  # every task has some samples, and too few

    def describe(self, title: str, k: int) -> str:
        """Return one line for people."""
        if self.all:
            return f"{title} {size_of(k)}: needs {self.needs}; all have fewer"
        fewer = f"{len(self.tasks)} have fewer ({self.without_samples} have none)"
        return f"{title} {size_of(k)}: needs {self.needs}; {fewer}: {listed(self.tasks)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one column. `outcomes` counts samples by status, `pass_at` and `missing` are by k."""

    column: Column
    n_tasks: int
    n_samples: int
    samples_per_task: tuple[int, int]  # fewest, most
    outcomes: Mapping[Status, int]
    pass_at: Mapping[int, PassAtK]
    missing: Mapping[int, Missing] = field(default_factory=dict)
    read_as: Mapping[str, int] = field(default_factory=dict)  # samples by what their text was taken for

    @property
    def title(self) -> str:
        """The row's name for people."""
        return self.column.title

    def notes(self) -> list[str]:
        """Return what is missing, a line for each k."""
        return [gap.describe(self.title, k) for k, gap in self.missing.items()]

    def to_json(self) -> JsonObject:
        """Return the entry of scores.json."""
        return {
            "n_tasks": self.n_tasks,
            "n_samples": self.n_samples,
            "samples_per_task": list(self.samples_per_task),
            "outcomes": {status.value: count for status, count in self.outcomes.items()},
            "read_as": dict(self.read_as),
            "missing": {size_of(k): {**asdict(gap), "tasks": list(gap.tasks)} for k, gap in self.missing.items()},
            **_sizes_to_json(self.pass_at),
        }

    @classmethod
    def from_json(cls, column: Column, entry: JsonObject) -> Score:
        """Read an entry of scores.json."""
        fewest, most = entry["samples_per_task"]
        gaps = {_k(size): {**gap, "tasks": tuple(gap["tasks"])} for size, gap in entry["missing"].items()}
        return cls(
            column=column,
            n_tasks=entry["n_tasks"],
            n_samples=entry["n_samples"],
            samples_per_task=(fewest, most),
            outcomes={Status(name): count for name, count in entry["outcomes"].items()},
            pass_at=_sizes_from_json(entry),
            missing={k: Missing(**gap) for k, gap in gaps.items()},
            read_as=entry.get("read_as", {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """The figures over all columns of a task. `missing` names, by k, the columns that lack it."""

    n_tasks: int
    n_samples: int
    columns: int
    pass_at: Mapping[int, PassAtK]
    missing: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The row's name for people."""
        return OVERALL

    def notes(self) -> list[str]:
        """Return nothing: the columns say what is missing."""
        return []

    def to_json(self) -> JsonObject:
        """Return the entry of scores.json."""
        return {
            "n_tasks": self.n_tasks,
            "n_samples": self.n_samples,
            "columns": self.columns,
            "missing": {size_of(k): {"columns": list(names)} for k, names in self.missing.items()},
            **_sizes_to_json(self.pass_at),
        }

    @classmethod
    def from_json(cls, entry: JsonObject) -> Overall:
        """Read an entry of scores.json."""
        return cls(
            n_tasks=entry["n_tasks"],
            n_samples=entry["n_samples"],
            columns=entry["columns"],
            pass_at=_sizes_from_json(entry),
            missing={_k(size): tuple(gap["columns"]) for size, gap in entry["missing"].items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScores:
    """All columns of one task, in the registry's order, and the figures over them."""

    columns: Mapping[Column, Score]
    overall: Overall

    def __getitem__(self, name: str | tuple[str, str]) -> Score:
        """Return a column by its language, or by (source, target). Raises OptionError naming those there are."""
        for column, score in self.columns.items():
            if name in (column.name, (column.source, column.target)):
                return score
        raise OptionError(unknown("column", name, [column.name for column in self.columns]))

    def __iter__(self) -> Iterator[Score]:
        return iter(self.columns.values())

    def rows(self) -> list[Score | Overall]:
        """Return the rows of the table: every column, then the figures over all."""
        return [*self.columns.values(), self.overall]

    @property
    def ks(self) -> list[int]:
        """Every k that any row has a pass@k for."""
        return sorted({k for each in self.rows() for k in each.pass_at})

    def to_json(self) -> JsonObject:
        """Return the part of scores.json."""
        return {**{each.column.name: each.to_json() for each in self}, OVERALL: self.overall.to_json()}

    @classmethod
    def from_json(cls, task: Task, named: JsonObject) -> TaskScores:
        """Read a part of scores.json."""
        columns = {Column.named(task, name): entry for name, entry in named.items() if name != OVERALL}
        return cls(
            columns={column: Score.from_json(column, entry) for column, entry in columns.items()},
            overall=Overall.from_json(named[OVERALL]),
        )


Scores = Mapping[Task, TaskScores]


def scores_to_json(scores: Scores) -> JsonObject:
    """Return the scores under one choice of texts, as JSON values."""
    return {task.value: each.to_json() for task, each in scores.items()}


def scores_from_json(content: JsonObject) -> Scores:
    """Read the scores under one choice of texts."""
    return {Task(name): TaskScores.from_json(Task(name), named) for name, named in content.items()}


def ks_of(several: Iterable[TaskScores]) -> list[int]:
    """Return every k that any of the scores has."""
    return sorted({k for each in several for k in each.ks})


def _k(size: str) -> int:
    found = _SIZE.fullmatch(size)
    if found is None:
        raise ValueError(f"{size!r} is no pass@k")
    return int(found[1])


def _sizes_to_json(pass_at: Mapping[int, PassAtK]) -> JsonObject:
    return {size_of(k): asdict(each) for k, each in pass_at.items()}


def _sizes_from_json(entry: JsonObject) -> dict[int, PassAtK]:
    return {_k(size): PassAtK(**each) for size, each in entry.items() if _SIZE.fullmatch(size)}
