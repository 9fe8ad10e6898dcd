"""Inspect: `.eval` (read with the package inspect_ai, an extra) and `.json` logs.

A log's samples have the data set's id, what the model wrote (`output.completion`) and the scorers' values, of which
C is a pass and I a failure. Epochs are samples of one task. Source: inspect.aisi.org.uk/eval-logs.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from humaneval_x.errors import SampleError, SetupError, install
from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow, labelled
from humaneval_x.formats.texts import language_in, no_text, texts_in
from humaneval_x.formats.verdicts import understood
from humaneval_x.json_types import JsonObject

NAME = "inspect"
TITLE = "Inspect log"
ARCHIVE = ".eval"
ADDRESS = "attachment://"


def fits(look: Glimpse) -> bool:
    """Whether a document is a log with samples, or the file an archive of one."""
    if look.path.name.endswith(ARCHIVE):
        return True
    log = look.document
    return isinstance(log, dict) and isinstance(log.get("samples"), list) and isinstance(log.get("eval"), dict)


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the samples of a log in its order. Raises SampleError, SetupError."""
    archive = look.path.name.endswith(ARCHIVE)
    for number, values in enumerate(archived(look.path) if archive else look.document["samples"], 1):
        row = SourceRow(where=f"{look.path}: sample {number}", values=values if isinstance(values, dict) else {})
        task = row.values.get("id")
        texts = texts_in(row.values.get("output"))
        if not texts:
            raise no_text(row, task)
        passed = verdict_of(row.values.get("scores"))
        metadata = row.values.get("metadata")
        yield FoundSample(
            where=labelled(row.where, task),
            text=attached(texts[0], row.values.get("attachments")),
            key="output",
            task=task,
            language=language_in(metadata) if isinstance(metadata, dict) else None,
            passed=passed,
            row=row.values,
            extra={} if passed is None else {"expected": passed},
        )


def attached(text: str, attachments: object) -> str:
    """Return a text, or what it stands for: Inspect keeps long texts apart and writes an address in their place."""
    kept = attachments.get(text.removeprefix(ADDRESS)) if isinstance(attachments, dict) else None
    return kept if text.startswith(ADDRESS) and isinstance(kept, str) else text


def archived(path: Path) -> Iterator[JsonObject]:
    """Yield the samples of an `.eval` archive, one in memory at a time. Raises SampleError, SetupError."""
    try:
        from inspect_ai.log import read_eval_log_samples
    except ModuleNotFoundError as fault:
        how = f"{install('inspect')}, or write the log as .json with: inspect log convert --to json"
        raise SetupError(
            f"{path}: an .eval log needs the Python package {fault.name}; install it with: {how}"
        ) from fault
    try:
        for sample in read_eval_log_samples(str(path), all_samples_required=False):
            yield json.loads(sample.model_dump_json())
    except (OSError, ValueError, LookupError, RuntimeError) as fault:
        raise SampleError(f"{path}: not an Inspect log ({fault}); make or copy the file again") from fault


def verdict_of(scores: object) -> bool | None:
    """Return what the first scorer says."""
    if not isinstance(scores, Mapping):
        return None
    values = [each.get("value") for each in scores.values() if isinstance(each, dict)]
    return understood(values[0]) if values else None
