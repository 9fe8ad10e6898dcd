"""From a sample to the program that judges it: which text of the problem, which tests, cut by which rules.

Text in, `Program` out; runs nothing. What a language does with the text is in `languages/`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, NamedTuple

from humaneval_x.answers import blank, called_besides, opened, read
from humaneval_x.answers.processes import LONGEST, Readers
from humaneval_x.errata import apply_errata, errata_of
from humaneval_x.errors import ProblemError
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.languages.declared import refusal
from humaneval_x.languages.source import prefix_of
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Problem, Program, ReadAs, Reading, Sample
from humaneval_x.settings import Answers, Errata, EvaluationSettings, Rules, Tests
from humaneval_x.tasks import task_of

LONGEST_PROMPT = 1 << 16  # characters of a row's own prompt that are looked at


def texts_of(loaded: ProblemSet, errata: Errata) -> Mapping[str, Problem]:
    """Return the problems under one choice of texts. Only the official set and HumanEvalPack's texts have errata."""
    if errata is Errata.PUBLISHED or not (known := errata_of(loaded)):
        return loaded.problems
    return {each.task_id: each for each in apply_errata(loaded.problems.values(), known)}


def tasks_of(loaded: ProblemSet) -> dict[str, list[str]]:
    """Return every task_id of each language."""
    found: dict[str, list[str]] = {name: [] for name in KNOWN}
    for task_id, problem in loaded.problems.items():
        found[BY_PREFIX[problem.prefix].NAME].append(task_id)
    return found


def program_of(problem: Problem, sample: Sample, settings: EvaluationSettings) -> Program:
    """Return the program that judges one sample, read in this process: for text of the project's own.

    For anybody's text there are `apart` and `Programs`.
    """
    return assembled(problem, sample.origin, reading_of(problem, sample, settings), settings)


def reading_of(problem: Problem, sample: Sample, settings: EvaluationSettings) -> Reading:
    """Return what a sample's text means under a run's rules. Hostile text is read in `answers.processes`."""
    language, prefix = BY_PREFIX[problem.prefix], prefix_of(problem, task_of(sample.origin))
    text = closed(problem, sample.completion)
    if settings.rules is Rules.OURS:
        said = Answers(sample.answers) if settings.answers is Answers.AUTO else settings.answers
        wanted = called_besides(language.NAME, prefix, problem.canonical_solution, problem.test)
        reading = read(language.NAME, prefix, text, said, wanted)
        if reading.missing and said is not settings.answers:  # a hint: what EvalPlus calls a solution may be chat
            return read(language.NAME, prefix, text, settings.answers, wanted)
        own = sample.extra.get("prompt")
        if said is Answers.AUTO and reading.read_as is ReadAs.CONTINUATION and continues_another(problem, sample, own):
            return read(language.NAME, prefix, f"{own}{text}", Answers.PROGRAM, wanted)
        return reading
    # The reference cuts when it generates; its evaluator takes rows as they are, but for one language.
    kept = language.judged_by_reference(text)
    return Reading(read_as=ReadAs.CONTINUATION, candidate=prefix + kept)


def closed(problem: Problem, completion: str) -> str:
    """Return a completion with what the problem's stop tokens take from it; where it is there, it is not read again."""
    return f"{completion}\n{problem.closing}" if problem.closing else completion


def continues_another(problem: Problem, sample: Sample, own: object) -> bool:
    """Whether a row's own prompt opens the tested function with another header than the problem's."""
    if sample.origin or not isinstance(own, str) or problem.prompt in own or len(own) > LONGEST_PROMPT:
        return False
    language = BY_PREFIX[problem.prefix].NAME
    ours, theirs = opened(language, problem.prompt), opened(language, own)
    return bool(theirs.name) and theirs.name == ours.name and theirs.header.split() != ours.header.split()


def tests_of(problem: Problem, settings: EvaluationSettings) -> str:
    """Return the problem's tests that a run asks for."""
    example = settings.tests is Tests.EXAMPLE and problem.example_test.strip()
    return problem.example_test if example else problem.test  # six tasks have no examples of their own


def assembled(problem: Problem, origin: str, reading: Reading, settings: EvaluationSettings) -> Program:
    """Return the program of an answer that was read."""
    task = task_of(origin)
    test = tests_of(problem, settings)
    language = BY_PREFIX[problem.prefix]
    given = opened(language.NAME, prefix_of(problem, task), test)
    if not given.name:  # a published declaration that lacks a brace: the tests' side knows its function from the prompt
        given = opened(language.NAME, problem.prompt, test)
    program = language.assemble(problem, reading, given, task, test, settings.rules)
    if why := refusal(program.declared):
        where = f"{problem.source} ({problem.task_id})"
        raise ProblemError(f"{where}: its samples cannot be judged: {why}; use problems whose values are plain")
    return program if settings.all_checks else replace(program, all_checks=False)


