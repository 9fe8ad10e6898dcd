"""What a problem declares, as data: every problem of the five languages, and texts that are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from official import fresh, official

from humaneval_x.answers import opened
from humaneval_x.assembly import assembled, canonical_program
from humaneval_x.errors import ProblemError
from humaneval_x.languages import KNOWN
from humaneval_x.languages.declared import Type, declared, refusal, type_of
from humaneval_x.records import ReadAs, Reading
from humaneval_x.settings import EvaluationSettings


def said(language: str, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(declared(language, opened(language, prefix)))
    return found


def function(language: str, prefix: str) -> tuple[str, list[tuple[str, Type]], Type]:
    (only,) = said(language, prefix)["functions"]
    return only["name"], [(each["name"], each["type"]) for each in only["params"]], only["returns"]["type"]


@pytest.mark.parametrize("language", KNOWN)
def test_every_problem_of_the_fresh_set_is_declared(language: str) -> None:
    for problem in fresh(language):
        for text in (problem.prompt, problem.declaration):
            assert len(said(language, text)["functions"]) == 1, problem.task_id


@pytest.mark.shared
@pytest.mark.parametrize("language", sorted(set(KNOWN) - {"python", "rust"}))
def test_every_official_problem_is_declared(language: str) -> None:
    """But for a declaration that lacks a brace. Python's side of the wall needs no types."""
    for problem in official(language):
        for text in (problem.prompt, problem.declaration):
            if (problem.task_id, text) != ("CPP/38", problem.declaration):
                assert len(said(language, text)["functions"]) == 1, problem.task_id


@pytest.mark.parametrize(
    ("language", "prefix", "expected"),
    [
        (
            "cpp",
            '#include<map>\nusing namespace std;\n/* a { */\nmap<char,int> histogram(const string& a, vector<vector<float> > b){\n    // "{"\n',
            ("histogram", [("a", "bytes"), ("b", {"list": {"list": "f32"}})], {"map": ["char", "i32"]}),
        ),
        (
            "cpp",
            "typedef std::list<boost::any> list_any;\nint helper(int a){ return a; }\nlong long count(list_any values,unsigned long long n){\n",
            ("count", [("values", {"list": "any"}), ("n", "u64")], "i64"),
        ),
        (
            "java",
            "import java.util.*;\nclass Solution {\n    public int twice(int a) { return 2 * a; }\n\n    /** { */\n"
            "    public Optional<Map<String, Integer>> f(List<Object> a, final int[] b) throws Exception {\n",
            ("f", [("a", {"list": "any"}), ("b", {"list": "i32"})], {"optional": {"map": ["text", "i32"]}}),
        ),
        (
            "go",
            "import (\n    \"math\"\n)\n\nfunc Poly(xs []int) float64 {\n    return 1\n}\n\nfunc F(a, b []int, m map[string][2]interface{}) (int, error) {\n",
            None,
        ),
        (
            "go",
            "func F(a, b []int, m map[string][2]interface{}) (rune, bool) {\n",
            ("F", [("a", {"list": "i64"}), ("b", {"list": "i64"}), ("m", {"map": ["bytes", {"array": ["any", 2]}]})], {"tuple": ["i32", "bool"]}),
        ),
        (
            "python",
            "from typing import *\n\ndef f(a: List[int], b, c: 'str' = ':') -> Optional[Tuple[int, str]]:\n",
            ("f", [("a", {"list": "int"}), ("b", "any"), ("c", "any")], {"optional": {"tuple": ["int", "text"]}}),
        ),
        ("javascript", "const other = (x) => {\n  return x;\n}\n\nconst f = (a, b = 1) => {\n", ("f", [("a", "any"), ("b", "any")], "any")),
        ("javascript", "async function f(a) {\n", ("f", [("a", "any")], "any")),
    ],
)  # fmt: skip
def test_a_head_is_read_as_it_is_written(
    language: str, prefix: str, expected: tuple[str, list[tuple[str, Type]], Type] | None
) -> None:
    if expected is None:
        assert said(language, prefix) == {"refused": "the type 'error' has no plain values"}
    else:
        assert function(language, prefix) == expected


