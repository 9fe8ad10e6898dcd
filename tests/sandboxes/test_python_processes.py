"""What is special to Python's processes in a jail: forks in which the preamble has run, tests in a warm service.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agents import OVERSPENT, ROOT, Agent

from sandboxes.prepare import prepare
from sandboxes.processes import own_mib
from sandboxes.python.tests import leaves_behind

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or not Path("/usr/bin/python3").exists(), reason="needs gcc"
)

PREAMBLE = "import math, copy, collections, decimal, sys\n"
DECLARED = "def f(x):\n    pass\n"
RIGHT = "def f(x):\n    return x + 1\n"
TESTS = "assert f(1) == 2\nassert f(2) == 3\n"
# Each holds only where nothing was left behind.
PROBE = """
assert f(1) == 2
assert math.pi > 3.1 and copy.copy([1]) == [1] and collections.Counter("aa").most_common(1) == [("a", 2)]
assert len(str(decimal.Decimal(1) / 3)) > 20 and len([1]) == 1 and abs(-1) == 1
def deep(n):
    return n and deep(n - 1)
assert deep(300) == 0
try:
    LEFT
except NameError:
    pass
else:
    assert False
"""


TOGETHER = """
from sandboxes.python.server import filled
{filling}
small, large = [bytes(100) for _ in range(50)], [bytes(700) for _ in range(20)]
print(*(len({{id(each) >> 12 for each in some}}) for some in (small, large)))
"""


class Python(Agent):
    """Asked for one Python program at a time."""

    def judge(
        self, candidate: str = RIGHT, tests: str = TESTS, preamble: str = PREAMBLE, negated: str = "", **limits: float
    ) -> dict[str, Any]:
        """Return the answer to a program."""
        usual = dict(cpu_s=10, wall_s=30, memory_mib=512, output_bytes=1 << 20, processes=64, file_mib=16)
        return self.ask(
            "python", {"compile": usual, "run": {**usual, **limits}}, preamble=preamble, candidate=candidate, tests=tests,
            declared=DECLARED, expected_checks=None, negated=negated,
        )  # fmt: skip

    def status(self, *parts: str, **more: Any) -> str:
        answer = self.judge(*parts, **more)
        return str(answer.get("status", answer.get("fault")))

    def service(self) -> Path:
        """Return the folder in /proc of the warm service."""
        (its,) = [each for each in self.children() if Path(f"/proc/{each}/cmdline").read_bytes().endswith(b"\0tests\0")]
        return Path(f"/proc/{its}")


def pages(filling: str) -> list[int]:
    """Return on how many pages 50 small objects lie and 20 large ones, in a fresh interpreter with holes in its memory."""
    holes = "made = [bytes(size) for size in range(20, 4000) for _ in range(4)]\ndel made[::3]\n"
    code = TOGETHER.format(filling=holes + filling)
    done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return [int(word) for word in done.stdout.split()]


def test_what_comes_after_holes_are_filled_lies_together() -> None:
    """Each page that a fork changes is copied for it: 50 objects of 133 bytes fill two, 20 of 733 four."""
    apart, together = pages(""), pages("kept = filled()")
    assert all(few < many for few, many in zip(together, apart, strict=True))
    assert together[0] <= 4 and together[1] <= 6


@pytest.fixture(scope="module")
def agent() -> Iterator[Python]:
    with tempfile.TemporaryDirectory(prefix="python-") as name:  # pytest's own folders are closed to the program's user
        folder = Path(name)
        folder.chmod(0o755)
        assert prepare(folder / "warm", ["python"]) == {}
        running = Python(folder / "warm", folder / "scratch")
        yield running
        running.close()


def test_nothing_of_a_large_answer_is_kept(agent: Python) -> None:
    """What is kept takes time and memory, by which a program could tell that it was wrong."""
    small, large = (agent.judge(f"def f(x):\n    return 'a' * {n}\n", "assert f(1) == 'b'\n") for n in (3, 20_000))
    assert (small["called_with"], small["expected"], small["got"]) == ("1", "'b'", "'aaa'")
    assert (large["status"], large.get("called_with", ""), large.get("got", "")) == ("wrong_answer", "", "")


@pytest.mark.parametrize("own", ["", "import os\n"])
def test_tests_do_not_go_on_for_long_when_their_program_was_stopped(agent: Python, own: str) -> None:
    """A fraction of two large numbers, which takes the tests a minute to shorten; then output without end."""
    program = """import json, os, struct
def f(x):
    numbers = ["0x1" + os.urandom(2_000_000).hex() for _ in range(2)]
    message = json.dumps(["value", {"Fraction": numbers}]).encode()
    data = struct.pack(">I", len(message)) + message
    while data:
        data = data[os.write(4, data):]
    while True:
        os.write(1, bytes(60_000))
