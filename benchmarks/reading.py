"""What it costs to read an answer: CPU milliseconds a sample, by language, and against another version as ratios.

    python benchmarks/reading.py [--against FOLDER]

A sample is a canonical solution of the fresh set, some 1 kB with the prompt: a continuation that code in another
language and prose follow, or a chat answer with prompt and solution in a fence. FOLDER is a checkout of another
version, measured in a process of its own right after this one. Judges nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
AFTER = "\n\nPython:\ndef other(n):\n    return n > 1\n\nThe function walks through its input once, so it's linear.\n"
CHAT = "Sure! Here's the function:\n\n```{tag}\n{whole}\n```\n\nIt walks through its input once, so it's linear.\n"
ROUNDS = 5


def measured() -> dict[str, float]:
    """Return the milliseconds a sample of each language, the least of some rounds."""
    from humaneval_x.problems import load_problems
    from humaneval_x.records import Sample

    try:
        from humaneval_x.assembly import program_of
        from humaneval_x.settings import EvaluationSettings as Settings
    except ImportError:  # a version before these rooms
        from humaneval_x.evaluation import Settings, program_of  # type: ignore[attr-defined,no-redef]
    found: dict[str, list[float]] = {}
    problems = list(load_problems("fresh").problems.values())
    for _ in range(ROUNDS):
        spent: dict[str, list[float]] = {}
        for problem in problems:
            whole = problem.prompt + problem.canonical_solution
            tag = {"CPP": "cpp"}.get(problem.prefix, problem.prefix.lower())
            chat = CHAT.format(tag=tag, whole=whole)
            for kind, text in (("", problem.canonical_solution + AFTER), (" chat", chat)):
                sample = Sample(task_id=problem.task_id, completion=text, sample_index=0)
                began = time.process_time()
                program_of(problem, sample, Settings())
                spent.setdefault(problem.prefix + kind, []).append(1000 * (time.process_time() - began))
        for name, each in spent.items():
            found.setdefault(name, []).append(sum(each) / len(each))
    return {name: min(each) for name, each in sorted(found.items(), key=lambda one: one[0].endswith("chat"))}


def measured_in(folder: Path) -> dict[str, float]:
    """Return the same for another version's checkout."""
    command = [sys.executable, str(HERE), "--json", "--version", str(folder)]
    values: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return values


def main() -> None:
    """Print a table, or with --json the figures alone."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--version", type=Path, default=HERE.parents[1])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sys.path.insert(0, str(given.version))
    ours = measured()
    if given.json:
        print(json.dumps(ours))
        return
    theirs = measured_in(given.against.resolve()) if given.against else {}
    for prefix, value in ours.items():
        ratio = f"  {value / theirs[prefix]:.2f} of {theirs[prefix]:.3f} ms" if theirs else ""
        print(f"{prefix:15s} {value:.3f} ms a sample of 1 kB{ratio}")


if __name__ == "__main__":
    main()
