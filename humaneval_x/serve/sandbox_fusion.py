"""SandboxFusion's protocol: `POST /run_code` and `POST /submit`, so that its clients work with an address changed.

A fault of the harness is its SandboxError (`/run_code`) or status 503 (`/submit`), which its client tries again; it is
never a test that failed. Not served: Jupyter, prompts, metrics, languages and data sets that are not ours.
Source: github.com/bytedance/SandboxFusion, sandbox/server and sandbox/datasets/types.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import Literal

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field, ValidationError

from humaneval_x.errors import HarnessError, RequestError, unknown
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX
from humaneval_x.records import Limits, Script, ScriptRun, Stage, Status, Verdict
from humaneval_x.serve.scripts import verdicts
from humaneval_x.serve.service import ERRORS, Service
from humaneval_x.settings import EvaluationSettings

LANGUAGES = {"python": "python", "cpp": "cpp", "nodejs": "javascript", "go": "go", "java": "java", "rust": "rust"}
SETS = ("humaneval_x", "humanevalx", "humaneval-x")
OJ = "CommonOJDataset"
KILLED = -9


class RunStatus(str, Enum):
    """Of a whole request."""

    SUCCESS = "Success"
    FAILED = "Failed"
    SANDBOX_ERROR = "SandboxError"


class CommandRunResult(BaseModel):
    """What one command did."""

    status: Literal["Finished", "Error", "TimeLimitExceeded"]
    execution_time: float | None = None
    cpu_time: float | None = None
    return_code: int | None = None
    stdout: str | None = None
    stderr: str | None = None


class RunCodeRequest(BaseModel):
    """A whole program to run."""

    code: str
    language: str
    compile_timeout: float = Field(10, gt=0)
    run_timeout: float = Field(10, gt=0)
    memory_limit_MB: int = -1
    stdin: str | None = None
    files: dict[str, str | None] = {}
    fetch_files: list[str] = []
    args: list[str] = []


class RunCodeResponse(BaseModel):
    """What it did."""

    status: RunStatus
    message: str = ""
    compile_result: CommandRunResult | None = None
    run_result: CommandRunResult | None = None
    executor_pod_name: str | None = None
    files: dict[str, str] = {}


class TestConfig(BaseModel):
    """How a submission is judged."""

    dataset_type: str | None = None
    language: str | None = None
    compile_timeout: float | None = Field(None, gt=0)
    run_timeout: float | None = Field(None, gt=0)
    provided_data: list[JsonObject] | JsonObject | None = None
    extra: JsonObject = {}


class SubmitRequest(BaseModel):
    """A completion for one problem."""

    dataset: str
    id: int | str
    completion: str
    config: TestConfig


class EvalTestCase(BaseModel):
    """One test of a submission."""

    passed: bool
    exec_info: RunCodeResponse
    test_info: JsonObject | None = None


class EvalResult(BaseModel):
    """The verdict on a submission."""

    id: int | str
    accepted: bool
    extracted_code: str
    full_code: str | None = None
    test_code: str | None = None
    tests: list[EvalTestCase]
    extracted_type: str | None = None
    extra: JsonObject | None = None


class StdioTest(BaseModel):
    """One case of an online judge's problem."""

    input: dict[str, str]
    output: dict[str, str]


def add_sandbox_fusion(app: FastAPI, service: Service) -> None:
    """Add `/run_code` and `/submit`."""

    @app.post("/run_code", response_model=RunCodeResponse, responses=ERRORS, tags=["SandboxFusion"])
    async def run_code(body: RunCodeRequest, request: Request) -> RunCodeResponse:
        """Run a program and tell what it did."""
        script = Script(
            language=language_of(body.language),
            source=body.code,
            inputs=(body.stdin or "",),
            arguments=tuple(body.args),
            files={name: data for name, data in body.files.items() if data is not None},
            fetch=tuple(body.fetch_files),
        )
        memory_mib = body.memory_limit_MB if body.memory_limit_MB > 0 else None
        limits = limits_of(service, body.compile_timeout, body.run_timeout, memory_mib)
        try:
            return told(await service.script(request, script, *limits))
        except RequestError:
            raise
        except HarnessError as fault:
            return RunCodeResponse(status=RunStatus.SANDBOX_ERROR, message=str(fault))

    @app.post("/submit", response_model=EvalResult, responses=ERRORS, tags=["SandboxFusion"])
    async def submit(body: SubmitRequest, request: Request) -> EvalResult:
        """Judge a completion: of a problem that the service holds, or of an online judge's that comes with it."""
        if body.config.dataset_type == OJ or (body.config.provided_data and not of_ours(body)):
            return await judged_by_output(service, request, body)
        return await judged_by_tests(service, request, body)


def language_of(name: str) -> str:
    """Return our name of a language. Raises RequestError."""
    if name not in LANGUAGES:
        raise RequestError(unknown("language", name, LANGUAGES))
    return LANGUAGES[name]


def limits_of(service: Service, compile_s: float, run_s: float, memory_mib: int | None) -> tuple[Limits, Limits]:
    """Return the limits of both stages: their timeouts are of the clock, ours of the processor and of the clock."""
    compiling = service.ceilings.compile(cpu_s=compile_s, wall_s=compile_s)
    return compiling, service.ceilings.run(cpu_s=run_s, wall_s=run_s, memory_mib=memory_mib)


def told(run: ScriptRun, number: int = 0) -> RunCodeResponse:
    """Return what a script did on one input."""
    ran = run.ran[number] if run.ran else None
    well = ran is not None and ran.ended_well
    return RunCodeResponse(
        status=RunStatus.SUCCESS if well else RunStatus.FAILED,
        compile_result=command(run.compiled) if run.compiled else None,
        run_result=command(ran) if ran else None,
        files=dict(run.files),
    )


