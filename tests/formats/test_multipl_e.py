"""MultiPL-E's rows as a problem set: what becomes of them, how completions are judged, results in their form.

The rows are the fresh set's in their form (`tests/multipl_e_rows.py`); what that set has no types for is written out here.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from multipl_e_rows import WRITERS, main, rows

from humaneval_x.assembly import negated_tests, program_of, reading_of
from humaneval_x.commands.evaluate import main as evaluate_py
from humaneval_x.errors import ProblemError
from humaneval_x.formats import recognised
from humaneval_x.generation import generate
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.problems import load_problems
from humaneval_x.records import Sample
from humaneval_x.results import read_rows
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import read_samples
from humaneval_x.settings import EvaluationSettings, Rules

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samplers"))

from openai_server import serving

CPP = "#include<assert.h>\n#include<bits/stdc++.h>\n// Do it.\n"
JAVA = "import java.util.*;\nimport java.lang.reflect.*;\nimport org.javatuples.*;\nclass Problem {\n    // Do it.\n"


def cpp(name: str, header: str, *checks: str) -> dict[str, Any]:
    lines = "".join(f"    assert({check});\n" for check in checks)
    tests = f"}}\nint main() {{\n    auto candidate = {name.rpartition('_')[2]};\n{lines}}}\n"
    return {"name": name, "language": "cpp", "prompt": f"{CPP}{header} {{\n", "tests": tests, "stop_tokens": ["\n}"]}


def java(name: str, header: str, *checks: str) -> dict[str, Any]:
    lines = "".join(f"    assert({check});\n" for check in checks)
    tests = f"    }}\n    public static void main(String[] args) {{\n{lines}    }}\n\n}}\n"
    prompt = f"{JAVA}    public static {header} {{\n"
    return {"name": name, "language": "java", "prompt": prompt, "tests": tests, "stop_tokens": ["\n    }\n"]}


OPTIONAL = {
    **cpp(
        "HumanEval_12_first",
        "std::optional<std::string> first(std::vector<std::string> words)",
        "candidate((std::vector<std::string>())) == std::nullopt",
        'candidate((std::vector<std::string>({(std::string)"b", (std::string)"a"}))) == "b"',
    ),
    "completions": [
        "    if (words.empty()) {\n        return std::nullopt;\n    }\n    return words[0];",
        "    return words.empty() ? std::string() : words[0];",
    ],
}
SEVENTEEN = {
    **cpp("mbpp_4_halves", "std::tuple<long, long> halves(long n)", "candidate((7)) == (std::make_tuple(3, 4))"),
    "completions": [
        "    auto [low, high] = std::pair<long, long>(n / 2, n - n / 2);\n    return {low, high};",
        "    return {std::gcd(n, n), n};",
    ],
}
PAIR = {
    **java(
        "HumanEval_8_ends",
        "Pair<Long, Long> ends(ArrayList<Long> numbers)",
        "ends((new ArrayList<Long>(Arrays.asList((long)3l, (long)7l)))).equals((Pair.with(3l, 7l)))",
        "ends((new ArrayList<Long>(Arrays.asList()))).equals((Pair.with(0l, 0l)))",
    ),
    "completions": [
        "        if (numbers.isEmpty()) {\n            return new Pair<>(0l, 0l);\n        }\n"
        "        return Pair.with(numbers.get(0), numbers.get(numbers.size() - 1));",
        "        return Pair.with(0l, 0l);",
    ],
}
UNION = cpp("HumanEval_103_avg", "Union_std_string_long avg(long n)", 'candidate((1)) == "0b1"')
ANY = cpp("HumanEval_22_ints", "std::vector<long> ints(std::vector<std::any> values)", "candidate({}).empty()")
TRIPLE = java("mbpp_9_three", "Pair<Long, Long, Long> three(long n)", "three((1l)).equals((Pair.with(1l, 1l, 1l)))")


def written(folder: Path, *all_rows: dict[str, Any], name: str = "rows.jsonl") -> Path:
    """Write rows as JSON lines, without their completions."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = [{key: value for key, value in row.items() if key != "completions"} for row in all_rows]
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in plain))
    return folder


