"""Samples of other harnesses: each format from a small file shaped like the real one, what it is told to be, and back.

The programs are the project's own; the shapes are those that the harnesses write.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from official import FRESH, SHARED, fresh

from humaneval_x.assembly import reading_of
from humaneval_x.commands.evaluate import main
from humaneval_x.convert import convert
from humaneval_x.errors import OptionError, SampleError, SetupError
from humaneval_x.formats import FORMATS, checked_name, recognised
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import ReadAs, Sample
from humaneval_x.results import read_rows
from humaneval_x.samples import Asked, Recognised, read_samples, set_of_samples
from humaneval_x.settings import Answers, EvaluationSettings

ONE, TWO = "    return 1\n", "    return 2\n"
WHOLE = "def f(x):\n    return 1\n"


def lines(*rows: object) -> Callable[[Path], Path]:
    """Return what writes rows as JSON lines."""

    def write(folder: Path) -> Path:
        path = folder / "samples.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


def document(value: object, name: str = "samples.json") -> Callable[[Path], Path]:
    """Return what writes one JSON value, as harnesses do: on many lines."""

    def write(folder: Path) -> Path:
        (folder / name).write_text(json.dumps(value, indent=2))
        return folder / name

    return write


def folder_of(**files: str) -> Callable[[Path], Path]:
    """Return what writes a folder; `__` in a name is a slash, and the last `_` a dot."""

    def write(folder: Path) -> Path:
        for name, text in files.items():
            stem, _, ending = name.replace("__", "/").rpartition("_")
            path = folder / "samples" / f"{stem}.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder / "samples"

    return write


def multipl_e(language: str, prompt: str, tests: str, *completions: str) -> str:
    return json.dumps(
        {
            "name": "HumanEval_1_f",
            "language": language,
            "temperature": 0.2,
            "prompt": prompt,
            "tests": tests,
            "completions": completions,
            "stop_tokens": ["\n}"],
        }
    )


RESULTS = json.dumps(
    {
        "name": "HumanEval_1_f",
        "results": [
            {"program": "", "exit_code": 0, "status": "OK", "stdout": "", "stderr": ""},
            {"program": "", "exit_code": 1, "status": "Exception", "stdout": "", "stderr": ""},
        ],
    }
)
PACK = {
    "task_id": "Python/1",
    "prompt": "def f(x):\n",
    "declaration": "def f(x):\n",
    "canonical_solution": TWO,
    "buggy_solution": "    return 3\n",
    "bug_type": "value misuse",
    "failure_symptoms": "incorrect output",
    "entry_point": "f",
    "signature": "f(x)",
    "docstring": "",
    "instruction": "Write f.",
    "test": "assert f(0) == 1",
}
LM = {
    "doc_id": 1,
    "doc": {
        "task_id": "HumanEval/1",
        "prompt": "def f(x):\n",
        "canonical_solution": TWO,
        "test": "",
        "entry_point": "f",
    },
    "target": "assert f(0) == 1",
    "arguments": {"gen_args_0": {"arg_0": "def f(x):\n", "arg_1": {"until": ["\nclass"]}}},
    "resps": [[ONE, TWO]],
    "filtered_resps": [["def f(x):\n" + ONE]],
    "doc_hash": "0" * 64,
    "prompt_hash": "0" * 64,
    "target_hash": "0" * 64,
}
INSPECT = {
    "version": 2,
    "status": "success",
    "eval": {
        "task": "humaneval",
        "task_id": "kept",
        "model": "mockllm/model",
        "dataset": {"samples": 1, "sample_ids": ["HumanEval/1"]},
    },
    "plan": {"name": "plan", "steps": [{"solver": "generate"}]},
    "samples": [
        {
            "id": "HumanEval/1",
            "epoch": epoch,
            "input": "def f(x):",
            "target": "",
            "output": {
                "model": "mockllm/model",
                "choices": [{"message": {"role": "assistant", "content": text}, "stop_reason": "stop"}],
                "completion": text,
            },
            "scores": {"verify": {"value": value, "history": []}},
            "metadata": {"entry_point": "f"},
        }
        for epoch, text, value in ((1, WHOLE, "C"), (2, "attachment://0a", "I"))
    ],
}
INSPECT["samples"][1]["attachments"] = {"0a": "No."}  # type: ignore[index]
CHAT = [{"role": "user", "content": "Write f."}, {"role": "assistant", "content": WHOLE}]
OPENAI: dict[str, Any] = {
    "status_code": 200,
    "body": {"choices": [{"index": 0, "message": {"role": "assistant", "content": WHOLE}}]},
}

Expected = list[tuple[str, int, str, str, "bool | None"]]
THOUGHT = {"type": "thinking", "thinking": "f(x) is 2?", "signature": "Eo"}
CLAUDE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "content": [THOUGHT, {"type": "text", "text": WHOLE}],
    "stop_reason": "end_turn",
}
GEMINI: dict[str, Any] = {
    "candidates": [
        {
            "content": {
                "parts": [{"text": "f(x) is 2?", "thought": True}, {"text": "def f(x):\n"}, {"text": ONE}],
                "role": "model",
            },
            "finishReason": "STOP",
            "index": 0,
        }
    ],
    "modelVersion": "gemini",
}
RESPONSES: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "output": [
        {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "f(x) is 2?"}]},
        {"id": "fc_1", "type": "function_call", "name": "run", "arguments": "{}"},
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": WHOLE, "annotations": []}],
        },
    ],
    "text": {"format": {"type": "text"}},
}
SHARED_CHAT = [{"from": "human", "value": "Write f."}, {"from": "gpt", "value": WHOLE}]
ONE_WHOLE: Expected = [("Python/1", 0, WHOLE, "auto", None)]

# name -> (what writes it, the format, how it is told, [(task, index, text, what the row says that it holds, passed)])
CASES: dict[str, tuple[Callable[[Path], Path], str, str, Expected]] = {
    "human-eval's samples": (
        lines({"task_id": "HumanEval/1", "completion": ONE}, {"task_id": "HumanEval/1", "completion": TWO}),
        "human-eval",
        "JSONL, 2 samples, completion; HumanEval/1 is Python/1",
        [("Python/1", 0, ONE, "auto", None), ("Python/1", 1, TWO, "auto", None)],
    ),
    "human-eval's results": (
        lines(
            {"task_id": "HumanEval/1", "completion": ONE, "result": "passed", "passed": True},
            {"task_id": "HumanEval/2", "completion": TWO, "result": "failed: ", "passed": False},
        ),
        "human-eval",
        "JSONL, 2 samples, completion; HumanEval/1 is Python/1",
        [("Python/1", 0, ONE, "auto", True), ("Python/2", 0, TWO, "auto", False)],
    ),
    "CodeGeeX's results": (
        lines({"task_id": "CPP/1", "prompt": "//", "generation": "}", "result": "timed out", "passed": False, "file": ""}),
        "human-eval",
        "",
        [("CPP/1", 0, "}", "auto", False)],
    ),
    "OpenCompass's service": (lines({"task_id": "Go/1", "generation": "}"}), "human-eval", "", [("Go/1", 0, "}", "auto", None)]),
    "EvalPlus's samples": (
        lines({"task_id": "HumanEval/1", "solution": WHOLE, "_identifier": "HumanEval/1 (line 1 in x.jsonl)"}),
        "evalplus",
        "EvalPlus JSONL, 1 samples, solution; HumanEval/1 is Python/1",
        [("Python/1", 0, WHOLE, "program", None)],
    ),
    "EvalPlus's completions": (
        lines({"task_id": "HumanEval/1", "completion": ONE}),
        "human-eval",
        "JSONL, 1 samples, completion; HumanEval/1 is Python/1",
        [("Python/1", 0, ONE, "auto", None)],
    ),
    "EvalPlus's folders": (
        folder_of(HumanEval_2__0_py=WHOLE, HumanEval_1__10_py=TWO, HumanEval_1__9_py=ONE, HumanEval_1__notes_txt=""),
        "evalplus-folder",
        "folders of solutions, 3 samples, the file; HumanEval_1 is Python/1",
        [("Python/1", 9, ONE, "program", None), ("Python/1", 10, TWO, "program", None), ("Python/2", 0, WHOLE, "program", None)],
    ),
    "EvalPlus's folders in another language": (
        folder_of(HumanEval_1__0_cpp="int f();"),
        "evalplus-folder",
        "folders of solutions, 1 samples, the file; HumanEval_1 is CPP/1",
        [("CPP/1", 0, "int f();", "program", None)],
    ),
    "EvalPlus's results": (
        document(
            {
                "date": "2026-01-01 00:00",
                "hash": "0",
                "eval": {
                    "HumanEval/1": [
                        {"task_id": "HumanEval/1", "solution": WHOLE, "base_status": "pass", "plus_status": "fail"},
                        {"task_id": "HumanEval/1", "solution": ONE, "base_status": "fail", "plus_status": "fail"},
                    ]
                },
            },
            "samples_eval_results.json",
        ),
        "evalplus-results",
        "EvalPlus results, 2 samples, solution; HumanEval/1 is Python/1",
        [("Python/1", 0, WHOLE, "program", True), ("Python/1", 1, ONE, "program", False)],
    ),
    "MultiPL-E's folder with results": (
        folder_of(
            HumanEval_1_f_json=multipl_e("cpp", "long f(long x) {\n", "}\nint main() {}\n", "  return 1;", "  return 2;"),
            **{"HumanEval_1_f.results_json": RESULTS},
        ),
        "multipl-e",
        "MultiPL-E folder, 2 samples, prompt and completions; HumanEval_1_f is CPP/1",
        [
            ("CPP/1", 0, "long f(long x) {\n  return 1;\n}\n", "program", True),
            ("CPP/1", 1, "long f(long x) {\n  return 2;\n}\n", "program", False),
        ],
    ),
    "MultiPL-E's folder of a language whose tests are named after a file": (
        folder_of(HumanEval_1_f_json=multipl_e("go_test.go", "func f() int {\n", "}\nfunc TestF(", "return 1")),
        "multipl-e",
        "MultiPL-E folder, 1 samples, prompt and completions; HumanEval_1_f is Go/1",
        [("Go/1", 0, "func f() int {\nreturn 1\n}\n", "program", None)],
    ),
    "HumanEvalPack's rows with a model's output": (
        lines({**PACK, "output": [WHOLE, TWO]}),
        "rows",
        "rows, 2 samples, output",
        [("Python/1", 0, WHOLE, "auto", None), ("Python/1", 1, TWO, "auto", None)],
    ),
    "HumanEvalPack's rows with a generation": (
        lines({**PACK, "generation": WHOLE}),
        "human-eval",
        "",
        [("Python/1", 0, WHOLE, "auto", None)],
    ),
    "OpenCompass's predictions with ids": (
        document(
            {
                "10": {"origin_prompt": "p", "prediction": TWO, "gold": "HumanEval/2"},
                "9": {"origin_prompt": [{"role": "HUMAN", "prompt": "p"}], "prediction": WHOLE, "gold": "HumanEval/1"},
            }
        ),
        "opencompass",
        "OpenCompass predictions, 2 samples, prediction; HumanEval/1 is Python/1",
        [("Python/1", 0, WHOLE, "auto", None), ("Python/2", 0, TWO, "auto", None)],
    ),
    "OpenCompass's predictions on one line": (
        lines({"0": {"prediction": WHOLE, "gold": "Go/1"}}),
        "opencompass",
        "OpenCompass predictions, 1 samples, prediction",
        [("Go/1", 0, WHOLE, "auto", None)],
    ),
    "lm-evaluation-harness's samples": (
        lines(
            {**LM, "filter": "create_test", "pass@1": 1.0},
            {**LM, "filter": "extract", "pass@1": 1.0},
            {**LM, "doc": {"task_id": "HumanEval/2"}, "filter": "create_test", "resps": [[TWO]], "pass@1": 0.0},
        ),
        "lm-eval",
        "lm-evaluation-harness samples, 3 samples, resps; HumanEval/1 is Python/1",
        [("Python/1", 0, ONE, "auto", True), ("Python/1", 1, TWO, "auto", True), ("Python/2", 0, TWO, "auto", False)],
    ),
    "Inspect's log": (
        document(INSPECT, "2026-01-01T00-00-00_humaneval_x.json"),
        "inspect",
        "Inspect log, 2 samples, output; HumanEval/1 is Python/1",
        [("Python/1", 0, WHOLE, "auto", True), ("Python/1", 1, "No.", "auto", False)],
    ),
    "a JSON array of rows": (
        document([{"task_id": "Java/1", "completion": "}"}, {"task_id": "js_2", "completion": "}"}]),
        "human-eval",
        "JSONL, 2 samples, completion; js_2 is JavaScript/2",
        [("Java/1", 0, "}", "auto", None), ("JavaScript/2", 0, "}", "auto", None)],
    ),
    "conversations": (
        lines({"id": "python/1", "messages": CHAT}),
        "rows",
        "rows, 1 samples, messages; python/1 is Python/1",
        [("Python/1", 0, WHOLE, "auto", None)],
    ),
    "OpenAI's batches": (
        lines({"id": "batch_req_1", "custom_id": "C++/1", "response": OPENAI, "error": None}),
        "rows",
        "rows, 1 samples, response; C++/1 is CPP/1",
        [("CPP/1", 0, WHOLE, "auto", None)],
    ),
    "OpenAI's batches of responses": (
        lines({"custom_id": "python/1", "response": {"status_code": 200, "body": RESPONSES}, "error": None}),
        "rows",
        "rows, 1 samples, response; python/1 is Python/1",
        ONE_WHOLE,
    ),
    "Anthropic's batches": (
        lines({"custom_id": "python_1", "result": {"type": "succeeded", "message": CLAUDE}}),
        "rows",
        "rows, 1 samples, result; python_1 is Python/1",
        ONE_WHOLE,
    ),
    "Gemini's batches": (
        lines({"key": "Python/1", "response": GEMINI}),
        "rows",
        "rows, 1 samples, response",
        ONE_WHOLE,
    ),
    "what Anthropic's server says, with a task": (
        lines({"task_id": "Python/1", **CLAUDE}),
        "rows",
        "rows, 1 samples, content",
        ONE_WHOLE,
    ),
    "what Gemini's server says, with a task": (lines({"task_id": "Python/1", **GEMINI}), "rows", "rows, 1 samples, candidates", ONE_WHOLE),
    "what OpenAI's servers say, with a task": (
        lines({"task_id": "Python/1", **RESPONSES}, {"task_id": "Python/2", **OPENAI["body"]}),
        "rows",
        "rows, 2 samples, output, choices",
        [*ONE_WHOLE, ("Python/2", 0, WHOLE, "auto", None)],
    ),
    "conversations whose messages have parts": (
        lines({"id": "python/1", "messages": [CHAT[0], {"role": "assistant", "content": CLAUDE["content"]}]}),
        "rows",
        "rows, 1 samples, messages; python/1 is Python/1",
        ONE_WHOLE,
    ),
    "ShareGPT's conversations": (
        lines({"id": "python/1", "conversations": SHARED_CHAT}),
        "rows",
        "rows, 1 samples, conversations; python/1 is Python/1",
        ONE_WHOLE,
    ),
    "LiveCodeBench's lists of code": (
        lines({"question_id": "python/1", "output_list": ["Sure.", "No."], "code_list": [ONE, TWO]}),
        "rows",
        "rows, 2 samples, code_list; python/1 is Python/1",
        [("Python/1", 0, ONE, "auto", None), ("Python/1", 1, TWO, "auto", None)],
    ),
    "a map of tasks": (
        document({"HumanEval/1": ONE, "Go/2": "}"}),
        "by-task",
        "map of tasks, 2 samples, completion; HumanEval/1 is Python/1",
        [("Python/1", 0, ONE, "auto", None), ("Go/2", 0, "}", "auto", None)],
    ),
    "a map of tasks to several samples": (
        document({"Python/1": [ONE, TWO], "Python/2": [ONE]}),
        "by-task",
        "map of tasks, 3 samples, completion",
        [("Python/1", 0, ONE, "auto", None), ("Python/1", 1, TWO, "auto", None), ("Python/2", 0, ONE, "auto", None)],
    ),
    "a map of tasks to objects": (
        lines({"Python/1": {"code": ONE, "passed": True}}, {"Python/2": {"code": TWO, "passed": False}}),
        "by-task",
        "map of tasks, 2 samples, code",
        [("Python/1", 0, ONE, "auto", True), ("Python/2", 0, TWO, "auto", False)],
    ),
    "numbers with a language in the row": (
        lines({"task_id": 1, "language": "golang", "samples": [{"text": "}"}, {"text": "}}"}], "passed": [True, False]}),
        "rows",
        "rows, 2 samples, samples; 1 is Go/1",
        [("Go/1", 0, "}", "auto", True), ("Go/1", 1, "}}", "auto", False)],
    ),
    **{
        f"the key {key}": (
            lines({"task_id": "Python/1", "prompt": "p", key: ONE}),
            "rows",
            f"rows, 1 samples, {key}",
            [("Python/1", 0, ONE, "auto", None)],
        )
        for key in ("generated", "generated_code", "output", "response", "answer", "prediction", "model_output", "code", "raw_output", "llm_output", "model_response", "pred", "content", "text")
    },
    **{
        f"the list {key}": (
            lines({"task_id": "Python/1", key: [ONE, TWO]}),
            "rows",
            f"rows, 2 samples, {key}",
            [("Python/1", 0, ONE, "auto", None), ("Python/1", 1, TWO, "auto", None)],
        )
        for key in ("samples", "completions", "generations", "solutions", "outputs", "responses")
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> ProblemSet:
    """The project's own problems under the ids of HumanEval-X."""
    folder = tmp_path_factory.mktemp("numbered")
    for path in FRESH.glob("*.jsonl"):
        (folder / path.name).write_text(path.read_text().replace("/fresh-", "/"))
    return load_problems(folder)


