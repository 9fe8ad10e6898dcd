"""Turns a published CodeGeeX checkpoint into a Hugging Face folder, in a few GB of memory.

Every source tensor is used once and every target tensor filled; names, then shapes, are compared
before the first byte is written, and leftovers are named. The folder appears under its name only when
it is complete: until then it is `<name>.partial`, which a next run removes.
Does not load the model or judge the weights, except that they are finite.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import GenerationConfig

from humaneval_x.codegeex.configuration import CodeGeeXConfig
from humaneval_x.codegeex.int8 import quantize_rows
from humaneval_x.codegeex.modeling import CodeGeeXForCausalLM
from humaneval_x.codegeex.names import PUBLISHED_PREFIX, TOP_LAYER, TensorName, all_names
from humaneval_x.codegeex.shards import (
    INDEX_NAME,
    WEIGHTS_NAME,
    Planned,
    ShardWriter,
    plan_shards,
    shard_is_whole,
    write_index,
)
from humaneval_x.codegeex.sources import Source, count_blocks, open_source, shown
from humaneval_x.codegeex.tokenizer import CodeGeeXTokenizer, check_tokenizer_folder
from humaneval_x.errors import CheckpointError, MachineError, OptionError, listed, unknown

DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}
DEFAULT_HEADS = 40
MARKER = ".conversion-unfinished"
# A config.json beside the checkpoint: its key, and what the tensors call the same.
BESIDE_KEYS = {
    "hidden_size": "hidden_size",
    "padded_vocab_size": "vocab_size",
    "max_position_embeddings": "max_position_embeddings",
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One source tensor and what is written for it: one tensor, or q and its scale."""

    name: TensorName
    planned: tuple[Planned, ...]


def convert(
    source: str | Path | Sequence[str | Path],
    target: str | Path,
    *,
    num_attention_heads: int | None = None,
    dtype: str = "float16",
    int8: bool = False,
    tokenizer: str | Path | None = None,
    max_shard_bytes: int = 4 << 30,
    progress: Progress | None = None,
) -> Path:
    """Write the checkpoint as sharded safetensors with config.json into a new folder; return the folder.

    source: a `.pt` file, its partitions as a folder or a list in rank order, MindSpore's `.npy` folder
        or `.ckpt` file.
    num_attention_heads: else from a config.json beside the checkpoint, else 40.
    dtype: float16 (as the published code runs), bfloat16 or float32.
    int8: quantise the block linears (see `int8.py`) while writing.
    tokenizer: a folder with tokenizer files; else those beside the checkpoint, if there are any.
    progress: called with (bytes written, bytes in all).
    Raises CheckpointError, OptionError; MachineError where the disk is too small.
    """
    if dtype not in DTYPES:
        raise OptionError(unknown("dtype", dtype, DTYPES))
    target = Path(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CheckpointError(f"{target}: exists already; give a new folder, or remove it to convert again")
    opened = open_source(source)
    config = read_config(opened, num_attention_heads)
    config.dtype = dtype
    config.architectures = [CodeGeeXForCausalLM.__name__]
    config.linear_format = "int8" if int8 else "float"
    conversions = plan(opened, config, DTYPES[dtype])
    loaded_tokenizer = find_tokenizer(opened, tokenizer)

    shards = plan_shards([planned for conversion in conversions for planned in conversion.planned], max_shard_bytes)
    partial = target.with_name(target.name + ".partial")
    start_folder(partial)
    try:
        check_space(partial, sum(planned.nbytes for conversion in conversions for planned in conversion.planned))
        write_weights(opened, conversions, shards, partial, progress)
        if loaded_tokenizer is not None:
            loaded_tokenizer.save_pretrained(partial)
        GenerationConfig(
            bos_token_id=config.bos_token_id, eos_token_id=config.eos_token_id, pad_token_id=config.pad_token_id
        ).save_pretrained(partial)
        config.save_pretrained(partial)
        write_index(partial, shards)
        (partial / MARKER).unlink()
        os.replace(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return target


def read_config(source: Source, num_attention_heads: int | None) -> CodeGeeXConfig:
    """Return the configuration the tensors speak of; only the head count comes from elsewhere."""
    blocks = count_blocks(source.shapes)
    sizes = {
        "embedding.word_embeddings.weight": 2,
        "embedding.position_embeddings.weight": 2,
        TOP_LAYER[1] + "mlp.dense_h_to_4h.weight": 2,
    }
    found: list[tuple[int, ...]] = []
    for suffix, ndim in sizes.items():
        shape = source.shapes.get(PUBLISHED_PREFIX + suffix)
        if shape is None or len(shape) != ndim:
            has = listed(source.shapes) if source.shapes else "nothing"
            what = "missing" if shape is None else f"{shown(shape)}, not a matrix"
            raise CheckpointError(
                f"{source.where}: {source.original(PUBLISHED_PREFIX + suffix)} is {what}; "
                f"expected a CodeGeeX checkpoint, found {has}"
            )
        found.append(shape)
    (vocab_size, hidden_size), (positions, _), (intermediate_size, _) = found
    beside = read_config_beside(source.folder)
    heads = num_attention_heads if num_attention_heads is not None else beside.get("num_attention_heads", DEFAULT_HEADS)
    if not isinstance(heads, int) or heads < 1 or hidden_size % heads:
        raise CheckpointError(
            f"{source.where}: hidden size {hidden_size} does not divide into {heads} heads; "
            "give num_attention_heads, or put a config.json that has it beside the checkpoint"
        )
    config = CodeGeeXConfig(
        vocab_size=vocab_size,
        hidden_size=hidden_size,
        intermediate_size=intermediate_size,
        num_hidden_layers=blocks + 1,
        num_attention_heads=heads,
        max_position_embeddings=positions,
    )
    measured = {key: getattr(config, ours) for key, ours in BESIDE_KEYS.items()} | {"num_layers": blocks}
    for key, size in measured.items():
        if beside.get(key, size) != size:
            raise CheckpointError(
                f"{source.folder / 'config.json'}: {key} is {beside[key]}, but the tensors of {source.where} "
                f"say {size}; put the config.json of this checkpoint there, or take it away"
            )
    return config


def read_config_beside(folder: Path) -> dict[str, Any]:
    """Return the config.json beside the checkpoint, or nothing."""
    path = folder / "config.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: no JSON ({error}); mend it or take it away") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path}: found a {type(content).__name__}, expected an object; mend it or take it away")
    return content


