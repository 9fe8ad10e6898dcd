"""Whole files: written at once or not at all, known by size and digest, one clear error a fault."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from humaneval_x.errors import HarnessError, InputError, MachineError


def write_whole(path: Path, *pieces: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all: beside itself, to the disk, then renamed. Raises OSError."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        for piece in pieces:
            file.writelines([piece] if isinstance(piece, bytes) else piece)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON value for people to read, whole or not at all. Raises OSError."""
    write_whole(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())


def write_text(path: Path, text: str) -> None:
    """Write text whole or not at all; half a character in it is written as an escape. Raises OSError."""
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def cannot_write(path: Path, fault: OSError, error: type[InputError], instead: str) -> HarnessError:
    """Return the error for a failed write: MachineError for a full disk, else `error` saying what to do `instead`."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        again = "what was written before is kept; free some space and run the same command again"
        return MachineError(f"{path}: the disk is full ({fault.strerror}); {again}")
    return error(f"{path}: cannot be written ({fault.strerror}); {instead}")


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
