"""No file below attacks/ passes, every file below legal/ does, and nothing leaves the jails. What a file may say: attacks.py."""

from __future__ import annotations

from functools import cache

import pytest
from attacks import Case, Report, cases, judge_all
from machine import absent, toolchains

from humaneval_x.languages import KNOWN

CASES = cases()

pytestmark = pytest.mark.long


@pytest.fixture
def report(request: pytest.FixtureRequest, each_sandbox: str) -> Report:
    """What became of the files that this session asks for, or of all where it names none, judged in one go."""
    chosen = {
        item.callspec.params["case"].key  # type: ignore[attr-defined]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "case" in getattr(getattr(item, "callspec", None), "params", {})
    }
    return judged(each_sandbox, frozenset(chosen))


@cache
def judged(kind: str, chosen: frozenset[tuple[bool, str]]) -> Report:
    return judge_all(
        kind, [case for case in CASES if (case.key in chosen or not chosen) and case.language in toolchains(kind)]
    )


def trouble(report: Report, case: Case) -> str:
    """Return what is not as it has to be; skip the test of a language that has to be asked for, where the jail lacks it."""
    if case.key not in report.results:
        absent(case.language, f"no {case.language} in this jail")
    return report.results[case.key].trouble


@pytest.mark.parametrize("case", [case for case in CASES if case.kind != "legal"], ids=lambda case: case.name)
def test_an_attack_ends_as_expected(report: Report, case: Case) -> None:
    assert not trouble(report, case)


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "legal"], ids=lambda case: case.name)
def test_a_legal_program_passes(report: Report, case: Case) -> None:
    assert not trouble(report, case)


def test_nothing_outside_the_jails_was_read_changed_or_reached(report: Report) -> None:
    assert report.disturbed == []


def test_every_language_has_attacks_of_each_class_and_twelve_legal_programs() -> None:
    for name in KNOWN:
        kinds = [case.kind for case in CASES if case.language == name]
        assert set(kinds) == {"forging", "escaping", "exhausting", "legal"}, name
        assert kinds.count("legal") >= 12, name
