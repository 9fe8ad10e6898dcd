"""Ways to turn prompts into samples, behind one Protocol: an engine that runs a model here, a server, an echo.

A sampler gets `Request`s (a prompt and the sample indices wanted) and yields `Completion`s in any order. It does
not read problems, write files or cut completions: `generation/` does. Importing this loads no torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Protocol

from humaneval_x.errors import CheckpointError, OptionError, install, unknown
from humaneval_x.samplers.hub import check_name
from humaneval_x.settings import Rules
from humaneval_x.tasks import source_of
from humaneval_x.values import MOST_SAMPLES, Formerly, Names, Range, check_fields

ENGINES = {  # what runs a model on this machine; tests/samplers/test_contract.py holds all of them to one contract
    "torch": "humaneval_x.samplers.pytorch",
    "vllm": "humaneval_x.samplers.vllm",
    "mindspore": "humaneval_x.samplers.mindspore",
}
OF_VLLM = ("tensor_parallel_size", "pipeline_parallel_size", "quantization", "gpu_memory_utilization")  # its options
OTHERS = {"server": "humaneval_x.samplers.server", "echo": "humaneval_x.samplers.echo"}
PUBLISHED = ("mp_rank_*.pt", "backbone.*.npy", "*.ckpt")  # files of checkpoints that are to be converted
VISIBLE = {"cuda": "CUDA_VISIBLE_DEVICES", "npu": "ASCEND_RT_VISIBLE_DEVICES"}  # what says which devices a process sees
DEVICES = ("auto", "cuda", "npu", "cpu")
DTYPES = ("auto", "float16", "bfloat16", "float32")
PROMPTINGS = ("auto", "completion", "chat")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingSettings:
    """How to sample; the same settings give the same distribution. Raises OptionError.

    Args:
        num_samples: samples of each problem
        temperature: 0 is greedy
        top_p: keep the most probable tokens up to this share; 1 keeps all
        top_k: keep so many tokens; 0 keeps all
        max_new_tokens: tokens of a completion at most
        seed: the same seed gives the same samples on CPU in float32, whatever the batch size
    """

    num_samples: Annotated[int, Range(1, MOST_SAMPLES)] = 1
    temperature: Annotated[float, Range(0)] = 0.0
    top_p: Annotated[float, Range(0, 1, above=True)] = 1.0
    top_k: Annotated[int, Range(0)] = 0
    max_new_tokens: Annotated[int, Range(1, 1 << 20)] = 1024
    seed: Annotated[int, Range(0)] = 42

    def __post_init__(self) -> None:
        """Refuse what means nothing."""
        check_fields(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Which model, and where and how it runs. Everything is a plain value: it crosses to worker processes.

    Args:
        model: a converted CodeGeeX folder, a Hugging Face folder or name, a server's http address, or echo
        engine: what runs the model on this machine; auto is vLLM where it is installed, there is a GPU or NPU and it
            has the model, else torch
        device: auto, cuda, npu or cpu; cuda:1 for one of several
        dtype: of the weights; auto is float32 on CPU, else float16
        batch_size: samples at once; default from the free memory
        processes: models at once; default as many as there are GPUs for; vLLM's name for it is --data_parallel_size
        tensor_parallel_size: GPUs that share each layer of a model (vLLM)
        pipeline_parallel_size: GPUs, or groups of them, that share the layers of a model (vLLM)
        quantization: one of vLLM's methods by its name, such as fp8 (vLLM)
        gpu_memory_utilization: the part of a GPU's memory that is taken (vLLM)
        prompting: auto chats where there is a chat template, or the address ends in /chat/completions
        skip_long: leave out prompts that the model cannot take
        hide_end_of_text: attend to no end-of-text token of a prompt, as MindSpore's own CodeGeeX; --engine mindspore
        trust_remote_code: run code that comes with a model of the hub
        served_model: the model's name on the server; default the first that it lists
        api_key_variable: the environment variable that holds the server's key
        concurrency: requests at once
        requests_per_minute: at most so many
        timeout_s: seconds to wait for one answer of the server
    """

    model: str
    engine: Annotated[str, Names("--engine", ("auto", *ENGINES))] = "auto"
    device: str = "auto"
    dtype: Annotated[str, Names("--dtype", DTYPES)] = "auto"
    batch_size: Annotated[int | None, Range(1)] = None
    processes: Annotated[int | None, Range(1, 1024), Formerly(("data_parallel_size",))] = None
    tensor_parallel_size: Annotated[int, Range(1, 1024)] = 1
    pipeline_parallel_size: Annotated[int, Range(1, 1024)] = 1
    quantization: str | None = None
    gpu_memory_utilization: Annotated[float | None, Range(0, 1, above=True)] = None
    prompting: Annotated[str, Names("--prompting", PROMPTINGS)] = "auto"
    skip_long: bool = False
    hide_end_of_text: bool = False
    trust_remote_code: bool = False
    served_model: str | None = None
    api_key_variable: str = "OPENAI_API_KEY"
    concurrency: Annotated[int, Range(1, 4096)] = 16
    requests_per_minute: Annotated[float | None, Range(0, above=True)] = None
    timeout_s: Annotated[float, Range(0, 86_400, above=True)] = 600.0

    def __post_init__(self) -> None:
        """Refuse unknown names and impossible numbers. Raises OptionError."""
        check_fields(self)
        base, colon, index = self.device.partition(":")
        one_of_several = base in ("cuda", "npu") and index.isascii() and index.isdigit()
        if base not in DEVICES or (colon and not one_of_several):
            raise OptionError(unknown("--device", self.device, DEVICES))

    @property
    def ranks(self) -> int:
        """The devices that share a model."""
        return self.tensor_parallel_size * self.pipeline_parallel_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One prompt and the sample indices to draw. `prefix` is the code that a completion continues."""

    task_id: str
    language: str  # of the completion
    prompt: str
    prefix: str
    solution: str = ""  # the canonical one, for the echo sampler
    origin: str = ""  # the source language of a translation, the task that a row has to name, or ""
    question: str = ""  # to a model that is spoken to; default: to complete the prompt
    indices: tuple[int, ...] = (0,)
    rules: Rules = Rules.OURS  # where sampling may end
    stop: tuple[str, ...] = ()  # words that end a text
    watch: Callable[[int], Callable[[str], bool]] | None = None  # says it in place of the rules, for each sample index

    @property
    def name(self) -> str:
        """The task for people: 'Go/3', 'Go/3 from python'."""
        how = "from" if source_of(self.origin) else "for"
        return self.task_id + (f" {how} {self.origin}" if self.origin else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One sample as the model gave it.

    `raw` is all that it wrote; the program in it is found when it is judged. `finish_reason`: "stop" (the language's
    stop rule, or as a server says), "eos" or "length"; from servers also "empty" (no text came) and "filtered".
    `reasoning` is what the model thought, where a server keeps that apart from what it says.
    """

    task_id: str
    sample_index: int
    raw: str
    finish_reason: str
    tokens: int
    origin: str = ""
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


