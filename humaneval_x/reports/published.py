"""The figures that the benchmark's authors published, as reference rows: `problems/published/humaneval_x.json`.

They were made with another evaluator, and some were measured from pictures; each says how sure it is. They hold
for the official set only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from humaneval_x.json_types import JsonObject
from humaneval_x.resources import problems_folder
from humaneval_x.scores import OVERALL, Column, size_of
from humaneval_x.settings import Task

FILE = "published/humaneval_x.json"
MARKS = {"printed": "", "measured": "~", "computed": "="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published pass@k, as a fraction; `how`: printed, measured from a picture (+- `pm` percent), or computed."""

    value: float
    how: str
    source: str
    pm: float | None = None

    @property
    def percent(self) -> str:
        """The figure for people: with ~ where it was measured from a picture, = where computed."""
        return f"{MARKS[self.how]}{100 * self.value:.2f}"

    def to_json(self) -> JsonObject:
        """Return the figure as it stands in report.json."""
        return {key: value for key, value in asdict(self).items() if value is not None}


Sizes = Mapping[int, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A published model. `unassigned` are values over the languages, of which it is not known which is which."""

    model: str
    columns: Mapping[Column, Sizes]
    overall: Sizes
    unassigned: Mapping[int, Sequence[float]]
    notes: Sequence[str]

    def to_json(self) -> JsonObject:
        """Return the model as it stands in report.json."""
        named = {**{column.name: sizes for column, sizes in self.columns.items()}, OVERALL: self.overall}
        return {
            "model": self.model,
            "columns": {
                name: {size_of(k): each.to_json() for k, each in sizes.items()} for name, sizes in named.items()
            },
            "unassigned": {size_of(k): list(values) for k, values in self.unassigned.items()},
            "notes": list(self.notes),
        }


Reference = Mapping[Task, Sequence[PublishedModel]]


def reference_to_json(reference: Reference) -> JsonObject:
    """Return the published figures as they stand in report.json."""
    return {task.value: [model.to_json() for model in models] for task, models in reference.items()}


def published() -> JsonObject:
    """Return the file's content, values in percent as they stand there."""
    content: JsonObject = json.loads((problems_folder() / FILE).read_text(encoding="utf-8"))
    return content


def reference(*, official: bool) -> Reference:
    """Return the published models of each task.

    `official` is whether the report they go into is of the official set; the notes say so where it is not.
    """
    content = published()
    return {
        task: [_model(task, each, content["sources"], official) for each in content[task.value]]
        for task in Task
        if task.value in content
    }


def _model(task: Task, entry: JsonObject, sources: Mapping[str, str], official: bool) -> PublishedModel:
    named = {name: _sizes(sizes) for name, sizes in entry["columns"].items()}
    notes = ["published figures, made with another evaluator; ~ measured from a figure, = computed by us"]
    if not official:
        notes.append("the published figures are of the official set: they do not compare with these")
    used = sorted({figure.source for sizes in named.values() for figure in sizes.values()})
    return PublishedModel(
        model=entry["model"],
        columns={Column.named(task, name): sizes for name, sizes in named.items() if name != OVERALL},
        overall=named.get(OVERALL, {}),
        unassigned={
            _k(size): [value / 100 for value in each["values"] if value is not None]
            for size, each in entry.get("unassigned", {}).items()
        },
        notes=[*notes, *[f"published: {sources[source]}" for source in used]],
    )


def _sizes(entry: JsonObject) -> dict[int, Figure]:
    return {_k(size): Figure(**{**each, "value": each["value"] / 100}) for size, each in entry.items()}


def _k(size: str) -> int:
    return int(size.partition("@")[2])
