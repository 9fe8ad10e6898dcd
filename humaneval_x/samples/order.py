"""Sorts a samples file, so that it is the same however often the run that wrote it was interrupted."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.files import jsonl, whole
from humaneval_x.tasks import origin_of


def put_in_order(path: Path, order: Mapping[tuple[str, str], int]) -> None:
    """Write the file anew, sorted by place in `order` and sample_index, unless it is; tasks not in it stay first."""
    keys: list[tuple[tuple[int, int], int, int]] = []  # (place, index), offset, length in the plain text
    offset = 0
    for number, line in jsonl.raw_lines(path, SampleError):
        row = jsonl.parse(line, path, number, SampleError)
        place = order.get((row["task_id"], origin_of(row.get("source_language"), row.get("task"))), -1)
        keys.append(((place, row["sample_index"] if place >= 0 else number), offset, len(line)))
        offset += len(line)
    if all(one[0] <= after[0] for one, after in pairwise(keys)) and path.suffix != ".gz":
        return
    _rewrite(path, [(start, length) for _, start, length in sorted(keys)])


def _rewrite(path: Path, spans: list[tuple[int, int]]) -> None:
    packed = path.suffix == ".gz"
    try:
        with path.open("rb") as raw:
            text = gzip.decompress(raw.read()) if packed else raw.read()
        ordered = b"".join(text[start : start + length] for start, length in spans)
        whole.write_whole(path, gzip.compress(ordered, mtime=0) if packed else ordered)
    except OSError as fault:
        raise whole.cannot_write(
            path, fault, SampleError, "make the folder writable or free disk space, and run the same command again"
        ) from fault