def test_what_stands_before_the_head_and_closes_it_is_kept() -> None:
    before = "import java.util.*;\nclass Solution {\n    int a() { return 1; }\n    "
    assert {**said("java", before + "int f(int a) {\n"), "functions": []} == {
        "functions": [],
        "before": before,
        "after": "}",
    }


@pytest.mark.parametrize(
    ("language", "prefix", "why"),
    [
        ("cpp", "template<class T> T f(T a){\n", "is no head of a plain function"),
        ("cpp", "struct Tree { int a; };\nint f(Tree* root){\n", "'Tree*' has no plain values"),
        ("cpp", "int f(int a){ return a; }\n", "does not end in the head of one function"),
        ("java", "class Solution {\n    public Node f(Node a) {\n", "'Node' has no plain values"),
        ("go", "func F(g func(int) int) int {\n", "'func(int) int' has no plain values"),
        ("go", "func (s *Stack) Push(a int) {\n", "does not end in the head of one function"),
        ("javascript", "class Stack {\n  push(a) {\n", "does not end in the head of one function"),
    ],
)
def test_what_cannot_be_walled_is_refused_and_says_why(language: str, prefix: str, why: str) -> None:
    assert why in refusal(json.dumps(said(language, prefix)))


@pytest.mark.shared
def test_a_broken_declaration_is_read_in_the_prompt() -> None:
    broken = next(each for each in official("javascript") if each.task_id == "JavaScript/38")
    cut = replace(broken, declaration=broken.declaration.replace("}", "", 1))
    program = assembled(cut, "python", Reading(read_as=ReadAs.CONTINUATION, candidate=""), EvaluationSettings())
    assert json.loads(program.declared)["functions"][0]["name"] == "decodeCyclic"


def test_a_problem_that_cannot_be_walled_is_one_clear_line() -> None:
    text = "class Stack {\n  push(a) {\n"
    odd = replace(fresh("javascript")[0], prompt=text, declaration=text)
    with pytest.raises(ProblemError, match="its samples cannot be judged: "):
        canonical_program(odd)


def test_a_type_that_is_const_or_a_reference_is_the_same_type() -> None:
    assert type_of("cpp", "const std::vector<std::string> &") == {"list": "bytes"}


@pytest.mark.shared
def test_every_official_problem_of_rust_is_declared_with_what_only_its_solution_shows() -> None:
    """Functions that the tests call, and a type that they compare with."""
    more = {}
    for problem in official("rust"):
        found = json.loads(canonical_program(problem).declared)
        if len(found["functions"]) > 1 or "enum" in found["before"]:
            more[problem.task_id] = [each["name"] for each in found["functions"]]
    assert more == {
        "Rust/10": ["make_palindrome", "is_palindrome_10"],
        "Rust/38": ["encode_cyclic", "decode_cyclic"],
        "Rust/50": ["decode_shift", "encode_shift"],
        "Rust/137": ["compare_one"],
    }


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("pub fn f<'a>(a: &'a mut Vec<&str>) -> &'a [f32]", ([{"list": "text"}], {"list": "f32"})),
        ("fn f(mut a: HashMap<char, (i8, Option<usize>)>)", ([{"map": ["char", {"tuple": ["i8", {"optional": "u64"}]}]}], "none")),
        ("fn f(a: [u8; 3], b: Box<dyn Any>, c: &dyn Any) -> std::collections::HashSet<i64>", ([{"array": ["u8", 3]}, "any", "any"], {"set": "i64"})),
    ],
)  # fmt: skip
def test_rusts_types_are_read_through_references(head: str, expected: tuple[list[Type], Type]) -> None:
    _, params, returns = function("rust", f"{head} {{\n")
    assert ([kind for _, kind in params], returns) == expected


@pytest.mark.parametrize(
    "head", ["fn f<T: Ord>(a: T)", "fn f(a: impl Fn(i32) -> i32)", "fn f(a: Node) -> i32", "fn f((a, b): (i32, i32))"]
)
def test_what_has_no_plain_values_in_rust_is_refused(head: str) -> None:
    assert refusal(declared("rust", opened("rust", f"{head} {{\n")))
