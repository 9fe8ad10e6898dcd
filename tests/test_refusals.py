"""A jail that cannot enforce one of its limits does not start, and says which limit and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.errors import SandboxError, SetupError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners import cgroups, fences, namespaces
from humaneval_x.runners.choose import choose

ROOT = Path(__file__).resolve().parent.parent


def start(kind: str, **options: str) -> None:
    choose(kind, COMPILE_LIMITS, RUN_LIMITS, **options).start().close()


@pytest.mark.bubblewrap
def test_without_control_groups_memory_is_watched_and_the_runner_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "none")
    monkeypatch.delenv("HUMANEVAL_X_CGROUP", raising=False)
    runner = choose("bubblewrap", COMPILE_LIMITS, RUN_LIMITS)
    assert runner.memory == fences.WATCHED == "watched, not fenced"
    assert runner.describe().endswith(", memory watched, not fenced")
    assert fences.best().why.startswith("memory and process limits cannot be enforced: ")


def test_a_systemd_that_limits_nothing_is_no_fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs the command and sets no limit, as on a machine without the memory controller."""
    program = tmp_path / "systemd-run"
    program.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert not fences.scope_holds()


def test_a_scope_asks_for_the_limits_and_gives_the_jail_the_memory_events_of_its_own_group() -> None:
    command = fences.Scope("a-name", 64, 10).command("/bin/echo", ["the", "rest"])
    systemd, program = command[: command.index("--")], command[command.index("--") + 1 :]
    assert {"MemoryMax=64M", "MemorySwapMax=0", "TasksMax=10", "--unit=a-name", "--scope", "--user"} <= set(systemd)
    assert "$" not in "".join(command)  # systemd may expand it
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert said.startswith("--ro-bind /sys/fs/cgroup/")
    assert said.endswith(f"/memory.events {fences.EVENTS} the rest\n")


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        (
            {"sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"},
            "allow it with: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            {"sys/kernel/unprivileged_userns_clone": "0\n", "sys/kernel/apparmor_restrict_unprivileged_userns": "0\n"},
            "allow it with: sudo sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        ({"sys/user/max_user_namespaces": "0\n"}, "allow it with: sudo sysctl -w user.max_user_namespaces=10000"),
        (
            {"sys/user/max_user_namespaces": "96551\n", ".dockerenv": ""},
            "this is a container without namespaces; start it with: docker run --security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined --security-opt systempaths=unconfined ...",
        ),
        ({}, "use --sandbox docker, or run as root"),
    ],
)
def test_who_is_refused_namespaces_gets_one_command_to_copy(files: dict[str, str], advice: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert namespaces.remedy(tmp_path / "sys", tmp_path) == advice


@pytest.mark.bubblewrap
def test_who_is_refused_namespaces_is_told_before_anything_is_prepared(tmp_path: Path) -> None:
    """The kernel's switch is turned in a user namespace of its own."""
    code = """
from humaneval_x.errors import SetupError
from humaneval_x.runners import bubblewrap, namespaces
bubblewrap.os.geteuid = lambda: 1000  # there the only user is root, who needs no user namespace
try:
    bubblewrap.Bubblewrap(None, None)
except SetupError as fault:
    print(fault)
"""
    script = f"echo 0 > /proc/sys/user/max_user_namespaces && exec {sys.executable} -c '{code}'"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
    )
    assert done.stdout.startswith("this machine refuses a bubblewrap jail to this user (bwrap: "), done
    assert done.stdout.endswith("; allow it with: sudo sysctl -w user.max_user_namespaces=10000\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.bubblewrap
def test_a_control_group_that_is_not_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANEVAL_X_CGROUP", "nobody/has/made/this")
    with pytest.raises(SetupError, match=r"memory and process limits cannot be enforced: .*nobody/has/made/this"):
        start("bubblewrap")


@pytest.mark.bubblewrap
def test_without_namespaces_bubblewrap_does_not_start() -> None:
    if os.geteuid() != 0:
        pytest.skip("lowers the number of namespaces in a user namespace, as root")
    code = """
import sys
from humaneval_x.errors import HarnessError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose
for kind in ("pid", "net", "uts", "ipc"):
    open(f"/proc/sys/user/max_{kind}_namespaces", "w").write("0")
try:
    choose("bubblewrap", COMPILE_LIMITS, RUN_LIMITS).start().close()
except HarnessError as fault:
    sys.exit(f"{type(fault).__name__}: {fault}")
"""
    # In a user namespace of its own, the limits are its own too.
    argv = ["unshare", "--user", "--map-root-user", sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1, done
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "namespace" in done.stderr.lower() or "cannot be enforced" in done.stderr, done.stderr


@pytest.mark.docker
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"MemoryLimit": False}, "this Docker engine cannot enforce memory limits"),
        ({"PidsLimit": False}, "this Docker engine cannot enforce process limits"),
        ({"SecurityOptions": ["name=apparmor"]}, "this Docker engine has no seccomp"),
    ],
)
def test_an_engine_without_a_limit_is_refused(
    changed: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import docker

    told = docker.DockerClient.info
    monkeypatch.setattr(docker.DockerClient, "info", lambda client: {**told(client), **changed})
    with pytest.raises(SetupError, match=message):
        start("docker")


@pytest.mark.docker
def test_an_unknown_runtime_is_named_with_those_there_are() -> None:
    with pytest.raises(SetupError, match=r"this Docker engine has no runtime nonesuch; it has .*runc.*: install it"):
        start("docker", runtime="nonesuch")


@pytest.mark.bubblewrap
def test_without_a_system_call_filter_no_program_runs() -> None:
    """A kernel that takes no filter: here one that already refuses the call that sets it."""
    filtered = """
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def step(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)
SECCOMP, PRCTL = {"x86_64": (317, 157), "aarch64": (277, 167)}[os.uname().machine]
code = step(0x20, 0, 0, 0) + step(0x15, 4, 0, SECCOMP) + step(0x15, 0, 2, PRCTL) + step(0x20, 0, 0, 16)
code += step(0x15, 1, 0, 22) + step(0x06, 0, 0, 0x7FFF0000) + step(0x06, 0, 0, 0x00050016)
program = ctypes.create_string_buffer(code)
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
libc.prctl(38, 1, 0, 0, 0)
if libc.prctl(22, 2, ctypes.byref(Program(len(code) // 8, ctypes.addressof(program))), 0, 0):
    raise SystemExit("no filter of ours")
from humaneval_x.errors import HarnessError
from humaneval_x.probes import right_programs
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose
from humaneval_x.runners.pool import Pool
with Pool(choose("bubblewrap", COMPILE_LIMITS, RUN_LIMITS), COMPILE_LIMITS, RUN_LIMITS, 1) as pool:
    ((_, verdict),) = pool.judge([("a", right_programs()["python"], None)])
print(type(verdict).__name__, verdict)
"""
    done = subprocess.run([sys.executable, "-c", filtered], capture_output=True, text=True, cwd=ROOT)
    if "no filter of ours" in done.stderr:
        pytest.skip("this machine lets nobody set a filter")
    assert SandboxError.__name__ in done.stdout and "seccomp" in done.stdout, done