def shape(samples: Iterator[Sample], verdicts: dict[tuple[str, str, int], bool]) -> Expected:
    return [(one.task_id, one.sample_index, one.completion, one.answers, verdicts.get(one.key)) for one in samples]


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_recognised_read_and_told(name: str, problems: ProblemSet, tmp_path: Path) -> None:
    write, kind, told_as, expected = CASES[name]
    seen: dict[tuple[str, str, int], bool] = {}
    path, told = write(tmp_path), Recognised(verdicts=seen)
    assert kind == recognised(path)[0].NAME
    assert set_of_samples([path]) == "official"
    samples = read_samples([path], problems, told=told)
    assert shape(samples, seen) == expected
    assert list(told.lines()) == ([f"{path}: read as {told_as}"] if told_as else [])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz"])
def test_what_is_converted_is_read_as_ours_with_the_same_samples_and_verdicts(
    name: str, ending: str, problems: ProblemSet, tmp_path: Path
) -> None:
    write, _, _, expected = CASES[name]
    out = tmp_path / f"ours{ending}"
    assert convert([write(tmp_path)], out, problems=problems.directory).samples == len(expected)
    seen: dict[tuple[str, str, int], bool] = {}
    told = Recognised(verdicts=seen)
    assert shape(read_samples([out], problems, told=told), seen) == expected
    assert list(told.lines()) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".part")] == []


