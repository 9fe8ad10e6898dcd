"""The service as a process, and what its tests look at from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import requests
from machine import ROOT

from humaneval_x.languages import BY_PREFIX, KNOWN, LANGUAGES
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Problem

READY_S = 180


class Service:
    """`evaluate.py serve` on a free port of this machine."""

    def __init__(self, sandbox: str, *options: str, workers: int = 2) -> None:
        argv = [sys.executable, str(ROOT / "evaluate.py"), "serve", "--sandbox", sandbox]
        argv += [] if "--port" in options else ["--port", "0"]
        argv += ["--workers", str(workers), *options]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)
        assert self.process.stdout
        self.said = self.process.stdout.readline()
        assert self.said, self.process.communicate()[1]
        self.address = self.said.split()[2]

    def wait_until_ready(self, headers: dict[str, str] | None = None) -> None:
        """Wait for the jail's proof of every language."""
        until = time.monotonic() + READY_S
        while requests.get(f"{self.address}/readyz", headers=headers).status_code != 200:
            assert time.monotonic() < until, requests.get(f"{self.address}/readyz").text
            time.sleep(0.1)

    def post(self, path: str, body: Any, **more: Any) -> requests.Response:
        """Send a JSON body."""
        return requests.post(self.address + path, json=body, timeout=300, **more)

    def evaluate(self, *rows: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
        """Have samples judged; the rows of the answer."""
        answer = self.post("/v1/evaluate", {"samples": rows, **settings})
        assert answer.status_code == 200, answer.text
        verdicts: list[dict[str, Any]] = answer.json()["verdicts"]
        return verdicts

    def figures(self) -> dict[str, float]:
        """The numbers of /metrics."""
        lines = requests.get(f"{self.address}/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (x.rpartition(" ") for x in lines if not x.startswith("#"))}

    def wait_for(self, figure: str, least: float = 1) -> None:
        """Wait until a figure is at least so much."""
        until = time.monotonic() + READY_S
        while self.figures().get(figure, 0) < least:
            assert time.monotonic() < until, f"{figure} does not reach {least}"
            time.sleep(0.02)

    def end(self, sign: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait; the exit code and what was written to stderr."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        _, err = self.process.communicate(timeout=120)
        return self.process.returncode, err


@contextmanager
def running(sandbox: str, *options: str, workers: int = 2, ready: bool = True) -> Iterator[Service]:
    """A service that is ready, and ended at the end."""
    service = Service(sandbox, *options, workers=workers)
    try:
        if ready:
            service.wait_until_ready()
        yield service
    finally:
        service.end()


@cache
def fresh() -> Sequence[Problem]:
    """The problems of the fresh set; a test may ask for them ten thousand times."""
    return tuple(load_problems(FRESH, languages=KNOWN).problems.values())


def problems_of(names: Sequence[str] = tuple(LANGUAGES), each: int = 1) -> list[Problem]:
    """The first problems of the fresh set in each language."""
    found: dict[str, list[Problem]] = {name: [] for name in names}
    for problem in fresh():
        name = BY_PREFIX[problem.prefix].NAME
        if name in found and len(found[name]) < each:
            found[name].append(problem)
    return [problem for some in found.values() for problem in some]


def right(problem: Problem) -> dict[str, Any]:
    """A sample that passes."""
    return {"task_id": problem.task_id, "completion": problem.canonical_solution}


def children_of(pid: int) -> set[int]:
    """A process's descendants."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def still_there(pids: set[int], within_s: float = 10) -> set[int]:
    """Those of the processes that have not ended within some seconds (a parent may not have waited for them)."""
    until = time.monotonic() + within_s
    while (left := {pid for pid in pids if alive(pid)}) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def alive(pid: int) -> bool:
    """Whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
