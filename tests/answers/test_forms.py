"""Forms in which a program is shown: sessions, differences, code within lines, include guards, headings behind it."""

from __future__ import annotations

import pytest
from answers.test_blocks import DEMO, PROGRAMS, candidate, fenced


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("tag", ["diff", "patch", ""])
def test_a_difference_is_what_it_adds_and_leaves(language, tag):
    program = PROGRAMS[language]
    lines = program.splitlines()
    shown = "@@ -1,2 +1,3 @@\n-" + lines[0] + "\n" + "".join(f"+{line}\n" for line in lines[:-1]) + f" {lines[-1]}\n"
    assert candidate(language, f"```{tag}\n{shown}```\n") == candidate(language, fenced(language, program))


@pytest.mark.parametrize(
    "session",
    [
        ">>> def f(x):\n...     return x * 2\n...\n>>> f(3)\n6\n",
        ">>> def f(x):\n...     return x * 2\n... \n>>> f(3)\n6\n",
        "In [1]: def f(x):\n   ...:     return x * 2\n   ...:\n\nIn [2]: f(3)\nOut[2]: 6\n",
    ],
)
def test_a_session_is_what_was_entered(session):
    assert candidate("python", fenced("python", session)) == candidate("python", PROGRAMS["python"])


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("ticks", ["`", "``", "```"])
def test_code_within_a_line_is_a_block(language, ticks):
    program = " ".join(PROGRAMS[language].split()) if language != "python" else "def f(x): return x * 2"
    if language == "go":
        program = "func F(x int) int { return x * 2 }"
    expected = candidate(language, fenced(language, program + "\n"))
    if language != "cpp":  # there the words before it could be a type
        assert candidate(language, f"The answer is {ticks}{program}{ticks}.") == expected
    assert candidate(language, f"```{language} {program}```") == expected


@pytest.mark.parametrize("quotes", ['"""', "'''"])
@pytest.mark.parametrize("body", ["    return x * 2\n", '    y = """two"""\n    return x * 2\n\n\nprint(f(2))\n'])
def test_quotes_that_end_a_docstring_once_more_go(quotes, body):
    assert candidate("python", f"    {quotes}\n{body}") == candidate("python", body)


def test_a_docstring_of_the_answers_own_stays():
    assert '"""' in candidate("python", '    """\n    Double.\n    """\n    return x * 2\n')


GUARD = "#ifndef F_H\n#define F_H\n{}\n#endif\n"


@pytest.mark.parametrize("wrapper", [fenced("cpp", GUARD), GUARD])
def test_an_include_guard_is_no_part_of_the_program(wrapper):
    found = candidate("cpp", wrapper.format("#include <map>\n" + PROGRAMS["cpp"]))
    assert "x * 2" in found
    assert "#ifndef" not in found
    assert "#endif" not in found


def test_a_condition_around_what_is_needed_stays_whole():
    condition = "#ifdef LOCAL\nint g(int x) { return x; }\n#else\nint g(int x) { return x * 2; }\n#endif"
    assert condition in candidate("cpp", fenced("cpp", condition + "\nint f(int x) { return g(x); }\n"))


@pytest.mark.parametrize("heading", ["## Notes", "# Notes", "### How it works"])
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_heading_behind_a_program_is_no_part_of_it(language, heading):
    program = PROGRAMS[language]
    found = candidate(language, f"{program}\n{heading}\n\nIt doubles.\n")
    assert "x * 2" in found
    assert heading.strip("# ") not in found


@pytest.mark.parametrize("using", ["using p::f;", "using namespace p;"])
def test_what_opens_a_namespace_that_is_left_out_goes(using):
    text = "namespace p {\nint f(int x) { return x * 2; }\n}\n" + using + "\n" + DEMO["cpp"]
    found = candidate("cpp", fenced("cpp", text))
    assert "x * 2" in found
    assert using not in found


@pytest.mark.parametrize("using", ["using std::max;", "using namespace q;", "using namespace __gnu_pbds;"])
def test_what_opens_a_namespace_that_is_there_stays(using):
    text = "namespace q {\nint g(int x) { return x * 2; }\n}\n" + using + "\nint f(int x) { return q::g(x); }\n"
    assert using in candidate("cpp", fenced("cpp", text))
