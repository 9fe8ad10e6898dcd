"""One side of a comparison of two checkouts: judges what its standard input asks for, with the code of one of them.

    python benchmarks/side.py CHECKOUT PROBLEMS WORKERS      (started by throughput.py --against)

A line of input is JSON: {"prefix", "comment", "first", "last", "samples", "index"}: tasks first to last - 1 of a
language, each with so many different samples, numbered from index: the canonical solution below a comment. A line of
output: {"programs", "passed", "wall_s", "cpu_s"}. Only what both checkouts have in common is used of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def main(argv: Sequence[str]) -> None:
    """Answer until the input ends."""
    checkout, name, workers = argv
    sys.path[0] = checkout
    from humaneval_x.evaluation import Settings, judge
    from humaneval_x.problems import load_problems
    from humaneval_x.progress import Progress
    from humaneval_x.records import Sample
    from humaneval_x.results import Results
    from humaneval_x.runners.bubblewrap import Bubblewrap
    from humaneval_x.runners.pool import Pool

    sys.path.append(str(HERE))
    from benchmarks.clock import Clock  # ours on both sides

    settings, problems = Settings(), load_problems(name)
    runner = Bubblewrap(settings.compiling, settings.running)
    with (
        tempfile.TemporaryDirectory(prefix="humaneval_x-bench-") as folder,
        Results.open(Path(folder), {"benchmark": True}) as results,
        Pool(runner, settings.compiling, settings.running, int(workers)) as pool,
    ):
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            wanted = json.loads(line)
            prefix, mark = wanted["prefix"], wanted["comment"]
            tasks = [each for each in problems.problems.values() if each.prefix == prefix]
            samples = [
                Sample(
                    task_id=each.task_id,
                    completion=f"    {mark} {number}\n{each.canonical_solution}",
                    sample_index=wanted["index"] + number,
                )
                for each in tasks[wanted["first"] : wanted["last"]]
                for number in range(wanted["samples"])
            ]
            bar, clock = Progress(len(samples), 0, shown=False), Clock()
            with clock:
                judge(samples, problems.problems, settings, results, pool, False, bar)
            answer = {"programs": len(samples), "passed": bar.passed, "wall_s": clock.wall_s, "cpu_s": clock.cpu_s}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
