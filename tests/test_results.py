"""The output folder: what a run is, what it has judged, and what kills, full disks and second processes leave."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from humaneval_x.errors import ResultsError
from humaneval_x.records import Sample, Status, Verdict
from humaneval_x.results import Results, read_rows, read_settings
from humaneval_x.samples import KeySet
from humaneval_x.verdict_rows import Row, Said, program_of_line

ROOT = Path(__file__).resolve().parent.parent
SETTINGS: dict[str, Any] = {"samples": [{"file": "s.jsonl", "bytes": 3, "sha256": "ab"}], "limits": {"cpu_s": 5}}
REMOVE = "remove the line and run the same command again, its sample is then judged anew"


def sample(index: int, **given: Any) -> Sample:
    return Sample(**{"task_id": f"Go/{index % 7}", "completion": "", "sample_index": index, **given})


def digest(index: int) -> str:
    return hashlib.sha256(b"%d" % index).hexdigest()[:32]


def verdict(index: int) -> Verdict:
    return Verdict(
        status=Status.PASSED if index % 3 else Status.WRONG_ANSWER,
        reason="",
        cpu_s=0.25,
        wall_s=0.5,
        memory_mib=index,
        stderr="x\u2028\n" * (index % 50),
        checks=index,
    )


def filled(folder: Path, count: int) -> Path:
    with Results.open(folder, SETTINGS) as results:
        for index in range(count):
            results.append(sample(index), digest(index), verdict(index), shared=False)
    return folder / "verdicts.jsonl"


def refusal(folder: Path, settings: dict[str, Any] = SETTINGS) -> str:
    with pytest.raises(ResultsError) as caught:
        Results.open(folder, settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


class TestRows:
    def test_a_row_has_these_keys_in_this_order(self, tmp_path: Path) -> None:
        with Results.open(tmp_path / "new" / "run", SETTINGS) as results:
            results.append(sample(1, source_language="cpp"), digest(1), verdict(1), shared=True)
            line = results.path.read_text()
        assert line == (
            '{"task_id": "Go/1", "sample_index": 1, "source_language": "cpp", "passed": true, "status": "passed", '
            '"reason": "", "cpu_s": 0.25, "wall_s": 0.5, "memory_mib": 1, "stdout": "", "stderr": "x\\u2028\\n", '
            f'"compiler_output": "", "checks": 1, "failures": 0, "program": "{digest(1)}", "shared": true, "read_as": ""}}\n'
        )

    @pytest.mark.parametrize(
        "changed",
        [
            {},
            {"cpu_s": float("nan"), "wall_s": float("inf")},
            {"cpu_s": 1, "wall_s": 1e-9, "memory_mib": 1e20},
            {"reason": 'said "no"\\ \x00\x7fä\U0001f600', "stdout": "\ud800", "compiler_output": "a\nb\t"},
            {"not_negated": 0},
            {"called_with": "(1, 'a')", "got": "2"},
            {"expected": "3"},
        ],
    )
    def test_a_line_is_the_json_of_its_row(self, changed: dict[str, Any]) -> None:
        """Whatever way it is put together."""
        for index in (1, 3):
            said = replace(verdict(index), **changed)
            row = Row(
                task_id="Go/1",
                source_language="cpp",
                sample_index=index,
                program=digest(1),
                shared=False,
                verdict=said,
                read_as="chat: ä",
            )
            line = Said.of(said).line(row.key, row.program, row.shared, row.read_as)
            assert line == json.dumps(row.to_json()).encode() + b"\n"
            for other in (line, json.dumps(row.to_json(), sort_keys=True).encode() + b"\n"):
                assert program_of_line(other) == bytes.fromhex(row.program)

    def test_what_is_written_is_what_is_read(self, tmp_path: Path) -> None:
        filled(tmp_path, 100)
        expected = [
            Row(
                task_id=f"Go/{index % 7}",
                source_language=None,
                sample_index=index,
                program=digest(index),
                shared=False,
                verdict=verdict(index),
            )
            for index in range(100)
        ]
        assert list(read_rows(tmp_path)) == expected
        with Results.open(tmp_path, SETTINGS) as results:
            assert list(read_rows(results.directory)) == expected
            assert len(results.done) == 100
            assert sample(99).key in results.done
            assert sample(100).key not in results.done
            assert [results.verdict_of(digest(index)) for index in range(100)] == [verdict(i) for i in range(100)]
            assert results.verdict_of(digest(100)) is None

    def test_a_verdict_is_read_back_at_once_and_the_first_of_a_program_counts(self, tmp_path: Path) -> None:
        long = Verdict(status=Status.PASSED, reason="", cpu_s=0, wall_s=0, memory_mib=0, stdout="y" * 100_000)
        with Results.open(tmp_path, SETTINGS) as results:
            results.append(sample(0), digest(0), verdict(0), shared=False)
            results.append(sample(1), digest(1), long, shared=False)
            results.append(sample(2), digest(0), verdict(0), shared=True)
            assert results.verdict_of(digest(0)) == verdict(0)
            assert results.verdict_of(digest(1)) == long

    def test_a_row_of_no_sample_is_refused_when_a_run_is_taken_up(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 3)
        Results.open(tmp_path, SETTINGS, KeySet(sample(index).key for index in range(5))).close()
        with pytest.raises(ResultsError) as caught:
            Results.open(tmp_path, SETTINGS, KeySet([sample(0).key, sample(2).key]))
        advice = "remove the line, or choose another folder with --output"
        assert str(caught.value) == f"{path}: Go/1 sample 1 is not among the samples; {advice}"

    def test_scores_do_not_depend_on_the_order_of_the_file(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 200)
        before = Counter((row.task_id, row.verdict.passed) for row in read_rows(tmp_path))
        lines = path.read_bytes().splitlines(keepends=True)
        Random(3).shuffle(lines)
        path.write_bytes(b"".join(lines))
        assert Counter((row.task_id, row.verdict.passed) for row in read_rows(tmp_path)) == before
        with Results.open(tmp_path, SETTINGS) as results:
            assert [results.verdict_of(digest(index)) for index in range(200)] == [verdict(i) for i in range(200)]

    def test_many_rows_take_little_memory(self, tmp_path: Path) -> None:
        filled(tmp_path, 3000)
        tracemalloc.start()
        with Results.open(tmp_path, SETTINGS):
            held, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert held / 3000 < 400  # 200,000 rows: under 80 MB
        assert peak - held < 1 << 20


class TestTheRunOfAFolder:
    def test_the_settings_of_a_run_stand_in_its_folder(self, tmp_path: Path) -> None:
        filled(tmp_path, 1)
        assert read_settings(tmp_path) == SETTINGS
        Results.open(tmp_path, json.loads(json.dumps(SETTINGS))).close()

    @pytest.mark.parametrize(
        ("settings", "difference"),
        [
            ({**SETTINGS, "limits": {"cpu_s": 10}}, "limits.cpu_s is 5 there and 10 here"),
            ({**SETTINGS, "tests": "example"}, 'tests is nothing there and "example" here'),
            ({"limits": {"cpu_s": 5}}, "samples.0.bytes is 3 there and nothing here"),
            ({**SETTINGS, "samples": []}, "samples is nothing there and [] here"),
        ],
    )
    def test_the_folder_of_another_run_is_refused_and_left_alone(
        self, tmp_path: Path, settings: dict[str, Any], difference: str
    ) -> None:
        before = filled(tmp_path, 3).read_bytes()
        assert refusal(tmp_path, settings) == (
            f"{tmp_path}: the folder belongs to another run: {difference}; "
            "choose another folder with --output, or remove this one"
        )
        assert (tmp_path / "verdicts.jsonl").read_bytes() == before

    def test_true_and_one_are_different_settings(self, tmp_path: Path) -> None:
        Results.open(tmp_path, {"a": True}).close()
        assert "a is true there and 1 here" in refusal(tmp_path, {"a": 1})
        Results.open(tmp_path / "x", {"a": 5}).close()
        Results.open(tmp_path / "x", {"a": 5.0}).close()

    def test_verdicts_without_their_run_are_not_taken_up(self, tmp_path: Path) -> None:
        filled(tmp_path, 1)
        (tmp_path / "run.json").unlink()
        assert "has verdicts.jsonl but no run.json" in refusal(tmp_path)

    def test_a_damaged_run_file_is_named(self, tmp_path: Path) -> None:
        filled(tmp_path, 1)
        for text in ("{", "[]", "\udc80"):
            (tmp_path / "run.json").write_bytes(text.encode("utf-8", "surrogateescape"))
            assert refusal(tmp_path).startswith(f"{tmp_path}/run.json: ")

    def test_two_processes_exclude_each_other(self, tmp_path: Path) -> None:
        with Results.open(tmp_path, SETTINGS):
            assert refusal(tmp_path) == (
                f"{tmp_path}: another process is writing this folder; "
                "wait for it, or choose another folder with --output"
            )
            assert list(read_rows(tmp_path)) == []
        Results.open(tmp_path, SETTINGS).close()

    def test_a_folder_that_is_a_file_or_has_one_in_its_path_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        instead = "choose another folder with --output"
        assert refusal(tmp_path / "file") == f"{tmp_path}/file: cannot be written (File exists); {instead}"
        assert refusal(tmp_path / "file" / "x").endswith(f"cannot be written (Not a directory); {instead}")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_folder_is_refused(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        assert "cannot be written (Permission denied)" in refusal(tmp_path)

    def test_reading_what_is_no_run_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ResultsError, match=r"no run\.json; expected the output folder of a run"):
            read_settings(tmp_path)
        with pytest.raises(ResultsError, match="no such file"):
            list(read_rows(tmp_path))


class TestDamage:
    def test_a_torn_last_line_is_cut_off_wherever_it_was_torn(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 3)
        whole = path.read_bytes()
        complete = whole.rindex(b"\n", 0, -1) + 1
        for length in range(complete, len(whole)):
            path.write_bytes(whole[:length])
            torn = 2 if length < len(whole) - 1 else 3
            assert len(list(read_rows(tmp_path))) == 2
            with Results.open(tmp_path, SETTINGS) as results:
                assert len(results.done) == torn, length
                assert results.cut_bytes == (length - complete if torn == 2 else 0)
                if torn == 2:
                    results.append(sample(2), digest(2), verdict(2), shared=False)
            assert path.read_bytes() == whole

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (b"{", b"\0", "damaged line"),
            (b"}", b"", "damaged line"),
            (b'"passed": true', b'"passed": false', "'source_language' or 'passed' contradicts the row"),
            (b'"status": "passed"', b'"status": 3', "'status' is missing or of a wrong type"),
            (b'"status": "passed"', b'"status": "fine"', "not a verdict ('fine' is not a valid Status)"),
            (b'"sample_index": 1', b'"sample_index": true', "'sample_index' is missing or of a wrong type"),
            (b'"program": "6', b'"program": "x', "not a verdict (non-hexadecimal number found in fromhex() "),
            (b'"checks": 1, ', b"", "'checks' is missing or of a wrong type"),
        ],
    )
    def test_a_damaged_line_in_the_middle_is_named(self, tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
        path = filled(tmp_path, 3)
        lines = path.read_bytes().splitlines(keepends=True)
        assert old in lines[1]
        path.write_bytes(lines[0] + lines[1].replace(old, new) + lines[2])
        found = refusal(tmp_path)
        assert found.startswith(f"{path}:2: {message}")
        assert found.endswith(REMOVE)

    def test_a_row_that_is_there_twice_is_named(self, tmp_path: Path) -> None:
        path = filled(tmp_path, 2)
        path.write_bytes(path.read_bytes() * 2)
        assert refusal(tmp_path) == f"{path}: ('Go/0', '', 0) is there twice; {REMOVE}"

    def test_a_disk_that_fills_up_keeps_every_whole_row(self, tmp_path: Path) -> None:
        code = """
