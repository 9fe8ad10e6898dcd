"""The benchmark of sampling in small: its checks of samples and logits hold, and see what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import generation

SMALL = ["--num_hidden_layers", "3", "--hidden_size", "64", "--num_attention_heads", "4", "--samples", "5"]
SMALL += ["--prompt", "20", "--new", "3", "--singles", "1"]


def test_the_benchmark_runs_in_small_and_its_checks_hold(capsys: pytest.CaptureFixture[str]) -> None:
    report = generation.main([*SMALL, "--problems", "1"])
    assert report["faults"] == []
    rates = report["tokens/s"]
    assert all(rates[name] > 0 for name in ("ours", "batch", "single", "ours / batch", "floor, shared prompt"))
    assert report["projection"]["minutes for 820, in proportion"] > 0
    assert '"faults": []' in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [float("nan"), 0.5])
def test_a_wrong_logit_is_seen_and_nothing_is_measured(wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    forward = generation.Ours._forward

    def spoiled(self: generation.Ours, tokens: torch.Tensor, lengths: list[int]) -> torch.Tensor:
        logits = forward(self, tokens, lengths)
        logits[-1, -1] += wrong * logits.abs().max()
        return logits

    monkeypatch.setattr(generation.Ours, "_forward", spoiled)
    report = generation.main(SMALL)
    assert report["faults"][0].startswith("logits differ by ")
    assert "tokens/s" not in report
