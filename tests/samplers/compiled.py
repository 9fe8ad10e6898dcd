"""What test_paged.py runs without the interpreter: every kernel is compiled for a card, which none needs to be there for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

sys.path.insert(0, str(Path(__file__).parents[2]))

from humaneval_x.codegeex import int8_kernel
from humaneval_x.samplers import kernels

SHAPE = {"H": 40, "HK": 40, "D": 128, "BLOCK": kernels.BLOCK}
TYPES = {
    **dict.fromkeys(["q", "keys", "values", "new_k", "new_v", "out", "x", "bias", "y"], "*fp16"),
    **dict.fromkeys(["acc_out", "m_out", "l_out", "acc_in", "m_in", "l_in", "numbers", "sums"], "*fp32"),
    **dict.fromkeys(["tile_rows", "tile_prompt", "prompt_lengths", "prompt_blocks", "lengths", "blocks"], "*i32"),
    **dict.fromkeys(["tokens"], "*i64"),
    **dict.fromkeys(["weight"], "*i8"),
    **dict.fromkeys(["scale", "temperature"], "fp32"),
}


def compile_for(capability: int, kernel: Any, constants: dict[str, Any], **types: str) -> None:
    names = kernel.arg_names
    known = {**TYPES, **types}
    signature = {name: "constexpr" if name in constants else known.get(name, "i32") for name in names}
    fixed = {(names.index(name),): value for name, value in constants.items()}
    made = triton.compile(ASTSource(kernel, signature, constexprs=fixed), target=GPUTarget("cuda", capability, 32))
    assert made.asm["cubin"], kernel


for capability in (80, 90):
    for top_p, top_k in ((0.95, 0), (1.0, 40)):
        for kind, bits in (("*fp16", 16), ("*fp32", 32)):
            drawing = {"top_p": top_p, "top_k": top_k, "CHUNK": kernels.CHUNK, "BITS": bits}
            compile_for(capability, kernels._draw, drawing, logits=kind)
    compile_for(capability, kernels._of_prompts, {**SHAPE, "TILE": kernels.TILE, "N": 64})
    compile_for(capability, kernels._of_rows, {**SHAPE, "N": 32})
    scales = {"scale": "*fp16"}
    compile_for(capability, int8_kernel._partial, {"BM": 16, "BN": 32, "BK": 256})
    compile_for(capability, int8_kernel._single, {"BM": 1, "BN": 4, "BK": 1024}, **scales)
    compile_for(capability, int8_kernel._finish, {"BLOCK": 1024}, **scales)
    compile_for(capability, int8_kernel._expand, {"BLOCK": 4096}, out="*fp16", **scales)
