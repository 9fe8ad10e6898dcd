"""The Python fork server, and what runs in each fork: the program, its tests, the report.

Only trusted code runs in the server itself. In a fork the candidate runs first, then the tests, whose
`assert` statements are rewritten to count; the report is written after the last of them.

What a candidate in the same process can still do: find the token in memory through the interpreter's
internals and write the report itself (see SECURITY.md).
"""

import builtins
import ctypes
import gc
import importlib
import marshal
import os
import random
import sys
import traceback
import types

from sandboxes.python.tests import compile_tests

MODULES = (
    "math re sys copy datetime itertools collections heapq statistics functools hashlib numpy string typing "
    "random operator bisect decimal fractions json collections.abc time dataclasses enum abc contextlib"
).split()


class Checks:
    """Counts the tests' assertions; `check` is what a rewritten assert calls."""

    def __init__(self) -> None:
        self.made = 0

    def check(self, value: object, line: int) -> None:
        self.made += 1
        if not value:
            raise CheckFailed(line)


class CheckFailed(AssertionError):
    """An assertion of the tests does not hold."""


def run(preamble: str, candidate: str, tests: str, compiled: bytes) -> "tuple[str, int, str]":
    """Execute the parts in one namespace; `compiled` is the tests, if they compiled. Return the report's event, checks made, and detail."""
    names = vars(builtins)
    pristine = dict(names)
    checks = Checks()
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    space = vars(module)
    try:
        program = compile(preamble + candidate, "solution.py", "exec", dont_inherit=True)
        judge = marshal.loads(compiled) if compiled else compile_tests(tests)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        traceback.print_exception(type(error), error, None)
        return "compile", 0, f"{type(error).__name__}: {error}"
    try:
        exec(program, space)
        names.clear()  # what the candidate replaced or added there must not judge it
        names.update(pristine)
        space["<check>"] = checks.check
        exec(judge, space)
    except SystemExit as leaving:
        sys.stdout.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1)
    except CheckFailed as failed:
        return "wrong", checks.made, f"the assertion in line {failed.args[0]} of the tests does not hold"
    except MemoryError:
        return "memory", checks.made, "MemoryError"
    except BaseException as error:
        traceback.print_exc()
        return "error", checks.made, f"{type(error).__name__}: {error}"
    return "done", checks.made, ""


WARM_PREAMBLE = "import math, re, copy, numpy as np\nfrom typing import *\nfrom collections import *\n"
WARM = """
def solution(numbers: List[int], text: str = "") -> Dict[str, Any]:
    seen = {}
    for i, n in enumerate(sorted(numbers)):
        seen[str(n)] = seen.get(str(n), 0) + i * 2 // 3 % 5
    return dict(zip(text.split(), [len(word) for word in text if word.isalpha()])) or max(seen.items())
"""
WARM_TESTS = """
METADATA = {'author': 'x'}
def check(candidate):
    assert candidate([3, 1, 2], "a b") == {"a": 1, "b": 1}, "message"
    assert candidate([1.5, 2]) == ("2", 0)
    assert abs(math.floor(1.5) - 1) < 1e-6
check(solution)
"""


def warm_up() -> None:
    """Run a small program a few times, so that a fork finds its caches filled instead of filling copies of them."""
    for _ in range(10):
        event, made, detail = run(WARM_PREAMBLE, WARM, WARM_TESTS, marshal.dumps(compile_tests(WARM_TESTS)))
        if (event, made) != ("done", 3):
            raise SystemExit(f"the warm-up program does not pass: {event} {detail}")
    sys.modules.pop("solution")


def serve(library_path: str) -> None:
    """Load the modules, then fork per request; returns only in a fork, when its program has ended."""
    for name in MODULES:
        importlib.import_module(name)
    library = ctypes.PyDLL(library_path)
    library.cell_serve.restype = ctypes.c_void_p
    length = ctypes.c_size_t()
    warm_up()
    gc.collect()
    gc.freeze()
    address = library.cell_serve(3, ctypes.byref(length))
    ctypes.pythonapi.PyOS_AfterFork_Child()
    payload = ctypes.string_at(address, length.value)
    random.seed(0)  # a verdict must not depend on chance
    sys.modules["numpy"].random.seed(0)
    token = os.read(3, 64).split()[0]
    os.close(3)
    for name in ("ctypes", "ast", "sandboxes", "sandboxes.python", "sandboxes.python.server", "sandboxes.python.tests"):
        sys.modules.pop(name, None)
    event, made, detail = run(*marshal.loads(payload))
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        pass
    words = detail.encode("utf-8", "backslashreplace").replace(b"\n", b" ")[:1000]
    failures = int(event == "wrong")
    os.write(4, b"%s %s checks=%d failures=%d %s\n" % (token, event.encode(), made, failures, words))
    os._exit(0 if event == "done" else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
