"""Processes that read: a text that ends one costs itself, one that is killed from outside costs nothing."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from humaneval_x.answers.processes import Readers
from humaneval_x.errors import MachineError

KILL = "__import__('os').kill(__import__('os').getpid(), {})"


def instead(text: str) -> str:
    return "not read"


def readers() -> Readers[str]:
    """The job is Python's own `eval`: a text does what it says."""
    return Readers(eval, instead, len)


def test_a_process_that_is_killed_from_outside_costs_no_text(tmp_path: Path) -> None:
    there = repr(str(tmp_path / "killed"))
    once = f"__import__('os').path.exists({there}) or (open({there}, 'x'), {KILL.format(9)})"
    with readers() as each:
        assert dict(each.map(["1", once, "2"])) == {"1": 1, once: True, "2": 2}


@pytest.mark.parametrize("sign", [signal.SIGSEGV, signal.SIGABRT, signal.SIGPROF])
def test_a_text_that_ends_its_process_costs_itself(sign: signal.Signals) -> None:
    ends = KILL.format(int(sign))
    with readers() as each:
        assert dict(each.map(["1", ends, "2"])) == {"1": 1, ends: "not read", "2": 2}


def test_one_that_is_killed_again_and_again_is_a_fault_of_the_machine_and_no_answer() -> None:
    with readers() as each:
        with pytest.raises(MachineError, match="was killed twice"):
            each.one(KILL.format(9))
        assert each.one("3") == 3
