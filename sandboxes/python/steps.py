"""Python in a jail: a fork server with numpy and the usual modules loaded; each program is one fork of it."""

import functools
import marshal
from pathlib import Path

from sandboxes.cell import Jail, Limits
from sandboxes.python.tests import compile_tests
from sandboxes.verdict import Judgement, decide

PACKAGES = ["python3", "python3-numpy"]
VERSION = ["/usr/bin/python3", "-c", "import sys, numpy; print('Python', sys.version.split()[0], 'numpy', numpy.__version__)"]
SERVER_ENV = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",  # a verdict must not depend on the order of a set
    "OPENBLAS_NUM_THREADS": "1",  # a fork carries no threads along
    "PYTHONDONTWRITEBYTECODE": "1",
}
ADDRESS_SLACK_MIB = 512  # what the interpreter with numpy maps before a program allocates anything


def prepare(warm: Path, final: Path) -> None:
    """Nothing to build: the server loads its modules when it starts."""


class Language:
    """Judges Python programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail = jail
        root = Path(__file__).resolve().parents[2]
        env = {**SERVER_ENV, "PYTHONPATH": str(root)}
        argv = ["/usr/bin/python3", "-m", "sandboxes.python.server", str(warm.parent / "cell.so")]
        self.server = jail.start_server(argv, env)

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Run one program; compiling is part of the run."""
        parts = [str(program[name]) for name in ("preamble", "candidate", "tests")]
        payload = marshal.dumps([*parts, compiled(parts[2])])
        limits = Limits(**{**vars(run_limits), "address_mib": run_limits.memory_mib + ADDRESS_SLACK_MIB})
        ran = self.jail.fork(self.server, payload, limits, self.jail.new_directory())
        return decide(ran, expected_checks=program.get("expected_checks"))


@functools.lru_cache(maxsize=256)
def compiled(tests: str) -> bytes:
    """Return the tests' code for the server, which is the same Python; empty where it has to say what is wrong."""
    try:
        return marshal.dumps(compile_tests(tests))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return b""
