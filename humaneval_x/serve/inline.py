"""A problem that comes with the request: its declaration and tests make a program like that of a problem on file."""

from __future__ import annotations

import re

from humaneval_x import assembly
from humaneval_x.assembly import assembled
from humaneval_x.errors import RequestError
from humaneval_x.languages import KNOWN
from humaneval_x.records import Limits, Problem, ReadAs, Reading, Sample
from humaneval_x.serve.lanes import ProgramOrder
from humaneval_x.serve.models import RunRequest
from humaneval_x.settings import EvaluationSettings


def inline_sample(asked: RunRequest, compiling: Limits, running: Limits) -> assembly.Order:
    """Return a program that is judged by the request's own tests, as a sample to be read. Raises RequestError."""
    if not asked.declaration:
        expected = "expected the head of the function that the tests call, as in a problem"
        raise RequestError(f"declaration: missing; {expected}")
    problem = problem_of(asked.language, asked.declaration, asked.tests or "")
    sample = Sample(task_id=problem.task_id, completion=asked.program, sample_index=0)
    return assembly.Order(problem, sample, EvaluationSettings(compiling=compiling, running=running))


def order_as_it_is(problem: Problem, program: str, compiling: Limits, running: Limits) -> ProgramOrder:
    """Return the order that judges a whole program as it is: nothing is read into it."""
    reading = Reading(read_as=ReadAs.PROGRAM, candidate=program + "\n", code=program + "\n")
    whole = assembled(problem, "", reading, EvaluationSettings())
    return ProgramOrder(program=whole, checks=None, compiling=compiling, running=running)


def problem_of(language: str, declaration: str, tests: str) -> Problem:
    """Return what comes with a request as a problem."""
    text = declaration.rstrip() + "\n"
    return Problem(
        task_id=f"{KNOWN[language].PREFIX}/inline",
        prompt=text,
        declaration=text,
        canonical_solution="",
        test=without_setup(tests),
        example_test="",
        test_setup=setup_of(tests),
    )


SETUP = re.compile(r"\A\s*package \w+\n(?:\s*import \((?:[^)]*)\)\n?|\s*import \"[^\"]+\"\n|\s*\n)*")


def setup_of(tests: str) -> str:
    """Return the package clause and the imports that tests begin with, in a language that has them; else nothing."""
    found = SETUP.match(tests)
    return found[0] if found else ""


def without_setup(tests: str) -> str:
    """Return tests without what `setup_of` returns."""
    return tests.removeprefix(setup_of(tests))
