"""Many programs, one in twenty an attack, through four workers: honest verdicts stay right and nothing stays behind.

HUMANEVAL_X_FULL=1 judges 10,000; else 600. The figures are printed (pytest -s).
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from attacks import Case, cases, planted, programs
from machine import FULL
from official import fresh

from humaneval_x.assembly import program_of
from humaneval_x.checks import expected_checks
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program, Sample, Verdict
from humaneval_x.resources import cache_folder
from humaneval_x.runners.choose import choose
from humaneval_x.runners.pool import Pool
from humaneval_x.settings import EvaluationSettings

COUNT = 10_000 if FULL else 600
WORKERS = 4


def honest() -> list[tuple[str, Program]]:
    found = []
    for name in LANGUAGES:
        for problem in fresh(name):
            sample = Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
            found.append((problem.task_id, program_of(problem, sample, EvaluationSettings())))
    return found


def hostile(filled: dict[str, str]) -> list[tuple[str, Program]]:
    """Every attack that does not need limits of its own."""

    def text(case: Case) -> str:
        made = case.text
        for name, value in filled.items():
            made = made.replace(f"@{name}@", value)
        return made

    return [
        (case.name, programs(case, text(case)))
        for case in cases()
        if case.kind != "legal" and not case.limits and case.language in LANGUAGES
    ]


def figures() -> dict[str, int]:
    """What could leak on this machine."""
    groups = [path for path in Path("/sys/fs/cgroup").rglob("humaneval_x*") if path.is_dir()]
    listed = (
        subprocess.run(["docker", "ps", "-aq"], capture_output=True, text=True).stdout if shutil.which("docker") else ""
    )
    mine = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            mine += b"sandboxes" in (folder / "cmdline").read_bytes()
    sizes = 0
    for path in cache_folder().rglob("*"):
        with suppress(OSError):
            if path.parent.name != "tests":  # what jails keep for each other, up to a limit (sandboxes/store.py)
                sizes += path.lstat().st_size
    return {
        "processes": mine,
        "descriptors": len(os.listdir("/proc/self/fd")),
        "threads": len(os.listdir("/proc/self/task")),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "control groups": len(groups),
        "containers": len(listed.split()),
        "bytes in the cache": sizes,
        "files in /tmp": len(os.listdir("/tmp")),
    }


@pytest.mark.slow
def test_nothing_stays_behind_and_honest_verdicts_are_right(each_sandbox: str) -> None:
    disturbed: list[str] = []
    chance = random.Random(0)
    with planted(disturbed) as filled:
        good, bad = honest(), hostile(filled)
        runner = choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS)
        before, began = figures(), time.monotonic()
        wrong, attacks, faults = [], 0, 0
        with Pool[Any](runner, COMPILE_LIMITS, RUN_LIMITS, WORKERS) as pool:
            chosen = [
                (*(chance.choice(bad) if chance.random() < 0.05 else chance.choice(good)), number)
                for number in range(COUNT)
            ]
            for (name, number), verdict in pool.judge(
                (((name, n), each, expected_checks(each)) for name, each, n in chosen)
            ):
                is_attack = name.partition("/")[0] in LANGUAGES
                attacks += is_attack
                passed = isinstance(verdict, Verdict) and verdict.passed
                if passed == is_attack:
                    wrong.append((number, name, verdict))
            faults = pool.faults.jails_replaced
        for _ in range(100):
            after = figures()
            if all(after[name] <= before[name] for name in ("processes", "control groups", "threads")):
                break
            time.sleep(0.1)
    print(
        f"\n{each_sandbox}: {COUNT} programs, {attacks} attacks, {time.monotonic() - began:.0f} s, {faults} jails replaced"
    )
    for name, value in before.items():
        print(f"  {name}: {value} before, {after[name]} after")
    assert wrong == []
    assert disturbed == []
    same = set(before) - {"files in /tmp", "containers"}  # others use those
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
