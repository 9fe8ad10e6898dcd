"""`generate.py run`, then `evaluate.py run`: a tiny model that knows some solutions by heart is sampled and judged."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
sys.path.insert(0, str(Path(__file__).resolve().parent / "samplers"))

import tiny_models
import torch
from openai_server import serving
from training import train
from transformers import GPT2Config, GPT2LMHeadModel

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM
from humaneval_x.commands import evaluate, generate
from humaneval_x.generation import planned
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings, open_sampler
from humaneval_x.settings import Task

torch.set_num_threads(1)
KNOWN, ASKED = 2, 4  # problems trained on, problems sampled, of each language or pair
PAIRS = ["cpp-python", "python-javascript"]
TASKS = {
    "generation": ["--languages", "python"],
    **{pair: ["--task", "translation", "--pairs", pair] for pair in PAIRS},
}
GREEDY = ["--problems", "fresh", "--preset", "greedy", "--max_new_tokens", "300", "--limit", str(ASKED)]


def requests(count: int) -> list[Request]:
    """Return the first requests of the generation task in Python, and of both pairs."""
    found = planned("fresh", Task.GENERATION, ["python"], "all", 1, count).requests
    return found + [
        request for pair in PAIRS for request in planned("fresh", Task.TRANSLATION, None, pair, 1, count).requests
    ]


def codegeex(folder: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = tiny_models.codegeex_tokenizer()
    ends = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    sizes = {"vocab_size": len(tokenizer), "hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4}
    return saved(CodeGeeXForCausalLM(CodeGeeXConfig(**sizes, **ends)), tokenizer, folder)


def gpt2(folder: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = tiny_models.fast_tokenizer()
    sizes = {"vocab_size": len(tokenizer), "n_positions": 2048, "n_embd": 64, "n_layer": 2, "n_head": 4}
    config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
    return saved(GPT2LMHeadModel(config), tokenizer, folder)


def saved(model: Any, tokenizer: Any, folder: Path) -> Path:
    loss = train(model, tokenizer, requests(KNOWN))
    print(f"{folder.name}: trained to a loss of {loss:.4f} a token")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of a server that gives the model's completions."""
    sampler = open_sampler(ModelOptions(model=str(folder), device="cpu"), SamplingSettings(max_new_tokens=300))

    def completion(body: dict[str, Any]) -> str:
        request = Request(task_id="any", language="", prompt=body["prompt"], prefix="")
        return next(iter(sampler.sample([request]))).raw

    with serving(completion) as endpoint:
        yield endpoint.url


def scores(folder: Path, sandbox: str, model: str, *options: str) -> dict[str, float]:
    """Sample and judge both tasks by the commands; return pass@1 of Python and of each pair."""
    return {name: pass_at_1(folder, sandbox, name, model, *options)["value"] for name in TASKS}


def pass_at_1(folder: Path, sandbox: str, task: str, model: str, *options: str) -> dict[str, float]:
    """Sample and judge one of the tasks, greedily where nothing else is said; return pass@1 as it stands in scores.json."""
    file, results = folder / f"{task}.jsonl", folder / "results" / task
    generate.main(["run", "--model", model, "--output", str(file), *TASKS[task], *GREEDY, *options])
    judging = ["--problems", "fresh", "--output", str(results), "--partial", "--k", "1", "--workers", "1"]
    evaluate.main(["run", str(file), "--sandbox", sandbox, *judging])
    (scored,) = json.loads((results / "scores.json").read_text())["scores"]["published"].values()
    found: dict[str, float] = scored["overall"]["pass@1"]
    return found


@pytest.mark.parametrize("make", [codegeex, pytest.param(gpt2, marks=pytest.mark.slow)])
def test_a_model_that_knows_half_of_the_problems_scores_between_0_and_1(
    make: Callable[[Path], Path], sandbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = make(tmp_path / make.__name__)
    found = scores(tmp_path / "local", sandbox, str(folder), "--device", "cpu")
    assert all(0 < score < 1 for score in found.values()), found
    if make is gpt2:
        with served(folder) as url:
            assert scores(tmp_path / "served", sandbox, url, "--concurrency", "1") == found


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("vllm", "mindspore")]
)
def test_an_engine_gives_a_trained_model_the_scores_that_ours_gives(engine: str, sandbox: str, tmp_path: Path) -> None:
    """Greedily the same; of drawn samples, with other numbers, a pass@1 whose interval has ours."""
    folder = codegeex(tmp_path / "codegeex")
    options = [str(folder), "--device", "cpu", "--engine"]
    expected = scores(tmp_path / "torch", sandbox, *options, "torch")
    assert all(0 < score < 1 for score in expected.values()), expected
    assert scores(tmp_path / engine, sandbox, *options, engine) == expected
    drawn = ["--temperature", "0.8", "--num_samples", "10", "--seed"]
    ours = pass_at_1(tmp_path / "torch" / "drawn", sandbox, "generation", *options, "torch", *drawn, "1")
    theirs = pass_at_1(tmp_path / engine / "drawn", sandbox, "generation", *options, engine, *drawn, "2")
    assert theirs["low"] <= ours["value"] <= theirs["high"], (ours, theirs)
    assert 0 < theirs["value"] < 1