def command(stage: Stage) -> CommandRunResult:
    """Return what one command did; one that a limit of memory or output ended was killed."""
    late = stage.stopped is Status.TIMED_OUT
    code = None if late else KILLED if stage.stopped else stage.exit_code
    return CommandRunResult(
        status="TimeLimitExceeded" if late else "Finished",
        execution_time=stage.wall_s,
        cpu_time=stage.cpu_s,
        return_code=code,
        stdout=stage.stdout,
        stderr=stage.stderr if late or not stage.stopped else f"{stage.stderr}\n{stage.stopped}".lstrip(),
    )


def of_ours(body: SubmitRequest) -> bool:
    """Whether a submission names a data set of ours."""
    return body.dataset.partition("/")[0].lower() in SETS


async def judged_by_tests(service: Service, request: Request, body: SubmitRequest) -> EvalResult:
    """Judge a completion of a problem that the service holds."""
    if not of_ours(body):
        expected = f"expected {SETS[0]} with a task_id as id, or dataset_type {OJ} with provided_data"
        raise RequestError(f"dataset: found {body.dataset!r}; {expected}", status=400)
    compiling, running = limits_of(service, body.config.compile_timeout or 30, body.config.run_timeout or 10, None)
    settings = EvaluationSettings(compiling=compiling, running=running)
    row = {"task_id": task_id_of(body), "completion": body.completion}
    ((_, order),) = await service.orders(request, [row], settings, "submission")
    (outcome,) = await service.verdicts(request, [order])
    if isinstance(outcome, HarnessError):
        raise outcome
    program = order.program
    assert not isinstance(program, Script)
    return EvalResult(
        id=body.id,
        accepted=outcome.passed,
        extracted_code=body.completion,
        full_code=program.preamble + program.candidate,
        test_code=program.tests,
        tests=[
            EvalTestCase(passed=outcome.passed, exec_info=as_run(outcome), test_info={"status": outcome.status.value})
        ],
    )


def task_id_of(body: SubmitRequest) -> str:
    """Return the task_id of a submission: its id, or a number with the language beside it. Raises RequestError."""
    if "/" in str(body.id):
        return str(body.id)
    named = body.dataset.partition("/")[2] or body.config.language
    names = {**LANGUAGES, **{each.FILE: each.NAME for each in BY_PREFIX.values()}}
    prefixes = {each.NAME: prefix for prefix, each in BY_PREFIX.items()}
    if named not in names:
        raise RequestError(
            f"id: found {body.id!r}; expected a task_id such as 'Python/0', or config.language beside it"
        )
    return f"{prefixes[names[named]]}/{body.id}"


def as_run(verdict: Verdict) -> RunCodeResponse:
    """Return a verdict as what a run did: the status of the program, its output's end."""
    late = verdict.status is Status.TIMED_OUT
    code = None if late else 0 if verdict.passed else 1
    result = CommandRunResult(
        status="TimeLimitExceeded" if late else "Finished",
        execution_time=verdict.wall_s,
        cpu_time=verdict.cpu_s,
        return_code=code,
        stdout=verdict.stdout,
        stderr=verdict.stderr or verdict.reason,
    )
    if verdict.status is Status.COMPILE_ERROR:
        failed = result.model_copy(update={"stderr": verdict.compiler_output or verdict.reason})
        return RunCodeResponse(status=RunStatus.FAILED, compile_result=failed)
    return RunCodeResponse(status=RunStatus.SUCCESS if verdict.passed else RunStatus.FAILED, run_result=result)


async def judged_by_output(service: Service, request: Request, body: SubmitRequest) -> EvalResult:
    """Judge a program by what it prints on each input of the data that came with it."""
    if not body.config.language:
        raise RequestError("config.language: missing; expected the language of the program", status=400)
    cases = cases_of(body)
    inputs = tuple(case.input.get("stdin", "") for case in cases)
    script = Script(language=language_of(body.config.language), source=body.completion, inputs=inputs)
    limits = limits_of(service, body.config.compile_timeout or 10, body.config.run_timeout or 10, None)
    run = await service.script(request, script, *limits)
    statuses = verdicts(run, [case.output.get("stdout") for case in cases], any_case=True)
    tests = [
        EvalTestCase(passed=status is Status.PASSED, exec_info=told(run, number), test_info=case.model_dump())
        for number, (case, status) in enumerate(zip(cases, statuses, strict=True))
    ]
    return EvalResult(
        id=body.id, accepted=all(each.passed for each in tests), extracted_code=body.completion, tests=tests
    )


def cases_of(body: SubmitRequest) -> Sequence[StdioTest]:
    """Return the cases of the problem that came with a submission. Raises RequestError."""
    data = body.config.provided_data
    rows = data if isinstance(data, list) else [data] if data else []
    row: JsonObject | None = next((each for each in rows if str(each.get("id", body.id)) == str(body.id)), None)
    tests = row.get("test") if row else None
    try:
        listed = json.loads(tests) if isinstance(tests, str) else tests
        cases = [StdioTest.model_validate(each) for each in listed or []]
    except (ValueError, TypeError, ValidationError) as fault:
        expected = '[{"input": {"stdin": ...}, "output": {"stdout": ...}}]'
        raise RequestError(f"config.provided_data: 'test' is not as expected; expected {expected}") from fault
    if not cases:
        raise RequestError(f"config.provided_data: no 'test' for id {body.id!r}; expected at least one case")
    return cases
