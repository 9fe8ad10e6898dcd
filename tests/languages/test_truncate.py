"""Truncation and stop rules: the reference's as published, and ours, which only ever rescues."""

from __future__ import annotations

import random
import time

import pytest
from official import fresh, official

from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Problem
from humaneval_x.settings import Rules, Task

GARBAGE = {
    "python": [
        "\ndef other(x):\n    return x\n",
        "\ndef other(x):\n    return (x",
        "\n\nprint(other(1))\n",
        "\n# comment\n    indented prose\n",
        "\n#\n",
        "\nThis function works because it is right.\n",
        "\n```\nmore\n```\n",
        "\n# language: Python\ndef other(a):\n    pass\n",
        "\nif __name__ == '__main__':\n    main()\n",
        "\nassert other(1) == 2\n",
        "\n\nclass A:\n    def f(self):\n        '''doc",
        "\n'''\nnever closed\n",
        "\ndef max(a, b):\n    return 7\n",
        "\ndef len(x):\n    return 0\n",
        "\n@decorated\ndef g(): pass\n",
    ],
    "cpp": [
        "\nint other(int x){\n  return x;\n}\n",
        "\nint other(int x){\n return (x",
        "\nint main(){\n  return 0;\n}\n",
        "\nint main() {",
        "\nThis is the answer to it.\n",
        "\n```\n\nExplanation: it { works }\n",
        "\n// language: C++\n#include<vector>\nint other(){return 1;}\n",
        "\n/* a comment with } */\n",
        "\n// it's }\n",
        "\n}\n",
        "\nx = 3;\n",
        "\nstruct A { int b; };\n",
    ],
    "java": [
        "\n    public static void main(String[] args) {\n        System.out.println(1);\n    }\n}\n",
        "\n\npublic class Main {\n    public static void main(String[] a) { }\n}",
        "\n    public int other() {\n        return 1;\n    }\n}\n",
        "\nThis is the answer to it.\n",
        "\n```\nclass X { int a; \n",
        "\n}\n",
        "\n// language: Java\nimport java.util.*;\nclass Solution {\n",
        "\nclass B { int f(){ return 1; } }\n",
    ],
    "javascript": [
        "\nconst other = (x) => {\n  return x\n}\n",
        "\nconst other = (x) => {\n return (x",
        "\nconsole.log(other({a: 1}))\n",
        "\nmodule.exports = { other }\n",
        "\nThis is the answer to it.\n",
        "\n```\nLet { me } explain\n",
        "\n// language: JavaScript\nconst f = () => { }\n",
        "\n}\n",
        "\nconst s = `}`\n",
        "\nlet r = /}/g\n",
    ],
    "go": [
        "\nfunc other(x int) int {\n    return x\n}\n",
        "\n// other does\nfunc other(x int) int {\n    return undefined(x)\n}\n",
        "\nfunc main() {\n    fmt.Println(1)\n}\n",
        "\nThis is the answer to it.\n",
        "\n```\nwhat { ever }\n",
        "\n// language: Go\nfunc Other() int { return bad }\n",
        "\n}\n",
        "\nvar x = 1\n",
        "\n// Fib again\nfunc Fib(n int) int {\n    if n < 2 { return n }\n    return Fib(n-1) + Fib(n-2)\n}\n",
        "\n/* } */\n",
        "\n// i\nvar i, j, n, result, count = undefined()\n",
        "\n// result\nfunc result() int {\n    return undefined\n}\n",
        "\n// strings\ntype strings struct{ math undefined }\n",
        "\n// init\nfunc init() {\n    undefined()\n}\n",
        "\nvar (\n",
    ],
}
SNIPPETS = [*"{}()[]'\"`/#*\\;:= \n\n\tabc", "\n//", "\ndef ", "func ", '"""', "//", "/*", "*/", "return ", "\n    "]
NAMES = list(LANGUAGES)


