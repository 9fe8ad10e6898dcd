"""Ways to turn prompts into samples, behind one Protocol: CodeGeeX, any Hugging Face model, a server, an echo.

A sampler gets `Request`s (a prompt and the sample indices wanted) and yields `Completion`s in any order. It does
not read problems, write files or cut completions: `generation.py` does. Importing this loads no torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from humaneval_x.errors import CheckpointError, OptionError, unknown

DEVICES = ("auto", "cuda", "npu", "cpu")
DTYPES = ("auto", "float16", "bfloat16", "float32")
PROMPTINGS = ("auto", "completion", "chat")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingSettings:
    """How to sample; temperature 0 is greedy, top_k 0 and top_p 1 keep everything. Raises OptionError."""

    num_samples: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_new_tokens: int = 1024
    seed: int = 42

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        for name, low in (("num_samples", 1), ("top_k", 0), ("max_new_tokens", 1), ("seed", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < low:
                raise OptionError(f"--{name} is {value!r}; expected a whole number from {low}")
        for name in ("temperature", "top_p"):
            if isinstance(getattr(self, name), bool) or not isinstance(getattr(self, name), int | float):
                raise OptionError(f"--{name} is {getattr(self, name)!r}; expected a number")
        if not 0 <= self.temperature < float("inf"):
            raise OptionError(f"--temperature is {self.temperature}; expected 0 (greedy) or more")
        if not 0 < self.top_p <= 1:
            raise OptionError(f"--top_p is {self.top_p}; expected more than 0 and at most 1 (1 keeps every token)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Which model, and where and how it runs. Everything is a plain value: it crosses to worker processes."""

    model: str
    device: str = "auto"
    dtype: str = "auto"
    batch_size: int | None = None  # None: found from the free memory
    processes: int | None = None  # None: one per GPU
    prompting: str = "auto"  # auto: chat where the model has a chat template, or the address ends in /chat/completions
    skip_long: bool = False  # leave out prompts that the model cannot take
    trust_remote_code: bool = False
    served_model: str | None = None
    api_key_variable: str = "OPENAI_API_KEY"
    concurrency: int = 16
    requests_per_minute: float | None = None
    timeout_s: float = 600.0

    def __post_init__(self) -> None:
        """Refuse unknown names and impossible numbers. Raises OptionError."""
        for name, known in (("device", DEVICES), ("dtype", DTYPES), ("prompting", PROMPTINGS)):
            value = str(getattr(self, name))
            base, colon, index = value.partition(":")
            if name == "device" and colon and base in ("cuda", "npu") and index.isdigit():
                continue
            if value not in known:
                raise OptionError(unknown(f"--{name}", value, known))
        for name in ("batch_size", "processes", "concurrency"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
                raise OptionError(f"--{name} is {value!r}; expected a whole number from 1")
        for name in ("requests_per_minute", "timeout_s"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
                raise OptionError(f"--{name} is {value!r}; expected a number above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt and the sample indices to draw. `prefix` is the code that a completion continues."""

    task_id: str
    language: str  # of the completion
    prompt: str
    prefix: str
    solution: str = ""  # the canonical one, for the echo sampler
    source_language: str | None = None
    indices: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One sample as the model gave it.

    `raw` is all that it wrote; `code` is what continues the prefix, not yet cut. `finish_reason`: "stop" (the
    language's stop rule, or as a server says), "eos" or "length"; from servers also "empty" (no text came) and
    "filtered". `reasoning` is what the model thought, where a server keeps that apart from what it says.
    """

    task_id: str
    sample_index: int
    raw: str
    code: str
    finish_reason: str
    tokens: int
    source_language: str | None = None
    reasoning: str = ""
    not_sent: tuple[str, ...] = ()  # settings that a server refused to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """What tells one model from another: its name without folders, and a digest where there are files."""

    name: str
    digest: str | None
    details: dict[str, Any]  # dtype, device, prompting: what a row's settings say beside the sampling settings


class Sampler(Protocol):
    """A way to sample. `identity` is known before the first sample."""

    identity: ModelIdentity

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield one completion for each index of each request, in any order; `requests` is read as they are needed."""
        ...


KINDS = {
    "codegeex": "humaneval_x.samplers.codegeex",
    "huggingface": "humaneval_x.samplers.huggingface",
    "server": "humaneval_x.samplers.server",
    "echo": "humaneval_x.samplers.echo",
}


def kind_of(model: str) -> str:
    """Return which of KINDS a model name, folder or address asks for. Raises CheckpointError."""
    if model == "echo":
        return "echo"
    if model.startswith(("http://", "https://")):
        return "server"
    path = Path(model)
    if path.is_file():
        convert = f"convert it first: python generate.py convert {model} DIR"
        raise CheckpointError(f"{model}: is a file; expected a folder in Hugging Face layout; {convert}")
    if path.is_dir():
        return "codegeex" if _model_type(path) == "codegeex" else "huggingface"
    if model.startswith((".", "/", "~")) or model.count("/") > 1 or not model.strip():
        raise CheckpointError(f"{model!r}: no such folder; give a folder, owner/model, an http address, or echo")
    return "huggingface"


def _model_type(folder: Path) -> str:
    path = folder / "config.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        if any(folder.glob("mp_rank_*.pt")) or any(folder.glob("backbone.*.npy")):
            convert = f"convert it first: python generate.py convert {folder} DIR"
            raise CheckpointError(f"{folder}: a published CodeGeeX checkpoint; {convert}") from fault
        again = "give the folder of a model in Hugging Face layout"
        raise CheckpointError(f"{folder}: config.json is missing; {again}") from fault
    except (OSError, ValueError) as fault:
        raise CheckpointError(f"{path}: not JSON ({fault}); get the model again") from fault
    if isinstance(content, dict) and "padded_vocab_size" in content and "model_type" not in content:
        convert = f"convert it first: python generate.py convert {folder} DIR"
        raise CheckpointError(f"{folder}: a published CodeGeeX checkpoint; {convert}")
    return str(content.get("model_type", "")) if isinstance(content, dict) else ""


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Sampler:
    """Return the sampler for a model, loaded, or with worker processes that load it. Raises HarnessError."""
    kind = kind_of(options.model)
    if kind in ("codegeex", "huggingface"):
        check_torch()
        from humaneval_x.samplers.parallel import open_parallel, workers_for

        devices = workers_for(options)
        if len(devices) > 1:
            return open_parallel(options, settings, devices)
    sampler: Sampler = import_module(KINDS[kind]).open_sampler(options, settings)
    return sampler


def check_torch() -> None:
    """Raise OptionError, saying what to install, where torch or transformers is missing."""
    try:
        import torch
        import transformers
    except ImportError as fault:
        raise OptionError(
            f"{fault.name} is not installed; get it with: pip install 'humaneval-x-harness[model]'"
        ) from fault
    del torch, transformers


def seed_of(seed: int, task_id: str, source_language: str | None, sample_index: int) -> int:
    """Return the 64-bit seed of one sample's own generator: it depends on nothing but these four."""
    text = json.dumps([seed, task_id, source_language or "", sample_index])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
