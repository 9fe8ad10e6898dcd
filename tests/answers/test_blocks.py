"""Answers in several blocks, in wrappers, in classes of their own: what of them is judged."""

from __future__ import annotations

import json

import pytest

from humaneval_x.answers import read

PREFIXES = {
    "python": "def f(x):\n",
    "cpp": "int f(int x){\n",
    "java": "import java.util.*;\n\nclass Solution {\n    public int f(int x) {\n",
    "javascript": "const f = (x) => {\n",
    "go": "func F(x int) int {\n",
}
PROGRAMS = {
    "python": "def f(x):\n    return x * 2\n",
    "cpp": "int f(int x) {\n    return x * 2;\n}\n",
    "java": "class Solution {\n    public int f(int x) {\n        return x * 2;\n    }\n}\n",
    "javascript": "const f = (x) => {\n  return x * 2;\n}\n",
    "go": "func F(x int) int {\n\treturn x * 2\n}\n",
}
HELPED = {
    "python": ("def f(x):\n    return g(x)\n", "def g(x):\n    return x * TWO\n", "TWO = 2\n"),
    "cpp": (
        "int f(int x) {\n    return g(x);\n}\n",
        "int g(int x) {\n    return x * TWO;\n}\n",
        "const int TWO = 2;\n",
    ),
    "javascript": ("const f = (x) => g(x);\n", "const g = (x) => x * TWO;\n", "const TWO = 2;\n"),
    "go": ("func F(x int) int {\n\treturn g(x)\n}\n", "func g(x int) int {\n\treturn x * Two\n}\n", "const Two = 2\n"),
}
DEMO = {
    "python": "x = f(3)\ng = f(4)\n",
    "cpp": "int main() {\n    int g = f(3);\n}\n",
    "javascript": "const x = f(3);\n",
    "go": "func main() {\n\tg := F(3)\n}\n",
}
DOCUMENTED = {
    "python": 'def f(x):\n    """Twice.\n\n    ```python\n    f(1)\n    ```\n    """\n    return x * 2\n',
    "cpp": "int f(int x) {\n    /*\n    ```cpp\n    f(1);\n    ```\n    */\n    return x * 2;\n}\n",
    "java": "class Solution {\n    public int f(int x) {\n        /*\n        ```java\n        f(1);\n        ```\n        */\n"
    "        return x * 2;\n    }\n}\n",
    "javascript": "const f = (x) => {\n  /*\n  ```js\n  f(1)\n  ```\n  */\n  return x * 2;\n}\n",
    "go": "func F(x int) int {\n\t/*\n\t```go\n\tF(1)\n\t```\n\t*/\n\treturn x * 2\n}\n",
}


