"""The main road: samples in, verdicts and scores out.

    samples.jsonl -> plan (plans.py) -> judge -> verdicts.jsonl -> report (reporting.py) -> scores.json

It streams: neither samples nor verdicts are kept in memory. Finished verdicts are never computed twice, and
identical programs are run once. Does not know how a jail works (`runners`) or how a table looks (`reports`).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from humaneval_x.assembly import Order, Programs, with_negated_tests
from humaneval_x.elsewhere import elsewhere
from humaneval_x.errors import SandboxError
from humaneval_x.files.whole import write_json
from humaneval_x.judging import Item, run_all
from humaneval_x.languages import language_of
from humaneval_x.multipl_e_tests import not_compiling
from humaneval_x.plans import Plan, RunOptions, Variant, planned
from humaneval_x.probes import right_programs
from humaneval_x.progress import Progress
from humaneval_x.records import Sample
from humaneval_x.reporting import JudgedVariant, idle, known_report, merged, reported
from humaneval_x.results import SCORES, Results, read_rows
from humaneval_x.run_report import ProgramCounts, RunReport
from humaneval_x.runners.choose import JailEngine, Sandbox
from humaneval_x.runners.machines import Machines
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import AS_IT_IS, Asked, KeySet
from humaneval_x.settings import EvaluationSettings, Sizes, Workers, chosen
from humaneval_x.texts import Answer, Feed, Texts, answers_of
from humaneval_x.values import checked, kind_of

MANY_SAMPLES = 4096  # from so many on, they are read in another process, which takes 0.4 s to start


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The readers that turn a run's samples into programs, and the jails that run them."""

    programs: Programs
    pool: Pool[Item]


@checked
def evaluate(
    samples: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    problems: str | Path | None = None,
    settings: EvaluationSettings | None = None,
    sandbox: str = "auto",
    docker_image: str | None = None,
    docker_runtime: str | None = None,
    engine: str = "local",
    workers: Workers = None,
    k: int | Sequence[int] = (1, 10, 100),
    partial: bool = False,
    share: bool = True,
    progress: bool = True,
    asked: Asked = AS_IT_IS,
    name: str = "",
) -> RunReport:
    """Judge every sample that has no verdict yet, write DIR/verdicts.jsonl and DIR/scores.json, return the report.

    `samples` may be files or folders of other harnesses; RunOptions describes the rest. Where the errata touch a
    sample's program, its verdict under the other texts goes to DIR/corrected (or DIR/published), and both scores are in
    the report. Raises InputError for what the user can mend and MachineError for the rest; finished verdicts are kept,
    and the next call resumes.
    """
    machines = Machines(
        sandbox=chosen(Sandbox, sandbox, "sandbox"),
        workers=workers,
        engine=chosen(JailEngine, engine, "engine"),
        docker_image=docker_image,
        docker_runtime=docker_runtime,
    )
    return evaluated(
        RunOptions(
            samples=(samples,) if isinstance(samples, str | Path) else tuple(samples),
            output=output,
            problems=problems,
            settings=settings or EvaluationSettings(),
            machines=machines,
            asked=asked,
            k=kind_of(Sizes).check(k, "k"),
            partial=partial,
            share=share,
            progress=progress,
            name=name,
        )
    )


def evaluated(options: RunOptions) -> RunReport:
    """Judge the samples without a verdict, and return the run's report. Raises as `evaluate`."""
    return carried_out(planned(options))


def carried_out(plan: Plan) -> RunReport:
    """Judge the samples of a planned run without a verdict, and return the report. Raises as `evaluate`."""
    for line in plan.read_as if plan.options.progress else ():
        print(line, file=sys.stderr)
    began, folder = time.monotonic(), plan.main.folder
    with ExitStack() as stack:
        bench = stack.enter_context(judging_bench(plan.options))
        results = stack.enter_context(Results.open(folder, plan.identity(plan.main), plan.keys))
        before = known_report(folder)
        touched: list[Sample] | None = None if len(results.done) == plan.total else []
        judged = [judge_main(plan, bench, results, touched)]
        judged += judge_others(plan, bench, stack, touched, before)
        report = reported(plan, judged, bench.pool, time.monotonic() - began)
        results.flush()
        failing = broken_tests(plan, judged, bench, before)
        report = replace(report, problems=replace(report.problems, not_compiling=failing))
        report = report if before is None else merged(before, report, judged)
        write_json(folder / SCORES, report.to_json())
    if report.harness.unjudged:
        raise SandboxError(
            f"{len(report.harness.unjudged)} programs have no verdict because their jail failed twice, the first: "
            f"{report.harness.unjudged[0]}; the others are kept in {folder}; run the same command again"
        )
    return report


def broken_tests(
    plan: Plan, judged: Sequence[JudgedVariant], bench: Bench, before: RunReport | None
) -> Mapping[str, str]:
    """Return the tasks whose own tests do not compile: those of `before` where it knows every verdict."""
    if before is not None and not before.harness.unjudged and idle(judged):
        return before.problems.not_compiling
    return not_compiling(plan.problems, read_rows(plan.main.folder), bench.pool, plan.main.settings)


