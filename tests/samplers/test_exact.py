"""A row's result does not depend on the other rows. These tests are the only proof: no library promises it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from humaneval_x.samplers.exact import BLOCK, TILE, ExactRows, rows_agree, tiled
from humaneval_x.samplers.shared import against

F = torch.nn.functional
SHAPES = [(32, 96), (48, 512), (64, 256), (96, 32), (512, 1024), (1024, 4096)]


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize(("inputs", "outputs"), SHAPES)
def test_a_linear_layer_gives_a_row_the_same_bits_whatever_the_rows_beside_it(
    inputs: int, outputs: int, threads: int
) -> None:
    generator = torch.Generator().manual_seed(inputs)
    weight, bias = torch.randn(outputs, inputs, generator=generator), torch.randn(outputs, generator=generator)
    rows = torch.randn(BLOCK + TILE + 3, 1, inputs, generator=generator)
    transposed = weight.t().contiguous()
    with ExactRows():
        linear = F.linear(rows, weight, bias)
        conv1d = torch.addmm(bias, rows[:, 0], transposed)
        for count in (1, 2, 3, 7, TILE - 1, TILE, TILE + 1, 2 * TILE, BLOCK, len(rows)):
            for start in range(0, len(rows) - count + 1, 5):
                part = rows[start : start + count]
                assert torch.equal(F.linear(part, weight, bias), linear[start : start + count])
                assert torch.equal(torch.addmm(bias, part[:, 0], transposed), conv1d[start : start + count])
        permuted = torch.randperm(len(rows), generator=generator)
        assert torch.equal(F.linear(rows[permuted], weight, bias), linear[permuted])


@pytest.mark.parametrize("length", [1, 37, 300, 1100])
def test_attention_gives_a_row_the_same_bits_whatever_the_rows_beside_it(length: int, threads: int) -> None:
    generator = torch.Generator().manual_seed(length)
    query = torch.randn(9, 4, 1, 16, generator=generator)
    keys, values = torch.randn(2, 9, 4, length + 5, 16, generator=generator)[:, :, :, :length]
    with ExactRows():
        together = F.scaled_dot_product_attention(query, keys, values)
        for place in range(9):
            one = slice(place, place + 1)
            assert torch.equal(F.scaled_dot_product_attention(query[one], keys[one], values[one]), together[one])


@pytest.mark.parametrize("queries", [1, 4])
@pytest.mark.parametrize("length", [1, 37, 300])
def test_products_with_a_shared_prompt_give_a_row_the_same_bits_whatever_the_rows_beside_it(
    queries: int, length: int, threads: int
) -> None:
    torch.manual_seed(length)
    x, keys = torch.randn(2 * TILE + 3, 4, queries, 16), torch.randn(4, 16, length)
    own = torch.randn(2 * TILE + 3, 4, 16, length)
    with ExactRows():
        together, alone = against(x, keys, TILE), torch.matmul(x, own)
        for count in (1, 2, 7, TILE, TILE + 1):
            for start in range(0, len(x) - count + 1, 6):
                part = slice(start, start + count)
                assert torch.equal(against(x[part], keys, TILE), together[part])
                assert torch.equal(torch.matmul(x[part], own[part]), alone[part])


def test_larger_blocks_are_taken_only_where_a_trial_gives_the_same_bits() -> None:
    rows, sizes = torch.randn(BLOCK, 8), []

    def rounds_by_count(block: torch.Tensor) -> torch.Tensor:
        sizes.append(len(block))
        return block + (1e-7 if len(block) > TILE else 0.0)

    assert rows_agree(lambda block: 2 * block, 8)
    assert not rows_agree(rounds_by_count, 8)
    sizes.clear()
    assert torch.equal(tiled(rounds_by_count, rows, "of this test"), rows)
    assert sizes[-BLOCK // TILE :] == [TILE] * (BLOCK // TILE)


def test_the_thread_count_is_as_before_afterwards(threads: int) -> None:
    with ExactRows():
        F.linear(torch.ones(1, 4), torch.ones(2, 4))
    assert torch.get_num_threads() == threads
