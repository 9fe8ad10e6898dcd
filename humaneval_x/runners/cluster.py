"""Jails on the machines of a Ray cluster (`--engine ray`): each is held by an actor on some machine.

The pool is the same as on one machine; it asks for many programs in one message, since each message costs a
millisecond or two. Every machine needs this package in the same version and a sandbox of its own (`make sandbox`).
Machines may be lost, and join, while a run lasts. Without a cluster, Ray starts one on this machine. The only module
that imports `ray`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

from humaneval_x.errors import JailLost, SandboxError, SetupError, install
from humaneval_x.runners import Elastic, Jail, Runner
from humaneval_x.runners.relay import TOGETHER_S, ask_in_turn
from humaneval_x.runners.toolchains import sandboxes_digest

START_S = 900  # a machine may have to build its toolchains first, and Ray to find a free core
LOOK_S = 1.0  # between two looks whether a start is still wanted
NO_ANSWER = "the Ray cluster gave no answer in {:.0f} s: too few free cores, or a lost machine"


class Host:
    """The actor: one jail on the machine it runs on. Takes one core of the cluster."""

    def __init__(self, choice: Callable[[], Runner], digest: str) -> None:
        self.choice, self.digest = choice, digest

    def describe(self) -> tuple[str, str, str]:
        """The kind of jail this machine would use, what bounds its memory, and its description."""
        runner = self.choice()
        return runner.name, runner.memory, runner.describe()

    def start(self) -> tuple[str, dict[str, str]]:
        """Start the jail; return its machine and its toolchains. Raises SetupError, SandboxError."""
        import ray

        if sandboxes_digest() != self.digest:
            where = os.uname().nodename
            raise SetupError(f"{where} has another version of humaneval_x than the machine that asks; install the same")
        self.jail = self.choice().start()
        return ray.get_runtime_context().get_node_id(), self.jail.toolchains

    def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Have one program judged."""
        return self.jail.ask(request, timeout_s=timeout_s)

    def ask_all(self, requests: Sequence[Mapping[str, Any]], timeout_s: float) -> list[dict[str, Any]]:
        """Have programs judged in turn, as `ask_in_turn` does."""
        return ask_in_turn(self, requests, timeout_s)

    def close(self) -> None:
        """End the jail; the actor's own end would leave a container behind."""
        self.jail.close()


class ActorJail:
    """The near end of an actor. Raises JailLost when its machine or its process is lost, SandboxError for its jail."""

    def __init__(self, actor: Any, stop: Event) -> None:
        self.actor = actor
        self.place: str
        self.toolchains: dict[str, str]
        self.place, self.toolchains = started(actor, stop)

    def ask(self, request: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Have one program judged."""
        found: dict[str, Any] = answer(self.actor.ask.remote(dict(request), timeout_s), timeout_s + 60)
        return found

    def ask_all(self, requests: Sequence[Mapping[str, Any]], *, timeout_s: float) -> list[dict[str, Any]]:
        """Have programs judged, as many as come in time; the last may be a fault."""
        asked = self.actor.ask_all.remote(list(requests), timeout_s)
        found: list[dict[str, Any]] = answer(asked, TOGETHER_S + timeout_s + 60)
        return found

    def close(self) -> None:
        """End the jail and its actor."""
        import ray

        with suppress(SandboxError):  # it may be gone already
            answer(self.actor.close.remote(), 30)
        ray.kill(self.actor)


class Cluster(Elastic):
    """Starts jails over the machines of a Ray cluster; `choice` picks the kind of jail on each.

    `most` programs run at once, however many machines join; without it, one a core.
    """

    def __init__(self, choice: Callable[[], Runner], most: int | None = None) -> None:
        try:
            import ray
        except ImportError as fault:
            raise SetupError(f"--engine ray needs Ray; install it with: {install('ray')}") from fault
        if not ray.is_initialized():
            # RAY_ADDRESS or a cluster running here is joined; else one is started on this machine.
            ray.init(log_to_driver=False, logging_level="error", include_dashboard=False)
        self.most = most
        self.cores = cores() or 1
        self.machines = sum(bool(node["Alive"] and node["Resources"].get("CPU")) for node in ray.nodes())
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
        return self.start_in_time(Event())

    def start_in_time(self, stop: Event) -> ActorJail:
        """Start one jail where the cluster has a free core, unless it is not wanted any more. Raises SandboxError."""
        return ActorJail(self.host.remote(*self.arguments), stop)

    def cores_now(self) -> int:
        """Return how many programs can run at once on the machines that are there by now."""
        return self.most or cores()


def cores() -> int:
    """Return the cores of the cluster; none where it does not answer."""
    import ray

    try:
        return int(ray.cluster_resources().get("CPU", 0))
    except Exception:  # what Ray raises here has no common root; who asks will ask again
        return 0


def started(actor: Any, stop: Event) -> tuple[str, dict[str, str]]:
    """Wait until an actor has its core and its jail. Raises SandboxError after START_S, or when `stop` is set."""
    import ray

    reference, until = actor.start.remote(), time.monotonic() + START_S
    try:
        while not stop.is_set() and time.monotonic() < until:
            if ray.wait([reference], timeout=LOOK_S)[0]:
                found: tuple[str, dict[str, str]] = answer(reference, LOOK_S)
                return found
        raise SandboxError(NO_ANSWER.format(START_S))
    except BaseException:
        ray.kill(actor)  # or it would start when its core is free
        raise


def answer(reference: Any, timeout_s: float) -> Any:
    """Wait for an actor's answer, for `timeout_s` at most (Ray's other calls have deadlines of Ray's).

    Its own errors are raised as they are, Ray's as JailLost.
    """
    import ray
    from ray.exceptions import GetTimeoutError, RayError, RayTaskError

    try:
        return ray.get(reference, timeout=timeout_s)
    except RayTaskError as fault:
        raise fault.cause from fault
    except GetTimeoutError as fault:
        raise SandboxError(NO_ANSWER.format(timeout_s)) from fault
    except RayError as fault:
        raise JailLost(f"a machine of the Ray cluster was lost: {str(fault).strip().splitlines()[0]}") from fault
