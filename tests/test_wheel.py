"""The wheel: `pip install .` gives the command with its data, without a checkout beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from machine import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel. Building needs hatchling, or an index to get it from; skips without either."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".venv", ".git", "results", "__pycache__", ".*_cache", "tests")
    shutil.copytree(ROOT, source, ignore=ignored)
    argv = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(source)]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode and "hatchling" in done.stderr:
        pytest.skip(f"the wheel's build tool is not to be had here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_jails_side_and_the_problems(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = {
        str(path.relative_to(ROOT))
        for folder in ("sandboxes", "problems")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {f"humaneval_x/data/{name}" for name in tracked} <= names
    assert "humaneval_x/data/Dockerfile" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"humaneval_x", "humaneval_x_harness"}


def test_the_installed_command_works_without_a_checkout(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    argv = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(argv, check=True)
    others = [
        path for path in sys.path if path.endswith("site-packages")
    ]  # its dependencies, from where the tests have them
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": os.pathsep.join(others),
    }

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        program = [str(tmp_path / "venv" / "bin" / "humaneval-x"), *words]
        return subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert command("--help").returncode == 0
    where = subprocess.run(
        [str(python), "-c", "import humaneval_x; print(humaneval_x.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path / "venv") in where.stdout
    listed = command("evaluate", "problems", "list")
    assert (listed.returncode, "fresh" in listed.stdout) == (0, True), listed
    wrong = command("evaluate", "run", "absent.jsonl")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


@pytest.mark.bubblewrap
def test_the_installed_doctor_judges_a_program_of_each_language(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    argv = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(argv, check=True)
    others = [path for path in sys.path if path.endswith("site-packages")]
    done = subprocess.run(
        [str(tmp_path / "venv" / "bin" / "humaneval-x"), "evaluate", "doctor", "--sandbox", "bubblewrap"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(others)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done
    for title in ("Python", "C++", "Java", "JavaScript", "Go"):
        assert f"ok    {title}: " in done.stdout, done
