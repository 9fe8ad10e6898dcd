"""The agent of a jail without the jail around it, asked in its own protocol."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from humaneval_x.runners.bubblewrap import random_uid
from sandboxes import agent

ROOT = Path(__file__).resolve().parents[2]
# Of SIGXCPU: from the kernel for a process of the tests' own, from the agent for a service.
OVERSPENT = "its tests could not go on with what it returned (signal 24)"


class Agent:
    """An agent of its own, with a folder of prepared toolchains; `scratch` is made for it, `store` may be shared."""

    def __init__(self, warm: Path, scratch: Path, store: Path | None = None) -> None:
        scratch.mkdir()
        folders = ["--warm", str(warm), "--scratch", str(scratch), "--uid", str(random_uid())]
        folders += ["--store", str(store)] if store else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandboxes.agent", *folders], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert self._answer()["ready"]

    def ask(self, language: str, limits: dict[str, Any], **parts: Any) -> dict[str, Any]:
        """Return the answer to one program; `limits` are those of both stages."""
        assert self.process.stdin
        request = {"id": 1, "language": language, "limits": limits, **parts}
        agent.send(self.process.stdin.fileno(), request)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        answer: Any = agent.receive(self.process.stdout.fileno())
        return dict(answer)

    def executables(self) -> set[str]:
        """What its warm processes were started as: `restore` is what starts from an image."""
        return {Path(f"/proc/{child}/exe").resolve().name for child in self.children()}

    def children(self) -> list[int]:
        """Its warm processes, while it judges nothing."""
        own = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]

    def kill_all(self) -> None:
        """Kill its warm processes, as the kernel does where memory is short; some may not have ended yet."""
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Have the agent end."""
        with self.process:
            assert self.process.stdin
            self.process.stdin.close()
