"""Download one file so that it stands under its name only when its SHA-256 is right.

Resumes a `.part` file where the server can, tries several addresses in turn. Standard library only; sends no
credentials, keeps at most the pinned number of bytes.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from humaneval_x.errors import MachineError, ResultsError

TIMEOUT_S = 30
ATTEMPTS = 3  # per address: a cut connection is taken up where it broke off
_CHUNK = 1 << 14


class _Unusable(Exception):
    """An address did not give the file; the text says why."""


def download(urls: Sequence[str], target: Path, size: int, sha256: str) -> None:
    """Fetch `target` (`size` bytes) from the first address that has it right.

    Raises MachineError naming each address tried and why it failed, ResultsError when the folder is not writable.
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
        raise ResultsError(f"{target}: cannot be written ({fault.strerror}); choose another folder") from fault
    by_hand = f"copy {target.name} by hand to {target.parent}, or name another address with --base_url"
    raise MachineError(f"{target.name} could not be downloaded (tried {'; '.join(tried)}); {by_hand}")


def _fetch(url: str, part: Path, size: int, sha256: str) -> None:
    for attempt in range(ATTEMPTS):
        before = part.stat().st_size if part.exists() else 0
        try:
            _receive(url, part, size)
        except urllib.error.HTTPError as fault:
            fault.close()
            raise _Unusable(f"HTTP {fault.code} {fault.reason}") from fault
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as fault:
            grown = part.exists() and part.stat().st_size > before
            if attempt + 1 < ATTEMPTS and grown:
                continue
            reason = getattr(fault, "reason", None) or fault
            raise _Unusable(str(getattr(reason, "strerror", None) or reason) or type(fault).__name__) from fault
        if part.stat().st_size < size and attempt + 1 < ATTEMPTS:
            continue
        break
    found = hashlib.sha256(part.read_bytes()).hexdigest()
    if found != sha256:
        part.unlink()
        raise _Unusable(f"SHA-256 is {found}, expected {sha256}")


def _receive(url: str, part: Path, size: int) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        return
    headers = {"User-Agent": "humaneval_x", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S) as response:
        # A server that ignores Range answers 200 with the whole file.
        resumed = have and response.status == 206
        left = size - have if resumed else size
        shown = {"total": size, "initial": size - left, "unit": "B", "unit_scale": True, "desc": part.stem}
        with part.open("ab" if resumed else "wb") as file, tqdm(**shown, disable=None) as bar:
            for chunk in _chunks(response, left):
                file.write(chunk)
                bar.update(len(chunk))


def _chunks(response: http.client.HTTPResponse, left: int) -> Iterator[bytes]:
    # One byte more than expected is enough to see that the file is not the pinned one.
    left += 1
    while left > 0 and (chunk := response.read(min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk
