"""The verdict of another harness, in the words that harnesses use for it.

Says nothing about whether it is right: `differences.py` sets it beside ours.
"""

from __future__ import annotations

import re

from humaneval_x.json_types import JsonObject

KEYS = ("passed", "expected", "correct", "is_correct", "accepted", "result", "status", "base_status", "pass@1")
ANY = frozenset(KEYS)
GOOD = re.compile(r"pass(?:ed)?|ok|success|accepted|correct|true|c", re.IGNORECASE)
BAD = re.compile(
    r"(?:fail|error|exception|time|wrong|syntax|runtime|compil|reject|incorrect|not |false|i$|n$)", re.IGNORECASE
)


def verdict_of(row: JsonObject, place: int = 0, count: int = 1) -> bool | None:
    """Return the verdict that a row carries for its sample number `place` of `count`, or None."""
    if ANY.isdisjoint(row) and "passed_" not in " ".join(row):  # as good as all rows of samples
        return None
    own = [key for key in row if key.startswith("passed_") and isinstance(row[key], bool)]
    for key in (*KEYS, *own):
        said = understood(one_of(row.get(key), place, count))
        if said is not None:
            return said
    return None


def one_of(value: object, place: int, count: int) -> object:
    """Return what a value says of sample number `place`, where it is a list with one for each."""
    return value[place] if isinstance(value, list) and len(value) == count else value


def understood(value: object) -> bool | None:
    """Return what one value says: a boolean, 0 or 1, or a word such as 'passed', 'fail', 'timed out'."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    if not isinstance(value, str):
        return None
    if GOOD.fullmatch(value.strip()):
        return True
    return False if BAD.match(value.strip()) else None
