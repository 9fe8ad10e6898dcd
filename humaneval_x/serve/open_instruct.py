"""open-instruct's protocol: `POST /test_program` (assertions) and `/test_program_stdio` (inputs, outputs), in Python.

A fault of the harness is status 503, which its client tries again; it is never a test that failed. Assertions are
judged apart from the program (a program that ends before its tests passes none). Its encoded tests are a pickle: only
those of plain lists, texts and numbers are read.
Source: github.com/allenai/open-instruct, open_instruct/code_utils/api.py.
"""

from __future__ import annotations

import base64
import binascii
import builtins
import io
import json
import pickle
import zlib
from ast import Attribute, Call, Name, Store, expr, parse, walk
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.records import COMPILE_LIMITS, Script, Status
from humaneval_x.serve.inline import order_as_it_is, problem_of
from humaneval_x.serve.scripts import verdicts
from humaneval_x.serve.service import ERRORS, Service

LANGUAGE = "python"
MOST_TESTS = 1024
MOST_BYTES = 64 << 20  # of tests, when they are unpacked
NOT_RUN = -1.0


class TestRequest(BaseModel):
    """A program and its tests."""

    program: str
    tests: Any
    max_execution_time: float = Field(1.0, gt=0)


class TestResults(BaseModel):
    """1 or 0 for each test, and its seconds (-1: it did not pass)."""

    results: list[int]
    runtimes: list[float]


def add_open_instruct(app: FastAPI, service: Service) -> None:
    """Add `/test_program`, `/test_program_stdio` and `/health`."""

    @app.get("/health", tags=["open-instruct"])
    async def health() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "healthy"}

    @app.post("/test_program", response_model=TestResults, responses=ERRORS, tags=["open-instruct"])
    async def test_program(body: TestRequest, request: Request) -> TestResults:
        """Judge a program by assertions, each for itself."""
        limits = COMPILE_LIMITS, service.ceilings.run(cpu_s=body.max_execution_time, wall_s=body.max_execution_time)
        tests = [checked_assertion(number, test) for number, test in enumerate(tests_in(body.tests))]
        problems = [problem_of(LANGUAGE, head_for(n, test), test + "\n") for n, test in enumerate(tests)]
        orders = [order_as_it_is(problem, body.program, *limits) for problem in problems]
        outcomes = await service.verdicts(request, orders)
        passed = []
        for outcome in outcomes:
            if isinstance(outcome, HarnessError):
                raise outcome
            passed.append(outcome)
        return results([each.passed for each in passed], [each.wall_s for each in passed])

    @app.post("/test_program_stdio", response_model=TestResults, responses=ERRORS, tags=["open-instruct"])
    async def test_program_stdio(body: TestRequest, request: Request) -> TestResults:
        """Judge a program by what it prints on each input."""
        running = service.ceilings.run(cpu_s=body.max_execution_time, wall_s=body.max_execution_time)
        cases = [checked_case(number, test) for number, test in enumerate(tests_in(body.tests))]
        if not cases:
            return results([], [])
        script = Script(language=LANGUAGE, source=body.program, inputs=tuple(given for given, _ in cases))
        run = await service.script(request, script, COMPILE_LIMITS, running)
        statuses = verdicts(run, [expected for _, expected in cases])
        return results([each is Status.PASSED for each in statuses], [stage.wall_s for stage in run.ran])


def results(passed: list[bool], seconds: list[float]) -> TestResults:
    """Return the answer."""
    runtimes = [spent if good else NOT_RUN for good, spent in zip(passed, seconds, strict=True)]
    return TestResults(results=[int(good) for good in passed], runtimes=runtimes)


def tests_in(tests: Any) -> list[Any]:
    """Return the tests of a request: a list, its JSON, or its packed form. Raises RequestError."""
    found = unpacked(tests) if isinstance(tests, str) and tests else tests or []
    if not isinstance(found, list):
        raise RequestError(f"tests: found {type(found).__name__}; expected a list")
    if len(found) > MOST_TESTS:
        raise RequestError(f"tests: {len(found)} of them; expected at most {MOST_TESTS}", status=413)
    return found


class PlainUnpickler(pickle.Unpickler):
    """Reads lists, texts and numbers; a pickle that names anything is refused, so that none can run anything."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse."""
        raise pickle.UnpicklingError(f"it names {module}.{name}")


def unpacked(text: str) -> Any:
    """Return the tests that a text holds: JSON, or a compressed pickle in base64. Raises RequestError."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), MOST_BYTES)
        if unpacker.unconsumed_tail:
            raise RequestError(f"tests: more than {MOST_BYTES >> 20} MiB when unpacked", status=413)
        return PlainUnpickler(io.BytesIO(data)).load()
    except (binascii.Error, zlib.error, pickle.UnpicklingError, EOFError, ValueError, IndexError, KeyError, TypeError,
            AttributeError, MemoryError, OverflowError) as fault:  # fmt: skip
        raise RequestError(
            "tests: cannot be unpacked; expected a JSON list, or a packed list of plain values"
        ) from fault


def checked_assertion(number: int, test: Any) -> str:
    """Return an assertion. Raises RequestError."""
    if not isinstance(test, str):
        raise RequestError(f"tests[{number}]: found {type(test).__name__}; expected an assertion")
    return test


def checked_case(number: int, test: Any) -> tuple[str, str]:
    """Return the input and the output of a case. Raises RequestError."""
    values = (test.get("input"), test.get("output")) if isinstance(test, dict) else (None, None)
    if not all(isinstance(value, str) for value in values):
        raise RequestError(f'tests[{number}]: expected {{"input": text, "output": text}}')
    return str(values[0]), str(values[1])


def head_for(number: int, test: str) -> str:
    """Return the head of the function that an assertion tests: the one name that it calls and nobody provides.

    Raises RequestError for an assertion that cannot be judged apart (on several functions, on an object's methods): it
    would fail right programs.
    """
    try:
        nodes = list(walk(parse(test)))
    except (SyntaxError, ValueError, RecursionError):
        return ""  # no program passes it
    calls = [node for node in nodes if isinstance(node, Call)]
    bound = {node.id for node in nodes if isinstance(node, Name) and isinstance(node.ctx, Store)}
    named = {each.func.id for each in calls if isinstance(each.func, Name)}
    names = sorted(name for name in named - bound if not hasattr(builtins, name))
    made = [each for each in calls if isinstance(each.func, Attribute) and asked_of(each.func.value, names)]
    if len(names) > 1 or made:
        what = "a method of what the program makes" if made else f"{len(names)} functions ({', '.join(names)[:80]})"
        raise RequestError(f"tests[{number}]: calls {what}; expected calls of one function, which is judged apart")
    return f"def {names[0]}(*args, **kwargs):" if names else ""


def asked_of(value: expr, names: list[str]) -> bool:
    """Whether a value is an object that the program made by a class of its own: `Solution()` of `Solution().f(1)`."""
    return (
        isinstance(value, Call)
        and isinstance(value.func, Name)
        and value.func.id in names
        and value.func.id[:1].isupper()
    )
