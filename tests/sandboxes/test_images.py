"""Images of warm processes: made once, by the first jail that wants one, and what starts from one is what it was."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from machine import ROOT

from sandboxes.images import COPIED, MAPPED, RESTORE
from sandboxes.prepare import restorer

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or platform.machine() != "x86_64", reason="needs gcc and x86_64"
)


@pytest.fixture(scope="module")
def built() -> Iterator[Path]:
    """The box's library, a server, and what restores it."""
    with tempfile.TemporaryDirectory(prefix="images-") as name:
        made = Path(name)
        box, image = (str(ROOT / "sandboxes" / each) for each in ("box.c", "image.c"))
        subprocess.run(["gcc", "-O2", "-fPIC", "-shared", "-o", str(made / "box.so"), box], check=True)
        server = ["gcc", "-O2", "-pthread", "-o", str(made / "server"), str(HERE / "server.c"), box, image]
        subprocess.run(server, check=True)
        restorer(made)
        yield made


@pytest.fixture
def folder(built: Path) -> Iterator[Path]:
    """These, with a store, as a jail has them."""
    with tempfile.TemporaryDirectory(prefix="images-") as name:
        made = Path(name)
        shutil.copytree(built, made, dirs_exist_ok=True)
        (made / "scratch").mkdir()
        (made / "store").mkdir(0o700)
        (made / "started").touch()
        made.chmod(0o755)
        yield made


def start(folder: Path, kind: str = "image", how: str = COPIED) -> tuple[str, str]:
    """What a fork of a server prints that a jail starts, and what the jail says on stderr."""
    argv = [sys.executable, str(HERE / "boxes.py"), str(folder), "start", kind, how]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=200, cwd=folder)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["status"] == 0
    return answer["printed"], done.stderr


def starts(folder: Path) -> int:
    """How often the server has started by itself."""
    return len((folder / "started").read_text().splitlines())


def images(folder: Path) -> list[Path]:
    return list((folder / "store").iterdir())


@pytest.mark.parametrize("how", [COPIED, MAPPED])
def test_the_first_jail_makes_the_image_and_all_start_from_it(folder: Path, how: str) -> None:
    assert [start(folder, how=how) for _ in range(3)] == [("restored", "")] * 3
    assert (starts(folder), len(images(folder))) == (1, 1)


def test_of_jails_that_start_at_once_one_makes_the_image(folder: Path) -> None:
    with ThreadPoolExecutor() as together:
        assert list(together.map(start, [folder] * 3)) == [("restored", "")] * 3
    assert (starts(folder), len(images(folder))) == (1, 1)


def test_another_preparation_has_another_image(folder: Path) -> None:
    start(folder)
    restorer(folder)
    assert start(folder) == ("restored", "")
    assert (starts(folder), len(images(folder))) == (2, 2)


@pytest.mark.parametrize("damage", [b"", b"not an image", b"\0" * 8192])
def test_an_image_that_does_not_come_alive_is_done_without(folder: Path, damage: bytes) -> None:
    start(folder)
    images(folder)[0].write_bytes(damage)
    printed, said = start(folder)
    assert printed == "runs"
    assert said.endswith("server: its image does not come alive here; starting it plainly\n") or not damage


def test_a_process_of_which_there_can_be_no_image_starts_as_ever_and_is_not_tried_again(folder: Path) -> None:
    printed, said = start(folder, "shared")
    assert (printed, said) == ("runs", f"{folder}/server: no image can be made here; starting it plainly\n")
    assert start(folder, "shared") == ("runs", "")
    assert starts(folder) == 3  # the first jail tried


def test_an_image_whose_maker_was_killed_is_tried_again_by_the_next_jail(folder: Path) -> None:
    assert [start(folder, "killed")[0] for _ in range(2)] == ["runs", "runs"]
    assert (starts(folder), images(folder)) == (4, [])


@pytest.mark.parametrize("without", ["store", RESTORE])
def test_without_a_store_or_on_another_processor_nothing_is_kept(folder: Path, without: str) -> None:
    gone = folder / without
    gone.rmdir() if gone.is_dir() else gone.unlink()
    assert start(folder) == ("runs", "")
    assert starts(folder) == 1
