"""Tells when a growing text has ended the function that it continues, so that sampling can stop.

By the grammar: a brace in a string or comment ends nothing. Cheap for each token: a text is parsed only where its new
part can have ended something. Parsing has no limits here: a sampler's limit is its number of tokens.
"""

from __future__ import annotations

import re

from humaneval_x.answers.bodies import body
from humaneval_x.answers.opening import opening_of

PATIENCE = 100  # characters
COLUMN_0 = re.compile(r"\n[^\s#]")


class Ending:
    """Called each time a text has grown: says whether its body has ended.

    An open string can look like an end, so a body with syntax errors must still end there some lines later.
    """

    def __init__(self, language: str, prefix: str) -> None:
        self._opening = opening_of(language, prefix)
        self._seen = 0
        self._end, self._since = -1, 0  # the end of a body with syntax errors, and the text's length then

    def __call__(self, text: str) -> bool:
        """Return whether the body ends in `text` and is not empty."""
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
