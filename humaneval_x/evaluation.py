"""The main road: samples in, verdicts and scores out.

    samples.jsonl -> plan -> judge -> verdicts.jsonl -> score -> scores.json

It streams: neither samples nor verdicts are kept in memory. Finished verdicts are never computed twice, and
identical programs are run once. Does not know how a jail works (`runners`) or how a table looks (`reports`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from humaneval_x.assembly import Order, Programs, tasks_of, texts_of, with_negated_tests
from humaneval_x.checks import expected_checks
from humaneval_x.descriptions import Description
from humaneval_x.errata import is_consistent
from humaneval_x.errors import ResultsError, SampleError, SandboxError
from humaneval_x.files.whole import write_json
from humaneval_x.languages import language_of
from humaneval_x.probes import right_programs
from humaneval_x.problems import OFFICIAL, ProblemSet, left_out
from humaneval_x.progress import Progress
from humaneval_x.records import Problem, Program, Sample, Status, Verdict
from humaneval_x.results import SCORES, Results, Row
from humaneval_x.runners.choose import Engine, Sandbox
from humaneval_x.runners.machines import ANYWHERE, Jails, Machines
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import (
    AS_IT_IS,
    Asked,
    SamplesFile,
    Told,
    describe,
    read_samples,
    set_of_samples,
    with_languages_asked,
)
from humaneval_x.scores import (
    Descriptions,
    HarnessFaults,
    ProblemsUsed,
    ProgramCounts,
    RunReport,
    SandboxUsed,
    Scores,
    place_of,
    read_report,
)
from humaneval_x.scoring import score
from humaneval_x.settings import EvaluationSettings, Sizes, Workers, chosen
from humaneval_x.tasks import TASKS, Judge, Task, task_of
from humaneval_x.values import checked, kind_of


class Item(NamedTuple):
    """One sample on its way: without its completion, with its program's digest and what it was read as."""

    sample: Sample
    digest: str
    read_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a run is asked for. `asked` says what the samples are where that is not left to their content.

    `output` is by default results/<name of the first samples file>; progress calls the run `name`, by default as its
    folder. With `share`, identical programs are run once; with `partial`, what is there is scored and marked.
    """

    samples: tuple[str | Path, ...]
    output: str | Path | None = None
    problems: str | Path | None = None
    settings: EvaluationSettings = field(default_factory=EvaluationSettings)
    machines: Jails = ANYWHERE
    asked: Asked = AS_IT_IS
    k: Sizes = (1, 10, 100)
    partial: bool = False
    share: bool = True
    progress: bool = True
    name: str = ""

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path(self.output) if self.output is not None else Path("results") / stem(self.samples[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What judges a run's samples: readers that make programs of them, and jails."""

    programs: Programs
    pool: Pool[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One choice of texts: the settings that name it, the problems under it, and where its verdicts go."""

    settings: EvaluationSettings
    texts: Mapping[str, Problem]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run judges. `variants` are its own texts and, where the errata change any, the other ones."""

    options: RunOptions
    described: tuple[SamplesFile, ...]
    problems: ProblemSet
    total: int
    read_as: tuple[str, ...]  # what was recognised in the files, in words for the user
    variants: tuple[Variant, ...]

    @property
    def main(self) -> Variant:
        """The run's own texts."""
        return self.variants[0]

    def identity(self, variant: Variant) -> dict[str, Any]:
        """Return what tells this run from another one in its folder, as JSON values."""
        told = self.options.asked.to_json()
        asked = {"asked": told} if told else {}
        described = [asdict(file) for file in self.described]
        return {"samples": described, "problems": self.problems.digest, **asked, **variant.settings.to_json()}

    def orders(self, variant: Variant) -> Iterator[Order]:
        """Yield the samples to judge under a variant; under other texts, those of the tasks whose texts differ."""
        for sample in read_samples(self.options.samples, self.problems, self.options.asked):
            text = variant.texts[sample.task_id]
            if variant is self.main or text != self.main.texts[sample.task_id]:
                yield Order(text, sample, variant.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A variant's verdicts, and how they came about."""

    variant: Variant
    results: Results
    counts: ProgramCounts
    new: int  # verdicts that this call added


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
    the report. Raises InputError for what the user can mend and MachineError for the rest; what was judged by then is
    kept, and the next call goes on from there.
    """
    machines = Machines(
        sandbox=chosen(Sandbox, sandbox, "sandbox"),
        workers=workers,
        engine=chosen(Engine, engine, "engine"),
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
    """Return the report of a run after judging what has no verdict yet. Raises as `evaluate`."""
    return carried_out(planned(options))


def carried_out(plan: Plan) -> RunReport:
    """Return the report of a planned run after judging what has no verdict yet. Raises as `evaluate`."""
    for line in plan.read_as if plan.options.progress else ():
        print(line, file=sys.stderr)
    began, folder = time.monotonic(), plan.main.folder
    with ExitStack() as stack:
        bench = stack.enter_context(judging_bench(plan.options))
        results = stack.enter_context(Results.open(folder, plan.identity(plan.main)))
        before = known_report(folder)
        judged = [judge_main(plan, bench, results), *judge_others(plan, bench, stack)]
        report = reported(plan, judged, bench.pool, time.monotonic() - began)
        report = report if before is None else merged(before, report, judged)
        write_json(folder / SCORES, report.to_json())
    if report.harness.unjudged:
        raise SandboxError(
            f"{len(report.harness.unjudged)} programs have no verdict because their jail failed twice, the first: "
            f"{report.harness.unjudged[0]}; the others are kept in {folder}; run the same command again"
        )
    return report


@contextmanager
def judging_bench(options: RunOptions) -> Iterator[Bench]:
    """Start what judges a run's samples; it ends with the context. Raises SetupError, OptionError."""
    limits = options.settings.compiling, options.settings.running
    runner = options.machines.runner(*limits)
    workers = options.machines.workers_of(runner)
    negate = with_negated_tests if options.settings.negated_tests else None
    with (
        Pool[Item](runner, *limits, workers, right_programs(), negate) as pool,
        Programs(readers_for(workers)) as programs,
    ):
        yield Bench(programs=programs, pool=pool)


def known_report(folder: Path) -> RunReport | None:
    """Return what an earlier call of the same run found, None where there is nothing of use."""
    try:
        return read_report(folder / SCORES)
    except ResultsError:
        return None


def merged(before: RunReport, now: RunReport, judged: Sequence[Judged]) -> RunReport:
    """Return a run's report with what earlier calls know: toolchains, wall time, faults, where it all ran."""
    idle = not any(each.new for each in judged)
    replaced = before.harness.jails_replaced + now.harness.jails_replaced
    return replace(
        now,
        toolchains={**before.toolchains, **now.toolchains},
        wall_s=before.wall_s if idle else round(before.wall_s + now.wall_s, 3),
        harness=replace(now.harness, jails_replaced=replaced),
        sandbox=before.sandbox if idle else now.sandbox,
        similarity=before.similarity if idle else {},
    )


def planned(options: RunOptions) -> Plan:
    """Return what is to be judged; every row is checked before the first is run. Raises InputError."""
    files, asked, settings, folder = options.samples, options.asked, options.settings, options.folder

    def counted(loaded: ProblemSet) -> tuple[ProblemSet, Told, int]:
        told = Told()
        return loaded, told, sum(map(judged_by_tests, read_samples(files, loaded, asked, told)))

    named = options.problems if options.problems is not None else set_of_samples(files, asked)
    loaded, told, total = with_languages_asked(named, counted)
    other = replace(settings, errata=settings.errata.other)
    variants = [
        Variant(settings=settings, texts=texts_of(loaded, settings.errata), folder=folder),
        Variant(settings=other, texts=texts_of(loaded, other.errata), folder=folder / other.errata.value),
    ]
    if variants[0].texts == variants[1].texts:
        variants.pop()
    return Plan(
        options=options,
        described=tuple(describe(files)),
        problems=loaded,
        total=total,
        read_as=(*told.lines(), *left_out(loaded)),
        variants=tuple(variants),
    )


def judged_by_tests(sample: Sample) -> bool:
    """Return true. Raises SampleError for a sample of a task that tests do not judge."""
    task = task_of(sample.origin)
    if TASKS[task].judge is not Judge.TESTS:
        how = "give such samples alone to evaluate.py run, or to similarity.summaries.compare_descriptions"
        raise SampleError(f"{sample.task_id}: a sample of {task.value}, which no test judges; {how}")
    return True


def readers_for(workers: int) -> int:
    """Return how many processes read answers for so many workers: reading takes a fiftieth of judging, or less."""
    return 1 + workers // 8


def judge_main(plan: Plan, bench: Bench, results: Results) -> Judged:
    """Judge every sample under the run's own texts."""
    results.refuse_others(order.sample for order in plan.orders(plan.main))
    return judge(plan, plan.main, plan.orders(plan.main), plan.total, bench, results)


def judge_others(plan: Plan, bench: Bench, stack: ExitStack) -> Iterator[Judged]:
    """Judge those samples whose program is another one under the other texts; yield nothing where there are none."""
    for variant in plan.variants[1:]:
        wanted = differing(plan, variant, bench.programs)
        if wanted:
            results = stack.enter_context(Results.open(variant.folder, plan.identity(variant)))
            results.refuse_others(order.sample for order in wanted)
            yield judge(plan, variant, wanted, len(wanted), bench, results)


def differing(plan: Plan, variant: Variant, programs: Programs) -> list[Order]:
    """Return the samples whose program is another one under other texts (a corrected declaration is no prompt)."""
    orders = list(plan.orders(variant))
    own = (Order(plan.main.texts[each.sample.task_id], each.sample, plan.main.settings) for each in orders)
    digests = {order.sample.key: found.digest for order, found in programs.map(own)}
    changed = {order.sample.key for order, found in programs.map(orders) if digests[order.sample.key] != found.digest}
    return [order for order in orders if order.sample.key in changed]


def judge(plan: Plan, variant: Variant, orders: Iterable[Order], total: int, bench: Bench, results: Results) -> Judged:
    """Give every wanted sample its verdict in `results`."""
    resumed, before = len(results.done), results.counts.passed
    label = plan.options.name or plan.main.folder.name
    label = label if variant is plan.main else f"{label}, {variant.settings.errata.value} texts"
    with closing(Progress(label, total, resumed, before, shown=plan.options.progress)) as bar:
        run_all(orders, bench.programs, results, bench.pool, plan.options.share, bar)
    found = results.counts
    counts = ProgramCounts(
        samples=total,
        resumed=resumed,
        executed=found.executed,
        shared=found.shared,
        cpu_s=round(found.cpu_s, 4),
        not_negated=found.not_negated,
    )
    return Judged(variant=variant, results=results, counts=counts, new=len(results.done) - resumed)


def run_all(
    orders: Iterable[Order], programs: Programs, results: Results, pool: Pool[Item], share: bool, bar: Progress
) -> None:
    """Run every program that has no verdict yet, and keep its verdict for all that share it."""
    judging = Judging(programs, results, share, bar)
    for item, outcome in pool.judge(judging.programs(orders)):
        pool.faults.unjudged += judging.take(item, outcome)


class Judging:
    """One pass over samples: which of them need a run, which share one, and what is kept of it."""

    def __init__(self, programs: Programs, results: Results, share: bool, bar: Progress) -> None:
        self._programs, self.results, self.share, self.bar = programs, results, share, bar
        self._waiting: dict[str, list[Item]] = {}  # digest of a running program -> who shares it

    def programs(self, orders: Iterable[Order]) -> Iterator[tuple[Item, Program, int | None]]:
        """Yield the programs that have to be run, each with how many checks it has to reach, if that is known."""
        new = (order for order in orders if order.sample.key not in self.results.done)
        for order, found in self._programs.map(new):
            item = Item(replace(order.sample, completion="", extra={}), found.digest, found.read_as)
            if found.missing:
                self._keep(item, nothing_to_judge(found.missing), shared=False)
            elif not self.share or self._is_first(item):
                yield item, found.program, expected_checks(found.program)

    def _is_first(self, item: Item) -> bool:
        """Whether nobody ran this program; else the sample has its verdict, or gets it when the run ends."""
        known = self.results.verdict_of(item.digest)
        if known is not None:
            self._keep(item, known, shared=True)
        elif item.digest in self._waiting:
            self._waiting[item.digest].append(item)
        else:
            self._waiting[item.digest] = []
            return True
        return False

    def take(self, item: Item, outcome: Verdict | SandboxError) -> list[str]:
        """Keep a verdict for all that share it; return a line for each sample that is left without one."""
        same = self._waiting.pop(item.digest, [])
        if isinstance(outcome, SandboxError):
            return [f"{each.sample.task_id} sample {each.sample.sample_index}: {outcome}" for each in (item, *same)]
        self._keep(item, outcome, shared=False)
        for each in same:
            self._keep(each, outcome, shared=True)
        return []

    def _keep(self, item: Item, verdict: Verdict, *, shared: bool) -> None:
        self.results.append(item.sample, item.digest, verdict, shared=shared, read_as=item.read_as)
        self.bar.add(verdict.passed, language_of(item.sample.task_id).TITLE)


def nothing_to_judge(why: str) -> Verdict:
    """Return the verdict on an answer without the tested function: nothing is run."""
    return Verdict(status=Status.COMPILE_ERROR, reason=why, cpu_s=0.0, wall_s=0.0, memory_mib=0.0)


def reported(plan: Plan, judged: Sequence[Judged], pool: Pool[Item], wall_s: float) -> RunReport:
    """Return the scores of all variants, and how they were made."""
    options, main, faults, runner = plan.options, judged[0].results, pool.faults, pool.runner
    scores = {
        each.variant.settings.errata: score(
            rows_of(main, each.results), tasks_of(plan.problems), options.k, partial=options.partial
        )
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
    """Return what became of the descriptions that samples were written from, as their rows tell it."""
    found: dict[Task, list[Description]] = {}
    for sample in read_samples(plan.options.samples, plan.problems, plan.options.asked):
        task, leaks, cut = task_of(sample.origin), sample.extra.get("leaks"), sample.extra.get("cut")
        if TASKS[task].follows and isinstance(leaks, int) and isinstance(cut, int):
            found.setdefault(task, []).append(Description(text="", leaks=leaks, cut=cut))
    return {task: Descriptions.of(each) for task, each in found.items()}


def consistent_scores(plan: Plan, results: Results) -> Scores:
    """Return the translation scores under the run's own texts, without cells whose languages contradict each other."""

    def counts(source: str, task_id: str) -> bool:
        return bool(source) and is_consistent(source, task_id)

    options = plan.options
    return score(results.rows(), tasks_of(plan.problems), options.k, partial=options.partial, cells=counts)


def rows_of(main: Results, variant: Results) -> Iterator[Row]:
    """Yield the verdict rows under a variant's texts: its own, and the main run's where the texts are the same."""
    if variant is not main:
        yield from variant.rows()
    for row in main.rows():
        if variant is main or row.key not in variant.done:
            yield row


def stem(path: str | Path) -> str:
    """Return the name of a samples file without its endings."""
    return Path(path).resolve().name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json")
