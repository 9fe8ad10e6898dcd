"""The engine in MindSpore beside ours: the same samples; its table of rows; what it refuses."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "codegeex"))

import checkpoint_layouts as layouts
from kills import kill_at_10_moments, same_samples
from machine import no_mindspore

from humaneval_x.codegeex import CodeGeeXForCausalLM
from humaneval_x.codegeex.names import all_names
from humaneval_x.errors import CheckpointError, MachineError, OptionError
from humaneval_x.generation import planned
from humaneval_x.samplers import Completion, ModelOptions, Request, SamplingSettings, open_sampler
from humaneval_x.samplers.rows import GrowingSample, Local
from humaneval_x.tasks import Task

GREEDY = SamplingSettings(temperature=0, max_new_tokens=12)
DRAWN = SamplingSettings(temperature=0.8, top_p=0.95, max_new_tokens=40, seed=3)
END = "<|endoftext|>"
WITH_ENDS = Request(task_id="prompt", language="", prompt=f"x = 1{END}def f(x):{END}\n    return x", prefix="")


def opened(folder: Path, settings: SamplingSettings, **options: Any) -> Local:
    sampler = open_sampler(ModelOptions(model=str(folder), device="cpu", **options), settings)
    assert isinstance(sampler, Local)
    return sampler


def requests(count: int, samples: int, languages: list[str]) -> list[Request]:
    return planned("fresh", Task.GENERATION, languages, "all", samples, count).requests


def by_key(completions: Iterable[Completion]) -> dict[tuple[str, int], Completion]:
    return {(each.task_id, each.sample_index): each for each in completions}


@pytest.mark.mindspore
def test_samples_are_those_of_our_engine(tiny: Callable[[str], Path]) -> None:
    """The numbers that decide tokens are the same; one may fall between what two libraries round to."""
    asked = requests(2, 6, ["python", "go"])
    ours = by_key(opened(tiny("codegeex"), DRAWN, engine="torch").sample(asked))
    found = by_key(opened(tiny("codegeex"), DRAWN, engine="mindspore", batch_size=5).sample(asked))
    assert found.keys() == ours.keys()
    assert len({each.raw for each in ours.values()}) > 12
    assert sum(found[key] != ours[key] for key in ours) <= 1


@pytest.mark.mindspore
def test_texts_end_where_those_of_our_engine_do(
    tiny: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of text, which here is a token that comes often; at a stop word; at the length."""
    folder = Path(shutil.copytree(tiny("codegeex"), tmp_path / "ending"))
    asked = replace(WITH_ENDS, prompt="def f(x):", indices=tuple(range(24)))
    tokens, push = Counter[int](), GrowingSample.push
    with monkeypatch.context() as counting:
        counting.setattr(GrowingSample, "push", lambda row, token: tokens.update([token]) or push(row, token))
        texts = "".join(each.raw for each in opened(folder, DRAWN, engine="torch").sample([asked]))
    often, word = tokens.most_common(1)[0][0], Counter(texts).most_common(6)[-1][0]
    config = json.loads((folder / "generation_config.json").read_text())
    (folder / "generation_config.json").write_text(json.dumps({**config, "eos_token_id": [0, often]}))
    both = [replace(asked, task_id="to a word", stop=(word + word[:1], word)), asked]
    ours = by_key(opened(folder, DRAWN, engine="torch").sample(both))
    found = by_key(opened(folder, DRAWN, engine="mindspore", batch_size=5).sample(both))
    assert sum(found[key] != ours[key] for key in ours) <= 1
    assert {"eos", "stop"} <= {each.finish_reason for each in found.values()}


