"""A sample in the making, the same for every engine: its prompt's tokens, its text as it grows, where it ends.

An engine gets requests from `Prompts` in tokens, makes a `GrowingSample` for each index and pushes the tokens that it
draws; the sample says when it is done, and why. `Local` makes a Sampler of the two. Nothing here loads a model or
draws a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any, Protocol

from humaneval_x.errors import OptionError
from humaneval_x.samplers import Completion, ModelIdentity, Request, SamplingSettings, seed_of
from humaneval_x.samplers.drawing import Uniforms
from humaneval_x.samplers.ending import ending
from humaneval_x.samplers.question import question
from humaneval_x.samplers.text import GrowingText, Pieces


@dataclass(frozen=True)
class Tokenized:
    """A tokenized prompt and the samples still to start."""

    request: Request
    prompt_ids: list[int]
    indices: tuple[int, ...]
    stops: bool  # whether the language's stop rule applies


@dataclass(frozen=True)
class Prompts:
    """Turns requests into tokens, for a model that takes so many of them."""

    tokenizer: Any
    chat: bool
    end_ids: frozenset[int]
    context_length: int | None
    skip_long: bool = False

    def tokenized(self, requests: Iterable[Request]) -> Iterator[Tokenized]:
        """Yield each request with its tokens, without those too long for the model where wanted. Raises OptionError."""
        for request in requests:
            ids = self.encode(request)
            longest = self.context_length
            if longest is not None and len(ids) >= longest:
                if self.skip_long:
                    continue
                found = f"the prompt has {len(ids)} tokens, the model takes {longest} with the completion"
                raise OptionError(
                    f"{request.task_id}: {found}; shorten it, or leave such prompts out with run --skip_long"
                )
            stops = bool(request.language or request.stop) and not self.chat
            yield Tokenized(request=request, prompt_ids=ids, indices=request.indices, stops=stops)

    def encode(self, request: Request) -> list[int]:
        """Return the tokens of a prompt, by the chat template where it is used."""
        if not self.chat:
            ids: list[int] = self.tokenizer(request.prompt)["input_ids"]
            while ids and ids[-1] in self.end_ids:
                ids.pop()  # some tokenizers end every text, which nothing can continue
            return ids
        messages = [{"role": "user", "content": question(request)}]
        text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        chat_ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return chat_ids


@dataclass
class GrowingSample:
    """One sample: `push` its tokens as they are drawn, by `numbers`, or by what `seed` gives elsewhere."""

    tokenized: Tokenized
    index: int
    settings: SamplingSettings
    context_length: InitVar[int | None]
    end_ids: frozenset[int]
    pieces: InitVar[Pieces]
    limit: int = field(init=False)  # new tokens at most
    text: GrowingText = field(init=False)
    ending: Callable[[str], bool] | None = field(init=False)  # where sampling may end before the model ends it
    count: int = 0  # new tokens read

    def __post_init__(self, context_length: int | None, pieces: Pieces) -> None:
        self.limit = limit_of(self.tokenized.prompt_ids, self.settings.max_new_tokens, context_length)
        self.text = GrowingText(pieces, self.tokenized.prompt_ids)
        self.ending = ending(self.tokenized.request, self.index) if self.tokenized.stops else None

    def push(self, token: int) -> str:
        """Take the next token; return the finish reason where the sample is done with it, else nothing."""
        self.count += 1
        if token in self.end_ids:
            return "eos"
        grew = self.text.push(token)
        if grew and self.ending is not None and self.ending(self.text.text):
            return "stop"
        return "length" if self.count >= self.limit else ""

    @property
    def seed(self) -> int:
        """The 64-bit seed of this sample."""
        request = self.tokenized.request
        return seed_of(self.settings.seed, request.task_id, request.origin, self.index)

    @cached_property
    def numbers(self) -> Uniforms:
        """The numbers that decide this sample's tokens."""
        return Uniforms(self.seed)

    def completion(self, reason: str) -> Completion:
        """Return the sample once it is done."""
        return Completion(
            task_id=self.tokenized.request.task_id,
            origin=self.tokenized.request.origin,
            sample_index=self.index,
            raw=self.text.finish(),
            finish_reason=reason,
            tokens=self.count,
        )


def limit_of(prompt_ids: list[int], max_new_tokens: int, context_length: int | None) -> int:
    """Return how many new tokens a sample may have: as many as are wanted, and fit the model's positions."""
    return max_new_tokens if context_length is None else min(max_new_tokens, context_length - len(prompt_ids))


class Draws(Protocol):
    """An engine: draws the samples of tokenized requests, as many at once as it can hold."""

    def use(self, settings: SamplingSettings) -> None:
        """Sample by other settings from now on; nothing is being sampled."""
        ...

    def sample(self, requests: Iterable[Tokenized]) -> Iterator[Completion]:
        """Yield every sample of every request, as they finish."""
        ...


class Local:
    """A model on this machine behind the Sampler protocol."""

    def __init__(self, engine: Draws, prompts: Prompts, identity: ModelIdentity) -> None:
        self.engine, self.prompts, self.identity = engine, prompts, identity

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield one completion for each index of each request."""
        yield from self.engine.sample(self.prompts.tokenized(requests))
