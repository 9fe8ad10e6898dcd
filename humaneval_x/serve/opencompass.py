"""OpenCompass's protocol (its code evaluator's): multipart `POST /evaluate` with a samples file, pass@k as answer.

The answer is a JSON string that holds JSON, which is what its client looks for. Source: github.com/Ezra-Yu/
code-evaluator and open-compass/opencompass, opencompass/datasets/humanevalx.py.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse

from humaneval_x.errors import HarnessError, RequestError, unknown
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX
from humaneval_x.metrics import pass_at_k
from humaneval_x.serve.models import MOST_SAMPLES
from humaneval_x.serve.service import ERRORS, Service
from humaneval_x.settings import EvaluationSettings

SET = "humanevalx"
KS = (1, 10, 100)


def add_opencompass(app: FastAPI, service: Service) -> None:
    """Add `/evaluate`."""

    @app.post("/evaluate", responses=ERRORS, tags=["OpenCompass"])
    async def evaluate(
        request: Request, file: Annotated[UploadFile, File()], dataset: Annotated[str, Form()] = SET
    ) -> JSONResponse:
        """Judge a samples file and return pass@k in percent."""
        check_dataset(dataset)
        rows = list(rows_in(await file.read()))
        pairs = await service.orders(request, rows, EvaluationSettings(), file.filename or "file")
        outcomes = await service.verdicts(request, [order for _, order in pairs])
        passed: defaultdict[str, list[bool]] = defaultdict(list)
        for (sample, _), outcome in zip(pairs, outcomes, strict=True):
            if isinstance(outcome, HarnessError):
                raise outcome  # a score without it would be another score
            passed[sample.task_id].append(outcome.passed)
        return JSONResponse(json.dumps(scores(list(passed.values()))))


def check_dataset(dataset: str) -> None:
    """Raise RequestError for a data set that is not HumanEval-X in a language of ours."""
    name, _, language = dataset.partition("/")
    known = [each.FILE for each in BY_PREFIX.values()]
    if name != SET:
        raise RequestError(unknown("dataset", name, [SET]))
    if language and language not in known:
        raise RequestError(f"dataset: {unknown('language', language, known)}")


def rows_in(data: bytes) -> Iterator[JsonObject]:
    """Yield the rows of an uploaded file of JSON lines. Raises RequestError."""
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        if number > MOST_SAMPLES:
            raise RequestError(f"file: more than {MOST_SAMPLES} lines; send it in several", status=413)
        try:
            row = json.loads(line)
        except ValueError as fault:
            raise RequestError(f"file: line {number} is not JSON; expected one JSON object a line") from fault
        if not isinstance(row, dict):
            raise RequestError(f"file: line {number} is a JSON {type(row).__name__}; expected one JSON object a line")
        yield row


def scores(passed: Sequence[Sequence[bool]]) -> dict[str, float]:
    """Return the mean of pass@k over tasks in percent, for each k that every task has samples for."""
    fewest = min((len(each) for each in passed), default=0)
    return {
        f"pass@{k}": 100 * sum(pass_at_k(len(each), sum(each), k) for each in passed) / len(passed)
        for k in KS
        if k <= fewest
    }