def completed(folder: Path, *all_rows: dict[str, Any]) -> Path:
    """Write rows with their completions, a file for each, as MultiPL-E does."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in all_rows:
        (folder / f"{row['name']}.json.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    return folder


@pytest.mark.parametrize("language", WRITERS)
def test_each_row_of_the_fresh_set_is_a_problem(language: str, tmp_path: Path) -> None:
    loaded = load_problems(written(tmp_path / "set", *rows(language)))
    prefix = KNOWN[language].PREFIX
    assert (loaded.name, dict(loaded.left_out)) == ("set (MultiPL-E)", {})
    assert list(loaded.problems) == [f"{prefix}/{row['name']}" for row in rows(language)]


def test_a_row_that_cannot_be_walled_is_left_out_with_the_reason_and_its_samples_with_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "set", UNION, ANY, TRIPLE, OPTIONAL)
    loaded = load_problems(folder)
    assert list(loaded.problems) == ["CPP/HumanEval_12_first"]
    assert loaded.left_out == {
        "CPP/HumanEval_103_avg": "the type 'Union_std_string_long' has no plain values",
        "CPP/HumanEval_22_ints": "the type 'any' has no plain values",
        "Java/mbpp_9_three": "the type 'Pair<Long, Long, Long>' has no plain values",
    }
    samples = completed(tmp_path / "samples", {**UNION, "completions": ["    return 1;"]}, OPTIONAL)
    assert [each.task_id for each in read_samples([samples], loaded)] == ["CPP/HumanEval_12_first"] * 2


@pytest.mark.parametrize(
    ("language", "change", "why"),
    [
        ("cpp", ("int main() {", "int test() {"), "its tests are not written as MultiPL-E's"),
        ("java", ("    assert(", "    Check.that("), "its tests are not written as MultiPL-E's"),
        ("go", ("{ actual: ", "{ actual_: "), "its tests are not written as MultiPL-E's"),
        ("cpp", ("auto candidate = tide_turns;", "auto candidate = other;"), "its tests do not call tide_turns, "),
    ],
)
def test_tests_of_another_form_are_left_out_and_not_guessed_at(
    language: str, change: tuple[str, str], why: str, tmp_path: Path
) -> None:
    row = dict(rows(language)[0])
    row["tests"] = row["tests"].replace(*change)
    loaded = load_problems(written(tmp_path / "set", row))
    assert [each.startswith(why) for each in loaded.left_out.values()] == [True], loaded.left_out
    assert loaded.problems == {}


def test_no_assertion_is_left_that_nobody_counts(tmp_path: Path) -> None:
    """Java's `assert` does nothing unless it is asked for, so one that is not written anew would pass whatever comes."""
    row = dict(rows("java")[0])
    row["tests"] = row["tests"].replace("    }\n\n}\n", "    assert(\n      false);\n    }\n\n}\n")
    assert load_problems(written(tmp_path / "set", row)).problems == {}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "a", "prompt": "p", "tests": "t"}, "rows.jsonl:2: is no row of MultiPL-E's; expected an object"),
        (
            {"name": "a", "language": "rb", "prompt": "p", "tests": "t"},
            "rows.jsonl:2 (a): the language 'rb' is none of",
        ),
        (
            {**OPTIONAL, "stop_tokens": "}"},
            "rows.jsonl:2 (HumanEval_12_first): 'stop_tokens' has to be a list of texts",
        ),
        (SEVENTEEN, "rows.jsonl:2 (CPP/mbpp_4_halves): is there twice, first in rows.jsonl:1"),
        ({**OPTIONAL, "name": "a/b"}, "rows.jsonl:2: 'name' has to read like 'HumanEval_12_longest', found 'a/b'"),
    ],
)
def test_what_is_no_row_is_one_line(row: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as caught:
        load_problems(written(tmp_path / "set", SEVENTEEN, row))
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)


def test_rows_are_read_in_each_way_they_are_kept(tmp_path: Path) -> None:
    whole = written(tmp_path / "lines", OPTIONAL, SEVENTEEN)
    (tmp_path / "array").mkdir()
    (tmp_path / "array" / "rows.json").write_text(json.dumps([OPTIONAL, SEVENTEEN], indent=2))
    files = completed(tmp_path / "files", OPTIONAL, SEVENTEEN)
    (files / "HumanEval_12_first.results.json").write_text("{}")
    for folder in (whole, tmp_path / "array", files):
        assert list(load_problems(folder).problems) == ["CPP/HumanEval_12_first", "CPP/mbpp_4_halves"]
    assert list(load_problems(whole, languages="cpp").problems) == ["CPP/HumanEval_12_first", "CPP/mbpp_4_halves"]
    with pytest.raises(ProblemError, match="holds no problem in python"):
        load_problems(whole, languages="python")


