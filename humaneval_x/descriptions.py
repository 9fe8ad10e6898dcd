"""What a model said of a solution, as it may be shown to one that has to write the solution again. Pure text.

The rule, in this order: fenced code blocks go; every line of the solution of more than 20 characters goes, wherever it
stands and however it is spaced; what is left is cut to a number of characters. Each piece that goes is a leak. The
published harness (HumanEvalExplain) cuts first and has no rule for blocks, which a cut would leave open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLOCK = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
LONG = 20  # characters: shorter lines are everybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A description without code. `leaks` counts the pieces of code that went, `cut` the characters at its end."""

    text: str
    leaks: int
    cut: int


def description_of(raw: str, solution: str, limit: int) -> Description:
    """Return what a model said without code of the solution, in at most `limit` characters."""
    text, leaks = BLOCK.subn("", raw)
    lines = {line.strip() for line in solution.splitlines() if len(line.strip()) > LONG}
    for line in sorted(lines, key=lambda each: (-len(each), each)):
        text, found = re.subn(r"\s+".join(map(re.escape, line.split())), "", text)
        leaks += found
    text = text.strip()
    return Description(text=text[:limit].rstrip(), leaks=leaks, cut=max(0, len(text) - limit))
