"""The text of a row that grows token by token, without decoding everything again at each token."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

CONTEXT = 4  # tokens of the prompt that go before: some tokenizers drop the first space of a text
UNFINISHED = "�"  # what a token that ends inside a character decodes to


class TokenDecoder(Protocol):
    """The one thing needed of a tokenizer."""

    def decode(self, token_ids: list[int], **options: bool) -> str:
        """Return the text of tokens."""
        ...


class Pieces:
    """The texts of a few tokens each. Samples of one prompt share most of them, and a tokenizer takes its time."""

    def __init__(self, tokenizer: TokenDecoder) -> None:
        self._tokenizer = tokenizer
        self.text = lru_cache(maxsize=1 << 18)(self._text)

    def _text(self, ids: tuple[int, ...]) -> str:
        return self._tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False)


class GrowingText:
    """What the new tokens of a row say. `text` lags behind while a character is not finished."""

    def __init__(self, pieces: Pieces, prompt_ids: list[int]) -> None:
        self._decode = pieces.text
        self._window = tuple(prompt_ids[-CONTEXT:])  # tokens already read, then those not yet
        self._read = len(self._window)
        self._before = self._decode(self._window)
        self.text = ""

    def push(self, token: int) -> bool:
        """Add a token; return whether `text` grew."""
        self._window += (token,)
        now = self._decode(self._window)
        if len(now) <= len(self._before) or now.endswith(UNFINISHED):
            return False
        self.text += now[len(self._before) :]
        # One step later the tokens just read are enough as context.
        self._window, self._read = self._window[self._read :], len(self._window) - self._read
        self._before = self._decode(self._window)
        return True

    def finish(self) -> str:
        """Return the whole text, with what is left of an unfinished character."""
        self.text += self._decode(self._window)[len(self._before) :]
        self._window, self._read, self._before = (), 0, ""
        return self.text
