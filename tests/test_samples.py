"""The samples file: what is read, what is refused and with which line, and what a killed writer leaves."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from official import fresh

from humaneval_x.errors import HarnessError, MachineError, NotLoaded, SampleError
from humaneval_x.formats import FORMATS
from humaneval_x.problem_files import OFFICIAL, PACK
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import Sample
from humaneval_x.samples import KeySet, SampleWriter, describe, read_samples, set_of_samples

ROOT = Path(__file__).resolve().parent.parent
TASK = "CPP/fresh-0"
GOOD: dict[str, Any] = {"task_id": TASK, "completion": "return 1;"}


@pytest.fixture(scope="module")
def problems() -> ProblemSet:
    return load_problems("fresh")


def write(path: Path, *rows: object, end: str = "\n") -> Path:
    text = "".join(json.dumps(row) + end for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())
    return path


def refusal(problems: ProblemSet, *paths: Path) -> str:
    with pytest.raises(SampleError) as caught:
        list(read_samples(paths, problems))
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    return message


class TestReading:
    def test_both_spellings_of_the_completion_and_all_that_is_carried_along(
        self, problems: ProblemSet, tmp_path: Path
    ) -> None:
        path = write(
            tmp_path / "s.jsonl",
            {**GOOD, "prompt": "int f(){", "temperature": 0.8},
            {"task_id": TASK, "generation": "x", "source_language": None},
            {"task_id": "Go/fresh-1", "completion": "y", "generation": "y", "source_language": "JS"},
        )
        assert list(read_samples([path], problems)) == [
            Sample(
                task_id=TASK, completion="return 1;", sample_index=0, extra={"prompt": "int f(){", "temperature": 0.8}
            ),
            Sample(task_id=TASK, completion="x", sample_index=1),
            Sample(task_id="Go/fresh-1", completion="y", sample_index=0, source_language="javascript"),
        ]
        assert set_of_samples([path]) == "fresh"

    @pytest.mark.parametrize("spelling", ["cpp", "C++", "CPP", "c++"])
    def test_a_source_language_has_several_spellings(self, problems: ProblemSet, tmp_path: Path, spelling: str) -> None:
        row = {"task_id": "Java/fresh-0", "completion": "", "source_language": spelling}
        [sample] = read_samples([write(tmp_path / "s.jsonl", row)], problems)
        assert sample.source_language == "cpp"

    def test_rows_are_numbered_by_appearance_over_all_files_within_task_and_source(
        self, problems: ProblemSet, tmp_path: Path
    ) -> None:
        translated = {**GOOD, "source_language": "go"}
        first = write(tmp_path / "a.jsonl", GOOD, translated, GOOD)
        second = write(tmp_path / "b.jsonl.gz", translated, GOOD)
        keys = [(s.source_language, s.sample_index) for s in read_samples([first, second], problems)]
        assert keys == [(None, 0), ("go", 0), (None, 1), ("go", 1), (None, 2)]

    def test_given_indices_are_kept_however_large(self, problems: ProblemSet, tmp_path: Path) -> None:
        given = [7, 0, 10**12, 65535, 65536]
        path = write(tmp_path / "s.jsonl", *({**GOOD, "sample_index": index} for index in given))
        assert [s.sample_index for s in read_samples([path], problems)] == given

    def test_windows_line_ends_a_byte_order_mark_blank_lines_and_no_last_line_end_are_fine(
        self, problems: ProblemSet, tmp_path: Path
    ) -> None:
        path = tmp_path / "s.jsonl"
        row = json.dumps({**GOOD, "completion": "é\u2028x"}, ensure_ascii=False)
        path.write_bytes(b"\xef\xbb\xbf" + f"{row}\r\n\r\n{row}".encode())
        assert [s.completion for s in read_samples([path], problems)] == ["é\u2028x"] * 2

    def test_a_pair_of_surrogates_and_an_escaped_nul_are_text(self, problems: ProblemSet, tmp_path: Path) -> None:
        path = tmp_path / "s.jsonl"
        path.write_text(r'{"task_id": "CPP/fresh-0", "completion": "\ud83d\ude00 \u0000 \\ud800"}')
        assert [s.completion for s in read_samples([path], problems)] == ["\U0001f600 \0 \\ud800"]

    def test_one_path_may_stand_alone(self, problems: ProblemSet, tmp_path: Path) -> None:
        path = write(tmp_path / "s.jsonl", GOOD)
        assert len(list(read_samples(str(path), problems))) == 1  # type: ignore[arg-type]

    def test_many_rows_take_constant_memory(self, problems: ProblemSet, tmp_path: Path) -> None:
        path = tmp_path / "s.jsonl"
        with path.open("w") as file:
            for index in range(5000):
                file.write(json.dumps({**GOOD, "completion": "x" * 2000, "sample_index": index}) + "\n")
        tracemalloc.start()
        assert sum(1 for _ in read_samples([path], problems)) == 5000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1 << 20  # of 10 MB on disk

    def test_a_file_is_described_by_size_and_digest(self, tmp_path: Path) -> None:
        path = tmp_path / "s.jsonl"
        path.write_bytes(b"abc")
        [found] = describe([path])
        assert (found.file, found.bytes, found.sha256[:8]) == ("s.jsonl", 3, "ba7816bf")


NEXT = "expected one JSON object a line"
KINDS = f"expected JSON lines with task_id and completion, or one of --format {', '.join(FORMATS)}"


class TestRefusedRows:
    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([{"completion": ""}], ":1: 'task_id' is missing; found the keys completion; "
             'expected task_id and completion; add it, such as "Python/0"'),
            ([{**GOOD, "task_id": 3}], ":1: 'task_id' is 3; expected a string such as \"Python/0\"; correct the row"),
            ([GOOD, {"task_id": TASK}], f":2 ({TASK}): 'completion' is missing; found the keys task_id; "
             "expected what the model wrote, under completion, generation, solution or the like; "
             "add it or remove the row"),
            ([{**GOOD, "completion": ["a"]}], f":1 ({TASK}): 'completion' is of type list; "
             "expected a string, one row a sample; correct the row"),
            ([{**GOOD, "generation": "b"}], f":1 ({TASK}): 'completion' and 'generation' differ; "
             "expected one of them; remove the other"),
            ([{**GOOD, "task_id": "CPP/fresh-99"}], ":1 (CPP/fresh-99): unknown task_id 'CPP/fresh-99'; "
             "did you mean 'CPP/fresh-9'? found the keys task_id, completion; the set 'fresh' holds 100 tasks, Python/fresh-0 to Go/fresh-19; "
             "correct or remove the row"),
            ([{**GOOD, "task_id": "\ud800"}], ":1 ('\\ud800'): unknown task_id '\\ud800'; "
             "found the keys task_id, completion; the set 'fresh' holds 100 tasks, Python/fresh-0 to Go/fresh-19; correct or remove the row"),
            ([{**GOOD, "task_id": "\x1b[2J\n" + "x" * 10_000}], ":1 ('\\x1b[2J\\nxxx...xxxxxxxxxxxxx'): "
             "unknown task_id '\\x1b[2J\\nxxx...xxxxxxxxxxxxx'; found the keys task_id, completion; the set 'fresh' holds 100 tasks, "
             "Python/fresh-0 to Go/fresh-19; correct or remove the row"),
            ([GOOD, {**GOOD, "task_id": "Python/0"}], ":2 (Python/0): the row belongs to the problem set 'official', "
             "the run to 'fresh'; expected samples of one set; give the other set's samples a run of their own"),
            ([{**GOOD, "source_language": "pyton"}], f":1 ({TASK}): 'source_language': unknown language 'pyton'; "
             "did you mean 'python'? choose cpp, go, java, javascript, python, rust"),
            ([{**GOOD, "source_language": 1}], f":1 ({TASK}): 'source_language': unknown language '1'; "
             "choose cpp, go, java, javascript, python, rust"),
            ([{**GOOD, "source_language": "C++"}], f":1 ({TASK}): 'source_language' is 'C++', the language of the task "
             "itself; expected another one; leave it out for samples that are no translations"),
            ([{**GOOD, "completion": "a\ud800"}], f":1 ({TASK}): 'completion' holds half a surrogate pair "
             "(\\ud800 to \\udfff); expected text that UTF-8 can write; correct or remove the row"),
            ([{**GOOD, "raw": {"text": ["\udfff"]}}], f":1 ({TASK}): 'raw' holds half a surrogate pair "
             "(\\ud800 to \\udfff); expected text that UTF-8 can write; correct or remove the row"),
            ([{**GOOD, "sample_index": 4}] * 2, f":2 ({TASK}): 'sample_index' 4 is there twice for this task; "
             "expected each once; number the rows apart, or leave 'sample_index' out of all of them"),
            ([{**GOOD, "sample_index": 4}, GOOD], f":2 ({TASK}): some rows of this task have 'sample_index' and some "
             "do not; expected all or none; add it to every row or leave it out"),
            ([GOOD, {**GOOD, "sample_index": 4}], f":2 ({TASK}): some rows of this task have 'sample_index' and some "
             "do not; expected all or none; add it to every row or leave it out"),
            ([GOOD, [GOOD]], f":2: found a JSON list; {NEXT}; correct or remove the line"),
            ([GOOD, None], f":2: found a JSON NoneType; {NEXT}; correct or remove the line"),
        ],
    )  # fmt: skip
    def test_a_wrong_row_is_named_by_line_and_task(
        self, problems: ProblemSet, tmp_path: Path, rows: list[object], message: str
    ) -> None:
        path = write(tmp_path / "s.jsonl", *rows)
        assert refusal(problems, path) == f"{path}{message}"

    @pytest.mark.parametrize("index", [True, 1.0, -1, "1", [], 1e300])
    def test_an_index_is_a_whole_number_from_zero(self, problems: ProblemSet, tmp_path: Path, index: object) -> None:
        path = write(tmp_path / "s.jsonl", {**GOOD, "sample_index": index})
        assert refusal(problems, path) == (
            f"{path}:1 ({TASK}): 'sample_index' is {index!r}; expected a whole number from 0; correct the row"
        )

    def test_one_index_in_two_files_is_a_duplicate(self, problems: ProblemSet, tmp_path: Path) -> None:
        first, second = (write(tmp_path / name, {**GOOD, "sample_index": 2}) for name in ("a.jsonl", "b.jsonl"))
        assert "'sample_index' 2 is there twice for this task" in refusal(problems, first, second)

    def test_one_file_given_twice_would_count_twice(self, problems: ProblemSet, tmp_path: Path) -> None:
        path = write(tmp_path / "a.jsonl", GOOD)
        (tmp_path / "link.jsonl").symlink_to(path)
        assert "is given twice" in refusal(problems, path, tmp_path / "link.jsonl")
        assert "no samples file was given" in refusal(problems)

    def test_the_set_of_an_unknown_kind_of_task_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path / "s.jsonl", {**GOOD, "task_id": "HumanEval/x"})
        with pytest.raises(SampleError) as caught:
            set_of_samples([path])
        assert str(caught.value).startswith(f"{path}:1 (HumanEval/x): task_id 'HumanEval/x' is of no known set")


LINE = json.dumps(GOOD).encode() + b"\n"
RETRIED = "make or copy the file again"


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", f": the file is empty; {NEXT}; make the file again"),
            (b" \n\r\n", f": the file is empty; {NEXT}; make the file again"),
            (json.dumps([1, 2]).encode(), ": is one JSON list of no known kind; {kinds}"),
            (json.dumps({"a": GOOD}, indent=1).encode(), ": is one JSON dict of no known kind; {kinds}"),
            (json.dumps([GOOD, 1], indent=1).encode(), ": is one JSON list of no known kind; {kinds}"),
            (b"[1, 2", ": not JSON (Expecting ',' delimiter: line 1 column 6 (char 5)); make or copy the file again"),
            (pickle.dumps([GOOD]), ": is a Python pickle; write one JSON object a line instead"),
            (gzip.compress(LINE, mtime=0), ": is gzip data; give it a name that ends in .gz"),
            ("x".encode("utf-16"), ": is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8"),
            (b"task_id,completion\n", ":1: not JSON (Expecting value, column 1); {next}; correct or remove the line"),
            (LINE + LINE[:20], ":2: the last line is cut off; expected a complete JSON object; "
             "remove it with: sed -i '$d' {path}"),
            (LINE + LINE[:20] + "é".encode()[:1], ":2: the last line is cut off; expected a complete JSON object; "
             "remove it with: sed -i '$d' {path}"),
            (LINE + LINE[:20] + b"\n" + LINE, ":2: not JSON (Invalid control character at, column 21); {next}; "
             "correct or remove the line"),
            (LINE + b"\0" * 9 + LINE, ":2: NUL byte at column 1; {next}; the file is damaged, make or copy it again"),
            (LINE + b'{"a": "\xe9"}\n', ":2: byte 0xe9 at column 8 is not UTF-8; {next}; convert the file to UTF-8"),
            (LINE + b'{"a": "\xed\xa0\x80"}\n', ":2: byte 0xed at column 8 is not UTF-8; {next}; "
             "convert the file to UTF-8"),
            (b'{"a":' * 100_000 + b"\n", ":1: not JSON (maximum recursion depth exceeded"),
            (b'{"a": ' + b"9" * 5000 + b"}\n", ":1: not JSON (Exceeds the limit"),
        ],
    )  # fmt: skip
    def test_what_is_not_json_lines_is_named(
        self, problems: ProblemSet, tmp_path: Path, data: bytes, message: str
    ) -> None:
        path = tmp_path / "s.jsonl"
        path.write_bytes(data)
        expected = str(path) + message.replace("{next}", NEXT).replace("{path}", str(path)).replace("{kinds}", KINDS)
        found = refusal(problems, path)
        assert found == expected or (message.count("(") > message.count(")") and found.startswith(expected))

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (LINE, ": is not gzip data; give it a name that does not end in .gz"),
            (gzip.compress(LINE * 3, mtime=0)[:-9], f":4: the gzip data is cut off here; {RETRIED}"),
            (gzip.compress(LINE, mtime=0) + gzip.compress(LINE, mtime=0)[:15], f":2: the gzip data is cut off here; {RETRIED}"),
            (gzip.compress(LINE, mtime=0)[:-8] + b"12345678", ":2: the gzip data is broken here (CRC check failed"),
            (gzip.compress(LINE, mtime=0)[:10] + b"\x07" * 30, ":1: the gzip data is broken here (Error -3"),
            (gzip.compress(LINE + LINE[:9], mtime=0), ":2: the last line is cut off; expected a complete JSON object; "
             "remove it with: zcat {path} | sed '$d' | gzip > NEW.jsonl.gz"),
            (gzip.compress(b"", mtime=0), f": the file is empty; {NEXT}; make the file again"),
        ],
    )  # fmt: skip
    def test_a_broken_gzip_is_named(self, problems: ProblemSet, tmp_path: Path, data: bytes, message: str) -> None:
        path = tmp_path / "s.jsonl.gz"
        path.write_bytes(data)
        expected = str(path) + message.replace("{path}", str(path))
        found = refusal(problems, path)
        assert found == expected or (message.count("(") > message.count(")") and found.startswith(expected))

    def test_missing_files_folders_and_pipes_are_named(self, problems: ProblemSet, tmp_path: Path) -> None:
        missing, pipe = tmp_path / "missing.jsonl", tmp_path / "pipe.jsonl"
        os.mkfifo(pipe)
        plain = "expected a file of JSON lines (.jsonl or .jsonl.gz)"
        assert refusal(problems, missing) == f"{missing}: no such file; check the name"
        assert refusal(problems, tmp_path) == f"{tmp_path}: is a folder with pipe.jsonl; {KINDS}"
        assert refusal(problems, pipe) == f"{pipe}: is not a plain file; {plain}"

    @pytest.mark.parametrize("name", ["s.jsonl", "s.jsonl.gz"])
    def test_a_line_of_100_megabytes_is_refused_without_being_held(
        self, problems: ProblemSet, tmp_path: Path, name: str
    ) -> None:
        path = tmp_path / name
        with gzip.open(path, "wb", compresslevel=1) if name.endswith(".gz") else path.open("wb") as file:
            file.write(LINE)
            for _ in range(100):
                file.write(b"a" * 1_000_000)
        tracemalloc.start()
        message = refusal(problems, path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert message == f"{path}:2: the line is longer than 16 MiB; {NEXT}; remove it"
        assert peak < 40 << 20


class TestKeySet:
    def test_it_is_a_set(self) -> None:
        keys = KeySet()
        random = Random(1)
        plain = set()
        for _ in range(3000):
            key = (f"Go/{random.randrange(3)}", random.choice(["", "cpp"]), random.choice([3, 90, 65535, 70000, 10**9]))
            key = (*key[:2], key[2] + random.randrange(20))
            assert (key in keys) == (key in plain)
            assert keys.add(key) == (key not in plain)
            plain.add(key)
        assert len(keys) == len(plain)


def samples(first: int, last: int) -> list[Sample]:
    return [
        Sample(task_id=TASK, completion=f"return {index};", sample_index=index, extra={"seed": index})
        for index in range(first, last)
    ]


FILES = pytest.mark.parametrize("name", ["s.jsonl", "s.jsonl.gz"])

WRITER = """
import sys
from humaneval_x.records import Sample
from humaneval_x.problems import load_problems
from humaneval_x.samples import SampleWriter
with SampleWriter(sys.argv[1]) as writer:
    done = writer.existing_keys(load_problems("fresh", languages=["cpp"]))
    print(len(done), writer.cut_bytes, flush=True)
    for index in range(int(sys.argv[2])):
        sample = Sample(task_id="CPP/fresh-0", completion="x" * (index % 5000), sample_index=index)
        if sample.key not in done:
            writer.append([sample])
