"""Several runs beside one another, and the gate for trainers."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from folders import python_problems, synthetic

from humaneval_x.commands.evaluate import main
from humaneval_x.errors import OptionError, ResultsError
from humaneval_x.languages import LANGUAGES
from humaneval_x.metrics import pass_at_k
from humaneval_x.problems import load_problems
from humaneval_x.reports.charts import five
from humaneval_x.reports.compare import distinct, p_words
from humaneval_x.reports.run import read_run
from humaneval_x.reports.write import write_comparison
from humaneval_x.scores import Column
from humaneval_x.settings import Task


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    fresh = load_problems("fresh")
    return {
        "old": synthetic(place / "old", fresh, skill=0.6, seed=1),
        "new": synthetic(place / "new", fresh, skill=0.3, seed=2),
        "near": synthetic(place / "near", fresh, skill=0.59, seed=3),
        "python": synthetic(place / "python", python_problems(place / "set"), seed=4),
    }


def report(*words):
    """Run the command line and return its exit code."""
    try:
        main(["report", *map(str, words)])
    except SystemExit as end:
        return end.code
    return 0


def column(language):
    return Column(task=Task.GENERATION, target=language)


def test_a_difference_is_that_of_the_scores_and_of_the_counts(runs, tmp_path):
    shown = write_comparison([runs["old"], runs["new"]], tmp_path).to_json()
    old, new = (
        json.loads((runs[name] / "scores.json").read_text())["scores"]["published"]["generation"]
        for name in ("old", "new")
    )
    assert len(shown["differences"]) == 6 * 2
    for each in shown["differences"]:
        expected = new[each["column"]][each["size"]]["value"] - old[each["column"]][each["size"]]["value"]
        assert each["value"] == pytest.approx(expected, abs=1e-12)
        assert each["low"] <= each["value"] <= each["high"]
    one, two = read_run(runs["old"]), read_run(runs["new"])
    go = next(each for each in shown["differences"] if each["column"] == "go")
    before, after = one.counts.columns[column("go")], two.counts.columns[column("go")]
    change = {t: after.c[t] - before.c[t] for t in before.n}
    assert set(go["won"]) == {t for t, by in change.items() if by > 0}
    assert set(go["lost"]) == {t for t, by in change.items() if by < 0}


def test_problems_are_won_by_share_and_not_by_count(tmp_path):
    fresh = python_problems(tmp_path / "set")
    four = synthetic(tmp_path / "four", fresh, n=4, skill=1.0, seed=1)
    two = synthetic(tmp_path / "two", fresh, n=2, skill=1.0, seed=1)
    shown = write_comparison([four, two], tmp_path / "out").to_json()
    one, other = (read_run(folder).counts.columns[column("python")] for folder in (four, two))
    python = next(each for each in shown["differences"] if each["column"] == "python" and each["size"] == "pass@1")
    assert set(python["won"]) == {t for t in one.n if other.c[t] / 2 > one.c[t] / 4}
    assert python["value"] == pytest.approx(
        sum(pass_at_k(2, other.c[t], 1) - pass_at_k(4, one.c[t], 1) for t in one.n) / 20
    )


def test_runs_of_other_problems_or_settings_are_not_compared(runs, tmp_path):
    with pytest.raises(ResultsError, match=re.escape("'problems' is")):
        write_comparison([runs["old"], runs["python"]], tmp_path)
    changed = tmp_path / "changed"
    changed.mkdir()
    for name in ("verdicts.jsonl", "scores.json"):
        (changed / name).write_bytes((runs["old"] / name).read_bytes())
    settings = json.loads((runs["old"] / "run.json").read_text())
    (changed / "run.json").write_text(json.dumps({**settings, "run_limits": {**settings["run_limits"], "cpu_s": 7}}))
    with pytest.raises(ResultsError, match=r"'run_limits' is .* compare runs of the same problems and settings"):
        write_comparison([runs["old"], changed], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_gate_fails_when_pass_at_1_fell_and_the_test_says_so(runs, tmp_path, capsys):
    assert report(runs["new"], "--baseline", runs["old"], "--fail_if_worse", "0.05", "--output", tmp_path) == 1
    assert re.search(
        r"^worse: generation pass@1 -\d+\.\d\d points, p (= 0\.0\d+|< 0\.0005)$", capsys.readouterr().err, re.MULTILINE
    )
    assert report(runs["near"], "--baseline", runs["old"], "--fail_if_worse", "0.05", "--output", tmp_path) == 0
    assert report(runs["old"], "--baseline", runs["new"], "--fail_if_worse", "0.05", "--output", tmp_path) == 0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            [],
            "OptionError: RUNS is missing: output folders of `run`; one for its report, more to compare; see --help\n",
        ),
        (
            ["{old}", "--fail_if_worse", "0.05"],
            "OptionError: --fail_if_worse compares one run with a --baseline; give both\n",
        ),
        (
            ["{old}", "--baseline", "{new}", "--fail_if_worse", "5"],
            "OptionError: --fail_if_worse is 5; expected a number above 0, at most 1\n",
        ),
        (
            ["{old}", "{new}", "--samples", "x"],
            "OptionError: --samples goes with one run; a comparison shows those that its runs remember\n",
        ),
        (["/nowhere"], "ResultsError: /nowhere: no run.json; expected the output folder of a run; check the name\n"),
        (["{old}", "--figurs", "x"], "OptionError: unknown option '--figurs'; did you mean '--figures'? choose "),
    ],
)
def test_a_wrong_command_is_one_line(runs, words, line, capsys):
    assert report(*[word.format(**runs) for word in words]) == 2
    assert capsys.readouterr().err.startswith(line)


def test_every_figure_is_written_as_png_and_svg_with_its_values(runs, tmp_path, capsys):
    assert report(runs["old"], runs["new"], "--reference", "--output", tmp_path, "--figures", tmp_path / "figures") == 0
    names = {path.stem for path in (tmp_path / "figures").glob("*.svg")}
    assert names == {path.stem for path in (tmp_path / "figures").glob("*.png")}
    assert {"generation-pass1-radar", "generation-pass1-boxes"} <= names
    for path in (tmp_path / "figures").glob("*.svg"):
        words = "".join(ElementTree.parse(path).getroot().itertext())
        assert "old" in words and "new" in words
        if path.stem.endswith("radar"):
            assert all(module.TITLE in words for module in LANGUAGES.values())
    for path in (tmp_path / "figures").glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


def test_figures_of_one_run(runs, tmp_path):
    assert report(runs["old"], "--figures", tmp_path) == 0
    assert {path.name for path in tmp_path.glob("*.svg")} == {"generation-curve.svg", "generation-outcomes.svg"}


def test_names_that_are_the_same_are_told_apart():
    assert distinct(["a", "b", "a"]) == ["a (1)", "b", "a (3)"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([3.0], (3, 3, 3, 3, 3)), ([1, 2, 3, 4, 5], (1, 2, 3, 4, 5)), ([4, 1], (1, 1.75, 2.5, 3.25, 4))],
)
def test_the_five_numbers_of_a_box(values, expected):
    assert five(values) == pytest.approx(expected)


def test_one_run_is_no_comparison(runs, tmp_path):
    with pytest.raises(OptionError, match="at least two runs"):
        write_comparison([runs["old"]], tmp_path)


def test_one_problem_is_no_certainty(tmp_path, capsys):
    """Resampling one value always gives it again: a zero-width interval and the least p say nothing."""
    one = python_problems(tmp_path / "set")
    path = one.directory / "humaneval_python.jsonl"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    alone = load_problems(one.directory)
    good = synthetic(tmp_path / "good", alone, skill=5.0)
    bad = synthetic(tmp_path / "bad", alone, skill=-5.0)
    assert report(bad, "--baseline", good, "--fail_if_worse", "0.05", "--output", tmp_path / "out") == 0
    shown = capsys.readouterr().out
    assert "-100.00 [no interval]" in shown and "100.00 [no interval]" in shown and "p = " not in shown


def test_the_least_p_is_said_to_be_below_its_floor():
    assert [p_words(p) for p in (1 / 2001, 0.0005, 0.25)] == ["< 0.0005", "= 0.0005", "= 0.2500"]
