"""Which text of HumanEval-X rows were made from: five JavaScript files circulate under the same ids."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from official import official

from humaneval_x.languages import LANGUAGES
from humaneval_x.origins import Origins, known
from humaneval_x.problems import load_problems
from humaneval_x.samples import Told, read_samples

KEYS = ("prompt", "declaration", "canonical_solution", "test", "example_test")


def lines(path: Path, rows: list[dict[str, str]]) -> list[str]:
    """What is told of a file of rows."""
    path.write_text("".join(json.dumps({"completion": "}", **row}) + "\n" for row in rows))
    told, loaded = Told(), load_problems(Path(__file__).resolve().parents[2] / "shared" / "humaneval-x")
    list(read_samples([path], loaded, told=told))
    return list(told.lines())


def official_row(task_id: str, language: str) -> dict[str, str]:
    problem = next(each for each in official(language) if each.task_id == task_id)
    return {"task_id": task_id, **{key: getattr(problem, key) for key in KEYS}}


@pytest.mark.shared
def test_the_official_values_are_those_of_the_official_files() -> None:
    right, texts = known()
    for language in LANGUAGES:
        for problem in official(language):
            for key, digest in right.get(problem.task_id, {}).items():
                assert hashlib.sha256(getattr(problem, key).encode()).hexdigest()[:16] == digest, (problem.task_id, key)
    assert sorted(texts) == ["CodeFuse", "CodeGeeX2", "Hugging Face", "HumanEvalPack"]
    assert {task for values in texts.values() for task in values} == set(right)


@pytest.mark.shared
def test_rows_with_the_official_text_or_with_none_are_not_spoken_of(tmp_path: Path) -> None:
    rows = [official_row(task, "javascript") for task in ("JavaScript/1", "JavaScript/112", "JavaScript/155")]
    assert lines(tmp_path / "s.jsonl", rows) == []
    assert lines(tmp_path / "t.jsonl", [{"task_id": "JavaScript/112"}]) == []


def carried(name: str, task_id: str) -> Origins:
    """What is known once a row with one text's values of a task has been seen, by the digests alone."""
    right, texts = known()
    found = Origins()
    values = {**right[task_id], **texts[name].get(task_id, {})}
    found.fitting["JavaScript"] = {
        other for other in texts if {**right[task_id], **texts[other].get(task_id, {})} == values
    }
    return found


@pytest.mark.parametrize(
    ("name", "task_id", "fits"),
    [
        ("CodeGeeX2", "JavaScript/112", {"CodeGeeX2"}),
        ("CodeFuse", "JavaScript/112", {"CodeFuse"}),
        ("HumanEvalPack", "JavaScript/155", {"HumanEvalPack", "Hugging Face"}),
    ],
)
def test_each_text_is_told_from_the_others_but_for_two_that_are_the_same(
    name: str, task_id: str, fits: set[str]
) -> None:
    assert carried(name, task_id).fitting["JavaScript"] == fits


@pytest.mark.shared
def test_another_text_is_named_with_the_tasks_in_which_it_differs(tmp_path: Path) -> None:
    row = official_row("JavaScript/112", "javascript")
    path = tmp_path / "s.jsonl"
    changed = row["canonical_solution"].replace("return (z, false)", "return [t, false]")
    assert lines(path, [{**row, "canonical_solution": changed}]) == [
        f"{path}: the rows carry the text of no known source, which differs in JavaScript/112; "
        "the official text judges them"
    ]
