"""Rewards: what a verdict is worth, the shapes that trainers call, and that a fault is never a reward."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from humaneval_x.errors import MachineError, OptionError, SampleError
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Status
from humaneval_x.rewards import (
    Judged,
    LocalJudge,
    RemoteJudge,
    openrlhf_reward,
    reward_of,
    trl_reward,
    verifiers_reward,
)

PASSED, WRONG = Judged(status=Status.PASSED), Judged(status=Status.WRONG_ANSWER, passed_checks=2, expected_checks=4)
FAULT = Judged(fault="the jail died")
FORGED = "    import os\n    os._exit(0)\n"


class Says:
    """A judge that says the same of every row, and keeps what it was asked."""

    def __init__(self, *judged: Judged) -> None:
        self.judged = judged
        self.rows: Any = [{}]

    def judge(self, rows: Any) -> list[Judged]:
        self.rows = list(rows)
        return list(self.judged)[: len(self.rows)] or []


@pytest.mark.parametrize(
    "judged, whole, partial",
    [
        (PASSED, 1.0, 1.0),
        (WRONG, 0.0, 0.5),
        (FAULT, None, None),
        (Judged(), None, None),
        (Judged(status=Status.TAMPERED, passed_checks=4, expected_checks=4), 0.0, 0.0),
        (Judged(status=Status.RUNTIME_ERROR, passed_checks=4, expected_checks=4), 0.0, 0.8),
        (Judged(status=Status.TIMED_OUT, passed_checks=3), 0.0, 0.0),
    ],
)
def test_only_a_pass_is_worth_one_and_a_fault_is_worth_nothing_at_all(judged: Judged, whole: Any, partial: Any) -> None:
    assert (reward_of(judged), reward_of(judged, partial=True)) == (whole, partial)


def test_trl_gets_a_list_with_none_for_a_fault() -> None:
    judge = Says(PASSED, WRONG, FAULT)
    reward = trl_reward(judge)
    chat = [{"role": "assistant", "content": "b"}]
    columns = {"task_id": ["Go/1", "Go/2", "Go/3"], "source_language": [None, "cpp", None], "other": [1, 2, 3]}
    assert reward(prompts=["p"] * 3, completions=["a", chat, "c"], **columns) == [1.0, 0.0, None]
    assert judge.rows == [
        {"task_id": "Go/1", "completion": "a"},
        {"task_id": "Go/2", "source_language": "cpp", "completion": "b"},
        {"task_id": "Go/3", "completion": "c"},
    ]
    assert reward.__name__ == "humaneval_x"


def test_a_data_set_without_tasks_is_a_mistake_and_no_reward() -> None:
    with pytest.raises(OptionError, match="task_id is None"):
        trl_reward(Says(PASSED))(prompts=["p"], completions=["a"])


@pytest.mark.model
def test_openrlhf_gets_a_dict_of_tensors() -> None:
    judge = Says(PASSED, FAULT)
    reward = openrlhf_reward(judge)
    assert reward(["prompt and more"], ["prompt"], ["Go/1"])["rewards"].tolist() == [1.0]
    assert judge.rows == [{"task_id": "Go/1", "completion": " and more"}]
    both = reward(["a", "b"], ["", ""], ["Go/1", "Go/2"])
    assert (
        both["rewards"][0] == 1 and math.isnan(both["rewards"][1]) and both["extra_logs"] == {"humaneval_x_faults": 1.0}
    )


def test_openrlhf_gets_no_reward_for_a_fault() -> None:
    assert openrlhf_reward(Says(FAULT))(["a"], [""], ["Go/1"])["rewards"] is None


def waited(coroutine: Coroutine[Any, Any, float]) -> float:
    """Return what a coroutine gives, in a thread of its own: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def test_verifiers_gets_a_number_or_an_error() -> None:
    completion = [{"role": "assistant", "content": "text"}]
    assert waited(verifiers_reward(Says(PASSED))(completion=completion, info={"task_id": "Go/1"})) == 1.0
    assert waited(verifiers_reward(Says(WRONG), partial=True)(completion="text", answer="Go/1")) == 0.5
    with pytest.raises(MachineError, match="the jail died"):
        waited(verifiers_reward(Says(FAULT))(completion="text", answer="Go/1"))


@pytest.fixture(scope="module")
def local(sandbox: str) -> Iterator[LocalJudge]:
    judge = LocalJudge(sandbox=sandbox, workers=2)
    yield judge
    judge.close()


def test_a_local_judge_tells_right_from_wrong_and_forged_in_order(local: LocalJudge) -> None:
    problems = [load_problems(FRESH).problems[f"Python/fresh-{number}"] for number in range(4)]
    rows = [{"task_id": each.task_id, "completion": each.canonical_solution} for each in problems for _ in range(3)]
    for place in range(1, len(rows), 3):
        rows[place]["completion"] = FORGED
    assert [reward_of(judged) for judged in local.judge(rows)] == [1.0, 0.0, 1.0] * 4


def test_an_answer_without_the_function_earns_nothing_and_is_not_run(local: LocalJudge) -> None:
    rows = [{"task_id": f"{name}/fresh-0", "completion": "I can't do that."} for name in ("Go", "Java", "Python")]
    judged = local.judge(rows)
    assert [(each.status, each.passed_checks, each.fault) for each in judged] == [(Status.COMPILE_ERROR, 0, "")] * 3
    assert [reward_of(each) for each in judged] == [0.0] * 3


def test_a_local_judge_names_the_row_that_is_no_task(local: LocalJudge) -> None:
    with pytest.raises(SampleError, match=r"completions\[0\]: task_id 'Go/x' is of no known set"):
        local.judge([{"task_id": "Go/x", "completion": ""}])


class Answers(BaseHTTPRequestHandler):
    """A service that answers what its class says, one after the other; the last one for ever."""

    said: ClassVar[list[tuple[int, str, dict[str, str]]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body, headers = self.said.pop(0) if len(self.said) > 1 else self.said[0]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


ROW = '{"verdicts": [{"status": "passed", "reason": "", "cpu_s": 0, "wall_s": 0, "memory_mib": 0, "checks": 1}]}'
ASKED = [{"task_id": "Go/1", "completion": ""}]


def test_a_full_service_is_asked_again_when_it_says_so(address: str) -> None:
    Answers.said = [(429, '{"error": "full"}', {"Retry-After": "0"}), (200, ROW, {})]
    assert RemoteJudge(address).judge(ASKED) == [Judged(status=Status.PASSED, passed_checks=1)]


@pytest.mark.parametrize(
    "answer", [(503, '{"error": "a jail died"}'), (200, "no json"), (200, "{}"), (504, '{"error": "late"}')]
)
def test_what_is_no_verdict_is_a_fault(address: str, answer: tuple[int, str]) -> None:
    Answers.said = [(*answer, {})]
    (judged,) = RemoteJudge(address, patience_s=0.1).judge(ASKED)
    assert judged.fault and reward_of(judged) is None


def test_no_service_at_all_is_a_fault() -> None:
    (judged,) = RemoteJudge("http://127.0.0.1:9", patience_s=0.1).judge(ASKED)
    assert "no verdicts came" in judged.fault


@pytest.mark.parametrize("status, error", [(401, OptionError), (422, SampleError)])
def test_a_mistake_of_the_caller_stops_the_training(address: str, status: int, error: type[Exception]) -> None:
    Answers.said = [(status, '{"error": "no"}', {})]
    with pytest.raises(error, match="no"):
        RemoteJudge(address).judge(ASKED)
