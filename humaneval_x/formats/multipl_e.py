"""MultiPL-E: a folder with one JSON file a problem: `name`, `language`, `prompt`, `completions`.

A completion continues MultiPL-E's own prompt, which is not HumanEval-X's; both together are the program. Verdicts are
read from `NAME.results.json` beside a file, where it lists as many. Source: nuprl/MultiPL-E, README.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.formats.found import FoundSample, Glimpse, NotOneDocument, SourceRow, labelled, read_document
from humaneval_x.formats.texts import no_text
from humaneval_x.formats.verdicts import understood
from humaneval_x.json_types import JsonObject

NAME = "multipl-e"
TITLE = "MultiPL-E folder"
ENDINGS = (".json", ".json.gz")


def fits(look: Glimpse) -> bool:
    """Whether the first problem file of a folder has MultiPL-E's keys."""
    for path in problem_files(look):
        try:
            return {"name", "language", "completions"} <= {*read_document(path)}
        except (TypeError, NotOneDocument):
            return False
    return False


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the completions of each problem in their order. Raises SampleError."""
    for path in problem_files(look):
        values = read_document(path)
        row = SourceRow(where=str(path), values=values if isinstance(values, dict) else {})
        completions, prompt, task = (row.values.get(key) for key in ("completions", "prompt", "name"))
        if not isinstance(completions, list) or not all(isinstance(each, str) for each in completions):
            raise no_text(row, task)
        if not isinstance(prompt, str):
            raise SampleError(f"{path}: 'prompt' is missing; expected what the completions continue; restore the file")
        closing = closing_of(row.values.get("tests"))
        for place, (text, passed) in enumerate(zip(completions, verdicts(path, len(completions)), strict=True)):
            yield FoundSample(
                where=labelled(f"{path}: completion {place + 1}", task),
                text=prompt + text + closing,
                key="prompt and completions",
                task=task,
                language=str(row.values.get("language")),
                holds="program",
                passed=passed,
                row=row.values,
                extra={} if passed is None else {"expected": passed},
            )


def closing_of(tests: object) -> str:
    """Return the brace that ends a function, which MultiPL-E cuts off a completion and begins its tests with."""
    first = tests.lstrip("\n").partition("\n")[0] if isinstance(tests, str) else ""
    return f"\n{first}\n" if first.strip() == "}" else ""


def problem_files(look: Glimpse) -> list[Path]:
    """Return the problem files of a folder, results left out."""
    names = [name for name in look.names or () if name.endswith(ENDINGS)]
    return [look.path / name for name in names if not name.removesuffix(".gz").endswith(".results.json")]


def verdicts(path: Path, count: int) -> list[bool | None]:
    """Return the verdicts of the results beside a problem file; None for each where there are none."""
    base = path.name.removesuffix(".gz").removesuffix(".json")
    for ending in ENDINGS:
        beside = path.with_name(f"{base}.results{ending}")
        if beside.is_file():
            results = read_document(beside)
            listed = results.get("results") if isinstance(results, dict) else None
            if isinstance(listed, list) and len(listed) == count:
                return [passed(each) for each in listed]
    return [None] * count


def passed(result: JsonObject) -> bool | None:
    """Return what one of MultiPL-E's results says."""
    return understood(result.get("status")) if isinstance(result, dict) else None
