"""Reads the published checkpoint layouts, tensor by tensor: `.pt` file, partitions, fused QKV, MindSpore's two.

Every layout is offered under the published names and merged shapes. Files are memory-mapped and
mapped anew every 512 MiB, so that what was read does not stay in memory. Never unpickles anything but
tensors. Does not check a model's sizes: `convert.py` does.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from humaneval_x.codegeex.ckpt import tensors_of
from humaneval_x.codegeex.names import FUSED, MINDSPORE_PREFIX, PUBLISHED_PREFIX, TOP_LAYER, TensorName, all_names
from humaneval_x.errors import CheckpointError

Shape = tuple[int, ...]
PARTITION_FILE = re.compile(r"mp_rank_(\d+)_model_states\.pt")
REMAP_BYTES = 512 << 20
MINDSPORE_BUFFERS = re.compile(r".*\.(key_past|value_past)$")  # caches that a dump holds beside the weights
PARTITION_PROBE = PUBLISHED_PREFIX + TOP_LAYER[1] + "attention.dense.weight"  # C x C/partitions


class Source(Protocol):
    """A checkpoint: merged shapes by published name, and one tensor at a time."""

    folder: Path
    where: str
    shapes: dict[str, Shape]

    def original(self, name: str) -> str:
        """Return what the checkpoint itself calls a published name."""

    def read(self, name: TensorName) -> Tensor:
        """Return one merged tensor, possibly a view of the mapped file."""


class TorchFile:
    """One `.pt` file, flattened and unfused: published name -> view of the mapped file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unread_limit = REMAP_BYTES
        self.tensors = load_tensors(path)

    def read(self, name: str) -> Tensor:
        """Return a view of one tensor; earlier views stay valid, but keep their mapping in memory."""
        if self.unread_limit <= 0:
            self.tensors = {}  # unmaps, and with it the pages read so far
            self.tensors = load_tensors(self.path)
            self.unread_limit = REMAP_BYTES
        tensor = self.tensors[name]
        self.unread_limit -= tensor.nbytes
        return tensor


class TorchSource:
    """A `.pt` checkpoint in one file or in tensor-parallel partitions, in rank order."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.folder = paths[0].parent
        self.where = str(paths[0]) if len(paths) == 1 else f"{self.folder} ({len(paths)} partitions)"
        self.parts = [TorchFile(path) for path in paths]
        check_partition_count(self.parts)
        self.split_dims = {name.published: name.split_dim for name in all_names(count_blocks(self.parts[0].tensors))}
        self.shapes = merged_shapes(self.parts, self.split_dims)

    def original(self, name: str) -> str:
        return name

    def read(self, name: TensorName) -> Tensor:
        if name.split_dim is None or len(self.parts) == 1:
            return self.parts[0].read(name.published)
        return torch.cat([part.read(name.published) for part in self.parts], dim=name.split_dim)


class Stored(Protocol):
    """One array of a MindSpore dump: its shape, and the array when it is wanted."""

    @property
    def shape(self) -> Shape: ...

    def read(self) -> Tensor:
        """Return the array."""


class NpyFile:
    """A `.npy` file."""

    def __init__(self, path: Path) -> None:
        self.path, self.shape = path, open_array(path).shape

    def read(self) -> Tensor:
        return torch.from_numpy(np.array(open_array(self.path)))  # a copy: torch warns about read-only maps


class MindSporeSource:
    """Arrays under MindSpore's names: a folder of `<name>.npy`, or a `.ckpt` file."""

    def __init__(self, folder: Path, where: str, ending: str, found: Mapping[str, Stored]) -> None:
        self.folder, self.where = folder, where
        blocks = 1 + max((int(i) for name in found for i in re.findall(r"\.blocks\.(\d+)\.", name)), default=-1)
        names = all_names(blocks)
        by_mindspore = {name.mindspore: name for name in names}
        self.originals = {name.published: name.mindspore + ending for name in names}
        self.arrays: dict[str, Stored] = {}
        self.shapes: dict[str, Shape] = {}
        for mindspore, array in found.items():
            if MINDSPORE_BUFFERS.match(mindspore):
                continue
            name = by_mindspore.get(mindspore)
            if name is None:  # a leftover: keeps its own name, and convert names it
                self.shapes[mindspore + ending] = array.shape
                continue
            self.shapes[name.published] = array.shape[::-1] if name.is_transposed_in_mindspore else array.shape
            self.arrays[name.published] = array

    @classmethod
    def of_folder(cls, folder: Path) -> MindSporeSource:
        """Return a dump of one `.npy` file a parameter."""
        found = {path.name.removesuffix(".npy"): NpyFile(path) for path in sorted(folder.glob("*.npy"))}
        return cls(folder, str(folder), ".npy", found)

    @classmethod
    def of_file(cls, path: Path) -> MindSporeSource:
        """Return a `.ckpt` file; what an optimiser keeps beside the network is not looked at."""
        found = {name: tensor for name, tensor in tensors_of(path).items() if name.startswith(MINDSPORE_PREFIX)}
        return cls(path.parent, str(path), "", found)

    def original(self, name: str) -> str:
        return self.originals.get(name, name)

    def read(self, name: TensorName) -> Tensor:
        tensor = self.arrays[name.published].read()
        return tensor.t() if name.is_transposed_in_mindspore else tensor


