"""Faults and load: whatever is killed, hung up or sent, no verdict is another one and nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from machine import FULL, ROOT
from services import Service, children_of, problems_of, right, running, still_there

from humaneval_x.rewards import RemoteJudge, reward_of

OTHERS = ["cpp", "java", "javascript", "go"]
SPIN = "    while True: pass\n"
REQUESTS = 2000 if FULL else 240
LEAK_REQUESTS = 10_000 if FULL else 600
SLACK_MIB = 24

pytestmark = pytest.mark.long


def modules_of(pid: int, module: str) -> list[int]:
    """A service's processes that run a Python module: the agents of its jails, the readers of answers."""
    found = []
    for child in children_of(pid):
        with suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[1:3] == [b"-m", module.encode()]:
                found.append(child)
    return found


def forgeries() -> list[dict[str, Any]]:
    """The attacks on Python's tests that are completions and take no time, as samples."""
    found = []
    for path in sorted((ROOT / "tests" / "attacks" / "python").glob("*.py")):
        text = path.read_text()
        keys = dict(re.findall("^# (\\w+): (.*)$", text, re.M))
        if keys["class"] == "forging" and not {"form", "limits"} & set(keys) and "timed_out" not in keys["expect"]:
            completion = re.sub("\\A(# .*\n)+", "", text)
            found.append({"task_id": f"Python/{keys.get('task', 'fresh-0')}", "completion": completion})
    return found


FORGED = forgeries()


