"""The GPU kernels of a decoding step: attention to paged keys and values, and the draw of the next token.

`attend` is softmax([q Kp^T, q Ko^T]) [Vp; Vo], p a prompt that rows share, o a row's own tokens, in two launches:
`of_prompts` reads a prompt once for every TILE of its rows and leaves a partial softmax; `of_rows` stores the newest
key and value and goes on over the row's own. What has no fixed size (lengths, which blocks hold what) is read from
memory, so that a captured graph stays right while rows grow, leave and come.
`draw` gives the token of `drawing.draw` without sorting: both cuts, and the token, are found by bisection over the
values that a logit can have; of equal logits the lower ids come first.
Does not know soft caps, sinks, position biases or sliding windows. Written in Triton, which comes with torch's CUDA
builds. Letters: R rows, H query heads, D head size, V vocabulary; BLOCK tokens a block of the store.
Source: the partial softmax is that of FlashAttention (arXiv 2205.14135), blocks are those of vLLM (arXiv 2309.06180).
"""

# Triton's decorators are untyped, and its functions have tensors where Python has numbers.
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, type-arg"

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 16  # tokens a block of the store
TILE = 32  # rows of one prompt that read it together
CHUNK = 8192  # logits looked at together


@triton.jit
def _of_prompts(
    q, keys, values, tile_rows, tile_prompt, prompt_lengths, prompt_blocks, acc_out, m_out, l_out,
    scale, row_stride, blocks_stride,
    H: tl.constexpr, HK: tl.constexpr, D: tl.constexpr, TILE: tl.constexpr, BLOCK: tl.constexpr, N: tl.constexpr,
):  # fmt: skip
    tile, head = tl.program_id(0), tl.program_id(1)
    prompt = tl.load(tile_prompt + tile)
    if prompt < 0:
        return
    length = tl.load(prompt_lengths + prompt)
    d = tl.arange(0, D)
    rows = tl.load(tile_rows + tile * TILE + tl.arange(0, TILE))
    alive = rows >= 0
    query = tl.load(q + rows[:, None].to(tl.int64) * row_stride + head * D + d[None, :], mask=alive[:, None], other=0.0)
    m = tl.full([TILE], float("-inf"), tl.float32)
    total = tl.zeros([TILE], tl.float32)
    acc = tl.zeros([TILE, D], tl.float32)
    kv = head // (H // HK)
    for start in range(0, length, N):
        n = start + tl.arange(0, N)
        there = n < length
        block = tl.load(prompt_blocks + prompt * blocks_stride + n // BLOCK, mask=there, other=0).to(tl.int64)
        at = ((block * HK + kv) * BLOCK + n % BLOCK) * D
        k = tl.load(keys + at[:, None] + d[None, :], mask=there[:, None], other=0.0)
        scores = tl.dot(query, tl.trans(k), input_precision="ieee") * scale
        scores = tl.where(there[None, :], scores, float("-inf"))
        new_m = tl.maximum(m, tl.max(scores, 1))
        p = tl.exp(scores - new_m[:, None])
        kept = tl.exp(m - new_m)
        v = tl.load(values + at[:, None] + d[None, :], mask=there[:, None], other=0.0)
        acc = acc * kept[:, None] + tl.dot(p.to(v.dtype), v, input_precision="ieee")
        total = total * kept + tl.sum(p, 1)
        m = new_m
    at_row = rows * H + head
    tl.store(acc_out + at_row[:, None] * D + d[None, :], acc, mask=alive[:, None])
    tl.store(m_out + at_row, m, mask=alive)
    tl.store(l_out + at_row, total, mask=alive)


@triton.jit
def _of_rows(
    q, new_k, new_v, keys, values, lengths, blocks, acc_in, m_in, l_in, out,
    scale, row_stride, kv_stride, blocks_stride,
    H: tl.constexpr, HK: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr, N: tl.constexpr,
):  # fmt: skip
    row, head = tl.program_id(0), tl.program_id(1)
    d = tl.arange(0, D)
    at_row = row * H + head
    own = tl.load(lengths + row) - 1  # without the newest; a row that is none has length 0
    if own < 0:
        tl.store(out + at_row * D + d, tl.zeros([D], tl.float32))
        return
    kv = head // (H // HK)
    query = tl.load(q + row * row_stride + head * D + d).to(tl.float32) * scale
    k = tl.load(new_k + row * kv_stride + kv * D + d)
    v = tl.load(new_v + row * kv_stride + kv * D + d)
    block = tl.load(blocks + row * blocks_stride + own // BLOCK).to(tl.int64)
    at = ((block * HK + kv) * BLOCK + own % BLOCK) * D
    tl.store(keys + at + d, k)  # heads that share keys store the same
    tl.store(values + at + d, v)
    m, total = tl.load(m_in + at_row), tl.load(l_in + at_row)
    acc = tl.load(acc_in + at_row * D + d)
    score = tl.sum(query * k.to(tl.float32), 0)
    new_m = tl.maximum(m, score)
    kept, p = tl.exp(m - new_m), tl.exp(score - new_m)
    acc = acc * kept + p * v.to(tl.float32)
    total = total * kept + p
    m = new_m
    for start in range(0, own, N):
        n = start + tl.arange(0, N)
        there = n < own
        block_n = tl.load(blocks + row * blocks_stride + n // BLOCK, mask=there, other=0).to(tl.int64)
        at_n = ((block_n * HK + kv) * BLOCK + n % BLOCK) * D
        k_n = tl.load(keys + at_n[:, None] + d[None, :], mask=there[:, None], other=0.0).to(tl.float32)
        v_n = tl.load(values + at_n[:, None] + d[None, :], mask=there[:, None], other=0.0).to(tl.float32)
        scores = tl.where(there, tl.sum(query[None, :] * k_n, 1), float("-inf"))
        new_m = tl.maximum(m, tl.max(scores, 0))
        p_n = tl.exp(scores - new_m)
        kept = tl.exp(m - new_m)
        acc = acc * kept + tl.sum(p_n[:, None] * v_n, 0)
        total = total * kept + tl.sum(p_n, 0)
        m = new_m
    tl.store(out + at_row * D + d, acc / total)


def attend(
    query: Tensor,  # (R, H, D), rows apart by any stride
    key: Tensor,  # (R, HK, D), the newest of each row
    value: Tensor,
    keys: Tensor,  # (blocks, HK, BLOCK, D), one layer's store; the newest are written there
    values: Tensor,
    plan: dict[str, Tensor],
    scratch: tuple[Tensor, Tensor, Tensor],  # (R, H, D), (R, H), (R, H) in float32
    scale: float,
) -> Tensor:
    """Return the output (R, H, D). `plan` has the int32 tables that `paged.Tables` fills."""
    rows, heads, size = query.shape
    out = torch.empty((rows, heads, size), dtype=value.dtype, device=value.device)
    shape = {"H": heads, "HK": key.shape[1], "D": size, "BLOCK": BLOCK}
    tiles = plan["tile_prompt"]
    _of_prompts[(len(tiles), heads)](
        query, keys, values, plan["tile_rows"], tiles, plan["prompt_lengths"], plan["prompt_blocks"], *scratch,
        scale, query.stride(0), plan["prompt_blocks"].stride(0), **shape, TILE=TILE, N=64, num_warps=4,
    )  # fmt: skip
    _of_rows[(rows, heads)](
        query, key, value, keys, values, plan["lengths"], plan["blocks"], *scratch, out,
        scale, query.stride(0), key.stride(0), plan["blocks"].stride(0), **shape, N=32, num_warps=2,
    )  # fmt: skip
    return out


@triton.jit
def _rank(x, BITS: tl.constexpr):
    """Number the values that a logit can have, from 0 for the smallest."""
    if BITS == 16:
        bits = (x.to(tl.int16, bitcast=True).to(tl.int32) & 0xFFFF).to(tl.int64)
    else:
        bits = x.to(tl.int32, bitcast=True).to(tl.int64) & 0xFFFFFFFF
    HALF: tl.constexpr = 1 << (BITS - 1)
    return tl.where(bits >= HALF, 2 * HALF - 1 - bits, bits + HALF)


@triton.jit
def _share(row, n, V, top, temperature, BITS: tl.constexpr):
    """Return ranks (below 0 where there is no logit) and probabilities, not normalised, of a chunk."""
    there = n < V
    x = tl.load(row + n, mask=there, other=0.0)
    p = tl.exp((x.to(tl.float32) - top) / temperature)
    return tl.where(there, _rank(x, BITS), -1), p


@triton.jit
def _mass_from(row, rank, V, top, temperature, CHUNK: tl.constexpr, BITS: tl.constexpr):
    """Return the probability, and the number, of the logits of at least this rank."""
    mass, count = tl.zeros([CHUNK], tl.float32), tl.zeros([CHUNK], tl.int32)
    for start in range(0, V, CHUNK):
        ranks, p = _share(row, start + tl.arange(0, CHUNK), V, top, temperature, BITS)
        mass += tl.where(ranks >= rank, p, 0.0)
        count += (ranks >= rank).to(tl.int32)
    return tl.sum(mass, 0), tl.sum(count, 0)


@triton.jit
def _highest(row, V, top, temperature, mass, count, STRICT: tl.constexpr, CHUNK: tl.constexpr, BITS: tl.constexpr):
    """Return the highest rank from which on there is that mass (more, if strict) and that count of logits."""
    low, high = tl.full([], 0, tl.int64), tl.full([], 1 << BITS, tl.int64)  # low has it, high has not
    for _ in range(BITS):
        middle = (low + high) // 2
        found, number = _mass_from(row, middle, V, top, temperature, CHUNK, BITS)
        if STRICT:  # noqa: SIM108  (decided when it is compiled)
            enough = found > mass
        else:
            enough = (found >= mass) & (number >= count)
        low, high = tl.where(enough, middle, low), tl.where(enough, high, middle)
    return low


@triton.jit
def _by_rank(row, V, top, temperature, wanted, cut, CHUNK: tl.constexpr, BITS: tl.constexpr):
    """Return the token at that mass, the most probable first; of equal ones the lower ids."""
    rank = _highest(row, V, top, temperature, wanted, 0, True, CHUNK, BITS)
    rank = tl.maximum(rank, cut)  # rounding can leave the very end out of reach
    above, more = _mass_from(row, rank + 1, V, top, temperature, CHUNK, BITS)
    upto, most = _mass_from(row, rank, V, top, temperature, CHUNK, BITS)
    same = tl.maximum(most - more, 1)
    place = tl.minimum(
        tl.maximum(((wanted - above) / ((upto - above) / same.to(tl.float32))).to(tl.int32), 0), same - 1
    )
    seen, token = tl.full([], 0, tl.int32), tl.full([], 0, tl.int32)
    for start in range(0, V, CHUNK):
        n = start + tl.arange(0, CHUNK)
        ranks, _ = _share(row, n, V, top, temperature, BITS)
        hit = (ranks == rank).to(tl.int32)
        token += tl.sum(tl.where((hit > 0) & (seen + tl.cumsum(hit, 0) - 1 == place), n, 0), 0)
        seen += tl.sum(hit, 0)
    return token


@triton.jit
def _by_id(row, V, top, temperature, wanted, cut, CHUNK: tl.constexpr, BITS: tl.constexpr):
    """Return the token at that mass, in the order of ids."""
    passed, token = tl.full([], 0.0, tl.float32), tl.full([], -1, tl.int32)
    last = tl.full([], 0, tl.int32)
    for start in range(0, V, CHUNK):
        n = start + tl.arange(0, CHUNK)
        ranks, p = _share(row, n, V, top, temperature, BITS)
        p = tl.where(ranks >= cut, p, 0.0)
        last = tl.maximum(last, tl.max(tl.where(p > 0, n, 0), 0))
        first = tl.min(tl.where((passed + tl.cumsum(p, 0) > wanted) & (p > 0), n, 2147483647), 0)
        token = tl.where((token < 0) & (first < 2147483647), first, token)
        passed += tl.sum(p, 0)
    return tl.where(token < 0, last, token)  # rounding can leave the very end out of reach


@triton.jit
def _draw(
    logits, numbers, tokens, stride, V, temperature,
    top_p: tl.constexpr, top_k: tl.constexpr, CHUNK: tl.constexpr, BITS: tl.constexpr,
):  # fmt: skip
    program = tl.program_id(0)
    row, number = logits + program.to(tl.int64) * stride, tl.load(numbers + program)
    best = tl.full([CHUNK], float("-inf"), tl.float32)
    for start in range(0, V, CHUNK):
        n = start + tl.arange(0, CHUNK)
        best = tl.maximum(best, tl.load(row + n, mask=n < V, other=float("-inf")).to(tl.float32))
    top = tl.max(best, 0)
    nothing = tl.full([], 0.0, tl.float32)
    # 1. top-k: all from the k-th largest on
    cut = tl.full([], 0, tl.int64)
    if top_k > 0:
        cut = _highest(row, V, top, temperature, nothing, tl.minimum(top_k, V), False, CHUNK, BITS)
    total, _ = _mass_from(row, cut, V, top, temperature, CHUNK, BITS)
    # 2. top-p: the most probable until top_p of that; of equal ones at the cut only as many as it takes
    kept = total
    if top_p < 1.0:
        cut_p = _highest(row, V, top, temperature, total * top_p, 0, False, CHUNK, BITS)
        cut = tl.maximum(cut, cut_p)
        above, more = _mass_from(row, cut + 1, V, top, temperature, CHUNK, BITS)
        upto, most = _mass_from(row, cut, V, top, temperature, CHUNK, BITS)
        each = (upto - above) / tl.maximum(most - more, 1).to(tl.float32)
        needed = tl.ceil((total * top_p - above) / each)
        kept = above + each * tl.minimum(tl.maximum(needed, 1.0), (most - more).to(tl.float32))
    wanted = number * kept
    if top_p < 1.0:
        token = _by_rank(row, V, top, temperature, wanted, cut, CHUNK, BITS)
    else:
        token = _by_id(row, V, top, temperature, wanted, cut, CHUNK, BITS)
    tl.store(tokens + program, token.to(tl.int64))


def draw(logits: Tensor, numbers: Tensor, tokens: Tensor, temperature: float, top_p: float, top_k: int) -> None:
    """Write to `tokens` (R,) the next token for logits (R, V) and numbers (R,) in [0, 1), float32."""
    bits = 16 if logits.element_size() == 2 else 32
    _draw[(len(logits),)](
        logits, numbers, tokens, logits.stride(0), logits.shape[1], temperature, top_p, top_k,
        CHUNK=CHUNK, BITS=bits, num_warps=16,
    )  # fmt: skip
