"""A text is told piece by piece, and no piece shows a character of a stop word, however the text comes."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from humaneval_x.model_server.growing import Growing
from humaneval_x.modes import before


def told(text: str, stop: Sequence[str], seed: int) -> tuple[list[str], str, bool]:
    """Return the pieces, the whole and whether it was cut, of a text that grows by random steps."""
    pieces: list[str] = []
    growing = Growing(stop, None, pieces.append, lambda: False)
    order, at = random.Random(seed), 0
    while at < len(text):
        at = min(len(text), at + order.randint(1, 4))
        if growing(text[:at]):
            break
    return pieces, *growing.finish(text[:at])


@pytest.mark.parametrize("stop", [(), ("\n\n",), ("aab", "aac"), ("abab",), ("b", "ab"), ("aaaaaa",)])
def test_the_pieces_are_the_text_before_the_first_stop_word(stop: tuple[str, ...]) -> None:
    order = random.Random(7)
    for seed in range(300):
        text = "".join(order.choice("ab\nc") for _ in range(order.randint(0, 30)))
        pieces, whole, cut = told(text, stop, seed)
        assert "".join(pieces) == whole == before(text, stop)
        assert cut == any(word in text for word in stop)
        assert all(pieces)


def test_a_text_ends_when_nobody_waits_for_it_or_its_rule_says_so() -> None:
    assert Growing((), None, print, lambda: True)("")
    assert Growing((), lambda text: text.endswith("}"), lambda piece: None, lambda: False)("{}")
    assert not Growing((), lambda text: text.endswith("}"), lambda piece: None, lambda: False)("{")
