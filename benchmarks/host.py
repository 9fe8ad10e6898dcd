"""What the harness itself costs: microseconds of CPU a sample in its main process, where judging takes no time.

    python benchmarks/host.py [--problems official|fresh|DIR] [--each N] [--against CHECKOUT]

Samples are right solutions with a comment that tells them apart, one in seven marked wrong; either all are different,
or four in five repeat an earlier one. The agents (`instant.py`) answer at once, over the real wire: what is left is
reading, planning, asking, writing and scoring. Each figure is of a process of its own:

    judged   a run from nothing              again    the same run, whose verdicts are all there
    half     ... half of which are there     stages   the parts of it, one after the other, each alone

Main-process CPU leaves out agents, the processes that speak to them or read answers, and the one that makes programs of
a large run's samples (`others`; what that one does for a sample is the stage `feed`). Runs no program.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve()
if TYPE_CHECKING:
    from humaneval_x.plans import RunOptions
    from humaneval_x.problems import ProblemSet
    from humaneval_x.runners import Runner
REPEATED = 5  # times each completion occurs where they repeat
WRONG = 7  # one in so many fails
STAGED = 2_000  # samples of the stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One call of `evaluated`: how many samples and verdicts, and what it took."""

    samples: int
    passed: int
    executed: int
    cpu_us: float  # a sample, main process
    others_us: float  # a sample, processes that have ended
    wall_s: float
    peak_mib: float
    others_peak_mib: float  # of the largest of the processes that have ended


def rows(problems: ProblemSet, each: int, different: int, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield samples in the order of the problems, `each` a task, of which `different` are different."""
    for problem in list(problems.problems.values())[:limit]:
        comment = "    #" if problem.prefix == "Python" else "    //"
        for number in range(each):
            kind = number % different
            said = "wrong answer" if kind % WRONG == WRONG - 1 else "variation"
            text = f"{comment} {said} {kind}\n{problem.canonical_solution}"
            yield {"task_id": problem.task_id, "completion": text, "sample_index": number}


def instant(workers: int) -> Runner:
    """Return a runner whose agents answer at once."""
    from humaneval_x.languages import LANGUAGES
    from humaneval_x.runners import Runner
    from humaneval_x.runners.bubblewrap import PipeChannel
    from humaneval_x.runners.wire import Conversation

    class Instant(Runner):
        """Starts agents that judge nothing."""

        name, cores = "instant", workers

        def describe(self) -> str:
            """One line for reports."""
            return "no program was run"

        def start(self) -> Conversation:
            """Start one agent."""
            argv = [sys.executable, "-S", str(HERE.parent / "instant.py"), ",".join(LANGUAGES)]
            return Conversation(PipeChannel(argv))

    return Instant()


def options_of(samples: Path, folder: Path, problems: str, workers: int) -> RunOptions:
    """Return a run whose agents answer at once."""
    from humaneval_x.runners.machines import Machines

    try:
        from humaneval_x.plans import RunOptions
    except ModuleNotFoundError:  # an older checkout
        from humaneval_x.evaluation import RunOptions  # type: ignore[attr-defined]

    class Agents(Machines):
        """Agents in place of jails."""

        def runner(self, compiling: Any, running: Any) -> Runner:
            """Return the runner."""
            return instant(workers)

    return RunOptions(
        samples=(samples,),
        output=folder,
        problems=problems,
        machines=Agents(workers=workers),
        k=(1,),
        partial=True,
        progress=False,
    )


def evaluated(options: RunOptions) -> Figures:
    """Evaluate once in this process."""
    from humaneval_x import evaluation
    from humaneval_x.records import Status

    cpu_s, wall_s, others_s = time.process_time(), time.monotonic(), children_s()
    report = evaluation.evaluated(options)
    cpu_s, wall_s, others_s = time.process_time() - cpu_s, time.monotonic() - wall_s, children_s() - others_s
    found = report.programs[report.settings.errata]
    columns = [each for tasks in report.scores[report.settings.errata].values() for each in tasks.columns.values()]
    return Figures(
        samples=found.samples,
        passed=sum(each.outcomes.get(Status.PASSED, 0) for each in columns),
        executed=found.executed,
        cpu_us=round(1e6 * cpu_s / found.samples, 1),
        others_us=round(1e6 * others_s / found.samples, 1),
        wall_s=round(wall_s, 2),
        peak_mib=peak_mib(resource.RUSAGE_SELF),
        others_peak_mib=peak_mib(resource.RUSAGE_CHILDREN),
    )


def peak_mib(who: int) -> float:
    """Return the most memory that this process, or one that has ended, had at once."""
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def children_s() -> float:
    """Return the CPU seconds of children that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def halved(folder: Path) -> None:
    """Leave every second verdict, as after a run that was killed."""
    for path in (folder / "verdicts.jsonl", *folder.glob("*/verdicts.jsonl")):
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[::2]))


