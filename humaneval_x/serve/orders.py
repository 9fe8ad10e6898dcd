"""From what a request asks to orders for the desk: checked rows, their programs, the limits.

Text in, orders out; runs nothing. Assembly is `humaneval_x.assembly`, the same as a run's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from humaneval_x import assembly
from humaneval_x.assembly import Prepared, Programs
from humaneval_x.checks import expected_checks
from humaneval_x.errors import RequestError
from humaneval_x.judging import nothing_to_judge
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits
from humaneval_x.serve.lanes import ProgramOrder
from humaneval_x.settings import EvaluationSettings

MOST_RUN = replace(RUN_LIMITS, cpu_s=60, wall_s=120, memory_mib=4096)
SLICE, SLICE_CHARACTERS = 16, 1 << 16  # of a request that are read before it is another one's turn
MOST_COMPILE = replace(COMPILE_LIMITS, cpu_s=120, wall_s=240)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """The most that a request may ask for; a jail's own limits are made for it."""

    compiling: Limits = MOST_COMPILE
    running: Limits = MOST_RUN
    deadline_s: float = 3600
    usual_deadline_s: float = 600

    @classmethod
    def of(cls, memory_mib: int | None) -> Ceilings:
        """Return ceilings with this much memory for a program's run."""
        return cls(running=replace(MOST_RUN, memory_mib=memory_mib)) if memory_mib else cls()

    @staticmethod
    def limits(usual: Limits, most: Limits, asked: Mapping[str, float | None]) -> Limits:
        """Return limits with what was asked for in place of the usual ones. Raises RequestError beyond the most."""
        given = {name: value for name, value in asked.items() if value is not None}
        for name, value in given.items():
            if value > getattr(most, name):
                raise RequestError(f"{name} is {value:g}; expected at most {getattr(most, name):g} here")
        return replace(usual, **given)  # type: ignore[arg-type]

    def run(self, **asked: float | None) -> Limits:
        """Return the limits of a run."""
        usual = replace(RUN_LIMITS, memory_mib=min(RUN_LIMITS.memory_mib, self.running.memory_mib))
        return self.limits(usual, self.running, asked)

    def compile(self, **asked: float | None) -> Limits:
        """Return the limits of a compilation."""
        return self.limits(COMPILE_LIMITS, self.compiling, asked)

    def deadline(self, asked: float | None) -> float:
        """Return the seconds that a request may take. Raises RequestError."""
        if asked is not None and asked > self.deadline_s:
            raise RequestError(f"deadline_s is {asked:g}; expected at most {self.deadline_s:g} here")
        return asked or self.usual_deadline_s


def slices(unread: Sequence[assembly.Order]) -> Iterator[list[assembly.Order]]:
    """Yield samples in parts that are read without a pause: some, and few where their texts are long."""
    part: list[assembly.Order] = []
    for order in unread:
        part.append(order)
        if len(part) == SLICE or sum(len(each.sample.completion) for each in part) > SLICE_CHARACTERS:
            yield part
            part = []
    if part:
        yield part


def orders_of(programs: Programs, unread: Sequence[assembly.Order]) -> list[ProgramOrder]:
    """Return samples as orders: what they mean is read, in other processes. Raises ProblemError, MachineError."""
    found = {id(each): prepared for each, prepared in programs.map(unread)}
    return [order_of(found[id(each)], each.settings) for each in unread]


def order_of(prepared: Prepared, settings: EvaluationSettings) -> ProgramOrder:
    """Return the order for a sample that was read."""
    return ProgramOrder(
        program=prepared.program,
        checks=expected_checks(prepared.program),
        compiling=settings.compiling,
        running=settings.running,
        negated_tests=settings.negated_tests,
        read_as=prepared.read_as,
        known=nothing_to_judge(prepared.missing) if prepared.missing else None,
    )
