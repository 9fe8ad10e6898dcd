"""Every published layout converts to the same bits; a wrong one is refused in one line; a torn run leaves nothing."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import checkpoint_layouts as layouts
import numpy as np
import pytest
import torch
from checkpoints import ENVIRONMENT, Reference
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from humaneval_x.codegeex import CodeGeeXForCausalLM, CodeGeeXTokenizer, check_folder, convert
from humaneval_x.errors import CheckpointError, MachineError, OptionError

Flat = dict[str, Tensor]
ROOT = layouts.ROOT
QUERY = ROOT + "transformer.layers.1.attention.query.weight"


def weights(folder: Path) -> Flat:
    return {name: tensor for path in folder.glob("*.safetensors") for name, tensor in load_file(path).items()}


def assert_same(found: Flat, expected: Flat) -> None:
    assert found.keys() == expected.keys()
    for name, tensor in found.items():
        assert tensor.dtype == expected[name].dtype, name
        assert torch.equal(tensor, expected[name]), name


def save(flat: Flat, folder: Path) -> Path:
    """Write one checkpoint file with its config.json; return the file."""
    layouts.save_config(folder)
    return layouts.save_partitions(flat, 1, folder)[0]


def refused(source: object, target: Path, **options: object) -> str:
    """Return the message of a refused conversion, which left no folder."""
    with pytest.raises(CheckpointError) as caught:
        convert(source, target, **options)  # type: ignore[arg-type]
    assert not target.exists()
    assert not target.with_name(target.name + ".partial").exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


VARIANTS: dict[str, Callable[[Flat, Path], object]] = {
    "a file": lambda flat, folder: layouts.save_partitions(flat, 1, folder)[0],
    "2 partitions": lambda flat, folder: layouts.save_partitions(flat, 2, folder)[0].parent,
    "4 partitions": lambda flat, folder: layouts.save_partitions(flat, 4, folder)[0].parent,
    "8 partitions": lambda flat, folder: layouts.save_partitions(flat, 8, folder)[0].parent,
    "a list": lambda flat, folder: layouts.save_partitions(flat, 2, folder),
    "fused": lambda flat, folder: layouts.save_partitions(layouts.fused(flat), 1, folder)[0],
    "mindspore": layouts.save_mindspore,
    "a ckpt": layouts.save_ckpt,
    "a ckpt's folder": lambda flat, folder: layouts.save_ckpt(flat, folder).parent,
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_layout_converts_to_the_same_bits(reference: Reference, tmp_path: Path, variant: str) -> None:
    source = VARIANTS[variant](reference.flat, tmp_path / "source")
    target = convert(source, tmp_path / "target", num_attention_heads=reference.heads)  # type: ignore[arg-type]
    assert_same(weights(target), weights(reference.converted))
    assert (target / "config.json").read_text() == (reference.converted / "config.json").read_text()


def test_fused_partitions_convert_to_the_same_bits(reference: Reference, tmp_path: Path) -> None:
    paths = [tmp_path / f"mp_rank_0{rank}_model_states.pt" for rank in range(2)]
    for path, rank in zip(paths, layouts.partitioned(reference.flat, 2), strict=True):
        torch.save(layouts.nested(layouts.fused(rank)), path)
    target = convert(tmp_path, tmp_path / "target", num_attention_heads=reference.heads)
    assert_same(weights(target), weights(reference.converted))


def test_remapping_the_file_between_tensors_changes_nothing(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("humaneval_x.codegeex.sources.REMAP_BYTES", 1000)
    target = convert(reference.folder, tmp_path / "target", max_shard_bytes=20_000)
    assert len(list(target.glob("*.safetensors"))) > 3
    check_folder(target)
    assert_same(weights(target), weights(reference.converted))


def test_all_645_published_names_and_no_other_are_in_the_full_rename_table() -> None:
    from humaneval_x.codegeex import CodeGeeXConfig
    from humaneval_x.codegeex.names import all_names

    names = all_names(39)
    with torch.device("meta"):
        model = CodeGeeXForCausalLM(CodeGeeXConfig())
    blocks = [f"transformer.layers.{i}." for i in range(39)] + ["transformer.topQueryLayer."]
    published = {ROOT + name for name in layouts.MINDSPORE_TENSORS}
    parts = [f"{part}.{end}" for part in (*layouts.NORMS, *layouts.LINEARS) for end in ("weight", "bias")]
    published |= {f"{ROOT}{block}{part}" for block in blocks for part in parts}
    assert len(names) == len(published) == 645
    assert {name.published for name in names} == published
    assert {name.ours for name in names} == {name for name, _ in model.named_parameters()}
    assert len({name.mindspore for name in names}) == 645


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_other_dtypes_are_plain_casts(reference: Reference, tmp_path: Path, dtype: str) -> None:
    target = convert(reference.folder, tmp_path / "target", dtype=dtype)
    expected = {name: tensor.to(getattr(torch, dtype)) for name, tensor in weights(reference.converted).items()}
    assert_same(weights(target), expected)
    assert AutoModelForCausalLM.from_pretrained(target).dtype == getattr(torch, dtype)


def test_saving_and_loading_again_gives_the_same_bits(reference: Reference, tmp_path: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(reference.converted)
    assert type(model) is CodeGeeXForCausalLM
    model.save_pretrained(tmp_path / "again")
    assert_same(weights(tmp_path / "again"), weights(reference.converted))


def test_the_tokenizer_is_taken_along_and_opens_as_ours(
    reference: Reference, tmp_path: Path, shared_path: Callable[[str], Path]
) -> None:
    target = convert(reference.folder, tmp_path / "target", tokenizer=shared_path("tokenizer"))
    tokenizer = AutoTokenizer.from_pretrained(target)
    assert type(tokenizer).__name__ == "CodeGeeXTokenizer"
    assert tokenizer("  x")["input_ids"] == [50266, 87]


ELSEWHERE = """
import sys
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer
assert not any(name.startswith("humaneval_x") for name in sys.modules)
for auto in (AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer):
    print(type(auto.from_pretrained(sys.argv[1], trust_remote_code=True)).__name__)
