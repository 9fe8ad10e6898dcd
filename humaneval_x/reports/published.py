"""The figures that the benchmark's authors published, as reference rows: `problems/published/humaneval_x.json`.

They were made with another evaluator, and some were measured from pictures; each says how sure it is. They hold
for the official set only.
"""

from __future__ import annotations

import json
from typing import Any

from humaneval_x.resources import problems_folder

FILE = "published/humaneval_x.json"


def published() -> dict[str, Any]:
    """Return the file's content, values in percent as they stand there."""
    content: dict[str, Any] = json.loads((problems_folder() / FILE).read_text(encoding="utf-8"))
    return content


def reference(*, official: bool) -> dict[str, list[dict[str, Any]]]:
    """Return {task: [{model, columns: {name: {"pass@1": {value, how, ...}}}, unassigned, notes}]}, values as fractions.

    `official` is whether the report they go into is of the official set; the notes say so where it is not.
    """
    content = published()
    found: dict[str, list[dict[str, Any]]] = {}
    for task in ("generation", "translation"):
        found[task] = []
        for model in content[task]:
            columns = {
                name: {size: {**entry, "value": entry["value"] / 100} for size, entry in sizes.items()}
                for name, sizes in model["columns"].items()
            }
            loose = {
                size: [value / 100 for value in entry["values"] if value is not None]
                for size, entry in model.get("unassigned", {}).items()
            }
            used = sorted({entry["source"] for sizes in columns.values() for entry in sizes.values()})
            notes = ["published figures, made with another evaluator; ~ measured from a figure, = computed by us"]
            if not official:
                notes.append("the published figures are of the official set: they do not compare with these")
            notes += [f"published: {content['sources'][source]}" for source in used]
            found[task].append({"model": model["model"], "columns": columns, "unassigned": loose, "notes": notes})
    return found
