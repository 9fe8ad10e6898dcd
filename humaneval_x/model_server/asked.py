"""What a request asks for: OpenAI's fields that this server knows, and those of its own: `mode`, and what goes with it.

A field that would change the answer and is not known here is refused; any other is left alone, as clients send many.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from humaneval_x.errors import OptionError, RequestError
from humaneval_x.modes import FilledMode, filled, mode_named, mode_of
from humaneval_x.samplers import SamplingSettings

DEFAULT_TOKENS = 256
LONGEST = 1 << 20  # characters of a text
MOST_PROMPTS, MOST_CHOICES, MOST_STOPS = 64, 128, 16
NOT_HERE = {  # what is not done, and the values that ask for nothing
    "best_of": (None, 1),
    "echo": (None, False),
    "frequency_penalty": (None, 0),
    "functions": (None, []),
    "logit_bias": (None, {}),
    "logprobs": (None, False),  # not 0, which asks for those of the tokens themselves
    "presence_penalty": (None, 0),
    "response_format": (None, {"type": "text"}),
    "suffix": (None, ""),
    "tools": (None, []),
    "top_logprobs": (None, 0),
}
Text = Annotated[str, StringConstraints(max_length=LONGEST)]
Token = Annotated[int, Field(ge=0, lt=1 << 31)]


class StreamOptions(BaseModel):
    """What a stream says beside the text."""

    include_usage: bool = False


class CommonRequest(BaseModel):
    """What completions and chats have in common."""

    model_config = ConfigDict(extra="allow")

    model: str | None = None
    max_tokens: Annotated[int | None, Field(ge=1, le=1 << 20)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1, le=1 << 20)] = None
    temperature: Annotated[float | None, Field(ge=0, le=100)] = None
    top_p: Annotated[float | None, Field(gt=0, le=1)] = None
    top_k: Annotated[int | None, Field(ge=-1)] = None
    n: Annotated[int | None, Field(ge=1, le=MOST_CHOICES)] = None
    seed: int | None = None
    stop: Annotated[str, StringConstraints(min_length=1)] | list[str] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    def settings(self) -> SamplingSettings:
        """Return how to sample: OpenAI's defaults, and without a seed a new one each time."""
        return SamplingSettings(
            num_samples=self.n or 1,
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=self.top_p or 1.0,
            top_k=max(0, self.top_k or 0),
            max_new_tokens=self.max_completion_tokens or self.max_tokens or DEFAULT_TOKENS,
            seed=secrets.randbits(62) if self.seed is None else self.seed % (1 << 62),
        )

    def stops(self) -> tuple[str, ...]:
        """Return the stop words. Raises RequestError."""
        words = [self.stop] if isinstance(self.stop, str) else self.stop or []
        if len(words) > MOST_STOPS or not all(words):
            raise RequestError(f"stop: {len(words)} words, expected at most {MOST_STOPS}, none empty", status=400)
        return tuple(words)

    def check(self) -> None:
        """Raise RequestError where the request asks for what is not done here."""
        for name, nothing in NOT_HERE.items():
            value = (self.model_extra or {}).get(name)
            if not any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in nothing):
                raise RequestError(f"{name}: is not for this server; leave it out", status=400)


class CompletionAsked(CommonRequest):
    """`POST /v1/completions`. With `mode` or `template`, `prompt` is the code that the model is to work on."""

    prompt: Text | list[Text] | list[Token] | list[list[Token]]
    mode: str | None = None
    template: Text | None = None
    language: str | None = None
    source_language: str | None = None
    start: Text = ""

    def prompts(self) -> Sequence[str | list[int]]:
        """Return the prompts, each a text or tokens. Raises RequestError."""
        given: Any = self.prompt
        found: Sequence[Any] = [given] if isinstance(given, str) or (given and isinstance(given[0], int)) else given
        if not 1 <= len(found) <= MOST_PROMPTS or not all(found):
            expected = f"expected 1 to {MOST_PROMPTS}, none empty"
            raise RequestError(f"prompt: {len(found)} prompts; {expected}", status=400)
        return found

    def filled(self, code: str) -> FilledMode:
        """Return what the model is asked with a piece of code. Raises RequestError."""
        if self.mode is not None and self.template is not None:
            raise RequestError("template: stands beside a mode; give one of them", status=400)
        try:
            mode = mode_named(self.mode) if self.template is None else mode_of(self.template)  # type: ignore[arg-type]
            languages = {"language": self.language, "source_language": self.source_language}
            return filled(mode, code, start=self.start, **languages)
        except OptionError as fault:
            raise RequestError(str(fault), status=400) from fault

    @property
    def by_mode(self) -> bool:
        """Whether a template is to be put around the prompt."""
        return self.mode is not None or self.template is not None


class Part(BaseModel):
    """A part of a message."""

    type: str
    text: Text = ""


class Message(BaseModel):
    """A message of a chat."""

    role: str
    content: Text | list[Part] | None = None

    def plain(self) -> dict[str, str]:
        """Return role and text. Raises RequestError for what is no text."""
        parts = self.content if isinstance(self.content, list) else []
        if any(part.type != "text" for part in parts):
            raise RequestError("messages: a part that is no text; this server reads text only", status=400)
        text = "".join(part.text for part in parts) if parts else self.content or ""
        return {"role": "system" if self.role == "developer" else self.role, "content": str(text)}


class ChatAsked(CommonRequest):
    """`POST /v1/chat/completions`."""

    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
