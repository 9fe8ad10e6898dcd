"""`run --follow`: judges the rows of a samples file while another process still appends them.

    rounds of new rows -> verdicts.jsonl ... the file is complete -> the ordinary run, which finds them judged

A file is complete when its mark lies beside it (`samples.writing`): generate.py makes one, others may. Time to a score
is then the longer of sampling and judging, not their sum. A run that is killed goes on like any other.
"""

from __future__ import annotations

import io
import os
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from humaneval_x.assembly import Order, texts_of
from humaneval_x.errors import OptionError, SampleError, SandboxError
from humaneval_x.evaluation import carried_out, evaluated, judging_bench
from humaneval_x.files import appending, jsonl
from humaneval_x.json_types import JsonObject
from humaneval_x.judging import run_all
from humaneval_x.plans import RunOptions, planned
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.progress import Progress
from humaneval_x.records import Sample
from humaneval_x.results import RUN, Results, read_settings, settle
from humaneval_x.run_report import RunReport
from humaneval_x.samples import AS_IT_IS, Numbering, is_complete, sample_of
from humaneval_x.samples.tasks import not_loaded, set_named
from humaneval_x.texts import Texts, judged_by_tests

LOOK_S = 0.5
TELL_S = 30.0


def evaluated_following(options: RunOptions) -> RunReport:
    """Judge a file's rows as they come, then evaluate it as a whole; else as `evaluated`. Raises as it."""
    tail = Tail(the_one(options))
    options = replace(options, samples=(tail.path,))
    loaded = load_problems(options.problems) if options.problems is not None else tail.problems()
    provisional = {"following": [tail.path.name], "problems": loaded.digest, **options.settings.to_json()}
    if unsettled(options.folder) or not is_complete(tail.path):
        follow(tail, loaded, provisional, options)
        plan = planned(options)
        settle(options.folder, provisional, plan.identity(plan.main))
        return carried_out(plan)
    return evaluated(options)


def the_one(options: RunOptions) -> Path:
    """Return the file to follow. Raises OptionError for several, and for another harness's."""
    if len(options.samples) != 1 or options.asked != AS_IT_IS:
        raise OptionError("--follow takes one file of our own format, as generate.py writes it; see --help")
    return Path(options.samples[0])


def follow(tail: Tail, loaded: ProblemSet, provisional: JsonObject, options: RunOptions) -> None:
    """Judge rows until the file is complete and none is left."""
    texts, told = texts_of(loaded, options.settings.errata), time.monotonic()
    with Results.open(options.folder, provisional) as results, judging_bench(options) as bench:
        while True:
            complete = is_complete(tail.path)  # asked before the rows are read: what is written before the mark is read
            found = filter(judged_by_tests, tail.samples(loaded))
            orders = (Order(texts[sample.task_id], sample, options.settings) for sample in found)
            bar = Progress(tail.path.name, 0, shown=False)
            answers = Texts(bench.programs, results.done, options.share).answers(orders)
            run_all(answers, results, bench.pool, options.share, bar)
            if bench.pool.faults.unjudged:
                raise SandboxError(f"{bench.pool.faults.unjudged[0]}; run the same command again")
            if complete:
                return
            if options.progress and time.monotonic() - told > TELL_S:
                told = time.monotonic()
                print(f"{len(results.done)} rows judged; waiting for {tail.path} to be complete", file=sys.stderr)
            time.sleep(LOOK_S)


def unsettled(folder: Path) -> bool:
    """Whether a folder is that of a run whose samples were not all there yet."""
    return (folder / RUN).exists() and "following" in read_settings(folder)


class Tail:
    """A file that grows: its whole lines, each once. One that was written anew is read anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin()

    def _begin(self) -> None:
        self._inode, self._at, self._number, self._rest = -1, 0, 0, b""
        self._numbering = Numbering()

    def samples(self, problems: ProblemSet) -> Iterator[Sample]:
        """Yield the samples of the lines that are new. Raises SampleError."""
        for number, line in self.lines():
            row = jsonl.parse(line, self.path, number, SampleError)
            sample = sample_of(row, f"{self.path}:{number}", problems, self._numbering)
            jsonl.refuse_surrogates(row, line, f"{self.path}:{number} ({sample.task_id})", SampleError)
            yield sample

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the whole lines that are new, with their numbers."""
        *lines, self._rest = (self._rest + self._new()).split(b"\n")
        for line in lines:
            self._number += 1
            if self._number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield self._number, line + b"\n"

    def _new(self) -> bytes:
        """Return what is new up to the last whole line or gzip member: what a killed writer leaves is cut off again."""
        try:
            with self.path.open("rb") as file:
                about = os.fstat(file.fileno())
                if about.st_ino != self._inode or about.st_size < self._at:
                    self._begin()
                    self._inode = about.st_ino
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return b""
        try:
            found, end = members(data) if self.path.suffix == ".gz" else whole_lines(data)
        except zlib.error as fault:
            raise SampleError(f"{self.path}: the gzip data is broken ({fault}); make the file again") from fault
        self._at += end
        return found

    def problems(self) -> ProblemSet:
        """Wait for the first row; return the problem set that it is of, with its languages. Raises SampleError."""
        while True:
            for number, line in self.lines():
                row = jsonl.parse(line, self.path, number, SampleError)
                self._begin()
                task_id = str(row.get("task_id"))
                loaded = load_problems(set_named(task_id, f"{self.path}:{number}"))
                more = [name] if (name := not_loaded(task_id, loaded)) else []
                return load_problems(loaded.name, languages=[*loaded.languages, *more]) if more else loaded
            if is_complete(self.path):
                raise SampleError(f"{self.path}: is complete and holds no sample; expected at least one")
            time.sleep(LOOK_S)


def whole_lines(data: bytes) -> tuple[bytes, int]:
    """Return the whole lines at the start of some data, and where they end."""
    end = data.rfind(b"\n") + 1
    return data[:end], end


def members(data: bytes) -> tuple[bytes, int]:
    """Return what the whole gzip members at the start of some data hold, and where they end. Raises zlib.error."""
    found, member, end = list[bytes](), list[bytes](), 0
    for text, at, ends in appending.unpacked(io.BytesIO(data)):
        member.append(text)
        if ends:
            found.extend(member)
            member, end = [], at
    return b"".join(found), end
