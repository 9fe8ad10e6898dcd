"""Messages between two processes: JSON behind a four-byte length (big-endian), on file descriptors.

Does not check what a message says. Used between the harness and the agent, and between a program and its tests.
"""

import json
import struct
from os import read, write
from typing import Any

MAX_BYTES = 256 << 20
HEAD = struct.Struct(">I")
# What `json.dumps` and `json.loads` come to after some twenty calls in Python, which a fork would have to find first.
plain: Any = json.JSONEncoder()
coding: Any = json.encoder
parts = coding.c_make_encoder(None, plain.default, coding.encode_basestring_ascii, None, ": ", ", ", False, False, True)
scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def send(fd: int, message: object) -> None:
    """Write one message."""
    body = "".join(parts(message, 0)).encode()
    data = HEAD.pack(len(body)) + body
    done = write(fd, data)
    while done < len(data):
        done += write(fd, memoryview(data)[done:])


def receive(fd: int) -> Any:
    """Return the next message; None where the other side has ended. Raises ValueError for what is not one."""
    return sized(fd)[1]


def sized(fd: int) -> "tuple[int, Any]":
    """Return the next message's size in bytes, and the message."""
    head = read_exactly(fd, HEAD.size)
    if len(head) < HEAD.size:
        return 0, None
    (size,) = HEAD.unpack(head)
    if size > MAX_BYTES:
        raise ValueError(f"a message of {size} bytes")
    body = read_exactly(fd, size)
    return size, parsed(body.decode()) if len(body) == size else None


def parsed(text: str) -> Any:
    """Return the value that a text is, with nothing around it. Raises ValueError."""
    try:
        value, end = scan(text, 0)
    except StopIteration:
        end = -1
    if end != len(text):
        raise ValueError("a message that is not JSON")
    return value


def read_exactly(fd: int, size: int) -> bytes:
    """Return `size` bytes, or fewer at the end of the stream."""
    got = read(fd, min(size, 1 << 20))
    if len(got) == size or not got:
        return got
    more = bytearray(got)
    while len(more) < size:
        chunk = read(fd, min(size - len(more), 1 << 20))
        if not chunk:
            break
        more += chunk
    return bytes(more)
