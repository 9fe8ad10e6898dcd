"""A samples file open for appending: locked, whole rows only, taken up again after a kill."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from humaneval_x.errors import HarnessError, SampleError
from humaneval_x.files import appending, jsonl, whole
from humaneval_x.formats import AUTO
from humaneval_x.formats.texts import OWN
from humaneval_x.json_types import JsonObject
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Sample
from humaneval_x.samples.asked import OURS
from humaneval_x.samples.keys import KeySet
from humaneval_x.samples.reading import read_samples
from humaneval_x.tasks import row_of

COMPLETE = ".complete"  # what the mark's name has behind the file's


def mark_of(path: Path) -> Path:
    """Return where the mark of a complete file lies."""
    return path.with_name(path.name + COMPLETE)


def is_complete(path: Path) -> bool:
    """Whether nobody will append to a file any more: its mark is there, which anybody who writes one may make."""
    return mark_of(path).exists()


class SampleWriter:
    """A samples file open for appending by one process. Use as a context manager.

    Each `append` is one write, in a `.gz` one gzip member, so that what was written before a kill is readable.
    Opening repairs what a killed writer left: `cut_bytes` says how much went. It takes
    away the mark of a complete file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._descriptor = -1
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = self._locked()
            mark_of(self.path).unlink(missing_ok=True)
            self.cut_bytes = self._mended()
        except OSError as fault:
            self.close()
            raise self._failed(fault) from fault
        except BaseException:
            self.close()
            raise

    def _locked(self) -> int:
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o666)
        if not appending.lock(descriptor):
            os.close(descriptor)
            raise SampleError(f"{self.path}: another process is writing this file; wait for it, or choose another name")
        return descriptor

    def _mended(self) -> int:
        if self.path.suffix != ".gz":
            return appending.mend_tail(self._descriptor)
        try:
            cut = appending.mend_gzip_tail(self.path)
        except zlib.error as fault:
            raise SampleError(f"{self.path}: the gzip data is broken ({fault}); choose another name") from fault
        if os.fstat(self._descriptor).st_ino != self.path.stat().st_ino:
            stale, self._descriptor = self._descriptor, self._locked()  # mending put a new file in its place
            os.close(stale)
        return cut

    def existing_keys(self, problems: ProblemSet) -> KeySet:
        """Return the keys of the samples that the file already has. Raises SampleError where one is wrong."""
        keys = KeySet()
        if not os.fstat(self._descriptor).st_size:
            return keys
        for number, line in jsonl.lines(self.path, SampleError):
            if "sample_index" not in jsonl.parse(line, self.path, number, SampleError):
                what = "the row has no 'sample_index', so the file cannot be taken up"
                raise SampleError(f"{self.path}:{number}: {what}; choose another name")
        for sample in read_samples([self.path], problems, OURS):
            keys.add(sample.key)
        return keys

    def append(self, samples: Iterable[Sample]) -> None:
        """Write samples in one go. Raises SampleError, and MachineError when the disk is full."""
        data = jsonl.encode(*map(_row, samples))
        if self.path.suffix == ".gz":
            data = gzip.compress(data, mtime=0)
        try:
            appending.append(self._descriptor, data, os.fstat(self._descriptor).st_size)
        except OSError as fault:
            raise self._failed(fault) from fault

    def complete(self) -> None:
        """Mark the file as complete: who follows it need not wait any longer."""
        try:
            mark_of(self.path).touch()
        except OSError as fault:
            raise self._failed(fault) from fault

    def _failed(self, fault: OSError) -> HarnessError:
        return whole.cannot_write(self.path, fault, SampleError, "choose another name with --output")

    def close(self) -> None:
        """Close the file and release its lock."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> SampleWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _row(sample: Sample) -> JsonObject:
    if not jsonl.writable([sample.completion, dict(sample.extra)]):
        what = f"sample {sample.sample_index} of {sample.task_id} holds half a surrogate pair"
        raise SampleError(f"{what}; expected text that UTF-8 can write; the sampler has to replace it")
    row: JsonObject = {"task_id": sample.task_id, "sample_index": sample.sample_index, **row_of(sample.origin)}
    row["completion"] = sample.completion
    if sample.answers != AUTO:
        row["answers"] = sample.answers
    return row | {key: value for key, value in sample.extra.items() if key not in OWN}
