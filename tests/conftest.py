"""What this machine can test. A test marked with something that is not here is skipped with the reason.

    HUMANEVAL_X_REQUIRE=docker,bubblewrap,shared,model,slow    such a skip is a failure; `slow` runs the slow tests
    HUMANEVAL_X_FULL=1                                         slow tests run, and sampled ones in full size

`pytest -m slow` (any -m that says slow) runs them too.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.errors import HarnessError
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose

ROOT = Path(__file__).resolve().parent.parent
FULL = bool(os.environ.get("HUMANEVAL_X_FULL"))
REQUIRED = frozenset(filter(None, os.environ.get("HUMANEVAL_X_REQUIRE", "").split(",")))


@cache
def no_jail(kind: str) -> str:
    """Return why a kind of jail cannot be used here with all languages, or nothing."""
    try:
        agent = choose(kind, COMPILE_LIMITS, RUN_LIMITS).start()
    except HarnessError as fault:
        return str(fault)
    agent.close()
    missing = sorted(set(LANGUAGES) - set(agent.toolchains))
    return f"{kind}: no toolchain for {', '.join(missing)}" if missing else ""


@cache
def no_gpu() -> str:
    """Return why there is no GPU to test on, or nothing."""
    if importlib.util.find_spec("torch") is None:
        return "torch is not installed"
    import torch

    return "" if torch.cuda.is_available() else "no GPU"


def no_model() -> str:
    """Return what the model's tests miss, or nothing."""
    missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    return f"{', '.join(missing)} not installed" if missing else ""


def no_shared() -> str:
    """Return that the official files are not at hand, or nothing."""
    return "" if (ROOT.parent / "shared" / "humaneval-x").is_dir() else "needs the official files in ../shared"


WHY_NOT: dict[str, Callable[[], str]] = {
    "docker": lambda: no_jail("docker"),
    "bubblewrap": lambda: no_jail("bubblewrap"),
    "shared": no_shared,
    "model": no_model,
    "gpu": no_gpu,
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """A test that skips itself for want of ../shared fails where that is required."""
    report = yield
    if report.skipped and "shared" in REQUIRED and "../shared" in str(report.longrepr):
        report.outcome, report.longrepr = "failed", f"required by HUMANEVAL_X_REQUIRE: {report.longrepr[2]}"
    return report


def absent(name: str, reason: str) -> None:
    """Skip the running test because `name` is not here, or fail it where that is required."""
    if name in REQUIRED:
        pytest.fail(f"HUMANEVAL_X_REQUIRE has {name}, which is not here: {reason}", pytrace=False)
    pytest.skip(reason)


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


@pytest.fixture(scope="session", params=[pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in ("docker", "bubblewrap")])
def each_sandbox(request: pytest.FixtureRequest) -> str:
    """Each kind of jail in turn, by its name on the command line."""
    return str(request.param)
