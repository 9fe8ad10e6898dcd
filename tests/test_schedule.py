"""Which program a worker takes: by what its jail has started and where it is; and nothing waits forever.

The clock is the test's own, so that nothing here depends on the machine.
"""

from __future__ import annotations

import sys
from random import Random

import pytest
from machine import ROOT

sys.path.insert(0, str(ROOT))

from benchmarks import jails
from humaneval_x.records import Program
from humaneval_x.runners.schedule import FREE, SHARE, PendingProgram, Schedule, Seat


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def schedule(overtaken: int = 1000, batch: int = 1, cores: float = 100) -> tuple[Schedule[str], Clock]:
    clock = Clock()
    return Schedule(overtaken, batch, cores, clock), clock


def put(waiting: Schedule[str], *names: str, tests: int = 0) -> list[PendingProgram[str]]:
    """Add programs named LANGUAGE-ANYTHING."""
    programs = [Program(language=name.partition("-")[0], preamble="", candidate=name, tests="") for name in names]
    tasks = [PendingProgram(name, program, None, tests) for name, program in zip(names, programs, strict=True)]
    for task in tasks:
        waiting.put(task)
    return tasks


def take(waiting: Schedule[str], seat: Seat) -> list[str]:
    """What a worker takes now, without waiting for more."""
    with waiting._lock:
        return [task.item for task in waiting._taken(seat)]


def working(waiting: Schedule[str], clock: Clock, language: str, start_s: float = 0.0, place: str = "") -> Seat:
    """A worker that has started a language, which took that long, on a program that it is through with."""
    seat = waiting.seat()
    seat.place = place
    put(waiting, f"{language}-first")
    assert take(waiting, seat) == [f"{language}-first"]
    clock.now += start_s
    waiting.started(seat, language)
    waiting.done(seat, 1)
    return seat


def test_a_worker_takes_what_its_jail_has_started_before_what_came_earlier():
    waiting, clock = schedule()
    seat = working(waiting, clock, "python")
    put(waiting, "cpp-1", "python-1", "python-2")
    assert [take(waiting, seat) for _ in range(3)] == [["python-1"], ["python-2"], ["cpp-1"]]


def test_a_worker_that_has_started_nothing_takes_the_first_program():
    waiting, _ = schedule()
    put(waiting, "java-1", "python-1")
    assert take(waiting, waiting.seat()) == ["java-1"]


def test_few_jails_start_a_language_and_the_other_workers_wait():
    waiting, clock = schedule()
    started = [working(waiting, clock, "java", start_s=1.0) for _ in range(FREE)]
    put(waiting, "java-1", "java-2")
    assert take(waiting, waiting.seat()) == []
    assert take(waiting, started[1]) == ["java-1"]
    assert take(waiting, started[0]) == ["java-2"]


def test_one_more_jail_starts_a_language_where_its_programs_take_long_enough():
    waiting, clock = schedule()
    for _ in range(FREE):
        working(waiting, clock, "java", start_s=1.0)
    working(waiting, clock, "python")
    spent = waiting._of("java")
    spent.programs, spent.program_s = 10, 1.0  # 0.1 s each
    idle = waiting.seat()
    put(waiting, "java-1")
    wanted = round(SHARE * 1.0 / 0.1) - spent.programs
    waiting.expect({"java": wanted - 1})
    assert take(waiting, idle) == []
    waiting.expect({"java": wanted})
    assert take(waiting, idle) == ["java-1"]


def test_what_more_workers_than_cores_take_counts_for_the_cores():
    """Else what takes long because others are busy would bring more of them in."""
    waiting, clock = schedule(cores=1)
    one = working(waiting, clock, "python", start_s=2.0)
    assert waiting._of("python").start_s == 2.0
    put(waiting, "python-1", "java-1")
    other = waiting.seat()
    assert (take(waiting, one), take(waiting, other)) == (["python-1"], ["java-1"])
    clock.now += 3.0
    waiting.started(other, "java")
    waiting.done(one, 1)
    clock.now += 1.0
    waiting.done(other, 1)
    assert (waiting._of("java").start_s, waiting._of("java").program_s) == (1.5, 1.0)
    assert waiting._of("python").program_s == 1.5


def test_programs_that_run_without_end_bring_other_workers_in():
    """Four workers of a hundred may not be busy with endless loops while the rest looks on."""
    waiting, clock = schedule()
    busy = [working(waiting, clock, "python", start_s=1.0) for _ in range(FREE)]
    put(waiting, *(f"python-loop-{number}" for number in range(FREE)), "python-next")
    for seat in busy:
        assert take(waiting, seat)
    idle = waiting.seat()
    clock.now += SHARE / FREE - 0.01
    assert take(waiting, idle) == []
    clock.now += 0.02
    assert take(waiting, idle) == ["python-next"]


