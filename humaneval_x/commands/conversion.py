"""`convert` of `generate.py`: a published checkpoint becomes a Hugging Face folder."""

from __future__ import annotations

import sys
import time
from enum import Enum
from pathlib import Path
from typing import Annotated

from humaneval_x.commands.shared import Quiet
from humaneval_x.commands.shell import Outcome
from humaneval_x.errors import CheckpointError
from humaneval_x.values import Range

EVERY_S = 10


class Dtype(str, Enum):
    """The types of weights that a converted folder may hold."""

    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"


def convert(
    checkpoint: Path,
    directory: Path,
    tokenizer: Path | None = None,
    *,
    num_attention_heads: Annotated[int | None, Range(1)] = None,
    dtype: Dtype = Dtype.FLOAT16,
    int8: bool = False,
    quiet: Quiet = False,
) -> Outcome:
    """Turn a CodeGeeX checkpoint into a Hugging Face folder.

    Takes a few GB of memory, whatever the size of the checkpoint.

    Args:
        checkpoint: a .pt file, a folder of mp_rank_*.pt partitions, or MindSpore's .ckpt file or folder of .npy files
        directory: a new folder
        tokenizer: a folder with the tokenizer files; default those beside the checkpoint
        num_attention_heads: else from a config.json beside the checkpoint, else 40
        dtype: the type of the weights
        int8: int8 weights with one scale a row: half the memory

    Examples:
        convert codegeex_13b.pt codegeex-13b --tokenizer CodeGeeX/codegeex/tokenizer
    """
    for path in (checkpoint, tokenizer):
        if path is not None and not path.exists():  # before torch is loaded, which takes seconds
            raise CheckpointError(f"{path}: no such file or folder; check the name")
    from humaneval_x.samplers import check_torch

    check_torch()
    from humaneval_x.codegeex import convert as converted

    said = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if not quiet and time.monotonic() - said[0] > EVERY_S:
            said[0] = time.monotonic()
            print(f"{done / 1e9:.1f} of {total / 1e9:.1f} GB written", file=sys.stderr, flush=True)

    folder = converted(
        str(checkpoint),
        str(directory),
        num_attention_heads=num_attention_heads,
        dtype=dtype.value,
        int8=int8,
        tokenizer=tokenizer,
        progress=progress,
    )
    text = f"{folder}: converted; try it with: python generate.py complete --model {folder} --language python"
    complete = (folder / "tokenizer.json").is_file()
    if not complete:
        from humaneval_x.codegeex.tokenizer import WHERE_TO_GET

        text += f"\n{folder}: has no tokenizer yet; {WHERE_TO_GET}"
    return Outcome(text=text, data={"folder": str(folder), "tokenizer": complete})
