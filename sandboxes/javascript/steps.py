"""JavaScript in a jail: a warm Node process that forks; each program is one fork of it, in a fresh cell.

The server has threads of Node's own that only sleep; a fork has none of them and needs none (see addon.c).
"""

import json
import subprocess
from pathlib import Path

from sandboxes.cell import Jail, Limits
from sandboxes.verdict import Judgement, decide

HERE = Path(__file__).resolve().parent
PACKAGES = ["nodejs", "gcc", "libc6-dev"]
VERSION = ["/usr/bin/node", "--version"]
FLAGS = [
    "--single-threaded",  # a fork has no helper threads: collect garbage and optimise on the main one
    "--v8-pool-size=0",
    "--random-seed=1",  # a verdict must not depend on chance
    "--unhandled-rejections=strict",  # nobody can listen them away
    "--no-warnings",
    "--zero-fill-buffers",  # what was freed may hold the tests
    "--use-largepages=silent",  # a fork inherits them, where file-backed code is mapped page by page again
]
SERVER_ENV = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "NODE_PATH": str(HERE / "modules"),
}
MEMORY_SIGNS = (b"JavaScript heap out of memory", b"allocation failed - process out of memory", b"OOM error in V8")


def prepare(warm: Path, final: Path) -> None:
    """Compile the addon."""
    addon = ["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(warm / "addon.node"), str(HERE / "addon.c"), "-ldl"]
    subprocess.run(addon, check=True)


class Language:
    """Judges JavaScript programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail = jail
        # Descriptor 4 is where a fork finds its report: keep Node's own above it. The addon is preloaded for its dlopen.
        script = 'exec 4</dev/null; export LD_PRELOAD="$0"; exec "$@"'
        addon = str(warm / "addon.node")
        node = ["/usr/bin/node", *FLAGS, str(HERE / "server.js"), addon]
        self.server = jail.start_server(["/bin/sh", "-c", script, addon, *node], SERVER_ENV)

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        parts = [program["preamble"], program["candidate"], program["tests"], program.get("declared", "")]
        payload = json.dumps(parts).encode()
        ran = self.jail.fork(self.server, payload, run_limits, self.jail.new_directory())
        return decide(ran, expected_checks=program.get("expected_checks"), memory_signs=MEMORY_SIGNS)
