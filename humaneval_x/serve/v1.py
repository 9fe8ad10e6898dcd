"""The project's own protocol: `POST /v1/evaluate` for the problems that the service holds, `POST /v1/run` for any."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.json_types import JsonObject
from humaneval_x.records import Sample, Script, ScriptRun, Status, Verdict
from humaneval_x.serve.desk import Deadline
from humaneval_x.serve.inline import inline_sample
from humaneval_x.serve.lanes import Handed, ProgramOrder
from humaneval_x.serve.models import EvaluateRequest, Pair, RunRequest, Verdicts
from humaneval_x.serve.scripts import verdicts
from humaneval_x.serve.service import ERRORS, Service, client_of, unless_gone
from humaneval_x.settings import Answers, Errata, EvaluationSettings, Rules, Tests
from humaneval_x.verdict_rows import Row

T = TypeVar("T")


def add_v1(app: FastAPI, service: Service) -> None:
    """Add `/v1/evaluate` and `/v1/run`."""

    @app.post("/v1/evaluate", response_model=Verdicts, responses=ERRORS, tags=["v1"])
    async def evaluate(body: EvaluateRequest, request: Request) -> Any:
        """Judge samples of the problems that the service holds."""
        rows = [row.model_dump(exclude_none=True) for row in body.samples]
        pairs = await service.orders(request, rows, settings_of(service, body), deadline_s=body.deadline_s)
        if body.stream:
            return await streamed(request, service, pairs, service.deadline(request, body.deadline_s))
        handed = await service.handed(request, [order for _, order in pairs], body.deadline_s)
        return JSONResponse({"verdicts": [row_of(*pairs[each.place], each) for each in handed]})

    @app.post("/v1/run", response_model=Verdicts, responses=ERRORS, tags=["v1"])
    async def run(body: RunRequest, request: Request) -> Any:
        """Judge a program that is of no problem here: by its tests, or by what it prints on each input."""
        running, compiling = service.running(body), service.compiling(body)
        if body.tests is not None:
            (order,) = await service.read(request, [inline_sample(body, compiling, running)], body.deadline_s)
            (outcome,) = await service.verdicts(request, [order], body.deadline_s)
            if isinstance(outcome, HarnessError):
                raise outcome
            return JSONResponse(
                {"verdicts": [{**outcome.to_json(), "read_as": order.read_as, "program": order.program.digest}]}
            )
        pairs = body.pairs or [Pair(stdin=body.stdin, expected_stdout=body.expected_stdout)]
        script = Script(
            language=body.language,
            source=body.program,
            inputs=tuple(pair.stdin for pair in pairs),
            arguments=tuple(body.arguments),
            files=body.files,
        )
        done = await service.script(request, script, compiling, running, body.deadline_s)
        statuses = verdicts(done, [pair.expected_stdout for pair in pairs])
        return JSONResponse({"verdicts": script_rows(done, statuses)})


def settings_of(service: Service, asked: EvaluateRequest) -> EvaluationSettings:
    """Return a request's settings as a run's. Raises RequestError."""
    return EvaluationSettings(
        errata=Errata(asked.errata),
        tests=Tests(asked.tests),
        rules=Rules(asked.rules),
        answers=Answers(asked.answers),
        negated_tests=asked.negated_tests,
        all_checks=asked.all_checks,
        compiling=service.compiling(asked),
        running=service.running(asked),
    )


def script_rows(run: ScriptRun, statuses: Sequence[Status]) -> list[JsonObject]:
    """Return a row for each input: its status, and what the run did, or the compilation where there was none."""
    built = run.compiled
    shown = {"compiler_output": built.stdout + built.stderr if built else ""}
    if not run.ran:
        assert built is not None
        spent = {name: getattr(built, name) for name in ("cpu_s", "wall_s", "memory_mib")}
        return [
            {"passed": False, "status": each.value, **spent, "exit_code": None, "stdout": "", "stderr": "", **shown}
            for each in statuses
        ]
    rows = []
    for status, stage in zip(statuses, run.ran, strict=True):
        did = {name: value for name, value in asdict(stage).items() if name != "stopped"}
        rows.append({"passed": status is Status.PASSED, "status": status.value, **did, **shown})
    return rows


def row_of(sample: Sample, order: ProgramOrder, handed: Handed) -> JsonObject:
    """Return a sample's row: that of verdicts.jsonl, or what it says where the harness failed."""
    outcome = handed.outcome
    named = {"task_id": sample.task_id, "sample_index": sample.sample_index}
    if not isinstance(outcome, Verdict):
        return {**named, "error": str(outcome)}
    row = Row(
        task_id=sample.task_id,
        source_language=sample.source_language,
        sample_index=sample.sample_index,
        program=order.program.digest,
        shared=handed.shared,
        verdict=outcome,
        read_as=order.read_as,
        task=sample.task,
    )
    known = {} if order.checks is None else {"expected_checks": order.checks}
    return {**row.to_json(), **known}


async def streamed(
    request: Request, service: Service, pairs: Sequence[tuple[Sample, ProgramOrder]], deadline: Deadline
) -> Response:
    """Return an answer of JSON lines, each written when its program is judged. Refused as a whole before the first."""
    outcomes = service.desk.judge(client_of(request), [order for _, order in pairs], deadline)
    first = await unless_gone(request, anext_of(outcomes))

    async def lines() -> AsyncIterator[bytes]:
        try:
            upcoming = first
            while upcoming is not None:
                row = {"index": upcoming.place, **row_of(*pairs[upcoming.place], upcoming)}
                yield json.dumps(row).encode() + b"\n"
                upcoming = await anext_of(outcomes)
        except RequestError as late:
            yield json.dumps({"error": str(late)}).encode() + b"\n"
        finally:
            await outcomes.aclose()  # type: ignore[attr-defined]

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def anext_of(items: AsyncIterator[T]) -> T | None:
    """Return the next item, or None at the end."""
    async for item in items:
        return item
    return None
