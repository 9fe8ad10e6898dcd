"""Python in a jail: fork servers with the usual modules loaded. A program is two forks of one: the candidate, its tests."""

import functools
import marshal
import re
import types
from pathlib import Path
from typing import Any

from sandboxes import pair
from sandboxes.box import Boxes
from sandboxes.python.tests import compile_declared, compile_tests
from sandboxes.records import Limits, Start
from sandboxes.verdict import Judgement

PACKAGES = ["python3", "python3-numpy"]
VERSION = [
    "/usr/bin/python3",
    "-c",
    "import sys, numpy; print('Python', sys.version.split()[0], 'numpy', numpy.__version__)",
]
SERVER_ENV = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",  # a verdict must not depend on the order of a set
    "OPENBLAS_NUM_THREADS": "1",  # a fork carries no threads along
    "PYTHONDONTWRITEBYTECODE": "1",
}
NUMPY = re.compile(r"\b(np|numpy)\b")
ADDRESS_SLACK_MIB = 512  # what the interpreter with numpy maps before a program allocates anything


def prepare(warm: Path, final: Path) -> None:
    """Nothing to build: the server loads its modules when it starts."""


class Language:
    """Judges Python programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes = boxes
        root = Path(__file__).resolve().parents[2]
        env = {**SERVER_ENV, "PYTHONPATH": str(root)}
        argv = ["/usr/bin/python3", "-m", "sandboxes.python.server", str(warm.parent / "box.so")]
        self.plain = boxes.start_server(argv, env)
        self.with_numpy = functools.cache(lambda: boxes.start_server([*argv, "numpy"], env))

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        preamble, candidate, declared = (str(program.get(name, "")) for name in ("preamble", "candidate", "declared"))
        limits = Limits(**{**vars(run_limits), "address_mib": run_limits.memory_mib + ADDRESS_SLACK_MIB})
        # The other forks at half the cost; what says neither name and comes to numpy all the same waits for its import.
        server = self.with_numpy() if NUMPY.search(candidate + str(program["tests"])) else self.plain

        def half(tests: "str | None", source: str) -> Start:
            before, judge = compiled(preamble, declared, tests or "")
            return self.boxes.forked(server, marshal.dumps((before, None if tests is None else judge, source)))

        return pair.judged(self.boxes, lambda tests: half(tests, ""), half(None, candidate), limits, program)


@functools.lru_cache(maxsize=256)
def compiled(preamble: str, declared: str, tests: str) -> "tuple[types.CodeType, bytes]":
    """Return, for the server, which is the same Python: the preamble's code, and for the tests' process what the
    problem defines, the solution's name and the tests' code, or their text where the server has to say what is wrong.
    """
    try:
        around = compile_declared(declared)
    except (SyntaxError, ValueError):  # a problem's text that is no Python: the candidate does not compile either
        around = compile_declared("")
    try:
        judge: Any = compile_tests(tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        judge = tests
    return compile_declared(preamble)[0], marshal.dumps((*around, judge))
