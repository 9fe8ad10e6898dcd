"""One process per GPU (or several on a CPU), each with a model of its own; the parent hands out requests.

Children send their samples over a pipe and only the parent writes files. Prompts go to whoever is free, in pieces
small enough that all finish at about the same time. A child whose parent is gone ends at its next sample.
Does not split one model over several GPUs.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from humaneval_x import errors
from humaneval_x.errors import HarnessError, MachineError
from humaneval_x.samplers import Completion, ModelIdentity, ModelOptions, Request, SamplingSettings

PIECES = 4  # for each process, so that none waits long for the last


def workers_for(options: ModelOptions) -> list[str]:
    """Return the device of each process. Raises MachineError where a device is not there."""
    from humaneval_x.samplers import devices

    first = devices.resolve(options.device)
    if first.type == "cpu":
        return ["cpu"] * (options.processes or 1)
    if ":" in options.device:
        return [options.device] * (options.processes or 1)
    found = devices.count(first.type)
    wanted = options.processes or found
    if wanted > found:
        raise MachineError(
            f"--processes {wanted}: there are {found} devices of type {first.type}; give at most {found}"
        )
    return [f"{first.type}:{index}" for index in range(wanted)]


@dataclass
class Worker:
    """A child process as its parent sees it."""

    process: BaseProcess
    pipe: Connection
    device: str


class Parallel:
    """Several samplers of one model behind the Sampler protocol."""

    def __init__(self, options: ModelOptions, settings: SamplingSettings, devices: list[str]) -> None:
        context = multiprocessing.get_context("spawn")  # a forked CUDA context is broken
        self.workers: list[Worker] = []
        for device in devices:
            mine, theirs = context.Pipe()
            one = replace(options, device=device, processes=1)
            process = context.Process(target=worker_process, args=(theirs, one, settings, len(devices)), daemon=True)
            process.start()
            theirs.close()
            self.workers.append(Worker(process=process, pipe=mine, device=device))
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

    def _send(self, worker: Worker, content: Request | None) -> None:
        try:
            worker.pipe.send(content)
        except OSError as fault:
            raise self._died(worker) from fault

    def _receive(self, worker: Worker) -> tuple[str, Any]:
        try:
            kind, content = worker.pipe.recv()
        except (EOFError, OSError) as fault:
            raise self._died(worker) from fault
        if kind == "error":
            name, message = content
            raise getattr(errors, name)(message)
        return kind, content

    def _died(self, worker: Worker) -> MachineError:
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
