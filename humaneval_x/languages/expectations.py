"""Expected values made wrong, for negated tests: pure text, one literal per check.

A wrong value has the type of the right one: a number becomes another number, a text another text, an empty list a
list of one. Does not parse and does not evaluate: what has no literal is left to the language module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
Edit = tuple[int, int, str]  # from, to, what stands there instead

# A number in brackets before a type is the length of Go's arrays.
TOKEN = r"(?<![\w.])(?:(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\d|\][A-Za-z\[])|(?P<word>[A-Za-z_]\w*))"
QUOTED = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`"  # in tests, which are right
TOKENS = re.compile(rf"(?P<quoted>{QUOTED})|{TOKEN}", re.DOTALL)
TOLERANCE = re.compile(r"\s*(?:math\.Abs|Math\.abs)\(")  # of a difference: the first bracket is where it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How a language writes values: `words` have one of their own (true), `empty` are patterns and what fills them."""

    words: Mapping[str, str]
    empty: Sequence[tuple[str, str]]
    characters: bool  # whether '...' is one character

    def other(self, text: str, span: Span) -> Edit | None:
        """Return the edit that changes a span's last literal, or fills what is empty; None without either."""
        edit = None
        for found in TOKENS.finditer(text, *span):
            quoted, word = found["quoted"], found["word"]
            if found["number"]:
                edit = found.start(), found.end(), other_number(found["number"])
            elif word in self.words:
                edit = found.start(), found.end(), self.words[word]
            elif quoted and quoted[0] == "'" and self.characters:
                edit = found.start(), found.end(), "'~'" if quoted != "'~'" else "'a'"
            elif quoted and quoted[0] in "\"'`":
                edit = found.start() + 1, found.start() + 1, "~"
        for pattern, filled in self.empty if edit is None else ():
            if empty := re.compile(pattern).search(text, *span):
                return empty.start(), empty.end(), empty.expand(filled)
        return edit


def other_number(number: str) -> str:
    """Return another number of the same type, within the same bounds: 2 for 3, 1 for 0, 0.5 for 1.5."""
    whole = re.split(r"[.eE]", number)[0]
    value = int(whole.replace("_", ""))
    return f"{value - 1 if value else 1}{number[len(whole) :]}"


def arguments(text: str, code: str, start: int) -> tuple[list[Span], int]:
    """Return the spans of a call's arguments, from behind its bracket on, and where the bracket closes."""
    spans, depth, begin = [], 0, start
    for found in re.compile(r"[(){}\[\],]").finditer(code, start):
        depth += (found[0] in "({[") - (found[0] in ")}]")
        if depth < 0 or (depth == 0 and found[0] == ","):
            if text[begin : found.start()].strip():
                spans.append(trimmed(text, (begin, found.start())))
            begin = found.end()
        if depth < 0:
            return spans, found.start()
    return spans, len(code)


def trimmed(text: str, span: Span) -> Span:
    """Return a span without the blanks at its ends."""
    piece = text[slice(*span)]
    return span[1] - len(piece.lstrip()), span[0] + len(piece.rstrip())


def sides(text: str, code: str, span: Span, operators: str) -> tuple[Span, Span] | None:
    """Return what is left and right of the first operator outside of brackets, or None."""
    depth = 0
    for found in re.compile(rf"[(){{}}\[\]]|{operators}").finditer(code, *span):
        depth += (found[0] in "({[") - (found[0] in ")}]")
        if depth == 0 and found[0] not in ")}]":
            return trimmed(text, (span[0], found.start())), trimmed(text, (found.end(), span[1]))
    return None


def further_off(text: str, code: str, span: Span, tolerance: re.Pattern[str] = TOLERANCE) -> Edit | None:
    """Return the edit that expects a value one further off, `abs(f(x) - 1.5 - 1) < 1e-6`; None for other checks."""
    if found := tolerance.match(code, *span):
        _, end = arguments(text, code, found.end())
        return end, end, " - 1"
    return None


def negated(text: str, span: Span) -> Edit:
    """Return the edit that expects the other truth value of a condition."""
    piece = text[slice(*span)]
    return (span[0], span[0] + 1, "") if piece.startswith("!") else (*span, f"!({piece})")


def applied(text: str, edits: Iterable[Edit | None]) -> tuple[str, int]:
    """Return `text` with the edits made, and how many there were not to make."""
    made = list(edits)
    for start, end, new in sorted((edit for edit in made if edit), reverse=True):
        text = text[:start] + new + text[end:]
    return text, made.count(None)
