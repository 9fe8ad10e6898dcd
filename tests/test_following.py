"""`run --follow`: what a slow writer has appended is judged before the file is complete, and in the end all is as without."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from machine import ROOT
from runs import fresh_canonicals, fresh_mutants, samples_of, some

from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Sample
from humaneval_x.results import read_settings
from humaneval_x.samples import SampleWriter, is_complete, read_samples

PAUSE_S = 0.05
KILLS = 8
MEASURED = {"cpu_s", "wall_s", "memory_mib", "shared"}  # shared: which of two that are the same came first
VARYING = re.compile(r"\b(0x[0-9a-f]+|[0-9a-f]{16})\b")  # addresses in traces, names of scratch folders


def run(samples: Path, folder: Path, sandbox: str, *options: str) -> subprocess.Popen[str]:
    argv = [sys.executable, str(ROOT / "evaluate.py"), "run", str(samples), "--output", str(folder), "--k", "1"]
    argv += ["--sandbox", sandbox, "--workers", "2", "--partial", *options]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(argv, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Programs of all languages, right and wrong, some of them twice."""
    path = samples_of(
        tmp_path_factory.mktemp("rows") / "rows.jsonl", some(fresh_canonicals(), 30, 7) + some(fresh_mutants(), 30, 7)
    )
    return list(read_samples([path], load_problems(FRESH)))


@pytest.fixture(scope="module")
def plain(rows: list[Sample], tmp_path_factory: pytest.TempPathFactory, sandbox: str) -> tuple[Path, dict[str, Any]]:
    """The whole file, and what a run without --follow makes of it."""
    path = tmp_path_factory.mktemp("plain") / "samples.jsonl"
    write(path, rows)
    process = run(path, path.parent / "out", sandbox)
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return path, files(path.parent / "out")


def write(path: Path, rows: list[Sample], pause_s: float = 0) -> None:
    with SampleWriter(path) as writer:
        for row in rows:
            writer.append([row])
            time.sleep(pause_s)
        writer.complete()


def files(folder: Path) -> dict[str, Any]:
    """What a run wrote, but for times, order, addresses and names of scratch folders: its rows, settings and scores."""
    scores = json.loads((folder / "scores.json").read_text())
    rows = [json.loads(VARYING.sub("?", line)) for line in (folder / "verdicts.jsonl").read_text().splitlines()]
    found = {(row["task_id"], row["sample_index"]): {k: row[k] for k in row.keys() - MEASURED} for row in rows}
    assert len(found) == len(rows)
    return {"verdicts": found, "settings": read_settings(folder), "scores": scores["scores"]}


def verdicts(folder: Path) -> int:
    path = folder / "verdicts.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["samples.jsonl", "samples.jsonl.gz"])
def test_rows_are_judged_while_they_are_written_and_all_is_as_without(
    rows: list[Sample], plain: tuple[Path, dict[str, Any]], sandbox: str, tmp_path: Path, name: str
) -> None:
    path, folder = tmp_path / name, tmp_path / "out"
    process = run(path, folder, sandbox, "--follow")
    writing = threading.Thread(target=write, args=(path, rows, PAUSE_S))
    writing.start()
    while not verdicts(folder) and process.poll() is None:
        time.sleep(0.05)
    early = not is_complete(path)
    writing.join()
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert early or len(rows) * PAUSE_S < 10  # a jail may take longer to start than the writer to write
    found = files(folder)
    expected = plain[1]
    if name == plain[0].name:
        assert found == expected
    assert (found["verdicts"], found["scores"]) == (expected["verdicts"], expected["scores"])
    assert "pass@1" in out


@pytest.mark.slow
def test_writer_and_follower_killed_at_random_moments_change_nothing(
    rows: list[Sample], plain: tuple[Path, dict[str, Any]], sandbox: str, tmp_path: Path
) -> None:
    path, folder, chance = tmp_path / "samples.jsonl", tmp_path / "out", random.Random(14)
    written = 0
    for _ in range(KILLS):
        process = run(path, folder, sandbox, "--follow")
        until = time.monotonic() + chance.uniform(0.5, 4)
        if written < len(rows):
            with SampleWriter(path) as writer:  # taken up, as generate.py does
                while written < len(rows) and time.monotonic() < until:
                    writer.append([rows[written]])
                    written += 1
                    time.sleep(chance.uniform(0, 4 * PAUSE_S))
                if written == len(rows):
                    writer.complete()
        if not is_complete(path):  # what a killed writer leaves
            with path.open("ab") as file:
                file.write(b'{"task_id": "Py')
        time.sleep(max(0.0, until - time.monotonic()))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    write_rest(path, rows[written:])
    last = run(path, folder, sandbox, "--follow")
    _, err = last.communicate(timeout=600)
    assert last.returncode == 0, err
    assert files(folder) == plain[1]


