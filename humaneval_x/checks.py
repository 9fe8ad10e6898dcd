"""How many checks a task's tests make when the canonical solution passes them: a pass needs as many.

`problems/checks.json` maps a digest of language and tests to that number, for the sets the project knows. Tests
it does not know are not held to a number. Renewed by `scripts/record-checks` after a change of data or toolchains.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache

from humaneval_x.records import Program
from humaneval_x.resources import problems_folder

FILE = "checks.json"


def key_of(program: Program) -> str:
    """Name a program's tests: 16 hex digits over language and tests, whatever the candidate is."""
    return _key_of(program.language, program.tests)


@lru_cache(maxsize=4096)  # a problem's samples share them
def _key_of(language: str, tests: str) -> str:
    return hashlib.sha256(f"{language}\0{tests}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def _known() -> dict[str, int]:
    path = problems_folder() / FILE
    known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    return known


def expected_checks(program: Program) -> int | None:
    """Return the number of checks the canonical solution reaches, or None where it is not known."""
    return _known().get(key_of(program))
