"""Control groups, one per jail: they limit memory (without swap) and processes. Versions 1 and 2.

Docker makes its own; this is for bubblewrap (`fences.py` says what else there is). As root a group is made below this
process's own (v1) or at the top (v2); otherwise below `$HUMANEVAL_X_CGROUP`, a folder (relative to the hierarchy)
delegated to the user.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from humaneval_x.errors import SetupError

ROOT = Path("/sys/fs/cgroup")
FRESH_S = 60  # a younger group may be about to get its process, from an owner in another PID namespace
HELP = (
    "run as root, or delegate a control group to this user and name it in $HUMANEVAL_X_CGROUP, or use --sandbox docker"
)


@dataclass(frozen=True)
class Group:
    """One jail's control group: the folders it consists of and the file that counts memory kills."""

    folders: tuple[Path, ...]
    memory_events: Path

    def command(self, program: str, arguments: list[str]) -> list[str]:
        """Return the command that runs bwrap (`program`) in the group: a shell joins it, then becomes bwrap."""
        joins = " && ".join(f'echo $$ > "{folder}/cgroup.procs"' for folder in self.folders)
        bound = ["--ro-bind", str(self.memory_events), "/run/memory_events"]
        return ["/bin/sh", "-c", f'{joins} && exec "$@"', "sh", program, *bound, *arguments]

    def remove(self) -> None:
        """Remove the group; its processes are dead or dying."""
        deadline = time.monotonic() + 5
        for folder in self.folders:
            while folder.exists():
                with suppress(OSError):
                    folder.rmdir()
                    break
                if time.monotonic() > deadline:
                    return
                time.sleep(0.01)


def unified() -> bool:
    """Whether version 2 governs memory on this machine."""
    controllers = ROOT / "cgroup.controllers"
    return controllers.exists() and "memory" in controllers.read_text().split()


def make(name: str, memory_mib: int, processes: int) -> Group:
    """Create a group with its limits. Raises SetupError where the machine does not permit it."""
    memory = memory_mib << 20
    parent = os.environ.get("HUMANEVAL_X_CGROUP", "").strip("/")
    try:
        if unified():
            top = ROOT / parent
            if not parent:
                with suppress(OSError):
                    (top / "cgroup.subtree_control").write_text("+memory +pids")
            folder = top / name
            _fill(folder, {"memory.max": memory, "pids.max": processes})
            with suppress(FileNotFoundError):  # absent where the kernel accounts no swap
                (folder / "memory.swap.max").write_text("0")
            return Group((folder,), folder / "memory.events")
        memory_folder, pids_folder = (ROOT / kind / (parent or _own(kind)) / name for kind in ("memory", "pids"))
        _fill(memory_folder, {"memory.limit_in_bytes": memory})
        with suppress(FileNotFoundError):
            (memory_folder / "memory.memsw.limit_in_bytes").write_text(str(memory))
        _fill(pids_folder, {"pids.max": processes})
        return Group((memory_folder, pids_folder), memory_folder / "memory.oom_control")
    except OSError as fault:
        raise SetupError(
            f"memory and process limits cannot be enforced: {fault.filename}: {fault.strerror}; {HELP}"
        ) from fault


def sweep(parent: Path) -> None:
    """Remove the groups of killed owners. Linux keeps a group that still has a process."""
    for folder in parent.glob("humaneval_x-*-*"):
        owner = folder.name.split("-")[1]
        with suppress(OSError):  # another process may sweep too
            old = time.time() - folder.stat().st_mtime > FRESH_S
            if old and owner.isdecimal() and not Path("/proc", owner).exists():
                folder.rmdir()


def _fill(folder: Path, values: Mapping[str, int]) -> None:
    sweep(folder.parent)
    folder.mkdir()
    for name, value in values.items():
        (folder / name).write_text(str(value))


def _own(kind: str) -> str:
    """The version-1 group of this process, relative to the hierarchy of one controller."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if kind in controllers.split(","):
            return path.strip("/")
    return ""
