"""The report of one run: its figures are those of scores.json, its samples are those that were judged."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from folders import python_problems, synthetic

from humaneval_x.errors import ResultsError
from humaneval_x.languages import LANGUAGES
from humaneval_x.problems import load_problems
from humaneval_x.records import Program
from humaneval_x.reports.details import common, script_json
from humaneval_x.reports.tables import Table, escaped, marked, row, run_tables
from humaneval_x.reports.write import write_run
from humaneval_x.results import read_rows

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return synthetic(tmp_path_factory.mktemp("runs") / "one", load_problems("fresh"), n=4, k=(1, 2, 4))


@pytest.fixture(scope="module")
def translated(tmp_path_factory):
    return synthetic(tmp_path_factory.mktemp("runs") / "pairs", load_problems("fresh"), n=2, k=(1, 2), translation=True)


def scores_of(folder):
    return json.loads((folder / "scores.json").read_text())["scores"]


def words_of(path):
    """A page without the marks that hold a value and its interval together."""
    return re.sub(r'<span class="whole">([^<]*)</span>', r"\1", path.read_text())


def chunks_of(page):
    found = re.findall(r'<script type="application/json" id="chunk-\d+">(.*?)</script>', page, re.DOTALL)
    return [json.loads(each) for each in found]


@pytest.mark.parametrize("name", ["run", "translated"])
def test_every_figure_is_that_of_scores_json(name, request):
    folder = request.getfixturevalue(name)
    shown = write_run(folder).to_json()
    assert shown["scores"] == scores_of(folder)
    assert json.loads((folder / "report.json").read_text())["scores"] == scores_of(folder)
    page = words_of(folder / "report.html")
    text = (folder / "report.md").read_text()
    for tasks in scores_of(folder).values():
        for named in tasks.values():
            for entry in named.values():
                for size, found in entry.items():
                    if size.startswith("pass@"):
                        cell = f"{100 * found['value']:.2f} [{100 * found['low']:.1f}, {100 * found['high']:.1f}]"
                        assert cell in page
                        assert escaped(cell) in text


def test_the_curve_goes_through_the_scores(run):
    shown = write_run(run).to_json()
    for name, entry in shown["scores"]["published"]["generation"].items():
        for size in ("pass@1", "pass@2", "pass@4"):
            point = shown["curves"]["generation"][name][int(size[5:])]
            assert point == {key: entry[size][key] for key in ("value", "low", "high")}


def test_the_curve_of_a_target_is_the_mean_over_its_pairs(translated):
    shown = write_run(translated).to_json()
    named = shown["scores"]["published"]["translation"]
    for target in LANGUAGES:
        pairs = [entry["pass@2"]["value"] for name, entry in named.items() if name.endswith(f"-{target}")]
        assert shown["curves"]["translation"][target][2]["value"] == pytest.approx(sum(pairs) / 4, abs=1e-12)
    assert shown["curves"]["translation"]["overall"][1]["value"] == named["overall"]["pass@1"]["value"]


def test_the_grid_counts_the_verdicts(run):
    grid = write_run(run).to_json()["grid"]["generation"]
    for name, module in LANGUAGES.items():
        for number, (n, c) in zip(grid["numbers"], grid["columns"][name], strict=True):
            rows = [row for row in read_rows(run) if row.task_id == f"{module.PREFIX}/{number}"]
            assert (n, c) == (len(rows), sum(row.verdict.passed for row in rows))


def test_the_matrix_has_the_pairs_and_their_means(translated):
    write_run(translated)
    text = (translated / "report.md").read_text()
    named = scores_of(translated)["published"]["translation"]
    table = text.split("pass&#64;1 in %, from row to column")[1].split("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]
    body = {line[0].replace("\\", ""): line[1:] for line in lines[2:]}
    means = []
    for source, module in LANGUAGES.items():
        values = [named.get(f"{source}-{target}", {}).get("pass@1", {}).get("value") for target in LANGUAGES]
        assert body[module.TITLE][:5] == ["" if value is None else f"{100 * value:.2f}" for value in values]
        there = [value for value in values if value is not None]
        means.append(sum(there) / 4)
        assert body[module.TITLE][5] == f"{100 * means[-1]:.2f}"
    assert body["mean"][5] == f"{100 * sum(means) / 5:.2f}"


def test_a_chunk_has_each_program_to_the_letter(run):
    """What the page puts together from a chunk's pieces has the digest that the verdict row names."""
    write_run(run)
    seen = 0
    for chunk in chunks_of((run / "report.html").read_text()):
        text = chunk["strings"]

        def piece(part, text=text):
            if isinstance(part, int):
                return text[part]
            units = text[part[0]].encode("utf-16-le")[: 2 * part[1]]  # as JavaScript slices
            return units.decode("utf-16-le")

        for digest, program in chunk["programs"].items():
            names = ("preamble", "candidate", "tests", "declared")
            parts = {name: "".join(map(piece, program[name])) for name in names}
            built = Program(language=chunk["language"], **parts)
            assert program["run"] and built.digest == digest
            seen += 1
        assert [sample["index"] for sample in chunk["samples"]] == [0, 1, 2, 3]
        assert len(set(text)) == len(text)
    assert seen == 400


