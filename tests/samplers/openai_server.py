"""A real HTTP server that speaks OpenAI's protocol, and misbehaves as a test asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = tuple[int, dict[str, str], bytes] | str  # an answer in place of the right one, or "hang up"


class Endpoint(ThreadingHTTPServer):
    """Answers with `completion(body)`; takes faults from `faults` first."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, completion: Callable[[dict[str, Any]], str], key: str = "", stream: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.completion, self.key, self.stream = completion, key, stream
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.rule: Callable[[dict[str, Any]], Fault | None] = lambda body: None  # what a request is refused with
        self.seen: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.pieces = 0  # sent in streams
        self.lock = threading.Lock()
        self.together = self.most_together = 0
        self.slow_s = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def log_message(self, *values: Any) -> None:
        """Keep quiet."""

    def send(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fault(self) -> bool:
        with self.server.lock:
            fault = self.server.faults.pop(0) if self.server.faults else self.server.always
        if fault is None and self.server.key and self.headers.get("Authorization") != f"Bearer {self.server.key}":
            fault = (401, {}, b'{"error": {"message": "Incorrect API key provided"}}')
        if fault == "hang up":
            self.connection.close()
        elif fault is not None:
            assert not isinstance(fault, str)
            self.send(*fault)
        return fault is not None

    def do_GET(self) -> None:
        if not self.fault():
            self.send(200, {}, json.dumps({"object": "list", "data": [{"id": "tiny-served"}]}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.seen.append(body)
            self.server.times.append(time.monotonic())
            self.server.together += 1
            self.server.most_together = max(self.server.most_together, self.server.together)
        time.sleep(self.server.slow_s)
        with self.server.lock:
            self.server.together -= 1
        refused = self.server.rule(body)
        if refused is not None:
            assert not isinstance(refused, str)
            self.send(*refused)
        elif not self.fault():
            self.answer(body)

    def answer(self, body: dict[str, Any]) -> None:
        text = self.server.completion(body)
        if self.path.endswith("/chat/completions"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            self.send(200, {}, json.dumps({"choices": [choice], "usage": {"completion_tokens": 7}}).encode())
        elif not self.path.endswith("/completions"):
            self.send(404, {}, b'{"detail": "Not Found"}')
        elif not (body.get("stream") and self.server.stream):
            self.send(200, {}, json.dumps({"choices": [{"text": text, "finish_reason": "stop"}]}).encode())
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream; charset=utf-8")
            self.end_headers()
            for at in range(0, len(text), 3):
                self.event({"choices": [{"text": text[at : at + 3], "finish_reason": None}]})
                self.server.pieces += 1
            self.event({"choices": [{"text": "", "finish_reason": "length"}]})
            self.event({"choices": [], "usage": {"completion_tokens": 9}})
            self.wfile.write(b"data: [DONE]\n\n")

    def event(self, content: dict[str, Any]) -> None:
        self.wfile.write(b": a comment\n\ndata: " + json.dumps(content).encode() + b"\n\n")
        self.wfile.flush()


@contextmanager
def serving(completion: Callable[[dict[str, Any]], str], **options: Any) -> Iterator[Endpoint]:
    """Run a server for as long as the block."""
    server = Endpoint(completion, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
