"""What every jail promises for every language. Real jails only; the programs are in programs.py.

Not here: what is special to one language (tests/sandboxes), and how jails are replaced (tests/test_resilience.py).
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from jails import Jail, UsersJail, processes, wait_for
from machine import FULL, ROOT, absent
from official import fresh

from humaneval_x.assembly import program_of
from humaneval_x.contract import programs
from humaneval_x.contract.programs import program
from humaneval_x.errors import HarnessError
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Problem, Program, Sample, Script, StageLimits, Verdict
from humaneval_x.runners.choose import choose
from humaneval_x.runners.docker import GO_FIRST
from humaneval_x.runners.wire import script_request
from humaneval_x.settings import EvaluationSettings

KINDS = [
    pytest.param("docker", marks=pytest.mark.docker),
    pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
    pytest.param("bubblewrap as a user", marks=pytest.mark.bubblewrap),
    pytest.param("bubblewrap as a user, memory watched", marks=pytest.mark.bubblewrap),
]
SHORT = {"cpu_s": 1, "wall_s": 3}
FOUR_AT_ONCE = """import os, time
def f(x):
    {before}
    (ready, telling), (waiting, release) = os.pipe(), os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            os.close(release)
            {inside}
            os.write(telling, b"x")
            os.read(waiting, 1)
            os._exit(0)
    for _ in range(4):
        os.read(ready, 1)
    {until}
    os.close(release)
    for _ in range(4):
        os.wait()
    return x + 1
