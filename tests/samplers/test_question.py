"""What an instruction-tuned model is asked."""

from __future__ import annotations

from humaneval_x.generation import planned
from humaneval_x.samplers import Request
from humaneval_x.samplers.question import question
from humaneval_x.settings import Task


def requests(name: str, task: Task = Task.GENERATION) -> list[Request]:
    source = "python" if name != "python" else "cpp"
    languages = [name] if task is Task.GENERATION else None
    return planned("fresh", task, languages, f"{source}-{name}", 1, None).requests


def test_the_question_shows_the_prompt_and_names_the_languages() -> None:
    request = requests("cpp", Task.TRANSLATION)[0]
    text = question(request)
    assert "Translate this Python code to C++" in text
    assert request.prompt.rstrip() in text