"""


def test_a_process_that_knows_nothing_of_codegeex_opens_the_folder_with_trust_remote_code(
    tmp_path: Path, shared_path: Callable[[str], Path]
) -> None:
    converted = convert(save(layouts.random_checkpoint(), tmp_path), tmp_path / "target")
    target = tmp_path / "saved again"
    CodeGeeXForCausalLM.from_pretrained(converted).save_pretrained(target)
    CodeGeeXTokenizer.from_pretrained(shared_path("tokenizer")).save_pretrained(target)
    environment = {**ENVIRONMENT, "HF_MODULES_CACHE": str(tmp_path / "modules"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, target], check=False, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    expected = ["CodeGeeXConfig", "CodeGeeXModel", "CodeGeeXForCausalLM", "CodeGeeXTokenizer"]
    assert done.stdout.split() == expected


def test_progress_counts_every_byte(reference: Reference, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    target = convert(reference.folder, tmp_path / "target", int8=True, progress=lambda *call: calls.append(call))
    total = sum(tensor.nbytes for tensor in weights(target).values())
    assert calls[-1] == (total, total)
    assert [done for done, _ in calls] == sorted({done for done, _ in calls})


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = save(layouts.random_checkpoint(), tmp_path)
    size = path.stat().st_size // 2
    os.truncate(path, size)
    assert refused(path, tmp_path / "target") == (
        f"{path}: truncated or damaged: {size:,} bytes that do not end as a checkpoint does; get the file again"
    )


def test_a_truncated_array_is_refused(tmp_path: Path) -> None:
    folder = layouts.save_mindspore(layouts.random_checkpoint(), tmp_path / "dump")
    path = folder / "backbone.layernorm.gamma.npy"
    os.truncate(path, 150)
    assert refused(folder, tmp_path / "target", num_attention_heads=8) == (
        f"{path}: truncated, or no array of numbers (150 bytes); write the dump again"
    )


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "executed"),)

    path = tmp_path / "codegeex.pt"
    torch.save({"module": Payload()}, path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: holds Python objects that are no tensors; they are not unpickled, because that would run their "
        "code; keep only the tensors under 'module' and save it again"
    )
    path.write_bytes(pickle.dumps(Payload()))
    assert "expected the zip format torch.save writes since version 1.6" in refused(path, tmp_path / "target")
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_wrong_partition_count_is_refused(tmp_path: Path, count: int) -> None:
    paths = layouts.save_partitions(layouts.random_checkpoint(), 4, tmp_path)[:count]
    layouts.save_config(tmp_path)
    plural = "s" if count > 1 else ""
    assert refused(paths, tmp_path / "target") == (
        f"{paths[0]}: found {count} file{plural}, expected 4: "
        f"{ROOT}transformer.topQueryLayer.attention.dense.weight is 32 x 8, one of 4 partitions; "
        "give the folder or the list with all 4"
    )


def test_a_missing_rank_is_named(tmp_path: Path) -> None:
    paths = layouts.save_partitions(layouts.random_checkpoint(), 4, tmp_path)
    paths[1].unlink()
    assert refused(tmp_path, tmp_path / "target") == (
        f"{tmp_path}: found 3 partitions but not mp_rank_01_model_states.pt; put every rank's file there"
    )


def test_missing_and_extra_tensors_are_named(tmp_path: Path) -> None:
    flat = layouts.random_checkpoint()
    flat[ROOT + "transformer.layers.1.attention.rotary.weight"] = flat.pop(QUERY)
    path = save(flat, tmp_path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: 1 tensors are missing ({QUERY}) and 1 are not of CodeGeeX "
        f"({ROOT}transformer.layers.1.attention.rotary.weight); expected 53 tensors for 2 blocks and the top query "
        "layer; get the checkpoint again"
    )


def test_missing_arrays_are_named_as_their_files(tmp_path: Path) -> None:
    folder = layouts.save_mindspore(layouts.random_checkpoint(), tmp_path / "dump")
    (folder / "backbone.blocks.1.attention.dense1.weight.npy").unlink()
    np.save(folder / "adam.npy", np.zeros(3, np.float32))
    assert "missing (backbone.blocks.1.attention.dense1.weight.npy) and 1 are not of CodeGeeX (adam.npy)" in refused(
        folder, tmp_path / "target", num_attention_heads=8
    )


def test_a_tensor_missing_in_one_partition_is_named(tmp_path: Path) -> None:
    ranks = layouts.partitioned(layouts.random_checkpoint(), 2)
    del ranks[1][QUERY]
    for i, rank in enumerate(ranks):
        torch.save(layouts.nested(rank), tmp_path / f"mp_rank_0{i}_model_states.pt")
    assert refused(tmp_path, tmp_path / "target") == (
        f"{tmp_path}/mp_rank_01_model_states.pt: {QUERY} is missing, but mp_rank_00_model_states.pt has it; "
        "give the partitions of one checkpoint"
    )


def test_a_tensor_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    flat = layouts.random_checkpoint()
    path = save(layouts.fused(flat) | {QUERY: flat[QUERY]}, tmp_path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: {QUERY} stands there twice, alone and inside a fused tensor; keep one"
    )


def test_shapes_of_another_model_are_refused(tmp_path: Path) -> None:
    flat = layouts.random_checkpoint()
    flat[QUERY] = flat[QUERY][:16]
    path = save(flat, tmp_path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: {QUERY} is 16 x 32, expected 32 x 32 for hidden size 32, 2 blocks, MLP 128; "
        "this is a checkpoint of another model, or partitions of several"
    )


def test_another_model_altogether_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gpt2.pt"
    torch.save({"wte.weight": torch.zeros(4, 4), "wpe.weight": torch.zeros(4, 4)}, path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: {ROOT}embedding.word_embeddings.weight is missing; "
        "expected a CodeGeeX checkpoint, found wte.weight, wpe.weight"
    )


def test_a_head_count_that_does_not_divide_is_refused(tmp_path: Path) -> None:
    path = save(layouts.random_checkpoint(), tmp_path)
    (tmp_path / "config.json").unlink()
    message = "; give num_attention_heads, or put a config.json that has it beside the checkpoint"
    assert refused(path, tmp_path / "target") == f"{path}: hidden size 32 does not divide into 40 heads{message}"
    assert refused(path, tmp_path / "target", num_attention_heads=5) == (
        f"{path}: hidden size 32 does not divide into 5 heads{message}"
    )


def test_a_config_of_another_checkpoint_is_refused(tmp_path: Path) -> None:
    path = save(layouts.random_checkpoint(), tmp_path)
    layouts.save_config(tmp_path, num_layers=39)
    assert refused(path, tmp_path / "target") == (
        f"{tmp_path}/config.json: num_layers is 39, but the tensors of {path} say 2; "
        "put the config.json of this checkpoint there, or take it away"
    )


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    flat = layouts.random_checkpoint()
    flat[QUERY] = flat[QUERY].clone()
    flat[QUERY][3, 3] = float("nan")
    path = save(flat, tmp_path)
    assert refused(path, tmp_path / "target") == (
        f"{path}: {QUERY} has infinite or undefined values as torch.float16; "
        "get the checkpoint again, or convert with dtype float32"
    )


def test_sources_that_are_no_checkpoint_are_refused(reference: Reference, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    expected = "; expected one .pt or .ckpt file, mp_rank_00_model_states.pt and so on, or MindSpore's backbone.*.npy"
    assert refused(empty, target) == f"{empty}: found no checkpoint{expected}"
    assert refused(reference.converted, target) == (
        f"{reference.converted}: found safetensors, so it is converted already{expected}"
    )
    assert refused(tmp_path / "none", target) == (
        f"{tmp_path}/none: no such file or folder; give a .pt or .ckpt file, its partitions or a .npy folder"
    )
    assert refused([], target) == "the list of partitions is empty; give the files of all ranks in order"
    assert "no tokenizer files (vocab.json, merges.txt missing)" in refused(reference.folder, target, tokenizer=empty)


def test_an_unknown_dtype_and_a_used_target_are_refused(reference: Reference, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="unknown dtype 'float8'"):
        convert(reference.folder, tmp_path / "target", dtype="float8")
    (tmp_path / "mine").touch()
    with pytest.raises(CheckpointError) as caught:
        convert(reference.folder, tmp_path)
    assert str(caught.value) == f"{tmp_path}: exists already; give a new folder, or remove it to convert again"
    assert (tmp_path / "mine").exists()


def test_a_full_disk_is_told_before_writing(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 5})())
    with pytest.raises(MachineError, match=r"GB are needed, 0\.0 GB are free; make room$"):
        convert(reference.folder, tmp_path / "target")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from humaneval_x.codegeex import convert
def progress(done, total):
    if done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)
convert(sys.argv[1], sys.argv[2], progress=progress)
"""