def open_source(source: str | Path | Sequence[str | Path]) -> Source:
    """Return the checkpoint of a `.pt` file, of a list of partitions in rank order, or of a folder."""
    if not isinstance(source, (str, Path)):
        if not source:
            raise CheckpointError("the list of partitions is empty; give the files of all ranks in order")
        return TorchSource([Path(path) for path in source])
    path = Path(source)
    if not path.exists():
        raise CheckpointError(
            f"{path}: no such file or folder; give a .pt or .ckpt file, its partitions or a .npy folder"
        )
    if path.is_file():
        return MindSporeSource.of_file(path) if path.suffix == ".ckpt" else TorchSource([path])
    partitions = partition_files(path)
    if partitions:
        return TorchSource(partitions)
    if any(path.glob("*.npy")):
        return MindSporeSource.of_folder(path)
    files = sorted([*path.glob("*.pt"), *path.glob("*.ckpt")])
    if len(files) == 1:
        return open_source(files[0])
    found = f"{len(files)} files" if files else "no checkpoint"
    if any(path.glob("*.safetensors")):
        found = "safetensors, so it is converted already"
    raise CheckpointError(
        f"{path}: found {found}; expected one .pt or .ckpt file, mp_rank_00_model_states.pt and so on, "
        f"or MindSpore's {MINDSPORE_PREFIX}*.npy"
    )


def partition_files(folder: Path) -> list[Path]:
    """Return mp_rank_00.., in rank order. Raises CheckpointError where a rank is missing."""
    ranks = {int(m[1]): path for path in folder.iterdir() if (m := PARTITION_FILE.fullmatch(path.name))}
    missing = sorted(set(range(max(ranks, default=-1) + 1)) - set(ranks))
    if missing:
        names = ", ".join(f"mp_rank_{rank:02d}_model_states.pt" for rank in missing)
        raise CheckpointError(f"{folder}: found {len(ranks)} partitions but not {names}; put every rank's file there")
    return [ranks[rank] for rank in sorted(ranks)]


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Return the mapped tensors of a `.pt` file under flat published names, fused ones split."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    if magic != b"PK\x03\x04":
        raise CheckpointError(
            f"{path}: found {magic!r} at its start, expected the zip format torch.save writes since version 1.6; "
            "if an older torch wrote it, load it there and save it again, else get the file again"
        )
    try:
        tree = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path}: holds Python objects that are no tensors; they are not unpickled, because that would run their "
            "code; keep only the tensors under 'module' and save it again"
        ) from error
    except (RuntimeError, OSError, EOFError, ValueError) as error:
        size = path.stat().st_size
        raise CheckpointError(
            f"{path}: truncated or damaged: {size:,} bytes that do not end as a checkpoint does; get the file again"
        ) from error
    tensors: dict[str, Tensor] = {}
    flatten(tree, "", tensors)
    if not tensors:
        raise CheckpointError(f"{path}: holds no tensors; expected the nested dictionary module / language_model / ...")
    separate: dict[str, Tensor] = {}
    for fused, whole in tensors.items():
        for name, tensor in unfused(fused, whole):
            if name in separate:
                raise CheckpointError(f"{path}: {name} stands there twice, alone and inside a fused tensor; keep one")
            separate[name] = tensor
    return separate


