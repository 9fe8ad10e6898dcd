"""Ascend's fused attention, and the check that has to let it in: its results beside those of plain attention.

On a CPU these operators are not registered, and the inference of shapes takes wrong arguments, so that nothing but a
run on the device can tell whether they do what is meant here. Where they do not, or fail, one line says so and plain
attention is used. No Ascend NPU was at hand: that they pass the check is not known. Source: the operators' pages at
www.mindspore.cn/docs, for MindSpore 2.10.
"""

# mindspore has no types.
# mypy: disable-error-code="import-not-found, import-untyped, unused-ignore"

from __future__ import annotations

import sys
from typing import Any

import mindspore as ms
import numpy as np
from mindspore import ops

from humaneval_x.codegeex.mindspore_model import HIDDEN, Attention, plain_attention

BOUND = 0.01  # of a result between -4 and 4, in float16
TRIED_ROWS, TRIED_TOKENS, TRIED_SLOTS = 3, 16, 128


def fused_prefill(query: Any, keys: Any, values: Any, mask: Any) -> Any:
    """Return what `plain_attention` does, for all tokens of a prompt."""
    hidden = (mask < 0).astype(ms.uint8)
    scale = query.shape[-1] ** -0.5
    return ops.flash_attention_score(
        query, keys, values, query.shape[1], attn_mask=hidden, scalar_value=scale, input_layout="BNSD"
    )


def fused_decode(query: Any, keys: Any, values: Any, mask: Any) -> Any:
    """Return what `plain_attention` does, for one token a row."""
    return ops.incre_flash_attention(
        query,
        [keys],
        [values],
        attn_mask=mask < 0,
        num_heads=query.shape[1],
        scale_value=query.shape[-1] ** -0.5,
        input_layout="BNSD",
    )


def attention_for(target: str, heads: int, size: int) -> tuple[Attention, Attention]:
    """Return the attention of prefill and of decode: fused where the device is an Ascend and both pass the check."""
    if target != "Ascend":
        return plain_attention, plain_attention
    prefill = passed("flash_attention_score", fused_prefill, heads, size, rows=1, tokens=TRIED_TOKENS)
    decode = passed("incre_flash_attention", fused_decode, heads, size, rows=TRIED_ROWS, tokens=1)
    return prefill, decode


def passed(name: str, fused: Attention, heads: int, size: int, *, rows: int, tokens: int) -> Attention:
    """Return `fused` where it agrees with plain attention on this device, else say why not and return the plain one."""
    fault = disagreement(fused, heads, size, rows=rows, tokens=tokens)
    if not fault:
        return fused
    print(f"{name} is not used: {fault}; plain attention takes its place", file=sys.stderr, flush=True)
    return plain_attention


def disagreement(fused: Attention, heads: int, size: int, *, rows: int, tokens: int) -> str:
    """Return what keeps a fused attention from being used, or nothing: it is run on random numbers."""
    slots = tokens if tokens > 1 else TRIED_SLOTS
    random = np.random.default_rng(0)
    lengths = random.integers(1, slots, rows)[:, None] if tokens == 1 else np.arange(tokens)[None]
    hidden = np.arange(slots) > lengths[..., None]  # (B, T, S)
    mask = ms.Tensor(np.where(hidden, HIDDEN, 0).astype(np.float32)[:, None])
    query, keys, values = (
        ms.Tensor(random.standard_normal((rows, heads, length, size)).astype(np.float16))
        for length in (tokens, slots, slots)
    )
    expected = ms.jit(plain_attention)(query, keys, values, mask).asnumpy()
    try:
        found = ms.jit(fused)(query, keys, values, mask).asnumpy()
    except Exception as fault:  # whatever the framework raises for an operator that the device does not have
        return " ".join(f"it fails here ({type(fault).__name__}: {fault}".split())[:200] + ")"
    if found.shape != expected.shape:
        return f"its result has the shape {found.shape}, expected {expected.shape}"
    furthest = float(np.abs(found.astype(np.float64) - expected.astype(np.float64)).max())
    return "" if furthest <= BOUND else f"its results differ from those of plain attention by {furthest:.3g}"
