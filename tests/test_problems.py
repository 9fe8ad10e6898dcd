"""Problem sets: found, read, checked, fetched. The network here is a server of our own on 127.0.0.1."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from humaneval_x import problem_files, problems
from humaneval_x.errors import MachineError, OptionError, ProblemError, ResultsError, SampleError
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.problem_files import FileCheck, fetch, manifest, verify
from humaneval_x.problems import list_sets, load_problems, set_of
from humaneval_x.resources import cache_folder, problems_folder, sandboxes_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "humaneval-x"
RESTORE = "restore the file with: python evaluate.py problems fetch"
ROW = {
    "task_id": "CPP/0",
    "prompt": "int f(){\n",
    "declaration": "int f(){\n",
    "canonical_solution": "    return 1;\n}\n",
    "test": "int main(){ return f() - 1; }\n",
    "example_test": "",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without problem files, and no proxy between us and our own server."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(problem_files.VARIABLE, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "humaneval_x" / "problems"


def folder(path: Path, *rows: object, raw: bytes | None = None, name: str = "humaneval_cpp.jsonl") -> Path:
    path.mkdir(exist_ok=True)
    data = raw if raw is not None else "".join(json.dumps(row) + "\n" for row in rows).encode()
    (path / name).write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ProblemError) as caught:
        load_problems(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def without(key: str) -> dict[str, str]:
    return {name: value for name, value in ROW.items() if name != key}


def copy_official(place: Path) -> None:
    place.mkdir(parents=True)
    for path in SHARED.glob("humaneval_*"):
        (place / path.name).write_bytes(path.read_bytes())


class TestSets:
    def test_the_fresh_set_has_the_same_tasks_in_every_language(self) -> None:
        fresh = load_problems("fresh")
        assert (fresh.name, fresh.verified, fresh.directory) == ("fresh", True, problems_folder() / "fresh")
        numbers = {
            name: [p.number for p in fresh.problems.values() if p.prefix == language.PREFIX]
            for name, language in LANGUAGES.items()
        }
        assert len(set(map(tuple, numbers.values()))) == 1
        assert len(fresh.problems) == len(LANGUAGES) * len(numbers["python"])

    def test_a_language_can_be_left_out_and_the_digest_says_so(self) -> None:
        some = load_problems("fresh", languages=["python", "go"])
        assert set(some.files) == {"humaneval_python.jsonl", "humaneval_go.jsonl"}
        assert some.digest != load_problems("fresh").digest
        assert some == load_problems("fresh", languages="python,go")

    def test_unknown_and_no_languages_are_refused(self) -> None:
        with pytest.raises(OptionError, match="unknown language 'golang'; did you mean 'go'"):
            load_problems("fresh", languages=["golang"])
        with pytest.raises(OptionError, match="no language is chosen"):
            load_problems("fresh", languages=[])

    def test_the_official_set_is_never_replaced_by_another(self, home: Path) -> None:
        with pytest.raises(ProblemError) as caught:
            load_problems()
        assert str(caught.value) == (
            f"the official problems are not on this machine (looked in {home}); "
            "get them with: python evaluate.py problems fetch"
        )

    def test_an_unknown_set_and_a_missing_folder_are_told_apart(self, tmp_path: Path) -> None:
        with pytest.raises(ProblemError) as caught:
            load_problems("oficial")
        assert str(caught.value) == (
            "unknown problem set 'oficial'; did you mean 'official'? choose fresh, humanevalpack, official; "
            "or give a folder of humaneval_<language>.jsonl[.gz]"
        )
        assert "no such folder" in refusal(tmp_path / "nowhere")
        assert "is a file" in refusal(Path(__file__))
        assert "holds no problem file" in refusal(tmp_path)

    def test_task_ids_say_which_set_they_are_of(self) -> None:
        assert set_of(["Python/0", "CPP/163"]) == "official"
        assert set_of(["Go/fresh-3"]) == "fresh"
        with pytest.raises(SampleError) as caught:
            set_of(["Python/0", "Go/fresh-3"])
        assert str(caught.value) == (
            "found 'Python/0' (official) and 'Go/fresh-3' (fresh); "
            "expected samples of one set; give each set a run of its own"
        )
        with pytest.raises(SampleError, match="task_id 'HumanEval/0': unknown language 'HumanEval'"):
            set_of(["HumanEval/0"])
        for task_id in ("Python/fresh-", "Python/²", "Python", "", "Python/1/2"):
            with pytest.raises(SampleError, match="is of no known set"):
                set_of([task_id])

    def test_a_folder_of_ones_own_is_named_after_it_and_unverified(self, tmp_path: Path) -> None:
        mine = load_problems(folder(tmp_path / "mine", ROW))
        assert (mine.name, mine.verified, list(mine.problems)) == ("mine (unverified)", False, ["CPP/0"])
        assert mine.problems["CPP/0"].source == "humaneval_cpp.jsonl:1"

    def test_packed_and_plain_files_are_the_same_set(self, tmp_path: Path) -> None:
        plain = load_problems(folder(tmp_path / "a", ROW))
        text = (tmp_path / "a" / "humaneval_cpp.jsonl").read_bytes()
        packed = folder(tmp_path / "b", raw=gzip.compress(text), name="humaneval_cpp.jsonl.gz")
        assert load_problems(packed).digest == plain.digest
        both = folder(packed, raw=text)
        assert load_problems(both).digest == plain.digest
        folder(both, {**ROW, "test": "other"})
        assert "differs from humaneval_cpp.jsonl.gz beside it" in refusal(both)

    def test_the_cache_folder_follows_the_user(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert cache_folder() == tmp_path / "cache" / "humaneval_x"
        monkeypatch.setenv("XDG_CACHE_HOME", "relative")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache_folder() == tmp_path / ".cache" / "humaneval_x"

    def test_an_installed_wheel_has_its_data_below_the_package(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        package = tmp_path / "site-packages" / "humaneval_x"
        (package / "data" / "sandboxes").mkdir(parents=True)
        monkeypatch.setattr("humaneval_x.resources.PACKAGE", package)
        assert sandboxes_folder() == package / "data" / "sandboxes"
        with pytest.raises(MachineError, match="its folder 'problems' is missing; install it again"):
            problems_folder()


class TestRows:
    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (without("test"), f"humaneval_cpp.jsonl:2 (CPP/0): 'test' is missing; {RESTORE}"),
            ({**ROW, "prompt": 3}, f"humaneval_cpp.jsonl:2 (CPP/0): 'prompt' has to be a string, found int; {RESTORE}"),
            (
                {**ROW, "task_id": "Java/0"},
                f"humaneval_cpp.jsonl:2 (Java/0): 'task_id' has to start with 'CPP/' in this file; {RESTORE}",
            ),
            (
                {**ROW, "task_id": "CPP/1"},
                "humaneval_cpp.jsonl:2 (CPP/1): 'task_id' is there twice, first in humaneval_cpp.jsonl:1; "
                f"expected each once; {RESTORE}",
            ),
            (
                {**ROW, "test": "\ud800"},
                "humaneval_cpp.jsonl:2 (CPP/0): 'test' holds half a surrogate pair (\\ud800 to \\udfff); "
                "expected text that UTF-8 can write; correct or remove the row",
            ),
            (
                [],
                "humaneval_cpp.jsonl:2: found a JSON list; expected one JSON object a line; correct or remove the line",
            ),
        ],
    )
    def test_a_wrong_row_is_named_by_file_line_task_and_key(self, tmp_path: Path, row: object, message: str) -> None:
        assert refusal(folder(tmp_path / "set", {**ROW, "task_id": "CPP/1"}, row)) == message

    @pytest.mark.parametrize(
        ("raw", "part"),
        [
            (b"", "humaneval_cpp.jsonl: the file is empty"),
            (b"\n\n", "humaneval_cpp.jsonl: the file is empty"),
            (b"{]\n", "humaneval_cpp.jsonl:1: not JSON"),
            (b"\n\xff\n", "humaneval_cpp.jsonl:2: byte 0xff at column 1 is not UTF-8"),
            (b"[" * 100_000, "humaneval_cpp.jsonl:1: found a JSON array"),
        ],
    )
    def test_a_file_that_is_not_json_lines_is_refused(self, tmp_path: Path, raw: bytes, part: str) -> None:
        assert part in refusal(folder(tmp_path / "set", raw=raw))

    @pytest.mark.parametrize("cut", [0, 1, 20, -3])
    def test_a_broken_gzip_is_refused(self, tmp_path: Path, cut: int) -> None:
        raw = gzip.compress(json.dumps(ROW).encode())[:cut] if cut else b"plain text"
        message = refusal(folder(tmp_path / "set", raw=raw, name="humaneval_cpp.jsonl.gz"))
        assert message.startswith(f"{tmp_path}/set/humaneval_cpp.jsonl.gz: broken gzip (")
        assert message.endswith(RESTORE)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the official files are not in ../shared")
class TestOfficialFiles:
    def test_the_official_set_has_820_problems_and_is_recognised_by_its_text(self) -> None:
        official = load_problems(SHARED)
        assert (official.name, official.verified, len(official.problems)) == ("official", True, 820)

    def test_the_manifest_is_the_published_sums(self) -> None:
        lines = [line.split() for line in (SHARED / "SHA256SUMS").read_text().splitlines()]
        sums = {name: digest for digest, name in lines}
        assert {file.name: file.sha256 for file in manifest().files.values()} == sums
        assert {file.name: file.bytes for file in manifest().files.values()} == {
            name: (SHARED / name).stat().st_size for name in sums
        }

    def test_an_environment_variable_comes_before_the_cache(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        copy_official(home)
        assert load_problems("official").directory == home
        monkeypatch.setenv(problem_files.VARIABLE, str(SHARED))
        assert load_problems("official").directory == SHARED
        assert [(line.name, line.count) for line in list_sets()] == [
            ("official", 820),
            ("fresh", 100),
            ("humanevalpack", 0),
        ]

    def test_a_changed_file_is_refused_as_official_and_named(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy_official(home)
        changed = gzip.decompress((SHARED / "humaneval_go.jsonl.gz").read_bytes()).replace(b"Check", b"check", 1)
        (home / "humaneval_go.jsonl.gz").unlink()
        folder(home, raw=changed, name="humaneval_go.jsonl")
        with pytest.raises(ProblemError) as caught:
            load_problems("official")
        assert str(caught.value) == (
            f"{home}: humaneval_go.jsonl: not the pinned official text; {RESTORE}; "
            f"or use the folder as a set of its own with: --problems {home}"
        )
        assert load_problems("official", languages=["python"]).name == "official"
        assert load_problems(home).name == "problems (unverified)"
        (home / "humaneval_java.jsonl.gz").unlink()
        states = {check.file: check.state for check in verify()}
        assert states == {
            "humaneval_python.jsonl.gz": "ok",
            "humaneval_cpp.jsonl.gz": "ok",
            "humaneval_java.jsonl.gz": "missing",
            "humaneval_js.jsonl.gz": "ok",
            "humaneval_go.jsonl.gz": "differs",
            "humaneval_rust.jsonl.gz": "ok",
        }


class Site:
    """A server that can cut a connection, refuse ranges or serve the wrong thing; it logs what it was asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.ranges = True
        self.cut_after: list[int] = []  # bytes after which each coming answer breaks off
        self.log: list[tuple[str, str | None]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.log.append((request.path, asked))
        data = self.files.get(request.path)
        if data is None:
            request.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(data) - start))
        request.end_headers()
        end = start + self.cut_after.pop(0) if self.cut_after else len(data)
        request.wfile.write(data[start:end])

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


