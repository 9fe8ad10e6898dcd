"""The samples file: read and check it sample by sample, append to it, take it up again.

Files of other harnesses are read as they are (`formats/`); this module maps their tasks to problems. Does not find the
program in what a model wrote (`answers/` does) and does not run it. JSON lines are streamed: what stays in memory is
one line, and one bit a sample for finding duplicates. `.gz` by name.
"""

from __future__ import annotations

import difflib
import gzip
import hashlib
import os
import reprlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

from humaneval_x.errors import HarnessError, SampleError, unknown
from humaneval_x.files import appending, jsonl, whole
from humaneval_x.formats import AUTO, FORMATS, Found, human_eval, recognised
from humaneval_x.formats.found import Row, keys_found, shown
from humaneval_x.formats.tasks import language_named, task_id_of
from humaneval_x.formats.texts import OWN
from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.problems import OFFICIAL, ProblemSet, set_of
from humaneval_x.records import Sample
from humaneval_x.values import Names

Key = tuple[str, str, int]  # Sample.key: task_id, source language or "", sample_index
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the user says that samples are to be read.

    Args:
        format: auto recognises the samples of other harnesses, and says so; or one of these
        languages: the language of task ids that do not say theirs
    """

    format: Annotated[str, Names("--format", (AUTO, *FORMATS))] = AUTO
    languages: Annotated[tuple[str, ...], Names("language", tuple(LANGUAGES))] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what is not the default, as it stands in run.json and scores.json."""
        chosen = {"format": self.format if self.format != AUTO else "", "languages": list(self.languages)}
        return {name: value for name, value in chosen.items() if value}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Asked:
        """Read what `to_json` wrote."""
        return cls(format=values.get("format", AUTO), languages=tuple(values.get("languages", ())))


AS_IT_IS = Asked()
OURS = Asked(format=human_eval.NAME)


def describe(paths: Iterable[str | Path]) -> list[SamplesFile]:
    """Return name, size and SHA-256 of each file or folder, as a run's settings keep them. Raises SampleError."""
    found = []
    for path in checked_paths(paths):
        size, digest = _digest(path)
        found.append(SamplesFile(file=path.name or path.resolve().name, bytes=size, sha256=digest))
    return found


def is_same(path: Path, known: SamplesFile) -> bool:
    """Whether a file or folder holds what a run judged; a file of another size is not read."""
    if not path.exists() or (path.is_file() and path.stat().st_size != known.bytes):
        return False
    return _digest(path) == (known.bytes, known.sha256)


def _digest(path: Path) -> tuple[int, str]:
    return _digest_of_folder(path) if path.is_dir() else whole.sha256_of(path, SampleError)


def _digest_of_folder(folder: Path) -> tuple[int, str]:
    """Return the size of all files below a folder, and a SHA-256 over their names and contents."""
    total, digest = 0, hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        size, inner = whole.sha256_of(path, SampleError)
        total += size
        digest.update(f"{inner}  {path.relative_to(folder)}\n".encode("utf-8", "surrogateescape"))
    return total, digest.hexdigest()


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


def set_of_samples(paths: Iterable[str | Path], asked: Asked = AS_IT_IS) -> str:
    """Return the name of the problem set that the first sample belongs to. Raises SampleError."""
    path = checked_paths(paths)[0]
    kind, look = recognised(path, asked.format)
    found = next(kind.read(look), None)
    if found is None:
        raise SampleError(f"{path}: holds no sample; expected at least one; make the file again")
    if found.task is None and found.position is not None:
        return OFFICIAL  # data sets without ids are those that everybody has
    return _set_name(_certain(found, asked) or str(found.task), found.where)


def read_samples(
    paths: Iterable[str | Path], problems: ProblemSet, asked: Asked = AS_IT_IS, told: Told | None = None
) -> Iterator[Sample]:
    """Yield the samples of all files in order, each checked against `problems`; `told` keeps what they were read as.

    Rows without `sample_index` are numbered by order of appearance within their task and source language.
    Raises SampleError with one line: file:line (task), what was found, what was expected, what to do.
    """
    numbering = Numbering()
    order = _Order(problems)
    for path in checked_paths(paths):
        kind, look = recognised(path, asked.format)
        for found in kind.read(look):
            sample = _sample(found, problems, numbering, order, asked)
            if found.line is None:
                jsonl.refuse_surrogates({found.key: found.text, **sample.extra}, b"\\ud", found.where, SampleError)
            else:
                jsonl.refuse_surrogates(found.row, found.line, found.where, SampleError)
            if told is not None:
                told.count(path, kind.TITLE, found, sample)
            yield sample


@dataclass
class Told:
    """What files were read as, in words for the user."""

    samples: int = 0
    kinds: dict[Path, tuple[str, Counter[str]]] = field(default_factory=dict)
    mapped: dict[Path, tuple[object, str]] = field(default_factory=dict)  # the first id that meant another
    verdicts: dict[Key, bool] | None = None  # of the other harness; kept where it is given a place

    def count(self, path: Path, title: str, found: Found, sample: Sample) -> None:
        """Note one sample."""
        self.samples += 1
        self.kinds.setdefault(path, (title, Counter()))[1][found.key] += 1
        if self.verdicts is not None and found.passed is not None:
            self.verdicts[sample.key] = found.passed
        if found.task != sample.task_id:
            self.mapped.setdefault(path, (found.task, sample.task_id))

    def lines(self) -> Iterator[str]:
        """Yield a line for each file that is not plainly ours."""
        for path, (title, keys) in self.kinds.items():
            if title == human_eval.TITLE and not {*keys} - {*human_eval.KEYS} and path not in self.mapped:
                continue
            task, task_id = self.mapped.get(path, (None, ""))
            said = f"; {shown(task)} is {task_id}" if task is not None else ""
            said = said or (f"; the first is {task_id}" if task_id else "")
            named = ", ".join(keys)
            yield f"{path}: read as {title}, {keys.total()} samples, {named}{said}"


