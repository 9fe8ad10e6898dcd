"""Whether a text that grows has ended the function that it continues, so that sampling can end there.

By the grammar: a brace in a string or a comment ends nothing. Cheap for each token, since a text is read only where
what is new can have ended something. It is read as it comes: a sampler's limit is its number of tokens.
"""

from __future__ import annotations

import re

from humaneval_x.answers.bodies import body
from humaneval_x.answers.opening import opening_of

PATIENCE = 100  # characters
COLUMN_0 = re.compile(r"\n[^\s#]")


class Ending:
    """Asked each time a text has grown: whether its body has ended.

    An open string can look like an end, so what is no clean code has to end at the same place some lines later too.
    """

    def __init__(self, language: str, prefix: str) -> None:
        self._opening = opening_of(language, prefix)
        self._seen = 0
        self._end, self._since = -1, 0  # where a body seems to end that is not clean, and how long the text was then

    def __call__(self, text: str) -> bool:
        """Return whether the body ends in `text`, and holds some of it."""
        new, self._seen = text[max(0, self._seen - 1) :], len(text)
        waits = self._end >= 0 and len(text) > self._since + PATIENCE
        if not waits and not (COLUMN_0.search(new) if self._opening.table.indented else "}" in new):
            return False
        found = body(self._opening, text.encode("utf-8", "surrogatepass"))
        if found.end < 0 or found.empty or (self._opening.table.indented and found.end == len(found.text)):
            self._end = -1
            return False
        if found.clean or (waits and found.end == self._end):
            return True
        if found.end != self._end:
            self._end, self._since = found.end, len(text)
        return False
