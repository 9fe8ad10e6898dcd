"""The command line on bad input: one clear line on stderr, exit code 2, never a traceback. And --help."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from machine import ROOT

from humaneval_x.commands.evaluate import main
from humaneval_x.runners import toolchains

GOOD = {"task_id": "Python/fresh-0", "completion": "    return 0\n"}
ROW = json.dumps(GOOD).encode() + b"\n"
NOWHERE = {"PATH": "/nonexistent", "DOCKER_HOST": "unix:///nonexistent.sock"}  # no bubblewrap, no engine


def evaluate(
    *words: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, str(ROOT / "evaluate.py"), *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run(argv, cwd=cwd or ROOT, env=environment, capture_output=True, text=True)


def refusal(*words: object, **more: object) -> str:
    """The one line with which a command is refused."""
    done = evaluate(*words, **more)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["runn"],
            "OptionError: unknown command 'runn'; did you mean 'run'? choose convert, differences, doctor, ground_truth, leaderboard, problems, report, run",
        ),
        (
            ["problems", "fech"],
            "OptionError: unknown command 'fech'; did you mean 'fetch'? choose cross_check, fetch, list, verify",
        ),
        (["run"], "OptionError: SAMPLES is missing: JSONL files (.gz by name): task_id, completion, "),
        (
            ["run", "x.jsonl", "--sandbx", "none"],
            "OptionError: unknown option '--sandbx'; did you mean '--sandbox'? choose ",
        ),
        (["run", "x.jsonl", "--problems"], "OptionError: --problems needs a value (a text); see --help"),
        (
            ["run", "x.jsonl", "--output", "--negated_tests"],
            "OptionError: --output needs a value (a path); a value that begins with - is written --output=--negated_tests; see --help",
        ),
        (["run", "x.jsonl", "--worker=2"], "OptionError: unknown option '--worker'; did you mean '--workers'? choose "),
        (
            ["ground_truth", "--languages", "golang"],
            "OptionError: unknown language 'golang'; did you mean 'go'? choose ",
        ),
        (["doctor", "auto", "more"], "OptionError: 'more' is one argument too many; expected SANDBOX; see --help"),
        (["run", "x.jsonl", "--errata", "fixed"], "OptionError: unknown --errata 'fixed'"),
        (["run", "x.jsonl", "--tests", "hiden"], "OptionError: unknown --tests 'hiden'; did you mean 'hidden'? "),
        (
            ["run", "x.jsonl", "--rules", "our"],
            "OptionError: unknown --rules 'our'; did you mean 'ours'? choose ours, reference",
        ),
        (
            ["run", "x.jsonl", "--k", "one"],
            "OptionError: --k is 'one'; expected whole numbers from 1 to 1000000, separated by commas, such as 1,10",
        ),
        (
            ["run", "x.jsonl", "--k", "0"],
            "OptionError: --k is 0; expected whole numbers from 1 to 1000000, separated by commas, such as 1,10",
        ),
        (["run", "x.jsonl", "--cpu_s=-1"], "OptionError: --cpu_s is -1; expected a number above 0"),
        (
            ["run", "x.jsonl", "--memory_mib", "big"],
            "OptionError: --memory_mib is 'big'; expected a whole number from 1 to 1048576",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_word_is_named_with_the_nearest_right_one(words, line):
    assert refusal(*words).startswith(line)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--sandbox", "dokcer"],
            "OptionError: unknown --sandbox 'dokcer'; did you mean 'docker'? choose auto, bubblewrap, docker, none",
        ),
        (["--workers", "0"], "OptionError: --workers is 0; expected a whole number from 1 to 4096"),
        (["--workers", "many"], "OptionError: --workers is 'many'; expected a whole number from 1"),
        (["--problems", "no/such/folder"], "ProblemError: "),
        (
            ["--sandbox", "bubblewrap", "--docker_runtime", "runsc"],
            "OptionError: --docker_image and --docker_runtime do not go with --sandbox bubblewrap",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_value_is_refused(words, line, tmp_path):
    (tmp_path / "s.jsonl").write_bytes(ROW)
    assert refusal("run", tmp_path / "s.jsonl", "--output", tmp_path / "out", *words).startswith(line)


FILES = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n\n", "the file is empty"),
    "no JSON": (b"return 0\n", ":1"),
    "not an object": (b"[1]\n", "one JSON list of no known kind"),
    "torn last line": (ROW + ROW[:20], ":2"),
    "NUL bytes": (ROW + b"\0\0\0\n", ":2"),
    "UTF-16": (ROW.decode().encode("utf-16"), "UTF-16"),
    "gzip without the name": (gzip.compress(ROW), "gzip"),
    "a lone surrogate": (b'{"task_id": "Python/fresh-0", "completion": "\\ud800"}\n', "surrogate"),
    "no completion": (b'{"task_id": "Python/fresh-0"}\n', "completion"),
    "no task_id": (b'{"completion": ""}\n', "task_id"),
    "a number for text": (b'{"task_id": "Python/fresh-0", "completion": 1}\n', "completion"),
    "a text for the index": (b'{"task_id": "Python/fresh-0", "completion": "", "sample_index": "0"}\n', "sample_index"),
    "an unknown language": (b'{"task_id": "Kotlin/fresh-0", "completion": ""}\n', "Kotlin"),
    "an unknown task": (b'{"task_id": "Python/fresh-99", "completion": ""}\n', "Python/fresh-99"),
    "an unknown source language": (
        b'{"task_id": "Python/fresh-0", "completion": "", "source_language": "pyton"}\n',
        "pyton",
    ),
    "an index twice": (2 * b'{"task_id": "Python/fresh-0", "completion": "", "sample_index": 0}\n', ":2"),
    "two sets": (ROW + b'{"task_id": "Python/0", "completion": ""}\n', ":2"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_bad_samples_file_is_one_line_that_names_the_place(name, tmp_path):
    content, said = FILES[name]
    (tmp_path / "bad.jsonl").write_bytes(content)
    line = refusal("run", tmp_path / "bad.jsonl", "--problems", "fresh", "--output", tmp_path / "out")
    assert line.startswith(f"SampleError: {tmp_path / 'bad.jsonl'}"), line
    assert said in line
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_named(tmp_path):
    line = refusal("run", tmp_path / "absent.jsonl")
    assert line.startswith(f"SampleError: {tmp_path / 'absent.jsonl'}: ")


@pytest.mark.parametrize("damage", ["cut", "broken"])
def test_a_broken_gzip_file_is_named(damage, tmp_path):
    data = bytearray(gzip.compress(b"".join(ROW.replace(b"0\\n", b"%d\\n" % n) for n in range(2000))))
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 2] ^= 0xFF
    (tmp_path / "s.jsonl.gz").write_bytes(data)
    line = refusal("run", tmp_path / "s.jsonl.gz", "--problems", "fresh")
    assert line.startswith(f"SampleError: {tmp_path / 's.jsonl.gz'}")
    assert "gzip" in line


def test_a_line_of_100_mb_is_refused_and_not_held(tmp_path):
    (tmp_path / "long.jsonl").write_bytes(b'{"task_id": "' + b"x" * 100_000_000 + b'"}\n')
    assert "16 MiB" in refusal("run", tmp_path / "long.jsonl", "--problems", "fresh")


def test_without_any_sandbox_the_line_says_what_to_install(tmp_path):
    (tmp_path / "s.jsonl").write_bytes(ROW)
    line = refusal("run", tmp_path / "s.jsonl", "--output", tmp_path / "out", env=NOWHERE)
    assert line.startswith("SetupError: no sandbox can be used here. Docker: ")
    assert "Bubblewrap: bubblewrap is not installed; install it with: sudo apt-get install bubblewrap" in line


@pytest.mark.parametrize(
    ("kind", "said"), [("docker", "no Docker engine answers"), ("bubblewrap", "bubblewrap is not installed")]
)
def test_a_sandbox_that_was_asked_for_is_not_replaced_by_another(kind, said, tmp_path):
    (tmp_path / "s.jsonl").write_bytes(ROW)
    line = refusal("run", tmp_path / "s.jsonl", "--output", tmp_path / "out", "--sandbox", kind, env=NOWHERE)
    assert line.startswith(f"SetupError: {said}")


@pytest.mark.bubblewrap
def test_a_missing_toolchain_names_its_packages(tmp_path, monkeypatch, capsys):
    """The prepared folder of a machine without a JDK; only its being made again is kept from happening."""
    warm = toolchains.prepared()
    less = tmp_path / "humaneval_x" / "toolchains" / warm.name
    less.mkdir(parents=True)
    (less / "box.so").write_bytes((warm / "box.so").read_bytes())
    manifest = json.loads((warm / "manifest.json").read_text())
    del manifest["toolchains"]["java"]
    (less / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "s.jsonl").write_text(json.dumps({"task_id": "Java/fresh-0", "completion": "}"}) + "\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(toolchains, "missing_languages", lambda target: [])
    with pytest.raises(SystemExit) as left:
        main(["run", str(tmp_path / "s.jsonl"), "--output", str(tmp_path / "out"), "--sandbox", "bubblewrap"])
    assert left.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("SetupError: the java toolchain is missing or broken; install")
    assert toolchains.packages()["java"][0] in lines[0]


def test_a_folder_that_cannot_be_written_is_named(tmp_path, sandbox):
    (tmp_path / "s.jsonl").write_bytes(ROW)
    closed = Path("/proc/results") if os.geteuid() == 0 else tmp_path / "closed" / "out"
    if os.geteuid() != 0:
        closed.parent.mkdir(mode=0o555)
    line = refusal("run", tmp_path / "s.jsonl", "--output", closed, "--sandbox", sandbox)
    assert line.startswith(f"ResultsError: {closed}")
    assert "--output" in line


def test_a_folder_of_another_run_is_refused(tmp_path, sandbox):
    options = ["--output", tmp_path / "out", "--sandbox", sandbox, "--partial"]
    (tmp_path / "one.jsonl").write_bytes(ROW)
    (tmp_path / "two.jsonl").write_bytes(ROW.replace(b"return 0", b"return 1"))
    assert evaluate("run", tmp_path / "one.jsonl", *options).returncode == 0
    line = refusal("run", tmp_path / "two.jsonl", *options)
    assert line.startswith(f"ResultsError: {tmp_path / 'out'}: the folder belongs to another run: samples")


def test_a_run_prints_its_table_and_where_it_ran(tmp_path, sandbox):
    (tmp_path / "s.jsonl").write_bytes(ROW)
    done = evaluate("run", "s.jsonl", "--sandbox", sandbox, "--k", "1", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].split() == ["generation", "tasks", "samples"]
    assert (
        "Python pass@1: needs 1 samples for each of 20 tasks; 19 have fewer (19 have none): Python/fresh-1"
        in done.stdout
    )
    assert "1 samples: 1 programs run, 0 shared with an identical one, 0 from before" in done.stdout
    assert (tmp_path / "results" / "s" / "scores.json").exists()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], ["run", "ground_truth", "doctor", "problems"]),
        (
            ["run"],
            [
                "output",
                "problems",
                "errata",
                "tests",
                "rules",
                "sandbox",
                "workers",
                "partial",
                "share",
                "cpu_s",
                "memory_mib",
            ],
        ),
        (["ground_truth"], ["problems", "languages", "errata", "sandbox", "workers"]),
        (["doctor"], ["sandbox"]),
        (["problems"], ["fetch", "list", "verify"]),
        (["problems", "fetch"], ["directory", "base_url"]),
    ],
    ids=lambda value: " ".join(value) or "evaluate",
)
def test_help_names_every_option_and_exits_with_0(words, options):
    done = evaluate(*words, "--help")
    assert done.returncode == 0, done
    text = done.stdout + done.stderr
    assert "Traceback" not in text
    assert [option for option in options if option not in text] == []


def test_the_installed_command_knows_its_two_halves():
    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "humaneval_x", *words], cwd=ROOT, capture_output=True, text=True)

    done = command("evalute", "run")
    assert (done.returncode, done.stderr) == (
        2,
        "OptionError: unknown command 'evalute'; did you mean 'evaluate'? choose evaluate, generate\n",
    )
    assert command("--help").returncode == 0
    assert command("evaluate", "run").returncode == 2
