"""Every task from generating to the report: ground truth, the echo, nothing, and a tiny model, on the fresh set."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from official import ROOT, fresh
from runs import judge

import humaneval_x as hx
from humaneval_x.commands import evaluate as evaluate_command
from humaneval_x.commands import generate as generate_command
from humaneval_x.commands.sampling import run
from humaneval_x.errors import OptionError, ProblemError, SampleError
from humaneval_x.generation import describing, planned, read_descriptions
from humaneval_x.ground_truth import ground_truth
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.problems import BUGGY, load_problems
from humaneval_x.prompts import docstring
from humaneval_x.reports.tables import escaped, run_tables
from humaneval_x.reports.write import write_run
from humaneval_x.results import read_rows
from humaneval_x.runners.choose import Sandbox
from humaneval_x.runners.machines import Jails
from humaneval_x.samplers import ModelOptions
from humaneval_x.samples import read_samples
from humaneval_x.similarity.summaries import compare_descriptions
from humaneval_x.tasks import NAMED, TASKS, JudgedBy, Task, origin_of, row_of, source_of, task_of

JUDGED = [task for task in Task if task in NAMED and TASKS[task].judge is JudgedBy.TESTS]
SOME = ("python", "go")


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("origin", ["", *LANGUAGES, *(task.value for task in NAMED)])
def test_an_origin_is_what_a_row_says_of_its_task(origin: str) -> None:
    named = row_of(origin)
    assert origin_of(named.get("source_language"), named.get("task")) == origin
    assert (source_of(origin) or "") == (origin if origin in LANGUAGES else "")
    assert (task_of(origin).value == origin) is (origin not in ("", *LANGUAGES))


def test_no_task_is_called_like_a_language() -> None:
    assert not {task.value for task in Task} & set(LANGUAGES)


def test_each_fresh_problem_has_a_buggy_solution_of_its_own() -> None:
    loaded = load_problems("fresh")
    solutions = json.loads((loaded.directory / BUGGY).read_text(encoding="ascii"))
    assert list(solutions) == [each.task_id for name in KNOWN for each in fresh(name)]
    assert all(each.buggy_solution != each.canonical_solution for each in loaded.problems.values())
    assert all(each.buggy_solution for each in loaded.problems.values())


def test_the_buggy_solutions_are_no_part_of_what_identifies_the_set(tmp_path: Path) -> None:
    (tmp_path / "humaneval_python.jsonl").write_bytes(
        (load_problems("fresh").directory / "humaneval_python.jsonl").read_bytes()
    )
    bare = load_problems(tmp_path)
    assert bare.digest == load_problems("fresh", languages="python").digest
    assert not any(each.buggy_solution for each in bare.problems.values())


@pytest.mark.parametrize(
    "languages",
    [
        SOME,
        pytest.param(tuple(LANGUAGES), marks=pytest.mark.slow),
        pytest.param(("rust",), marks=[pytest.mark.slow, pytest.mark.rust]),
    ],
)
def test_canonical_repairs_pass_and_all_buggy_solutions_fail(languages: tuple[str, ...], sandbox: str) -> None:
    truth = ground_truth(
        "fresh", languages, task=Task.REPAIR, jails=Jails(sandbox=Sandbox(sandbox), workers=2), progress=False
    )
    assert truth.surprises == []
    assert {name: n for (_, name), n in truth.passed.items()} == dict.fromkeys(languages, 20)
    assert {name: n for (_, name), n in truth.buggy.items()} == dict.fromkeys(languages, 20)
    assert truth.table().splitlines()[0].split() == ["language", "repair", "buggy", "ones", "fail"]


def test_a_buggy_solution_that_passes_is_a_surprise(sandbox: str, tmp_path: Path) -> None:
    problem = json.loads((load_problems("fresh").directory / "humaneval_python.jsonl").read_text().splitlines()[0])
    write(tmp_path / "humaneval_python.jsonl", {**problem, "buggy_solution": problem["canonical_solution"]})
    truth = ground_truth(
        str(tmp_path), task=Task.REPAIR, jails=Jails(sandbox=Sandbox(sandbox), workers=1), progress=False
    )
    assert truth.surprises == ["Python/fresh-0 passed: its buggy solution"]


def scored_descriptions(folder: Path) -> Any:
    return json.loads((folder / "scores.json").read_text())["descriptions"]


@pytest.fixture(scope="module")
def echoed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The echo's samples of every task that tests judge, two problems in two languages, in one file."""
    path = tmp_path_factory.mktemp("echo") / "samples.jsonl"
    for task in JUDGED:
        words = ["--task", task.value, "--problems", "fresh", "--languages", ",".join(SOME), "--limit", "2"]
        generate_command.main(["run", "echo", str(path), *words, "--num_samples", "1", "--quiet"])
    return path


