"""Bounds a jail as a whole: a control group, a scope of the user's systemd, or only the agent's polling.

With a fence the kernel limits memory (without swap) and processes, whatever a program does. Where this user can have
none, the agent adds up the memory of a program's processes every few hundredths of a second, and the kernel counts
processes by user namespace: honest programs get the same verdicts, but a program can take much memory between two
polls. Such a run is marked, and the leaderboard refuses it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from humaneval_x.errors import SetupError
from humaneval_x.runners import cgroups
from humaneval_x.runners.toolchains import PYTHON

FENCED, WATCHED = "fenced", "watched, not fenced"
PROBE_MIB = 64
EVENTS = "/run/memory_events"  # path inside a jail of the file that counts memory kills
# In a scope, Python and no shell: systemd may expand a dollar sign in what it runs.
GROUP = (
    'import os, sys\ngroup = "/sys/fs/cgroup" + open("/proc/self/cgroup").read().partition("0::")[2].split("\\n")[0]\n'
)
BECOME_BWRAP = f"""{GROUP}program, *rest = sys.argv[1:]
os.execv(program, [program, "--ro-bind", group + "/memory.events", "{EVENTS}", *rest])
"""
SHOW_LIMIT = f'{GROUP}print(open(group + "/memory.max").read())'


class Fence(Protocol):
    """The limits around one jail."""

    def command(self, program: str, arguments: list[str]) -> list[str]:
        """Return the command that runs bwrap (`program`) inside; EVENTS is the file of memory kills, if any."""
        ...

    def remove(self) -> None:
        """Remove it; the processes inside are dead or dying."""
        ...


@dataclass(frozen=True)
class Scope:
    """A transient scope of the user's systemd, which has a delegated control group; it goes with its last process."""

    name: str
    memory_mib: int
    processes: int

    def command(self, program: str, arguments: list[str]) -> list[str]:
        """Return the command."""
        return [*self.systemd(), PYTHON, "-c", BECOME_BWRAP, program, *arguments]

    def systemd(self) -> list[str]:
        """Return the beginning of a command line that runs the rest of it in the scope."""
        limits = {"MemoryMax": f"{self.memory_mib}M", "MemorySwapMax": "0", "TasksMax": str(self.processes)}
        properties = [word for name, value in limits.items() for word in ("-p", f"{name}={value}")]
        run = ["systemd-run", "--user", "--scope", "--quiet", "--collect", f"--unit={self.name}", *properties]
        return [*run, "--"]

    def remove(self) -> None:
        """Nothing is left to do."""


@dataclass(frozen=True)
class Nothing:
    """No fence: the agent polls memory."""

    def command(self, program: str, arguments: list[str]) -> list[str]:
        """Return the command."""
        return [program, *arguments]

    def remove(self) -> None:
        """Nothing is there."""


@dataclass(frozen=True)
class Kind:
    """The best fence that this user can have here: its word for reports, what makes one, and why not a better one."""

    memory: str
    make: Callable[[str, int, int], Fence]
    why: str = ""


def best() -> Kind:
    """Return the kind to use. Raises SetupError where the control group that the user named is unusable."""
    try:
        cgroups.make(unique(), PROBE_MIB, PROBE_MIB).remove()
        return Kind(FENCED, cgroups.make)
    except SetupError as fault:
        if os.environ.get("HUMANEVAL_X_CGROUP"):
            raise
        if scope_holds():
            return Kind(FENCED, Scope)
        return Kind(WATCHED, lambda name, memory_mib, processes: Nothing(), str(fault))


def scope_holds() -> bool:
    """Whether the user's systemd starts scopes, and the kernel then has the requested limit."""
    if shutil.which("systemd-run") is None:
        return False
    show = [*Scope(unique(), PROBE_MIB, PROBE_MIB).systemd(), PYTHON, "-c", SHOW_LIMIT]
    try:
        said = subprocess.run(show, capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.strip() == str(PROBE_MIB << 20)


def unique() -> str:
    """Return a name for one jail's fence."""
    return f"humaneval_x-{os.getpid()}-{secrets.token_hex(4)}"
