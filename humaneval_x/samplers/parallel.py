"""One process per GPU, or group of GPUs that share a model, or several on a CPU, each with a model of its own.

The parent hands out requests, children send their samples over a pipe and only the parent writes files. Prompts go to
whoever is free, in pieces small enough that all finish at about the same time. A child whose parent is gone ends at its
next sample. Does not itself split a model over several GPUs: vLLM does.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from humaneval_x import errors
from humaneval_x.errors import HarnessError, MachineError
from humaneval_x.samplers import VISIBLE, Completion, ModelIdentity, ModelOptions, Request, SamplingSettings

PIECES = 4  # for each process, so that none waits long for the last


def workers_for(options: ModelOptions) -> list[str]:
    """Return the device of each process. Raises MachineError where a device is not there."""
    from humaneval_x.samplers import devices

    first = devices.resolve(options.device)
    if first.type == "cpu":
        return ["cpu"] * (options.processes or 1)
    if ":" in options.device:
        return [options.device] * (options.processes or 1)
    found, ranks = devices.count(first.type), options.ranks
    wanted = options.processes or max(1, found // ranks)  # a model over more than are here is for a cluster
    if wanted > max(1, found // ranks):
        each = f", and each model takes {ranks}" if ranks > 1 else ""
        most = max(1, found // ranks)
        raise MachineError(
            f"--processes {wanted}: there are {found} devices of type {first.type}{each}; give at most {most}"
        )
    if wanted == 1 and options.engine == "vllm":
        return [options.device]  # vLLM takes the first ones by itself
    return [f"{first.type}:{index * ranks}" for index in range(wanted)]


@dataclass
class ModelProcess:
    """A child process as its parent sees it."""

    process: BaseProcess
    pipe: Connection
    device: str


class Parallel:
    """Several samplers of one model behind the Sampler protocol."""

    def __init__(self, options: ModelOptions, settings: SamplingSettings, devices: list[str]) -> None:
        context = multiprocessing.get_context("spawn")  # a forked CUDA context is broken
        self.workers: list[ModelProcess] = []
        for device in devices:
            mine, theirs = context.Pipe()
            one = replace(options, device=device, processes=1)
            # Daemons may have no children, which vLLM has on all devices but a CPU.
            alone = options.engine != "vllm" or device == "cpu"
            process = context.Process(target=worker_process, args=(theirs, one, settings, len(devices)), daemon=alone)
            process.start()
            theirs.close()
            self.workers.append(ModelProcess(process=process, pipe=mine, device=device))
        atexit.register(self.close)
        try:
            identities = [self._receive(worker)[1] for worker in self.workers]
        except BaseException:
            self.close()
            raise
        self.identity: ModelIdentity = identities[0]

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the completions of all processes as they come."""
        coming = iter(pieces(list(requests), len(self.workers)))
        busy = {worker.pipe: worker for worker in self.workers}
        try:
            while busy:
                for pipe in wait(list(busy)):
                    assert isinstance(pipe, Connection)
                    kind, content = self._receive(busy[pipe])
                    if kind == "completion":
                        yield content
                    elif kind == "next":
                        self._send(busy[pipe], next(coming, None))
                    else:
                        del busy[pipe]
        finally:
            self.close()

    def _send(self, worker: ModelProcess, content: Request | None) -> None:
        try:
            worker.pipe.send(content)
        except OSError as fault:
            raise self._died(worker) from fault

    def _receive(self, worker: ModelProcess) -> tuple[str, Any]:
        try:
            kind, content = worker.pipe.recv()
        except (EOFError, OSError) as fault:
            raise self._died(worker) from fault
        if kind == "error":
            name, message = content
            raise getattr(errors, name)(message)
        return kind, content

    def _died(self, worker: ModelProcess) -> MachineError:
        worker.process.join(5)
        code = worker.process.exitcode
        again = (
            "finished samples are kept; run the same command again to go on, with fewer --processes if memory ran out"
        )
        return MachineError(f"the process that samples on {worker.device} died with exit code {code}; {again}")

    def close(self) -> None:
        """End the processes."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join()
            worker.pipe.close()
        atexit.unregister(self.close)


def open_parallel(options: ModelOptions, settings: SamplingSettings, devices: list[str]) -> Parallel:
    """Return the sampler with its processes started and their models loaded. Raises HarnessError."""
    return Parallel(options, settings, devices)


def pieces(requests: list[Request], processes: int) -> list[Request]:
    """Return the requests, those with many samples in parts."""
    total = sum(len(request.indices) for request in requests)
    size = max(1, -(-total // (processes * PIECES)))
    return [
        replace(request, indices=request.indices[start : start + size])
        for request in requests
        for start in range(0, len(request.indices), size)
    ]


def worker_process(pipe: Connection, options: ModelOptions, settings: SamplingSettings, processes: int) -> None:
    """Sample in a child process until the parent has nothing more, or is gone."""
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError, EOFError, ConnectionResetError):
        try:
            _serve(pipe, options, settings, processes)
        except HarnessError as fault:
            pipe.send(("error", (type(fault).__name__, str(fault))))
        except (BrokenPipeError, EOFError, ConnectionResetError):
            raise
        except Exception as fault:
            what = " ".join(f"{type(fault).__name__}: {fault}".split())[:500]
            pipe.send(("error", ("MachineError", f"sampling on {options.device} failed: {what}")))


def _serve(pipe: Connection, options: ModelOptions, settings: SamplingSettings, processes: int) -> None:
    if options.engine == "vllm" and ":" in options.device:
        options = seeing_only_its_own(options)
    import torch

    from humaneval_x.samplers import open_sampler

    torch.set_num_threads(max(1, torch.get_num_threads() // processes))
    sampler = open_sampler(options, settings)
    pipe.send(("ready", sampler.identity))

    def asked() -> Iterator[Request]:
        while True:
            pipe.send(("next", None))
            given = pipe.recv()
            if given is None:
                return
            yield given

    for completion in sampler.sample(asked()):
        pipe.send(("completion", completion))
    pipe.send(("done", None))


def seeing_only_its_own(options: ModelOptions) -> ModelOptions:
    """Hide all devices but `ranks` from the first one on from this process, before torch sees them."""
    kind, _, first = options.device.partition(":")
    named = os.environ.get(VISIBLE[kind], "")
    last = int(first) + options.ranks
    seen = named.split(",") if named else [str(index) for index in range(last)]
    os.environ[VISIBLE[kind]] = ",".join(seen[int(first) : last])
    return replace(options, device=kind)