"""
    found = agent.judge(program, f"{own}assert f(1) == 2\n", cpu_s=40, wall_s=100)
    assert found["status"] == "output_exceeded", found
    assert found["cpu_s"] < 20, found  # what the tests took in a process of their own is in it
    assert agent.status() == "passed"


@pytest.mark.parametrize(
    "leaving",
    [
        "LEFT = 1",
        "len = abs = None",
        "math.pi = 3",
        "math . pi = 3",
        "math.pi -= 1",
        "(math.pi, x) = 3, 4",
        "for math.pi in (1, 2): pass",
        "collections.Counter.most_common = None",
        "copy._deepcopy_dispatch[list] = None",
        "from copy import _deepcopy_dispatch as d\nd.clear()",
        "setattr(copy, 'copy', None)",
        "vars(copy)['copy'] = None",
        "import copy as c; c.copy = None",
        "decimal.getcontext().prec = 3",
        "sys.setrecursionlimit(150)",
        "del copy.copy",
        "math.__dict__.update(pi=3)",
        "class D:\n    global LEFT\n    LEFT = 1",
    ],
)
def test_what_tests_leave_behind_is_not_seen_by_the_next(agent: Python, leaving: str) -> None:
    assert agent.status(RIGHT, f"{TESTS}{leaving}\n") == "passed"
    assert agent.status(RIGHT, PROBE) == "passed"


def test_what_a_preamble_leaves_behind_is_not_seen_by_the_next(agent: Python) -> None:
    assert agent.status(RIGHT, TESTS, f"{PREAMBLE}\nmath.pi = 3\n") == "passed"
    assert agent.status(RIGHT, PROBE) == "passed"


def test_the_usual_tests_leave_nothing_behind_and_share_a_service(agent: Python) -> None:
    assert not leaves_behind(PREAMBLE, DECLARED, PROBE)
    assert leaves_behind(PREAMBLE, DECLARED, "from random import randint")
    agent.judge()
    before = agent.service()
    assert agent.status() == "passed"
    assert agent.service() == before


def test_tests_hold_no_descriptors_when_they_are_over(agent: Python) -> None:
    agent.judge()
    before = sorted(os.listdir(agent.service() / "fd"))
    for candidate in (
        RIGHT,
        "def f(x): return 0\n",
        "def f(x): raise OSError\n",
        "f = 1 2\n",
        "import os; os._exit(0)\n",
    ):
        agent.judge(candidate)
    assert sorted(os.listdir(agent.service() / "fd")) == before


def test_what_tests_print_is_none_of_the_programs_output(agent: Python) -> None:
    answer = agent.judge("def f(x):\n    print('mine')\n    return x + 1\n", "print('theirs')\n" + TESTS)
    assert (answer["status"], answer["stdout"]) == ("passed", "mine\nmine\n")
    assert "theirs" not in str(agent.judge().get("stderr"))


def test_endless_tests_cost_their_own_program_alone(agent: Python) -> None:
    assert agent.status(RIGHT, TESTS + "while True: pass\n", wall_s=1) == "timed_out"
    assert agent.status() == "passed"


@pytest.mark.long
def test_the_service_may_use_the_processor_time_of_a_program_and_no_more(agent: Python) -> None:
    answer = agent.judge(RIGHT, TESTS + "while True: pass\n", cpu_s=1, wall_s=300)
    assert (answer["status"], answer["reason"]) == ("timed_out", OVERSPENT)
    assert agent.status() == "passed"


@pytest.mark.parametrize("value", ["[[]] * x if x < 1 else deep", "10 ** 100000", "'a' * (1 << 25)", "[0] * (1 << 22)"])
def test_odd_results_do_not_spoil_the_service(agent: Python, value: str) -> None:
    deep = "deep = []\nfor _ in range(50000): deep = [deep]\n"
    assert agent.status(f"{deep}def f(x):\n    return {value}\n") not in ("passed", "tampered")
    assert agent.status() == "passed"


def test_a_warm_process_that_has_died_costs_no_program_anything(agent: Python) -> None:
    for _ in range(5):
        assert agent.status() == "passed"
        agent.kill_all()
    assert agent.status() == "passed"


# Says what an exception is, of a text of 100 megabytes, and leaves.
LOUD = """import os, struct
def f(x):
    body = b'["raised", "ValueError", "' + b"a" * (100 << 20) + b'\\\\ud83d\\\\ude00", ""]'
    left = memoryview(struct.pack(">I", len(body)) + body)
    while left:
        left = left[os.write(4, left):]
    os._exit(0)
