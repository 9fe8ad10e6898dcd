"""What text metrics cost: CPU seconds for 10,000 samples, and the share of each metric.

    python benchmarks/similarity.py [--samples N]

A sample is a canonical solution of the fresh set with some of its lines gone, no two alike. Judges nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

from humaneval_x.languages import language_of
from humaneval_x.problems import load_problems
from humaneval_x.settings import EvaluationSettings
from humaneval_x.similarity.code import Code
from humaneval_x.similarity.codebleu import codebleu
from humaneval_x.similarity.run import reference
from humaneval_x.similarity.texts import code, packages


def pairs(count: int) -> Iterator[tuple[Code, Code]]:
    """Yield samples with what they are compared with."""
    draws = random.Random(0)
    problems = list(load_problems("fresh").problems.values())
    for number in range(count):
        problem = problems[number % len(problems)]
        known = reference(problem, None, EvaluationSettings())
        lines = problem.canonical_solution.splitlines(keepends=True)
        kept = "".join(line for line in lines if draws.random() < 0.8)
        yield code(language_of(problem.task_id).NAME, known.given, f"{kept}\n{number}"), known.continued


def main() -> None:
    """Print the seconds as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=10_000)
    asked = parser.parse_args()
    scorers = packages()
    spent: Counter[str] = Counter()
    ways: dict[str, Callable[[Code, Code], object]] = {
        "codebleu": codebleu,
        "bleu": lambda text, ref: scorers["bleu"].sentence_score(text.text, [ref.text]),
        "chrf": lambda text, ref: scorers["chrf"].sentence_score(text.text, [ref.text]),
        "rouge_l": lambda text, ref: scorers["rouge"].score(ref.text, text.text),
    }
    for text, ref in pairs(asked.samples):
        for name, way in ways.items():
            began = time.process_time()
            way(text, ref)
            spent[name] += time.process_time() - began  # type: ignore[assignment]
    total = sum(spent.values())
    share = {name: round(each / total, 3) for name, each in spent.items()}
    print(json.dumps({"samples": asked.samples, "cpu_s": round(total, 1), "share": share}))


if __name__ == "__main__":
    main()
