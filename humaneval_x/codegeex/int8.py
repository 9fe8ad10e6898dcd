"""int8 weights with one fp16 scale per output row, as CodeGeeX publishes them: memory halves.

    s = max |W_row| / 127        stored in fp16
    q = round(W / s)             stored in int8, symmetric, no zero point
    y = x @ (q * s)^T + b        on CUDA in float16 by `int8_kernel.py`; else expanded at each call, in the type of x

Quantises the six linear layers of every block and of the top query layer; embeddings, the tied
output, norms and biases stay as they are. Activations are never quantised.
Does not quantise per tensor-parallel rank (the published megatron path does, and its scales differ
from these for the two row-parallel layers). Source: codegeex/quantization/quantize.py of
github.com/THUDM/CodeGeeX.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TypeVar

import torch
from torch import Tensor, nn

Model = TypeVar("Model", bound=nn.Module)
HAS_TRITON = find_spec("triton") is not None  # CUDA builds of torch bring it


def quantize_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return (q, s) of a weight: int8 (out, in) and fp16 (out,).

    The arithmetic runs in the weight's own type, as published: an fp16 weight is divided in fp16, so
    that q is equal bit for bit to the published one. |W - q s| <= 0.54 s for fp16 and 0.51 s for
    fp32 weights (half a step, and the rounding of s and of the quotient).
    """
    scale = (weight.abs().amax(dim=-1) / 127).half()
    divisor = torch.where(scale == 0, torch.ones_like(scale), scale)  # a row of zeros; published: 0 / 0
    return torch.round(weight / divisor[:, None]).to(torch.int8), scale


def product(x: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Return x (..., in) times a quantised weight, and the bias: (..., out)."""
    if x.is_cuda and x.dtype == torch.float16 and HAS_TRITON:
        from humaneval_x.codegeex import int8_kernel

        return int8_kernel.linear(x, weight, scale, bias)
    return nn.functional.linear(x, dequantized(weight, scale, x.dtype), bias)


def dequantized(weight: Tensor, scale: Tensor, dtype: torch.dtype) -> Tensor:
    """Return q * s, (out, in), rounded once: fp16 in fp16 as published, bf16 by way of fp32."""
    wide = torch.promote_types(dtype, scale.dtype)
    return (weight.to(wide) * scale.to(wide)[:, None]).to(dtype)


class Int8Linear(nn.Module):
    """A linear layer with int8 weight (out, in), fp16 scale (out,) and a bias in the model's type."""

    weight: Tensor
    weight_scale: Tensor

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        # Buffers of fixed types: loading in another dtype leaves them as stored, and no optimiser sees them.
        self.register_buffer("weight", torch.zeros(out_features, in_features, dtype=torch.int8))
        self.register_buffer("weight_scale", torch.zeros(out_features, dtype=torch.float16))
        self.bias = nn.Parameter(torch.zeros(out_features))

    @classmethod
    @torch.no_grad()
    def from_linear(cls, linear: nn.Linear) -> Int8Linear:
        """Return the quantised twin of `linear`, on its device, sharing its bias."""
        with torch.device("meta"):
            twin = cls(linear.in_features, linear.out_features)
        twin.weight, twin.weight_scale = quantize_rows(linear.weight)
        twin.bias = linear.bias
        return twin

    def forward(self, x: Tensor) -> Tensor:
        """Return x @ (q s)^T + b, (..., in) -> (..., out)."""
        return product(x, self.weight, self.weight_scale, self.bias)

    def expanded(self, x: Tensor) -> Tensor:
        """Return the same by way of the whole weight in the type of x, as published."""
        return nn.functional.linear(x, self.dequantized(x.dtype), self.bias)

    def dequantized(self, dtype: torch.dtype) -> Tensor:
        """Return q * s, (out, in)."""
        return dequantized(self.weight, self.weight_scale, dtype)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}"


def quantize(model: Model) -> Model:
    """Replace the block linears of a CodeGeeX model by int8 ones, in place, layer by layer; return it.

    The peak is the unquantised model: to stay under 16 GB with CodeGeeX-13B, convert with int8=True
    and load the result instead. `save_pretrained` of the result loads again with `from_pretrained`.
    """
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear) and name != "lm_head":
                setattr(parent, name, Int8Linear.from_linear(child))
    model.config.linear_format = "int8"  # type: ignore[union-attr]
    return model