TEXTS = {
    name: (json.dumps({**ROW, "task_id": f"{language.PREFIX}/0", "import": "", "test_setup": ""}) + "\n").encode()
    + b'{"filler": "' + hashlib.sha256(name.encode()).hexdigest().encode() * 2000 + b'"}\n'
    for name, language in KNOWN.items()
}  # fmt: skip
PACKED = {name: gzip.compress(text, compresslevel=0, mtime=0) for name, text in TEXTS.items()}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A mirror of a small set that stands in for the official one."""
    pinned = {
        name: dataclasses.replace(
            manifest().files[name],
            bytes=len(PACKED[name]),
            sha256=hashlib.sha256(PACKED[name]).hexdigest(),
            text_sha256=hashlib.sha256(TEXTS[name]).hexdigest(),
        )
        for name in KNOWN
    }
    running = Site({f"/b/{file.path}": PACKED[name] for name, file in pinned.items()})
    bases = (f"{running.url}/a", f"{running.url}/b")
    small = dataclasses.replace(manifest(), files=pinned, bases=bases)
    for each in (problem_files, problems):
        monkeypatch.setattr(each, "manifest", lambda name="official": small)
    yield running
    running.stop()


def names(state: str, place: Path) -> list[FileCheck]:
    files = [f"humaneval_{language.FILE}.jsonl.gz" for language in KNOWN.values()]
    return [FileCheck(file=file, state=state, detail=str(place)) for file in files]


CPP = "humaneval_cpp.jsonl.gz"
CPP_PATH = "cpp/data/humaneval_cpp.jsonl.gz"


class TestFetch:
    def test_files_arrive_from_the_second_address_when_the_first_has_none(self, site: Site, home: Path) -> None:
        assert fetch() == names("fetched", home)
        assert sorted(path.name for path in home.iterdir()) == sorted(check.file for check in names("", home))
        assert ("/a/" + CPP_PATH, None) in site.log
        site.log.clear()
        assert fetch() == names("ok", home)
        assert site.log == []

    def test_a_cut_connection_is_taken_up_where_it_broke(self, site: Site, tmp_path: Path) -> None:
        site.cut_after = [50_000]
        fetch(tmp_path, f"{site.url}/b")
        assert [asked for _, asked in site.log[:2]] == [None, "bytes=50000-"]
        assert (tmp_path / "humaneval_python.jsonl.gz").read_bytes() == PACKED["python"]

    def test_an_earlier_call_is_taken_up_too(self, site: Site, tmp_path: Path) -> None:
        site.cut_after = [30_000, 0, 0, 0]
        with pytest.raises(MachineError) as caught:
            fetch(tmp_path, f"{site.url}/b")
        assert "\n" not in str(caught.value)
        assert "HTTP 404" in str(caught.value)  # the other layout of the address
        assert [path.name for path in tmp_path.iterdir()] == ["humaneval_python.jsonl.gz.part"]
        site.cut_after = []
        site.log.clear()
        fetch(tmp_path, f"{site.url}/b")
        assert site.log[0] == ("/b/python/data/humaneval_python.jsonl.gz", "bytes=30000-")
        assert (tmp_path / "humaneval_python.jsonl.gz").read_bytes() == PACKED["python"]

    def test_a_server_without_ranges_starts_over(self, site: Site, tmp_path: Path) -> None:
        site.ranges = False
        site.cut_after = [50_000]
        assert fetch(tmp_path, f"{site.url}/b") == names("fetched", tmp_path)

    def test_a_flat_mirror_will_do(self, site: Site, tmp_path: Path) -> None:
        site.files = {f"/flat/{path.rpartition('/')[2]}": data for path, data in site.files.items()}
        assert fetch(tmp_path, f"{site.url}/flat/") == names("fetched", tmp_path)

    def test_a_wrong_part_of_an_earlier_call_is_thrown_away(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / f"{CPP}.part").write_bytes(b"x" * 1000)
        (tmp_path / "humaneval_go.jsonl.gz.part").write_bytes(b"x" * 10_000_000)
        assert fetch(tmp_path, f"{site.url}/b") == names("fetched", tmp_path)

    @pytest.mark.parametrize("spoil", [lambda data: b"y" + data[1:], lambda data: data + b"z" * 1_000_000])
    def test_a_wrong_file_never_stands_under_its_name(
        self, site: Site, tmp_path: Path, spoil: Callable[[bytes], bytes]
    ) -> None:
        site.files["/b/" + CPP_PATH] = spoil(PACKED["cpp"])
        with pytest.raises(MachineError) as caught:
            fetch(tmp_path, f"{site.url}/b")
        assert f"/b/{CPP_PATH}: SHA-256 is " in str(caught.value)
        assert [path.name for path in tmp_path.iterdir()] == ["humaneval_python.jsonl.gz"]

    def test_a_file_cut_short_for_good_says_so(self, site: Site, tmp_path: Path) -> None:
        site.files["/b/" + CPP_PATH] = PACKED["cpp"][:5000]
        with pytest.raises(MachineError, match=f"ends after 5000 of {len(PACKED['cpp'])} bytes|HTTP 416|timed out"):
            fetch(tmp_path, f"{site.url}/b")

    def test_offline_is_one_line_saying_what_was_tried_and_what_to_do(self, tmp_path: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            base = f"http://127.0.0.1:{free.getsockname()[1]}"
            with pytest.raises(MachineError) as caught:
                fetch(tmp_path, base)
        assert str(caught.value) == (
            "humaneval_python.jsonl.gz could not be downloaded "
            f"(tried {base}/python/data/humaneval_python.jsonl.gz: Connection refused; "
            f"{base}/humaneval_python.jsonl.gz: Connection refused); "
            f"copy humaneval_python.jsonl.gz by hand to {tmp_path}, or name another address with --base_url"
        )

    def test_a_wrong_plain_file_in_the_way_is_named(self, site: Site, tmp_path: Path) -> None:
        folder(tmp_path, ROW)
        with pytest.raises(ProblemError, match=r"humaneval_cpp.jsonl: differs from humaneval_cpp.jsonl.gz beside it"):
            fetch(tmp_path, f"{site.url}/b")

    def test_what_is_found_prints_as_one_line(self, home: Path) -> None:
        assert str(FileCheck(file=CPP, state="ok", detail="/x")) == f"{CPP:<26} ok       /x"
        official, fresh, pack = map(str, list_sets())
        assert official.startswith("official       the official problems are not on this machine")
        assert fresh.startswith("fresh          100 problems  5 languages, SHA-256 ")
        assert pack.startswith("humanevalpack  HumanEvalPack is not on this machine")
        assert [FileCheck(file="", state=state).ok for state in ("fetched", "differs")] == [True, False]

    def test_only_web_addresses_are_asked(self, tmp_path: Path) -> None:
        for address in ("file:///etc", "example.org", "http://"):
            with pytest.raises(ProblemError, match="expected an address that starts with http"):
                fetch(tmp_path, address)

    def test_a_target_that_is_no_folder_is_refused(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(ResultsError, match="cannot be written"):
            fetch(tmp_path / "file", f"{site.url}/b")

    def test_a_pinned_set_of_its_own_is_fetched_into_a_folder_of_its_own(self, site: Site, home: Path) -> None:
        place = home.with_name("humanevalpack")
        assert fetch(name="humanevalpack") == names("fetched", place)
        assert verify(name="humanevalpack") == names("ok", place)
        assert not home.exists()

    def test_upstream_addresses_are_pinned_to_a_commit(self) -> None:
        assert len(manifest("humanevalpack").bases) == 1
        assert manifest("humanevalpack").commit in manifest("humanevalpack").bases[0]
        assert len(manifest().bases) == 2
        assert all(manifest().commit in base and base.startswith("https://") for base in manifest().bases)
