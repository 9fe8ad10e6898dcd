"""The checkpoints the CodeGeeX tests run on: one made here, and the published tiny one where it is at hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import checkpoint_layouts as layouts
import numpy as np
import pytest
import torch
from torch import Tensor

from humaneval_x.codegeex import CodeGeeXForCausalLM, convert

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}  # for scripts that the tests start
NEW_TOKENS = 24
torch.set_num_threads(1)


def shared(path: str) -> Path:
    """Return a reference file of the workplace, or skip."""
    if not (SHARED / path).exists():
        pytest.skip(f"reference data ../shared/{path} is not at hand")
    return SHARED / path


@pytest.fixture(scope="session")
def shared_path() -> Callable[[str], Path]:
    return shared


@dataclass(frozen=True)
class Reference:
    """A checkpoint in the published layout with its exact values."""

    folder: Path  # holds mp_rank_00_model_states.pt and config.json
    flat: dict[str, Tensor]
    heads: int
    prompt_ids: list[int]
    columns: np.ndarray  # the vocabulary columns of logits
    logits: np.ndarray  # (T, columns)
    logits_tolerance: float  # to which the logits are stored
    greedy_ids: list[int]
    converted: Path


@pytest.fixture(scope="session", params=["synthetic", "published"])
def reference(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    target = tmp_path_factory.mktemp("converted") / request.param
    if request.param == "published":
        folder = shared("reference/tiny_codegeex")
        expected = np.load(folder / "expected.npz")
        tree = torch.load(folder / "mp_rank_00_model_states.pt", weights_only=True)
        return Reference(
            folder=folder,
            flat=layouts.flattened(tree),
            heads=4,
            prompt_ids=expected["prompt_ids"].tolist(),
            columns=expected["columns"],
            logits=expected["logits"].astype(np.float64),
            logits_tolerance=1e-6,  # float64 values stored as float32, up to 16 in size
            greedy_ids=expected["greedy_ids"].tolist(),
            converted=convert(folder, target),
        )
    folder = tmp_path_factory.mktemp("synthetic")
    flat = layouts.random_checkpoint()
    layouts.save_partitions(flat, 1, folder)
    layouts.save_config(folder)
    prompt = np.random.default_rng(3).integers(0, layouts.VOCAB, 20).tolist()
    return Reference(
        folder=folder,
        flat=flat,
        heads=layouts.HEADS,
        prompt_ids=prompt,
        columns=np.arange(layouts.VOCAB),
        logits=layouts.reference_logits(flat, prompt, layouts.HEADS),
        logits_tolerance=1e-9,
        greedy_ids=layouts.reference_greedy(flat, prompt, layouts.HEADS, NEW_TOKENS),
        converted=convert(folder, target),
    )


@pytest.fixture(scope="session")
def model(reference: Reference) -> CodeGeeXForCausalLM:
    """The reference in float32; tests must leave it as it is."""
    return CodeGeeXForCausalLM.from_pretrained(reference.converted, dtype=torch.float32).eval()
