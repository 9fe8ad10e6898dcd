"""Where a row of JSON keeps its task and what the model wrote: the keys that people use, in the order of preference.

A value may be text, a list of texts (several samples), a chat message, or the answer of a server: of OpenAI's kinds,
Anthropic's, Gemini's. What such an answer lists by `type` or as `parts` is one text; thoughts and calls are none of it.
Keys of the data set itself (`prompt`, `canonical_solution`, `test` ...) never count as what a model wrote.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from humaneval_x.errors import SampleError
from humaneval_x.formats.found import FoundSample, SourceRow, keys_found, labelled
from humaneval_x.formats.verdicts import KEYS, one_of, verdict_of
from humaneval_x.json_types import JsonObject

TASKS = ("task_id", "name", "custom_id", "problem_id", "question_id", "task", "id", "key")
LANGUAGES = ("language", "lang", "programming_language")
LANGUAGE = frozenset(LANGUAGES)
TEXTS = (
    "completion",
    "generation",
    "solution",
    "generated",
    "generated_code",
    "generated_text",
    "raw_generation",
    "model_output",
    "output",
    "response",
    "answer",
    "prediction",
    "code",
    "program",
    "raw_output",
    "llm_output",
    "model_response",
    "pred",
    "messages",
    "conversations",
    "conversation",
    "candidates",
    "choices",
    "message",
    "content",
    "result",
    "text",
)
SAID = ("messages", "conversations", "conversation", "candidates", "choices", "content", "message", "result", "text")
LISTS = (*(f"{key}s" for key in TEXTS if key not in SAID), "code_list", "output_list", "samples")
# Where a nested object keeps its text.
INSIDE = ("content", "parts", "text", "value", "message", "choices", "candidates", "body", "result", *TEXTS)
ROLES = ("role", "from")
OWN_ROLES = frozenset(("assistant", "model", "gpt", "bot", "chatgpt", "bing"))
TEXTUAL = frozenset(("text", "output_text", "message"))  # types of parts that are what a model answered
DEEP = 8


def key_of(row: JsonObject, keys: tuple[str, ...] = TEXTS + LISTS) -> str | None:
    """Return the first of `keys` under which a row holds text, or None."""
    return next((key for key in keys if texts_in(row.get(key)) is not None and not _verdict(key, row[key])), None)


def _verdict(key: str, value: object) -> bool:
    """Whether a value is what another harness says of a text, and none."""
    return key in KEYS and not isinstance(value, dict | list)


def texts_in(value: object, depth: int = DEEP) -> list[str] | None:
    """Return the texts of a value, one a sample, or None where there is none to be found."""
    if isinstance(value, str):
        return [value]
    if depth == 0 or not value:
        return None
    if isinstance(value, dict):
        parts = value.get("parts")
        if isinstance(parts, list) and parts and all(isinstance(each, dict) for each in parts):
            return one_text(parts, depth)
        inner = (texts_in(value.get(key), depth - 1) for key in INSIDE if key in value)
        return next((each for each in inner if each is not None), None)
    if not isinstance(value, list):
        return None
    if all(isinstance(each, dict) for each in value):
        if all("type" in each or "thought" in each for each in value):
            return one_text(value, depth)
        if all(any(name in each for name in ROLES) for each in value):
            return said_last(value)
    found = [texts_in(each, depth - 1) for each in value]
    return None if None in found else [text for texts in found for text in texts or ()]


def said_last(messages: list[JsonObject]) -> list[str] | None:
    """Return what the assistant said last in a conversation."""
    own = [each for each in messages if any(each.get(name) in OWN_ROLES for name in ROLES)]
    return texts_in(own[-1]) if own else None


def one_text(parts: list[JsonObject], depth: int) -> list[str] | None:
    """Return what the parts of one message say together, thoughts and calls left out."""
    said = [each for each in parts if each.get("type", "text") in TEXTUAL and not each.get("thought")]
    found = [texts_in(each, depth - 1) for each in said]
    return ["".join(text for texts in found for text in texts or ())] if any(found) else None


def found_in(
    row: SourceRow, key: str, *, task: object, holds: str = "auto", language: str | None = None
) -> Iterator[FoundSample]:
    """Yield the samples that a row holds under `key`."""
    texts = texts_in(row.values.get(key)) or []
    plain = key in OWN and row.values.keys() <= OWN
    others = {} if plain else {name: each for name, each in row.values.items() if name != key and name not in OWN}
    lists = [name for name in KEYS if isinstance(others.get(name), list)] if len(texts) > 1 else []
    for place, text in enumerate(texts):
        carried = others | {name: one_of(others[name], place, len(texts)) for name in lists} if lists else others
        yield FoundSample(
            where=labelled(row.where, task),
            text=text,
            key=key,
            task=task,
            language=language or language_in(row.values),
            source_language=row.values.get("source_language"),
            sample_index=row.values.get("sample_index") if len(texts) == 1 else None,
            holds=holds,
            passed=verdict_of(row.values, place, len(texts)),
            extra=carried,
            row=row.values,
            line=row.line,
        )


OWN = frozenset(("task_id", "completion", "generation", "sample_index", "source_language", "answers"))


def language_in(row: JsonObject) -> str | None:
    """Return the language that a row names, or None."""
    if LANGUAGE.isdisjoint(row):
        return None
    return next((row[key] for key in LANGUAGES if isinstance(row.get(key), str)), None)


def task_in(row: JsonObject) -> object:
    """Return the id of a row's task, or None."""
    return next((row[key] for key in TASKS if isinstance(row.get(key), str | int) and row[key] is not True), None)


def no_text(row: SourceRow, task: object) -> SampleError:
    """Return the error for a row in which no text of a model is to be found."""
    near = next((one for key in row.values for one in difflib.get_close_matches(key, TEXTS + LISTS, 1, 0.8)), None)
    held = next((key for key in row.values if key in TEXTS + LISTS), None)
    hint = f"did you mean {near!r}? " if near else ""
    hint = f"{held!r} holds no text of a model; " if held else hint
    found = f"'completion' is missing; found the keys {keys_found(row.values)}"
    expected = "expected what the model wrote, under completion, generation, solution or the like"
    return SampleError(f"{labelled(row.where, task)}: {found}; {expected}; {hint}add it or remove the row")
