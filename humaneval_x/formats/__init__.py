"""Samples of other harnesses, as they are: one module a format, behind one Protocol, listed in one registry.

A format recognises itself by content, and turns files into `FoundSample`s. It neither knows problems nor decides
how a text is read: `samples/` maps the task ids, `answers/` finds the program. To add one: a module, a line below.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from humaneval_x.errors import OptionError, SampleError, unknown
from humaneval_x.formats import (
    bigcode,
    by_task,
    evalplus,
    evalplus_folder,
    evalplus_results,
    human_eval,
    inspect_logs,
    lm_eval,
    multipl_e,
    opencompass,
    rows,
)
from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow, alone, glimpse

AUTO = "auto"


class Format(Protocol):
    """One way to write samples down."""

    NAME: str  # as --format takes it
    TITLE: str  # as people say it

    def fits(self, look: Glimpse) -> bool:
        """Whether a file or folder is of this format."""
        ...

    def read(self, look: Glimpse) -> Iterator[FoundSample]:
        """Yield the samples in their order. Raises SampleError with one line."""
        ...


# The first that fits is taken: from what only one harness writes to what anybody may write.
FORMATS: dict[str, Format] = {
    each.NAME: each
    for each in (
        inspect_logs,
        lm_eval,
        evalplus_results,
        evalplus_folder,
        multipl_e,
        bigcode,
        opencompass,
        by_task,
        human_eval,
        evalplus,
        rows,
    )
}


def checked_name(name: str) -> str:
    """Return the name of a format or "auto". Raises OptionError naming what exists."""
    if name != AUTO and name not in FORMATS:
        raise OptionError(unknown("--format", name, (AUTO, *FORMATS)))
    return name


def of_one_row(row: SourceRow) -> FoundSample:
    """Return the sample of a row that comes alone: ours, EvalPlus's, or one with anybody's keys. Raises SampleError."""
    look = Glimpse(path=Path(row.where), first=row.values)
    if human_eval.fits(look) or not rows.fits(look):
        return human_eval.found(row)
    samples = list(evalplus.found(row) if evalplus.fits(look) else rows.found(row))
    if len(samples) != 1:
        raise SampleError(f"{row.where}: holds {len(samples)} texts; expected one; make a row of each")
    return samples[0]


def recognised(path: Path, name: str = AUTO) -> tuple[Format, Glimpse]:
    """Return the format of a file or folder, and the first look at it. Raises SampleError, OptionError."""
    given = FORMATS.get(checked_name(name))
    archive = path.name.endswith(inspect_logs.ARCHIVE) and not path.is_dir()
    look = Glimpse(path=path) if archive else glimpse(path)
    if given is not None:
        look = look if given.fits(look) else alone(look)
        if not given.fits(look) and given is not human_eval:
            raise SampleError(f"{path}: is not of the format --format {name} ({given.TITLE}); {advice(look)}")
        return given, look
    for seen in (look, alone(look)):
        found = next((each for each in FORMATS.values() if each.fits(seen)), None)
        if found is not None:
            return found, seen
    if look.lines:
        return human_eval, look  # whose message names what is missing in the first row
    raise SampleError(f"{path}: {described(look)}; {advice(look)}")


def described(look: Glimpse) -> str:
    """Return what was found where no format fits."""
    if look.names is not None:
        named = ", ".join(look.names[:5]) or "nothing"
        return f"is a folder with {named}{' and more' if len(look.names) > 5 else ''}"
    if look.first is not None:
        return "is a JSON array of objects that name no task or hold no text of a model"
    return f"is one JSON {type(look.document).__name__} of no known kind"


def advice(look: Glimpse) -> str:
    """Return what to give instead: the nearest thing inside a folder that a format fits, or what is known."""
    for name in itertools.islice(look.names or (), 50):
        inside = look.path / name
        try:
            if any(each.fits(glimpse(inside)) for each in FORMATS.values()):
                return f"did you mean {inside}?"
        except SampleError:
            continue
    return f"expected JSON lines with task_id and completion, or one of --format {', '.join(FORMATS)}"


__all__ = ["AUTO", "FORMATS", "Format", "FoundSample", "Glimpse", "checked_name", "recognised"]
