"""`serve` of `generate.py`: a model over OpenAI's protocol, and a page to try it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from humaneval_x.commands.shell import Outcome, extra_needed
from humaneval_x.samplers import ModelOptions
from humaneval_x.values import Range


@extra_needed("serve")
def serve(
    model: ModelOptions,
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Range(0, 65535)] = 8000,
    token_file: Path | None = None,
) -> Outcome:
    """Serve a model until SIGTERM or Ctrl-C.

    Speaks OpenAI's completions and chat, streamed too; a page to try it stands at /.

    Args:
        host: the address to listen on; one that others can reach needs a --token_file
        port: the port; 0 takes a free one and says which
        token_file: one token a line; requests have to carry one of them

    Examples:
        serve codegeex-13b
        serve --model Qwen/Qwen2.5-Coder-0.5B-Instruct --port 8001
    """
    from humaneval_x.model_server.server import serve as served

    served(model, host, port, token_file=token_file)
    return Outcome()
