"""Run folders for tests of reports: their verdicts come from a seeded generator, and the folder says so."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from humaneval_x.assembly import program_of, tasks_of
from humaneval_x.languages import LANGUAGES, PAIRS
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import Problem, Sample, Status, Verdict
from humaneval_x.results import read_rows
from humaneval_x.samples import describe
from humaneval_x.scores import scores_to_json
from humaneval_x.scoring import score
from humaneval_x.settings import EvaluationSettings
from humaneval_x.verdict_rows import Row

MARKED = "none: the verdicts are from a seeded generator, no program was run"
FAILURES = [status for status in Status if status is not Status.PASSED]


def many_problems(folder: Path, count: int = 164) -> ProblemSet:
    """Write a set of `count` problems in each language, whose texts are those of the fresh set over and over."""
    folder.mkdir(parents=True)
    fresh = load_problems("fresh")
    for module in LANGUAGES.values():
        own = [each for each in fresh.problems.values() if each.prefix == module.PREFIX]
        with open(folder / f"humaneval_{module.FILE}.jsonl", "w", encoding="utf-8") as file:
            for number in range(count):
                text = own[number % len(own)]
                keys = ("prompt", "declaration", "canonical_solution", "test", "example_test", "test_setup")
                row = {
                    "task_id": f"{module.PREFIX}/{number}",
                    **{key: getattr(text, key) for key in keys},
                    "import": text.imports,
                }
                file.write(json.dumps(row) + "\n")
    return load_problems(folder)


def python_problems(folder: Path) -> ProblemSet:
    """The fresh set's Python file as a set of its own."""
    folder.mkdir(parents=True)
    shutil.copy(load_problems("fresh").directory / "humaneval_python.jsonl", folder)
    return load_problems(folder)


def unique(problem: Problem, index: int) -> str:
    """A completion like no other: a comment of its own, then the canonical solution."""
    mark = "    # " if problem.prefix == "Python" else "    // "
    return f"{mark}sample {index} of {problem.task_id} {index * 7919 % 1000003}\n{problem.canonical_solution}"


def synthetic(
    folder: Path,
    problems: ProblemSet,
    *,
    n: int = 4,
    skill: float = 0.5,
    seed: int = 0,
    k: Sequence[int] = (1, 2),
    translation: bool = False,
    completion: Callable[[Problem, int], str] = unique,
    tail: str = "",
    digests: bool = True,
) -> Path:
    """Write the folder of a run that never took place, and its samples beside it; return the folder."""
    draws = random.Random(seed)
    folder.mkdir(parents=True)
    path = folder.parent / f"{folder.name}.jsonl"
    settings = EvaluationSettings()

    def rows() -> Iterator[tuple[dict[str, Any], Row]]:
        for task_id, problem in problems.problems.items():
            target = next(name for name, module in LANGUAGES.items() if problem.prefix == module.PREFIX)
            sources = [s for s, t in PAIRS if t == target] if translation else [None]
            for source in sources:
                chance = min(1.0, max(0.0, draws.gauss(skill, 0.3)))
                for index in range(n):
                    sample = Sample(
                        task_id=task_id,
                        completion=completion(problem, index),
                        sample_index=index,
                        source_language=source,
                    )
                    status = Status.PASSED if draws.random() < chance else draws.choice(FAILURES)
                    verdict = Verdict(
                        status=status,
                        reason="" if status is Status.PASSED else "made up",
                        cpu_s=0.01,
                        wall_s=0.02,
                        memory_mib=20.0,
                        stdout=tail,
                        compiler_output="main: error: made up" if status is Status.COMPILE_ERROR else "",
                        checks=3,
                        failures=int(status is Status.WRONG_ANSWER),
                    )
                    digest = (
                        program_of(problem, sample, settings).digest if digests else f"{draws.getrandbits(128):032x}"
                    )
                    row = {"task_id": task_id, "completion": sample.completion, "sample_index": index}
                    yield (
                        {**row, **({"source_language": source} if source else {})},
                        Row(
                            task_id=task_id,
                            source_language=source,
                            sample_index=index,
                            program=digest,
                            shared=False,
                            verdict=verdict,
                        ),
                    )

    with (
        open(path, "w", encoding="utf-8") as samples,
        open(folder / "verdicts.jsonl", "w", encoding="utf-8") as verdicts,
    ):
        for sample, row in rows():
            samples.write(json.dumps(sample) + "\n")
            verdicts.write(json.dumps(row.to_json()) + "\n")
    return finish(folder, problems, path, settings, k)


def finish(folder: Path, problems: ProblemSet, samples: Path, settings: EvaluationSettings, k: Sequence[int]) -> Path:
    """Write run.json and scores.json for the verdicts in a folder."""
    files = [asdict(each) for each in describe([samples])]
    (folder / "run.json").write_text(json.dumps({"samples": files, "problems": problems.digest, **settings.to_json()}))
    name = str(problems.directory) if problems.name not in ("fresh", "official") else problems.name
    scores = {
        "settings": settings.to_json(),
        "samples": files,
        "samples_at": [str(samples)],
        "problems": {"name": name, "digest": problems.digest},
        "sandbox": {"kind": "none", "description": MARKED, "workers": 1},
        "toolchains": {},
        "harness": {"jails_replaced": 0, "unjudged": []},
        "programs": {"published": {"samples": 0, "resumed": 0, "executed": 0, "shared": 0, "cpu_s": 0.0}},
        "wall_s": 0.0,
        "scores": {settings.errata.value: scores_to_json(score(read_rows(folder), tasks_of(problems), k))},
    }
    (folder / "scores.json").write_text(json.dumps(scores))
    return folder
