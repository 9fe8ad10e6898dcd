"""What stands behind each cell of a report: the samples with their programs, as chunks of JSON.

Samples and verdicts are joined in a temporary SQLite database on disk, so that memory does not grow with the
run. A chunk holds one problem in one column; equal strings and equal programs stand in it once. Small reports
carry their chunks in the page, large ones beside it as scripts, which a page opened from a file may load.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from humaneval_x.assembly import Order, apart
from humaneval_x.errors import ProblemError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX
from humaneval_x.prompts import asked, words_of
from humaneval_x.records import Problem, Program, Sample, Verdict
from humaneval_x.reports.run import Run
from humaneval_x.results import VERDICTS, read_rows
from humaneval_x.samples import read_samples
from humaneval_x.scores import Column
from humaneval_x.tasks import TASKS, row_of, task_of
from humaneval_x.verdict_rows import Row

EMBED_BYTES = 4 << 20  # chunks of up to this size together stay in the page
FIELDS = tuple(Verdict.__dataclass_fields__)
SAMPLING = ("temperature", "top_p", "top_k", "max_new_tokens", "seed")
CHUNK = re.compile(r"c\d+\.js")
DESCRIBED = "(here stands the sample's description)"


class Chunk(Protocol):
    """What a page shows of one problem in one column."""

    @property
    def column(self) -> Column:
        """The column."""
        ...

    @property
    def number(self) -> str:
        """The problem, as the languages share it."""
        ...

    def to_json(self) -> JsonObject:
        """Return what the page reads."""
        ...


class Listed(NamedTuple):
    """What the list of all samples shows of one."""

    number: int
    status: str
    read_as: str
    reason: str
    cpu_s: float
    memory_mib: float


class Details:
    """The verdicts and samples of one run, spilled to disk. Use `keep` on the rows first, then `chunks`."""

    def __init__(self) -> None:
        self.made_by: dict[str, str] = {}  # the model and its settings, as the first sample's row tells them
        self._store = sqlite3.connect("")  # SQLite's name for a temporary file that goes with the connection
        for table in ("verdicts", "samples", "others", "descriptions"):
            self._store.execute(
                f"CREATE TABLE {table} (task TEXT, origin TEXT, number INTEGER, value TEXT, "
                "PRIMARY KEY (task, origin, number)) WITHOUT ROWID"
            )

    def keep(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the rows on, stored."""
        for row in rows:
            verdict = {name: getattr(row.verdict, name) for name in FIELDS}  # asdict takes a tenth of a report's time
            self._insert(
                "verdicts",
                row.key,
                json.dumps({**verdict, "program": row.program, "shared": row.shared, "read_as": row.read_as}),
            )
            yield row

    def _insert(self, table: str, key: tuple[str, str, int], value: str) -> None:
        self._store.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", (*key, value))

    def chunks(self, run: Run) -> Iterator[CellSamples]:
        """Yield each cell that has samples, in no particular order."""
        if run.samples and run.problems:
            for sample in read_samples(run.samples, run.problems, run.report.asked):
                self._insert("samples", sample.key, f"{sample.answers}\n{sample.completion}")
                if isinstance(
                    said := sample.extra.get("description"), str
                ):  # what the prompt showed of the step before
                    self._insert("descriptions", sample.key, said)
                self.made_by = self.made_by or made_by(sample.extra)
        if run.other and (run.folder / run.other.value / VERDICTS).exists():
            for row in read_rows(run.folder / run.other.value):
                self._insert("others", row.key, row.verdict.status.value)
        joined = self._store.execute(
            "SELECT task, origin, number, v.value, s.value, o.value, d.value FROM verdicts v "
            "LEFT JOIN samples s USING (task, origin, number) LEFT JOIN others o USING (task, origin, number) "
            "LEFT JOIN descriptions d USING (task, origin, number) ORDER BY task, origin, number"
        )
        cell: CellSamples | None = None
        for task_id, origin, number, verdict, completion, *more in joined:
            if cell is None or (task_id, origin) != (cell.task_id, cell.origin):
                if cell is not None:
                    yield cell
                cell = CellSamples(run, task_id, origin)
            cell.add(number, json.loads(verdict), completion.partition("\n")[::2] if completion else None, *more)
        if cell is not None:
            yield cell


def made_by(extra: Mapping[str, Any]) -> dict[str, str]:
    """Return what a row of samples says of the model and of how it sampled, as text, by name."""
    settings = extra.get("settings")
    told = {"model": extra.get("model"), **(settings if isinstance(settings, Mapping) else {})}
    told |= {name: extra[name] for name in SAMPLING if name in extra}
    return {str(name): str(value) for name, value in told.items() if isinstance(value, (str, int, float))}


