"""JavaScript in a jail: a warm Node process that forks. A program is two forks of it: the candidate, its tests.

The server has threads of Node's own that only sleep; a fork has none of them and needs none (see addon.c).
"""

import json
import subprocess
from pathlib import Path

from sandboxes import pair
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
    addon = ["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(warm / "addon.node"), str(HERE / "addon.c")]
    subprocess.run(addon, check=True)


class Language:
    """Judges JavaScript programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail = jail
        # Descriptors 3 and 4 are a fork's pipes: keep Node's own above them.
        node = ["/usr/bin/node", *FLAGS, str(HERE / "server.js"), str(warm / "addon.node")]
        self.server = jail.start_server(["/bin/sh", "-c", 'exec 4</dev/null; exec "$0" "$@"', *node], SERVER_ENV)

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        declared = pair.declared(program)
        functions = [each["name"] for each in declared["functions"]]
        source = f"{program['preamble']}{program['candidate']}"
        tests = {"half": "tests", "functions": functions, "before": declared["before"], "tests": program["tests"]}
        halves = tests, {"half": "program", "functions": functions, "source": source}
        starts = (self.jail.forked(self.server, json.dumps(half).encode()) for half in halves)
        ran = pair.run(self.jail, *starts, run_limits, self.jail.new_directory(), pair.flags(program))
        return decide(ran.outcome, expected_checks=program.get("expected_checks"), memory_signs=MEMORY_SIGNS)
