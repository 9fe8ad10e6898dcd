"""The Python fork server, and what runs in each fork: the program, its tests, the report.

Only trusted code runs in the server itself. In a fork the candidate runs first, then the tests, whose
`assert` statements are rewritten to count; the report is written after the last of them.

What a candidate in the same process can still do: find the token in memory through the interpreter's
internals and write the report itself (see SECURITY.md).
"""

import ast
import builtins
import ctypes
import gc
import importlib
import json
import os
import random
import sys
import traceback
import types

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


class CountAsserts(ast.NodeTransformer):
    """Rewrites `assert x` to a call that counts it; the name cannot be written in a program."""

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        call = ast.Call(ast.Name("<check>", ast.Load()), [node.test, ast.Constant(node.lineno)], [])
        return ast.copy_location(ast.Expr(call), node)


def run(preamble: str, candidate: str, tests: str) -> "tuple[str, int, str]":
    """Execute the parts in one namespace. Return the report's event, checks made, and detail."""
    names = vars(builtins)
    pristine = dict(names)
    checks = Checks()
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    space = vars(module)
    try:
        program = compile(preamble + candidate, "solution.py", "exec", dont_inherit=True)
        tree = CountAsserts().visit(ast.parse(tests, "tests.py"))
        judge = compile(ast.fix_missing_locations(tree), "tests.py", "exec", dont_inherit=True)
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


def serve(library_path: str) -> None:
    """Load the modules, then fork per request; returns only in a fork, when its program has ended."""
    for name in MODULES:
        importlib.import_module(name)
    library = ctypes.PyDLL(library_path)
    library.cell_serve.restype = ctypes.c_void_p
    length = ctypes.c_size_t()
    gc.collect()
    gc.freeze()
    address = library.cell_serve(3, ctypes.byref(length))
    ctypes.pythonapi.PyOS_AfterFork_Child()
    payload = ctypes.string_at(address, length.value)
    random.seed(0)  # a verdict must not depend on chance
    sys.modules["numpy"].random.seed(0)
    token = os.read(3, 64).split()[0]
    os.close(3)
    for name in ("ctypes", "ast", "sandboxes", "sandboxes.python", "sandboxes.python.server"):
        sys.modules.pop(name, None)
    event, made, detail = run(*json.loads(payload))
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
