"""From verdict rows to scores: columns, what is missing, what is partial. Rows are made here, nothing is run."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.errors import OptionError, ResultsError
from humaneval_x.metrics import pass_at_k
from humaneval_x.records import Status, Verdict
from humaneval_x.reports.terminal import table
from humaneval_x.run_report import HarnessFaults, ProblemsUsed, ProgramCounts, RunReport, SandboxUsed, read_report
from humaneval_x.samples import SamplesFile
from humaneval_x.scores import Column, scores_from_json, scores_to_json
from humaneval_x.scoring import score
from humaneval_x.settings import Errata, EvaluationSettings, Task
from humaneval_x.verdict_rows import Row

TASKS = {"python": ["Python/0", "Python/1"], "cpp": ["CPP/0", "CPP/1"], "java": [], "javascript": [], "go": ["Go/0"]}


def rows(task_id: str, passed: int, failed: int, source: str | None = None) -> list[Row]:
    """Verdict rows of one task."""
    statuses = [Status.PASSED] * passed + [Status.WRONG_ANSWER] * failed
    return [
        Row(
            task_id=task_id,
            source_language=source,
            sample_index=index,
            program="00",
            shared=False,
            verdict=Verdict(status=status, reason="", cpu_s=0, wall_s=0, memory_mib=0),
        )
        for index, status in zip(count(), statuses, strict=False)
    ]


def scored(*args: Any, **options: Any) -> dict[str, Any]:
    """Score and return the JSON that stands in scores.json."""
    return scores_to_json(score(*args, **options))


def test_a_language_is_the_mean_over_its_tasks():
    found = scored(rows("Python/0", 3, 1) + rows("Python/1", 0, 4), TASKS, (1, 2))["generation"]["python"]
    assert (found["n_tasks"], found["n_samples"], found["samples_per_task"]) == (2, 8, [4, 4])
    assert found["outcomes"] == {"passed": 3, "wrong_answer": 5}
    assert found["missing"] == {}
    for k in (1, 2):
        assert found[f"pass@{k}"]["value"] == pytest.approx(pass_at_k(4, 3, k) / 2)
        assert (found[f"pass@{k}"]["n_tasks"], found[f"pass@{k}"]["partial"]) == (2, False)


def test_over_all_is_the_mean_of_the_languages():
    found = scored(rows("Python/0", 1, 0) + rows("Python/1", 1, 0) + rows("Go/0", 0, 1), TASKS, (1,))["generation"]
    assert list(found) == ["python", "go", "overall"]
    assert (found["overall"]["pass@1"]["value"], found["overall"]["columns"]) == (0.5, 2)


def test_k_over_n_names_the_tasks_and_scores_nothing():
    found = scored(rows("Python/0", 2, 3) + rows("Python/1", 2, 0), TASKS, (1, 5, 10))["generation"]
    assert "pass@1" in found["python"]
    assert "pass@5" not in found["python"]
    assert found["python"]["missing"] == {
        "pass@5": {"needs": "5 samples for each of 2 tasks", "tasks": ["Python/1"], "without_samples": 0, "all": False},
        "pass@10": {
            "needs": "10 samples for each of 2 tasks",
            "tasks": ["Python/0", "Python/1"],
            "without_samples": 0,
            "all": True,
        },
    }
    assert found["overall"]["missing"] == {"pass@5": {"columns": ["python"]}, "pass@10": {"columns": ["python"]}}


def test_an_absent_task_keeps_a_language_from_its_score():
    found = scored(rows("CPP/1", 1, 0), TASKS, (1,))["generation"]["cpp"]
    assert "pass@1" not in found
    assert found["missing"]["pass@1"] == {
        "needs": "1 samples for each of 2 tasks",
        "tasks": ["CPP/0"],
        "without_samples": 1,
        "all": False,
    }


def test_partial_scores_what_is_there_and_marks_it():
    found = scored(rows("CPP/1", 1, 1) + rows("Go/0", 1, 1), TASKS, (1, 3), partial=True)["generation"]
    assert (found["cpp"]["pass@1"]["value"], found["cpp"]["pass@1"]["n_tasks"]) == (0.5, 1)
    assert [found[name]["pass@1"]["partial"] for name in ("cpp", "go", "overall")] == [True, False, True]
    assert not any("pass@3" in found[name] for name in found)  # no task has three


def test_a_translation_has_a_column_per_pair():
    translated = rows("Python/0", 1, 0, "cpp") + rows("Python/1", 0, 1, "cpp") + rows("Go/0", 1, 0, "python")
    found = scored([*translated, *rows("Go/0", 0, 1)], TASKS, (1,))
    assert list(found) == ["generation", "translation"]
    assert list(found["translation"]) == ["python-go", "cpp-python", "overall"]
    assert found["translation"]["cpp-python"]["pass@1"]["value"] == 0.5
    assert found["translation"]["overall"]["pass@1"]["value"] == 0.75
    assert found["generation"]["go"]["pass@1"]["value"] == 0


def test_no_rows_are_no_scores():
    assert scored([], TASKS, (1,)) == {}


def test_the_order_of_rows_does_not_matter():
    all_rows = rows("Python/0", 3, 1) + rows("Python/1", 1, 3) + rows("CPP/0", 2, 2) + rows("CPP/1", 4, 0)
    assert scored(all_rows, TASKS, (1, 2)) == scored(all_rows[::-1], TASKS, (1, 2))


def report_of(found: Any) -> RunReport:
    return RunReport(
        settings=EvaluationSettings(),
        samples=(SamplesFile(file="x.jsonl", bytes=1, sha256="0" * 64),),
        samples_at=("/tmp/x.jsonl",),
        problems=ProblemsUsed(name="fresh", digest="0" * 64),
        sandbox=SandboxUsed(kind="docker", description="a jail", workers=2),
        toolchains={"python": "Python 3.11"},
        harness=HarnessFaults(),
        programs={Errata.PUBLISHED: ProgramCounts(samples=5, executed=4, shared=1)},
        wall_s=1.0,
        scores={Errata.PUBLISHED: found},
    )


def test_a_report_is_read_by_names_with_types():
    report = report_of(
        score(rows("Python/0", 3, 1) + rows("Python/1", 1, 3) + rows("Go/0", 1, 1, "cpp"), TASKS, (1, 2))
    )
    assert report.generation["python"].pass_at[1].value == 0.5
    assert report.generation["python"].outcomes == {Status.PASSED: 4, Status.WRONG_ANSWER: 4}
    assert report.generation.overall.columns == 1
    pair = report.translation["cpp", "go"]
    assert pair is report.translation["cpp-go"]
    assert (pair.column, pair.title) == (Column(task=Task.TRANSLATION, source="cpp", target="go"), "C++ -> Go")
    with pytest.raises(OptionError, match="unknown column 'go'; choose python"):
        report.generation["go"]
    only = report_of({task: each for task, each in report.tasks.items() if task is Task.GENERATION})
    with pytest.raises(OptionError, match="the run has no samples of the translation task"):
        only.translation.overall  # noqa: B018


def test_a_report_is_the_same_after_it_was_written_and_read():
    found = score(rows("Python/0", 3, 1) + rows("CPP/0", 2, 0) + rows("Go/0", 1, 1, "cpp"), TASKS, (1, 2), partial=True)
    report = report_of(found)
    assert RunReport.from_json(json.loads(json.dumps(report.to_json()))) == report
    assert scores_from_json(scores_to_json(found)) == found


@pytest.mark.parametrize("name", ["cpp-cpp", "python", "fortran-go", "overall", "cpp-overall"])
def test_what_is_no_pair_is_no_column_of_a_translation(name):
    with pytest.raises(ValueError, match=r"is no column|unknown language"):
        Column.named(Task.TRANSLATION, name)


def test_the_table_shows_interval_gap_and_mark():
    found = score(rows("Python/0", 2, 0) + rows("Python/1", 2, 0) + rows("CPP/1", 1, 0), TASKS, (1, 2), partial=True)
    assert table(report_of(found)).splitlines() == [
        "generation  tasks  samples                  pass@1                 pass@2",
        "Python          2        4   100.00 [100.0, 100.0]  100.00 [100.0, 100.0]",
        "C++             1        1   100.00* [no interval]                      -",
        "overall         3        5  100.00* [100.0, 100.0]                      -",
        "C++ pass@1: needs 1 samples for each of 2 tasks; 1 have fewer (1 have none): CPP/0",
        "C++ pass@2: needs 2 samples for each of 2 tasks; 2 have fewer (1 have none): CPP/0, CPP/1",
        "",
        "5 samples: 4 programs run, 1 shared with an identical one, 0 from before",
        "* partial: over the tasks that are there",
        "sandbox: a jail; jails replaced: 0",
    ]


def test_the_table_names_some_of_the_tasks_whose_tests_do_not_compile_and_counts_the_rest():
    report = report_of(score(rows("Python/0", 2, 0), TASKS, (1,), partial=True))
    failing = {f"Go/{number}": "undefined: nosuch" for number in range(7)}
    told = table(replace(report, problems=replace(report.problems, not_compiling=failing)))
    named = "Go/0, Go/1, Go/2, Go/3, Go/4 and 2 more"
    assert f"\ntests that do not compile, so that every sample fails: {named}\n" in told


def test_cells_that_do_not_count_leave_the_score_and_what_it_needs():
    """As for the third translation score: pairs of languages that ask for different functions are left out."""
    judged = [*rows("CPP/0", 0, 1, "python"), *rows("CPP/1", 1, 0, "python"), *rows("CPP/0", 1, 0, "go")]

    def counts(source: str, task_id: str) -> bool:
        return (source, task_id) != ("python", "CPP/0")

    found = scored(judged, TASKS, (1,), cells=counts)["translation"]
    assert (found["python-cpp"]["n_tasks"], found["python-cpp"]["pass@1"]["value"]) == (1, 1.0)
    assert found["python-cpp"]["missing"] == {}
    assert found["go-cpp"]["missing"]["pass@1"]["tasks"] == ["CPP/1"]  # which counts there


def test_scores_of_a_newer_version_are_refused_and_named(tmp_path: Path) -> None:
    (tmp_path / "scores.json").write_text('{"schema": 3}')
    with pytest.raises(ResultsError, match="schema 3 of a newer version; expected at most 2"):
        read_report(tmp_path / "scores.json")
