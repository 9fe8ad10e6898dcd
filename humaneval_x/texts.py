"""From samples to programs: which texts are read, and what they were found to be.

A text that was read is known by its hash, so that repeats are not read again. Does not know where samples come from
(`samples`), how texts are read (`answers`), and what becomes of programs (`judging`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from humaneval_x.assembly import Order, Programs
from humaneval_x.errors import SampleError
from humaneval_x.problems import ProblemSet
from humaneval_x.recent import Recent
from humaneval_x.records import Problem, Program, Sample
from humaneval_x.samples import Asked, Key, KeySet, Recognised, read_samples
from humaneval_x.settings import EvaluationSettings
from humaneval_x.tasks import TASKS, JudgedBy, task_of

MOST_TEXTS = 1 << 15  # remembered, the last ones: at most some 19 MB
MOST_HELD = 64  # samples that wait for the reading of one text: with more, it is read once more


class Meaning(NamedTuple):
    """What a text was found to be: its program's digest, what it was read as, why there is nothing to judge."""

    digest: str
    read_as: str
    missing: str


class Answer(NamedTuple):
    """A sample whose text was read; `program` is None for a repeat: the one that was given before."""

    key: Key
    meaning: Meaning
    program: Program | None


class Texts:
    """One pass over the texts of samples; with `share`, each is read once."""

    def __init__(self, programs: Programs, done: KeySet, share: bool) -> None:
        self._programs, self._done, self._share = programs, done, share
        self._keys: dict[int, bytes] = {}  # id of an order that is read -> its text
        self._held: dict[bytes, list[Key]] = {}  # text that is read -> who else has it
        self._meanings: Recent[bytes, Meaning] = Recent(MOST_TEXTS)  # by text
        self._repeats: list[Answer] = []  # found since the last text was read

    def answers(self, orders: Iterable[Order]) -> Iterator[Answer]:
        """Yield the samples that are not done, with what their texts were found to be."""
        for order, found in self._programs.map(self._unread(orders)):
            meaning = Meaning(found.digest, found.read_as, found.missing)
            yield Answer(order.sample.key, meaning, found.program)
            self._learn(order, meaning)
            yield from self._found_again()
        yield from self._found_again()

    def _unread(self, orders: Iterable[Order]) -> Iterator[Order]:
        """Yield the samples whose text has to be read."""
        for order in orders:
            if order.sample.key not in self._done and not (self._share and self._is_known(order)):
                yield order

    def _is_known(self, order: Order) -> bool:
        """Whether a sample's text was read, or is: then it is among the repeats, or will be."""
        text, key = text_key(order), order.sample.key
        if (held := self._held.get(text)) is not None:
            if len(held) < MOST_HELD:
                held.append(key)
                return True
        elif (meaning := self._meanings.get(text)) is None:
            self._held[text] = []
            self._keys[id(order)] = text
        elif len(self._repeats) < MOST_HELD:
            self._repeats.append(Answer(key, meaning, None))
            return True
        return False

    def _learn(self, order: Order, meaning: Meaning) -> None:
        """Remember what a text means; who waits for it is a repeat."""
        if (text := self._keys.pop(id(order), None)) is not None:
            self._meanings[text] = meaning
            self._repeats += [Answer(key, meaning, None) for key in self._held.pop(text)]

    def _found_again(self) -> list[Answer]:
        found, self._repeats = self._repeats, []
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A run's samples without a verdict, and all that their programs are made of; it can be sent to another process."""

    files: tuple[str | Path, ...]
    problems: ProblemSet
    asked: Asked
    texts: Mapping[str, Problem]
    settings: EvaluationSettings
    noted: frozenset[str]  # tasks whose samples are wanted whole, with a verdict or without
    done: KeySet
    share: bool

    def answers(self, programs: Programs) -> Iterator[Answer | Sample]:
        """Yield the samples without a verdict with their programs, at last those that are wanted whole."""
        noted: list[Sample] = []

        def orders() -> Iterator[Order]:
            for sample in read_samples(self.files, self.problems, self.asked):
                if sample.task_id in self.noted:
                    noted.append(sample)
                yield Order(self.texts[sample.task_id], sample, self.settings)

        yield from Texts(programs, self.done, self.share).answers(orders())
        yield from noted


def answers_of(feed: Feed, readers: int) -> Iterator[Answer | Sample]:
    """Yield what a feed has, with `readers` processes of its own."""
    with Programs(readers) as programs:
        yield from feed.answers(programs)


def counted(files: tuple[str | Path, ...], problems: ProblemSet, asked: Asked) -> Iterator[tuple[Recognised, KeySet]]:
    """Check every sample; yield what the files were read as, and the samples' keys. Raises SampleError."""
    told = Recognised()
    samples = read_samples(files, problems, asked, told)
    yield told, KeySet(sample.key for sample in samples if judged_by_tests(sample))


def judged_by_tests(sample: Sample) -> bool:
    """Return true. Raises SampleError for a sample of a task that tests do not judge."""
    if sample.task and TASKS[task := task_of(sample.origin)].judge is not JudgedBy.TESTS:  # others are named by no row
        how = "give such samples alone to evaluate.py run, or to similarity.summaries.compare_descriptions"
        raise SampleError(f"{sample.task_id}: a sample of {task.value}, which no test judges; {how}")
    return True


def text_key(order: Order) -> bytes:
    """Return a hash of all that decides what a sample's text means, within one run."""
    sample = order.sample
    own = sample.extra.get("prompt")
    own = own if isinstance(own, str) else ""
    task = task_of(sample.origin).value
    whole = f"{task} {len(sample.task_id)} {sample.task_id}{sample.answers} {len(own)} {own}{sample.completion}"
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()
