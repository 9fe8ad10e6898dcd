"""Makes a row of a batch come out the same to the last bit whatever the other rows are: CPU, float32.

A matrix product on a CPU rounds a row differently when the number of rows differs, because another kernel or
another blocking is chosen (seen: 1 row against 2, 2 against 3, 15 against 16). Here every product of rows with a
weight runs as blocks of exactly TILE rows, the last filled up, so that each row goes through one and the same
kernel; or as blocks of up to BLOCK rows, where a trial with that weight gave the same bits on this machine, which
reads the weight less often. Attention is computed for each row and head on its own by the library, on one thread:
where the scratch memory of a second one lies changes its bits on some processors (seen with AVX2). Elementwise
operations round differently where threads split them between two vector registers, so they run on one thread too.
Does not make two machines, two thread counts or two versions of torch agree. That a row's place inside a block
does not matter is not promised by anyone: it was measured, and tests/samplers/test_exact.py checks it.
"""

# torch is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from types import TracebackType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

TILE = 16
BLOCK = 64  # a multiple of TILE
BLOCKS: dict[Hashable, int] = {}  # what the trials of this process found
F = torch.nn.functional
THREADED = (torch.matmul, torch.bmm, torch.baddbmm, Tensor.matmul, Tensor.bmm)


class ExactRows(TorchFunctionMode):
    """Within it, what a model computes for a row does not depend on the number of rows."""

    def __init__(self) -> None:
        super().__init__()
        self.threads = torch.get_num_threads()

    def __enter__(self) -> ExactRows:
        self.threads = torch.get_num_threads()
        torch.set_num_threads(1)
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, fault, trace)
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
            product = lambda block: func(block, *args[1:], **kwargs)  # noqa: E731
            return self._threaded(tiled, product, args[0], (func, args[1].shape, self.threads))
        if func is torch.addmm and args[1].ndim == 2 and args[0].ndim == 1:  # the Conv1D of GPT-2
            bias, rows, weight = args
            product = lambda block: func(bias, block, weight, **kwargs)  # noqa: E731
            return self._threaded(tiled, product, rows, (func, weight.shape, self.threads))
        if func in THREADED:
            return self._threaded(func, *args, **kwargs)
        return func(*args, **kwargs)

    def _threaded(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        torch.set_num_threads(self.threads)
        try:
            return function(*args, **kwargs)
        finally:
            torch.set_num_threads(1)


def tiled(product: Callable[[Tensor], Tensor], x: Tensor, kind: Hashable) -> Tensor:
    """Return `product` of the rows of x (..., K), in blocks of TILE rows or a multiple; `kind` names the kernel."""
    rows = x.reshape(-1, x.shape[-1])
    count = len(rows)
    if count % TILE:
        rows = torch.cat([rows, rows.new_zeros(TILE - count % TILE, rows.shape[1])])
    if len(rows) > TILE and kind not in BLOCKS:
        BLOCKS[kind] = BLOCK if rows_agree(product, rows.shape[1]) else TILE
    blocks = [product(block) for block in rows.split(BLOCKS.get(kind, TILE))]
    result = (blocks[0] if len(blocks) == 1 else torch.cat(blocks))[:count]
    return result.view(*x.shape[:-1], result.shape[-1])


def rows_agree(product: Callable[[Tensor], Tensor], width: int) -> bool:
    """Whether rows in larger blocks come out as in blocks of TILE, to the last bit: a trial with random rows."""
    rows = torch.randn(BLOCK, width, generator=torch.Generator().manual_seed(0))
    whole = torch.cat([product(block) for block in rows.split(TILE)])
    return all(torch.equal(product(rows[:count]), whole[:count]) for count in range(2 * TILE, BLOCK + 1, TILE))
