"""Makes a row of a batch come out the same to the last bit whatever the other rows are: CPU, float32.

A matrix product on a CPU rounds a row differently when the number of rows differs, because another kernel or
another blocking is chosen (seen: 1 row against 2, 2 against 3, 15 against 16). Here every product of rows with a
weight runs as blocks of exactly TILE rows, the last filled up, so that each row goes through one and the same
kernel. Attention is computed for each row and head on its own by the library. Elementwise operations round
differently where threads split them between two vector registers, so they run on one thread.
Does not make two machines, two thread counts or two versions of torch agree. That a row's place inside a block
does not matter is not promised by anyone: it was measured, and tests/samplers/test_exact.py checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

TILE = 16
F = torch.nn.functional
THREADED = (F.scaled_dot_product_attention, torch.matmul, torch.bmm, torch.baddbmm, Tensor.matmul, Tensor.bmm)


class ExactRows(TorchFunctionMode):
    """Within it, what a model computes for a row does not depend on the number of rows."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = torch.get_num_threads()

    def __enter__(self) -> ExactRows:
        self.threads = torch.get_num_threads()
        torch.set_num_threads(1)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, fault, trace)  # type: ignore[no-untyped-call]
        torch.set_num_threads(self.threads)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run linear layers in blocks of rows, products on all threads, and everything else as it is."""
        kwargs = dict(kwargs or {})
        if func is F.linear:
            return self._threaded(tiled, lambda block: func(block, *args[1:], **kwargs), args[0])
        if func is torch.addmm and args[1].ndim == 2 and args[0].ndim == 1:  # the Conv1D of GPT-2
            bias, rows, weight = args
            return self._threaded(tiled, lambda block: func(bias, block, weight, **kwargs), rows)
        if func in THREADED:
            return self._threaded(func, *args, **kwargs)
        return func(*args, **kwargs)

    def _threaded(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        torch.set_num_threads(self.threads)
        try:
            return function(*args, **kwargs)
        finally:
            torch.set_num_threads(1)


def tiled(product: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return `product` of the rows of x (..., K), TILE of them at a time."""
    rows = x.reshape(-1, x.shape[-1])
    blocks = []
    for start in range(0, len(rows), TILE):
        block = rows[start : start + TILE]
        count = len(block)
        if count < TILE:
            block = torch.cat([block, block.new_zeros(TILE - count, block.shape[1])])
        blocks.append(product(block)[:count])
    result = blocks[0] if len(blocks) == 1 else torch.cat(blocks)
    return result.view(*x.shape[:-1], result.shape[-1])