class CellSamples:
    """The samples of one problem in one column: a chunk. Equal strings stand in it once."""

    def __init__(self, run: Run, task_id: str, origin: str) -> None:
        self.task_id, self.origin = task_id, origin
        prefix, _, self.number = task_id.partition("/")
        self.language = BY_PREFIX[prefix]
        self.column = Column.of(origin, self.language.NAME)
        self._settings = run.report.settings
        self._problem = run.texts.get(task_id)
        self._prompt = prompt(run.texts, task_id, origin)
        self._strings: dict[str, int] = {}
        self._programs: dict[str, JsonObject] = {}
        self._samples: list[JsonObject] = []
        self.listed: list[Listed] = []

    def add(
        self,
        number: int,
        verdict: JsonObject,
        text: tuple[str, str] | None,
        other: str | None,
        description: str | None,
    ) -> None:
        """Take up one sample; `text` is what its row says that it holds, and the completion."""
        answers, completion = text or ("", None)
        digest = verdict["program"]
        self.listed.append(Listed(number, *(verdict[name] for name in Listed._fields[1:])))
        for name in ("stdout", "stderr", "compiler_output", "reason"):
            verdict[name] = self._string(verdict[name])
        if completion is not None and self._problem is not None and digest not in self._programs:
            sample = Sample(
                task_id=self.task_id,
                completion=completion,
                sample_index=number,
                answers=answers,
                **row_of(self.origin),
            )
            program = apart(Order(self._problem, sample, self._settings)).program
            self._programs[digest] = {
                "run": program.digest == digest,  # no: this version of the harness assembles another program
                "preamble": [self._string(program.preamble)],
                "candidate": self._pieces(program, completion),
                "tests": [self._string(program.tests)],
                "declared": [self._string(program.declared)],
            }
        known = None if completion is None else self._string(completion)
        more = {"other": other, "description": description}
        told = {name: value for name, value in more.items() if value}
        self._samples.append({"index": number, **verdict, "completion": known, **told})

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def _pieces(self, program: Program, completion: str) -> list[Any]:
        """The candidate as strings, and what it has of the completion as [its string, how much]: it is there anyway."""
        text = program.candidate
        at = text.rfind(completion[:40])
        length = common(text[at:], completion) if at >= 0 else 0
        if length < 40:
            return [self._string(text)]
        units = len(completion[:length].encode("utf-16-le")) // 2  # as JavaScript counts
        return [self._string(text[:at]), [self._string(completion), units], self._string(text[at + length :])]

    def to_json(self) -> JsonObject:
        """Return the chunk of a run's page."""
        return {
            "task_id": self.task_id,
            "source": self.origin,
            "language": self.language.NAME,
            "prompt": self._prompt,
            "canonical": self._problem.canonical_solution if self._problem else None,
            "strings": list(self._strings),
            "programs": self._programs,
            "samples": self._samples,
        }

    def side(self) -> JsonObject:
        """Return what a page of several runs shows of this one."""
        return {"strings": list(self._strings), "samples": self._samples}


def common(one: str, other: str) -> int:
    """Return the length of the longest start that two strings share."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def prompt(texts: Mapping[str, Problem], task_id: str, origin: str) -> str | None:
    """Return what the benchmark asks for a task, or None where its problems are not at hand."""
    if task_id not in texts:
        return None
    try:
        words = replace(words_of(texts[task_id], origin, texts), description=DESCRIBED)
        return asked(TASKS[task_of(origin)].asking, words)[0]
    except ProblemError:  # no counterpart in the source language, or another set than the samples were made for
        return None


def script_json(value: Any) -> str:
    """Return JSON that may stand inside a script element: no `<`, nothing outside ASCII."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")


def write_chunks(
    chunks: Iterable[Chunk], beside: Path, embed_bytes: int = EMBED_BYTES
) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Write chunks to `beside`/c<i>.js, unless they are small; return {column: {number: i}} and those to embed."""
    index: dict[str, dict[str, int]] = {}
    waiting: list[str] = []
    size = written = 0
    for old in beside.glob("c*.js"):
        if CHUNK.fullmatch(old.name):
            old.unlink()
    for count, chunk in enumerate(chunks):
        index.setdefault(chunk.column.key, {})[chunk.number] = count
        waiting.append(script_json(chunk.to_json()))
        size += len(waiting[-1])
        if size > embed_bytes:
            beside.mkdir(exist_ok=True)
            for text in waiting:
                (beside / f"c{written}.js").write_text(f"humaneval_x_cell({written},{text});\n", encoding="ascii")
                written += 1
            waiting.clear()
    return index, waiting
