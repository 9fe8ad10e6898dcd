"""Temperature, top-k and top-p keep what transformers' own warpers keep, and tokens come as often as they should."""

from __future__ import annotations

import pytest
import torch
from transformers import LogitsProcessorList
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from humaneval_x.samplers import SamplingSettings, drawing, seed_of
from humaneval_x.samplers.drawing import Uniforms, draw

GRID = [(0.2, 0, 0.95), (0.8, 0, 0.95), (1.0, 5, 1.0), (0.7, 50, 0.5), (1.3, 7, 0.9), (0.5, 0, 1.0), (1.0, 0, 0.01)]


def warped(logits: torch.Tensor, temperature: float, top_k: int, top_p: float) -> torch.Tensor:
    """Return the probabilities that transformers would sample from."""
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature)])
    if top_k:
        warpers.append(TopKLogitsWarper(top_k))
    if top_p < 1:
        warpers.append(TopPLogitsWarper(top_p))
    return warpers(torch.zeros(len(logits), 1, dtype=torch.long), logits).softmax(-1)


@pytest.mark.parametrize(("temperature", "top_k", "top_p"), GRID)
@pytest.mark.parametrize("spread", [0.0, 1.0, 6.0])
def test_every_share_equals_that_of_the_warpers(
    temperature: float, top_k: int, top_p: float, spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "FIRST_LOOK", 8)
    monkeypatch.setattr(drawing, "SECOND_LOOK", 32)
    generator = torch.Generator().manual_seed(5)
    logits = torch.randn(3, 300, generator=generator) * spread
    if spread == 0.0:
        logits += torch.randperm(300, generator=generator) * 1e-3  # flat, but without ties
    expected = warped(logits, temperature, top_k, top_p).double()
    settings = SamplingSettings(temperature=temperature, top_k=top_k, top_p=top_p)
    numbers = ((torch.arange(4000) + 0.5) / 4000).tolist()
    for row, probabilities in zip(logits, expected, strict=True):
        tokens = draw(row.expand(4000, -1), numbers, settings)
        counts = torch.bincount(tokens, minlength=300).double() / 4000
        assert (counts - probabilities).abs().max() <= 1.01 / 4000 + 1e-6
        assert not counts[probabilities == 0].any()


def test_temperature_0_takes_the_most_probable_token() -> None:
    logits = torch.tensor([[0.0, 3.0, 1.0], [5.0, 1.0, 2.0]])
    assert draw(logits, [0.9, 0.9], SamplingSettings(temperature=0)).tolist() == [1, 0]


def test_ties_at_the_kth_place_are_all_kept_as_transformers_does() -> None:
    logits = torch.tensor([[2.0, 1.0, 1.0, 0.0]])
    tokens = {int(draw(logits, [u / 100], SamplingSettings(temperature=1.0, top_k=2))) for u in range(100)}
    assert tokens == {0, 1, 2}


def test_a_number_next_to_1_gives_a_token_that_is_kept() -> None:
    logits = torch.tensor([[0.0, 1.0, -float("inf"), -float("inf")]])
    number = 1 - 2**-53
    for top_p in (1.0, 0.99):
        assert int(draw(logits, [number], SamplingSettings(temperature=1.0, top_p=top_p))) in (0, 1)


def test_a_row_draws_the_same_alone_and_among_others() -> None:
    logits = torch.randn(17, 5000, generator=torch.Generator().manual_seed(0)) * torch.linspace(0.1, 9, 17)[:, None]
    numbers = [Uniforms(seed_of(1, "Go/0", "", index))[0] for index in range(17)]
    for settings in (
        SamplingSettings(temperature=0.8, top_p=0.95),
        SamplingSettings(temperature=1.0),
        SamplingSettings(temperature=1.0, top_k=9),
    ):
        together = draw(logits, numbers, settings).tolist()
        assert together == [int(draw(logits[i : i + 1], numbers[i : i + 1], settings)) for i in range(17)]


def test_the_numbers_of_a_sample_depend_on_seed_task_source_and_index_and_on_nothing_else() -> None:
    seeds = {
        seed_of(*key)
        for key in [
            (0, "Go/1", None, 0),
            (1, "Go/1", None, 0),
            (0, "Go/2", None, 0),
            (0, "Go/1", "cpp", 0),
            (0, "Go/1", None, 1),
        ]
    }
    assert len(seeds) == 5
    one, other = (Uniforms(seed_of(7, "Go/1", "cpp", 3)) for _ in range(2))
    late = one[500]
    assert [other[i] for i in range(501)][500] == late
