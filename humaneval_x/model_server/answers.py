"""One request at a time to the engine, in a thread of its own; its samples come back piece by piece.

The samples of a request are drawn together, and a prompt is computed once for all of them. Another request waits: this
is for trying a model, or for one user. A client that closes a stream ends its samples at their next
token.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from humaneval_x.errors import HarnessError, RequestError
from humaneval_x.model_server.growing import Growing
from humaneval_x.modes import FilledMode, dialogue
from humaneval_x.samplers import Completion, Request, SamplingSettings
from humaneval_x.samplers.ending import ending
from humaneval_x.samplers.rows import Local, Tokenized

WAITING = 64  # requests; more are told to come again
REASONS = {"eos": "stop", "stop": "stop", "length": "length"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an engine gets: prompts in tokens, the words to stop at, whose rule ends the text."""

    prompts: Sequence[list[int]]
    settings: SamplingSettings
    stop: tuple[str, ...] = ()
    language: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is new of a choice; `reason` is set with its last piece, which has all of its text in `whole`."""

    choice: int
    text: str = ""
    reason: str = ""
    whole: str = ""
    tokens: int = 0


class AnsweringModel:
    """A model that answers."""

    def __init__(self, sampler: Local) -> None:
        self.sampler, self.name = sampler, sampler.identity.name
        self.thread = ThreadPoolExecutor(1, "engine")
        self.waiting = 0

    @property
    def chats(self) -> bool:
        """Whether the model has a chat template of its own."""
        return self.sampler.prompts.chat

    def tokens_of(self, text: str) -> list[int]:
        """Return a text to be continued in tokens."""
        return replace(self.sampler.prompts, chat=False).encode(
            Request(task_id="", language="", prompt=text, prefix="")
        )

    def asked(self, filled: FilledMode) -> list[int]:
        """Return what a model is asked in tokens: by its chat template, or as a text to be continued."""
        if not self.chats:
            return self.tokens_of(filled.prompt)
        return self.chat([{"role": "user", "content": filled.message}])[0]

    def chat(self, messages: Sequence[dict[str, str]]) -> tuple[list[int], tuple[str, ...]]:
        """Return a chat in tokens, and the words that end its answer. Raises RequestError, OptionError."""
        if not self.chats:
            filled = dialogue(messages)
            return self.tokens_of(filled.prompt), filled.stop
        tokenizer = self.sampler.prompts.tokenizer
        try:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except Exception as fault:  # a template is a program that comes with the model
            told = " ".join(str(fault).split())[:200]
            raise RequestError(f"messages: the model's chat template refuses them ({told})", status=400) from fault
        ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids, ()

    def check(self, question: Question) -> None:
        """Raise RequestError for what the model cannot take, or not now."""
        vocabulary, longest = self.vocabulary(), self.sampler.prompts.context_length
        for ids in question.prompts:
            if not ids:
                raise RequestError("prompt: holds nothing to go on from; give some text", status=400)
            if max(ids) >= vocabulary:
                raise RequestError(f"prompt: token {max(ids)}; the model has {vocabulary}", status=400)
            if longest is not None and len(ids) >= longest:
                told = f"the prompt has {len(ids)} tokens, the model's context length is {longest} with the completion"
                raise RequestError(f"{told}; shorten it", status=400)
        if self.waiting >= WAITING:
            raise RequestError(f"{WAITING} requests wait already; try again later", status=429, retry_after_s=5)

    def vocabulary(self) -> int:
        """Return how many tokens there are."""
        return len(self.sampler.prompts.tokenizer)

    async def pieces(self, question: Question) -> AsyncIterator[Piece]:
        """Yield the pieces of all choices as they come. Raises HarnessError."""
        self.check(question)
        loop, coming, gone = asyncio.get_running_loop(), asyncio.Queue[Piece | None](), threading.Event()

        def tell(piece: Piece | None) -> None:
            loop.call_soon_threadsafe(coming.put_nowait, piece)

        self.waiting += 1
        work = loop.run_in_executor(self.thread, self._answer, question, tell, gone)
        try:
            while (piece := await coming.get()) is not None:
                yield piece
            await work
        finally:
            self.waiting -= 1
            gone.set()

    def _answer(self, question: Question, tell: Callable[[Piece | None], None], gone: threading.Event) -> None:
        try:
            if not gone.is_set():
                Work(question, tell, gone).run(self.sampler)
        finally:
            tell(None)

    def close(self) -> None:
        """End the thread, after the request that it works on."""
        self.thread.shutdown(wait=True, cancel_futures=True)


class Work:
    """The answering of one question."""

    def __init__(self, question: Question, tell: Callable[[Piece], None], gone: threading.Event) -> None:
        self.question, self.tell, self.gone = question, tell, gone
        self.growing: dict[int, Growing] = {}

    def run(self, sampler: Local) -> None:
        """Draw all samples. Raises HarnessError."""
        question, count = self.question, self.question.settings.num_samples
        sampler.engine.use(question.settings)
        requests = [
            Tokenized(request=self._request(place), prompt_ids=ids, indices=tuple(range(count)), stops=True)
            for place, ids in enumerate(question.prompts)
        ]
        for completion in sampler.engine.sample(requests):
            if self.gone.is_set():
                return
            self._finish(completion, int(completion.task_id) * count + completion.sample_index)

    def _request(self, place: int) -> Request:
        first = place * self.question.settings.num_samples
        return Request(
            task_id=str(place),
            language=self.question.language,
            prompt="",
            prefix=self.question.prefix,
            watch=lambda index: self._watch(first + index),
        )

    def _watch(self, choice: int) -> Callable[[str], bool]:
        rule = None
        if self.question.language:
            own = Request(task_id="", language=self.question.language, prompt="", prefix=self.question.prefix)
            rule = ending(own, 0)
        tell = lambda text: self.tell(Piece(choice=choice, text=text))  # noqa: E731
        self.growing[choice] = Growing(self.question.stop, rule, tell, self.gone.is_set)
        return self.growing[choice]

    def _finish(self, completion: Completion, choice: int) -> None:
        text, cut = self.growing[choice].finish(completion.raw)
        reason = "stop" if cut else REASONS.get(completion.finish_reason, "stop")
        self.tell(Piece(choice=choice, reason=reason, whole=text, tokens=completion.tokens))


def one_line(fault: BaseException) -> str:
    """Return what a client is told of a fault in the middle of a stream."""
    if isinstance(fault, HarnessError):
        return str(fault)
    return f"the engine failed ({type(fault).__name__}); the server's log says more"
