"""JSON lines on disk: bounded reading, `.gz` by name, one clear error a fault, torn tails mended.

Shared by the three record files (problems, samples, verdicts). Knows no record: rows leave here as dicts
and become records in `problems.py`, `samples.py` and `results.py`.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gzip
import hashlib
import json
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from humaneval_x.errors import HarnessError, InputError, MachineError

MAX_LINE_BYTES = 16 << 20
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


def parse(line: bytes, path: Path, number: int, error: type[InputError], *, where: str = "") -> dict[str, Any]:
    """Return the JSON object of one line. Raises `error` naming `where` (default path:number) and the fault."""
    at = where or f"{path}:{number}"
    try:
        return _object(line, at, path, number, error)
    except error as fault:
        if line.endswith(b"\n") or number == 1:
            raise
        cut = f"zcat {path} | sed '$d' | gzip > NEW.jsonl.gz" if _is_gz(path) else f"sed -i '$d' {path}"
        found = "the last line is cut off; expected a complete JSON object"
        raise error(f"{at}: {found}; remove it with: {cut}") from fault


def _object(line: bytes, at: str, path: Path, number: int, error: type[InputError]) -> dict[str, Any]:
    expected = "expected one JSON object a line"
    if b"\0" in line:
        column = line.index(b"\0") + 1
        raise error(f"{at}: NUL byte at column {column}; {expected}; the file is damaged, make or copy it again")
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as fault:
        byte = f"byte 0x{line[fault.start]:02x} at column {fault.start + 1}"
        raise error(f"{at}: {byte} is not UTF-8; {expected}; convert the file to UTF-8") from fault
    except (ValueError, RecursionError) as fault:
        if number == 1 and line.lstrip()[:1] == b"[":
            raise error(_array(at, path)) from fault
        what = f"{fault.msg}, column {fault.colno}" if isinstance(fault, json.JSONDecodeError) else str(fault)
        raise error(f"{at}: not JSON ({what}); {expected}; correct or remove the line") from fault
    if isinstance(row, list) and number == 1:
        raise error(_array(at, path))
    if not isinstance(row, dict):
        raise error(f"{at}: found a JSON {type(row).__name__}; {expected}; correct or remove the line")
    return row


def _array(at: str, path: Path) -> str:
    return f"{at}: found a JSON array; expected one JSON object a line; convert it with: jq -c '.[]' {path} > NEW.jsonl"


def refuse_surrogates(row: Mapping[str, Any], line: bytes, at: str, error: type[InputError]) -> None:
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


def encode(row: dict[str, Any]) -> bytes:
    """Return a row as one line of ASCII."""
    return json.dumps(row, separators=(", ", ": ")).encode("ascii") + b"\n"


def sha256_of(path: Path, error: type[InputError]) -> tuple[int, str]:
    """Return a file's size in bytes and its SHA-256 in hex. Raises `error`."""
    whole = hashlib.sha256()
    size = 0
    with _opened_any(path, error) as raw:
        while chunk := raw.read(1 << 20):
            whole.update(chunk)
            size += len(chunk)
    return size, whole.hexdigest()


def _opened_any(path: Path, error: type[InputError]) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError as fault:
        raise error(f"{path}: no such file; check the name") from fault
    except OSError as fault:
        raise error(f"{path}: cannot be read ({fault.strerror}); check the path and its permissions") from fault


def lock(descriptor: int) -> bool:
    """Take an exclusive lock on an open file for as long as it is open; False when another process has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def cannot_write(path: Path, fault: OSError, error: type[InputError], instead: str) -> HarnessError:
    """Return the error for a failed write: MachineError for a full disk, else `error` saying what to do `instead`."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        again = "what was written before is kept; free some space and run the same command again"
        return MachineError(f"{path}: the disk is full ({fault.strerror}); {again}")
    return error(f"{path}: cannot be written ({fault.strerror}); {instead}")


def append(descriptor: int, data: bytes, size: int) -> None:
    """Write `data` at the end of a file of `size` bytes in one write; on a fault cut back what was written of it."""
    try:
        written = os.write(descriptor, data)
        while written < len(data):  # a disk that fills up takes a part first, and the next write says why
            written += os.write(descriptor, data[written:])
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def mend_tail(descriptor: int) -> int:
    """Make a plain file, open for appending, end with a complete line; return how many bytes were cut off for it.

    A last line that only lacks its line end gets one; what a killed writer left half-written goes.
    """
    size = os.fstat(descriptor).st_size
    start = _last_line_start(descriptor, size)
    if start == size:
        return 0
    if _is_object(os.pread(descriptor, min(size - start, MAX_LINE_BYTES + 1), start)):
        os.write(descriptor, b"\n")
        return 0
    os.ftruncate(descriptor, start)
    return size - start


def _is_object(line: bytes) -> bool:
    try:
        return len(line) <= MAX_LINE_BYTES and isinstance(json.loads(line.decode("utf-8")), dict)
    except (ValueError, RecursionError):
        return False


def _last_line_start(descriptor: int, size: int) -> int:
    end = size
    while end > 0:
        begin = max(0, end - _CHUNK)
        at = os.pread(descriptor, end - begin, begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0


def mend_gzip_tail(path: Path) -> int:
    """Make a gzip file end with a complete member and a complete line; return how many bytes were cut off for it.

    Whole lines of an unfinished member are kept: the file is written anew beside itself, then renamed.
    Raises OSError, and zlib.error where the data is damaged and not only cut off.
    """
    size = path.stat().st_size
    member, ends_with_line = _last_member(path)
    if member == size and ends_with_line:
        return 0
    part = path.with_name(path.name + ".part")
    with path.open("rb") as old, part.open("wb") as new:
        for _ in range(member // _CHUNK):
            new.write(old.read(_CHUNK))
        new.write(old.read(member % _CHUNK))
        _copy_lines(old, new)
        new.flush()
        os.fsync(new.fileno())
    os.replace(part, path)
    return max(0, size - path.stat().st_size)


def _last_member(path: Path) -> tuple[int, bool]:
    """Return where the last member that has to be mended starts (the file's size: none), and whether a line ended."""
    start = position = 0
    last = b"\n"
    reader = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            while chunk:
                text = reader.decompress(chunk)
                last = text[-1:] or last
                position += len(chunk) - len(reader.unused_data)
                chunk = reader.unused_data
                if reader.eof and last == b"\n":
                    start = position
                if reader.eof:
                    reader = zlib.decompressobj(wbits=31)
    return start, start == position


def _copy_lines(old: IO[bytes], new: IO[bytes]) -> None:
    """Pack the whole lines of the rest of `old`, members or part of one, into one new member."""
    reader = zlib.decompressobj(wbits=31)
    packer = zlib.compressobj(wbits=31)
    kept = False
    tail = b""
    while chunk := old.read(_CHUNK):
        while chunk:
            tail += reader.decompress(chunk)
            chunk = reader.unused_data
            if reader.eof:
                reader = zlib.decompressobj(wbits=31)
            end = tail.rfind(b"\n") + 1
            if end:
                new.write(packer.compress(tail[:end]))
                kept, tail = True, tail[end:]
    if _is_object(tail):
        kept = True
        new.write(packer.compress(tail + b"\n"))
    if kept:  # an empty member would do no harm, but nothing is nothing
        new.write(packer.flush())
