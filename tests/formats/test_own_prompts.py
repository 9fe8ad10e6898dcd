"""A completion that continues a prompt of its row's own is judged with that prompt, in all languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from official import fresh

from humaneval_x.answers.opening import opening_of
from humaneval_x.assembly import continues_another, reading_of
from humaneval_x.evaluation import evaluate
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Problem, ReadAs, Sample
from humaneval_x.results import read_rows
from humaneval_x.settings import EvaluationSettings

PROBLEMS = [problem for name in LANGUAGES for problem in fresh(name)[:3]]


def renamed(problem: Problem) -> tuple[str, str]:
    """Return a prompt whose first parameter has another name, and a completion of it."""
    language = next(each for each in LANGUAGES.values() if problem.prefix == each.PREFIX)
    first = opening_of(language.NAME, problem.declaration).parameters[0]
    prompt, completion = (
        re.sub(rf"\b{first}\b", "another", t) for t in (problem.declaration, problem.canonical_solution)
    )
    assert "another" in prompt
    return prompt, completion


def sample_of(problem: Problem, prompt: str, completion: str, source: str | None = None) -> Sample:
    return Sample(
        task_id=problem.task_id,
        completion=completion,
        sample_index=0,
        source_language=source,
        extra={"prompt": prompt},
    )


def test_renamed_parameters_pass_in_every_language(tmp_path: Path, sandbox: str) -> None:
    path = tmp_path / "s.jsonl"
    rows = [dict(zip(("prompt", "completion"), renamed(problem), strict=True)) for problem in PROBLEMS]
    path.write_text(
        "".join(
            json.dumps({"task_id": problem.task_id, **row}) + "\n" for problem, row in zip(PROBLEMS, rows, strict=True)
        )
    )
    evaluate([path], tmp_path / "out", problems="fresh", sandbox=sandbox, k=[1], partial=True, progress=False)
    assert {row.task_id: row.verdict.status.value for row in read_rows(tmp_path / "out")} == {
        problem.task_id: "passed" for problem in PROBLEMS
    }


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.task_id)
def test_a_prompt_that_opens_the_same_function_changes_nothing(problem: Problem) -> None:
    for prompt in (
        problem.prompt,
        problem.declaration,
        f"# language: any\n{problem.prompt}",
        f"Complete this code.\n```\n{problem.prompt}```\n",
        "Write a function.",
        "",
    ):
        sample = sample_of(problem, prompt, problem.canonical_solution)
        assert reading_of(problem, sample, EvaluationSettings()).read_as is ReadAs.CONTINUATION, prompt


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.task_id)
def test_neither_translations_nor_endless_prompts_are_looked_at(problem: Problem) -> None:
    prompt, completion = renamed(problem)
    assert continues_another(problem, sample_of(problem, prompt, completion), prompt)
    assert not continues_another(problem, sample_of(problem, prompt, completion, "rust"), prompt)
    assert not continues_another(problem, sample_of(problem, prompt, completion), prompt.rjust(1 << 17))
    assert not continues_another(problem, sample_of(problem, prompt, completion), ["a", "list"])
