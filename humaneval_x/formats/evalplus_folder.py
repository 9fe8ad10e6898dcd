"""EvalPlus's folders: one folder a task, one source file a sample, `HumanEval_12/0.py`.

The ending of a file says its language; its name is the sample's index.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.formats.found import FoundSample, Glimpse, read_program
from humaneval_x.formats.tasks import language_named, task_id_of

NAME = "evalplus-folder"
TITLE = "folders of solutions"


def fits(look: Glimpse) -> bool:
    """Whether a folder has a folder for each task, with source files in it."""
    return look.names is not None and any(solutions(look.path / name) for name in look.names)


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield each source file as a sample, task by task. Raises SampleError."""
    for name in sorted(look.names or (), key=in_order):
        for path in solutions(look.path / name):
            index = int(path.stem) if path.stem.isdecimal() else None
            yield FoundSample(
                where=str(path),
                text=read_program(path),
                key="the file",
                task=name,
                language=path.suffix,
                sample_index=index,
                holds="program",
            )


def solutions(folder: Path) -> list[Path]:
    """Return the source files of a folder that is named after a task, in order. Raises SampleError."""
    if task_id_of(folder.name, HAS_ONE, ()) is None or not folder.is_dir():
        return []
    try:
        files = [each for each in folder.iterdir() if language_named(each.suffix)]
    except OSError as fault:
        raise SampleError(f"{folder}: cannot be read ({fault.strerror}); check its permissions") from fault
    return sorted(files, key=lambda each: in_order(each.name))


HAS_ONE = "cpp"  # any language: only the form of the name counts


def in_order(name: str) -> tuple[int, str]:
    """Return what sorts names by the first number in them."""
    digits = "".join(each if each.isdecimal() else " " for each in name).split()
    return (int(digits[0]) if digits else -1, name)
