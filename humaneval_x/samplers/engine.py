"""Samples from a causal language model in batches that stay full: shared by the CodeGeeX and Hugging Face samplers.

- A prompt is computed once for all its samples, and where the model can (`shared.py`) its keys and values are
  stored and read once for all of them; elsewhere they are repeated.
- A row that finished (stop rule of the language, end of text, length) leaves the batch, and rows of the next
  prompts take its place.
- On out of memory the batch size is halved and the unfinished rows start again: with their own numbers they
  become the same samples, so nothing is lost or doubled.
- `exact` (CPU, float32): samples do not depend on the batch size. A batch then holds one prompt's rows, which
  have equal lengths, and products run as in `exact.py`. Elsewhere kernels round by batch, and a token whose
  number falls within that rounding of a boundary can come out differently.
Does not: beam search, models with other state than keys and values. Letters: B rows, S slots, V vocabulary.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import contextlib
import inspect
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache

from humaneval_x.errors import MachineError
from humaneval_x.samplers import Completion as Answer
from humaneval_x.samplers import Request as Work
from humaneval_x.samplers import SamplingSettings as Settings
from humaneval_x.samplers.cache import BatchCache, bytes_per_token
from humaneval_x.samplers.devices import empty_cache, free_bytes, gigabytes, is_out_of_memory
from humaneval_x.samplers.drawing import Uniforms, draw
from humaneval_x.samplers.ending import ending
from humaneval_x.samplers.exact import TILE, ExactRows
from humaneval_x.samplers.shared import share_prompts
from humaneval_x.samplers.text import GrowingText, Pieces

EXPECTED_NEW_TOKENS = 384  # few samples are longer; if many are, the batch shrinks
LARGEST_BATCH = 256
REFILL = 8  # a batch is refilled when one in so many rows is free: a prompt is computed alone, for several rows


@dataclass(frozen=True)
class Job:
    """A tokenized prompt and the samples still to start."""

    work: Work
    prompt_ids: list[int]
    indices: tuple[int, ...]
    stops: bool  # whether the language's stop rule applies


@dataclass
class Row:
    """One sample in the making; `length` counts its tokens, prompt included."""

    job: Job
    index: int
    limit: int  # new tokens at most
    numbers: Uniforms
    text: GrowingText
    length: int
    ending: Callable[[str], bool] | None  # where sampling may end before the model ends it
    count: int = 0  # new tokens


class Engine:
    """A model, its tokenizer, and how to sample. `batch_size` may shrink while it works."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        settings: Settings,
        *,
        exact: bool,
        batch_size: int | None,
        context_length: int | None,
        end_ids: frozenset[int],
    ) -> None:
        self.model, self.tokenizer, self.settings = model, tokenizer, settings
        self.device: torch.device = model.get_input_embeddings().weight.device
        self.pieces = Pieces(tokenizer)
        self.exact, self.batch_size = exact, batch_size
        self.context_length, self.end_ids = context_length, end_ids
        self.accepts = inspect.signature(model.forward).parameters
        self.plain = contextlib.nullcontext()  # a prompt is computed alone, always in the same shape
        self.shares = share_prompts(model)
        self.rows: list[Row] = []
        self.cache = self._empty()
        self.last = torch.empty(0, dtype=torch.long, device=self.device)  # (B,) newest tokens, not yet in the cache
        self.waiting: deque[Job] = deque()
        self.computed: tuple[Work, DynamicCache, Tensor] | None = None

    @torch.inference_mode()
    def sample(self, jobs: Iterable[Job]) -> Iterator[Answer]:
        """Yield every sample of every job, as they finish."""
        coming = iter(jobs)
        self._clear()  # of what an iteration left that was not finished
        self.waiting.clear()
        while True:
            try:
                yield from self._admit(coming)
                if not self.rows:
                    return
                logits = self._forward(self.last[:, None], self._lengths())
                yield from self._advance(logits)
            except Exception as fault:
                if not is_out_of_memory(fault):
                    raise
                self._shrink(fault)
            empty_cache_if_idle(self.rows, self.device)

    def _lengths(self) -> list[int]:
        return [row.length for row in self.rows]

    def _admit(self, coming: Iterator[Job]) -> Iterator[Answer]:
        """Start rows while there is room for them."""
        while not self.rows or (not self.exact and self._free() * REFILL >= (self.batch_size or 1)):
            job = self.waiting.popleft() if self.waiting else next(coming, None)
            if job is None:
                return
            self.waiting.appendleft(job)  # until its rows stand, an out of memory finds it here
            prompt, logits = self._computed(job)
            if self.batch_size is None:
                self.batch_size = self._fitting(prompt, logits.shape[-1])
            count = min(self._free(), len(job.indices))
            fresh = [self._row(job, index) for index in job.indices[:count]]
            tokens = draw(logits.expand(count, -1), [row.numbers[0] for row in fresh], self.settings)
            self.cache.admit(prompt, count, count if self.exact else self.batch_size)
            self.last = torch.cat([self.last, tokens])
            self.rows += fresh
            self.waiting.popleft()
            if count < len(job.indices):
                self.waiting.appendleft(Job(job.work, job.prompt_ids, job.indices[count:], job.stops))
            else:
                self.computed = None
            yield from self._finished(tokens.tolist(), len(self.rows) - count)

    def _computed(self, job: Job) -> tuple[DynamicCache, Tensor]:
        """Return a prompt's cache of one row and its last logits (1, V), computed once for all its samples."""
        if self.computed is None or self.computed[0] is not job.work:
            self.computed = None
            cache = DynamicCache()
            ids = torch.tensor([job.prompt_ids], device=self.device)
            logits = self._call(self.plain, input_ids=ids, past_key_values=cache)
            self.computed = job.work, cache, logits
        return self.computed[1], self.computed[2]

    def _free(self) -> int:
        return (self.batch_size or 1) - len(self.rows)

    def _row(self, job: Job, index: int) -> Row:
        room = (self.context_length or 1 << 60) - len(job.prompt_ids)
        return Row(
            job=job,
            index=index,
            limit=min(self.settings.max_new_tokens, room),
            numbers=Uniforms(self.settings.seed, job.work.task_id, job.work.source_language, index),
            text=GrowingText(self.pieces, job.prompt_ids),
            length=len(job.prompt_ids),
            ending=ending(job.work) if job.stops else None,
        )

    def _advance(self, logits: Tensor) -> Iterator[Answer]:
        tokens = draw(logits, [row.numbers[row.count] for row in self.rows], self.settings)
        self.last = tokens
        yield from self._finished(tokens.tolist(), 0)

    def _finished(self, tokens: list[int], first: int) -> Iterator[Answer]:
        """Give the rows from `first` on their new token, and let those go that are done."""
        answers: dict[int, Answer] = {}
        for place, token in enumerate(tokens, start=first):
            reason = self._push(self.rows[place], token)
            if reason:
                answers[place] = answer_of(self.rows[place], reason)
        yield from answers.values()  # first: what is done cannot be lost to an out of memory below
        if answers:
            self._keep([place for place in range(len(self.rows)) if place not in answers])

    def _push(self, row: Row, token: int) -> str:
        row.count += 1
        row.length += 1
        if token in self.end_ids:
            return "eos"
        grew = row.text.push(token)
        if grew and row.ending is not None and row.ending(row.text.text):
            return "stop"
        return "length" if row.count >= row.limit else ""

    def _keep(self, places: list[int]) -> None:
        order = self.cache.keep(places)
        self.rows = [self.rows[place] for place in order]
        self.last = self.last[torch.tensor(order, dtype=torch.long, device=self.device)]

    def _forward(self, tokens: Tensor, lengths: list[int]) -> Tensor:
        """Return the logits (B, V) after one more token a row; row i has lengths[i] tokens with it."""
        self.cache.advance()
        options: dict[str, Any] = {"input_ids": tokens, "past_key_values": self.cache}
        mask = self.cache.mask(self.device)
        if mask is not None:
            options["attention_mask"] = mask
        if self.shares:
            options["shared_prompts"] = self.cache
        if "position_ids" in self.accepts:
            options["position_ids"] = torch.tensor(lengths, device=self.device)[:, None] - 1
        return self._call(ExactRows() if self.exact else self.plain, **options)

    def _call(self, mode: contextlib.AbstractContextManager[Any], **options: Any) -> Tensor:
        if "logits_to_keep" in self.accepts:
            options["logits_to_keep"] = 1
        with mode:
            logits: Tensor = self.model(use_cache=True, **options).logits[:, -1]
        return logits

    def _fitting(self, prompt: DynamicCache, vocabulary: int) -> int:
        """Return how many rows of the expected length the free memory holds, after one prompt was computed."""
        tokens = min(self.settings.max_new_tokens, EXPECTED_NEW_TOKENS)
        if not self.shares:
            tokens += prompt.get_seq_length()
        drawing = vocabulary * 8 * 4  # shares, sums and copies in float64
        row = bytes_per_token(prompt) * tokens * 5 // 4 + drawing  # a quarter more: a layer is copied when it grows
        return max(1, min(LARGEST_BATCH, free_bytes(self.device) * 3 // 4 // row))

    def _shrink(self, fault: Exception) -> None:
        """Halve the batch and put the unfinished rows back. Raises MachineError where one row is too much."""
        size = max(len(self.rows), 1) if self.rows else self.batch_size or 1
        if size <= 1 and (self.batch_size or 1) <= 1:
            job = (self.rows[0].job if self.rows else self.waiting[0]).work.task_id
            free = gigabytes(free_bytes(self.device))
            what = f"{job}: out of memory with one sample at a time, {free} free on {self.device} before it"
            raise MachineError(f"{what}; give a smaller --max_new_tokens, or convert the model to int8") from fault
        self.batch_size = max(1, min(size, self.batch_size or size) // 2)
        for row in reversed(self.rows):
            self.waiting.appendleft(Job(row.job.work, row.job.prompt_ids, (row.index,), row.job.stops))
        self.waiting = deque(merged(self.waiting))
        self._clear()

    def _clear(self) -> None:
        self.rows, self.cache, self.computed = [], self._empty(), None
        self.last = self.last[:0]

    def _empty(self) -> BatchCache:
        return BatchCache(shares=self.shares, tile=TILE if self.exact else None)


def merged(jobs: Iterable[Job]) -> list[Job]:
    """Return the jobs with those of one prompt that follow each other as one."""
    result: list[Job] = []
    for job in jobs:
        if result and result[-1].work is job.work:
            job = Job(job.work, job.prompt_ids, result.pop().indices + job.indices, job.stops)
        result.append(job)
    return result


def empty_cache_if_idle(rows: list[Row], device: torch.device) -> None:
    """Give freed memory back while no row is alive: after an out of memory it lies in pieces."""
    if not rows:
        empty_cache(device)


def answer_of(row: Row, reason: str) -> Answer:
    """Return a finished row's answer."""
    raw = row.text.finish()
    return Answer(
        task_id=row.job.work.task_id,
        source_language=row.job.work.source_language,
        sample_index=row.index,
        raw=raw,
        finish_reason=reason,
        tokens=row.count,
    )
