"""JSON lines on disk: bounded reading, `.gz` by name, one clear error a fault.

A reader bounds a line's length and keeps its number. What is plainly an object is parsed at once; any other line goes
through the `jsonlines` package, which says what it is, and which writes rows.
Shared by the three record files (problems, samples, verdicts). Knows no record: rows leave here as dicts
and become records in `problems.py`, `samples/` and `results.py`.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import jsonlines

from humaneval_x.errors import InputError, MachineError
from humaneval_x.json_types import JsonObject

MAX_LINE_BYTES = 16 << 20
EXPECTED = "expected one JSON object a line"
_CHUNK = 1 << 16
_FOREIGN = {
    b"\x1f\x8b": "gzip data; give it a name that ends in .gz",
    b"\x80": "a Python pickle; write one JSON object a line instead",
    b"PK\x03\x04": "a zip archive; unpack it first",
    b"\xff\xfe": "UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8",
    b"\xfe\xff": "UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8",
}


def lines(path: Path, error: type[InputError]) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, line) for each line that is not blank, never holding more than 16 MiB.

    A UTF-8 byte order mark at the start is dropped. Raises `error` with one line: missing, not a plain file,
    empty, foreign format, broken or cut gzip, line too long.
    """
    rows = 0
    for number, line in raw_lines(path, error):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            rows += 1
            yield number, line
    if not rows:
        raise error(f"{path}: the file is empty; expected one JSON object a line; make the file again")


def raw_lines(path: Path, error: type[InputError]) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, line) for each line, as it stands; otherwise as `lines`."""
    number = 0
    with _opened(path, error) as raw, gzip.GzipFile(fileobj=raw) if _is_gz(path) else raw as stream:
        while line := _next_line(stream, path, number + 1, error):
            number += 1
            yield number, line


def _is_gz(path: Path) -> bool:
    return path.name.endswith(".gz")


def _opened(path: Path, error: type[InputError]) -> IO[bytes]:
    try:
        # Without O_NONBLOCK the open of a named pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError as fault:
        raise error(f"{path}: no such file; check the name") from fault
    except OSError as fault:
        raise error(f"{path}: cannot be opened ({fault.strerror}); check its permissions") from fault
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(mode) else "not a plain file"
        raise error(f"{path}: is {kind}; expected a file of JSON lines (.jsonl or .jsonl.gz)")
    if not _is_gz(path):
        start = os.pread(descriptor, 4, 0)
        for magic, what in _FOREIGN.items():
            if start.startswith(magic):
                os.close(descriptor)
                raise error(f"{path}: is {what}")
    return os.fdopen(descriptor, "rb", buffering=_CHUNK)


def _next_line(stream: IO[bytes] | gzip.GzipFile, path: Path, number: int, error: type[InputError]) -> bytes:
    again = "make or copy the file again"
    try:
        line = stream.readline(MAX_LINE_BYTES + 1)
    except EOFError as fault:
        raise error(f"{path}:{number}: the gzip data is cut off here; {again}") from fault
    except (gzip.BadGzipFile, zlib.error) as fault:
        if number == 1 and "Not a gzipped file" in str(fault):
            raise error(f"{path}: is not gzip data; give it a name that does not end in .gz") from fault
        raise error(f"{path}:{number}: the gzip data is broken here ({fault}); {again}") from fault
    except OSError as fault:
        raise MachineError(f"{path}:{number}: cannot be read ({fault.strerror}); check the disk") from fault
    if len(line) > MAX_LINE_BYTES:
        limit = MAX_LINE_BYTES >> 20
        raise error(f"{path}:{number}: the line is longer than {limit} MiB; expected one JSON object a line; remove it")
    return line


def parse(line: bytes, path: Path, number: int, error: type[InputError], *, where: str = "") -> JsonObject:
    """Return the JSON object of one line. Raises `error` naming `where` (default path:number) and the fault."""
    if (row := _row(line)) is not None:
        return row
    at = where or f"{path}:{number}"
    try:
        return _object(line, at, path, number, error)
    except error as fault:
        if line.endswith(b"\n") or number == 1:
            raise
        cut = f"zcat {path} | sed '$d' | gzip > NEW.jsonl.gz" if _is_gz(path) else f"sed -i '$d' {path}"
        found = "the last line is cut off; expected a complete JSON object"
        raise error(f"{at}: {found}; remove it with: {cut}") from fault


def _object(line: bytes, at: str, path: Path, number: int, error: type[InputError]) -> JsonObject:
    if b"\0" in line:
        column = line.index(b"\0") + 1
        raise error(f"{at}: NUL byte at column {column}; {EXPECTED}; the file is damaged, make or copy it again")
    try:
        row: Any = jsonlines.Reader([line], loads=json.loads).read()
    except (jsonlines.InvalidLineError, RecursionError) as fault:
        if number == 1 and line.lstrip()[:1] == b"[" and not isinstance(fault.__cause__, UnicodeDecodeError):
            raise error(_array(at, path)) from fault
        raise error(f"{at}: {_why(fault)}") from fault
    if isinstance(row, list) and number == 1:
        raise error(_array(at, path))
    if not isinstance(row, dict):
        raise error(f"{at}: found a JSON {type(row).__name__}; {EXPECTED}; correct or remove the line")
    return row


def _row(line: bytes) -> JsonObject | None:
    """Return the object of a line; None for anything else, of which the package says what it is."""
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return row if type(row) is dict else None


def _why(fault: jsonlines.InvalidLineError | RecursionError) -> str:
    """What is wrong with a line, from the fault that the reader met."""
    cause = fault.__cause__
    if isinstance(cause, UnicodeDecodeError):
        byte = f"byte 0x{cause.object[cause.start]:02x} at column {cause.start + 1}"
        return f"{byte} is not UTF-8; {EXPECTED}; convert the file to UTF-8"
    if isinstance(fault, jsonlines.InvalidLineError) and cause is None:
        return f"found a JSON NoneType; {EXPECTED}; correct or remove the line"
    cause = cause or fault
    what = f"{cause.msg}, column {cause.colno}" if isinstance(cause, json.JSONDecodeError) else str(cause)
    return f"not JSON ({what}); {EXPECTED}; correct or remove the line"


def _array(at: str, path: Path) -> str:
    return f"{at}: found a JSON array; expected one JSON object a line; convert it with: jq -c '.[]' {path} > NEW.jsonl"


def refuse_surrogates(row: JsonObject, line: bytes, at: str, error: type[InputError]) -> None:
    """Raise `error` where a value of the row, read from `line`, holds half a surrogate pair: no file can hold it."""
    if b"\\ud" not in line and b"\\uD" not in line:
        return
    for key, value in row.items():
        if not writable([key, value]):
            what = f"{key!a} holds half a surrogate pair (\\ud800 to \\udfff)"
            raise error(f"{at}: {what}; expected text that UTF-8 can write; correct or remove the row")


def writable(value: object) -> bool:
    """Whether UTF-8 can write all text in a JSON value: it has no half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def encode(*rows: JsonObject) -> bytes:
    """Return rows as lines of ASCII."""
    buffer = io.BytesIO()
    with jsonlines.Writer(buffer, dumps=json.dumps) as writer:
        writer.write_all(rows)
    return buffer.getvalue()