def test_the_echo_passes_every_task_and_nothing_passes_none(echoed: Path, sandbox: str, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in echoed.read_text().splitlines()]
    assert len(rows) == 4 * len(JUDGED)
    nothing = [{"task_id": row["task_id"], "task": row["task"], "sample_index": 1, "completion": ""} for row in rows]
    samples, folder = write(tmp_path / "samples.jsonl", *rows, *nothing), tmp_path / "results"
    words = ["--output", str(folder), "--sandbox", sandbox, "--partial", "--k", "1", "--workers", "1", "--quiet"]
    evaluate_command.main(["run", str(samples), *words])
    scored = json.loads((folder / "scores.json").read_text())["scores"]["published"]
    assert list(scored) == [task.value for task in Task if task in JUDGED]
    for task in JUDGED:
        assert list(scored[task.value]) == [*SOME, "overall"]
        assert {name: each["pass@1"]["value"] for name, each in scored[task.value].items()} == {
            "python": 0.5,
            "go": 0.5,
            "overall": 0.5,
        }
    assert {(row.task, row.sample_index, row.verdict.passed) for row in read_rows(folder)} == {
        (task.value, index, not index) for task in JUDGED for index in (0, 1)
    }
    shown = write_run(folder)
    content, markdown = ((folder / name).read_text() for name in ("report.html", "report.md"))
    assert scored_descriptions(folder) == {"explain": {"samples": 4, "leaked": 0, "leaks": 0, "shortened": 0}}
    assert '"description":"Count how often' in content
    for task in JUDGED:
        assert f"## {escaped(task.value)}: pass&#64;k in %" in markdown
        assert list(shown.grids[task].to_json()["columns"]) == [f"{task.value}-{name}" for name in SOME]
        assert f'"{task.value}-python"' in content


EXPLAIN: dict[str, Any] = {
    "task": "explain",
    "problems": "fresh",
    "languages": ["python", "go"],
    "limit": 2,
    "quiet": True,
}


def test_an_explanation_keeps_both_texts_and_counts_what_was_cut(tmp_path: Path) -> None:
    done = hx.generate("echo", tmp_path / "s.jsonl.gz", num_samples=2, **EXPLAIN)
    assert (done.written, done.descriptions) == (8, str(tmp_path / "s.summarise.jsonl.gz"))
    loaded = load_problems("fresh")
    for sample in read_samples(tmp_path / "s.jsonl.gz", loaded):
        wanted = docstring(loaded.problems[sample.task_id])
        told = {name: sample.extra[name] for name in ("description", "raw_description", "leaks", "cut")}
        assert told == {"description": wanted, "raw_description": wanted, "leaks": 0, "cut": 0}
        assert sample.completion == loaded.problems[sample.task_id].canonical_solution


def test_the_program_is_asked_for_with_the_description_without_its_code(tmp_path: Path) -> None:
    loaded = load_problems("fresh", languages="python")
    problem = loaded.problems["Python/fresh-0"]
    said = f"It counts.\n```python\n{problem.canonical_solution}```\n"
    file = write(
        tmp_path / "s.summarise.jsonl",
        {"task_id": "Python/fresh-0", "sample_index": 0, "task": "summarise", "completion": said},
    )
    (request,) = planned("fresh", Task.EXPLAIN, ["python"], "all", 1, 1).requests
    (asked,) = describing([request], read_descriptions(file, loaded), loaded)
    assert asked.prompt == (
        "It counts.\nWrite functional code in Python according to the description.\n\n"
        "def tide_turns(levels: List[int]) -> int:\n"
    ).replace("def", f"{problem.prompt.split('def')[0]}def")
    assert asked.question.startswith("It counts.\n\nWrite functional code in Python according to the description.")