@pytest.mark.parametrize("language", WRITERS)
def test_a_completion_is_the_same_program_cut_whole_or_in_their_folder(language: str, tmp_path: Path) -> None:
    """Cut at the stop tokens, or with the end of the function, or together with the prompt."""
    row = rows(language)[0]
    loaded = load_problems(written(tmp_path / "set", row))
    (task_id,) = loaded.problems
    problem, text = loaded.problems[task_id], row["completions"][0]
    cut = reading_of(problem, Sample(task_id=task_id, completion=text, sample_index=0), EvaluationSettings())
    closed = Sample(task_id=task_id, completion=f"{text}\n{problem.closing}", sample_index=0)
    theirs = next(read_samples([completed(tmp_path / "samples", row)], loaded))
    for other in (closed, theirs):
        assert reading_of(problem, other, EvaluationSettings()).candidate.split() == cut.candidate.split()
    assert (
        text.split()
        == cut.candidate.split()[len(problem.prompt.replace(problem.imports, "").split()) :][: len(text.split())]
    )


def test_under_the_reference_rules_a_go_program_has_the_imports_of_its_prompt_alone(tmp_path: Path) -> None:
    loaded = load_problems(written(tmp_path / "set", rows("go")[0]))
    (problem,) = loaded.problems.values()
    uses = Sample(
        task_id=problem.task_id, completion='    return strings.Count(fmt.Sprint(levels), " ")\n}', sample_index=0
    )
    for rules, imported in ((Rules.OURS, {"fmt", "strings"}), (Rules.REFERENCE, {"fmt", "testing"})):
        preamble = program_of(problem, uses, EvaluationSettings(rules=rules)).preamble
        assert {each for each in ("fmt", "strings", "testing", "sort") if f'"{each}"' in preamble} == imported


@pytest.mark.parametrize("language", WRITERS)
def test_every_expectation_of_their_tests_can_be_made_wrong(language: str, tmp_path: Path) -> None:
    loaded = load_problems(written(tmp_path / "set", *rows(language)))
    for task_id, problem in loaded.problems.items():
        program = program_of(problem, Sample(task_id=task_id, completion="", sample_index=0), EvaluationSettings())
        wrong, left = negated_tests(program.language, program.tests)
        assert left == 0 and wrong != program.tests, task_id


def judged(folder: Path, tmp_path: Path, sandbox: str, *more: str) -> dict[str, list[bool]]:
    """Judge completions in MultiPL-E's form against their own rows; return what passed, in order, by task."""
    words = ["run", str(folder), "--problems", str(folder), "--output", str(tmp_path / "run"), "--k", "1"]
    evaluate_py([*words, "--sandbox", sandbox, "--quiet", *more])
    found: dict[str, dict[int, bool]] = {}
    for row in read_rows(tmp_path / "run"):
        found.setdefault(row.task_id, {})[row.sample_index] = row.verdict.passed
    return {task: [passed[index] for index in sorted(passed)] for task, passed in found.items()}


CHOSEN = ["fresh_4", "fresh_5"]  # numbers with a tolerance, maps of texts


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_right_completions_pass_and_wrong_ones_fail_and_none_passes_with_wrong_expectations(
    language: str, tmp_path: Path, sandbox: str
) -> None:
    own = [row for row in rows(language) if row["name"].rpartition("_")[0].rpartition("_")[0] in CHOSEN]
    verdicts = judged(completed(tmp_path / "rows", *own), tmp_path, sandbox, "--negated_tests")
    assert verdicts == {f"{KNOWN[language].PREFIX}/{row['name']}": [True, False] for row in own}


@pytest.mark.slow
@pytest.mark.parametrize("language", WRITERS)
def test_the_whole_fresh_set_in_their_form(language: str, tmp_path: Path, sandbox: str) -> None:
    verdicts = judged(completed(tmp_path / "rows", *rows(language)), tmp_path, sandbox)
    assert verdicts == {f"{KNOWN[language].PREFIX}/{row['name']}": [True, False] for row in rows(language)}


BROKEN = {
    "go": ("actual: candidate(", "actual: nosuch("),
    "java": ("assert(", "assert(nosuch == "),
    "cpp": ("assert(candidate(", "assert(nosuch + candidate("),
    "rust": ("assert_eq!(candidate(", "assert_eq!(nosuch + candidate("),
    "javascript": ("let candidate", "let candidate candidate"),
    "python": ("def check(candidate)", "def check(candidate"),
}


