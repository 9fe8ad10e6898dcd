"""The errata of the official problems: what is wrong as published, and a corrected record where that is wanted.

`problems/errata.json` holds, for each defect, the SHA-256 of the published value and edits that change a few words of
it. Does not decide whether errata are applied, and leaves problems of other sets alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from humaneval_x.errors import ProblemError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, LANGUAGES, PAIRS
from humaneval_x.problem_files import FRESH, OFFICIAL
from humaneval_x.problems import ProblemSet
from humaneval_x.records import RESTORE, Problem
from humaneval_x.resources import problems_folder
from humaneval_x.tasks import TASKS, Task

FIELDS = {"prompt", "declaration", "canonical_solution", "buggy_solution", "test", "example_test", "test_setup"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change: `find`, which occurs exactly once, becomes `replace`; or all that follows it is dropped."""

    find: str
    replace: str | None  # None: keep `find`, drop what follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One defect of one published value. Without edits it is only declared: it harms no verdict."""

    task_id: str
    key: str
    defect: str
    effect: str
    sha256: str
    edits: tuple[Edit, ...]
    fails: frozenset[Task]  # the canonical solution fails, begun from the prompt or from the declaration
    unstable: bool  # ... sometimes: its verdict is not a function of the program alone
    unpassable: bool  # no translation into this language passes, whatever the model writes after the declaration
    vacuous: bool = False  # the tests pass whatever compiles, so the buggy solution too


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One problem that asks for another function in some languages; those of a group ask for the same.

    A translation from one group into another is judged by what its source does not say. `arguments` and `outputs` are
    an input on which the canonical solutions differ, as `problems cross_check` shows it.
    """

    number: str
    defect: str
    groups: tuple[frozenset[str], ...]
    arguments: tuple[Any, ...]
    outputs: Mapping[str, str]

    def parts(self, source: str, target: str) -> bool:
        """Whether two languages ask for different functions."""
        return not any(source in group and target in group for group in self.groups)


@cache
def official_contradictions() -> Mapping[str, Contradiction]:
    """Return the problems of the official set that differ between languages, by number."""
    rows = json.loads((problems_folder() / "errata.json").read_text(encoding="utf-8"))["contradictions"]
    return {row["number"]: contradiction_from_json(row) for row in rows}


def contradiction_from_json(row: JsonObject) -> Contradiction:
    """Return one entry as a record. Raises KeyError or TypeError."""
    groups = tuple(frozenset(group) for group in row["groups"])
    return Contradiction(**{**row, "groups": groups, "arguments": tuple(row["arguments"])})


def is_consistent(source: str, task_id: str) -> bool:
    """Whether an official problem asks for the same function in a source language as in its target's own."""
    prefix, _, number = task_id.partition("/")
    found = official_contradictions().get(number)
    return not source or found is None or not found.parts(source, BY_PREFIX[prefix].NAME)


def inconsistent_cells() -> list[tuple[str, str, str]]:
    """Return (source language, target language, target's task_id) of each translation between such languages."""
    return [
        (source, target, f"{LANGUAGES[target].PREFIX}/{number}")
        for number in official_contradictions()
        for source, target in PAIRS
        if not is_consistent(source, f"{LANGUAGES[target].PREFIX}/{number}")
    ]


@cache
def official_errata() -> tuple[Erratum, ...]:
    """Return the project's errata of the official set, `problems/errata.json`."""
    return read_errata(problems_folder() / "errata.json")


def errata_of(loaded: ProblemSet) -> tuple[Erratum, ...]:
    """Return the project's errata that concern a set: the official one, or one with HumanEvalPack's texts."""
    if loaded.name == OFFICIAL:
        return official_errata()
    if loaded.name == FRESH or not any(each.buggy_solution for each in loaded.problems.values()):
        return ()
    every, problems = (*official_errata(), *pack_errata()), loaded.problems
    # What is mended together with a prompt that is another one here would not fit behind it.
    apart = {one.task_id for one in every if one.key == "prompt" and one.edits and not _concerns(one, problems)}
    return tuple(one for one in every if _concerns(one, problems) and not (one.edits and one.task_id in apart))


def _concerns(erratum: Erratum, problems: Mapping[str, Problem]) -> bool:
    """Whether the text that was examined stands in a set."""
    found = problems.get(erratum.task_id)
    return found is not None and digest(str(getattr(found, erratum.key))) == erratum.sha256


