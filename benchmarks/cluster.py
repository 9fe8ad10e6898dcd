"""What one driver of a Ray cluster bears: programs a second, and its CPU a program, where judging takes no time.

    python benchmarks/cluster.py [--programs N] [--workers 2] [--batch 32 1]

The cluster is this machine; its agents (`instant.py`) answer at once, over the real wire. Programs are all different
and ready-made: reading and writing samples is what `host.py` measures. With --batch 1 each program is a message of its
own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.host import instant  # noqa: E402
from humaneval_x.assembly import canonical_program  # noqa: E402
from humaneval_x.problems import load_problems  # noqa: E402
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program, Verdict  # noqa: E402
from humaneval_x.runners.cluster import Cluster  # noqa: E402
from humaneval_x.runners.pool import Pool  # noqa: E402


def programs(count: int) -> list[Program]:
    """Return so many different programs, those of a task one after the other."""
    originals = [canonical_program(each) for each in load_problems("fresh").problems.values()]

    def varied() -> Iterator[Program]:
        each = -(-count // len(originals))
        for original in originals:
            for number in range(each):
                yield replace(original, candidate=f"{original.candidate}\n{number}")

    return [program for program, _ in zip(varied(), range(count), strict=False)]


def measured(asked: Sequence[Program], workers: int, batch: int) -> dict[str, Any]:
    """Judge programs once; return what that took, once every worker has its jail."""
    cluster = Cluster(partial(instant, 1), workers)
    cluster.batch = batch
    with Pool[int](cluster, COMPILE_LIMITS, RUN_LIMITS, workers) as pool:
        list(pool.judge((-1, program, None) for program in asked[: 4 * workers]))
        while len(pool._agents) < workers:
            time.sleep(0.1)
        cpu_s, began = time.process_time(), time.monotonic()
        found = dict(pool.judge((number, program, None) for number, program in enumerate(asked)))
        cpu_s, wall_s = time.process_time() - cpu_s, time.monotonic() - began
    passed = sum(isinstance(each, Verdict) and each.passed for each in found.values())
    return {
        "programs": len(found),
        "passed": passed,
        "per_s": round(len(found) / wall_s),
        "driver_cpu_us": round(1e6 * cpu_s / len(found)),
        "driver_bears_per_s": round(len(found) / cpu_s),
    }


def main(argv: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--programs", type=int, default=20_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--batch", type=int, nargs="+", default=[Cluster.batch, 1], help="programs in a message")
    given = options.parse_args(argv)
    import ray

    if not ray.is_initialized():
        ray.init(num_cpus=given.workers, log_to_driver=False, logging_level="error", include_dashboard=False)
    asked, told = programs(given.programs), []
    for batch in given.batch:
        told.append({"batch": batch, **measured(asked, given.workers, batch)})
        print(json.dumps(told[-1])[1:-1], flush=True)
    return told


if __name__ == "__main__":
    main()
