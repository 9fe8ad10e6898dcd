"""Sampling ends where the body ends, by the grammar, and not before."""

from __future__ import annotations

import pytest
from official import fresh, official

from humaneval_x.answers import Ending
from humaneval_x.languages import LANGUAGES


def stopped_at(language: str, prefix: str, text: str, step: int = 1) -> int:
    """Return how much of a text was written when sampling could end, or -1."""
    ending = Ending(language, prefix)
    return next((end for end in range(step, len(text) + step, step) if ending(text[:end])), -1)


@pytest.mark.parametrize(
    ("language", "prefix", "text", "rest"),
    [
        ("python", "def f(x):\n", "    return 1\n\n\n# why\n    # more\n", None),
        ("python", "def f(x):\n", "    return 1\ndef", "ef"),
        ("python", "def f(x):\n", "    a = [\n1]\n    return a\nx", ""),
        ("python", "def f(x):\n", '    """\ntext\n"""\n    return 1\n', None),
        ("python", "def f(x):\n", "def f(x):\n    return 1\nf(1)\n", None),  # a whole program: it ends when it ends
        ("cpp", "int f(int x){\n", "    char c = '}'; // }\n    return 1;\n}\nint", "\nint"),
        ("java", "class Solution {\n    int f(int x) {\n", '        return "}}";\n    }\n}', "\n}"),
        ("javascript", "const f = (x) => {\n", "  return `${x}}` + /}/.source\n}\n", "\n"),
        ("go", "func f(x int) int {\n", "    if x > 0 { return 1 }\n    return '}'\n}\n", "\n"),
    ],
)
def test_sampling_ends_with_the_body(language: str, prefix: str, text: str, rest: str | None) -> None:
    at = stopped_at(language, prefix, text)
    assert (None if at < 0 else text[at:]) == rest


@pytest.mark.parametrize("step", [1, 7])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_solution_is_cut(language: str, step: int) -> None:
    for problem in (*fresh(language), *official(language)[::40]):
        text = problem.canonical_solution
        at = stopped_at(language, problem.prompt, text, step)
        assert at < 0 or not text[at:].strip().strip("}"), problem.task_id
