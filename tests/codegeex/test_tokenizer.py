"""Tokens and texts equal the published tokenizer's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch  # noqa: F401  # the room needs it
from tokenizers.pre_tokenizers import ByteLevel
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXTokenizer
from humaneval_x.errors import CheckpointError

SharedPath = Callable[[str], Path]


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary of the published size and no licence: bytes, one merge, fillers."""
    folder = tmp_path_factory.mktemp("vocabulary")
    tokens = [*sorted(ByteLevel.alphabet()), "Ġx"]
    tokens += [f"filler{i}" for i in range(50256 - len(tokens))] + ["<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\nĠ x\n")
    return folder


@pytest.fixture(scope="session")
def published(shared_path: SharedPath) -> CodeGeeXTokenizer:
    return CodeGeeXTokenizer.from_pretrained(shared_path("tokenizer"))


def test_all_reference_cases_are_exact(published: CodeGeeXTokenizer, shared_path: SharedPath) -> None:
    cases = json.loads(shared_path("reference/tokenizer_cases.json").read_text(encoding="utf-8"))
    assert len(cases) == 39
    for case in cases:
        assert published(case["text"])["input_ids"] == case["ids"]
        assert published.decode(case["ids"]) == case["decoded"]


def test_decoding_undoes_encoding_on_every_text_of_the_820_problems(
    published: CodeGeeXTokenizer, shared_path: SharedPath
) -> None:
    texts = []
    for language in ("python", "cpp", "java", "js", "go"):
        path = shared_path(f"humaneval-x/humaneval_{language}.jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts += [text for line in lines for text in json.loads(line).values() if isinstance(text, str)]
    assert len(texts) > 820 * 6
    for text in texts:
        assert published.decode(published(text)["input_ids"]) == text


def test_a_saved_published_tokenizer_gives_the_same_ids_through_every_class(
    published: CodeGeeXTokenizer, shared_path: SharedPath, tmp_path: Path
) -> None:
    cases = json.loads(shared_path("reference/tokenizer_cases.json").read_text(encoding="utf-8"))
    published.save_pretrained(tmp_path)
    CodeGeeXConfig().save_pretrained(tmp_path)
    reloaded = CodeGeeXTokenizer.from_pretrained(tmp_path)
    automatic = AutoTokenizer.from_pretrained(tmp_path)
    plain = PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"))  # an engine without this package
    assert type(automatic) is CodeGeeXTokenizer
    for tokenizer in (reloaded, automatic, plain):
        for case in cases:
            assert tokenizer(case["text"])["input_ids"] == case["ids"]
            assert tokenizer.decode(case["ids"]) == case["decoded"]


@pytest.mark.parametrize("run", range(2, 26))
def test_runs_of_spaces_become_tens_then_the_rest(made_folder: Path, run: int) -> None:
    tokenizer = CodeGeeXTokenizer.from_pretrained(made_folder)
    tens, rest = divmod(run, 10)
    spaces = [50274] * tens + ([50266 + rest - 2] if rest >= 2 else [])
    # one space left over joins the next letter, as GPT-2's vocabulary has it
    first, word = (tokenizer.convert_tokens_to_ids(text) for text in ("x", "Ġx" if rest == 1 else "x"))
    text = "x" + " " * run + "x"
    ids = tokenizer(text)["input_ids"]
    assert ids == [first, *spaces, word]
    assert tokenizer.decode(ids) == text


def test_tabs_newlines_and_single_spaces_stay(made_folder: Path) -> None:
    tokenizer = CodeGeeXTokenizer.from_pretrained(made_folder)
    text = "\tx\n\n x \t \r\n"
    ids = tokenizer(text)["input_ids"]
    assert max(ids) < 50257
    assert tokenizer.decode(ids) == text


def test_the_special_tokens_pad_on_the_left_and_nothing_is_added(made_folder: Path) -> None:
    tokenizer = CodeGeeXTokenizer.from_pretrained(made_folder)
    assert len(tokenizer) == 50400
    assert tokenizer.convert_tokens_to_ids(["<|extratoken_1|>", "<|extratoken_143|>"]) == [50257, 50399]
    assert tokenizer.bos_token_id == tokenizer.eos_token_id == tokenizer.pad_token_id == 50256
    assert tokenizer.model_max_length == 2048
    batch = tokenizer(["x", "x<|endoftext|>  "], padding=True)
    x = tokenizer.convert_tokens_to_ids("x")
    assert batch["input_ids"] == [[50256, 50256, x], [x, 50256, 50266]]
    assert batch["attention_mask"] == [[0, 0, 1], [1, 1, 1]]
    assert tokenizer.decode(batch["input_ids"][1], skip_special_tokens=True) == "x  "


def test_save_and_load_round_trip(made_folder: Path, tmp_path: Path) -> None:
    tokenizer = CodeGeeXTokenizer.from_pretrained(made_folder)
    tokenizer.save_pretrained(tmp_path)
    text = "x" + " " * 23 + "x<|endoftext|>\n  é 🙂"
    again = CodeGeeXTokenizer.from_pretrained(tmp_path)
    assert again(text)["input_ids"] == tokenizer(text)["input_ids"]
    assert again.decode(again(text)["input_ids"]) == text
    assert again.get_vocab() == tokenizer.get_vocab()


def test_a_folder_without_tokenizer_files_says_where_to_get_them(tmp_path: Path) -> None:
    (tmp_path / "vocab.json").write_text("{}")
    with pytest.raises(CheckpointError) as caught:
        CodeGeeXTokenizer.from_pretrained(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: no tokenizer files (merges.txt missing); copy vocab.json, merges.txt and added_tokens.json "
        "there from codegeex/tokenizer of https://github.com/THUDM/CodeGeeX"
    )