@pytest.mark.mindspore
def test_rows_are_refilled_and_a_longer_prompt_gets_a_larger_table(tiny: Callable[[str], Path]) -> None:
    short, long = (
        replace(WITH_ENDS, task_id=name, prompt=text) for name, text in (("a", "x = 1"), ("b", "y = 2\n" * 40))
    )
    asked = [replace(each, indices=tuple(range(7))) for each in (short, long)]
    sampler = opened(tiny("codegeex"), DRAWN, engine="mindspore", batch_size=3)
    expected = by_key(opened(tiny("codegeex"), DRAWN, engine="torch").sample(asked))
    tables, original = [], sampler.engine._table_for  # type: ignore[attr-defined]

    def counted(rows: int, slots: int) -> Any:
        tables.append((rows, slots))
        return original(rows, slots)

    sampler.engine._table_for = counted  # type: ignore[attr-defined]
    found = by_key(sampler.sample(asked))
    assert sum(found[key] != expected[key] for key in expected) <= 1
    assert [rows for rows, _ in tables] == [3, 3]
    assert tables[0][1] < tables[1][1]
    assert by_key(sampler.sample(reversed(asked))).keys() == expected.keys()


@pytest.mark.mindspore
def test_it_samples_in_another_thread_than_it_was_opened_in_and_by_other_settings(tiny: Callable[[str], Path]) -> None:
    """As `generate.py serve` has it."""
    sampler, asked = opened(tiny("codegeex"), DRAWN, engine="mindspore"), requests(1, 2, ["go"])
    expected = by_key(opened(tiny("codegeex"), GREEDY, engine="torch").sample(asked))
    sampler.engine.use(GREEDY)
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: by_key(sampler.sample(asked))).result() == expected


@pytest.mark.mindspore
@pytest.mark.parametrize("layout", ["npy", "ckpt", "pt"])
def test_a_published_checkpoint_gives_the_samples_of_its_converted_folder(
    layout: str, tiny: Callable[[str], Path], tmp_path: Path
) -> None:
    """Read as it is, with the tokenizer beside it."""
    tensors = CodeGeeXForCausalLM.from_pretrained(tiny("codegeex"), dtype=torch.float16).state_dict()
    flat = {name.published: tensors[name.ours] for name in all_names(2)}
    folder = Path(shutil.copytree(tiny("codegeex"), tmp_path / "published", ignore=shutil.ignore_patterns("model*")))
    (folder / "config.json").write_text(json.dumps({"num_attention_heads": 4}))
    saved = {"npy": layouts.save_mindspore, "ckpt": layouts.save_ckpt, "pt": save_pt}[layout](flat, folder)
    with pytest.raises(CheckpointError, match=r"; convert it first: python generate.py convert "):
        opened(saved, GREEDY, engine="torch")
    with pytest.raises(
        OptionError, match=r"^--prompting chat: the tokenizer of .* has no chat template; give completion"
    ):
        opened(saved, GREEDY, engine="mindspore", prompting="chat")
    found, asked = opened(saved, GREEDY, engine="mindspore"), requests(1, 1, ["python", "go"])
    expected = opened(tiny("codegeex"), GREEDY, engine="mindspore", dtype="float16")
    assert by_key(opened(saved, GREEDY, engine="mindspore", dtype="float16").sample(asked)) == by_key(
        expected.sample(asked)
    )
    assert found.identity.name == saved.name
    assert found.identity.digest not in (None, expected.identity.digest)


def save_pt(flat: dict[str, torch.Tensor], folder: Path) -> Path:
    return layouts.save_partitions(flat, 1, folder)[0]


