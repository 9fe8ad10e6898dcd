"""A generator in another process: the same items and errors as here, and an end where that process has one."""

from __future__ import annotations

import os
import pickle
import time
from functools import partial
from pathlib import Path

import pytest

from humaneval_x.elsewhere import BATCH, elsewhere
from humaneval_x.errors import MachineError, NotLoaded, SampleError
from humaneval_x.files import jsonl


def test_items_come_whole_and_in_order():
    with elsewhere(range, 3 * BATCH + 1) as items:
        assert list(items) == list(range(3 * BATCH + 1))


def test_an_item_does_not_wait_for_a_full_batch():
    with elsewhere(map, time.sleep, [0, 10_000]) as items:
        assert next(items) is None


def test_an_error_is_raised_behind_the_items_before_it():
    parse = partial(jsonl.parse, path=Path("rows.jsonl"), number=2, error=SampleError)
    with elsewhere(map, parse, [b'{"a": 1}\n', b"not JSON\n"]) as items:
        assert next(items) == {"a": 1}
        with pytest.raises(SampleError, match=r"^rows\.jsonl:2: not JSON"):
            next(items)


def test_an_error_keeps_what_it_knows():
    again = pickle.loads(pickle.dumps(NotLoaded("said", "rust")))
    assert (str(again), again.language) == ("said", "rust")


def test_relative_paths_mean_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with elsewhere(map, os.path.abspath, ["samples.jsonl"]) as items:
        assert next(items) == str(tmp_path / "samples.jsonl")


def test_a_process_that_ends_before_its_time_is_a_fault_of_the_machine():
    with elsewhere(map, os._exit, [0]) as items, pytest.raises(MachineError, match="ended before its time"):
        next(items)
