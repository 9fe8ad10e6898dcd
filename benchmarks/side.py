"""One side of a comparison of two checkouts: judges what its standard input asks for, with the code of one of them.

    python benchmarks/side.py CHECKOUT PROBLEMS WORKERS      (started by throughput.py --against)

A line of input is JSON: {"share": whether equal programs are judged once, "samples": a list of (task_id, completion,
sample_index)}. A line of output: {"programs", "passed", "wall_s", "cpu_s"}. Only what both checkouts have in common is
used of them.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.clock import Clock  # ours on both sides


def main(argv: Sequence[str]) -> None:
    """Answer until the input ends."""
    checkout, name, workers = argv
    sys.path.insert(0, checkout)
    from humaneval_x import assembly, evaluation
    from humaneval_x.problems import load_problems
    from humaneval_x.progress import Progress
    from humaneval_x.records import Sample
    from humaneval_x.results import Results
    from humaneval_x.runners.bubblewrap import Bubblewrap
    from humaneval_x.runners.pool import Pool

    try:
        from humaneval_x.settings import EvaluationSettings
    except ModuleNotFoundError:  # a checkout of 0.1.0
        from humaneval_x.evaluation import Settings as EvaluationSettings  # type: ignore[attr-defined,no-redef]

    settings, problems = EvaluationSettings(), load_problems(name)
    runner = Bubblewrap(settings.compiling, settings.running)
    readers: Any = assembly.Programs() if hasattr(assembly, "Programs") else nullcontext()
    with (
        tempfile.TemporaryDirectory(prefix="humaneval_x-bench-") as folder,
        Results.open(Path(folder), {"benchmark": True}) as results,
        Pool[Any](runner, settings.compiling, settings.running, int(workers)) as pool,
        readers as programs,
    ):
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            share = bool(asked["share"])
            samples = [
                Sample(task_id=task_id, completion=completion, sample_index=index)
                for task_id, completion, index in asked["samples"]
            ]
            clock = Clock()
            if hasattr(evaluation, "run_all"):
                bar = Progress("", len(samples), shown=False)
                with clock:
                    orders = [assembly.Order(problems.problems[each.task_id], each, settings) for each in samples]
                    if importlib.util.find_spec("humaneval_x.texts"):
                        from humaneval_x.texts import Texts

                        answers = Texts(programs, results.done, share).answers(orders)
                        evaluation.run_all(answers, results, pool, share, bar)
                    else:
                        older: Any = evaluation.run_all
                        older(orders, programs, results, pool, share, bar)
            else:
                old: Any = evaluation
                bar = Progress(len(samples), 0, shown=False)  # type: ignore[arg-type]
                with clock:
                    old.judge(samples, problems.problems, settings, results, pool, share, bar)
            answer = {"programs": len(samples), "passed": bar.passed, "wall_s": clock.wall_s, "cpu_s": clock.cpu_s}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
