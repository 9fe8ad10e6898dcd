"""The problem files that tests read: the official ones in `../shared` where they are, and the project's own."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from humaneval_x.languages import KNOWN
from humaneval_x.records import Problem

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
OFFICIAL = SHARED / "humaneval-x"
FRESH = ROOT / "problems" / "fresh"


@cache
def official(language: str) -> tuple[Problem, ...]:
    """Return a language's official problems. Skips the test that asks where the files are not there."""
    path = OFFICIAL / f"humaneval_{KNOWN[language].FILE}.jsonl.gz"
    if not path.exists():
        pytest.skip("needs the official files in ../shared")
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    return tuple(Problem.from_json(json.loads(line), where=f"{path.name}:{i}") for i, line in enumerate(lines, 1))


@cache
def fresh(language: str) -> tuple[Problem, ...]:
    """Return a language's problems of the project's own set."""
    path = FRESH / f"humaneval_{KNOWN[language].FILE}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Problem.from_json(json.loads(line), where=f"{path.name}:{i}") for i, line in enumerate(lines, 1))
