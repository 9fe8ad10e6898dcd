"""What this machine can test. A test marked with something that is not here is skipped with the reason.

`pytest -m slow` (any -m that says slow) runs the slow tests too; `machine.py` has the variables that change the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from browsing import launched
from machine import (
    FULL,
    REQUIRED,
    absent,
    no_chromium,
    no_gpu,
    no_jail,
    no_mindspore,
    no_model,
    no_ray,
    no_rust,
    no_shared,
    no_vllm,
    second_jail,
)

WHY_NOT: dict[str, Callable[[], str]] = {
    "docker": lambda: second_jail() or no_jail("docker"),
    "bubblewrap": lambda: no_jail("bubblewrap"),
    "rust": no_rust,
    "shared": no_shared,
    "model": no_model,
    "ray": no_ray,
    "mindspore": no_mindspore,
    "vllm": no_vllm,
    "gpu": no_gpu,
    "chromium": no_chromium,
}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip (or, where required, fail) a test whose marker names what this machine lacks."""
    asked = "slow" in (item.config.option.markexpr or "") or "slow" in REQUIRED or FULL
    if item.get_closest_marker("slow") and not asked:
        pytest.skip("slow: run with -m slow, HUMANEVAL_X_REQUIRE=slow or HUMANEVAL_X_FULL=1")
    for name, why_not in WHY_NOT.items():
        if item.get_closest_marker(name) and (reason := why_not()):
            absent(name, reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """vLLM and what it imports warn of many things, none of them ours."""
    for item in items:
        if item.get_closest_marker("vllm"):
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A test that skips itself for want of ../shared fails where that is required."""
    report = yield
    if report.skipped and "shared" in REQUIRED and "../shared" in str(report.longrepr):
        report.outcome, report.longrepr = "failed", f"required by HUMANEVAL_X_REQUIRE: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests of pages: a process can have no second one."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def sandbox() -> str:
    """The kind of jail for tests of what every kind does: bubblewrap, or Docker where that is missing."""
    reasons = {kind: no_jail(kind) for kind in ("bubblewrap", "docker")}
    for kind, reason in reasons.items():
        if not reason:
            return kind
    for kind, reason in reasons.items():
        absent(kind, reason)
    raise AssertionError


@pytest.fixture(
    scope="session", params=[pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in ("docker", "bubblewrap")]
)
def each_sandbox(request: pytest.FixtureRequest) -> str:
    """Each kind of jail in turn, by its name on the command line."""
    return str(request.param)