def test_completions_beyond_the_basic_plane_are_cut_where_javascript_cuts(tmp_path):
    def completion(problem, index):
        return (
            problem.canonical_solution.rstrip()
            + f"\n    # 𝒳𝒴 {index} 😀 and more words to be longer than forty characters\n\nprint('cut')"
        )

    folder = synthetic(tmp_path / "astral", python_problems(tmp_path / "set"), n=1, k=(1,), completion=completion)
    write_run(folder)
    page = (folder / "report.html").read_text()
    pieces = [program["candidate"] for chunk in chunks_of(page) for program in chunk["programs"].values()]
    assert any(isinstance(part, list) for parts in pieces for part in parts)
    for chunk in chunks_of(page):
        for digest, program in chunk["programs"].items():
            assert program["run"], digest


def test_what_strangers_wrote_is_text(tmp_path):
    def completion(problem, index):
        return (
            problem.canonical_solution
            + ("\n    # " if problem.prefix == "Python" else "\n// ")
            + HOSTILE
            + "\u2028"
            + "x" * 1_000_000 * (problem.number == "fresh-0")
        )

    folder = synthetic(
        tmp_path / "<img src=x onerror=alert(1)>|`x`@all",
        load_problems("fresh"),
        n=1,
        k=(1,),
        completion=completion,
        tail=HOSTILE,
    )
    write_run(folder)
    for path in (folder / "report.html", *(folder / "report_data").glob("*.js")):
        text = path.read_text()
        assert "<script>alert" not in text and "<img" not in text and "\u2028" not in text
    assert (folder / "report_data").is_dir()  # five completions of 1 MB do not stay in the page
    text = (folder / "report.md").read_text()
    assert "<img" not in text and "@all" not in text and "&lt;img src=x onerror=alert\\(1\\)&gt;\\|\\`x\\`" in text


def test_equal_completions_are_stored_once(tmp_path):
    marker = "z" * 5000
    folder = synthetic(
        tmp_path / "same",
        python_problems(tmp_path / "set"),
        n=20,
        k=(1,),
        completion=lambda problem, index: f"    return 1  # {marker}\n",
    )
    write_run(folder)
    assert (folder / "report.html").read_text().count(marker) == 20  # 20 problems, each with 20 equal samples


def test_samples_that_were_moved_are_said_to_be_absent_and_found_again_by_name(run, tmp_path):
    path, before = run.parent / "one.jsonl", (run / "scores.json").read_bytes()
    moved = path.rename(tmp_path / "elsewhere.jsonl")
    try:
        shown = write_run(run, output=tmp_path / "report").to_json()
        digest = hashlib.sha256(moved.read_bytes()).hexdigest()
        assert shown["absent"] == [
            f"The samples file one.jsonl with the SHA-256 {digest[:12]}... is not where it was: no completions. Give --samples."
        ]
        assert html.escape(shown["absent"][0]) in (tmp_path / "report" / "report.html").read_text()
        assert write_run(run, samples=[moved]).run.absent == []
        assert write_run(run).run.absent == []  # where they were found is remembered
        with pytest.raises(
            ResultsError, match=re.escape("--samples: none of the files given is one.jsonl with the SHA-256")
        ):
            write_run(run, samples=[run / "run.json"])
    finally:
        moved.rename(path)
        (run / "scores.json").write_bytes(before)  # it remembers the other place


