"""Kinds of answers, a small one each: what of them is judged, and what they are read as."""

from __future__ import annotations

import textwrap

import pytest
from official import SHARED

from humaneval_x.answers import read
from humaneval_x.settings import Answers

PREFIXES = {
    "python": 'import math\n\n\ndef half(x):\n    return x // 2\n\n\ndef f(x: int) -> int:\n    """Twice."""\n',
    "cpp": "#include<math.h>\nusing namespace std;\nint half(int x){ return x / 2; }\nint f(vector<int> x){\n",
    "java": "import java.util.*;\n\nclass Solution {\n    int half(int x) { return x / 2; }\n    /** Twice. */\n    public int f(int x) {\n",
    "javascript": "/* Twice. */\nconst half = (x) => {\n  return x >> 1\n}\n\nconst f = (x) => {\n",
    "go": "func Half(x int) int {\n    return x / 2\n}\n\n// Twice.\nfunc F(x int) int {\n",
}
GIVEN = {"python": "def half", "cpp": "int half", "java": "int half", "javascript": "const half", "go": "func Half"}


def candidate(language: str, text: str, answers: Answers = Answers.AUTO) -> str:
    return read(language, PREFIXES[language], textwrap.dedent(text).lstrip("\n"), answers).candidate


WHOLE = [
    ("python", "def f(number):\n    return number * 2\n"),
    ("python", "def f(x): return x * 2\n"),
    ("python", "f = lambda x: x * 2\n"),
    ("python", "async_ = 1\n@cache\ndef f(x):\n    return x * 2\n"),
    ("python", "def g(x):\n    return x\n\n\ndef f(x):\n    return g(x) * 2\n"),
    ("python", "from functools import cache\n\n\n@cache\ndef f(x):\n    return x * 2\n"),
    ("python", "LIMIT: int = 3\nTABLE = []\nfor i in range(LIMIT):\n    TABLE.append(i)\n\n\ndef f(x):\n    return TABLE[x] * 2\n"),
    ("python", "try:\n    from math import isqrt\nexcept ImportError:\n    isqrt = None\n\n\ndef f(x):\n    return isqrt(x) * 2\n"),
    ("python", "class Node:\n    pass\n\n\ndef f(x):\n    return Node and x * 2\n"),
    ("python", " def f(x):\n     return x * 2\n"),
    ("cpp", "int f(const vector<int>& number) {\n    return number.size() * 2;\n}\n"),
    ("cpp", "int f(vector<int> x)\n{\n    return x.size() * 2;\n}\n"),
    ("cpp", "#include <unordered_set>\nint f(vector<int> x) {\n    unordered_set<int> all(x.begin(), x.end());\n    return all.size() * 2;\n}\n"),
    ("cpp", "#include <bits/stdc++.h>\nstruct P { int a; };\nbool operator<(const P& a, const P& b) { return a.a < b.a; }\nint f(vector<int> x) {\n    set<P> all;\n    return all.size() * 2;\n}\n"),
    ("cpp", "#define TWICE(x) ((x) * 2)\ntypedef long long ll;\nint f(vector<int> x) {\n    ll n = TWICE(x.size());\n    return n;\n}\n"),
    ("cpp", "int f(vector<int> x);\n\nint f(vector<int> x) {\n    return x.size() * 2;\n}\n"),
    ("java", "import java.util.stream.*;\n\nclass Solution {\n    public int f(int number) {\n        return IntStream.of(number).sum() * 2;\n    }\n}\n"),
    ("java", "public class Solution {\n    public int f(int x) {\n        return x * 2;\n    }\n}\n"),
    ("java", "class Solution {\n    private static final int TWO = 2;\n    private int g(int x) { return x; }\n    public int f(final int x) throws IllegalArgumentException {\n        return this.g(x) * TWO;\n    }\n}\n"),
    ("java", "public int f(int x) {\n    return x * 2;\n}\n"),
    ("java", "class Pair { int a; }\n\nclass Solution {\n    public int f(int x) {\n        return new Pair().a + x * 2;\n    }\n}\n"),
    ("javascript", "const f = x => x * 2;\n"),
    ("javascript", "const f = (x) => x * 2\n"),
    ("javascript", "function f(x) {\n  return x * 2;\n}\n"),
    ("javascript", "var f = function (x) {\n  return x * 2;\n};\n"),
    ("javascript", "const g = (x) => x;\nclass Node {}\nconst f = (number) => {\n  return g(number) * 2 + (Node ? 0 : 1);\n};\n"),
    ("javascript", "const { floor } = Math;\nconst memo = {};\nmemo[0] = 0;\nconst f = (x) => {\n  return memo[x] ?? floor(x) * 2;\n};\n"),
    ("go", "func F(number int) int {\n\treturn number * 2\n}\n"),
    ("go", "type pair struct{ a int }\n\nfunc (p pair) get() int {\n\treturn p.a\n}\n\nfunc F(x int) int {\n\treturn pair{x}.get() * 2\n}\n"),
    ("go", "const two = 2\n\nvar memo = map[int]int{}\n\nfunc init() {\n\tmemo[0] = 0\n}\n\nfunc F(x int) int {\n\treturn memo[x] + x*two\n}\n"),
]  # fmt: skip


