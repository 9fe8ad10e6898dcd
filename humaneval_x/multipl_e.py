"""Rows of MultiPL-E as problems: `name`, `language`, `prompt`, `tests` and `stop_tokens`, as its files have them.

    {"name": "HumanEval_0_has_close_elements", "language": "cpp", ...}  ->  CPP/HumanEval_0_has_close_elements

A row whose tests cannot be kept apart from a candidate is no problem: `Rows.left_out` says why. The rows hold no
solutions, so there is nothing to translate from. Reads texts; `problems.py` finds the files.
Source: nuprl/MultiPL-E, dataset_builder/prepare_prompts_json.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from humaneval_x.answers import opened
from humaneval_x.errors import ProblemError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.languages.declared import Unwalled, refusal
from humaneval_x.languages.multipl_e import parts
from humaneval_x.records import Problem, ReadAs, Reading
from humaneval_x.settings import Rules, Task

KEYS = ("name", "language", "prompt", "tests")
ENDINGS = (".json", ".jsonl", ".json.gz", ".jsonl.gz")
RESULTS = (".results.json", ".results.json.gz")


@dataclass
class Rows:
    """Problems and rows by task_id, and why the other rows are no problems."""

    problems: dict[str, Problem] = field(default_factory=dict)
    rows: dict[str, JsonObject] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def add(self, row: Any, where: str) -> None:
        """Take one row. Raises ProblemError for what is no row, or is there twice."""
        problem = problem_of(row, where)
        first = self.problems.get(problem.task_id)
        if first or problem.task_id in self.left_out:
            at = f", first in {first.source}" if first else ""
            raise ProblemError(f"{where} ({problem.task_id}): is there twice{at}; keep one form of each problem")
        try:
            self.problems[problem.task_id] = walled(problem)
            self.rows[problem.task_id] = row
        except Unwalled as why:
            self.left_out[problem.task_id] = str(why)


def is_named_so(name: str) -> bool:
    """Whether a file of this name may hold rows."""
    return name.endswith(ENDINGS) and not name.endswith(RESULTS)


def rows_in(text: bytes, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a file, each with its place: of JSON lines, of an array, or the one that the file is."""
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        document = None
    if document is not None:
        rows = document if isinstance(document, list) else [document]
        yield from ((f"{name}:{number}" if len(rows) > 1 else name, row) for number, row in enumerate(rows, 1))
        return
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.strip():
            try:
                yield f"{name}:{number}", json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as fault:
                raise ProblemError(f"{name}:{number}: not JSON ({fault}); copy the file again") from fault


def is_row(row: object) -> bool:
    """Whether a JSON value has the keys of MultiPL-E's rows."""
    return isinstance(row, dict) and all(isinstance(row.get(key), str) for key in KEYS)


def problem_of(row: object, where: str) -> Problem:
    """Return a row as a problem with the tests as they stand there. Raises ProblemError."""
    if not isinstance(row, dict) or not is_row(row):
        keys = ", ".join(KEYS)
        raise ProblemError(f"{where}: is no row of MultiPL-E's; expected an object with the texts {keys}; remove it")
    named = language_of(row["language"])
    if named is None:
        known = ", ".join(sorted(KNOWN))
        raise ProblemError(f"{where} ({row['name']}): the language {row['language']!r} is none of {known}; remove it")
    stops = row.get("stop_tokens") or []
    if not isinstance(stops, list) or not all(isinstance(each, str) and each for each in stops):
        raise ProblemError(f"{where} ({row['name']}): 'stop_tokens' has to be a list of texts; restore the file")
    if "/" in row["name"] or not row["name"]:
        raise ProblemError(f"{where}: 'name' has to read like 'HumanEval_12_longest', found {row['name']!r}")
    return Problem(
        task_id=f"{KNOWN[named].PREFIX}/{row['name']}",
        prompt=row["prompt"],
        declaration=row["prompt"],
        canonical_solution="",
        test=row["tests"],
        example_test="",
        stop_tokens=tuple(stops),
        source=where,
    )


def walled(problem: Problem) -> Problem:
    """Return a problem with tests that judge apart from a candidate. Raises Unwalled."""
    language = BY_PREFIX[problem.prefix]
    texts = parts(language.NAME, problem.prompt, problem.test)
    found = replace(problem, **asdict(texts))
    given = opened(language.NAME, found.prompt.replace(found.imports, ""), found.test)
    reading = Reading(read_as=ReadAs.CONTINUATION, candidate="")
    program = language.assemble(found, reading, given, Task.GENERATION, found.test, Rules.OURS)
    if not given.name:
        raise Unwalled("its prompt does not end in the head of one function")
    if given.name not in found.test:
        raise Unwalled(f"its tests do not call {given.name}, which its prompt opens")
    if why := refusal(program.declared):
        raise Unwalled(why)
    return found


def language_of(name: str) -> str | None:
    """Return the language that MultiPL-E calls so, by the ending of its files: 'js', 'go_test.go'; None for others."""
    plain = name.partition("_")[0]
    return next((each for each, module in KNOWN.items() if plain in (each, module.FILE, module.EXTENSION[1:])), None)