def test_a_report_that_shows_more_is_kept(run, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    samples = tmp_path / "one.jsonl"
    samples.write_bytes((run.parent / "one.jsonl").read_bytes())
    for name in ("run.json", "scores.json", "verdicts.jsonl"):
        (folder / name).write_bytes((run / name).read_bytes())
    write_run(folder, samples=[samples])
    before = (folder / "report.html").read_bytes()
    samples.unlink()
    with pytest.raises(
        ResultsError, match=r"run: the report there shows more, and is kept. The samples file one.jsonl"
    ):
        write_run(folder)
    assert (folder / "report.html").read_bytes() == before
    assert len(write_run(folder, output=tmp_path / "poorer").run.absent) == 1


def test_a_run_that_moves_with_its_samples_needs_no_word_where_they_are(run, tmp_path):
    project = tmp_path / "project"
    (project / "results").mkdir(parents=True)
    (project / "one.jsonl").write_bytes((run.parent / "one.jsonl").read_bytes())
    folder = project / "results" / "one"
    folder.mkdir()
    for name in ("run.json", "scores.json", "verdicts.jsonl"):
        (folder / name).write_bytes((run / name).read_bytes())
    write_run(folder, samples=[project / "one.jsonl"], output=tmp_path / "first")
    assert json.loads((folder / "scores.json").read_text())["samples_at"] == ["../../one.jsonl"]
    project.rename(tmp_path / "elsewhere")
    assert write_run(tmp_path / "elsewhere" / "results" / "one", output=tmp_path / "second").run.absent == []


def test_a_problem_set_that_changed_is_not_put_in_the_place_of_the_old(run, tmp_path):
    scores = json.loads((run / "scores.json").read_text())
    scores["problems"]["digest"] = "0" * 64
    folder = tmp_path / "changed"
    folder.mkdir()
    (folder / "verdicts.jsonl").write_bytes((run / "verdicts.jsonl").read_bytes())
    (folder / "run.json").write_bytes((run / "run.json").read_bytes())
    (folder / "scores.json").write_text(json.dumps(scores))
    shown = write_run(folder).to_json()
    assert shown["absent"][0].startswith("The problem set has changed: the problems of fresh have the digest")
    assert shown["curves"] == {"generation": {}}
    assert shown["scores"] == scores_of(run)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda folder: (folder / "scores.json").unlink(),
            "no scores.json: the run is not finished; run the same evaluate.py run command again, it goes on",
        ),
        (
            lambda folder: (folder / "run.json").unlink(),
            "no run.json; expected the output folder of a run; check the name",
        ),
        (lambda folder: (folder / "scores.json").write_text("{"), "scores.json: cannot be read (JSONDecodeError"),
        (lambda folder: drop_a_row(folder / "verdicts.jsonl"), "scores.json and verdicts.jsonl do not belong together"),
    ],
)
def test_a_folder_that_is_no_finished_run_is_refused_and_nothing_written(run, tmp_path, spoil, message):
    folder = tmp_path / "spoilt"
    folder.mkdir()
    for name in ("run.json", "scores.json", "verdicts.jsonl"):
        (folder / name).write_bytes((run / name).read_bytes())
    spoil(folder)
    with pytest.raises(ResultsError, match=re.escape(message)) as caught:
        write_run(folder)
    assert "\n" not in str(caught.value)
    assert not list(folder.glob("report*"))


