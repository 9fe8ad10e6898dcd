"""Key-value caches of a batch whose rows come and go: rows repeat, leave, and batches join, padded on the left.

Each layer keeps room for coming tokens, so that a new token is written in place; the library's own cache copies
everything at each token. Works for models whose only state are keys and values of full length; a sliding window
is up to the attention mask. Letters: B rows, H heads, S slots, D head size.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache, DynamicLayer

ROOM = 64  # slots allocated ahead


class RoomyLayer(DynamicLayer):
    """A layer's keys and values (B, H, S, D) as the filled part of a larger buffer."""

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        """Append (B, H, T, D) and return all keys and values."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
            self.filled = 0
            self.key_room, self.value_room = key_states[:, :, :0], value_states[:, :, :0]
        end = self.filled + key_states.shape[-2]
        if end > self.key_room.shape[-2]:
            self.key_room = roomier(self.key_room, self.filled, end + ROOM)
            self.value_room = roomier(self.value_room, self.filled, end + ROOM)
        self.key_room[:, :, self.filled : end] = key_states
        self.value_room[:, :, self.filled : end] = value_states
        self.fill(end)
        return cast(Tensor, self.keys), cast(Tensor, self.values)

    def fill(self, end: int) -> None:
        """Show the first `end` slots."""
        self.filled = end
        self.keys, self.values = self.key_room[:, :, :end], self.value_room[:, :, :end]

    def repeated(self, count: int) -> RoomyLayer:
        """Return a new layer with the only row `count` times."""
        new = RoomyLayer()
        new.lazy_initialization(self.key_room, self.value_room)
        new.key_room = self.key_room.repeat(count, 1, 1, 1)
        new.value_room = self.value_room.repeat(count, 1, 1, 1)
        new.fill(self.filled)
        return new

    def keep(self, rows: Tensor, first_slot: int) -> None:
        """Keep these rows, and the slots from `first_slot` on."""
        rows = rows.to(self.key_room.device)
        self.key_room = self.key_room[:, :, first_slot:].index_select(0, rows)
        self.value_room = self.value_room[:, :, first_slot:].index_select(0, rows)
        self.fill(self.filled - first_slot)

    def join(self, other: RoomyLayer) -> None:
        """Put the rows of `other` below, the shorter of the two padded with zeros on the left."""
        longest = max(self.filled, other.filled)
        self.key_room = joined(cast(Tensor, self.keys), cast(Tensor, other.keys), longest)
        self.value_room = joined(cast(Tensor, self.values), cast(Tensor, other.values), longest)
        self.fill(longest)


def roomier(room: Tensor, filled: int, slots: int) -> Tensor:
    """Return a buffer of that many slots with the filled ones copied."""
    larger = room.new_zeros(*room.shape[:2], slots, room.shape[-1])  # zeros: a masked NaN would still spread
    larger[:, :, :filled] = room[:, :, :filled]
    return larger


def joined(above: Tensor, below: Tensor, longest: int) -> Tensor:
    """Return both with `longest` slots filled and some room, (B1 + B2, H, S, D)."""
    room = above.new_zeros(len(above) + len(below), above.shape[1], longest + ROOM, above.shape[-1])
    room[: len(above), :, longest - above.shape[2] : longest] = above
    room[len(above) :, :, longest - below.shape[2] : longest] = below
    return room


class BatchCache(DynamicCache):
    """The caches of all layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer_class_to_replicate = RoomyLayer

    def filled_layers(self) -> list[RoomyLayer]:
        """Return the layers that hold something; some models share one layer's with others."""
        return [layer for layer in self.layers if isinstance(layer, RoomyLayer) and layer.is_initialized]

    def repeated(self, count: int) -> BatchCache:
        """Return new caches with the only row `count` times."""
        new = BatchCache()
        new.layers = [
            layer.repeated(count) if isinstance(layer, RoomyLayer) and layer.is_initialized else layer
            for layer in self.layers
        ]
        return new

    def keep(self, rows: Tensor, first_slot: int = 0) -> None:
        """Keep these rows, and the slots from `first_slot` on."""
        for layer in self.filled_layers():
            layer.keep(rows, first_slot)

    def join(self, other: BatchCache) -> None:
        """Put the rows of `other` below."""
        for mine, theirs in zip(self.filled_layers(), other.filled_layers(), strict=True):
            mine.join(theirs)

    def bytes_per_token(self) -> int:
        """Return what one token of one row takes."""
        return sum(
            (tensor[0, :, 0].numel()) * tensor.element_size()
            for layer in self.filled_layers()
            for tensor in (layer.keys, layer.values)
            if isinstance(tensor, torch.Tensor)
        )
