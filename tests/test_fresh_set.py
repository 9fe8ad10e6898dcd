"""The shape of the project's own problem set and of its demo samples.

Reads the files only: no toolchain, no sandbox, nothing is run. Whether the
solutions pass and the mutants fail is another test's business.
Does not import `humaneval_x`, so a broken package cannot hide a broken file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from math import comb
from pathlib import Path
from typing import Any

import pytest
from mutants import mutants

ROOT = Path(__file__).resolve().parent.parent
FRESH = ROOT / "problems" / "fresh"
TAGS = {
    "python": "Python",
    "cpp": "CPP",
    "java": "Java",
    "js": "JavaScript",
    "go": "Go",
}
BASE = [
    "task_id",
    "prompt",
    "canonical_solution",
    "test",
    "declaration",
    "example_test",
]
WITH_TEXT = [
    "task_id",
    "prompt",
    "canonical_solution",
    "test",
    "text",
    "declaration",
    "example_test",
]
GO_FIRST = [
    "task_id",
    "prompt",
    "import",
    "docstring",
    "declaration",
    "canonical_solution",
    "test",
]
KEYS = {
    "python": WITH_TEXT,
    "cpp": BASE,
    "java": WITH_TEXT,
    "js": BASE,
    "go": [*GO_FIRST, "test_setup", "example_test"],
}
ASSERTION = {
    "python": r"^    assert ",
    "cpp": r"^    assert\(",
    "java": r"^                (?:s\.|Math\.abs\(s\.)",
    "js": r"^  console\.assert\(",
    "go": r"^    assert\.Equal\(",
}
SAMPLES_PER_TASK = 5


def rows_of(language: str) -> list[dict[str, str]]:
    text = (FRESH / f"humaneval_{language}.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def assertions(language: str, test: str) -> list[str]:
    return [line for line in test.splitlines() if re.match(ASSERTION[language], line)]


def bare(text: str) -> str:
    """Text without blanks, parentheses and Java's constructor words, for comparing calls."""
    return re.sub(r"new (?:ArrayList|HashMap)<>|[\s()]", "", text)


