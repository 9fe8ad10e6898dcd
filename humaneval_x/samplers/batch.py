"""Decoding anywhere: one forward of all rows a step, over the caches of `cache.py`.

With `exact` (CPU, float32) what a row computes does not depend on the other rows, see `exact.py`. The GPU's own way is
`paged.py`. Letters: B rows, V vocabulary.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor
from transformers import DynamicCache

from humaneval_x.samplers import SamplingSettings
from humaneval_x.samplers.cache import BatchCache
from humaneval_x.samplers.drawing import draw
from humaneval_x.samplers.exact import TILE, ExactRows


class Decoder(Protocol):
    """Rows that continue prompts, one token a step. A row's place is its index; places change with `keep`."""

    lag: int  # steps that may run before the tokens of the one before are collected

    def admit(self, key: Hashable, prompt: DynamicCache, tokens: Tensor) -> None:
        """Add rows that continue a prompt, known by `key`, with these tokens (B,)."""

    def start(self, numbers: Sequence[float]) -> None:
        """Start a step that gives each row its next token, drawn with its number."""

    def collect(self) -> list[int]:
        """Return the tokens of the oldest step not collected yet, by the places that rows had in it."""

    def keep(self, places: list[int]) -> list[int]:
        """Let all other rows go; return for each row that stays, in its new order, where it was."""


class BatchDecoder:
    """A step is a forward of the model as the library has it."""

    lag = 0

    def __init__(self, model: Any, settings: SamplingSettings, *, rows: int, exact: bool, shares: bool) -> None:
        self.model, self.settings, self.most, self.exact, self.shares = model, settings, rows, exact, shares
        self.device: torch.device = model.get_input_embeddings().weight.device
        self.accepts = inspect.signature(type(model).forward).parameters
        self.cache = BatchCache(shares=shares, tile=TILE if exact else None)
        self.last = torch.empty(0, dtype=torch.long, device=self.device)  # newest tokens, not yet in the cache
        self.drawn = self.last
        self.lengths: list[int] = []  # of each row, prompt and newest token included

    def admit(self, key: Hashable, prompt: DynamicCache, tokens: Tensor) -> None:
        """Add rows that continue a prompt with these tokens (B,)."""
        count = len(tokens)
        self.cache.admit(prompt, count, count if self.exact else self.most)
        self.last = torch.cat([self.last, tokens])
        self.lengths += [prompt.get_seq_length() + 1] * count

    def start(self, numbers: Sequence[float]) -> None:
        """Compute and draw each row's next token."""
        with ExactRows() if self.exact else contextlib.nullcontext():
            logits = self.logits()
        self.lengths = [length + 1 for length in self.lengths]
        self.last = self.drawn = draw(logits, list(numbers), self.settings)

    def logits(self) -> Tensor:
        """Return the logits (B, V) after the newest tokens."""
        self.cache.advance()
        options: dict[str, Any] = {"input_ids": self.last[:, None], "past_key_values": self.cache, "use_cache": True}
        mask = self.cache.mask(self.device)
        if mask is not None:
            options["attention_mask"] = mask
        if self.shares:
            options["shared_prompts"] = self.cache
        if "position_ids" in self.accepts:
            options["position_ids"] = torch.tensor(self.lengths, device=self.device)[:, None] - 1
        if "logits_to_keep" in self.accepts:
            options["logits_to_keep"] = 1
        logits: Tensor = self.model(**options).logits[:, -1]
        return logits

    def collect(self) -> list[int]:
        """Return the tokens of the last step, by the places that rows had in it."""
        return list(self.drawn.tolist())

    def keep(self, places: list[int]) -> list[int]:
        """Let all other rows go; return for each row that stays, in its new order, where it was."""
        order = self.cache.keep(places)
        self.lengths = [self.lengths[place] for place in order]
        self.last = self.last[torch.tensor(order, dtype=torch.long, device=self.device)]
        return order
