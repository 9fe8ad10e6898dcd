"""SandboxFusion's own Python client against a running service, in all five languages, and what its SDK does not send."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

import pytest
import requests
from services import Service, problems_of

from humaneval_x.languages import BY_PREFIX
from humaneval_x.serve.sandbox_fusion import LANGUAGES

sdk = pytest.importorskip("sandbox_fusion")

DOUBLE = {
    "python": "print(2 * int(input()))\n",
    "cpp": "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n << std::endl; return 0; }\n",
    "nodejs": "console.log(2 * Number(require('fs').readFileSync(0, 'utf8')));\n",
    "java": "import java.util.*;\npublic class Main { public static void main(String[] args) { System.out.println(2 * new Scanner(System.in).nextInt()); } }\n",
    "go": 'package main\nimport "fmt"\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(2 * n) }\n',
    "rust": "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); "
    'println!("{}", 2 * s.trim().parse::<i32>().unwrap()); }\n',
}
BROKEN = {
    "cpp": "int main() { return nothing; }\n",
    "java": "public class Main { nothing }\n",
    "go": "package main\nfunc main() { nothing }\n",
    "rust": "fn main() { nothing }\n",
}
SLEEP = "import time\ntime.sleep(30)\n"
PRIMES = "n = int(input())\nprint(' '.join(str(k) for k in range(2, n) if all(k % d for d in range(2, k))))\n"


def marked(languages: Iterable[str]) -> list[Any]:
    """Languages as parameters: what has to be asked for may be absent here."""
    return [pytest.param(each, marks=pytest.mark.rust if each == "rust" else ()) for each in languages]


def run(service: Service, **request: object) -> Any:
    return sdk.run_code(sdk.RunCodeRequest(**request), endpoint=service.address, max_attempts=1)


@pytest.mark.long
@pytest.mark.parametrize("language", marked(DOUBLE))
def test_the_client_runs_a_program_on_its_input(service: Service, language: str) -> None:
    answer = run(service, code=DOUBLE[language], language=language, stdin="21\n")
    assert answer.status == sdk.RunStatus.Success
    assert (answer.run_result.status, answer.run_result.return_code) == (sdk.CommandRunStatus.Finished, 0)
    assert (answer.run_result.stdout, answer.run_result.stderr) == ("42\n", "")
    assert (answer.compile_result is not None) == (language in BROKEN)
    assert sdk.summary_run_code_result(answer, sdk.SummaryMapping()) == "Success"


@pytest.mark.parametrize("language", marked(BROKEN))
def test_the_client_sees_that_a_program_does_not_compile(service: Service, language: str) -> None:
    answer = run(service, code=BROKEN[language], language=language)
    assert (answer.status, answer.run_result) == (sdk.RunStatus.Failed, None)
    assert answer.compile_result.return_code != 0
    assert "nothing" in answer.compile_result.stdout + answer.compile_result.stderr
    mapping = sdk.SummaryMapping(CompileFailed="it does not compile")
    assert sdk.summary_run_code_result(answer, mapping) == "it does not compile"


def test_the_client_sees_a_failed_program_and_one_that_sleeps(service: Service) -> None:
    failed = run(service, code="raise SystemExit(3)\n", language="python")
    assert (failed.status, failed.run_result.return_code) == (sdk.RunStatus.Failed, 3)
    late = run(service, code=SLEEP, language="python", run_timeout=1)
    assert (late.status, late.run_result.status) == (sdk.RunStatus.Failed, sdk.CommandRunStatus.TimeLimitExceeded)
    assert sdk.summary_run_code_result(late, sdk.SummaryMapping(RunTimeout="too late")) == "too late"


def test_the_client_gives_files_and_takes_files(service: Service) -> None:
    answer = run(
        service,
        code="open('b', 'wb').write(open('data/a', 'rb').read() * 2)\n",
        language="python",
        files={"data/a": base64.b64encode(b"\x00x").decode(), "left out": None},
        fetch_files=["b"],
    )
    assert answer.files == {"b": base64.b64encode(b"\x00x\x00x").decode()}


@pytest.mark.parametrize("language", marked(LANGUAGES))
def test_the_client_submits_a_solution_of_a_problem(service: Service, language: str) -> None:
    (problem,) = problems_of([LANGUAGES[language]])
    for completion, accepted in ((problem.canonical_solution, True), ("", False)):
        request = sdk.SubmitRequest(
            dataset="humaneval_x", id=problem.task_id, completion=completion, config=sdk.TestConfig(language=language)
        )
        result = sdk.submit(request, endpoint=service.address, max_attempts=1)
        assert (result.accepted, [test.passed for test in result.tests]) == (accepted, [accepted])
        assert result.test_code == problem.test and result.id == problem.task_id


@pytest.mark.parametrize("number, named", [("fresh-0", "python"), ("fresh-1", "go"), ("fresh-2", "nodejs")])
def test_a_number_is_a_problem_of_the_language_beside_it(service: Service, number: str, named: str) -> None:
    prefix = {each.NAME: prefix for prefix, each in BY_PREFIX.items()}[LANGUAGES[named]]
    (problem,) = [each for each in problems_of([LANGUAGES[named]], each=3) if each.task_id == f"{prefix}/{number}"]
    body = {
        "dataset": "humaneval_x",
        "id": number,
        "completion": problem.canonical_solution,
        "config": {"language": named},
    }
    assert service.post("/submit", body).json()["accepted"]


def test_a_problem_of_an_online_judge_comes_with_the_submission(service: Service) -> None:
    cases = [
        {"input": {"stdin": "10"}, "output": {"stdout": "2 3 5 7\n"}},
        {"input": {"stdin": "3"}, "output": {"stdout": "2"}},
    ]
    config = sdk.TestConfig(language="python", dataset_type="CommonOJDataset", provided_data={"id": 7, "test": cases})
    request = sdk.SubmitRequest(dataset="own", id=7, completion=PRIMES, config=config)
    result = sdk.submit(request, endpoint=service.address, max_attempts=1)
    assert result.accepted and [test.exec_info.run_result.stdout for test in result.tests] == ["2 3 5 7\n", "2\n"]
    request = sdk.SubmitRequest(dataset="own", id=7, completion="print('2')\n", config=config)
    result = sdk.submit(request, endpoint=service.address, max_attempts=1)
    assert (result.accepted, [test.passed for test in result.tests]) == (False, [False, True])


@pytest.mark.parametrize(
    "change, told",
    [
        (
            {"language": "ruby"},
            "unknown language 'ruby'; did you mean 'rust'? choose cpp, go, java, nodejs, python, rust",
        ),
        ({"files": {"../x": "eA=="}}, "files: '../x' is not a path below the program's folder"),
        ({"files": {"x": "??"}}, "files: the content of 'x' is not base64"),
        ({"files": {"a": "eA==", "./a/b": "eA=="}}, "files: './a/b' is below 'a', which is a file"),
        ({"files": {"main.py/x": "eA=="}}, "files: 'main.py/x' is below 'main.py', which is a file"),
        ({"files": {"x" * 300: "eA=="}}, f"files: '{'x' * 80}' is not a path below the program's folder"),
        ({"files": {"\ud800": "eA=="}}, "files"),
        ({"fetch_files": ["x/" * 30]}, "files: 'x/x/x/"),
        ({"args": ["a\0b"]}, "arguments: 'a\\x00b' has a character that no argument can have"),
        ({"run_timeout": 1e6}, "cpu_s is 1e+06; expected at most 60 here"),
    ],
)
def test_what_cannot_be_run_is_one_line(service: Service, change: dict[str, object], told: str) -> None:
    answer = service.post("/run_code", {"code": "", "language": "python", **change})
    assert answer.status_code == 422 and answer.json()["error"].startswith(told)


def as_verl_asks(service: Service, code: str, given: str, expected: str, language: str, timeout_s: int = 10) -> object:
    """verl's call and what it makes of the answer: True, False, -1 its fault or ours, -2 crash, -3 late, -4 no build."""
    asked = {"code": code, "stdin": given, "compile_timeout": timeout_s, "run_timeout": timeout_s, "language": language}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    body = json.dumps({**asked, "memory_limit_MB": 1024, "files": {}, "fetch_files": []})
    answer = requests.post(f"{service.address}/run_code", headers=headers, data=body, timeout=2 * timeout_s + 10)
    answer.raise_for_status()
    said = answer.json()
    built, ran = said["compile_result"], said["run_result"]
    if said["status"] == "Success" and ran["status"] == "Finished":
        return bool(ran["stdout"].rstrip("\n") == expected.rstrip("\n"))
    if built and (built["status"] != "Finished" or built["return_code"] != 0):
        return -4
    if said["status"] == "Failed" and ran:
        return -3 if ran["status"] == "TimeLimitExceeded" else -2
    return -1


@pytest.mark.parametrize("language", marked(DOUBLE))
def test_verl_gets_what_it_tells_apart(service: Service, language: str) -> None:
    right = DOUBLE[language]
    assert as_verl_asks(service, right, "21\n", "42\n", language) is True
    assert as_verl_asks(service, right, "21\n", "43\n", language) is False
    broken = as_verl_asks(service, BROKEN.get(language, "no program"), "", "", language)
    assert broken == (-4 if language in BROKEN else -2)


def test_verl_gets_a_late_program_as_late(service: Service) -> None:
    assert as_verl_asks(service, SLEEP, "", "", "python", timeout_s=1) == -3