def test_a_killed_conversion_is_recognised_and_the_next_one_completes(tmp_path: Path) -> None:
    source = save(layouts.random_checkpoint(), tmp_path)
    target, partial = tmp_path / "target", tmp_path / "target.partial"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, source, target], check=False, capture_output=True, env=ENVIRONMENT
    )
    assert killed.returncode == -signal.SIGKILL
    assert partial.is_dir()
    assert not target.exists()
    again = "convert the checkpoint again: python generate.py convert CHECKPOINT DIR"
    for folder, message in [
        (target, f"{target}: its conversion was interrupted (target.partial is unfinished); {again}"),
        (partial, f"{partial}: an unfinished conversion; {again}"),
    ]:
        with pytest.raises(CheckpointError) as caught:
            check_folder(folder)
        assert str(caught.value) == message
    convert(source, target)
    assert not partial.exists()
    check_folder(target)
    assert_same(weights(target), weights(convert(source, tmp_path / "at once")))


def test_a_folder_that_is_in_the_way_is_not_removed(reference: Reference, tmp_path: Path) -> None:
    partial = tmp_path / "target.partial"
    partial.mkdir()
    (partial / "thesis.tex").touch()
    with pytest.raises(CheckpointError, match="is in the way and not an unfinished conversion; move it elsewhere"):
        convert(reference.folder, tmp_path / "target")
    assert (partial / "thesis.tex").exists()


