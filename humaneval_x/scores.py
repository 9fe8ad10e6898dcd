"""The records of the second half of the road, and their JSON: what `scores.json` holds, with types.

    report.generation["python"].pass_at[1].value
    report.translation["python", "go"].outcomes

JSON exists at the edges only: `to_json` and `from_json` here are the one place that knows its keys. Computes nothing:
`scoring.py` does.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from humaneval_x.descriptions import Description
from humaneval_x.errors import InputError, OptionError, ResultsError, unknown
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import KNOWN
from humaneval_x.records import Status
from humaneval_x.samples import AS_IT_IS, Asked, SamplesFile
from humaneval_x.settings import Errata, EvaluationSettings, Task
from humaneval_x.tasks import TASKS, name_of, source_of, task_of

SCHEMA = 2  # of scores.json; 1 (version 0.1.0) says `twin` for `negated_tests`, `unfalsified` for `not_negated`
OVERALL = "overall"  # the key of the figures over all columns; no language is called so
NAMED = 5  # how many missing tasks a message names before it counts the rest
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
        rest = f" and {len(self.tasks) - NAMED} more" if len(self.tasks) > NAMED else ""
        fewer = f"{len(self.tasks)} have fewer ({self.without_samples} have none)"
        return f"{title} {size_of(k)}: needs {self.needs}; {fewer}: {', '.join(self.tasks[:NAMED])}{rest}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike a column's samples are to the problems' solutions: no measure of correctness.

    `means` are over the samples, as fractions, by metric; `correlation` is that of each metric with passing (point
    biserial), where some samples passed and some did not.
    """

    n_samples: int
    means: Mapping[str, float]
    correlation: Mapping[str, float]

    def to_json(self) -> JsonObject:
        """Return the entry of scores.json."""
        return {
            "n_samples": self.n_samples,
            "means": _rounded(self.means),
            "correlation": _rounded(self.correlation),
        }


def scores_to_json(scores: Scores) -> JsonObject:
    """Return the scores under one choice of texts, as JSON values."""
    return {task.value: each.to_json() for task, each in scores.items()}


def scores_from_json(content: JsonObject) -> Scores:
    """Read the scores under one choice of texts."""
    return {Task(name): TaskScores.from_json(Task(name), named) for name, named in content.items()}