def kept(language: str, problem: Problem, text: str, rules: Rules) -> str:
    """Return what is left of a raw completion when its program is built."""
    cut = LANGUAGES[language].truncate(text, rules)
    program = LANGUAGES[language].assemble(problem, cut, Task.GENERATION, problem.test, rules)
    return program.candidate.strip().rstrip(";").strip()


def assert_ours_loses_nothing(language: str, problem: Problem, garbage: str) -> None:
    """Where the reference rule finds the canonical solution in front of garbage, ours has to find it too."""
    plain = kept(language, problem, problem.canonical_solution, Rules.REFERENCE)
    raw = problem.canonical_solution + garbage
    if kept(language, problem, raw, Rules.REFERENCE) == plain:
        assert kept(language, problem, raw, Rules.OURS) == plain, f"{problem.task_id} followed by {garbage!r}"


def problems(language: str, which: str) -> tuple[Problem, ...]:
    return official(language) if which == "official" else fresh(language)


@pytest.mark.parametrize("which", ["official", "fresh"])
@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("rules", list(Rules))
def test_canonical_solutions_are_left_whole(language: str, rules: Rules, which: str) -> None:
    for problem in problems(language, which):
        expected = problem.canonical_solution.strip()
        if problem.task_id == "CPP/94":  # two directives follow its last brace
            expected = expected[: expected.rindex("}") + 1]
        assert LANGUAGES[language].truncate(problem.canonical_solution, rules).strip() == expected


@pytest.mark.parametrize("which", ["official", "fresh"])
@pytest.mark.parametrize("language", NAMES)
def test_ours_keeps_what_the_reference_keeps_before_plausible_garbage(language: str, which: str) -> None:
    chance = random.Random(7)
    for problem in problems(language, which):
        for garbage in GARBAGE[language]:
            assert_ours_loses_nothing(language, problem, garbage)
            assert_ours_loses_nothing(language, problem, garbage + chance.choice(GARBAGE[language]))


@pytest.mark.parametrize("language", NAMES)
def test_ours_keeps_what_the_reference_keeps_before_random_text(language: str) -> None:
    chance = random.Random(8)
    for problem in fresh(language):
        for _ in range(30):
            noise = "".join(chance.choices(SNIPPETS, k=chance.randint(1, 25)))
            assert_ours_loses_nothing(language, problem, noise)
            assert_ours_loses_nothing(language, problem, chance.choice(GARBAGE[language]) + noise)


