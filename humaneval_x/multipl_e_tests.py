"""Which of MultiPL-E's rows have tests that do not compile, whatever stands before them: MultiPL-E fails their samples.

Only the rows none of whose samples compiled are looked at: their tests are compiled with a function that does nothing
(`nothing` in `languages/multipl_e.py`). Changes no verdict: the figures stay comparable with MultiPL-E's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from humaneval_x.assembly import program_of
from humaneval_x.languages import BY_PREFIX
from humaneval_x.languages.multipl_e import FORMS
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Problem, Program, Sample, Status, Verdict
from humaneval_x.runners.pool import Pool, Worker
from humaneval_x.settings import EvaluationSettings
from humaneval_x.verdict_rows import Row


def not_compiling(
    problems: ProblemSet, rows: Iterable[Row], pool: Pool[Any], settings: EvaluationSettings
) -> Mapping[str, str]:
    """Return the tasks whose own tests do not compile, each with the first error."""
    doubted = none_compiled(rows) if problems.rows else ()
    if not doubted:
        return {}
    with Worker(pool) as worker:
        verdicts = {each: worker.judge(nothing_of(problems.problems[each], settings), None) for each in doubted}
    return {
        task_id: first_error(verdict)
        for task_id, verdict in verdicts.items()
        if isinstance(verdict, Verdict) and verdict.status is Status.COMPILE_ERROR
    }


def none_compiled(rows: Iterable[Row]) -> Sequence[str]:
    """Return the tasks none of whose samples compiled."""
    doubted: dict[str, bool] = {}
    for row in rows:
        doubted[row.task_id] = doubted.get(row.task_id, True) and row.verdict.status is Status.COMPILE_ERROR
    return [task_id for task_id, all_failed in doubted.items() if all_failed]


def nothing_of(problem: Problem, settings: EvaluationSettings) -> Program:
    """Return the program of a function that does nothing."""
    completion = FORMS[BY_PREFIX[problem.prefix].NAME].nothing
    return program_of(problem, Sample(task_id=problem.task_id, completion=completion, sample_index=0), settings)


def first_error(verdict: Verdict) -> str:
    """Return the line of a compiler's output that says what is wrong."""
    lines = (verdict.compiler_output or verdict.stderr or verdict.reason).splitlines()
    return next((line.strip() for line in lines if "error" in line.lower()), lines[0] if lines else "")[:200]