@pytest.mark.mindspore
def test_kill_9_at_10_random_moments_loses_and_doubles_no_sample(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    words = ["run", "--model", str(tiny("codegeex")), "--engine", "mindspore", "--device", "cpu", "--problems", "fresh"]
    words += ["--limit", "2", "--num_samples", "20", "--max_new_tokens", "12", "--batch_size", "16", "--quiet"]
    kill_at_10_moments([*words, "--output"], whole, killed, 200, "humaneval_x.samplers.mindspore")
    same_samples(whole, killed, differing=4)


@pytest.mark.mindspore
@torch.no_grad()
def test_end_of_text_inside_a_prompt_is_hidden_where_it_is_asked_for(tiny: Callable[[str], Path]) -> None:
    """As a mask of PyTorch's model hides it; without one in the prompt nothing changes."""
    plain = opened(tiny("codegeex"), GREEDY, engine="mindspore")
    hiding = opened(tiny("codegeex"), GREEDY, engine="mindspore", hide_end_of_text=True)
    ids = plain.prompts.encode(WITH_ENDS)
    assert ids.count(0) == 2
    model = CodeGeeXForCausalLM.from_pretrained(tiny("codegeex"), attn_implementation="eager").eval()
    texts = []
    for hides in (False, True):
        all_ids = list(ids)
        for _ in range(GREEDY.max_new_tokens):
            given = torch.tensor([all_ids])
            visible = torch.ones(len(all_ids), len(all_ids), dtype=torch.bool).tril()
            hidden = torch.tensor([hides and token == 0 for token in ids] + [False] * (len(all_ids) - len(ids)))
            mask = torch.where((visible & ~hidden) | torch.eye(len(all_ids), dtype=torch.bool), 0.0, -1e4)
            positions = torch.arange(len(all_ids))[None]
            logits = model(input_ids=given, attention_mask=mask[None, None], position_ids=positions).logits
            all_ids.append(int(logits[0, -1].argmax()))
            if all_ids[-1] == 0:
                break
        texts.append(plain.prompts.tokenizer.decode([token for token in all_ids[len(ids) :] if token]))
    found = [next(iter(sampler.sample([WITH_ENDS]))).raw for sampler in (plain, hiding)]
    assert [text.rstrip("\ufffd") for text in found] == [text.rstrip("\ufffd") for text in texts]
    assert found[0] != found[1]
    without = replace(WITH_ENDS, prompt="def f(x):")
    assert next(iter(plain.sample([without]))).raw == next(iter(hiding.sample([without]))).raw
    assert hiding.identity.details["hide_end_of_text"] is True


@pytest.mark.mindspore
@pytest.mark.parametrize(
    ("options", "fault", "message"),
    [
        (
            {"device": "cuda"},
            OptionError,
            "--device cuda: --engine mindspore runs on cpu and npu; give one, or another",
        ),
        ({"device": "npu"}, MachineError, "--device npu: MindSpore finds no Ascend NPU on this machine; install CANN"),
        (
            {"dtype": "bfloat16"},
            OptionError,
            "--dtype bfloat16: --engine mindspore has auto, float16 and float32; give",
        ),
        ({"processes": 2}, OptionError, "--processes: --engine mindspore is one process; start it once for each"),
    ],
)
def test_what_it_does_not_run_is_one_line(
    tiny: Callable[[str], Path], options: dict[str, Any], fault: type[Exception], message: str
) -> None:
    given = {"model": str(tiny("codegeex")), "engine": "mindspore", "device": "cpu", **options}
    with pytest.raises(fault) as caught:
        open_sampler(ModelOptions(**given), GREEDY)
    assert str(caught.value).startswith(message)


@pytest.mark.mindspore
def test_a_table_that_does_not_fit_is_one_line(tiny: Callable[[str], Path]) -> None:
    from humaneval_x.samplers.mindspore import out_of_memory

    with (
        pytest.raises(MachineError, match=r"^3 samples of 64 tokens do not fit the memory of this CPU; give a smaller"),
        out_of_memory(3, 64, "CPU"),
    ):
        raise RuntimeError("Allocate memory failed: Out of Memory")


def test_other_models_and_engines_are_refused(tiny: Callable[[str], Path]) -> None:
    with pytest.raises(
        OptionError,
        match=r"^--engine mindspore: runs CodeGeeX only, converted or as it was published, .* is none; give",
    ):
        opened(tiny("gpt2"), GREEDY, engine="mindspore")
    with pytest.raises(OptionError, match=r"^--hide_end_of_text: is for --engine mindspore; leave it out, or give"):
        opened(tiny("codegeex"), GREEDY, engine="torch", hide_end_of_text=True)


@pytest.mark.skipif(not no_mindspore(), reason="MindSpore is installed")
def test_without_mindspore_one_line_says_what_to_install(tiny: Callable[[str], Path]) -> None:
    with pytest.raises(
        OptionError, match=r"^mindspore is not installed; install it with: pip install '.*\[mindspore\]'$"
    ):
        opened(tiny("codegeex"), GREEDY, engine="mindspore")
