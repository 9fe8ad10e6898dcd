"""Whatever dies, at whatever moment: run again, and the verdicts are those of an uninterrupted run.

Moments come from a seeded generator; three of each kind, or twenty with HUMANEVAL_X_FULL=1. Then the same verdicts
with 1, 2 and 8 workers on a busy machine.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from machine import FULL, ROOT, busy_machine
from official import OFFICIAL, official
from runs import (
    Outcomes,
    canonical,
    fresh_canonicals,
    fresh_mutants,
    judge,
    outcomes,
    reference_rows,
    samples_of,
    some,
)

from humaneval_x.errors import SandboxError, SetupError
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.probes import right_programs
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program
from humaneval_x.results import read_rows
from humaneval_x.runners import schedule
from humaneval_x.runners.docker import LABEL, Docker
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import Key

TIMES = 20 if FULL else 3


class Run:
    """`evaluate.py run` as a process."""

    def __init__(self, samples: Path, folder: Path, sandbox: str) -> None:
        self.folder = folder
        argv = [sys.executable, str(ROOT / "evaluate.py"), "run", str(samples), "--output", str(folder)]
        argv += ["--sandbox", sandbox, "--workers", "2", "--k", "1", "--partial"]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)

    def started(self) -> bool:
        """Wait for the first verdict; False if the run ended before."""
        while self.process.poll() is None:
            with suppress(FileNotFoundError):
                if (self.folder / "verdicts.jsonl").stat().st_size:
                    return True
            time.sleep(0.01)
        return False

    def finish(self) -> str:
        """Wait for the end; return what was printed."""
        out, _ = self.process.communicate(timeout=600)
        return out.decode()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of all languages, right and wrong."""
    return samples_of(
        tmp_path_factory.mktemp("kill") / "samples.jsonl",
        some(fresh_canonicals(), 40, 5) + some(fresh_mutants(), 40, 5),
    )


@pytest.fixture(scope="module")
def undisturbed(samples: Path, tmp_path_factory: pytest.TempPathFactory, each_sandbox: str) -> tuple[Outcomes, float]:
    """An uninterrupted run's outcomes, and the seconds from its first verdict to its last."""
    run = Run(samples, tmp_path_factory.mktemp("undisturbed") / "out", each_sandbox)
    assert run.started()
    began = time.monotonic()
    run.finish()
    return outcomes(run.folder), time.monotonic() - began


def children(pid: int) -> Iterator[int]:
    """A process's descendants."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(folder.name)
                yield from children(int(folder.name))


def containers(run: Run, *options: str) -> list[str]:
    """The Docker containers of a run: those that live, with `-a` all that are left."""
    argv = ["docker", "ps", "-q", "--filter", f"label={LABEL}={run.process.pid}", *options]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()


def agents(run: Run, sandbox: str) -> list[int]:
    """The agents of a run's jails, as process ids of this machine."""
    roots = [run.process.pid]
    if sandbox == "docker":
        argv = ["docker", "inspect", "-f", "{{.State.Pid}}", *containers(run)]
        roots = [int(pid) for pid in subprocess.run(argv, capture_output=True, text=True).stdout.split()]
    candidates = [pid for root in roots for pid in (root, *children(root))]
    chosen = []
    for pid in candidates:
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"python3") and words[1:3] == [b"-m", b"sandboxes.agent"]:
                chosen.append(pid)
    return chosen


def moments(kind: str, sandbox: str, length_s: float) -> list[float]:
    random_ = random.Random(f"{kind} {sandbox}")
    return [random_.uniform(0, length_s) for _ in range(TIMES)]


@pytest.mark.slow
def test_kill_9_of_the_host_process_loses_no_verdict(samples, undisturbed, each_sandbox, tmp_path):
    wanted, length_s = undisturbed
    for number, moment in enumerate(moments("host", each_sandbox, length_s)):
        run = Run(samples, tmp_path / str(number), each_sandbox)
        if run.started():
            time.sleep(moment)
        run.process.kill()
        run.finish()
        before = (run.folder / "verdicts.jsonl").read_bytes()
        finished = before[: before.rfind(b"\n") + 1]
        told = Run(samples, run.folder, each_sandbox).finish()
        assert outcomes(run.folder) == wanted, told
        assert f"{len(finished.splitlines())} from before" in told
        assert (run.folder / "verdicts.jsonl").read_bytes().startswith(finished)


