"""Python in a jail: fork servers with the usual modules loaded, and a warm service for the tests that leave nothing behind."""

import functools
import marshal
import re
from pathlib import Path

from sandboxes import pair
from sandboxes.box import Boxes
from sandboxes.python.tests import compile_declared, compile_tests, leaves_behind
from sandboxes.records import Limits, Server, Start
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
    "LD_BIND_NOW": "1",  # else each fork looks up what it calls first
}
SERVER = ["/usr/bin/python3", "-m", "sandboxes.python.server"]
PATH_ENV = {**SERVER_ENV, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
PLAIN = "plain"  # a file in the warm folder, where no tests run in the service
NUMPY = re.compile(r"\b(np|numpy)\b")
ARGUMENT_CHARS = 30_000  # of a command, in four bytes each
ADDRESS_SLACK_MIB = 512  # what the interpreter with numpy maps before a program allocates anything


def prepare(warm: Path, final: Path, plain: bool = False) -> str:
    """Nothing to build: the server loads its modules when it starts. Return what to add to the version line."""
    if not plain:
        return ""
    (warm / PLAIN).touch()
    return " (plain tools)"


class Language:
    """Judges Python programs."""

    def __init__(self, boxes: Boxes, warm: Path) -> None:
        self.boxes, self.library, self.plain = boxes, str(warm.parent / "box.so"), (warm / PLAIN).exists()
        self.servers: "dict[bool, tuple[Server, str]]" = {}  # each with the preamble that it has run
        self.service: "Server | None" = None

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        preamble, candidate, declared = (str(program.get(name, "")) for name in ("preamble", "candidate", "declared"))
        limits = Limits(**{**vars(run_limits), "address_mib": run_limits.memory_mib + ADDRESS_SLACK_MIB})
        # The other forks at half the cost; what says neither name and comes to numpy all the same waits for its import.
        server, known = self._server(bool(NUMPY.search(candidate + str(program["tests"]))), preamble)

        def forked(tests: "bytes | None", candidate: str) -> Start:
            before = b"" if preamble == known else compiled(preamble, "", "")[0]
            return self.boxes.forked(server, marshal.dumps((before, tests, candidate)))

        def tests(text: str) -> Start:
            before, judge, leaves = compiled(preamble, declared, text)
            return forked(judge, "") if leaves or self.plain else self._served(marshal.dumps((before, judge, "")))

        half = forked(None, candidate)
        return pair.judged(self.boxes, tests, half, limits, program)

    def _served(self, payload: bytes) -> Start:
        """Return how tests start in the warm service."""
        self.service = self.service or self.boxes.start_server([*SERVER, self.library, "tests"], PATH_ENV)
        return self.boxes.served(self.service, payload)

    def _server(self, with_numpy: bool, preamble: str) -> "tuple[Server, str]":
        """Return a fork server and the preamble that has run in it: the first program's, which a problem set's share."""
        if with_numpy not in self.servers:
            known = preamble if len(preamble) <= ARGUMENT_CHARS else ""
            argv = [*SERVER, self.library, "program", known, *["numpy"] * with_numpy]
            self.servers[with_numpy] = self.boxes.start_server(argv, PATH_ENV), known
        return self.servers[with_numpy]


@functools.lru_cache(maxsize=256)
def compiled(preamble: str, declared: str, tests: str) -> "tuple[bytes, bytes, bool]":
    """Return, for the server, which is the same Python, marshalled: the preamble's code, and for the tests' process what the
    problem defines, the solution's name and the tests' code, or their text where the server has to say what is wrong; and
    whether the tests may leave something behind.
    """
    try:
        around = compile_declared(declared)
    except (SyntaxError, ValueError):  # a problem's text that is no Python: the candidate does not compile either
        around = compile_declared("")
    before = marshal.dumps(compile_declared(preamble)[0])
    try:
        return before, marshal.dumps((*around, compile_tests(tests))), leaves_behind(preamble, declared, tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return before, marshal.dumps((*around, tests)), True
