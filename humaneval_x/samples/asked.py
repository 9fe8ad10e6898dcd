"""How the user says that samples are to be read, and what they were read as, in words for the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from humaneval_x.formats import AUTO, FORMATS, FoundSample, human_eval
from humaneval_x.formats.found import shown
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import GROUPS, KNOWN
from humaneval_x.origins import Origins
from humaneval_x.records import Sample
from humaneval_x.samples.keys import Key
from humaneval_x.values import Names, check_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the user says that samples are to be read.

    Args:
        format: auto recognises the samples of other harnesses, and says so; or one of these
        languages: the language of task ids that do not say theirs
    """

    format: Annotated[str, Names("--format", (AUTO, *FORMATS))] = AUTO
    languages: Annotated[tuple[str, ...], Names("language", tuple(KNOWN), tuple(GROUPS.items()))] = ()

    def __post_init__(self) -> None:
        """Refuse unknown names. Raises OptionError."""
        check_fields(self)

    def to_json(self) -> JsonObject:
        """Return what is not the default, as it stands in run.json and scores.json."""
        chosen = {"format": self.format if self.format != AUTO else "", "languages": list(self.languages)}
        return {name: value for name, value in chosen.items() if value}

    @classmethod
    def from_json(cls, values: JsonObject) -> Asked:
        """Read what `to_json` wrote."""
        return cls(format=values.get("format", AUTO), languages=tuple(values.get("languages", ())))


AS_IT_IS = Asked()
OURS = Asked(format=human_eval.NAME)


@dataclass
class Recognised:
    """What files were read as, in words for the user."""

    samples: int = 0
    kinds: dict[Path, tuple[str, Counter[str]]] = field(default_factory=dict)
    mapped: dict[Path, tuple[object, str]] = field(default_factory=dict)  # the first id that meant another
    verdicts: dict[Key, bool] | None = None  # of the other harness; kept where it is given a place
    origins: dict[Path, Origins] = field(default_factory=dict)

    def count(self, path: Path, title: str, found: FoundSample, sample: Sample) -> None:
        """Note one sample."""
        self.samples += 1
        if path not in self.kinds:
            self.kinds[path], self.origins[path] = (title, Counter()), Origins()
        self.kinds[path][1][found.key] += 1
        if self.verdicts is not None and found.passed is not None:
            self.verdicts[sample.key] = found.passed
        self.origins[path].add(sample.task_id, found.row)
        if found.task != sample.task_id:
            self.mapped.setdefault(path, (found.task, sample.task_id))

    def lines(self) -> Iterator[str]:
        """Yield a line for each file that is not plainly ours, or whose rows carry another text of the problems."""
        for path, origins in self.origins.items():
            yield from (f"{path}: {line}" for line in origins.lines())
        for path, (title, keys) in self.kinds.items():
            if title == human_eval.TITLE and not {*keys} - {*human_eval.KEYS} and path not in self.mapped:
                continue
            task, task_id = self.mapped.get(path, (None, ""))
            said = f"; {shown(task)} is {task_id}" if task is not None else ""
            said = said or (f"; the first is {task_id}" if task_id else "")
            named = ", ".join(keys)
            yield f"{path}: read as {title}, {keys.total()} samples, {named}{said}"
