"""Starts warm processes from their images: what one has become before it serves, kept for all jails of a machine.

An image (`image.c`) is made by the first jail that wants it, of trusted input alone, and is one of its machine since that
was started: it is named by all that it depends on, and kept in the store. Where there is no store, or an image cannot
be made or does not come alive, processes start as ever, which is said on stderr.
"""

import contextlib
import os
import select
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sandboxes.box import IMAGE, SERVICE_USER, Boxes
from sandboxes.records import Limits, Server, Service

RESTORE = "restore"  # in the warm folder, where it could be built
MADE = "made"  # in the warm folder: tells this preparation from all others
LOADER = "/lib64/ld-linux-x86-64.so.2"
MAKE_S = 120  # that an image may take to be made
RESTORED_S = 60  # that a restored process may take to say so
COPIED, MAPPED = "copied", "mapped"  # of a process that forks, of one that does not (restore.c)


@dataclass(frozen=True)
class Images:
    """The images that a jail starts from. `warm` is the folder of all languages."""

    boxes: Boxes
    warm: Path

    def server(self, argv: "list[str]", env: "dict[str, str]", how: str = COPIED) -> Server:
        """Return a fork server that has become what `argv` becomes. It calls keep_image(3) before it serves."""
        with self._of(argv, env) as image:
            if image is not None:
                server = self.boxes.start_server(self._restore(IMAGE, how), {}, image)
                if says_so(server.socket.fileno()):
                    return replace(server, again=lambda: self.server(argv, env, how))
                server.socket.close()
                self.boxes.stop(server.pid)
                self._failed(argv)
        return self.boxes.start_server(argv, env)

    def service(self, argv: "list[str]", env: "dict[str, str]", limits: Limits, directory: Path) -> "Service | None":
        """Return a service from the image of what `argv` becomes, or None. It calls keep_image(1) before it serves."""
        with self._of(argv, env) as image:
            if image is not None:
                service = self.boxes.start_service(self._restore(3, MAPPED), {}, limits, directory, image)
                if says_so(service.stdout.fileno()):
                    return service
                service.stdin.close()
                service.stdout.close()
                self.boxes.stop(service.pid, SERVICE_USER)
                self._failed(argv)
        return None

    def _restore(self, descriptor: int, how: str) -> "list[str]":
        return [str(self.warm / RESTORE), str(descriptor), how]

    def _failed(self, argv: "list[str]") -> None:
        print(f"{argv[0]}: its image does not come alive here; starting it plainly", file=sys.stderr)

    @contextlib.contextmanager
    def _of(self, argv: "list[str]", env: "dict[str, str]") -> "Iterator[int | None]":
        """Give a descriptor of an image, which is made where there is none yet; None where it cannot be."""
        store, name = self.boxes.store, self._name(argv, env)
        image = store.file(name) if name else None
        if name and image is None and store.make_file(name, lambda fd: self._make(argv, env, fd)):
            image = store.file(name)
        try:
            yield image if image is not None and os.fstat(image).st_size else None
        finally:
            if image is not None:
                os.close(image)

    def _name(self, argv: "list[str]", env: "dict[str, str]") -> str:
        """Return the name of an image in the store; nothing where none can be kept."""
        if self.boxes.store.folder is None or not (self.warm / RESTORE).exists():
            return ""
        try:
            boot, processor = (head_of(f"/proc/{name}") for name in ("sys/kernel/random/boot_id", "cpuinfo"))
            loader = os.stat(LOADER)  # which is upgraded with the C library
        except OSError:
            return ""
        flags = b"".join(line for line in processor.splitlines() if line.startswith((b"flags", b"model")))
        made = (self.warm / MADE).read_bytes()
        return "image-" + self.boxes.store.digest(
            boot, flags, made, f"{loader.st_ino} {loader.st_mtime_ns}", *argv, *(f"{name}={env[name]}" for name in env)
        )

    def _make(self, argv: "list[str]", env: "dict[str, str]", file: int) -> bool:
        """Have a process write its image to a file; that stays empty where it cannot. Return whether that is for good."""
        server = self.boxes.start_server(argv, {**env, "BOX_IMAGE": f"{IMAGE}"}, file)
        heard(server.socket.fileno(), MAKE_S)
        status, _ = self.boxes.stop(server.pid, patience_s=1)
        server.socket.close()
        if status != 0:
            os.ftruncate(file, 0)
            print(f"{argv[0]}: no image can be made here; starting it plainly", file=sys.stderr)
        return not os.WIFSIGNALED(status)  # it was too slow, or short of memory: another jail may try again


def head_of(path: str) -> bytes:
    """Return the beginning of a file of the kernel's."""
    with open(path, "rb", buffering=0) as file:
        return file.read(4096) or b""


def says_so(descriptor: int) -> bool:
    """Whether a process that was started from an image says in its time that it goes on."""
    return heard(descriptor, RESTORED_S) == b"+"


def heard(descriptor: int, patience_s: float) -> bytes:
    """Return what a process says, one byte; nothing where it ends, or says nothing in that time."""
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return os.read(descriptor, 1) if poller.poll(patience_s * 1000) else b""