@pytest.mark.parametrize(
    "language",
    [
        "go",
        *(pytest.param(name, marks=pytest.mark.slow) for name in LANGUAGES if name != "go"),
        pytest.param("rust", marks=[pytest.mark.slow, pytest.mark.rust]),
    ],
)
def test_tests_that_do_not_compile_are_counted_and_programs_that_do_not_compile_are_not(
    language: str,
    tmp_path: Path,
    sandbox: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MultiPL-E fails the samples of both; whose fault it is stands in the report, which a later call takes over."""
    broken, sound = rows(language)[:2]
    assert BROKEN[language][0] in broken["tests"]
    broken["tests"] = broken["tests"].replace(*BROKEN[language], 1)
    sound["completions"] = [")(", "]["]
    folder = completed(tmp_path / "rows", broken, sound)
    verdicts = judged(folder, tmp_path, sandbox)
    named = f"{KNOWN[language].PREFIX}/{broken['name']}"
    assert verdicts == {named: [False, False], f"{KNOWN[language].PREFIX}/{sound['name']}": [False, False]}
    found = json.loads((tmp_path / "run" / "scores.json").read_text())["problems"]["not_compiling"]
    assert list(found) == [named] and found[named]
    assert f"tests that do not compile, so that every sample fails: {named}" in capsys.readouterr().out
    monkeypatch.setattr(Pool, "start", lambda pool: pytest.fail("a jail starts, and there is nothing to judge"))
    assert judged(folder, tmp_path, sandbox) == verdicts
    assert json.loads((tmp_path / "run" / "scores.json").read_text())["problems"]["not_compiling"] == found


@pytest.mark.long
def test_optional_values_tuples_and_the_standard_of_2017_are_judged(tmp_path: Path, sandbox: str) -> None:
    verdicts = judged(completed(tmp_path / "rows", OPTIONAL, SEVENTEEN, PAIR), tmp_path, sandbox)
    expected = ["CPP/HumanEval_12_first", "CPP/mbpp_4_halves", "Java/HumanEval_8_ends"]
    assert verdicts == {task: [True, False] for task in expected}


def test_results_are_written_in_their_form_and_read_again_with_the_same_verdicts(tmp_path: Path, sandbox: str) -> None:
    own = [*rows("javascript")[:2], *rows("python")[:1]]
    folder, out = completed(tmp_path / "rows", *own[:2]), tmp_path / "theirs"
    judged(folder, tmp_path, sandbox, "--multipl_e", str(out))
    for row in own[:2]:
        found = json.loads(gzip.decompress((out / f"{row['name']}.results.json.gz").read_bytes()))
        assert {**found, "completions": row["completions"]} == {**row, "results": found["results"]}
        assert [(each["status"], each["exit_code"]) for each in found["results"]] == [("OK", 0), ("Exception", 1)]
        assert [set(each) for each in found["results"]] == [{"program", "stdout", "stderr", "exit_code", "status"}] * 2
        (folder / f"{row['name']}.results.json.gz").write_bytes((out / f"{row['name']}.results.json.gz").read_bytes())
    kind, look = recognised(folder)
    assert [each.passed for each in kind.read(look)] == [True, False] * 2


def test_their_form_of_results_is_for_their_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samples = tmp_path / "samples.jsonl"
    samples.write_text(json.dumps({"task_id": "Python/fresh-0", "completion": "    return 1\n"}) + "\n")
    words = ["run", str(samples), "--problems", "fresh", "--multipl_e", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match="2"):
        evaluate_py(words)
    assert "'fresh' is none of MultiPL-E's rows" in capsys.readouterr().err


def test_sampling_asks_for_the_prompt_as_it_is_and_ends_at_the_rows_stop_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    row, out = rows("cpp")[0], tmp_path / "samples.jsonl"
    text = row["completions"][0] + "\n}\n\nint main() {\n" + "    more();\n" * 400
    with serving(lambda body: text) as endpoint:
        generate(endpoint.url, out, problems=written(tmp_path / "set", row), num_samples=1, quiet=True)
        assert [body["prompt"] for body in endpoint.seen] == [row["prompt"]]
    (sample,) = map(json.loads, out.read_text().splitlines())
    assert (sample["task_id"], sample["completion"]) == (f"CPP/{row['name']}", row["completions"][0])
    more = sample["raw_completion"].removeprefix(row["completions"][0] + "\n}")
    assert len(more) < 3  # it was not listened to any longer than to the end of a piece


def test_ground_truth_says_that_the_rows_hold_no_solutions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        evaluate_py(["ground_truth", "--problems", str(written(tmp_path / "set", OPTIONAL))])
    assert "MultiPL-E's rows hold no solutions, which ground_truth needs" in capsys.readouterr().err


def test_the_examples_are_what_the_script_writes(tmp_path: Path) -> None:
    main(tmp_path, ["0", "5"])
    examples = Path(__file__).resolve().parents[2] / "examples" / "multipl_e"
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.json"))
    assert names == sorted(path.relative_to(examples) for path in examples.rglob("*.json"))
    assert [name for name in names if (tmp_path / name).read_text() != (examples / name).read_text()] == []
