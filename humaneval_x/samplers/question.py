"""What an instruction-tuned model is asked: the task in words, with the same text that other models continue.

Its answer is kept whole; `answers/` finds the program in it when it is judged.
"""

from __future__ import annotations

from humaneval_x.languages import KNOWN
from humaneval_x.samplers import Request
from humaneval_x.tasks import HOW, TASKS, Task


def question(request: Request) -> str:
    """Return the message to the model: the request's own, or to complete its prompt."""
    if request.question:
        return request.question
    title = KNOWN[request.language].TITLE if request.language else ""
    how = HOW.format(title=title)
    return TASKS[Task.GENERATION].asking.chat.format(title=title, how=how, shown=request.prompt.rstrip())
