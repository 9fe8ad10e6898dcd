"""No jail at all (`--sandbox none`): programs run as the current user, on the host's files and network.

Not enforced: any isolation. Enforced: time, output, file-size and address limits per process, and the end of
every process still below the agent. Only for code you would run by hand.
"""

from __future__ import annotations

import tempfile

from humaneval_x.errors import SandboxError
from humaneval_x.records import Limits
from humaneval_x.resources import sandboxes_folder
from humaneval_x.runners import Runner
from humaneval_x.runners.bubblewrap import PipeChannel
from humaneval_x.runners.toolchains import PYTHON, prepared
from humaneval_x.runners.wire import Conversation

WARNING = (
    "--sandbox none: model-written programs run as you, with your files and your network, and without a limit on memory"
)


class BareChannel(PipeChannel):
    """The agent as a plain child process, with a scratch folder that is removed with it."""

    def __init__(self, argv: list[str], scratch: tempfile.TemporaryDirectory[str]) -> None:
        super().__init__(argv, cwd=sandboxes_folder().parent)
        self.scratch = scratch

    def close(self) -> None:
        """End the agent and remove its scratch folder."""
        super().close()
        self.scratch.cleanup()


class Bare(Runner):
    """Starts agents without a jail."""

    name = "none"
    memory = "not bounded"

    def __init__(self, compiling: Limits, running: Limits) -> None:
        self.warm = prepared()

    def describe(self) -> str:
        """One line for reports."""
        return "no sandbox"

    def start(self) -> Conversation:
        """Start one agent. Raises SandboxError."""
        scratch = tempfile.TemporaryDirectory(prefix="humaneval_x-")
        argv = [PYTHON, "-m", "sandboxes.agent", "--warm", str(self.warm), "--scratch", scratch.name]
        try:
            return Conversation(BareChannel([*argv, "--uid", "0", "--bare"], scratch))
        except OSError as fault:
            raise SandboxError(f"the agent could not be started: {fault}") from fault
