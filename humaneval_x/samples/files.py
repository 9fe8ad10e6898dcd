"""Which files or folders hold the samples, and what tells one from another: size and SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.files import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesFile:
    """What tells one samples file from another."""

    file: str
    bytes: int
    sha256: str


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