class _Order:
    """The tasks of a problem set by language in their order, and by declaration, for formats without ids."""

    def __init__(self, problems: ProblemSet) -> None:
        self._problems = problems.problems
        self._tasks: dict[str, list[str]] = {}
        self._declared: dict[str, set[str]] = {}

    def of(self, language: str) -> list[str]:
        """Return a language's tasks."""
        if not self._tasks:
            for task_id, problem in self._problems.items():
                self._tasks.setdefault(BY_PREFIX[problem.prefix].NAME, []).append(task_id)
        return self._tasks.get(language, [])

    def declaring(self, text: str) -> set[str]:
        """Return the tasks with this declaration."""
        if not self._declared:
            for task_id, problem in self._problems.items():
                self._declared.setdefault(problem.declaration.strip(), set()).add(task_id)
        return self._declared.get(text.strip(), set())

    def at(self, found: Found, asked: Asked) -> str:
        """Return the task with a sample's declaration, or at its place. Raises SampleError where it is not certain."""
        if found.declaration and len(tasks := self.declaring(found.declaration)) == 1:
            return next(iter(tasks))
        named = language_named(found.language) or (asked.languages[0] if len(asked.languages) == 1 else None)
        if named is None:
            how = "name it with --languages python, or another one"
            raise SampleError(f"{found.where}: has no task id, and its language is in no file name; {how}")
        ordered = self.of(named)
        if found.position is None or found.tasks != len(ordered):
            what = f"{found.tasks} tasks without ids; the set has {len(ordered)} in {LANGUAGES[named].TITLE}"
            raise SampleError(f"{found.where}: {what}; expected all of them in order; write rows with task_id instead")
        return ordered[found.position]


class Numbering:
    """Gives samples their index, or checks the one they have, within each task and source language."""

    def __init__(self) -> None:
        self._keys = KeySet()
        self._counts: dict[tuple[str, str], int] = {}
        self._numbered: set[tuple[str, str]] = set()

    def index(self, index: object, task_id: str, source: str, at: str) -> int:
        group = task_id, source
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
    """Return one row of ours as a checked sample. Raises SampleError, which begins with `at` and the task."""
    found = human_eval.found(Row(where=at, values=row))
    return _sample(found, problems, numbering, _Order(problems), AS_IT_IS)


def _sample(found: Found, problems: ProblemSet, numbering: Numbering, order: _Order, asked: Asked) -> Sample:
    at = found.where
    if found.task is None and found.position is not None:
        task_id = order.at(found, asked)
    elif isinstance(found.task, str) and found.task in problems.problems:
        task_id = found.task
    else:
        task_id = _mapped(found, problems, asked)
    source = _source(found.source_language, task_id, at)
    return Sample(
        task_id=task_id,
        completion=found.text,
        sample_index=numbering.index(found.sample_index, task_id, source or "", at),
        source_language=source,
        answers=found.holds,
        extra=found.extra,
    )


def _certain(found: Found, asked: Asked) -> str | None:
    return task_id_of(found.task, found.language, asked.languages)


def _mapped(found: Found, problems: ProblemSet, asked: Asked) -> str:
    """Return the task that a sample's id means. Raises SampleError naming the keys found, and the nearest task."""
    task_id = _certain(found, asked)
    if task_id in problems.problems:
        return str(task_id)
    if task_id is None and isinstance(found.task, int):
        guess = task_id_of(found.task, None, list(LANGUAGES)[:1])
        what = f"{reprlib.repr(found.task)} names no language; found the keys {keys_found(found.row)}"
        how = "name the language with --languages"
        raise SampleError(f"{found.where}: the task id {what}; did you mean {guess!r}? {how}")
    raise SampleError(_unknown_task(task_id or str(found.task), found, problems))


def _source(given: object, task_id: str, at: str) -> str | None:
    if given is None:
        return None
    source = language_named(given) if isinstance(given, str) else None
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


def _unknown_task(task_id: str, found: Found, problems: ProblemSet) -> str:
    names = list(problems.problems)
    at = found.where
    if _belongs_elsewhere(task_id, names):
        other = set_of([task_id])
        split = "expected samples of one set; give the other set's samples a run of their own"
        return f"{at}: the row belongs to the problem set '{other}', the run to '{problems.name}'; {split}"
    near = difflib.get_close_matches(task_id[:40], names, n=1, cutoff=0.3)
    hint = f"did you mean {near[0]!r}? " if near else ""
    keys = f"found the keys {keys_found(found.row)}; " if found.row else ""
    held = f"the set '{problems.name}' holds {len(names)} tasks, {names[0]} to {names[-1]}"
    return f"{at}: unknown task_id {reprlib.repr(found.task)}; {hint}{keys}{held}; correct or remove the row"


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
        for sample in read_samples([self.path], problems, OURS):
            keys.add(sample.key)
        return keys

    def append(self, samples: Iterable[Sample]) -> None:
        """Write samples in one go. Raises SampleError, and MachineError when the disk is full."""
        data = jsonl.encode(*map(_row, samples))
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
    row["completion"] = sample.completion
    if sample.answers != AUTO:
        row["answers"] = sample.answers
    return row | {key: value for key, value in sample.extra.items() if key not in OWN}
