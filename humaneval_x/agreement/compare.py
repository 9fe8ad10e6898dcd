"""What the languages made of the same inputs, side by side: equal, or not, and where not.

Numbers are equal by value up to a ten-thousandth (C++ has floats of 32 bits), so 2 is 2.0; true is not 1; a tuple is a
list; the order of a map says nothing. "Threw" is told and compared with nothing but on the tests' own inputs, since a
mutation may be one that the docstring excludes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from humaneval_x.agreement.calls import Case, Function, holds
from humaneval_x.json_types import JsonObject

TOLERANCE = 1e-4
Printed = Mapping[int, str]  # case -> what was printed: JSON, or ! and what was thrown


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One input on which languages differ, with the output of each that was called with it."""

    number: str
    name: str
    case: Case
    outputs: Mapping[str, str]

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {
            "problem": self.number,
            "function": self.name,
            "from_tests": self.case.from_tests,
            "arguments": self.case.arguments,
            "outputs": dict(self.outputs),
        }


def disagreements(
    functions: Mapping[str, Function], cases: Sequence[Case], printed: Mapping[str, Printed]
) -> list[Disagreement]:
    """Return the cases of one problem on which two of its functions differ.

    A language whose declared result is too small an integer for what another one returns is left out of that case.
    """
    found = []
    first = next(iter(functions.values()))
    for at, case in enumerate(cases):
        outputs = {language: lines[at] for language, lines in printed.items() if at in lines}
        returned = [value_of(each) for each in outputs.values() if not each.startswith("!")]
        outputs = {
            language: each
            for language, each in outputs.items()
            if all(holds(functions[language].returns, value) for value in returned)
        }
        threw = [each for each in outputs.values() if each.startswith("!")]
        values = [value_of(each) for each in outputs.values() if not each.startswith("!")]
        differ = any(not same(values[0], each) for each in values[1:])
        if differ or (threw and values and case.from_tests):
            found.append(Disagreement(number=first.number, name=first.name, case=case, outputs=outputs))
    return found


def value_of(printed: str) -> Any:
    """Return a printed value."""
    return json.loads(printed)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in the sense above."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        both_nan = one != one and other != other
        return both_nan or one == other or math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return same(by_key(one), by_key(other))
    return type(one) is type(other) and bool(one == other)


def by_key(value: Mapping[str, Any]) -> list[Any]:
    """Return a map's pairs in the order of their keys' texts; JavaScript's keys are texts."""
    return sorted(([str(key), each] for key, each in value["map"]), key=lambda pair: str(pair[0]))
