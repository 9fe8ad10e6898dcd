"""What a model can be asked to do with a piece of code: generate, complete, translate, explain, comment, a template.

A mode is data: the text that a model continues, the words in which an instruction-tuned model is asked for the same,
and where the answer ends. Fields in braces are filled in; anything else in braces is text. Pure text: nothing is
sampled. The translation prompt is the published one; the others follow what CodeGeeX's editor plugin offers, not its
wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from humaneval_x.errors import OptionError, unknown
from humaneval_x.languages import language as language_named

FIELDS = ("code", "start", "tag", "mark", "title", "source_title")
FENCED = "\n\n```\n{code}\n```"
ROLES = {"system": "System", "user": "User", "assistant": "Assistant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """`rule` names the field that a function goes on from: the language's stop rule then ends the answer.

    `shown` is what people read before the answer, `stop` has the words before which it ends.
    """

    about: str
    template: str
    message: str
    shown: str = ""
    rule: str = ""
    stop: tuple[str, ...] = ()


MODES: dict[str, Mode] = {
    "generate": Mode(
        about="the rest of the function that the code begins, to its end",
        template="{tag}\n{code}",
        message="Complete this {title} code. Answer with one code block." + FENCED,
        shown="{code}",
        rule="code",
    ),
    "complete": Mode(
        about="what follows where the code breaks off, up to an empty line",
        template="{tag}\n{code}",
        message="Write what comes next in this {title} code, and nothing else." + FENCED,
        shown="{code}",
        stop=("\n\n",),
    ),
    "translate": Mode(
        about="the code in another language; a start, such as the function's head, tells where it ends",
        template="code translation\n{source_title}:\n{code}\n{title}:\n{start}",
        message="Translate this {source_title} code to {title}. Answer with one code block." + FENCED,
        shown="{start}",
        rule="start",
        stop=("\ncode translation\n",),
    ),
    "explain": Mode(
        about="what the code does, step by step",
        template="{tag}\n{code}\n\n{mark} What the code above does, step by step:\n{mark} 1.",
        message="Explain step by step what this {title} code does." + FENCED,
        stop=("\n\n",),
    ),
    "comment": Mode(
        about="the code again, with a comment on every line",
        template="{tag}\n{mark} Without comments:\n{code}\n\n{mark} The same code with a comment on every line:\n",
        message="Write this {title} code again with a comment on every line." + FENCED,
        stop=("\n\n\n",),
    ),
}
NEEDS_SOURCE = ("source_title",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledMode:
    """What a model is asked: `prompt` to be continued, or `message` to be answered."""

    prompt: str
    message: str
    shown: str = ""
    language: str = ""  # whose rule ends the answer, which goes on from `prefix`
    prefix: str = ""
    stop: tuple[str, ...] = ()


def filled(
    mode: Mode, code: str, *, language: str | None = None, source_language: str | None = None, start: str = ""
) -> FilledMode:
    """Return a mode with its fields filled in. Raises OptionError where one is missing."""
    if not code.strip():
        raise OptionError("the code is empty; give what the model is to work on")
    values = {"code": code, "start": start}
    values |= _words("", language) | _words("source_", source_language)
    prefix = values.get(mode.rule, "") if language is not None else ""
    return FilledMode(
        prompt=_put(mode.template, values),
        message=_put(mode.message, values),
        shown=_put(mode.shown, values),
        language=language or "" if prefix else "",
        prefix=prefix,
        stop=mode.stop,
    )


def before(text: str, stop: Sequence[str]) -> str:
    """Return a text up to where the first stop word begins."""
    found = [at for word in stop if (at := text.find(word)) >= 0]
    return text[: min(found, default=len(text))]


def mode_named(name: str) -> Mode:
    """Return a mode by its name. Raises OptionError."""
    if name not in MODES:
        raise OptionError(unknown("mode", name, MODES))
    return MODES[name]


def mode_of(template: str, where: str = "template") -> Mode:
    """Return the mode of a user's own template. Raises OptionError where it has no place for the code."""
    if "{code}" not in template:
        fields = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise OptionError(f"{where}: has no {{code}}; put it where the code goes (the fields are {fields})")
    return Mode(about="a template of your own", template=template, message=template)


def dialogue(messages: Sequence[Mapping[str, str]]) -> FilledMode:
    """Return a chat as a text to continue, for models that know no chat. Raises OptionError."""
    turns = []
    for message in messages:
        if message["role"] not in ROLES:
            raise OptionError(unknown("role", message["role"], ROLES))
        turns.append(f"{ROLES[message['role']]}: {message['content']}\n\n")
    prompt = "".join(turns) + ROLES["assistant"] + ":"
    return FilledMode(prompt=prompt, message="", stop=tuple(f"\n{name}:" for name in ROLES.values()))


def _words(prefix: str, name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    known = language_named(name)
    words = {f"{prefix}title": known.TITLE}
    return words if prefix else words | {"tag": known.TAG, "mark": known.TAG.partition(" ")[0]}


def _put(text: str, values: Mapping[str, str]) -> str:
    """Return a template with its fields filled in, once: what is put in is not looked at again. Raises OptionError."""
    missing = [name for name in re.findall(r"\{(\w+)\}", text) if name in FIELDS and name not in values]
    if missing:
        option = "source_language" if missing[0] in NEEDS_SOURCE else "language"
        raise OptionError(f"{option} is missing; the template has {{{missing[0]}}}, which is a language's")
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)