@pytest.mark.docker
def test_a_killed_run_leaves_no_container_behind(samples, tmp_path):
    run = Run(samples, tmp_path / "out", "docker")
    assert run.started()
    run.process.kill()
    run.finish()
    ended = time.monotonic() + 60
    while containers(run) and time.monotonic() < ended:  # they end by themselves: their input has ended
        time.sleep(0.2)
    assert containers(run) == []
    Docker(COMPILE_LIMITS, RUN_LIMITS)  # what the next run does first
    assert containers(run, "-a") == []


@pytest.mark.slow
def test_kill_9_of_an_agent_replaces_its_jail_and_no_verdict_changes(samples, undisturbed, each_sandbox, tmp_path):
    wanted, length_s = undisturbed
    killed = 0
    for number, moment in enumerate(moments("agent", each_sandbox, 0.8 * length_s)):
        run = Run(samples, tmp_path / str(number), each_sandbox)
        assert run.started()
        time.sleep(moment)
        found = agents(run, each_sandbox)
        if found:
            with suppress(ProcessLookupError):
                os.kill(random.Random(number).choice(found), signal.SIGKILL)
                killed += 1
        told = run.finish()
        if run.process.returncode:  # the program had no verdict twice: said so, and run again
            assert "run the same command again" in told
            told = Run(samples, run.folder, each_sandbox).finish()
        assert outcomes(run.folder) == wanted, told
    assert killed > 0


@pytest.mark.slow
@pytest.mark.docker
def test_docker_kill_of_a_container_changes_no_verdict(samples, undisturbed, each_sandbox, tmp_path):
    if each_sandbox != "docker":
        pytest.skip("is about containers")
    wanted, length_s = undisturbed
    killed = 0
    for number, moment in enumerate(moments("container", each_sandbox, 0.8 * length_s)):
        run = Run(samples, tmp_path / str(number), each_sandbox)
        assert run.started()
        time.sleep(moment)
        ours = containers(run)
        if ours:
            argv = ["docker", "kill", random.Random(number).choice(ours)]
            killed += subprocess.run(argv, capture_output=True).returncode == 0
        told = run.finish()
        if run.process.returncode:
            told = Run(samples, run.folder, each_sandbox).finish()
        assert outcomes(run.folder) == wanted, told
    assert killed > 0


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_finished(samples, undisturbed, each_sandbox, tmp_path):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
    run = Run(samples, tmp_path / "out", each_sandbox)
    assert run.started()
    run.process.send_signal(signal.SIGINT)
    told = run.finish()
    assert run.process.returncode == 130
    assert told.splitlines() == [
        "interrupted; finished samples and verdicts are kept, run the same command again to go on"
    ]
    assert agents(run, "bubblewrap") == []
    Run(samples, run.folder, each_sandbox).finish()
    assert outcomes(run.folder) == undisturbed[0]


def at_the_limit(folder: Path) -> set[Key]:
    """The programs that use most of the CPU time they may. The same work takes a quarter more of it on a busy machine."""
    return {row.key for row in read_rows(folder) if row.verdict.cpu_s > 0.6 * RUN_LIMITS.cpu_s}


@pytest.mark.slow
@pytest.mark.shared
def test_verdicts_of_the_official_programs_do_not_depend_on_workers_or_load(each_sandbox, tmp_path):
    """The 820 solutions and 820 mutants with HUMANEVAL_X_FULL=1, else a seeded part of them."""
    rows = canonical(each for name in LANGUAGES for each in official(name))
    rows += [(row["task_id"], row["completion"]) for row in reference_rows()]
    assert len(rows) == 1640
    chosen = samples_of(tmp_path / "samples.jsonl", rows if FULL else some(rows, 120, 7))
    with busy_machine():
        for workers in (1, 2, 8):
            judge(chosen, tmp_path / str(workers), each_sandbox, workers, share=False, problems=str(OFFICIAL))
    runs = [tmp_path / str(workers) for workers in (1, 2, 8)]
    alone, *others = map(outcomes, runs)
    assert len(alone) == len(chosen.read_text().splitlines())
    limited = set.intersection(*map(at_the_limit, runs))
    assert len(limited) < 20
    for each in others:
        differ = {key for key in alone if each[key] != alone[key] and key[0] != "Go/95"}  # Go/95: a map's order
        assert differ <= limited
        assert {key for key in differ if "passed" in (each[key][0], alone[key][0])} == set()


