"""Which engine runs a model, over which devices, and what is said of one that is not here."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.commands.generate import main
from humaneval_x.errors import MachineError, OptionError
from humaneval_x.samplers import ModelOptions, SamplingSettings, devices, engine_of, open_sampler
from humaneval_x.samplers.parallel import seeing_only_its_own, workers_for

GREEDY = SamplingSettings(temperature=0)


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that says it has eight GPUs."""
    monkeypatch.setattr(devices, "count", lambda kind: 8 if kind == "cuda" else 0)


def test_auto_is_torch_where_there_is_no_device(tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "count", lambda kind: 0)
    assert engine_of(ModelOptions(model=str(tiny("codegeex"))), GREEDY) == "torch"


@pytest.mark.skipif(find_spec("vllm") is not None, reason="vLLM is installed")
def test_an_engine_that_is_not_installed_is_one_line_that_says_how(tiny: Callable[[str], Path]) -> None:
    with pytest.raises(OptionError, match=r"^--engine vllm: it is not installed; install it with: pip install .*vllm"):
        open_sampler(ModelOptions(model=str(tiny("codegeex")), engine="vllm"), GREEDY)


@pytest.mark.parametrize(
    ("name", "value"), [("tensor_parallel_size", 2), ("quantization", "fp8"), ("gpu_memory_utilization", 0.5)]
)
def test_an_option_of_vllm_is_refused_by_another_engine(name: str, value: Any, tiny: Callable[[str], Path]) -> None:
    options: dict[str, Any] = {"model": str(tiny("codegeex")), "engine": "torch", "device": "cpu", name: value}
    message = rf"^--{name} {value}: is vLLM's, and the engine is torch; give --engine vllm, or leave it out$"
    with pytest.raises(OptionError, match=message):
        open_sampler(ModelOptions(**options), GREEDY)


@pytest.mark.usefixtures("eight")
def test_each_process_has_the_devices_that_its_model_takes() -> None:
    of = lambda **options: workers_for(ModelOptions(model="m", **{"engine": "vllm", "device": "cuda", **options}))  # noqa: E731
    assert of(engine="torch") == [f"cuda:{index}" for index in range(8)]
    assert of(tensor_parallel_size=2) == ["cuda:0", "cuda:2", "cuda:4", "cuda:6"]
    assert of(tensor_parallel_size=2, pipeline_parallel_size=2, processes=2) == ["cuda:0", "cuda:4"]
    assert of(tensor_parallel_size=8) == ["cuda"]
    assert of(tensor_parallel_size=8, pipeline_parallel_size=2) == ["cuda"]  # over a cluster
    with pytest.raises(
        MachineError, match=r"^--processes 5: there are 8 devices of type cuda, and each model takes 2; give at most 4$"
    ):
        of(tensor_parallel_size=2, processes=5)
    with pytest.raises(MachineError, match=r"^--processes 9: there are 8 devices of type cuda; give at most 8$"):
        of(engine="torch", processes=9)


@pytest.mark.parametrize(("named", "seen"), [("", "2,3"), ("4,5,6,7", "6,7")])
def test_a_process_of_vllm_sees_its_own_devices_only(named: str, seen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", named)
    options = ModelOptions(model="m", engine="vllm", device="cuda:2", tensor_parallel_size=2)
    assert seeing_only_its_own(options).device == "cuda"
    assert os.environ["CUDA_VISIBLE_DEVICES"] == seen


def test_processes_are_called_as_vllm_calls_them_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "echo", str(tmp_path / "s.jsonl"), "--data_parallel_size", "0"])
    assert ended.value.code == 2
    assert "0" in capsys.readouterr().err