def test_check_folder_finds_missing_and_truncated_shards(reference: Reference, tmp_path: Path) -> None:
    target = convert(reference.folder, tmp_path / "target", max_shard_bytes=60_000)
    shards = sorted(path.name for path in target.glob("*.safetensors"))
    assert len(shards) > 1
    assert json.loads((target / "model.safetensors.index.json").read_text())["weight_map"]
    again = "convert the checkpoint again: python generate.py convert CHECKPOINT DIR"
    os.truncate(target / shards[1], (target / shards[1]).stat().st_size - 1)
    (target / shards[0]).unlink()
    with pytest.raises(CheckpointError) as caught:
        check_folder(target)
    assert str(caught.value) == f"{target}: {shards[0]}, {shards[1]} missing or truncated; {again}"
    with pytest.raises(CheckpointError) as caught:
        check_folder(reference.folder)
    assert str(caught.value) == f"{reference.folder}: no config.json of a converted CodeGeeX; {again}"


MEASURED = """
import re, sys
from pathlib import Path
from humaneval_x.codegeex import convert

def kilobytes(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew: a process inherits its parent's
before = kilobytes("VmRSS")
convert(sys.argv[1], sys.argv[2], num_attention_heads=16, int8=sys.argv[3] == "int8")
print((kilobytes("VmHWM") - before) * 1024)
"""


