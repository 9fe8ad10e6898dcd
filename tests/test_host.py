"""What the host does around programs, with agents that answer at once: repeats, what is taken up again, the benchmark."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from machine import ROOT

sys.path.insert(0, str(ROOT))

from benchmarks import host
from humaneval_x import evaluation, plans, texts
from humaneval_x.assembly import Order, Prepared, Programs
from humaneval_x.errors import SampleError
from humaneval_x.evaluation import evaluated
from humaneval_x.files import jsonl
from humaneval_x.plans import RunOptions
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.results import read_rows
from humaneval_x.verdict_rows import Row

TASKS, EACH, DIFFERENT = 10, 20, 10
READ: Counter[str] = Counter()  # completions


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Right and wrong samples of two languages, each twice."""
    path = tmp_path_factory.mktemp("host") / "samples.jsonl"
    path.write_bytes(jsonl.encode(*host.rows(load_problems(FRESH), EACH, DIFFERENT, TASKS)))
    return path


def options(samples: Path, folder: Path, **changed: Any) -> RunOptions:
    """A run whose agents answer at once."""
    return replace(host.options_of(samples, folder, FRESH, 2), **changed)


def expected(samples: Path) -> dict[tuple[str, int], str]:
    """The status of each sample, as its text says it."""
    rows = [json.loads(line) for line in samples.read_text().splitlines()]
    return {
        (row["task_id"], row["sample_index"]): "wrong_answer" if "wrong answer" in row["completion"] else "passed"
        for row in rows
    }


def statuses(folder: Path) -> dict[tuple[str, int], str]:
    rows = list(read_rows(folder))
    found = {(row.task_id, row.sample_index): row.verdict.status.value for row in rows}
    assert len(found) == len(rows)
    return found


class Watched(Programs):
    """Counts the samples whose text is read."""

    def map(self, orders: Iterable[Order]) -> Iterator[tuple[Order, Prepared]]:
        for order, found in super().map(orders):
            READ[order.sample.completion] += 1
            yield order, found


def test_each_sample_gets_the_verdict_of_its_text_and_each_text_is_run_once(samples, tmp_path):
    report = evaluated(options(samples, tmp_path / "out"))
    assert statuses(tmp_path / "out") == expected(samples)
    counts = report.programs[report.settings.errata]
    assert (counts.samples, counts.executed, counts.shared) == (TASKS * EACH, TASKS * DIFFERENT, TASKS * DIFFERENT)
    assert set(statuses(tmp_path / "out").values()) == {"passed", "wrong_answer"}


def test_a_text_that_was_read_is_not_read_again(samples, tmp_path, monkeypatch):
    monkeypatch.setattr("humaneval_x.evaluation.Programs", Watched)
    READ.clear()
    evaluated(options(samples, tmp_path / "out"))
    assert set(READ.values()) == {1}
    assert len(READ) == TASKS * DIFFERENT


@pytest.mark.parametrize("bound", ["MOST_TEXTS", "MOST_HELD"])
def test_what_is_remembered_of_texts_changes_no_row(samples, tmp_path, monkeypatch, bound):
    monkeypatch.setattr(texts, bound, 0)
    report = evaluated(options(samples, tmp_path / "out"))
    assert statuses(tmp_path / "out") == expected(samples)
    assert report.programs[report.settings.errata].executed == TASKS * DIFFERENT


def test_without_sharing_each_sample_is_read_and_run(samples, tmp_path, monkeypatch):
    monkeypatch.setattr("humaneval_x.evaluation.Programs", Watched)
    READ.clear()
    report = evaluated(options(samples, tmp_path / "out", share=False))
    assert statuses(tmp_path / "out") == expected(samples)
    assert report.programs[report.settings.errata].executed == TASKS * EACH == READ.total()


@pytest.fixture(params=["here", "elsewhere"])
def place(request, monkeypatch):
    """Where samples are checked and read."""
    if request.param == "elsewhere":
        monkeypatch.setattr(plans, "MANY_BYTES", 0)
        monkeypatch.setattr(evaluation, "MANY_SAMPLES", 0)


def test_a_bad_row_is_refused_wherever_samples_are_read(samples, tmp_path, place):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(samples.read_bytes() + b'{"task_id": "Python/fresh-0"}\n')
    with pytest.raises(SampleError, match=rf"^{bad}:{TASKS * EACH + 1} \(Python/fresh-0\): 'completion' is missing"):
        evaluated(options(bad, tmp_path / "out"))


@pytest.mark.long
def test_a_run_that_lost_half_its_rows_comes_to_the_same(samples, tmp_path, place):
    whole = evaluated(options(samples, tmp_path / "out"))
    before = statuses(tmp_path / "out")
    host.halved(tmp_path / "out")
    kept = (tmp_path / "out" / "verdicts.jsonl").read_bytes()
    again = evaluated(options(samples, tmp_path / "out"))
    assert statuses(tmp_path / "out") == before
    assert (tmp_path / "out" / "verdicts.jsonl").read_bytes().startswith(kept)
    assert again.scores == whole.scores
    assert again.programs[again.settings.errata].resumed == TASKS * EACH / 2


def test_rows_of_repeats_are_those_of_the_program_that_was_run(samples, tmp_path):
    evaluated(options(samples, tmp_path / "out"))
    by_program: dict[str, list[Row]] = {}
    for row in read_rows(tmp_path / "out"):
        by_program.setdefault(row.program, []).append(row)
    for rows in by_program.values():
        assert [row.shared for row in rows].count(False) == 1
        assert len({(row.verdict, row.read_as) for row in rows}) == 1


@pytest.mark.long
def test_the_benchmark_runs_in_small(capsys):
    told = host.main(["--each", "5", "--limit", "2"])
    judged = {name: found for name, found in told.items() if ", stages, " not in name}
    assert {(found["samples"], found["passed"]) for found in judged.values()} == {(10, 10)}
    assert [found["executed"] for name, found in told.items() if ", judged, " in name] == [10, 2]
    assert len(capsys.readouterr().out.splitlines()) == len(told) == 8