class Order(NamedTuple):
    """One sample to be read, with all that its program is made of."""

    problem: Problem
    sample: Sample
    settings: EvaluationSettings

    def __reduce__(self) -> tuple[Callable[..., Order], tuple[Any, ...]]:
        """Send what a reader needs, not all that a row carries; the problem once for all samples sent together."""
        sample = self.sample
        sent = sample.completion, sample.source_language, sample.task, sample.answers
        return _order, (self.problem, self.settings, sent, sample.extra.get("prompt"))


def _order(
    problem: Problem, settings: EvaluationSettings, sent: tuple[str, str | None, str, str], prompt: object
) -> Order:
    completion, source, task, answers = sent
    sample = Sample(
        task_id=problem.task_id,
        completion=completion,
        sample_index=0,
        source_language=source,
        task=task,
        answers=answers,
        extra={} if prompt is None else {"prompt": prompt},
    )
    return Order(problem, sample, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The program of a sample, its digest, what the sample was read as, and why there is nothing to judge."""

    program: Program
    digest: str
    read_as: str
    missing: str = ""


class Programs:
    """Programs of samples that anybody may have written: read in processes with limits. Use as a context manager."""

    def __init__(self, count: int = 1) -> None:
        self._readers = Readers(_prepared, _unread, _size, count)

    def __enter__(self) -> Programs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self._readers.__exit__(kind, fault, trace)

    def of(self, order: Order) -> Prepared:
        """Return the program of one sample."""
        return _from_plain(order, self._readers.one(order))

    def map(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Prepared]]:
        """Yield samples with their programs, in any order."""
        for order, plain in self._readers.map(orders):
            yield order, _from_plain(order, plain)


def apart(order: Order) -> Prepared:
    """Return the program of one sample that anybody may have written, read in a process with limits."""
    return _one().of(order)


@functools.cache
def _one() -> Programs:
    """Return the one process of whoever reads now and then; it ends with this one."""
    return Programs()


def prepared(order: Order) -> Prepared:
    """Return the program of a sample, read in this process."""
    reading = reading_of(order.problem, order.sample, order.settings)
    return _assembled(order, reading)


def _assembled(order: Order, reading: Reading) -> Prepared:
    program = assembled(order.problem, order.sample.origin, reading, order.settings)
    return Prepared(program=program, digest=program.digest, read_as=reading.words, missing=reading.missing)


def _prepared(order: Order) -> list[Any]:
    """Return a sample's program as plain values; that of one too long to be read without reading it."""
    return _plain(order, prepared(order)) if len(order.sample.completion) <= LONGEST else _unread(order)


def _unread(order: Order) -> list[Any]:
    """Return the program of a sample that could not be read: its text as it stands behind the problem's."""
    text = closed(order.problem, order.sample.completion)
    candidate = prefix_of(order.problem, task_of(order.sample.origin)) + text
    mended = ("beyond the reader's limits",)
    reading = Reading(read_as=ReadAs.CONTINUATION, mended=mended, candidate=candidate, code=candidate)
    return _plain(order, _assembled(order, reading))


def _size(order: Order) -> int:
    return len(order.sample.completion)


def _plain(order: Order, found: Prepared) -> list[Any]:
    """Return the program of a sample as plain values; its tests as null where they are the problem's own."""
    own = found.program
    tests = None if own.tests == tests_of(order.problem, order.settings) else own.tests
    return [own.preamble, own.candidate, tests, own.declared, found.digest, found.read_as, found.missing]


def _from_plain(order: Order, plain: list[Any]) -> Prepared:
    preamble, candidate, tests, declared, digest, read_as, missing = plain
    program = Program(
        language=BY_PREFIX[order.problem.prefix].NAME,
        preamble=preamble,
        candidate=candidate,
        tests=tests_of(order.problem, order.settings) if tests is None else tests,
        declared=declared,
        all_checks=order.settings.all_checks,
    )
    vars(program)["digest"] = digest  # which the reader has computed
    return Prepared(program=program, digest=digest, read_as=read_as, missing=missing)


def canonical_program(problem: Problem) -> Program:
    """Return the program of a problem's own solution, continued from its prompt."""
    sample = Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
    return program_of(problem, sample, EvaluationSettings())


def with_negated_tests(program: Program) -> tuple[Program, int]:
    """Return a program with its expectations made wrong, and how many of them could not be."""
    tests, left = negated_tests(program.language, program.tests)
    return replace(program, tests=tests), left


@functools.lru_cache(maxsize=512)  # a problem's samples share it
def negated_tests(language: str, tests: str) -> tuple[str, int]:
    """Return tests with their expectations made wrong, and how many of them could not be."""
    return KNOWN[language].negate(tests, blank(language, tests))
