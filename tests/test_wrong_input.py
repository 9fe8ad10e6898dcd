"""All commands x wrong values: one line on stderr, exit code 2 (3: the machine), nothing on stdout, nothing written.

The rows for values, names and counts come from the commands' own signatures, so that a new command is in the table as
soon as it is in `COMMANDS`. They run in this process, by the function that the programs call; some also as a process.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from machine import ROOT

from humaneval_x.commands import evaluate, generate
from humaneval_x.commands.help import commands_of
from humaneval_x.commands.shell import CommandProgram, ended
from humaneval_x.commands.signature import Option, group_of
from humaneval_x.commands.words import COMMON

PROGRAMS = {
    "evaluate": CommandProgram(name="python evaluate.py", about="", table=evaluate.COMMANDS),
    "generate": CommandProgram(name="python generate.py", about="", table=generate.COMMANDS),
}
Words = tuple[str, ...]
ROW = '{"task_id": "Python/fresh-0", "completion": "    return 0\\n"}\n'


def given(options: list[Option], without: str = "") -> list[str]:
    """What has to be given, for a command that never comes to use it."""
    return [f"--{option.name}=x" for option in options if (option.required or option.rest) and option.name != without]


def wrong_values(option: Option) -> Iterator[str]:
    """Words that an option of this kind cannot mean."""
    kind = option.kind
    yield ""
    if kind.base is bool:
        yield from ("maybe", "2", "None")
    elif kind.base is int:
        yield from ("many", "1e3", "1.5", "True", "9" * 30, "-1", "0x10", "1,,5")
    elif kind.base is float:
        yield from ("some", "nan", "inf", "1e999", "True", "1,5", "-1")
    elif kind.names or issubclass(kind.base, Enum):
        yield from ("nosuch", "True", "5")


def rows() -> Iterator[tuple[str, Words]]:
    for program, each in PROGRAMS.items():
        yield program, ("nosuch",)
        yield program, ("--nosuch", "run")
        for path, command in commands_of(each.table):
            options = list(group_of(command).options())
            needed = given(options)
            yield program, (*path, *needed, "--nosuch=1")
            yield program, (*path, *needed, "-x")
            yield program, (*path[:-1], path[-1] + "x")
            if not any(option.rest for option in options):
                yield program, (*path, *needed, *["x"] * 9)
            for option in [*options, *COMMON.values()]:
                others = given(options, without=option.name)
                for value in wrong_values(option):
                    yield program, (*path, *others, f"--{option.name}={value}")
                if option.kind.base is not bool:
                    yield program, (*path, *others, f"--{option.name}")
                if option.required or option.rest:
                    yield program, (*path, *others)
                elif option.name not in COMMON and not option.kind.many:
                    yield program, (*path, *others, *[f"--{option.name}={option.default}"] * 2)
                yield program, (*path, *others, f"--{option.name[:-1]}_y=1")


# What only shows when a command is at work: files, folders, addresses. `{}` is a folder with the things of `place`.
AT_WORK = {
    "evaluate": """
        run {}/absent.jsonl
        run {}/folder
        run {}/empty.jsonl
        run /dev/null
        run 5
        run 1e3
        run True
        run None
        run ../x
        run {}/s.jsonl {}/s.jsonl
        run {}/s.jsonl --problems {}/s.jsonl
        run {}/s.jsonl --problems {}/folder
        run {}/s.jsonl --problems 5
        run {}/s.jsonl --problems /proc/x
        run {}/s.jsonl --languages golang
        run {}/s.jsonl --output /proc/x --sandbox none
        run {}/s.jsonl --output {}/s.jsonl --sandbox none
        run {}/s.jsonl --output {}/s.jsonl/x --sandbox none
        run {}/s.jsonl --workers 100000 --output {}/out --sandbox none
        run {}/s.jsonl --workers 4000 --output {}/out --sandbox none
        run {}/s.jsonl --output {}/out --sandbox none --docker_image x
        run {}/s.jsonl --output {}/out --sandbox none --docker_runtime x
        convert {}/absent.jsonl {}/out.jsonl
        convert {}/folder {}/out.jsonl
        convert {}/s.jsonl {}/s.jsonl
        convert {}/s.jsonl /proc/x
        convert {}/s.jsonl {}/s.jsonl/x
        differences {}/s.jsonl --against {}/folder
        differences {}/s.jsonl --against {}/absent
        differences {}/s.jsonl --against {}/s.jsonl
        report {}/absent
        report {}/folder
        report {}/s.jsonl
        report 5
        report True
        report 1e3
        report {}/folder --baseline {}/folder --samples {}/s.jsonl
        report {}/folder --fail_if_worse 0.05
        report {}/folder {}/folder --output {}/s.jsonl
        serve --host 0.0.0.0
        serve --host nosuch.invalid
        serve --token_file {}/absent
        ground_truth --problems nosuch
        ground_truth --problems {}/folder
        ground_truth --problems {}/s.jsonl
        problems fetch --directory /proc/x --base_url http://127.0.0.1:9/
        problems fetch --directory {}/s.jsonl --base_url http://127.0.0.1:9/
        problems fetch --directory {}/d --base_url ftp://example.org
        problems fetch --directory {}/d --base_url http://
        problems fetch --directory {}/d --base_url http://[::1
        problems fetch --directory {}/d --base_url 5
        problems fetch --directory {}/d --base_url http://127.0.0.1:9/
        problems verify --directory {}/absent
        problems verify --directory {}/s.jsonl
        leaderboard check {}/absent --problems fresh
        leaderboard check {}/s.jsonl --problems fresh
        leaderboard check {}/folder --problems fresh
        leaderboard check {}/folder --problems fresh --row /proc/x
        leaderboard check {}/folder --problems 5
        leaderboard build {}/absent --problems fresh
        leaderboard build {}/s.jsonl --problems fresh
        leaderboard build {}/folder --problems fresh --output /proc/x
        leaderboard build {}/folder --problems fresh --output {}/s.jsonl
    """,
    "generate": """
        run echo /proc/x.jsonl --problems fresh --preset greedy
        run echo /proc/x/y.jsonl --problems fresh --preset greedy
        run echo {}/s.jsonl/x --problems fresh --preset greedy
        run echo {}/folder --problems fresh --preset greedy
        run echo {}/out.jsonl --problems nosuch
        run echo {}/out.jsonl --problems {}/s.jsonl
        run echo {}/out.jsonl --problems fresh --num_samples 999999999
        run echo {}/out.jsonl --problems fresh --device cuda:x
        run echo {}/out.jsonl --problems fresh --device 5
        run echo {}/out.jsonl --problems fresh --pairs python-cpp
        run echo {}/out.jsonl --problems fresh --task translation --pairs python-python
        run echo {}/out.jsonl --problems fresh --task translation --pairs xyz
        run echo {}/out.jsonl --problems fresh --task translation --languages python
        run {}/absent {}/out.jsonl --problems fresh
        run {}/s.jsonl {}/out.jsonl --problems fresh
        run {}/folder {}/out.jsonl --problems fresh
        run a/b/c {}/out.jsonl --problems fresh
        run http:// {}/out.jsonl --problems fresh
        run http://[::1 {}/out.jsonl --problems fresh
        run http://127.0.0.1:99999/v1 {}/out.jsonl --problems fresh
        convert {}/absent {}/out
        convert 5 {}/out
        convert {}/folder {}/out --tokenizer {}/absent
        complete echo
        complete echo --prompt_file {}/absent
        complete echo --prompt_file {}/folder
        complete echo --prompt_file /dev/null
        complete {}/absent --prompt_file {}/s.jsonl
        complete {}/folder --prompt_file {}/s.jsonl
    """,
}
GENERATED = sorted(set(rows()))
AT_WORK_ROWS = [(name, tuple(line.split())) for name, text in AT_WORK.items() for line in text.strip().splitlines()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with things that are there, and a machine whose caches and home are there for nobody."""
    (tmp_path / "s.jsonl").write_text(ROW)
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.delenv("HUMANEVAL_X_PROBLEMS", raising=False)
    return tmp_path


