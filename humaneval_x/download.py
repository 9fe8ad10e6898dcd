"""Download one file so that it stands under its name only when its SHA-256 is right.

Resumes a `.part` file where the server can, tries several addresses in turn. Sends no
credentials, keeps at most the pinned number of bytes. pooch would be shorter only without these three: it neither
resumes, nor tries another address, nor bounds what it takes.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from humaneval_x.errors import MachineError, ResultsError
from humaneval_x.files import whole

TIMEOUT_S = 30
ATTEMPTS = 3  # per address: a cut connection is taken up where it broke off
_CHUNK = 1 << 14


class _Unusable(Exception):
    """An address did not give the file; the text says why."""


def download(urls: Sequence[str], target: Path, size: int, sha256: str) -> None:
    """Fetch `target` (`size` bytes) from the first address that has it right.

    Raises MachineError naming each address tried and why it failed; ResultsError when the folder is not writable.
    """
    part = target.with_name(target.name + ".part")
    tried = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for url in urls:
            try:
                _fetch(url, part, size, sha256)
            except _Unusable as fault:
                tried.append(f"{url}: {fault}")
                continue
            os.replace(part, target)
            return
    except OSError as fault:
        raise whole.cannot_write(target, fault, ResultsError, "choose another folder") from fault
    by_hand = f"copy {target.name} by hand to {target.parent}, or name another address with --base_url"
    raise MachineError(f"{target.name} could not be downloaded (tried {'; '.join(tried)}); {by_hand}")


def _fetch(url: str, part: Path, size: int, sha256: str) -> None:
    fault = ""
    for _ in range(ATTEMPTS):
        before = _length(part)
        fault = _receive(url, part, size) if before < size else ""
        if _length(part) < size:
            fault = fault or f"ends after {_length(part)} of {size} bytes"
            if _length(part) > before:
                continue  # the connection was cut: go on from there
            break
        found = hashlib.sha256(part.read_bytes()).hexdigest()
        if found == sha256:
            return
        fault = f"SHA-256 is {found}, expected {sha256}"
        part.unlink()
        if not before:
            break  # else the part of an earlier try may be to blame: once more from the start
    raise _Unusable(fault)


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _receive(url: str, part: Path, size: int) -> str:
    """Add to `part` what the address gives; return what went wrong, or nothing."""
    have = _length(part)
    headers = {"User-Agent": "humaneval_x", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S)
    except urllib.error.HTTPError as fault:
        fault.close()
        return f"HTTP {fault.code} {fault.reason}"
    except (OSError, http.client.HTTPException) as fault:
        return _reason(fault)
    # A server that ignores Range answers 200 with the whole file.
    resumed = have > 0 and response.status == 206
    left = size - have if resumed else size
    with (
        response,
        part.open("ab" if resumed else "wb") as file,
        tqdm(total=size, initial=size - left, unit="B", unit_scale=True, desc=part.stem, disable=None) as bar,
    ):
        left += 1  # one byte more than expected is enough to see that the file is not the pinned one
        while left > 0:
            try:
                chunk = response.read(min(_CHUNK, left))
            except (OSError, http.client.HTTPException) as fault:
                return _reason(fault)
            if not chunk:
                break
            file.write(chunk)
            left -= len(chunk)
            bar.update(len(chunk))
    return ""


def _reason(fault: Exception) -> str:
    inner = getattr(fault, "reason", fault)
    return str(getattr(inner, "strerror", None) or inner) or type(fault).__name__
