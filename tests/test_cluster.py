"""`--engine ray`: the same verdicts from a Ray cluster, and nothing lost when a part of it dies."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from machine import ROOT
from runs import fresh_canonicals, fresh_mutants, judge, outcomes, samples_of, some

sys.path.insert(0, str(ROOT))

from benchmarks import cluster as benchmark
from humaneval_x.errors import OptionError, SandboxError, SetupError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import choose, start_engine

# Ray's own deprecations, and the processes and sockets it leaves to its shutdown
pytestmark = [pytest.mark.ray, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A real cluster: this machine, as one with two cores."""
    import ray

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        ray.init(num_cpus=2, log_to_driver=False, logging_level="error", include_dashboard=False)
        yield
        ray.shutdown()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = some(fresh_canonicals(), 10, 1) + some(fresh_mutants(), 30, 1)
    return samples_of(tmp_path_factory.mktemp("cluster") / "samples.jsonl", rows)


@pytest.fixture(scope="module")
def here(samples: Path, sandbox: str) -> Path:
    """The folder of the same samples judged without a cluster."""
    folder = samples.parent / "here"
    judge(samples, folder, sandbox)
    return folder


def test_a_cluster_gives_the_verdicts_of_one_machine(samples, here, sandbox):
    report = judge(samples, samples.parent / "there", sandbox, engine="ray")
    assert outcomes(samples.parent / "there") == outcomes(here)
    assert report["sandbox"]["kind"] == sandbox
    assert report["sandbox"]["description"].startswith("Ray, 1 machine(s), 2 cores; ")
    assert set(report["toolchains"]) >= {"cpp", "go", "java", "javascript", "python"}


def test_one_worker_per_core_of_the_cluster_unless_said_otherwise(samples, here, sandbox):
    report = judge(samples, samples.parent / "default", sandbox, workers=None, engine="ray")
    assert report["sandbox"]["workers"] == 2


def test_a_killed_actor_is_replaced_and_its_program_judged_again(samples, here, sandbox, monkeypatch):
    from humaneval_x.runners import cluster

    class Doomed(cluster.Host):
        """Dies at its fifth program; only the first such actor does."""

        programs = 0

        def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
            self.programs += 1
            if self.programs == 5:
                with suppress(FileExistsError):
                    (samples.parent / "died").touch(exist_ok=False)
                    os.kill(os.getpid(), signal.SIGKILL)
            return super().ask(request, timeout_s)

    monkeypatch.setattr(cluster, "Host", Doomed)
    report = judge(samples, samples.parent / "killed", sandbox, engine="ray", share=False)
    assert outcomes(samples.parent / "killed") == outcomes(here)
    assert report["harness"] == {"jails_replaced": 1, "unjudged": []}


def test_a_machine_with_another_version_refuses(sandbox):
    import ray

    from humaneval_x.runners.cluster import Host, answer

    with pytest.raises(SetupError, match="has another version of humaneval_x than the machine that asks"):
        answer(
            ray.remote(Host).remote(lambda: choose(sandbox, COMPILE_LIMITS, RUN_LIMITS), "0" * 12).start.remote(), 60
        )


def test_a_cluster_without_free_cores_is_named(sandbox):
    import ray

    from humaneval_x.runners.cluster import answer

    @ray.remote(num_cpus=64)
    def never() -> None: ...

    with pytest.raises(SandboxError, match="too few free cores"):
        answer(never.remote(), 0.1)


def test_the_benchmark_of_the_driver_runs_in_small(capsys):
    told = benchmark.main(["--programs", "100"])
    assert [(each["batch"], each["programs"], each["passed"]) for each in told] == [(32, 100, 100), (1, 100, 100)]
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_unknown_engine_is_named():
    with pytest.raises(OptionError, match="unknown engine 'rai'; did you mean 'ray'"):
        start_engine("rai", "auto", COMPILE_LIMITS, RUN_LIMITS)