@pytest.mark.parametrize("name", CASES)
def test_format_fixes_it_and_refuses_what_is_another(name: str, problems: ProblemSet, tmp_path: Path) -> None:
    write, kind, _, expected = CASES[name]
    path = write(tmp_path)
    assert len(list(read_samples([path], problems, Asked(format=kind)))) == len(expected)
    other = "opencompass" if kind != "opencompass" else "bigcode"
    with pytest.raises(SampleError, match=f"is not of the format --format {other}") as caught:
        list(read_samples([path], problems, Asked(format=other)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("task", ["task_id", "custom_id"])
@pytest.mark.parametrize("value", [{"output": [RESPONSES["output"][0]]}, [], {"error": "overloaded"}, None])  # type: ignore[index]
def test_a_known_key_without_text_is_named(task: str, value: object, problems: ProblemSet, tmp_path: Path) -> None:
    path = lines({task: "Python/1", "response": value})(tmp_path)
    with pytest.raises(SampleError) as caught:
        list(read_samples([path], problems))
    assert str(caught.value) == (
        f"{path}:1 (Python/1): 'completion' is missing; found the keys {task}, response; expected what the model wrote, "
        "under completion, generation, solution or the like; 'response' holds no text of a model; add it or remove the row"
    )


def test_every_format_is_among_the_cases_but_those_with_tests_of_their_own() -> None:
    assert {*FORMATS} - {kind for _, kind, _, _ in CASES.values()} == {"bigcode"}
    with pytest.raises(OptionError, match="unknown --format 'evalpus'; did you mean 'evalplus'"):
        checked_name("evalpus")


@pytest.mark.parametrize("name", ["generations_humanevalsynthesize-cpp.json", "generations_go.json"])
def test_lists_without_ids_are_mapped_by_their_order_and_the_language_in_the_file_name(
    name: str, problems: ProblemSet, tmp_path: Path
) -> None:
    language = "CPP" if "cpp" in name else "Go"
    path, told = document([[f"{task}", "two"] for task in range(20)], name)(tmp_path), Recognised()
    samples = list(read_samples([path], problems, told=told))
    assert [(one.task_id, one.completion) for one in samples[::2]] == [(f"{language}/{n}", str(n)) for n in range(20)]
    assert list(told.lines()) == [
        f"{path}: read as bigcode generations, 40 samples, lists of samples; the first is {language}/0"
    ]
    out = tmp_path / "ours.jsonl"
    convert([path], out, problems=problems.directory)
    assert [(one.key, one.completion) for one in read_samples([out], problems)] == [
        (one.key, one.completion) for one in samples
    ]


def test_lists_without_ids_need_a_language_and_every_task(problems: ProblemSet, tmp_path: Path) -> None:
    whole, part = (
        document([[ONE]] * 20, "generations.json")(tmp_path),
        document([[ONE]] * 19, "g_python.json")(tmp_path),
    )
    with pytest.raises(
        SampleError, match="has no task id, and its language is in no file name; name it with --languages"
    ):
        list(read_samples([whole], problems))
    named = list(read_samples([whole], problems, Asked(languages=("java",))))
    assert named[3].task_id == "Java/3"
    with pytest.raises(
        SampleError, match="19 tasks without ids; the set has 20 in Python; expected all of them in order"
    ):
        list(read_samples([part], problems))


def test_predictions_without_ids_are_mapped_like_lists(problems: ProblemSet, tmp_path: Path) -> None:
    path = document({str(n): {"prediction": ONE, "gold": ""} for n in range(20)}, "humanevalx-java.json")(tmp_path)
    assert [one.task_id for one in read_samples([path], problems)] == [f"Java/{n}" for n in range(20)]


def test_predictions_are_mapped_by_the_declaration_that_they_carry(problems: ProblemSet, tmp_path: Path) -> None:
    wanted = ["Go/7", "CPP/2"]
    values = {str(n): {"prediction": ONE, "gold": problems.problems[task].declaration} for n, task in enumerate(wanted)}
    told = Recognised()
    path = document(values, "predictions.json")(tmp_path)
    assert [one.task_id for one in read_samples([path], problems, told=told)] == wanted
    assert list(told.lines()) == [f"{path}: read as OpenCompass predictions, 2 samples, prediction; the first is Go/7"]


@pytest.mark.parametrize(
    ("task", "language", "languages", "expected"),
    [
        ("HumanEval/7", None, (), "Python/7"),
        ("HumanEval/7", "java", (), "Java/7"),
        ("HumanEval/7", None, ("cpp",), "CPP/7"),
        ("HumanEval_7_is_prime", "js", (), "JavaScript/7"),
        ("HumanEval-X/go/7", None, (), "Go/7"),
        ("humaneval_cpp_7", None, (), "CPP/7"),
        ("JS/7", None, ("python",), "JavaScript/7"),
        ("python_7", None, (), "Python/7"),
        ("py-007", None, (), "Python/7"),
        ("golang/fresh-7", None, (), "Go/fresh-7"),
        (7, "Java", (), "Java/7"),
        ("7", None, ("go",), "Go/7"),
    ],
)
def test_an_id_means_a_task_where_that_is_certain(
    task: object, language: str | None, languages: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    row = {"task_id": task, "code": ONE} | ({"language": language} if language else {})
    asked = Asked(languages=languages)
    problems = load_problems("fresh")
    numbered = expected.replace("fresh-", "")
    if numbered == expected:  # the official set need not be here
        assert set_of_samples([lines(row)(tmp_path)], asked) == "official"
    else:
        (sample,) = read_samples([lines(row)(tmp_path)], problems, asked)
        assert sample.task_id == expected


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"task_id": 7, "code": ONE},
            "the task id 7 names no language; found the keys task_id, code; did you mean 'Python/7'? name the language",
        ),
        ({"task_id": "kotlin_7", "completion": ONE}, "unknown task_id 'kotlin_7'; did you mean 'Python/7'? found the keys"),
        ({"task_id": "HumanEval/99", "completion": ONE}, "unknown task_id 'HumanEval/99'; did you mean 'Python/9'"),
        ({"task_id": "Python/7", "completion_text": ONE}, "found the keys task_id, completion_text; .* did you mean 'completion'"),
        (PACK, "'completion' is missing; found the keys task_id, prompt, declaration,"),
        ({"completion": ONE}, "'task_id' is missing; found the keys completion; expected task_id and completion"),
        ({"task_id": "Python/7", "completion": ONE, "answers": "essay"}, "'answers' is essay; expected one of auto, "),
    ],
)  # fmt: skip
def test_what_cannot_be_mapped_names_the_keys_and_the_nearest_right_thing(
    row: dict[str, Any], message: str, problems: ProblemSet, tmp_path: Path
) -> None:
    path = lines(row)(tmp_path)
    with pytest.raises(SampleError) as caught:
        list(read_samples([path], problems))
    assert all(part in str(caught.value) for part in message.split(" .* "))
    assert str(caught.value).startswith(f"{path}:1")
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_format_names_the_nearest_thing_inside(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "samples.jsonl").write_text(json.dumps({"task_id": "Python/1", "completion": ONE}) + "\n")
    (tmp_path / "run" / "log.txt").write_text("done")
    with pytest.raises(SampleError) as caught:
        recognised(tmp_path / "run")
    expected = f"is a folder with log.txt, samples.jsonl; did you mean {tmp_path / 'run' / 'samples.jsonl'}?"
    assert str(caught.value) == f"{tmp_path / 'run'}: {expected}"


