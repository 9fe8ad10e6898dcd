"""The main road in real jails: what is written, what is shared, what is taken up again, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from machine import FULL, ROOT
from official import OFFICIAL, fresh, official

from humaneval_x.errors import OptionError, ResultsError
from humaneval_x.evaluation import evaluate
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.records import RUN_LIMITS
from humaneval_x.reports.terminal import table
from humaneval_x.results import read_rows
from humaneval_x.run_report import read_report
from humaneval_x.settings import Errata, EvaluationSettings, Rules
from humaneval_x.settings import Tests as Judges  # by its own name pytest would take it for tests
from humaneval_x.verdict_rows import Row

DEMO = ROOT / "examples" / "demo_samples.jsonl"
EXPECTED = json.loads((ROOT / "examples" / "demo_expected.json").read_text())
VERDICT_KEYS = [
    "task_id", "sample_index", "passed", "status", "reason", "cpu_s", "wall_s", "memory_mib", "stdout", "stderr",
    "compiler_output", "checks", "failures", "program", "shared", "read_as",
]  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def demo(*prefixes: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in DEMO.read_text().splitlines()]
    return [row for row in rows if row["task_id"].partition("/")[0] in prefixes]


def outcomes(folder: Path) -> dict[tuple[str, str, int], tuple[str, int, int]]:
    """What must not depend on when, where and in which order programs ran; asserts that no sample is there twice."""
    rows = list(read_rows(folder))
    found = {row.key: (row.verdict.status.value, row.verdict.checks, row.verdict.failures) for row in rows}
    assert len(found) == len(rows)
    return found


def evaluated(*args, **options):
    """Evaluate and return the content of scores.json."""
    return evaluate(*args, **options).to_json()


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's Python and JavaScript samples: the two that start fastest."""
    return write(tmp_path_factory.mktemp("samples") / "two.jsonl", demo("Python", "JavaScript"))


