"""CodeGeeX in PyTorch: a converted folder, with its own tokenizer; prompts are continued, never chatted."""

from __future__ import annotations

from pathlib import Path

from humaneval_x.codegeex import CodeGeeXTokenizer, check_folder
from humaneval_x.errors import OptionError
from humaneval_x.samplers import ModelOptions, SamplingSettings
from humaneval_x.samplers.huggingface import HuggingFace, loading, with_tokenizer


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> HuggingFace:
    """Return the loaded model. Raises CheckpointError, MachineError, OptionError."""
    if options.prompting == "chat":
        raise OptionError("--prompting chat: CodeGeeX continues text and has no chat template; leave it out")
    folder = Path(options.model)
    check_folder(folder)
    with loading(options.model):
        tokenizer = CodeGeeXTokenizer.from_pretrained(folder)
    return with_tokenizer(options, settings, tokenizer)
