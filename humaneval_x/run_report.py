"""The record of a run, and its JSON: `scores.json` says what was found and how it was made.

    report.generation["python"].pass_at[1].value
    report.translation["python", "go"].outcomes

JSON exists at the edges only: `to_json` and `from_json` here and in `scores.py` are the places that know its keys.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from humaneval_x.descriptions import Description
from humaneval_x.errors import InputError, OptionError, ResultsError
from humaneval_x.json_types import JsonObject
from humaneval_x.samples import AS_IT_IS, Asked, SamplesFile
from humaneval_x.scores import Scores, TaskScores, scores_from_json, scores_to_json
from humaneval_x.settings import Errata, EvaluationSettings, Task

SCHEMA = 2  # of scores.json; 1 (version 0.1.0) says `twin` for `negated_tests`, `unfalsified` for `not_negated`


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


def _similarity_to_json(similarity: Mapping[Task, Mapping[str, Likeness]]) -> JsonObject:
    return {
        task.value: {name: each.to_json() for name, each in columns.items()} for task, columns in similarity.items()
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items()}
