"""Health, readiness, figures; tokens; where the service may listen; how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from machine import ROOT
from services import Service, children_of, problems_of, right, running, still_there

from humaneval_x.languages import LANGUAGES

TOKEN = "a-token-of-this-test-0123456789"
SLEEPER = {"task_id": "Python/fresh-2", "completion": "    import time\n    time.sleep(2)\n"}

pytestmark = pytest.mark.long


def refused(*options: str) -> str:
    argv = [sys.executable, str(ROOT / "evaluate.py"), "serve", *options]
    done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.strip()


def token_file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "tokens"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_a_ready_service_has_proved_every_language(service: Service) -> None:
    answer = requests.get(f"{service.address}/readyz")
    assert answer.status_code == 200
    said = answer.json()
    rust = said["languages"].pop("rust")  # has to be asked for: a service is ready without it
    assert said == {"ready": True, "draining": False, "languages": dict.fromkeys(LANGUAGES, "ready")}
    assert rust in ("ready", "not tried yet") or rust.startswith("the rust toolchain is missing or broken")


def test_health_is_asked_without_work(service: Service) -> None:
    assert requests.get(f"{service.address}/healthz").text == "ok\n"


def test_the_figures_count_verdicts_by_status(service: Service) -> None:
    before = service.figures()
    service.evaluate({"task_id": "Python/fresh-0", "completion": "    raise KeyError('of the figures')\n"})
    after = service.figures()
    name = 'humaneval_x_programs_total{outcome="runtime_error"}'
    assert after[name] == before.get(name, 0) + 1
    assert after["humaneval_x_queue_programs"] == 0
    assert after['humaneval_x_request_seconds{path="/v1/evaluate",quantile="0.99"}'] > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_that_others_can_reach_needs_a_token(host: str) -> None:
    told = f"OptionError: --host {host} can be reached from outside; give a --token_file"
    assert refused("--host", host).startswith(told)


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = token_file(tmp_path, TOKEN, 0o644)
    assert (
        refused("--token_file", path) == f"OptionError: --token_file {path}: others can read it; run: chmod 600 {path}"
    )


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    assert "token 1 can be guessed" in refused("--token_file", token_file(tmp_path, "short\n"))


def test_a_port_that_is_taken_is_one_line(service: Service) -> None:
    port = service.address.rpartition(":")[2]
    argv = [sys.executable, str(ROOT / "evaluate.py"), "serve", "--port", port]
    done = subprocess.run(argv, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 3
    assert done.stderr.startswith(f"MachineError: 127.0.0.1:{port}: cannot listen (Address already in use)")


def test_only_a_right_token_opens(sandbox: str, tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--token_file", token_file(tmp_path, f"# of the test\n{TOKEN}\n"))
    with running(sandbox, *options, workers=1) as service:
        address = service.address.replace("0.0.0.0", "127.0.0.1")
        body = {"samples": [right(problems_of(["python"])[0])]}
        told = {"error": "a token is needed; send it as: Authorization: Bearer TOKEN"}
        for wrong in (None, "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Basic bm8=", "Basic !", f"Digest {TOKEN}"):
            headers = {"Authorization": wrong} if wrong else {}
            answer = requests.post(f"{address}/v1/evaluate", json=body, headers=headers)
            assert (answer.status_code, answer.json()) == (401, told)
        assert requests.get(f"{address}/metrics").status_code == 401
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert requests.post(f"{address}/v1/evaluate", json=body, headers=headers).json()["verdicts"][0]["passed"]
        in_the_url = address.replace("://", f"://token:{TOKEN}@")  # for clients that cannot send a header
        assert requests.post(f"{in_the_url}/v1/evaluate", json=body).status_code == 200


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_what_it_has_accepted(sandbox: str, sign: int) -> None:
    service = Service(sandbox, workers=1)
    service.wait_until_ready()
    rows: list[dict[str, object]] = []
    asking = threading.Thread(target=lambda: rows.extend(service.evaluate(SLEEPER, SLEEPER)))
    asking.start()
    service.wait_for("humaneval_x_running_programs")
    jails = children_of(service.process.pid)
    code, said = service.end(sign)
    asking.join()
    assert [row["status"] for row in rows] == ["wrong_answer", "wrong_answer"]
    assert (said, code) == ("", 0)
    assert jails and not still_there(jails)
