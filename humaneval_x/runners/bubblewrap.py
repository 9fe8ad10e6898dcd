"""The bubblewrap jail: the host's toolchains, read-only, in fresh namespaces, inside a fence where there is one.

What it does not give: another kernel; a file-system view without the host's /usr.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from humaneval_x.errors import SandboxError
from humaneval_x.records import Limits
from humaneval_x.resources import sandboxes_folder
from humaneval_x.runners import SCRATCH_MIB, WARM_PROCESSES, Runner, fences, jail_memory_mib, namespaces
from humaneval_x.runners.fences import Fence
from humaneval_x.runners.toolchains import PYTHON, prepared, store_folder
from humaneval_x.runners.wire import Conversation, Pipes

CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_OVERRIDE", "CAP_FOWNER")  # to be other users, and tidy up
AGENTS_PROC = ("--remount-ro", "/proc", "--perms", "0700", "--dir", "/run/agent", "--proc", "/run/agent/proc")


class PipeChannel(Pipes):
    """A child process spoken to over its stdin and stdout; its stderr goes to a file, for `why`."""

    def __init__(self, argv: list[str], fence: Fence | None = None, cwd: Path | None = None) -> None:
        self.fence = fence
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the jail)
        store = store_folder()  # it is in no jail's file system: the agent has its descriptor
        argv, pipe = [*argv, "--store", str(store)], subprocess.PIPE
        try:
            self.process = subprocess.Popen(
                argv, stdin=pipe, stdout=pipe, stderr=self.log, bufsize=0, cwd=cwd, pass_fds=[store]
            )
        finally:
            os.close(store)
        assert self.process.stdin
        assert self.process.stdout
        super().__init__(self.process.stdin.fileno(), self.process.stdout.fileno())
        os.set_blocking(self.process.stdin.fileno(), False)

    def why(self) -> str:
        """How the jail ended and the end of what it said on stderr."""
        try:
            code: object = self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            code = "still running"
        self.log.seek(0)
        said = self.log.read()[-600:].decode(errors="replace").strip().replace("\n", " | ")
        return f"exit status {code}: {said or 'it said nothing'}"

    def close(self) -> None:
        """Kill the jail: its PID namespace dies with its first process."""
        self.process.kill()
        self.process.wait()  # ends: nobody can refuse a kill
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream:
                stream.close()
        if self.fence:
            self.fence.remove()


class Bubblewrap(Runner):
    """Starts bubblewrap jails."""

    name = "bubblewrap"

    def __init__(self, compiling: Limits, running: Limits) -> None:
        self.compiling, self.running = compiling, running
        self.program = namespaces.bwrap(root=os.geteuid() == 0)
        self.kind = fences.best()
        self.memory = self.kind.memory
        self.warm = prepared()

    def describe(self) -> str:
        """One line for reports."""
        done = subprocess.run([self.program, "--version"], capture_output=True, text=True, timeout=600)
        return done.stdout.strip() + ("" if self.memory == fences.FENCED else f", memory {self.memory}")

    def start(self) -> Conversation:
        """Start one jail. Raises SandboxError where the machine refuses."""
        fence = self.kind.make(
            fences.unique(),
            jail_memory_mib(self.compiling, self.running) + SCRATCH_MIB,
            self.running.processes + self.compiling.processes + WARM_PROCESSES,
        )
        try:
            return Conversation(PipeChannel(fence.command(self.program, self.arguments()), fence))
        except SandboxError as fault:
            fence.remove()
            raise SandboxError(f"bubblewrap jail: {fault}") from fault

    def arguments(self) -> list[str]:
        """The arguments of bwrap for one jail."""
        root = os.geteuid() == 0
        argv = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        argv += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
        argv += ["--cap-drop", "ALL"]
        if root:
            argv += [word for name in CAPABILITIES for word in ("--cap-add", name)]
        else:
            argv += ["--unshare-user"]
        # Folders that bwrap makes on the way to a mount are for their owner alone: make them first, for all.
        for folder in ("/etc", "/opt", "/opt/humaneval_x", "/run", *map(str, reversed(self.warm.parents))):
            if folder != "/":
                argv += ["--perms", "0755", "--dir", folder]
        argv += ["--ro-bind", "/usr", "/usr"]
        for name in ("bin", "lib", "lib32", "lib64", "sbin"):
            path = Path("/") / name
            if path.is_symlink():
                argv += ["--symlink", os.readlink(path), f"/{name}"]
            elif path.is_dir():
                argv += ["--ro-bind", f"/{name}", f"/{name}"]
        for path in (Path("/etc/alternatives"), Path("/etc/ld.so.cache"), *Path("/etc").glob("java-*")):
            argv += ["--ro-bind-try", str(path), str(path)]
        argv += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/dev/pts"]
        if root:  # a program cannot take back what the agent says of it; where an ordinary user is, each has its own
            argv += AGENTS_PROC
        argv += ["--ro-bind", str(sandboxes_folder()), "/opt/humaneval_x/sandboxes"]
        # At the path it was built for: precompiled headers and archives know their own place.
        argv += ["--ro-bind", str(self.warm), str(self.warm)]
        argv += ["--perms", "0755", "--size", str(SCRATCH_MIB << 20), "--tmpfs", "/scratch"]
        argv += ["--remount-ro", "/", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8"]
        argv += ["--chdir", "/opt/humaneval_x", "--", PYTHON, "-m", "sandboxes.agent"]
        argv += ["--warm", str(self.warm), "--scratch", "/scratch", "--uid", str(random_uid())]
        return [*argv, *(["--memory_events", fences.EVENTS] if self.memory == fences.FENCED else ["--watch_memory"])]


def random_uid() -> int:
    """A user id for one jail's programs: no two jails of a machine share their count of processes."""
    return 1_000_000 + secrets.randbelow(1 << 30)
