"""The PyTorch engine: CodeGeeX and any Hugging Face causal language model whose state is keys and values.

Exact on CPU in float32, and what the other engines are compared with. Does not run models with recurrent state
(Mamba and hybrids).
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForCausalLM

from humaneval_x.errors import OptionError
from humaneval_x.samplers import ModelOptions, SamplingSettings, devices, weights
from humaneval_x.samplers.engine import Engine
from humaneval_x.samplers.local import loading, opened
from humaneval_x.samplers.rows import Local

ATTENTION_ONLY = ("full_attention", "sliding_attention", "chunked_attention", "attention")


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Local:
    """Return the loaded model. Raises CheckpointError, MachineError, OptionError."""
    device = devices.resolve(options.device)
    dtype = devices.dtype_for(options.dtype, device)
    model = opened(options)
    check_state(options.model, model.config)
    if model.folder is not None:
        needed, is_codegeex = weights.parameters(model.folder), model.config.model_type == "codegeex"
        devices.check_fits(model.folder.name, needed, dtype, device, int8_helps=is_codegeex)
    engine = Engine(
        loaded(options, dtype, device),
        model.tokenizer,
        settings,
        exact=device.type == "cpu" and dtype == "float32",
        batch_size=options.batch_size,
        context_length=model.context_length,
        end_ids=model.end_ids,
    )
    return Local(engine, model.prompts(), model.identity(dtype=dtype, device=device.type))


def loaded(options: ModelOptions, dtype: str, device: torch.device) -> Any:
    """Return the model on its device."""
    with loading(options.model):
        model: Any = AutoModelForCausalLM.from_pretrained(
            options.model,
            dtype=getattr(torch, dtype),
            trust_remote_code=options.trust_remote_code,
            device_map=None if device.type == "cpu" else {"": device},  # straight there, not by way of the host
        )
    return model.eval()


def check_state(model: str, config: Any) -> None:
    """Raise OptionError for a model that keeps more than keys and values."""
    text_config = config.get_text_config()
    kinds = set(getattr(text_config, "layer_types", None) or ())
    other = sorted(kinds - set(ATTENTION_ONLY))
    if other or any(word in config.model_type for word in ("mamba", "rwkv", "xlstm", "recurrent")):
        found = ", ".join(other) or config.model_type
        raise OptionError(f"{model}: keeps other state than keys and values ({found}); serve it and give its address")
