"""CodeGeeX's tokenizer: GPT-2 byte-level BPE, with runs of spaces as single tokens.

A run of i spaces (2..10) becomes <|extratoken_(10 + i - 2)|>, longest first, left to right: 11 spaces
are one token of ten and one literal space. Both directions are part of the tokenizers pipeline, so a
saved tokenizer.json does it in every engine. Nothing is added at the start; padding is on the left
with <|endoftext|>, as generation needs.
Does not come with its vocabulary: the published files are read from a folder.
Source: codegeex/tokenizer/tokenizer.py of github.com/THUDM/CodeGeeX.
"""

# transformers is partly untyped.
# ruff: noqa: RUF012  # transformers' class attributes are plain ones
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE
from transformers import TokenizersBackend

from humaneval_x.errors import CheckpointError

TOKENIZER_FILES = ("vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json", "tokenizer_config.json")
WHERE_TO_GET = (
    "copy vocab.json, merges.txt and added_tokens.json there from codegeex/tokenizer of "
    "https://github.com/THUDM/CodeGeeX"
)
END_OF_TEXT = "<|endoftext|>"
SPACES = {  # longest first, as they must be replaced
    " " * run: f"<|extratoken_{10 + run - 2}|>" for run in range(10, 1, -1)
}
EXTRA_TOKENS = 143  # <|extratoken_1|> is 50257, the last one 50399


class CodeGeeXTokenizer(TokenizersBackend):
    """Fast tokenizer of CodeGeeX; `CodeGeeXTokenizer.from_pretrained(folder)` reads the published files."""

    vocab_files_names = {"vocab_file": "vocab.json", "merges_file": "merges.txt"}
    model_input_names = ["input_ids", "attention_mask"]
    model: Any = BPE  # transformers reads vocab.json and merges.txt accordingly

    def __init__(
        self,
        vocab: str | dict[str, int] | None = None,
        merges: Any = None,
        **options: Any,
    ) -> None:
        bpe = BPE.from_file(vocab, str(merges)) if isinstance(vocab, str) else BPE(vocab or {}, merges or [])
        self._tokenizer = Tokenizer(bpe)
        self._tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Replace(run, token) for run, token in SPACES.items()]
        )
        self._tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        # Spaces are no letters of the byte-level alphabet, which the ByteLevel decoder passes unchanged.
        self._tokenizer.decoder = decoders.Sequence(
            [decoders.Replace(token, run) for run, token in SPACES.items()] + [decoders.ByteLevel()]
        )
        if vocab:
            # Their ids follow the vocabulary. normalized: looked for after runs of spaces have become them.
            self._tokenizer.add_tokens(
                [AddedToken(f"<|extratoken_{n}|>", normalized=True) for n in range(1, EXTRA_TOKENS + 1)]
            )
        settings = {
            "bos_token": END_OF_TEXT,
            "eos_token": END_OF_TEXT,
            "unk_token": END_OF_TEXT,
            "pad_token": END_OF_TEXT,
            "padding_side": "left",
            "model_max_length": 2048,
            "clean_up_tokenization_spaces": False,
        }
        super().__init__(**(settings | options))

    @classmethod
    def from_pretrained(  # type: ignore[override]
        cls, folder: Any, *inputs: Any, **options: Any
    ) -> CodeGeeXTokenizer:
        """Return the tokenizer of a folder: the published files, or what `save_pretrained` wrote.

        `folder` may also be a Hugging Face name, owner/model. Raises CheckpointError where a local
        folder has no tokenizer files.
        """
        if Path(folder).exists() or str(folder).count("/") != 1:
            check_tokenizer_folder(Path(folder))
        tokenizer: CodeGeeXTokenizer = super().from_pretrained(folder, *inputs, **options)
        return tokenizer


def check_tokenizer_folder(folder: Path) -> None:
    """Raise CheckpointError unless the folder holds tokenizer.json, or vocab.json and merges.txt."""
    if (folder / "tokenizer.json").is_file():
        return
    missing = [name for name in ("vocab.json", "merges.txt") if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(f"{folder}: no tokenizer files ({', '.join(missing)} missing); {WHERE_TO_GET}")