import resource, sys
sys.path.insert(0, "tests")
from test_results import *
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
filled(Path(sys.argv[1]), 1000)
"""
        argv = [sys.executable, "-c", code, str(tmp_path)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, env=with_package())
        assert done.stderr.splitlines()[-1] == (
            f"humaneval_x.errors.MachineError: {tmp_path}/verdicts.jsonl: the disk is full (File too large); "
            "what was written before is kept; free some space and run the same command again"
        )
        data = (tmp_path / "verdicts.jsonl").read_bytes()
        assert data.endswith(b"\n")
        assert 9000 < len(data) <= 10_000
        with Results.open(tmp_path, SETTINGS) as results:
            assert results.cut_bytes == 0
            assert len(results.done) == data.count(b"\n")

    def test_a_full_disk_is_a_fault_of_the_machine_and_space_lets_the_run_go_on(self, tmp_path: Path) -> None:
        code = """
import os, shutil, sys
sys.path.insert(0, "tests")
from test_results import *
folder = Path(sys.argv[1])
(folder / "ballast").write_bytes(bytes(100_000))
try:
    filled(folder / "run", 2000)
except Exception as fault:
    print(type(fault).__name__, fault)
(folder / "ballast").unlink()
rest = folder / "run" / "verdicts.jsonl"
print(rest.read_bytes()[-1:] == b"\\n", len(list(read_rows(folder / "run"))) > 20)
with Results.open(folder / "run", SETTINGS) as results:
    print(results.cut_bytes)
    results.append(sample(5000), digest(5000), verdict(0), shared=False)