def write_rest(path: Path, rows: list[Sample]) -> None:
    """Complete a file that is not complete."""
    if not is_complete(path):
        write(path, rows)


@pytest.mark.long
def test_a_complete_file_is_an_ordinary_run(plain: tuple[Path, dict[str, Any]], sandbox: str, tmp_path: Path) -> None:
    process = run(plain[0], tmp_path / "out", sandbox, "--follow")
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert files(tmp_path / "out") == plain[1]


def test_a_bad_row_ends_it_with_one_line(sandbox: str, tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text(
        '{"task_id": "Python/fresh-0", "completion": "    return 1\\n", "sample_index": 0}\n{"task_id": "Python/fresh-999"}\n'
    )
    process = run(path, tmp_path / "out", sandbox, "--follow")
    _, err = process.communicate(timeout=600)
    assert process.returncode == 2 and f"SampleError: {path}:2" in err


def test_several_files_cannot_be_followed(tmp_path: Path, sandbox: str) -> None:
    process = run(tmp_path / "a.jsonl", tmp_path / "out", sandbox, str(tmp_path / "b.jsonl"), "--follow")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2 and err.startswith("OptionError: --follow takes one file of our own format")


def test_what_no_test_judges_cannot_be_followed(tmp_path: Path, sandbox: str) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text('{"task_id": "Python/fresh-0", "completion": "Adds.", "sample_index": 0, "task": "summarise"}\n')
    process = run(path, tmp_path / "out", sandbox, "--follow")
    _, err = process.communicate(timeout=600)
    assert process.returncode == 2
    assert "SampleError: Python/fresh-0: a sample of summarise, which no test judges; give such samples alone to" in err


def test_a_file_may_come_later_than_who_follows_it(rows: list[Sample], sandbox: str, tmp_path: Path) -> None:
    process = run(tmp_path / "later.jsonl", tmp_path / "out", sandbox, "--follow", "--problems", "fresh")
    time.sleep(3)
    assert process.poll() is None
    write(tmp_path / "later.jsonl", rows[:5])
    _, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert verdicts(tmp_path / "out") == 5


def pieces(data: bytes, chance: random.Random) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = chance.randrange(1, 400)
        yield data[at : at + size]
        at += size


@pytest.mark.parametrize("packed", [False, True])
def test_a_tail_gives_each_row_once_however_the_file_grows(rows: list[Sample], tmp_path: Path, packed: bool) -> None:
    from humaneval_x.following import Tail

    problems, chance = load_problems(FRESH), random.Random(3)
    path = tmp_path / ("s.jsonl.gz" if packed else "s.jsonl")
    with SampleWriter(path) as writer:
        writer.append(rows)
    data = (
        path.read_bytes()
        if not packed
        else b"".join(gzip.compress(line) for line in gzip.decompress(path.read_bytes()).splitlines(True))
    )
    path.unlink()
    tail, found = Tail(path), []
    assert list(tail.samples(problems)) == []
    with path.open("ab", buffering=0) as file:
        for piece in pieces(data, chance):
            file.write(piece)
            found += [sample.key for sample in tail.samples(problems)]
    assert found == [row.key for row in rows]


@pytest.mark.parametrize("packed", [False, True])
def test_a_torn_row_that_is_written_anew_is_read_anew(rows: list[Sample], tmp_path: Path, packed: bool) -> None:
    from humaneval_x.following import Tail

    path, lines = tmp_path / ("s.jsonl.gz" if packed else "s.jsonl"), []
    for row in rows[:3]:
        with SampleWriter(tmp_path / "one.jsonl") as writer:
            writer.append([row])
        lines.append((tmp_path / "one.jsonl").read_bytes())
        (tmp_path / "one.jsonl").unlink()
    first, torn, other = map(gzip.compress, lines) if packed else lines
    path.write_bytes(first + torn[:-9])
    tail, problems = Tail(path), load_problems(FRESH)
    assert [sample.key for sample in tail.samples(problems)] == [rows[0].key]
    # What resuming does: the tail is cut, and another row may follow before anyone looks.
    with path.open("r+b") as file:
        file.truncate(len(first))
        file.seek(len(first))
        file.write(other)
    assert [sample.completion for sample in tail.samples(problems)] == [rows[2].completion]
