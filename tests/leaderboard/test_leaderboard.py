"""The leaderboard: what is refused and with which line, what is published, and that nothing is judged twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from folders import many_problems, synthetic
from machine import ROOT
from submissions import forged, python_only, right, submission, wrong_in_go

from humaneval_x.commands.evaluate import main
from humaneval_x.errors import SetupError, SubmissionError
from humaneval_x.leaderboard import Board, build, ranks, read_submission, tables
from humaneval_x.leaderboard.judging import BoardRow, judged
from humaneval_x.problems import load_problems
from humaneval_x.reports.tables import markdown
from humaneval_x.runners.choose import Sandbox
from humaneval_x.runners.machines import Jails
from humaneval_x.scores import Overall, PassAtK, TaskScores
from humaneval_x.settings import Task

FIVE = ["good-a", "good-b", "good-c", "forger", "incomplete"]


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """Two problems of the fresh set in each language, as a set of its own."""
    return many_problems(tmp_path_factory.mktemp("set") / "two", count=2)


@pytest.fixture
def board(problems, tmp_path):
    """A board for what needs no program to be run."""
    return Board(problems=problems, results=tmp_path / "results", progress=False)


def not_python(task_id):
    return not task_id.startswith("Python/")


def five(place: Path, problems) -> Path:
    submission(place / "good-a", problems, right, model="A <b>bold</b> | model")
    submission(place / "good-b", problems, wrong_in_go, parameters_b=None, link=None)
    submission(place / "good-c", problems, python_only, parameters_b=70)
    submission(place / "forger", problems, forged)
    submission(place / "incomplete", problems, right, leave_out=not_python)
    return place


def verdict_files(results: Path) -> dict[str, int]:
    return {str(path.relative_to(results)): path.stat().st_mtime_ns for path in results.rglob("verdicts.jsonl")}


@pytest.mark.long
@pytest.mark.parametrize(
    "whole", [pytest.param(False, id="two problems"), pytest.param(True, id="the fresh set", marks=pytest.mark.slow)]
)
def test_five_submissions_become_a_site_and_only_what_changed_is_judged_again(whole, problems, tmp_path, sandbox):
    problems = load_problems("fresh") if whole else problems
    board = Board(
        problems=problems,
        results=tmp_path / "results",
        jails=Jails(sandbox=Sandbox(sandbox), workers=2),
        progress=False,
    )
    place, site = five(tmp_path / "submissions", problems), tmp_path / "site"
    count = len(problems.problems) // 5

    first = build(place, site, board)
    assert first.evaluated == ["forger", "good-a", "good-b", "good-c"]
    assert [each.name for each in first.rows] == ["good-a", "good-b", "good-c"]
    assert first.refused == {
        "forger": f"forger: {count} of {5 * count} programs (20.0 %) ended as if to pass without the tests; "
        "at most 1 % is published; see their rows of status 'tampered'",
        "incomplete": f"incomplete: generation: {4 * count} of {5 * count} tasks do not have 1 samples ({4 * count} have none), "
        f"the first: {next(t for t in problems.problems if not_python(t))} has 0; complete samples.jsonl.gz",
    }
    content = json.loads((site / "leaderboard.json").read_text())
    overall = [each["scores"]["generation"]["overall"]["pass@1"]["value"] for each in content["rows"]]
    assert overall == pytest.approx([1.0, 0.8, 0.2])
    assert content["refused"] == first.refused
    for each in content["rows"]:
        scores = json.loads((board.results / each["key"] / "scores.json").read_text())["scores"]["published"]
        for name, sizes in each["scores"]["generation"].items():
            assert all(sizes[size] == scores["generation"][name][size] for size in sizes)
        assert (site / each["report"]).is_file()
    text = (site / "leaderboard.md").read_text()
    assert "A &lt;b&gt;bold&lt;/b&gt; \\| model" in text
    assert "<b>" not in (site / "index.html").read_text().replace("\\u003cb", "")
    assert "<b>bold" not in (site / "reports" / "good-a" / "report.html").read_text()

    before = verdict_files(board.results)
    pages = {path: path.stat().st_mtime_ns for path in site.rglob("report.html")}
    again = build(place, site, board)
    assert again.evaluated == []
    assert verdict_files(board.results) == before
    assert pages == {path: path.stat().st_mtime_ns for path in site.rglob("report.html")}
    assert json.loads((site / "leaderboard.json").read_text()) == content

    submission(place / "good-c", problems, wrong_in_go, parameters_b=70, model="changed")
    changed = build(place, site, board)
    assert changed.evaluated == []  # the same samples as good-b's: they have their verdicts
    submission(place / "good-c", problems, lambda problem: right(problem) + "\n", parameters_b=70)
    changed = build(place, site, board)
    assert changed.evaluated == ["good-c"]
    assert len(verdict_files(board.results)) == len(before) + 1
    judged_once = verdict_files(board.results)
    assert build(place, site, board).evaluated == []
    assert verdict_files(board.results) == judged_once
    assert (
        json.loads((site / "leaderboard.json").read_text())["rows"][2]["scores"]["generation"]["overall"]["pass@1"][
            "value"
        ]
        == 1.0
    )


LONG = "x" * 81
REFUSALS = [
    (
        {"problems_digest": "0" * 64},
        'it is of the problem set "two (unverified)" 000000000000..., this leaderboard of two (unverified)',
    ),
    ({"problems": "official"}, 'it is of the problem set "official" '),
    ({"samples_sha256": "1" * 64}, "samples.jsonl.gz has the SHA-256 "),
    (
        {"k": [1, 10]},
        "pass@10 needs at least 10 samples of each problem, 'num_samples' is 1; draw more or leave 10 out of 'k'",
    ),
    (
        {"num_samples": 2},
        "generation: 10 of 10 tasks do not have 2 samples (0 have none), the first: Python/0 has 1; complete samples.jsonl.gz",
    ),
    (
        {"tasks": ["generation", "translation"]},
        "translation: 40 of 40 tasks do not have 1 samples (40 have none), the first: Python/0 from cpp has 0",
    ),
    ({"model": LONG}, "submission.json: 'model': "),
    ({"model": "two\nlines"}, "submission.json: 'model': "),
    ({"model": None}, "submission.json: 'model' is a required property"),
    ({"link": "javascript:alert(1)"}, "submission.json: 'link': "),
    ({"link": 'https://x"onclick'}, "submission.json: 'link': "),
    ({"k": [10]}, "submission.json: 'k': "),
    ({"parameters_b": -1}, "submission.json: 'parameters_b': "),
    ({"num_samples": True}, "submission.json: 'num_samples': "),
    ({"settings": {"temperature": 0.2}}, "submission.json: 'settings': "),
    ({"more": 1}, "submission.json: Additional properties are not allowed ('more' was unexpected)"),
]


@pytest.mark.parametrize(
    ("about", "line"), REFUSALS, ids=lambda value: json.dumps(value)[:40] if isinstance(value, dict) else ""
)
def test_what_would_not_be_published_is_refused_in_one_line(about, line, problems, board, tmp_path):
    folder = submission(tmp_path / "one", problems, **about)
    with pytest.raises(SubmissionError) as caught:
        read_submission(folder, board)
    assert str(caught.value).startswith(f"one: {line}")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def spoilt(name):
    def link_to_a_file_of_this_machine(folder):
        (folder / "samples.jsonl.gz").unlink()
        (folder / "samples.jsonl.gz").symlink_to("/etc/hostname")

    def no_samples(folder):
        (folder / "samples.jsonl.gz").unlink()

    def fifo(folder):
        (folder / "submission.json").unlink()
        os.mkfifo(folder / "submission.json")

    def no_json(folder):
        (folder / "submission.json").write_text("{")

    def not_a_number(folder):
        (folder / "submission.json").write_text('{"parameters_b": NaN}')

    def deep(folder):
        (folder / "submission.json").write_text("[" * 60000)

    def large(folder):
        (folder / "submission.json").write_text(" " * 70000)

    return locals()[name]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("link_to_a_file_of_this_machine", "samples.jsonl.gz is not a plain file"),
        ("no_samples", "samples.jsonl.gz is missing; a submission has submission.json and samples.jsonl.gz"),
        ("fifo", "submission.json is not a plain file"),
        ("no_json", "submission.json cannot be read: "),
        ("not_a_number", "submission.json cannot be read: NaN is not JSON"),
        ("deep", "submission.json cannot be read: "),
        ("large", "submission.json cannot be read: larger than 65536 bytes"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused(name, line, problems, board, tmp_path):
    folder = submission(tmp_path / "one", problems)
    spoilt(name)(folder)
    with pytest.raises(SubmissionError) as caught:
        read_submission(folder, board)
    assert str(caught.value).startswith(f"one: {line}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["Capital", "..", "a b", "-x", "x" * 65, "ä"])
def test_a_folders_name_becomes_an_address_and_is_checked(name, problems, board, tmp_path):
    folder = tmp_path / "in" / name
    if name != "..":
        submission(folder, problems)
    with pytest.raises(SubmissionError, match="a submission's folder is named with small letters"):
        read_submission(folder, board)


def test_a_wrong_row_is_named_by_file_and_line(problems, board, tmp_path):
    folder = submission(tmp_path / "one", problems, lambda problem: "ok")
    import gzip
    import hashlib

    data = gzip.compress(b'{"task_id": "Python/0"}\n')
    (folder / "samples.jsonl.gz").write_bytes(data)
    about = json.loads((folder / "submission.json").read_text())
    (folder / "submission.json").write_text(json.dumps({**about, "samples_sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(SubmissionError, match=re.escape("one: samples.jsonl.gz:1 (Python/0): 'completion' is missing")):
        read_submission(folder, board)


def test_ties_are_decided_by_the_overlap_of_intervals():
    def entry(low, high):
        return PassAtK(value=(low + high) / 2, low=low, high=high, n_tasks=1)

    assert ranks([entry(0.5, 0.6), entry(0.55, 0.7), entry(0.1, 0.2), entry(0.2, 0.3), None]) == [1, 1, 3, 3, None]
    assert ranks([entry(0.1, 0.2), entry(0.15, 0.3), entry(0.25, 0.4)]) == [2, 1, 1]  # only wholly above counts


def test_a_row_is_text_in_markdown():
    whole = Overall(n_tasks=1, n_samples=1, columns=0, pass_at={1: PassAtK(value=0.5, low=0.4, high=0.6, n_tasks=1)})
    row = BoardRow(
        name="x",
        key="0",
        model="@all [a](https://b) <i>",
        parameters_b=None,
        link=None,
        num_samples=1,
        settings={},
        tampered=0,
        ks=(1,),
        scores={Task.GENERATION: TaskScores(columns={}, overall=whole)},
    )
    text = markdown(tables([row]))
    assert "&#64;all \\[a\\]\\(https:&#47;/b\\) &lt;i&gt;" in text


def run(*words):
    try:
        main(["leaderboard", *map(str, words)])
    except SystemExit as end:
        return end.code
    return 0


def test_a_refusal_is_one_line_exit_2_and_goes_into_the_row_file(problems, tmp_path, capsys):
    folder = submission(tmp_path / "one", problems, k=[1, 5])
    assert (
        run(
            "check", folder, "--problems", problems.directory, "--results", tmp_path / "r", "--row", tmp_path / "row.md"
        )
        == 2
    )
    line = "one: pass@5 needs at least 5 samples of each problem, 'num_samples' is 1; draw more or leave 5 out of 'k'"
    assert capsys.readouterr().err == f"SubmissionError: {line}\n"
    assert (
        (tmp_path / "row.md").read_text()
        == "Not published: one: pass&#64;5 needs at least 5 samples of each problem, 'num\\_samples' is 1; draw more or leave 5 out of 'k'\n"
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["check"], "OptionError: SUBMISSION is missing: its folder: submission.json and samples.jsonl.gz; see --help"),
        (
            ["build", "/nowhere", "--problems", "fresh"],
            "SubmissionError: /nowhere: no such folder; expected one that holds a folder for each submission",
        ),
        (
            ["build", "/", "--problems", "fresh", "--max_tampered", "2"],
            "OptionError: --max_tampered is 2; expected a number from 0 to 1",
        ),
    ],
)
def test_a_wrong_command_is_one_line(words, line, capsys):
    assert run(*words) == 2
    assert capsys.readouterr().err == line + "\n"


@pytest.mark.long
def test_make_checks_a_submission(problems, tmp_path, sandbox):
    """The target that the workflow runs on a pull request."""
    folder = submission(tmp_path / "one", problems)
    words = [
        f"SUBMISSION={folder}",
        f"PROBLEMS={problems.directory}",
        f"BUILD={tmp_path / 'build'}",
        f"SANDBOX={sandbox}",
    ]
    done = subprocess.run(["make", "-s", "leaderboard-check", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done
    assert (tmp_path / "build" / "row.md").read_text().splitlines()[-3].startswith("| 1 | one | 6.7 | 1 | 100.00 ")
    submission(tmp_path / "all" / "one", problems)
    words[0] = f"SUBMISSIONS={tmp_path / 'all'}"
    done = subprocess.run(["make", "-s", "leaderboard-site", *words], cwd=ROOT, capture_output=True, text=True)
    assert "1 published, 0 judged now, 0 refused" in done.stdout, done
    assert (tmp_path / "build" / "site" / "index.html").is_file()


def test_verdicts_of_a_jail_whose_memory_was_only_watched_are_refused(problems, tmp_path, board):
    submission(tmp_path / "submissions" / "good", problems, right)
    entry = read_submission(tmp_path / "submissions" / "good", board)
    made = synthetic(board.results / board.key(entry), problems, k=entry.ks)
    scores = json.loads((made / "scores.json").read_text())
    assert judged(entry, board) == (made, False)
    scores["sandbox"]["memory"] = "watched, not fenced"
    (made / "scores.json").write_text(json.dumps(scores))
    with pytest.raises(
        SetupError, match="memory is watched, not fenced; the leaderboard takes verdicts of fenced jails"
    ):
        judged(entry, board)


def test_nothing_is_judged_for_a_leaderboard_where_memory_is_not_fenced(problems, tmp_path):
    submission(tmp_path / "submissions" / "good", problems, right)
    board = Board(problems=problems, results=tmp_path / "results", progress=False, jails=Jails(sandbox=Sandbox.NONE))
    with pytest.raises(SetupError, match="--sandbox none: memory is not bounded"):
        judged(read_submission(tmp_path / "submissions" / "good", board), board)
    assert not (tmp_path / "results").exists()
