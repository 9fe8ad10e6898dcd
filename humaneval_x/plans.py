"""The plan of a run: its options, its samples, checked and counted, and the problems under each choice of texts.

    samples.jsonl -> plan

Nothing is judged here: `evaluation` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from humaneval_x.assembly import texts_of
from humaneval_x.elsewhere import elsewhere
from humaneval_x.json_types import JsonObject
from humaneval_x.problems import ProblemSet, left_out
from humaneval_x.records import Problem, Sample
from humaneval_x.runners.machines import ANYWHERE, Jails
from humaneval_x.samples import (
    AS_IT_IS,
    Asked,
    KeySet,
    Recognised,
    SamplesFile,
    describe,
    read_samples,
    set_of_samples,
    with_languages_asked,
)
from humaneval_x.settings import EvaluationSettings, Sizes
from humaneval_x.texts import counted

MANY_BYTES = 4 << 20  # of samples: from so many on, they are checked in another process, which takes 0.4 s to start


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of a run. `asked` says how to read the samples where that is not left to their content.

    `output` defaults to results/<name of the first samples file>, `name`, which progress shows, to the folder's.
    With `share`, identical programs are run once; with `partial`, an incomplete set is scored and marked.
    """

    samples: tuple[str | Path, ...]
    output: str | Path | None = None
    problems: str | Path | None = None
    settings: EvaluationSettings = field(default_factory=EvaluationSettings)
    machines: Jails = ANYWHERE
    asked: Asked = AS_IT_IS
    k: Sizes = (1, 10, 100)
    partial: bool = False
    share: bool = True
    progress: bool = True
    name: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the results."""
        return Path(self.output) if self.output is not None else Path("results") / stem(self.samples[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One choice of texts: the settings that name it, the problems under it, and where its verdicts go."""

    settings: EvaluationSettings
    texts: Mapping[str, Problem]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The samples and problems of a run. `variants`: its own texts and, where the errata change any, the other ones."""

    options: RunOptions
    described: tuple[SamplesFile, ...]
    problems: ProblemSet
    keys: KeySet  # of all samples
    read_as: tuple[str, ...]  # the recognised formats, a line for each
    variants: tuple[Variant, ...]

    @property
    def main(self) -> Variant:
        """The run's own texts."""
        return self.variants[0]

    def identity(self, variant: Variant) -> JsonObject:
        """Return the content of run.json, which tells this run from others in the same folder."""
        told = self.options.asked.to_json()
        asked = {"asked": told} if told else {}
        described = [asdict(file) for file in self.described]
        return {"samples": described, "problems": self.problems.digest, **asked, **variant.settings.to_json()}

    @property
    def total(self) -> int:
        """How many samples there are."""
        return len(self.keys)

    def samples(self) -> Iterator[Sample]:
        """Yield the samples, read from the files."""
        return read_samples(self.options.samples, self.problems, self.options.asked)

    def others(self) -> set[str]:
        """Return the tasks whose texts differ under the other errata."""
        own = self.main.texts
        return {task_id for each in self.variants for task_id, text in each.texts.items() if text != own[task_id]}


def planned(options: RunOptions) -> Plan:
    """Return the plan of a run; every row is checked before the first is run. Raises InputError."""
    files, asked, settings, folder = options.samples, options.asked, options.settings, options.folder

    def checked_with(loaded: ProblemSet) -> tuple[ProblemSet, Recognised, KeySet]:
        far = sum(os.path.getsize(file) for file in files if os.path.exists(file)) > MANY_BYTES
        known = files, loaded, asked
        with elsewhere(counted, *known) if far else nullcontext(counted(*known)) as found:
            return loaded, *next(found)

    named = options.problems if options.problems is not None else set_of_samples(files, asked)
    loaded, told, keys = with_languages_asked(named, checked_with)
    other = replace(settings, errata=settings.errata.other)
    variants = [
        Variant(settings=settings, texts=texts_of(loaded, settings.errata), folder=folder),
        Variant(settings=other, texts=texts_of(loaded, other.errata), folder=folder / other.errata.value),
    ]
    if variants[0].texts == variants[1].texts:
        variants.pop()
    return Plan(
        options=options,
        described=tuple(describe(files)),
        problems=loaded,
        keys=keys,
        read_as=(*told.lines(), *left_out(loaded)),
        variants=tuple(variants),
    )


def stem(path: str | Path) -> str:
    """Return the name of a samples file without its endings."""
    return Path(path).resolve().name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json")
