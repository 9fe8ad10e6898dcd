"""The first to see a request: its token, the size of its body, the time that the body takes.

The body is read here, whole and bounded, before any protocol sees it, so that a client that sends half of it holds a
connection and nothing else. What a protocol raises leaves as one line of JSON, never as a stack trace.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from humaneval_x.errors import RequestError
from humaneval_x.serve.metrics import Metrics, Scope

log = logging.getLogger(__name__)
Message = MutableMapping[str, Any]  # ASGI's word for a part of a request or an answer
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
OPEN = ("/healthz", "/readyz", "/health")  # what a load balancer asks for without a token
BODIES = 8  # bodies of full size that may be in memory at once


class ClientGone(Exception):
    """The client hung up before its request was whole."""


class Guard:
    """Wraps an application. `tokens`: one of them is needed, if there are any, but for paths `open_to_all`."""

    def __init__(
        self,
        app: App,
        metrics: Metrics,
        tokens: Sequence[str],
        *,
        body_bytes: int,
        body_s: float = 60,
        open_to_all: Sequence[str] = OPEN,
    ) -> None:
        self.app, self.metrics, self.tokens = app, metrics, [token.encode() for token in tokens]
        self.open_to_all = open_to_all
        self.body_bytes, self.body_s = body_bytes, body_s
        self.held = 0  # bytes of bodies in memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, answered = time.monotonic(), 0

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = message.get("status", answered)
            await send(message)

        try:
            await self._serve(scope, receive, watched)
        except (ClientGone, asyncio.CancelledError):
            answered = answered or 499
        except RequestError as fault:
            await refuse(watched, fault)
        except Exception as bug:
            log.exception("a request failed")
            if answered:
                raise
            told = f"the service failed ({type(bug).__name__}); its log says more"
            await refuse(watched, RequestError(told, status=500))
        finally:
            self.metrics.request(scope, answered, time.monotonic() - began)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        scope.setdefault("state", {})["client"] = self._client(scope, headers)
        body = await self._body(headers, receive)
        size = len(body)
        scope["state"]["began"] = time.monotonic()
        self.held += size
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()  # from now on only that the client has gone
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            await self.app(scope, replay, send)
        finally:
            self.held -= size

    def _client(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Return whose share of the queue a request takes: its token's, or its address's. Raises RequestError 401."""
        address = (scope.get("client") or ("local",))[0]
        if not self.tokens or scope["path"] in self.open_to_all:
            return str(address)
        given = token_of(headers.get(b"authorization", b""))
        known = [token for token in self.tokens if any(hmac.compare_digest(token, each) for each in given)]
        if not known:
            raise RequestError("a token is needed; send it as: Authorization: Bearer TOKEN", status=401)
        return hashlib.sha256(known[0]).hexdigest()

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        try:
            return await asyncio.wait_for(self._read(headers, receive), self.body_s)
        except asyncio.TimeoutError as fault:
            raise RequestError(f"the body did not arrive within {self.body_s:g} s", status=408) from fault

    async def _read(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        announced = headers.get(b"content-length", b"0")
        self._check(int(announced) if announced.isdigit() else 0)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            self._check(size)
            if not message.get("more_body"):
                return b"".join(parts)

    def _check(self, size: int) -> None:
        if size > self.body_bytes:
            most = self.body_bytes >> 20
            raise RequestError(f"the body is larger than {most} MiB; send it in several requests", status=413)
        if self.held + size > BODIES * self.body_bytes:
            raise RequestError("too many large requests at once; try again later", status=429, retry_after_s=1)


def token_of(authorization: bytes) -> list[bytes]:
    """Return what may be the token of a header: of `Bearer`, or user and password of `Basic` (a URL's userinfo)."""
    kind, _, value = authorization.strip().partition(b" ")
    if kind.lower() == b"bearer":
        return [value.strip()]
    if kind.lower() == b"basic":
        try:
            return [part for part in base64.b64decode(value, validate=True).split(b":", 1) if part]
        except binascii.Error:
            return []
    return []


async def refuse(send: Send, fault: RequestError) -> None:
    """Answer with one line of JSON. A refused body may be unread, so the connection ends with it."""
    body = json.dumps({"error": str(fault)}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if fault.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if fault.retry_after_s is not None:
        headers.append((b"retry-after", str(fault.retry_after_s).encode()))
    if fault.status in (401, 408, 413, 429):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
