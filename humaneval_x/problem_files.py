"""The files of the problem sets: where they are, which text is pinned, `problems verify` and `problems fetch`.

Upstream files are pinned by SHA-256 in `problems/<set>.json`. Does not read problems from the text: `problems` does.
Sources: github.com/THUDM/CodeGeeX, codegeex/benchmark/humaneval-x; github.com/bigcode-project/octopack,
evaluation/create/humaneval-x/data.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from humaneval_x import download
from humaneval_x.errors import ProblemError
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.records import RESTORE
from humaneval_x.resources import cache_folder, problems_folder

OFFICIAL = "official"
FRESH = "fresh"
PACK = "humanevalpack"  # its task_ids are those of the official set
SETS = (OFFICIAL, FRESH, PACK)
PINNED = (OFFICIAL, PACK)  # whose files are fetched
FETCH = "python evaluate.py problems fetch"
VARIABLE = "HUMANEVAL_X_PROBLEMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFile:
    """One pinned upstream file: `sha256` and `bytes` of it, `text_sha256` of its text: of what is in a .gz."""

    language: str
    path: str
    bytes: int
    sha256: str
    text_sha256: str

    @property
    def name(self) -> str:
        """The file's name here: 'humaneval_cpp.jsonl.gz'."""
        packed = ".gz" if self.path.endswith(".gz") else ""
        return f"humaneval_{self.path.partition('/')[0]}.jsonl{packed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Which files a set is, and the addresses below which upstream keeps them."""

    commit: str
    bases: tuple[str, ...]
    files: Mapping[str, OfficialFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """What `verify` and `fetch` found for one file. `state`: ok, fetched, differs, missing or broken."""

    file: str
    state: str
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the file is now what it should be."""
        return self.state in ("ok", "fetched")

    def __str__(self) -> str:
        return f"{self.file:<26} {self.state:<8} {self.detail}"


@cache
def manifest(name: str = OFFICIAL) -> Manifest:
    """Return the manifest of a pinned set, `problems/<set>.json`."""
    raw = json.loads((problems_folder() / f"{name}.json").read_text(encoding="utf-8"))
    files = {name: OfficialFile(language=name, **values) for name, values in raw["files"].items()}
    return Manifest(commit=raw["commit"], bases=tuple(raw["bases"]), files=files)


def official_folder() -> Path:
    """Return the folder the official set is taken from. Raises ProblemError when it is nowhere."""
    given = os.environ.get(VARIABLE, "")
    places = [Path(given)] if given else []
    places.append(default_folder())
    for place in places:
        if any(candidates(place, name) for name in LANGUAGES):
            return place
    looked = " and ".join(str(place) for place in places)
    raise ProblemError(f"the official problems are not on this machine (looked in {looked}); get them with: {FETCH}")


def pack_folder() -> Path:
    """Return the folder HumanEvalPack is taken from. Raises ProblemError when it is not there."""
    place = default_folder(PACK)
    if any(candidates(place, name) for name in LANGUAGES):
        return place
    raise ProblemError(f"HumanEvalPack is not on this machine (looked in {place}); get it with: {FETCH} {PACK}")


def default_folder(name: str = OFFICIAL) -> Path:
    """Return where `fetch` puts a set's files."""
    return cache_folder() / ("problems" if name == OFFICIAL else name)


def plain_name(name: str) -> str:
    """Return the name of a language's file, not packed."""
    return f"humaneval_{KNOWN[name].FILE}.jsonl"


def candidates(directory: Path, name: str) -> list[Path]:
    """Return the files of a folder that may be a language's."""
    plain = directory / plain_name(name)
    as_published = directory / KNOWN[name].FILE / "data" / "humanevalpack.jsonl"
    return [path for path in (plain, plain.with_name(plain.name + ".gz"), as_published) if path.is_file()]


def text_of(directory: Path, name: str) -> bytes:
    """Return the text of a language's file. Raises ProblemError where there is none, or two that differ."""
    found = candidates(directory, name)
    if not found:
        raise ProblemError(f"{directory / plain_name(name)}[.gz]: no such file; {RESTORE}")
    texts = [unpacked(path) for path in found]
    if len(set(texts)) > 1:
        raise ProblemError(f"{found[0]}: differs from {found[1].name} beside it; expected one file; remove the other")
    return texts[0]


def unpacked(path: Path) -> bytes:
    """Return the text of a file or of what is in a .gz. Raises ProblemError."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise ProblemError(f"{path}: cannot be read ({fault.strerror}); check its permissions") from fault
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as fault:
        raise ProblemError(f"{path}: broken gzip ({fault}); {RESTORE}") from fault


def verify(directory: str | Path | None = None, name: str = OFFICIAL) -> list[FileCheck]:
    """Compare a pinned set's files in a folder (default: where they are looked for) with their SHA-256."""
    found = pack_folder if name == PACK else official_folder
    place, pinned = Path(directory) if directory is not None else found(), manifest(name).files
    names = [each for each in KNOWN if each in LANGUAGES or candidates(place, each)]
    return [_check(place, pinned[each]) for each in names if each in pinned]


def _check(place: Path, pinned: OfficialFile) -> FileCheck:
    try:
        text = text_of(place, pinned.language)
    except ProblemError as fault:
        state = "broken" if candidates(place, pinned.language) else "missing"
        return FileCheck(file=pinned.name, state=state, detail=str(fault))
    found = hashlib.sha256(text).hexdigest()
    if found != pinned.text_sha256:
        detail = f"text has SHA-256 {found}; expected {pinned.text_sha256}; {RESTORE}"
        return FileCheck(file=pinned.name, state="differs", detail=detail)
    return FileCheck(file=pinned.name, state="ok", detail=str(place))


def fetch(directory: str | Path | None = None, base_url: str | None = None, name: str = OFFICIAL) -> list[FileCheck]:
    """Download a pinned set's files, checked, into a folder (default: the user's cache); what is right stays.

    Raises MachineError with one line when no address has a file, saying what was tried and what to do.
    """
    place = Path(directory) if directory is not None else default_folder(name)
    done, published = [], manifest(name)
    for pinned in (published.files[each] for each in KNOWN if each in published.files):
        if _check(place, pinned).state == "ok":
            done.append(FileCheck(file=pinned.name, state="ok", detail=str(place)))
            continue
        download.download(
            _addresses(pinned, published.bases, base_url), place / pinned.name, pinned.bytes, pinned.sha256
        )
        check = _check(place, pinned)  # a wrong .jsonl beside it would still be in the way
        if check.state != "ok":
            raise ProblemError(check.detail)
        done.append(FileCheck(file=pinned.name, state="fetched", detail=str(place)))
    return done


def _addresses(pinned: OfficialFile, bases: Sequence[str], base_url: str | None) -> list[str]:
    if base_url is None:
        return [f"{base}/{pinned.path}" for base in bases]
    base = base_url.rstrip("/")
    if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(/\S*)?", base):
        raise ProblemError(f"--base_url {base_url!r}: expected an address that starts with http:// or https://")
    return [f"{base}/{pinned.path}", f"{base}/{pinned.name}"]