"""
        done = on_own_disk(tmp_path, "size=160k", code)
        assert done.stderr == ""
        assert done.stdout.splitlines() == [
            f"MachineError {tmp_path}/run/verdicts.jsonl: the disk is full (No space left on device); "
            "what was written before is kept; free some space and run the same command again",
            "True True",
            "0",
        ]

    def test_a_read_only_disk_is_refused(self, tmp_path: Path) -> None:
        code = """
import sys
sys.path.insert(0, "tests")
from test_results import *
print(refusal(Path(sys.argv[1])))
print(refusal(Path(sys.argv[1]) / "run"))
"""
        done = on_own_disk(tmp_path, "ro", code)
        assert done.stderr == ""
        assert done.stdout.splitlines() == [
            f"{place}: cannot be written (Read-only file system); choose another folder with --output"
            for place in (tmp_path, tmp_path / "run")
        ]


def on_own_disk(folder: Path, options: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code with a real file system of its own on `folder`. Skips where none can be mounted."""
    mount = 'mount -t tmpfs -o "$1" none "$2" && exec "$3" -c "$4" "$2"'
    space = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    argv = [*space, options, str(folder), sys.executable, code]
    try:
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, env=with_package())
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    return done


def with_package() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


WRITER = """
import sys
sys.path.insert(0, "tests")
from test_results import *
with Results.open(sys.argv[1], SETTINGS) as results:
    print(len(results.done), flush=True)
    for index in range(int(sys.argv[2])):
        if sample(index).key not in results.done:
            results.append(sample(index), digest(index), verdict(index), shared=False)
"""


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_as_if_it_never_was(tmp_path: Path) -> None:
    random, path = Random(11), tmp_path / "killed" / "verdicts.jsonl"
    argv = [sys.executable, "-c", WRITER, str(path.parent), "8000"]
    whole = filled(tmp_path / "whole", 8000).read_bytes()
    counts = []
    for _ in range(8):
        with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=with_package()) as child:
            assert child.stdout is not None
            counts.append(int(child.stdout.readline()))
            # By what was written and not by time: eight times at most a tenth, on a machine of any speed.
            enough = path.stat().st_size + random.randrange(1, len(whole) // 10)
            while path.stat().st_size < enough and child.poll() is None:
                time.sleep(0.0005)
            child.send_signal(signal.SIGKILL)
    assert counts == sorted(counts)
    assert 0 < counts[-1] < 8000
    subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=with_package())
    assert path.read_bytes() == whole
