"""vLLM as the engine, beyond the contract of all engines: CodeGeeX's own values, several ranks, its server, kills.

Runs where vLLM is installed: `make test-engines`, on a CPU. Bounds are those measured, with room.
"""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "codegeex"))

from checkpoints import NEW_TOKENS, Reference, reference  # noqa: F401  (a fixture)
from kills import ENVIRONMENT, kill_at_10_moments, same_samples
from transformers import AutoConfig

from humaneval_x.codegeex import CodeGeeXForCausalLM, convert
from humaneval_x.errors import OptionError
from humaneval_x.generation import planned
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings, devices, engine_of, open_sampler
from humaneval_x.samplers.local import Model
from humaneval_x.samplers.rows import Tokenized
from humaneval_x.settings import Task

pytestmark = pytest.mark.vllm
LOGITS_BOUND = 1e-4  # float32; measured 2e-5 on logits up to 26
GREEDY = SamplingSettings(temperature=0, max_new_tokens=NEW_TOKENS)


class Numbers:
    """A tokenizer whose text is the tokens' numbers."""

    def decode(self, token_ids: list[int], **options: bool) -> str:
        return "".join(f"{token} " for token in token_ids)


def engine(folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Any:
    """Return vLLM's engine of a folder without a tokenizer."""
    from humaneval_x.samplers import vllm

    monkeypatch.delenv("VLLM_ENABLE_V1_MULTIPROCESSING", raising=False)
    asked = vllm.arguments
    monkeypatch.setattr(vllm, "arguments", lambda *given: replace(asked(*given), max_logprobs=-1))
    given = ModelOptions(model=str(folder), engine="vllm", device="cpu", **options)
    config = AutoConfig.from_pretrained(folder)
    model = Model(
        options=given, config=config, tokenizer=Numbers(), folder=folder, chat=False,
        context_length=config.max_position_embeddings, end_ids=frozenset(),
    )  # fmt: skip
    return vllm.started(model, GREEDY, "float32")


def greedy(engine: Any, prompts: list[list[int]]) -> list[list[int]]:
    """Return the greedy tokens of prompts that are given at once."""
    asked = [
        Tokenized(Request(task_id=str(number), language="", prompt="", prefix=""), ids, (0,), False)
        for number, ids in enumerate(prompts)
    ]
    found = {each.task_id: [int(word) for word in each.raw.split()] for each in engine.sample(asked)}
    return [found[str(number)] for number in range(len(prompts))]


def logits(engine: Any, prompt: list[int]) -> np.ndarray:
    """Return the log probabilities (T, V) after each token of a prompt."""
    from vllm import SamplingParams

    parameters = SamplingParams(temperature=0, max_tokens=1, prompt_logprobs=-1, logprobs=-1, detokenize=False)
    engine.engine.add_request("logits", {"prompt_token_ids": prompt}, parameters)
    while not (outputs := [each for each in engine.engine.step() if each.finished]):
        pass
    (output,) = outputs
    rows = [*output.prompt_logprobs[1:], output.outputs[0].logprobs[0]]
    return np.array([[row[token].logprob for token in range(len(row))] for row in rows])


def test_logits_and_greedy_ids_are_the_published_ones_alone_and_in_a_mixed_batch(
    reference: Reference,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, ids = engine(reference.converted, monkeypatch), reference.prompt_ids
    found = logits(running, ids)[:, reference.columns]
    expected = reference.logits
    # Log probabilities are logits up to a number of each row.
    error = np.abs((found - found.mean(1, keepdims=True)) - (expected - expected.mean(1, keepdims=True))).max()
    assert error < LOGITS_BOUND
    assert greedy(running, [ids]) == [reference.greedy_ids]
    rows = [ids, ids[:1], ids[:5], ids[3:], ids[:9], ids[7:12], ids[-2:], ids]
    together = greedy(running, rows)
    assert together == [greedy(running, [row])[0] for row in rows]
    assert together[0] == together[7] == reference.greedy_ids


def test_two_ranks_that_share_each_layer_give_the_published_greedy_ids(
    reference: Reference,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [reference.prompt_ids, reference.prompt_ids[:5]]
    assert greedy(engine(reference.converted, monkeypatch, tensor_parallel_size=2), rows)[0] == reference.greedy_ids


def test_int8_folders_give_the_greedy_ids_of_the_pytorch_model(
    reference: Reference,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = convert(reference.folder, tmp_path / "int8", int8=True)
    model: Any = CodeGeeXForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    ids = torch.tensor([reference.prompt_ids])
    made = model.generate(ids, max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=None, pad_token_id=0)
    running = engine(folder, monkeypatch)
    assert greedy(running, [reference.prompt_ids]) == [made[0, ids.shape[1] :].tolist()]


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        ({}, {"temperature": 2.5}, "--temperature 2.5: vLLM takes at most 2; give a lower one, or --engine torch"),
        ({"device": "cuda"}, {}, "--device cuda: the vLLM that is installed runs on cpu; leave it out, or --engine torch"),
    ],
)  # fmt: skip
def test_what_vllm_cannot_do_is_one_line(
    tiny: Callable[[str], Path], options: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    from humaneval_x.samplers import vllm

    with pytest.raises(OptionError) as fault:
        vllm.check(ModelOptions(model=str(tiny("codegeex")), **options), SamplingSettings(**settings))
    assert str(fault.value) == message


def test_auto_takes_vllm_where_there_is_a_device_and_it_has_the_model(
    tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from humaneval_x.samplers import vllm

    settings = SamplingSettings(temperature=0.8)
    chosen = lambda **options: engine_of(ModelOptions(**options), settings)  # noqa: E731
    codegeex = str(tiny("codegeex"))
    assert chosen(model=codegeex) == "torch"  # no device here
    monkeypatch.setattr(devices, "count", lambda kind: 1 if kind == "cuda" else 0)
    monkeypatch.setattr(vllm.current_platform, "device_type", "cuda")
    assert [chosen(model=str(tiny(name))) for name in ("codegeex", "gpt2", "qwen2")] == ["vllm"] * 3
    assert chosen(model=codegeex, device="cpu") == "torch"
    assert chosen(model=codegeex, device="cuda:1") == "torch"
    assert chosen(model=codegeex, engine="torch") == "torch"
    assert engine_of(ModelOptions(model=codegeex), SamplingSettings(temperature=2.5)) == "torch"
    other = tmp_path / "other"
    other.mkdir()
    config = {**json.loads((Path(codegeex) / "config.json").read_text()), "architectures": ["Unheard"]}
    (other / "config.json").write_text(json.dumps(config))
    assert chosen(model=str(other)) == "torch"


def test_kill_9_at_10_random_moments_loses_and_doubles_no_sample(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    words = ["run", "--model", str(tiny("codegeex")), "--engine", "vllm", "--problems", "fresh", "--limit", "2"]
    words += ["--num_samples", "20", "--max_new_tokens", "12", "--batch_size", "16", "--quiet", "--output"]
    kill_at_10_moments(words, whole, killed, 200, "humaneval_x.samplers.vllm")
    same_samples(whole, killed, differing=4)


@pytest.fixture(scope="module")
def served(tiny: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `vllm serve` on a converted folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    # What `vllm serve` runs; the repack for CPUs has not the name that the command looks for.
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(tiny("codegeex"))]
    command += ["--enforce-eager", "--kv-cache-memory-bytes", str(1 << 28)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--dtype", "float32", "--served-model-name", "codegeex"]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=output, stderr=output)
    try:
        for _ in itertools.count():
            assert process.poll() is None, log.read_text()[-3000:]
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def test_vllm_serve_gives_the_samples_of_the_folder_to_our_server_sampler_and_to_the_openai_package(
    tiny: Callable[[str], Path], served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openai

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    settings = SamplingSettings(temperature=0, max_new_tokens=16)
    asked = planned("fresh", Task.GENERATION, None, "all", 1, 1).requests
    local = open_sampler(ModelOptions(model=str(tiny("codegeex")), engine="torch", device="cpu"), settings)
    expected = {each.task_id: each for each in local.sample([replace(each, language="") for each in asked])}
    sampler = open_sampler(ModelOptions(model=served, concurrency=3), settings)
    assert sampler.identity.name == "codegeex"
    for completion in sampler.sample(asked):
        whole = expected[completion.task_id].raw.rstrip("\ufffd")  # vLLM leaves a character out that is not finished
        assert whole.startswith(completion.raw)
        assert completion.raw == whole or completion.finish_reason == "stop"
    client = openai.OpenAI(base_url=served, api_key="none")
    (choice,) = client.completions.create(
        model="codegeex", prompt=asked[0].prompt, temperature=0, max_tokens=16, extra_body={"skip_special_tokens": True}
    ).choices
    assert choice.text == expected[asked[0].task_id].raw.rstrip("\ufffd")
