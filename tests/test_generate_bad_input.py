"""Every bad input of `generate.py`, given on its command line: one clear line, exit code 2 (3: the machine), no file."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
sys.path.insert(0, str(Path(__file__).resolve().parent / "samplers"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "codegeex"))

import checkpoint_layouts as layouts
import tiny_models
from openai_server import serving

from humaneval_x.commands.generate import main
from humaneval_x.samplers import devices, server

QUERY = layouts.ROOT + "transformer.layers.1.attention.query.weight"


class Place:
    """What the bad inputs are made of; servers end with the test."""

    def __init__(self, folder: Path, model: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.model, self.stack, self.monkeypatch = folder, model, stack, monkeypatch
        self.output = folder / "out"

    def run(self, *words: str, model: str | Path | None = None) -> list[str]:
        """Return `run` of the tiny model, or of another one, on one problem."""
        usual = ["--model", str(model or self.model), "--output", str(self.output), "--problems", "fresh"]
        return ["run", *usual, "--limit", "1", "--num_samples", "1", "--max_new_tokens", "2", *words]

    def convert(self, partitions: int = 1, change: Callable[[dict[str, layouts.Tensor]], object] = len) -> list[str]:
        """Return `convert` of a checkpoint of which something was changed."""
        flat = layouts.random_checkpoint()
        change(flat)
        layouts.save_partitions(flat, partitions, self.folder / "checkpoint")
        layouts.save_config(self.folder / "checkpoint")
        return ["convert", str(self.folder / "checkpoint"), str(self.output)]

    def without(self, name: str) -> list[str]:
        """Return `run` of a copy of the tiny model that lacks a file."""
        copy = self.folder / "model"
        shutil.copytree(self.model, copy)
        (copy / name).unlink()
        return self.run(model=copy)

    def truncated(self, path: Path) -> None:
        os.truncate(path, path.stat().st_size // 2)

    def served(self, status: int, body: bytes) -> list[str]:
        """Return `run` against a server that always answers so."""
        endpoint = self.stack.enter_context(serving(lambda asked: "}"))
        endpoint.always = (status, {}, body)
        return self.run("--served_model", "tiny", model=endpoint.url)


def truncated_checkpoint(at: Place) -> list[str]:
    words = at.convert()
    at.truncated(at.folder / "checkpoint" / "mp_rank_00_model_states.pt")
    return words


def truncated_model(at: Place) -> list[str]:
    copy = at.folder / "model"
    shutil.copytree(at.model, copy)
    at.truncated(copy / "model.safetensors")
    return at.run(model=copy)


def two_of_four_partitions(at: Place) -> list[str]:
    words = at.convert(partitions=4)
    for rank in (2, 3):
        (at.folder / "checkpoint" / f"mp_rank_0{rank}_model_states.pt").unlink()
    return words


def long_prompt(at: Place) -> list[str]:
    (at.folder / "prompt.txt").write_text("x = 1\n" * 1000)
    return ["complete", "--model", str(at.model), "--prompt_file", str(at.folder / "prompt.txt")]


def little_memory(at: Place) -> list[str]:
    at.monkeypatch.setattr(devices, "free_bytes", lambda device: 1000)
    return at.run("--device", "cpu")


def no_device(kind: str) -> Callable[[Place], list[str]]:
    def words(at: Place) -> list[str]:
        at.monkeypatch.setattr(devices, "count", lambda asked: 0)
        return at.run("--device", kind)

    return words


def with_another_tensor(flat: dict[str, layouts.Tensor]) -> None:
    flat[layouts.ROOT + "transformer.layers.1.rotary"] = flat[QUERY].clone()


def of_another_shape(flat: dict[str, layouts.Tensor]) -> None:
    flat[QUERY] = flat[QUERY][:16].clone()


BAD: dict[str, tuple[Callable[[Place], list[str]], int, str]] = {
    "a truncated checkpoint": (truncated_checkpoint, 2, r"truncated or damaged: [\d,]+ bytes .*; get the file again"),
    "a truncated model": (truncated_model, 2, r"model\.safetensors missing or truncated; convert the checkpoint again"),
    "a wrong partition count": (two_of_four_partitions, 2, r"found 2 files, expected 4: .*; give the folder or the list"),
    "a missing tensor": (lambda at: at.convert(change=lambda flat: flat.pop(QUERY)), 2, r"1 tensors are missing \(.*layers\.1\.attention\.query\.weight\); expected 53"),
    "an extra tensor": (lambda at: at.convert(change=with_another_tensor), 2, r"1 are not of CodeGeeX \(.*layers\.1\.rotary\); expected 53"),
    "shapes of another model": (lambda at: at.convert(change=of_another_shape), 2, r"query\.weight is 16 x 32, expected 32 x 32 .*; this is a checkpoint of another model"),
    "a folder without tokenizer files": (lambda at: at.without("tokenizer.json"), 2, r"no tokenizer files \(.*\); copy vocab\.json, .* from codegeex/tokenizer of https://github\.com/THUDM/CodeGeeX"),
    "a prompt of more than 2,048 tokens": (long_prompt, 2, r"the prompt has \d+ tokens, the model takes 2048 with the completion; shorten it, or leave"),
    "a temperature below 0": (lambda at: at.run("--temperature", "-0.5"), 2, r"--temperature is -0\.5; expected a number from 0"),
    "top_p 0": (lambda at: at.run("--top_p", "0"), 2, r"--top_p is 0; expected a number above 0, at most 1"),
    "top_p above 1": (lambda at: at.run("--top_p", "1.01"), 2, r"--top_p is 1\.01; expected a number above 0, at most 1"),
    "an unknown pair": (lambda at: at.run("--task", "translation", "--pairs", "python-perl"), 2, r"unknown language 'perl'; choose cpp, go, java, javascript, python, rust"),
    "a server that answers 401": (lambda at: at.served(401, b'{"error": {"message": "bad key"}}'), 3, r"answered 401 \(bad key\); the key in the environment variable OPENAI_API_KEY is not set; set it"),
    "a server that answers 429": (lambda at: at.served(429, b""), 3, r"answered 429, 8 times in a row; finished samples are kept; see to the server"),
    "a server that answers 500": (lambda at: at.served(500, b"<html>"), 3, r"answered 500 \(<html>\), 8 times in a row; finished samples are kept"),
    "a server that answers garbage": (lambda at: at.served(200, b"\x00\xff"), 3, r"answered out of OpenAI's protocol \(not JSON: .*\), 8 times in a row"),
    "no GPU where one was asked for": (no_device("cuda"), 3, r"--device cuda: no such device is usable on this machine; install .*, or give --device cpu"),
    "no NPU where one was asked for": (no_device("npu"), 3, r"--device npu: no such device is usable on this machine; install torch_npu .*, or give --device cpu"),
    "too little memory": (little_memory, 3, r"the weights need [\d.]+ MB in float32, cpu has [\d.]+ MB free; nothing here would fit it"),
}  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_codegeex(tmp_path_factory.mktemp("models") / "tiny-codegeex")


@pytest.fixture
def place(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ExitStack() as stack:
        yield Place(tmp_path, model, stack, monkeypatch)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_one_clear_line(name: str, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    make, code, message = BAD[name]
    words = make(place)
    with pytest.raises(SystemExit) as ended:
        main(words)
    out, error = capsys.readouterr()
    *retries, line = error.splitlines()
    assert all(each.startswith("retrying ") for each in retries)
    assert re.search(message, line)
    assert (ended.value.code, out) == (code, "")
    assert not place.output.exists() or not place.output.read_bytes()
