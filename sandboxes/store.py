"""Keeps objects compiled from trusted text only: tests, once for each problem and machine.

An entry's name is the digest of everything that it was made of, so none is ever changed. In this process's memory, and
where the runner gave a folder, in files that all jails of the machine share. No program can name that folder: it is
root's alone, or it is nowhere in the jail's file system and known by its descriptor only. What was not asked for the
longest goes when a jail adds its first entry and finds the folder too large.
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

MEMORY_BYTES = 64 << 20
LARGE_BYTES = 1 << 20  # entries from here on stay in the folder alone: each fork of this process pays for its memory
FOLDER_BYTES = 2 << 30
MAKE_S = 20  # that a file which another jail makes is waited for
CHECK_BYTES = 32  # each file begins with the SHA-256 of the rest, which tells a torn or damaged one


class Store:
    """Data by digest. `folder` is a descriptor of a folder; without one there is only the memory."""

    def __init__(self, folder: "int | None" = None) -> None:
        self.folder = folder
        self.trimmed = False  # looking through some thousand entries costs as much as a fifth of a jail's start
        self.known: "OrderedDict[str, bytes]" = OrderedDict()

    @staticmethod
    def digest(*parts: "str | bytes") -> str:
        """Return the name of an entry made of these parts."""
        whole = hashlib.sha256()
        for part in parts:
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            whole.update(len(data).to_bytes(8, "big") + data)
        return whole.hexdigest()

    def get(self, digest: str) -> "bytes | None":
        """Return the entry of a name, or None."""
        if digest in self.known:
            self.known.move_to_end(digest)
            return self.known[digest]
        data = self._read(digest)
        return None if data is None else self.remember(digest, data)

    def put(self, digest: str, data: bytes) -> None:
        """Keep an entry; one that cannot be written to the folder is kept in memory only."""
        self.remember(digest, data)
        if self.folder is None:
            return
        if not self.trimmed:
            self._trim()
        fresh = f"{digest}.{secrets.token_hex(4)}"
        try:
            fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=self.folder)
            with open(fd, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            os.rename(fresh, digest, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        except OSError:
            return

    def file(self, digest: str) -> "int | None":
        """Return a descriptor of an entry that `make_file` has made, or None. It is large: nobody checks it."""
        try:
            fd = os.open(digest, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.folder)
            os.utime(fd)
            return fd
        except OSError:
            return None

    def make_file(self, digest: str, fill: "Callable[[int], bool]") -> bool:
        """Have `fill` write an entry to a descriptor, where no other jail does or has. Return whether it is there.

        It is not kept where `fill` says so.
        """
        assert self.folder is not None
        fresh = f"{digest}.{secrets.token_hex(4)}"
        try:
            self._lock()
            if os.access(digest, os.F_OK, dir_fd=self.folder):
                return True
            self._trim()
            fd = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=self.folder)
            try:
                kept = fill(fd)
            finally:
                os.close(fd)
            if kept:
                os.rename(fresh, digest, src_dir_fd=self.folder, dst_dir_fd=self.folder)
            else:
                os.unlink(fresh, dir_fd=self.folder)
            return kept
        except OSError:
            return False
        finally:
            fcntl.flock(self.folder, fcntl.LOCK_UN)

    def _lock(self) -> None:
        """Wait for other jails of the machine that make a file. Raises BlockingIOError after MAKE_S."""
        assert self.folder is not None
        until = time.monotonic() + MAKE_S
        while True:
            try:
                return fcntl.flock(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _read(self, digest: str) -> "bytes | None":
        if self.folder is None:
            return None
        try:
            with open(os.open(digest, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.folder), "rb") as file:
                os.utime(file.fileno())
                check, data = file.read(CHECK_BYTES), file.read()
        except OSError:
            return None
        return data if hashlib.sha256(data).digest() == check else None

    def _trim(self) -> None:
        """Remove the least recently used files until the folder is small enough."""
        if self.folder is None:
            return
        self.trimmed = True
        try:
            found = [(os.stat(name, dir_fd=self.folder), name) for name in os.listdir(self.folder)]
            size = sum(each.st_size for each, _ in found)
            for each, name in sorted(found, key=lambda one: one[0].st_mtime_ns):
                if size <= FOLDER_BYTES:
                    return
                os.unlink(name, dir_fd=self.folder)
                size -= each.st_size
        except OSError:  # another jail is trimming too
            return

    def remember(self, digest: str, data: bytes) -> bytes:
        """Keep an entry in this process's memory alone: what a compiler refused, which no other jail is to believe."""
        if self.folder is not None and len(data) >= LARGE_BYTES:
            return data
        self.known[digest] = data
        size = sum(map(len, self.known.values()))
        while size > MEMORY_BYTES and len(self.known) > 1:
            size -= len(self.known.popitem(last=False)[1])
        return data
