"""The batched engine gives each sample what it would be alone: whatever the batch, memory, and order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from drawn import by_key

from humaneval_x.errors import MachineError
from humaneval_x.generation import planned
from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings, engine, open_sampler
from humaneval_x.samplers.batch import BatchDecoder
from humaneval_x.samplers.rows import Local
from humaneval_x.samplers.text import GrowingText, Pieces
from humaneval_x.settings import Rules, Task

MODELS = ["codegeex", "gpt2", "llama"]
SAMPLING = SamplingSettings(temperature=0.8, top_p=0.95, max_new_tokens=16, seed=3)
GREEDY = SamplingSettings(temperature=0, max_new_tokens=16)


@pytest.fixture(params=MODELS)
def folder(request: pytest.FixtureRequest, tiny: Callable[[str], Path]) -> Path:
    return tiny(request.param)


def requests(count: int, samples: int, languages: list[str] | None = None) -> list[Request]:
    """Return requests of the fresh set, `count` a language."""
    return planned("fresh", Task.GENERATION, languages, "all", samples, count).requests


def opened(folder: Path, settings: SamplingSettings, **options: Any) -> Any:
    sampler = open_sampler(ModelOptions(model=str(folder), device="cpu", **options), settings)
    assert isinstance(sampler, Local)
    return sampler


def widths_of_steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of rows of every step from here on."""
    widths: list[int] = []
    start = BatchDecoder.start

    def counted(decoder: BatchDecoder, numbers: list[float]) -> None:
        widths.append(len(numbers))
        start(decoder, numbers)

    monkeypatch.setattr(BatchDecoder, "start", counted)
    return widths


def plain_greedy(sampler: Any, request: Request, limit: int) -> list[int]:
    """Return the greedy tokens by the library's own generate."""
    ids = torch.tensor([sampler.prompts.encode(request)])
    model = sampler.engine.model
    made = model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=limit, pad_token_id=0
    )
    return [token for token in made[0, ids.shape[1] :].tolist() if token != 0]


def test_samples_are_the_same_whatever_the_batch_size_and_the_order(folder: Path) -> None:
    asked = requests(1, 8, ["python", "go"])
    expected = by_key(opened(folder, SAMPLING, batch_size=1).sample(asked))
    assert len(expected) == 16
    assert len({completion.raw for completion in expected.values()}) > 8
    for size in (3, 7, 16):
        assert by_key(opened(folder, SAMPLING, batch_size=size).sample(reversed(asked))) == expected


def test_greedy_tokens_are_those_of_the_librarys_own_generate(folder: Path) -> None:
    asked = requests(1, 1)
    sampler = opened(folder, GREEDY, batch_size=4)
    for key, completion in by_key(sampler.sample(asked)).items():
        request = next(each for each in asked if each.task_id == key[0])
        whole = sampler.engine.tokenizer.decode(plain_greedy(sampler, request, 16), skip_special_tokens=True)
        assert whole.startswith(completion.raw)
        assert completion.raw == whole or completion.finish_reason == "stop"


def test_prompts_of_unequal_length_share_a_batch_and_give_the_same_greedy_tokens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = requests(2, 2)
    alone = by_key(opened(folder, GREEDY, batch_size=1).sample(asked))
    sampler, sizes = opened(folder, GREEDY, batch_size=5), widths_of_steps(monkeypatch)
    sampler.engine.exact = False  # as on an NPU: batches mix prompts, padded on the left
    assert by_key(sampler.sample(asked)) == alone
    assert sum(size == 5 for size in sizes) > len(sizes) / 2


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("fails_at", [0, 1, 9])
def test_running_out_of_memory_halves_the_batch_and_loses_no_sample(
    tiny: Callable[[str], Path], fails_at: int, exact: bool
) -> None:
    asked = requests(2, 4, ["java"])
    expected = by_key(opened(tiny("llama"), SAMPLING, batch_size=1).sample(asked))
    sampler = opened(tiny("llama"), SAMPLING, batch_size=8)
    sampler.engine.exact = exact
    model, calls = sampler.engine.model, iter(range(10**9))
    original = model.forward

    def forward(*inputs: Any, **options: Any) -> Any:
        output = original(*inputs, **options)  # the caches have the new token already
        if next(calls) == fails_at:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return output

    model.forward = forward
    found = by_key(sampler.sample(asked))
    assert sampler.engine.batch_size is not None
    assert sampler.engine.batch_size <= 4
    if exact:
        assert found == expected
    assert found.keys() == expected.keys()


def test_memory_for_not_even_one_sample_is_one_clear_line(tiny: Callable[[str], Path]) -> None:
    sampler = opened(tiny("gpt2"), SAMPLING, batch_size=2)

    def forward(*inputs: Any, **options: Any) -> Any:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    sampler.engine.model.forward = forward
    with pytest.raises(
        MachineError, match=r"^Python/fresh-0: out of memory with one sample at a time, .* GB free on cpu"
    ):
        list(sampler.sample(requests(1, 2, ["python"])))


def test_the_batch_size_is_found_from_the_free_memory(
    tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, sizes in ((1 << 40, {engine.LARGEST_BATCH}), (1 << 20, range(2, 40)), (0, {1})):
        monkeypatch.setattr(engine, "free_bytes", lambda device, free=free: free)
        sampler = opened(tiny("gpt2"), SAMPLING)
        assert len(list(sampler.sample(requests(1, 2, ["go"])))) == 2
        assert sampler.engine.batch_size in sizes


def test_a_row_that_met_its_stop_rule_leaves_the_batch(
    tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sampler = opened(tiny("gpt2"), SamplingSettings(temperature=1.0, max_new_tokens=40), batch_size=64)
    widths = widths_of_steps(monkeypatch)
    asked = [replace(request, rules=Rules.REFERENCE) for request in requests(1, 64, ["python"])]
    completions = list(sampler.sample(asked))
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 64
    stopped = [completion for completion in completions if completion.finish_reason == "stop"]
    assert stopped
    assert all(LANGUAGES["python"].stops(completion.raw) for completion in stopped)
    longest = [completion.raw.rstrip("\ufffd") for completion in completions if completion.finish_reason == "length"]
    assert not any(LANGUAGES["python"].stops(raw) for raw in longest)
    assert sum(widths) + 64 == sum(completion.tokens for completion in completions)


def test_text_that_grows_token_by_token_is_the_text_of_all_tokens(tiny: Callable[[str], Path]) -> None:
    for name in MODELS:
        tokenizer = opened(tiny(name), GREEDY).engine.tokenizer
        for text in ("héllo — 世界 🙂\n    x  =   1\n" + " " * 23 + "}\t\n", "a", " b", "\n\n"):
            ids = tokenizer(text)["input_ids"]
            growing = GrowingText(Pieces(tokenizer), tokenizer("prompt:\n")["input_ids"])
            seen = ""
            for token in ids:
                growing.push(token)
                assert growing.text.startswith(seen)
                seen = growing.text
            assert growing.finish() == text
