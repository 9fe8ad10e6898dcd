"""How a jail is started and spoken to from outside. One contract, three kinds: docker, bubblewrap, none."""

from __future__ import annotations

from typing import Protocol

from humaneval_x.records import Limits
from humaneval_x.runners.wire import Agent

WARM_MIB = 1024  # for the agent and the warm compilers beside the program
WARM_PROCESSES = 192  # their processes and threads
SCRATCH_MIB = 256  # size of a jail's scratch area (memory-backed), all stages of one program
SCRATCH_FILES = 16384  # files and folders in it


class Runner(Protocol):
    """A kind of jail."""

    name: str

    def start(self) -> Agent:
        """Start one jail and return the conversation with its agent. Raises SandboxError."""
        ...

    def describe(self) -> str:
        """One line for reports: what isolates the programs."""
        ...


def jail_memory_mib(compiling: Limits, running: Limits) -> int:
    """The memory limit of a whole jail: one program in its larger stage, and what is warm beside it."""
    return max(compiling.memory_mib, running.memory_mib) + WARM_MIB
