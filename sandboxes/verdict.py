"""Decides the verdict (a `Judgement`) on what a program did (an `Outcome`).

This is where a verdict is decided. The rule is one for all languages: a program passes only if its tests' process,
after the last test, sent exactly one report carrying the secret token of this run, with no failed check and
exactly as many checks as expected, and the program then ended by itself with status 0. Silence never passes. Any report
but `done` and `fault` carries another token, so intercepting one does not help to forge a pass. A check that failed is a
wrong answer whatever came later: the tests go on, so that no program learns of it.

A report (INTERFACE.md) is `ready`, and a line  TOKEN EVENT checks=N failures=M DETAIL
    EVENT  done     every test ran (failures counts the failed checks)
           wrong    a check failed and ended the run
           error    an exception that nobody caught
           compile  the program is not valid source text (languages without a compile step)
           memory   an allocation failed
           tampered the candidate process sent something no honest program could, or a value that claims equality
           ended    the answers ended: the verdict is about how the program did
           fault    the runtime itself failed: no verdict, the jail is replaced
"""

import errno
import json
import os
import re
import signal
from dataclasses import dataclass
from typing import Any

from sandboxes.records import TAIL_BYTES, BoxFault, Outcome

REPORT = re.compile(
    rb"(?P<ready>ready\n)?(?:(?P<token>[0-9a-f]{32}) (?P<event>[a-z]+) checks=(?P<checks>\d{1,9}) failures=(?P<failures>\d{1,9})"
    rb"(?: (?P<detail>[^\n]*))?\n(?P<about>\{[^\n]*\}\n)?)?"
)
ABOUT_CHARACTERS = 300
# What a compiler says that could not do its work on this machine.
MACHINE_SIGNS = tuple(
    os.strerror(code).lower().encode()
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS)
)
EVENTS = {
    "wrong": "wrong_answer",
    "error": "runtime_error",
    "compile": "compile_error",
    "memory": "memory_exceeded",
    "tampered": "tampered",
}
# Why a tests' process died of a signal. A program can cause either with a single message.
DEATHS: "dict[int | None, str]" = {signal.SIGXCPU: "timed_out", signal.SIGKILL: "memory_exceeded"}


@dataclass(frozen=True)
class Judgement:
    """One program's status, the reason, and what it used (compile and run together)."""

    status: str
    reason: str
    cpu_s: float
    wall_s: float
    memory_mib: float
    stdout: str = ""
    stderr: str = ""
    compiler_output: str = ""
    checks: int = 0
    failures: int = 0
    called_with: str = ""  # of the first check that failed, where it is known
    expected: str = ""
    got: str = ""
    negated: "dict[str, object] | None" = (
        None  # the judgement of negated tests on the recorded answers, where asked for
    )


def text(tail: bytes) -> str:
    """Return the tail of a program's output as text; bytes that are not UTF-8 become escapes."""
    return tail[-TAIL_BYTES:].decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def out_of_memory(stderr: bytes, memory_signs: "tuple[bytes, ...]") -> bool:
    """Whether a line begins as a runtime's own that ran out of memory: programs and errors may name the same in their lines."""
    return any(re.search(b"^(?:%b)" % sign, stderr, re.MULTILINE) for sign in memory_signs)


def compile_failed(built: Outcome, memory_signs: "tuple[bytes, ...]" = ()) -> Judgement:
    """Judge a program whose compiler did not succeed. No candidate runs there, so status 125 is ours: BoxFault."""
    if built.exit_code == 125:
        raise BoxFault(text(built.stderr))
    status, reason = "compile_error", "the compiler rejected it"
    if built.stopped:
        status, reason = built.stopped, f"while compiling: {built.stopped}"
    elif out_of_memory(built.stderr, memory_signs):
        status, reason = "memory_exceeded", "the compiler ran out of memory"
    elif built.signal:
        reason = f"the compiler died of signal {built.signal}"
    return Judgement(
        status=status,
        reason=reason,
        cpu_s=built.cpu_s,
        wall_s=built.wall_s,
        memory_mib=built.memory_mib,
        compiler_output=text(built.stdout + built.stderr),
    )


