"""The box by itself: no start, whatever moment its server is in, hangs, and what did not come up is no verdict."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from machine import FULL, ROOT, busy_machine

from sandboxes.scratch import empty

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The box's library and the servers, where every user may read them."""
    with tempfile.TemporaryDirectory(prefix="boxes-") as name:
        made, (box, image) = Path(name), (str(ROOT / "sandboxes" / each) for each in ("box.c", "image.c"))
        made.chmod(0o755)
        (made / "scratch").mkdir()
        subprocess.run(["gcc", "-O2", "-fPIC", "-shared", "-o", str(made / "box.so"), box], check=True)
        subprocess.run(
            ["gcc", "-O2", "-pthread", "-o", str(made / "server"), str(HERE / "server.c"), box, image], check=True
        )
        yield made


def boxes(folder: Path, *words: str, patience_s: float = 30) -> dict[str, Any]:
    """What `boxes.py` says; it is a process of its own, for it reaps whatever ends."""
    argv = [sys.executable, str(HERE / "boxes.py"), str(folder), *words]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=patience_s)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def forks(folder: Path, kind: str, count: int) -> dict[str, Any]:
    """What became of forks of one server."""
    return boxes(folder, "fork", kind, str(count), patience_s=30 + count / 5)


def run(folder: Path, program: str) -> dict[str, Any]:
    """The exit status of a program in a box, and what it printed."""
    return boxes(folder, "run", program)


def test_a_fork_of_a_server_whose_threads_are_just_starting_does_not_hang(folder: Path) -> None:
    with busy_machine(1):
        assert forks(folder, "storm", 2000 if FULL else 300) == {"found": {"runs": 2000 if FULL else 300}, "left": []}


def test_a_program_that_is_stopped_before_its_tests_box_is_up_has_its_verdict(folder: Path) -> None:
    assert boxes(folder, "early") == {"stopped": "output_exceeded"}


def test_a_fork_that_never_becomes_the_programs_user_is_killed_and_is_a_fault(folder: Path) -> None:
    came_up = "the program's box did not come up in its time"
    assert forks(folder, "stuck", 2) == {"found": {came_up: 2}, "left": []}


def test_a_server_that_does_not_answer_is_a_fault(folder: Path) -> None:
    assert forks(folder, "silent", 1) == {"found": {"fork server PID failed: timed out": 1}, "left": []}


@pytest.mark.slow
def test_two_thousand_boxes_start_on_a_busy_machine_and_none_hangs(folder: Path) -> None:
    with busy_machine(4):
        assert forks(folder, "busy", 2000) == {"found": {"runs": 2000}, "left": []}


def test_no_system_call_reaches_past_the_jail(folder: Path) -> None:
    """No socket but of AF_UNIX, no file sent over one, no lock or watch on files that jails share, no write-back of the host's disks."""
    subprocess.run(["gcc", "-O2", "-o", str(folder / "calls"), str(HERE / "calls.c")], check=True)
    assert run(folder, "calls") == {"status": 0, "printed": ""}
    outside = subprocess.run([str(folder / "calls")], capture_output=True, text=True, timeout=30).stdout
    for what in (
        "socket of family 2\n",
        "sendmsg 0\n",
        "flock 0\n",
        "lock by fcntl 6\n",
        "syncfs reached the kernel 0\n",
        "hint of a file 1036\n",
        "limit of core dumps 0\n",
        "watch 0\n",
    ):
        assert what in outside, "the test shows nothing where there is no box"


@pytest.mark.parametrize("there", ["x.gone-1/full", f"{'a' * 255}/b/c", "x/inner/deep"])
def test_whatever_names_a_program_chose_the_scratch_area_is_emptied(tmp_path: Path, there: str) -> None:
    for name in ("x/inner", there):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    for folder in {"x", there.partition("/")[0]}:
        empty(tmp_path, folder)
    assert list(tmp_path.iterdir()) == []
