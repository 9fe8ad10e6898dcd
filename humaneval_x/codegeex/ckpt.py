"""Finds the tensors of a MindSpore `.ckpt` file without MindSpore, and without reading them.

The file is protobuf: value (1) { tag (1), tensor (2) { dims (1), tensor_type (2), tensor_content (3) } }. A tensor of
more than 512 MiB stands in several values of one tag, which follow each other. A checksum that may stand at the end is
not checked. Does not read encrypted checkpoints, nor merge the files of several ranks. Source:
mindspore/train/serialization.py and checkpoint.proto of MindSpore 2.10.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from humaneval_x.errors import CheckpointError

DTYPES = {
    "Float16": torch.float16,
    "Float32": torch.float32,
    "Float64": torch.float64,
    "BFloat16": torch.bfloat16,
    "Int8": torch.int8,
    "Int32": torch.int32,
    "Int64": torch.int64,
}
CHECKSUM = b"crc_num"  # and ten bytes, at the end
CHECKSUM_BYTES = len(CHECKSUM) + 10
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CkptTensor:
    """One tensor, where it stands."""

    path: Path
    name: str
    shape: tuple[int, ...]
    kind: str  # in MindSpore's words: Float16
    spans: tuple[Span, ...]

    def read(self) -> Tensor:
        """Return the tensor. Raises CheckpointError where its bytes are not as many as its shape needs."""
        parts = [np.fromfile(self.path, np.uint8, end - start, offset=start) for start, end in self.spans]
        data = torch.from_numpy(parts[0] if len(parts) == 1 else np.concatenate(parts))
        dtype = DTYPES.get(self.kind)
        if dtype is None or len(data) != prod(self.shape) * dtype.itemsize:
            what = f"{self.name} has {len(data)} bytes of type {self.kind!r} for the shape {self.shape}"
            raise CheckpointError(f"{self.path}: {what}; write the checkpoint again")
        return data.view(dtype).reshape(self.shape)


def tensors_of(path: Path) -> dict[str, CkptTensor]:
    """Return the tensors of a file by name. Raises CheckpointError where it is none, or is cut off."""
    found: dict[str, CkptTensor] = {}
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            end = len(data) - (CHECKSUM_BYTES if data[-CHECKSUM_BYTES:].startswith(CHECKSUM) else 0)
            for number, value in fields(data, (0, end)):
                if number != 1 or isinstance(value, int):
                    raise ValueError(f"a field {number} that no checkpoint has")
                one = tensor_of(path, data, value)
                before = found.get(one.name)
                if before and (before.shape, before.kind) != (one.shape, one.kind):
                    raise ValueError(f"the slices of {one.name} differ in shape or type")
                spans = (*before.spans, *one.spans) if before else one.spans
                found[one.name] = CkptTensor(path=path, name=one.name, shape=one.shape, kind=one.kind, spans=spans)
    except (ValueError, KeyError, IndexError, OSError) as fault:
        what = f"not a MindSpore checkpoint, cut off, or encrypted ({fault})"
        raise CheckpointError(f"{path}: {what}; get it again, or write it unencrypted") from fault
    return found


def tensor_of(path: Path, data: mmap.mmap, span: Span) -> CkptTensor:
    """Return the tensor of one value. Raises ValueError, KeyError."""
    value = {number: part for number, part in fields(data, span) if not isinstance(part, int)}
    dims: list[int] = []
    content: Span | None = None
    kind = ""
    for number, part in fields(data, value[2]):
        if number == 1:
            dims += [part] if isinstance(part, int) else packed(data, part)
        elif number == 2 and not isinstance(part, int):
            kind = data[part[0] : part[1]].decode()
        elif number == 3 and not isinstance(part, int):
            content = part
    if content is None:
        raise ValueError("a tensor without content")
    name = data[value[1][0] : value[1][1]].decode()
    return CkptTensor(path=path, name=name, shape=tuple(dims), kind=kind, spans=(content,))


def fields(data: mmap.mmap, span: Span) -> Iterator[tuple[int, int | Span]]:
    """Yield the fields of a message: a number, or where the bytes stand. Raises ValueError."""
    at, end = span
    while at < end:
        key, at = varint(data, at)
        kind = key & 7
        if kind == VARINT:
            number, at = varint(data, at)
            yield key >> 3, number
            continue
        size, at = varint(data, at) if kind == BYTES else ({FIXED64: 8, FIXED32: 4}[kind], at)
        if at + size > end:
            raise ValueError(f"{at + size} bytes are announced, {end} are there")
        yield key >> 3, (at, at + size)
        at += size


def packed(data: mmap.mmap, span: Span) -> list[int]:
    """Return the numbers of a packed field."""
    numbers, (at, end) = [], span
    while at < end:
        number, at = varint(data, at)
        numbers.append(number)
    return numbers


def varint(data: mmap.mmap, at: int) -> Span:
    """Return the number at a place, and the place after it."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