def test_one_json_value_is_held_only_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("humaneval_x.formats.found.LARGEST_DOCUMENT", 1 << 20)
    path = tmp_path / "generations.json.gz"
    with gzip.open(path, "wt") as file:
        file.write("[\n" + json.dumps(["x" * (2 << 20)]) + "]")
    with pytest.raises(SampleError, match="more than 1 MiB of one JSON value; expected one JSON object a line instead"):
        recognised(path)


def test_documents_may_be_packed(problems: ProblemSet, tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    path.write_bytes(gzip.compress(json.dumps(INSPECT, indent=1).encode()))
    assert len(list(read_samples([path], problems))) == 2


def test_half_a_surrogate_pair_in_a_document_is_named(problems: ProblemSet, tmp_path: Path) -> None:
    path = document([[ONE]] * 19 + [["\ud800"]], "g_python.json")(tmp_path)
    with pytest.raises(SampleError, match="task 19, sample 0: 'lists of samples' holds half a surrogate pair"):
        list(read_samples([path], problems))


@pytest.mark.parametrize("fenced", [False, True])
def test_what_a_format_says_of_a_text_is_a_hint_and_not_an_order(fenced: bool, tmp_path: Path) -> None:
    problem = fresh("python")[0]
    whole = problem.prompt + problem.canonical_solution
    text = f"Sure!\n```python\n{whole}```\n" if fenced else whole
    path = lines({"task_id": problem.task_id, "solution": text})(tmp_path)
    (sample,) = read_samples([path], load_problems("fresh"))
    reading = reading_of(problem, sample, EvaluationSettings())
    assert (sample.answers, reading.read_as) == ("program", ReadAs.CHAT if fenced else ReadAs.PROGRAM)
    assert "Sure" not in reading.candidate
    fixed = reading_of(problem, sample, EvaluationSettings(answers=Answers.CHAT))
    assert fixed.read_as is ReadAs.CHAT


def test_convert_replaces_no_file_and_leaves_none_half_written(tmp_path: Path) -> None:
    bad = lines({"task_id": "Python/fresh-1", "completion": ONE}, {"task_id": "Python/fresh-1"})(tmp_path)
    with pytest.raises(SampleError, match="'completion' is missing"):
        convert([bad], tmp_path / "out.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["samples.jsonl"]
    with pytest.raises(SampleError, match="exists already; choose another name"):
        convert([bad], bad)


def test_an_archived_inspect_log_is_read_with_its_package_or_names_it(problems: ProblemSet, tmp_path: Path) -> None:
    path = tmp_path / "log.eval"
    try:
        from inspect_ai.log import EvalLog, write_eval_log
    except ModuleNotFoundError:
        path.write_bytes(b"PK\3\4")
        with pytest.raises(SetupError, match=r"needs the Python package inspect_ai; install it with: pip install"):
            list(read_samples([path], problems))
        return
    log = {**INSPECT, "eval": {**INSPECT["eval"], "created": "2026-01-01T00:00:00+00:00", "config": {"epochs": 2}}}  # type: ignore[dict-item]
    write_eval_log(EvalLog.model_validate(log), str(path))
    seen: dict[tuple[str, str, int], bool] = {}
    told = Recognised(verdicts=seen)
    assert shape(read_samples([path], problems, told=told), seen) == CASES["Inspect's log"][3]


def test_run_judges_the_samples_of_another_harness_and_says_what_it_took_them_for(
    tmp_path: Path, sandbox: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = fresh("python")[0]
    write = folder_of(python_fresh_0__0_py=problem.prompt + problem.canonical_solution, python_fresh_0__1_py="No.")
    monkeypatch.chdir(tmp_path)
    folder = write(tmp_path).rename(tmp_path / "theirs")
    (folder / "python_fresh_0").rename(folder / "python_fresh-0")
    main(["run", "theirs", "--sandbox", sandbox, "--partial", "--k", "1"])
    out, told = capsys.readouterr()
    assert told.startswith(
        "theirs: read as folders of solutions, 2 samples, the file; python_fresh-0 is Python/fresh-0\n"
    )
    assert "50.00*" in out
    (passed, failed) = sorted(read_rows("results/theirs"), key=lambda row: row.sample_index)
    assert (passed.verdict.passed, failed.verdict.passed) == (True, False)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "task_id"),
    [
        ("f11_humaneval_id.jsonl", "Python/31"),
        ("f11b_js_id.jsonl", "JavaScript/31"),
        ("f11c_multiple_id.jsonl", "Python/31"),
        ("f11d_generated_key.jsonl", "Python/31"),
    ],
)
def test_the_ids_and_keys_of_the_given_cases_are_mapped(file: str, task_id: str) -> None:
    problems = load_problems(SHARED / "humaneval-x")
    (sample,) = read_samples([SHARED / "cases" / "answers" / file], problems)
    assert sample.task_id == task_id


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "samples", "verdicts"),
    [
        ("agentcoder_gpt4_python", 164, 164),
        ("chat_gpt4_python", 164, 0),
        ("codefuse_13b_python", 164, 0),
        ("wizardcoder_python", 164, 164),
        ("qwen3_coder_translations", 1640, 1640),
    ],
)
def test_real_files_are_read_whole_with_their_verdicts(file: str, samples: int, verdicts: int) -> None:
    seen: dict[tuple[str, str, int], bool] = {}
    told = Recognised(verdicts=seen)
    path = SHARED / "real-samples" / f"{file}.jsonl.gz"
    read = list(read_samples([path], load_problems(SHARED / "humaneval-x"), told=told))
    assert (len(read), len(seen)) == (samples, verdicts)


def test_a_document_on_one_line_is_no_row(tmp_path: Path) -> None:
    row = {"task_id": "HumanEval/1", "solution": WHOLE, "base_status": "pass"}
    path = tmp_path / "eval_results.json"
    path.write_text(json.dumps({"eval": {"HumanEval/1": [row]}}))
    assert recognised(path)[0].NAME == "evalplus-results"
    assert recognised(path, "evalplus-results")[0].NAME == "evalplus-results"
