"""The contract of a jail, for whoever adds a runtime, a runner or a machine: one program a rule and language.

    for proof in prove(MyRunner(COMPILE_LIMITS, RUN_LIMITS)):
        print(proof)

The project's own tests hold its jails to the same programs, and to what only a look from the host can tell: open
connections, living processes, files outside. Passing here does not show that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from humaneval_x.contract import programs
from humaneval_x.errors import HarnessError
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits, Status, Verdict
from humaneval_x.runners import Runner
from humaneval_x.runners.pool import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what a program does in each language, and the statuses that keep the rule."""

    title: str
    texts: Mapping[str, str]
    ends: Sequence[Status]
    checks: int = 2  # that a pass needs
    limits: Limits = RUN_LIMITS


P, LONG = Status, replace(RUN_LIMITS, cpu_s=20, wall_s=60)
CONTAINED = (P.TIMED_OUT, P.RUNTIME_ERROR, P.MEMORY_EXCEEDED)
RULES = (
    Rule(title="a right program passes", texts=programs.RIGHT, ends=[P.PASSED]),
    Rule(title="a wrong program is a wrong answer", texts=programs.WRONG, ends=[P.WRONG_ANSWER]),
    Rule(title="what does not compile is a compile error", texts=programs.DOES_NOT_COMPILE, ends=[P.COMPILE_ERROR]),
    Rule(title="an uncaught exception is a runtime error", texts=programs.RAISES, ends=[P.RUNTIME_ERROR]),
    Rule(title="a death is a runtime error", texts=programs.DIES, ends=[P.RUNTIME_ERROR]),
    Rule(title="an exit before the tests are through never passes", texts=programs.LEAVES_EARLY, ends=[P.TAMPERED]),
    Rule(title="fewer checks than expected never pass", texts=programs.RIGHT, ends=[P.TAMPERED], checks=3),
    Rule(
        title="a loop times out by its CPU time",
        texts=programs.LOOPS,
        ends=[P.TIMED_OUT],
        limits=replace(RUN_LIMITS, cpu_s=0.3, wall_s=100),
    ),
    Rule(
        title="a sleep times out by its wall time",
        texts=programs.SLEEPS,
        ends=[P.TIMED_OUT],
        limits=replace(RUN_LIMITS, cpu_s=100, wall_s=0.5),
    ),
    Rule(
        title="too much memory is memory exceeded",
        texts=programs.EATS_MEMORY,
        ends=[P.MEMORY_EXCEEDED],
        limits=replace(LONG, memory_mib=200),
    ),
    Rule(
        title="a flood of output is stopped",
        texts=programs.FLOODS,
        ends=[P.OUTPUT_EXCEEDED],
        limits=replace(LONG, output_bytes=100_000),
    ),
    Rule(
        title="a fork bomb is contained",
        texts=programs.FORK_BOMB,
        ends=CONTAINED,
        limits=replace(RUN_LIMITS, cpu_s=0.3, wall_s=2),
    ),
    Rule(title="files may be written where a program is", texts=programs.LEAVES_THINGS, ends=[P.PASSED]),
    Rule(title="they do not reach the next program", texts=programs.FINDS_NOTHING, ends=[P.PASSED]),
    Rule(title="after all that a right program passes", texts=programs.RIGHT, ends=[P.PASSED]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether one rule holds in one language."""

    language: str
    rule: str
    ok: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'}  {self.language}: {self.rule}: {self.detail}"


def prove(runner: Runner, languages: Iterable[str] = tuple(LANGUAGES)) -> Iterator[Proof]:
    """Yield a proof for each rule in each language, as they come. Raises SetupError where no jail can be started."""
    for language in languages:
        for rule in RULES:
            try:
                found = _judged(runner, language, rule)
                ok, detail = found.status in rule.ends, f"{found.status} {found.reason}".strip()
            except HarnessError as fault:
                ok, detail = False, f"the jail failed: {fault}"
            yield Proof(language=language, rule=rule.title, ok=ok, detail=detail)


def _judged(runner: Runner, language: str, rule: Rule) -> Verdict:
    """The verdict on a rule's program, in a jail of its own; after one that leaves things, where the rule is that."""
    texts = [programs.LEAVES_THINGS[language]] if rule.texts is programs.FINDS_NOTHING else []
    texts.append(rule.texts[language])
    with Pool[int](runner, COMPILE_LIMITS, rule.limits, 1) as pool:
        asked = [(number, programs.program(language, text), rule.checks) for number, text in enumerate(texts)]
        outcome = dict(pool.judge(asked))[len(texts) - 1]
    if isinstance(outcome, HarnessError):
        raise outcome
    return outcome
