"""Rows come, grow and leave in any order: each keeps its own keys and values, and prompts are attended to as if repeated."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import DynamicCache

from humaneval_x.samplers.cache import ROOM, BatchCache, bytes_per_token
from humaneval_x.samplers.exact import TILE
from humaneval_x.samplers.shared import attention

HEADS, SIZE, LAYERS = 2, 4, 2


def prompt_of(length: int) -> DynamicCache:
    """Return the cache of one prompt of random keys and values."""
    cache = DynamicCache()
    for layer in range(LAYERS):
        keys = torch.randn(1, HEADS, length, SIZE)
        cache.update(keys, -keys, layer)
    return cache


def keys_of(layer: Any) -> Tensor:
    """Return the keys of a layer's only row."""
    keys: Tensor = layer.keys[0]
    return keys


class Model:
    """What the cache should hold: for each row and layer its keys, one by one."""

    def __init__(self, shares: bool) -> None:
        self.cache = BatchCache(shares=shares)
        self.rows: list[list[Any]] = []

    def admit(self, prompt: DynamicCache, count: int) -> None:
        self.cache.admit(prompt, count, 1000)
        own = [keys_of(layer)[:, :0] if self.cache.shares else keys_of(layer) for layer in prompt.layers]
        self.rows += [list(own) for _ in range(count)]

    def step(self) -> None:
        self.cache.advance()
        for layer in range(LAYERS):
            states = torch.randn(len(self.rows), HEADS, 1, SIZE)
            slots = self.cache.get_seq_length(layer) + 1
            keys, values = self.cache.update(states, -states, layer)
            assert keys.shape[2] == slots
            for row, state in zip(self.rows, states, strict=True):
                row[layer] = torch.cat([row[layer], state], dim=1)
            self.check(keys, layer)
            self.check(-values, layer)

    def check(self, found: Tensor, layer: int) -> None:
        mask = self.cache.mask(found.device)
        for place, row in enumerate(self.rows):
            length = row[layer].shape[1]
            assert mask is None or mask[place].tolist() == [0] * (found.shape[2] - length) + [1] * length
            assert torch.equal(found[place, :, found.shape[2] - length :], row[layer])

    def keep(self, places: list[int]) -> None:
        order = self.cache.keep(places)
        assert sorted(order) == places
        self.rows = [self.rows[place] for place in order]


@pytest.mark.parametrize("shares", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_rows_keep_what_is_theirs_whatever_comes_and_leaves(shares: bool, seed: int) -> None:
    torch.manual_seed(seed)
    chance, model = random.Random(seed), Model(shares)
    for _ in range(30):
        if len(model.rows) < 3 or chance.random() < 0.2:
            model.admit(prompt_of(chance.randint(1, 30)), chance.randint(1, 4))
        for _ in range(chance.choice([1, 2, ROOM])):
            model.step()
        model.keep([place for place in range(len(model.rows)) if chance.random() < 0.7])


def test_rows_that_stay_where_they_are_are_not_copied_and_buffers_are_reused() -> None:
    cache = BatchCache(shares=True)
    cache.admit(prompt_of(3), 5, 5)
    cache.advance()
    buffers = [buffer.data_ptr() for layer in cache.layers for buffer in layer.buffers]
    assert cache.keep([0, 1, 4]) == [0, 1, 4]
    assert cache.keep([]) == []
    cache.admit(prompt_of(9), 2, 5)
    cache.advance()
    assert [buffer.data_ptr() for layer in cache.layers for buffer in layer.buffers] == buffers
    assert (cache.first, cache.end) == (0, 1)


def test_buffers_are_no_larger_than_the_rows_that_may_come() -> None:
    cache, prompt = BatchCache(), prompt_of(5)
    found = []
    for count, most in ((1, 1), (2, 8), (2, 8), (3, 8)):
        cache.admit(prompt, count, max(most, len(cache.own) + count))
        found.append(cache.layers[0].buffers[0].shape)
    assert [(shape[0], shape[2]) for shape in found] == [(1, 5 + ROOM), (6, 5 + ROOM), (6, 5 + ROOM), (8, 5 + ROOM)]


def test_the_bytes_of_a_token_are_those_of_keys_and_values_in_all_layers() -> None:
    assert bytes_per_token(prompt_of(7)) == LAYERS * 2 * HEADS * SIZE * 4


@pytest.mark.parametrize("queries", [1, 3])
@pytest.mark.parametrize("tile", [None, TILE])
def test_shared_prompts_are_attended_to_as_if_each_row_had_its_own_copy(queries: int, tile: int | None) -> None:
    torch.manual_seed(queries)
    cache, prompts = BatchCache(shares=True, tile=tile), [prompt_of(11), prompt_of(4)]
    cache.admit(prompts[0], 3, 5)
    cache.advance()
    cache.update(*torch.randn(2, 3, HEADS, 1, SIZE), 1)
    cache.admit(prompts[1], 2, 5)
    cache.advance()
    keys, values = cache.update(*torch.randn(2, 5, HEADS, 1, SIZE), 1)
    query = torch.randn(5, HEADS * queries, 1, SIZE)
    mask = cache.mask(query.device)
    assert mask is not None
    output, _ = attention(
        SimpleNamespace(layer_idx=1), query, keys, values, mask[:, None, None] > 0, shared_prompts=cache
    )
    for row, prompt in enumerate([prompts[0]] * 3 + [prompts[1]] * 2):
        own = slice(0 if row < 3 else 1, None)
        layer: Any = prompt.layers[1]
        whole = [
            torch.cat([of_prompt[0], of_row[row, :, own]], dim=1).repeat_interleave(queries, 0).double()
            for of_prompt, of_row in ((layer.keys, keys), (layer.values, values))
        ]
        expected = torch.nn.functional.scaled_dot_product_attention(query[row].double(), *whole)
        assert (output[row, 0].double() - expected[:, 0]).abs().max() < 1e-6
