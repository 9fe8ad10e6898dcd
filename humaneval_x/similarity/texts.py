"""One sample against one reference: every text metric, as fractions, by name.

BLEU and chrF are sacrebleu's, ROUGE-L is rouge-score's, both with their own defaults; CodeBLEU is ours. A metric says
how alike two texts are. It says nothing of whether a program is right.
Sources: Post 2018 (BLEU by sacrebleu), Popović 2015 (chrF), Lin 2004 (ROUGE-L), Ren et al. 2020 (CodeBLEU).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from humaneval_x.errors import SetupError, install
from humaneval_x.similarity.code import Code
from humaneval_x.similarity.codebleu import codebleu

LONGEST = 20_000  # characters that are compared: a flood of text costs no more than a long program


def compared(text: Code, reference: Code) -> dict[str, float]:
    """Return the metrics of one text: each 0 for an empty text, 1 for the reference itself. Raises SetupError.

    Parts of CodeBLEU of which the reference has nothing are left out.
    """
    found = codebleu(text, reference)
    parts = {name: part for name, part in asdict(found).items() if part is not None}
    return {**alike(text.text, reference.text), "codebleu": min(1.0, found.value), **parts}


def alike(mine: str, theirs: str) -> dict[str, float]:
    """Return the metrics of texts of any kind. Raises SetupError."""
    scorers, mine = packages(), mine[:LONGEST]
    values = {
        "bleu": scorers["bleu"].sentence_score(mine, [theirs]).score / 100,
        "chrf": scorers["chrf"].sentence_score(mine, [theirs]).score / 100,
        "rouge_l": scorers["rouge"].score(theirs, mine)["rougeL"].fmeasure,
    }
    return {name: min(1.0, value) for name, value in values.items()}  # 100.00000000000004 is 1


@functools.cache
def packages() -> Mapping[str, Any]:
    """Return the scorers of other projects. Raises SetupError where they are not installed."""
    try:
        from rouge_score.rouge_scorer import RougeScorer
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
    except ModuleNotFoundError as fault:
        missing = (fault.name or "").partition(".")[0]
        told = f"--metrics needs the Python package {missing}; install it with: {install('metrics')}"
        raise SetupError(told) from fault
    return {"bleu": BLEU(effective_order=True), "chrf": CHRF(), "rouge": RougeScorer(["rougeL"])}


def code(language: str, given: str, written: str) -> Code:
    """Return a text as it is compared: its first 20,000 characters, read behind what the problem gives."""
    return Code(language, _bytes(given), _bytes(written[:LONGEST]))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
