"""The verdict on a program whose tests are in a process of their own: what they report, and how either process ended."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from sandboxes.records import BoxFault, Outcome
from sandboxes.verdict import compile_failed, decide

WELL, OTHER = "a" * 32, "b" * 32
PASSED = f"ready\n{WELL} done checks=3 failures=0 \n"
RAN = Outcome(
    exit_code=0, signal=None, stopped=None, cpu_s=0.1, wall_s=0.2, memory_mib=9, stdout=b"", stderr=b"",
    report=PASSED.encode(), token=WELL, other_token=OTHER,
)  # fmt: skip


def status(report: str, expected: int | None = 3, **how: object) -> tuple[str, str]:
    found = decide(replace(RAN, report=report.encode(), **how), None, expected)  # type: ignore[arg-type]
    return found.status, found.reason


def test_a_report_that_all_held_and_an_end_with_status_0_pass() -> None:
    assert status(PASSED) == ("passed", "")


@pytest.mark.parametrize(
    ("report", "how", "expected"),
    [
        (PASSED, {"exit_code": 3}, ("runtime_error", "ended with status 3 after the last test")),
        (PASSED.replace("failures=0", "failures=2"), {"exit_code": None, "signal": 9}, ("wrong_answer", "2 of 3 checks failed")),
        ("", {"tests_died": 24}, ("timed_out", "its tests could not go on with what it returned (signal 24)")),
        (PASSED, {"exit_code": None, "signal": 11}, ("runtime_error", "died of signal 11 after the last test")),
        (PASSED, {"exit_code": None, "stopped": "timed_out"}, ("timed_out", "stopped: timed_out")),
        (f"ready\n{OTHER} wrong checks=2 failures=1 no\n", {"exit_code": None, "signal": 9}, ("wrong_answer", "no")),
        (f"ready\n{OTHER} ended checks=2 failures=1 \n", {"exit_code": None, "stopped": "timed_out"}, ("wrong_answer", "1 of 2 checks failed")),
        (f"ready\n{OTHER} error checks=2 failures=1 no\n", {"exit_code": 1}, ("wrong_answer", "1 of 2 checks failed")),
        (f"ready\n{WELL} done checks=2 failures=1 no\n", {"exit_code": 1}, ("wrong_answer", "no")),
        (f"ready\n{OTHER} tampered checks=0 failures=0 odd\n", {}, ("tampered", "odd")),
        (f"{OTHER} compile checks=0 failures=0 bad\n", {"exit_code": 1}, ("compile_error", "bad")),
        (f"{OTHER} ended checks=0 failures=0 \n", {}, ("tampered", "it ended with status 0 before the last test")),
        (f"ready\n{OTHER} ended checks=1 failures=0 \n", {"exit_code": 7}, ("runtime_error", "ended with status 7")),
        ("ready\n", {"tests_died": 24}, ("timed_out", "its tests could not go on with what it returned (signal 24)")),
        ("ready\n", {"tests_died": 9}, ("memory_exceeded", "its tests could not go on with what it returned (signal 9)")),
        ("ready\n", {"tests_died": 11}, ("runtime_error", "its tests could not go on with what it returned (signal 11)")),
        (f"ready\n{WELL} fault checks=0 failures=0 x\n", {"exit_code": 1}, ("runtime_error", "ended with status 1")),
    ],
)  # fmt: skip
def test_what_else_happened(report: str, how: dict[str, object], expected: tuple[str, str]) -> None:
    assert status(report, **how) == expected


def test_as_many_checks_as_expected_have_to_be_made() -> None:
    assert status(PASSED, 4) == ("tampered", "only 3 of 4 checks were made")
    assert status(f"ready\n{WELL} done checks=0 failures=0 \n", None) == ("tampered", "no check was made")


@pytest.mark.parametrize(
    "report",
    [
        "",  # the tests' process ended before the candidate's was ready
        f"{WELL} fault checks=0 failures=0 memory\n",
        PASSED.replace("a", "c"),
        PASSED * 2,
        "anything",
    ],
)
def test_what_only_the_harness_can_have_done_is_a_fault(report: str) -> None:
    with pytest.raises(BoxFault):
        status(report)


def test_a_failed_check_says_what_happened_and_each_text_is_cut() -> None:
    about = '{"called_with": "1", "expected": "' + "x" * 400 + '", "got": "\\u00e9"}\n'
    found = decide(replace(RAN, report=f"ready\n{OTHER} wrong checks=1 failures=1 no\n{about}".encode()))
    assert (found.called_with, found.expected, found.got) == ("1", "x" * 300, "é")


DEATHS = {
    "cpp": "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n",
    "go": "fatal error: runtime: out of memory\n\nruntime stack:\n",
    "java": 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat Solution.f(Main.java:3)\n',
    "javascript": "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb0 node::Abort()\n",
    "rust": "memory allocation of 8589934592 bytes failed\n",
    "python": 'Traceback (most recent call last):\n  File "main.py", line 1, in <module>\nMemoryError\n',
}


@pytest.mark.parametrize("language", DEATHS)
def test_memory_ran_out_where_the_runtime_says_so_and_not_where_a_line_names_it(language: str) -> None:
    """A program's own words name it, and so does the source that an error quotes."""
    signs = import_module(f"sandboxes.{language}.script").MEMORY_SIGNS
    named = "".join(f'caught "{line}"\n' for line in DEATHS[language].splitlines())
    quoted = "".join(f"    3 |     return {line};\n" for line in DEATHS[language].splitlines())
    for said, status in (("text before\n" + DEATHS[language], "memory_exceeded"), (named + quoted, "runtime_error")):
        ended = f"ready\n{OTHER} ended checks=0 failures=0 \n".encode()
        ran = replace(RAN, report=ended, exit_code=1, stderr=said.encode())
        assert decide(ran, None, 3, signs).status == status, said
        expected = {"runtime_error": "compile_error"}.get(status, status)
        assert compile_failed(replace(ran, exit_code=2), signs).status == expected
