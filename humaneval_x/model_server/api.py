"""OpenAI's protocol: `/v1/models`, `/v1/completions`, `/v1/chat/completions`, whole or as server-sent events.

Source: platform.openai.com/docs/api-reference. Errors have OpenAI's shape, with one line as their message.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from humaneval_x.errors import HarnessError, InputError, RequestError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import LANGUAGES
from humaneval_x.model_server.answers import AnsweringModel, Piece, Question, one_line
from humaneval_x.model_server.asked import ChatAsked, CommonRequest, CompletionAsked
from humaneval_x.modes import MODES
from humaneval_x.serve.app import explained

log = logging.getLogger(__name__)


def add_api(app: FastAPI, answers: AnsweringModel) -> None:
    """Add the protocol's addresses."""
    began = int(time.time())

    @app.get("/v1/models", tags=["models"])
    async def models() -> JsonObject:
        """Return the one model."""
        one = {"id": answers.name, "object": "model", "created": began, "owned_by": "humaneval-x"}
        return {"object": "list", "data": [one]}

    @app.get("/v1/modes", tags=["models"])
    async def modes() -> JsonObject:
        """Return the modes that `/v1/completions` takes, and the languages."""
        languages = {name: each.TITLE for name, each in LANGUAGES.items()}
        return {"modes": {name: asdict(mode) for name, mode in MODES.items()}, "languages": languages}

    @app.post("/v1/completions", tags=["completions"], response_model=None)
    async def completions(asked: CompletionAsked) -> Response:
        """Continue texts, or do with code what a mode says."""
        check(asked, answers)
        return await answered("text_completion", asked, question_of(asked, answers), answers)

    @app.post("/v1/chat/completions", tags=["chat"], response_model=None)
    async def chat(asked: ChatAsked) -> Response:
        """Answer the last message of a chat."""
        check(asked, answers)
        ids, stop = answers.chat([message.plain() for message in asked.messages])
        question = Question(prompts=[ids], settings=asked.settings(), stop=(*asked.stops(), *stop))
        return await answered("chat.completion", asked, question, answers)


def check(asked: CommonRequest, answers: AnsweringModel) -> None:
    """Raise RequestError for another model, or what this server does not do."""
    asked.check()
    if asked.model not in (None, "", answers.name):
        raise RequestError(f"model: {asked.model!r} is not here; this server has {answers.name!r}", status=404)


def question_of(asked: CompletionAsked, answers: AnsweringModel) -> Question:
    """Return what the engine is asked. Raises RequestError."""
    settings, stop = asked.settings(), asked.stops()
    if not asked.by_mode:
        prompts = [answers.tokens_of(each) if isinstance(each, str) else each for each in asked.prompts()]
        return Question(prompts=prompts, settings=settings, stop=stop)
    if not isinstance(asked.prompt, str):
        raise RequestError("prompt: a mode takes one text, the code", status=400)
    filled = asked.filled(asked.prompt)
    ids = answers.asked(filled)
    if answers.chats:
        return Question(prompts=[ids], settings=settings, stop=stop)
    stop += filled.stop
    return Question(prompts=[ids], settings=settings, stop=stop, language=filled.language, prefix=filled.prefix)


async def answered(kind: str, asked: CommonRequest, question: Question, answers: AnsweringModel) -> Response:
    """Return the answer, whole or as a stream."""
    chat = kind == "chat.completion"
    name = ("chatcmpl-" if chat else "cmpl-") + uuid.uuid4().hex
    head = {"id": name, "created": int(time.time()), "model": answers.name}
    if asked.stream:
        answers.check(question)  # what can be refused is refused with a status
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        events = streamed(head, question, answers, chat=chat, usage=usage)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
    done = sorted([piece async for piece in answers.pieces(question) if piece.reason], key=lambda piece: piece.choice)
    choices = [choice(piece, "message" if chat else "text", piece.whole) for piece in done]
    return JSONResponse({**head, "object": kind, "choices": choices, "usage": used(question, done)})


async def streamed(
    head: JsonObject, question: Question, answers: AnsweringModel, *, chat: bool, usage: bool
) -> AsyncIterator[str]:
    """Yield the events of a stream; a fault in its middle is an event of its own, and ends it."""
    head = {**head, "object": "chat.completion.chunk" if chat else "text_completion"}
    done, begun = [], set[int]()
    try:
        async for piece in answers.pieces(question):
            shaped = choice(piece, "delta" if chat else "text", piece.text, first=piece.choice not in begun)
            begun.add(piece.choice)
            done += [piece] if piece.reason else []
            yield event({**head, "choices": [shaped]})
    except Exception as fault:
        log.exception("a stream broke off")
        yield event(told(one_line(fault), 500))
        return
    if usage:
        yield event({**head, "choices": [], "usage": used(question, done)})
    yield "data: [DONE]\n\n"


def choice(piece: Piece, kind: str, text: str, *, first: bool = True) -> JsonObject:
    """Return a choice as completions ("text") and chats ("message", and "delta" in a stream) have it."""
    held: Any = text
    if kind != "text":
        held = {"role": "assistant", "content": text} if first else {"content": text}
    return {"index": piece.choice, kind: held, "logprobs": None, "finish_reason": piece.reason or None}


def used(question: Question, done: Iterable[Piece]) -> dict[str, int]:
    """Return the tokens of an answer."""
    read, written = sum(map(len, question.prompts)), sum(piece.tokens for piece in done)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def event(content: JsonObject) -> str:
    """Return a server-sent event."""
    return f"data: {json.dumps(content)}\n\n"


def told(message: str, status: int) -> JsonObject:
    """Return an error in OpenAI's shape."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    field, colon, _ = message.partition(":")
    param = field if colon and re.fullmatch(r"[\w.]+", field) else None
    return {"error": {"message": message, "type": kind, "param": param, "code": status}}


def add_errors(app: FastAPI) -> None:
    """Turn whatever a request raises into one line with a status."""

    @app.exception_handler(HarnessError)
    async def harness(request: Request, fault: HarnessError) -> Response:
        status = fault.status if isinstance(fault, RequestError) else 400 if isinstance(fault, InputError) else 503
        again = getattr(fault, "retry_after_s", None)
        headers = {} if again is None else {"Retry-After": str(again)}
        return JSONResponse(told(str(fault), status), status_code=status, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, fault: RequestValidationError) -> Response:
        _, line = explained(fault)
        return JSONResponse(told(line, 400), status_code=400)

    @app.exception_handler(HTTPException)
    async def http(request: Request, fault: HTTPException) -> Response:
        lines = {404: f"no such page: {request.url.path}; see /docs", 405: f"{request.method} is not for this page"}
        line = lines.get(fault.status_code, str(fault.detail))
        return JSONResponse(told(line, fault.status_code), status_code=fault.status_code)
