"""What a model's folder says before an engine loads its weights: configuration, tokenizer, chat template, ends.

`--prompting auto` uses the tokenizer's chat template where there is one; base models that carry a template
need `--prompting completion`. CodeGeeX has its own tokenizer, and its prompts are continued, never chatted.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoTokenizer, GenerationConfig
from transformers.utils import logging

from humaneval_x.codegeex import CodeGeeXTokenizer, check_folder  # registers it: CodeGeeX on the hub is one more model
from humaneval_x.errors import CheckpointError, HarnessError, MachineError, OptionError
from humaneval_x.samplers import ModelIdentity, ModelOptions, devices, kind_of, weights
from humaneval_x.samplers.rows import Prompts


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model that is known and not loaded yet."""

    options: ModelOptions
    config: Any
    tokenizer: Any
    folder: Path | None  # with the weights, or the one file that has them
    chat: bool
    context_length: int | None  # tokens that a text may have, None where nothing limits it
    end_ids: frozenset[int]  # tokens that end a text

    def prompts(self, context_length: int | None = None) -> Prompts:
        """Return what turns requests into tokens, for an engine that takes so many of them."""
        return Prompts(
            tokenizer=self.tokenizer,
            chat=self.chat,
            end_ids=self.end_ids,
            context_length=context_length or self.context_length,
            skip_long=self.options.skip_long,
        )

    def identity(self, **details: Any) -> ModelIdentity:
        """Return what tells this model from others, and what an engine says of how it runs it."""
        name = self.folder.name if self.folder is not None and Path(self.options.model).exists() else self.options.model
        digest = weights.digest(self.folder) if self.folder is not None else None
        prompting = "chat" if self.chat else "completion"
        return ModelIdentity(name=name, digest=digest, details={**details, "prompting": prompting})


def opened(options: ModelOptions) -> Model:
    """Return what is known of a model. Raises CheckpointError, OptionError."""
    tokenizer = tokenizer_of(options)
    with loading(options.model):
        config = AutoConfig.from_pretrained(options.model, trust_remote_code=options.trust_remote_code)
    check_vocabulary(options.model, tokenizer, config)
    return Model(
        options=options,
        config=config,
        tokenizer=tokenizer,
        folder=folder_of(options.model),
        chat=chats(options, tokenizer),
        context_length=context_length(config),
        end_ids=end_ids(options.model, config, tokenizer),
    )


def chats(options: ModelOptions, tokenizer: Any) -> bool:
    """Whether a model is asked in its chat template. Raises OptionError where it has none and is to be."""
    if options.prompting == "chat" and not tokenizer.chat_template:
        raise OptionError(f"--prompting chat: the tokenizer of {options.model} has no chat template; give completion")
    return options.prompting != "completion" and bool(tokenizer.chat_template)


def tokenizer_of(options: ModelOptions) -> Any:
    """Return the tokenizer of a model. Raises CheckpointError, OptionError."""
    if kind_of(options.model) != "codegeex":
        with loading(options.model):
            return AutoTokenizer.from_pretrained(options.model, trust_remote_code=options.trust_remote_code)
    if options.prompting == "chat":
        raise OptionError("--prompting chat: CodeGeeX continues text and has no chat template; leave it out")
    check_folder(Path(options.model))
    with loading(options.model):
        return CodeGeeXTokenizer.from_pretrained(options.model)


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


def check_vocabulary(model: str, tokenizer: Any, config: Any) -> None:
    """Raise CheckpointError where the tokenizer knows nothing, or has ids that the model has no row for."""
    if not tokenizer("x = 1")["input_ids"]:
        # transformers makes an empty tokenizer of nothing
        raise CheckpointError(f"{model}: no tokenizer files (tokenizer.json is missing); put those of this model there")
    rows = getattr(config.get_text_config(), "vocab_size", None)
    if rows is not None and len(tokenizer) > rows:
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


def end_ids(model: str, config: Any, tokenizer: Any) -> frozenset[int]:
    """Return the tokens that end a text: as the model was published, and as its tokenizer says."""
    try:
        generation = GenerationConfig.from_pretrained(model)
    except OSError:  # no such file
        generation = config
    found: list[int] = []
    for each in (generation, config, tokenizer):
        value = getattr(each, "eos_token_id", None)
        found += value if isinstance(value, list) else [value] if value is not None else []
    return frozenset(found)
