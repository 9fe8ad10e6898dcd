"""Any server that speaks OpenAI's completions or chat protocol over HTTP: vLLM, llama.cpp, TGI, a vendor's.

Completions are streamed, and the connection is closed as soon as the language's stop rule holds, so that a server
does not write on for nothing; chat answers are taken whole. Requests that meet 408, 409, 429, 5xx, a broken
connection or an answer out of protocol are retried with growing pauses; 429's Retry-After is kept. Fields that a
server refuses are left out from then on (`seed`, `top_k`, `top_p`), and named in each row that was made without them.
Does not make sampling reproducible: `seed` is sent, and what a server does with it is its own affair. Tokens of a
stream are counted as pieces, which most servers send one a token. Source: platform.openai.com/docs/api-reference.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tqdm import tqdm

from humaneval_x.errors import OptionError, ServerError
from humaneval_x.samplers import Completion, ModelIdentity, ModelOptions, Request, SamplingSettings, seed_of
from humaneval_x.samplers.ending import ending
from humaneval_x.samplers.question import question
from humaneval_x.samplers.refusals import Refusal, refusal_of
from humaneval_x.samplers.replies import OutOfProtocol, Reply, choice_of, parsed, streamed

ATTEMPTS = 8
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
UNANSWERED_S = 15.0  # how long a server that has never answered is tried, and how long a connection may take
TOLD_EVERY_S = 5.0  # retries of many requests at once are one line
RETRYABLE = (408, 409, 429, 500, 502, 503, 504, 520, 522, 524, 529)
LARGEST = 1 << 26  # bytes of an answer
ENDPOINTS = {"chat": "/chat/completions", "completion": "/completions"}
OPTIONAL = ("seed", "top_k", "top_p")  # a server may refuse these, and still give useful samples
LIMITS = ("max_tokens", "max_completion_tokens")  # the second where a server refuses the first
BROKEN = (OSError, http.client.HTTPException)


class Refused(Exception):
    """A server does not take a request."""

    def __init__(self, said: Refusal, url: str, code: int) -> None:
        super().__init__(f"{url}: answered {code}{said}")
        self.said = said


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

    def __init__(self, options: ModelOptions, settings: SamplingSettings) -> None:
        self.options, self.settings = options, settings
        self.base, kind = address(options.model)
        self.chat = options.prompting == "chat" or (options.prompting == "auto" and kind == "chat")
        self.key = os.environ.get(options.api_key_variable, "").strip()
        self.pace = Pace(options.requests_per_minute)
        self.answered = False
        self.began = time.monotonic()
        self._told = 0.0
        self.limit = LIMITS[0]
        self.not_sent: tuple[str, ...] = ()
        self._learning = threading.Lock()  # several threads meet the same refusal at once
        self._too_long: set[str] = set()  # prompts
        name = options.served_model or self._first_model()
        self.identity = ModelIdentity(
            name=name, digest=None, details={"prompting": "chat" if self.chat else "completion"}
        )

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield one completion for each index of each request, as they come."""
        todo = ((request, index) for request in requests for index in request.indices)
        results: queue.Queue[Completion | BaseException | None] = queue.Queue()
        lock = threading.Lock()

        def worker() -> None:
            try:
                while not self.pace.stopped.is_set():
                    with lock:
                        one = next(todo, None)
                    if one is None:
                        break
                    completion = self.ask(*one)
                    if completion is not None:
                        results.put(completion)
                results.put(None)
            except BaseException as fault:
                results.put(fault)

        threads = [threading.Thread(target=worker, daemon=True) for _ in range(self.options.concurrency)]
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

    def ask(self, request: Request, index: int) -> Completion | None:
        """Return one sample, or None where its prompt is too long and is to be left out. Raises HarnessError."""
        ends = bool(request.language or request.stop) and not self.chat
        url = self.base + ENDPOINTS["chat" if self.chat else "completion"]
        while request.prompt not in self._too_long:
            body, not_sent = self._body(request, index), self.not_sent
            try:
                reply = self._retrying(
                    url, body, lambda response: self._read(response, ending(request) if ends else None)
                )
            except Refused as refused:
                self._learn(refused, request, body)
            else:
                return self._completion(request, index, reply, not_sent)
        return None

    def _completion(self, request: Request, index: int, reply: Reply, not_sent: tuple[str, ...]) -> Completion:
        return Completion(
            task_id=request.task_id,
            origin=request.origin,
            sample_index=index,
            raw=reply.text,
            finish_reason=reply.finish_reason,
            tokens=reply.tokens,
            reasoning=reply.reasoning,
            not_sent=not_sent,
        )

    def _learn(self, refused: Refused, request: Request, body: dict[str, Any]) -> None:
        """Change what is sent so that the same refusal does not come again. Raises HarnessError where nothing helps."""
        said = refused.said
        with self._learning:
            if said.too_long:
                if not self.options.skip_long:
                    what = f"{request.task_id}: {refused}"
                    how = "shorten the prompt, lower --max_new_tokens, or leave such prompts out with run --skip_long"
                    raise OptionError(f"{what}; {how}") from refused
                self._too_long.add(request.prompt)
            elif LIMITS[0] in body and LIMITS[1] in said.message:
                self.limit = LIMITS[1]
            elif field := said.first_of(name for name in OPTIONAL if name in body):
                if field not in self.not_sent:
                    self.not_sent += (field,)
                    print(f"{refused}; asked without '{field}' from now on", file=sys.stderr, flush=True)
            elif said.names("temperature"):
                raise ServerError(f"{refused}; give a --temperature that the model takes") from refused
            else:
                raise ServerError(f"{refused}; the server refuses such requests: see the settings") from refused

    def _body(self, request: Request, index: int) -> dict[str, Any]:
        """Return a request. What OpenAI's protocol has as a default is not said: some servers refuse to be told it."""
        settings = self.settings
        seed = seed_of(settings.seed, request.task_id, request.origin, index) >> 33  # servers take 31 bits
        # top_k is not OpenAI's own, but of vLLM, llama.cpp and others.
        chosen = {"temperature": settings.temperature, "top_p": settings.top_p, "top_k": settings.top_k, "seed": seed}
        defaults = {"temperature": 1, "top_p": 1, "top_k": 0}
        body: dict[str, Any] = {"model": self.identity.name, self.limit: settings.max_new_tokens}
        for name, value in chosen.items():
            if value != defaults.get(name) and name not in self.not_sent:
                body[name] = value
        if self.chat:
            return body | {"messages": [{"role": "user", "content": question(request)}]}
        return body | {"prompt": request.prompt, "stream": True}

    def _read(self, response: Any, stops: Callable[[str], bool] | None) -> Reply:
        """Return what an answer holds. Raises OutOfProtocol."""
        if "text/event-stream" in response.headers.get("Content-Type", ""):
            return streamed(response, stops)
        content = parsed(response.read(LARGEST))
        text, reason, reasoning = choice_of(content)
        tokens = (content.get("usage") or {}).get("completion_tokens")
        count = tokens if isinstance(tokens, int) else len(text.split())
        return Reply(text=text, reason=reason or "eos", tokens=count, reasoning=reasoning)

    def _first_model(self) -> str:
        url = self.base + "/models"
        content = self._retrying(url, None, lambda response: parsed(response.read(LARGEST)), wait_s=UNANSWERED_S)
        try:
            return str(content["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as fault:
            raise ServerError(f"{self.base}/models: lists no model; name it with --served_model") from fault

    def _retrying(
        self, url: str, body: dict[str, Any] | None, read: Callable[[Any], Any], wait_s: float | None = None
    ) -> Any:
        """Return what `read` makes of the answer, after as many attempts as it takes. Raises ServerError, Refused."""
        said = ""
        for attempt in range(ATTEMPTS):
            self.pace.wait()
            if self.pace.stopped.is_set() and body is not None:
                raise ServerError(f"{url}: given up, because another request failed")
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
            try:
                with _opener().open(self._request(url, body), timeout=wait_s or self.options.timeout_s) as response:
                    self.answered = True
                    return read(response)
            except urllib.error.HTTPError as fault:
                self.answered = True
                refusal = refusal_of(fault)
                said = f"answered {fault.code}{refusal}"
                if fault.code in (400, 413, 422) and body is not None:
                    raise Refused(refusal, url, fault.code) from fault
                if fault.code not in RETRYABLE:
                    raise ServerError(f"{url}: {said}; {self._advice(fault.code)}") from fault
                if fault.code == 429:
                    pause = min(10 * LONGEST_PAUSE_S, max(pause, retry_after(fault)))
                    self.pace.hold(pause)
            except OutOfProtocol as fault:
                said = f"answered out of OpenAI's protocol ({fault})"
            except BROKEN as fault:
                reason = fault.reason if isinstance(fault, urllib.error.URLError) else fault
                said = f"cannot be reached or broke off ({reason or type(fault).__name__})"
                if not self.answered and time.monotonic() + pause - self.began > UNANSWERED_S:
                    raise ServerError(f"{url}: {said}; it never answered; see to the server and its address") from fault
            if attempt < ATTEMPTS - 1:
                self._tell(f"retrying {attempt + 2} of {ATTEMPTS} in {pause:.0f} s: {url} {said}")
                self.pace.stopped.wait(pause)
        again = "finished samples are kept; see to the server and run the same command again"
        raise ServerError(f"{url}: {said}, {ATTEMPTS} times in a row; {again}")

    def _tell(self, line: str) -> None:
        with self._learning:
            if time.monotonic() - self._told < TOLD_EVERY_S:
                return
            self._told = time.monotonic()
        tqdm.write(line, file=sys.stderr)

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


def _connect(connection: http.client.HTTPConnection, connect: Callable[[], None]) -> None:
    """Connect soon or not at all; what is read afterwards may take its time."""
    patience = connection.timeout
    connection.timeout = UNANSWERED_S if patience is None else min(patience, UNANSWERED_S)
    connect()
    connection.sock.settimeout(patience)


class _Http(http.client.HTTPConnection):
    def connect(self) -> None:
        _connect(self, super().connect)


class _Https(http.client.HTTPSConnection):
    def connect(self) -> None:
        _connect(self, super().connect)


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_Http, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_Https, request)


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens addresses; proxies are those of the environment, as they are when it is called."""
    return urllib.request.build_opener(_HttpHandler, _HttpsHandler)


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


def retry_after(fault: urllib.error.HTTPError) -> float:
    """Return the seconds that a server asks to wait, 0 where it does not say a number."""
    try:
        return max(0.0, float(fault.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Server:
    """Return the sampler of a server that answers. Raises ServerError, OptionError."""
    return Server(options, settings)
