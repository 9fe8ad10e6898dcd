"""Negated tests: every expectation is another value of the same type, and everything else as it was."""

from __future__ import annotations

import pytest
from official import fresh, official

from humaneval_x.answers import blank
from humaneval_x.languages import cpp, go, java, javascript, python, rust


def negate(language, tests):
    return language.negate(tests, blank(language.NAME, tests))


JAVASCRIPT = "  console.assert({})\n"
JAVA = """        List<Boolean> correct = Arrays.asList(
                {}
        );
        if (correct.contains(false)) {{
            throw new AssertionError();
        }}
"""
GO = "    assert := assert.New(t)\n    assert.{}\n"


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("f([1, 2]) === 3", "f([1, 2]) === 2"),
        ("f(1) === 0.5", "f(1) === 1.5"),
        ("f(1) === -1", "f(1) === -0"),
        ("f('a, b') === 'x'", "f('a, b') === '~x'"),
        ("f(1) == true", "f(1) == false"),
        ("3 === f(1)", "2 === f(1)"),
        ("JSON.stringify(f([1])) === JSON.stringify([1, [2]])", "JSON.stringify(f([1])) === JSON.stringify([1, [1]])"),
        ("JSON.stringify(f([1])) === JSON.stringify([])", "JSON.stringify(f([1])) === JSON.stringify([0])"),
        (
            'JSON.stringify(f({})) === JSON.stringify({ "a": 1 })',
            'JSON.stringify(f({})) === JSON.stringify({ "a": 0 })',
        ),
        ("Math.abs(f(1) - 2.5) < 1e-6", "Math.abs(f(1) - 2.5 - 1) < 1e-6"),
        ("f(1)", "!(f(1))"),
        ("!f(1)", "f(1)"),
        ("f(1) === expected", f"f(1) === {javascript.OTHER}(expected)"),
    ],
)
def test_javascript(check, negated):
    assert negate(javascript, JAVASCRIPT.format(check)) == (JAVASCRIPT.format(negated), 0)


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("s.f(1) == 3L,\n s.f(2) == 0", "s.f(1) == 2L,\n s.f(2) == 1"),
        ("s.f(List.of(1)).equals(Arrays.asList(5, 6))", "s.f(List.of(1)).equals(Arrays.asList(5, 5))"),
        ("s.f(1).equals(List.of())", "s.f(1).equals(List.of(0))"),
        ("s.f(1).equals(new ArrayList<>())", "s.f(1).equals(new ArrayList<>(List.of(0)))"),
        ("s.f(1).equals(new HashMap<String, Integer>())", 's.f(1).equals(new HashMap<>(Map.of("~", 0)))'),
        ("s.f(1).equals('a')", "s.f(1).equals('~')"),
        ('Objects.equals(s.f("a,)"), "")', 'Objects.equals(s.f("a,)"), "~")'),
        ('Objects.equals("x", s.f(1))', 'Objects.equals("~x", s.f(1))'),
        ("s.f(1) == true", "s.f(1) == false"),
        ("!s.f(1),\n s.f(2),\n s.f(3).isEmpty()", "s.f(1),\n !(s.f(2)),\n !(s.f(3).isEmpty())"),
        ("Math.abs(s.f(1) - (-2.5)) < 1e-6", "Math.abs(s.f(1) - (-2.5) - 1) < 1e-6"),
    ],
)
def test_java(check, negated):
    assert negate(java, JAVA.format(check)) == (JAVA.format(negated), 0)


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("!s.f(x).equals(text)", '!s.f(x).equals(text + "~")'),
        ("s.f(x, y) != x + y", "s.f(x, y) != (x + y) + 1"),
        ("Math.abs(s.g(s.f(x))) > 1e-4", "Math.abs(s.g(s.f(x)) - 1) > 1e-4"),
    ],
)
def test_java_where_a_condition_ends_the_tests(check, negated):
    text = "if ({}) {{\n throw new AssertionError();\n}}"
    assert negate(java, text.format(check)) == (text.format(negated), 0)


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("Equal(3, F([]int{1, 2}))", "Equal(2, F([]int{1, 2}))"),
        ('Equal("", F("a, b"), "message")', 'Equal("~", F("a, b"), "message")'),
        ("Equal([]int{1, 2}, F(1))", "Equal([]int{1, 1}, F(1))"),
        ("Equal([2]int{8, 13}, F(1))", "Equal([2]int{8, 12}, F(1))"),
        ("Equal([]string{}, F(1))", 'Equal([]string{"~"}, F(1))'),
        ("Equal([][]int{}, F(1))", "Equal([][]int{{}}, F(1))"),
        ("Equal(map[string]int{}, F(1))", 'Equal(map[string]int{"~": 0}, F(1))'),
        ("Equal(map[rune]int{}, F(1))", "Equal(map[rune]int{0: 0}, F(1))"),
        ("Equal([2]interface{}{nil, 1}, F(1))", "Equal([2]interface{}{nil, 0}, F(1))"),
        ("Equal(true, F(1))", "Equal(false, F(1))"),
        ("Equal(true, math.Abs(F(1)-2.5) < 1e-6)", "Equal(true, math.Abs(F(1)-2.5 - 1) < 1e-6)"),
        (
            "Equal(true, func(d float64) bool { return d < 1 }(F(1) - 2))",
            "Equal(true, func(d float64) bool { return d < 1 }(F(1) - 2 - 1))",
        ),
        ("Equal(true, same([]int{1}, F([]int{1})))", "Equal(true, same([]int{0}, F([]int{1})))"),
        ("Equal(F(text), string(runes))", 'Equal(F(text), string(runes) + "~")'),
        ("Equal(sum, F(list))", "Equal(sum + 1, F(list))"),
        ("True(F(1))", "False(F(1))"),
    ],
)
def test_go(check, negated):
    assert negate(go, GO.format(check)) == (GO.format(negated), 0)


