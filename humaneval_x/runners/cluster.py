"""Jails on the machines of a Ray cluster (`--engine ray`): each is held by an actor on some machine.

The pool is the same as on one machine. Every machine needs this package in the same version and a sandbox of its
own (`make sandbox`). Without a cluster, Ray starts one on this machine. The only module that imports `ray`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from humaneval_x.errors import SandboxError, SetupError, install
from humaneval_x.runners import Jail, Runner
from humaneval_x.runners.toolchains import sandboxes_digest

START_S = 900  # a machine may have to build its toolchains first, and Ray to find a free core


class Host:
    """The actor: one jail on the machine it runs on. Takes one core of the cluster."""

    def __init__(self, choice: Callable[[], Runner], digest: str) -> None:
        self.choice, self.digest = choice, digest

    def describe(self) -> tuple[str, str, str]:
        """The kind of jail this machine would use, what bounds its memory, and its description."""
        runner = self.choice()
        return runner.name, runner.memory, runner.describe()

    def start(self) -> dict[str, str]:
        """Start the jail and return its toolchains. Raises SetupError, SandboxError."""
        if sandboxes_digest() != self.digest:
            where = os.uname().nodename
            raise SetupError(f"{where} has another version of humaneval_x than the machine that asks; install the same")
        self.jail = self.choice().start()
        return self.jail.toolchains

    def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Have one program judged."""
        return self.jail.ask(request, timeout_s=timeout_s)

    def close(self) -> None:
        """End the jail; the actor's own end would leave a container behind."""
        self.jail.close()


class RemoteJail:
    """The near end of an actor. Raises SandboxError when its machine, its process or its jail is lost."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.toolchains: dict[str, str] = answer(actor.start.remote(), START_S)

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Have one program judged."""
        found: dict[str, Any] = answer(self.actor.ask.remote(dict(request), timeout_s), timeout_s + 60)
        return found

    def close(self) -> None:
        """End the jail and its actor."""
        import ray

        with suppress(SandboxError):  # it may be gone already
            answer(self.actor.close.remote(), 30)
        ray.kill(self.actor)


class Cluster(Runner):
    """Starts jails over the machines of a Ray cluster; `choice` picks the kind of jail on each."""

    def __init__(self, choice: Callable[[], Runner]) -> None:
        try:
            import ray
        except ImportError as fault:
            raise SetupError(f"--engine ray needs Ray; install it with: {install('ray')}") from fault
        if not ray.is_initialized():
            # RAY_ADDRESS or a cluster running here is joined; else one is started on this machine.
            ray.init(log_to_driver=False, logging_level="error", include_dashboard=False)
        self.cores = int(ray.cluster_resources().get("CPU", 0)) or 1
        self.machines = len(ray.nodes())
        self.host = ray.remote(num_cpus=1, max_restarts=0)(Host)
        self.arguments = (choice, sandboxes_digest())
        probe = self.host.remote(*self.arguments)
        self.name, self.memory, self.jail = answer(probe.describe.remote(), START_S)
        ray.kill(probe)

    def describe(self) -> str:
        """One line for reports."""
        return f"Ray, {self.machines} machine(s), {self.cores} cores; {self.jail}"

    def start(self) -> Jail:
        """Start one jail where the cluster has a free core. Raises SandboxError."""
        return RemoteJail(self.host.remote(*self.arguments))


def answer(reference: Any, timeout_s: float) -> Any:
    """Wait for an actor's answer, for `timeout_s` at most (Ray's other calls have deadlines of Ray's).

    Its own errors are raised as they are, Ray's as SandboxError.
    """
    import ray
    from ray.exceptions import GetTimeoutError, RayError, RayTaskError

    try:
        return ray.get(reference, timeout=timeout_s)
    except RayTaskError as fault:
        raise fault.cause from fault
    except GetTimeoutError as fault:
        raise SandboxError(
            f"the Ray cluster gave no answer in {timeout_s:.0f} s: too few free cores, or a lost machine"
        ) from fault
    except RayError as fault:
        raise SandboxError(f"a machine of the Ray cluster was lost: {str(fault).strip().splitlines()[0]}") from fault