def candidate(language: str, text: str) -> str:
    return read(language, PREFIXES[language], text).candidate


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}```\n"


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize(
    "wrapper",
    ["<solution>\n{}</solution>\n", "<answer>\nIt is:\n\n{}</answer>\n", "````markdown\nThe answer:\n\n{}````\n"],
)
def test_a_fence_within_a_wrapper_is_the_block(language, wrapper):
    program = PROGRAMS[language]
    assert candidate(language, wrapper.format(fenced(language, program))) == candidate(
        language, fenced(language, program)
    )


@pytest.mark.parametrize("language", DOCUMENTED)
def test_a_fence_in_a_comment_or_docstring_ends_no_block(language):
    program = DOCUMENTED[language]
    found = candidate(language, f"Sure.\n\n{fenced(language, program)}\nIt doubles `x`.\n")
    assert "2" in found
    assert found == candidate(language, program), found


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
@pytest.mark.parametrize("language", HELPED)
def test_what_a_function_needs_is_taken_from_any_block_of_the_answer(language, order):
    blocks = [fenced(language, HELPED[language][at]) for at in order]
    found = candidate(language, "\nThen:\n".join([*blocks, fenced(language, DEMO[language])]))
    for part in HELPED[language]:
        assert found.count(part.strip()) == 1, found
    assert "f(3)" not in found.lower()


JAVA_PARTS = (
    "import java.util.stream.*;\n",
    "class Two {\n    static final int TWO = (int) IntStream.of(1, 2).count();\n}\n",
    "private int g(int x) {\n    return x * Two.TWO;\n}\n",
    "class Solution {\n    public int f(int x) {\n        return g(x);\n    }\n}\n",
    "public class Main {\n    public static void main(String[] all) {\n        new Solution().f(3);\n    }\n}\n",
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (3, 2, 1, 0, 4), (4, 3, 0, 2, 1)])
@pytest.mark.parametrize("alone", [False, True])
def test_java_parts_of_other_blocks_come_where_they_belong(order, alone):
    bare = "public int f(int x) {\n    return g(x);\n}\n"
    parts = [bare if alone and at == 3 else JAVA_PARTS[at] for at in order]
    found = candidate("java", "\nAnd:\n".join(fenced("java", part) for part in parts))
    assert "Main" not in found
    assert [found.count(part) for part in ("java.util.stream", "class Two", "int g(", "int f(")] == [1, 1, 1, 1]
    start, end = found.index("class Solution"), found.index("class Two")
    assert found.index("java.util.stream") < start < found.index("int g(") < found.index("int f(") < end


@pytest.mark.parametrize(
    ("language", "parts", "first"),
    [
        ("cpp", ["#include <cmath>\n", "int g(int x) {\n    return sqrt(x);\n}\n", HELPED["cpp"][0]], "#include <cmath>"),
        ("javascript", ["const { sqrt } = Math;\n", "const g = (x) => sqrt(x);\n", HELPED["javascript"][0]], "const { sqrt }"),
    ],
)  # fmt: skip
def test_what_a_helper_needs_is_taken_from_a_third_block(language, parts, first):
    found = candidate(language, "\nAnd:\n".join(fenced(language, part) for part in parts))
    assert found.index(first) < found.index(parts[1].strip()) < found.index(parts[2].strip())


@pytest.mark.parametrize("language", HELPED)
def test_of_a_helper_in_two_blocks_the_last_one_counts(language):
    program, helper, constant = HELPED[language]
    wrong = helper.replace("x * ", "x - ")
    found = candidate(language, "\nNo:\n".join(fenced(language, each) for each in (wrong, program, helper, constant)))
    assert "x * " in found
    assert "x - " not in found


@pytest.mark.parametrize("tag", ["typescript", "ts", "jsx", "js", ""])
def test_plain_javascript_may_be_tagged_as_its_kin(tag):
    assert "x * 2" in candidate("javascript", f"```{tag}\n{PROGRAMS['javascript']}```\n")


METHOD = "    public int f(int x) {\n        return x * 2;\n    }\n"


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ('@SuppressWarnings("all")\npublic class Solution {\nMETHOD}\n', "public class"),
        ("@Deprecated\npublic final class Solution {\nMETHOD}\n", "public final class"),
        ("final class Twice {\n    private Twice() {}\nMETHOD}\n", "Twice"),
        ("class Solution {\n    private Solution() {}\nMETHOD}\n", "private Solution"),
        ("class Solution {\nWRONG}\n// better\nclass Solution {\nMETHOD}\n", "x * 1"),
        ("public class Main {\n    static class Solution {\nMETHOD    }\n    void main() {}\n}\n", "main"),
        ("abstract class Base {\n    abstract int f(int x);\n}\nclass Solution extends Base {\nMETHOD}\n", "public class"),
    ],
)  # fmt: skip
def test_a_java_class_is_one_that_the_tests_can_make(text, absent):
    text = text.replace("METHOD", METHOD).replace("WRONG", METHOD.replace("2", "1"))
    found = candidate("java", fenced("java", text))
    assert absent not in found
    assert found.count("class Solution") == 1
    assert "return x * 2;" in found


def test_java_imports_stand_at_the_head_wherever_the_answer_has_them():
    text = PROGRAMS["java"].replace("x * 2", "(int) Stream.of(x, x).count()") + "\nimport java.util.stream.*;\n"
    found = candidate("java", fenced("java", text))
    assert found.index("java.util.stream") < found.index("class Solution")


def test_a_static_method_of_a_javascript_class_is_called_without_an_object():
    assert "return Twice.f(x)" in candidate("javascript", "class Twice {\n  static f(x) {\n    return x * 2;\n  }\n}\n")


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("python", "", "\nf = lru_cache(None)(f)\n"),
        ("javascript", "", "\nmodule.exports = f;\n"),
        ("javascript", "", '\n// usage\nconst { f } = require("./f");\n'),
        ("go", "", "```\nThe shape:\n```go\nfunc F(x int) int {\n"),
        ("python", "", "```\nThe shape:\n```python\ndef f(x):\n"),
        ("java", "interface Twice { int f(int x); }\n", ""),
    ],
)
def test_another_name_or_a_header_alone_is_not_the_function(language, before, after):
    assert "2" in candidate(language, f"```{language}\n{before}{PROGRAMS[language]}{after}```\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def twice(x):\n    return x * 2\n", "f = twice"),
        ("class Twice:\n\n    def f(self, x):\n        return x * 2\n", "f = Twice().f"),
    ],
)
def test_a_function_may_get_its_name_afterwards(text, name):
    found = candidate("python", fenced("python", f"{text}\n\n{name}\n"))
    assert text.strip() in found
    assert name in found


def test_indented_code_between_prose_is_a_program():
    program = "".join(f"    {line}\n" for line in ("def g(x):", "    return x * 2", "", "def f(x):", "    return g(x)"))
    found = candidate("python", f"Here it is:\n\n{program}\nIt doubles x.\n")
    compile(found, "", "exec")
    assert "return x * 2" in found


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_blank_after_a_token_that_begins_a_text_is_none_of_it(language):
    assert candidate(language, f"<s> {PROGRAMS[language]}</s>") == candidate(language, PROGRAMS[language])


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("mark", ["{}", "```json\n{}\n```\n", "Here it is:\n```\n{}\n```\n"])
@pytest.mark.parametrize("inner", ["{}", "It doubles:\n```\n{}```\n"])
def test_a_program_in_json_is_the_string(language, mark, inner):
    program = PROGRAMS[language]
    expected = candidate(language, fenced(language, program))
    for value in (
        {"code": inner.format(program), "explanation": "`f` or `F` doubles."},
        [{"reasoning": "I double.", "answer": {"language": language, "code": inner.format(program)}}],
        inner.format(program),
    ):
        assert candidate(language, mark.format(json.dumps(value))) == expected


def test_helpers_of_other_blocks_may_be_named_as_the_standard_library_names_its_own():
    blocks = (
        "static bool divides(int d, int x) {\n    return x % d == 0;\n}\n",
        "int f(int x) {\n    return std::abs(x) * divides(2, x);\n}\n",
    )
    text = "".join(fenced("cpp", block) for block in blocks)
    found = read("cpp", "#include<math.h>\nusing namespace std;\nint f(int x){\n", text).candidate
    assert found.rstrip().endswith("using namespace std;")
    assert found.count("using namespace std;") == 1
