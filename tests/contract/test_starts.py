"""Jails that start on a busy machine, with servers whose threads are just starting: none hangs. And that end: nothing is left."""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from jails import Jail, processes
from machine import busy_machine

from humaneval_x.contract import programs
from humaneval_x.contract.programs import RIGHT, program
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose

BRIEF_THREADS = "import threading\nwhile True: threading.Thread(target=int).start()"


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


def test_a_child_whose_threads_come_and_go_is_dead_before_the_verdict(each_sandbox: str) -> None:
    nonce = os.getpid() * 1000 + random.Random(each_sandbox).randrange(1000)
    words = ["/usr/bin/setsid", "/usr/bin/python3", "-S", "-c", BRIEF_THREADS, str(nonce)]
    starts = programs.before({"python": f"import subprocess, time\nsubprocess.Popen({words})\ntime.sleep(0.5)"})
    with closing(Jail(choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS))) as jail:
        verdict = jail.judge(program("python", starts["python"]))
        left = processes(str(nonce))
    assert verdict.status in ("passed", "timed_out"), verdict  # what a child uses is the program's
    assert left == []
