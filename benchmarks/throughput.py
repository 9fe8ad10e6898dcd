"""How fast: the canonical solutions judged by the plain tools, one process per program, and by this harness.

    python benchmarks/throughput.py [--problems official|fresh|DIR] [--languages NAME ...] [--limit N] [--repeats]
    python benchmarks/throughput.py --against CHECKOUT [--each N] [--repeats] ...      (this harness as it was there)

Same programs, same workers, same kind of jail (bubblewrap), same sitting. The two sides take turns by blocks
of tasks, so that whatever else the machine does hits both. Ours includes assembling and writing verdicts; cold gets
ready-made programs in a jail that is already up, files in memory, Go's build cache filled. What ours pays once a
run (jails, warm compilers and fork servers, for each worker) is timed apart: the ratio `wall` is without it, `all in`
with it. Both sides judge every program they are given: nothing is shared but in `--repeats`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.clock import Clock
from benchmarks.cold import TESTIFY, Cold
from humaneval_x.assembly import Order, Programs, program_of
from humaneval_x.errors import HarnessError, MachineError, ProblemError
from humaneval_x.judging import Item, run_all
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problem_files import FRESH, OFFICIAL
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.progress import Progress
from humaneval_x.records import Sample
from humaneval_x.results import Results
from humaneval_x.runners.bubblewrap import Bubblewrap
from humaneval_x.runners.pool import Pool
from humaneval_x.settings import EvaluationSettings
from humaneval_x.texts import Texts

TARGETS = {"python": 15, "cpp": 2.5, "java": 15, "javascript": 2.5, "go": 6, "all": 10}
REPEATS_TARGET = 40
REPEATED = 5  # times each program occurs: 80 % of the samples repeat an earlier one


@dataclass
class Pair:
    """Both sides' clocks, and the ratio of wall time in each block."""

    cold: Clock = field(default_factory=Clock)
    ours: Clock = field(default_factory=Clock)
    start: Clock = field(default_factory=Clock)  # of ours, once a run
    ratios: list[float] = field(default_factory=list)

    def to_json(self, target: float) -> dict[str, Any]:
        """Return the figures, rounded."""
        sides = {
            name: {
                "programs": clock.programs,
                "passed": clock.passed,
                "wall_s": round(clock.wall_s, 3),
                "cpu_s": round(clock.cpu_s, 2),
                "programs_per_s": round(clock.programs / clock.wall_s, 2),
            }
            for name, clock in (("cold", self.cold), ("ours", self.ours))
        }
        return {
            **sides,
            "wall_ratio": round(self.cold.wall_s / self.ours.wall_s, 2),
            "cpu_ratio": round(self.cold.cpu_s / self.ours.cpu_s, 2),
            "start_wall_s": round(self.start.wall_s, 3),
            "start_cpu_s": round(self.start.cpu_s, 2),
            "all_in_ratio": round(self.cold.wall_s / (self.ours.wall_s + self.start.wall_s), 2),
            "median_block_ratio": round(statistics.median(self.ratios), 2) if self.ratios else None,
            "target": target,
        }


@dataclass
class Bench:
    """Both sides, ready to run samples."""

    problems: ProblemSet
    cold: Cold
    pool: Pool[Item]
    programs: Programs  # its process starts with the first samples, as the jails do
    results: Results
    settings: EvaluationSettings = field(default_factory=EvaluationSettings)

    def run_cold(self, samples: Sequence[Sample], clock: Clock) -> None:
        """Run samples with the plain tools; assembling them is not counted."""
        programs = [program_of(self.problems.problems[each.task_id], each, self.settings) for each in samples]
        with clock:
            passed = self.cold.run(programs)
        clock.programs += len(samples)
        clock.passed += sum(passed)

    def run_ours(self, samples: Sequence[Sample], clock: Clock, *, share: bool) -> int:
        """Judge samples as `evaluate` does. Return how many were executed."""
        bar, before = Progress("", len(samples), shown=False), self.results.counts.executed
        orders = [Order(self.problems.problems[each.task_id], each, self.settings) for each in samples]
        with clock:
            answers = Texts(self.programs, self.results.done, share).answers(orders)
            run_all(answers, self.results, self.pool, share, bar)
        clock.programs += len(samples)
        clock.passed += bar.passed
        return self.results.counts.executed - before


