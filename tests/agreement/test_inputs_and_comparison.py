"""Common inputs stay within what the tests have; equal values are equal whichever language printed them."""

from __future__ import annotations

import pytest
from official import fresh

from humaneval_x.agreement.calls import Case, Function, Unfit, function_of, holds, quoted
from humaneval_x.agreement.compare import disagreements, same, value_of
from humaneval_x.agreement.drivers import DRIVERS, cpp, go, java, rust
from humaneval_x.agreement.inputs import cases
from humaneval_x.languages import KNOWN
from humaneval_x.records import Problem

ROWS = [[3, [1, 4, 9], "ab"], [7, [2, 3], "b"], [5, [1, 2, 3, 4], "aab"]]


def test_inputs_of_the_tests_come_first_and_once():
    found = cases([*ROWS, ROWS[0]], "seed")
    assert [each.arguments for each in found if each.from_tests] == ROWS
    assert found == cases([*ROWS, ROWS[0]], "seed")  # the same each time


def test_mutations_stay_within_what_the_tests_have():
    mutated = [each.arguments for each in cases(ROWS, "seed") if not each.from_tests]
    assert len(mutated) > 20
    for number, values, text in mutated:
        assert 3 <= number <= 7
        assert values == sorted(set(values)), "sorted, no element twice: so are all of the tests"
        assert 2 <= len(values) <= 4
        assert set(values) <= set(range(1, 10))
        assert set(text) <= {"a", "b"} and 1 <= len(text) <= 3


def test_rows_of_a_matrix_keep_their_length():
    for each in cases([[[[1, 2], [3, 4]]], [[[5, 6], [7, 8], [9, 0]]]], "seed"):
        assert {len(row) for row in each.arguments[0]} == {2}


def test_no_recorded_input_gives_no_case():
    assert cases([], "seed") == []


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("2", "2.0", True),
        ("0.333333", "0.33333333333333331", True),
        ("0.3333", "0.3343", False),
        ("true", "1", False),
        ("[1, [2, 3]]", "[1.0, [2, 3]]", True),
        ("[1, 2]", "[2, 1]", False),
        ('"2"', "2", False),
        ("null", "[]", False),
        ("NaN", "NaN", True),
        ("Infinity", "Infinity", True),
        ('{"map": [["a", 1], ["b", 2]]}', '{"map": [["b", 2.0], ["a", 1]]}', True),
        ('{"map": [[1, 2]]}', '{"map": [["1", 2]]}', True),
        ('{"map": [["a", 1]]}', '{"map": [["a", 2]]}', False),
    ],
)
def test_values_are_equal_whichever_language_printed_them(one, other, equal):
    assert same(value_of(one), value_of(other)) is equal


def functions(**returns):
    program = function_of(fresh("go")[0]).program
    return {
        name: Function(number="1", name="f", program=program, parameters=[], returns=kind)
        for name, kind in returns.items()
    }


def test_a_result_beyond_a_declared_integer_says_nothing_of_that_language():
    case = [Case(arguments=[], from_tests=True)]
    printed = {"python": {0: "2147483648"}, "cpp": {0: "-2147483648"}, "go": {0: "2147483648"}}
    assert disagreements(functions(python="any", cpp="i32", go="i64"), case, printed) == []
    found = disagreements(functions(python="any", cpp="i64", go="i64"), case, printed)
    assert [dict(each.outputs) for each in found] == [{name: lines[0] for name, lines in printed.items()}]
    assert holds({"list": "i32"}, [1, 2]) and not holds({"list": "i32"}, [1, 2**31])
    assert holds("u8", 255) and not holds("u8", 256) and not holds("u8", -1)


def test_throwing_differs_from_returning_on_inputs_of_the_tests_alone():
    printed = {"python": {0: "!ValueError", 1: "!ValueError"}, "go": {0: "1", 1: "1"}}
    both = [Case(arguments=[1], from_tests=True), Case(arguments=[2], from_tests=False)]
    assert [each.case for each in disagreements(functions(python="any", go="i64"), both, printed)] == both[:1]


@pytest.mark.parametrize("driver", [cpp, java, go, rust])
def test_a_value_that_a_declared_type_does_not_have_is_left_out(driver):
    text = {cpp: "vector<int>", java: "List<Integer>", go: "[]int", rust: "Vec<i32>"}[driver]
    kind = {"list": "i64" if driver is go else "i32"}
    assert "1, 2" in driver.literal(kind, [1, 2], text).replace("int(1), int(2)", "1, 2")
    for value in ([1, 2.5], [True], "ab", None, [None]):
        with pytest.raises(Unfit):
            driver.literal(kind, value, text)
    with pytest.raises(Unfit):
        quoted("é")


@pytest.mark.parametrize(
    ("kind", "value", "text", "written"),
    [
        ("text", 'a"b', "&str", '"a\\"b"'),
        ("text", "a", "String", '"a".to_string()'),
        ("f32", 2, "&f32", "&2.0"),
        ({"list": "i32"}, [1], "&mut Vec<i32>", "&mut vec![1]"),
        ({"list": {"list": "text"}}, [["a"], []], "Vec<Vec<&'a str>>", 'vec![vec!["a"], vec![]]'),
        ({"list": "i64"}, [1, 2], "&[i64]", "&[1, 2]"),
        ({"map": ["text", "i32"]}, {"a": 1}, "HashMap<&str, i32>", 'HashMap::from([("a", 1)])'),
        ({"optional": "i32"}, None, "Option<i32>", "None"),
        (
            {"list": "any"},
            [1, 2.5, "c"],
            "Vec<Box<dyn Any>>",
            'vec![Box::new(1), Box::new(2.5), Box::new("c".to_string())]',
        ),
        ("any", "2.3", "&'a dyn Any", '&"2.3"'),
        ("any", 1, "&'a dyn Any", "&1"),
    ],
)
def test_rusts_values_are_written_as_the_declared_types_ask(kind, value, text, written):
    assert rust.literal(kind, value, text) == written


def test_the_function_that_the_tests_call_is_called_where_a_text_opens_a_helper():
    row = {
        "task_id": "Rust/1",
        "prompt": "fn helper(n: i32) -> i32 {\n",
        "declaration": "fn helper(n: i32) -> i32 {\n",
        "canonical_solution": "    n + 1\n}\n\nfn asked(n: &str) -> String {\n    n.to_string()\n}\n",
        "test": '#[test]\nfn t() { assert_eq!(asked("a"), "a"); }\n',
        "example_test": "",
    }
    found = function_of(Problem.from_json(row, where="here"))
    assert (found.name, found.parameters, found.returns) == ("asked", [("text", "&str")], "text")


@pytest.mark.parametrize("language", KNOWN)
def test_every_language_has_a_driver_that_reads_every_function(language):
    for problem in fresh(language):
        found = function_of(problem)
        assert found.name in found.program.candidate, problem.task_id
        assert f"{found.name}" in DRIVERS[language]([found], {found.number: []}), problem.task_id
