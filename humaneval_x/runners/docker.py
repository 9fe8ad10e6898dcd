"""The Docker jail: one long-lived container per worker, reached over its attached stdin and stdout.

Does not give programs another kernel, unless `--docker_runtime runsc` names a runtime that does. The only module
that imports the `docker` package.
"""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from humaneval_x.errors import SandboxError, SetupError
from humaneval_x.records import Limits
from humaneval_x.resources import sandboxes_folder
from humaneval_x.runners import SCRATCH_FILES, SCRATCH_MIB, WARM_PROCESSES, Runner, jail_memory_mib
from humaneval_x.runners.bubblewrap import CAPABILITIES, random_uid
from humaneval_x.runners.toolchains import sandboxes_digest
from humaneval_x.runners.wire import Conversation, Headed

REPOSITORY = "humaneval-x"
STORE = "humaneval-x-tests"  # a volume for what jails compile from trusted text
LABEL = "org.humaneval-x"  # its value is the process that started the container
GO_FIRST = "CAP_SYS_RESOURCE"  # programs cannot take back that they go first where memory is short
CANNOT_GIVE = re.compile(r"\bcap.*not permitted", re.IGNORECASE)  # what engines say of a capability


def default_image() -> str:
    """The image that belongs to this version of `sandboxes/`: humaneval-x:<digest>."""
    return f"{REPOSITORY}:{sandboxes_digest()}"


def connect() -> docker.DockerClient:
    """Return a client of the engine that the environment names. Raises SandboxError where none answers."""
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    try:
        if address.startswith("unix://"):
            with socket.socket(socket.AF_UNIX) as probe:  # docker's client leaks its own socket where no engine answers
                probe.connect(address.removeprefix("unix://"))
        client = docker.from_env(timeout=120)
        client.ping()
    except (DockerException, OSError) as fault:
        raise SetupError(f"no Docker engine answers ({fault}); start one, or use --sandbox bubblewrap") from fault
    return client


class AttachedChannel(Headed):
    """A container's stdin and stdout over the engine's attach socket."""

    def __init__(self, client: docker.DockerClient, container: str) -> None:
        self.client, self.container = client, container
        attached = client.api.attach_socket(
            container, params={"stdin": 1, "stdout": 1, "stderr": 0, "stream": 1, "logs": 0}
        )
        self.attached = attached
        super().__init__(getattr(attached, "_sock", attached))

    def why(self) -> str:
        """Return how the container ended, and the tail of its stderr."""
        try:
            state: dict[str, Any] = self.client.api.inspect_container(self.container)["State"]
            said: bytes = self.client.api.logs(self.container, stdout=False, tail=10)
        except DockerException:
            return "the container is gone"
        memory = ", out of memory" if state.get("OOMKilled") else ""
        text = said.decode(errors="replace").strip().replace("\n", " | ")[-600:]
        return f"container {state.get('Status')}, exit code {state.get('ExitCode')}{memory}: {text}"

    def close(self) -> None:
        """Remove the container with everything in it."""
        for stream in (self.attached, self.socket):  # the socket's descriptor stays open until `attached` is closed
            with suppress(OSError):
                stream.close()
        with suppress(DockerException):
            self.client.api.remove_container(self.container, force=True, v=True)
        self.client.close()


class Docker(Runner):
    """Starts Docker jails."""

    name = "docker"

    def __init__(self, compiling: Limits, running: Limits, *, image: str | None = None, runtime: str | None = None):
        self.compiling, self.running, self.runtime = compiling, running, runtime
        self.client = connect()
        self.capabilities: tuple[str, ...] = (*CAPABILITIES, GO_FIRST)
        self.image = image or default_image()
        try:
            self.image_id: str = self.client.images.get(self.image).id
        except ImageNotFound as fault:
            raise SetupError(f"the image {self.image} is not there; build it with: make image") from fault
        self._check_engine()
        self._sweep()

    def _check_engine(self) -> None:
        """Refuse an engine that would silently leave out a limit."""
        info = self.client.info()
        for key, what in (("MemoryLimit", "memory"), ("PidsLimit", "process")):
            if info.get(key) is False:
                raise SetupError(f"this Docker engine cannot enforce {what} limits; enable the kernel's cgroups")
        if not any("seccomp" in option for option in info.get("SecurityOptions") or []):
            raise SetupError("this Docker engine has no seccomp; use an engine and kernel built with it")
        runtimes = sorted(info.get("Runtimes") or {})
        if self.runtime and runtimes and self.runtime not in runtimes:
            raise SetupError(
                f"this Docker engine has no runtime {self.runtime}; it has {', '.join(runtimes)}: install it and name "
                "it in the engine's daemon.json, or choose another --docker_runtime"
            )

    def _sweep(self) -> None:
        """Remove the containers of killed runs: they have exited, but the engine keeps them."""
        for each in self.client.containers.list(all=True, filters={"label": LABEL, "status": "exited"}):
            with suppress(DockerException):
                each.remove(v=True)

    def describe(self) -> str:
        """One line for reports."""
        version = self.client.version()["Version"]
        return f"Docker {version}, image {self.image} ({self.image_id[7:19]}), runtime {self.runtime or 'default'}"

    def start(self) -> Conversation:
        """Start one container. Raises SandboxError."""
        asked = self.capabilities
        try:
            return self._start(asked)
        except SandboxError as fault:
            if GO_FIRST not in asked or not CANNOT_GIVE.search(str(fault)):
                raise
        self.capabilities = CAPABILITIES  # an engine in a restricted machine may not have it to give
        return self._start(CAPABILITIES)

    def _start(self, capabilities: tuple[str, ...]) -> Conversation:
        memory = f"{jail_memory_mib(self.compiling, self.running) + SCRATCH_MIB}m"
        try:
            client = connect()  # each jail has its own client: its connections close with the jail
        except SetupError as fault:  # the engine answered before
            raise SandboxError(f"the container could not be started: {fault}") from fault
        api = client.api
        host = api.create_host_config(
            network_mode="none",
            ipc_mode="none",
            read_only=True,
            init=True,
            auto_remove=False,
            cap_drop=["ALL"],
            cap_add=[name.removeprefix("CAP_") for name in capabilities],
            security_opt=["no-new-privileges"],
            mem_limit=memory,
            memswap_limit=memory,
            pids_limit=self.running.processes + self.compiling.processes + WARM_PROCESSES,
            binds={STORE: {"bind": "/store", "mode": "rw"}},
            tmpfs={"/scratch": f"size={SCRATCH_MIB}m,nr_inodes={SCRATCH_FILES},mode=755,exec,nosuid,nodev"},
            log_config={"Type": "json-file", "Config": {"max-size": "1m", "max-file": "1"}},
            runtime=self.runtime,
        )
        try:
            made = api.create_container(
                self.image,
                command=["--uid", str(random_uid()), "--store", "/store"],
                stdin_open=True,
                labels={LABEL: str(os.getpid())},
                host_config=host,
            )
            channel = AttachedChannel(client, made["Id"])
            try:
                api.start(made["Id"])
            except DockerException:
                channel.close()
                raise
        except (APIError, DockerException, OSError) as fault:
            client.close()
            raise SandboxError(f"the container could not be started: {fault}") from fault
        return Conversation(channel)


def dockerfile_folder() -> Path:
    """The folder the image is built from: it holds the Dockerfile and `sandboxes/`."""
    return sandboxes_folder().parent
