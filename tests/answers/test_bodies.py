"""Where a body ends, and what of the text after it belongs to it: nothing but what it needs."""

from __future__ import annotations

import random

import pytest
from answers.garbage import GARBAGE, SNIPPETS
from official import fresh, official

from humaneval_x.answers import read
from humaneval_x.assembly import program_of
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Problem, ReadAs, Sample
from humaneval_x.settings import EvaluationSettings, Rules

PREFIXES = {
    "python": "def f(x):\n",
    "cpp": "int f(int x){\n",
    "java": "class Solution {\n    public int f(int x) {\n",
    "javascript": "const f = (x) => {\n",
    "go": "func f(x int) int {\n",
}


def kept(language: str, text: str) -> str:
    """Return what of a completion stays behind a small problem's text."""
    reading = read(language, PREFIXES[language], text)
    assert reading.candidate.startswith(PREFIXES[language])
    return reading.candidate.removeprefix(PREFIXES[language])


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
    plain = GO_BODY.replace("\n// More.\n", "\n")
    assert kept("go", GO_BODY + needed + "\n\nvar unused int\n") == GO_BODY + needed
    assert kept("go", plain + needed + "\n") == plain + needed


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
            "    if x:\n        return 1\n# why\n    return 2\n# why\n    return 3\n",
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
        ("cpp", "    return sizeof(A);\n}\nstruct A { int b; };\nint c(", "    return sizeof(A);\n}\nstruct A { int b; };"),
        ("cpp", "    return 1;\n}\nstruct A { int b; };\n", "    return 1;\n}"),
        ("cpp", "    return g.a;\n}\nstruct G { int a; } g, *p[2];\nint c(", "    return g.a;\n}\nstruct G { int a; } g, *p[2];"),
        ("cpp", "    return k;\n}\nint k = 3;\nSo it ends.", "    return k;\n}\nint k = 3;"),
        ("cpp", "    return 1;\n}\n\nreturn 0;\n", "    return 1;\n}"),
        ("cpp", "    return a();\n}\n#ifdef X\nint a() { }\n#endif // X\n", "    return a();\n}\n#ifdef X\nint a() { }\n#endif"),
        ("cpp", "    return a();\n}\n#if 1\nint a() { }\n", "    return a();\n}"),
        ("cpp", "    return 1;\n}\n#endif\n", "    return 1;\n}"),
        ("java", '        return "}}";\n    }\n', '        return "}}";\n    }\n}'),
        ("java", JAVA_MEMBER + "\nclass Main {}", JAVA_MEMBER),
        ("java", "        return 1;\n    }\n    public static void main(String[] a) {", "        return 1;\n    }\n}"),
        ("javascript", PATTERN + "\n```", PATTERN),
        ("javascript", MEMO + TAIL + "console.log(memo)\n", (MEMO + TAIL).rstrip()),
        ("javascript", MEMO + "const memo = load()\nconst twice = [", MEMO + "const memo = load()"),
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
            "    return twice(x)\n}\n\n// twice doubles.\nfunc twice(x int) int {\n    return x + x\n}",
        ),
        ("go", "    return '}'\n}\nfunc main() {\n}\n", "    return '}'\n}"),
    ],
)  # fmt: skip
def test_what_stays(language: str, completion: str, ours: str) -> None:
    assert kept(language, completion) == ours


@pytest.mark.parametrize(
    ("language", "again"),
    [
        ("python", "\n\ndef f(x):\n    return 0\n"),
        ("cpp", "\nint f(int x) {\n    return 0;\n}\n"),
        ("java", "\n\nclass Solution {\n    public int f(int x) {\n        return 0;\n    }\n}\n"),
        ("javascript", "\nconst f = (x) => {\n  return 0\n}\n"),
        ("javascript", "\nfunction f(x) {\n  return 0\n}\n"),
        ("go", "\nfunc f(x int) int {\n    return 0\n}\n"),
        ("go", "\nvar x = undefined()\n"),
    ],
)
def test_the_same_function_again_is_left_out(language: str, again: str) -> None:
    body = {"python": "    return f(x - 1)\n", "java": "    return f(x - 1);\n    }\n}", "go": "    return f(x - 1)\n}"}
    one = body.get(language, "    return f(x - 1);\n}")
    assert kept(language, one + again).rstrip() == one.rstrip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cpp", "    int f(int, int);\n    return f(x, 1);\n}\nint f(int x, int y) {\n    return x + y;\n}"),
        ("java", "        return f(x, 1);\n    }\n    int f(int x, int y) {\n        return x + y;\n    }\n}"),
    ],
)
def test_an_overload_of_the_function_is_another_one(language: str, text: str) -> None:
    assert kept(language, text) == text


def judged(problem: Problem, text: str, rules: Rules) -> str:
    sample = Sample(task_id=problem.task_id, completion=text, sample_index=0)
    candidate = program_of(problem, sample, EvaluationSettings(rules=rules)).candidate
    return candidate.strip().rstrip(";").strip()


