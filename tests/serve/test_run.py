"""`POST /v1/run`: programs that are of no problem here, by their tests or by what they print."""

from __future__ import annotations

import pytest
from services import Service, problems_of, right

from humaneval_x.languages import LANGUAGES
from humaneval_x.serve.scripts import same_output


@pytest.mark.parametrize("language", [*LANGUAGES, pytest.param("rust", marks=pytest.mark.rust)])
def test_a_program_is_judged_by_the_tests_that_come_with_it(service: Service, language: str) -> None:
    (problem,) = problems_of([language])
    solution = problem.declaration + problem.canonical_solution
    body = {"language": language, "declaration": problem.declaration, "tests": problem.test_setup + problem.test}
    for program, status in ((solution, "passed"), (problem.declaration, "compile_error")):
        answer = service.post("/v1/run", {**body, "program": program})
        assert answer.status_code == 200, answer.text
        (row,) = answer.json()["verdicts"]
        assert row["status"] == status or (status != "passed" and not row["passed"]), row


def test_a_program_is_judged_by_what_it_prints_on_each_input(service: Service) -> None:
    pairs = [
        {"stdin": "2", "expected_stdout": "4"},
        {"stdin": "3", "expected_stdout": "4"},
        {"stdin": "x"},
        {"stdin": "1"},
    ]
    answer = service.post(
        "/v1/run", {"language": "python", "program": "print(int(input()) ** 2)\n", "pairs": pairs}
    ).json()
    assert [row["status"] for row in answer["verdicts"]] == ["passed", "wrong_answer", "runtime_error", "passed"]
    assert answer["verdicts"][1]["stdout"] == "9\n"


def test_a_program_that_does_not_compile_is_told_for_each_input(service: Service) -> None:
    body = {"language": "cpp", "program": "int main() { nothing; }", "pairs": [{}, {}]}
    rows = service.post("/v1/run", body).json()["verdicts"]
    assert [row["status"] for row in rows] == ["compile_error"] * 2 and "nothing" in rows[0]["compiler_output"]


def test_many_inputs_are_all_run(service: Service) -> None:
    pairs = [{"stdin": str(n), "expected_stdout": str(n)} for n in range(70)]
    rows = service.post(
        "/v1/run",
        {"language": "javascript", "program": "console.log(require('fs').readFileSync(0, 'utf8'))", "pairs": pairs},
    ).json()
    assert [row["passed"] for row in rows["verdicts"]] == [True] * 70


def test_tests_without_a_declaration_are_refused(service: Service) -> None:
    answer = service.post("/v1/run", {"language": "go", "program": "", "tests": "func TestX(t *testing.T) {}"})
    assert answer.json()["error"].startswith("declaration: missing")


@pytest.mark.parametrize(
    "expected, got, same",
    [
        ("1 2\n", "1 2", True),
        ("1 2", "1  2 \n\n", True),
        ("1 2", "1\n2", False),
        ("0.333333333", "0.33333333", True),
        ("0.3", "0.4", False),
        ("10000000001", "10000000002", False),
        ("1.0", "1", True),
        ("nan", "NaN", False),
        ("a", "A", False),
        ("", "\n", True),
        ("1", "", False),
    ],
)
def test_outputs_are_compared_line_by_line(expected: str, got: str, same: bool) -> None:
    assert same_output(expected, got) is same


def test_health_stays_after_all_of_that(service: Service) -> None:
    assert service.evaluate(right(problems_of(["python"])[0]))[0]["passed"]
