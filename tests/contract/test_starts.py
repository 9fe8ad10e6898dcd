"""Jails that start on a busy machine, with servers whose threads are just starting: none hangs. And that end: nothing is left."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from jails import Jail
from machine import busy_machine

from humaneval_x.contract.programs import RIGHT, program
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose

# Fifty threads at a time, each over in no time: whoever lists them finds that some are gone when it comes to them.
BRIEF_THREADS = """#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
static void *brief(void *) { usleep(50); return 0; }
static void *again(void *) {
    for (pthread_t one;;) if (pthread_create(&one, 0, brief, 0) == 0) pthread_join(one, 0);
}
static int begin() {
    if (fork() == 0) {
        setsid();
        signal(SIGPIPE, SIG_IGN);
        for (int fd = 0; fd < 64; fd++) close(fd);
        prctl(PR_SET_NAME, "@NONCE@");
        pthread_t one;
        for (int i = 0; i < 50; i++) pthread_create(&one, 0, again, 0);
        sleep(1000);
        _exit(0);
    }
    usleep(200000);
    return 0;
}
static int begun = begin();
"""


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


def named(name: str) -> list[int]:
    """Return the processes of this machine that call themselves so."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "comm").read_text().strip() == name:
                found.append(int(folder.name))
    return found


def test_a_child_whose_threads_come_and_go_is_dead_before_the_verdict(each_sandbox: str) -> None:
    name = f"brief{os.getpid()}"
    with closing(Jail(choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS))) as jail:
        verdict = jail.judge(program("cpp", BRIEF_THREADS + RIGHT["cpp"], nonce=name))
        left = named(name)
    assert verdict.status in ("passed", "timed_out"), verdict  # what a child uses is the program's
    assert left == []
