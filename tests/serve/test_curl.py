"""curl, as docs/serve.md says it: its commands as they stand, and its first one with samples of each language."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from machine import ROOT
from services import Service, problems_of, right

from humaneval_x.languages import LANGUAGES

PAGE = (ROOT / "docs" / "serve.md").read_text()
COMMANDS = re.findall(r"^curl (?:.*\\\n)*.*$", PAGE, re.M)


def run(service: Service, command: str) -> str:
    command = command.replace("http://127.0.0.1:8080", service.address)
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_gets_verdicts(service: Service, command: str) -> None:
    said = run(service, command)
    rows = [json.loads(line) for line in said.splitlines()] if '"stream"' in command else json.loads(said)["verdicts"]
    assert rows
    assert all("status" in row for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_command_judges_every_language(service: Service, tmp_path: Path, language: str) -> None:
    rows = [right(problem) for problem in problems_of([language], each=2)]
    rows[1]["completion"] = ""
    path = tmp_path / "body.json"
    path.write_text(json.dumps({"samples": rows}))
    said = run(service, re.sub("-d '.*'", f"-d @{path}", COMMANDS[0], flags=re.S))
    assert [row["passed"] for row in json.loads(said)["verdicts"]] == [True, False]