def refusal(program: str, words: Words, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which a command line ends."""
    code = ended(PROGRAMS[program], words)
    out, error = capsys.readouterr()
    *warnings, line = error.splitlines()
    assert code in (2, 3), (code, out, error)
    assert out == ""
    assert all(each.startswith("warning: --sandbox none") or each.startswith("warning: ") for each in warnings), error
    assert "Traceback" not in error
    assert "fault of the harness" not in line
    return line


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len(GENERATED) + len(AT_WORK_ROWS) >= 250


@pytest.mark.long
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_word_that_an_option_cannot_mean_is_one_line(
    program: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One test for all rows: a row takes a millisecond, which a test of its own would not."""
    for name, words in GENERATED:
        if name == program:
            assert refusal(program, words, capsys).startswith("OptionError: "), words
    assert list((place / "work").iterdir()) == []


@pytest.mark.parametrize(("program", "words"), AT_WORK_ROWS, ids=lambda value: " ".join(value) if value else "")
def test_what_a_command_cannot_work_with_is_one_line(
    program: str, words: Words, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if words[0] in ("report", "leaderboard"):
        pytest.importorskip("rich"), pytest.importorskip("jsonschema"), pytest.importorskip("jinja2")
    if words[0] == "serve":
        pytest.importorskip("starlette"), pytest.importorskip("uvicorn")
    line = refusal(program, tuple(word.replace("{}", str(place)) for word in words), capsys)
    assert line.partition(":")[0].endswith("Error")
    assert not (place / "out").exists()


@pytest.mark.parametrize(
    ("program", "words"), GENERATED[:: len(GENERATED) // 6] + AT_WORK_ROWS[:: len(AT_WORK_ROWS) // 6]
)
def test_a_process_ends_the_same(program: str, words: Words, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = [word.replace("{}", str(place)) for word in words]
    expected = refusal(program, tuple(told), capsys)
    argv = [sys.executable, str(ROOT / f"{program}.py"), *told]
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode in (2, 3), done.stdout, done.stderr.splitlines()[-1]) == (True, "", expected)


def test_a_home_that_cannot_be_written_is_one_line(place: Path) -> None:
    """No cache, no home: what is wanted there is named."""
    environment = {**os.environ, "HOME": "/proc/nobody", "XDG_CACHE_HOME": "", "PYTHONPATH": str(ROOT)}
    for words in (["problems", "fetch", "--base_url", "http://127.0.0.1:9"], ["doctor", "--sandbox", "bubblewrap"]):
        argv = [sys.executable, str(ROOT / "evaluate.py"), *words]
        done = subprocess.run(argv, capture_output=True, text=True, env=environment, cwd=place)
        assert done.returncode in (1, 2, 3), done
        assert "Traceback" not in done.stderr + done.stdout
        assert "/proc/nobody" in done.stderr + done.stdout
