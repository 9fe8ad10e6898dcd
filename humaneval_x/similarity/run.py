"""The text metrics of a finished run: a row for each sample, their means beside pass@k, and how they go with passing.

    DIR/verdicts.jsonl and the samples -> DIR/similarity.jsonl, and "similarity" in DIR/scores.json

Judges nothing and changes no verdict.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from humaneval_x.assembly import Order, Prepared, Programs, prepared
from humaneval_x.errors import ResultsError
from humaneval_x.files.whole import cannot_write, write_json, write_whole
from humaneval_x.languages import KNOWN, LANGUAGES, language_of
from humaneval_x.metrics import point_biserial
from humaneval_x.records import Problem, Sample
from humaneval_x.reports.run import Run, read_run
from humaneval_x.results import SCORES, read_rows
from humaneval_x.run_report import Likeness, RunReport
from humaneval_x.samples import read_samples
from humaneval_x.scores import OVERALL, Column
from humaneval_x.settings import EvaluationSettings, Task
from humaneval_x.similarity.code import Code
from humaneval_x.similarity.texts import code, compared, packages
from humaneval_x.tasks import TASKS, name_of, row_of, task_of

SIMILARITY = "similarity.jsonl"
Key = tuple[str, str, int]  # as `Sample.key`
Values = dict[str, float]


def add_similarity(
    folder: str | Path, *, problems: str | Path | None = None, samples: Sequence[str | Path] = ()
) -> RunReport:
    """Compare every sample of a finished run with its problem's solution; write both files and return the report.

    Raises ResultsError where the samples or the problems are not at hand, SetupError without the extra `metrics`.
    """
    packages()  # said at once, not after a long reading
    run = read_run(folder, problems=problems, samples=samples)
    if not run.samples or not run.texts:
        raise ResultsError(f"{folder}: --metrics compares the samples with the problems. {' '.join(run.absent)}")
    if run.problems and run.problems.rows:
        raise ResultsError(f"{folder}: --metrics compares with solutions, and MultiPL-E's rows hold none; leave it out")
    found = dict(compared_samples(run))
    report = replace(run.report, similarity=likeness(found, passed(run.folder)))
    try:
        write_whole(run.folder / SIMILARITY, rows(found))
        write_json(run.folder / SCORES, report.to_json())
    except OSError as fault:
        raise cannot_write(run.folder, fault, ResultsError, "give a folder that can be written") from fault
    return report


def compared_samples(run: Run) -> Iterator[tuple[Key, Values]]:
    """Yield the metrics of each sample; equal programs of a problem are compared once."""
    assert run.problems is not None
    known: dict[str, Values] = {}
    settings = run.report.settings
    orders = (
        Order(run.texts[sample.task_id], sample, settings)
        for sample in read_samples(run.samples, run.problems, run.report.asked)
    )
    with Programs() as programs:
        for order, found in programs.map(orders):
            if found.digest not in known:
                known[found.digest] = compared(*pair(order, found))
            yield order.sample.key, known[found.digest]


def pair(order: Order, found: Prepared) -> tuple[Code, Code]:
    """Return what a model wrote and what it is compared with, both behind the text that was given.

    A whole program that does not begin with the problem's text is compared with the solution as a whole program.
    """
    language = language_of(order.problem.task_id).NAME
    known = reference(order.problem, task_of(order.sample.origin), order.settings)
    candidate = found.program.candidate
    if candidate.startswith(known.given):
        return code(language, known.given, candidate.removeprefix(known.given)), known.continued
    return code(language, "", candidate), known.alone


@dataclass(frozen=True)
class Reference:
    """The solution of a problem: `continued` from the `given` text, and `alone` as a whole program."""

    given: str
    continued: Code
    alone: Code


@functools.lru_cache(maxsize=2048)  # of a whole matrix: 820 problems, generated and translated
def reference(problem: Problem, task: Task, settings: EvaluationSettings) -> Reference:
    """Return what the samples of a problem are compared with, put together as they are."""
    origin = next(iter(LANGUAGES)) if TASKS[task].pairs else name_of(task)  # which source makes no difference
    language = language_of(problem.task_id).NAME

    def candidate(completion: str, answers: str) -> str:
        sample = Sample(
            task_id=problem.task_id, completion=completion, sample_index=0, answers=answers, **row_of(origin)
        )
        return prepared(Order(problem, sample, settings)).program.candidate

    given = candidate("", "continuation").rstrip()
    continued = candidate(problem.canonical_solution, "continuation")
    alone = candidate(problem.declaration + problem.canonical_solution, "program")
    return Reference(
        given=given,
        continued=code(language, given, continued.removeprefix(given)),
        alone=code(language, "", alone),
    )


def passed(folder: Path) -> dict[Key, bool]:
    """Return which samples passed."""
    return {row.key: row.verdict.passed for row in read_rows(folder)}


def rows(found: Mapping[Key, Values]) -> Iterator[bytes]:
    """Yield the lines of similarity.jsonl."""
    for (task_id, origin, index), values in found.items():
        key = {"task_id": task_id, "sample_index": index, **row_of(origin)}
        rounded = {name: round(value, 6) for name, value in values.items()}
        yield (json.dumps({**key, **rounded}, ensure_ascii=False) + "\n").encode()


def likeness(found: Mapping[Key, Values], passed: Mapping[Key, bool]) -> dict[Task, dict[str, Likeness]]:
    """Return the figures of each column, and over all columns of a task, in the registry's order.

    `passed` is empty where no test judged: there is no correlation then.
    """
    samples: dict[tuple[Task, str], list[tuple[Values, bool]]] = defaultdict(list)
    for key, values in found.items():
        column = Column.of(key[1], language_of(key[0]).NAME)
        for name in (column.name, OVERALL):
            samples[column.task, name].append((values, passed.get(key, False)))
    kept: dict[Task, dict[str, Likeness]] = {}
    for task, name in sorted(samples, key=_place):
        kept.setdefault(task, {})[name] = _likeness(samples[task, name])
    return kept


def _place(column: tuple[Task, str]) -> tuple[int, list[int]]:
    task, name = column
    names = list(KNOWN)
    place = [len(names)] if name == OVERALL else [names.index(part) for part in name.split("-")]
    return list(Task).index(task), place


def _likeness(samples: Iterable[tuple[Values, bool]]) -> Likeness:
    by_name: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for values, well in samples:
        for name, value in values.items():
            by_name[name].append((value, well))
    correlation = {name: point_biserial(pairs) for name, pairs in by_name.items()}
    return Likeness(
        n_samples=len(by_name["bleu"]),
        means={name: sum(value for value, _ in pairs) / len(pairs) for name, pairs in by_name.items()},
        correlation={name: found for name, found in correlation.items() if found is not None},
    )
