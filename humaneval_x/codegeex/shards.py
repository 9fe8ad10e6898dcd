"""Writes safetensors shards tensor by tensor, so that memory holds one tensor and never a shard.

Does not choose what to write: the plan is fixed before the first byte. Format: an 8-byte little-endian
length, a JSON header, then the data, https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import torch
from torch import Tensor

DTYPE_CODES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int8: "I8"}
WEIGHTS_NAME = "model.safetensors"
INDEX_NAME = "model.safetensors.index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A tensor to be written."""

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize


def plan_shards(tensors: Sequence[Planned], max_shard_bytes: int) -> dict[str, list[Planned]]:
    """Return file name -> tensors, in order, no file above the limit unless one tensor alone is."""
    groups: list[list[Planned]] = [[]]
    room = max_shard_bytes
    for tensor in tensors:
        if groups[-1] and tensor.nbytes > room:
            groups.append([])
            room = max_shard_bytes
        groups[-1].append(tensor)
        room -= tensor.nbytes
    if len(groups) == 1:
        return {WEIGHTS_NAME: groups[0]}
    count = len(groups)
    return {f"model-{i:05d}-of-{count:05d}.safetensors": group for i, group in enumerate(groups, 1)}


class ShardWriter:
    """One shard: `write` each planned tensor once, in any order; leaving the block syncs it to disk."""

    def __init__(self, path: Path, tensors: Sequence[Planned]) -> None:
        header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
        end = 0
        self.planned = {tensor.name: tensor for tensor in tensors}
        self.offsets: dict[str, int] = {}
        # widest types first, so that every tensor is aligned to its type
        for tensor in sorted(tensors, key=lambda tensor: -tensor.dtype.itemsize):
            offsets = [end, end + tensor.nbytes]
            header[tensor.name] = {
                "dtype": DTYPE_CODES[tensor.dtype],
                "shape": list(tensor.shape),
                "data_offsets": offsets,
            }
            self.offsets[tensor.name], end = offsets
        encoded = json.dumps(header).encode()
        encoded += b" " * (-len(encoded) % 8)
        self.start = 8 + len(encoded)
        self.file: BinaryIO = path.open("wb")
        self.file.write(len(encoded).to_bytes(8, "little") + encoded)
        self.file.truncate(self.start + end)

    def write(self, name: str, tensor: Tensor) -> None:
        """Write one tensor at its place; the file's bytes are those of the contiguous tensor."""
        planned = self.planned.pop(name)
        assert (tuple(tensor.shape), tensor.dtype) == (planned.shape, planned.dtype), name
        self.file.seek(self.start + self.offsets[name])
        self.file.write(tensor.contiguous().view(torch.uint8).numpy().data)

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                assert not self.planned, f"never written: {sorted(self.planned)}"
                self.file.flush()
                os.fsync(self.file.fileno())
        finally:
            self.file.close()


def write_index(folder: Path, shards: dict[str, list[Planned]]) -> None:
    """Write the index of several shards; a single shard needs none."""
    if len(shards) == 1:
        return
    weight_map = {tensor.name: file for file, tensors in shards.items() for tensor in tensors}
    total = sum(tensor.nbytes for tensors in shards.values() for tensor in tensors)
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
    (folder / INDEX_NAME).write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def shard_is_whole(path: Path) -> bool:
    """Tell whether a safetensors file has all the bytes its header speaks of."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > path.stat().st_size:
                return False
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        end = max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return path.stat().st_size == int(8 + length + end)
