"""The typed layer over python-fire: what a word of the command line means, and what help, quiet and JSON do."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import pytest
from machine import ROOT

import humaneval_x as hx
from humaneval_x.commands import evaluate, generate
from humaneval_x.commands.help import commands_of
from humaneval_x.commands.shell import CommandProgram, Outcome, ended
from humaneval_x.commands.signature import Given, group_of
from humaneval_x.errors import OptionError
from humaneval_x.generation import generate as sampled
from humaneval_x.values import Formerly, Internal, Names, Prefix, Range, kind_of


class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Box:
    """A record.

    Args:
        width: how wide
    """

    width: Annotated[int, Range(1, 9)]
    secret: Annotated[int, Internal()] = 7


SMALL = Box(width=1)


def show(
    *files: Path,
    where: Path | None = None,
    text: str | None = None,
    number: Annotated[float, Range(0, above=True)] = 1.0,
    sizes: Annotated[tuple[int, ...], Range(1)] = (1, 10),
    names: Annotated[tuple[str, ...] | None, Names("name", ("a", "b"))] = None,
    places: tuple[Path, ...] | None = None,
    colour: Colour = Colour.RED,
    fast: bool = False,
    careful: Annotated[bool, Formerly(("timid",))] = True,
    box: Annotated[Box, Prefix("box_")] = SMALL,
    given: Annotated[dict[str, Any], Given(Box)],
    quiet: bool = False,
) -> Outcome:
    """Show what was read.

    Args:
        files: some files
    """
    read = {name: value for name, value in locals().items() if name != "box"}
    return Outcome(text="read", data={**read, **{f"box_{name}": value for name, value in asdict(box).items()}})


def fails(kind: str) -> Outcome:
    """Fail.

    Args:
        kind: how
    """
    raise {"value": ValueError, "memory": MemoryError, "thread": RuntimeError}[kind]("can't start new thread")


PROGRAM = CommandProgram(
    name="python demo.py", about="A demonstration.", table={"show": show, "deep": {"fails": fails}}
)


def read(*words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert ended(PROGRAM, ["show", "--json", *words]) == 0, capsys.readouterr().err
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    "word", ["5", "1e3", "True", "None", "a,b", "[1]", "{x}", "1_000", "0x10", "é", "a b", "'q'", "--x", "-"]
)
def test_paths_and_texts_are_what_was_typed(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read("f", f"--where={word}", "--", word, capsys=capsys)
    assert (found["files"], found["where"]) == (["f", word], word)
    assert read("f", f"--where={word}", f"--text={word}", capsys=capsys)["where"] == word


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--fast"], True),
        (["--fast=true"], True),
        (["--fast=YES"], True),
        (["--fast", "on"], True),
        (["--fast=false"], False),
        (["--fast", "no"], False),
        (["--fast=off"], False),
        (["--nofast"], False),
        (["--no-fast"], False),
        (["--no_fast"], False),
        ([], False),
    ],
)
def test_a_boolean_says_what_it_means(words: list[str], expected: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert read("f", *words, capsys=capsys)["fast"] is expected


def test_a_boolean_takes_no_file_for_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    found = read("--fast", "x.jsonl", "--careful=no", "y.jsonl", capsys=capsys)
    assert (found["fast"], found["careful"], found["files"]) == (True, False, ["x.jsonl", "y.jsonl"])


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        (["--number", "0.5"], "number", 0.5),
        (["--number=1e-3"], "number", 0.001),
        (["--number", "3"], "number", 3.0),
        (["--sizes", "1,10"], "sizes", [1, 10]),
        (["--sizes=1, 1, 5"], "sizes", [1, 5]),
        (["--sizes", "5"], "sizes", [5]),
        (["--names", "b,a"], "names", ["b", "a"]),
        (["--places", "a,b", "--places", "c"], "places", ["a,b", "c"]),
        (["--colour", "blue"], "colour", "blue"),
        (["--box-width", "4"], "box_width", 4),
        (["--box_width=4"], "box_secret", 7),
        (["--width", "2"], "given", {"width": 2}),
        ([], "given", {}),
        ([], "box_width", 1),
    ],
)
def test_a_value_is_of_its_options_type(
    words: list[str], name: str, expected: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read("f", *words, capsys=capsys)[name] == expected


def test_a_former_name_works_and_says_the_new_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(PROGRAM, ["show", "f", "--timid=no", "--json"]) == 0
    out, error = capsys.readouterr()
    assert json.loads(out)["careful"] is False
    assert error == "note: --timid is now called --careful\n"


def test_quiet_is_told_to_a_command_that_asks(capsys: pytest.CaptureFixture[str]) -> None:
    assert read("f", "--quiet", capsys=capsys)["quiet"] is True
    assert ended(PROGRAM, ["show", "f", "--quiet"]) == 0
    assert capsys.readouterr().out == "read\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["-h"],
        ["deep", "fails", "--help"],
        ["deep", "fails", "value", "-h"],
        ["help", "show"],
        ["show", "--help", "--nosuch"],
        ["deep"],
        [],
    ],
)
def test_help_is_on_stdout_and_runs_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(PROGRAM, words) == 0
    out, error = capsys.readouterr()
    assert out.startswith("usage: python demo.py ")
    assert error == ""


def test_the_overview_has_a_line_for_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    ended(PROGRAM, ["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("commands:") + 1 :][:2] == ["  show        Show what was read.", "  deep fails  Fail."]


@pytest.mark.parametrize("table", [evaluate.COMMANDS, generate.COMMANDS])
def test_every_option_of_every_command_is_explained(table: Any) -> None:
    for path, command in commands_of(table):
        for option in group_of(command).options():
            assert option.help or option.kind.base is bool, (path, option.name)
            assert option.help, (path, option.name)


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["deep", "fails", "value"], 3, "ValueError: can't start new thread; this is a fault of the harness; HUMANEVAL_X_TRACEBACK=1"),
        (["deep", "fails", "memory"], 3, "MachineError: the machine is out of memory"),
        (["deep", "fails", "thread"], 3, "MachineError: the machine gives no more threads"),
        (["show", "f", "--sizes", "0"], 2, "OptionError: --sizes is 0; expected whole numbers from 1, separated by commas, such as 1,10"),
        (["show", "f", "--number=0"], 2, "OptionError: --number is 0; expected a number above 0"),
        (["show", "f", "--fast=maybe"], 2, "OptionError: --fast is 'maybe'; expected true or false (yes or no, on or off)"),
        (["show", "f", "--names", "c"], 2, "OptionError: unknown name 'c'; choose a, b"),
        (["show", "f", "--names="], 2, "OptionError: --names is empty; expected some of a, b"),
        (["show", "f", "--box_secret=1"], 2, "OptionError: unknown option '--box_secret'; did you mean '--box_width'?"),
        (["show", "f", "--fast", "--fast"], 2, "OptionError: --fast is given twice; give it once"),
        (["show"], 2, "OptionError: FILES is missing: some files; see --help"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_line(
    words: list[str], code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(PROGRAM, words) == code
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith(line)


def test_a_program_knows_its_name_and_version() -> None:
    for argv, name in (
        ([sys.executable, "evaluate.py"], "python evaluate.py"),
        ([sys.executable, "-m", "humaneval_x", "evaluate"], "humaneval-x evaluate"),
    ):
        told = subprocess.run([*argv, "run", "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert told.startswith(f"usage: {name} run SAMPLES [SAMPLES ...]")
        assert f"  {name} run samples.jsonl --output results/my-model\n" in told
        told = subprocess.run([*argv, "--version"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert told == f"humaneval-x {hx.__version__}\n"


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (Annotated[tuple[int, ...], Range(1)], 5, (5,)),
        (Annotated[tuple[int, ...], Range(1)], [1, 1, 5], (1, 5)),
        (tuple[str, ...], "a,b", ("a", "b")),
        (int | None, None, None),
        (float, 3, 3),
        (Colour, "blue", Colour.BLUE),
        (Path, "5", Path("5")),
    ],
)
def test_values_from_python_are_held_to_the_same_types(annotation: Any, value: Any, expected: Any) -> None:
    assert kind_of(annotation).check(value, "--x") == expected


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"k": "a"}, {"k": []}, {"k": True}, {"workers": 0}, {"workers": 1.5}, {"workers": 10**9}]
)
def test_evaluate_from_python_says_what_is_wrong_with_a_number(wrong: dict[str, Any], tmp_path: Path) -> None:
    (name,) = wrong
    with pytest.raises(OptionError, match=f"^{name} is ") as caught:
        hx.evaluate(ROOT / "examples" / "demo_samples.jsonl", tmp_path / "out", **wrong)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_file_with_more_languages_than_asked_is_taken_up(tmp_path: Path) -> None:
    output = tmp_path / "s.jsonl"
    options: dict[str, Any] = {"problems": "fresh", "preset": "greedy", "limit": 2, "quiet": True}
    assert sampled("echo", output, **options).written == 10
    done = sampled("echo", output, **{**options, "limit": 3}, languages=["go"])
    assert (done.resumed, done.written) == (2, 1)
    assert len(output.read_text().splitlines()) == 11