class FailingAgent:
    """An agent whose jail fails for good on one program, and judges every other with the same verdict."""

    toolchains = {"python": "none"}  # noqa: RUF012

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        if "poison" in request["candidate"]:
            raise SandboxError("the agent ended")
        return {"status": "passed", "reason": "", "cpu_s": 0.0, "wall_s": 0.0, "memory_mib": 0.0}

    def close(self) -> None:
        """Nothing to end."""


class FailingRunner:
    """Starts such agents, and counts them."""

    name = "failing"

    def __init__(self) -> None:
        self.started = 0

    def start(self) -> Any:
        self.started += 1
        return FailingAgent()

    def describe(self) -> str:
        return "a jail that fails"


def test_a_program_whose_jail_fails_twice_has_no_verdict_and_the_others_keep_theirs():
    runner = FailingRunner()
    programs = [Program(language="python", preamble="", candidate=text, tests="") for text in ("a", "poison", "b", "c")]
    with Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 1) as pool:
        found = dict(pool.judge((each.candidate, each, None) for each in programs))
    assert {
        name: str(each) if isinstance(each, SandboxError) else each.status.value for name, each in found.items()
    } == {
        "a": "passed",
        "poison": "the agent ended",
        "b": "passed",
        "c": "passed",
    }
    assert pool.faults.jails_replaced == 2
    assert runner.started == 3


class BrokenAgent(FailingAgent):
    """An agent of a broken toolchain: it calls every program wrong."""

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        return {"status": "runtime_error", "reason": "died of signal 6", "cpu_s": 0.0, "wall_s": 0.0, "memory_mib": 0.0}


def test_a_toolchain_that_fails_a_right_program_judges_nothing():
    runner = FailingRunner()
    runner.start = BrokenAgent
    program = Program(language="python", preamble="", candidate="a", tests="")
    with (
        Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 1, right_programs()) as pool,
        pytest.raises(
            SetupError,
            match=r"the python toolchain \(none\) is broken: a right program is runtime_error \(died of signal 6",
        ),
    ):
        list(pool.judge([("a", program, None)]))


def test_each_jail_proves_itself_once_on_each_language():
    asked: list[str] = []

    class Listening(FailingAgent):
        def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
            asked.append(request["id"])
            return super().ask(request, timeout_s=timeout_s)

    runner = FailingRunner()
    runner.start = Listening
    right = right_programs()["python"]
    programs = [Program(language="python", preamble="", candidate=text, tests="") for text in ("a", "b")]
    with Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 1, right_programs()) as pool:
        list(pool.judge((each.candidate, each, None) for each in programs))
    assert asked == [right.digest, *(each.digest for each in programs)]


def test_languages_that_follow_each_other_are_judged_beside_each_other(monkeypatch):
    """The first two workers are busy with the first language until the third has judged one of the last."""
    later = threading.Event()
    monkeypatch.setattr(schedule, "SHARE", 1e9)  # too dear for a third jail

    class Waiting(FailingAgent):
        toolchains = {"python": "none", "go": "none"}  # noqa: RUF012

        def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
            if request["language"] == "go":
                later.set()
            assert later.wait(60)
            return super().ask(request, timeout_s=timeout_s)

    runner = FailingRunner()
    runner.start = Waiting
    names = [*(f"python-{number}" for number in range(200)), "go-1"]
    programs = [Program(language=name.partition("-")[0], preamble="", candidate=name, tests="") for name in names]
    with Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 3) as pool:
        found = dict(pool.judge((each.candidate, each, None) for each in programs))
    assert {name: verdict.status.value for name, verdict in found.items()} == dict.fromkeys(names, "passed")


@pytest.mark.parametrize(("characters", "ahead"), [(1, 1024), (1 << 20, 16)])
def test_programs_are_read_ahead_as_memory_allows(characters, ahead):
    """By number, and by size where they are large; each worker has some whatever their size."""
    full, read = threading.Event(), 0

    class Waiting(FailingAgent):
        def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
            assert full.wait(60)
            return super().ask(request, timeout_s=timeout_s)

    class Watched(Pool[int]):
        def _is_full(self) -> bool:
            if super()._is_full():
                full.set()
            return full.is_set()

    def programs() -> Iterator[tuple[int, Program, None]]:
        nonlocal read
        for read in range(1, 2 * ahead):
            yield read, Program(language="python", preamble="", candidate="x" * characters, tests=""), None

    runner = FailingRunner()
    runner.start = Waiting
    with Watched(runner, COMPILE_LIMITS, RUN_LIMITS, 2) as pool:
        next(iter(pool.judge(programs())))
    assert read == ahead


def test_right_programs_are_there_for_every_language():
    assert list(right_programs()) == list(KNOWN)