def save_large(folder: Path, blocks: int) -> Path:
    """Write a random checkpoint of width 2,048, about 0.1 GB a block; return the file."""
    sizes = {layouts.VOCAB: 8192, layouts.HIDDEN: 2048, layouts.MLP: 8192, layouts.POSITIONS: 2048}
    shapes = {name: [sizes[size] for size in tensor.shape] for name, tensor in layouts.random_checkpoint().items()}
    first = ROOT + "transformer.layers.0."
    for i in range(1, blocks):
        shapes |= {n.replace(".0.", f".{i}.", 1): shape for n, shape in shapes.items() if n.startswith(first)}
    bits = np.random.default_rng(0)
    largest_finite = 0x7BFF  # of float16, as bits
    flat = {
        name: torch.from_numpy(bits.integers(0, largest_finite, shape, dtype=np.int16)).view(torch.float16)
        for name, shape in shapes.items()
    }
    return layouts.save_partitions(flat, 1, folder)[0]


@pytest.mark.slow
def test_memory_is_the_same_for_a_checkpoint_of_2_gb_and_one_of_half_its_size(tmp_path: Path) -> None:
    grown: dict[tuple[str, int], int] = {}
    for blocks in (9, 19):
        path = save_large(tmp_path / str(blocks), blocks)
        assert path.stat().st_size > blocks * 1e8
        for form in ("float", "int8"):
            target = tmp_path / f"{form}-{blocks}"
            command = [sys.executable, "-c", MEASURED, path, target, form]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT)
            grown[form, blocks] = int(done.stdout)
            shutil.rmtree(target)
    print({f"{form}, {blocks} blocks": f"{size / 1e9:.2f} GB" for (form, blocks), size in grown.items()})
    for form in ("float", "int8"):
        # the 512 MiB mapped between remappings, and a few copies of the largest tensor (34 MB)
        assert 1e8 < grown[form, 19] < min(1.1 * grown[form, 9], 1e9)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda data: data[:-30], "bytes are announced, "),
        (lambda data: b"\x50" + data[1:], "a field 10 that no checkpoint has"),
        (lambda data: b"PK\x03\x04" + data, "not a MindSpore checkpoint, cut off, or encrypted ("),
        (lambda data: data.replace(b"Float16", b"Float32"), "bytes of type 'Float32' for the shape ("),
        (lambda data: data.replace(b"Float16", b"Float32", 1), "embedding_table differ in shape or type"),
        (lambda data: b"", "not a MindSpore checkpoint, cut off, or encrypted ("),
    ],
)
def test_a_ckpt_that_is_damaged_is_refused_in_one_line(
    reference: Reference, tmp_path: Path, damage: Callable[[bytes], bytes], found: str
) -> None:
    path = layouts.save_ckpt(reference.flat, tmp_path / "source")
    path.write_bytes(damage(path.read_bytes()))
    assert found in refused(path, tmp_path / "target", num_attention_heads=reference.heads)
