"""Fifty honest programs beside an attack on the machine's resources keep their verdicts and their processor time.

HUMANEVAL_X_FULL=1 does it for every such attack, one after the other; else beside one fork bomb, again and again. The
figures are printed (pytest -s).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from attacks import TIMEOUT_S, Case, PlantedJail, canonical, cases
from machine import FULL
from official import fresh

from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Verdict
from humaneval_x.runners import Runner
from humaneval_x.runners.choose import choose

PER_LANGUAGE = 10
EXHAUSTING = [case for case in cases() if case.kind == "exhausting" and case.language in LANGUAGES]
# Two programs on the threads of one core slow each other down; an attack's seconds on another's account would be tens.
MOST = 3

pytestmark = pytest.mark.long


def honest() -> list[Case]:
    """Fifty canonical solutions."""
    plain = {case.language: case for case in EXHAUSTING}
    return [
        canonical(replace(plain[name], name=problem.task_id, problem=problem))
        for name in LANGUAGES
        for problem in fresh(name)[:PER_LANGUAGE]
    ]


@contextmanager
def attacking(runner: Runner, hostile: Case, seen: list[Verdict]) -> Iterator[None]:
    """Judge it again and again, in a jail of its own."""
    over = threading.Event()
    jail = PlantedJail(runner, TIMEOUT_S)

    def go_on() -> None:
        while not (seen and over.is_set()):
            seen.append(jail.judge_text(hostile, hostile.text))

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        jail.close()


def test_fifty_honest_programs_keep_their_verdicts_and_their_processor_time(each_sandbox: str) -> None:
    runner = choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS)
    jail, fifty = PlantedJail(runner, TIMEOUT_S), honest()
    try:
        for case in fifty:  # what starts once, and what is kept for a problem's next sample, starts here
            jail.judge_text(case, case.text)
        alone = [jail.judge_text(case, case.text) for case in fifty]
        alone_s = sum(verdict.cpu_s for verdict in alone)
        assert all(verdict.passed for verdict in alone)
        for hostile in [case for case in EXHAUSTING if FULL or case.name == "python/fork_bomb"]:
            seen: list[Verdict] = []
            with attacking(runner, hostile, seen):
                beside = [jail.judge_text(case, case.text) for case in fifty]
            ratio = sum(verdict.cpu_s for verdict in beside) / alone_s
            beside_it = f"{len(fifty)} programs, {ratio:.2f} of their CPU time alone"
            print(f"{each_sandbox}: {hostile.name}: {len(seen)} times; beside it {beside_it}")
            assert [verdict for verdict in beside if not verdict.passed] == []
            assert ratio < MOST
            assert not any(verdict.passed for verdict in seen)
    finally:
        jail.close()
