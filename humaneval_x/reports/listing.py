"""The flat list of a page's samples, packed as columns of numbers: 164,000 samples take some megabytes.

Does not hold their texts: those are in the chunks, and a row's place says in which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from humaneval_x.json_types import JsonObject
from humaneval_x.reports.details import CellSamples, Listed

REASON = 120  # characters of a reason that the list shows


class Listing:
    """What the list shows of every sample. Use `keep` on the chunks, in the order that they are numbered in."""

    def __init__(self) -> None:
        self._cells: list[tuple[str, str, int]] = []
        self._words: dict[str, dict[str, int]] = {"status": {}, "read_as": {}, "reason": {}}
        self._columns: dict[str, list[int]] = {name: [] for name in ("index", *self._words, "cpu", "memory")}

    def keep(self, chunks: Iterable[CellSamples]) -> Iterator[CellSamples]:
        """Pass the chunks on, listed."""
        for chunk in chunks:
            self._cells.append((chunk.column.key, chunk.number, len(chunk.listed)))
            for sample in chunk.listed:
                self._add(sample)
            yield chunk

    def _add(self, sample: Listed) -> None:
        columns = self._columns
        columns["index"].append(sample.number)
        for name, word in (
            ("status", sample.status),
            ("read_as", sample.read_as),
            ("reason", sample.reason[:REASON]),
        ):
            known = self._words[name]
            columns[name].append(known.setdefault(word, len(known)))
        columns["cpu"].append(round(100 * sample.cpu_s))
        columns["memory"].append(round(sample.memory_mib))

    def to_json(self) -> JsonObject:
        """Return {cells: [column, problem, how many samples], words: {name: words}, columns: {name: numbers}}.

        CPU time is in hundredths of a second, memory in MiB.
        """
        words = {name: list(known) for name, known in self._words.items()}
        return {"cells": self._cells, "words": words, "columns": self._columns}
