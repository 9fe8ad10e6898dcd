"""`--engine ray` on two machines that come and go: the verdicts are those of one machine.

Slow: each machine is a Ray of its own, minutes on a busy one; `test_elastic.py` has the same with threads for machines.
A machine is lost at a program: the actor kills the Ray process that its machine is, and never answers. Nothing depends on
how long anything takes.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from machine import FULL
from runs import fresh_canonicals, fresh_mutants, judge, outcomes, samples_of, some

from humaneval_x.runners import cluster

# Ray's own deprecations, and the processes and sockets it leaves to its shutdown
pytestmark = [pytest.mark.slow, pytest.mark.ray, pytest.mark.filterwarnings("ignore")]
MOMENTS = [random.Random(seed).randrange(2, 8) for seed in range(10 if FULL else 1)]


@pytest.fixture(scope="module")
def machines() -> Iterator[Any]:
    """A cluster without cores of its own; tests add machines with one each."""
    import ray
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        ray.init(address=nodes.address, log_to_driver=False, logging_level="error")
        yield nodes
        ray.shutdown()
        nodes.shutdown()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples of all languages; few, since each jail starts all it is given."""
    rows = some(fresh_canonicals(), 10, 1) + some(fresh_mutants(), 20, 1)
    return samples_of(tmp_path_factory.mktemp("nodes") / "samples.jsonl", rows)


@pytest.fixture(scope="module")
def here(samples: Path, sandbox: str) -> Path:
    """The folder of the same samples judged without a cluster."""
    folder = samples.parent / "here"
    judge(samples, folder, sandbox)
    return folder


def cores() -> int:
    import ray

    return int(ray.cluster_resources().get("CPU", 0))


def with_cores(nodes: Any, count: int) -> None:
    """Have a cluster of so many machines."""
    until = time.monotonic() + 300
    while cores() > count and time.monotonic() < until:  # the lost one is still counted
        time.sleep(0.1)
    while cores() < count:
        add(nodes)


def add(nodes: Any) -> None:
    """Add a machine. Ray gives each 30 s to come up, which a busy one may not do at once."""
    for _ in range(5):
        with suppress(Exception):  # it raises no kind of its own
            nodes.add_node(num_cpus=1)
            return
    raise AssertionError("Ray started no second machine")


def doomed(marks: Path, at: int) -> type[cluster.Host]:
    """An actor that loses its machine at its program number `at`; only the first to come there does."""

    class Doomed(cluster.Host):
        programs = 0

        def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
            self.programs += 1
            if self.programs == at:
                with suppress(FileExistsError):
                    (marks / "lost").touch(exist_ok=False)
                    os.kill(os.getppid(), signal.SIGKILL)
                    time.sleep(3600)
            return super().ask(request, timeout_s)

    return Doomed


@pytest.mark.parametrize("at", MOMENTS)
def test_a_lost_machine_without_a_spare_shrinks_the_run(machines, samples, here, sandbox, tmp_path, monkeypatch, at):
    with_cores(machines, 2)
    monkeypatch.setattr(cluster, "Host", doomed(tmp_path, at))
    report = judge(samples, tmp_path / "out", sandbox, engine="ray", share=False)
    assert (tmp_path / "lost").exists()
    assert outcomes(tmp_path / "out") == outcomes(here)
    assert report["harness"] == {"jails_replaced": 1, "unjudged": []}


def test_a_machine_that_joins_late_is_used(machines, samples, here, sandbox, tmp_path, monkeypatch):
    """The first machine waits at its third program until the other one has judged something."""
    with_cores(machines, 1)

    class Patient(cluster.Host):
        programs = 0

        def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
            import ray

            first, joined = tmp_path / "first", tmp_path / "joined"
            self.programs += 1
            node = ray.get_runtime_context().get_node_id()
            if not first.exists():
                first.write_text(node)
            elif first.read_text() != node:
                joined.touch()
            until = time.monotonic() + 300
            while self.programs >= 3 and not joined.exists() and time.monotonic() < until:
                (tmp_path / "waits").touch()
                time.sleep(0.05)
            return super().ask(request, timeout_s)

    monkeypatch.setattr(cluster, "Host", Patient)
    asked = {"workers": None, "engine": "ray", "share": False}
    with ThreadPoolExecutor(1) as threads:  # a machine is added by the main thread or not at all
        judging = threads.submit(judge, samples, tmp_path / "out", sandbox, **asked)
        while not (tmp_path / "waits").exists() and not judging.done():
            time.sleep(0.05)
        add(machines)
        report = judging.result()
    assert (tmp_path / "joined").exists()
    assert outcomes(tmp_path / "out") == outcomes(here)
    assert report["sandbox"]["workers"] == 2
    assert report["harness"] == {"jails_replaced": 0, "unjudged": []}