def ks_of(several: Iterable[TaskScores]) -> list[int]:
    """Return every k that any of the scores has."""
    return sorted({k for each in several for k in each.ks})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsUsed:
    """Which problem set judged."""

    name: str
    digest: str
    at: str = field(default="", compare=False)  # their folder, where a report finds them; the set is the same anywhere
    left_out: Mapping[str, str] = field(default_factory=dict)  # tasks that cannot be judged, and why
    # Tasks whose own tests do not compile, and the first error: every sample of theirs fails.
    not_compiling: Mapping[str, str] = field(default_factory=dict, compare=False)

    def to_json(self) -> JsonObject:
        """Return the set as it stands in the file: what is wrong with tasks where anything is."""
        faults = ("left_out", "not_compiling")
        return {name: value for name, value in asdict(self).items() if value or name not in faults}


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxUsed:
    """Where the programs ran."""

    kind: str
    description: str
    workers: int
    memory: str = "fenced"  # what bounds a jail's memory: `runners/fences.py`


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessFaults:
    """Faults of the harness, apart from the programs' outcomes. A sample in `unjudged` has no verdict."""

    jails_replaced: int = 0
    unjudged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCounts:
    """How the verdicts of one run came about."""

    samples: int = 0
    resumed: int = 0  # had their verdict from before
    executed: int = 0
    shared: int = 0  # took the verdict of an identical program
    cpu_s: float = 0.0
    not_negated: int = 0  # checks whose expectation could not be made wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptions:
    """What became of a task's descriptions: in how many there was code, in how many pieces, and how many were cut."""

    samples: int
    leaked: int
    leaks: int
    shortened: int

    @classmethod
    def of(cls, each: Iterable[Description]) -> Descriptions:
        """Count descriptions."""
        found = list(each)
        return cls(
            samples=len(found),
            leaked=sum(bool(one.leaks) for one in found),
            leaks=sum(one.leaks for one in found),
            shortened=sum(bool(one.cut) for one in found),
        )

    def __str__(self) -> str:
        code = f"{self.leaked} had code of the solution in them ({self.leaks} pieces), which was cut"
        return f"of {self.samples} descriptions {code}; {self.shortened} were longer than the docstring, and cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run found and how it was made: the content of scores.json, with scores for each choice of texts."""

    settings: EvaluationSettings
    samples: tuple[SamplesFile, ...]
    samples_at: tuple[str, ...]  # where a report finds them
    asked: Asked = AS_IT_IS  # how they are to be read
    problems: ProblemsUsed
    sandbox: SandboxUsed
    toolchains: Mapping[str, str]
    harness: HarnessFaults
    programs: Mapping[Errata, ProgramCounts]
    wall_s: float
    scores: Mapping[Errata, Scores]
    consistent: Scores = field(default_factory=dict)  # translation, of cells whose languages ask for one function
    similarity: Mapping[Task, Mapping[str, Likeness]] = field(default_factory=dict)  # by column; where it was asked for
    descriptions: Mapping[Task, Descriptions] = field(default_factory=dict)  # of tasks that have some

    @property
    def tasks(self) -> Scores:
        """The scores under the run's own texts."""
        return self.scores.get(self.settings.errata, {})

    @property
    def generation(self) -> TaskScores:
        """The scores of the generation task. Raises OptionError where the run has none."""
        return self._task(Task.GENERATION)

    @property
    def translation(self) -> TaskScores:
        """The scores of the translation task. Raises OptionError where the run has none."""
        return self._task(Task.TRANSLATION)

    def _task(self, task: Task) -> TaskScores:
        if task not in self.tasks:
            raise OptionError(f"the run has no samples of the {task.value} task")
        return self.tasks[task]

    def to_json(self) -> JsonObject:
        """Return the content of scores.json."""
        described = {task.value: asdict(each) for task, each in self.descriptions.items()}
        return {
            "schema": SCHEMA,
            "settings": self.settings.to_json(),
            "samples": [asdict(each) for each in self.samples],
            "samples_at": list(self.samples_at),
            "asked": self.asked.to_json(),
            "problems": self.problems.to_json(),
            "sandbox": asdict(self.sandbox),
            "toolchains": dict(self.toolchains),
            "harness": {**asdict(self.harness), "unjudged": list(self.harness.unjudged)},
            "programs": {errata.value: asdict(counts) for errata, counts in self.programs.items()},
            "wall_s": self.wall_s,
            "scores": {errata.value: scores_to_json(scores) for errata, scores in self.scores.items()},
            **({"consistent": scores_to_json(self.consistent)} if self.consistent else {}),
            **({"similarity": _similarity_to_json(self.similarity)} if self.similarity else {}),
            **({"descriptions": described} if described else {}),
        }

    @classmethod
    def from_json(cls, content: JsonObject) -> RunReport:
        """Read the content of scores.json. Raises KeyError, TypeError or ValueError where it is not that."""
        if content.get("schema", 1) > SCHEMA:
            raise ValueError(f"schema {content['schema']} of a newer version; expected at most {SCHEMA}")
        return cls(
            settings=EvaluationSettings.from_json(content["settings"]),
            samples=tuple(SamplesFile(**each) for each in content["samples"]),
            samples_at=tuple(content.get("samples_at", ())),
            asked=Asked.from_json(content.get("asked", {})),
            problems=ProblemsUsed(**content["problems"]),
            sandbox=SandboxUsed(**content["sandbox"]),
            toolchains=content["toolchains"],
            harness=HarnessFaults(
                jails_replaced=content["harness"]["jails_replaced"], unjudged=tuple(content["harness"]["unjudged"])
            ),
            programs={Errata(name): _counts(each) for name, each in content["programs"].items()},
            wall_s=content["wall_s"],
            scores={Errata(name): scores_from_json(each) for name, each in content["scores"].items()},
            consistent=scores_from_json(content.get("consistent", {})),
            similarity={
                Task(task): {name: Likeness(**each) for name, each in columns.items()}
                for task, columns in content.get("similarity", {}).items()
            },
            descriptions={Task(task): Descriptions(**each) for task, each in content.get("descriptions", {}).items()},
        )


def read_report(path: Path) -> RunReport:
    """Return what stands in a scores.json. Raises ResultsError."""
    try:
        return RunReport.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as fault:
        what = f"{path.parent}: no {path.name}: the run is not finished"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it goes on") from fault
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError, InputError) as fault:
        what = f"{path}: cannot be read ({type(fault).__name__}: {fault})"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it writes it anew") from fault


def place_of(path: str | Path, folder: Path) -> str:
    """Return where a path is, as a run's folder keeps it: relative to it where both lie below one project folder."""
    found, base = Path(os.path.abspath(path)), Path(os.path.abspath(folder))
    common = Path(os.path.commonpath([found, base]))
    together = common not in (Path(common.anchor), Path.home(), Path(tempfile.gettempdir()))
    return os.path.relpath(found, base) if together else str(found)


def _counts(entry: JsonObject) -> ProgramCounts:
    return ProgramCounts(**{each.name: entry[each.name] for each in fields(ProgramCounts) if each.name in entry})


def _k(size: str) -> int:
    found = _SIZE.fullmatch(size)
    if found is None:
        raise ValueError(f"{size!r} is no pass@k")
    return int(found[1])


def _sizes_to_json(pass_at: Mapping[int, PassAtK]) -> JsonObject:
    return {size_of(k): asdict(each) for k, each in pass_at.items()}


def _sizes_from_json(entry: JsonObject) -> dict[int, PassAtK]:
    return {_k(size): PassAtK(**each) for size, each in entry.items() if _SIZE.fullmatch(size)}


def _similarity_to_json(similarity: Mapping[Task, Mapping[str, Likeness]]) -> JsonObject:
    return {
        task.value: {name: each.to_json() for name, each in columns.items()} for task, columns in similarity.items()
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items()}
