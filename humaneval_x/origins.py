"""Which text of HumanEval-X a file's rows were made from, where they carry parts of it: recognised by digest.

Several texts circulate under the same task ids; `problems/texts.json` has where they differ from the official one. Rows
are judged by the official text whatever they carry: a note says that theirs is another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from humaneval_x.errors import listed
from humaneval_x.resources import problems_folder

SHOWN = 8  # tasks that a line names
Values = Mapping[str, Mapping[str, str]]  # digests by task and key


@cache
def known() -> tuple[Values, Mapping[str, Values]]:
    """Return the official values that differ in another text, and those of each such text by its name."""
    content = json.loads((problems_folder() / "texts.json").read_text(encoding="utf-8"))
    return content["official"], {each["name"]: each["values"] for each in content["texts"]}


@dataclass
class Origins:
    """What rows carry, seen one by one: the texts that fit all of it, by the prefix of the tasks."""

    fitting: dict[str, set[str]] = field(default_factory=dict)
    differing: dict[str, set[str]] = field(default_factory=dict)  # tasks with a value that is not the official one

    def add(self, task_id: str, row: Mapping[str, Any]) -> None:
        """Take what one row carries of its task's text."""
        official, texts = known()
        for key, right in official.get(task_id, {}).items():
            value = row.get(key)
            if isinstance(value, str):
                found = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[: len(right)]
                fits = {name for name, values in texts.items() if values.get(task_id, {}).get(key, right) == found}
                prefix = task_id.partition("/")[0]
                self.fitting[prefix] = self.fitting.get(prefix, set(texts)) & fits
                if found != right:
                    self.differing.setdefault(prefix, set()).add(task_id)

    def lines(self) -> Iterator[str]:
        """Yield a line for each language whose rows carry a known text that is not the official one."""
        for prefix, tasks in self.differing.items():
            if not self.fitting[prefix]:
                continue
            named = " or ".join(sorted(self.fitting[prefix]))
            shown = listed(sorted(tasks, key=lambda each: (len(each), each)), SHOWN)
            yield f"the rows carry the text of {named}, which differs in {shown}; the official text judges them"