@pytest.mark.parametrize("answers", [Answers.AUTO, Answers.PROGRAM])
@pytest.mark.parametrize(("language", "text"), WHOLE)
def test_a_whole_program_stays_with_all_it_needs_and_gets_what_the_problem_gives(language, text, answers):
    found = candidate(language, text, answers)
    words = "".join(found.split())
    for line in text.splitlines():
        kept = line.removeprefix("public class").strip() if line.startswith("public class") else line.strip()
        assert "".join(kept.split()) in words or kept in ("async_ = 1", "}"), found
    assert GIVEN[language] in found, found


@pytest.mark.parametrize(("language", "text"), WHOLE)
def test_the_same_in_a_fence_is_the_same_program(language, text):
    assert candidate(language, f"Sure.\n\n```{language}\n{text}```\n").split() == candidate(language, text).split()


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        ("python", "class Solution:\n    def f(self, x):\n        return x * 2\n", "    return Solution().f(x)"),
        ("cpp", "class Solution {\npublic:\n    int f(vector<int> x) { return x.size() * 2; }\n};\n", "return Solution().f(x);"),
        ("javascript", "class Solution {\n  f(x) {\n    return x * 2;\n  }\n}\n", "return new Solution().f(x)"),
    ],
)  # fmt: skip
def test_a_method_of_the_answers_class_is_called_from_the_problems_function(language, text, line):
    found = candidate(language, text)
    assert text.strip() in found
    assert line in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("go", "```go\nfunc f(x int) int {\n\treturn x * 2\n}\n```"),
        ("python", "I'm sorry, but I can't help with that."),
        ("python", "```python\ndef other(x):\n    return x\n```"),
        ("java", "```java\nclass Solution {\n    int g(int x) { return x; }\n}\n```"),
        ("cpp", "```cpp\nint g(int x) { return x; }\n```"),
        ("javascript", "<think>\nconst f = (x) => {\n  return x\n}\n"),
    ],
)
def test_an_answer_without_the_function_says_so(language, text):
    name = "F" if language == "go" else "f"
    assert read(language, PREFIXES[language], text).missing == f"no function named {name} in the answer"


BODY = "    if x:\n        return 1\n    return 2\n"


@pytest.mark.parametrize(
    "text",
    [
        BODY.strip(),
        BODY[1:],
        textwrap.indent(BODY, " "),
        textwrap.indent(BODY, "    "),
        textwrap.dedent(BODY),
        f"```python\n{BODY}```",
        f"```\n{textwrap.dedent(BODY)}```\n",
    ],
)
def test_indentation_at_the_seam_is_mended_where_it_has_one_meaning(text):
    reading = read("python", PREFIXES["python"], text)
    assert reading.candidate.rstrip() == PREFIXES["python"] + BODY.rstrip()
    assert "indentation" in reading.mended or text.startswith("```python")


def test_tabs_behind_a_text_of_blanks_are_mended():
    space: dict[str, object] = {}
    exec(read("python", PREFIXES["python"], BODY.replace("    ", "\t")).candidate, space)
    assert [space["f"](x) for x in (0, 1)] == [2, 1]  # type: ignore[operator]


def test_indentation_that_could_mean_two_things_is_left_as_it_is():
    text = "     if x:\n          y = 1\n       return y\n"
    assert read("python", PREFIXES["python"], text).candidate == PREFIXES["python"] + text


def test_a_repeated_brace_is_the_problems():
    text = "{\n        return x;\n    }\n\n    public static void main(String[] args) {\n    }\n}\n"
    reading = read("java", PREFIXES["java"], text)
    assert reading.words == "continuation: repeated brace"
    assert reading.candidate == PREFIXES["java"] + "\n        return x;\n    }\n}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("    return g(x)\n\n\nfrom itertools import count\n\n\ndef g(x):\n    return next(count(x))\n", ["import count", "def g"]),
        ("    return g(x)\n\n\nFIRST = 2\nprint(FIRST)\n\n\ndef g(x):\n    return FIRST\n", ["FIRST = 2", "def g"]),
        ("    return x in SMALL\n\n\nSMALL = range(2)\n", ["SMALL = range(2)"]),
        ('    return eval("g(1)")\n\n\ndef g(x):\n    return x\n', ["def g"]),
    ],
)  # fmt: skip
def test_what_a_body_needs_of_the_text_after_it_comes_along(text, kept):
    found = candidate("python", text)
    assert all(each in found for each in kept)
    assert "print" not in found


def test_a_version_that_comes_later_is_the_answer():
    first, last = "def f(x):\n    return 1\n", "def f(x):\n    return x + x\n"
    assert "return 1" not in candidate("python", f"```python\n{first}```\nBetter:\n```python\n{last}```\n")
    assert "return 1" in candidate("python", f"```python\n{first}```\nBetter:\n```python\n{last[:12]}")


@pytest.mark.shared
def test_the_answers_of_real_files_are_read_as_what_they_are():
    import gzip
    import json
    from collections import Counter

    from official import official

    folder = SHARED / "real-samples"
    if not folder.exists():
        pytest.skip("needs the real samples in ../shared")
    prompts = {each.task_id: each.prompt for each in official("python")}
    found = Counter()
    for line in gzip.decompress((folder / "wizardcoder_python.jsonl.gz").read_bytes()).decode().splitlines():
        row = json.loads(line)
        found[read("python", prompts[row["task_id"]], row["completion"]).words] += 1
    assert found == {"whole program": 164}
