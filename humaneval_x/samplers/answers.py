"""What an instruction-tuned model is asked, and how the code is found in its answer. Pure text.

The question shows the same prompt that other models continue. In the answer the longest fenced block counts
(all of it, where there is none); what continues the prompt is what follows the function's header in it. Helpers
and imports that an answer puts before the function are lost. Does not cut what comes after: languages do.
"""

from __future__ import annotations

import re

from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import Request

FENCE = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)(?:^[ \t]*```|\Z)", re.MULTILINE | re.DOTALL)
HEADER = re.compile(r"(\w+)\s*(?:=\s*(?:async\s*)?(?:function\s*)?)?\(")
THINKING = re.compile(r"\A.*</think>", re.DOTALL)


def question(request: Request) -> str:
    """Return the message to the model."""
    title = LANGUAGES[request.language].TITLE
    if request.source_language is None:
        asked = f"Complete this {title} code."
    else:
        asked = (
            f"Translate this {LANGUAGES[request.source_language].TITLE} code to {title}, and complete the {title} code."
        )
    how = f"Answer with one code block with the complete {title} function under its name, and nothing that calls it."
    return f"{asked} {how}\n\n```\n{request.prompt.rstrip()}\n```"


def code_of(answer: str, prefix: str) -> str:
    """Return what continues `prefix` in a model's answer; "" where the answer holds no code after it."""
    text = THINKING.sub("", answer)
    blocks = [found[1] for found in FENCE.finditer(text)]
    code = max(blocks, key=len) if blocks else text
    if prefix.strip() and prefix.strip() in code:
        return code[code.index(prefix.strip()) + len(prefix.strip()) :].removeprefix(" ")
    body = after_header(code, prefix)
    return code if body is None else body


def after_header(code: str, prefix: str) -> str | None:
    """Return what follows the header of the prefix's last function in `code`, or None where it is not there."""
    header = last_header(prefix)
    if header is None:
        return None
    name, end = header
    found = [each for each in HEADER.finditer(code) if each[1] == name and begins_definition(code, each.start(), end)]
    for each in found:
        at = closing_parenthesis(code, each.end() - 1)
        stop = code.find(end, at) if at is not None else -1
        if stop >= 0 and "\n\n" not in code[at:stop]:
            return without_docstring(code[stop + len(end) :], prefix)
    return None


def last_header(prefix: str) -> tuple[str, str] | None:
    """Return the name of the last function that `prefix` declares, and what ends its header: ':' or '{'."""
    for line in reversed(prefix.split("\n")):
        found = HEADER.search(line)
        ended = line.rstrip()[-1:]
        if found and ended in ("{", ":") and not line.lstrip().startswith(("//", "#", "*", ">>>")):
            return found[1], ended
    return None


def begins_definition(code: str, at: int, end: str) -> bool:
    """Whether a name at `at` is being declared: its line starts with a letter and no call encloses it."""
    line = code[code.rfind("\n", 0, at) + 1 : at]
    words = line.split()
    if end == ":":
        return bool(words) and words[-1] == "def"
    return bool(words) and not line.rstrip().endswith(("return", "=", "(", ",", ".", "!", "+", "new"))


def closing_parenthesis(code: str, start: int) -> int | None:
    """Return where the parenthesis that opens at `start` is closed."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] == "(") - (code[at] == ")")
        if depth == 0:
            return at + 1
    return None


def without_docstring(body: str, prefix: str) -> str:
    """Return a Python body without the docstring that the prefix has already; others as they are."""
    for quote in ('"""', "'''"):
        if prefix.rstrip().endswith(quote) and body.lstrip().startswith(quote):
            end = body.find(quote, body.index(quote) + 3)
            return body[end + 3 :] if end >= 0 else body
    return body
