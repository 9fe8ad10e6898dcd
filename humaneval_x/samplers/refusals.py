"""What a server means by refusing a request: a prompt that is too long, or a field that it does not take.

Reads the bodies of 400 and 422 answers as OpenAI, vLLM, llama.cpp, TGI, FastAPI and Anthropic word them; sends nothing.
"""

from __future__ import annotations

import json
import re
import urllib.error
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

LARGEST = 1 << 16  # bytes of a refusal that are read
TOO_LONG = re.compile(
    r"context[_ ](?:length|window|size)|prompt is too long|input is too long|too many (?:input )?tokens"
    r"|`inputs` (?:tokens )?(?:\+|must)|model.s maximum (?:input|sequence) length",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a refusal says: `fields` are those that it points at, `message` is for people and on one line."""

    message: str
    fields: frozenset[str]
    code: str = ""

    @property
    def too_long(self) -> bool:
        """Whether the prompt, or the prompt with its completion, does not fit the model."""
        return bool(TOO_LONG.search(self.code) or TOO_LONG.search(self.message))

    def names(self, field: str) -> bool:
        """Whether the refusal is about `field`; the message counts only where the answer points at no field."""
        return field in self.fields or (not self.fields and bool(re.search(rf"\b{field}\b", self.message)))

    def first_of(self, fields: Iterable[str]) -> str | None:
        """Return the first of `fields` that the refusal is about, or None."""
        return next((field for field in fields if self.names(field)), None)

    def __str__(self) -> str:
        return f" ({self.message[:200]})" if self.message else ""


def refusal_of(fault: urllib.error.HTTPError) -> Refusal:
    """Read the body of a refused request; what cannot be read or understood is an empty refusal."""
    try:
        data = fault.read(LARGEST)
    except (OSError, HTTPException):
        return Refusal(message="", fields=frozenset())
    try:
        return understood(json.loads(data))
    except (ValueError, RecursionError):
        return Refusal(message=one_line(data.decode("utf-8", "replace")), fields=frozenset())


def understood(content: Any) -> Refusal:
    """Return the refusal that a JSON body says."""
    error = content.get("error", content) if isinstance(content, dict) else content
    details = error.get("detail") if isinstance(error, dict) else None
    places = [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    fields = {str(part) for each in places for part in as_list(each.get("loc"))} - {"body"}
    if not isinstance(error, dict):
        return Refusal(message=one_line(error), fields=frozenset())
    if isinstance(error.get("param"), str):
        fields.add(error["param"])
    message = error.get("message", error)
    return Refusal(message=one_line(message), fields=frozenset(fields), code=str(error.get("code", "")))


def as_list(value: object) -> list[Any]:
    """Return a list as it is, anything else as none."""
    return value if isinstance(value, list) else []


def one_line(value: object) -> str:
    """Return text with every run of white space as one space."""
    return " ".join(str(value).split())
