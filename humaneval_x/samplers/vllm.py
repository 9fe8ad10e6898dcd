"""vLLM as the engine: any model that it runs, CodeGeeX by the plugin of `codegeex/vllm_model.py`.

vLLM computes and draws: a sample is one request with a seed of its own, and what the samples of a prompt have in common
is computed once (prefix caching). Texts and stop rules are those of the other engines, applied to the tokens as they
come; a request ends with the token that a rule holds after. The same seed gives the same samples as far as kernels
round alike: on a GPU not for every batch, and never those of the PyTorch engine.
Several GPUs: --tensor_parallel_size and --pipeline_parallel_size share a model, over a Ray cluster where one machine
has too few; --processes (vLLM's data parallelism) are models beside each other, see `parallel.py`.
"""

# vLLM is typed in parts, and not there where types are checked; transformers is partly untyped.
# ruff: noqa: E402  # vLLM reads the environment when it is imported
# mypy: disable-error-code="no-untyped-call, unused-ignore"

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any

# Said before vLLM is imported: its lines go beside ours, not among what a command prints, and nothing is sent home.
for _name, _value in {
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_WORKER_MULTIPROC_METHOD": "spawn",  # a forked CUDA context is broken
}.items():
    os.environ.setdefault(_name, _value)

import vllm
from transformers import AutoConfig
from vllm import EngineArgs, LLMEngine, SamplingParams
from vllm.outputs import RequestOutput
from vllm.platforms import current_platform
from vllm.plugins import load_general_plugins
from vllm.sampling_params import RequestOutputKind
from vllm.v1.engine.exceptions import EngineDeadError

from humaneval_x.errors import MachineError, OptionError
from humaneval_x.samplers import VISIBLE, Completion, ModelOptions, SamplingSettings, devices, weights
from humaneval_x.samplers.local import Model, loading, opened
from humaneval_x.samplers.rows import GrowingSample, Local, Tokenized
from humaneval_x.samplers.text import Pieces

HOTTEST = 2.0  # vLLM's own limit of temperature
CPU_CACHE = "VLLM_CPU_KVCACHE_SPACE"  # vLLM's own variable, in GiB
MOST_CPU_CACHE = 4 << 30  # bytes for keys and values; vLLM would take nearly all memory of a machine
AHEAD = 2  # requests given to vLLM for each that it runs, so that a place is never empty


class Engine:
    """vLLM's engine and how to sample."""

    def __init__(self, engine: LLMEngine, model: Model, settings: SamplingSettings) -> None:
        self.engine, self.settings = engine, settings
        self.context_length: int = engine.model_config.max_model_len
        self.end_ids, self.pieces = model.end_ids, Pieces(model.tokenizer)
        self.ahead = AHEAD * int(engine.vllm_config.scheduler_config.max_num_seqs)
        self._names = map(str, count())

    def use(self, settings: SamplingSettings) -> None:
        """Sample by other settings from now on; nothing is being sampled. Raises OptionError."""
        check_temperature(settings)
        self.settings = settings

    def sample(self, requests: Iterable[Tokenized]) -> Iterator[Completion]:
        """Yield every sample of every request, as they finish. Raises MachineError."""
        coming = ((tokenized, index) for tokenized in requests for index in tokenized.indices)
        rows: dict[str, GrowingSample] = {}
        try:
            while True:
                for tokenized, index in islice(coming, self.ahead - len(rows)):
                    self._start(rows, tokenized, index)
                if not rows:
                    return
                yield from self._read(rows, self.engine.step())
        except EngineDeadError as fault:
            what = "vLLM's engine died; what it said stands above"
            raise MachineError(f"{what}; finished samples are kept; run the same command again to go on") from fault
        finally:
            self._abort(list(rows))

    def _start(self, rows: dict[str, GrowingSample], tokenized: Tokenized, index: int) -> None:
        row = GrowingSample(tokenized, index, self.settings, self.context_length, self.end_ids, self.pieces)
        name = next(self._names)
        self.engine.add_request(name, {"prompt_token_ids": tokenized.prompt_ids}, self._parameters(row))
        rows[name] = row

    def _parameters(self, row: GrowingSample) -> SamplingParams:
        settings = self.settings
        return SamplingParams(
            temperature=settings.temperature,
            top_p=settings.top_p,
            top_k=settings.top_k,
            seed=row.seed >> 1,  # vLLM keeps seeds in 63 bits
            max_tokens=row.limit,
            stop_token_ids=sorted(self.end_ids),
            ignore_eos=True,  # ours are among the stop tokens
            detokenize=False,
            output_kind=RequestOutputKind.DELTA,
        )

    def _read(self, rows: dict[str, GrowingSample], outputs: list[RequestOutput]) -> Iterator[Completion]:
        """Give rows their new tokens; end the requests of those that are done, and yield their completions."""
        done: list[tuple[str, str]] = []
        for output in outputs:
            row = rows.get(output.request_id)
            for token in output.outputs[0].token_ids if row is not None else ():
                assert row is not None
                if reason := row.push(token):
                    done.append((output.request_id, reason))
                    break
        self._abort([name for name, _ in done])
        for name, reason in done:
            yield rows.pop(name).completion(reason)

    def _abort(self, names: list[str]) -> None:
        """End requests; those that ended by themselves are passed over."""
        if names:
            self.engine.abort_request(names)


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Local:
    """Return the loaded model. Raises CheckpointError, MachineError, OptionError."""
    check(options, settings)
    model, device = opened(options), current_platform.device_type
    dtype = devices.dtype_for(options.dtype, devices.resolve(device))
    engine = started(model, settings, dtype)
    quantization = {"quantization": options.quantization} if options.quantization else {}
    identity = model.identity(dtype=dtype, device=device, engine=f"vllm {vllm.__version__}", **quantization)
    return Local(engine, model.prompts(engine.context_length), identity)


