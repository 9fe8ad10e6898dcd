"""What crosses between a Python program's process and its tests': plain values as they are, and nothing to write to."""

from __future__ import annotations

import collections
import math
import os
import types
from collections.abc import Iterator

import pytest

from sandboxes import wire
from sandboxes.python.plain import Raised, Remote, Side, raised

CHECKS: list[object] = []


@pytest.fixture
def sides() -> Iterator[tuple[Side, Side]]:
    """The program's side and the tests'."""
    (there, out), (into, back) = os.pipe(), os.pipe()
    yield Side(there, back), Side(into, out, answers=False)
    for fd in (there, out, into, back):
        os.close(fd)


def crossed(sides: tuple[Side, Side], value: object) -> object:
    """Send a value from the program's side to the tests'."""
    program, tests = sides
    wire.send(program.writing, program.encode(value))
    return tests.decode(tests.receive())


@pytest.mark.parametrize("text", ["", "abc", "ä😀", "\ud83d\ude00", "\ud83d", "a\0"])
def test_a_text_stays_as_it_is(sides: tuple[Side, Side], text: str) -> None:
    assert crossed(sides, text) == text


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (collections.ChainMap({"a": 1}, {"b": 2}), {"a": 1, "b": 2}),
        (collections.UserDict({"a": [1]}), {"a": [1]}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (collections.UserList([1, 2]), [1, 2]),
        (collections.UserString("ab"), "ab"),
    ],
)
def test_what_equals_a_plain_value_is_sent_as_one(sides: tuple[Side, Side], value: object, plain: object) -> None:
    found = crossed(sides, value)
    assert found == plain
    assert type(found) is type(plain)


class OwnList(collections.UserList):  # type: ignore[type-arg]
    def __eq__(self, other: object) -> bool:
        return True


def test_a_class_derived_from_one_of_those_is_not(sides: tuple[Side, Side]) -> None:
    assert type(crossed(sides, collections.UserString("ab"))) is str
    found = crossed(sides, OwnList())
    assert list(found) == []  # type: ignore[call-overload]
    assert found != [1]


@pytest.mark.parametrize(("form", "wide"), [("f2", "f8"), ("f4", "f8"), ("f8", "f8"), ("c8", "c16"), ("i1", "i1")])
def test_coarse_numbers_of_arrays_do_not_round_what_is_expected(sides: tuple[Side, Side], form: str, wide: str) -> None:
    numpy = pytest.importorskip("numpy")
    assert crossed(sides, numpy.array([3], form)).dtype == numpy.dtype(wide)  # type: ignore[attr-defined]


def test_tests_hand_over_functions_and_nothing_else_that_can_be_called(sides: tuple[Side, Side]) -> None:
    program, tests = sides
    assert program.decode(tests.encode(len)) is len
    assert program.decode(tests.encode(int)) is int
    for function in (lambda: 1, math.sin):
        assert isinstance(program.decode(tests.encode(function)), Remote)
    for other in (CHECKS.append, "".join, types.SimpleNamespace, {"check": CHECKS.append}, globals(), OwnList().append):
        with pytest.raises(TypeError, match="of the tests cannot be called"):
            tests.encode(other)
    assert all(type(each) is types.FunctionType or each is math.sin for each in tests.kept if callable(each))


def test_builtins_of_the_tests_process_cannot_be_named_by_the_program(sides: tuple[Side, Side]) -> None:
    with pytest.raises(KeyError):
        sides[1].decode({"builtin": "eval"})


def test_what_python_itself_looks_for_is_not_asked_of_the_program(sides: tuple[Side, Side]) -> None:
    remote = Remote(sides[1], 0, "x", False)
    assert not hasattr(remote, "__import__")


def test_an_exception_of_the_program_does_not_end_an_iteration_of_the_tests() -> None:
    def fails(_: int) -> bool:
        raise raised("StopIteration", "", "")

    with pytest.raises(Raised):
        all(map(fails, [1]))
