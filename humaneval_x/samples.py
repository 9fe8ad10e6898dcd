"""The samples file: read and check it row by row, append to it, take it up again.

Does not cut completions (languages do) and does not run them. Rows are streamed: what stays in memory is one
line, and one bit a sample for finding duplicates. `.gz` by name.
"""

from __future__ import annotations

import difflib
import gzip
import os
import reprlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from humaneval_x.errors import HarnessError, SampleError, unknown
from humaneval_x.files import appending, jsonl, whole
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problems import ProblemSet, set_of
from humaneval_x.records import Sample

Key = tuple[str, str, int]  # Sample.key: task_id, source language or "", sample_index
_OWN = ("task_id", "completion", "generation", "sample_index", "source_language", "prompt")
_DENSE = 1 << 16


class KeySet:
    """A set of sample keys at about one bit a key."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, str], bytearray] = {}
        self._far: dict[tuple[str, str], set[int]] = {}  # indices too large for a bit each
        self._count = 0

    def add(self, key: Key) -> bool:
        """Add a key, and return whether it is new."""
        if key in self:
            return False
        task_id, source, index = key
        if index < _DENSE:
            bits = self._bits.setdefault((task_id, source), bytearray())
            bits.extend(bytes(max(0, (index >> 3) + 1 - len(bits))))
            bits[index >> 3] |= 1 << (index & 7)
        else:
            self._far.setdefault((task_id, source), set()).add(index)
        self._count += 1
        return True

    def __contains__(self, key: Key) -> bool:
        task_id, source, index = key
        if index >= _DENSE:
            return index in self._far.get((task_id, source), ())
        bits = self._bits.get((task_id, source), b"")
        return index >> 3 < len(bits) and bool(bits[index >> 3] >> (index & 7) & 1)

    def __len__(self) -> int:
        return self._count


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesFile:
    """What tells one samples file from another."""

    file: str
    bytes: int
    sha256: str


def describe(paths: Iterable[str | Path]) -> list[SamplesFile]:
    """Return name, size and SHA-256 of each file, as a run's settings keep them. Raises SampleError."""
    found = []
    for path in checked_paths(paths):
        size, digest = whole.sha256_of(path, SampleError)
        found.append(SamplesFile(file=path.name, bytes=size, sha256=digest))
    return found


def checked_paths(paths: Iterable[str | Path]) -> list[Path]:
    """Return the paths, at least one and none twice. Raises SampleError."""
    names = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not names:
        raise SampleError("no samples file was given; expected at least one .jsonl or .jsonl.gz file")
    seen: set[Path] = set()
    for name in names:
        if name.resolve() in seen:
            raise SampleError(f"{name}: the file is given twice; its samples would count twice; name it once")
        seen.add(name.resolve())
    return names


def set_of_samples(paths: Iterable[str | Path]) -> str:
    """Return the name of the problem set that the first row belongs to. Raises SampleError."""
    path = checked_paths(paths)[0]
    number, line = next(jsonl.lines(path, SampleError))
    task_id = _task_id(jsonl.parse(line, path, number, SampleError), f"{path}:{number}")
    return _set_name(task_id, f"{path}:{number} ({_shown(task_id)})")


def read_samples(paths: Iterable[str | Path], problems: ProblemSet) -> Iterator[Sample]:
    """Yield the samples of all files in order, each checked against `problems`.

    Rows without `sample_index` are numbered by order of appearance within their task and source language.
    Raises SampleError with one line: file:line (task), what was found, what was expected, what to do.
    """
    numbering = Numbering()
    for path in checked_paths(paths):
        for number, line in jsonl.lines(path, SampleError):
            row = jsonl.parse(line, path, number, SampleError)
            sample = sample_of(row, f"{path}:{number}", problems, numbering)
            jsonl.refuse_surrogates(row, line, f"{path}:{number} ({sample.task_id})", SampleError)
            yield sample


