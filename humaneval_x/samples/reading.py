"""Samples, read and checked one by one against the problems.

Files of other harnesses are read as they are (`formats/`). JSON lines are streamed: what stays in memory is one line,
and one bit a sample for finding duplicates.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from humaneval_x.errors import NotLoaded, SampleError, unknown
from humaneval_x.files import jsonl
from humaneval_x.formats import AUTO, FoundSample, human_eval, of_one_row, recognised
from humaneval_x.formats.found import SourceRow
from humaneval_x.formats.tasks import language_named
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.problem_files import OFFICIAL, PACK
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import Sample
from humaneval_x.samples.asked import AS_IT_IS, Asked, Recognised
from humaneval_x.samples.files import checked_paths
from humaneval_x.samples.keys import KeySet
from humaneval_x.samples.tasks import TaskOrder, certain, mapped, set_named
from humaneval_x.tasks import Task, origin_of, task_of
from humaneval_x.values import checked

T = TypeVar("T")


def set_of_samples(paths: Iterable[str | Path], asked: Asked = AS_IT_IS) -> str:
    """Return the name of the problem set that the first sample belongs to. Raises SampleError."""
    found = _first(paths, asked)
    if found.extra.get("problems") == PACK:  # whose task_ids are those of the official set
        return PACK
    if found.task is None and found.position is not None:
        return OFFICIAL  # data sets without ids are those that everybody has
    return set_named(certain(found, asked) or str(found.task), found.where)


def task_of_samples(paths: Iterable[str | Path], asked: Asked = AS_IT_IS) -> Task:
    """Return the task of the first sample. Raises SampleError."""
    found = _first(paths, asked)
    source = found.source_language if isinstance(found.source_language, str) else None
    return task_of(origin_of(source, found.extra.get("task")))


def _first(paths: Iterable[str | Path], asked: Asked) -> FoundSample:
    path = checked_paths(paths)[0]
    kind, look = recognised(path, asked.format)
    found = next(kind.read(look), None)
    if found is None:
        raise SampleError(f"{path}: holds no sample; expected at least one; make the file again")
    return found


def with_languages_asked(problems: str | Path | None, work: Callable[[ProblemSet], T]) -> T:
    """Return what `work` returns for a problem set; with a language more where a row asks for one that was left out."""
    loaded = load_problems(problems)
    while True:
        try:
            return work(loaded)
        except NotLoaded as asked:
            loaded = load_problems(problems, languages=[*loaded.languages, asked.language])


@checked
def read_samples(
    paths: str | Path | Iterable[str | Path],
    problems: ProblemSet,
    asked: Asked = AS_IT_IS,
    told: Recognised | None = None,
) -> Iterator[Sample]:
    """Yield the samples of all files in order, each checked against `problems`; `told` keeps what they were read as.

    Rows without `sample_index` are numbered by order of appearance within their task and source language.
    Raises SampleError with one line: file:line (task), what was found, what was expected, what to do.
    """
    numbering = Numbering()
    order = TaskOrder(problems)
    for path in checked_paths([paths] if isinstance(paths, str | Path) else paths):
        kind, look = recognised(path, asked.format)
        for found in kind.read(look):
            sample = _sample(found, problems, numbering, order, asked)
            if sample.task_id in problems.left_out:
                continue
            if found.line is None:
                jsonl.refuse_surrogates({found.key: found.text, **sample.extra}, b"\\ud", found.where, SampleError)
            else:
                jsonl.refuse_surrogates(found.row, found.line, found.where, SampleError)
            if told is not None:
                told.count(path, kind.TITLE, found, sample)
            yield sample


class Numbering:
    """Gives samples their index, or checks the one they have, within each task_id and origin."""

    def __init__(self) -> None:
        self._keys = KeySet()
        self._counts: dict[tuple[str, str], int] = {}
        self._numbered: set[tuple[str, str]] = set()

    def index(self, index: object, task_id: str, origin: str, at: str) -> int:
        group = task_id, origin
        if index is None:
            if group in self._numbered:
                raise SampleError(_mixed(at))
            self._counts[group] = self._counts.get(group, 0) + 1
            return self._counts[group] - 1
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            found = reprlib.repr(index)
            raise SampleError(f"{at}: 'sample_index' is {found}; expected a whole number from 0; correct the row")
        if group in self._counts:
            raise SampleError(_mixed(at))
        self._numbered.add(group)
        if not self._keys.add((task_id, origin, index)):
            again = "number the rows apart, or leave 'sample_index' out of all of them"
            raise SampleError(f"{at}: 'sample_index' {index} is there twice for this task; expected each once; {again}")
        return index


def _mixed(at: str) -> str:
    found = "some rows of this task have 'sample_index' and some do not"
    return f"{at}: {found}; expected all or none; add it to every row or leave it out"


def sample_of(row: JsonObject, at: str, problems: ProblemSet, numbering: Numbering) -> Sample:
    """Return one row of ours as a checked sample. Raises SampleError, which begins with `at` and the task."""
    found = human_eval.found(SourceRow(where=at, values=row))
    return _sample(found, problems, numbering, TaskOrder(problems), AS_IT_IS)


def sample_alone(row: JsonObject, at: str, problems: ProblemSet, numbering: Numbering) -> Sample:
    """Return a row that comes alone, under the keys that people use, as a checked sample. Raises SampleError."""
    return _sample(of_one_row(SourceRow(where=at, values=row)), problems, numbering, TaskOrder(problems), AS_IT_IS)


def _sample(found: FoundSample, problems: ProblemSet, numbering: Numbering, order: TaskOrder, asked: Asked) -> Sample:
    at = found.where
    if found.task is None and found.position is not None:
        task_id = order.at(found, asked)
    elif isinstance(found.task, str) and (found.task in problems.problems or found.task in problems.left_out):
        task_id = found.task
    else:
        task_id = mapped(found, problems, asked)
    source = _source(found.source_language, task_id, at)
    task = origin_of(None, found.extra.get("task"))
    if source and task:
        what = f"'task' is {task!r} and 'source_language' {source!r}; only a translation has one"
        raise SampleError(f"{at}: {what}; leave one of them out")
    text, holds = found.text, found.holds
    if task_id in problems.rows and text.startswith(problems.problems[task_id].prompt):  # the row's own prompt
        text, holds = text.removeprefix(problems.problems[task_id].prompt), AUTO
    return Sample(
        task_id=task_id,
        completion=text,
        sample_index=numbering.index(found.sample_index, task_id, source or task, at),
        source_language=source,
        task=task,
        answers=holds,
        extra={key: value for key, value in found.extra.items() if key != "task"} if task else found.extra,
    )


def _source(given: object, task_id: str, at: str) -> str | None:
    if given is None:
        return None
    source = language_named(given) if isinstance(given, str) else None
    if source is None:
        name = given[:40] if isinstance(given, str) else reprlib.repr(given)
        raise SampleError(f"{at}: 'source_language': {unknown('language', name, KNOWN)}")
    if source == BY_PREFIX[task_id.partition("/")[0]].NAME:
        what = f"'source_language' is {given!r}, the language of the task itself"
        raise SampleError(f"{at}: {what}; expected another one; leave it out for samples that are no translations")
    return source