def kind_of(model: str) -> str:
    """Return what a name, folder or address is. Raises CheckpointError.

    codegeex (a converted folder), checkpoint (of CodeGeeX, in a published layout), huggingface, server or echo.
    """
    if model == "echo":
        return "echo"
    if model.startswith(("http://", "https://")):
        return "server"
    path = Path(model)
    if path.is_file():
        return "checkpoint"
    if path.is_dir():
        return _kind_of_folder(path)
    if model.startswith((".", "/", "~")) or model.count("/") > 1 or not model.strip():
        raise CheckpointError(f"{model!r}: no such folder; give a folder, owner/model, an http address, or echo")
    return "huggingface"


def _kind_of_folder(folder: Path) -> str:
    published = any(next(folder.glob(each), None) for each in PUBLISHED)
    path = folder / "config.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        if published:
            return "checkpoint"
        again = "give the folder of a model in Hugging Face layout"
        raise CheckpointError(f"{folder}: config.json is missing; {again}") from fault
    except (OSError, ValueError) as fault:
        raise CheckpointError(f"{path}: not JSON ({fault}); get the model again") from fault
    config = content if isinstance(content, dict) else {}
    if "model_type" not in config and (published or "padded_vocab_size" in config):
        return "checkpoint"
    return "codegeex" if config.get("model_type") == "codegeex" else "huggingface"


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Sampler:
    """Return the sampler for a model, loaded, or with worker processes that load it. Raises HarnessError."""
    kind = kind_of(options.model)
    if kind in OTHERS:
        if options.engine != "auto":
            raise OptionError(f"--engine {options.engine}: is for a model on this machine; leave it out for a {kind}")
        return _opened(OTHERS[kind], options, settings)
    if kind == "checkpoint" and options.engine != "mindspore":
        convert = f"convert it first: python generate.py convert {options.model} DIR"
        what = "is no folder in Hugging Face layout (only --engine mindspore reads published checkpoints)"
        raise CheckpointError(f"{options.model}: {what}; {convert}")
    if not Path(options.model).exists():
        check_name(options.model)
    check_torch()
    options = replace(options, engine=engine_of(options, settings))
    check_engine(options)
    if options.engine in ("torch", "vllm"):
        from humaneval_x.samplers.parallel import open_parallel, workers_for

        devices = workers_for(options)
        if len(devices) > 1:
            return open_parallel(options, settings, devices)
    return _opened(ENGINES[options.engine], options, settings)


def _opened(module: str, options: ModelOptions, settings: SamplingSettings) -> Sampler:
    sampler: Sampler = import_module(module).open_sampler(options, settings)
    return sampler


def engine_of(options: ModelOptions, settings: SamplingSettings) -> str:
    """Return the engine that runs a model: the one that was asked for, or the best for it that is here.

    vLLM is the best where it is installed, there is a GPU or an NPU, and it has the model and takes the temperature.
    """
    if options.engine != "auto":
        return options.engine
    from humaneval_x.samplers import devices

    if find_spec("vllm") is None or not any(map(devices.count, ("cuda", "npu"))):
        return "torch"
    from humaneval_x.samplers import vllm

    return "vllm" if vllm.suits(options, settings) else "torch"


def check_engine(options: ModelOptions) -> None:
    """Raise OptionError where the engine is not installed, or does not know an option that was given."""
    engine = options.engine
    if engine == "vllm" and find_spec("vllm") is None:
        raise OptionError(f"--engine {engine}: it is not installed; install it with: {install(engine)}")
    if options.hide_end_of_text and engine != "mindspore":
        raise OptionError("--hide_end_of_text: is for --engine mindspore; leave it out, or give that engine")
    usual = ModelOptions(model=options.model)
    for name in OF_VLLM if engine != "vllm" else ():
        if (given := getattr(options, name)) != getattr(usual, name):
            raise OptionError(
                f"--{name} {given}: is vLLM's, and the engine is {engine}; give --engine vllm, or leave it out"
            )


def check_torch() -> None:
    """Raise OptionError, saying what to install, where torch or transformers is missing."""
    try:
        import torch
        import transformers
    except ImportError as fault:
        raise OptionError(f"{fault.name} is not installed; install it with: {install('model')}") from fault
    del torch, transformers


def seed_of(seed: int, task_id: str, origin: str, sample_index: int) -> int:
    """Return the 64-bit seed of one sample's own generator: it depends on nothing but these four."""
    text = json.dumps([seed, task_id, origin, sample_index])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
