"""`POST /v1/evaluate`: the rows of verdicts.jsonl over HTTP, and what is not a request."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from services import Service, problems_of, right

from humaneval_x.evaluation import evaluate
from humaneval_x.languages import LANGUAGES


def test_canonical_solutions_pass_in_every_language(service: Service) -> None:
    rows = service.evaluate(*[right(problem) for problem in problems_of()])
    assert [row["status"] for row in rows] == ["passed"] * len(LANGUAGES)


def test_a_row_is_that_of_verdicts_jsonl(service: Service) -> None:
    (row,) = service.evaluate({"task_id": "Python/fresh-0", "completion": "    return None\n", "sample_index": 7})
    assert list(row)[:4] == ["task_id", "sample_index", "passed", "status"]
    assert (row["task_id"], row["sample_index"], row["passed"]) == ("Python/fresh-0", 7, False)
    assert {"cpu_s", "wall_s", "memory_mib", "stdout", "stderr", "program", "checks", "reason"} <= set(row)


MEASURED = ("cpu_s", "wall_s", "memory_mib")
SOURCES = {"Python": "go", "CPP": "go", "Java": "go", "JavaScript": "go", "Go": "cpp"}
COMMENTS = {"Python": "#", "CPP": "//", "Java": "//", "JavaScript": "//", "Go": "//"}


def test_rows_are_those_of_a_run_field_by_field(service: Service, sandbox: str, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = []
    for problem in problems_of():
        unasked = right(problem)  # by other tests of this service
        unasked["completion"] = f"    {COMMENTS[problem.prefix]} of this test\n{unasked['completion']}"
        rows += [
            unasked,
            {**unasked, "completion": "Sorry, I cannot."},
            unasked,
            {**unasked, "source_language": SOURCES[problem.prefix]},
        ]
    rows += [{"task_id": "Python/fresh-1", "completion": "    return 'of this test'\n", "sample_index": 7}]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    evaluate(path, tmp_path / "out", sandbox=sandbox, workers=1, k=(1,), partial=True, progress=False)
    judged = [json.loads(line) for line in (tmp_path / "out" / "verdicts.jsonl").read_text().splitlines()]
    served = service.evaluate(*rows)
    assert sorted(map(unmeasured, served), key=key_of) == sorted(map(unmeasured, judged), key=key_of)
    assert [row["shared"] for row in served].count(True) >= 5


def unmeasured(row: dict[str, Any]) -> dict[str, Any]:
    """A row without times, memory and names of scratch folders, and without the one thing that only the service tells."""
    kept = {key: value for key, value in row.items() if key not in (*MEASURED, "expected_checks")}
    return {
        key: re.sub("/scratch/[0-9a-f]+", "", each) if isinstance(each, str) else each for key, each in kept.items()
    }


def test_the_first_of_identical_programs_is_not_shared(service: Service) -> None:
    row = {"task_id": "Python/fresh-4", "completion": "    return 'the first of several'\n"}
    other = {"task_id": "Python/fresh-4", "completion": "    return 'something else'\n"}
    assert [each["shared"] for each in service.evaluate(row, other, row, row)] == [False, False, True, True]
    assert [each["shared"] for each in service.evaluate(row)] == [True]


def key_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["task_id"], row.get("source_language", ""), row["sample_index"]


@pytest.mark.parametrize("key", ["completion", "generation", "solution", "answer", "response"])
def test_what_a_model_wrote_stands_under_the_keys_that_people_use(service: Service, key: str) -> None:
    (problem,) = problems_of(["python"])
    rows = [{"task_id": problem.task_id, key: text} for text in (problem.canonical_solution, "    return 'no'\n")]
    assert [row["passed"] for row in service.evaluate(*rows)] == [True, False]


def test_verdicts_come_in_the_order_of_the_samples(service: Service) -> None:
    problems = problems_of(each=4)
    rows = service.evaluate(*[right(problem) for problem in problems])
    assert [row["task_id"] for row in rows] == [problem.task_id for problem in problems]


def test_rows_are_streamed_as_they_are_judged(service: Service) -> None:
    problems = problems_of(each=2)
    body = {"samples": [right(problem) for problem in problems], "stream": True}
    with service.post("/v1/evaluate", body, stream=True) as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        rows = [json.loads(line) for line in answer.iter_lines()]
    assert sorted(row["index"] for row in rows) == list(range(len(problems)))
    assert all(row["passed"] and row["task_id"] == problems[row["index"]].task_id for row in rows)


def test_identical_programs_are_run_once_within_and_between_requests(service: Service) -> None:
    row = {"task_id": "Python/fresh-1", "completion": "    return 'never asked before'\n"}
    before = service.figures()
    service.evaluate(*[{**row, "sample_index": index} for index in range(5)])
    service.evaluate(row)
    after = service.figures()
    judged = sum(after[name] - before.get(name, 0) for name in after if name.startswith("humaneval_x_programs_total"))
    assert judged == 1
    assert after["humaneval_x_cache_hits_total"] == before["humaneval_x_cache_hits_total"] + 1


def test_limits_of_a_request_are_kept(service: Service) -> None:
    row = {"task_id": "Python/fresh-0", "completion": "    while True: pass\n"}
    (verdict,) = service.evaluate(row, cpu_s=1)
    assert verdict["status"] == "timed_out" and 0.9 < verdict["cpu_s"] < 2


@pytest.mark.parametrize("name", ["negated_tests", "twin"])
def test_negated_tests_are_run_where_asked_for(service: Service, name: str) -> None:
    (row,) = service.evaluate(right(problems_of(["python"])[0]), **{name: True})
    assert row["passed"] and row["not_negated"] == 0


BAD = {
    "no task_id": ({"samples": [{"completion": ""}]}, "samples.0.task_id: field required; see /docs"),
    "no samples": ({}, "samples: field required; see /docs"),
    "empty": ({"samples": []}, "samples: list should have at least 1 item after validation, not 0; see /docs"),
    "no completion": (
        {"samples": [{"task_id": "Go/fresh-0"}]},
        "samples[0] (Go/fresh-0): 'completion' is missing; found the keys task_id; expected what the model wrote, "
        "under completion, generation, solution or the like; add it or remove the row",
    ),
    "unknown option": ({"samples": [{"task_id": "a/1"}], "cpus": 2}, "cpus: extra inputs are not permitted; see /docs"),
    "unknown set": (
        {"samples": [{"task_id": "Python/x", "completion": ""}]},
        "samples[0]: task_id 'Python/x' is of no known set; known are 'Python/0' (official) and 'Python/fresh-0' "
        "(fresh); give --problems DIR",
    ),
    "beyond the ceiling": (
        {"samples": [{"task_id": "Go/fresh-0", "completion": ""}], "cpu_s": 1e9},
        "cpu_s is 1e+09; expected at most 60 here",
    ),
    "a list": ([], "the body: expected a JSON object, sent with Content-Type: application/json; see /docs"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_one_line_that_says_what_was_expected(service: Service, name: str) -> None:
    body, told = BAD[name]
    answer = service.post("/v1/evaluate", body)
    assert (answer.status_code, answer.json()) == (422, {"error": told})


def test_an_unknown_task_of_a_known_set_names_the_nearest(service: Service) -> None:
    answer = service.post("/v1/evaluate", {"samples": [{"task_id": "Python/fresh-999", "completion": ""}]})
    assert answer.status_code == 422 and "did you mean 'Python/fresh-9" in answer.json()["error"]


@pytest.mark.parametrize("body", ["{", '{"samples": [', "\x00", "nope"])
def test_what_is_not_json_is_one_line(service: Service, body: str) -> None:
    headers = {"content-type": "application/json"}
    answer = requests.post(f"{service.address}/v1/evaluate", data=body, headers=headers)
    assert answer.status_code == 400 and answer.json()["error"].startswith("the body is not JSON (")
    assert "\n" not in answer.json()["error"]


def test_unknown_pages_and_methods_are_one_line(service: Service) -> None:
    assert requests.get(f"{service.address}/nowhere").json() == {"error": "no such page: /nowhere; see /docs"}
    assert requests.get(f"{service.address}/v1/evaluate").status_code == 405


def test_the_protocol_is_described_by_openapi(service: Service) -> None:
    described = requests.get(f"{service.address}/openapi.json").json()
    assert "/v1/evaluate" in described["paths"]
    assert requests.get(f"{service.address}/docs").status_code == 200
