"""What this machine has for the tests, and what to do where something is absent.

HUMANEVAL_X_REQUIRE=docker,bubblewrap,rust,shared,model,ray,mindspore,chromium,slow
    a skip for want of one of these is a failure; `slow` runs the slow tests
HUMANEVAL_X_FULL=1
    slow tests run, and sampled ones in full size
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from humaneval_x.errors import HarnessError
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose
from humaneval_x.runners.toolchains import packages, prepared, wanted

ROOT = Path(__file__).resolve().parent.parent
FULL = bool(os.environ.get("HUMANEVAL_X_FULL"))
REQUIRED = frozenset(filter(None, os.environ.get("HUMANEVAL_X_REQUIRE", "").split(",")))


@cache
def toolchains(kind: str) -> dict[str, str]:
    """Return the toolchains of a kind of jail. Raises HarnessError."""
    agent = choose(kind, COMPILE_LIMITS, RUN_LIMITS).start()
    agent.close()
    return agent.toolchains


@cache
def no_jail(kind: str) -> str:
    """Return why a kind of jail cannot be used here with all languages, or nothing."""
    try:
        found = toolchains(kind)
    except HarnessError as fault:
        return str(fault)
    missing = sorted(set(LANGUAGES) - set(found))
    if missing:
        return f"{kind}: no toolchain for {', '.join(missing)}"
    # A user may go without a compile server; where all is required, its absence is a fault of ours.
    slower = sorted(name for name, line in found.items() if "(plain tools)" in line and kind in REQUIRED)
    return f"{kind}: the fast way is not there for {', '.join(slower)}" if slower else ""


def second_jail() -> str:
    """Return why Docker's half is left out where bubblewrap's runs, or nothing: it takes as long again. CI requires both."""
    if FULL or "docker" in REQUIRED or no_jail("bubblewrap"):
        return ""
    return "bubblewrap's half is run: HUMANEVAL_X_REQUIRE=docker runs both"


@cache
def no_rust() -> str:
    """Return that Rust, which has to be asked for, is not installed here, or nothing."""
    reason = f"no Rust here: scripts/apt {' '.join(packages()['rust'])}"
    if "rust" not in wanted():
        return reason
    try:
        manifest = json.loads((prepared() / "manifest.json").read_text())
    except HarnessError as fault:
        return str(fault)
    return "" if "rust" in manifest["toolchains"] else reason


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


def no_mindspore() -> str:
    """Return that MindSpore is not installed, or nothing."""
    return "" if importlib.util.find_spec("mindspore") else "mindspore is not installed: make test-mindspore"


def no_vllm() -> str:
    """Return that vLLM is not installed, or nothing."""
    return "" if importlib.util.find_spec("vllm") else "vLLM is not installed: make test-engines"


def no_ray() -> str:
    """Return that Ray is not installed, or nothing."""
    return "" if importlib.util.find_spec("ray") else "ray is not installed"


def no_chromium() -> str:
    """Return why there is no browser to look at pages with, or nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return "" if shutil.which("chromium") else "Chromium is not installed: scripts/apt chromium"


def no_shared() -> str:
    """Return that the official files are not at hand, or nothing."""
    return "" if (ROOT.parent / "shared" / "humaneval-x").is_dir() else "needs the official files in ../shared"


def absent(name: str, reason: str) -> None:
    """Skip the running test because `name` is not here, or fail it where that is required."""
    if name in REQUIRED:
        pytest.fail(f"HUMANEVAL_X_REQUIRE has {name}, which is not here: {reason}", pytrace=False)
    pytest.skip(reason)


def absent_at_start(name: str, reason: str) -> None:
    """End the whole run because `name` is not here, if it is required; a folder of tests is left out otherwise."""
    if name in REQUIRED:
        pytest.exit(f"HUMANEVAL_X_REQUIRE has {name}, which is not here: {reason}", returncode=1)


@contextmanager
def busy_machine(loops: int = 2) -> Iterator[None]:
    """Processes that do nothing but take processors from the rest, for as long as this lasts."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
