"""Messages between two processes: JSON behind a four-byte length (big-endian), on file descriptors.

Does not check what a message says. Used between the harness and the agent, and between a program and its tests.
"""

import json
import os
import struct
from typing import Any

MAX_BYTES = 256 << 20


def send(fd: int, message: object) -> None:
    """Write one message."""
    body = json.dumps(message).encode()
    view = memoryview(struct.pack(">I", len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int) -> Any:
    """Return the next message; None where the other side has ended. Raises ValueError for what is not one."""
    head = read_exactly(fd, 4)
    if len(head) < 4:
        return None
    size = struct.unpack(">I", head)[0]
    if size > MAX_BYTES:
        raise ValueError(f"a message of {size} bytes")
    body = read_exactly(fd, size)
    return json.loads(body) if len(body) == size else None


def read_exactly(fd: int, size: int) -> bytes:
    """Return `size` bytes, or fewer at the end of the stream."""
    got = bytearray()
    while len(got) < size:
        chunk = os.read(fd, min(size - len(got), 1 << 20))
        if not chunk:
            break
        got += chunk
    return bytes(got)
