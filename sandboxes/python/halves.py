"""What runs in a fork of the Python server: a program, or its tests.

A program is two processes (see INTERFACE.md). One, a fork in a box, has never seen the tests or the token: it runs the
candidate and answers calls. The other runs the tests and writes the report; no code of the candidate's ever runs there, only
plain values come from it (`plain.py`). It is another fork or, where tests leave nothing behind (steps.py says which), a
service that runs those of one program after another (`server.py`).
"""

import builtins
import gc
import json
import os
import reprlib
import sys
import traceback
import types
from functools import partial
from marshal import dumps, loads
from os import _exit
from typing import Any, NoReturn

from sandboxes.python.plain import Arguments, Ended, Side, Tampered, raised
from sandboxes.python.tests import compile_tests
from sandboxes.wire import send

Names = dict[str, object]
ALL_CHECKS, RECORD = 1, 2  # flags of INTERFACE.md
MOST_RECORDED = 128 << 20
SHORT = reprlib.Repr()
SHORT.maxlevel = 4
SHORT.maxlist = SHORT.maxtuple = SHORT.maxset = SHORT.maxfrozenset = SHORT.maxdict = SHORT.maxdeque = SHORT.maxarray = (
    60
)
SHORT.maxstring = SHORT.maxother = SHORT.maxlong = 300


class Unrecorded(BaseException):
    """The answers are too large to be recorded. No `except Exception` in tests may swallow it."""


class CheckFailed(AssertionError):
    """An assertion of the tests does not hold."""


class Checks:
    """Counts the tests' assertions; `check` and `equal` are what a rewritten assert calls."""

    def __init__(self, go_on: bool = False) -> None:
        self.made = self.failed = 0
        self.go_on = go_on
        self.side: "Side | None" = None
        # The first that failed: its line, the last call, what else is known. Text is made of it when all is over, so that
        # the next question comes as soon as after one that holds.
        self.first: "tuple[int, tuple[Arguments, object] | None, dict[str, object]] | None" = None

    def check(self, value: object, line: int, **known: object) -> None:
        self.made += 1
        if not value:
            self.failed += 1
            if self.failed == 1:
                last = self.side.last if self.side else None
                self.first = (
                    line,
                    last,
                    known if last else {},
                )  # what is large is not kept: a program could tell that it is
            if not self.go_on:
                raise CheckFailed

    def equal(self, left: object, right: object, line: int) -> None:
        """`assert left == right`: what the last call returned is the one, what is expected the other."""
        got = self.side.last[1] if self.side and self.side.last else None
        self.check(left == right, line, expected=left if right is got and left is not got else right)

    def why(self) -> str:
        return f"the assertion in line {self.first[0]} of the tests does not hold" if self.first else ""

    def about(self) -> "dict[str, str]":
        """Return what the first failed check was called with, expected and got, as text."""
        if not self.first:
            return {}
        _line, last, known = self.first
        if last:
            known = {"called_with": last[0], **known, "got": last[1]}
        return {name: shown(value) for name, value in known.items()}


def shown(value: object) -> str:
    """Return a value as Python writes it, cut; arguments without their brackets."""
    try:
        if isinstance(value, Arguments):
            return ", ".join(
                [*map(SHORT.repr, value.given), *(f"{k}={SHORT.repr(v)}" for k, v in value.named.items())]
            )[:300]
        return SHORT.repr(value)[:300]
    except Exception as error:
        return f"cannot be shown: {type(error).__name__}"


def serve_program(side: Side, space: Names, source: str) -> "NoReturn":
    """Run the candidate in its module's names, then answer what the tests ask, until they end. Does not return."""
    try:
        program = compile(source, "solution.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        traceback.print_exception(type(error), error, None)
        side.send(["compile", f"{type(error).__name__}: {error}"])
        leave(0)
    try:
        exec(program, space)
        side.send(["ready"])
    except SystemExit as leaving:
        leave(leaving.code)
    except BaseException as error:
        side.send(failure(error))
    while (question := side.receive()) is not None:
        try:
            if question[0] == "names":
                names = question[1]
                answer: "list[Any]" = ["value", [[name, named(side, space[name])] for name in names if name in space]]
            else:
                answer = side.reply(question)
        except SystemExit as leaving:
            leave(leaving.code)
        except BaseException as error:
            answer = failure(error)
        side.send(answer)
    leave(0)


def named(side: Side, value: object) -> object:
    """Return what the tests get for a name: a function where the value can be called, whatever else it is."""
    return side.held(value) if callable(value) else side.encode(value)


def failure(error: BaseException) -> "list[str]":
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__, limit=-20))
    try:
        said = str(error)
    except Exception as worse:
        said = f"its text cannot be had: {type(worse).__name__}"
    return ["raised", type(error).__name__, said[:1000], trace[-2000:]]


def leave(code: object) -> "NoReturn":
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass
    _exit(code if isinstance(code, int) else 0 if code is None else 1)


