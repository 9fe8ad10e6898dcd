"""`generate.py` end to end with tiny models: valid files, resumption, several processes, and every bad input."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
sys.path.insert(0, str(Path(__file__).resolve().parent / "samplers"))

import tiny_models
import torch
from kills import ENVIRONMENT, kill_at_10_moments

import humaneval_x as hx
from humaneval_x.commands.generate import main
from humaneval_x.errors import CheckpointError, HarnessError, MachineError, OptionError, SampleError
from humaneval_x.languages import LANGUAGES, PAIRS
from humaneval_x.problems import load_problems
from humaneval_x.samplers import ModelOptions, devices
from humaneval_x.samples import read_samples

torch.set_num_threads(1)
ROOT = Path(__file__).resolve().parent.parent
FAST: dict[str, Any] = {"problems": "fresh", "max_new_tokens": 8, "seed": 1, "quiet": True}


@pytest.fixture(scope="module")
def codegeex(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_codegeex(tmp_path_factory.mktemp("models") / "tiny-codegeex")


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_gpt2(tmp_path_factory.mktemp("models") / "tiny-gpt2")


def cpu(folder: Path, **options: Any) -> ModelOptions:
    return ModelOptions(model=str(folder), device="cpu", **options)


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "generate.py"), *words]


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), capture_output=True, text=True, env=ENVIRONMENT, timeout=300, check=False)


def test_the_command_samples_five_languages_into_a_valid_file(codegeex: Path, tmp_path: Path) -> None:
    output = tmp_path / "samples.jsonl"
    words = ["run", "--model", str(codegeex), "--output", str(output), "--problems", "fresh", "--limit", "2"]
    words += ["--num_samples", "2", "--max_new_tokens", "8", "--device", "cpu"]
    done = ran(*words)
    assert (done.returncode, done.stdout.split(";")[0]) == (0, f"{output}: 20 samples written, 0 were there"), (
        done.stderr
    )
    samples = list(read_samples([output], load_problems("fresh")))
    assert [sample.task_id for sample in samples[::2]] == [
        f"{language.PREFIX}/fresh-{number}" for language in LANGUAGES.values() for number in (0, 1)
    ]
    row = json.loads(output.read_text().split("\n")[0])
    assert list(row) == [
        "task_id", "sample_index", "completion", "raw_completion", "finish_reason", "tokens",
        "model", "model_digest", "settings",
    ]  # fmt: skip
    assert row["model"] == "tiny-codegeex"
    assert len(row["model_digest"]) == 32
    assert row["settings"] == {
        "temperature": 0.8, "top_p": 0.95, "top_k": 0, "max_new_tokens": 8, "seed": 42,
        "dtype": "float32", "device": "cpu", "prompting": "completion", "rules": "ours",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["codegeex", "gpt2"])
def test_all_20_pairs_are_sampled_into_a_valid_file(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    output = tmp_path / "samples.jsonl.gz"
    folder = request.getfixturevalue(name)
    done = hx.generate(cpu(folder), output, task="translation", num_samples=1, limit=1, **{**FAST, "max_new_tokens": 2})
    assert done.written == 20
    samples = list(read_samples([output], load_problems("fresh")))
    assert [(s.source_language, s.task_id) for s in samples] == [
        (source, f"{LANGUAGES[target].PREFIX}/fresh-0") for source, target in PAIRS
    ]


def test_an_interrupted_run_and_any_batch_size_give_the_same_file(gpt2: Path, tmp_path: Path) -> None:
    options = {**FAST, "languages": ["java", "python"], "limit": 2, "num_samples": 7, "temperature": 1.0}
    whole = tmp_path / "whole.jsonl"
    hx.generate(cpu(gpt2, batch_size=7), whole, **options)
    lines = whole.read_bytes().splitlines(keepends=True)
    assert len(lines) == 28
    for seed, size in enumerate((1, 3, 7)):
        partial = tmp_path / f"partial{size}.jsonl"
        kept = random.Random(seed).sample(lines, 9)
        partial.write_bytes(b"".join(kept) + lines[0][:50])  # out of order, and torn
        done = hx.generate(cpu(gpt2, batch_size=size), partial, **options)
        assert (done.resumed, done.written) == (9, 19)
        assert partial.read_bytes() == whole.read_bytes()


def test_more_samples_and_more_languages_can_be_asked_of_a_file(gpt2: Path, tmp_path: Path) -> None:
    output, whole = tmp_path / "grown.jsonl", tmp_path / "whole.jsonl"
    options = {**FAST, "limit": 1, "temperature": 1.0}
    hx.generate(cpu(gpt2), output, num_samples=2, languages=["go"], **options)
    assert hx.generate(cpu(gpt2), output, num_samples=3, languages=["cpp", "go"], **options).written == 4
    hx.generate(cpu(gpt2), whole, num_samples=3, languages=["cpp", "go"], **options)
    assert output.read_bytes() == whole.read_bytes()


def test_kill_9_at_10_random_moments_of_400_samples_leaves_the_file_of_an_uninterrupted_run(
    gpt2: Path, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    words = ["run", "--model", str(gpt2), "--problems", "fresh", "--limit", "2", "--num_samples", "40"]
    words += ["--max_new_tokens", "12", "--device", "cpu", "--batch_size", "16", "--output"]
    imports = "humaneval_x.samplers.pytorch, transformers.models.gpt2.modeling_gpt2"
    kill_at_10_moments(words, whole, killed, 400, imports)
    assert killed.read_bytes() == whole.read_bytes()


def test_several_processes_write_one_file_equal_to_that_of_one(gpt2: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    options = {**FAST, "languages": ["go", "cpp"], "limit": 1, "num_samples": 5, "temperature": 1.0}
    hx.generate(cpu(gpt2), one, **options)
    assert hx.generate(cpu(gpt2, processes=2), two, **options).written == 10
    assert two.read_bytes() == one.read_bytes()


def test_an_error_in_a_process_is_the_parents_error(tmp_path: Path) -> None:
    folder = tiny_models.save_codegeex(tmp_path / "short", positions=16)
    with pytest.raises(OptionError, match=r"^Go/fresh-\d+: the prompt has \d+ tokens, the model takes 16"):
        hx.generate(cpu(folder, processes=2), tmp_path / "s.jsonl", languages=["go"], num_samples=1, **FAST)


def test_a_process_that_is_killed_is_told_and_the_next_run_goes_on(gpt2: Path, tmp_path: Path) -> None:
    output, whole = tmp_path / "killed.jsonl", tmp_path / "whole.jsonl"
    options = {**FAST, "languages": ["go", "cpp"], "limit": 2, "num_samples": 20, "temperature": 1.0}
    hx.generate(cpu(gpt2), whole, **options)
    parent = multiprocessing.current_process().pid

    def kill_one() -> None:
        while not output.exists() or not output.read_bytes():
            time.sleep(0.002)
        children = [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(workers[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(
        MachineError, match=r"^the process that samples on cpu died with exit code -9; finished samples"
    ):
        hx.generate(cpu(gpt2, processes=2), output, **options)
    killer.join()
    done = hx.generate(cpu(gpt2), output, **options)
    assert done.resumed and done.written
    assert output.read_bytes() == whole.read_bytes()


def test_the_echo_sampler_gives_the_canonical_solutions(tmp_path: Path) -> None:
    hx.generate("echo", tmp_path / "s.jsonl", problems="fresh", num_samples=1, quiet=True)
    problems = load_problems("fresh")
    samples = list(read_samples([tmp_path / "s.jsonl"], problems))
    assert [sample.task_id for sample in samples] == list(problems.problems)
    assert all(s.extra["raw_completion"] == problems.problems[s.task_id].canonical_solution for s in samples)


def test_a_model_with_a_chat_template_is_asked_and_its_answer_kept(tmp_path: Path) -> None:
    folder = tiny_models.save_gpt2(tmp_path / "chatty", chat=True)
    output = tmp_path / "s.jsonl"
    hx.generate(cpu(folder), output, languages=["cpp"], limit=1, num_samples=2, **FAST)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert {row["settings"]["prompting"] for row in rows} == {"chat"}
    hx.generate(
        cpu(folder, prompting="completion"), tmp_path / "c.jsonl", languages=["cpp"], limit=1, num_samples=2, **FAST
    )
    assert '"prompting": "completion"' in (tmp_path / "c.jsonl").read_text()


def test_gz_files_are_one_member_whatever_the_interruptions(gpt2: Path, tmp_path: Path) -> None:
    output, plain = tmp_path / "s.jsonl.gz", tmp_path / "s.jsonl"
    options = {**FAST, "languages": ["go"], "limit": 1, "temperature": 1.0}
    hx.generate(cpu(gpt2), output, num_samples=2, **options)
    hx.generate(cpu(gpt2), output, num_samples=4, **options)
    hx.generate(cpu(gpt2), plain, num_samples=4, **options)
    assert gzip.decompress(output.read_bytes()) == plain.read_bytes()
    assert output.read_bytes() == gzip.compress(plain.read_bytes(), mtime=0)


def test_convert_and_complete_work_from_the_command_line(
    codegeex: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("def f(x):\n")
    main(
        ["complete", "--model", str(codegeex), "--prompt_file", str(prompt), "--max_new_tokens", "5", "--device", "cpu"]
    )
    assert capsys.readouterr().out.startswith("def f(x):\n")
    shared = ROOT.parent / "shared" / "reference" / "tiny_codegeex"
    if not shared.exists():
        pytest.skip("reference data ../shared/reference/tiny_codegeex is not at hand")
    main(["convert", str(shared), str(tmp_path / "new"), "--dtype", "float32"])
    out = capsys.readouterr().out
    assert f"{tmp_path / 'new'}: converted" in out
    assert "has no tokenizer yet" in out


def test_files_of_another_model_or_other_settings_are_not_taken_up(gpt2: Path, codegeex: Path, tmp_path: Path) -> None:
    output = tmp_path / "s.jsonl"
    options = {**FAST, "languages": ["go"], "limit": 1}
    hx.generate(cpu(gpt2), output, num_samples=1, temperature=0.5, **options)
    before = output.read_bytes()
    with pytest.raises(SampleError, match=r"its samples have temperature 0.5, this run 0.8; choose another --output"):
        hx.generate(cpu(gpt2), output, num_samples=2, **options)
    with pytest.raises(SampleError, match=r"its samples have model 'tiny-gpt2', this run 'tiny-codegeex'"):
        hx.generate(cpu(codegeex), output, num_samples=2, temperature=0.5, **options)
    assert output.read_bytes() == before


BAD_OPTIONS = [
    (["--temperature", "-0.1"], "OptionError: --temperature is -0.1; expected a number from 0"),
    (["--top_p", "0"], "OptionError: --top_p is 0; expected a number above 0, at most 1"),
    (["--top_p", "1.5"], "OptionError: --top_p is 1.5; expected a number above 0, at most 1"),
    (["--top_k", "-1"], "OptionError: --top_k is -1; expected a whole number from 0"),
    (["--num_samples", "0"], "OptionError: --num_samples is 0; expected a whole number from 1"),
    (["--num_samples", "many"], "OptionError: --num_samples is 'many'; expected a whole number from 1"),
    (["--max_new_tokens", "0"], "OptionError: --max_new_tokens is 0; expected a whole number from 1"),
    (["--seed", "-1"], "OptionError: --seed is -1; expected a whole number from 0"),
    (["--batch_size", "0"], "OptionError: --batch_size is 0; expected a whole number from 1"),
    (["--device", "gpu"], "OptionError: unknown --device 'gpu'; did you mean"),
    (["--dtype", "fp16"], "OptionError: unknown --dtype 'fp16'; did you mean 'float16'?"),
    (["--task", "translate"], "OptionError: unknown --task 'translate'; did you mean 'translation'?"),
    (["--preset", "codegeex"], "OptionError: unknown preset 'codegeex'; did you mean 'codegeex-paper'?"),
    (["--languages", "golang"], "OptionError: unknown language 'golang'; did you mean 'go'?"),
    (["--task", "translation", "--pairs", "python-ruby"], "OptionError: unknown language 'ruby';"),
    (["--task", "translation", "--pairs", "python"], "OptionError: pair 'python' has to read source-target"),
    (["--pairs", "python-cpp"], "OptionError: --pairs is for --task translation"),
    (["--task", "translation", "--languages", "go"], "OptionError: --languages is for --task generation"),
    (["--problems", "frosh"], "ProblemError: unknown problem set 'frosh'; did you mean 'fresh'?"),
    (["--limit", "0"], "OptionError: --limit is 0; expected a whole number from 1"),
    (["--samples", "3"], "OptionError: unknown option '--samples'; did you mean '--num_samples'?"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), BAD_OPTIONS)
def test_a_wrong_option_is_one_line_and_exit_2(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [] if "--problems" in words else ["--problems", "fresh"]
    with pytest.raises(SystemExit) as ended:
        main(["run", "--model", "echo", "--output", str(tmp_path / "s.jsonl"), *problems, *words])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(message)


def broken(folder: Path, target: Path, how: str) -> Path:
    """Return a copy of a model folder with one thing wrong."""
    shutil.copytree(folder, target)
    weights = target / "model.safetensors"
    if how == "truncated":
        weights.write_bytes(weights.read_bytes()[:-1000])
    elif how == "no weights":
        weights.unlink()
    elif how == "no tokenizer":
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (target / name).unlink(missing_ok=True)
    elif how == "no config":
        (target / "config.json").unlink()
    elif how == "not json":
        (target / "config.json").write_text("{")
    elif how == "other sizes":
        config = json.loads((target / "config.json").read_text())
        config.update({"n_embd": 64, "hidden_size": 64, "head_dim": None, "intermediate_size": None})
        (target / "config.json").write_text(json.dumps(config))
    return target


@pytest.mark.parametrize("name", ["codegeex", "gpt2"])
@pytest.mark.parametrize("how", ["truncated", "no weights", "no tokenizer", "no config", "not json", "other sizes"])
def test_a_broken_model_folder_is_one_clear_line(
    name: str, how: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = broken(request.getfixturevalue(name), tmp_path / "model", how)
    with pytest.raises(CheckpointError) as caught:
        hx.generate(cpu(folder), tmp_path / "s.jsonl", languages=["go"], num_samples=1, limit=1, **FAST)
    message = str(caught.value)
    assert message.startswith(str(folder))
    assert "\n" not in message
    if (name, how) == ("codegeex", "no tokenizer"):
        assert "https://github.com/THUDM/CodeGeeX" in message


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("./nothing", "no such folder; give a folder, owner/model, an http address, or echo"),
        ("CHECKPOINT", "convert it first: python generate.py convert"),
    ],
)
def test_what_is_no_model_is_one_clear_line(model: str, message: str, tmp_path: Path) -> None:
    if model == "CHECKPOINT":
        (tmp_path / "mp_rank_00_model_states.pt").write_bytes(b"x")
        model = str(tmp_path)
    with pytest.raises(CheckpointError, match=message):
        hx.generate(model, tmp_path / "s.jsonl", **FAST)


@pytest.mark.parametrize("kind", ["cuda", "npu"])
def test_a_device_that_is_not_there_is_one_clear_line(kind: str, gpt2: Path, tmp_path: Path) -> None:
    if devices.count(kind):
        pytest.skip(f"this machine has a device of type {kind}")
    with pytest.raises(
        MachineError, match=rf"^--device {kind}: no such device is usable on this machine; install .*cpu$"
    ):
        hx.generate(ModelOptions(model=str(gpt2), device=kind), tmp_path / "s.jsonl", **FAST)


def test_too_little_memory_says_what_is_needed_and_what_would_fit(
    codegeex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = devices  # 13 B parameters on 40 GB: float32 does not fit, float16 and int8 do
    monkeypatch.setattr(numbers, "free_bytes", lambda device: 40 * 10**9)
    parameters = {"int": 0, "float": 12_873_943_040}
    device = torch.device("cpu")
    with pytest.raises(MachineError) as caught:
        devices.check_fits("codegeex-13b", parameters, "float32", device, int8_helps=True)
    assert str(caught.value) == (
        "codegeex-13b: the weights need 51.5 GB in float32, cpu has 40.0 GB free; what would fit: "
        "--dtype float16 (25.7 GB); --dtype bfloat16 (25.7 GB); "
        "int8 weights (13.3 GB): python generate.py convert ... --int8"
    )
    monkeypatch.setattr(numbers, "free_bytes", lambda device: 1000)
    with pytest.raises(
        MachineError, match=r"^tiny-codegeex: the weights need .* MB in float32, .* nothing here would fit it"
    ):
        hx.generate(cpu(codegeex), tmp_path / "s.jsonl", **FAST)


def test_a_file_that_another_process_writes_is_refused(gpt2: Path, tmp_path: Path) -> None:
    from humaneval_x.samples import SampleWriter

    with SampleWriter(tmp_path / "s.jsonl"), pytest.raises(SampleError, match="another process is writing this file"):
        hx.generate(cpu(gpt2), tmp_path / "s.jsonl", **FAST)


def test_importing_the_function_loads_no_torch() -> None:
    code = "import sys, humaneval_x.generation, humaneval_x.commands.generate; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=False).returncode == 0


def test_every_error_has_an_exit_code_of_its_kind() -> None:
    assert (OptionError.exit_code, CheckpointError.exit_code, MachineError.exit_code) == (2, 2, 3)
    assert issubclass(OptionError, HarnessError)
