"""JavaScript in a jail: a warm Node process that forks. A program is two forks of it: the candidate, its tests.

The server has threads of Node's own that only sleep; a fork has none of them and needs none (see addon.c).
"""

import functools
import json
import re
import subprocess
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes
from sandboxes.records import Limits, Server, Start
from sandboxes.verdict import Judgement

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
    "--min-semi-space-size=4",  # MiB: what a short program allocates is not collected
    "--interrupt-budget=540000",  # eight times as much to do before a function is optimised, which takes it some ms
]
SERVER_ENV = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "TMPDIR": ".",
    "NODE_PATH": str(HERE / "modules"),
}
# What can outlive the call of a test, or change what others use.
LEAVES = re.compile(
    r"\b(?:prototype|__proto__|constructor|globalThis|global|process|require|import|async|await|Promise|then|eval|Function|"
    r"set(?:Timeout|Interval|Immediate|PrototypeOf)|queueMicrotask|define\w+|assign)\b|\b(?:Math|JSON|Object|Array)\.\w+\s*=[^=]"
)
PLAIN = "plain"  # a file in the warm folder, where no tests run in the service
MEMORY_SIGNS = (rb"FATAL ERROR: .*(?:JavaScript heap|process) out of memory", rb"(?:# )?OOM error in V8")


def prepare(warm: Path, final: Path, plain: bool = False) -> str:
    """Compile the addon, and what is preloaded. Return what to add to the version line."""
    for source, library in (("addon.c", "addon.node"), ("dense.c", "dense.so")):
        command = ["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", str(warm / library), str(HERE / source)]
        subprocess.run(command, check=True)
    if not plain:
        return ""
    (warm / PLAIN).touch()
    return " (plain tools)"


class Language:
    """Judges JavaScript programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.plain = boxes, (warm / PLAIN).exists()
        # What a fork calls first it would bind anew. The server takes both away, for programs' own processes.
        fork_env = {**SERVER_ENV, "LD_BIND_NOW": "1", "LD_PRELOAD": str(warm / "dense.so")}
        # Descriptors 3 and 4 are a fork's pipes: keep Node's own above them.
        node = ["/usr/bin/node", *FLAGS, str(HERE / "server.js"), str(warm / "addon.node")]
        self.server = boxes.start_server(["/bin/sh", "-c", 'exec 4</dev/null; exec "$0" "$@"', *node], fork_env)
        self.service_argv = [*node, "tests"]
        self.service: "Server | None" = None

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        functions, before = declared(str(program["declared"]))
        half = {"half": "program", "functions": functions, "source": f"{program['preamble']}{program['candidate']}"}

        def tests(text: str) -> Start:
            return self._tests(*tests_half(tuple(functions), before, text))

        candidate = self.boxes.forked(self.server, json.dumps(half).encode())
        return pair.judged(self.boxes, tests, candidate, run_limits, program, memory_signs=MEMORY_SIGNS)

    def _tests(self, payload: bytes, leaves: bool) -> Start:
        """Return how tests start: in the warm service where they leave nothing behind, else in a fork of their own."""
        if leaves or self.plain:
            return self.boxes.forked(self.server, payload)
        self.service = self.service or self.boxes.start_server(self.service_argv, SERVER_ENV)
        return self.boxes.served(self.service, payload)


@functools.lru_cache(maxsize=256)  # a problem's samples share it
def declared(text: str) -> "tuple[list[str], str]":
    """Return the names of the functions that a problem declares, and what stands before them."""
    found = pair.declared(text)
    return [each["name"] for each in found["functions"]], found["before"]


@functools.lru_cache(maxsize=256)
def tests_half(functions: "tuple[str, ...]", before: str, text: str) -> "tuple[bytes, bool]":
    """Return the request of a tests' half, and whether its tests may leave something behind."""
    half = {"half": "tests", "functions": functions, "before": before, "tests": text}
    return json.dumps(half).encode(), bool(LEAVES.search(before + text))
