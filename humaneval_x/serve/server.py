"""Runs the service: checks where it may listen, starts jails and server, drains at SIGTERM.

At SIGTERM or SIGINT nothing new is accepted, what was accepted is answered (for `drain_s` at most), then the jails
end. A second signal ends at once.
"""

from __future__ import annotations

import ipaddress
import signal
import socket
import stat
from contextlib import suppress
from pathlib import Path

import uvicorn

from humaneval_x.errors import MachineError, OptionError
from humaneval_x.library import Library
from humaneval_x.probes import right_programs
from humaneval_x.runners.machines import ANYWHERE, Machines
from humaneval_x.runners.pool import Pool
from humaneval_x.serve.app import application
from humaneval_x.serve.orders import Ceilings

SHORTEST_TOKEN = 16
BACKLOG = 2048


def serve(
    host: str = "127.0.0.1",
    port: int = 8080,
    *,
    token_file: str | Path | None = None,
    problems: str | Path | None = None,
    machines: Machines = ANYWHERE,
    queue: int = 2048,
    body_mib: int = 32,
    memory_mib: int | None = None,
    drain_s: float = 60,
) -> None:
    """Serve until a signal ends it. Raises OptionError, SetupError, MachineError before it listens."""
    tokens = tokens_in(token_file) if token_file is not None else []
    check_address(host, tokens)
    for name, number in (("queue", queue), ("body_mib", body_mib), ("memory_mib", memory_mib)):
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
            raise OptionError(f"--{name} has to be a whole number from 1 on, found {number!r}")
    library, ceilings = Library(problems), Ceilings.of(memory_mib)
    limits = ceilings.compiling, ceilings.running
    runner = machines.runner(*limits)
    pool = Pool[object](runner, *limits, machines.workers_of(runner), right_programs())
    app = application(pool, library, ceilings, tokens=tokens, queue=queue, body_bytes=body_mib << 20)
    with listening(host, port) as sock:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=max(1, round(drain_s)),
        )
        address, actual = sock.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        held = ", ".join(each.name for each in library.sets)
        print(
            f"listening on http://{shown}:{actual} ({pool.workers} workers, {runner.name}, problems: {held})",
            flush=True,
        )
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises a signal again when it has drained
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[sock])


def check_address(host: str, tokens: list[str]) -> None:
    """Refuse an address that others can reach where no token is asked for. Raises OptionError."""
    if not tokens and not loopback(host):
        make = "openssl rand -hex 32 > token"
        raise OptionError(f"--host {host} can be reached from outside; give a --token_file, made with: {make}")


def loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tokens_in(path: str | Path) -> list[str]:
    """Return the tokens of a file, one a line, `#` for comments. Raises OptionError."""
    try:
        mode, text = Path(path).stat().st_mode, Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise OptionError(f"--token_file {path}: cannot be read ({fault}); expected one token a line") from fault
    if mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH):
        raise OptionError(f"--token_file {path}: others can read it; run: chmod 600 {path}")
    tokens = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for number, token in enumerate(tokens, 1):
        if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
            expected = f"expected at least {SHORTEST_TOKEN} printable characters without blanks"
            raise OptionError(f"--token_file {path}: token {number} can be guessed or sent badly; {expected}")
    if not tokens:
        raise OptionError(f"--token_file {path}: holds no token; expected one a line")
    return tokens


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises OptionError, MachineError."""
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port < 1 << 16:
        raise OptionError(f"--port has to be a number from 0 to 65535, found {port!r}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as fault:
        raise MachineError(
            f"{host}:{port}: cannot listen ({fault.strerror}); choose another --port or --host"
        ) from fault
    return sock
