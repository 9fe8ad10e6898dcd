"""The reward of a verdict. The one place that decides it, for every trainer and the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from humaneval_x.records import Status, Verdict
from humaneval_x.values import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one completion. `fault` says why it has no verdict; then nothing else counts."""

    status: Status | None = None
    passed_checks: int = 0
    expected_checks: int | None = None
    fault: str = ""

    @classmethod
    def of(cls, verdict: Verdict, expected: int | None) -> Judged:
        """Return a verdict as what counts of it."""
        passed = max(0, verdict.checks - verdict.failures)
        return cls(status=verdict.status, passed_checks=passed, expected_checks=expected)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Judged:
        """Read a row of a service's answer."""
        if "error" in row:
            return cls(fault=str(row["error"]))
        return cls.of(Verdict.from_json(row), row.get("expected_checks"))


@checked
def reward_of(judged: Judged, *, partial: bool = False) -> float | None:
    """Return 1 for a program that passed, else 0, or with `partial` the share of its checks that hold, below 1.

    A program that reached for its tests earns nothing. None for a fault of the harness: leave it out.
    """
    if judged.fault or judged.status is None:
        return None
    if judged.status is Status.PASSED:
        return 1.0
    if not partial or judged.status is Status.TAMPERED or not judged.expected_checks:
        return 0.0
    return min(judged.passed_checks / judged.expected_checks, 1 - 1 / (judged.expected_checks + 1))