@pytest.mark.parametrize("killed", ["in the first step", "between the steps", "in the second step"])
def test_an_explanation_goes_on_where_it_was_killed(killed: str, tmp_path: Path) -> None:
    whole, again = tmp_path / "whole.jsonl", tmp_path / "again.jsonl"
    hx.generate("echo", whole, num_samples=2, **EXPLAIN)
    said, program = (tmp_path / f"{name}.jsonl" for name in ("whole.summarise", "whole"))
    kept = {"in the first step": (3, None), "between the steps": (8, None), "in the second step": (8, 5)}[killed]
    for source, count, target in zip((said, program), kept, (tmp_path / "again.summarise.jsonl", again), strict=True):
        if count is not None:
            lines = source.read_bytes().splitlines(keepends=True)
            target.write_bytes(b"".join(lines[:count]) + (lines[count][:40] if count < len(lines) else b""))
    done = hx.generate("echo", again, num_samples=2, **EXPLAIN)
    assert done.resumed == (kept[1] or 0)
    assert again.read_bytes() == program.read_bytes()
    assert (tmp_path / "again.summarise.jsonl").read_bytes() == said.read_bytes()


@pytest.mark.long
def test_what_is_killed_for_real_at_any_moment_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "generate.py"), "run", "echo"]
    options = ["--task", "explain", "--problems", "fresh", "--num_samples", "40", "--quiet"]
    subprocess.run([*words, str(tmp_path / "whole.jsonl"), *options], check=True, capture_output=True)
    again, first = tmp_path / "again.jsonl", tmp_path / "again.summarise.jsonl"
    for awaited in (first, again):  # a step is under way: killed there, or, where it is quick, later
        process = subprocess.Popen([*words, str(again), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not (awaited.exists() and awaited.stat().st_size):
            time.sleep(0.01)
        process.kill()
        process.wait()
    subprocess.run([*words, str(again), *options], check=True, capture_output=True)
    assert again.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert first.read_bytes() == (tmp_path / "whole.summarise.jsonl").read_bytes()


def test_descriptions_are_compared_with_the_docstrings_and_nothing_is_run(tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu")
    pytest.importorskip("rouge_score")
    loaded = load_problems("fresh")
    wanted = {task_id: docstring(loaded.problems[task_id]) for task_id in ("Python/fresh-0", "Go/fresh-1")}
    named = {"task": "summarise", "sample_index": 0}
    leaking = loaded.problems["Go/fresh-1"].canonical_solution
    samples = write(
        tmp_path / "s.jsonl",
        {"task_id": "Python/fresh-0", **named, "completion": wanted["Python/fresh-0"]},
        {"task_id": "Go/fresh-1", **named, "completion": f"```go\n{leaking}```"},
    )
    evaluate_command.main(["run", str(samples), "--output", str(tmp_path / "results")])
    content = json.loads((tmp_path / "results" / "scores.json").read_text())
    assert content["scores"] == {"published": {}}
    means = {name: each["means"] for name, each in content["similarity"]["summarise"].items()}
    assert means == {
        "python": {"bleu": 1.0, "chrf": 1.0, "rouge_l": 1.0},
        "go": {"bleu": 0.0, "chrf": 0.0, "rouge_l": 0.0},
        "overall": {"bleu": 0.5, "chrf": 0.5, "rouge_l": 0.5},
    }
    assert content["descriptions"] == {"summarise": {"samples": 2, "leaked": 1, "leaks": 1, "shortened": 0}}
    assert (tmp_path / "results" / "verdicts.jsonl").read_bytes() == b""
    shown = write_run(tmp_path / "results")
    (table,) = run_tables(shown)["similarity"]
    assert table.title == "summarise: likeness to the problems' docstrings, no measure of correctness"
    assert table.head == ("", "BLEU", "chrF", "ROUGE-L", "samples")
    assert table.notes[0].endswith("nothing here says whether a description is right.")
    assert "nothing here says whether a description is right" in (tmp_path / "results" / "report.html").read_text()


def test_descriptions_and_programs_are_not_judged_together(tmp_path: Path) -> None:
    rows = [{"task_id": "Go/fresh-0", "completion": "", "task": task} for task in ("repair", "summarise")]
    with pytest.raises(SampleError, match="Go/fresh-0: a sample of summarise, which no test judges; give such samples"):
        hx.evaluate(write(tmp_path / "a.jsonl", *rows), tmp_path / "a")
    pytest.importorskip("sacrebleu")
    pytest.importorskip("rouge_score")
    with pytest.raises(SampleError, match="Go/fresh-0: a sample of repair stands among descriptions"):
        compare_descriptions([write(tmp_path / "b.jsonl", *rows[::-1])], tmp_path / "b")


def test_a_row_with_a_task_and_a_source_language_is_refused(tmp_path: Path) -> None:
    row = {"task_id": "Go/fresh-0", "completion": "", "task": "repair", "source_language": "cpp"}
    with pytest.raises(SampleError) as caught:
        list(read_samples(write(tmp_path / "s.jsonl", row), load_problems("fresh")))
    assert str(caught.value) == (
        f"{tmp_path}/s.jsonl:1 (Go/fresh-0): 'task' is 'repair' and 'source_language' 'cpp'; only a translation has one; "
        "leave one of them out"
    )


def test_a_task_that_is_none_of_ours_is_carried_along_as_before(tmp_path: Path) -> None:
    row = {"task_id": "Go/fresh-0", "completion": "", "task": "humaneval"}
    (sample,) = read_samples(write(tmp_path / "s.jsonl", row), load_problems("fresh"))
    assert (sample.origin, sample.extra) == ("", {"task": "humaneval"})


def test_a_repair_of_problems_without_buggy_solutions_says_where_there_are_some(tmp_path: Path) -> None:
    problem = json.loads((load_problems("fresh").directory / "humaneval_python.jsonl").read_text().splitlines()[0])
    write(tmp_path / "humaneval_python.jsonl", problem)
    with pytest.raises(ProblemError, match=r"\(Python/fresh-0\): has no 'buggy_solution', .*humanevalpack or fresh"):
        hx.generate("echo", tmp_path / "s.jsonl", task="repair", problems=tmp_path, languages=["python"], quiet=True)


def test_pairs_are_of_translations_only() -> None:
    with pytest.raises(OptionError, match="--pairs is for --task translation"):
        run(ModelOptions(model="echo"), Path("never.jsonl"), task=Task.REPAIR, pairs=("go-java",), settings={})


def test_a_tiny_model_is_sampled_judged_and_reported_in_every_task(sandbox: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    sys.path.insert(0, str(Path(__file__).resolve().parent / "samplers"))
    import tiny_models

    model, samples = tiny_models.save_gpt2(tmp_path / "tiny"), tmp_path / "samples.jsonl"
    words = ["--problems", "fresh", "--languages", "python", "--limit", "1", "--num_samples", "2", "--device", "cpu"]
    for task in JUDGED:
        asked = ["--task", task.value, "--max_new_tokens", "8", "--skip_long", "--quiet"]
        generate_command.main(["run", str(model), str(samples), *words, *asked])
    found = [(each.task, each.sample_index) for each in read_samples(samples, load_problems("fresh"))]
    assert found == [(task.value, index) for task in JUDGED for index in (0, 1)]
    report = judge(samples, tmp_path / "results", sandbox, workers=1)
    assert {task: each["python"]["n_samples"] for task, each in report["scores"]["published"].items()} == {
        task.value: 2 for task in JUDGED
    }
    assert write_run(tmp_path / "results").run.absent == []


@pytest.mark.slow
@pytest.mark.rust
@pytest.mark.model
def test_a_tiny_model_translates_from_and_into_rust(sandbox: str, tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent / "samplers"))
    import tiny_models

    model, samples = tiny_models.save_gpt2(tmp_path / "tiny"), tmp_path / "samples.jsonl"
    words = ["--task", "translation", "--pairs", "python-rust,rust-go", "--problems", "fresh", "--limit", "1"]
    more = ["--num_samples", "2", "--max_new_tokens", "8", "--skip_long", "--device", "cpu", "--quiet"]
    generate_command.main(["run", str(model), str(samples), *words, *more])
    found = [(row["task_id"], row["source_language"]) for row in map(json.loads, samples.read_text().splitlines())]
    assert sorted(found) == sorted([("Rust/fresh-0", "python"), ("Go/fresh-0", "rust")] * 2)
    report = judge(samples, tmp_path / "results", sandbox, workers=1)
    cells = report["scores"]["published"]["translation"]
    assert {name: each["n_samples"] for name, each in cells.items() if name != "overall"} == {
        "python-rust": 2,
        "rust-go": 2,
    }
    assert write_run(tmp_path / "results").run.absent == []
