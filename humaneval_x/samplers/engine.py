"""Samples from a causal language model in batches that stay full: for CodeGeeX and any Hugging Face model.

- A prompt is computed once for all its samples, and where the model can (`shared.py`) its keys and values are
  stored and read once for all of them; elsewhere they are repeated.
- A row that finished (stop rule of the language, end of text, length) leaves the batch, and rows of the next
  prompts take its place.
- On a GPU with Triton rows are decoded by `paged.py`, elsewhere by `batch.py`; this module knows no cache.
- On out of memory the batch size is halved and the unfinished rows start again: with their own numbers they
  become the same samples, so nothing is lost or doubled.
- `exact` (CPU, float32): samples do not depend on the batch size. A batch then holds one prompt's rows, which
  have equal lengths, and products run as in `exact.py`. Elsewhere kernels round by batch: a token whose number
  falls within that rounding of a boundary, or whose probability is as near another's, can come out differently.
Does not: beam search, models with other state than keys and values. Letters: B rows, S slots, V vocabulary.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import gc
import importlib.util
import inspect
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache

from humaneval_x.errors import MachineError
from humaneval_x.samplers import Completion, Request, SamplingSettings, rows
from humaneval_x.samplers.batch import BatchDecoder, Decoder
from humaneval_x.samplers.cache import bytes_per_token
from humaneval_x.samplers.devices import empty_cache, free_bytes, gigabytes, is_out_of_memory
from humaneval_x.samplers.drawing import draw
from humaneval_x.samplers.rows import Tokenized
from humaneval_x.samplers.shared import share_prompts
from humaneval_x.samplers.text import Pieces

NOT_DRAWING = ("num_samples", "max_new_tokens", "seed")  # settings that a decoder does not see
EXPECTED_NEW_TOKENS = 384  # few samples are longer; if many are, the batch shrinks
LARGEST_BATCH = 256
MEMORY_SHARE = 0.75  # of what is free after the weights, for keys, values and drawing
REFILL = 8  # a batch is refilled when one in so many rows is free: a prompt is computed alone, for several rows


@dataclass
class PipelinedSample(rows.GrowingSample):
    """One sample in the making, whose tokens may be asked for before those asked for earlier are read."""

    asked: int = 1  # new tokens asked for
    done: bool = False


class Engine:
    """A model, its tokenizer, and how to sample. `batch_size` may shrink while it works."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        settings: SamplingSettings,
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
        self.keeps_last = "logits_to_keep" in inspect.signature(type(model).forward).parameters
        self.shares = share_prompts(model)
        self.paged = self.shares and self.device.type == "cuda" and can_be_paged(model)
        if self.paged and hasattr(model, "fuse_projections"):
            model.fuse_projections()
        self.memory_share = MEMORY_SHARE
        self.rows: list[PipelinedSample] = []
        self.flights: deque[list[PipelinedSample]] = deque()  # the rows of each step not yet collected
        self.decoder: Decoder | None = None
        self.waiting: deque[Tokenized] = deque()
        self.computed: tuple[Request, DynamicCache, Tensor] | None = None

    def use(self, settings: SamplingSettings) -> None:
        """Sample by other settings from now on; what decodes knows how to draw, and so is made anew."""
        self._clear()
        if replace(settings, **{name: getattr(self.settings, name) for name in NOT_DRAWING}) != self.settings:
            self.decoder = None
        self.settings = settings

    @torch.inference_mode()
    def sample(self, requests: Iterable[Tokenized]) -> Iterator[Completion]:
        """Yield every sample of every request, as they finish."""
        coming = iter(requests)
        self._clear()  # of what an iteration left that was not finished
        self.waiting.clear()
        while True:
            try:
                yield from self._admit(coming)
                if not self.rows and not self.flights:
                    return
                yield from self._advance()
            except Exception as fault:
                if not is_out_of_memory(fault):
                    raise
                self._shrink(fault)
            empty_cache_if_idle(self.rows, self.device)

    def _admit(self, coming: Iterator[Tokenized]) -> Iterator[Completion]:
        """Start rows while there is room for them."""
        while not self.rows or (not self.exact and self._free() * REFILL >= (self.batch_size or 1)):
            tokenized = self.waiting.popleft() if self.waiting else next(coming, None)
            if tokenized is None:
                return
            self.waiting.appendleft(tokenized)  # until its rows stand, an out of memory finds it here
            prompt, logits = self._computed(tokenized)
            decoder = self._decoder(tokenized, prompt, logits.shape[-1])
            count = min(self._free(), len(tokenized.indices))
            fresh = [self._row(tokenized, index) for index in tokenized.indices[:count]]
            tokens = draw(logits.expand(count, -1), [row.numbers[0] for row in fresh], self.settings)
            decoder.admit(id(tokenized.request), prompt, tokens)  # the rows keep the request, and so its id
            self.rows += fresh
            self.waiting.popleft()
            if count < len(tokenized.indices):
                self.waiting.appendleft(replace(tokenized, indices=tokenized.indices[count:]))
            else:
                self.computed = None
            yield from self._read(fresh, tokens.tolist())
            self._keep_unfinished()

    def _advance(self) -> Iterator[Completion]:
        """Start a step, and read the tokens of the one that is due."""
        assert self.decoder is not None
        if self.rows:
            self.decoder.start([row.numbers[row.asked] for row in self.rows])
            self.flights.append(list(self.rows))
            for row in self.rows:
                row.asked += 1
            self._keep_unfinished()
        while len(self.flights) > (self.decoder.lag if self.rows else 0):
            tokens = self.decoder.collect()
            yield from self._read(self.flights.popleft(), tokens)
            self._keep_unfinished()

    def _computed(self, tokenized: Tokenized) -> tuple[DynamicCache, Tensor]:
        """Return a prompt's cache of one row and its last logits (1, V), computed once for all its samples."""
        if self.computed is None or self.computed[0] is not tokenized.request:
            self.computed = None
            cache = DynamicCache()
            ids = torch.tensor([tokenized.prompt_ids], device=self.device)
            last = {"logits_to_keep": 1} if self.keeps_last else {}
            # Always alone and so in the same shape: `exact` needs nothing more.
            logits = self.model(input_ids=ids, past_key_values=cache, use_cache=True, **last).logits[:, -1]
            self.computed = tokenized.request, cache, logits
        return self.computed[1], self.computed[2]

    def _free(self) -> int:
        return (self.batch_size or 1) - len(self.rows)

    def _row(self, tokenized: Tokenized, index: int) -> PipelinedSample:
        return PipelinedSample(tokenized, index, self.settings, self.context_length, self.end_ids, self.pieces)

    def _read(self, rows: list[PipelinedSample], tokens: list[int]) -> Iterator[Completion]:
        """Give rows their new token; yield the completions of those that are done with it."""
        for row, token in zip(rows, tokens, strict=True):
            reason = "" if row.done else row.push(token)
            if reason:
                row.done = True
                yield row.completion(reason)

    def _keep_unfinished(self) -> None:
        places = [place for place, row in enumerate(self.rows) if not row.done and row.asked < row.limit]
        if len(places) < len(self.rows):
            assert self.decoder is not None
            self.rows = [self.rows[place] for place in self.decoder.keep(places)]

    def _decoder(self, tokenized: Tokenized, prompt: DynamicCache, vocabulary: int) -> Decoder:
        """Return what decodes the rows; made with the first prompt, which shows what a token takes."""
        if self.decoder is None:
            tokens = min(self.settings.max_new_tokens, EXPECTED_NEW_TOKENS)
            tokens += prompt.get_seq_length() // (len(tokenized.indices) if self.shares else 1)
            empty_cache(self.device)  # a captured graph cannot ask for what lies idle
            token, drawing = bytes_per_token(prompt), vocabulary * 8 * 4  # a row's copies in float64
            free = int(free_bytes(self.device) * self.memory_share)
            if self.batch_size is None:
                row = token * tokens * (4 if self.paged else 5) // 4 + drawing  # a layer is copied when it grows
                self.batch_size = max(1, min(LARGEST_BATCH, free // row))
            self.decoder = self._made(prompt, (free - self.batch_size * drawing) // token)
        return self.decoder

    def _made(self, prompt: DynamicCache, tokens: int) -> Decoder:
        rows = self.batch_size or 1
        if not self.paged:
            return BatchDecoder(self.model, self.settings, rows=rows, exact=self.exact, shares=self.shares)
        from humaneval_x.samplers.kernels import BLOCK
        from humaneval_x.samplers.paged import PagedDecoder

        longest = self.context_length or prompt.get_seq_length() + self.settings.max_new_tokens
        most = rows * (self.settings.max_new_tokens + longest)
        blocks = max(2, min(tokens, most) // BLOCK)
        return PagedDecoder(self.model, self.settings, prompt, blocks=blocks, rows=rows, context_length=longest)

    def _shrink(self, fault: Exception) -> None:
        """Halve the batch and put the unfinished rows back. Raises MachineError where one row is too much."""
        unfinished = {id(row): row for rows in (*self.flights, self.rows) for row in rows if not row.done}
        size = max(len(unfinished), 1) if unfinished else self.batch_size or 1
        if size <= 1 and (self.batch_size or 1) <= 1:
            task_id = (next(iter(unfinished.values())).tokenized if unfinished else self.waiting[0]).request.task_id
            free = gigabytes(free_bytes(self.device))
            what = f"{task_id}: out of memory with one sample at a time, {free} free on {self.device} before it"
            raise MachineError(f"{what}; give a smaller --max_new_tokens, or convert the model to int8") from fault
        self.batch_size = max(1, min(size, self.batch_size or size) // 2)
        self.memory_share /= 1.25
        for row in reversed(unfinished.values()):
            self.waiting.appendleft(replace(row.tokenized, indices=(row.index,)))
        self.waiting = deque(merged(self.waiting))
        self._clear()
        self.decoder = None
        gc.collect()  # captured steps and their decoder refer to each other

    def _clear(self) -> None:
        if self.decoder is not None:
            for _ in self.flights:
                self.decoder.collect()
            self.decoder.keep([])
        self.rows, self.computed = [], None
        self.flights.clear()


def can_be_paged(model: Any) -> bool:
    """Whether the kernels of `kernels.py` are there and know the model's heads."""
    config = model.config
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return importlib.util.find_spec("triton") is not None and size >= 16 and size & (size - 1) == 0


def merged(requests: Iterable[Tokenized]) -> list[Tokenized]:
    """Return the requests with those of one prompt that follow each other as one."""
    result: list[Tokenized] = []
    for tokenized in requests:
        if result and result[-1].request is tokenized.request:
            tokenized = replace(tokenized, indices=result.pop().indices + tokenized.indices)
        result.append(tokenized)
    return result


def empty_cache_if_idle(rows: list[PipelinedSample], device: torch.device) -> None:
    """Give freed memory back while no row is alive: after an out of memory it lies in pieces."""
    if not rows:
        empty_cache(device)
