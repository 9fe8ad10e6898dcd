"""Second implementations for the CodeGeeX tests: a random checkpoint, its other layouts, its forward pass.

Written from the published layout alone; nothing here imports humaneval_x.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

ROOT = "module.language_model."
VOCAB, HIDDEN, HEADS, MLP, POSITIONS, BLOCKS = 96, 32, 8, 128, 64, 2
PREFIXES = [f"transformer.layers.{i}." for i in range(BLOCKS)] + ["transformer.topQueryLayer."]
LINEARS = {
    "attention.query": (HIDDEN, HIDDEN),
    "attention.key": (HIDDEN, HIDDEN),
    "attention.value": (HIDDEN, HIDDEN),
    "attention.dense": (HIDDEN, HIDDEN),
    "mlp.dense_h_to_4h": (MLP, HIDDEN),
    "mlp.dense_4h_to_h": (HIDDEN, MLP),
}
NORMS = ("input_layernorm", "post_attention_layernorm")
ROW_SPLIT = ("attention.query", "attention.key", "attention.value", "mlp.dense_h_to_4h")
COLUMN_SPLIT = ("attention.dense.weight", "mlp.dense_4h_to_h.weight")
SPLIT_EMBEDDINGS = ("word_embeddings.weight", "top_query_embeddings.weight")
MINDSPORE_TENSORS = {
    "embedding.word_embeddings.weight": "embedding.word_embedding.embedding_table",
    "embedding.position_embeddings.weight": "embedding.position_embedding.embedding_table",
    "topQueryEmbedding.top_query_embeddings.weight": "top_query_embedding.embedding_table",
    "transformer.final_layernorm.weight": "layernorm.gamma",
    "transformer.final_layernorm.bias": "layernorm.beta",
}
MINDSPORE_PARTS = {
    "input_layernorm.weight": "layernorm1.gamma",
    "input_layernorm.bias": "layernorm1.beta",
    "post_attention_layernorm.weight": "layernorm2.gamma",
    "post_attention_layernorm.bias": "layernorm2.beta",
    "attention.query.": "attention.dense1.",
    "attention.key.": "attention.dense2.",
    "attention.value.": "attention.dense3.",
    "attention.dense.": "attention.projection.",
    "mlp.dense_h_to_4h.": "output.mapping.",
    "mlp.dense_4h_to_h.": "output.projection.",
}
MINDSPORE_TRANSPOSED = ("attention.projection.weight", "output.mapping.weight", "output.projection.weight")


def random_checkpoint(seed: int = 5) -> dict[str, Tensor]:
    """Return flat published names -> fp16 tensors of a small CodeGeeX."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int, mean: float = 0.0, std: float = 0.3) -> Tensor:
        return (mean + std * torch.randn(*shape, generator=generator)).half()

    flat = {
        "embedding.word_embeddings.weight": normal(VOCAB, HIDDEN, std=1.0),
        "embedding.position_embeddings.weight": normal(POSITIONS, HIDDEN),
        "topQueryEmbedding.top_query_embeddings.weight": normal(POSITIONS, HIDDEN, std=1.0),
    }
    for prefix in PREFIXES:
        for norm in NORMS:
            flat[f"{prefix}{norm}.weight"] = normal(HIDDEN, mean=1.0)
            flat[f"{prefix}{norm}.bias"] = normal(HIDDEN)
        for linear, shape in LINEARS.items():
            flat[f"{prefix}{linear}.weight"] = normal(*shape)
            flat[f"{prefix}{linear}.bias"] = normal(shape[0])
    flat["transformer.final_layernorm.weight"] = normal(HIDDEN, mean=1.0)
    flat["transformer.final_layernorm.bias"] = normal(HIDDEN)
    return {ROOT + name: tensor for name, tensor in flat.items()}


def nested(flat: dict[str, Tensor]) -> dict[str, object]:
    """Return the published nesting: dictionaries down to `transformer`, flat keys inside it."""
    tree: dict[str, object] = {}
    for name, tensor in flat.items():
        head, found, tail = name.partition(".transformer.")
        path = [*head.split("."), "transformer", tail] if found else name.split(".")
        node = tree
        for step in path[:-1]:
            node = node.setdefault(step, {})  # type: ignore[assignment]
        node[path[-1]] = tensor
    return tree


def flattened(tree: object, prefix: str = "") -> dict[str, Tensor]:
    """Undo `nested`."""
    if isinstance(tree, Tensor):
        return {prefix.removesuffix("."): tensor for tensor in [tree]}
    assert isinstance(tree, dict)
    return {name: leaf for key, value in tree.items() for name, leaf in flattened(value, f"{prefix}{key}.").items()}


def partitioned(flat: dict[str, Tensor], count: int) -> list[dict[str, Tensor]]:
    """Return the tensor-parallel partitions of a checkpoint, in rank order."""
    ranks: list[dict[str, Tensor]] = [{} for _ in range(count)]
    for name, tensor in flat.items():
        if name.endswith(SPLIT_EMBEDDINGS) or any(f".{linear}." in name for linear in ROW_SPLIT):
            chunks = list(tensor.chunk(count, dim=0))
        elif name.endswith(COLUMN_SPLIT):
            chunks = list(tensor.chunk(count, dim=1))
        else:
            chunks = [tensor] * count
        for rank, chunk in zip(ranks, chunks, strict=True):
            rank[name] = chunk.clone()
    return ranks


