"""Differences: each sample that another harness judges otherwise, under the cause that explains it, with its program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from official import fresh

from humaneval_x.assembly import program_of
from humaneval_x.commands.evaluate import main
from humaneval_x.differences import Cause, Differences, differences
from humaneval_x.errors import ResultsError, SampleError
from humaneval_x.problems import load_problems
from humaneval_x.records import Status, Verdict
from humaneval_x.results import Results
from humaneval_x.samples import read_samples
from humaneval_x.settings import Errata, EvaluationSettings

PROBLEM = fresh("python")[0]
RIGHT = PROBLEM.canonical_solution
WRONG = "    return None\n"


def row(completion: str, **carried: Any) -> dict[str, Any]:
    return {"task_id": PROBLEM.task_id, "completion": completion, **carried}


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in rows))
    return path


def judged(folder: Path, samples: Path, *statuses: Status | None, errata: Errata = Errata.PUBLISHED) -> Path:
    """Write a run's folder with these verdicts on the samples, in their order; None leaves one out."""
    settings, loaded = EvaluationSettings(errata=errata), load_problems("fresh")
    with Results.open(folder, {"problems": loaded.digest, **settings.to_json()}) as results:
        for sample, status in zip(read_samples([samples], loaded), statuses, strict=True):
            if status is not None:
                verdict = Verdict(status=status, reason="told", cpu_s=0.1, wall_s=0.1, memory_mib=1.0)
                program = program_of(loaded.problems[sample.task_id], sample, settings)
                results.append(sample, program.digest, verdict, shared=False)
    return folder


def causes(found: Differences) -> list[tuple[int, str]]:
    return [(each.row.sample_index, each.cause.value) for each in found.found]


def test_only_samples_with_two_verdicts_that_differ_are_listed(tmp_path: Path) -> None:
    samples = written(
        tmp_path / "s.jsonl",
        row(RIGHT, passed=True),
        row(RIGHT, passed=False),
        row(WRONG, passed=False),
        row(WRONG, result="passed"),
        row(WRONG),
        row(WRONG, passed=True),
    )
    ours = (Status.PASSED, Status.PASSED, Status.WRONG_ANSWER, Status.WRONG_ANSWER, Status.WRONG_ANSWER, None)
    found = differences([samples], judged(tmp_path / "run", samples, *ours))
    assert (found.samples, found.compared) == (6, 4)
    assert causes(found) == [(1, "tests"), (3, "tests")]
    assert [each.theirs for each in found.found] == [False, True]


def test_the_program_that_was_run_is_shown(tmp_path: Path) -> None:
    samples = written(tmp_path / "s.jsonl", row(RIGHT, expected=False))
    (one,) = differences([samples], judged(tmp_path / "run", samples, Status.PASSED)).found
    (sample,) = read_samples([samples], load_problems("fresh"))
    assert one.program == program_of(PROBLEM, sample, EvaluationSettings()).text
    assert PROBLEM.prompt in one.program


@pytest.mark.parametrize(
    ("carried", "status", "cause"),
    [
        ({"passed": True}, Status.TAMPERED, Cause.TAMPERED),
        ({"passed": True}, Status.TIMED_OUT, Cause.LIMITS),
        ({"passed": True}, Status.MEMORY_EXCEEDED, Cause.LIMITS),
        ({"passed": True}, Status.OUTPUT_EXCEEDED, Cause.LIMITS),
        ({"result": "timed out"}, Status.PASSED, Cause.LIMITS),
        ({"status": "Timeout"}, Status.PASSED, Cause.LIMITS),
        ({"status": "fail"}, Status.PASSED, Cause.TESTS),
        ({"passed": True}, Status.COMPILE_ERROR, Cause.TESTS),
    ],
)
def test_limits_and_tampering_come_before_what_the_program_says(
    carried: dict[str, Any], status: Status, cause: Cause, tmp_path: Path
) -> None:
    samples = written(tmp_path / "s.jsonl", row(RIGHT, **carried))
    assert causes(differences([samples], judged(tmp_path / "run", samples, status))) == [(0, cause.value)]


def test_a_verdict_that_the_corrected_text_gives_is_a_matter_of_errata(tmp_path: Path) -> None:
    samples = written(tmp_path / "s.jsonl", row(RIGHT, passed=True), row(RIGHT, passed=True))
    run = judged(tmp_path / "run", samples, Status.WRONG_ANSWER, Status.WRONG_ANSWER)
    judged(run / "corrected", samples, Status.PASSED, Status.WRONG_ANSWER, errata=Errata.CORRECTED)
    assert causes(differences([samples], run)) == [(0, "errata"), (1, "tests")]


