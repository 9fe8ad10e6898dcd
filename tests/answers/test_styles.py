"""The ways in which models write: each right solution is found in every one of them, and nothing else is."""

from __future__ import annotations

import json

import pytest
from answers.styles import CHAT, CONTINUATIONS, PROGRAMS, STYLES, material
from mutants import mutants
from official import FRESH, fresh, official
from runs import judge, samples_of

from humaneval_x.answers import opened
from humaneval_x.assembly import reading_of
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.records import Problem, ReadAs, Sample
from humaneval_x.results import read_rows
from humaneval_x.settings import EvaluationSettings


def read(problem: Problem, text: str):
    sample = Sample(task_id=problem.task_id, completion=text, sample_index=0)
    return reading_of(problem, sample, EvaluationSettings())


def essence(problem: Problem, body: str) -> str:
    """Return a body as it has to be found: up to its last brace, where directives follow that; blanks apart."""
    text = body[: body.rindex("}") + 1] if problem.prefix != "Python" else body
    return "".join(text.split())


def styled(problem: Problem, body: str):
    name = opened(BY_PREFIX[problem.prefix].NAME, problem.prompt).name
    made = material(problem, body, name)
    return {style: write(made) for style, write in STYLES.items()}


def assert_found(problem: Problem, style: str, text: str, body: str) -> None:
    reading = read(problem, text)
    where = f"{problem.task_id}, {style}:\n{reading.words} {reading.missing}\n{reading.candidate}"
    assert not reading.missing, where
    assert "qqz" not in reading.candidate.lower(), where
    found = "".join(reading.candidate.split())
    assert found.count(essence(problem, body)) == 1, where
    wanted = ReadAs.CONTINUATION if style in CONTINUATIONS else ReadAs.PROGRAM if style in PROGRAMS else ReadAs.CHAT
    assert reading.read_as is wanted or style in UNSURE, where


UNSURE = {"prose and a whole program", "thinking before"}  # whole programs, as much as chat


def test_there_are_as_many_styles_as_were_asked_for():
    assert len(STYLES) == len(CONTINUATIONS) + len(PROGRAMS) + len(CHAT) >= 40


@pytest.mark.parametrize("which", [fresh, pytest.param(official, marks=pytest.mark.shared)])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_solution_is_found_in_every_style_and_nothing_else(language, which):
    for problem in which(language):
        for style, text in styled(problem, problem.canonical_solution).items():
            assert_found(problem, style, text, problem.canonical_solution)


@pytest.mark.long
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_in_every_style_around_a_mutant_the_mutant_is_found(language):
    rows = map(json.loads, (FRESH / f"humaneval_{LANGUAGES[language].FILE}.jsonl").read_text().splitlines())
    for problem, row in zip(fresh(language), rows, strict=True):
        for wrong in mutants(row)[:3]:
            for style, text in styled(problem, wrong).items():
                assert_found(problem, style, text, wrong)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_right_solutions_pass_in_every_style_and_mutants_in_none(language, sandbox, tmp_path):
    problem = fresh(language)[0]
    row = json.loads((FRESH / f"humaneval_{LANGUAGES[language].FILE}.jsonl").read_text().splitlines()[0])
    right = styled(problem, problem.canonical_solution)
    wrong = styled(problem, mutants(row)[0])
    rows = [(problem.task_id, text) for text in [*right.values(), *wrong.values()]]
    judge(samples_of(tmp_path / "samples.jsonl", rows), tmp_path / "out", sandbox)
    passed = {each.sample_index: each.verdict.passed for each in read_rows(tmp_path / "out")}
    names = [*(f"right: {style}" for style in right), *(f"wrong: {style}" for style in wrong)]
    assert [name for at, name in enumerate(names) if passed[at] is not name.startswith("right")] == []