class Numbering:
    """Gives samples their index, or checks the one they have, within each task and source language."""

    def __init__(self) -> None:
        self._keys = KeySet()
        self._counts: dict[tuple[str, str], int] = {}
        self._numbered: set[tuple[str, str]] = set()

    def index(self, row: dict[str, Any], task_id: str, source: str, at: str) -> int:
        group = task_id, source
        index = row.get("sample_index")
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
        if not self._keys.add((task_id, source, index)):
            again = "number the rows apart, or leave 'sample_index' out of all of them"
            raise SampleError(f"{at}: 'sample_index' {index} is there twice for this task; expected each once; {again}")
        return index


def _mixed(at: str) -> str:
    found = "some rows of this task have 'sample_index' and some do not"
    return f"{at}: {found}; expected all or none; add it to every row or leave it out"


def sample_of(row: dict[str, Any], at: str, problems: ProblemSet, numbering: Numbering) -> Sample:
    """Return one row as a checked sample. Raises SampleError, which begins with `at` and the task."""
    task_id = _task_id(row, at)
    at = f"{at} ({_shown(task_id)})"
    if task_id not in problems.problems:
        raise SampleError(_unknown_task(task_id, at, problems))
    completion = _completion(row, at)
    source = _source(row, task_id, at)
    extra = {key: value for key, value in row.items() if key not in _OWN}
    index = numbering.index(row, task_id, source or "", at)
    return Sample(task_id=task_id, completion=completion, sample_index=index, source_language=source, extra=extra)


def _task_id(row: dict[str, Any], at: str) -> str:
    task_id = row.get("task_id")
    if task_id is None:
        keys = "task_id, completion"
        raise SampleError(f"{at}: 'task_id' is missing; expected the keys {keys}; add it, such as \"Python/0\"")
    if not isinstance(task_id, str):
        found = reprlib.repr(task_id)
        raise SampleError(f"{at}: 'task_id' is {found}; expected a string such as \"Python/0\"; correct the row")
    return task_id


def _shown(task_id: str) -> str:
    """Return a task_id for a message: what would break the line, or is too long for one, is escaped or cut."""
    return task_id if task_id.isprintable() and len(task_id) <= 40 else reprlib.repr(task_id)


def _completion(row: dict[str, Any], at: str) -> str:
    given = [key for key in ("completion", "generation") if row.get(key) is not None]
    if not given:
        raise SampleError(f"{at}: 'completion' is missing; expected the model's continuation; add it or remove the row")
    if len(given) == 2 and row["completion"] != row["generation"]:
        raise SampleError(f"{at}: 'completion' and 'generation' differ; expected one of them; remove the other")
    completion = row[given[0]]
    if not isinstance(completion, str):
        found = type(completion).__name__
        expected = "expected a string, one row a sample"
        raise SampleError(f"{at}: '{given[0]}' is of type {found}; {expected}; correct the row")
    return completion


def _language_names() -> dict[str, str]:
    return {
        spelling.casefold(): name
        for name, module in LANGUAGES.items()
        for spelling in (name, module.TITLE, module.PREFIX, module.FILE)
    }


def _source(row: dict[str, Any], task_id: str, at: str) -> str | None:
    given = row.get("source_language")
    if given is None:
        return None
    source = _language_names().get(given.casefold()) if isinstance(given, str) else None
    if source is None:
        name = given[:40] if isinstance(given, str) else reprlib.repr(given)
        raise SampleError(f"{at}: 'source_language': {unknown('language', name, LANGUAGES)}")
    if source == BY_PREFIX[task_id.partition("/")[0]].NAME:
        what = f"'source_language' is {given!r}, the language of the task itself"
        raise SampleError(f"{at}: {what}; expected another one; leave it out for samples that are no translations")
    return source


def _set_name(task_id: str, at: str) -> str:
    try:
        return set_of([task_id])
    except SampleError as fault:
        raise SampleError(f"{at}: {fault}") from fault


