"""What test_paged.py runs with TRITON_INTERPRET=1: the kernels and the paged decoder against plain arithmetic."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
import triton

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from tiny_models import save_codegeex, save_gpt2, save_llama  # noqa: E402

from humaneval_x.codegeex import int8, int8_kernel  # noqa: E402
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings, drawing, kernels, open_sampler, paged  # noqa: E402
from humaneval_x.samplers.engine import Engine  # noqa: E402
from humaneval_x.samplers.rows import Tokenized  # noqa: E402

SAVE = {"codegeex": save_codegeex, "gpt2": save_gpt2, "llama": save_llama}


def attention() -> None:
    """Rows of several prompts, some without tokens of their own yet, heads that share keys, poisoned scratch."""
    for dtype, shared, queries, size, bound in ((torch.float32, 2, 1, 16, 1e-6), (torch.float16, 1, 3, 32, 2e-3)):
        torch.manual_seed(size)
        prompts, own = [37, 5], [1, 17, 40, 0, *(1 + i % 20 for i in range(36))]
        prompt_of = [0, 0, 1, 0, *(0 for _ in range(36))]
        heads, places = shared * queries, iter(torch.randperm(160).tolist())
        keys, values = torch.randn(2, 160, shared, kernels.BLOCK, size).to(dtype)
        tables = [
            torch.tensor([[next(places) if at * 16 < length else 0 for at in range(3)] for length in lengths]).int()
            for lengths in (prompts, own)
        ]
        tiles = [[row for row, prompt in enumerate(prompt_of) if prompt == each and own[row]] for each in (0, 1)]
        tiles = [tiles[0][:32], tiles[0][32:], tiles[1], []]
        plan = {
            "tile_rows": torch.tensor([tile + [-1] * (kernels.TILE - len(tile)) for tile in tiles]).int(),
            "tile_prompt": torch.tensor([0, 0, 1, -1]).int(),
            "prompt_lengths": torch.tensor(prompts).int(),
            "prompt_blocks": tables[0],
            "lengths": torch.tensor(own).int(),
            "blocks": tables[1],
        }
        whole = torch.randn(len(own), (heads + 2 * shared) * size).to(dtype)  # one product's result, rows apart
        query, key, value = (
            part.unflatten(1, (-1, size)) for part in whole.split([heads * size, shared * size, shared * size], 1)
        )
        nan = float("nan")
        scratch = (torch.full((len(own), heads, size), nan), *torch.full((2, len(own), heads), nan))
        found = kernels.attend(query, key, value, keys, values, plan, scratch, size**-0.5)
        for row, length in enumerate(own):
            if not length:
                continue
            assert torch.equal(gathered(keys, tables[1][row], length)[:, -1], key[row])
            both = [
                torch.cat(
                    [
                        gathered(store, tables[0][prompt_of[row]], prompts[prompt_of[row]]),
                        gathered(store, tables[1][row], length),
                    ],
                    1,
                )
                .double()
                .repeat_interleave(queries, 0)
                for store in (keys, values)
            ]
            expected = torch.nn.functional.scaled_dot_product_attention(query[row].double()[:, None], *both)[:, 0]
            assert (found[row].double() - expected).norm() < bound * expected.norm(), row


def gathered(store: torch.Tensor, table: torch.Tensor, length: int) -> torch.Tensor:
    """Return the first tokens of a table's blocks, (heads, length, size)."""
    return torch.cat([store[int(block)] for block in table], 1)[:, :length]


def draws() -> None:
    """The token of `drawing.draw`, ties aside: with and without top-k and top-p, at both ends of the numbers."""
    kernels.CHUNK = 512
    for dtype in (torch.float16, torch.float32):
        for top_p, top_k in ((0.95, 0), (1.0, 0), (0.5, 7), (1.0, 40), (1e-6, 0)):
            torch.manual_seed(top_k)
            logits, numbers = (torch.randn(6, 700) * 3).to(dtype), torch.rand(6)
            numbers[0], numbers[1] = 0.0, 1.0 - 1e-7
            found = torch.full((6,), -1)
            kernels.draw(logits, numbers, found, 0.8, top_p, top_k)
            expected = drawing.draw(
                logits, numbers.tolist(), SamplingSettings(temperature=0.8, top_p=top_p, top_k=top_k)
            )
            equal = logits.gather(1, found[:, None]) == logits.gather(1, expected[:, None])
            assert equal[2:].all(), (dtype, top_p, top_k)
            assert (logits.softmax(-1).gather(1, found[:, None]) > 0).all()
    logits = torch.full((1, 700), 1.0)  # all equal: the lower ids come first
    for number in (0.0, 0.25, 0.999):
        kernels.draw(logits, torch.tensor([number]), found[:1], 0.8, 0.5, 0)
        assert abs(int(found[0]) - int(number * 350)) <= 1