"""


@pytest.mark.long
def test_an_exception_of_100_megabytes_is_cut_as_it_comes(agent: Python) -> None:
    agent.judge()
    before = agent.service()
    answer = agent.judge(LOUD)
    assert (answer["status"], answer["reason"][:14]) == ("runtime_error", "ValueError: aa")
    assert agent.status() == "passed"
    assert agent.service() == before


def test_what_a_program_returned_goes_with_it(agent: Python) -> None:
    agent.judge()
    before = agent.service()
    held = own_mib(int(before.name))
    assert agent.status("def f(x):\n    return ['x' * (12 << 20) + chr(128512), len]\n") == "wrong_answer"
    assert agent.service() == before
    assert own_mib(int(before.name)) < held + 24


@pytest.mark.long
def test_a_service_that_holds_much_is_started_anew(agent: Python) -> None:
    agent.judge()
    before = agent.service()
    keep = "copy.dispatch_table.update({0: f(1)})\n"
    assert (
        agent.status("def f(x):\n    return 'x' * (110 << 20) + chr(128512)\n", keep + TESTS, memory_mib=2048)
        == "wrong_answer"
    )
    assert agent.status() == "passed"
    assert agent.service() != before


def test_a_report_has_room_for_any_characters(agent: Python) -> None:
    face = "'\\U0001f600'"
    answer = agent.judge(f"def f(x):\n    return {face} * 299\n", f"assert f({face} * 300) == {face} * 300\n")
    assert answer["status"] == "wrong_answer"
    assert all(answer[name].count("\U0001f600") > 250 for name in ("called_with", "expected", "got"))


@pytest.mark.parametrize(
    "tests",
    [
        "f(a)\nassert a == [1, 2]",
        "assert f(a) is None\nassert a == [1, 2]",
        "assert (f(a), a)[1] == [1, 2]",
        "assert [f(b) or b for b in [a]] == [[1, 2]]",
    ],
)
def test_what_a_program_does_to_its_arguments_is_seen_as_in_one_process(agent: Python, tests: str) -> None:
    assert agent.status("def f(x):\n    x.sort()\n", f"a = [2, 1]\n{tests}\n") == "passed"


def test_a_result_and_what_was_done_to_an_argument_are_seen_together(agent: Python) -> None:
    program = "def f(x):\n    x.sort()\n    return 1\n"
    assert agent.status(program, "a = [2, 1]\nk = f(a)\nassert a[:k] == [1]\n") == "passed"


@pytest.mark.parametrize("base", ["list", "dict", "int", "object"])
def test_a_solution_is_called_whatever_else_it_is(agent: Python, base: str) -> None:
    program = (
        f"class F({base}):\n    def __call__(self, x): return x + 1\n    def __iter__(self): return iter([])\nf = F()\n"
    )
    assert agent.status(program) == "passed"


@pytest.mark.long
@pytest.mark.parametrize("before", ["", "import random\n"], ids=["in the service", "in a process of their own"])
def test_answers_too_large_to_be_recorded_end_the_tests(agent: Python, before: str) -> None:
    tests = before + "assert len(f(1)) == 35_000_000\n" * 4
    answer = agent.judge("def f(x):\n    return 'x' * 35_000_000\n", tests, negated=tests)
    assert (answer["status"], answer["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")
    assert agent.status() == "passed"


def test_a_preamble_is_run_for_the_problem_that_has_it(agent: Python) -> None:
    assert agent.status() == "passed"
    other = "def f(x):\n    return round(fancy.sqrt(x * x)) + 1\n"
    assert agent.status(other, TESTS, "import math as fancy\n") == "passed"
    assert agent.status(other) == "runtime_error"
    assert agent.status("def f(x):\n    return round(math.sqrt(x * x)) + 1\n", TESTS, "") == "runtime_error"


def test_a_preamble_that_fails_fails_its_own_program(agent: Python) -> None:
    assert agent.status(RIGHT, TESTS, "1 / 0\n") != "passed"
    assert agent.status() == "passed"


def test_a_fork_knows_its_thread(agent: Python) -> None:
    asks = "import os, threading\ndef f(x):\n    own = threading.main_thread()\n"
    asks += (
        "    assert own is threading.current_thread() and own.native_id == threading.get_native_id() == os.getpid()\n"
    )
    asks += "    other = threading.Thread(target=print)\n    other.start()\n    other.join()\n    return x + 1\n"
    assert agent.status(asks) == "passed"


def test_a_program_can_fork_as_it_likes(agent: Python) -> None:
    asks = "import os\ndef f(x):\n    pid = os.fork()\n    if pid == 0:\n        os._exit(x)\n"
    assert agent.status(asks + "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) + 1\n") == "passed"


def test_the_forks_modules_do_not_show_what_forked_them(agent: Python) -> None:
    asks = "import sys\ndef f(x):\n    assert not [name for name in sys.modules if name == 'ctypes' or 'sandboxes' in name]\n"
    assert agent.status(asks + "    return x + 1\n") == "passed"
