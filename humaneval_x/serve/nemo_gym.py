"""NeMo Gym's protocol: `POST /verify`, the call of a resources server, with the reward in the answer.

What came is given back with `reward`. The task is in `verifier_metadata` (or beside it): `task_id`, and
`source_language` of a translation. A fault of the harness is status 503, or with `mask_faults` in the metadata (for
versions that know `mask_sample`) a sample that is left out; never a reward.
Source: github.com/NVIDIA-NeMo/Gym, nemo_gym/base_resources_server.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict

from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.json_types import JsonObject
from humaneval_x.rewards.credit import Judged, reward_of
from humaneval_x.serve.service import ERRORS, Service
from humaneval_x.settings import EvaluationSettings


class VerifyRequest(BaseModel):
    """A rollout: what was asked, what the model answered (a Responses API object), which task it was."""

    model_config = ConfigDict(extra="allow")

    responses_create_params: JsonObject
    response: JsonObject
    verifier_metadata: JsonObject | None = None


def add_nemo_gym(app: FastAPI, service: Service) -> None:
    """Add `/verify` and `/seed_session`."""

    @app.post("/seed_session", tags=["NeMo Gym"])
    async def seed_session() -> dict[str, str]:
        """Begin a session, of which there is no state."""
        return {}

    @app.post("/verify", responses=ERRORS, tags=["NeMo Gym"])
    async def verify(body: VerifyRequest, request: Request) -> JsonObject:
        """Judge the answer of a rollout."""
        named = {**(body.model_extra or {}), **(body.verifier_metadata or {})}
        row = {name: named[name] for name in ("task_id", "source_language", "task") if named.get(name) is not None}
        if "task_id" not in row:
            raise RequestError("verifier_metadata: 'task_id' is missing; expected a task such as 'Python/0'")
        row["completion"] = "".join(texts_in(body.response))
        ((sample, order),) = await service.orders(request, [row], EvaluationSettings(), "verifier_metadata")
        (outcome,) = await service.verdicts(request, [order])
        if isinstance(outcome, HarnessError):
            if not named.get("mask_faults"):
                raise outcome
            return {**body.model_dump(), "reward": 0.0, "mask_sample": True, "failure_reason": str(outcome)}
        reward = reward_of(Judged.of(outcome, order.checks), partial=bool(named.get("partial")))
        return {**body.model_dump(), "reward": reward, "task_id": sample.task_id, "verdict": outcome.to_json()}


def texts_in(response: JsonObject) -> Iterator[str]:
    """Yield the texts of the last message of a response."""
    messages = [each for each in response.get("output") or [] if each.get("type", "message") == "message"]
    content = messages[-1].get("content") if messages else []
    if isinstance(content, str):
        yield content
        return
    for part in content or []:
        if isinstance(part, Mapping) and isinstance(part.get("text"), str):
            yield part["text"]
