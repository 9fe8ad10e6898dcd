"""Any server that speaks OpenAI's completions or chat protocol over HTTP: vLLM, llama.cpp, TGI, a vendor's.

Completions are streamed, and the connection is closed as soon as the language's stop rule holds, so that a server
does not write on for nothing; chat answers are taken whole. Requests that meet 408, 409, 429, 5xx, a broken
connection or an answer out of protocol are tried again with growing pauses; 429's Retry-After is kept.
Does not make sampling reproducible: `seed` is sent, and what a server does with it is its own affair. Tokens of a
stream are counted as pieces, which most servers send one a token. Source: platform.openai.com/docs/api-reference.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from humaneval_x.errors import OptionError, ServerError
from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import Answer, ModelIdentity, ModelOptions, Settings, Work, seed_of
from humaneval_x.samplers.answers import code_of, question

ATTEMPTS = 8
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
AGAIN = (408, 409, 429, 500, 502, 503, 504, 520, 522, 524, 529)
LARGEST = 1 << 26  # bytes of an answer
ENDPOINTS = {"chat": "/chat/completions", "completion": "/completions"}
BROKEN = (OSError, http.client.HTTPException)


class OutOfProtocol(Exception):
    """An answer is not what OpenAI's protocol says."""


class Pace:
    """Spaces requests of all threads; a pause asked for by the server holds for all of them."""

    def __init__(self, requests_per_minute: float | None) -> None:
        self.every_s = 60 / requests_per_minute if requests_per_minute else 0.0
        self._lock = threading.Lock()
        self._next = 0.0
        self.stopped = threading.Event()

    def wait(self) -> None:
        """Return when the next request may go."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self.every_s
        self.stopped.wait(at - now)

    def hold(self, seconds: float) -> None:
        """Let no request go for so long."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)


