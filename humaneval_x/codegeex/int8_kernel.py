"""A product with int8 weights that are not expanded in memory: y = (x q^T) s + b, for CUDA, in Triton.

With few rows the scale is applied once to the sum in float32, not to each weight in float16: it rounds less. Weights
are the left factor, so that they can go from int8 to float16 in registers. With many rows the weight is expanded first,
in one pass.
Letters: M rows of x, K its width, N rows of the weight.
"""

# Triton's decorators are untyped, and its functions have tensors where Python has numbers.
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

FEW = 64  # rows of x at most for which weights are not expanded: with more, the library's product makes up for it
TILE = (32, 256, 2)  # weight rows and width of a tile of few rows, warps
SINGLE = (4, 1024)  # the same of up to 4 rows
PROGRAMS = 1024  # that the device should have to do; a narrow weight's sums are split for it


@triton.jit
def _partial(
    x, weight, sums, M, N, K, x_stride, part,
    BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr,
):  # fmt: skip
    n = tl.program_id(0) * BN + tl.arange(0, BN)
    m = tl.program_id(1) * BM + tl.arange(0, BM)
    first = tl.program_id(2) * part
    k = first + tl.arange(0, BK)
    weights = weight + n[:, None].to(tl.int64) * K + k[None, :]
    inputs = x + m[None, :] * x_stride + k[:, None]
    found = tl.zeros([BN, BM], tl.float32)
    for start in range(0, part, BK):
        inside = start + k < K
        q = tl.load(weights, mask=(n < N)[:, None] & inside[None, :], other=0)
        given = tl.load(inputs, mask=(m < M)[None, :] & inside[:, None], other=0.0)
        found = tl.dot(q.to(given.dtype), given, found)
        weights += BK
        inputs += BK
    at = (tl.program_id(2) * M + m[None, :]) * N + n[:, None]
    tl.store(sums + at, found, mask=(m < M)[None, :] & (n < N)[:, None])


@triton.jit
def _single(
    x, weight, scale, bias, y, M, N, K, x_stride, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr
):  # fmt: skip
    m, n = tl.arange(0, BM), tl.program_id(0) * BN + tl.arange(0, BN)
    sums = tl.zeros([BM, BN, BK], tl.float32)
    for start in range(0, K, BK):
        k = start + tl.arange(0, BK)
        q = tl.load(
            weight + n[:, None].to(tl.int64) * K + k[None, :], mask=(n < N)[:, None] & (k < K)[None, :], other=0
        )
        given = tl.load(x + m[:, None] * x_stride + k[None, :], mask=(m < M)[:, None] & (k < K)[None, :], other=0.0)
        sums += given.to(tl.float32)[:, None, :] * q.to(tl.float32)[None, :, :]
    total = tl.sum(sums, 2)
    of_rows = tl.load(scale + n, mask=n < N, other=0.0).to(tl.float32)
    shift = tl.load(bias + n, mask=n < N, other=0.0).to(tl.float32)
    at = m[:, None] * N + n[None, :]
    tl.store(y + at, total * of_rows[None, :] + shift[None, :], mask=(m < M)[:, None] & (n < N)[None, :])


@triton.jit
def _finish(sums, scale, bias, y, MN, N, parts, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = at < MN
    n = at % N
    total = tl.zeros([BLOCK], tl.float32)
    for part in range(0, parts):
        total += tl.load(sums + part * MN + at, mask=there, other=0.0)
    shift = tl.load(bias + n, mask=there, other=0.0).to(tl.float32)
    total = total * tl.load(scale + n, mask=there, other=0.0).to(tl.float32) + shift
    tl.store(y + at, total, mask=there)


@triton.jit
def _expand(weight, scale, out, K, BLOCK: tl.constexpr):
    row, k = tl.program_id(0), tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    at = row.to(tl.int64) * K + k
    q = tl.load(weight + at, mask=k < K, other=0).to(tl.float16)
    tl.store(out + at, q * tl.load(scale + row), mask=k < K)


def linear(x: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Return x (..., K) times an int8 weight (N, K) with scale (N,), and bias (N,): (..., N) in the type of x."""
    rows = x.reshape(-1, x.shape[-1])
    product = few_rows if len(rows) <= FEW else many_rows
    return product(rows, weight, scale, bias).view(*x.shape[:-1], len(weight))


def few_rows(rows: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Return the product for rows (M, K): each weight is read once, as int8."""
    (count, width), outer = rows.shape, len(weight)
    if count <= 4:
        return single_rows(rows, weight, scale, bias)
    tile, (high, wide, warps) = (16, TILE) if count <= 16 else (64, (64, 128, 4))
    tiles = triton.cdiv(outer, high), triton.cdiv(count, tile)
    wanted = max(1, PROGRAMS // (tiles[0] * tiles[1]))
    part = triton.cdiv(triton.cdiv(width, wanted), wide) * wide
    parts = triton.cdiv(width, part)
    sums = torch.empty((parts, count, outer), dtype=torch.float32, device=rows.device)
    _partial[(*tiles, parts)](
        rows, weight, sums, count, outer, width, rows.stride(0), part,
        BM=tile, BN=high, BK=wide, num_warps=warps, num_stages=4,
    )  # fmt: skip
    y = torch.empty((count, outer), dtype=rows.dtype, device=rows.device)
    _finish[(triton.cdiv(count * outer, 1024),)](sums, scale, bias, y, count * outer, outer, parts, BLOCK=1024)
    return y


def single_rows(rows: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Return the product for up to 4 rows (M, K): no matrix units, which want 16."""
    (count, width), outer = rows.shape, len(weight)
    y = torch.empty((count, outer), dtype=rows.dtype, device=rows.device)
    most = triton.next_power_of_2(count)
    high, wide = SINGLE
    _single[(triton.cdiv(outer, high),)](
        rows, weight, scale, bias, y, count, outer, width, rows.stride(0), BM=most, BN=high, BK=wide, num_warps=4
    )
    return y


def many_rows(rows: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Return the product for rows (M, K): the weight is expanded first, in one pass."""
    whole = torch.empty(weight.shape, dtype=torch.float16, device=weight.device)
    _expand[(len(weight), triton.cdiv(weight.shape[1], 4096))](weight, scale, whole, weight.shape[1], BLOCK=4096)
    return torch.nn.functional.linear(rows, whole, bias)
