"""Two models behind the server, each loaded once: one that continues text, one with a chat template."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from machine import absent_at_start, no_model

missing = [name for name in ("fastapi", "uvicorn") if importlib.util.find_spec(name) is None]
collect_ignore_glob: list[str] = []
if missing or no_model():
    absent_at_start("model" if no_model() else "serve", no_model() or f"{', '.join(missing)} not installed")
    collect_ignore_glob.append("test_*.py")
else:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samplers"))
    import tiny_models
    import torch
    from model_servers import ModelServer, running

    torch.set_num_threads(1)

    @pytest.fixture(scope="session")
    def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
        """The folders of both models."""
        place = tmp_path_factory.mktemp("served")
        return {
            "codegeex": tiny_models.save_codegeex(place / "tiny-codegeex"),
            "chat": tiny_models.save_gpt2(place / "tiny-chat", chat=True),
        }

    @pytest.fixture(scope="session")
    def served(folders: dict[str, Path]) -> Iterator[ModelServer]:
        """A CodeGeeX."""
        with running(folders["codegeex"]) as each:
            yield each

    @pytest.fixture(scope="session")
    def chatting(folders: dict[str, Path]) -> Iterator[ModelServer]:
        """A model with a chat template."""
        with running(folders["chat"]) as each:
            yield each

    @pytest.fixture(autouse=True)
    def no_proxy(monkeypatch: pytest.MonkeyPatch) -> Any:
        """The servers are on this machine."""
        monkeypatch.setenv("no_proxy", "127.0.0.1")
