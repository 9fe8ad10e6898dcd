"""What the files of a model folder say without loading them: sizes, a cheap digest, whether they are whole.

The digest covers config.json, the index, and of each weight file its size, its safetensors header and three
samples of 64 KiB: two fine-tunings of one model differ in it, and 26 GB are not read. It is no proof against
somebody who wants two models to look the same.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from pathlib import Path
from typing import Any

from humaneval_x.errors import CheckpointError
from humaneval_x.samplers import PUBLISHED

SAMPLE = 1 << 16
CONFIGS = ("config.json", "model.safetensors.index.json", "generation_config.json", "chat_template.jinja")
INTEGERS = ("I8", "U8", "I16", "I32", "I64", "BOOL")
SIZES = {"I8": 1, "U8": 1, "BOOL": 1, "I16": 2, "I32": 4, "I64": 8}


def weight_files(folder: Path) -> list[Path]:
    """Return the weight files in order of name. Raises CheckpointError where there are none, or one is missing.

    A published checkpoint may be one file.
    """
    if folder.is_file():
        return [folder]
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise CheckpointError(f"{index}: not an index of weights ({fault}); get the model again") from fault
        missing = sorted(name for name in names if not (folder / name).is_file())
        if missing:
            raise CheckpointError(f"{folder}: {', '.join(missing[:5])} is missing; get the model again")
        return sorted(folder / name for name in names)
    published = (path for each in PUBLISHED for path in folder.glob(each))
    found = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin")) or sorted(published)
    if not found:
        raise CheckpointError(f"{folder}: no weight files (*.safetensors); get the model again")
    return found


def header(path: Path) -> dict[str, Any]:
    """Return the header of a safetensors file. Raises CheckpointError where the file is cut off or none."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > size:
                raise ValueError(f"a header of {length} bytes in a file of {size}")
            content: dict[str, Any] = json.loads(file.read(length))
        end = max((each["data_offsets"][1] for name, each in content.items() if name != "__metadata__"), default=0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as fault:
        raise CheckpointError(f"{path}: not a safetensors file ({fault}); get the model again") from fault
    if size < 8 + length + end:
        what = f"the file has {size} bytes, its header says {8 + length + end}"
        raise CheckpointError(f"{path}: truncated: {what}; get the model again")
    return content


def parameters(folder: Path) -> dict[str, int]:
    """Return the bytes of integer tensors ("int") and the count of floats ("float") in the weight files."""
    counts = {"int": 0, "float": 0}
    for path in weight_files(folder):
        if path.suffix != ".safetensors":
            counts["float"] += path.stat().st_size // 2
            continue
        for name, tensor in header(path).items():
            if name == "__metadata__":
                continue
            numbers = math.prod(tensor["shape"])
            kind = "int" if tensor["dtype"] in INTEGERS else "float"
            counts[kind] += numbers * SIZES.get(tensor["dtype"], 1)
    return counts


def digest(folder: Path) -> str:
    """Return 32 hex digits that tell this model from others."""
    whole = hashlib.sha256()
    for path in [folder / name for name in CONFIGS if (folder / name).is_file()]:
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    for path in weight_files(folder):
        size = path.stat().st_size
        whole.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as file:
            if path.suffix == ".safetensors":
                (length,) = struct.unpack("<Q", file.read(8))
                whole.update(file.read(length))
            for start in (file.tell(), size // 2, max(0, size - SAMPLE)):
                file.seek(start)
                whole.update(file.read(SAMPLE))
    return whole.hexdigest()[:32]
