"""The output folder of a run: `run.json` (what the run is) and `verdicts.jsonl` (one row a sample).

Append-only, whole rows in one write, so that a kill at any moment costs at most one torn line, which is cut off when
the folder is opened again, and the rows that were not flushed. One process at a time. Rows come in any order; nothing
that reads them may depend on it. Counts rows as they come, so that nobody reads them again to score them (`scoring`).
Does not decide which programs are the same (`Program.digest`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from humaneval_x.errors import HarnessError, ResultsError
from humaneval_x.files import appending, jsonl, whole
from humaneval_x.json_types import JsonObject
from humaneval_x.recent import Recent
from humaneval_x.records import Sample, Status, Verdict
from humaneval_x.samples import Key, KeySet
from humaneval_x.tallies import Tally
from humaneval_x.tasks import origin_of
from humaneval_x.verdict_rows import HEAD, REMOVE, Row, RowCounts, Said, check_row, program_of_line

RUN = "run.json"
VERDICTS = "verdicts.jsonl"
SCORES = "scores.json"
MOST_UNFLUSHED = 256  # rows
MOST_REMEMBERED, LONGEST_REMEMBERED = 1 << 13, 1 << 10  # verdicts, and characters of one: at most 30 MiB


class Results:
    """An output folder open for one run. Use as a context manager.

    What stays in memory is a bit for each judged sample and, once a program's verdict is asked for, some 200 bytes for
    each different program; verdicts are read back from the file, but for the last ones.
    """

    def __init__(self, directory: Path, descriptor: int) -> None:
        self.directory = directory
        self.path = directory / VERDICTS
        self.done = KeySet()
        self.counts = RowCounts()
        self.tally = Tally()
        self.cut_bytes = 0
        self._descriptor = descriptor
        self._size = 0  # with what is not flushed
        self._unflushed: list[bytes] = []
        self._offsets: dict[bytes, int] = {}  # program digest -> where its first row starts
        self._unsearched = 0  # bytes of rows that were taken up, and not searched for programs: nobody has asked yet
        self._last: Recent[bytes, Said] = Recent(MOST_REMEMBERED)  # by program digest

    @classmethod
    def open(cls, directory: str | Path, settings: JsonObject, among: KeySet | None = None) -> Results:
        """Create or take up an output folder for the run that `settings` (JSON values) define.

        A row taken up that is of no sample `among` the run's is refused: it would count all the same.
        Raises ResultsError: another run's folder, in use, not writable, a damaged line. MachineError: disk full.
        """
        directory = Path(directory)
        try:
            directory.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(directory / VERDICTS, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        except OSError as fault:
            raise _failed(directory, fault) from fault
        results = cls(directory, descriptor)
        try:
            results._take_up(settings, among)
        except OSError as fault:
            results.close()
            raise _failed(directory, fault) from fault
        except BaseException:
            results.close()
            raise
        return results

    def _take_up(self, settings: JsonObject, among: KeySet | None) -> None:
        if not appending.lock(self._descriptor):
            what = "another process is writing this folder"
            raise ResultsError(f"{self.directory}: {what}; wait for it, or choose another folder with --output")
        settings = json.loads(json.dumps(settings))
        known = self.directory / RUN
        if known.exists():
            _compare(read_settings(self.directory), settings, self.directory)
        elif os.fstat(self._descriptor).st_size:
            what = f"the folder has {VERDICTS} but no {RUN}"
            raise ResultsError(f"{self.directory}: {what}; choose another folder with --output")
        else:
            whole.write_whole(known, _text(settings))
        self.cut_bytes = appending.mend_tail(self._descriptor)
        for row in _rows(self.path):
            task_id, origin = row["task_id"], origin_of(row.get("source_language"), row.get("task"))
            key = task_id, origin, row["sample_index"]
            if among is not None and key not in among:
                which = f"{self.path}: {task_id} sample {key[2]} is not among the samples"
                raise ResultsError(f"{which}; remove the line, or choose another folder with --output")
            if not self.done.add(key):
                raise ResultsError(f"{self.path}: {key} is there twice; {REMOVE}")
            self.counts.add(row["passed"], row["shared"], row["cpu_s"], row.get("not_negated", row.get("unfalsified")))
            self.tally.add((origin, task_id), Status(row["status"]), str(row.get("read_as", "")))
        self._size = self._unsearched = os.fstat(self._descriptor).st_size

    def append(self, sample: Sample, digest: str, verdict: Verdict, *, shared: bool, read_as: str = "") -> None:
        """Write one verdict, whole or not at all. Raises MachineError when the disk is full, ResultsError else."""
        self.add(sample.key, digest, verdict, shared=shared, read_as=read_as)
        self.flush()

    def add(self, key: Key, digest: str, verdict: Verdict, *, shared: bool, read_as: str = "") -> None:
        """Keep one verdict; it is on disk after the next `flush`, which comes by itself after `MOST_UNFLUSHED`."""
        program = bytes.fromhex(digest)
        said = self._last.get(program)
        if said is None or said.verdict is not verdict:  # the rows of a program share it
            said = Said.of(verdict)
            if program not in self._offsets:
                self._remember(program, said)
        line = said.line(key, digest, shared, read_as)
        self.done.add(key)
        self.counts.add(verdict.passed, shared, verdict.cpu_s, verdict.not_negated)
        self.tally.add((key[1], key[0]), verdict.status, read_as)
        self._offsets.setdefault(program, self._size)
        self._size += len(line)
        self._unflushed.append(line)
        if len(self._unflushed) >= MOST_UNFLUSHED:
            self.flush()

    def _remember(self, program: bytes, said: Said) -> None:
        if len(said.text) <= LONGEST_REMEMBERED:
            self._last[program] = said

    def flush(self) -> None:
        """Write what was kept since the last time in one go. Raises as `append`."""
        if not self._unflushed:
            return
        data, self._unflushed = b"".join(self._unflushed), []
        try:
            appending.append(self._descriptor, data, self._size - len(data))
        except OSError as fault:
            self._size -= len(data)
            raise _failed(self.path, fault) from fault

    def verdict_of(self, digest: str) -> Verdict | None:
        """Return the verdict that this run already has for a program, read back from the file; or None."""
        program = bytes.fromhex(digest)
        if known := self._last.get(program):
            return known.verdict
        self._search()
        offset = self._offsets.get(program)
        if offset is None:
            return None
        self.flush()
        line = b""
        while not line.endswith(b"\n"):
            chunk = os.pread(self._descriptor, 1 << 12, offset + len(line))
            if not chunk:
                raise ResultsError(f"{self.path}: was changed while the run was going on; run the same command again")
            line += chunk[: chunk.find(b"\n") + 1 or len(chunk)]
        row = jsonl.parse(line, self.path, 0, ResultsError, where=f"{self.path}: byte {offset}")
        said = Said.of(Verdict.from_json(row))
        self._remember(program, said)
        return said.verdict

    def _search(self) -> None:
        """Learn where the programs of the rows that were taken up are."""
        offset, end, self._unsearched = 0, self._unsearched, 0
        for _, line in jsonl.raw_lines(self.path, ResultsError) if end else ():
            if offset >= end:
                return
            self._offsets.setdefault(program_of_line(line), offset)
            offset += len(line)

    def rows_of(self, tasks: Collection[str]) -> Iterator[Row]:
        """Yield the rows of some tasks; those of others are not parsed where they are as this version writes them."""
        self.flush()
        heads = tuple(f"{json.dumps({'task_id': task})[:-1]}, ".encode() for task in tasks)
        for row in _rows(self.path, lambda line: line.startswith(heads) or not line.startswith(HEAD)):
            if row["task_id"] in tasks:
                yield Row.of(row)

    def close(self) -> None:
        """Close the folder and release its lock."""
        if self._descriptor >= 0:
            try:
                self.flush()
            finally:
                os.close(self._descriptor)
                self._descriptor = -1

    def __enter__(self) -> Results:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def settle(directory: Path, provisional: JsonObject, settings: JsonObject) -> None:
    """Make the folder of a run whose samples were not all there yet that of the run that `settings` define.

    Raises ResultsError for another run's folder.
    """
    _compare(read_settings(directory), json.loads(json.dumps(provisional)), directory)
    try:
        whole.write_whole(directory / RUN, _text(settings))
    except OSError as fault:
        raise _failed(directory, fault) from fault


def _text(settings: JsonObject) -> bytes:
    return json.dumps(settings, indent=2).encode() + b"\n"


def read_settings(directory: str | Path) -> JsonObject:
    """Return the settings of the run in a folder. Raises ResultsError."""
    path = Path(directory) / RUN
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise ResultsError(f"{directory}: no {RUN}; expected the output folder of a run; check the name") from fault
    except (OSError, ValueError, RecursionError) as fault:
        raise ResultsError(f"{path}: cannot be read ({fault}); choose another folder with --output") from fault
    if not isinstance(settings, dict):
        raise ResultsError(f"{path}: expected a JSON object; choose another folder with --output")
    if "twin" in settings:  # its name in 0.1.0
        settings["negated_tests"] = settings.pop("twin")
    return settings


def read_rows(directory: str | Path) -> Iterator[Row]:
    """Yield the rows of a folder, in no particular order, also while a run writes it. Raises ResultsError."""
    for row in _rows(Path(directory) / VERDICTS):
        yield Row.of(row)


def _rows(path: Path, wanted: Callable[[bytes], bool] = lambda line: True) -> Iterator[JsonObject]:
    """Yield rows that were checked."""
    name = str(path)
    for number, line in jsonl.raw_lines(path, ResultsError):
        if not line.endswith(b"\n"):
            return  # being written, or torn: not a verdict yet
        if wanted(line):
            where = f"{name}:{number}"
            try:
                row = jsonl.parse(line, path, number, ResultsError)
            except ResultsError as fault:
                raise ResultsError(f"{where}: damaged line; {REMOVE}") from fault
            check_row(row, where)
            yield row


def _compare(there: JsonObject, here: JsonObject, directory: Path) -> None:
    old, new = _flat(there), _flat(here)
    for name in sorted({*old, *new}):
        if _differ(old.get(name), new.get(name)):
            was, now = (json.dumps(values[name]) if name in values else "nothing" for values in (old, new))
            what = f"the folder belongs to another run: {name} is {was} there and {now} here"
            raise ResultsError(f"{directory}: {what}; choose another folder with --output, or remove this one")


def _differ(old: object, new: object) -> bool:
    return old != new or isinstance(old, bool) != isinstance(new, bool)  # 5 is 5.0, but 1 is not true


def _flat(value: Any, name: str = "") -> JsonObject:
    """Return nested JSON as {'limits.run.cpu_s': 5}; empty containers stay as values."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    flat = {}
    for key, inner in items:
        flat.update(_flat(inner, f"{name}.{key}" if name else str(key)))
    return flat or {name: value}


def _failed(path: Path, fault: OSError) -> HarnessError:
    return whole.cannot_write(path, fault, ResultsError, "choose another folder with --output")
