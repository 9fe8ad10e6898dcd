"""Starts jails and talks to them from outside. One contract, three kinds (docker, bubblewrap, none), here or on
the machines of a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any, Protocol, runtime_checkable

from humaneval_x.records import Limits

WARM_MIB = 1024  # for the agent and the warm compilers, beside the program
WARM_PROCESSES = 192  # their processes and threads
SCRATCH_MIB = 256  # size of a jail's scratch area (memory-backed), all stages of one program
SCRATCH_FILES = 16384  # files and folders in it
BATCH = 32  # programs in one message: what it costs beside them is then little


class Jail(Protocol):
    """One running jail: the conversation with its agent."""

    toolchains: dict[str, str]  # language -> version, of the languages it can judge

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Have one program judged. Raises SandboxError on any fault of the jail."""
        ...

    def ask_all(self, requests: Sequence[Mapping[str, Any]], *, timeout_s: float) -> list[dict[str, Any]]:
        """Have programs judged, `timeout_s` for each: answers to the first ones, as many as were judged in time.

        The last may be {"fault": why} where the jail failed. Raises SandboxError where nobody knows what was judged.
        """
        ...

    def close(self) -> None:
        """End the jail and everything in it."""
        ...


class Runner(Protocol):
    """A kind of jail, and the machine it starts on."""

    name: str
    memory: str = "fenced"  # what bounds the memory of a jail: see `fences.py`
    cores: int = os.cpu_count() or 1  # how many programs can run at once
    batch: int = BATCH  # how many programs at most a jail is asked for together

    def start(self) -> Jail:
        """Start one jail. Raises SandboxError."""
        ...

    def describe(self) -> str:
        """Return one line for reports: what isolates the programs."""
        ...


class RemoteJail(Jail, Protocol):
    """A jail on a machine that may be lost, which `ask` and `ask_all` say by JailLost; `place` names it."""

    place: str


@runtime_checkable
class Elastic(Runner, Protocol):
    """Starts jails on machines that come and go."""

    def start_in_time(self, stop: Event) -> RemoteJail:
        """Start one jail where there is room. Raises SandboxError where there is none in time, or `stop` is set."""
        ...

    def cores_now(self) -> int:
        """Return how many programs can run at once by now."""
        ...


def jail_memory_mib(compiling: Limits, running: Limits) -> int:
    """Return the memory limit of a whole jail: one program in its larger stage, and the warm processes."""
    return max(compiling.memory_mib, running.memory_mib) + WARM_MIB