@pytest.mark.parametrize("language", NAMES)
def test_truncation_never_fails_and_takes_no_long_time(language: str) -> None:
    chance = random.Random(9)
    for _ in range(500):
        text = "".join(chance.choices(SNIPPETS, k=60))
        for rules in Rules:
            LANGUAGES[language].truncate(text, rules)
            LANGUAGES[language].stops(text)
    for piece in (
        "{",
        "}",
        "(",
        "'",
        '"',
        "`",
        "/",
        "\\",
        "=/[",
        "def a(): b\n",
        "func a() {b()}\n",
        "\n// \n",
        "a:",
        "${",
    ):
        LANGUAGES[language].truncate(piece * 20_000, Rules.OURS)


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\t",
        "\n",
        "for ",
        "for (",
        "for\n",
        "as ",
        "as\t",
        "a, ",
        "a:",
        "x = ",
        "@\n",
        "#\n",
        "def f(): g()\n",
        "return\n#\n",
    ],
)
def test_python_reads_a_completion_in_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "    g()\n    return 1\n    for" + piece * (size // len(piece)) + "\nclass"
        began = time.process_time()
        LANGUAGES["python"].truncate(text, Rules.OURS)
        return time.process_time() - began

    short = min(seconds(25_000) for _ in range(3))
    assert min(seconds(100_000) for _ in range(3)) < 8 * short


def test_javascript_reads_an_open_template_in_linear_time() -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        LANGUAGES["javascript"].truncate("  return `" + "${a}" * count + "\\", Rules.OURS)
        return time.process_time() - began

    assert min(seconds(20) for _ in range(5)) < 20 * min(seconds(10) for _ in range(5))  # it doubled with each


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
    assert LANGUAGES[language].truncate(completion, Rules.REFERENCE) == reference


TWO_HELPERS = """    return twice(x)

def twice(x):
    return add(x, x)

print(1)
def add(a, b):
    return a + b
"""
GO_HELPER = """    return twice(x)
}

// twice doubles.
func twice(x int) int {
    return x + x
}
// other
func other() {
}
"""
JAVA_MEMBER = "        return a();\n    }\n    int a() { return 1; }\n}"
MEMO = "  return memo.get(a) ?? twice(a)\n}\n"
TAIL = "\nconst memo = new Map();\n\nconst twice = (a) => a + LIMIT\nconst LIMIT = 1\n"
PATTERN = "  return a(/[}]/)\n}\nconst a = (x) => {\n  return 1\n}"


GO_BODY = "    return use(x)\n}\n\n// More.\n"
GO_NEEDED = (
    "var use = func(x int) int {\n    return x\n}",
    "func Helped(x int) int {\n    return x\n}\n\nvar use = Helped",
    "var calls int\n\nfunc use(x int) int {\n    calls++\n    return calls +\n        one\n}\n\nconst zero, one = 0, 1",
    "var calls []int\n\nfunc init() {\n    calls = nil\n}\n\nfunc use(x int) int {\n    return len(calls)\n}",
    "type use[T any] struct {\n    A, B, C, D T\n}\n\nfunc (u *use[T]) get() T {\n    return u.A\n}\n\nfunc (use[T]) Get() {\n}",
    "var (\n    all = []int{\n        North, East, South, West,\n    }\n    use = all\n)\n\nconst (\n    North = iota\n    East\n    South\n    West\n)",
)


@pytest.mark.parametrize("needed", GO_NEEDED)
def test_go_declarations_of_every_kind_are_kept_where_they_are_used(needed: str) -> None:
    truncate = LANGUAGES["go"].truncate
    assert truncate(GO_BODY + needed + "\n\nvar unused int\n", Rules.OURS) == (
        GO_BODY.removesuffix("\n\n// More.\n") + "\n\n" + needed
    )
    assert truncate(GO_BODY.replace("// More.\n", "") + needed + "\n", Rules.OURS).endswith("\n\n" + needed)


def test_a_go_item_of_the_solutions_name_or_its_parameters_is_dropped_if_nothing_else_uses_it() -> None:
    problem = fresh("go")[0]
    body = "    return TideTurns(levels)\n}\n"
    for repeated in ("func TideTurns(levels []int) int {\n    return 0\n}\n", "var levels = undefined()\n"):
        assert kept("go", problem, body + "\n// Again.\n" + repeated, Rules.OURS) == (problem.prompt + body).strip()
    used = "var levels int\n\nfunc other() int { return levels }\n"
    assert kept("go", problem, body + used, Rules.OURS) == (problem.prompt + body + used).strip()


@pytest.mark.parametrize(
    ("language", "completion", "ours"),
    [
        ("python", "    return 1\ndef f():\n    pass\ndef g():\n    pass\n", "    return 1\n"),
        (
            "python",
            TWO_HELPERS,
            "    return twice(x)\n\n\ndef twice(x):\n    return add(x, x)\n\n\ndef add(a, b):\n    return a + b\n",
        ),
        ("python", "    a = [\n1,\n2]\n    return a\nDone.", "    a = [\n1,\n2]\n    return a\n"),
        ("python", '    """\ntext\n"""\n    return 1\n', '    """\ntext\n"""\n    return 1\n'),
        ("python", "    if x:\n# why\n        return 1\n", "    if x:\n# why\n        return 1\n"),
        (
            "python",
            "    if x:\n        return 1\n# why\n    return 2\n# why\n    return 3\n",
            "    if x:\n        return 1\n# why\n    return 2\n",
        ),
        ("python", "    if x:\n        return 1\n# a\n    some prose\n", "    if x:\n        return 1\n"),
        ("python", "    if x:\n        return 1\n# a\n\n# b\nf(x)\n", "    if x:\n        return 1\n"),
        ("python", "    a = \\\n[1]\n    return a\nDone.", "    a = \\\n[1]\n    return a\n"),
        (
            "python",
            "    return twice(x)\n\n@other\ndef once(x): pass\n\n@cache(\n    None\n)\n# why\n@cache\ndef twice(x): pass\n",
            "    return twice(x)\n\n\n@cache(\n    None\n)\n# why\n@cache\ndef twice(x): pass\n",
        ),
        ("cpp", "    char c = '}';\n    return 1;\n}\nint main() { return 0; }", "    char c = '}';\n    return 1;\n}"),
        ("cpp", "    return 1;\n}\nstruct A { int b; };\nint c(", "    return 1;\n}\nstruct A { int b; };"),
        ("cpp", "    return g.a;\n}\nstruct G { int a; } g, *p[2];\nint c(", "    return g.a;\n}\nstruct G { int a; } g, *p[2];"),
        ("cpp", "    return k;\n}\nint k = 3;\nSo it ends.", "    return k;\n}\nint k = 3;"),
        ("cpp", "    return 1;\n}\n\nreturn 0;\n", "    return 1;\n}"),
        ("cpp", "    return a();\n}\n#ifdef X\nint a() { }\n#endif // X\n", "    return a();\n}\n#ifdef X\nint a() { }\n#endif"),
        ("cpp", "    return a();\n}\n#if 1\nint a() { }\n", "    return a();\n}\n#if 1\nint a() { }"),
        ("cpp", "    return 1;\n}\n#endif\n", "    return 1;\n}"),
        ("java", '        return "}}";\n    }\n', '        return "}}";\n    }\n}'),
        ("java", JAVA_MEMBER + "\nclass Main {}", JAVA_MEMBER),
        ("java", "        return 1;\n    }\n    public static void main(String[] a) {", "        return 1;\n    }\n}"),
        ("javascript", PATTERN + "\n```", PATTERN),
        ("javascript", MEMO + TAIL + "console.log(memo)\n", MEMO + TAIL.replace("\n\n", "\n").strip()),
        ("javascript", MEMO + "const memo = load()\nconst twice = [", MEMO.strip("\n")),
        ("javascript", "  let memo\n" + MEMO + "const memo = 1;", "  let memo\n" + MEMO.strip("\n")),
        ("javascript", "  const b =\n    /^[^}]*$/.test(a)\n  return b\n}\n}", "  const b =\n    /^[^}]*$/.test(a)\n  return b\n}"),
        ("javascript", "  b = n++ / 2; if (b) { b = b / 2 }\n}\n}", "  b = n++ / 2; if (b) { b = b / 2 }\n}"),
        ("javascript", "  return typeof /}/\n}\n}", "  return typeof /}/\n}"),
        ("javascript", "  return `${a({})} }`\n}\n}\n", "  return `${a({})} }`\n}"),
        (
            "go",
            GO_HELPER,
            "    return twice(x)\n}\n\n// twice doubles.\nfunc twice(x int) int {\n    return x + x\n}",
        ),
        (
            "go",
            GO_HELPER.replace("// other\n", ""),
            "    return twice(x)\n}\n\nfunc twice(x int) int {\n    return x + x\n}",
        ),
        ("go", "    return '}'\n}\nfunc main() {\n}\n", "    return '}'\n}"),
    ],
)  # fmt: skip
def test_our_rule(language: str, completion: str, ours: str) -> None:
    assert LANGUAGES[language].truncate(completion, Rules.OURS) == ours


def test_a_python_helper_that_takes_the_name_of_the_solution_or_of_its_parameter_is_dropped() -> None:
    problem = fresh("python")[0]
    name = problem.declaration.split("def ")[-1].split("(")[0]
    body = f"    return {name}([])\n"
    program = LANGUAGES["python"].assemble(
        problem, body + f"\ndef {name}(x):\n    return 1\n", Task.TRANSLATION, problem.test, Rules.OURS
    )
    assert program.candidate == problem.declaration + body + "\n\n"
