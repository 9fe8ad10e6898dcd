"""What defines the tested function: the last that is complete; not what exports, loads, wraps, outlines or calls it."""

from __future__ import annotations

import pytest
from answers.test_blocks import HELPED, PROGRAMS, candidate, fenced

NAMED = {**PROGRAMS, "javascript": "function f(x) {\n  return x * 2;\n}\n"}
CUT = {
    "python": [
        "def f(x):\n",
        "def f(x):\n    pass\n",
        'def f(x):\n    """Doubles."""\n    ...\n',
        "def f(x):\n    # Double\n",
    ],
    "cpp": ["int f(int x) {\n", "int f(int x) {\n    // double\n}\n", "int f(int x);\n"],
    "java": [
        "class Solution {\n    public int f(int x) {\n",
        "class Solution {\n    public int f(int x) {\n    // double\n    }\n}\n",
        "class Solution {\n    abstract int f(int x);\n}\n",
    ],
    "javascript": ["const f = (x) => {\n", "const f = (x) => {\n  // double\n}\n", "function f(x) {\n  if (x < 2) {\n"],
    "go": ["func F(x int) int\n", "func F(x int) int {\n\tif x < 2 {\n", "func F(x int) int {\n\t// double\n}\n"],
}


@pytest.mark.parametrize(("language", "outline"), [(name, each) for name, cut in CUT.items() for each in cut])
def test_a_header_or_a_cut_copy_is_not_the_last_complete_function(language, outline):
    block = fenced(language, NAMED[language])
    assert candidate(language, f"{block}\nIn brief:\n{fenced(language, outline)}") == candidate(language, block)
    assert candidate(language, f"{block}\nOr:\n```{language}\n{outline}") == candidate(language, block)


@pytest.mark.parametrize(
    ("language", "after"),
    [
        ("javascript", "module.exports = f;\n"),
        ("javascript", "module.exports = { f };\n"),
        ("javascript", "exports.f = f;\n"),
        ("javascript", 'const { f } = require("./solution");\nconsole.log(f(3));\n'),
        ("javascript", 'const f = require("./solution");\n'),
        ("python", "from solution import f\nprint(f(3))\n"),
        ("python", "f = f(3)\n"),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_what_exports_or_loads_the_function_does_not_define_it(language, after, apart):
    program = NAMED[language]
    text = fenced(language, program) + fenced(language, after) if apart else fenced(language, program + after)
    assert candidate(language, text) == candidate(language, fenced(language, program))


@pytest.mark.parametrize(
    ("language", "program", "wrap"),
    [
        ("python", NAMED["python"], "f = lru_cache(None)(f)\n"),
        ("python", NAMED["python"], "f = memo(f, 5)\n"),
        ("javascript", NAMED["javascript"], "f = memo(f);\n"),
        ("javascript", "let f = (x) => x * 2;\n", "f = memo(f);\n"),
    ],
)
def test_what_wraps_the_function_stays_with_it(language, program, wrap):
    found = candidate(language, fenced(language, program + "\n" + wrap))
    assert found.index("x * 2") < found.index(wrap.strip())


@pytest.mark.parametrize(
    ("language", "before"),
    [
        ("python", "x = int(input())\n"),
        ("javascript", "const x = Number(readline());\n"),
        ("cpp", "int x = read();\n"),
        ("go", "var x = read()\n"),
    ],
)
def test_names_of_parameters_and_locals_need_no_statement_of_the_program(language, before):
    program = NAMED[language]
    assert candidate(language, fenced(language, before + program)) == candidate(language, fenced(language, program))
    assert candidate(language, fenced(language, program + before)) == candidate(language, fenced(language, program))


@pytest.mark.parametrize(
    ("text", "callee"),
    [
        ("exports.f = function (x) {\n  return x * 2;\n};\n", "exports.f"),
        ("module.exports.f = (x) => x * 2;\n", "module.exports.f"),
        ("module.exports = function (x) {\n  return x * 2;\n};\n", "module.exports"),
        ("module.exports = { f: (x) => x * 2 };\n", "module.exports.f"),
        ("globalThis.f = (x) => g(x);\nconst g = (x) => x * 2;\n", "globalThis.f"),
        ("const solution = {\n  f(x) {\n    return x * 2;\n  },\n};\nmodule.exports = solution;\n", "solution.f"),
    ],
)
def test_a_function_that_an_object_holds_is_called_there(text, callee):
    found = candidate("javascript", fenced("javascript", text))
    assert found.rstrip().endswith(f"const f = (x) => {{\n    return {callee}(x)\n}}"), found
    assert "x * 2" in found


@pytest.mark.parametrize("language", NAMED)
def test_of_two_versions_without_a_fence_the_last_complete_one_counts(language):
    first, last = NAMED[language].replace("x * 2", "x - 2"), NAMED[language]
    text = f"First try:\n\n{first}\nThat fails for 9, isn't it? Final answer:\n\n{last}\nThis one's right."
    found = candidate(language, text)
    assert "x * 2" in found
    assert "x - 2" not in found


@pytest.mark.parametrize("language", ["python", "cpp", "javascript", "go"])
def test_the_last_version_without_a_fence_has_the_helpers_of_the_first(language):
    first, helper, constant = HELPED[language]
    text = f"First try:\n\n{first}\n{helper}\n{constant}\nThat isn't it. Final answer:\n\n{first}\nThis one's right."
    found = candidate(language, text)
    for part in HELPED[language]:
        assert found.count(part.strip()) == 1, found
