"""Key-value caches of a batch whose rows come and go, in buffers that stay where they are.

A row has the slots up to `end`, as many as it has tokens of its own: rows are aligned on the right, and what lies
left of a shorter row is masked. A row that leaves is overwritten by the last one, so only that row is copied.
With `shares`, a prompt's keys and values are stored once for all its samples and a row holds its new tokens only:
that takes a model whose attention is `shared.py`; otherwise each row begins with a copy of its prompt's.
Works for models whose only state are keys and values of full length; a sliding window is up to the attention
mask. Letters: B rows, H heads, S slots, D head size.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache, DynamicLayer

ROOM = 64  # slots allocated ahead


class RowsLayer(DynamicLayer):
    """A layer's keys and values: slots `first` to `end` of the first rows of two buffers (rows, H, slots, D)."""

    def __init__(self, batch: BatchCache, prompt: Any) -> None:
        super().__init__()
        keys, values = stored(prompt)
        self.batch = batch
        self.buffers = [tensor.new_zeros(0, tensor.shape[1], 0, tensor.shape[3]) for tensor in (keys, values)]
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True

    def get_seq_length(self) -> int:
        """Return the slots in use without the one of the coming token."""
        return self.batch.end - self.batch.first - 1

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        """Write the newest token of each row, (B, H, 1, D), to the last slot; return all slots in use."""
        first, end = self.batch.first, self.batch.end
        for buffer, states in zip(self.buffers, (key_states, value_states), strict=True):
            buffer[: len(states), :, end - 1 : end] = states
        keys, values = (buffer[: len(key_states), :, first:end] for buffer in self.buffers)
        self.keys, self.values = keys, values
        return keys, values

    def relocate(self, rows: int, slots: int, shift: int) -> None:
        """Move the slots in use by `shift` into new buffers of that size."""
        first, end, used = self.batch.first, self.batch.end, len(self.batch.own)
        for place, old in enumerate(self.buffers):
            new = old.new_zeros(rows, old.shape[1], slots, old.shape[3])  # zeros: a masked NaN would still spread
            new[:used, :, first + shift : end + shift] = old[:used, :, first:end]
            self.buffers[place] = new


class BatchCache(DynamicCache):
    """The caches of all layers. `own[i]` counts the slots of row i; `prompts[i]` is the prompt it continues."""

    def __init__(self, *, shares: bool = False, tile: int | None = None) -> None:
        super().__init__()
        self.shares, self.tile = shares, tile
        self.own: list[int] = []
        self.prompts: list[DynamicCache] = []
        self.first = self.end = 0
        self.rows = self.slots = 0  # of the buffers
        self._groups: list[tuple[DynamicCache, Tensor | None]] | None = None

    def admit(self, prompt: DynamicCache, count: int, most: int) -> None:
        """Add `count` rows that continue a prompt (of one row); there will never be more than `most`."""
        if not self.layers:
            given: list[Any] = prompt.layers  # some models share one layer's cache with others, which stay empty
            self.layers = [RowsLayer(self, layer) if layer.is_initialized else DynamicLayer() for layer in given]
        if not self.own:
            self.first = self.end = 0
        own = 0 if self.shares else prompt.get_seq_length()
        needed = len(self.own) + count
        self._place(self.rows if needed <= self.rows else min(2 * needed, most), max(self.end, own))
        rows_of_it = slice(len(self.own), len(self.own) + count)
        if own:
            for layer, of_prompt in zip(self.layers, prompt.layers, strict=True):
                if isinstance(layer, RowsLayer):
                    for buffer, tensor in zip(layer.buffers, stored(of_prompt), strict=True):
                        buffer[rows_of_it, :, self.end - own : self.end] = tensor
        self.own += [own] * count
        self.prompts += [prompt] * count
        self.first, self._groups = self.end - max(self.own), None

    def advance(self) -> None:
        """Make the slot of the coming token, for all rows."""
        if self.end == self.slots:
            self._place(self.rows, self.end - self.first)  # at the left edge
        self.end += 1
        self.own = [count + 1 for count in self.own]

    def keep(self, places: list[int]) -> list[int]:
        """Let all other rows go; return for each row that stays, in its new order, where it was."""
        kept = set(places)
        holes = [place for place in range(len(places)) if place not in kept]
        moved = [place for place in places if place >= len(places)]
        order = list(range(len(places)))
        for hole, place in zip(holes, moved, strict=True):
            order[hole] = place
        for layer in self.layers if holes else ():
            if isinstance(layer, RowsLayer):
                for buffer in layer.buffers:
                    buffer[holes, :, self.first : self.end] = buffer[moved, :, self.first : self.end]
        self.own = [self.own[place] for place in order]
        self.prompts = [self.prompts[place] for place in order]
        self.first, self._groups = self.end - max(self.own, default=0), None
        return order

    def mask(self, device: torch.device) -> Tensor | None:
        """Return which slots count, (B, S) of 0 and 1; None where all do."""
        if min(self.own) == self.end - self.first:
            return None
        slots = torch.arange(self.first, self.end, device=device)
        return (slots >= self.end - torch.tensor(self.own, device=device)[:, None]).long()

    def groups(self, device: torch.device) -> list[tuple[DynamicCache, Tensor | None]]:
        """Return each prompt with the rows that continue it; None are all rows."""
        if self._groups is None:
            by_prompt: dict[int, list[int]] = {}
            for row, prompt in enumerate(self.prompts):
                by_prompt.setdefault(id(prompt), []).append(row)
            self._groups = [
                (self.prompts[rows[0]], None if len(by_prompt) == 1 else torch.tensor(rows, device=device))
                for rows in by_prompt.values()
            ]
        return self._groups

    def _place(self, rows: int, end: int) -> None:
        """Have buffers of so many rows with the slots in use ending at `end`; there is room after it if they move."""
        if rows <= self.rows and end == self.end < self.slots:
            return
        self.rows, self.slots = max(rows, self.rows), max(end + ROOM, self.slots)
        for layer in self.layers:
            if isinstance(layer, RowsLayer):
                layer.relocate(self.rows, self.slots, end - self.end)
        self.first, self.end = self.first + end - self.end, end


def stored(layer: Any) -> tuple[Tensor, Tensor]:
    """Return the keys and values of a layer that holds some, (B, H, S, D)."""
    return layer.keys, layer.values


def bytes_per_token(cache: DynamicCache) -> int:
    """Return what one token of one row takes."""
    layers: list[Any] = cache.layers
    tensors = [tensor for layer in layers if layer.is_initialized for tensor in stored(layer)]
    return sum(tensor[0, :, 0].numel() * tensor.element_size() for tensor in tensors)
