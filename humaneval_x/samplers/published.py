"""A CodeGeeX for the engine in MindSpore: what is known of it, and what reads its weights.

A checkpoint in a published layout is neither converted nor copied; its tokenizer stands beside it.
Imports no mindspore.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch

from humaneval_x.codegeex.convert import find_tokenizer, plan, read_config
from humaneval_x.codegeex.mindspore_weights import Take, of_folder, of_source
from humaneval_x.codegeex.sources import open_source
from humaneval_x.errors import CheckpointError
from humaneval_x.samplers import ModelOptions, kind_of, weights
from humaneval_x.samplers.local import Model, chats, end_ids, opened


def read_by(options: ModelOptions, dtype: str) -> tuple[Model, Take, int]:
    """Return a model that is known, what reads its weights, and how many numbers they are. Raises CheckpointError."""
    if kind_of(options.model) == "checkpoint":
        return read_as_published(options, dtype)
    known = opened(options)
    assert known.folder is not None
    return known, of_folder(known.folder, dtype), sum(weights.parameters(known.folder).values())


def read_as_published(options: ModelOptions, dtype: str) -> tuple[Model, Take, int]:
    """Return the same of a checkpoint in a published layout."""
    source = open_source(options.model)
    config = read_config(source, None)
    plan(source, config, torch.float32)  # compares every name and shape
    tokenizer = find_tokenizer(source, None)
    if tokenizer is None:
        put = "put vocab.json, merges.txt and added_tokens.json there (docs/model.md says where they are)"
        raise CheckpointError(f"{source.folder}: no tokenizer beside the checkpoint; {put}")
    known = Model(
        options=options,
        config=config,
        tokenizer=tokenizer,
        folder=Path(options.model),
        chat=chats(options, tokenizer),
        context_length=config.max_position_embeddings,
        end_ids=end_ids(str(source.folder), config, tokenizer),
    )
    return known, of_source(source, dtype), sum(map(math.prod, source.shapes.values()))
