"""Runs of whole samples files, for tests that compare their verdicts."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mutants import mutants
from official import FRESH, SHARED, fresh

from humaneval_x.evaluation import evaluate
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Problem
from humaneval_x.results import read_rows
from humaneval_x.settings import EvaluationSettings

Outcomes = dict[tuple[str, str, int], tuple[str, int]]


def samples_of(path: Path, completions: Iterable[tuple[str, str]]) -> Path:
    """Write (task_id, completion) pairs as a samples file; their indices count within each task."""
    with open(path, "w", encoding="utf-8") as file:
        for task_id, completion in completions:
            file.write(json.dumps({"task_id": task_id, "completion": completion}) + "\n")
    return path


def fresh_canonicals() -> list[tuple[str, str]]:
    """The fresh set's canonical solutions, language by language."""
    return [(each.task_id, each.canonical_solution) for name in LANGUAGES for each in fresh(name)]


def fresh_mutants() -> list[tuple[str, str]]:
    """Ten mutants of each."""
    rows = []
    for language in LANGUAGES.values():
        for line in (FRESH / f"humaneval_{language.FILE}.jsonl").read_text().splitlines():
            row = json.loads(line)
            rows += [(row["task_id"], mutant) for mutant in mutants(row)]
    return rows


def some(rows: list[Any], count: int, seed: int) -> list[Any]:
    """Return `count` of the rows, in their order."""
    chosen = sorted(random.Random(seed).sample(range(len(rows)), min(count, len(rows))))
    return [rows[index] for index in chosen]


def outcomes(folder: Path) -> Outcomes:
    """What must not depend on when, where and in which order programs ran; asserts that no sample is there twice.

    Checks are not counted of a wrong C++ program: it may die at a later one by what the language leaves undefined.
    """
    rows = list(read_rows(folder))
    found = {}
    for row in rows:
        counted = row.verdict.passed or not row.task_id.startswith("CPP/")
        found[row.key] = row.verdict.status.value, row.verdict.checks if counted else 0
    assert len(found) == len(rows)
    return found


def judge(samples: Path, folder: Path, sandbox: str, workers: int = 2, **more: Any) -> dict[str, Any]:
    """Judge a samples file quietly, whatever is missing in it; return the content of scores.json."""
    more = {"settings": EvaluationSettings(), "k": (1,), "partial": True, **more}
    return evaluate(samples, folder, sandbox=sandbox, workers=workers, progress=False, **more).to_json()


def reference_rows() -> list[dict[str, Any]]:
    """The reference evaluator's verdicts on 820 changed canonical solutions."""
    path = SHARED / "reference" / "mutants_verdicts.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def canonical(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Problems' own solutions."""
    return [(each.task_id, each.canonical_solution) for each in problems]
