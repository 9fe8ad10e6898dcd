"""Append-only files of lines: one writer by lock, one write a row, a torn tail cut off when taken up again."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from humaneval_x.files import whole
from humaneval_x.files.jsonl import MAX_LINE_BYTES

_CHUNK = 1 << 16
_PACKED = 1 << 14  # bytes unpacked at once: what follows a member is copied


def lock(descriptor: int) -> bool:
    """Take an exclusive lock on an open file for as long as it is open; False when another process has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
    with path.open("rb") as old:
        whole.write_whole(path, _first(old, member), _whole_lines(old))
    return max(0, size - path.stat().st_size)


def _last_member(path: Path) -> tuple[int, bool]:
    """Return where the last member that has to be mended starts (the file's size: none), and whether a line ended."""
    start = position = 0
    last = b"\n"
    with path.open("rb") as file:
        for text, position, ends in unpacked(file):
            last = text[-1:] or last
            if ends and last == b"\n":
                start = position
    return start, start == position


def unpacked(file: IO[bytes]) -> Iterator[tuple[bytes, int, bool]]:
    """Yield the text of gzip members piece by piece, where in the file each piece ends, and whether its member does.

    The last member may be cut off. Raises zlib.error where the data is damaged.
    """
    position, reader = 0, zlib.decompressobj(wbits=31)
    while chunk := file.read(_PACKED):
        while chunk:
            text = reader.decompress(chunk)
            position += len(chunk) - len(reader.unused_data)
            chunk = reader.unused_data
            yield text, position, reader.eof
            if reader.eof:
                reader = zlib.decompressobj(wbits=31)


def _first(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the first `size` bytes of a file."""
    while size > 0:
        chunk = file.read(min(_CHUNK, size))
        size -= len(chunk)
        yield chunk


def _whole_lines(old: IO[bytes]) -> Iterator[bytes]:
    """Yield one new member with the whole lines of the rest of `old`, members or part of one; nothing without any."""
    packer = zlib.compressobj(wbits=31)
    kept = False
    tail = b""
    for text, _, _ in unpacked(old):
        tail += text
        end = tail.rfind(b"\n") + 1
        if end:
            yield packer.compress(tail[:end])
            kept, tail = True, tail[end:]
    if _is_object(tail):
        kept = True
        yield packer.compress(tail + b"\n")
    if kept:  # an empty member would do no harm, but nothing is nothing
        yield packer.flush()
