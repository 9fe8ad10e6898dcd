"""Prompts, against texts written out here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from humaneval_x.errors import OptionError, ProblemError
from humaneval_x.languages import LANGUAGES, PAIRS
from humaneval_x.prompts import Words, asked, pairs_named, words_of
from humaneval_x.records import Problem
from humaneval_x.tasks import TASKS, Task, task_of

PYTHON = Problem(
    task_id="Python/fresh-7",
    prompt='def half(n):\n    """Halve n.\n    """\n',
    declaration="def half(n):\n",
    canonical_solution="    return n / 2\n\n\n",
    test="hidden",
    example_test="example",
)
CPP = replace(
    PYTHON,
    task_id="CPP/fresh-7",
    prompt="/*\nHalve n.\n*/\ndouble half(double n){\n",
    declaration="double half(double n){\n",
    canonical_solution="    return n / 2;\n}\n",
)


def prompt(problem: Problem, origin: str = "") -> str:
    """What a model is shown that continues texts."""
    words = words_of(problem, origin, {each.task_id: each for each in (PYTHON, CPP)})
    return asked(TASKS[task_of(origin)].asking, words)[0]


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("python", "# language: Python\n"),
        ("cpp", "// language: C++\n"),
        ("java", "// language: Java\n"),
        ("javascript", "// language: JavaScript\n"),
        ("go", "// language: Go\n"),
    ],
)
def test_generation_prompt_is_the_tag_line_and_the_prompt(language: str, tag: str) -> None:
    problem = replace(PYTHON, task_id=f"{LANGUAGES[language].PREFIX}/fresh-7")
    assert prompt(problem) == tag + 'def half(n):\n    """Halve n.\n    """\n'


def test_translation_prompt_has_no_docstring_and_no_tag() -> None:
    assert prompt(CPP, "python") == (
        "code translation\nPython:\ndef half(n):\n\n    return n / 2\nC++:\ndouble half(double n){\n"
    )
    assert prompt(PYTHON, "cpp") == (
        "code translation\nC++:\ndouble half(double n){\n\n    return n / 2;\n}\nPython:\ndef half(n):\n"
    )


def test_a_translation_without_its_counterpart_is_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        words_of(PYTHON, "java", {"Java/fresh-8": PYTHON})
    assert str(caught.value) == (
        "Python/fresh-7: its java counterpart is missing; expected each problem in both languages"
    )


def test_a_repair_shows_the_buggy_solution_with_its_tests_or_with_its_docstring() -> None:
    buggy = replace(PYTHON, buggy_solution="    return n / 3\n")
    opening = "def half(n):\n"
    assert prompt(buggy, "repair") == f"{opening}    return n / 3\n\nhidden\nFix bugs in half.\n\n{opening}"
    assert prompt(buggy, "repair_docs") == (f"{PYTHON.prompt}    return n / 3\n\nFix bugs in half.\n\n{PYTHON.prompt}")
    in_chat = asked(TASKS[Task.REPAIR].asking, Words(buggy))[1]
    assert in_chat == (
        "Fix bugs in half. Answer with one code block with the complete Python function under its name, and nothing "
        "that calls it.\n\n```\ndef half(n):\n    return n / 3\n\n```\n\nIts tests:\n\n```\nhidden\n```"
    )


def test_a_repair_of_a_problem_without_a_buggy_solution_says_where_there_are_some() -> None:
    with pytest.raises(ProblemError) as caught:
        prompt(replace(PYTHON, source="humaneval_python.jsonl:8"), "repair")
    assert str(caught.value) == (
        "humaneval_python.jsonl:8 (Python/fresh-7): has no 'buggy_solution', which a repair begins with; "
        "give --problems humanevalpack or fresh, or a folder whose rows have one"
    )


def test_an_instruction_is_the_rows_own_or_one_of_the_same_form() -> None:
    own = replace(CPP, instruction="Write it.\n")
    assert prompt(own, "synthesize") == f"Write it.\n\n{CPP.prompt}"
    assert prompt(CPP, "synthesize") == (
        "Write a C++ function `double half(double n)` to solve the following problem:\nHalve n.\n\n" + CPP.prompt
    )


@pytest.mark.parametrize("task", TASKS)
def test_every_word_of_every_template_has_a_meaning(task: Task) -> None:
    whole = replace(PYTHON, buggy_solution="    return n / 3\n")
    text, chat = asked(TASKS[task].asking, Words(whole, source=CPP))
    assert "half" in text and "half" in chat


def test_pairs_are_all_or_those_named_each_once() -> None:
    assert pairs_named("all") == PAIRS
    assert pairs_named("python-cpp, go-java,python-cpp") == (("python", "cpp"), ("go", "java"))


FIVE = "python, cpp, java, javascript, go, rust"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("python", f"pair 'python' has to read source-target, as in python-cpp; choose from {FIVE}"),
        ("python-python", f"pair 'python-python' translates nothing; give two languages of {FIVE}"),
        ("python-golang", "unknown language 'golang'; did you mean 'go'? choose cpp, go, java, javascript, python, rust"),
    ],
)  # fmt: skip
def test_a_wrong_pair_is_named(text: str, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        pairs_named(text)
    assert str(caught.value) == message
