"""OpenCompass's call, made as it makes it: by curl, with the file as a form field, its answer matched by its pattern."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from services import Service, problems_of

from humaneval_x.languages import LANGUAGES


def call(service: Service, path: Path, dataset: str) -> str:
    argv = ["curl", "-s", "-X", "POST", "-F", f"file=@{path}", "-F", f"dataset={dataset}"]
    argv.append(f"{service.address.removeprefix('http://')}/evaluate")
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_scored_in_percent(service: Service, tmp_path: Path, language: str) -> None:
    problems = problems_of([language], each=4)
    rows = [{"task_id": each.task_id, "generation": each.canonical_solution} for each in problems]
    rows[1]["generation"] = ""
    path = tmp_path / f"humanevalx_{LANGUAGES[language].FILE}.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = call(service, path, f"humanevalx/{LANGUAGES[language].FILE}")
    assert re.match('"{.*:.*}"', said)  # what its client takes for a success
    assert json.loads(json.loads(said)) == {"pass@1": 75.0}


@pytest.mark.parametrize(
    "text, dataset, told",
    [
        ("{}\n", "humanevalx/ruby", "dataset: unknown language 'ruby'"),
        ("{}\n", "ds1000", "unknown dataset 'ds1000'"),
        ("nope\n", "humanevalx/python", "file: line 1 is not JSON"),
        ("[]\n", "humanevalx/python", "file: line 1 is a JSON list"),
    ],
)
def test_what_cannot_be_scored_is_one_line(
    service: Service, tmp_path: Path, text: str, dataset: str, told: str
) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    assert json.loads(call(service, path, dataset))["error"].startswith(told)