class Server:
    """A server behind the Sampler protocol."""

    def __init__(self, options: ModelOptions, settings: Settings) -> None:
        self.options, self.settings = options, settings
        self.base, kind = address(options.model)
        self.chat = options.prompting == "chat" or (options.prompting == "auto" and kind == "chat")
        self.key = os.environ.get(options.api_key_variable, "").strip()
        self.pace = Pace(options.requests_per_minute)
        name = options.served_model or self._first_model()
        self.identity = ModelIdentity(
            name=name, digest=None, details={"prompting": "chat" if self.chat else "completion"}
        )

    def sample(self, works: Iterable[Work]) -> Iterator[Answer]:
        """Yield one answer for each index of each work, in the order in which they come."""
        todo = ((work, index) for work in works for index in work.indices)
        results: queue.Queue[Answer | BaseException | None] = queue.Queue()
        lock = threading.Lock()

        def labour() -> None:
            try:
                while not self.pace.stopped.is_set():
                    with lock:
                        one = next(todo, None)
                    if one is None:
                        break
                    results.put(self.ask(*one))
                results.put(None)
            except BaseException as fault:
                results.put(fault)

        threads = [threading.Thread(target=labour, daemon=True) for _ in range(self.options.concurrency)]
        self.pace.stopped.clear()
        for thread in threads:
            thread.start()
        busy = len(threads)
        try:
            while busy:
                result = results.get()
                if isinstance(result, BaseException):
                    raise result
                if result is None:
                    busy -= 1
                else:
                    yield result
        finally:
            self.pace.stopped.set()

    def ask(self, work: Work, index: int) -> Answer:
        """Return one sample. Raises ServerError."""
        body = self._body(work, index)
        stops = LANGUAGES[work.language].stops if work.language and not self.chat else None
        url = self.base + ENDPOINTS["chat" if self.chat else "completion"]
        raw, reason, tokens = self._tried(url, body, lambda response: self._read(response, stops))
        return Answer(
            task_id=work.task_id,
            source_language=work.source_language,
            sample_index=index,
            raw=raw,
            code=code_of(raw, work.prefix) if self.chat else raw,
            finish_reason=reason,
            tokens=tokens,
        )

    def _body(self, work: Work, index: int) -> dict[str, Any]:
        settings = self.settings
        body: dict[str, Any] = {
            "model": self.identity.name,
            "max_tokens": settings.max_new_tokens,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "seed": seed_of(settings.seed, work.task_id, work.source_language, index) >> 33,  # servers take 31 bits
        }
        if settings.top_k:
            body["top_k"] = settings.top_k  # not OpenAI's own, but of vLLM, llama.cpp and others
        if self.chat:
            return body | {"messages": [{"role": "user", "content": question(work)}]}
        return body | {"prompt": work.prompt, "stream": True}

    def _read(self, response: Any, stops: Callable[[str], bool] | None) -> tuple[str, str, int]:
        """Return text, reason to end, tokens. Raises OutOfProtocol."""
        if "text/event-stream" not in response.headers.get("Content-Type", ""):
            content = parsed(response.read(LARGEST))
            text, reason = choice_of(content)
            tokens = (content.get("usage") or {}).get("completion_tokens")
            return text, reason or "eos", tokens if isinstance(tokens, int) else len(text.split())
        text, reason, count = "", "", 0
        for line in response:
            name, _, data = line.decode("utf-8", "replace").strip().partition(":")
            if name != "data":
                continue
            if data.strip() == "[DONE]":
                return text, reason or "eos", count
            piece, reason = choice_of(parsed(data.encode()), reason)
            text += piece
            count += bool(piece)
            if stops is not None and piece and stops(text):
                return text, "stop", count
        if not reason:
            raise OutOfProtocol("the stream ended without a finish_reason")
        return text, reason, count

    def _first_model(self) -> str:
        content = self._tried(self.base + "/models", None, lambda response: parsed(response.read(LARGEST)))
        try:
            return str(content["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as fault:
            raise ServerError(f"{self.base}/models: lists no model; name it with --served_model") from fault

    def _tried(self, url: str, body: dict[str, Any] | None, read: Callable[[Any], Any]) -> Any:
        """Return what `read` makes of the answer, after as many attempts as it takes. Raises ServerError."""
        said = ""
        for attempt in range(ATTEMPTS):
            self.pace.wait()
            if self.pace.stopped.is_set() and body is not None:
                raise ServerError(f"{url}: given up, because another request failed")
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
            try:
                with urllib.request.urlopen(self._request(url, body), timeout=self.options.timeout_s) as response:
                    return read(response)
            except urllib.error.HTTPError as fault:
                said = f"answered {fault.code}{shown(fault)}"
                if fault.code not in AGAIN:
                    raise ServerError(f"{url}: {said}; {self._advice(fault.code)}") from fault
                if fault.code == 429:
                    pause = min(10 * LONGEST_PAUSE_S, max(pause, retry_after(fault)))
                    self.pace.hold(pause)
            except OutOfProtocol as fault:
                said = f"answered out of OpenAI's protocol ({fault})"
            except BROKEN as fault:
                reason = fault.reason if isinstance(fault, urllib.error.URLError) else fault
                said = f"cannot be reached or broke off ({reason or type(fault).__name__})"
            if attempt < ATTEMPTS - 1:
                self.pace.stopped.wait(pause)
        again = "finished samples are kept; see to the server and run the same command again"
        raise ServerError(f"{url}: {said}, {ATTEMPTS} times in a row; {again}")

    def _request(self, url: str, body: dict[str, Any] | None) -> urllib.request.Request:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
        if self.key:
            request.add_unredirected_header("Authorization", f"Bearer {self.key}")  # not to where it may redirect
        return request

    def _advice(self, code: int) -> str:
        if code in (401, 403):
            variable = self.options.api_key_variable
            found = "was refused" if self.key else "is not set"
            return f"the key in the environment variable {variable} {found}; set it, or name another --api_key_variable"
        if code == 404:
            return "check the address (it ends in /v1), --served_model, and --prompting completion or chat"
        return "the server refuses such requests: see what it says, and the settings"


def address(url: str) -> tuple[str, str]:
    """Return the base address and "chat", "completion" or "". Raises OptionError."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise OptionError(f"--model {url!r}: not an address; expected one such as http://localhost:8000/v1")
    base = url.rstrip("/")
    for kind, end in ENDPOINTS.items():
        if base.endswith(end):
            return base.removesuffix(end), kind
    return base, ""


def parsed(data: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises OutOfProtocol."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise OutOfProtocol(f"not JSON: {data[:60]!r}") from fault
    if not isinstance(content, dict):
        raise OutOfProtocol(f"a JSON {type(content).__name__} in place of an object")
    if content.get("error"):
        raise OutOfProtocol(f"an error: {str(content['error'])[:200]}")
    return content


def choice_of(content: dict[str, Any], before: str = "") -> tuple[str, str]:
    """Return the text of the first choice and the reason to end, if it has one. Raises OutOfProtocol."""
    choices = content.get("choices")
    if choices == [] and "usage" in content:  # the last piece of a stream may hold only the usage
        return "", before
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise OutOfProtocol("'choices' is missing")
    first = choices[0]
    holder = first.get("message") or first.get("delta") or first
    text = holder.get("content", holder.get("text")) if isinstance(holder, dict) else 0
    if text is not None and not isinstance(text, str):
        raise OutOfProtocol("a choice without text")
    reason = first.get("finish_reason")
    if reason is None:
        return text or "", before
    return text or "", {"stop": "eos", "length": "length"}.get(str(reason), "stop")


def retry_after(fault: urllib.error.HTTPError) -> float:
    """Return the seconds that a server asks to wait, 0 where it does not say a number."""
    try:
        return max(0.0, float(fault.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def shown(fault: urllib.error.HTTPError) -> str:
    """Return what a refusal says, in one short line."""
    try:
        data = fault.read(2000)
        content = json.loads(data)
        error = content.get("error", content) if isinstance(content, dict) else content
        message = error.get("message", error) if isinstance(error, dict) else error
    except BROKEN:
        return ""
    except (ValueError, RecursionError):
        message = data.decode("utf-8", "replace")
    text = " ".join(str(message).split())[:200]
    return f" ({text})" if text else ""


def open_sampler(options: ModelOptions, settings: Settings) -> Server:
    """Return the sampler of a server that answers. Raises ServerError, OptionError."""
    return Server(options, settings)