def plan(source: Source, config: CodeGeeXConfig, dtype: torch.dtype) -> list[Conversion]:
    """Return what to write, after comparing every name and shape. Raises CheckpointError."""
    names = all_names(config.num_hidden_layers - 1)
    with torch.device("meta"):
        model = CodeGeeXForCausalLM(config)
    expected = {key: tuple(tensor.shape) for key, tensor in model.state_dict().items() if key != "lm_head.weight"}
    published = {name.published for name in names}
    missing = [source.original(name.published) for name in names if name.published not in source.shapes]
    extra = [name for name in source.shapes if name not in published]
    if missing or extra:
        faults = [f"{len(missing)} tensors are missing ({listed(missing)})"] if missing else []
        faults += [f"{len(extra)} are not of CodeGeeX ({listed(extra)})"] if extra else []
        raise CheckpointError(
            f"{source.where}: {' and '.join(faults)}; expected {len(names)} tensors for "
            f"{config.num_hidden_layers - 1} blocks and the top query layer; get the checkpoint again"
        )
    conversions = []
    for name in names:
        found, shape = source.shapes[name.published], expected.pop(name.ours)
        if found != shape:
            raise CheckpointError(
                f"{source.where}: {source.original(name.published)} is {shown(found)}, expected {shown(shape)} for "
                f"hidden size {config.hidden_size}, {config.num_hidden_layers - 1} blocks, "
                f"MLP {config.intermediate_size}; this is a checkpoint of another model, or partitions of several"
            )
        weight = Planned(name=name.ours, shape=shape, dtype=dtype)
        if name.is_linear and config.linear_format == "int8":
            scale = name.ours + "_scale"
            weight = Planned(name=name.ours, shape=shape, dtype=torch.int8)
            conversions.append(
                Conversion(
                    name=name, planned=(weight, Planned(name=scale, shape=expected.pop(scale), dtype=torch.float16))
                )
            )
        else:
            conversions.append(Conversion(name=name, planned=(weight,)))
    assert not expected, f"the rename table lacks {sorted(expected)}"
    return conversions