def test_text_behind_the_solution_that_did_not_run_was_cut(tmp_path: Path) -> None:
    samples = written(
        tmp_path / "s.jsonl", row(RIGHT + "\n\nHere is how it works and why it is right.\n", passed=False)
    )
    assert causes(differences([samples], judged(tmp_path / "run", samples, Status.PASSED))) == [(0, "cut")]


@pytest.mark.parametrize(
    ("text", "cause", "read_as"),
    [
        (RIGHT, "tests", "continuation"),
        (RIGHT + "\n\nif __name__ == '__main__':\n    print(1)\n", "cut", "continuation"),
        (PROBLEM.prompt + RIGHT, "read as", "whole program"),
        (f"```python\n{PROBLEM.prompt}{RIGHT}```", "read as", "chat"),
        ("\ufeff" + RIGHT, "read as", "continuation: "),
        ("I cannot help with that.", "read as", ""),
    ],
)
def test_a_program_is_the_text_a_part_of_it_or_another_reading(
    text: str, cause: str, read_as: str, tmp_path: Path
) -> None:
    samples = written(tmp_path / "s.jsonl", row(text, passed=False))
    (one,) = differences([samples], judged(tmp_path / "run", samples, Status.PASSED)).found
    assert one.cause.value == cause
    assert one.read_as.startswith(read_as)
    assert one.to_json()["read_as"] == one.read_as


def test_the_text_counts_shows_a_few_of_each_cause_and_says_how_many_more(tmp_path: Path) -> None:
    samples = written(tmp_path / "s.jsonl", *[row(RIGHT, passed=False)] * 3, row(RIGHT, passed=True))
    run = judged(tmp_path / "run", samples, *[Status.PASSED] * 3, Status.TIMED_OUT)
    lines = differences([samples], run).text(2).splitlines()
    assert lines[0] == "4 samples, 4 with both verdicts: 4 differ; only theirs passes 1, only ours 3"
    assert [line for line in lines if line and not line.startswith("    |")] == [
        lines[0],
        "limits: 1",
        f"  {PROBLEM.task_id} sample 3: theirs passed, ours timed_out (told), read as continuation",
        "tests: 3",
        f"  {PROBLEM.task_id} sample 0: theirs failed, ours passed (told), read as continuation",
        f"  {PROBLEM.task_id} sample 1: theirs failed, ours passed (told), read as continuation",
        "  and 1 more; --shown shows more of them, --json all",
    ]


def test_the_samples_may_be_another_harness_s_own_file(tmp_path: Path) -> None:
    ours = written(tmp_path / "ours.jsonl", row(RIGHT))
    entry = {"solution": RIGHT, "base_status": "fail"}
    theirs = tmp_path / "results.json"
    theirs.write_text(json.dumps({"eval": {PROBLEM.task_id: [entry]}}, indent=1))
    assert differences([theirs], judged(tmp_path / "run", ours, Status.PASSED)).compared == 1


def test_what_cannot_be_compared_is_one_line(tmp_path: Path) -> None:
    samples = written(tmp_path / "s.jsonl", row(RIGHT))
    run = judged(tmp_path / "run", samples, Status.PASSED)
    with pytest.raises(
        SampleError, match="no sample has both a verdict of another harness and one of ours; expected keys"
    ):
        differences([samples], run)
    with pytest.raises(ResultsError, match=r"no run\.json; expected the output folder of a run"):
        differences([samples], tmp_path)


def test_a_real_run_is_explained_on_the_command_line(
    tmp_path: Path, sandbox: str, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = written(tmp_path / "s.jsonl", row(RIGHT, passed=False), row(WRONG, passed=True), row(RIGHT, passed=True))
    folder = str(tmp_path / "run")
    main(["run", str(samples), "--output", folder, "--sandbox", sandbox, "--partial", "--k", "1"])
    capsys.readouterr()
    main(["differences", str(samples), "--against", folder, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["compared"], told["differ"]) == (3, 2)
    assert [(each["sample_index"], each["theirs"], each["status"]) for each in told["causes"]["tests"]] == [
        (0, False, "passed"),
        (1, True, "wrong_answer"),
    ]
    assert all(PROBLEM.prompt in each["program"] for each in told["causes"]["tests"])