"""
# What stays with a folder though all that is in it is removed: done to the folder around the program's, and to the terminals'.
MARKS_FOLDERS = """import os
def refused(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return
    raise SystemExit(f"{call.__name__}{arguments}")
nothing_for_anybody = bytes.fromhex("0200000001000000ffffffff04000000ffffffff20000000ffffffff")
for folder in "..", "/dev/pts", "/dev/pts/ptmx":
    refused(os.chmod, folder, 0)
    refused(os.utime, folder, (1, 1))
    refused(os.setxattr, folder, "user.left", b"behind")
    refused(os.setxattr, folder, "system.posix_acl_default", nothing_for_anybody)
refused(os.mkdir, "../" + "a" * 255)
"""
FIRST_THREAD_ENDS = """import ctypes, threading, time
def take():
    while not open("/proc/self/statm").read().startswith("0 "):
        time.sleep(0.01)
    kept = bytearray(b"x") * (340 << 20)
    time.sleep(1000)
def f(x):
    threading.Thread(target=take).start()
    ctypes.CDLL(None).pthread_exit(None)
"""
WRITES_TO_LATER_RUNS = """import glob, os
here = os.getcwd()
for file in glob.glob("/scratch/*/main.py"):
    for change in (lambda: os.remove(file), lambda: open(os.path.dirname(file) + "/left", "w")):
        try:
            if not file.startswith(here):
                change()
        except OSError:
            pass
print(input(), os.path.exists("left"))
"""
pytestmark = pytest.mark.parametrize("language", [*LANGUAGES, pytest.param("rust", marks=pytest.mark.rust)])


@pytest.fixture(scope="session", params=KINDS)
def jail(request: pytest.FixtureRequest) -> Iterator[Jail]:
    as_user = request.param.startswith("bubblewrap as a user")
    if as_user and os.geteuid() != 0:
        pytest.skip("bubblewrap is tested as this user already")
    try:
        made = (
            UsersJail(fenced="watched" not in request.param)
            if as_user
            else Jail(choose(request.param, COMPILE_LIMITS, RUN_LIMITS))
        )
    except HarnessError as fault:
        absent("bubblewrap", f"{request.param}: {fault}")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _not_more_than_its_time(request: pytest.FixtureRequest, language: str) -> None:
    if language == "rust" and "as a user" in request.node.name and not FULL:
        pytest.skip("the jails of a user are tried in five languages: HUMANEVAL_X_FULL=1 tries them in Rust")


def assemble(problem: Problem, completion: str) -> Program:
    sample = Sample(task_id=problem.task_id, completion=completion, sample_index=0)
    return program_of(problem, sample, EvaluationSettings())


def is_well(jail: Jail, language: str) -> bool:
    """Whether the jail judges the next program as if nothing had been."""
    verdict = jail.judge(program(language, programs.RIGHT[language]), expected=2)
    assert (verdict.status, verdict.checks) == ("passed", 2), verdict
    return True


def outcome(jail: Jail, language: str, text: dict[str, str], **limits: float) -> Verdict:
    verdict = jail.judge(program(language, text[language]), expected=2, **limits)
    assert verdict.passed == (verdict.status == "passed")
    return verdict


def seen_and_told(nonce: int) -> list[int]:
    """Return the daemon's process when there is one, and end the other one, for which the program waits."""
    found = wait_for(f"/bin/sleep {nonce}", 60)
    for pid in wait_for(f"/bin/sleep 9.{nonce}", 60):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return found


def test_a_canonical_solution_passes_with_every_check_made(jail, language):
    verdict = jail.judge(assemble(fresh(language)[0], fresh(language)[0].canonical_solution), expected=14)
    assert (verdict.status, verdict.reason, verdict.checks, verdict.failures) == ("passed", "", 14, 0), verdict
    assert verdict.cpu_s > 0
    assert verdict.wall_s > 0
    assert verdict.memory_mib > 0


def test_an_empty_completion_does_not_pass(jail, language):
    assert jail.judge(assemble(fresh(language)[0], ""), expected=14).status in (
        "compile_error",
        "wrong_answer",
        "runtime_error",
    )


def test_a_wrong_program_is_a_wrong_answer(jail, language):
    verdict = outcome(jail, language, programs.WRONG)
    assert verdict.status == "wrong_answer", verdict
    assert verdict.reason


def test_a_program_is_asked_the_same_whether_it_was_right_or_wrong(jail, language):
    """It learns nothing of its answers that it could leave to a later sample."""
    right, wrong = (jail.judge(program(language, programs.SAYS[language], first=first), expected=2) for first in (2, 0))
    assert (right.stdout, wrong.stdout) == ("1\n2\n", "1\n2\n")
    assert (right.status, right.checks, right.failures) == ("passed", 2, 0), right
    assert (wrong.status, wrong.checks, wrong.failures) == ("wrong_answer", 2, 1), wrong


@pytest.mark.parametrize("then", ["RAISES", "DIES", "LEAVES_EARLY", "LOOPS", "SLEEPS", "FLOODS", "EATS_MEMORY"])
@pytest.mark.long
def test_a_wrong_answer_is_one_whatever_comes_after_it(jail, language, then):
    text = programs.upon(getattr(programs, then), programs.FIRST_WRONG)
    limits = (
        {"cpu_s": 0.5, "wall_s": 1.5} if then in ("LOOPS", "SLEEPS") else {"cpu_s": 20, "wall_s": 60, "memory_mib": 200}
    )
    verdict = outcome(jail, language, text, output_bytes=100_000, **limits)
    assert (verdict.status, verdict.failures) == ("wrong_answer", 1), verdict
    assert verdict.got == "0"


def test_what_does_not_compile_is_a_compile_error(jail, language):
    verdict = outcome(jail, language, programs.DOES_NOT_COMPILE)
    assert verdict.status == "compile_error", verdict
    assert verdict.compiler_output or verdict.stderr or verdict.reason


def test_an_uncaught_exception_is_a_runtime_error(jail, language):
    assert outcome(jail, language, programs.RAISES).status == "runtime_error"


def test_a_death_is_a_runtime_error(jail, language):
    assert outcome(jail, language, programs.DIES).status == "runtime_error"
    assert is_well(jail, language)


def test_an_exit_before_the_tests_are_through_never_passes(jail, language):
    assert outcome(jail, language, programs.LEAVES_EARLY).status == "tampered"


def test_fewer_checks_than_expected_never_pass(jail, language):
    verdict = jail.judge(program(language, programs.RIGHT[language]), expected=3)
    assert (verdict.status, verdict.reason) == ("tampered", "only 2 of 3 checks were made")


@pytest.mark.long
def test_a_loop_times_out_by_its_cpu_time(jail, language):
    verdict = outcome(jail, language, programs.LOOPS, cpu_s=0.3, wall_s=100)
    assert verdict.status == "timed_out", verdict
    assert verdict.cpu_s >= 0.3


@pytest.mark.long
def test_a_sleep_times_out_by_its_wall_time(jail, language):
    verdict = outcome(jail, language, programs.SLEEPS, cpu_s=100, wall_s=0.5)
    assert verdict.status == "timed_out", verdict
    assert verdict.wall_s >= 0.5


@pytest.mark.long
def test_too_much_memory_is_memory_exceeded(jail, language):
    verdict = outcome(jail, language, programs.EATS_MEMORY, cpu_s=20, wall_s=60, memory_mib=200)
    assert verdict.status == "memory_exceeded", verdict
    assert is_well(jail, language)


def test_a_flood_of_output_is_stopped_and_its_tail_kept(jail, language):
    verdict = outcome(jail, language, programs.FLOODS, cpu_s=20, wall_s=60, output_bytes=100_000)
    assert verdict.status == "output_exceeded", verdict
    assert len(verdict.stdout) <= 2048
    assert "floodflood" in verdict.stdout


def test_prints_do_not_fail_a_program_and_are_kept(jail, language):
    verdict = outcome(jail, language, programs.PRINTS)
    assert (verdict.status, verdict.stdout, verdict.stderr) == ("passed", "out\n", "err\n")


def test_files_and_environment_do_not_reach_the_next_program(jail, language):
    first = outcome(jail, language, programs.LEAVES_THINGS)
    second = outcome(jail, language, programs.FINDS_NOTHING)
    assert (first.status, second.status) == ("passed", "passed"), (first, second)


def test_no_variable_of_the_host_reaches_a_program(jail, language, monkeypatch):
    monkeypatch.setenv("CANARY_TOKEN", "secret")
    jail.close() if type(jail) is Jail else None  # a jail that starts with the variable set
    shown = outcome(jail, language, programs.SHOWS_ENVIRONMENT)
    assert shown.status == "passed", shown
    assert "PATH" in shown.stdout.split()
    assert not {"CANARY_TOKEN", "USER", "LOGNAME"} & set(shown.stdout.split())


def test_a_daemonised_grandchild_is_dead_before_the_verdict(jail, language):
    nonce = random.Random(f"{language} {type(jail)}").randrange(10**8, 10**9) + os.getpid()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(seen_and_told, nonce)
        text = program(language, programs.DAEMONISES[language], nonce=nonce)
        verdict = jail.judge(text, wall_s=60)  # in this thread: a jail dies with the one that started it
        left = processes(f"/bin/sleep {nonce}")
        seen = waiting.result()
    assert verdict.status == "passed", verdict
    assert seen
    assert left == []


def test_there_is_no_network_not_even_the_hosts_own_address(jail, language):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        text = program(language, programs.CONNECTS[language], port=listener.getsockname()[1])
        verdict = jail.judge(text, expected=2, **SHORT)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert verdict.status == "passed", verdict


@pytest.mark.long
def test_a_fork_bomb_is_contained_and_the_next_program_keeps_its_verdict(jail, language):
    verdict = outcome(jail, language, programs.FORK_BOMB, cpu_s=0.3, wall_s=2)
    assert verdict.status in ("timed_out", "runtime_error", "memory_exceeded"), verdict
    assert is_well(jail, language)


def test_files_of_the_host_cannot_be_read(jail, language):
    with tempfile.NamedTemporaryFile(dir=Path.home()) as one, tempfile.NamedTemporaryFile() as two:
        paths = [one.name, two.name, ROOT / "pyproject.toml", ROOT / "problems" / "errata.json", "/etc/shadow"]
        for name in (one.name, two.name):
            Path(name).chmod(0o644)
        listed = ", ".join(json.dumps(str(path)) for path in paths)
        verdict = jail.judge(program(language, programs.READS[language], paths=listed), expected=2)
    assert verdict.status == "passed", verdict


def test_nothing_but_its_own_folder_can_be_written(jail, language):
    folders = [
        "/",
        "/usr",
        "/etc",
        "/opt/humaneval_x",
        "/opt/humaneval_x/sandboxes",
        "/dev",
        "/proc",
        "/run",
        "/tmp",
        "/dev/shm",
        "/scratch",
    ]
    listed = ", ".join(json.dumps(folder) for folder in folders)
    verdict = jail.judge(program(language, programs.WRITES[language], paths=listed), expected=2)
    assert verdict.status == "passed", verdict


@pytest.mark.long
def test_compiling_is_limited_too(jail, language):
    limits = replace(COMPILE_LIMITS, cpu_s=3, wall_s=10, memory_mib=512)
    allowed = {"timed_out", "memory_exceeded", "compile_error", "output_exceeded"}
    for text in (text for name, text in programs.COMPILE_BOMBS if name == language):
        verdict = jail.judge(program(language, text), expected=2, compiling=limits, **SHORT)
        assert verdict.status in allowed, (text[:60], verdict)
        assert verdict.cpu_s < 10
        assert is_well(jail, language)


def test_a_program_cannot_have_others_killed_for_the_memory_it_takes(jail, language):
    if language != "python":
        pytest.skip("what the kernel lets a process say of itself is the same for every language")
    assert is_well(jail, language)  # it has started: what its engine can give is known
    if GO_FIRST not in getattr(getattr(jail, "runner", None), "capabilities", [GO_FIRST]):
        pytest.skip(f"this Docker engine has no {GO_FIRST} to give")
    own = "/proc/self/oom_score_adj"
    ask = f"try:\n    open({own!r}, 'w').write('0')\nexcept OSError:\n    pass\nassert open({own!r}).read() == '1000\\n'\n"
    # A fork's files in /proc are another user's; those of what it starts are its own.
    text = f"{ask}import subprocess\nsubprocess.run(['/usr/bin/python3', '-c', {ask!r}], check=True)\n"
    verdict = jail.judge(program(language, text + programs.RIGHT[language]), expected=2)
    assert verdict.status == "passed", verdict


def test_nothing_that_outlives_a_program_can_be_marked(jail, language):
    if language != "python":
        pytest.skip("whose a folder is is the same for every language")
    verdict = jail.judge(program(language, MARKS_FOLDERS + programs.RIGHT[language]), expected=2)
    assert verdict.status == "passed", verdict
    assert is_well(jail, language)


def test_memory_counts_though_the_first_thread_has_ended(jail, language):
    if language != "python":
        pytest.skip("where the kernel tells the memory of a process is the same for every language")
    verdict = jail.judge(program(language, FIRST_THREAD_ENDS), expected=2, memory_mib=300, cpu_s=20, wall_s=60)
    assert verdict.status == "memory_exceeded", verdict
    assert verdict.wall_s < 60


def test_a_run_of_a_script_reaches_no_later_run(jail, language):
    if language != "python":
        pytest.skip("what a run finds is the same for every language")
    script = Script(language=language, source=WRITES_TO_LATER_RUNS, inputs=("1", "2", "3"))
    limits = StageLimits(compiling=COMPILE_LIMITS, running=RUN_LIMITS)
    ran = jail.ask(script_request(script, limits))["ran"]
    assert [each["stdout"] for each in ran] == ["1 False\n", "2 False\n", "3 False\n"], ran


def test_memory_of_many_processes_counts_together_and_what_they_share_once(jail, language):
    """Where a control group bounds the jail, its limit has room for the warm tools: what counts here is each process."""
    if language != "python":
        pytest.skip("how a tree is added up is the same for every language; this one forks")
    much, limits = "kept = bytearray(b'x') * (120 << 20)", {"cpu_s": 20, "wall_s": 60, "memory_mib": 300}
    shared = program(language, FOUR_AT_ONCE.format(before=much, inside="len(kept)", until="time.sleep(0.2)"))
    assert jail.judge(shared, expected=2, **limits).status == "passed"
    watched = isinstance(jail, UsersJail) and not jail.groups
    until = "time.sleep(1000)" if watched else "pass"  # whoever looks, looks in that time
    own = program(language, FOUR_AT_ONCE.format(before="pass", inside=much, until=until))
    verdict = jail.judge(own, expected=2, **limits)
    assert verdict.status == ("memory_exceeded" if watched else "passed"), verdict
    assert is_well(jail, language)