def started(model: Model, settings: SamplingSettings, dtype: str) -> Engine:
    """Return the engine with its model loaded. Raises CheckpointError, MachineError."""
    if current_platform.is_cpu():
        alone = model.options.ranks == 1  # nothing to overlap with then, and twice the start
        os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0" if alone else "1")
    asked = arguments(model, dtype)
    with loading(model.options.model):
        return Engine(LLMEngine.from_engine_args(asked), model, settings)


def check(options: ModelOptions, settings: SamplingSettings) -> None:
    """Raise OptionError for what vLLM cannot do."""
    check_temperature(settings)
    here, (asked, _, index) = current_platform.device_type, options.device.partition(":")
    if asked not in ("auto", here):
        raise OptionError(
            f"--device {asked}: the vLLM that is installed runs on {here}; leave it out, or --engine torch"
        )
    if index:
        variable = VISIBLE.get(here, "")
        raise OptionError(f"--device {options.device}: vLLM takes the devices that it sees; give {variable}={index}")


def check_temperature(settings: SamplingSettings) -> None:
    """Raise OptionError where it is above what vLLM takes."""
    if settings.temperature > HOTTEST:
        what = f"--temperature {settings.temperature:g}: vLLM takes at most {HOTTEST:g}"
        raise OptionError(f"{what}; give a lower one, or --engine torch")


def arguments(model: Model, dtype: str) -> EngineArgs:
    """Return how vLLM is to run a model. Raises MachineError where it does not fit."""
    options = model.options
    device = current_platform.device_type
    ranks = options.ranks
    here = devices.count(device) if device in VISIBLE else ranks
    if model.folder is not None and not options.quantization:
        needed = {kind: number // ranks for kind, number in weights.parameters(model.folder).items()}
        is_codegeex = model.config.model_type == "codegeex"
        devices.check_fits(model.folder.name, needed, dtype, devices.resolve(device), int8_helps=is_codegeex)
    optional: dict[str, Any] = {
        "max_num_seqs": options.batch_size,
        "gpu_memory_utilization": options.gpu_memory_utilization,
    }
    if device == "cpu":
        optional["enable_chunked_prefill"] = False  # vLLM 0.32.0 fails on a prompt in parts that has a seed, on a CPU
        if CPU_CACHE not in os.environ:
            optional["kv_cache_memory_bytes"] = min(MOST_CPU_CACHE, devices.free_bytes(devices.resolve(device)) // 8)
    return EngineArgs(
        model=options.model,
        dtype=dtype,
        seed=0,  # each sample has its own
        max_model_len=-1,  # the model's, or what the memory allows
        trust_remote_code=options.trust_remote_code,
        quantization=options.quantization,
        tensor_parallel_size=options.tensor_parallel_size,
        pipeline_parallel_size=options.pipeline_parallel_size,
        distributed_executor_backend="ray" if ranks > here else "uni" if ranks == 1 else "mp",
        enable_prefix_caching=True,
        skip_tokenizer_init=True,  # texts are made as for the other engines
        enforce_eager=device == "cpu",  # compiling takes longer than what is sampled on a CPU
        generation_config="vllm",  # settings are ours, not those in a model's folder
        disable_log_stats=True,
        use_tqdm_on_load=False,
        **{name: value for name, value in optional.items() if value is not None},
    )


def suits(options: ModelOptions, settings: SamplingSettings) -> bool:
    """Return whether vLLM can do what is asked, and has a model of this architecture."""
    try:
        check(options, settings)
    except OptionError:
        return False
    with loading(options.model):
        config: Any = AutoConfig.from_pretrained(options.model, trust_remote_code=options.trust_remote_code)
    load_general_plugins()
    return bool(set(getattr(config, "architectures", None) or ()) & set(vllm.ModelRegistry.get_supported_archs()))