def judge(
    side: Side,
    space: "dict[str, object]",
    checks: Checks,
    declared: types.CodeType,
    solution: "str | None",
    tests: "str | tuple[list[str], types.CodeType]",
    report: int,
) -> "tuple[str, str]":
    """Run the tests against the other process. Return the report's event and a detail."""
    try:
        begun = side.receive()
        if begun is None:
            raise Ended
        if begun[0] == "compile":
            return "compile", str(begun[1])
        if begun[0] != "ready":
            raise raised(*begun[1:])
        os.write(report, b"ready\n")
        wanted, code = tests if isinstance(tests, tuple) else compile_tests(tests)
        exec(declared, space)
        space.pop(solution or "", None)
        given = [name for name in wanted if name == solution or not (name in space or hasattr(builtins, name))]
        for name, value in side.exchange(["names", given])[1]:
            if name not in given:  # it would take the place of what the tests use
                raise Tampered(f"the program names {name!r}, which nobody asked for")
            space[name] = side.decode(value)
        checks.side = side
        space["<check>"], space["<equal>"] = checks.check, checks.equal  # last: nothing may replace them
        exec(code, space)
    except Ended:
        return "ended", ""
    except CheckFailed:
        return "wrong", checks.why()
    except Tampered as reason:
        return "tampered", str(reason)
    except Unrecorded:
        return "memory", "its answers are too large to be recorded"
    except MemoryError:
        return "memory", "MemoryError"
    except BaseException as error:
        if isinstance(error, SyntaxError) and not hasattr(error, "said"):  # of the tests, not raised by the program
            traceback.print_exception(type(error), error, None)
            return "compile", f"{type(error).__name__}: {error}"
        return ended(error)
    return "done", checks.why()


def ended(error: BaseException) -> "tuple[str, str]":
    """Show an exception that ended the tests. Return the report's event and a detail."""
    try:
        print(getattr(error, "trace", None) or traceback.format_exc(), end="", file=sys.stderr)
        return "error", getattr(error, "said", None) or f"{type(error).__name__}: {error}"
    except MemoryError:  # it quotes something large
        return "memory", "MemoryError"


def begun(code: types.CodeType) -> Names:
    """Return the names of the candidate's module, in which a preamble has run."""
    module = types.ModuleType("solution")
    exec(code, vars(module))  # trusted, and the same for both halves
    sys.modules["solution"] = module
    return vars(module)


def compiled(preamble: str) -> types.CodeType:
    return compile(preamble, "solution.py", "exec", dont_inherit=True)


def begun_early(preamble: str) -> "Names | None":
    """Return these names before there is a candidate; None where the preamble fails: each fork then does so itself."""
    try:
        return begun(compiled(preamble))
    except Exception:
        return None


def run(payload: bytes, side: Side, space: "Names | None", preamble: str) -> None:
    """What a fork does: one of the two halves, with the names where this preamble has run, or where the code of another does.
    Does not return.
    """
    code, tests, candidate = loads(payload)
    try:
        if code or space is None:
            space = begun(loads(code) if code else compiled(preamble))
            gc.freeze()
        if tests is None:
            serve_program(side, space, candidate)
    except BaseException:
        traceback.print_exc()
        leave(1)
    del sys.modules["solution"]
    descriptors = os.dup(0), os.dup(1), 3, 4
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    run_tests(space, tests, *descriptors)
    os._exit(0)


def record(fd: int, answer: object) -> None:
    """Record an answer behind the secret. Raises Unrecorded where they are too large."""
    try:
        send(fd, answer)
    except OSError:  # the limit of files, which one answer may be beyond
        raise Unrecorded from None
    if os.lseek(fd, 0, os.SEEK_CUR) > MOST_RECORDED:
        raise Unrecorded


def run_tests(space: Names, private: bytes, answers: int, questions: int, given: int, report: int) -> None:
    """Run tests and write their report, and where asked for the answers behind the secret that was given."""
    secret = os.read(given, 66)
    flags = int(secret[64:65])
    checks = Checks(bool(flags & ALL_CHECKS))
    side = Side(answers, questions, answers=False)
    if flags & RECORD:
        side.record = partial(record, given)
    declared, solution, tests = loads(private)
    event, detail = judge(side, space, checks, declared, solution, tests, report)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, questions)  # their end comes before text is made of what failed, which takes time
    os.close(nowhere)
    sys.stdout.flush()
    sys.stderr.flush()
    token = secret[:32] if event == "done" else secret[32:64]
    words = detail.encode("utf-8", "backslashreplace").replace(b"\n", b" ")[:1000]
    known = checks.about()
    about = json.dumps(known).encode() + b"\n" if known else b""
    counts = b"checks=%d failures=%d" % (checks.made, checks.failed)
    os.write(report, b"%s %s %s %s\n%s" % (token, event.encode(), counts, words, about))
    vars(side).clear()  # what the program returned may hold it: this goes now, not with the collector's next round


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
    """Do what both processes do, a few times and in this one, so that a fork finds its caches filled."""
    for _ in range(10):
        (there, out), (into, back) = os.pipe(), os.pipe()
        made = warm_once(Side(there, back), Side(into, out))
        if made != 3:
            raise SystemExit("the warm-up program does not pass")
        for fd in (there, out, into, back):
            os.close(fd)


def warm_once(program: Side, tests: Side) -> int:
    """Run a small program and its tests. Return the number of checks made."""
    space: "dict[str, object]" = {}
    exec(compile(WARM_PREAMBLE + WARM, "solution.py", "exec", dont_inherit=True), space)
    program.kept.append(space["solution"])

    def solution(*arguments: object) -> object:
        tests.send(["call", 0, [tests.encode(each) for each in arguments], []])
        program.send(program.reply(program.receive() or []))
        return tests.decode((tests.receive() or [])[1])

    checks = Checks()
    here: "dict[str, object]" = {"<check>": checks.check, "<equal>": checks.equal, "solution": solution}
    exec(compile(WARM_PREAMBLE, "solution.py", "exec", dont_inherit=True), here)
    exec(loads(dumps(compile_tests(WARM_TESTS)))[1], here)
    return checks.made