def refusal_of_tests(built: Outcome, memory_signs: "tuple[bytes, ...]") -> Judgement:
    """Judge tests that a compiler refused. They are trusted text: what is not an error in it is the machine's, a BoxFault."""
    judgement, said = compile_failed(built, memory_signs), (built.stdout + built.stderr).lower()
    stopped = judgement.status != "compile_error" or built.signal
    if stopped or not said or any(sign in said for sign in MACHINE_SIGNS):
        raise BoxFault(f"the tests could not be compiled: {judgement.reason}: {judgement.compiler_output}")
    return judgement


def decide(
    ran: Outcome,
    built: "Outcome | None" = None,
    expected_checks: "int | None" = None,
    memory_signs: "tuple[bytes, ...]" = (),
) -> Judgement:
    """Judge a program that ran (after `built`, where it was compiled)."""
    status, reason, checks, failures = _status(ran, expected_checks, memory_signs)
    return Judgement(
        status=status, reason=reason,
        cpu_s=ran.cpu_s + (built.cpu_s if built else 0),
        wall_s=ran.wall_s + (built.wall_s if built else 0),
        memory_mib=max(ran.memory_mib, built.memory_mib if built else 0),
        stdout=text(ran.stdout), stderr=text(ran.stderr),
        compiler_output=text(built.stdout + built.stderr) if built else "",
        checks=checks, failures=failures, **about(ran.report if failures else b""),
    )  # fmt: skip


def about(report: bytes) -> "dict[str, Any]":
    """Return the details of the first failed check: `called_with`, `expected`, `got`."""
    found = REPORT.fullmatch(report)
    said = json.loads(found["about"]) if found and found["about"] else {}
    return {name: str(said[name])[:ABOUT_CHARACTERS] for name in ("called_with", "expected", "got") if name in said}


def token_of(event: bytes, ran: Outcome) -> str:
    """Return the token that a report of this event must carry."""
    return ran.token if event in (b"done", b"fault") else ran.other_token


def _status(ran: Outcome, expected: "int | None", memory_signs: "tuple[bytes, ...]") -> "tuple[str, str, int, int]":
    """Return the status and reason. The tests' process holds no candidate, so its report is true and any oddity a fault."""
    report = REPORT.fullmatch(ran.report)
    event = report["event"].decode() if report and report["event"] else ""
    true = report is not None and (not event or report["token"].decode() == token_of(report["event"], ran))
    if report and true and event and int(report["failures"]):
        return _wrong(report)
    if ran.stopped:
        return ran.stopped, f"stopped: {ran.stopped}", 0, 0
    if report is None or not true:
        raise BoxFault("the tests' process wrote something other than its report")
    if not report["ready"] and event in ("", "fault") and ran.tests_died not in DEATHS:
        raise BoxFault(text(report["detail"] or b"the tests' process ended without a report"))
    if event and event not in ("ended", "fault"):
        return _reported(report, ran, expected)
    if ran.signal or ran.exit_code:
        if out_of_memory(ran.stderr, memory_signs):
            return "memory_exceeded", "out of memory", 0, 0
        return "runtime_error", ending(ran), 0, 0
    if event == "ended":
        return "tampered", "it ended with status 0 before the last test", 0, 0
    return (
        DEATHS.get(ran.tests_died, "runtime_error"),
        f"its tests could not go on with what it returned (signal {ran.tests_died})",
        0,
        0,
    )


def ending(ran: Outcome) -> str:
    return f"died of signal {ran.signal}" if ran.signal else f"ended with status {ran.exit_code}"


def _wrong(report: "re.Match[bytes]") -> "tuple[str, str, int, int]":
    checks, failures = int(report["checks"]), int(report["failures"])
    first = text(report["detail"] or b"") if report["event"] in (b"done", b"wrong") else ""
    return "wrong_answer", first or f"{failures} of {checks} checks failed", checks, failures


def _reported(report: "re.Match[bytes]", ran: Outcome, expected: "int | None") -> "tuple[str, str, int, int]":
    event, detail = report["event"].decode(), text(report["detail"] or b"")
    checks, failures = int(report["checks"]), int(report["failures"])
    if event != "done":
        return EVENTS[event], detail, checks, failures
    if ran.exit_code != 0:
        return "runtime_error", f"{ending(ran)} after the last test", checks, failures
    if expected is not None and checks != expected:
        only = "only " if checks < expected else ""
        return "tampered", f"{only}{checks} of {expected} checks were made", checks, failures
    if checks == 0:
        return "tampered", "no check was made", checks, failures
    return "passed", "", checks, failures