@pytest.mark.parametrize("language", [java, javascript, go], ids=lambda each: each.NAME)
def test_every_expectation_of_the_problem_sets_can_be_made_wrong(language):
    for problem in [*fresh(language.NAME), *official(language.NAME)]:
        tests, left = negate(language, problem.test)
        assert left == 0, problem.task_id
        assert tests != problem.test, problem.task_id


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("f({1}) == 3", "f({1}) == 2"),
        ('(f("a") == "b")', '(f("a") == "~b")'),
        ("f(1) == true", "f(1) == false"),
        ("issame(f({1}), {1, 2})", "issame(f({1}), {1, 1})"),
        ("f({}) == vector<string>{}", 'f({}) == vector<string>{"~"}'),
        ("issame(f({}), {})", "issame(f({}), {{}})"),
        ("fabs(f(1) - 2.5) < 1e-6", "fabs(f(1) - 2.5 - 1) < 1e-6"),
        ("f(1)", "!(f(1))"),
    ],
)
def test_cpp(check, negated):
    assert negate(cpp, f"    assert ({check});\n") == (f"    assert ({negated});\n", 0)


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("f([1]) == 3", "f([1]) == _other(3)"),
        ("(1, 2) == f(1)", "_other((1, 2)) == f(1)"),
        ("f(1) is None", "f(1) is _other(None)"),
        ("abs(f(1) - 2.5) < 1e-06", "abs(f(1) - 2.5 - 1) < 1e-06"),
        ("f(1)", "not f(1)"),
        ("not f(1)", "f(1)"),
        ("f(1) in (2, 3)", "not f(1) in (2, 3)"),
    ],
)
def test_python(check, negated):
    assert negate(python, f"assert {check}") == (f"{python.OTHER}assert {negated}\n", 0)


def test_what_expects_nothing_of_the_program_is_counted():
    assert negate(python, "assert True, 'a message'")[1] == 1
    assert negate(cpp, "assert (f(g(x)) == x);") == ("assert (f(g(x)) == x);", 1)


@pytest.mark.parametrize("value", [True, 1, 10**20, 1e300, 0.5, "", "a", [], [1, "a"], (), {}, {"a": [1]}, {1}, None])
def test_another_value_is_never_the_same(value):
    space: dict[str, object] = {}
    exec(python.OTHER, space)
    made = space["_other"](value)
    assert made != value and (type(made) is type(value) or value is None)


@pytest.mark.parametrize(
    ("check", "negated"),
    [
        ("assert_eq!(f(1), 2);", "assert_eq!(f(1), 1);"),
        ('assert_eq!(f("a"), vec!["b", "c"]);', 'assert_eq!(f("a"), vec!["b", "~c"]);'),
        ("assert_eq!(f(1), vec![]);", "assert_ne!(f(1), vec![]);"),
        ("assert_ne!(3, f(1));", "assert_ne!(2, f(1));"),
        ("assert_eq!(f(x), x + y);", "assert_ne!(f(x), x + y);"),
        ("assert!(f(1) == true);", "assert!(f(1) == false);"),
        ("assert!(f(1) == HashMap::new());", "assert!(!(f(1) == HashMap::new()));"),
        ("assert!((f(1) - 2.5).abs() < 1e-6);", "assert!(!((f(1) - 2.5).abs() < 1e-6));"),
        ("assert!(!f(')'));", "assert!(f(')'));"),
        ("assert_eq!(f(1), Kind::Of('a')); // assert!(f(1))", "assert_eq!(f(1), Kind::Of('~')); // assert!(f(1))"),
    ],
)
def test_rusts_checks(check: str, negated: str) -> None:
    assert negate(rust, f"fn t() {{ {check}\n}}") == (f"fn t() {{ {negated}\n}}", 0)
