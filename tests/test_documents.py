"""README and docs: every command in them exists with its options, and the command blocks run, one after the other.

A block runs in a copy of the tree, as a reader would run it; what the reader already has (samples of another harness, a
model, a server) is made first, small. `NOT_RUN` lists the commands that are only looked at, each with its reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import tomllib
from machine import ROOT

from humaneval_x.__main__ import PROGRAM
from humaneval_x.commands.signature import group_of
from humaneval_x.commands.words import command_named, read_words
from humaneval_x.problems import load_problems

SHARED = ROOT.parent / "shared" / "humaneval-x"
DOCUMENTS = [
    path for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]) if path.name != "CHANGELOG.md"
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = {
    r"\.ci/": "is CI",
    r"make (?:test|lint)\b": "is what CI runs",
    r"pip install ": "installs from a package index; that the extra exists is tested below",
    r"source \.venv/bin/activate": "the walk has the environment's programs in its path",
    r"scripts/gpu-figures ": "needs a GPU of 80 GB",
    r"python -m benchmarks\.generation$": "measures for minutes; tests/samplers/test_benchmark.py runs it small",
}


def blocks(path: Path, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(path.read_text(encoding="utf-8")) if name == language]


def commands(path: Path) -> list[str]:
    """The commands of a document's console blocks, in order, without their comments."""
    lines = [line for block in blocks(path, "console") for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s{2,}#.*", "", line.removeprefix("$ ")).strip() for line in lines]


def mentioned(path: Path) -> list[str]:
    """Every command of ours in a document, also within sentences and other blocks."""
    found = re.findall(
        r"(?:python (?:evaluate|generate)\.py|humaneval-x (?:evaluate|generate)) [^`\n#]+", path.read_text()
    )
    return [each.strip() for each in found if "COMMAND" not in each and "..." not in each]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists_with_its_options(path: Path) -> None:
    for command in mentioned(path):
        words = command.replace("python evaluate.py", "evaluate").replace("python generate.py", "generate").split()
        words = [word.strip("'\"") for word in words if word != "humaneval-x"]
        line = command_named(PROGRAM.table, [word for word in words if word != "--help"])
        if "--help" not in words and callable(line.target):
            read_words(line)
            options = {option.name: option for option in group_of(line.target).options()}
            for name, word in line.values.items():
                if name in options:
                    options[name].read(word)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_targets_extras_and_files_that_a_document_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in re.findall(r"[`$] ?make ([a-z-]+)", text):
        assert target in targets, f"make {target}"
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for names in re.findall(r"pip install '(?:\.|humaneval-x-harness)\[([\w,]+)\]'", text):
        assert set(names.split(",")) <= set(extras), names
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target


def test_every_command_block_is_run_or_listed_with_a_reason() -> None:
    run = {path for path in DOCUMENTS if path.name in WALKS}
    left = [command for path in DOCUMENTS if path not in run for command in commands(path) if not_run(command) is None]
    assert left == []
    every = [command for path in DOCUMENTS for command in commands(path)]
    assert [each for each in NOT_RUN if not any(re.match(each, command) for command in every)] == []


def not_run(command: str) -> str | None:
    return next((reason for pattern, reason in NOT_RUN.items() if re.match(pattern, command)), None)


class Reader:
    """Someone with a fresh copy of the tree, an environment and a shell."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "no_proxy": "127.0.0.1"}
        for name in ("PYTHONPATH", "OPENAI_API_KEY", "HUMANEVAL_X_PROBLEMS"):
            self.environment.pop(name, None)
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        self._environment_of_programs()
        self.changes: dict[str, str] = {}  # what is said otherwise than in the document, and how

    def _environment_of_programs(self) -> None:
        """An environment as `make` leaves one, by links to the one that runs the tests."""
        (self.folder / ".venv").mkdir()
        for name in ("bin", "lib", "pyvenv.cfg"):
            (self.folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
        for name in (".core", ".dev", ".report", ".model"):
            (self.folder / ".venv" / name).touch()
        self.environment["PATH"] = f"{self.folder / '.venv' / 'bin'}:{self.environment['PATH']}"
        warm = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "humaneval_x" / "toolchains"
        if warm.is_dir():  # made from the same files, by their digest
            (self.folder / "cache" / "humaneval_x").mkdir(parents=True)
            (self.folder / "cache" / "humaneval_x" / "toolchains").symlink_to(warm)

    def has_official_problems(self) -> None:
        self.environment["HUMANEVAL_X_PROBLEMS"] = str(SHARED)

    def runs(self, command: str) -> subprocess.CompletedProcess[str]:
        for pattern, other in self.changes.items():
            command = re.sub(pattern, other, command)
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        assert "DeprecationWarning" not in done.stderr
        assert "FutureWarning" not in done.stderr
        return done


@contextmanager
def files_served(folder: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *values: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def readme(reader: Reader) -> None:
    """The official files come from a server on this machine."""
    files = reader.folder / "mirror"
    files.mkdir()
    for path in SHARED.rglob("humaneval_*.jsonl*"):
        shutil.copy(path, files)
    address = reader.stack.enter_context(files_served(files))
    reader.changes["problems fetch$"] = f"problems fetch --base_url {address}"


def reports(reader: Reader) -> None:
    """Two runs to compare are the demo's, twice."""
    copies = "cp -r results/demo results/new && cp -r results/demo results/old && "
    reader.changes[r"^(?=python evaluate\.py report results/new results/old)"] = copies


def leaderboard(reader: Reader) -> None:
    """A submission is the canonical solutions; the site is looked at and not served for good."""
    sys.path.insert(0, str(Path(__file__).parent / "leaderboard"))
    from submissions import submission

    reader.has_official_problems()
    submission(reader.folder / "submissions" / "my-model", load_problems(SHARED))
    reader.changes[r"^python -m http\.server (.*)"] = r"timeout 5 python -m http.server 0 \1; test $? = 124"


def formats(reader: Reader) -> None:
    """Samples of two other harnesses: the canonical solutions."""
    reader.has_official_problems()
    loaded = load_problems(SHARED, languages=["python", "cpp"])
    python = [each for each in loaded.problems.values() if each.prefix == "Python"]
    texts = [each.prompt + each.canonical_solution for each in python]
    rows = [{"task_id": f"HumanEval/{each.number}", "solution": text} for each, text in zip(python, texts, strict=True)]
    (reader.folder / "evalplus_samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = {row["task_id"]: [{**row, "base_status": "pass", "plus_status": "pass"}] for row in rows}
    (reader.folder / "evalplus_eval_results.json").write_text(json.dumps({"date": "2024-01-01", "eval": found}))
    lists = [[each.canonical_solution] for each in loaded.problems.values() if each.prefix == "CPP"]
    (reader.folder / "generations_humanevalsynthesize-cpp.json").write_text(json.dumps(lists))


def generate(reader: Reader) -> None:
    """The models are tiny and asked for little; the server is on this machine and writes an end of function."""
    for folder in ("samplers", "codegeex"):
        sys.path.insert(0, str(Path(__file__).parent / folder))
    import tiny_models
    from openai_server import serving

    reader.has_official_problems()
    tiny_models.save_codegeex(reader.folder / "codegeex-13b")
    tiny_models.save_gpt2(reader.folder / "Qwen" / "Qwen2.5-Coder-7B-Instruct")
    endpoint = reader.stack.enter_context(serving(lambda body: "}\n"))
    reader.changes["http://localhost:8000/v1"] = endpoint.url
    reader.changes["--preset"] = "--limit 1 --max_new_tokens 4 --preset"
    reader.changes["codegeex-paper"] = "codegeex-paper --num_samples 2"


def model(reader: Reader) -> None:
    """The checkpoint has the published layout and two layers."""
    for folder in ("samplers", "codegeex"):
        sys.path.insert(0, str(Path(__file__).parent / folder))
    import checkpoint_layouts as layouts
    import tiny_models
    import torch

    tokenizer = tiny_models.codegeex_tokenizer()
    layouts.VOCAB, layouts.POSITIONS = len(tokenizer), tiny_models.POSITIONS
    flat = layouts.random_checkpoint()
    torch.save(layouts.nested(flat), reader.folder / "codegeex_13b.pt")
    layouts.save_config(reader.folder)
    tokenizer.save_pretrained(reader.folder / "CodeGeeX" / "codegeex" / "tokenizer")
    (reader.folder / "prompt.txt").write_text("def add(a, b):\n")


WALKS: dict[str, tuple[Callable[[Reader], None], list[pytest.MarkDecorator]]] = {
    "README.md": (readme, [pytest.mark.slow, pytest.mark.shared]),
    "reports.md": (reports, [pytest.mark.slow]),
    "similarity.md": (lambda reader: None, [pytest.mark.slow]),
    "tasks.md": (lambda reader: None, [pytest.mark.slow]),
    "multipl_e.md": (lambda reader: None, [pytest.mark.slow]),
    "leaderboard.md": (leaderboard, [pytest.mark.slow, pytest.mark.shared]),
    "formats.md": (formats, [pytest.mark.slow, pytest.mark.shared]),
    "generate.md": (generate, [pytest.mark.slow, pytest.mark.shared, pytest.mark.model]),
    "model.md": (model, [pytest.mark.slow, pytest.mark.model]),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks) for name, (_, marks) in WALKS.items()])
def test_the_commands_of_a_document_work_one_after_the_other(name: str, tmp_path: Path, sandbox: str) -> None:
    path = next(each for each in DOCUMENTS if each.name == name)
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        WALKS[name][0](reader)
        for command in commands(path):
            if not_run(command) is None:
                reader.runs(command)
        code = "\n".join(blocks(path, "python"))
        if code:
            (tmp_path / "block.py").write_text(code)
            reader.runs("python block.py")
