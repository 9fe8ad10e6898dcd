"""Draws the next token of each row: temperature, then top-k, then top-p, then one uniform number a row.

    p = softmax(logits / temperature), restricted to the kept tokens
    the token drawn is the first whose cumulative share of p exceeds u

Kept by top-k: scores not below the k-th. Kept by top-p: tokens before which, from the most probable down, less
than top_p has been passed (the one that crosses top_p stays). Same sets as transformers' warpers. A row's token
depends on its own logits and number only, never on the other rows. Letters: B rows, V vocabulary.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from humaneval_x.samplers import SamplingSettings

FIRST_LOOK = 128  # tokens looked at before a row's whole vocabulary is sorted
SECOND_LOOK = 4096


class Uniforms:
    """The numbers in [0, 1) of one sample: number i decides token i, on every device and after every restart."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.Philox(seed))
        self._numbers: NDArray[np.float64] = np.empty(0)

    def __getitem__(self, index: int) -> float:
        while index >= len(self._numbers):
            self._numbers = np.concatenate([self._numbers, self._generator.random(64)])
        return float(self._numbers[index])


def wide(device: torch.device) -> torch.dtype:
    """Return the type that probabilities are added up in: float64, but where a device has none."""
    return torch.float32 if device.type in ("npu", "mps") else torch.float64


def draw(logits: Tensor, uniforms: list[float], settings: SamplingSettings) -> Tensor:
    """Return the next token (B,) for logits (B, V); with temperature 0 the most probable one."""
    if settings.temperature == 0:
        return logits.argmax(dim=-1)
    scores = logits.float() / settings.temperature
    uniform = torch.tensor(uniforms, dtype=torch.float64).to(wide(scores.device)).to(scores.device)
    if settings.top_k and settings.top_k < scores.shape[-1]:
        kth = scores.topk(settings.top_k, dim=-1).values[:, -1:]
        scores = scores.masked_fill(scores < kth, float("-inf"))
    if settings.top_p < 1:
        return nucleus(scores, uniform, settings.top_p)
    return first_above(scores.to(uniform.dtype).softmax(dim=-1), uniform)


def nucleus(scores: Tensor, uniform: Tensor, top_p: float) -> Tensor:
    """Return a token (B,) of the smallest set of most probable tokens that reaches top_p."""
    total = scores.to(uniform.dtype).logsumexp(dim=-1, keepdim=True)
    tokens = torch.empty(len(scores), dtype=torch.long, device=scores.device)
    rows = torch.arange(len(scores), device=scores.device)
    for look in (FIRST_LOOK, SECOND_LOOK, scores.shape[-1]):
        look = min(look, scores.shape[-1])
        values, ids = scores[rows].topk(look, dim=-1)  # from the most probable down
        probabilities = (values.to(uniform.dtype) - total[rows]).exp()
        passed = probabilities.cumsum(dim=-1)
        # Rows whose kept tokens are all in sight are done; each row decides for itself.
        enough = (passed[:, -1] >= top_p) | (look == scores.shape[-1])
        kept = probabilities.masked_fill(passed - probabilities >= top_p, 0)
        chosen = ids.gather(1, first_above(kept, uniform[rows])[:, None])[:, 0]
        tokens[rows[enough]] = chosen[enough]
        rows = rows[~enough]
        if not len(rows):
            break
    return tokens


def first_above(probabilities: Tensor, uniform: Tensor) -> Tensor:
    """Return for each row the first index whose cumulative probability exceeds uniform * sum."""
    passed = probabilities.cumsum(dim=-1)
    found = (passed <= uniform[:, None] * passed[:, -1:]).sum(dim=-1)
    # Rounding can leave the very end out of reach: then the last index that has a share.
    last = probabilities.shape[-1] - 1 - (probabilities.flip(-1) > 0).int().argmax(dim=-1)
    return torch.minimum(found, last)
