"""The tiny models of the sampler tests, each made once.

Without PyTorch only what needs none is collected here; HUMANEVAL_X_REQUIRE=model makes that a failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from machine import absent_at_start, no_model

# `devices` imports PyTorch.
IMPORTS_TORCH = re.compile(
    r"^(import|from) (torch|transformers)\b|^from humaneval_x\.samplers import .*\bdevices\b", re.M
)

if no_model():
    tests = Path(__file__).parent.glob("test_*.py")
    collect_ignore = [each.name for each in tests if IMPORTS_TORCH.search(each.read_text())]
    absent_at_start("model", no_model())
else:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of a tiny model by its name."""
    import tiny_models

    makers: dict[str, Callable[[Path], Path]] = {
        "codegeex": tiny_models.save_codegeex,
        "gpt2": tiny_models.save_gpt2,
        "llama": tiny_models.save_llama,
        "qwen2": tiny_models.save_qwen2,
        "gpt2 of wide heads": lambda folder: tiny_models.save_gpt2(folder, width=64, heads=2),
        "chatting qwen2": lambda folder: tiny_models.save_qwen2(folder, chat=True),
        "short codegeex": lambda folder: tiny_models.save_codegeex(folder, positions=200),
    }
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            made[name] = makers[name](tmp_path_factory.mktemp("models") / f"tiny-{name.replace(' ', '-')}")
        return made[name]

    return folder
