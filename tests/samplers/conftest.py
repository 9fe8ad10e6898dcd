"""The tiny models of the sampler tests, each made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_models
import torch

torch.set_num_threads(1)
MAKERS: dict[str, Callable[[Path], Path]] = {
    "codegeex": tiny_models.save_codegeex,
    "gpt2": tiny_models.save_gpt2,
    "llama": tiny_models.save_llama,
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of a tiny model by its name."""
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            made[name] = MAKERS[name](tmp_path_factory.mktemp("models") / f"tiny-{name}")
        return made[name]

    return folder
