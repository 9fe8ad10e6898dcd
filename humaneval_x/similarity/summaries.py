"""Samples of a task that no test judges: descriptions of solutions, compared with the problems' docstrings.

    samples.jsonl -> DIR/similarity.jsonl, and "similarity" in DIR/scores.json; DIR/verdicts.jsonl stays empty

Nothing is run, and nothing here says whether a description is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from humaneval_x.descriptions import Description, description_of
from humaneval_x.errors import SampleError
from humaneval_x.files.whole import cannot_write, write_json, write_whole
from humaneval_x.problems import load_problems
from humaneval_x.prompts import docstring
from humaneval_x.results import SCORES, Results
from humaneval_x.run_report import Descriptions, HarnessFaults, ProblemsUsed, RunReport, SandboxUsed, place_of
from humaneval_x.samples import AS_IT_IS, Asked, describe, read_samples, set_of_samples
from humaneval_x.settings import EvaluationSettings
from humaneval_x.similarity.run import SIMILARITY, Key, Values, likeness, rows
from humaneval_x.similarity.texts import alike, packages
from humaneval_x.tasks import TASKS, JudgedBy, Task, task_of

NOTHING = SandboxUsed(kind="none", description="no program was run", workers=0)


def compare_descriptions(
    samples: Sequence[str | Path],
    folder: str | Path,
    *,
    problems: str | Path | None = None,
    asked: Asked = AS_IT_IS,
) -> RunReport:
    """Compare every description with its problem's docstring, write the results folder and return the report.

    Raises SampleError where a sample is of another kind of task, SetupError without the extra `metrics`.
    """
    packages()
    loaded, folder = load_problems(problems or set_of_samples(samples, asked)), Path(folder)
    found: dict[Key, Values] = {}
    described: dict[Task, list[Description]] = {}
    for sample in read_samples(samples, loaded, asked):
        problem, task = loaded.problems[sample.task_id], task_of(sample.origin)
        if TASKS[task].judge is not JudgedBy.LIKENESS:
            raise SampleError(f"{sample.task_id}: a sample of {task.value} {MIXED}")
        wanted = docstring(problem)
        said = description_of(sample.completion, problem.canonical_solution, len(wanted))
        found[sample.key] = alike(said.text, wanted)
        described.setdefault(task, []).append(said)
    settings, files = EvaluationSettings(), describe(samples)
    report = RunReport(
        settings=settings,
        samples=tuple(files),
        samples_at=tuple(place_of(path, folder) for path in samples),
        asked=asked,
        problems=ProblemsUsed(name=loaded.name, digest=loaded.digest, at=place_of(loaded.directory, folder)),
        sandbox=NOTHING,
        toolchains={},
        harness=HarnessFaults(),
        programs={},
        wall_s=0.0,
        scores={settings.errata: {}},
        similarity=likeness(found, {}),
        descriptions={task: Descriptions.of(each) for task, each in described.items()},
    )
    identity = {"samples": [asdict(each) for each in files], "problems": loaded.digest, **settings.to_json()}
    with Results.open(folder, identity):
        _write(folder, rows(found), report)
    return report


MIXED = "stands among descriptions, which no test judges; give each kind a run of its own"


def _write(folder: Path, lines: Iterator[bytes], report: RunReport) -> None:
    try:
        write_whole(folder / SIMILARITY, lines)
        write_json(folder / SCORES, report.to_json())
    except OSError as fault:
        raise cannot_write(folder, fault, SampleError, "give a folder that can be written") from fault
