"""Jails that tests ask for one program at a time: this user's, and one that an unprivileged user holds.

The second needs root here: for a user of its own it makes a delegated control group, and a mount namespace in which
that user reaches the prepared toolchains. A subprocess (this file, run) becomes that user and speaks JSON lines.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from humaneval_x.errors import HarnessError, SandboxError, SetupError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits, Program, StageLimits, Verdict
from humaneval_x.resources import cache_folder, sandboxes_folder
from humaneval_x.runners import Jail as Running
from humaneval_x.runners import Runner, cgroups
from humaneval_x.runners.bubblewrap import Bubblewrap
from humaneval_x.runners.fences import FENCED, WATCHED
from humaneval_x.runners.toolchains import prepared
from humaneval_x.runners.wire import request

USER = 61234  # a user id that no account has
TIMEOUT_S = 120


class Jail:
    """One jail of a runner; it is started when first asked, and again after it failed."""

    def __init__(self, runner: Runner, timeout_s: float = TIMEOUT_S) -> None:
        self.runner, self.timeout_s = runner, timeout_s
        self.agent: Running | None = None

    def judge(
        self, program: Program, expected: int | None = None, compiling: Limits = COMPILE_LIMITS, **running: Any
    ) -> Verdict:
        """Judge one program; `running` changes limits of its run. Raises SandboxError where the jail failed."""
        limits = StageLimits(compiling=compiling, running=replace(RUN_LIMITS, **running))
        return Verdict.from_json(self.ask(request(program, limits, expected)))

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request to the agent."""
        self.agent = self.agent or self.runner.start()
        try:
            return self.agent.ask(request, timeout_s=self.timeout_s)
        except SandboxError:
            self.close()
            raise

    def close(self) -> None:
        """End the jail."""
        if self.agent:
            self.agent.close()
        self.agent = None


class UsersJail(Jail):
    """A bubblewrap jail that an unprivileged user started, with a control group of the user's or without."""

    def __init__(self, *, fenced: bool) -> None:
        prepared()
        self.groups = delegate() if fenced else []
        self.process = subprocess.Popen(
            [sys.executable, __file__, *[self.groups[0].name for _ in self.groups[:1]]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self.agent = None
        hello = self._answer()
        if hello != {"user": USER, "mode": "namespace", "memory": FENCED if fenced else WATCHED}:
            self.close()
            raise SetupError(hello.get("fault") or str(hello))

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request through the user's process."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        if "fault" in answer:
            raise SandboxError(answer["fault"])
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline() or '{"fault": "the user\'s process ended"}')

    def close(self) -> None:
        """End the jail, the process and the control group."""
        self.process.communicate()
        for folder in self.groups:
            for inner in [*folder.glob("*/"), folder]:
                with suppress(OSError):
                    inner.rmdir()


def delegate() -> list[Path]:
    """Make a control group (a folder per hierarchy) that belongs to USER. Raises SetupError where we may not."""
    name = f"humaneval_x-test-{os.getpid()}"
    tops = [cgroups.ROOT] if cgroups.unified() else [cgroups.ROOT / kind for kind in ("memory", "pids")]
    try:
        for top in tops:
            (top / name).mkdir(exist_ok=True)
            if cgroups.unified():
                (top / name / "cgroup.subtree_control").write_text("+memory +pids")
                (top / name / "host").mkdir(exist_ok=True)  # where the user's own process lives
            for path in [top / name, *(top / name).rglob("*")]:
                if path.is_dir() or path.name in ("cgroup.procs", "tasks"):
                    os.chown(path, USER, USER)
    except OSError as fault:
        raise SetupError(f"no control group can be delegated: {fault}") from fault
    return [top / name for top in tops]


def show(paths: list[Path], libc: Any) -> None:
    """In a mount namespace of our own, put `paths` where USER reaches them, at the same paths, closed parents or not."""
    if libc.unshare(0x00020000) or libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None):  # CLONE_NEWNS; private
        raise OSError(ctypes.get_errno(), "no mount namespace")
    stash = Path(tempfile.mkdtemp())
    for number, path in enumerate(paths):
        (stash / str(number)).mkdir()
        bind(path, stash / str(number), libc)
    for path in paths:
        closed = [each for each in path.parents if each.exists() and not each.stat().st_mode & 0o001]
        top = closed[-1] if closed else path.parent
        if libc.mount(b"none", os.fsencode(top), b"tmpfs", 0, b"mode=755"):
            raise OSError(ctypes.get_errno(), f"tmpfs on {top}")
    for number, path in enumerate(paths):
        path.mkdir(parents=True, exist_ok=True)
        bind(stash / str(number), path, libc)
        os.chown(path.parent, USER, USER)  # for the lock beside the toolchains
        libc.umount2(os.fsencode(stash / str(number)), 2)  # MNT_DETACH
        (stash / str(number)).rmdir()
    stash.rmdir()


def bind(source: Path, target: Path, libc: Any) -> None:
    if libc.mount(os.fsencode(source), os.fsencode(target), None, 0x1000, None):  # MS_BIND
        raise OSError(ctypes.get_errno(), f"bind {source}")


def main() -> None:
    """Become USER, start a jail, answer requests until stdin ends."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        warm = prepared()
        here = [] if all(each.stat().st_mode & 0o001 for each in sandboxes_folder().parents) else [sandboxes_folder()]
        cache = cache_folder().parent
        show([warm, *here], libc)
        if sys.argv[1:] and cgroups.unified():
            (cgroups.ROOT / sys.argv[1] / "host" / "cgroup.procs").write_text(str(os.getpid()))
        os.environ.update(HUMANEVAL_X_CGROUP="".join(sys.argv[1:]), XDG_CACHE_HOME=str(cache))
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        os.chdir("/")
        runner = Bubblewrap(COMPILE_LIMITS, RUN_LIMITS)
        agent = runner.start()
    except (HarnessError, OSError) as fault:
        print(json.dumps({"fault": str(fault)}), flush=True)
        return
    print(json.dumps({"user": os.getuid(), "mode": agent.mode, "memory": runner.memory}), flush=True)
    for line in sys.stdin:
        try:
            answer = agent.ask(json.loads(line), timeout_s=TIMEOUT_S)
        except SandboxError as fault:
            agent.close()
            answer, agent = {"fault": str(fault)}, runner.start()
        print(json.dumps(answer), flush=True)
    agent.close()


def processes(words: str) -> list[int]:
    """Return this machine's processes whose command line has `words` in it, ours left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words in line and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def wait_for(words: str, seconds: float) -> list[int]:
    """Return such processes as soon as there are some, or none after a while."""
    until = time.monotonic() + seconds
    while not (found := processes(words)) and time.monotonic() < until:
        time.sleep(0.01)
    return found


if __name__ == "__main__":
    main()