def canonical(problems: ProblemSet, language: str, limit: int | None) -> list[Sample]:
    """The canonical solutions of one language as samples."""
    found = [
        Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
        for problem in problems.problems.values()
        if language == BY_PREFIX[problem.prefix].NAME
    ]
    return found[:limit]


def blocks(samples: Sequence[Sample], size: int) -> Iterator[Sequence[Sample]]:
    """Cut samples into blocks of nearly equal size."""
    count = max(1, round(len(samples) / size))
    for number in range(count):
        yield samples[number * len(samples) // count : (number + 1) * len(samples) // count]


def compare(
    bench: Bench, languages: Sequence[str], limit: int | None, size: int, tell: Callable[[str], None]
) -> dict[str, Pair]:
    """Run the canonical solutions of these languages on both sides, in turns."""
    pairs: dict[str, Pair] = {}
    for language in languages:
        pair = pairs[language] = Pair()
        first = canonical(bench.problems, language, 1)[0]
        starters = [replace(first, sample_index=number) for number in range(1, bench.pool.workers + 1)]
        bench.run_ours(starters, pair.start, share=False)  # two jails start at once, more when it pays
        for number, block in enumerate(blocks(canonical(bench.problems, language, limit), size)):
            cold_s, ours_s = pair.cold.wall_s, pair.ours.wall_s
            if number % 2:
                bench.run_ours(block, pair.ours, share=False)
            bench.run_cold(block, pair.cold)
            if not number % 2:
                bench.run_ours(block, pair.ours, share=False)
            pair.ratios.append((pair.cold.wall_s - cold_s) / (pair.ours.wall_s - ours_s))
        tell(row(language, pair, TARGETS[language]))
    return pairs


def together(pairs: Sequence[Pair]) -> Pair:
    """The sum over all languages."""
    parts: dict[str, Any] = {
        name: sum((getattr(pair, name) for pair in pairs), Clock()) for name in ("cold", "ours", "start")
    }
    return Pair(**parts)


def repeated(problems: ProblemSet, count: int, seed: int) -> list[Sample]:
    """`count` samples of which four in five repeat an earlier one, in random order.

    The different ones are the canonical solutions, each with a comment that holds another number.
    """
    different: list[Sample] = []
    index = 0
    originals = [sample for name in LANGUAGES for sample in canonical(problems, name, None)]
    while len(different) < count // REPEATED:
        for sample in originals[: count // REPEATED - len(different)]:
            language = BY_PREFIX[sample.task_id.partition("/")[0]].NAME
            different.append(replace(sample, completion=vary(sample.completion, language, index)))
        index += 1
    samples = [replace(sample) for sample in different for _ in range(REPEATED)]
    random.Random(seed).shuffle(samples)
    return [replace(sample, sample_index=number) for number, sample in enumerate(samples)]


def vary(completion: str, language: str, number: int) -> str:
    """Return the completion with a comment inside its function, which no truncation cuts off."""
    if language == "python":
        return f"    # variation {number}\n{completion}"
    return f"    // variation {number}\n{completion}"


def repeats(bench: Bench, count: int, cold_count: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Judge samples that mostly repeat; the cold side runs a sample of them in between and is extrapolated."""
    samples = repeated(bench.problems, count, seed=0)
    by_language: dict[str, list[Sample]] = {}
    for sample in samples:
        by_language.setdefault(BY_PREFIX[sample.task_id.partition("/")[0]].NAME, []).append(sample)
    pair, executed, turns = Pair(), 0, 10
    per_turn = max(1, cold_count // turns // len(by_language))
    shares = {name: len(each) / len(samples) for name, each in by_language.items()}
    cold = {name: Clock() for name in by_language}
    for turn in range(turns):
        executed += bench.run_ours(samples[turn * count // turns : (turn + 1) * count // turns], pair.ours, share=True)
        for name, clock in cold.items():
            bench.run_cold(by_language[name][turn * per_turn : (turn + 1) * per_turn], clock)
    mean_s = sum(shares[name] * clock.wall_s / clock.programs for name, clock in cold.items())
    ratio = mean_s * count / pair.ours.wall_s
    tell(
        f"repeats: {count} samples, {executed} different: ours {pair.ours.wall_s:.1f} s "
        f"({count / pair.ours.wall_s:.0f}/s); cold {mean_s * count:.0f} s, extrapolated from "
        f"{sum(clock.programs for clock in cold.values())} of them run in between ({mean_s * 1000:.0f} ms each); "
        f"{ratio:.1f}x (target {REPEATS_TARGET}x)"
    )
    return {
        "samples": count,
        "executed": executed,
        "passed": pair.ours.passed,
        "ours_wall_s": round(pair.ours.wall_s, 3),
        "ours_cpu_s": round(pair.ours.cpu_s, 2),
        "cold_measured": sum(clock.programs for clock in cold.values()),
        "cold_mean_s": round(mean_s, 5),
        "cold_extrapolated_s": round(mean_s * count, 1),
        "wall_ratio": round(ratio, 1),
        "target": REPEATS_TARGET,
    }


HEAD = (
    f"{'':<12}{'programs':>9}{'passed':>12}{'cold s':>9}{'ours s':>9}{'cold CPU':>10}{'ours CPU':>10}"
    f"{'cold/s':>8}{'ours/s':>8}{'wall':>8}{'CPU':>8}{'start s':>9}{'all in':>8}{'target':>8}"
)


def row(name: str, pair: Pair, target: float) -> str:
    """One line of the table."""
    value = pair.to_json(target)
    cold, ours = value["cold"], value["ours"]
    passed = f"{cold['passed']}, {ours['passed']}"
    return (
        f"{name:<12}{ours['programs']:>9}{passed:>12}{cold['wall_s']:>9.1f}{ours['wall_s']:>9.2f}"
        f"{cold['cpu_s']:>10.1f}{ours['cpu_s']:>10.2f}{cold['programs_per_s']:>8.1f}{ours['programs_per_s']:>8.1f}"
        f"{value['wall_ratio']:>7.1f}x{value['cpu_ratio']:>7.1f}x"
        f"{value['start_wall_s']:>9.2f}{value['all_in_ratio']:>7.1f}x{target:>7}x"
    )


class Side:
    """A process that judges with the code of one checkout (`side.py`)."""

    def __init__(self, checkout: Path, problems: str, workers: int) -> None:
        argv = [sys.executable, str(Path(__file__).parent / "side.py"), str(checkout), problems, str(workers)]
        self.checkout = checkout
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=checkout)
        self.answer()

    def answer(self) -> dict[str, Any]:
        """Read one line. Raises MachineError where the process ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise MachineError(f"{self.checkout}: it ended; its message is above")
        return dict(json.loads(line))

    def judge(self, samples: Sequence[Sample], share: bool) -> Clock:
        """Judge a block; `share` has equal programs judged once."""
        assert self.process.stdin
        rows = [(each.task_id, each.completion, each.sample_index) for each in samples]
        self.process.stdin.write(json.dumps({"share": share, "samples": rows}) + "\n")
        self.process.stdin.flush()
        return Clock(**self.answer())


def against(given: argparse.Namespace) -> dict[str, Any]:
    """Judge the same programs with this checkout and with another, in turns."""
    problems = available(given.problems)
    here = Path(__file__).resolve().parents[1]
    different = max(1, given.each // REPEATED) if given.repeats else given.each
    print(
        f"{problems.name}, {given.each} samples a task, {different} of them different, {given.workers} workers; "
        "CPU seconds there and here"
    )
    print(f"{'':<12}{'programs':>9}{'passed':>12}{'CPU there':>11}{'CPU here':>10}{'CPU':>8}{'wall':>8}", flush=True)
    asked = given.problems or problems.name
    sides = [Side(checkout, asked, given.workers) for checkout in (given.against.resolve(), here)]
    rows: dict[str, list[Clock]] = {}
    for name in given.languages:
        clocks = rows[name] = [Clock(), Clock()]
        samples = [
            replace(sample, completion=vary(sample.completion, name, text), sample_index=number)
            for sample in canonical(problems, name, given.limit)
            for number, text in enumerate([*(n % different for n in range(given.each)), *range(-given.workers, 0)])
        ]
        starters = [each for each in samples[: given.each + given.workers] if each.sample_index >= given.each]
        for side in sides:  # what starts once a run is not counted
            side.judge(starters, False)
        wanted = [each for each in samples if each.sample_index < given.each]
        for number, block in enumerate(blocks(wanted, given.block * given.each)):
            for which in (0, 1) if number % 2 else (1, 0):
                clocks[which] += sides[which].judge(block, given.repeats)
        print(compared(name, *clocks), flush=True)
    both = [sum((clocks[which] for clocks in rows.values()), Clock()) for which in (0, 1)]
    print(compared("all", *both))
    return {name: [vars(clock) for clock in clocks] for name, clocks in {**rows, "all": both}.items()}


def compared(name: str, there: Clock, here: Clock) -> str:
    """One line of the table; `here` is the more expensive above +0 %."""
    cpu, wall = here.cpu_s / there.cpu_s - 1, here.wall_s / there.wall_s - 1
    passed = f"{there.passed}, {here.passed}"
    return f"{name:<12}{here.programs:>9}{passed:>12}{there.cpu_s:>11.2f}{here.cpu_s:>10.2f}{cpu:>+8.0%}{wall:>+8.0%}"


def available(name: str | None) -> ProblemSet:
    """The problem set asked for; by default the official one where it is on this machine, else the project's own."""
    if name:
        return load_problems(name)
    try:
        return load_problems(OFFICIAL)
    except ProblemError:
        return load_problems(FRESH)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = int(Path("/proc/meminfo").read_text(encoding="utf-8").split()[1]) >> 20
    return {"processor": model, "cores": os.cpu_count(), "memory_gib": memory, "kernel": os.uname().release}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write the figures where asked."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--problems", help="official, fresh or a folder; default official where it is here")
    options.add_argument("--limit", type=int, help="tasks per language, for a quick look")
    options.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES), help="only these")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument(
        "--block", type=int, default=82, help="tasks in a turn; at the end of each the workers wait for the last one"
    )
    options.add_argument(
        "--repeats", action="store_true", help="also samples of which 80 %% repeat; with --against only"
    )
    options.add_argument("--only-repeats", action="store_true", help="nothing but those")
    options.add_argument("--samples", type=int, default=20_000, help="of --repeats")
    options.add_argument("--cold-samples", type=int, default=200, help="of those, run by the plain tools")
    options.add_argument("--against", type=Path, metavar="CHECKOUT", help="this harness as it is there")
    options.add_argument("--each", type=int, default=1, help="of --against: different samples of each task")
    options.add_argument("--output", type=Path, help="write the figures as JSON")
    given = options.parse_args(argv)
    try:
        report = against(given) if given.against else measure(given)
    except HarnessError as fault:
        print(f"throughput: {fault}", file=sys.stderr)
        return 2
    if given.output:
        given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Run what was asked for and return the figures."""
    problems = available(given.problems)
    settings = EvaluationSettings()
    runner = Bubblewrap(settings.compiling, settings.running)
    report: dict[str, Any] = {
        "problems": problems.name,
        "workers": given.workers,
        "machine": machine(),
        "go_testify": "testify" if TESTIFY.is_dir() else "a stand-in",
        "date": time.strftime("%Y-%m-%d"),
        "load_before": os.getloadavg(),
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="humaneval_x-bench-")))
        results = stack.enter_context(Results.open(folder, {"benchmark": True}))
        cold = stack.enter_context(Cold(runner, given.workers))
        cold.warm_up(given.languages)
        pool: Pool[Item] = stack.enter_context(Pool(runner, settings.compiling, settings.running, given.workers))
        bench = Bench(problems, cold, pool, stack.enter_context(Programs()), results, settings)
        if not given.only_repeats:
            print(f"{problems.name}, {given.workers} workers, {runner.describe()}; wall and CPU seconds")
            print(HEAD, flush=True)
            pairs = compare(bench, given.languages, given.limit, given.block, lambda line: print(line, flush=True))
            whole = together(list(pairs.values()))
            print(row("all", whole, TARGETS["all"]))
            report["languages"] = {name: pair.to_json(TARGETS[name]) for name, pair in pairs.items()}
            report["all"] = whole.to_json(TARGETS["all"])
        if given.repeats or given.only_repeats:
            other = stack.enter_context(Results.open(folder / "repeats", {"benchmark": True}))
            bench = replace(bench, results=other)
            report["repeats"] = repeats(bench, given.samples, given.cold_samples, lambda line: print(line, flush=True))
        report["toolchains"] = pool.toolchains
        report["jails_replaced"] = pool.faults.jails_replaced
    report["load_after"] = os.getloadavg()
    before, after = report["load_before"][0], report["load_after"][0]
    print(f"load average before {before:.1f}, after {after:.1f} on {os.cpu_count()} cores")
    return report


if __name__ == "__main__":
    sys.exit(main())
