"""`problems cross_check`: the fresh set agrees, and one solution that is another function is found with its inputs."""

from __future__ import annotations

import json
import shutil

import pytest
from official import FRESH

from humaneval_x.agreement.check import cross_check
from humaneval_x.commands.evaluate import main
from humaneval_x.languages import GROUPS, KNOWN, LANGUAGES
from humaneval_x.runners.choose import Sandbox
from humaneval_x.runners.machines import Jails


@pytest.fixture
def jails(sandbox):
    return Jails(sandbox=Sandbox(sandbox), workers=2)


@pytest.mark.slow
@pytest.mark.parametrize("languages", [LANGUAGES, pytest.param(KNOWN, marks=pytest.mark.rust)])
def test_the_fresh_set_agrees_on_every_input(jails, languages):
    found = cross_check("fresh", languages=list(languages), jails=jails, progress=False)
    assert list(found.called) == list(languages)
    assert found.problems == 20 and found.inputs > 800
    assert [each.to_json() for each in found.found] == []
    assert found.not_called == {}
    assert min(found.called.values()) > 0.95 * found.inputs
    # Two sums beyond 32 bits: Rust panics where C++ and Java wrap.
    assert found.threw == {name: 2 if name == "rust" else 0 for name in languages}


@pytest.mark.long
@pytest.mark.parametrize(
    "languages", [pytest.param("all5", marks=pytest.mark.slow), pytest.param("all6", marks=pytest.mark.rust)]
)
def test_a_solution_that_is_another_function_is_found_with_its_inputs_and_all_outputs(
    tmp_path, sandbox, capsys, languages
):
    folder = tmp_path / "set"
    shutil.copytree(FRESH, folder)
    path = folder / "humaneval_go.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert "turns := 0" in rows[0]["canonical_solution"]
    rows[0]["canonical_solution"] = rows[0]["canonical_solution"].replace("turns := 0", "turns := len(levels) / 4")
    rows[1]["canonical_solution"] = "    return nosuch\n}\n"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = ["--problems", str(folder), "--numbers", "fresh-0,fresh-1,fresh-2", "--sandbox", sandbox, "--quiet"]
    asked += ["--languages", languages]
    with pytest.raises(SystemExit) as left:
        main(["problems", "cross_check", *asked, "--json"])
    assert left.value.code == 1
    found = json.loads(capsys.readouterr().out)
    assert {each["problem"] for each in found["found"]} == {"fresh-0"}
    for each in found["found"]:
        values = {name: json.loads(text) for name, text in each["outputs"].items()}
        assert len(each["arguments"][0]) >= 4
        large = max(map(abs, each["arguments"][0])) >= 2**31 - 1  # beyond what C++, Java and Rust declare
        assert large or list(values) == list(GROUPS[languages])
        assert values.pop("go") == values["python"] + len(each["arguments"][0]) // 4
        assert len(set(values.values())) == 1
    assert set(found["not_called"]) == {"Go/fresh-1"}
    assert "nosuch" in found["not_called"]["Go/fresh-1"]


def test_a_number_that_is_not_there_is_one_line(capsys):
    with pytest.raises(SystemExit) as left:
        main(["problems", "cross_check", "--problems", "fresh", "--numbers", "fresh-99"])
    assert left.value.code == 2
    assert "no problem 'fresh-99' in fresh" in capsys.readouterr().err
