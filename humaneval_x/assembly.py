"""From a sample to the program that judges it: which text of the problem, which tests, cut by which rules.

Text in, `Program` out; runs nothing. What a language does with the text is in `languages/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from humaneval_x.answers import blank, opened, read
from humaneval_x.errata import apply_errata, official_errata
from humaneval_x.errors import ProblemError
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.languages.declared import refusal
from humaneval_x.languages.source import prefix_of
from humaneval_x.problems import OFFICIAL, ProblemSet
from humaneval_x.records import Problem, Program, ReadAs, Reading, Sample
from humaneval_x.settings import Answers, Errata, EvaluationSettings, Rules, Task, Tests

LONGEST_PROMPT = 1 << 16  # characters of a row's own prompt that are looked at


def texts_of(loaded: ProblemSet, errata: Errata) -> Mapping[str, Problem]:
    """Return the problems under one choice of texts. Only the verified official set has errata."""
    if errata is Errata.PUBLISHED or loaded.name != OFFICIAL:
        return loaded.problems
    return {each.task_id: each for each in apply_errata(loaded.problems.values(), official_errata())}


def tasks_of(loaded: ProblemSet) -> dict[str, list[str]]:
    """Return every task_id of each language."""
    found: dict[str, list[str]] = {name: [] for name in LANGUAGES}
    for task_id, problem in loaded.problems.items():
        found[BY_PREFIX[problem.prefix].NAME].append(task_id)
    return found


def program_of(problem: Problem, sample: Sample, settings: EvaluationSettings) -> Program:
    """Return the program that judges one sample, read in this process: for text of the project's own."""
    return assembled(problem, sample.source_language, reading_of(problem, sample, settings), settings)


def reading_of(problem: Problem, sample: Sample, settings: EvaluationSettings) -> Reading:
    """Return what a sample's text means under a run's rules. Hostile text is read in `answers.processes`."""
    language, prefix = BY_PREFIX[problem.prefix], prefix_of(problem, task_of(sample.source_language))
    if settings.rules is Rules.OURS:
        said = Answers(sample.answers) if settings.answers is Answers.AUTO else settings.answers
        reading = read(language.NAME, prefix, sample.completion, said)
        if reading.missing and said is not settings.answers:  # a hint: what EvalPlus calls a solution may be chat
            return read(language.NAME, prefix, sample.completion, settings.answers)
        own = sample.extra.get("prompt")
        if said is Answers.AUTO and reading.read_as is ReadAs.CONTINUATION and continues_another(problem, sample, own):
            return read(language.NAME, prefix, f"{own}{sample.completion}", Answers.PROGRAM)
        return reading
    # The reference cuts when it generates; its evaluator takes rows as they are, but for one language.
    kept = language.judged_by_reference(sample.completion)
    return Reading(read_as=ReadAs.CONTINUATION, candidate=prefix + kept)


def continues_another(problem: Problem, sample: Sample, own: object) -> bool:
    """Whether a row's own prompt opens the tested function with another header than the problem's."""
    if sample.source_language or not isinstance(own, str) or problem.prompt in own or len(own) > LONGEST_PROMPT:
        return False
    language = BY_PREFIX[problem.prefix].NAME
    ours, theirs = opened(language, problem.prompt), opened(language, own)
    return bool(theirs.name) and theirs.name == ours.name and theirs.header.split() != ours.header.split()


def task_of(source_language: str | None) -> Task:
    """Return the task that a row belongs to."""
    return Task.TRANSLATION if source_language else Task.GENERATION


def assembled(problem: Problem, source_language: str | None, reading: Reading, settings: EvaluationSettings) -> Program:
    """Return the program of an answer that was read."""
    task = task_of(source_language)
    example = settings.tests is Tests.EXAMPLE and problem.example_test.strip()
    test = problem.example_test if example else problem.test  # six tasks have no examples of their own
    language = BY_PREFIX[problem.prefix]
    given = opened(language.NAME, prefix_of(problem, task), test)
    if not given.name:  # a published declaration that lacks a brace: the tests' side knows its function from the prompt
        given = opened(language.NAME, problem.prompt, test)
    program = language.assemble(problem, reading, given, task, test, settings.rules)
    if why := refusal(program.declared):
        where = f"{problem.source} ({problem.task_id})"
        raise ProblemError(f"{where}: its samples cannot be judged: {why}; use problems whose values are plain")
    return program


def canonical_program(problem: Problem) -> Program:
    """Return the program of a problem's own solution, continued from its prompt."""
    sample = Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
    return program_of(problem, sample, EvaluationSettings())


def with_negated_tests(program: Program) -> tuple[Program, int]:
    """Return a program with its expectations made wrong, and how many of them could not be."""
    tests, left = LANGUAGES[program.language].negate(program.tests, blank(program.language, program.tests))
    return replace(program, tests=tests), left
