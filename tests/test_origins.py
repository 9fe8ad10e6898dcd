"""Which text of HumanEval-X rows were made from: five JavaScript files circulate under the same ids."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from official import official

from humaneval_x.languages import LANGUAGES
from humaneval_x.origins import Origins, known
from humaneval_x.problems import load_problems
from humaneval_x.samples import Recognised, read_samples

KEYS = ("prompt", "declaration", "canonical_solution", "test", "example_test")


def lines(path: Path, rows: list[dict[str, str]]) -> list[str]:
    """What is told of a file of rows."""
    path.write_text("".join(json.dumps({"completion": "}", **row}) + "\n" for row in rows))
    told, loaded = Recognised(), load_problems(Path(__file__).resolve().parents[2] / "shared" / "humaneval-x")
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


@pytest.mark.shared
def test_a_text_that_nobody_knows_is_not_spoken_of(tmp_path: Path) -> None:
    assert lines(tmp_path / "s.jsonl", [{**official_row("JavaScript/112", "javascript"), "test": "mine"}]) == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("changed", "named", "tasks"),
    [
        ({"JavaScript/112": "CodeGeeX2"}, "CodeGeeX2", "JavaScript/112"),
        ({"JavaScript/112": "CodeFuse", "JavaScript/155": "CodeFuse"}, "CodeFuse", "JavaScript/112, JavaScript/155"),
        ({"JavaScript/155": "HumanEvalPack"}, "Hugging Face or HumanEvalPack", "JavaScript/155"),
        ({"Python/1": "HumanEvalPack"}, "HumanEvalPack", "Python/1"),
    ],
)
def test_another_text_is_named_with_the_tasks_in_which_it_differs(
    changed: dict[str, str], named: str, tasks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts themselves are not the project's, so a row says which digest its values have."""
    right, texts = known()
    monkeypatch.setattr(hashlib, "sha256", lambda data: SimpleNamespace(hexdigest=data.decode))
    found = Origins()
    for task, name in changed.items():
        found.add(task, {**right[task], **texts[name][task]})
    expected = f"the rows carry the text of {named}, which differs in {tasks}; the official text judges them"
    assert list(found.lines()) == [expected]
