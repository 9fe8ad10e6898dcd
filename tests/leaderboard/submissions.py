"""Submissions to a leaderboard, for tests."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from humaneval_x.problems import ProblemSet
from humaneval_x.records import Problem

Completion = Callable[[Problem], str]


def right(problem: Problem) -> str:
    return problem.canonical_solution


def wrong_in_go(problem: Problem) -> str:
    return "}\n" if problem.prefix == "Go" else problem.canonical_solution


def python_only(problem: Problem) -> str:
    return problem.canonical_solution if problem.prefix == "Python" else "}\n"


def forged(problem: Problem) -> str:
    return "    import os\n    os._exit(0)\n" if problem.prefix == "Python" else problem.canonical_solution


def submission(
    folder: Path,
    loaded: ProblemSet,
    completion: Completion = right,
    /,
    *,
    leave_out: Callable[[str], bool] = lambda task_id: False,
    **about: Any,
) -> Path:
    """Write a submission folder of one sample a problem; `about` replaces keys of its metadata, None takes them out."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"task_id": task_id, "completion": completion(problem), "sample_index": 0}
        for task_id, problem in loaded.problems.items()
        if not leave_out(task_id)
    ]
    data = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0)
    (folder / "samples.jsonl.gz").write_bytes(data)
    metadata = {
        "model": folder.name,
        "parameters_b": 6.7,
        "link": "https://example.org/model",
        "tasks": ["generation"],
        "num_samples": 1,
        "k": [1],
        "problems": loaded.name,
        "problems_digest": loaded.digest,
        "samples_sha256": hashlib.sha256(data).hexdigest(),
        "settings": {"temperature": 0.8, "top_p": 0.95, "max_new_tokens": 1024},
        **about,
    }
    (folder / "submission.json").write_text(
        json.dumps({key: value for key, value in metadata.items() if value is not None})
    )
    return folder
