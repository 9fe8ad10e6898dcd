"""The canonical solutions put to their own tests: exactly the known defects may fail.

Each of them is judged twice: as an answer to its prompt (generation), and appended to its declaration, as a
translation would be; or as an answer of one task. Buggy solutions of a repair are judged too, and have to fail. A
surprise means a broken toolchain, a changed data file or a fault of ours.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from humaneval_x.assembly import texts_of
from humaneval_x.errata import Erratum, declared_failures, declared_unstable, errata_of
from humaneval_x.errors import OptionError, unknown
from humaneval_x.evaluation import evaluated
from humaneval_x.files import jsonl
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN, LANGUAGES, language_of
from humaneval_x.plans import RunOptions
from humaneval_x.problem_files import OFFICIAL
from humaneval_x.problems import load_problems, with_solutions
from humaneval_x.prompts import buggy_solution
from humaneval_x.records import Problem
from humaneval_x.reports.terminal import align
from humaneval_x.results import read_rows
from humaneval_x.runners.machines import HERE, Jails
from humaneval_x.settings import Errata, EvaluationSettings, Task
from humaneval_x.tasks import TASKS, name_of, row_of, task_of
from humaneval_x.verdict_rows import Row

BOTH = (Task.GENERATION, Task.TRANSLATION)
CANONICAL, BUGGY = 0, 1  # sample indices


@dataclass(frozen=True, kw_only=True)
class GroundTruth:
    """Ground-truth results. `passed` and `total` count by (task, language)."""

    passed: Counter[tuple[Task, str]]
    total: Counter[tuple[Task, str]]
    failed: dict[Task, list[str]]  # one line each, known defects included
    buggy: Counter[tuple[Task, str]]  # buggy solutions that failed
    surprises: list[str]
    sandbox: str

    def table(self) -> str:
        """The result as text, one line per language."""
        tasks = list(dict.fromkeys(task for task, _ in self.total))
        head = [f"from {TASKS[task].begins}" if tasks == list(BOTH) else task.value for task in tasks]
        rows = [["language", *head, *["buggy ones fail" for task in tasks if TASKS[task].repairs]]]
        for name, language in KNOWN.items():
            if self.total[tasks[0], name]:
                cells = [f"{self.passed[task, name]} of {self.total[task, name]}" for task in tasks]
                cells += [
                    f"{self.buggy[task, name]} of {self.total[task, name]}" for task in tasks if TASKS[task].repairs
                ]
                rows.append([language.TITLE, *cells])
        lines = align(rows)
        for task, failures in self.failed.items():
            lines += [f"failed from {TASKS[task].begins}: {one}" for one in failures]
        lines += [f"SURPRISE: {one}" for one in self.surprises]
        lines.append("as declared" if not self.surprises else f"{len(self.surprises)} surprises")
        return "\n".join([*lines, f"sandbox: {self.sandbox}"])


def ground_truth(
    problems: str | None = None,
    languages: Sequence[str] = (),
    errata: Errata = Errata.PUBLISHED,
    *,
    jails: Jails = HERE,
    progress: bool = True,
    negated_tests: bool = False,
    task: Task | None = None,
) -> GroundTruth:
    """Judge the canonical solutions, as answers of `task`. Raises InputError or MachineError as `evaluate` does."""
    wrong = [name for name in languages if name not in KNOWN]
    if wrong:
        raise OptionError(unknown("language", wrong[0], KNOWN))
    problems = problems or (TASKS[task].problems if task else "") or OFFICIAL
    loaded = with_solutions(load_problems(problems, languages=languages or None), "ground_truth")
    errors = errata_of(loaded) if errata is Errata.PUBLISHED else ()
    with tempfile.TemporaryDirectory(prefix="humaneval_x-truth-") as folder:
        samples, results = Path(folder) / "canonical.jsonl", Path(folder) / "results"
        tasks = (task,) if task else BOTH
        rows = canonical_rows(texts_of(loaded, errata).values(), tasks)
        samples.write_bytes(jsonl.encode(*rows))
        options = RunOptions(
            samples=(samples,),
            output=results,
            problems=problems,
            settings=EvaluationSettings(errata=errata, negated_tests=negated_tests),
            machines=jails,
            k=(1,),
            partial=True,
            progress=progress,
        )
        return judged(read_rows(results), errors, evaluated(options).sandbox.description)


def canonical_rows(problems: Iterable[Problem], tasks: Sequence[Task] = BOTH) -> Iterator[JsonObject]:
    """Yield each canonical solution as a sample of each task, and the buggy one behind it where the task repairs it."""
    for problem in problems:
        target = BY_PREFIX[problem.prefix].NAME
        for task in tasks:
            origin = next(name for name in LANGUAGES if name != target) if TASKS[task].pairs else name_of(task)
            named = {"task_id": problem.task_id, **row_of(origin)}
            yield {**named, "completion": problem.canonical_solution, "sample_index": CANONICAL}
            if TASKS[task].repairs:
                yield {**named, "completion": buggy_solution(problem), "sample_index": BUGGY}


def judged(rows: Iterable[Row], errors: Sequence[Erratum], sandbox: str) -> GroundTruth:
    """Compare verdicts with the declared defects."""
    passed: Counter[tuple[Task, str]] = Counter()
    total: Counter[tuple[Task, str]] = Counter()
    failed: dict[Task, list[str]] = defaultdict(list)
    buggy: Counter[tuple[Task, str]] = Counter()
    surprises = []
    vacuous = {one.task_id for one in errors if one.vacuous}
    known = {task: declared_failures(errors, task) for task in Task}
    unstable = declared_unstable(errors)
    for row in rows:
        task = task_of(row.origin)
        key = task, language_of(row.task_id).NAME
        if row.sample_index == BUGGY:
            buggy[key] += not row.verdict.passed
            if row.verdict.passed is not (row.task_id in vacuous):
                surprises.append(f"{row.task_id} {row.verdict.status.value}: its buggy solution")
            continue
        total[key] += 1
        passed[key] += row.verdict.passed
        line = f"{row.task_id} {row.verdict.status.value}: {row.verdict.reason}"
        if not row.verdict.passed:
            failed[task].append(line + _why(row.task_id, known[task], unstable))
        if row.task_id not in unstable and row.verdict.passed == (row.task_id in known[task]):
            surprises.append(line if not row.verdict.passed else f"{row.task_id} passed, a declared defect")
    return GroundTruth(
        passed=passed,
        total=total,
        failed={task: sorted(lines) for task, lines in failed.items()},
        buggy=buggy,
        surprises=sorted(surprises),
        sandbox=sandbox,
    )


def _why(task_id: str, known: Collection[str], unstable: Collection[str]) -> str:
    if task_id in unstable:
        return " (unstable: passes or fails by chance; not tried again)"
    return " (declared defect)" if task_id in known else ""