def stages(options: RunOptions) -> dict[str, float]:
    """Return the microseconds a sample of the parts, each alone: asking is with one agent."""
    from itertools import islice

    from humaneval_x.assembly import Order, prepared, tasks_of, texts_of
    from humaneval_x.checks import expected_checks
    from humaneval_x.problems import load_problems
    from humaneval_x.results import Results, read_rows
    from humaneval_x.runners.pool import Pool, Worker
    from humaneval_x.samples import read_samples
    from humaneval_x.scoring import score

    loaded, settings = load_problems(options.problems), options.settings
    texts, found = texts_of(loaded, settings.errata), dict[str, float]()
    limits = settings.compiling, settings.running

    def timed(name: str, made: Iterator[Any]) -> list[Any]:
        began = time.process_time()
        each = list(made)
        found[name] = round(1e6 * (time.process_time() - began) / len(each), 1)
        return each

    if importlib.util.find_spec("humaneval_x.texts"):  # of an older checkout, the main process did it
        timed("feed", fed(options, loaded))
    samples = timed("read", islice(read_samples(options.samples, loaded), STAGED))
    ready = timed("program", (prepared(Order(texts[each.task_id], each, settings)) for each in samples))
    pool: Pool[None] = Pool(options.machines.runner(*limits), *limits, 1)
    with pool, Worker(pool) as worker, tempfile.TemporaryDirectory() as folder:
        verdicts = timed("ask", (worker.judge(each.program, expected_checks(each.program)) for each in ready))
        with Results.open(folder, {"benchmark": True}) as results:
            kept = zip(samples, ready, verdicts, strict=True)
            began = time.process_time()
            for sample, one, said in kept:
                results.append(sample, one.digest, said, shared=False)
            found["write"] = round(1e6 * (time.process_time() - began) / len(samples), 1)
            began = time.process_time()
            score(read_rows(folder), tasks_of(loaded), (1,), partial=True)
            found["score"] = round(1e6 * (time.process_time() - began) / len(samples), 1)
    return found


def fed(options: RunOptions, loaded: ProblemSet) -> Iterator[Any]:
    """Yield what the process that makes programs of samples has to say of the first of them."""
    from itertools import islice

    from humaneval_x.assembly import Programs, texts_of
    from humaneval_x.samples import AS_IT_IS, KeySet
    from humaneval_x.texts import Feed

    feed = Feed(
        files=options.samples,
        problems=loaded,
        asked=AS_IT_IS,
        texts=texts_of(loaded, options.settings.errata),
        settings=options.settings,
        noted=frozenset(),
        done=KeySet(),
        share=True,
    )
    with Programs() as programs:
        yield from islice(feed.answers(programs), STAGED)


def measured(asked: dict[str, Any]) -> Any:
    """Return one figure, in the process that is there for it."""
    folder = Path(asked["folder"])
    options = options_of(Path(asked["samples"]), folder, asked["problems"], asked["workers"])
    return stages(options) if asked["what"] == "stages" else evaluated(options)


def in_a_process(checkout: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Return one figure of a checkout."""
    argv = [sys.executable, str(HERE), "--version", str(checkout), "--measure", json.dumps(asked)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True, cwd=checkout)
    return dict(json.loads(done.stdout))


def compared(given: argparse.Namespace, checkouts: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Measure every checkout on the same samples, in turns; print a line for each figure."""
    from humaneval_x.files import jsonl
    from humaneval_x.problems import load_problems

    loaded, told = load_problems(given.problems), dict[str, Any]()
    for kind, different in (("different", given.each), ("repeats", max(1, given.each // REPEATED))):
        samples = folder / f"{kind}.jsonl"
        with samples.open("wb") as file:
            for row in rows(loaded, given.each, different, given.limit):
                file.write(jsonl.encode(row))
        for what in ("stages", "judged", "again", "half"):
            for checkout in checkouts:
                results = folder / f"{kind}-{checkouts.index(checkout)}"
                if what == "half":
                    halved(results)
                asked = {"what": what, "samples": str(samples), "folder": str(results)}
                asked |= {"problems": str(given.problems), "workers": given.workers}
                found = told[f"{kind}, {what}, {checkout.name}"] = in_a_process(checkout, asked)
                print(f"{kind:<11}{what:<8}{checkout.name:<10}{json.dumps(found)[1:-1]}", flush=True)
    return told


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Print the figures, and with --measure those of one process as JSON."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--problems", default="fresh", help="official, fresh or a folder")
    options.add_argument("--each", type=int, default=50, help="samples a task")
    options.add_argument("--limit", type=int, help="tasks, for a quick look")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--against", type=Path, metavar="CHECKOUT", help="this harness as it is there")
    options.add_argument("--version", type=Path, default=HERE.parents[1], help=argparse.SUPPRESS)
    options.add_argument("--measure", help=argparse.SUPPRESS)
    given = options.parse_args(argv)
    sys.path.insert(0, str(given.version))
    if given.measure:
        found = measured(json.loads(given.measure))
        print(
            json.dumps(found if isinstance(found, dict) else {name: getattr(found, name) for name in found.__slots__})
        )
        return {}
    checkouts = [given.against.resolve()] if given.against else []
    with tempfile.TemporaryDirectory(prefix="humaneval_x-host-") as folder:
        return compared(given, [*checkouts, HERE.parents[1]], Path(folder))


if __name__ == "__main__":
    main()