def demo_samples() -> list[dict[str, Any]]:
    lines = (ROOT / "examples" / "demo_samples.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line) for line in lines]


def demo_expected() -> dict[str, Any]:
    return json.loads((ROOT / "examples" / "demo_expected.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("language", TAGS)
def test_each_file_has_20_rows_with_the_official_keys_in_order(language: str) -> None:
    rows = rows_of(language)
    assert [row["task_id"] for row in rows] == [f"{TAGS[language]}/fresh-{n}" for n in range(20)]
    assert {tuple(row) for row in rows} == {tuple(KEYS[language])}
    assert all(isinstance(value, str) for row in rows for value in row.values())


@pytest.mark.parametrize("language", TAGS)
def test_files_use_plain_newlines_and_end_with_one(language: str) -> None:
    raw = (FRESH / f"humaneval_{language}.jsonl").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"}\n")


@pytest.mark.parametrize("language", TAGS)
def test_each_test_has_at_least_7_assertions(language: str) -> None:
    counts = {row["task_id"]: len(assertions(language, row["test"])) for row in rows_of(language)}
    assert {task_id: n for task_id, n in counts.items() if n < 7} == {}


def test_tests_have_the_same_number_of_assertions_in_all_languages() -> None:
    counts = [[len(assertions(lang, row["test"])) for row in rows_of(lang)] for lang in TAGS]
    assert all(other == counts[0] for other in counts)


@pytest.mark.parametrize("language", TAGS)
def test_each_docstring_example_is_in_example_test_and_in_test(language: str) -> None:
    for row in rows_of(language):
        calls = re.findall(r">>> (.*)", row["prompt"])
        if language == "python":
            calls = [call.replace("\\\\", "\\") for call in calls]
        assert len(calls) in (2, 3), row["task_id"]
        assert len(assertions(language, row["example_test"])) == len(calls), row["task_id"]
        for call in calls:
            assert bare(call) in bare(row["example_test"]), (row["task_id"], call)
            assert bare(call) in bare(row["test"]), (row["task_id"], call)


@pytest.mark.parametrize("language", TAGS)
def test_nothing_depends_on_chance_or_time(language: str) -> None:
    for row in rows_of(language):
        for key in ("prompt", "canonical_solution", "test", "example_test"):
            code = "\n".join(line for line in row[key].splitlines() if ">>>" not in line)
            assert not re.search(r"(?i)\brandom|\brand\b|\btime\.|\bDate\b|\bsleep\b|nanoTime", code), row["task_id"]


@pytest.mark.parametrize("language", TAGS)
def test_prompt_is_the_declaration_with_a_docstring(language: str) -> None:
    for row in rows_of(language):
        head = row["declaration"].strip().splitlines()[-1]
        assert head in row["prompt"], row["task_id"]
        assert ">>>" not in row["declaration"], row["task_id"]
        if language == "python":
            assert head.endswith(":"), row["task_id"]
            assert row["prompt"].endswith('"""\n'), row["task_id"]
            continue
        assert head.endswith("{"), row["task_id"]
        assert row["prompt"].endswith(head + "\n"), row["task_id"]
        assert row["canonical_solution"].rstrip().endswith("}"), row["task_id"]
        opened = 2 if language == "java" else 1
        assert row["declaration"].count("{") - row["declaration"].count("}") == opened, row["task_id"]


def test_go_rows_state_their_imports_once() -> None:
    for row in rows_of("go"):
        assert row["prompt"] == row["import"] + "\n" + row["docstring"] + row["declaration"].lstrip("\n")
        for name in re.findall(r'"(\w+)"', row["import"]):
            assert f"{name}." in row["canonical_solution"], row["task_id"]
        used = set(re.findall(r"\b(math|strings|strconv|sort|fmt)\.", row["canonical_solution"]))
        assert used == set(re.findall(r'"(\w+)"', row["import"])), row["task_id"]


@pytest.mark.parametrize("language", TAGS)
def test_mutants_are_ten_distinct_wrong_turns_and_the_same_every_time(
    language: str,
) -> None:
    for row in rows_of(language):
        made = mutants(row)
        assert len({*made, row["canonical_solution"]}) == 11, row["task_id"]
        assert made == mutants(row)


def test_too_many_mutants_are_refused_with_the_number_there_is() -> None:
    with pytest.raises(ValueError, match=r"Python/fresh-0: \d+ mutants, 1000 wanted"):
        mutants(rows_of("python")[0], count=1000)


def test_demo_samples_are_five_for_each_task() -> None:
    tasks = [row["task_id"] for language in TAGS for row in rows_of(language)]
    samples = demo_samples()
    assert {tuple(sample) for sample in samples} == {("task_id", "completion", "sample_index")}
    assert Counter(sample["task_id"] for sample in samples) == dict.fromkeys(tasks, SAMPLES_PER_TASK)
    keys = {(sample["task_id"], sample["sample_index"]) for sample in samples}
    assert keys == {(task, index) for task in tasks for index in range(SAMPLES_PER_TASK)}


def test_demo_scores_follow_from_the_demo_counts() -> None:
    expected = demo_expected()
    every: list[int] = []
    for language, tag in TAGS.items():
        counts = expected[language]["correct"]
        assert list(counts) == [f"{tag}/fresh-{n}" for n in range(20)]
        assert expected[language]["n_tasks"] == 20
        assert expected[language]["n_samples"] == 20 * SAMPLES_PER_TASK
        assert_scores(expected[language], list(counts.values()))
        every += counts.values()
    assert_scores(expected["all"], every)


def assert_scores(scores: dict[str, Any], counts: list[int]) -> None:
    """pass@k is the mean of 1 - C(n-c, k) / C(n, k), Chen et al. 2021."""
    n = SAMPLES_PER_TASK
    for k in (1, 5):
        wanted = sum(1 - comb(n - c, k) / comb(n, k) for c in counts) / len(counts)
        assert scores[f"pass@{k}"] == pytest.approx(wanted, abs=1e-9)
