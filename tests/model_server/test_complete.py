"""`generate.py complete` and the server give the same answer to the same mode."""

from __future__ import annotations

from pathlib import Path

import pytest
from model_servers import ModelServer

from humaneval_x.commands import generate

CODE = "def add(a, b):\n"


def completed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what the command prints, without the line's end that it adds."""
    generate.main(["complete", *words, "--device", "cpu", "--max_new_tokens", "12", "--quiet"])
    return capsys.readouterr().out.removesuffix("\n")


@pytest.mark.parametrize("mode", ["generate", "explain", "translate", "template", None])
def test_complete_has_the_modes_of_the_server(
    mode: str | None,
    served: ModelServer,
    folders: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "code").write_text(CODE)
    (tmp_path / "template").write_text("{title}: {code}")
    words = [str(folders["codegeex"]), "--prompt_file", str(tmp_path / "code")]
    body, before = {}, CODE
    if mode is not None:
        body, before = {"language": "go"}, CODE if mode == "generate" else ""
        words += ["--language", "go"]
        body["template" if mode == "template" else "mode"] = "{title}: {code}" if mode == "template" else mode
        words += ["--template", str(tmp_path / "template")] if mode == "template" else ["--mode", mode]
    if mode == "translate":
        body |= {"source_language": "python", "start": "func add(a int"}
        words += ["--source_language", "python", "--start", "func add(a int"]
        before = body["start"]
    answer = served.client.completions.create(model="", prompt=CODE, temperature=0, max_tokens=12, extra_body=body)
    assert completed(capsys, *words) == before + answer.choices[0].text


def test_an_instruction_tuned_model_is_asked_in_words(
    chatting: ModelServer, folders: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code").write_text(CODE)
    words = [str(folders["chat"]), "--prompt_file", str(tmp_path / "code"), "--mode", "explain", "--language", "go"]
    body = {"mode": "explain", "language": "go"}
    answer = chatting.client.completions.create(model="", prompt=CODE, temperature=0, max_tokens=12, extra_body=body)
    assert completed(capsys, *words) == answer.choices[0].text
    plain = completed(capsys, *words[:3])
    chat = chatting.client.chat.completions
    said = chat.create(model="", messages=[{"role": "user", "content": CODE}], temperature=0, max_tokens=12)
    assert plain == said.choices[0].message.content


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--mode", "explane"], "unknown mode 'explane'"),
        (["--mode", "explain"], "language is missing; the template has {tag}"),
        (["--mode", "explain", "--template", "x"], "--template stands beside --mode; give one of them"),
        (["--template", "missing"], "--template missing: cannot be read ("),
    ],
)
def test_what_cannot_be_is_one_line_before_a_model_is_loaded(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "code").write_text(CODE)
    with pytest.raises(SystemExit) as caught:
        generate.main(["complete", "nowhere/model", "--prompt_file", str(tmp_path / "code"), *words])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_the_server_refuses_what_is_no_model_of_this_machine(capsys: pytest.CaptureFixture[str]) -> None:
    for words, message in (
        (["echo"], "--model echo: is no model of this machine; give a folder, or owner/model"),
        (["x", "--host", "0.0.0.0"], "--host 0.0.0.0 can be reached from outside; give a --token_file"),
    ):
        with pytest.raises(SystemExit) as caught:
            generate.main(["serve", *words])
        assert caught.value.code == 2
        assert message in capsys.readouterr().err
