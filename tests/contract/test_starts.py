"""Jails that start on a busy machine, with servers whose threads are just starting: none of them hangs."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from jails import Jail
from machine import busy_machine

from humaneval_x.contract.programs import RIGHT, program
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose


def started_jails(kind: str, count: int, workers: int = 4) -> Counter[str]:
    """The verdicts on one program of each language with a fork server, in `count` jails of their own."""
    runner = choose(kind, COMPILE_LIMITS, RUN_LIMITS)

    def one(_: int) -> list[str]:
        jail = Jail(runner)
        try:
            return [
                f"{name}: {jail.judge(program(name, RIGHT[name]), expected=2).status}"
                for name in ("javascript", "python")
            ]
        finally:
            jail.close()

    with ThreadPoolExecutor(workers) as pool:
        return Counter(line for lines in pool.map(one, range(count)) for line in lines)


@pytest.mark.long
def test_jails_start_on_a_busy_machine_and_none_hangs(each_sandbox: str) -> None:
    with busy_machine(4):
        assert started_jails(each_sandbox, 12) == {"javascript: passed": 12, "python: passed": 12}


@pytest.mark.slow
def test_two_thousand_jails_start_on_a_busy_machine_and_none_hangs(each_sandbox: str) -> None:
    with busy_machine(4):
        count = 2000 if each_sandbox == "bubblewrap" else 200  # a container starts ten times slower, in the same boxes
        assert started_jails(each_sandbox, count) == {"javascript: passed": count, "python: passed": count}
