"""The benchmark of sampling in small: its checks of samples and logits hold, and see what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import generation
from humaneval_x.samplers.batch import BatchDecoder

SMALL = ["--num_hidden_layers", "3", "--hidden_size", "64", "--num_attention_heads", "4", "--samples", "5"]
SMALL += ["--prompt", "20", "--new", "3", "--singles", "1"]


def test_the_benchmark_runs_in_small_and_its_checks_hold(capsys: pytest.CaptureFixture[str]) -> None:
    report = generation.main([*SMALL, "--problems", "1", "--elsewhere", sys.executable])
    assert report["faults"] == []
    (elsewhere,) = report["elsewhere"]
    assert elsewhere["tokens/s"]["ours"] > 0
    assert elsewhere["options"]["new"] == report["options"]["new"] == 3
    rates = report["tokens/s"]
    assert all(rates[name] > 0 for name in ("ours", "batch", "single", "ours / batch", "floor, shared prompt"))
    assert report["projection"]["minutes for 820, in proportion"] > 0
    assert '"faults": []' in capsys.readouterr().out


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("vllm", "mindspore")]
)
def test_an_engine_is_measured_where_it_is_installed(engine: str) -> None:
    report = generation.main([*SMALL, "--ways", "ours,engines"])
    assert report["faults"] == []
    assert report["tokens/s"][f"ours / {engine}"] > 0


def test_the_random_models_samples_differ_so_that_comparing_them_proves_something() -> None:
    torch.manual_seed(1)
    shape = {"num_hidden_layers": 3, "hidden_size": 64, "num_attention_heads": 4, "vocab_size": 400}
    model = generation.random_model(shape, "cpu")
    samples = generation.Ours(model, 16, 8).tokens([list(range(20))], 16)
    assert len({tuple(tokens) for tokens in samples.values()}) == 16
    assert all(len(set(tokens)) > 3 for tokens in samples.values()), "a token that repeats itself"


@pytest.mark.parametrize("wrong", [float("nan"), 0.5])
def test_a_wrong_logit_is_seen_and_nothing_is_measured(wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    logits_of = BatchDecoder.logits

    def spoiled(self: BatchDecoder) -> torch.Tensor:
        logits = logits_of(self)
        logits[-1, -1] += wrong * logits.abs().max()
        return logits

    monkeypatch.setattr(BatchDecoder, "logits", spoiled)
    report = generation.main(SMALL)
    assert report["faults"][0].startswith("batch: logits differ by ")
    assert "tokens/s" not in report