def drop_a_row(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def test_a_folder_that_is_named_like_a_set_is_not_taken_for_it(run, tmp_path):
    scores = json.loads((run / "scores.json").read_text())
    folder = tmp_path / "named"
    folder.mkdir()
    for name in ("verdicts.jsonl", "run.json"):
        (folder / name).write_bytes((run / name).read_bytes())
    problems = {"name": "fresh (unverified)", "digest": "0" * 64}
    (folder / "scores.json").write_text(json.dumps({**scores, "problems": problems}))
    assert write_run(folder).run.absent[0].startswith("The problem set has changed")


def test_without_the_extra_the_command_says_what_to_install():
    code = "import sys; sys.modules['jinja2'] = None; from humaneval_x.commands.evaluate import main; main(['report', 'x'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    line = "SetupError: this needs the Python package jinja2; install it with: pip install '.[report]'\n"
    assert (done.returncode, done.stderr) == (2, line)


def test_published_and_corrected_stand_beside_each_other(run, tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    for name in ("run.json", "verdicts.jsonl"):
        (folder / name).write_bytes((run / name).read_bytes())
    scores = json.loads((run / "scores.json").read_text())
    scores["scores"]["corrected"] = json.loads(json.dumps(scores["scores"]["published"]))
    scores["scores"]["corrected"]["generation"]["go"]["pass@1"]["value"] = 0.98765
    (folder / "scores.json").write_text(json.dumps(scores))
    (folder / "corrected").mkdir()
    row = next(row for row in read_rows(run) if row.task_id == "Go/fresh-0").to_json()
    (folder / "corrected" / "verdicts.jsonl").write_text(json.dumps({**row, "status": "passed", "passed": True}) + "\n")
    write_run(folder)
    page = words_of(folder / "report.html")
    assert "generation, published texts: pass@k in %" in page
    assert "generation, corrected texts: pass@k in %" in page
    assert "98.77 [" in page
    others = [sample["other"] for chunk in chunks_of(page) for sample in chunk["samples"] if "other" in sample]
    assert others == ["passed"]


def test_a_report_does_not_touch_the_run(run):
    before = {name: (run / name).read_bytes() for name in ("run.json", "scores.json", "verdicts.jsonl")}
    write_run(run)
    assert before == {name: (run / name).read_bytes() for name in before}


def test_script_json_cannot_end_its_element():
    text = script_json({"a": f"{HOSTILE}\u2028\ud800"})
    assert "<" not in text and ">" not in text and text.isascii()
    assert json.loads(text) == {"a": f"{HOSTILE}\u2028\ud800"}


@pytest.mark.parametrize(
    ("one", "other", "length"), [("", "", 0), ("abc", "abd", 2), ("abc", "abc", 3), ("abc", "abcd", 3), ("x", "y", 0)]
)
def test_the_common_start_of_two_texts(one, other, length):
    assert common(one, other) == length


def test_problems_that_no_sample_solves_are_named(run):
    shown = write_run(run, output=run.parent / "unsolved")
    table = run_tables(shown)["unsolved"][0]
    failed: dict[str, set[str]] = {name: set() for name in LANGUAGES}
    for name, module in LANGUAGES.items():
        own = [row for row in read_rows(run) if row.task_id.startswith(f"{module.PREFIX}/")]
        failed[name] = {row.task_id.partition("/")[2] for row in own} - {
            row.task_id.partition("/")[2] for row in own if row.verdict.passed
        }
    found = {cells[0].text: {each.split(" ")[0] for each in cells[2].text.split(", ") if each} for cells in table.rows}
    assert found == {
        **{module.TITLE: failed[name] for name, module in LANGUAGES.items()},
        "in every one": set.intersection(*failed.values()),
    }


def test_corrected_figures_that_are_others_are_marked():
    own = Table(title="", head=("", "pass@1", "tasks"), rows=[row("Go", "10", "4"), row("Java", "20", "4")])
    other = Table(title="", head=("", "pass@1", "tasks"), rows=[row("Go", "10", "4"), row("Java", "25", "4")])
    found = marked(other, own)
    assert [[cell.text for cell in cells] for cells in found.rows] == [["Go", "10", "4"], ["Java", "25 ≠", "4"]]
    assert found.notes == ("≠ another figure than under the texts that judged",)
