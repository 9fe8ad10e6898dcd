"""Errata: exact application, refusal of any other text, and what they declare."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from official import ROOT, fresh, official

from humaneval_x.errata import (
    Edit,
    Erratum,
    apply_errata,
    declared_failures,
    declared_unstable,
    errata_of,
    inconsistent_cells,
    is_consistent,
    official_contradictions,
    pack_errata,
    read_errata,
    unpassable_cells,
)
from humaneval_x.errors import ProblemError
from humaneval_x.languages import KNOWN, LANGUAGES, language_of
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import Problem
from humaneval_x.settings import Task

ERRATA = read_errata(ROOT / "problems" / "errata.json")
PROBLEM = Problem(
    task_id="Go/1",
    prompt="p",
    declaration="d",
    canonical_solution="one two three",
    test="t",
    example_test="",
    source="humaneval_go.jsonl:2",
)
ERRATUM = Erratum(
    task_id="Go/1",
    key="canonical_solution",
    defect="",
    effect="",
    sha256=sha256(b"one two three").hexdigest(),
    edits=(Edit(find="two", replace="2"),),
    fails=frozenset({Task.GENERATION}),
    unstable=False,
    unpassable=True,
)


def test_an_edit_replaces_its_text() -> None:
    assert apply_errata([PROBLEM], [ERRATUM]) == [replace(PROBLEM, canonical_solution="one 2 three")]


def test_an_edit_without_a_replacement_drops_what_follows() -> None:
    cut = replace(ERRATUM, edits=(Edit(find="two", replace=None),))
    assert apply_errata([PROBLEM], [cut]) == [replace(PROBLEM, canonical_solution="one two")]


def test_problems_without_errata_stay_as_they_are() -> None:
    other = replace(PROBLEM, task_id="Go/fresh-1")
    assert apply_errata([other], [ERRATUM]) == [other]


def test_another_text_than_the_published_is_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        apply_errata([replace(PROBLEM, canonical_solution="one two four")], [ERRATUM])
    assert str(caught.value) == (
        "humaneval_go.jsonl:2 (Go/1): 'canonical_solution' has SHA-256 6edb0c3cd3ac..., the erratum is for "
        "HASH...; restore the file with: python evaluate.py problems fetch, or leave out --errata corrected"
    ).replace("HASH", ERRATUM.sha256[:12]).replace("6edb0c3cd3ac", sha256(b"one two four").hexdigest()[:12])


@pytest.mark.parametrize(("find", "times"), [("e", 3), ("five", 0)])
def test_an_edit_that_does_not_occur_once_is_refused(find: str, times: int) -> None:
    wrong = replace(ERRATUM, edits=(Edit(find=find, replace=""),))
    with pytest.raises(ProblemError) as caught:
        apply_errata([PROBLEM], [wrong])
    assert str(caught.value) == (
        f"humaneval_go.jsonl:2 (Go/1): 'canonical_solution': {find!r} occurs {times} times, expected once; "
        "correct the errata file"
    )


def test_declarations_follow_from_the_entries() -> None:
    unstable = replace(ERRATUM, task_id="Go/2", unstable=True, unpassable=False)
    assert declared_failures([ERRATUM, unstable], Task.GENERATION) == {"Go/1"}
    assert declared_failures([ERRATUM, unstable], Task.TRANSLATION) == frozenset()
    assert declared_unstable([ERRATUM, unstable]) == {"Go/2"}
    assert unpassable_cells([ERRATUM, unstable]) == [
        ("python", "go", "Go/1"),
        ("cpp", "go", "Go/1"),
        ("java", "go", "Go/1"),
        ("javascript", "go", "Go/1"),
    ]


def test_the_official_defects_are_declared() -> None:
    assert declared_failures(ERRATA, Task.GENERATION) == {"JavaScript/112", "JavaScript/155", "Rust/32"}
    assert declared_failures(ERRATA, Task.TRANSLATION) == {
        "Python/142",
        "CPP/38",
        "JavaScript/112",
        "JavaScript/155",
        "Go/10",
        "Go/32",
        "Go/38",
        "Go/50",
        "Rust/32",
    }
    assert declared_unstable(ERRATA) == {"Go/95"}
    cells = Counter(language_of(task_id).NAME in LANGUAGES for _, _, task_id in unpassable_cells(ERRATA))
    assert cells == {True: 20, False: 20}  # the five languages', and Rust's
    assert {task_id for _, _, task_id in unpassable_cells(ERRATA)} == {
        "Python/142",
        "CPP/38",
        "Go/32",
        "Go/38",
        "Go/50",
        "Rust/32",
        "Rust/38",
        "Rust/50",
        "Rust/137",
    }


@pytest.mark.parametrize("language", list(KNOWN))
def test_every_entry_fits_the_official_files(language: str) -> None:
    problems = official(language)
    corrected = apply_errata(problems, ERRATA)
    changed = {new.task_id for old, new in zip(problems, corrected, strict=True) if new != old}
    prefix = KNOWN[language].PREFIX
    assert changed == {one.task_id for one in ERRATA if one.edits and one.task_id.startswith(prefix + "/")}
    assert {one.task_id for one in ERRATA if one.task_id.startswith(prefix + "/")} <= {one.task_id for one in problems}


@pytest.mark.parametrize("language", list(KNOWN))
def test_our_own_problems_have_no_errata(language: str) -> None:
    assert apply_errata(fresh(language), ERRATA) == list(fresh(language))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "not an errata file: JSONDecodeError"),
        ("[]", "not an errata file: TypeError"),
        ('{"errata": [{"task_id": "Go/1"}]}', "entry 1: KeyError: 'key'"),
        ('{"errata": [{"task_id": "Go/1", "key": "text"}]}', "entry 1: ValueError: 'key' is 'text', expected one of"),
    ],
)
def test_a_broken_errata_file_is_named(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "errata.json"
    path.write_text(text)
    with pytest.raises(ProblemError) as caught:
        read_errata(path)
    assert str(caught.value).startswith(f"{path}: {part}")


def test_assertions_that_a_language_lacks_are_restored() -> None:
    """Python has 7, 8 and 10 checks of these; a check that another input repeats counts too."""
    for language, number, mark, count in (
        ("cpp", 90, "assert (", 7),
        ("go", 111, ".Equal(", 8),
        ("go", 158, ".Equal(", 10),
    ):
        published = official(language)[number]
        (corrected,) = apply_errata([published], ERRATA)
        assert published.test.count(mark) < corrected.test.count(mark) == count


def test_contradictions_part_languages_and_show_an_input() -> None:
    found = official_contradictions()
    assert set(found) == {"12", "33", "50", "65", "87", "90", "103", "128", "136", "137", "160", "162"}
    for each in found.values():
        assert sorted(name for group in each.groups for name in group) == sorted(KNOWN)
        assert set(each.outputs) == set(KNOWN)
        for group in each.groups:  # what one group returns is not what another one does
            theirs = {each.outputs[name] for name in group}
            others = {text for name, text in each.outputs.items() if name not in group}
            assert not theirs & others, each.number
    assert is_consistent("", "CPP/103") and is_consistent("go", "JavaScript/103") and is_consistent("cpp", "Go/1")
    assert not is_consistent("python", "CPP/103") and not is_consistent("java", "Go/160")
    assert is_consistent("cpp", "Rust/103") and not is_consistent("cpp", "Rust/33")
    counts = Counter(task_id.partition("/")[2] for _, _, task_id in inconsistent_cells())
    assert counts == {"103": 18, **dict.fromkeys(("12", "87", "90", "128", "136", "137", "160", "162"), 8)}


def test_the_tests_of_cpp_23_call_the_solution_once_they_are_corrected() -> None:
    published = official("cpp")[23]
    (corrected,) = apply_errata([published], ERRATA)
    assert [each.task_id for each in ERRATA if each.vacuous] == ["CPP/23"]
    assert published.test.count("strlen(string(") == 0
    assert corrected.test.count("strlen(string(") == 3


def test_comma_expressions_of_humanevalpack_become_arrays() -> None:
    commas = {one.task_id: one for one in pack_errata() if one.key == "test" and one.task_id.startswith("JavaScript/")}
    assert {name: len(one.edits) for name, one in commas.items()} == {
        "JavaScript/107": 8,
        "JavaScript/136": 11,
        "JavaScript/155": 8,
    }
    for one in commas.values():
        for edit in one.edits:
            assert edit.replace == edit.find.replace("JSON.stringify((", "JSON.stringify([").removesuffix("))") + "])"


def test_errata_hold_for_a_copy_of_ones_own_where_its_texts_are_the_published_ones(tmp_path: Path) -> None:
    published = official("cpp")[23]
    keys = ("task_id", "prompt", "declaration", "canonical_solution", "test", "example_test")
    row = {key: getattr(published, key) for key in keys}
    for buggy, test, concerned in (
        ("    return 0;\n}\n", published.test, ["CPP/23"]),
        ("    return 0;\n}\n", published.test + "\n", []),
        ("", published.test, []),  # of HumanEval-X, whose files are pinned, not of HumanEvalPack
    ):
        text = json.dumps({**row, "test": test, "buggy_solution": buggy}) + "\n"
        (tmp_path / "humaneval_cpp.jsonl").write_text(text)
        assert [one.task_id for one in errata_of(load_problems(tmp_path))] == concerned


def test_a_solution_that_is_mended_with_its_prompt_stays_where_the_prompt_is_another_one(tmp_path: Path) -> None:
    """HumanEvalPack's Rust prompts begin with a `main`; the type of Rust/137 stays in its solution."""
    published = official("rust")[137]
    pack = replace(published, prompt=f"fn main(){{}}\n{published.prompt}", buggy_solution="x")
    for problem, mended in ((pack, False), (replace(published, buggy_solution="x"), True)):
        loaded = ProblemSet(name="x", directory=tmp_path, problems={"Rust/137": problem}, files={}, digest="")
        assert bool(errata_of(loaded)) is mended
