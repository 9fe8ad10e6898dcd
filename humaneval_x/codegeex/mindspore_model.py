"""CodeGeeX in MindSpore: the network of `modeling.py` as cells, for sampling on a CPU or an Ascend NPU.

Two graphs of static shapes: prefill reads one prompt, padded on the right, into a row of the caches; decode gives each
row its next token. Rows stand at positions of their own; what a row may attend to is a mask that the host makes, so
that the network knows no padding, no finished rows and no rule about end-of-text. Differs from MindSpore's published
network in rounding only (softmax and norms in fp32 everywhere, as the published README says; its blocks' softmax is
fp16). Every parameter is made from its tensor as it is read: there is never a second copy of the model. Does not train,
and does not split a model over devices. Nothing of this has run on an Ascend NPU. Letters: B rows, T tokens, S slots of
a row, H heads, D head size, C width, V vocabulary.
"""

# mindspore has no types.
# mypy: disable-error-code="import-not-found, import-untyped, misc, no-any-return, unused-ignore"

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mindspore as ms
import numpy as np
from mindspore import Parameter, nn, ops
from numpy.typing import NDArray

from humaneval_x.codegeex.configuration import CodeGeeXConfig

Take = Callable[[str], NDArray[Any]]  # a weight by its name in `names.py`, in the type of the model
HIDDEN = -10000.0  # added to a score that may not count, as published
Attention = Callable[[Any, Any, Any, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the host says of one run of a graph."""

    ids: NDArray[np.int32]  # (B, T)
    positions: NDArray[np.int32]  # (B, T)
    rows: NDArray[np.int32]  # (B,) of the caches
    mask: NDArray[np.float32]  # (B, 1, T, S), or of a prefill (1, 1, T, T): 0, or HIDDEN
    last: NDArray[np.int32]  # (B,) tokens, counted through all rows, whose logits are wanted


class Norm(nn.Cell):
    """Layer norm, in fp32 and rounded once."""

    def __init__(self, take: Take, prefix: str, eps: float) -> None:
        super().__init__()
        self.weight = Parameter(ms.Tensor(take(f"{prefix}.weight").astype(np.float32)), name=f"{prefix}.weight")
        self.bias = Parameter(ms.Tensor(take(f"{prefix}.bias").astype(np.float32)), name=f"{prefix}.bias")
        self.normed = ops.LayerNorm(-1, -1, eps)

    def construct(self, x: Any) -> Any:
        return self.normed(x.astype(ms.float32), self.weight, self.bias)[0].astype(x.dtype)


class Linear(nn.Cell):
    """y = x W^T + b."""

    def __init__(self, take: Take, prefix: str) -> None:
        super().__init__()
        self.weight = Parameter(ms.Tensor(take(f"{prefix}.weight")), name=f"{prefix}.weight")
        self.bias = Parameter(ms.Tensor(take(f"{prefix}.bias")), name=f"{prefix}.bias")

    def construct(self, x: Any) -> Any:
        return ops.dense(x, self.weight, self.bias)


class Block(nn.Cell):
    """The weights of a block, or of the top query layer."""

    def __init__(self, take: Take, prefix: str, config: CodeGeeXConfig) -> None:
        super().__init__()
        self.heads, self.size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
        self.before = Norm(take, f"{prefix}.input_layernorm", config.layer_norm_eps)
        self.after = Norm(take, f"{prefix}.post_attention_layernorm", config.layer_norm_eps)
        self.query, self.key, self.value, self.output = (
            Linear(take, f"{prefix}.self_attn.{name}_proj") for name in ("q", "k", "v", "o")
        )
        self.up, self.down = (Linear(take, f"{prefix}.mlp.{name}_proj") for name in ("up", "down"))

    def split(self, x: Any) -> Any:
        """Return (B, T, C) as (B, H, T, D)."""
        return x.reshape(x.shape[0], x.shape[1], self.heads, self.size).transpose(0, 2, 1, 3)

    def finish(self, x: Any, attended: Any) -> Any:
        """Return the block's output (B, T, C) for its input and what its heads found (B, H, T, D)."""
        joined = attended.transpose(0, 2, 1, 3).reshape(x.shape)
        x = x + self.output(joined)
        inner = self.up(self.after(x))
        return x + self.down(inner * ops.sigmoid(1.702 * inner))


class CodeGeeX(nn.Cell):
    """The weights of a model."""

    def __init__(self, config: CodeGeeXConfig, take: Take) -> None:
        super().__init__()
        self.words, self.places, self.queries = (
            Parameter(ms.Tensor(take(f"model.embed_{name}.weight")), name=f"model.embed_{name}.weight")
            for name in ("tokens", "positions", "queries")
        )
        blocks = config.num_hidden_layers - 1
        self.blocks = nn.CellList([Block(take, f"model.layers.{i}", config) for i in range(blocks)])
        self.norm = Norm(take, "model.norm", config.layer_norm_eps)
        self.top = Block(take, "model.top_layer", config)


def plain_attention(query: Any, keys: Any, values: Any, mask: Any) -> Any:
    """Return softmax(q k^T / sqrt(D) + mask) v, (B, H, T, D); the softmax in fp32."""
    scaled = query * (query.shape[-1] ** -0.5)  # before the product: unscaled fp16 scores can pass 65,504
    scores = ops.matmul(scaled, keys.transpose(0, 1, 3, 2)).astype(ms.float32) + mask
    return ops.matmul(ops.softmax(scores, -1).astype(values.dtype), values)


class Rows(nn.Cell):
    """A model with the caches of so many rows of so many slots, (B, H, S, D) a layer."""

    def __init__(self, model: CodeGeeX, rows: int, slots: int, prefill: Attention, decode: Attention) -> None:
        super().__init__(auto_prefix=False)
        self.model, self.blocks, self.prefill, self.decode = model, model.blocks, prefill, decode
        self.rows, self.slots, self.count = rows, slots, len(model.blocks)
        shape = rows, model.top.heads, slots, model.top.size
        keys, values = (
            [
                Parameter(ms.Tensor(np.zeros(shape, model.words.asnumpy().dtype)), name=f"{name}.{i}")
                for i in range(self.count + 1)
            ]
            for name in ("keys", "values")
        )
        self.keys, self.values = ms.ParameterTuple(keys), ms.ParameterTuple(values)

    def construct(self, ids: Any, positions: Any, slots: Any, mask: Any, last: Any) -> Any:
        """Return the logits (B, V) of `last`; keys and values go to `slots` (B, H, T, 3): row, head, position."""
        x = ops.gather(self.model.words, ids, 0) + ops.gather(self.model.places, positions, 0)
        for i in range(self.count):
            x = self.layer(self.blocks[i], i, x, x, slots, mask)
        x = self.model.norm(x)
        queries = ops.gather(self.model.queries, positions, 0)
        x = self.layer(self.model.top, self.count, x, queries, slots, mask)
        x = ops.gather(x.reshape(-1, x.shape[-1]), last, 0)
        return ops.matmul(x, self.model.words.transpose(1, 0))

    def layer(self, block: Any, i: Any, x: Any, queries: Any, slots: Any, mask: Any) -> Any:
        """Return a block's output; the top query layer's queries are of the position, and not normalised."""
        normed = block.before(x)
        source = queries if i == self.count else normed
        query, key, value = (
            block.split(block.query(source)),
            block.split(block.key(normed)),
            block.split(block.value(normed)),
        )
        keys = ops.scatter_nd_update(self.keys[i], slots, key)
        values = ops.scatter_nd_update(self.values[i], slots, value)
        if x.shape[1] == 1:
            attended = self.decode(query, keys, values, mask)
        else:
            # A prompt is all that its row attends to. What nothing depends on would be left out of the graph.
            attended = self.prefill(query, ops.depend(key, keys), ops.depend(value, values), mask)
        return block.finish(x, attended)

    def copy(self, source: Any, target: Any) -> Any:
        """Have row `target` (1,) hold what row `source` (1,) holds."""
        for i in range(self.count + 1):
            ops.scatter_update(self.keys[i], target, ops.gather(self.keys[i], source, 0))
            ops.scatter_update(self.values[i], target, ops.gather(self.values[i], source, 0))
        return target
