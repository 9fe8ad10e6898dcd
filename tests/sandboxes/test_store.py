"""What was compiled from trusted text is kept by digest, in memory and in a folder that jails share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandboxes import store
from sandboxes.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    fd = os.open(tmp_path, os.O_RDONLY)
    yield fd
    os.close(fd)


def test_what_one_jail_put_another_gets(folder: int) -> None:
    Store(folder).put("a" * 64, b"object")
    assert Store(folder).get("a" * 64) == b"object"


def test_without_a_folder_it_is_kept_in_memory() -> None:
    alone = Store()
    alone.put("a", b"object")
    assert (alone.get("a"), alone.get("b")) == (b"object", None)


def test_a_torn_file_is_none(folder: int, tmp_path: Path) -> None:
    Store(folder).put("a", b"object")
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-1])
    assert Store(folder).get("a") is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_sharing(folder: int, tmp_path: Path) -> None:
    full = Store(os.open("/proc/self", os.O_RDONLY))
    full.put("a", b"object")
    assert full.get("a") == b"object"


def test_memory_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MEMORY_BYTES", 10)
    small = Store()
    for name in "abc":
        small.put(name, name.encode() * 4)
    assert [small.get(name) for name in "abc"] == [None, b"bbbb", b"cccc"]


def test_a_digest_tells_parts_apart() -> None:
    assert Store.digest("ab", "c") != Store.digest("a", "bc")


def test_what_was_not_asked_for_the_longest_goes_when_a_jail_adds_an_entry(
    folder: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age, name in enumerate("abc"):
        Store(folder).put(name, b"object")
        os.utime(tmp_path / name, (age, age))
    Store(folder).get("a")
    monkeypatch.setattr(store, "FOLDER_BYTES", 2 * (tmp_path / "a").stat().st_size)
    jail = Store(folder)
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c"]
    jail.put("d", b"object")
    assert sorted(os.listdir(tmp_path)) == ["a", "c", "d"]
