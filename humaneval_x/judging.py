"""From samples to verdicts in a folder: which texts are read, which programs are run, and who shares what is found.

A text that was read is known by its hash, a program that was run by its digest: repeats are neither read nor run.
Does not know where samples come from (`samples`), how texts are read (`answers`), how jails work (`runners`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from humaneval_x.assembly import Order, Programs
from humaneval_x.checks import expected_checks
from humaneval_x.errors import SandboxError
from humaneval_x.languages import language_of
from humaneval_x.progress import Progress
from humaneval_x.recent import Recent
from humaneval_x.records import Program, Sample, Status, Verdict
from humaneval_x.results import Results
from humaneval_x.runners.pool import Pool
from humaneval_x.tasks import task_of

MOST_TEXTS = 1 << 15  # remembered, the last ones: at most some 19 MB
MOST_HELD = 64  # samples that wait for the reading of one text: with more, it is read once more


class Item(NamedTuple):
    """One sample on its way: without its completion, with its program's digest and what it was read as."""

    sample: Sample
    digest: str
    read_as: str


class Meaning(NamedTuple):
    """What a text was found to be: its program's digest, what it was read as, why there is nothing to judge."""

    digest: str
    read_as: str
    missing: str


def run_all(
    orders: Iterable[Order], programs: Programs, results: Results, pool: Pool[Item], share: bool, bar: Progress
) -> None:
    """Run every program that has no verdict yet, and keep its verdict for all that share it."""
    judging = Judging(programs, results, share, bar)
    for item, outcome in pool.judge(judging.programs(orders)):
        pool.faults.unjudged += judging.take(item, outcome)


class Judging:
    """One pass over samples: which of them need a run, which share one, and what is kept of it.

    Rows are written in batches: before a program is handed on, since that may wait, and when a verdict has come.
    """

    def __init__(self, programs: Programs, results: Results, share: bool, bar: Progress) -> None:
        self._programs, self.results, self.share, self.bar = programs, results, share, bar
        self._waiting: dict[str, list[Item]] = {}  # digest of a running program -> who shares it
        self._keys: dict[int, bytes] = {}  # id of an order that is read -> its text
        self._held: dict[bytes, list[Sample]] = {}  # text that is read -> who else has it
        self._meanings: Recent[bytes, Meaning] = Recent(MOST_TEXTS)  # by text

    def programs(self, orders: Iterable[Order]) -> Iterator[tuple[Item, Program, int | None]]:
        """Yield the programs that have to be run, each with how many checks it has to reach, if that is known."""
        for order, found in self._programs.map(self._unread(orders)):
            meaning = Meaning(found.digest, found.read_as, found.missing)
            item = Item(bare(order.sample), found.digest, found.read_as)
            runs = not self._is_settled(item.sample, meaning)
            if runs and self.share:
                self._waiting[item.digest] = []
            for sample in self._learn(order, meaning):
                self._is_settled(sample, meaning)
            if runs:
                self.results.flush()
                yield item, found.program, expected_checks(found.program)
        self.results.flush()

    def _unread(self, orders: Iterable[Order]) -> Iterator[Order]:
        """Yield the samples without a verdict whose text has to be read."""
        for order in orders:
            if order.sample.key in self.results.done:
                continue
            if not self.share or not self._is_known(order):
                yield order

    def _is_known(self, order: Order) -> bool:
        """Whether a sample's text was read, or is: then the sample is settled, or will be."""
        key = text_key(order)
        if key in self._held:
            held = self._held[key]
            if len(held) < MOST_HELD:
                held.append(bare(order.sample))
                return True
        elif (meaning := self._meanings.get(key)) is None:
            self._held[key] = []
            self._keys[id(order)] = key
        elif self._is_settled(order.sample, meaning):
            return True
        return False

    def _learn(self, order: Order, meaning: Meaning) -> list[Sample]:
        """Remember what a text means; return who waits for it."""
        key = self._keys.pop(id(order), None)
        if key is None:
            return []
        self._meanings[key] = meaning
        return self._held.pop(key)

    def _is_settled(self, sample: Sample, meaning: Meaning) -> bool:
        """Whether a sample has its verdict, or gets it when the run of its program ends; else nobody runs that."""
        item = Item(sample, meaning.digest, meaning.read_as)
        if meaning.missing:
            self._keep(item, nothing_to_judge(meaning.missing), shared=False)
        elif not self.share:
            return False
        elif (known := self.results.verdict_of(item.digest)) is not None:
            self._keep(item, known, shared=True)
        elif item.digest in self._waiting:
            self._waiting[item.digest].append(Item(bare(sample), *item[1:]))
        else:
            return False
        return True

    def take(self, item: Item, outcome: Verdict | SandboxError) -> list[str]:
        """Keep a verdict for all that share it; return a line for each sample that is left without one."""
        same = self._waiting.pop(item.digest, [])
        if isinstance(outcome, SandboxError):
            return [f"{each.sample.task_id} sample {each.sample.sample_index}: {outcome}" for each in (item, *same)]
        self._keep(item, outcome, shared=False)
        for each in same:
            self._keep(each, outcome, shared=True)
        self.results.flush()
        return []

    def _keep(self, item: Item, verdict: Verdict, *, shared: bool) -> None:
        self.results.add(item.sample, item.digest, verdict, shared=shared, read_as=item.read_as)
        self.bar.add(verdict.passed, language_of(item.sample.task_id).TITLE)


def bare(sample: Sample) -> Sample:
    """Return what tells a sample from others, without its text."""
    return Sample(
        task_id=sample.task_id,
        completion="",
        sample_index=sample.sample_index,
        source_language=sample.source_language,
        task=sample.task,
    )


def text_key(order: Order) -> bytes:
    """Return a hash of all that decides what a sample's text means, within one run."""
    sample = order.sample
    own = sample.extra.get("prompt")
    own = own if isinstance(own, str) else ""
    task = task_of(sample.origin).value
    whole = f"{task} {len(sample.task_id)} {sample.task_id}{sample.answers} {len(own)} {own}{sample.completion}"
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def nothing_to_judge(why: str) -> Verdict:
    """Return the verdict on an answer without the tested function: nothing is run."""
    return Verdict(status=Status.COMPILE_ERROR, reason=why, cpu_s=0.0, wall_s=0.0, memory_mib=0.0)