@pytest.fixture(scope="module")
def judged(two_languages: Path, sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A finished run over them."""
    folder = tmp_path_factory.mktemp("results") / "judged"
    return folder, evaluated(two_languages, folder, sandbox=sandbox, workers=2, k=(1, 5), progress=False)


@pytest.mark.long
def test_the_demo_gives_the_expected_counts_and_table(sandbox, tmp_path):  # the other jail: `make demo` in CI
    report = evaluated(DEMO, tmp_path / "out", sandbox=sandbox, workers=2, k=(1, 5), progress=False)
    passed: Counter[str] = Counter()
    for row in read_rows(tmp_path / "out"):
        passed[row.task_id] += row.verdict.passed
    wanted = {task: c for name in (*LANGUAGES, "js") for task, c in EXPECTED.get(name, {}).get("correct", {}).items()}
    assert len(wanted) == 100
    assert {task: passed[task] for task in wanted} == wanted
    scores = report["scores"]["published"]["generation"]
    for name, language in LANGUAGES.items():
        for k in ("pass@1", "pass@5"):
            known = EXPECTED.get(name) or EXPECTED[language.FILE]
            assert scores[name][k]["value"] == pytest.approx(known[k], abs=1e-9)
            assert scores["overall"][k]["value"] == pytest.approx(EXPECTED["all"][k], abs=1e-9)
    assert report["sandbox"]["kind"] == sandbox
    assert set(report["toolchains"]) >= set(LANGUAGES)  # Rust, where it was asked for
    assert report["harness"] == {"jails_replaced": 0, "unjudged": []}


def test_verdicts_have_one_complete_row_a_sample(judged, two_languages):
    lines = (judged[0] / "verdicts.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    samples = [json.loads(line) for line in two_languages.read_text().splitlines()]
    told = {"called_with", "expected", "got"}  # of the first failed check, where it is known
    assert {tuple(key for key in row if key not in told) for row in rows} == {tuple(VERDICT_KEYS)}
    keys = Counter((row["task_id"], row["sample_index"]) for row in rows)
    assert keys == Counter((each["task_id"], each["sample_index"]) for each in samples)
    assert max(keys.values()) == 1
    assert [Row.from_json(row, where="").to_json() for row in rows] == rows
    for row in rows:
        assert row["passed"] == (row["status"] == "passed")
        assert row["checks"] >= 7 or not row["passed"]


def test_scores_json_is_what_was_returned_and_names_its_sources(judged, two_languages):
    folder, report = judged
    assert json.loads((folder / "scores.json").read_text()) == json.loads(json.dumps(report))
    assert report["settings"] == EvaluationSettings().to_json()
    assert [each["file"] for each in report["samples"]] == [two_languages.name]
    assert report["problems"]["name"] == "fresh"
    counts = report["programs"]["published"]
    assert counts["samples"] == 200
    assert counts["executed"] + counts["shared"] == 200
    assert list(report["scores"]) == ["published"]
    assert list(report["scores"]["published"]["generation"]) == ["python", "javascript", "overall"]
    entry = report["scores"]["published"]["generation"]["python"]
    assert (entry["n_tasks"], entry["n_samples"], entry["samples_per_task"]) == (20, 100, [5, 5])
    assert sum(entry["outcomes"].values()) == 100
    assert entry["pass@1"]["low"] < entry["pass@1"]["value"] < entry["pass@1"]["high"]


@pytest.mark.long
def test_sharing_changes_what_is_run_and_no_verdict(judged, two_languages, sandbox, tmp_path):
    alone = evaluated(two_languages, tmp_path / "alone", sandbox=sandbox, workers=2, share=False, progress=False)
    assert outcomes(tmp_path / "alone") == outcomes(judged[0])
    assert (alone["programs"]["published"]["executed"], alone["programs"]["published"]["shared"]) == (200, 0)
    rows = list(read_rows(judged[0]))
    different = {row.program for row in rows}
    assert judged[1]["programs"]["published"]["executed"] == len(different) < 200
    assert sum(not row.shared for row in rows) == len(different)


def test_a_finished_run_is_not_run_again(judged, two_languages, sandbox):
    before = (judged[0] / "verdicts.jsonl").read_bytes()
    report = evaluated(two_languages, judged[0], sandbox=sandbox, workers=2, k=(1, 5), progress=False)
    counts = report["programs"]["published"]
    assert counts == {**judged[1]["programs"]["published"], "resumed": 200}
    for name in ("toolchains", "wall_s", "harness", "sandbox", "samples_at", "problems"):
        assert report[name] == judged[1][name]
    assert (judged[0] / "verdicts.jsonl").read_bytes() == before
    assert report["scores"] == judged[1]["scores"]


@pytest.mark.long
def test_a_cut_run_goes_on_where_it_was_torn(judged, two_languages, sandbox, tmp_path):
    folder = tmp_path / "cut"
    folder.mkdir()
    whole = (judged[0] / "verdicts.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (folder / "run.json").write_bytes((judged[0] / "run.json").read_bytes())
    (folder / "verdicts.jsonl").write_bytes(b"".join(lines[:70]) + lines[70][:100])
    report = evaluated(two_languages, folder, sandbox=sandbox, workers=2, k=(1, 5), progress=False)
    assert report["programs"]["published"]["resumed"] == 70
    assert outcomes(folder) == outcomes(judged[0])
    assert report["scores"] == judged[1]["scores"]
    assert (folder / "verdicts.jsonl").read_bytes().startswith(b"".join(lines[:70]))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"settings": EvaluationSettings(rules=Rules.REFERENCE)}, 'rules is "ours" there and "reference" here'),
        ({"settings": EvaluationSettings(tests=Judges.EXAMPLE)}, 'tests is "hidden" there and "example" here'),
        ({"settings": EvaluationSettings(errata=Errata.CORRECTED)}, 'errata is "published" there and "corrected" here'),
        (
            {"settings": EvaluationSettings(running=replace(RUN_LIMITS, cpu_s=9))},
            "run_limits.cpu_s is 5 there and 9 here",
        ),
    ],
)
def test_a_folder_of_other_settings_is_refused(judged, two_languages, sandbox, changed, message):
    before = (judged[0] / "verdicts.jsonl").read_bytes()
    with pytest.raises(ResultsError) as caught:
        evaluated(two_languages, judged[0], sandbox=sandbox, progress=False, **changed)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (judged[0] / "verdicts.jsonl").read_bytes() == before


def test_a_folder_of_other_samples_is_refused(judged, sandbox, tmp_path):
    with pytest.raises(ResultsError, match="the folder belongs to another run: samples"):
        evaluated(write(tmp_path / "two.jsonl", demo("Python")), judged[0], sandbox=sandbox, progress=False)


def test_what_must_not_matter_may_change_within_a_run(judged, two_languages, sandbox):
    report = evaluated(two_languages, judged[0], sandbox=sandbox, workers=1, share=False, k=(2,), progress=False)
    assert report["programs"]["published"]["resumed"] == 200


def test_incomplete_data_is_not_scored_unless_asked_and_then_marked(sandbox, tmp_path):
    samples = write(tmp_path / "some.jsonl", [row for row in demo("Python") if row["task_id"] != "Python/fresh-3"])
    strict = evaluated(samples, tmp_path / "out", sandbox=sandbox, k=(1,), progress=False)
    entry = strict["scores"]["published"]["generation"]["python"]
    assert "pass@1" not in entry
    assert entry["missing"]["pass@1"]["tasks"] == ["Python/fresh-3"]
    partial = evaluated(samples, tmp_path / "out", sandbox=sandbox, k=(1,), partial=True, progress=False)
    entry = partial["scores"]["published"]["generation"]["python"]
    assert (entry["pass@1"]["n_tasks"], entry["pass@1"]["partial"]) == (19, True)
    counts = [c for task, c in EXPECTED["python"]["correct"].items() if task != "Python/fresh-3"]
    assert entry["pass@1"]["value"] == pytest.approx(sum(counts) / 5 / 19)


def test_k_over_n_names_the_tasks(judged, two_languages, sandbox):
    report = evaluated(two_languages, judged[0], sandbox=sandbox, k=(1, 6), progress=False)
    entry = report["scores"]["published"]["generation"]["python"]
    assert "pass@6" not in entry
    assert entry["missing"]["pass@6"]["tasks"] == [problem.task_id for problem in fresh("python")]


@pytest.mark.parametrize("k", [(), (0,), (1, -2)])
def test_k_has_to_be_positive(two_languages, k, tmp_path):
    with pytest.raises(OptionError, match=r"^k is .*; expected whole numbers from 1"):
        evaluated(two_languages, tmp_path, k=k, progress=False)


def test_a_translation_is_judged_with_the_targets_declaration_and_tests(sandbox, tmp_path):
    problems = [fresh("python")[0], fresh("javascript")[0]]
    rows = [
        {"task_id": each.task_id, "completion": completion, "sample_index": index, "source_language": "cpp"}
        for each in problems
        for index, completion in enumerate([each.canonical_solution, "\n"])
    ]
    report = evaluated(
        write(tmp_path / "t.jsonl", rows), tmp_path / "out", sandbox=sandbox, k=(1,), partial=True, progress=False
    )
    assert list(report["scores"]["published"]) == ["translation"]
    assert {(row.key, row.verdict.passed) for row in read_rows(tmp_path / "out")} == {
        ((each.task_id, "cpp", index), index == 0) for each in problems for index in (0, 1)
    }


def test_example_tests_judge_by_the_docstrings_examples(sandbox, tmp_path):
    rows = [
        {"task_id": each.task_id, "completion": each.canonical_solution}
        for name in ("python", "javascript")
        for each in fresh(name)
    ]
    settings = EvaluationSettings(tests=Judges.EXAMPLE)
    evaluated(
        write(tmp_path / "e.jsonl", rows), tmp_path / "out", settings=settings, sandbox=sandbox, k=(1,), progress=False
    )
    assert {(status, checks <= 3) for status, checks, _ in outcomes(tmp_path / "out").values()} == {("passed", True)}


@pytest.mark.shared
def test_both_scores_are_given_where_the_errata_touch_a_program(sandbox, tmp_path):
    """Python/142's published declaration holds a stray quote; JavaScript/2's published test accepts nearly anything."""

    def canonical(task_id: str) -> str:
        name = BY_PREFIX[task_id.partition("/")[0]].NAME
        return next(each for each in official(name) if each.task_id == task_id).canonical_solution

    rows = [
        {"task_id": "Python/142", "completion": canonical("Python/142"), "source_language": "java"},
        {"task_id": "Python/141", "completion": canonical("Python/141"), "source_language": "java"},
        {"task_id": "Python/142", "completion": canonical("Python/142")},
    ]
    samples = write(tmp_path / "s.jsonl", rows)

    def run(errata: Errata, folder: str) -> tuple[dict[str, Any], dict[str, Any]]:
        settings = EvaluationSettings(errata=errata)
        options: dict[str, Any] = {
            "problems": OFFICIAL,
            "sandbox": sandbox,
            "k": (1,),
            "partial": True,
            "progress": False,
        }
        report = evaluated(samples, tmp_path / folder, settings=settings, **options)
        values = {
            name: each["translation"]["java-python"]["pass@1"]["value"] for name, each in report["scores"].items()
        }
        return report, values

    report, values = run(Errata.PUBLISHED, "published")
    assert values == {"published": 0.5, "corrected": 1.0}
    assert report["programs"]["corrected"]["samples"] == 1  # only where the program differs
    assert {name: each["generation"]["python"]["pass@1"]["value"] for name, each in report["scores"].items()} == {
        "published": 1.0,
        "corrected": 1.0,
    }
    assert (tmp_path / "published" / "corrected" / "verdicts.jsonl").exists()
    again, values = run(Errata.CORRECTED, "corrected")
    assert values == {"corrected": 1.0, "published": 0.5}
    assert report["scores"]["published"] == again["scores"]["published"]


@pytest.mark.slow
def test_more_samples_cost_no_more_memory_and_repeats_no_run(sandbox, tmp_path):
    """200,000 samples in full, a tenth of that otherwise; 80 % and more repeat a program."""
    count = 200_000 if FULL else 20_000
    completions = [fresh("python")[0].canonical_solution] + [f"    return {n}\n" for n in range(10)]
    with open(tmp_path / "many.jsonl", "w") as file:
        for index in range(count):
            row = {"task_id": "Python/fresh-0", "completion": completions[index % 11], "sample_index": index}
            file.write(json.dumps(row) + "\n")
    code = (
        "import sys, resource; from humaneval_x import evaluate\n"
        "r = evaluate(sys.argv[1], sys.argv[2], sandbox=sys.argv[3], k=(1,), partial=True, progress=False)\n"
        "t = r['programs']['published']; print(t['samples'], t['executed'], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "many.jsonl"), str(tmp_path / "out"), sandbox]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    samples, executed, rss_kib = map(int, done.stdout.split())
    assert (samples, executed) == (count, 11)
    assert rss_kib < 500 * 1024


@pytest.mark.shared
def test_translations_have_a_third_score_without_cells_whose_languages_contradict_each_other(sandbox, tmp_path):
    """Java's tests of 160 take // for another division than Python does, and the same as Java itself."""

    def canonical(task_id: str) -> str:
        return next(each for each in official("python") if each.task_id == task_id).canonical_solution

    rows = [
        {"task_id": "Python/160", "completion": canonical("Python/160"), "source_language": "go"},
        {"task_id": "Python/160", "completion": "    return 0\n", "source_language": "java"},
        {"task_id": "Python/161", "completion": canonical("Python/161"), "source_language": "java"},
        {"task_id": "Python/160", "completion": "    return 0\n"},
    ]
    report = evaluate(
        write(tmp_path / "s.jsonl", rows),
        tmp_path / "out",
        problems=OFFICIAL,
        sandbox=sandbox,
        k=1,
        partial=True,
        progress=False,
    )
    (third,) = report.consistent.values()
    assert {column.name: (each.n_samples, each.pass_at[1].value) for column, each in third.columns.items()} == {
        "java-python": (1, 1.0),
        "go-python": (1, 1.0),
    }
    assert report.translation["java", "python"].pass_at[1].value == 0.5
    assert "translation, consistent cells only" in table(report)
    assert read_report(tmp_path / "out" / "scores.json").consistent == report.consistent
