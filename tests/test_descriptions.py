"""Descriptions without code: what goes, what is cut, what is counted."""

from __future__ import annotations

import pytest

from humaneval_x.descriptions import Description, description_of

SOLUTION = "    total = sum(each for each in values)\n    if total > 3:\n        return total\n    return 0\n"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Adds all values.", Description(text="Adds all values.", leaks=0, cut=0)),
        ("", Description(text="", leaks=0, cut=0)),
        ("  Adds.\n\n", Description(text="Adds.", leaks=0, cut=0)),
        ("It adds:\n```python\nreturn sum(values)\n```\nand returns.", Description(text="It adds:\n\nand returns.", leaks=1, cut=0)),
        ("It adds:\n```\nreturn sum(values)", Description(text="It adds:", leaks=1, cut=0)),
        ("So total = sum(each for each in values) it is.", Description(text="So  it is.", leaks=1, cut=0)),
        ("So total  =\n sum(each for each\tin values) it is.", Description(text="So  it is.", leaks=1, cut=0)),
        ("It does: return total", Description(text="It does: return total", leaks=0, cut=0)),
        ("0123456789 " * 9, Description(text="0123456789 0123456789 0123456789 0123456", leaks=0, cut=58)),
    ],
    ids=["prose", "nothing", "blanks", "a block", "an open block", "a line", "a line spaced otherwise", "a short line", "long"],
)  # fmt: skip
def test_code_of_the_solution_goes_and_the_rest_is_cut(said: str, found: Description) -> None:
    assert description_of(said, SOLUTION, 40) == found


def test_a_line_goes_as_often_as_it_stands_there() -> None:
    line = SOLUTION.splitlines()[0].strip()
    assert description_of(f"{line} and {line}", SOLUTION, 100) == Description(text="and", leaks=2, cut=0)


def test_a_flood_of_text_costs_no_more_than_its_length() -> None:
    flood = "```\n" * 20_000 + " " * 200_000 + "total " * 50_000
    assert description_of(flood, SOLUTION, 100).leaks > 0
