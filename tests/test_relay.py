"""Programs asked for together, through a process that speaks to the agent: the answers and faults of asking one by one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from machine import ROOT

from humaneval_x.errors import SandboxError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program, Verdict
from humaneval_x.runners import relay, wire
from humaneval_x.runners.bubblewrap import PipeChannel
from humaneval_x.runners.pool import Pool
from humaneval_x.runners.relay import ask_in_turn
from humaneval_x.runners.wire import Conversation, Headed

AGENT = """
import json, os, struct, sys, time
def send(answer):
    body = json.dumps(answer).encode()
    data = struct.pack(">I", len(body)) + body
    for start in range(0, len(data), 5000):
        piece = data[start : start + 5000]
        head = struct.pack(">BxxxI", 1, len(piece)) if sys.argv[1] == "headed" else b""
        sys.stdout.buffer.write(head + piece)
    sys.stdout.buffer.flush()
send({"ready": True, "mode": "test", "toolchains": {"python": "none"}})
while head := sys.stdin.buffer.read(4):
    asked = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
    if asked["candidate"] == "end":
        sys.stderr.write("no more of this")
        sys.stderr.flush()
        os._exit(3)
    if asked["candidate"] == "fault":
        send({"id": asked["id"], "fault": "out of memory"})
        continue
    spent = {"cpu_s": 0.0, "wall_s": 0.0, "memory_mib": 0.0}
    send({"id": asked["id"], "status": "passed", "reason": asked["candidate"], **spent})
"""


def asked(candidate: str) -> dict[str, str]:
    return {"id": f"the id of {candidate}", "candidate": candidate}


class Attached(Headed):
    """An agent behind a socket, as Docker attaches one."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as said:
            argv = [sys.executable, "-c", AGENT, "headed"]
            self.process = subprocess.Popen(argv, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=said)
            self.said = os.dup(said.fileno())
        super().__init__(ours)

    def why(self) -> str:
        return f"exit status {self.process.wait()}: {os.pread(self.said, 100, 0).decode()}"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.socket.close()
        os.close(self.said)


def piped() -> PipeChannel:
    return PipeChannel([sys.executable, "-c", AGENT, "plain"])


HERE, APART = 1000, 1  # programs from which on a process of its own asks


@pytest.fixture(params=[(piped, HERE), (piped, APART), (Attached, HERE), (Attached, APART)])
def agent(request, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversation]:
    """An agent behind pipes or a socket, asked by this process or through one of its own."""
    channel, many = request.param
    monkeypatch.setattr(wire, "MANY", many)
    conversation = Conversation(channel())
    yield conversation
    conversation.close()


def says_how(fault: str) -> bool:
    """Whether a fault says what the agent said last; its exit status may not be known yet on a busy machine."""
    return fault.startswith("the agent ended; exit status ") and fault.endswith(": no more of this")


def reasons(conversation: Conversation, *candidates: str) -> list[str]:
    answers = conversation.ask_all([asked(each) for each in candidates], timeout_s=60)
    return [answer.get("fault") or answer["reason"] for answer in answers]


def test_programs_asked_for_together_have_the_answers_of_each(agent):
    large = "a" * (1 << 20)  # many times what a pipe holds
    assert reasons(agent, "a", large, 'ä"\n') == ["a", large, 'ä"\n']
    assert agent.ask(asked("b"), timeout_s=60)["reason"] == "b"
    assert reasons(agent, "c", "d") == ["c", "d"]


def test_an_agent_that_ends_leaves_the_answers_before_and_says_how(agent):
    first, second, fault = reasons(agent, "a", "b", "end", "c")
    assert (first, second) == ("a", "b")
    assert says_how(fault)


def test_a_fault_ends_what_is_asked_together(agent):
    assert reasons(agent, "a", "fault", "b") == ["a", "the jail failed: out of memory"]


def test_what_has_not_begun_in_time_is_given_back(agent, monkeypatch):
    monkeypatch.setattr(relay, "TOGETHER_S", 0)
    answers = ask_in_turn(agent, [asked("a"), asked("b")], 60)
    assert [answer["reason"] for answer in answers] == ["a"]


@pytest.mark.parametrize("agent", [(piped, APART)], indirect=True)
def test_a_killed_process_between_them_is_a_fault_of_the_jail(agent):
    assert reasons(agent, "a", "b") == ["a", "b"]
    assert agent._relay
    agent._relay._process.kill()
    with pytest.raises(SandboxError, match=r"^the process that speaks to the agent is gone"):
        reasons(agent, "c", "d")


class Agents:
    """Starts such agents, and counts them."""

    name, batch = "agents", 8

    def __init__(self) -> None:
        self.started = 0

    def start(self) -> Conversation:
        self.started += 1
        return Conversation(piped())

    def describe(self) -> str:
        return "agents"


def test_each_program_gets_its_verdict_and_one_that_ends_agents_none(monkeypatch):
    monkeypatch.setattr(wire, "MANY", 40)
    names = [f"program-{number}" for number in range(200)]
    names.insert(100, "end")
    programs = [(name, Program(language="python", preamble="", candidate=name, tests=""), None) for name in names]
    runner = Agents()
    with Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 1) as pool:
        found = dict(pool.judge(programs))
    assert says_how(str(found.pop("end")))
    assert {name: each.reason for name, each in found.items() if isinstance(each, Verdict)} == {
        name: name for name in names if name != "end"
    }
    assert (runner.started, pool.faults.jails_replaced) == (3, 2)


OWNER = """
import sys
from humaneval_x.runners.bubblewrap import PipeChannel
from humaneval_x.runners.relay import Relay
asked = "import sys, time; sys.stdin.buffer.read(4); open(sys.argv[1], 'w').close(); time.sleep(600)"
channel = PipeChannel([sys.executable, "-c", asked, sys.argv[1]])
asking = Relay(*channel.ends())
print(asking._process.pid, channel.process.pid, flush=True)
asking.ask_all([{"id": "1", "candidate": ""}], 600)
"""


def test_the_process_ends_with_the_one_who_asks_while_it_waits_for_an_agent(tmp_path):
    asked, env = tmp_path / "asked", {**os.environ, "PYTHONPATH": str(ROOT)}
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(asked)], stdout=subprocess.PIPE, env=env)
    between, agent = map(int, owner.stdout.readline().split())
    try:
        until = time.monotonic() + 60
        while not asked.exists() and time.monotonic() < until:
            time.sleep(0.05)
        owner.kill()
        owner.wait()
        while alive(between) and time.monotonic() < until:
            time.sleep(0.05)
        assert not alive(between)
    finally:
        owner.stdout.close()
        with suppress(ProcessLookupError):
            os.kill(agent, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether a process runs, or is not yet buried by whoever took it over."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
