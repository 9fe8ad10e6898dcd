"""CodeBLEU of one text against one reference, with its four parts, as fractions.

    CodeBLEU = (BLEU + weighted BLEU + subtrees matched + data flow matched) / 4

Source: Ren et al. 2020, arXiv 2009.10297, sections 3.1 to 3.3, with the equal weights that the paper and its published
program use. Where the paper leaves something open or this differs, `docs/similarity.md` says so and why. It measures
likeness to one way of writing the solution: not whether a program is right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import TypeVar

from humaneval_x.similarity.code import Code, Token

LONGEST_NGRAM = 4
KEYWORD, OTHER = 5.0, 1.0  # weights of words: section 3.1, "5 times"
NO_MATCH = 0.1  # in place of a count of 0, Chen and Cherry 2014, method 1: as in the published program

Ngram = tuple[Token, ...]
Shares = Callable[[Counter[Ngram], Counter[Ngram]], tuple[float, float]]  # how much is matched, of how much
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBleu:
    """The four parts; None where the reference has nothing of the kind, and the part says nothing."""

    ngram: float
    weighted_ngram: float
    syntax: float | None
    dataflow: float | None

    @property
    def value(self) -> float:
        """The mean of the parts that there are."""
        parts: list[float] = [part for part in astuple(self) if part is not None]
        return sum(parts) / len(parts)


def codebleu(text: Code, reference: Code) -> CodeBleu:
    """Return CodeBLEU: 0 for an empty text, 1 for the reference itself."""
    return CodeBleu(
        ngram=bleu(text.tokens, reference.tokens),
        weighted_ngram=weighted_bleu(text.tokens, reference.tokens),
        syntax=matched(text.subtrees, reference.subtrees),
        dataflow=matched(text.flow, reference.flow),
    )


def bleu(text: Sequence[Token], reference: Sequence[Token]) -> float:
    """Return BLEU-4 of words: the geometric mean of n-gram precisions, with the brevity penalty (Papineni 2002)."""
    return _bleu(text, reference, lambda mine, theirs: (count(mine & theirs), count(mine)))


def weighted_bleu(text: Sequence[Token], reference: Sequence[Token]) -> float:
    """Return the same of n-gram recall, where keywords among single words weigh more."""
    return _bleu(text, reference, lambda mine, theirs: (count(mine & theirs, weight), count(theirs, weight)))


def weight(ngram: Ngram) -> float:
    """Return what an n-gram counts."""
    return KEYWORD if len(ngram) == 1 and ngram[0].keyword else OTHER


def count(ngrams: Counter[Ngram], weight: Callable[[Ngram], float] = lambda _: OTHER) -> float:
    """Return how much some n-grams count together."""
    return sum(times * weight(ngram) for ngram, times in ngrams.items())


def _bleu(text: Sequence[Token], reference: Sequence[Token], shares: Shares) -> float:
    orders = range(1, min(LONGEST_NGRAM, len(reference)) + 1)  # a reference of two words has no n-grams of four
    found = [shares(ngrams(text, n), ngrams(reference, n)) for n in orders]
    if not found or not found[0][0]:
        return 0.0
    logs = [math.log((match or NO_MATCH) / (total or 1)) for match, total in found]
    brevity = min(0.0, 1 - len(reference) / len(text))
    return math.exp(brevity + sum(logs) / len(logs))


def ngrams(tokens: Sequence[Token], n: int) -> Counter[Ngram]:
    """Return the runs of n words, counted."""
    return Counter(zip(*(tokens[at:] for at in range(n)), strict=False))


def matched(found: Counter[Kind], wanted: Counter[Kind]) -> float | None:
    """Return which part of `wanted` is in `found`, each as often as it is there; None where nothing is wanted."""
    return (found & wanted).total() / wanted.total() if wanted else None
