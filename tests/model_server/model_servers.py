"""The server over a model of this machine, in a thread, on a free port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from openai import OpenAI

from humaneval_x.model_server.answers import AnsweringModel
from humaneval_x.model_server.app import application
from humaneval_x.samplers import ModelOptions, SamplingSettings, open_sampler
from humaneval_x.samplers.rows import Local
from humaneval_x.serve.server import listening

PATIENCE_S = 900  # a machine may be slow; what hangs is found all the same


@dataclass
class ModelServer:
    """A running server."""

    address: str
    answers: AnsweringModel

    @property
    def client(self) -> OpenAI:
        """OpenAI's own client; it asks once."""
        return OpenAI(base_url=self.address + "/v1", api_key="none", max_retries=0, timeout=PATIENCE_S)

    @property
    def sampler(self) -> Local:
        return self.answers.sampler


def local(folder: Path, **settings: Any) -> Local:
    """Return a model as `generate.py` opens it."""
    sampler = open_sampler(ModelOptions(model=str(folder), device="cpu"), SamplingSettings(**settings))
    assert isinstance(sampler, Local)
    return sampler


@contextmanager
def running(folder: Path, tokens: Sequence[str] = ()) -> Iterator[ModelServer]:
    """Run a server for as long as the block."""
    answers = AnsweringModel(local(folder))
    with listening("127.0.0.1", 0) as sock:
        server = uvicorn.Server(uvicorn.Config(application(answers, tokens=tokens), log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        until = time.monotonic() + PATIENCE_S
        while not server.started:
            assert time.monotonic() < until
            time.sleep(0.02)
        yield ModelServer(f"http://127.0.0.1:{sock.getsockname()[1]}", answers)
        server.should_exit = True
        thread.join(PATIENCE_S)
