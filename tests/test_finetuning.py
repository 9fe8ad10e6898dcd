"""The example that fine-tunes on translation pairs: pass@1 of a tiny model's translations before and after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from machine import ROOT

pytest.importorskip("torch")
pytest.importorskip("peft")
sys.path.insert(0, str(ROOT / "tests" / "samplers"))

import tiny_models
import torch

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM
from humaneval_x.commands import evaluate, generate

PAIRS = ("python-javascript",)
TRAINED, ASKED = 2, 4  # problems of each pair
EXAMPLE = ROOT / "examples" / "finetune_translation.py"


def untrained(folder: Path) -> Path:
    """Write a tiny CodeGeeX of random weights."""
    torch.manual_seed(0)
    tokenizer = tiny_models.codegeex_tokenizer()
    ends = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    sizes = {"vocab_size": len(tokenizer), "hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4}
    CodeGeeXForCausalLM(CodeGeeXConfig(**sizes, **ends)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def pass_at_1(model: Path, place: Path, sandbox: str) -> dict[str, float]:
    """Sample and judge the translations of each pair, greedily."""
    found = {}
    for pair in PAIRS:
        samples, results = place / f"{pair}.jsonl", place / pair
        asked = ["--task", "translation", "--pairs", pair, "--problems", "fresh", "--limit", str(ASKED)]
        asked += ["--preset", "greedy", "--max_new_tokens", "300", "--device", "cpu", "--quiet"]
        generate.main(["run", str(model), str(samples), *asked])
        judging = ["--problems", "fresh", "--output", str(results), "--partial", "--k", "1", "--workers", "1"]
        evaluate.main(["run", str(samples), "--sandbox", sandbox, *judging])
        (scored,) = json.loads((results / "scores.json").read_text())["scores"]["published"].values()
        found[pair] = float(scored["overall"]["pass@1"]["value"])
    return found


def finetune(*words: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-W", "ignore", str(EXAMPLE), *words]
    # One thread: those of a pool wait in loops, which on a busy machine costs more than they bring.
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_fine_tuning_raises_pass_at_1_of_translations(sandbox: str, tmp_path: Path) -> None:
    """What it was trained on comes to pass; of the rest nothing is asked here, as a model this small only remembers."""
    base, tuned = untrained(tmp_path / "base"), tmp_path / "tuned"
    settings = ["--batch", "2", "--learning_rate", "0.01", "--rank", "64", "--steps", "350", "--enough", "0.01"]
    done = finetune(
        str(base), str(tuned), "--pairs", ",".join(PAIRS), "--limit", str(TRAINED), *settings, "--device", "cpu"
    )
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    before, after = (pass_at_1(each, tmp_path / f"scores of {each.name}", sandbox) for each in (base, tuned))
    print(before, after)
    assert set(before.values()) == {0.0}
    assert all(score >= TRAINED / ASKED / 2 for score in after.values()), after
    assert (tmp_path / "tuned.adapter" / "adapter_model.safetensors").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pairs", "cpp-cobol"], "OptionError: unknown language 'cobol'"),
        (["--problems", "nowhere"], "ProblemError: "),
    ],
)
def test_what_cannot_be_trained_on_is_one_line(words: list[str], message: str, tmp_path: Path) -> None:
    done = finetune(str(tmp_path), str(tmp_path / "tuned"), *words)
    assert done.returncode
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