"""


class TestWriting:
    @FILES
    def test_what_is_written_is_what_is_read(self, problems: ProblemSet, tmp_path: Path, name: str) -> None:
        path = tmp_path / "new" / name
        translated = Sample(task_id="Go/fresh-0", completion="\u2028\n", sample_index=3, source_language="cpp")
        for batch in (samples(0, 2), [translated]):
            with SampleWriter(path) as writer:
                writer.append(batch)
        assert list(read_samples([path], problems)) == [*samples(0, 2), translated]

    @FILES
    def test_a_file_cut_at_any_byte_is_taken_up(self, problems: ProblemSet, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        with SampleWriter(path) as writer:
            writer.append(samples(0, 1))
            writer.append(samples(1, 3))
        whole = path.read_bytes()
        for length in range(len(whole) + 1):
            path.write_bytes(whole[:length])
            with SampleWriter(path) as writer:
                done = writer.existing_keys(problems)
                kept = len(done)
                writer.append([sample for sample in samples(0, 3) if sample.key not in done])
            assert list(read_samples([path], problems)) == samples(0, 3), length
            assert kept == 3 or length < len(whole)
        assert not list(tmp_path.glob("*.part"))

    def test_a_packed_file_of_someone_else_that_was_cut_keeps_its_whole_lines(
        self, problems: ProblemSet, tmp_path: Path
    ) -> None:
        path = tmp_path / "s.jsonl.gz"
        rows = b"".join(
            json.dumps({**GOOD, "sample_index": i, "completion": "ab" * i}).encode() + b"\n" for i in range(900)
        )
        path.write_bytes(gzip.compress(rows, mtime=0)[:-400])
        with SampleWriter(path) as writer:
            kept = len(writer.existing_keys(problems))
        assert kept > 100
        assert [s.sample_index for s in read_samples([path], problems)] == list(range(kept))

    def test_damaged_gzip_is_not_touched(self, tmp_path: Path) -> None:
        path = tmp_path / "s.jsonl.gz"
        damaged = gzip.compress(LINE, mtime=0)[:10] + b"\x07" * 30
        path.write_bytes(damaged)
        with pytest.raises(SampleError, match="the gzip data is broken"):
            SampleWriter(path)
        assert path.read_bytes() == damaged

    def test_rows_without_an_index_cannot_be_taken_up(self, problems: ProblemSet, tmp_path: Path) -> None:
        path = write(tmp_path / "s.jsonl", GOOD)
        with SampleWriter(path) as writer, pytest.raises(SampleError) as caught:
            writer.existing_keys(problems)
        assert str(caught.value) == (
            f"{path}:1: the row has no 'sample_index', so the file cannot be taken up; choose another name"
        )

    def test_two_writers_exclude_each_other(self, tmp_path: Path) -> None:
        path = tmp_path / "s.jsonl"
        with SampleWriter(path), pytest.raises(SampleError) as caught:
            SampleWriter(path)
        assert str(caught.value) == (
            f"{path}: another process is writing this file; wait for it, or choose another name"
        )
        SampleWriter(path).close()

    def test_text_that_could_not_be_read_again_is_not_written(self, tmp_path: Path) -> None:
        with SampleWriter(tmp_path / "s.jsonl") as writer, pytest.raises(SampleError, match="half a surrogate pair"):
            writer.append([Sample(task_id=TASK, completion="\ud800", sample_index=0)])
        assert (tmp_path / "s.jsonl").read_bytes() == b""

    def test_a_full_disk_and_a_folder_in_the_way_are_told_apart(self, tmp_path: Path) -> None:
        (tmp_path / "full.jsonl").symlink_to("/dev/full")
        with SampleWriter(tmp_path / "full.jsonl") as writer, pytest.raises(MachineError, match="the disk is full"):
            writer.append(samples(0, 1))
        with pytest.raises(HarnessError, match="cannot be written"):
            SampleWriter(tmp_path)

    @pytest.mark.slow
    @FILES
    def test_a_writer_killed_at_random_moments_loses_nothing_it_had_written(
        self, problems: ProblemSet, tmp_path: Path, name: str
    ) -> None:
        path = tmp_path / name
        random = Random(7)
        argv = [sys.executable, "-c", WRITER, str(path), "3000"]
        counts = []
        for _ in range(6):
            with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None
                counts.append(int(child.stdout.readline().split()[0]))
                time.sleep(random.uniform(0.01, 0.1))
                child.send_signal(signal.SIGKILL)
        assert counts == sorted(counts)
        subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        assert [s.sample_index for s in read_samples([path], problems)] == list(range(3000))


@pytest.mark.parametrize("name", [OFFICIAL, PACK])
def test_a_language_that_has_to_be_asked_for_is_asked_for_by_its_rows(tmp_path: Path, name: str) -> None:
    """HumanEvalPack has the official set's task_ids."""
    problem = replace(fresh("python")[0], task_id="Python/0")
    loaded = ProblemSet(name=name, directory=tmp_path, problems={"Python/0": problem}, files={}, digest="")
    samples = tmp_path / "samples.jsonl"
    samples.write_text(json.dumps({"task_id": "Rust/0", "completion": ""}) + "\n")
    with pytest.raises(NotLoaded, match="was loaded without its Rust problems") as asked:
        list(read_samples(samples, loaded))
    assert asked.value.language == "rust"
