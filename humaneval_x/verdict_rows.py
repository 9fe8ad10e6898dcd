"""A row of `verdicts.jsonl`: its record, the check of one that is read, and its line.

Where rows are kept: `results`.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from humaneval_x.errors import ResultsError
from humaneval_x.json_types import JsonObject
from humaneval_x.records import Status, Verdict
from humaneval_x.samples import Key
from humaneval_x.tallies import Group
from humaneval_x.tasks import origin_of, row_of

HEAD = b'{"task_id": "'  # of a row as this version writes it
PROGRAM = b'"program": "'
TAIL = re.compile(rb'"program": "([0-9a-f]+)", "shared": (?:true|false), "read_as": "[^"]*"}\n')
REMOVE = "remove the line and run the same command again, its sample is then judged anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of verdicts.jsonl. `shared` says that the verdict was computed for an identical program."""

    task_id: str
    source_language: str | None
    sample_index: int
    program: str
    shared: bool
    verdict: Verdict
    read_as: str = ""  # what the sample's text was taken for, and what was mended
    task: str = ""  # as in `Sample`

    @property
    def origin(self) -> str:
        """As `Sample.origin`."""
        return origin_of(self.source_language, self.task)

    @property
    def key(self) -> tuple[str, str, int]:
        """The key of the sample, as `Sample.key`."""
        return self.task_id, self.origin, self.sample_index

    @property
    def group(self) -> Group:
        """What the row is counted under."""
        return self.origin, self.task_id

    def to_json(self) -> JsonObject:
        """Return the row as it stands in the file."""
        which = {"task_id": self.task_id, "sample_index": self.sample_index, **row_of(self.origin)}
        how = {"program": self.program, "shared": self.shared, "read_as": self.read_as}
        return {**which, **self.verdict.to_json(), **how}

    @classmethod
    def from_json(cls, row: JsonObject, *, where: str) -> Row:
        """Check a row. Raises ResultsError naming `where` and the key."""
        check_row(row, where)
        return cls.of(row)

    @classmethod
    def of(cls, row: JsonObject) -> Row:
        """Return a row that was checked."""
        return cls(
            task_id=row["task_id"],
            source_language=row.get("source_language"),
            sample_index=row["sample_index"],
            program=row["program"],
            shared=row["shared"],
            verdict=Verdict.from_json(row),
            read_as=str(row.get("read_as", "")),
            task=str(row.get("task", "")),
        )


def check_row(row: JsonObject, where: str) -> None:
    """Raise ResultsError for what is no row, naming `where` and the key."""
    if tuple(map(type, map(row.get, _TYPES))) not in _KNOWN:
        key = next(key for key, kinds in _TYPES.items() if type(row.get(key)) not in kinds)
        raise ResultsError(f"{where}: '{key}' is missing or of a wrong type; {REMOVE}")
    try:
        bytes.fromhex(row["program"])
        passed = Status(row["status"]) is Status.PASSED
    except ValueError as fault:
        raise ResultsError(f"{where}: not a verdict ({fault}); {REMOVE}") from fault
    if not isinstance(row.get("source_language"), str | None) or row["passed"] is not passed:
        raise ResultsError(f"{where}: 'source_language' or 'passed' contradicts the row; {REMOVE}")


_TEXT, _COUNT, _NUMBER, _FLAG = (str,), (int,), (int, float), (bool,)
_TYPES: dict[str, tuple[type, ...]] = {
    "task_id": _TEXT,
    "sample_index": _COUNT,
    "passed": _FLAG,
    "status": _TEXT,
    "reason": _TEXT,
    "cpu_s": _NUMBER,
    "wall_s": _NUMBER,
    "memory_mib": _NUMBER,
    "stdout": _TEXT,
    "stderr": _TEXT,
    "compiler_output": _TEXT,
    "checks": _COUNT,
    "failures": _COUNT,
    "program": _TEXT,
    "shared": _FLAG,
}
_KNOWN = frozenset(itertools.product(*_TYPES.values()))


@dataclass(slots=True)
class RowCounts:
    """What the rows of a folder count to: the same whatever interrupted the run that wrote them."""

    passed: int = 0
    executed: int = 0
    shared: int = 0
    cpu_s: float = 0.0
    not_negated: int = 0

    def add(self, passed: bool, shared: bool, cpu_s: float, not_negated: int | None) -> None:
        """Count a row; what a program took counts for the sample it was run for."""
        self.passed += passed
        self.shared += shared
        if not shared:
            self.executed += 1
            self.cpu_s += round(cpu_s, 4)  # as it stands in the file
            self.not_negated += not_negated or 0


class Said(NamedTuple):
    """A verdict, and its part of a row."""

    verdict: Verdict
    text: str

    @classmethod
    def of(cls, verdict: Verdict) -> Said:
        """Put a verdict into words."""
        return cls(verdict, _text(verdict))

    def line(self, key: Key, program: str, shared: bool, read_as: str) -> bytes:
        """Return the line of a row with this verdict, as `Row.to_json` says it."""
        task_id, origin, index = key
        which = f'"task_id": {json.dumps(task_id)}, "sample_index": {index}{_origin_text(origin)}'
        how = f'"program": "{program}", "shared": {"true" if shared else "false"}, "read_as": {json.dumps(read_as)}'
        return f"{{{which}, {self.text}, {how}}}\n".encode()


def _text(said: Verdict) -> str:
    """Return what a row says of a verdict; a plain one is put together here, three times as fast as by `json.dumps`."""
    spent = round(said.cpu_s, 4), round(said.wall_s, 4), round(said.memory_mib, 4)
    plain = said.not_negated is None and not (said.called_with or said.expected or said.got)
    if not plain or not all(map(math.isfinite, spent)):
        return json.dumps(said.to_json())[1:-1]
    quoted = encode_basestring_ascii
    return (
        f'"passed": {"true" if said.passed else "false"}, "status": "{said.status.value}", '
        f'"reason": {quoted(said.reason)}, "cpu_s": {spent[0]!r}, "wall_s": {spent[1]!r}, "memory_mib": {spent[2]!r}, '
        f'"stdout": {quoted(said.stdout)}, "stderr": {quoted(said.stderr)}, '
        f'"compiler_output": {quoted(said.compiler_output)}, "checks": {said.checks}, "failures": {said.failures}'
    )


@functools.cache
def _origin_text(origin: str) -> str:
    """Return what a row says of an origin, behind other keys."""
    return "".join(f', "{name}": {json.dumps(value)}' for name, value in row_of(origin).items())


def program_of_line(line: bytes) -> bytes:
    """Return the digest of the program in the line of a row that was checked, which is parsed only if not ours."""
    ours = TAIL.match(line, line.rfind(PROGRAM)) if PROGRAM in line else None
    return bytes.fromhex(ours[1].decode() if ours else json.loads(line)["program"])
