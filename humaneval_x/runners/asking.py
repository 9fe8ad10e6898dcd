"""What an agent is asked about one program, what its answer means, and how long it may take. Asks nobody by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program, StageLimits, Status, Verdict
from humaneval_x.runners import Jail
from humaneval_x.runners.toolchains import is_asked_for, packages
from humaneval_x.runners.wire import request

PROBE_LIMITS = StageLimits(compiling=COMPILE_LIMITS, running=RUN_LIMITS)
PATIENCE = 40  # times the wall limits: how long an agent may take before the jail counts as dead
Negate = Callable[[Program], tuple[Program, int]]  # a program with negated tests, and how many checks could not be


class AgentRequest(NamedTuple):
    """What an agent is asked about one program, and what its answer means."""

    request: dict[str, Any]
    limits: StageLimits
    patience_s: float
    negated: Program | None = None  # the program with negated tests, where a passed one is to fail them
    left: int | None = None  # checks that could not be made wrong

    @staticmethod
    def of(
        program: Program,
        expected: int | None,
        negate: Negate | None,
        limits: StageLimits,
    ) -> AgentRequest:
        """Return what is asked about a program."""
        asked, patient_s = request(program, limits, expected), patience_s(limits)
        if negate is None:
            return AgentRequest(asked, limits, patient_s)
        negated, left = negate(program)
        asked["negated"] = negated.tests if negated != program else ""
        return AgentRequest(asked, limits, 2 * patient_s, negated if negated != program else None, left)

    def of_agent(self, agent: Jail) -> Verdict:
        """Ask an agent and return the verdict. Raises SandboxError."""
        return self.verdict(agent.ask(self.request, timeout_s=self.patience_s), agent)

    def verdict(self, answer: Mapping[str, Any], agent: Jail) -> Verdict:
        """Return what an answer means. Raises SandboxError."""
        verdict = Verdict.from_json(answer)
        if self.left is None or not verdict.passed:
            return verdict
        if self.negated is None:
            return replace(verdict, not_negated=self.left)
        said = answer.get("negated")
        if not said:  # languages without recorded answers are asked a second time
            again = request(self.negated, self.limits, None)
            said = agent.ask(again, timeout_s=self.patience_s / 2)
        return with_negated(verdict, Verdict.from_json(said), self.left)


def patience_s(limits: StageLimits) -> float:
    """Return how long an agent may take for a program with these limits."""
    return PATIENCE * limits.wall_s


def with_negated(verdict: Verdict, negated: Verdict, left: int) -> Verdict:
    """Return the verdict on a passed program after its run with negated tests, which has to fail.

    `left` is how many checks could not be made wrong. A run that does not compile shows nothing.
    """
    spent = replace(
        verdict, cpu_s=verdict.cpu_s + negated.cpu_s, wall_s=verdict.wall_s + negated.wall_s, not_negated=left
    )
    if negated.passed:
        return replace(spent, status=Status.TAMPERED, reason="it also passes when the expected values are wrong")
    return replace(spent, not_negated=verdict.checks) if negated.status is Status.COMPILE_ERROR else spent


def broken(language: str, toolchain: str, verdict: Verdict) -> str:
    """The message for a toolchain that does not pass a right program."""
    said = " | ".join(f"{verdict.reason}\n{verdict.compiler_output}\n{verdict.stderr}".split("\n"))[:400]
    return (
        f"the {language} toolchain ({toolchain}) is broken: a right program is {verdict.status} ({said}); nothing was "
        f"judged with it. Install again: {' '.join(packages()[language])}"
    )


def missing(language: str) -> str:
    """The message for a toolchain that the jail does not have."""
    needed = " ".join(packages()[language])
    image = f"; into the Docker image with: HUMANEVAL_X_WITH={language} make image" if is_asked_for(language) else ""
    return f"the {language} toolchain is missing or broken; install it with: apt-get install {needed}{image}"
