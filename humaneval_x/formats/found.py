"""What every format reads and gives: a first look at a file or folder, its rows, and the samples found in it.

Knows no format. Rows of JSONL are streamed; a JSON document is held whole, up to `LARGEST_DOCUMENT`. `.gz` by name.
"""

from __future__ import annotations

import gzip
import itertools
import json
import reprlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from humaneval_x.errors import SampleError, listed
from humaneval_x.files import jsonl
from humaneval_x.json_types import JsonObject

LARGEST_DOCUMENT = 256 << 20  # bytes of JSON text
LARGEST_PROGRAM = 16 << 20  # bytes of one source file
NAMED = 12  # how many keys a message names


@dataclass(slots=True, kw_only=True)  # not frozen: making one would take three times as long, and each sample is one
class FoundSample:
    """One sample as another harness wrote it. `where` is for messages: file, line, task.

    `task` is the id as it stands there; where a format has none, `position` counts from 0 in the order of the data
    set, of `tasks` in all, and `declaration` may be the problem's own. `holds` says what `text` is where the format
    says so: a word of `--answers`. `passed` is the verdict that the file carries. `row` is what the sample was
    read from.
    """

    where: str
    text: str
    key: str  # what the text stood under
    task: object = None
    position: int | None = None
    tasks: int = 0
    declaration: str = ""
    language: str | None = None
    source_language: object = None
    sample_index: object = None
    holds: str = "auto"
    passed: bool | None = None
    extra: JsonObject = field(default_factory=dict)
    row: JsonObject = field(default_factory=dict)
    line: bytes | None = None  # None: the row was not a line of its own


@dataclass(slots=True, kw_only=True)  # as `FoundSample`
class SourceRow:
    """One JSON object, and where it stood."""

    where: str
    values: JsonObject
    line: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A first look: `first` is the first row of JSON lines or of an array of objects, `document` any other JSON.

    `names` are the names in a folder. Exactly one of the three is there.
    """

    path: Path
    first: JsonObject | None = None
    document: Any = None
    names: tuple[str, ...] | None = None
    lines: bool = False  # of JSON lines

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows of JSON lines, streamed, or of an array. Raises SampleError."""
        if not self.lines:
            yield from array_rows(self.path)
            return
        name = str(self.path)
        for number, line in jsonl.lines(self.path, SampleError):
            values = jsonl.parse(line, self.path, number, SampleError)
            yield SourceRow(where=f"{name}:{number}", values=values, line=line)


def glimpse(path: Path) -> Glimpse:
    """Look at a file or folder of samples. Raises SampleError where it is neither JSON nor a folder."""
    if path.is_dir():
        return Glimpse(path=path, names=tuple(sorted(each.name for each in path.iterdir())))
    number, line = next(jsonl.lines(path, SampleError))
    try:
        first = jsonl.parse(line, path, number, SampleError)
    except SampleError as fault:
        start = line.lstrip()[:1]
        if start not in (b"[", b"{"):
            raise
        try:
            document = read_document(path)
        except NotOneDocument as broken:
            raise (broken if start == b"[" else fault) from None
        if isinstance(document, list) and document and all(isinstance(each, dict) for each in document):
            return Glimpse(path=path, first=document[0])
        return Glimpse(path=path, document=document)
    if whole_numbers(first):  # a document on one line
        return Glimpse(path=path, document=first)
    return Glimpse(path=path, first=first, lines=True)


def alone(look: Glimpse) -> Glimpse:
    """Return a file of one line as the document that the line may be; any other look as it is."""
    if look.lines and len(list(itertools.islice(jsonl.lines(look.path, SampleError), 2))) == 1:
        return Glimpse(path=look.path, document=look.first)
    return look


def whole_numbers(value: object) -> bool:
    """Whether a JSON value is an object with whole numbers as its keys, and at least one."""
    return isinstance(value, dict) and bool(value) and all(key.isdecimal() for key in value)


def array_rows(path: Path) -> Iterator[SourceRow]:
    """Yield the objects of a JSON array. Raises SampleError."""
    document = read_document(path)
    if not isinstance(document, list):
        found = type(document).__name__
        raise SampleError(f"{path}: found one JSON {found}; expected JSON lines, or an array of objects; see --format")
    for number, each in enumerate(document, 1):
        if not isinstance(each, dict):
            found = type(each).__name__
            raise SampleError(f"{path}: entry {number}: found a JSON {found}; expected an object; remove the entry")
        yield SourceRow(where=f"{path}: entry {number}", values=each)


class NotOneDocument(SampleError):
    """A file is not one JSON value."""


def read_document(path: Path) -> Any:
    """Return the one JSON value that a file holds. Raises NotOneDocument, SampleError."""
    try:
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as file:
            data = file.read(LARGEST_DOCUMENT + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise SampleError(f"{path}: cannot be read ({fault}); make or copy the file again") from fault
    if len(data) > LARGEST_DOCUMENT:
        limit = LARGEST_DOCUMENT >> 20
        raise SampleError(f"{path}: more than {limit} MiB of one JSON value; expected one JSON object a line instead")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise NotOneDocument(f"{path}: not JSON ({fault}); make or copy the file again") from fault


def read_program(path: Path) -> str:
    """Return the text of one source file. Raises SampleError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_PROGRAM + 1)
        if len(data) > LARGEST_PROGRAM:
            raise SampleError(f"{path}: larger than {LARGEST_PROGRAM >> 20} MiB; expected one solution; remove it")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SampleError(f"{path}: cannot be read ({fault}); expected a source file in UTF-8; remove it") from fault


def labelled(where: str, task: object) -> str:
    """Return a place with its task: what would break the line, or is too long for one, is escaped or cut."""
    return where if task is None else f"{where} ({shown(task)})"


def shown(value: object) -> str:
    """Return an id for a message."""
    plain = isinstance(value, str) and len(value) <= 40 and value.isprintable()
    return str(value) if plain else reprlib.repr(value)


def keys_found(row: JsonObject) -> str:
    """Return the keys of a row for a message."""
    return listed(map(shown, row), NAMED) or "none"
