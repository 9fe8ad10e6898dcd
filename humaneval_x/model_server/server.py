"""Runs the server: where it may listen, the model, Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import uvicorn

from humaneval_x.errors import OptionError
from humaneval_x.model_server.answers import AnsweringModel
from humaneval_x.model_server.app import application
from humaneval_x.samplers import ModelOptions, SamplingSettings, kind_of, open_sampler
from humaneval_x.samplers.rows import Local
from humaneval_x.serve.server import check_address, listening, tokens_in

DRAIN_S = 30


def serve(model: ModelOptions, host: str, port: int, *, token_file: Path | None = None) -> None:
    """Serve a model until a signal ends it. Raises HarnessError before it listens."""
    tokens = tokens_in(token_file) if token_file is not None else []
    check_address(host, tokens)
    if kind_of(model.model) in ("server", "echo"):
        raise OptionError(f"--model {model.model}: is no model of this machine; give a folder, or owner/model")
    with listening(host, port) as sock:  # before the model is loaded, which takes its time
        sampler = open_sampler(model, SamplingSettings())
        if not isinstance(sampler, Local):
            raise OptionError("--processes: a model is served by one process; leave it out")
        answers = AnsweringModel(sampler)
        config = uvicorn.Config(
            application(answers, tokens=tokens),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_S,
        )
        address, actual = sock.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        print(f"listening on http://{shown}:{actual} ({answers.name}; OpenAI's protocol under /v1)", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises a signal again when it has drained
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[sock])
