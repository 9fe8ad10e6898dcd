"""The weights for `mindspore_model.py`, one tensor at a time: of a converted folder, or of a published checkpoint.

int8 weights are expanded as they are read: MindSpore's model computes in float16 or float32. Imports no mindspore.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from safetensors import safe_open
from torch import Tensor

from humaneval_x.codegeex.names import all_names
from humaneval_x.codegeex.shards import INDEX_NAME, WEIGHTS_NAME
from humaneval_x.codegeex.sources import Source, count_blocks

Take = Callable[[str], NDArray[Any]]  # a weight by its name here: model.layers.0.mlp.up_proj.weight


def of_folder(folder: Path, dtype: str) -> Take:
    """Return what reads a converted folder."""
    files = files_of(folder)

    def read(name: str) -> Tensor:
        with safe_open(folder / files[name], "pt") as file:  # mapped: only what is asked for is read
            tensor: Tensor = file.get_tensor(name)
        if tensor.dtype is not torch.int8:
            return tensor
        scales = read(name + "_scale").float()
        return tensor.float() * scales[:, None]

    return lambda name: read(name).to(getattr(torch, dtype)).numpy()


def of_source(source: Source, dtype: str) -> Take:
    """Return what reads a checkpoint in any published layout, without converting it."""
    names = {name.ours: name for name in all_names(count_blocks(source.shapes))}
    return lambda name: source.read(names[name]).to(getattr(torch, dtype)).contiguous().numpy()


def files_of(folder: Path) -> dict[str, str]:
    """Return the file of each tensor."""
    index = folder / INDEX_NAME
    if index.is_file():
        files: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        return files
    with safe_open(folder / WEIGHTS_NAME, "pt") as file:
        return {name: WEIGHTS_NAME for name in file.keys()}  # noqa: SIM118 (a file, not a dict)