def engines(name: str, settings: SamplingSettings, **options: Any) -> tuple[Engine, Engine]:
    """Return the CPU's own engine and the GPU's way on the CPU."""
    kernels.CHUNK = 1024
    with tempfile.TemporaryDirectory() as folder:
        SAVE[name](Path(folder))
        samplers: list[Any] = [
            open_sampler(ModelOptions(model=folder, device="cpu", **options), settings) for _ in range(2)
        ]
        made = [sampler.engine for sampler in samplers]
    made[1].paged, made[1].exact = True, False
    return made[0], made[1]


def requests(engine: Engine, samples: int) -> list[Tokenized]:
    """Return prompts of unequal length."""
    chance = random.Random(5)
    return [
        Tokenized(
            Request(task_id=f"t{number}", language="", prompt="", prefix="", indices=tuple(range(samples))),
            [chance.randrange(1, 200) for _ in range(length)],
            tuple(range(samples)),
            False,
        )
        for number, length in enumerate((33, 7, 18))
    ]


def tokens(engine: Engine, asked: list[Tokenized]) -> dict[tuple[str, int], tuple[str, int, str]]:
    """Return the samples by task and index; none may come twice."""
    found = [(completion.task_id, completion.sample_index, completion) for completion in engine.sample(asked)]
    assert len({each[:2] for each in found}) == len(found) == sum(len(tokenized.indices) for tokenized in asked)
    return {
        (task, index): (completion.raw, completion.tokens, completion.finish_reason)
        for task, index, completion in found
    }


def greedy() -> None:
    for name in SAVE:
        mine, theirs = engines(name, SamplingSettings(temperature=0, max_new_tokens=20), batch_size=4)
        assert tokens(theirs, requests(theirs, 3)) == tokens(mine, requests(mine, 3)), name
        again = tokens(theirs, requests(theirs, 2))  # by the same graphs and store
        assert again == tokens(mine, requests(mine, 2)), name


def sampled() -> None:
    mine, theirs = engines("codegeex", SamplingSettings(temperature=0.8, top_p=0.95, max_new_tokens=12), batch_size=5)
    found, expected = tokens(theirs, requests(theirs, 4)), tokens(mine, requests(mine, 4))
    assert len({raw for raw, _, _ in expected.values()}) > 8
    assert found == expected
    store = theirs.decoder.store
    assert sorted(store.free) == list(range(1, len(store.layers[0][0]))), "blocks are lost"
    assert not theirs.decoder.prompts


def shrinks() -> None:
    """Blocks run out in the middle: fewer rows, nothing lost or doubled."""
    # Few tokens to choose from: neighbours whose probabilities differ by less than a batch's rounding change places.
    settings = SamplingSettings(temperature=0.8, top_p=0.95, top_k=20, max_new_tokens=24)
    mine, theirs = engines("llama", settings, batch_size=6)
    made = theirs._made
    theirs.__dict__["_made"] = lambda prompt, tokens: made(prompt, 16 * 14)
    assert tokens(theirs, requests(theirs, 4)) == tokens(mine, requests(mine, 4))
    assert (theirs.batch_size or 6) < 6


def product() -> None:
    """int8 weights without expanding them: the product of the expanded ones."""
    torch.manual_seed(0)
    for rows, inner, outer in ((1, 32, 48), (3, 1100, 10), (5, 600, 96), (40, 96, 32)):
        linear = int8.Int8Linear.from_linear(torch.nn.Linear(inner, outer))
        x = torch.randn(2, rows, inner).half()
        found = int8_kernel.linear(x, linear.weight, linear.weight_scale, linear.bias.half())
        expected = torch.nn.functional.linear(
            x.double(), linear.weight.double() * linear.weight_scale.double()[:, None], linear.bias.double()
        )
        assert (found.double() - expected).norm() < 1e-3 * expected.norm()


PARTS = {
    "attention": attention,
    "draws": draws,
    "greedy": greedy,
    "sampled": sampled,
    "shrinks": shrinks,
    "int8": product,
}

if __name__ == "__main__":
    assert triton.knobs.runtime.interpret
    assert paged.LAG == 1
    torch.set_num_threads(1)
    PARTS[sys.argv[1]]()
