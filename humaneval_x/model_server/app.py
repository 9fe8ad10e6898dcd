"""The application: the protocol, the page, and the guard before them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse

from humaneval_x import __version__
from humaneval_x.model_server.answers import AnsweringModel
from humaneval_x.model_server.api import add_api, add_errors
from humaneval_x.serve.guard import App, Guard
from humaneval_x.serve.metrics import Metrics

ABOUT = "OpenAI's completions and chat over the engines of `generate.py`, and modes for code."
OPEN = ("/", "/healthz")  # the page asks for the token itself


def application(answers: AnsweringModel, *, tokens: Sequence[str] = (), body_bytes: int = 8 << 20) -> App:
    """Return the ASGI application over a loaded model."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        answers.close()

    app = FastAPI(title="humaneval_x models", version=__version__, description=ABOUT, lifespan=lifespan)
    add_api(app, answers)
    add_page(app)
    add_errors(app)
    return Guard(app, Metrics(), tokens, body_bytes=body_bytes, open_to_all=OPEN)


def add_page(app: FastAPI) -> None:
    """Add the page: one file, which may load nothing and talk to this server only."""
    page = (files("humaneval_x") / "model_server" / "page.html").read_text(encoding="utf-8")
    policy = {"default-src": "'none'", "connect-src": "'self'", "base-uri": "'none'", "form-action": "'none'"}
    policy |= {f"{name}-src": hashed(page, name) for name in ("script", "style")} | {"frame-ancestors": "'none'"}
    headers = {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items())}

    @app.get("/", include_in_schema=False, response_class=HTMLResponse)
    async def index() -> HTMLResponse:
        return HTMLResponse(page, headers=headers)

    @app.get("/healthz", include_in_schema=False, response_class=PlainTextResponse)
    async def healthz() -> str:
        return "ok\n"


def hashed(page: str, name: str) -> str:
    """Return what a policy calls the one script or style of a page."""
    (content,) = re.findall(rf"<{name}>(.*?)</{name}>", page, flags=re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
