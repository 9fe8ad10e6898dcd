"""What the answers of an OpenAI-compatible server hold: text, the reason to end, tokens, and what the model thought.

Reads whole answers and streams, of completions and of chats; sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from humaneval_x.samplers.refusals import one_line

REASONS = {"stop": "eos", "length": "length", "content_filter": "filtered"}


class OutOfProtocol(Exception):
    """An answer is not what OpenAI's protocol says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an answer of a server holds. `reasoning` is what a model thought, where a server keeps that apart."""

    text: str
    reason: str
    tokens: int
    reasoning: str = ""

    @property
    def finish_reason(self) -> str:
        """Why the text ends; "filtered" and "empty" before anything else, so that no empty sample looks like one."""
        return self.reason if self.text.strip() or self.reason == "filtered" else "empty"


def parsed(data: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises OutOfProtocol."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise OutOfProtocol(f"not JSON: {data[:60]!r}") from fault
    if not isinstance(content, dict):
        raise OutOfProtocol(f"a JSON {type(content).__name__} in place of an object")
    if content.get("error"):
        raise OutOfProtocol(f"an error: {one_line(content['error'])[:200]}")
    return content


def streamed(response: Iterable[bytes], stops: Callable[[str], bool] | None) -> Reply:
    """Return what the pieces of a stream hold, up to where the stop rule says so. Raises OutOfProtocol."""
    text, reasoning, ended, count = "", "", "", 0
    for line in response:
        name, _, data = line.decode("utf-8", "replace").strip().partition(":")
        if name != "data":
            continue
        if data.strip() == "[DONE]":
            return Reply(text=text, reason=ended or "eos", tokens=count, reasoning=reasoning)
        content = parsed(data.encode())
        if content.get("choices") == []:  # the first piece may hold only what a filter found, the last only the usage
            continue
        piece, reason, thought = choice_of(content)
        text, reasoning, ended = text + piece, reasoning + thought, reason or ended
        count += bool(piece or thought)
        if stops is not None and piece and stops(text):
            return Reply(text=text, reason="stop", tokens=count, reasoning=reasoning)
    if not ended:
        raise OutOfProtocol("the stream ended without a finish_reason")
    return Reply(text=text, reason=ended, tokens=count, reasoning=reasoning)


def choice_of(content: dict[str, Any]) -> tuple[str, str, str]:
    """Return text, reason to end ("": none yet) and reasoning of the first choice. Raises OutOfProtocol."""
    choices = content.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise OutOfProtocol("'choices' is missing")
    first = choices[0]
    holder = first.get("message") or first.get("delta") or first
    if not isinstance(holder, dict):
        raise OutOfProtocol("a choice without text")
    text = text_of(holder.get("content", holder.get("text")))
    reasoning = text_of(holder.get("reasoning_content") or holder.get("reasoning"))
    if holder.get("refusal") and not text:
        return "", "filtered", reasoning
    reason = first.get("finish_reason")
    return text, "" if reason is None else REASONS.get(str(reason), "stop"), reasoning


def text_of(content: object) -> str:
    """Return the text of a message, which may come in parts. Raises OutOfProtocol."""
    if isinstance(content, list):
        parts = [each.get("text") for each in content if isinstance(each, dict) and each.get("type") == "text"]
        return "".join(text_of(part) for part in parts)
    if content is not None and not isinstance(content, str):
        raise OutOfProtocol("a choice without text")
    return content or ""
