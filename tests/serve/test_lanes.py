"""Which program a worker of the service takes: lanes in turn, and in a lane what its jail has started."""

from __future__ import annotations

from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program
from humaneval_x.serve.lanes import PASSED, Lanes, ProgramOrder, Ticket, ticket_of


def ticket(name: str) -> Ticket:
    """A program named LANGUAGE-ANYTHING."""
    program = Program(language=name.partition("-")[0], preamble="", candidate=name, tests="")
    return ticket_of(ProgramOrder(program=program, checks=None, compiling=COMPILE_LIMITS, running=RUN_LIMITS))


def lanes(**clients: list[str]) -> Lanes:
    found = Lanes(10 * PASSED, 1 << 30)
    for client, names in clients.items():
        found.put(client, [ticket(name) for name in names])
    return found


def taken(waiting: Lanes, *started: str) -> str:
    found = waiting.take(started)
    assert found is not None
    assert isinstance(found.order.program, Program)
    return found.order.program.candidate


def test_lanes_take_turns_whatever_a_jail_has_started():
    waiting = lanes(one=["python-1", "python-2"], other=["java-1", "java-2"])
    assert [taken(waiting, "python") for _ in range(4)] == ["python-1", "java-1", "python-2", "java-2"]


def test_a_worker_takes_what_its_jail_has_started_before_what_came_earlier():
    waiting = lanes(one=["java-1", "python-1", "python-2"])
    assert [taken(waiting, "python") for _ in range(3)] == ["python-1", "python-2", "java-1"]


def test_a_worker_that_has_started_nothing_takes_the_first_program():
    assert taken(lanes(one=["java-1", "python-1"])) == "java-1"


def test_no_program_is_passed_more_often_than_that():
    names = [f"python-{number}" for number in range(2 * PASSED)]
    waiting = lanes(one=["java-1", *names])
    assert [taken(waiting, "python") for _ in range(PASSED + 1)] == [*names[:PASSED], "java-1"]
