"""The reference's cut and stop rules, as published: text by text, quirks and all."""

from __future__ import annotations

import pytest
from official import fresh, official

from humaneval_x.languages import LANGUAGES


@pytest.mark.parametrize(
    ("language", "completion", "expected"),
    [
        ("python", "    return 1\n", False),
        ("python", "    return 1\n\n\n    # more\n", False),
        ("python", "    return 1\ndef", True),
        ("python", "    return 1\n#", True),
        ("python", "x", True),
        ("cpp", "    if (a) { b(); }\n", False),
        ("cpp", "    if (a) { b(); }\n}", True),
        ("java", "        return 1;\n    }", True),
        ("javascript", "  return { a: 1 }\n", False),
        ("javascript", "  return { a: 1 }\n}\n", True),
        ("go", "    return 1\n}", True),
    ],
)
def test_stop_rule(language: str, completion: str, expected: bool) -> None:
    assert LANGUAGES[language].stops(completion) is expected


@pytest.mark.parametrize(
    ("language", "completion", "reference"),
    [
        ("python", "    return 1\ndef f():\n    pass\ndef g():\n    pass\n", "    return 1\ndef f():\n    pass"),
        ("python", "    return 1\nassert f(1)\nassert f(2)\n", "    return 1\nassert f(1)"),
        ("cpp", "    return 1;\n}\nThe end.", "    return 1;\n}"),
        ("cpp", "    return 1;", "    return 1;"),
        ("java", "        return 1;\n    }", "        return 1;\n    }\n}"),
        (
            "java",
            "        return 1;\n    }\n    public static void main(String[] a) {",
            "        return 1;\n    }\n    }",
        ),
        ("java", "        return 1;\n    }\n}\n// done", "        return 1;\n    }\n}"),
        ("javascript", "  return 1\n}\nf(1)", "  return 1\n}"),
        ("go", "    return 1\n}\n// one\nfunc a() {\n}\n// two\n", "    return 1\n}\n// one\nfunc a() {\n}"),
        ("go", "    return 1\n}\nfunc main() {\n}\n", "    return 1\n}"),
    ],
)
def test_reference_rule(language: str, completion: str, reference: str) -> None:
    assert LANGUAGES[language].truncate(completion) == reference


@pytest.mark.parametrize("which", [official, fresh])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_canonical_solutions_are_left_whole(language, which):
    for problem in which(language):
        expected = problem.canonical_solution.strip()
        if problem.task_id == "CPP/94":  # two directives follow its last brace
            expected = expected[: expected.rindex("}") + 1]
        assert LANGUAGES[language].truncate(problem.canonical_solution).strip() == expected


def test_the_evaluator_cuts_python_alone():
    for name, language in LANGUAGES.items():
        kept = language.judged_by_reference("    return 1\n}\ndef f():\n")
        assert kept == ("    return 1\n" if name == "python" else "    return 1\n}\ndef f():\n")
