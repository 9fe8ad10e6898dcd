"""The code of an instruction-tuned model's answer is found, in every language, and continues the prompt."""

from __future__ import annotations

import pytest

from humaneval_x.generation import planned
from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import Request
from humaneval_x.samplers.answers import code_of, question
from humaneval_x.settings import Task


def requests(name: str, task: Task = Task.GENERATION) -> list[Request]:
    source = "python" if name != "python" else "cpp"
    languages = [name] if task is Task.GENERATION else None
    return planned("fresh", task, languages, f"{source}-{name}", 1, None).requests


def squeezed(code: str) -> str:
    """Return code without blanks: only what it says counts."""
    return "".join(code.split())


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("name", LANGUAGES)
def test_an_answer_that_repeats_the_prompt_gives_what_follows_it(name: str, task: Task) -> None:
    for request in requests(name, task):
        answer = f"Here it is:\n\n```{name}\n{request.prefix}{request.solution}\n```\n\nThis runs in O(n)."
        assert squeezed(code_of(answer, request.prefix)) == squeezed(request.solution), request.task_id


@pytest.mark.parametrize("name", LANGUAGES)
def test_an_answer_with_another_header_gives_what_follows_the_header(name: str) -> None:
    for request in requests(name, Task.TRANSLATION):
        lines = request.prefix.rstrip("\n").split("\n")
        rest = "\n".join(line.replace(", ", ",  ").replace("(", "( ") for line in lines[-1:])
        answer = f"```\n// call( it ) first\n{rest}\n{request.solution}\n```"
        assert squeezed(code_of(answer, request.prefix)) == squeezed(request.solution), request.task_id


def test_a_bare_body_is_taken_as_it_is() -> None:
    assert code_of("    return x\n", "def f(x):\n") == "    return x\n"


def test_a_fence_that_is_never_closed_still_holds_the_code() -> None:
    assert code_of("Sure.\n```python\ndef f(x):\n    return x\n", "def f(x):\n").strip() == "return x"


def test_the_longest_block_counts_and_thoughts_do_not() -> None:
    thoughts = "<think>\n```\ndef f(x):\n    return 1 + 1 + 1 + 1 + 1\n```\n</think>"
    answer = f"{thoughts}\n```\nf(1)\n```\nthen\n```\ndef f(x):\n    return 2 * x\n```"
    assert code_of(answer, "def f(x):\n").strip() == "return 2 * x"


def test_a_docstring_that_the_prompt_has_is_not_repeated() -> None:
    prefix = 'def f(x: int) -> int:\n    """Twice x."""\n'
    answer = '```\nimport math\n\ndef f(x):\n    """Return twice x."""\n    return 2 * x\n```'
    assert code_of(answer, prefix).strip("\n") == "    return 2 * x"


def test_the_question_shows_the_prompt_and_names_the_languages() -> None:
    request = requests("cpp", Task.TRANSLATION)[0]
    text = question(request)
    assert "Translate this Python code to C++" in text
    assert request.prompt.rstrip() in text
