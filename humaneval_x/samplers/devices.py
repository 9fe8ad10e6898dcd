"""Where a model runs: CUDA, Ascend NPU (through torch_npu) or CPU; in which type; and whether it fits.

Does not load anything but torch. Figures are in GB of 10^9 bytes.
"""

# mypy: disable-error-code="import-not-found, import-untyped, unused-ignore"

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import torch

from humaneval_x.errors import MachineError, OptionError

BYTES = {"float16": 2, "bfloat16": 2, "float32": 4}
INSTALL = {
    "cuda": "install a CUDA build of torch and check nvidia-smi, or give --device cpu",
    "npu": "install torch_npu for this torch and check npu-smi, or give --device cpu",
}
WHOLE_SHARE = 0.95  # of the free memory, for weights


def backend(kind: str) -> Any:
    """Return torch.cuda, or torch.npu once torch_npu is imported; None where there is no such device."""
    if kind == "npu":
        try:
            import torch_npu  # noqa: F401
        except ImportError:
            return None
    module = getattr(torch, kind, None)
    return module if module is not None and module.is_available() else None


def count(kind: str) -> int:
    """Return how many devices of a kind there are."""
    module = backend(kind)
    return int(module.device_count()) if module is not None else 0


def resolve(name: str) -> torch.device:
    """Return the device for auto, cuda, cuda:1, npu, cpu. Raises MachineError where it is not there."""
    kind, _, index = name.partition(":")
    if kind == "auto":
        kind = next((each for each in ("cuda", "npu") if count(each)), "cpu")
    if kind == "cpu":
        return torch.device("cpu")
    found = count(kind)
    if not found:
        raise MachineError(f"--device {name}: no such device is usable on this machine; {INSTALL[kind]}")
    if int(index or 0) >= found:
        raise MachineError(f"--device {name}: there are {found} devices, {kind}:0 to {kind}:{found - 1}; choose one")
    return torch.device(kind, int(index or 0))


def dtype_for(name: str, device: torch.device) -> str:
    """Return the type's name: auto is float16 on accelerators, float32 on CPU. Raises OptionError."""
    if name == "auto":
        return "float32" if device.type == "cpu" else "float16"
    if name not in BYTES:
        raise OptionError(f"--dtype {name}: choose auto, {', '.join(BYTES)}")
    return name


def free_bytes(device: torch.device) -> int:
    """Return the memory that can still be had on a device, what torch holds unused included."""
    if device.type == "cpu":
        return _free_on_host()
    module = backend(device.type)
    free, _ = module.mem_get_info(device)
    idle = module.memory_reserved(device) - module.memory_allocated(device)
    return int(free + idle)


def _free_on_host() -> int:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            free = int(line.split()[1]) << 10
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        numbers = [int(text) for text in (*_lines(limit), *_lines(used)) if text.isdigit()]
        if len(numbers) == 2:
            free = min(free, max(0, numbers[0] - numbers[1]))
    return free


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().split("\n")
    except OSError:
        return []


def empty_cache(device: torch.device) -> None:
    """Give memory that torch keeps for later back to the device."""
    if device.type != "cpu":
        backend(device.type).empty_cache()


def is_out_of_memory(fault: BaseException) -> bool:
    """Whether an exception says that memory ran out, on whichever device."""
    if isinstance(fault, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(fault).lower()
    return isinstance(fault, RuntimeError) and ("out of memory" in words or "can't allocate memory" in words)


def gigabytes(count: float) -> str:
    """Return a count of bytes for people: '25.7 GB'."""
    return f"{count / 1e9:.1f} GB" if count >= 1e8 or not count else f"{math.ceil(count / 1e4) / 100:.2f} MB"


def check_fits(name: str, parameters: dict[str, int], dtype: str, device: torch.device, *, int8_helps: bool) -> None:
    """Raise MachineError, with the figure needed and what would fit, where the weights do not fit.

    `parameters` counts numbers stored as integers ("int") and as floats ("float").
    """
    needed = {each: parameters["int"] + parameters["float"] * size for each, size in BYTES.items()}
    free = free_bytes(device)
    if needed[dtype] <= free * WHOLE_SHARE:
        return
    fits = [f"--dtype {each} ({gigabytes(size)})" for each, size in needed.items() if size <= free * WHOLE_SHARE]
    int8 = parameters["int"] + parameters["float"] * 1.03  # scales, embeddings and norms stay float16
    if int8_helps and not parameters["int"] and int8 <= free * WHOLE_SHARE:
        fits.append(f"int8 weights ({gigabytes(int8)}): python generate.py convert ... --int8")
    if device.type != "cpu" and needed["float16"] <= free_bytes(torch.device("cpu")) * WHOLE_SHARE:
        fits.append("--device cpu")
    would = "what would fit: " + "; ".join(fits) if fits else "nothing here would fit it; use a larger machine"
    what = f"{name}: the weights need {gigabytes(needed[dtype])} in {dtype}"
    raise MachineError(f"{what}, {device} has {gigabytes(free)} free; {would}")
