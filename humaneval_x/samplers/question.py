"""What an instruction-tuned model is asked: the same prompt that other models continue, with a task in words.

Its answer is kept whole; `answers/` finds the program in it when it is judged.
"""

from __future__ import annotations

from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import Request


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
