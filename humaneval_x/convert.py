"""Samples of another harness become a samples file of ours: one row a sample, with task_id and sample_index.

What a row carried goes along, the other harness's verdict too, which `differences` compares with ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.files import whole
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Sample
from humaneval_x.samples import (
    AS_IT_IS,
    Asked,
    Recognised,
    SampleWriter,
    read_samples,
    set_of_samples,
    with_languages_asked,
)

AT_ONCE = 1000  # samples of one write, and of one gzip member


def convert(
    samples: Sequence[str | Path], out: str | Path, *, problems: str | Path | None = None, asked: Asked = AS_IT_IS
) -> Recognised:
    """Write samples of any format as ours, whole or not at all; return what they were read as. Raises SampleError."""
    path = Path(out)
    if path.exists():
        raise SampleError(f"{path}: exists already; choose another name")
    named = problems if problems is not None else set_of_samples(samples, asked)
    return with_languages_asked(named, lambda loaded: _written(samples, path, loaded, asked))


def _written(samples: Sequence[str | Path], path: Path, loaded: ProblemSet, asked: Asked) -> Recognised:
    told = Recognised()
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    try:
        with SampleWriter(part) as writer:
            for batch in _batches(read_samples(samples, loaded, asked, told)):
                writer.append(batch)
        os.replace(part, path)
    except OSError as fault:
        raise whole.cannot_write(path, fault, SampleError, "choose another name") from fault
    finally:
        part.unlink(missing_ok=True)
    return told


def _batches(samples: Iterator[Sample]) -> Iterator[list[Sample]]:
    while batch := list(islice(samples, AT_ONCE)):
        yield batch