def _unknown_task(task_id: str, at: str, problems: ProblemSet) -> str:
    names = list(problems.problems)
    if _belongs_elsewhere(task_id, names):
        other = set_of([task_id])
        split = "expected samples of one set; give the other set's samples a run of their own"
        return f"{at}: the row belongs to the problem set '{other}', the run to '{problems.name}'; {split}"
    near = difflib.get_close_matches(task_id[:40], names, n=1, cutoff=0.3)
    hint = f"did you mean {near[0]!r}? " if near else ""
    held = f"the set '{problems.name}' holds {len(names)} tasks, {names[0]} to {names[-1]}"
    return f"{at}: unknown task_id {reprlib.repr(task_id)}; {hint}{held}; correct or remove the row"


def _belongs_elsewhere(task_id: str, names: Sequence[str]) -> bool:
    try:
        return set_of([task_id]) != set_of(names[:1])
    except SampleError:
        return False


class SampleWriter:
    """A samples file open for appending by one process. Use as a context manager.

    Each `append` is one write, in a `.gz` one gzip member, so that what was written before a kill is readable.
    Opening repairs what a killed writer left: `cut_bytes` says how much went.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._descriptor = -1
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = self._locked()
            self.cut_bytes = self._mended()
        except OSError as fault:
            self.close()
            raise self._failed(fault) from fault
        except BaseException:
            self.close()
            raise

    def _locked(self) -> int:
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o666)
        if not appending.lock(descriptor):
            os.close(descriptor)
            raise SampleError(f"{self.path}: another process is writing this file; wait for it, or choose another name")
        return descriptor

    def _mended(self) -> int:
        if self.path.suffix != ".gz":
            return appending.mend_tail(self._descriptor)
        try:
            cut = appending.mend_gzip_tail(self.path)
        except zlib.error as fault:
            raise SampleError(f"{self.path}: the gzip data is broken ({fault}); choose another name") from fault
        if os.fstat(self._descriptor).st_ino != self.path.stat().st_ino:
            stale, self._descriptor = self._descriptor, self._locked()  # mending put a new file in its place
            os.close(stale)
        return cut

    def existing_keys(self, problems: ProblemSet) -> KeySet:
        """Return the keys of the samples that the file already has. Raises SampleError where one is wrong."""
        keys = KeySet()
        if not os.fstat(self._descriptor).st_size:
            return keys
        for number, line in jsonl.lines(self.path, SampleError):
            if "sample_index" not in jsonl.parse(line, self.path, number, SampleError):
                what = "the row has no 'sample_index', so the file cannot be taken up"
                raise SampleError(f"{self.path}:{number}: {what}; choose another name")
        for sample in read_samples([self.path], problems):
            keys.add(sample.key)
        return keys

    def append(self, samples: Iterable[Sample]) -> None:
        """Write samples in one go. Raises SampleError, and MachineError when the disk is full."""
        data = b"".join(jsonl.encode(_row(sample)) for sample in samples)
        if self.path.suffix == ".gz":
            data = gzip.compress(data, mtime=0)
        try:
            appending.append(self._descriptor, data, os.fstat(self._descriptor).st_size)
        except OSError as fault:
            raise self._failed(fault) from fault

    def _failed(self, fault: OSError) -> HarnessError:
        return whole.cannot_write(self.path, fault, SampleError, "choose another name with --output")

    def close(self) -> None:
        """Give the file free."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> SampleWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _row(sample: Sample) -> dict[str, Any]:
    if not jsonl.writable([sample.completion, dict(sample.extra)]):
        what = f"sample {sample.sample_index} of {sample.task_id} holds half a surrogate pair"
        raise SampleError(f"{what}; expected text that UTF-8 can write; the sampler has to replace it")
    row: dict[str, Any] = {"task_id": sample.task_id, "sample_index": sample.sample_index}
    if sample.source_language is not None:
        row["source_language"] = sample.source_language
    return {**row, "completion": sample.completion, **{k: v for k, v in sample.extra.items() if k not in _OWN}}
