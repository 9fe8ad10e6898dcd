"""CodeGeeX in MindSpore gives the published values, whatever the layout that its weights come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import checkpoint_layouts as layouts
import numpy as np
import pytest
from checkpoints import NEW_TOKENS, Reference
from machine import no_mindspore

from humaneval_x.codegeex.convert import read_config
from humaneval_x.codegeex.mindspore_weights import Take, of_folder, of_source
from humaneval_x.codegeex.names import all_names
from humaneval_x.codegeex.sources import open_source

pytestmark = pytest.mark.mindspore
if not no_mindspore():
    from humaneval_x.samplers.mindspore import imported, target_for

    target_for("cpu")
    ms = imported()
    from humaneval_x.codegeex.mindspore_attention import disagreement, fused_decode, fused_prefill, passed
    from humaneval_x.codegeex.mindspore_model import HIDDEN, CodeGeeX, Rows, plain_attention

ROWS, SLOTS = 3, 64
BOUNDS = {"float32": 5e-6, "float16": 5e-3}  # as a part of the largest logit
LAYOUTS: dict[str, Callable[[dict[str, Any], Path], object]] = {
    "a file": lambda flat, folder: layouts.save_partitions(flat, 1, folder)[0],
    "4 partitions": lambda flat, folder: layouts.save_partitions(flat, 4, folder)[0].parent,
    "fused": lambda flat, folder: layouts.save_partitions(layouts.fused(flat), 1, folder)[0],
    "npy": layouts.save_mindspore,
    "ckpt": lambda flat, folder: saved_by_mindspore(flat, folder),
}


class Driver:
    """A model with three rows of caches, run by hand."""

    def __init__(self, reference: Reference, take: Take) -> None:
        network = CodeGeeX(read_config(open_source(reference.folder), reference.heads), take)
        self.heads, self.words = network.top.heads, network.words.asnumpy()
        cell = Rows(network, ROWS, SLOTS, plain_attention, plain_attention)
        self.run, self.copy = ms.jit(cell.construct), ms.jit(cell.copy)

    def logits(self, ids: Any, positions: Any, rows: Any, visible: Any, last: Any) -> np.ndarray:
        ids, positions, last = (np.array(each, np.int32) for each in (ids, positions, last))
        slots = np.broadcast_arrays(np.array(rows)[:, None, None], np.arange(self.heads)[:, None], positions[:, None])
        mask = np.where(visible, 0, HIDDEN).astype(np.float32)
        given = (ids, positions, np.stack(slots, -1).astype(np.int32), mask, last)
        found: np.ndarray = self.run(*map(ms.Tensor, given)).asnumpy()
        return found

    def prefill(self, row: int, ids: list[int], width: int = 48) -> np.ndarray:
        """Return the logits (T, V) of a prompt, which stays in a row."""
        padded = ids + [1] * (width - len(ids))
        causal = np.tril(np.ones((width, width), bool))[None, None]
        return self.logits([padded], [range(width)], [row], causal, range(width))[: len(ids)]

    def decode(self, tokens: list[int], positions: list[int]) -> np.ndarray:
        """Return the logits (3, V) after one more token of each row."""
        visible = np.arange(SLOTS) <= np.array(positions)[:, None]
        columns = [[token] for token in tokens], [[position] for position in positions]
        return self.logits(*columns, range(ROWS), visible[:, None, None], range(ROWS))


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest difference, as a part of the largest value."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def saved_by_mindspore(flat: dict[str, Any], folder: Path) -> Path:
    folder.mkdir()
    arrays = layouts.mindspore_arrays(flat)
    saved = [{"name": name, "data": ms.Tensor(np.ascontiguousarray(array))} for name, array in arrays.items()]
    ms.save_checkpoint(saved, str(folder / "dump.ckpt"))
    return folder / "dump.ckpt"


@pytest.mark.parametrize("dtype", BOUNDS)
def test_logits_and_greedy_ids_are_the_published_ones(reference: Reference, dtype: str) -> None:
    """A prompt is read into row 1 and copied to row 2; row 0 is at another text and place all the while."""
    driver = Driver(reference, of_folder(reference.converted, dtype))
    other = driver.prefill(0, reference.prompt_ids[:7])
    logits = driver.prefill(1, reference.prompt_ids)
    assert distance(logits[:, reference.columns], reference.logits) < BOUNDS[dtype]
    assert distance(other, logits[:7]) < BOUNDS[dtype]
    driver.copy(ms.Tensor([1], dtype=ms.int32), ms.Tensor([2], dtype=ms.int32))
    tokens, found = [int(other[-1].argmax())] + [int(logits[-1].argmax())] * 2, [int(logits[-1].argmax())]
    positions = [7, len(reference.prompt_ids), len(reference.prompt_ids)]
    for _ in range(NEW_TOKENS - 1):
        after = driver.decode(tokens, positions)
        assert np.array_equal(after[1], after[2])
        tokens, positions = after.argmax(-1).tolist(), [position + 1 for position in positions]
        found.append(tokens[1])
    assert found == reference.greedy_ids


def test_a_step_gives_what_reading_the_whole_text_gives(reference: Reference) -> None:
    driver = Driver(reference, of_folder(reference.converted, "float32"))
    ids = reference.prompt_ids
    whole = driver.prefill(0, ids)
    lengths = [len(ids) - 5, len(ids) - 2, 3]
    for row, length in enumerate(lengths):
        driver.prefill(row, ids[:length])
    after = driver.decode([ids[length] for length in lengths], lengths)
    assert distance(after, whole[lengths]) < BOUNDS["float32"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_published_layout_gives_the_same_weights(reference: Reference, layout: str, tmp_path: Path) -> None:
    source = open_source(LAYOUTS[layout](reference.flat, tmp_path / "source"))  # type: ignore[arg-type]
    config, taken = read_config(source, reference.heads), []
    expected, direct = of_folder(reference.converted, "float16"), of_source(source, "float16")

    def take(name: str) -> np.ndarray:
        taken.append(name)
        assert np.array_equal(direct(name), expected(name)), name
        return direct(name)

    CodeGeeX(config, take)
    assert sorted(taken) == sorted(name.ours for name in all_names(config.num_hidden_layers - 1))


def test_int8_weights_are_expanded(reference: Reference, tmp_path: Path) -> None:
    from humaneval_x.codegeex import convert

    folder = convert(reference.folder, tmp_path / "int8", num_attention_heads=reference.heads, int8=True)
    name = "model.layers.0.mlp.up_proj.weight"
    exact, found = of_folder(reference.converted, "float32")(name), of_folder(folder, "float32")(name)
    assert 0 < np.abs(found - exact).max() <= np.abs(exact).max() / 127


def test_fused_attention_that_fails_or_differs_is_left_out_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """As on a CPU, which has none of the fused operators."""
    assert passed("flash", fused_prefill, 4, 16, rows=1, tokens=16) is plain_attention
    assert passed("incre", fused_decode, 4, 16, rows=3, tokens=1) is plain_attention
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("flash is not used: it fails here (")
    assert second.startswith("incre is not used: it fails here (")
    assert second.endswith("; plain attention takes its place")


def unmasked(query: Any, keys: Any, values: Any, mask: Any) -> Any:
    return plain_attention(query, keys, values, mask * 0)


def test_the_check_tells_right_attention_from_wrong() -> None:
    for shape in ({"rows": 1, "tokens": 16}, {"rows": 3, "tokens": 1}):
        assert "its results differ from those of plain attention by " in disagreement(unmasked, 4, 16, **shape)
        assert disagreement(plain_attention, 4, 16, **shape) == ""
