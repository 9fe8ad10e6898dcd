"""`--metrics`: a row for each sample, means and correlations beside pass@k, in every place where a run is shown."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from folders import python_problems, synthetic
from official import ROOT

from humaneval_x.commands.evaluate import main
from humaneval_x.metrics import point_biserial
from humaneval_x.problems import load_problems
from humaneval_x.results import read_rows
from humaneval_x.run_report import read_report
from humaneval_x.similarity.run import add_similarity


def half_and_half(problem, index):
    """Every other sample is the solution; the others are whole programs, empty, or something else."""
    other = [problem.declaration + problem.canonical_solution, "", "    return 1\n"]
    return problem.canonical_solution if index % 2 else other[index // 2 % 3]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return synthetic(folder / "one", load_problems("fresh"), n=6, completion=half_and_half)


def rows_of(folder):
    return [json.loads(line) for line in (folder / "similarity.jsonl").read_text().splitlines()]


def test_each_sample_has_a_row_and_the_solution_is_1_however_it_is_written(run):
    add_similarity(run)
    rows = rows_of(run)
    assert len(rows) == 600
    for row in rows:
        value = {0: 1.0, 2: 0.0}.get(row["sample_index"], 1.0 if row["sample_index"] % 2 else None)
        metrics = {each for name, each in row.items() if name not in ("task_id", "sample_index")}
        assert value is None or metrics == {value}, row


def test_means_and_correlations_are_those_of_the_rows(run):
    report = add_similarity(run)
    passed = {(row.task_id, row.sample_index): row.verdict.passed for row in read_rows(run)}
    rows = [row for row in rows_of(run) if row["task_id"].startswith("Go/")]
    found = next(iter(report.similarity.values()))["go"]
    for name in ("bleu", "chrf", "rouge_l", "codebleu"):
        values = [row[name] for row in rows]
        yes = [float(passed[row["task_id"], row["sample_index"]]) for row in rows]
        assert found.means[name] == pytest.approx(np.mean(values), abs=1e-5)
        assert found.correlation[name] == pytest.approx(np.corrcoef(values, yes)[0, 1], abs=1e-4)
    assert found.n_samples == len(rows) == 120
    assert json.loads((run / "scores.json").read_text())["similarity"]["generation"]["overall"]["n_samples"] == 600


def test_they_stand_in_the_report_with_the_warning_and_never_at_its_head(run, capsys):
    main(["report", str(run), "--metrics"])
    printed = capsys.readouterr().out
    page, text = (run / "report.html").read_text(), (run / "report.md").read_text()
    for shown in (printed, page, text):
        flat = " ".join(re.sub(r"\\", "", shown).split())
        assert "no measure of correctness" in flat
        assert "2208.03133" in flat and "2405.01580" in flat
        assert "CodeBLEU" in shown
    assert "CodeBLEU" not in page[: page.index("<main>")].split("<body>")[-1]
    figures = json.loads((run / "report.json").read_text())["run"]["similarity"]["generation"]["python"]
    assert f"{100 * figures['means']['chrf']:.2f} (r {figures['correlation']['chrf']:+.2f})" in page


def test_translations_have_them_by_pair(tmp_path):
    folder = synthetic(
        tmp_path / "pairs", load_problems("fresh"), n=1, k=(1,), translation=True, completion=half_and_half
    )
    found = add_similarity(folder).similarity
    assert [len(columns) for columns in found.values()] == [21]
    assert list(next(iter(found.values())))[-1] == "overall"
    assert {row["codebleu"] for row in rows_of(folder)} == {1.0}  # as whole programs
    assert not next(iter(found.values()))["overall"].correlation  # every value is the same


def test_a_report_without_the_option_keeps_them_and_one_of_several_runs_refuses_it(run, tmp_path, capsys):
    add_similarity(run)
    main(["report", str(run)])
    assert "no measure of correctness" in (run / "report.md").read_text()
    assert read_report(run / "scores.json").similarity
    with pytest.raises(SystemExit) as left:
        main(["report", str(run), str(run), "--metrics"])
    assert left.value.code == 2
    assert "--metrics goes with one run" in capsys.readouterr().err


def test_without_the_samples_one_line_says_what_to_do(tmp_path, capsys):
    problems = python_problems(tmp_path / "set")
    folder = synthetic(tmp_path / "one", problems, n=1, k=(1,))
    (tmp_path / "one.jsonl").unlink()
    with pytest.raises(SystemExit) as left:
        main(["report", str(folder), "--metrics"])
    assert left.value.code == 2
    assert "Give --samples" in capsys.readouterr().err
    assert not (folder / "similarity.jsonl").exists()


def test_without_the_packages_one_line_says_what_to_install_before_anything_is_judged(tmp_path):
    samples = tmp_path / "samples.jsonl"
    samples.write_text('{"task_id": "Python/fresh-0", "completion": "    return 0\\n"}\n')
    code = (
        "import sys; sys.modules['sacrebleu.metrics.bleu'] = None\n"
        "from humaneval_x.commands.evaluate import main\n"
        f"main(['run', {str(samples)!r}, '--output', {str(tmp_path / 'out')!r}, '--metrics'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--metrics needs the Python package sacrebleu; install it with: pip install '.[metrics]'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_point_biserial_is_pearsons_r_and_none_where_nothing_varies():
    pairs = [(0.1, False), (0.4, True), (0.35, False), (0.8, True), (0.2, True)]
    values, yes = zip(*pairs, strict=True)
    assert point_biserial(pairs) == pytest.approx(np.corrcoef(values, np.array(yes, dtype=float))[0, 1])
    assert point_biserial([(0.1, True), (0.2, True)]) is None
    assert point_biserial([(0.1, False), (0.2, False)]) is None
    assert point_biserial([(0.1, False), (0.1, True)]) is None
