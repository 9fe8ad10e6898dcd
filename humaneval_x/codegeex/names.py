"""The one rename table: what each tensor is called here, in the published checkpoint and in MindSpore.

Also says how tensor-parallel partitions split it and whether MindSpore stores it transposed. Does not
touch tensors. Source: codegeex/torch/codegeex_model.py, codegeex/megatron/convert_ckpt_parallel.py and
codegeex/mindspore/convertion_1p.py of github.com/THUDM/CodeGeeX.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

# Outside the blocks: here, published (under module.language_model), MindSpore (under backbone), split along.
MODEL_TENSORS = (
    ("embed_tokens.weight", "embedding.word_embeddings.weight", "embedding.word_embedding.embedding_table", 0),
    (
        "embed_positions.weight",
        "embedding.position_embeddings.weight",
        "embedding.position_embedding.embedding_table",
        None,
    ),
    ("embed_queries.weight", "topQueryEmbedding.top_query_embeddings.weight", "top_query_embedding.embedding_table", 0),
    ("norm.weight", "transformer.final_layernorm.weight", "layernorm.gamma", None),
    ("norm.bias", "transformer.final_layernorm.bias", "layernorm.beta", None),
)
# In each block: here, published, MindSpore; never split.
BLOCK_NORMS = (
    ("input_layernorm", "input_layernorm", "layernorm1"),
    ("post_attention_layernorm", "post_attention_layernorm", "layernorm2"),
)
# In each block: here, published, MindSpore, weight split along, weight transposed in MindSpore.
# A bias is split with its rows; where the columns are split, each rank has all of it.
BLOCK_LINEARS = (
    ("self_attn.q_proj", "attention.query", "attention.dense1", 0, False),
    ("self_attn.k_proj", "attention.key", "attention.dense2", 0, False),
    ("self_attn.v_proj", "attention.value", "attention.dense3", 0, False),
    ("self_attn.o_proj", "attention.dense", "attention.projection", 1, True),
    ("mlp.up_proj", "mlp.dense_h_to_4h", "output.mapping", 0, True),
    ("mlp.down_proj", "mlp.dense_4h_to_h", "output.projection", 1, True),
)
# The block prefixes: here, published, MindSpore; {} is the block's number.
BLOCK = ("layers.{}.", "transformer.layers.{}.", "blocks.{}.")
TOP_LAYER = ("top_layer.", "transformer.topQueryLayer.", "top_query_layer.")
# The fused variant stacks these along dimension 0 in this order: blocks, then the top query layer.
FUSED = {
    "attention.query_key_value": ("attention.query", "attention.key", "attention.value"),
    "attention.key_value": ("attention.key", "attention.value"),
}
OUR_PREFIX = "model."
PUBLISHED_PREFIX = "module.language_model."
MINDSPORE_PREFIX = "backbone."


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorName:
    """One tensor under its three names; `is_linear` marks the weights that int8 quantises."""

    ours: str
    published: str
    mindspore: str
    split_dim: int | None
    is_transposed_in_mindspore: bool = False
    is_linear: bool = False


def block_names() -> list[TensorName]:
    """Return the 16 tensors of a block, without the block's prefix."""
    names = []
    for ours, published, mindspore in BLOCK_NORMS:
        for end, mindspore_end in ((".weight", ".gamma"), (".bias", ".beta")):
            names.append(
                TensorName(
                    ours=ours + end, published=published + end, mindspore=mindspore + mindspore_end, split_dim=None
                )
            )
    for ours, published, mindspore, dim, is_transposed in BLOCK_LINEARS:
        bias = TensorName(
            ours=ours + ".bias",
            published=published + ".bias",
            mindspore=mindspore + ".bias",
            split_dim=0 if dim == 0 else None,
        )
        weight = TensorName(
            ours=ours + ".weight",
            published=published + ".weight",
            mindspore=mindspore + ".weight",
            split_dim=dim,
            is_transposed_in_mindspore=is_transposed,
            is_linear=True,
        )
        names += [weight, bias]
    return names


def all_names(blocks: int) -> list[TensorName]:
    """Return every tensor of a model with so many ordinary blocks, under full names: 5 + 16 (blocks + 1)."""
    names = [
        TensorName(ours=ours, published=published, mindspore=mindspore, split_dim=dim)
        for ours, published, mindspore, dim in MODEL_TENSORS
    ]
    prefixes = [tuple(prefix.format(i) for prefix in BLOCK) for i in range(blocks)] + [TOP_LAYER]
    for ours, published, mindspore in prefixes:
        names += [
            replace(
                name, ours=ours + name.ours, published=published + name.published, mindspore=mindspore + name.mindspore
            )
            for name in block_names()
        ]
    return [
        replace(
            name,
            ours=OUR_PREFIX + name.ours,
            published=PUBLISHED_PREFIX + name.published,
            mindspore=MINDSPORE_PREFIX + name.mindspore,
        )
        for name in names
    ]
