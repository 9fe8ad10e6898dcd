"""Machines that come and go, with a small cluster of threads in place of Ray: each program gets one verdict.

Nothing here waits for a moment: machines are lost at a program, and join when a program has come to its turn.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from humaneval_x.errors import JailLost, SandboxError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program, Verdict
from humaneval_x.runners import Elastic, pool
from humaneval_x.runners.pool import LOST, Pool

PASSED = {"status": "passed", "reason": "", "cpu_s": 0.0, "wall_s": 0.0, "memory_mib": 0.0}


class Machine:
    """Room for jails, until it is lost."""

    def __init__(self, name: str, rooms: int = 1) -> None:
        self.name, self.rooms, self.lost = name, rooms, False


class ThreadJail:
    """A jail that says what its cluster's `judge` says of each program."""

    toolchains = {"python": "none"}  # noqa: RUF012

    def __init__(self, cluster: Threads, machine: Machine) -> None:
        self.cluster, self.machine, self.place = cluster, machine, machine.name

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        self.cluster.asked[request["candidate"]] += 1
        answer = self.cluster.judge(self.machine, request["candidate"])
        if self.machine.lost:
            raise JailLost(f"{self.place} was lost")
        return {"id": request["id"], **answer}

    def ask_all(self, requests: Sequence[Mapping[str, Any]], *, timeout_s: float) -> list[dict[str, Any]]:
        answers = []
        for request in requests:
            answers.append(self.ask(request, timeout_s=timeout_s))
            if "fault" in answers[-1]:
                break
        return answers

    def close(self) -> None:
        self.machine.rooms += 1


class Threads(Elastic):
    """A cluster of machines. `patient` starts wait for room until the pool ends; others fail at once."""

    name, memory, cores, batch, patient = "threads", "none", 2, 4, True

    def __init__(self, machines: list[Machine], judge: Callable[[Machine, str], dict[str, Any]]) -> None:
        self.machines, self.judge = machines, judge
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    def describe(self) -> str:
        return "threads"

    def start_in_time(self, stop: threading.Event) -> ThreadJail:
        while True:
            with self.lock:
                for machine in self.machines:
                    if machine.rooms and not machine.lost:
                        machine.rooms -= 1
                        return ThreadJail(self, machine)
            if not self.patient or stop.wait(0.01):
                raise SandboxError("no room for a jail")

    def start(self) -> ThreadJail:
        return self.start_in_time(threading.Event())

    def cores_now(self) -> int:
        return len([each for each in self.machines if not each.lost])


def judged(cluster: Threads, names: Sequence[str]) -> dict[str, str]:
    """Each program's status, or its fault; a second verdict on any is an error."""
    programs = [(name, Program(language="python", preamble="", candidate=name, tests=""), None) for name in names]
    with Pool[str](cluster, COMPILE_LIMITS, RUN_LIMITS, 2) as jails:
        found = list(jails.judge(programs))
    assert Counter(name for name, _ in found) == Counter(names)
    return {name: each.status.value if isinstance(each, Verdict) else str(each) for name, each in found}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for what comes by and by."""
    monkeypatch.setattr(pool, "GROW_S", 0.01)
    monkeypatch.setattr(pool, "AGAIN_S", 0.01)


NAMES = [f"program-{number}" for number in range(60)]


@pytest.mark.parametrize("seed", range(5))
def test_a_lost_machine_without_a_spare_shrinks_the_run(seed):
    """Whichever program it is lost at; the worker that finds no room waits while the other one judges."""
    doomed = random.Random(seed).choice(NAMES)

    def judge(machine: Machine, name: str) -> dict[str, Any]:
        machine.lost = machine.lost or (name == doomed and all(not each.lost for each in cluster.machines))
        return PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    assert judged(cluster, NAMES) == dict.fromkeys(NAMES, "passed")
    assert [each.lost for each in cluster.machines].count(True) == 1
    assert cluster.asked[doomed] == 2
    assert max(cluster.asked.values()) == 2  # those that it was asked together with


def test_a_machine_that_joins_late_gets_a_worker_of_its_own():
    """Two programs wait until the third machine has one: it has to join for the run to end."""
    joined = threading.Event()

    def judge(machine: Machine, name: str) -> dict[str, Any]:
        if machine.name == "late":
            joined.set()
        elif len(cluster.machines) == 2:
            cluster.machines.append(Machine("late"))
        assert joined.wait(60)
        return PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    assert judged(cluster, NAMES) == dict.fromkeys(NAMES, "passed")


def test_a_machine_that_joins_takes_the_place_of_a_lost_one():
    """Both are lost; their workers wait for room, and a new machine has some."""

    def judge(machine: Machine, name: str) -> dict[str, Any]:
        if machine.name != "new":
            machine.lost = True
            if all(each.lost for each in cluster.machines):
                cluster.machines.append(Machine("new", rooms=2))
        return PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    assert judged(cluster, NAMES) == dict.fromkeys(NAMES, "passed")


def test_a_run_without_any_machine_left_says_so():
    def judge(machine: Machine, name: str) -> dict[str, Any]:
        machine.lost = True
        return PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    cluster.patient = False
    with pytest.raises(SandboxError, match="no room for a jail"):
        judged(cluster, NAMES)


def test_a_program_that_takes_every_machine_down_has_no_verdict_and_costs_no_other_its():
    def judge(machine: Machine, name: str) -> dict[str, Any]:
        if name == "poison":
            machine.lost = True
            cluster.machines.append(Machine(f"machine-{len(cluster.machines)}"))
        return PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    found = judged(cluster, [*NAMES[:30], "poison", *NAMES[30:]])
    assert found.pop("poison").endswith("was lost")
    assert found == dict.fromkeys(NAMES, "passed")
    assert cluster.asked["poison"] == LOST


def test_a_jail_that_fails_at_a_program_is_replaced_and_the_program_judged_again_alone():
    failed: Counter[str] = Counter()

    def judge(machine: Machine, name: str) -> dict[str, Any]:
        failed[name] += 1
        fails = name == "poison" or (name == "once" and failed[name] == 1)
        return {"fault": "the agent ended"} if fails else PASSED

    cluster = Threads([Machine("one"), Machine("two")], judge)
    found = judged(cluster, [*NAMES[:30], "poison", "once", *NAMES[30:]])
    assert found.pop("poison") == "the agent ended"
    assert found == dict.fromkeys([*NAMES, "once"], "passed")
    assert (failed["poison"], failed["once"]) == (2, 2)
    assert set(failed[name] for name in NAMES) == {1}