def distinct(number: int, *, forged: bool = False) -> dict[str, Any]:
    """A sample that nobody has sent before, right or forged: Python, and one right one in a hundred of another language."""
    other = OTHERS[number // 100 % len(OTHERS)] if number % 100 == 51 and not forged else "python"
    sample = FORGED[number // 20 % len(FORGED)] if forged else right(problems_of([other], each=5)[number % 5])
    mark = "#" if other == "python" else "//"
    return {**sample, "completion": f"{sample['completion'].rstrip()}\n    {mark} {number}\n"}


def resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def cgroups(pid: int) -> set[str]:
    """The control groups that this process made; other runs on the machine have theirs."""
    return {
        str(path)
        for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids")
        for path in Path(root).glob(f"**/humaneval_x-{pid}-*")
    }


@pytest.fixture
def own(sandbox: str) -> Any:
    """A service for a test that harms it."""
    with running(sandbox) as service:
        yield service


@contextmanager
def killing(pids: Callable[[], Sequence[int]], pause_s: float) -> Iterator[list[int]]:
    """Kill one of some processes, again and again at random moments; the list has who was killed."""
    chance, done, killed = random.Random(4), threading.Event(), list[int]()

    def kill() -> None:
        while not done.wait(chance.uniform(0.5, 1.5) * pause_s):
            for pid in chance.sample(victims, 1) if (victims := list(pids())) else ():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        done.set()
        killer.join()


@pytest.mark.parametrize("victims", ["sandboxes.agent", "humaneval_x.answers.processes"], ids=["jails", "readers"])
def test_killed_processes_are_replaced_and_no_verdict_is_wrong(own: Service, victims: str) -> None:
    def ask(number: int) -> dict[str, Any]:
        answer = own.post("/v1/evaluate", {"samples": [distinct(number, forged=number % 2 == 1)]})
        assert answer.status_code in (200, 503), answer.text  # 503: nobody could read it
        row: dict[str, Any] = answer.json()["verdicts"][0] if answer.status_code == 200 else answer.json()
        return row

    with killing(lambda: modules_of(own.process.pid, victims), 2.0) as killed, ThreadPoolExecutor(16) as pool:
        rows = list(pool.map(ask, range(REQUESTS)))
    assert killed
    wrong = [row for number, row in enumerate(rows) if "error" not in row and row["passed"] != (number % 2 == 0)]
    faults = [row for row in rows if "error" in row]
    assert not wrong
    assert len(faults) <= len(killed) / 2 and all(set(row) <= {"task_id", "sample_index", "error"} for row in faults)
    assert victims != "sandboxes.agent" or own.figures()["humaneval_x_jails_replaced_total"] > 0
    assert own.evaluate(distinct(10**6))[0]["passed"]


def test_a_service_that_is_killed_leaves_nothing_and_the_next_one_goes_on(sandbox: str) -> None:
    first = Service(sandbox)
    first.wait_until_ready()
    pid, port = first.process.pid, first.address.rpartition(":")[2]
    rows = [distinct(number, forged=number % 2 == 1) for number in range(REQUESTS)]
    with ThreadPoolExecutor(1) as pool, closing(RemoteJudge(first.address, at_once=2)) as judge:
        asked = pool.submit(judge.judge, rows)
        first.wait_for('humaneval_x_request_seconds_count{path="/v1/evaluate"}', REQUESTS // 128)
        jails, groups = children_of(pid), cgroups(pid)
        first.end(signal.SIGKILL)
        assert jails and not still_there(jails)
        assert not asked.done()
        for group in groups:
            os.utime(group, (0, 0))  # as if it had been some time ago
        with running(sandbox, "--port", port) as second:
            assert second.address == first.address
            assert [reward_of(each) for each in asked.result()] == [1.0, 0.0] * (REQUESTS // 2)
            assert cgroups(second.process.pid) and not cgroups(pid)  # those of the dead are swept up


@pytest.mark.parametrize("stream", [False, True])
def test_clients_that_hang_up_free_their_places(own: Service, stream: bool) -> None:
    samples = [{"task_id": "Python/fresh-0", "completion": f"{SPIN}    # {n}\n"} for n in range(200)]
    body = json.dumps({"samples": samples, "stream": stream, "cpu_s": 1}).encode()
    head = (
        b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    host, port = own.address.removeprefix("http://").split(":")
    for _ in range(5):
        with socket.create_connection((host, int(port))) as client:
            client.sendall(head + body)
            own.wait_for("humaneval_x_queue_programs", 100)
        until = time.monotonic() + 30
        while own.figures()["humaneval_x_queue_programs"]:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert own.evaluate(distinct(1))[0]["passed"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /v1/ev",
        b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
)
def test_half_a_request_holds_a_connection_and_nothing_else(service: Service, sent: bytes) -> None:
    host, port = service.address.removeprefix("http://").split(":")
    clients = [socket.create_connection((host, int(port))) for _ in range(50)]
    for client in clients:
        client.sendall(sent)
    assert service.evaluate(distinct(2))[0]["passed"]
    for client in clients:
        client.close()
    assert service.evaluate(distinct(3))[0]["passed"]


def test_a_hundred_megabytes_are_refused_and_not_kept(own: Service) -> None:
    before = resident_mib(own.process.pid)
    body = b'{"samples": [{"task_id": "Python/fresh-0", "completion": "' + b"x" * (100 << 20) + b'"}]}'
    for _ in range(3):
        try:
            answer = requests.post(
                f"{own.address}/v1/evaluate", data=body, headers={"Content-Type": "application/json"}, timeout=60
            )
        except requests.ConnectionError:
            continue  # refused while it was still being sent
        assert (answer.status_code, answer.json()) == (
            413,
            {"error": "the body is larger than 32 MiB; send it in several requests"},
        )
    chunks = (b"x" * (1 << 20) for _ in range(100))  # of a size that is not announced
    with suppress(requests.ConnectionError):
        assert requests.post(f"{own.address}/v1/evaluate", data=chunks, timeout=60).status_code == 413
    assert resident_mib(own.process.pid) < before + SLACK_MIB + 64
    assert own.evaluate(distinct(4))[0]["passed"]


def test_a_deadline_is_honoured_while_a_program_waits(own: Service) -> None:
    with ThreadPoolExecutor(4) as pool:
        slow = [
            pool.submit(own.evaluate, {"task_id": "Python/fresh-1", "completion": f"{SPIN}    # {n}\n"}, cpu_s=3)
            for n in range(4)
        ]
        own.wait_for("humaneval_x_running_programs", 2)
        began = time.monotonic()
        answer = own.post("/v1/evaluate", {"samples": [distinct(5)], "deadline_s": 1})
        spent = time.monotonic() - began
        assert (answer.status_code, answer.json()["error"]) == (
            504,
            "the deadline of 1 s passed: 0 of 1 programs were judged",
        )
        assert spent < 5
        assert {each.result()[0]["status"] for each in slow} == {"timed_out"}


def test_a_full_queue_says_when_to_come_again(sandbox: str) -> None:
    with running(sandbox, "--queue", "4", workers=1) as service, ThreadPoolExecutor(16) as pool:
        bodies = [
            {"samples": [{"task_id": "Python/fresh-1", "completion": f"{SPIN}    # {n}\n"}], "cpu_s": 1}
            for n in range(16)
        ]
        answers = list(pool.map(lambda body: service.post("/v1/evaluate", body), bodies))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused and {answer.status_code for answer in answers} == {200, 429}
        assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
        assert "of your programs are waiting, and 4 may" in refused[0].json()["error"]
        many = service.post("/v1/evaluate", {"samples": [distinct(n) for n in range(5)]})
        assert many.status_code == 413


def test_a_client_with_one_program_does_not_wait_for_one_with_hundreds(own: Service) -> None:
    def asked(client: str, rows: list[dict[str, Any]]) -> float:
        began = time.monotonic()
        answer = own.post("/v1/evaluate", {"samples": rows}, headers={"X-Forwarded-For": client})
        assert answer.status_code == 200, answer.text
        return time.monotonic() - began

    with ThreadPoolExecutor(2) as pool:
        many = pool.submit(asked, "192.0.2.1", [distinct(1000 + n) for n in range(300)])
        own.wait_for("humaneval_x_queue_programs", 200)
        one = pool.submit(asked, "192.0.2.2", [distinct(9999)])
        assert one.result() < many.result() / 3


def figures(pid: int) -> dict[str, float]:
    """What must not grow: of the service, its jails and readers."""
    agents = modules_of(pid, "sandboxes.agent")
    steady = [pid, *agents, *modules_of(pid, "humaneval_x.answers.processes")]
    return {
        "processes": len(children_of(pid)),
        "descriptors": sum(map(descriptors, steady)),
        "MiB": sum(map(resident_mib, steady)),
        "files in scratch": sum(1 for agent in agents for _ in Path(f"/proc/{agent}/root/scratch").rglob("*")),
        "control groups": len(cgroups(pid)),
        "files in /tmp": len([path for path in Path(tempfile.gettempdir()).glob("humaneval_x*")]),
    }


SLACK = {"processes": 4, "descriptors": 32, "MiB": 32, "files in scratch": 8, "control groups": 0, "files in /tmp": 0}


def test_nothing_grows_under_requests_of_which_some_attack(own: Service) -> None:
    def ask(number: int) -> bool:
        forged = number % 20 == 0
        (row,) = own.evaluate(distinct(100_000 + number, forged=forged))
        return bool(row["passed"]) is not forged

    pid = own.process.pid
    with ThreadPoolExecutor(16) as pool:
        # until caches and pools have their size, and each jail has the tools of each language
        assert all(pool.map(ask, [*range(LEAK_REQUESTS // 3), *range(LEAK_REQUESTS + 51, LEAK_REQUESTS + 4051, 100)]))
        before = figures(pid)
        assert all(pool.map(ask, range(LEAK_REQUESTS // 3, LEAK_REQUESTS)))
    assert before["control groups"], "limits without a control group"
    until = time.monotonic() + 20  # idle connections end, and what was killed is gone
    while grown := {
        name: (before[name], now) for name, now in figures(pid).items() if now > before[name] + SLACK[name]
    }:
        assert time.monotonic() < until, grown
        time.sleep(0.5)


def test_right_programs_stay_right_beside_a_bad_neighbour(service: Service) -> None:
    rows = [right(problem) for problem in problems_of()] + [FORGED[0]]
    assert [row["passed"] for row in service.evaluate(*rows)] == [True] * 5 + [False]
