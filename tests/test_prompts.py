"""Prompts, against texts written out here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from humaneval_x.errors import OptionError, ProblemError
from humaneval_x.languages import LANGUAGES, PAIRS
from humaneval_x.prompts import pairs_named, prompt_of, translation_prompt
from humaneval_x.records import Problem

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
    assert prompt_of(PYTHON, LANGUAGES[language]) == tag + 'def half(n):\n    """Halve n.\n    """\n'


def test_translation_prompt_has_no_docstring_and_no_tag() -> None:
    assert translation_prompt(PYTHON, CPP) == (
        "code translation\nPython:\ndef half(n):\n\n    return n / 2\nC++:\ndouble half(double n){\n"
    )
    assert translation_prompt(CPP, PYTHON) == (
        "code translation\nC++:\ndouble half(double n){\n\n    return n / 2;\n}\nPython:\ndef half(n):\n"
    )


@pytest.mark.parametrize("other", [replace(CPP, task_id="CPP/fresh-8"), PYTHON])
def test_translation_needs_one_problem_in_two_languages(other: Problem) -> None:
    with pytest.raises(ProblemError) as caught:
        translation_prompt(PYTHON, other)
    assert str(caught.value) == (
        f"Python/fresh-7 and {other.task_id} are no translation pair; give one problem in two languages"
    )


def test_translation_from_an_unknown_language_names_the_known() -> None:
    with pytest.raises(ProblemError) as caught:
        translation_prompt(replace(PYTHON, task_id="Jav/fresh-7"), CPP)
    assert str(caught.value) == (
        "Jav/fresh-7: unknown language 'Jav'; did you mean 'Java'? choose CPP, Go, Java, JavaScript, Python"
    )


def test_pairs_are_all_or_those_named_each_once() -> None:
    assert pairs_named("all") == PAIRS
    assert pairs_named("python-cpp, go-java,python-cpp") == (("python", "cpp"), ("go", "java"))


FIVE = "python, cpp, java, javascript, go"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("python", f"pair 'python' has to read source-target, as in python-cpp; choose from {FIVE}"),
        ("python-python", f"pair 'python-python' translates nothing; give two languages of {FIVE}"),
        ("python-golang", "unknown language 'golang'; did you mean 'go'? choose cpp, go, java, javascript, python"),
    ],
)  # fmt: skip
def test_a_wrong_pair_is_named(text: str, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        pairs_named(text)
    assert str(caught.value) == message
