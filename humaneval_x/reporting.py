"""The report of a run, from the verdicts of its variants: their scores, and how they were made.

    judged -> RunReport

What an earlier call of the same run knew is taken in. Nothing is judged here: `evaluation` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from humaneval_x.assembly import tasks_of
from humaneval_x.descriptions import Description
from humaneval_x.errata import is_consistent
from humaneval_x.errors import ResultsError
from humaneval_x.judging import Item
from humaneval_x.plans import Plan, Variant
from humaneval_x.problem_files import OFFICIAL
from humaneval_x.results import SCORES, Results
from humaneval_x.run_report import (
    Descriptions,
    HarnessFaults,
    ProblemsUsed,
    ProgramCounts,
    RunReport,
    SandboxUsed,
    place_of,
    read_report,
)
from humaneval_x.runners.pool import Pool
from humaneval_x.scores import Scores
from humaneval_x.scoring import scores_of
from humaneval_x.tallies import Tally
from humaneval_x.tasks import TASKS, Task, task_of


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVariant:
    """A variant's verdicts, and how many were computed, shared and resumed."""

    variant: Variant
    results: Results
    counts: ProgramCounts
    new: int  # verdicts that this call added


def known_report(folder: Path) -> RunReport | None:
    """Return the report of an earlier call of the same run; None where there is no usable one."""
    try:
        return read_report(folder / SCORES)
    except ResultsError:
        return None


def idle(judged: Sequence[JudgedVariant]) -> bool:
    """Whether this call of a run added no verdict."""
    return not any(each.new for each in judged)


def merged(before: RunReport, now: RunReport, judged: Sequence[JudgedVariant]) -> RunReport:
    """Return a run's report with the toolchains, wall time, faults and sandbox of earlier calls added."""
    kept = idle(judged)
    replaced = before.harness.jails_replaced + now.harness.jails_replaced
    return replace(
        now,
        toolchains={**before.toolchains, **now.toolchains},
        wall_s=before.wall_s if kept else round(before.wall_s + now.wall_s, 3),
        harness=replace(now.harness, jails_replaced=replaced),
        sandbox=before.sandbox if kept else now.sandbox,
        similarity=before.similarity if kept else {},
    )


def reported(plan: Plan, judged: Sequence[JudgedVariant], pool: Pool[Item], wall_s: float) -> RunReport:
    """Return the run's report: the scores of all variants, and how they were made."""
    options, main, faults, runner = plan.options, judged[0].results, pool.faults, pool.runner
    tasks = tasks_of(plan.problems)
    scores = {
        each.variant.settings.errata: scores_of(tally_of(main, each.results), tasks, options.k, partial=options.partial)
        for each in judged
    }
    own = scores[plan.main.settings.errata]
    translated, explained = Task.TRANSLATION in own, any(TASKS[task].follows for task in own)
    return RunReport(
        settings=plan.main.settings,
        samples=plan.described,
        samples_at=tuple(place_of(file, plan.main.folder) for file in options.samples),
        asked=options.asked,
        problems=ProblemsUsed(
            name=plan.problems.name,
            digest=plan.problems.digest,
            at=place_of(plan.problems.directory, plan.main.folder),
            left_out=plan.problems.left_out,
        ),
        sandbox=SandboxUsed(
            kind=runner.name, description=runner.describe(), workers=pool.workers, memory=runner.memory
        ),
        toolchains=pool.toolchains,
        harness=HarnessFaults(jails_replaced=faults.jails_replaced, unjudged=tuple(faults.unjudged)),
        programs={each.variant.settings.errata: each.counts for each in judged},
        wall_s=round(wall_s, 3),
        scores=scores,
        consistent=consistent_scores(plan, main) if translated and plan.problems.name == OFFICIAL else {},
        descriptions=descriptions_of(plan) if explained else {},
    )


def descriptions_of(plan: Plan) -> dict[Task, Descriptions]:
    """Return the counts of leaks and cuts in the descriptions that samples were written from."""
    found: dict[Task, list[Description]] = {}
    for sample in plan.samples():
        task, leaks, cut = task_of(sample.origin), sample.extra.get("leaks"), sample.extra.get("cut")
        if TASKS[task].follows and isinstance(leaks, int) and isinstance(cut, int):
            found.setdefault(task, []).append(Description(text="", leaks=leaks, cut=cut))
    return {task: Descriptions.of(each) for task, each in found.items()}


def consistent_scores(plan: Plan, results: Results) -> Scores:
    """Return the translation scores under the run's own texts without cells whose languages contradict each other."""

    def counts(source: str, task_id: str) -> bool:
        return bool(source) and is_consistent(source, task_id)

    options = plan.options
    return scores_of(results.tally, tasks_of(plan.problems), options.k, partial=options.partial, cells=counts)


def tally_of(main: Results, variant: Results) -> Tally:
    """Return a variant's tally: its own rows, and the main run's rows where the texts are the same."""
    if variant is main:
        return main.tally
    own = variant.tally.groups
    found = main.tally.only(lambda group: group not in own)
    for row in main.rows_of({task_id for _, task_id in own}):
        if row.group in own and row.key not in variant.done:
            found.add(row.group, row.verdict.status, row.read_as)
    found.update(own.items())
    return found
