"""`run --follow`: judges the rows of a samples file while another process still appends them.

    rounds of new rows -> verdicts.jsonl ... the file is complete -> the ordinary run, which finds them judged

A file is complete when its mark lies beside it (`samples.writing`): generate.py makes one, others may. Time to a score
is then the longer of sampling and judging, not their sum. A run that is killed goes on like any other.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from humaneval_x.assembly import Order, Programs, texts_of, with_negated_tests
from humaneval_x.errors import OptionError, SampleError, SandboxError
from humaneval_x.evaluation import Item, Judging, evaluate, planned, readers_for, stem, workers_of
from humaneval_x.files import jsonl
from humaneval_x.probes import right_programs
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.progress import Progress
from humaneval_x.records import Sample
from humaneval_x.results import RUN, Results, read_settings, settle
from humaneval_x.runners.choose import start_engine
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import AS_IT_IS, Asked, Numbering, is_complete, sample_of
from humaneval_x.samples.tasks import set_named
from humaneval_x.scores import RunReport
from humaneval_x.settings import EvaluationSettings

LOOK_S = 0.5
TELL_S = 30.0


def evaluate_following(
    samples: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    problems: str | Path | None = None,
    settings: EvaluationSettings | None = None,
    sandbox: str = "auto",
    docker_image: str | None = None,
    docker_runtime: str | None = None,
    engine: str = "local",
    workers: int | None = None,
    k: int | Sequence[int] = (1, 10, 100),
    partial: bool = False,
    share: bool = True,
    progress: bool = True,
    asked: Asked = AS_IT_IS,
) -> RunReport:
    """Judge a file's rows as they come, then evaluate it as a whole; else as `evaluate`. Raises as `evaluate`."""
    path, chosen = the_one(samples, asked), settings or EvaluationSettings()
    folder = Path(output) if output is not None else Path("results") / stem(path)
    machines: dict[str, Any] = {"sandbox": sandbox, "docker_image": docker_image, "docker_runtime": docker_runtime}
    machines |= {"engine": engine, "workers": workers}
    tail = Tail(path)
    loaded = load_problems(problems if problems is not None else tail.set_named())
    provisional = {"following": [path.name], "problems": loaded.digest, **chosen.to_json()}
    if unsettled(folder) or not is_complete(path):
        follow(tail, loaded, folder, provisional, chosen, machines, share, progress)
        plan = planned(path, folder, problems, chosen)
        settle(folder, provisional, plan.identity(plan.main))
    options: dict[str, Any] = {"k": k, "partial": partial, "share": share, "progress": progress}
    return evaluate(path, folder, problems=problems, settings=chosen, **machines, **options)


def the_one(samples: str | Path | Sequence[str | Path], asked: Asked) -> Path:
    """Return the file to follow. Raises OptionError for several, and for another harness's."""
    paths = [samples] if isinstance(samples, str | Path) else list(samples)
    if len(paths) != 1 or asked != AS_IT_IS:
        raise OptionError("--follow takes one file of our own format, as generate.py writes it; see --help")
    return Path(paths[0])


def follow(
    tail: Tail,
    loaded: ProblemSet,
    folder: Path,
    provisional: Mapping[str, Any],
    settings: EvaluationSettings,
    machines: Mapping[str, Any],
    share: bool,
    progress: bool,
) -> None:
    """Judge rows until the file is complete and none is left."""
    limits = settings.compiling, settings.running
    texts = texts_of(loaded, settings.errata)
    with ExitStack() as stack:
        results = stack.enter_context(Results.open(folder, provisional))
        jails = machines["sandbox"], *limits
        runner = start_engine(
            machines["engine"], *jails, image=machines["docker_image"], runtime=machines["docker_runtime"]
        )
        negate = with_negated_tests if settings.negated_tests else None
        count = workers_of(machines["workers"], runner)
        pool = stack.enter_context(Pool[Item](runner, *limits, count, right_programs(), negate))
        programs = stack.enter_context(Programs(readers_for(count)))
        told = time.monotonic()
        while True:
            complete = is_complete(tail.path)  # asked before the rows are read: what is written before the mark is read
            rows = tail.samples(loaded)
            judging = Judging(programs, results, share, Progress(tail.path.name, 0, shown=False))
            orders = (Order(texts[sample.task_id], sample, settings) for sample in rows)
            for item, outcome in pool.judge(judging.programs(orders)):
                pool.faults.unjudged += judging.take(item, outcome)
            if pool.faults.unjudged:
                raise SandboxError(f"{pool.faults.unjudged[0]}; run the same command again")
            if complete:
                return
            if progress and time.monotonic() - told > TELL_S:
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
        self._unpacker = zlib.decompressobj(wbits=31)

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
        try:
            with self.path.open("rb") as file:
                about = self.path.stat()
                if about.st_ino != self._inode or about.st_size < self._at:
                    self._begin()
                    self._inode = about.st_ino
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return b""
        self._at += len(data)
        return self._unpacked(data) if self.path.suffix == ".gz" else data

    def _unpacked(self, data: bytes) -> bytes:
        parts = []
        while data:
            try:
                parts.append(self._unpacker.decompress(data))
            except zlib.error as fault:
                raise SampleError(f"{self.path}: the gzip data is broken ({fault}); make the file again") from fault
            data = self._unpacker.unused_data
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(wbits=31)
        return b"".join(parts)

    def set_named(self) -> str:
        """Wait for the first row; return the name of the problem set that it is of. Raises SampleError."""
        while True:
            for number, line in self.lines():
                row = jsonl.parse(line, self.path, number, SampleError)
                self._begin()
                return set_named(str(row.get("task_id")), f"{self.path}:{number}")
            if is_complete(self.path):
                raise SampleError(f"{self.path}: is complete and holds no sample; expected at least one")
            time.sleep(LOOK_S)