@contextmanager
def judging_bench(options: RunOptions) -> Iterator[Bench]:
    """Yield the started readers and jails; they end with the context. Raises SetupError, OptionError."""
    limits = options.settings.compiling, options.settings.running
    runner = options.machines.runner(*limits)
    workers = options.machines.workers_of(runner)
    negate = with_negated_tests if options.settings.negated_tests else None
    with (
        Pool[Item](runner, *limits, workers, right_programs(), negate) as pool,
        Programs(readers_for(workers)) as programs,
    ):
        yield Bench(programs=programs, pool=pool)


def readers_for(workers: int) -> int:
    """Return how many reading processes serve so many workers: reading takes at most a fiftieth of judging."""
    return 1 + workers // 8


def judge_main(plan: Plan, bench: Bench, results: Results, touched: list[Sample] | None) -> JudgedVariant:
    """Judge every sample under the run's own texts; add those whose task has other texts to `touched`.

    Where every sample has its verdict, `touched` is None and nothing is read.
    """
    if touched is None:
        return judge(plan, plan.main, (), plan.total, bench, results)
    feed = Feed(
        files=plan.options.samples,
        problems=plan.problems,
        asked=plan.options.asked,
        texts=plan.main.texts,
        settings=plan.main.settings,
        noted=frozenset(plan.others()),
        done=results.done,
        share=plan.options.share,
    )
    bench.pool.schedule.expect(coming(plan.keys, results.done))
    far = plan.total - len(results.done) > MANY_SAMPLES
    with (
        elsewhere(answers_of, feed, readers_for(bench.pool.workers))
        if far
        else nullcontext(feed.answers(bench.programs)) as found
    ):
        return judge(plan, plan.main, apart_from(found, touched), plan.total, bench, results)


def apart_from(found: Iterable[Answer | Sample], samples: list[Sample]) -> Iterator[Answer]:
    """Yield the answers, and keep the samples that are among them."""
    for each in found:
        if isinstance(each, Sample):
            samples.append(each)
        else:
            yield each


def coming(wanted: KeySet, done: KeySet) -> Counter[str]:
    """Return how many samples of each language have no verdict yet."""
    found: Counter[str] = Counter()
    for keys, sign in ((wanted, 1), (done, -1)):
        for task_id, count in keys.by_task():
            found[language_of(task_id).NAME] += sign * count
    return found


def judge_others(
    plan: Plan, bench: Bench, stack: ExitStack, touched: list[Sample] | None, before: RunReport | None
) -> Iterator[JudgedVariant]:
    """Judge the samples whose program differs under the other texts; yield nothing where there are none.

    `touched` holds the samples to check. None: every sample had its verdict, so the report `before` knows how many
    differ, and nothing is read if those are all judged too.
    """
    for variant in plan.variants[1:]:
        if touched is None and before is not None and not before.harness.unjudged:
            known = before.programs.get(variant.settings.errata)
            if known is None:
                continue
            results = stack.enter_context(Results.open(variant.folder, plan.identity(variant), plan.keys))
            if len(results.done) == known.samples:
                yield judge(plan, variant, (), known.samples, bench, results)
                continue
            results.close()
        wanted = differing(
            plan, variant, bench.programs, samples_of(plan, plan.others()) if touched is None else touched
        )
        if wanted:
            keys = KeySet(order.sample.key for order in wanted)
            results = stack.enter_context(Results.open(variant.folder, plan.identity(variant), keys))
            answers = Texts(bench.programs, results.done, plan.options.share).answers(wanted)
            yield judge(plan, variant, answers, len(wanted), bench, results)


def samples_of(plan: Plan, tasks: Collection[str]) -> list[Sample]:
    """Return the samples of some tasks."""
    return [sample for sample in plan.samples() if sample.task_id in tasks]


def differing(plan: Plan, variant: Variant, programs: Programs, samples: Sequence[Sample]) -> list[Order]:
    """Return the samples whose program differs under other texts (a corrected declaration may not be in the prompt)."""
    own, orders = (
        [Order(each.texts[sample.task_id], sample, each.settings) for sample in samples]
        for each in (plan.main, variant)
    )
    digests = {order.sample.key: found.digest for order, found in programs.map(own)}
    changed = {order.sample.key for order, found in programs.map(orders) if digests[order.sample.key] != found.digest}
    return [order for order in orders if order.sample.key in changed]


def judge(
    plan: Plan, variant: Variant, answers: Iterable[Answer], total: int, bench: Bench, results: Results
) -> JudgedVariant:
    """Write the verdict of every given answer to `results`."""
    resumed, before = len(results.done), results.counts.passed
    label = plan.options.name or plan.main.folder.name
    label = label if variant is plan.main else f"{label}, {variant.settings.errata.value} texts"
    with closing(Progress(label, total, resumed, before, shown=plan.options.progress)) as bar:
        run_all(answers, results, bench.pool, plan.options.share, bar)
    found = results.counts
    counts = ProgramCounts(
        samples=total,
        resumed=resumed,
        executed=found.executed,
        shared=found.shared,
        cpu_s=round(found.cpu_s, 4),
        not_negated=found.not_negated,
    )
    return JudgedVariant(variant=variant, results=results, counts=counts, new=len(results.done) - resumed)