def cut(language: str, problem: Problem, text: str) -> str:
    return judged(problem, LANGUAGES[language].truncate(text), Rules.REFERENCE)


@pytest.mark.parametrize("which", [official, fresh])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_the_reference_finds_before_garbage_is_found(language: str, which) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(7)
    for problem in which(language):
        plain = cut(language, problem, problem.canonical_solution)
        for garbage in GARBAGE[language]:
            for more in (garbage, garbage + chance.choice(GARBAGE[language])):
                text = problem.canonical_solution + more
                if cut(language, problem, text) == plain:
                    assert judged(problem, text, Rules.OURS) == plain, (problem.task_id, more)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_the_reference_finds_before_random_text_is_found(language: str) -> None:
    chance = random.Random(8)
    for problem in fresh(language):
        plain = cut(language, problem, problem.canonical_solution)
        for _ in range(20):
            noise = "".join(chance.choices(SNIPPETS, k=chance.randint(1, 25)))
            for more in (noise, chance.choice(GARBAGE[language]) + noise):
                text = problem.canonical_solution + more
                if cut(language, problem, text) == plain:
                    assert judged(problem, text, Rules.OURS) == plain, (problem.task_id, more)


@pytest.mark.parametrize("which", [official, fresh])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_canonical_solution_is_a_continuation_and_the_program_is_the_references(language: str, which) -> None:  # type: ignore[no-untyped-def]
    for problem in which(language):
        for prefix in (problem.prompt, problem.declaration):
            reading = read(language, prefix, problem.canonical_solution)
            if (problem.task_id, prefix) != ("CPP/38", problem.declaration):  # whose text is broken
                assert (reading.read_as, reading.mended) == (ReadAs.CONTINUATION, ()), problem.task_id
            assert (
                reading.candidate.rstrip() == (prefix + problem.canonical_solution).rstrip()
                or problem.task_id == "CPP/94"
            )


@pytest.mark.parametrize(
    ("language", "body", "after"),
    [
        ("python", "    s = x\n    return s\n", "\nJava:\ns = str(x)\n"),
        ("cpp", "    int s = x;\n    for (int i = 0; i < s; i++) s += i;\n    return s;\n}", "\nJavaScript:\nlet s = 1;\nint i = 2;\nString s = x;\n"),
        ("javascript", "  let s = x\n  return s\n}", "\nJava:\nlet s = 1\nvar s = 2\n"),
        ("go", "    s := x\n    return s\n}", "\nvar s = undefined()\n"),
    ],
)  # fmt: skip
def test_what_a_body_binds_itself_takes_nothing_from_the_text_after_it(language: str, body: str, after: str) -> None:
    assert kept(language, body + after).rstrip() == body.rstrip()


@pytest.mark.parametrize(
    ("language", "body", "set_up"),
    [
        ("python", "    return f(x - 1) if x else 0\n", "\nsys.setrecursionlimit(10000)\n"),
        ("javascript", "  return [x].firsts()\n}\n", "\nArray.prototype.firsts = function () {\n  return this[0]\n}\n"),
    ],
)
def test_what_sets_up_a_program_stays_though_the_body_names_none_of_what_follows(language, body, set_up):
    assert kept(language, body + set_up).split() == (body + set_up).split()


def test_a_table_on_one_long_line_behind_a_body_comes_along():
    table = f"    static int[] table = {{{'7, ' * 10_000}7}};\n}}\n"
    assert table.strip() in kept("java", f"        return table[x];\n    }}\n{table}\nclass Main {{}}\n")


HELPED = {  # a body, its helper, and the function again
    "python": ("    return g(x)\n", "def g(x):\n    return x + 1\n", "def f(x):\n    return g(x)\n"),
    "cpp": ("    return g(x);\n}\n", "int g(int x) {\n    return x + 1;\n}\n", "int f(int x){\n    return g(x);\n}\n"),
    "java": ("        return g(x);\n    }\n", "    int g(int x) {\n        return x + 1;\n    }\n",
             "    public int f(int x) {\n        return g(x);\n    }\n"),
    "javascript": ("  return g(x)\n}\n", "const g = (x) => x + 1\n", "const f = (x) => {\n  return g(x)\n}\n"),
    "go": ("\treturn g(x)\n}\n", "func g(x int) int {\n\treturn x + 1\n}\n", "func f(x int) int {\n\treturn g(x)\n}\n"),
}  # fmt: skip


@pytest.mark.parametrize("language", HELPED)
def test_a_helper_that_comes_again_with_the_function_is_kept_once(language: str) -> None:
    body, helper, again = HELPED[language]
    found = kept(language, f"{body}\n{helper}\n{again}\n{helper}")
    assert found.count(helper.strip()) == 1
    assert found.count("return g(x)") == 1