def fused(flat: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the variant with stacked query, key, value (top layer: key, value)."""
    result = dict(flat)
    for name in flat:
        if ".attention.key." not in name:
            continue
        parts = ("key", "value") if "topQueryLayer" in name else ("query", "key", "value")
        stacked = torch.cat([result.pop(name.replace(".key.", f".{part}.")) for part in parts])
        result[name.replace(".key.", ".key_value." if len(parts) == 2 else ".query_key_value.")] = stacked
    return result


def save_partitions(flat: dict[str, Tensor], count: int, folder: Path) -> list[Path]:
    """Write mp_rank_XX_model_states.pt; return the files in rank order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"mp_rank_{rank:02d}_model_states.pt" for rank in range(count)]
    for path, rank in zip(paths, partitioned(flat, count), strict=True):
        torch.save(nested(rank), path)
    return paths


def mindspore_arrays(flat: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """Return the arrays of a checkpoint under MindSpore's names, with the caches that a dump also holds."""
    arrays = {}
    for name, tensor in flat.items():
        renamed = name.removeprefix(ROOT)
        renamed = MINDSPORE_TENSORS.get(renamed, renamed)
        renamed = renamed.replace("transformer.topQueryLayer.", "top_query_layer.").replace(
            "transformer.layers.", "blocks."
        )
        for published, mindspore in MINDSPORE_PARTS.items():
            renamed = renamed.replace(published, mindspore)
        array = tensor.numpy()
        arrays[f"backbone.{renamed}"] = array.T if renamed.endswith(MINDSPORE_TRANSPOSED) else array
    for name in ("blocks.0.attention.key_past", "top_query_layer.attention.value_past"):
        arrays[f"backbone.{name}"] = np.zeros((1, 2, 3), np.float16)
    return arrays


def save_mindspore(flat: dict[str, Tensor], folder: Path) -> Path:
    """Write one .npy a parameter under MindSpore's names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in mindspore_arrays(flat).items():
        np.save(folder / f"{name}.npy", array)
    return folder


def save_ckpt(flat: dict[str, Tensor], folder: Path) -> Path:
    """Write MindSpore's .ckpt: matrices in two slices, as it does with large ones, an optimiser's moments, a checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = mindspore_arrays(flat)
    arrays |= {f"moment1.{name}": array for name, array in list(arrays.items())[:3]}
    content = b""
    for name, array in arrays.items():
        dims = b"".join(b"\x08" + varint(size) for size in array.shape)
        for part in np.array_split(array, array.ndim):
            tensor = dims + field(2, b"Float16") + field(3, part.tobytes())
            content += field(1, field(1, name.encode()) + field(2, tensor))
    path = folder / "code-13B0-1.ckpt"
    path.write_bytes(content + b"crc_num" + (0).to_bytes(10, "big"))
    return path


def field(number: int, content: bytes) -> bytes:
    """Return a field of bytes in protobuf's encoding."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """Return a number in protobuf's encoding."""
    return bytes([value & 127 | 128]) + varint(value >> 7) if value > 127 else bytes([value])


def save_config(folder: Path, heads: int = HEADS, **overrides: int) -> None:
    """Write the config.json that stands beside a checkpoint."""
    sizes = {"hidden_size": HIDDEN, "num_layers": BLOCKS, "num_attention_heads": heads}
    sizes |= {"padded_vocab_size": VOCAB, "max_position_embeddings": POSITIONS}
    (folder / "config.json").write_text(json.dumps(sizes | overrides))


def reference_logits(flat: dict[str, Tensor], ids: list[int], heads: int) -> np.ndarray:
    """Return the logits (T, V) of one prompt in float64, the plain way: no cache, no batch."""
    weights = {name.removeprefix(ROOT): tensor.double().numpy() for name, tensor in flat.items()}
    length = len(ids)

    def linear(name: str, x: np.ndarray) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(name: str, x: np.ndarray) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred**2).mean(-1, keepdims=True)
        return centred / np.sqrt(variance + 1e-5) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def split(x: np.ndarray) -> np.ndarray:
        return x.reshape(length, heads, -1).swapaxes(0, 1)  # (H, T, D)

    def block(prefix: str, x: np.ndarray, queries: np.ndarray | None) -> np.ndarray:
        normed = norm(prefix + "input_layernorm", x)
        query = split(linear(prefix + "attention.query", normed if queries is None else queries))
        key = split(linear(prefix + "attention.key", normed))
        value = split(linear(prefix + "attention.value", normed))
        scores = query @ key.swapaxes(1, 2) / math.sqrt(query.shape[-1])
        scores = np.where(np.tril(np.ones((length, length), bool)), scores, -np.inf)
        chances = np.exp(scores - scores.max(-1, keepdims=True))
        chances /= chances.sum(-1, keepdims=True)
        attended = (chances @ value).swapaxes(0, 1).reshape(length, -1)
        x = x + linear(prefix + "attention.dense", attended)
        inner = linear(prefix + "mlp.dense_h_to_4h", norm(prefix + "post_attention_layernorm", x))
        return x + linear(prefix + "mlp.dense_4h_to_h", inner / (1 + np.exp(-1.702 * inner)))

    words = weights["embedding.word_embeddings.weight"]
    x = words[ids] + weights["embedding.position_embeddings.weight"][:length]
    for i in range(sum(name.endswith("attention.query.weight") for name in weights) - 1):
        x = block(f"transformer.layers.{i}.", x, None)
    x = norm("transformer.final_layernorm", x)
    x = block("transformer.topQueryLayer.", x, weights["topQueryEmbedding.top_query_embeddings.weight"][:length])
    return x @ words.T


def reference_greedy(flat: dict[str, Tensor], ids: list[int], heads: int, count: int) -> list[int]:
    """Return `count` greedy continuations of a prompt, recomputing everything at each."""
    ids = list(ids)
    for _ in range(count):
        ids.append(int(reference_logits(flat, ids, heads)[-1].argmax()))
    return ids[-count:]
