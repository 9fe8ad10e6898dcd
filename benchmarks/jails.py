"""What jails cost: one more of them by language, and many workers beside two for the same programs.

    python benchmarks/jails.py [--problems official|fresh|DIR] [--limit N] [--workers 2 64] [--version CHECKOUT]

CPU seconds of everything that runs, this process included; MiB that only the jail's processes use, and their share of
what they use with others. The first part starts a jail and has it judge right programs: `jail` is its start, `language`
what the language's first program takes more than its next. The second judges canonical solutions, in the order of the
files, with each number of workers in turn, jails and tools included; what two workers cost is 1.00. Tests are compiled
before, once. --version measures another checkout of this project. Bubblewrap only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from benchmarks.clock import tree, tree_cpu_s  # noqa: E402

if TYPE_CHECKING:
    from humaneval_x.records import Program
KIB_A_MIB = 1024


def memory_mib(pid: int) -> tuple[float, float]:
    """Return what the processes from `pid` down use alone, and with their share of what others use too."""
    found = Counter[str]()
    for each in tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        found.update({line.partition(":")[0]: int(line.split()[1]) for line in lines})
    return (found["Private_Dirty"] + found["Private_Clean"]) / KIB_A_MIB, found["Pss"] / KIB_A_MIB


def one_more(runner: Any, languages: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return what one more jail takes that judges each language alone, and all."""
    from humaneval_x.probes import right_programs
    from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
    from humaneval_x.runners.pool import Pool, Worker

    right, told = right_programs(), {}
    pool: Pool[None] = Pool(runner, COMPILE_LIMITS, RUN_LIMITS, 1)
    for chosen in [*([name] for name in languages), list(languages)]:
        spent = [tree_cpu_s()]
        with Worker(pool) as worker:
            worker.agent = agent = pool.start()
            spent.append(tree_cpu_s())
            for _ in range(2):
                verdicts = [worker.judge(right[name], None) for name in chosen]
                assert all(getattr(each, "passed", False) for each in verdicts), verdicts
                spent.append(tree_cpu_s())
            own, shared = memory_mib(agent.channel.process.pid)  # type: ignore[attr-defined]
        jail, first, then = (later - sooner for sooner, later in pairwise(spent))
        figures = {"jail_cpu_s": jail, "language_cpu_s": first - then, "own_mib": own, "pss_mib": shared}
        told["+".join(chosen)] = {name: round(value, 2) for name, value in figures.items()}
    return told


def together(runner: Any, programs: Sequence[Program], workers: int) -> dict[str, float]:
    """Return what it takes to judge programs once with so many workers, and how many jails started."""
    from humaneval_x.probes import right_programs
    from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
    from humaneval_x.runners.pool import Pool

    started = Counter[str]()

    class Counted(type(runner)):  # type: ignore[misc]
        """Counts the jails that start."""

        def start(self) -> Any:
            """Start one jail."""
            started["jails"] += 1
            return super().start()

    runner.__class__, kind = Counted, type(runner)
    cpu_s, began = tree_cpu_s(), time.monotonic()
    with Pool[int](runner, COMPILE_LIMITS, RUN_LIMITS, workers, right_programs()) as pool:
        if hasattr(pool, "schedule"):
            pool.schedule.expect(Counter(each.language for each in programs))
        found = dict(pool.judge((number, program, None) for number, program in enumerate(programs)))
        spent = {"cpu_s": round(tree_cpu_s() - cpu_s, 2), "wall_s": round(time.monotonic() - began, 2)}
    runner.__class__ = kind
    passed = sum(getattr(each, "passed", False) for each in found.values())
    return {**spent, "jails": started["jails"], "programs": len(found), "passed": passed}


def measured(given: argparse.Namespace) -> dict[str, Any]:
    """Print and return all figures."""
    from humaneval_x.assembly import canonical_program
    from humaneval_x.languages import BY_PREFIX, LANGUAGES
    from humaneval_x.problems import load_problems
    from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
    from humaneval_x.runners.bubblewrap import Bubblewrap

    runner = Bubblewrap(COMPILE_LIMITS, RUN_LIMITS)
    languages = given.languages or list(LANGUAGES)
    of_language: dict[str, list[Program]] = {name: [] for name in languages}
    for problem in load_problems(given.problems).problems.values():
        if (name := BY_PREFIX[problem.prefix].NAME) in of_language:
            of_language[name].append(canonical_program(problem))
    programs = [each for found in of_language.values() for each in found[: given.limit]]
    together(runner, programs, 2)  # compiles the tests
    told: dict[str, Any] = {"one more jail": one_more(runner, languages)}
    for name, figures in told["one more jail"].items():
        print(f"{name:<34}{json.dumps(figures)[1:-1]}", flush=True)
    for workers in given.workers:
        told[f"{workers} workers"] = figures = together(runner, programs, workers)
        figures["ratio"] = round(figures["cpu_s"] / told[f"{given.workers[0]} workers"]["cpu_s"], 2)
        print(f"{workers:>3} workers{'':<24}{json.dumps(figures)[1:-1]}", flush=True)
    return told


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--problems", default="fresh", help="official, fresh or a folder")
    options.add_argument("--languages", nargs="+", help="only these")
    options.add_argument("--limit", type=int, help="programs a language")
    options.add_argument("--workers", type=int, nargs="+", default=[2, 64])
    options.add_argument("--version", type=Path, default=HERE, metavar="CHECKOUT", help="this harness as it is there")
    given = options.parse_args(argv)
    sys.path.insert(0, str(given.version.resolve()))
    return measured(given)


if __name__ == "__main__":
    main()