def test_what_many_later_programs_have_overtaken_is_next():
    waiting, clock = schedule(overtaken=5)
    seat = working(waiting, clock, "python")
    put(waiting, "cpp-1")
    for number in range(5):
        put(waiting, f"python-{number}")
        assert take(waiting, seat) == [f"python-{number}"]
    put(waiting, "python-5")
    assert take(waiting, seat) == ["cpp-1"]


def test_a_jail_that_ended_has_started_nothing():
    waiting, clock = schedule()
    seat = working(waiting, clock, "python")
    waiting.ended(seat)
    put(waiting, "cpp-1", "python-1")
    assert take(waiting, seat) == ["cpp-1"]


def test_a_program_that_is_given_back_comes_first_and_alone():
    waiting, clock = schedule(batch=8)
    seat = working(waiting, clock, "python", place="here")
    waiting._of("python").program_s = 0.05
    tasks = put(waiting, *(f"python-{number}" for number in range(9)))
    assert take(waiting, seat) == [f"python-{number}" for number in range(5)]  # half of what waits, and one
    tasks[0].failed = 1
    waiting.give_back(tasks[:5])
    assert take(waiting, seat) == ["python-0"]
    assert take(waiting, seat) == ["python-1", "python-2", "python-3", "python-4", "python-5"]


def test_what_takes_long_is_not_taken_together():
    waiting, clock = schedule(batch=32)
    seat = working(waiting, clock, "python", place="here")
    waiting._of("python").program_s = 10.0
    put(waiting, *(f"python-{number}" for number in range(100)))
    assert take(waiting, seat) == ["python-0"]


def test_what_takes_next_to_nothing_is_taken_together_though_others_could_have_some():
    waiting, clock = schedule(batch=8)
    seat = working(waiting, clock, "python")
    waiting._of("python").program_s = 1e-3
    put(waiting, *(f"python-{number}" for number in range(9)))
    assert take(waiting, seat) == [f"python-{number}" for number in range(8)]


def test_samples_of_a_task_go_to_the_machine_that_knows_its_tests():
    waiting, clock = schedule()
    here, there = (working(waiting, clock, "java", place=place) for place in ("here", "there"))
    waiting._of("java").homes.clear()
    put(waiting, "java-a0", tests=1)
    put(waiting, "java-b0", tests=2)
    assert (take(waiting, here), take(waiting, there)) == (["java-a0"], ["java-b0"])
    for number in (1, 2):
        put(waiting, f"java-a{number}", tests=1)
        put(waiting, f"java-b{number}", tests=2)
    assert [take(waiting, there) for _ in range(2)] == [["java-b1"], ["java-b2"]]
    assert take(waiting, there) == ["java-a1"]  # rather than nothing
    assert take(waiting, here) == ["java-a2"]


def test_tests_of_a_lost_machine_are_nobodys():
    waiting, clock = schedule()
    here, there = (working(waiting, clock, "java", place=place) for place in ("here", "there"))
    put(waiting, "java-a0", tests=1)
    assert take(waiting, there) == ["java-a0"]
    put(waiting, "java-a1", tests=1)
    put(waiting, "java-b0", tests=2)
    waiting.ended(there)
    assert take(waiting, here) == ["java-a1"]


@pytest.mark.parametrize("seed", range(5))
def test_the_earliest_of_the_best_is_next_whatever_came_and_came_back(seed):
    """Held to a list that is searched anew each time."""
    random, (waiting, clock) = Random(seed), schedule()
    seats = [working(waiting, clock, "java", place=place) for place in ("here", "there")]
    waiting._of("java").homes.clear()
    left: list[PendingProgram[str]] = []
    homes: dict[int, str] = {}
    for number in range(500):
        tests, seat = random.randrange(12), random.choice(seats)
        if random.random() < 0.55:
            left += put(waiting, f"java-{number}", tests=tests)
        elif left:
            near = [task for task in left if homes.get(task.tests, seat.place) == seat.place]
            wanted = min(near or left, key=lambda task: task.number)
            with waiting._lock:
                (taken,) = waiting._taken(seat)
            assert taken is wanted
            homes[taken.tests] = seat.place
            if random.random() < 0.3 and all(task.number > taken.number for task in left if task.tests == taken.tests):
                waiting.give_back([taken])
            else:
                left.remove(taken)
    assert waiting._of("java").waiting == len(left)


def test_a_closed_schedule_sends_workers_home():
    waiting, _ = schedule()
    put(waiting, "python-1")
    waiting.close()
    assert waiting.take(waiting.seat()) == []


@pytest.mark.long
@pytest.mark.bubblewrap
def test_the_benchmark_of_jails_runs_in_small(capsys):
    """How many jails start depends on the machine; that each program passes does not."""
    told = jails.main(["--languages", "python", "--limit", "8", "--workers", "2", "6"])
    for workers in (2, 6):
        figures = told[f"{workers} workers"]
        assert (figures["programs"], figures["passed"]) == (8, 8)
        assert 1 <= figures["jails"] <= workers
    assert told["one more jail"]["python"]["own_mib"] > 0
    assert len(capsys.readouterr().out.splitlines()) == 3