def flatten(tree: Any, prefix: str, into: dict[str, Tensor]) -> None:
    """Put the tensors of a nested dictionary into one, names joined by dots; other leaves are no weights."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            flatten(value, f"{prefix}{key}.", into)
    elif isinstance(tree, Tensor):
        into[prefix.removesuffix(".")] = tree


def unfused(name: str, tensor: Tensor) -> list[tuple[str, Tensor]]:
    """Return the query, key and value of a fused tensor, or the tensor itself."""
    stem, _, end = name.rpartition(".")
    for fused, separate in FUSED.items():
        if stem.endswith("." + fused) and tensor.shape[0] % len(separate) == 0:
            prefix = stem.removesuffix(fused)
            chunks = tensor.chunk(len(separate), dim=0)
            return [(f"{prefix}{part}.{end}", chunk) for part, chunk in zip(separate, chunks, strict=True)]
    return [(name, tensor)]


def count_blocks(names: Mapping[str, Any]) -> int:
    """Return the number of ordinary blocks the names speak of: the highest number + 1."""
    found = (re.match(re.escape(PUBLISHED_PREFIX) + r"transformer\.layers\.(\d+)\.", name) for name in names)
    return 1 + max((int(match[1]) for match in found if match), default=-1)


def check_partition_count(parts: Sequence[TorchFile]) -> None:
    """Raise CheckpointError unless there are as many files as the tensors were split into."""
    probe = parts[0].tensors.get(PARTITION_PROBE)
    if probe is None or probe.ndim != 2 or not probe.shape[1] or probe.shape[0] % probe.shape[1]:
        return  # another model: the check of names and shapes says so
    count = probe.shape[0] // probe.shape[1]
    if count != len(parts):
        raise CheckpointError(
            f"{parts[0].path}: found {len(parts)} file{'s' * (len(parts) > 1)}, expected {count}: "
            f"{PARTITION_PROBE} is {shown(probe.shape)}, one of {count} partitions; "
            f"give the folder or the list with all {count}"
        )


def merged_shapes(parts: Sequence[TorchFile], split_dims: Mapping[str, int | None]) -> dict[str, Shape]:
    """Return the shapes after merging. Raises CheckpointError where the ranks differ."""
    first = parts[0]
    for part in parts[1:]:
        for name in first.tensors.keys() ^ part.tensors.keys():
            has, lacks = (first, part) if name in first.tensors else (part, first)
            raise CheckpointError(
                f"{lacks.path}: {name} is missing, but {has.path.name} has it; give the partitions of one checkpoint"
            )
        for name, tensor in part.tensors.items():
            if tensor.shape != first.tensors[name].shape:
                raise CheckpointError(
                    f"{part.path}: {name} is {shown(tensor.shape)}, but {shown(first.tensors[name].shape)} in "
                    f"{first.path.name}; give the partitions of one checkpoint"
                )
    shapes = {name: tuple(tensor.shape) for name, tensor in first.tensors.items()}
    for name, dim in split_dims.items():
        shape = shapes.get(name, ())
        if dim is not None and dim < len(shape):
            shapes[name] = tuple(size * len(parts) if i == dim else size for i, size in enumerate(shape))
    return shapes


def open_array(path: Path) -> np.ndarray[Any, Any]:
    """Return the mapped array of a `.npy` file. Raises CheckpointError where it is truncated or holds objects."""
    try:
        array: np.ndarray[Any, Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise CheckpointError(
            f"{path}: truncated, or no array of numbers ({path.stat().st_size:,} bytes); write the dump again"
        ) from error
    return array


def shown(shape: Sequence[int]) -> str:
    """Return a shape as people write it: 5120 x 1280."""
    return " x ".join(str(size) for size in shape) or "a single number"
