"""The Python fork server: loads what programs import, then forks for each program; and the service that runs tests.

What a fork does, and what the service does with the tests of one program: `halves.py`.
"""

import contextlib
import ctypes
import gc
import importlib.machinery
import marshal
import os
import resource
import sys
import threading
import traceback
import types
from collections.abc import Callable

MODULES = (
    "math re sys copy datetime itertools collections heapq statistics functools hashlib string typing "
    "random operator bisect decimal fractions json collections.abc time dataclasses enum abc contextlib"
).split()
OURS = "ast base64 marshal reprlib struct traceback types".split()  # what else `halves` needs
BOX_FDS = 6
SERVICE_BYTES = 3 << 29  # of addresses, for the tests of a program
POOL_BYTES = 1 << 14  # of the interpreter's allocator
POOL_HEAD, LARGEST = 48, 512  # bytes before a pool's first block, and of the largest block
HOLES_BYTES = 1 << 20  # that holes of one size may have
BYTES_HEAD = sys.getsizeof(b"")


class Later(types.ModuleType):
    """A module that is loaded when something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        vars(self).update(vars(importlib.import_module(self.__name__)))
        if name not in vars(self):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return vars(self)[name]


def load(with_numpy: bool) -> None:
    """Load what programs import; numpy doubles the cost of a fork, so few have it from the start."""
    register = os.register_at_fork
    os.register_at_fork = lambda **_: (
        None
    )  # `random` would draw a seed in every fork; a verdict must not depend on chance
    random = importlib.import_module("random")
    os.register_at_fork = register
    for name in MODULES + OURS:
        importlib.import_module(name)
    random.seed(0)
    if with_numpy:
        importlib.import_module("numpy").random.seed(0)
    else:
        sys.modules["numpy"] = later = Later("numpy")
        later.__spec__ = importlib.machinery.ModuleSpec("numpy", None)


def filled() -> "list[bytes]":
    """Return objects in every hole of the interpreter's pools and of the C library's heap.

    What comes then, in this process or in a fork, lies together on new pages, and not on one shared page each.
    """
    kept: "list[bytes]" = []
    for size in range(POOL_HEAD, LARGEST + 1, 16):
        kept += blocks(size, lambda at: at % POOL_BYTES == POOL_HEAD)  # the first of a new pool
    behind = bytes(100_000)  # no hole is as large
    for size in [*(1 << bits for bits in range(16, 10, -1)), *range(1024, LARGEST, -16)]:
        kept += blocks(size, lambda at: at > id(behind))
    return kept


def blocks(size: int, is_new: "Callable[[int], bool]") -> "list[bytes]":
    """Return objects of one size, without the first whose address is new."""
    found = []
    for _ in range(HOLES_BYTES // size):
        block = bytes(size - BYTES_HEAD)
        if is_new(id(block)):
            break
        found.append(block)
    return found


def serve(library_path: str, preamble: str, with_numpy: bool) -> None:
    """Load the modules and run the preamble, then fork per request; returns only in a fork.

    The interpreter is not told that it forks: it has one thread, which holds no lock, so there is nothing to mend.
    """
    load(with_numpy)
    library = ctypes.PyDLL(library_path)
    take = library.box_serve_object
    take.restype = ctypes.py_object
    make = ctypes.cast(ctypes.pythonapi.PyBytes_FromStringAndSize, ctypes.c_void_p)
    gc.collect()
    kept: "list[object]" = [filled()]
    from sandboxes.python import halves, plain  # now: a fork uses all of it

    halves.warm_up()
    side, space = plain.Side(3, 4), halves.begun_early(preamble)
    run, thread, getpid = halves.run, vars(threading.main_thread()), os.getpid
    # Hidden now, and kept: a fork would pay for taking them apart.
    hidden = [name for name in sys.modules if name == "ctypes" or name.partition(".")[0] == "sandboxes"]
    kept += [sys.modules.pop(name) for name in hidden]
    gc.collect()
    gc.freeze()
    kept.append(filled())
    library.box_settle_code(make)
    payload = take(3, make)
    thread["_native_id"] = getpid()
    run(payload, side, space, preamble)


def serve_tests(library_path: str) -> None:
    """Run the tests of many programs, one after another, each in a namespace of its own. Ends with the agent."""
    from sandboxes.python.halves import run_tests
    from sandboxes.records import BoxSpec

    load(with_numpy=False)
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_AS, (SERVICE_BYTES, SERVICE_BYTES))
    library = ctypes.CDLL(library_path)
    library.box_take.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    spec, fds, length = BoxSpec(), (ctypes.c_int * BOX_FDS)(), ctypes.c_size_t()
    while True:
        address = library.box_take(3, ctypes.byref(spec), fds, ctypes.byref(length))
        code, private, _ = marshal.loads(ctypes.string_at(address, length.value))
        library.free(address)
        os.write(3, bytes(4))
        answers, questions, errors, secret, report, _ = fds
        os.dup2(errors, 1)
        os.dup2(errors, 2)
        space = vars(types.ModuleType("solution"))
        try:
            exec(marshal.loads(code), space)
            run_tests(space, private, answers, questions, secret, report)
        except BaseException:  # a preamble that fails: no report, as where a fork dies of it
            with contextlib.suppress(MemoryError):
                traceback.print_exc()
        finally:
            space.clear()  # what the program returned goes now, not with the collector's next round
            for fd in fds:
                os.close(fd)


if __name__ == "__main__":
    if sys.argv[2] == "tests":
        serve_tests(sys.argv[1])
    serve(sys.argv[1], sys.argv[3], "numpy" in sys.argv[4:])