def digest(value: str) -> str:
    """Return the SHA-256 of a text of a problem."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def pack_errata() -> tuple[Erratum, ...]:
    """Return the project's errata of HumanEvalPack, `problems/humanevalpack_errata.json`."""
    return read_errata(problems_folder() / "humanevalpack_errata.json")


def read_errata(path: Path) -> tuple[Erratum, ...]:
    """Read an errata file. Raises ProblemError naming the file, the entry and what is wrong with it."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["errata"]
        return tuple(erratum_from_json(row, f"{path}: entry {number}") for number, row in enumerate(rows, 1))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProblemError(f"{path}: not an errata file: {type(error).__name__}: {error}") from error


def erratum_from_json(row: JsonObject, where: str) -> Erratum:
    """Check one entry and return it as a record. Raises ProblemError."""
    try:
        if row["key"] not in FIELDS:
            raise ValueError(f"'key' is {row['key']!r}, expected one of {', '.join(sorted(FIELDS))}")
        return Erratum(
            task_id=row["task_id"],
            key=row["key"],
            defect=row["defect"],
            effect=row["effect"],
            sha256=row["sha256"],
            edits=tuple(Edit(find=edit["find"], replace=edit["replace"]) for edit in row["edits"]),
            fails=frozenset(Task(name) for name in row.get("fails", ())),
            unstable=bool(row.get("unstable", False)),
            unpassable=bool(row.get("unpassable", False)),
            vacuous=bool(row.get("vacuous", False)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ProblemError(f"{where}: {type(error).__name__}: {error}") from error


def apply_errata(problems: Iterable[Problem], errata: Iterable[Erratum]) -> list[Problem]:
    """Return the problems, corrected. Raises ProblemError where a published value is not the one that was examined."""
    by_task: dict[str, list[Erratum]] = {}
    for erratum in errata:
        by_task.setdefault(erratum.task_id, []).append(erratum)
    return [corrected(problem, by_task.get(problem.task_id, [])) for problem in problems]


def corrected(problem: Problem, errata: Iterable[Erratum]) -> Problem:
    """Return one problem with its errata applied. Raises ProblemError as `apply_errata` does."""
    for erratum in errata:
        value = str(getattr(problem, erratum.key))
        at = f"{problem.source} ({problem.task_id})"
        found = digest(value)
        if found != erratum.sha256:
            raise ProblemError(
                f"{at}: '{erratum.key}' has SHA-256 {found[:12]}..., the erratum is for {erratum.sha256[:12]}...; "
                f"{RESTORE}, or leave out --errata corrected"
            )
        for edit in erratum.edits:
            value = edited(value, edit, f"{at}: '{erratum.key}'")
        changed: dict[str, Any] = {erratum.key: value}
        problem = replace(problem, **changed)
    return problem


def edited(value: str, edit: Edit, where: str) -> str:
    """Apply one edit. Raises ProblemError where its text does not occur exactly once."""
    times = value.count(edit.find)
    if times != 1:
        raise ProblemError(f"{where}: {edit.find!r} occurs {times} times, expected once; correct the errata file")
    if edit.replace is None:
        return value[: value.index(edit.find) + len(edit.find)]
    return value.replace(edit.find, edit.replace)


def declared_failures(errata: Iterable[Erratum], task: Task) -> frozenset[str]:
    """Return the task_ids whose canonical solution fails as published; those in `declared_unstable` left out."""
    alike = {each for each in Task if TASKS[each].begins == TASKS[task].begins}  # the same program
    return frozenset(one.task_id for one in errata if alike & one.fails and not one.unstable)


def declared_unstable(errata: Iterable[Erratum]) -> frozenset[str]:
    """Return the task_ids whose canonical solution passes or fails by chance, as published."""
    return frozenset(one.task_id for one in errata if one.unstable)


def unpassable_cells(errata: Iterable[Erratum]) -> list[tuple[str, str, str]]:
    """Return (source language, target language, target's task_id) of each translation that cannot pass as published."""
    cells = []
    for task_id in sorted({one.task_id for one in errata if one.unpassable}):
        target = BY_PREFIX[task_id.partition("/")[0]].NAME
        cells += [(source, target, task_id) for source in LANGUAGES if source != target]
    return cells
