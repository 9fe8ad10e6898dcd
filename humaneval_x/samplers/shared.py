"""Attention of one new token a row over a prompt that is stored once for all its rows, and the row's own tokens.

    softmax([q Kp^T, q Kr^T]) [Vp; Vr]      p: the prompt, r: the row's own

The rows of a prompt meet its keys in one matrix product, so they are read once and not once a row. Plain products
and a softmax in fp32: the same arithmetic on every device, in another order than the library's kernels.
Does not know soft caps, sinks, position biases or sliding windows; only models that are tested with it use it.
Letters: B rows, H key heads, G queries a key head, D head size, P prompt tokens, S own tokens.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from humaneval_x.samplers.cache import BatchCache, stored

NAME = "shared_prompt"
MODELS = ("codegeex", "gpt2", "gpt_neox", "llama", "qwen2")  # tests/samplers/test_families.py


def attention(
    module: nn.Module,
    query: Tensor,  # (B, H G, T, D); T is 1 where prompts are shared
    key: Tensor,  # (B, H, S, D)
    value: Tensor,
    attention_mask: Tensor | None,  # (B, 1, 1, S), True where a slot counts
    scaling: float | None = None,
    shared_prompts: BatchCache | None = None,
    paged: Any = None,  # a paged.Store; its module needs Triton, so it is not imported here
    **options: Any,
) -> tuple[Tensor, None]:
    """Return the output (B, T, H G, D); without `shared_prompts` or `paged` it is the library's own."""
    if paged is not None:
        output, _ = paged.attend(module, query, key, value, scaling)
        return output, None
    if shared_prompts is None:
        output, _ = sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **options)
        return output, None
    rows, heads, size = len(query), key.shape[1], query.shape[-1]
    query = (query * (size**-0.5 if scaling is None else scaling)).view(rows, heads, -1, size)  # (B, H, G, D)
    own = torch.matmul(query, key.transpose(2, 3))  # (B, H, G, S)
    if attention_mask is not None:
        own = own.masked_fill(~attention_mask, float("-inf"))
    output = torch.empty(*query.shape[:3], value.shape[-1], dtype=value.dtype, device=value.device)
    for prompt, places in shared_prompts.groups(query.device):
        keys, values = (tensor[0] for tensor in stored(prompt.layers[cast(int, module.layer_idx)]))  # (H, P, D)
        of_rows = slice(None) if places is None else places
        scores = torch.cat([against(query[of_rows], keys.transpose(1, 2), shared_prompts.tile), own[of_rows]], dim=-1)
        wide = torch.promote_types(scores.dtype, torch.float32)
        shares = scores.softmax(dim=-1, dtype=wide).to(value.dtype)  # (B', H, G, P + S)
        length = keys.shape[1]
        output[of_rows] = against(shares[..., :length], values, shared_prompts.tile) + torch.matmul(
            shares[..., length:], value[of_rows]
        )
    return output.reshape(rows, 1, -1, output.shape[-1]), None


def against(x: Tensor, matrix: Tensor, tile: int | None) -> Tensor:
    """Return x (B, H, G, K) times a matrix (H, K, N) that all rows share; `tile` rows at a time, see `exact.py`."""
    count, heads, queries, _ = x.shape
    if tile and count % tile:
        x = torch.cat([x, x.new_zeros(tile - count % tile, *x.shape[1:])])
    blocks = [
        torch.matmul(block.transpose(0, 1).reshape(heads, len(block) * queries, -1), matrix)
        .view(heads, len(block), queries, -1)
        .transpose(0, 1)
        for block in x.split(tile or count)
    ]
    return (blocks[0] if len(blocks) == 1 else torch.cat(blocks))[:count]


def share_prompts(model: Any) -> bool:
    """Let a model share its prompts if it is one of those that can; return whether it does."""
    config = model.config
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    if config.model_type not in MODELS or kinds != {"full_attention"}:
        return False
    model.set_attn_implementation(NAME)
    return True


AttentionInterface.register(NAME, attention)
AttentionMaskInterface.register(NAME, sdpa_mask)
