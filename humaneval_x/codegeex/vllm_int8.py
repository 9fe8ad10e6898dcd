"""The int8 weights of converted folders in vLLM's linear layers: stored as they are, one fp16 scale a row.

The product is that of `int8.py`: its kernel on CUDA in float16, elsewhere by way of the expanded weight. It is an
operator of its own, so that torch.compile takes it as one step. Not run on a GPU as part of vLLM.
"""

# vLLM is typed in parts, and not there where types are checked.
# mypy: disable-error-code="misc, no-any-return, unused-ignore, untyped-decorator"

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from vllm.model_executor.layers.linear import LinearBase, LinearMethodBase
from vllm.model_executor.layers.quantization.base_config import QuantizationConfig
from vllm.model_executor.utils import set_weight_attrs

from humaneval_x.codegeex.int8 import product


class Int8(QuantizationConfig):
    """Marks linear layers as int8; a folder says so by `linear_format` in its config.json."""

    def get_name(self) -> str:
        return "codegeex_int8"  # type: ignore[return-value]

    def get_supported_act_dtypes(self) -> list[torch.dtype]:
        return [torch.float16, torch.bfloat16, torch.float32]

    @classmethod
    def get_min_capability(cls) -> int:
        return 70

    @staticmethod
    def get_config_filenames() -> list[str]:
        return []

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Int8:
        return cls()

    def get_quant_method(self, layer: nn.Module, prefix: str) -> LinearMethodBase | None:
        """Return what stores and multiplies a linear layer's weight; other layers stay as they are."""
        return Int8Method() if isinstance(layer, LinearBase) else None


class Int8Method(LinearMethodBase):
    """A weight (out, in) of int8 and a scale (out,) of fp16, of which a rank holds its rows or its columns."""

    def create_weights(
        self,
        layer: nn.Module,
        input_size_per_partition: int,
        output_partition_sizes: list[int],
        input_size: int,
        output_size: int,
        params_dtype: torch.dtype,
        **attributes: Any,
    ) -> None:
        """Give the layer its tensors, not filled yet."""
        rows = sum(output_partition_sizes)
        for name, shape, dtype, dims in (
            ("weight", (rows, input_size_per_partition), torch.int8, {"input_dim": 1, "output_dim": 0}),
            ("weight_scale", (rows,), torch.float16, {"output_dim": 0}),
        ):
            tensor = nn.Parameter(torch.empty(shape, dtype=dtype), requires_grad=False)
            set_weight_attrs(tensor, {**dims, **attributes})
            layer.register_parameter(name, tensor)

    def apply(self, layer: nn.Module, x: Tensor, bias: Tensor | None = None) -> Tensor:
        """Return x (T, in) times the weight, and the bias: (T, out)."""
        return int8_linear(x, layer.weight, layer.weight_scale, bias)


@torch.library.custom_op("humaneval_x::int8_linear", mutates_args=())
def int8_linear(x: Tensor, weight: Tensor, scale: Tensor, bias: Tensor | None) -> Tensor:
    """Return x @ (q s)^T + b."""
    return product(x, weight, scale, x.new_zeros(len(weight)) if bias is None else bias)


@int8_linear.register_fake
def _(x: Tensor, weight: Tensor, scale: Tensor, bias: Tensor | None) -> Tensor:
    return x.new_empty(*x.shape[:-1], weight.shape[0])
