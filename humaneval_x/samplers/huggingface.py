"""Any Hugging Face causal language model whose state is keys and values; instruction-tuned ones by their template.

`--prompting auto` uses the tokenizer's chat template where there is one; base models that carry a template
need `--prompting completion`. Does not run models with recurrent state (Mamba and hybrids).
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

import humaneval_x.codegeex  # noqa: F401  (registers its classes: a CodeGeeX on the hub is one more model)
from humaneval_x.errors import CheckpointError, HarnessError, MachineError, OptionError
from humaneval_x.samplers import Completion, ModelIdentity, ModelOptions, Request, SamplingSettings, devices, weights
from humaneval_x.samplers.engine import Engine, Tokenized
from humaneval_x.samplers.question import question

ATTENTION_ONLY = ("full_attention", "sliding_attention", "chunked_attention", "attention")


class HuggingFace:
    """A loaded model behind the Sampler protocol."""

    def __init__(self, engine: Engine, identity: ModelIdentity, *, chat: bool, skip_long: bool) -> None:
        self.engine, self.identity, self.chat, self.skip_long = engine, identity, chat, skip_long

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield one completion for each index of each request."""
        yield from self.engine.sample(self._tokenized(requests))

    def _tokenized(self, requests: Iterable[Request]) -> Iterator[Tokenized]:
        for request in requests:
            ids = self.encode(request)
            longest = self.engine.context_length
            if longest is not None and len(ids) >= longest:
                if self.skip_long:
                    continue
                found = f"the prompt has {len(ids)} tokens, the model takes {longest} with the completion"
                raise OptionError(
                    f"{request.task_id}: {found}; shorten it, or leave such prompts out with run --skip_long"
                )
            stops = bool(request.language) and not self.chat
            yield Tokenized(request=request, prompt_ids=ids, indices=request.indices, stops=stops)

    def encode(self, request: Request) -> list[int]:
        """Return the tokens of a prompt, by the chat template where it is used."""
        tokenizer = self.engine.tokenizer
        if not self.chat:
            ids: list[int] = tokenizer(request.prompt)["input_ids"]
            while ids and ids[-1] in self.engine.end_ids:
                ids.pop()  # some tokenizers end every text, which nothing can continue
            return ids
        messages = [{"role": "user", "content": question(request)}]
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        chat_ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
        return chat_ids


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> HuggingFace:
    """Return the loaded model. Raises CheckpointError, MachineError, OptionError."""
    with loading(options.model):
        tokenizer = AutoTokenizer.from_pretrained(options.model, trust_remote_code=options.trust_remote_code)
    return with_tokenizer(options, settings, tokenizer)


def with_tokenizer(options: ModelOptions, settings: SamplingSettings, tokenizer: Any) -> HuggingFace:
    """Return the loaded model with this tokenizer. Raises CheckpointError, MachineError, OptionError."""
    device = devices.resolve(options.device)
    dtype = devices.dtype_for(options.dtype, device)
    with loading(options.model):
        config = AutoConfig.from_pretrained(options.model, trust_remote_code=options.trust_remote_code)
    check_state(options.model, config)
    folder = folder_of(options.model)
    if folder is not None:
        devices.check_fits(
            folder.name, weights.parameters(folder), dtype, device, int8_helps=config.model_type == "codegeex"
        )
    chat = options.prompting == "chat" or (options.prompting == "auto" and bool(tokenizer.chat_template))
    if chat and not tokenizer.chat_template:
        raise OptionError(f"--prompting chat: the tokenizer of {options.model} has no chat template; give completion")
    with loading(options.model):
        model: Any = AutoModelForCausalLM.from_pretrained(
            options.model,
            dtype=getattr(torch, dtype),
            trust_remote_code=options.trust_remote_code,
            device_map=None if device.type == "cpu" else {"": device},  # straight there, not by way of the host
        )
        model.eval()
    check_vocabulary(options.model, tokenizer, model)
    engine = Engine(
        model,
        tokenizer,
        settings,
        exact=device.type == "cpu" and dtype == "float32",
        batch_size=options.batch_size,
        context_length=context_length(config),
        end_ids=end_ids(model, tokenizer),
    )
    details = {"dtype": dtype, "device": device.type, "prompting": "chat" if chat else "completion"}
    name = folder.name if folder is not None and Path(options.model).is_dir() else options.model
    identity = ModelIdentity(name=name, digest=weights.digest(folder) if folder else None, details=details)
    return HuggingFace(engine, identity, chat=chat, skip_long=options.skip_long)


class loading:
    """Turns what a library raises while it reads a model into one line; quiet bars."""

    def __init__(self, model: str) -> None:
        self.model = model

    def __enter__(self) -> None:
        logging.set_verbosity_error()
        logging.disable_progress_bar()

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if fault is None or isinstance(fault, HarnessError | KeyboardInterrupt | SystemExit):
            return
        if devices.is_out_of_memory(fault):
            raise MachineError(
                f"{self.model}: out of memory while loading; free some, or use a larger machine"
            ) from fault
        reason = " ".join(str(fault).split())[:300] or type(fault).__name__
        hint = "give a folder in Hugging Face layout with its tokenizer, or owner/model and a network"
        raise CheckpointError(f"{self.model}: cannot be loaded: {reason}; {hint}") from fault


def folder_of(model: str) -> Path | None:
    """Return the folder with a model's weights: itself, or the hub's copy on this machine."""
    if Path(model).is_dir():
        return Path(model)
    with loading(model):
        from huggingface_hub import snapshot_download

        patterns = ["*.json", "*.safetensors", "*.jinja", "*.model", "*.txt", "*.py"]
        return Path(snapshot_download(model, allow_patterns=patterns))


def check_state(model: str, config: Any) -> None:
    """Raise OptionError for a model that keeps more than keys and values."""
    text_config = config.get_text_config()
    kinds = set(getattr(text_config, "layer_types", None) or ())
    other = sorted(kinds - set(ATTENTION_ONLY))
    if other or any(word in config.model_type for word in ("mamba", "rwkv", "xlstm", "recurrent")):
        found = ", ".join(other) or config.model_type
        raise OptionError(f"{model}: keeps other state than keys and values ({found}); serve it and give its address")


def check_vocabulary(model: str, tokenizer: Any, loaded: Any) -> None:
    """Raise CheckpointError where the tokenizer knows nothing, or has ids that the model has no row for."""
    if not tokenizer("x = 1")["input_ids"]:
        # transformers makes an empty tokenizer of nothing
        raise CheckpointError(f"{model}: no tokenizer files (tokenizer.json is missing); put those of this model there")
    rows = loaded.get_input_embeddings().weight.shape[0]
    if len(tokenizer) > rows:
        what = f"the tokenizer has {len(tokenizer)} tokens, the model {rows}"
        raise CheckpointError(f"{model}: {what}; put the tokenizer of this model there")


def context_length(config: Any) -> int | None:
    """Return how many tokens a text may have, or None where nothing limits it."""
    text_config = config.get_text_config()
    for name in ("max_position_embeddings", "n_positions", "max_seq_len"):
        value = getattr(text_config, name, None)
        if isinstance(value, int) and value > 0:
            return value
    return None


def end_ids(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end a text."""
    found: list[int] = []
    for value in (model.generation_config.eos_token_id, model.config.eos_token_id, tokenizer.eos_token_id):
        found += value if isinstance(value, list) else [value] if value is not None else []
    return frozenset(found)
