"""From programs to verdicts in a folder: which programs are run, and who shares what is found.

A program that was run is known by its digest: no program is run twice. Does not know where programs come from
(`texts`) and how jails work (`runners`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from humaneval_x.checks import expected_checks
from humaneval_x.errors import SandboxError
from humaneval_x.languages import language_of
from humaneval_x.progress import Progress
from humaneval_x.records import Program, Status, Verdict
from humaneval_x.results import Results
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import Key
from humaneval_x.texts import Answer


class Item(NamedTuple):
    """One sample on its way: with its program's digest and what it was read as."""

    key: Key
    digest: str
    read_as: str


def run_all(answers: Iterable[Answer], results: Results, pool: Pool[Item], share: bool, bar: Progress) -> None:
    """Run every program that has no verdict yet, and keep its verdict for all that share it."""
    judging = Judging(results, pool.faults.unjudged, share, bar)
    for item, outcome in pool.judge(judging.programs(answers), results.flush):
        judging.take(item, outcome)


class Judging:
    """One pass over answers: which of them need a run, which share one, and what is kept of it.

    Rows are written in batches: before the pool waits for a verdict, and before the next program is asked for.
    `unjudged` gets a line for each sample that is left without a verdict.
    """

    def __init__(self, results: Results, unjudged: list[str], share: bool, bar: Progress) -> None:
        self.results, self.unjudged, self.share, self.bar = results, unjudged, share, bar
        self._waiting: dict[str, list[Item]] = {}  # digest of a running program -> who shares it
        self._faults: dict[str, SandboxError] = {}  # by the digest of a program that no jail could judge

    def programs(self, answers: Iterable[Answer]) -> Iterator[tuple[Item, Program, int | None]]:
        """Yield the programs that have to be run, each with how many checks it has to reach, if that is known."""
        for key, (digest, read_as, missing), program in answers:
            item = Item(key, digest, read_as)
            if missing:
                self._keep(item, nothing_to_judge(missing), shared=False)
            elif self.share and (known := self.results.verdict_of(digest)) is not None:
                self._keep(item, known, shared=True)
            elif self.share and digest in self._waiting:
                self._waiting[digest].append(item)
            elif program is None:  # of a repeat: the program that was given has failed
                self._leave(item, self._faults[digest])
            else:
                if self.share:
                    self._waiting[digest] = []
                yield item, program, expected_checks(program)
                self.results.flush()
        self.results.flush()

    def take(self, item: Item, outcome: Verdict | SandboxError) -> None:
        """Keep a verdict for all that share it."""
        same = self._waiting.pop(item.digest, [])
        if isinstance(outcome, SandboxError):
            self._faults[item.digest] = outcome
            for each in (item, *same):
                self._leave(each, outcome)
            return
        self._keep(item, outcome, shared=False)
        for each in same:
            self._keep(each, outcome, shared=True)

    def _keep(self, item: Item, verdict: Verdict, *, shared: bool) -> None:
        self.results.add(item.key, item.digest, verdict, shared=shared, read_as=item.read_as)
        self.bar.add(verdict.passed, language_of(item.key[0]).TITLE)

    def _leave(self, item: Item, fault: SandboxError) -> None:
        task_id, _, index = item.key
        self.unjudged.append(f"{task_id} sample {index}: {fault}")


def nothing_to_judge(why: str) -> Verdict:
    """Return the verdict on an answer without the tested function: nothing is run."""
    return Verdict(status=Status.COMPILE_ERROR, reason=why, cpu_s=0.0, wall_s=0.0, memory_mib=0.0)
