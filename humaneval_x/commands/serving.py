"""`serve`: the judge as an HTTP service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from humaneval_x.commands.shell import Outcome, extra_needed
from humaneval_x.records import A_DAY_S, A_TIB_MIB
from humaneval_x.runners.machines import ANYWHERE, Machines
from humaneval_x.values import Range


@extra_needed("serve")
def serve(
    host: str = "127.0.0.1",
    port: Annotated[int, Range(0, 65535)] = 8080,
    *,
    token_file: Path | None = None,
    problems: str | None = None,
    machines: Machines = ANYWHERE,
    queue: Annotated[int, Range(1, 1_000_000)] = 2048,
    body_mib: Annotated[int, Range(1, 1024)] = 32,
    memory_mib: Annotated[int | None, Range(1, A_TIB_MIB)] = None,
    drain_s: Annotated[float, Range(0, A_DAY_S)] = 60,
) -> Outcome:
    """Judge over HTTP until SIGTERM or Ctrl-C.

    Answers /v1/evaluate, /v1/run, and what other services' clients speak.

    Args:
        host: the address to listen on; one that others can reach needs a --token_file
        port: the port; 0 takes a free one and says which
        token_file: one token a line; requests have to carry one of them
        problems: official, fresh, or a folder; default both of the project's sets, as far as they are here
        queue: programs that one client may have waiting; beyond that it is told to come again
        body_mib: the largest body of a request
        memory_mib: the most memory that a request may ask for a program; default 4096
        drain_s: how long requests may still take after SIGTERM

    Examples:
        serve
        serve --host 0.0.0.0 --port 8080 --token_file token
    """
    from humaneval_x.serve.server import serve as served

    served(
        host,
        port,
        token_file=token_file,
        problems=problems,
        machines=machines,
        queue=queue,
        body_mib=body_mib,
        memory_mib=memory_mib,
        drain_s=drain_s,
    )
    return Outcome()