def write_weights(
    source: Source,
    conversions: Sequence[Conversion],
    shards: dict[str, list[Planned]],
    folder: Path,
    progress: Progress | None,
) -> None:
    """Read, cast and write tensor by tensor."""
    home = {planned.name: file for file, tensors in shards.items() for planned in tensors}
    total = sum(planned.nbytes for conversion in conversions for planned in conversion.planned)
    done = 0
    with ExitStack() as stack:  # closes every shard, and syncs them unless an error is on its way
        writers = {file: stack.enter_context(ShardWriter(folder / file, tensors)) for file, tensors in shards.items()}
        for conversion in conversions:
            for planned, tensor in zip(conversion.planned, outputs(source, conversion), strict=True):
                writers[home[planned.name]].write(planned.name, tensor)
                done += planned.nbytes
                if progress is not None:
                    progress(done, total)


def outputs(source: Source, conversion: Conversion) -> Iterable[Tensor]:
    """Return the tensors to write for one source tensor, in the planned types. Raises CheckpointError."""
    tensor = source.read(conversion.name)
    if not tensor.is_floating_point():
        raise CheckpointError(
            f"{source.where}: {source.original(conversion.name.published)} is {tensor.dtype}, "
            "expected floating-point weights; quantised checkpoints cannot be converted, give the original"
        )
    if len(conversion.planned) == 2:
        result: tuple[Tensor, ...] = quantize_rows(tensor)
    else:
        result = (tensor.to(conversion.planned[0].dtype),)
    if not torch.isfinite(result[-1]).all():
        raise CheckpointError(
            f"{source.where}: {source.original(conversion.name.published)} has infinite or undefined values as "
            f"{conversion.planned[-1].dtype}; get the checkpoint again, or convert with dtype float32"
        )
    return result


def find_tokenizer(source: Source, folder: str | Path | None) -> CodeGeeXTokenizer | None:
    """Return the tokenizer of the folder, or the one beside the checkpoint, or None where there is none."""
    if folder is not None:
        check_tokenizer_folder(Path(folder))
        return CodeGeeXTokenizer.from_pretrained(Path(folder))
    try:
        check_tokenizer_folder(source.folder)
    except CheckpointError:
        return None
    return CodeGeeXTokenizer.from_pretrained(source.folder)


def start_folder(partial: Path) -> None:
    """Make the empty working folder; what an interrupted conversion left there is removed."""
    if partial.exists():
        if not (partial / MARKER).is_file():
            raise CheckpointError(f"{partial}: is in the way and not an unfinished conversion; move it elsewhere")
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    (partial / MARKER).touch()


def check_space(folder: Path, needed: int) -> None:
    """Raise MachineError where the disk lacks room."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise MachineError(f"{folder}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free; make room")


def check_folder(folder: str | Path) -> None:
    """Raise CheckpointError unless the folder is a complete converted model (tokenizer not looked at)."""
    folder = Path(folder)
    again = "convert the checkpoint again: python generate.py convert CHECKPOINT DIR"
    partial = folder.with_name(folder.name + ".partial")
    if not folder.is_dir() and (partial / MARKER).is_file():
        raise CheckpointError(f"{folder}: its conversion was interrupted ({partial.name} is unfinished); {again}")
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: no such folder; {again}")
    if (folder / MARKER).is_file():
        raise CheckpointError(f"{folder}: an unfinished conversion; {again}")
    if read_config_beside(folder).get("model_type") != CodeGeeXConfig.model_type:
        raise CheckpointError(f"{folder}: no config.json of a converted CodeGeeX; {again}")
    files = {WEIGHTS_NAME}
    if (folder / INDEX_NAME).is_file():
        files = set(json.loads((folder / INDEX_NAME).read_text(encoding="utf-8"))["weight_map"].values())
    broken = sorted(file for file in files if not shard_is_whole(folder / file))
    if broken:
        raise CheckpointError(f"{folder}: {listed(broken)} missing or truncated; {again}")
