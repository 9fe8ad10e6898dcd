"""Picks the jail: the one asked for, or with `auto` Docker where an engine answers, else bubblewrap."""

from __future__ import annotations

from enum import Enum
from functools import partial

from humaneval_x.errors import OptionError, SetupError
from humaneval_x.records import Limits
from humaneval_x.runners import Runner
from humaneval_x.settings import chosen


class JailEngine(str, Enum):
    """Where jails start: on this machine, or on the machines of a Ray cluster."""

    LOCAL = "local"
    RAY = "ray"


class Sandbox(str, Enum):
    """The kinds of jail on the command line."""

    AUTO = "auto"
    DOCKER = "docker"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


def choose(
    sandbox: str, compiling: Limits, running: Limits, *, image: str | None = None, runtime: str | None = None
) -> Runner:
    """Return a runner. Raises OptionError for an unknown kind, SetupError where it cannot be used here.

    `auto` falls back to bubblewrap only where no Docker engine answers or its image is not built, and never
    to `none`.
    """
    kind = chosen(Sandbox, sandbox, "sandbox")
    if kind is not Sandbox.DOCKER and kind is not Sandbox.AUTO and (image or runtime):
        raise OptionError(f"--docker_image and --docker_runtime do not go with --sandbox {kind.value}")
    if kind is Sandbox.NONE:
        from humaneval_x.runners.bare import Bare

        return Bare(compiling, running)
    if kind is Sandbox.BUBBLEWRAP:
        return _bubblewrap(compiling, running)
    try:
        from humaneval_x.runners.docker import Docker

        return Docker(compiling, running, image=image, runtime=runtime)
    except SetupError as no_docker:
        if kind is Sandbox.DOCKER or image or runtime:
            raise
        try:
            return _bubblewrap(compiling, running)
        except SetupError as no_bubblewrap:
            raise SetupError(
                f"no sandbox can be used here. Docker: {no_docker}. Bubblewrap: {no_bubblewrap}. "
                "Install one of them; see: python evaluate.py doctor"
            ) from no_bubblewrap


def start_engine(
    engine: str,
    sandbox: str,
    compiling: Limits,
    running: Limits,
    *,
    image: str | None = None,
    runtime: str | None = None,
    workers: int | None = None,
) -> Runner:
    """Return a runner of jails here, or over a Ray cluster whose machines each choose theirs. Raises as `choose`.

    More machines that join a cluster mean more workers, but where `workers` were asked for.
    """
    options = partial(choose, sandbox, compiling, running, image=image, runtime=runtime)
    if chosen(JailEngine, engine, "engine") is JailEngine.LOCAL:
        return options()
    from humaneval_x.runners.cluster import Cluster

    return Cluster(options, workers)


def _bubblewrap(compiling: Limits, running: Limits) -> Runner:
    from humaneval_x.runners.bubblewrap import Bubblewrap

    return Bubblewrap(compiling, running)
