"""Common inputs of a problem: those its tests call the function with, and mutations that stay within their ranges.

The Python tests are run with a function that keeps its arguments (in a jail, like any program). What a docstring
excludes seldom lies between what the tests have, so a mutation draws numbers between the smallest and the largest that
stand in the same place, texts from the characters and lists from the elements that do. All lists of an input get the
lengths of another input's; they are sorted, and without an element twice, where those of all tests are.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from humaneval_x.agreement.calls import Arguments, Case, Function

MOST_FROM_TESTS = 40
MUTATIONS = 40
TRIES = 20  # draws for each mutation that is not there yet

RECORDER = """
import copy, json, random, sys

class Unplain(Exception):
    pass

def plain(value):
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple):
        return [plain(each) for each in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: plain(each) for key, each in value.items()}
    raise Unplain

def recorded(function, kept):
    def call(*arguments):
        try:
            kept.append(plain(copy.deepcopy(arguments)))
        except Unplain:
            pass
        return function(*arguments)
    return call

source, name, tests = json.loads(PROBLEMS)[int(sys.stdin.read())]
random.seed(0)
names, kept = {"__name__": "problem"}, []
exec(source, names)
names[name] = recorded(names[name], kept)
try:
    exec(tests, names)
finally:
    sys.stdout.write(json.dumps(kept[:1000]))
"""


def recorder(functions: Sequence[Function]) -> str:
    """Return the program that prints the arguments with which tests call a function, chosen by its place on stdin."""
    rows = [[each.text, each.name, each.program.tests] for each in functions]
    return f"PROBLEMS = {json.dumps(json.dumps(rows))}\n{RECORDER}"


def cases(recorded: Sequence[Arguments], seed: str) -> list[Case]:
    """Return the inputs of one problem: no two alike, the same for the same tests."""
    found = {json.dumps(each): each for each in recorded}
    own = list(found.values())[:MOST_FROM_TESTS]
    draws, seen = random.Random(seed), ranges(own)
    mutated: dict[str, Arguments] = {}
    for _ in range(MUTATIONS * TRIES if own else 0):
        one, shape = draws.choice(own), draws.choice(own)  # lists get the lengths of one other input, all together
        new = [
            mutation(resized(value, like, draws), (at,), seen, draws)
            for at, (value, like) in enumerate(zip(one, shape, strict=False))
        ]
        if json.dumps(new) not in found and len(mutated) < MUTATIONS:
            mutated[json.dumps(new)] = new
    return [
        *[Case(arguments=each, from_tests=True) for each in own],
        *[Case(arguments=each, from_tests=False) for each in mutated.values()],
    ]


Place = tuple[Any, ...]  # which argument, then a mark for each list or map around the value


def places(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Yield a value and all within it, each with its place."""
    yield place, value
    if isinstance(value, list):
        for each in value:
            yield from places(each, (*place, "list"))
    elif isinstance(value, dict):
        for each in value.values():
            yield from places(each, (*place, "map"))


def ranges(recorded: Sequence[Arguments]) -> Mapping[tuple[Place, type], list[Any]]:
    """Return the values that stand in each place, by their type."""
    seen: dict[tuple[Place, type], list[Any]] = {}
    for arguments in recorded:
        for at, argument in enumerate(arguments):
            for place, value in places(argument, (at,)):
                seen.setdefault((place, type(value)), []).append(value)
    return seen


def mutation(value: Any, place: Place, seen: Mapping[tuple[Place, type], list[Any]], draws: random.Random) -> Any:
    """Return a value like those that stand in a place; often the value itself."""
    known = seen[place, type(value)]
    if type(value) is not list and draws.random() < 0.3:
        return value
    if type(value) is int:
        return draws.randint(min(known), max(known))
    if type(value) is float:
        return round(draws.uniform(min(known), max(known)), 2)
    if type(value) is str:
        return mutated_text(value, known, draws)
    if type(value) is list:
        inner = [element for each in known for element in each]
        kept = [draws.choice(alike(each, inner)) if draws.random() < 0.3 else each for each in value]
        kept = [mutation(each, (*place, "list"), seen, draws) if draws.random() < 0.5 else each for each in kept]
        return in_order(kept, known, draws)
    return draws.choice(known)


def in_order(made: list[Any], known: Sequence[list[Any]], draws: random.Random) -> list[Any]:
    """Return a list sorted where all that are known are; one that is known where those have no element twice."""
    if any(len(each) > 1 for each in known) and all(each == ordered(each) for each in known):
        made = sorted(made)
    if all(map(distinct, known)) and not distinct(made):
        return draws.choice(alike(made, known) or [known[0]])
    return made


def distinct(values: list[Any]) -> bool:
    """Whether no element stands in a list twice."""
    return len({json.dumps(each) for each in values}) == len(values)


def ordered(values: list[Any]) -> list[Any]:
    """Return a list sorted, if its values have an order."""
    try:
        return sorted(values)
    except TypeError:
        return [*values, None]  # equal to no list of them: they are not sorted


def resized(value: Any, like: Any, draws: random.Random) -> Any:
    """Return a list with as many elements as another one; anything else as it is."""
    if type(value) is not list or type(like) is not list:
        return value
    more = [draws.choice(value or like) for _ in range(len(like) - len(value))]
    return [*value, *more][: len(like)]


def alike(value: Any, others: Sequence[Any]) -> Sequence[Any]:
    """Return those values that can stand where one stands: of its type and, a list, of its length."""
    return [
        each for each in others if type(each) is type(value) and (type(value) is not list or len(each) == len(value))
    ]


def mutated_text(text: str, known: Sequence[str], draws: random.Random) -> str:
    """Return a text of the characters of others: some replaced, put in, left out, two exchanged."""
    letters = [letter for each in known for letter in each]
    lengths = [len(each) for each in known]
    made = list(text)
    for _ in range(draws.randint(1, 3)):
        at = draws.randrange(len(made) + 1)
        change = draws.choice(["replace", "insert", "drop", "exchange"])
        if change == "replace" and at < len(made):
            made[at] = draws.choice(letters)
        elif change == "insert" and len(made) < max(lengths) and letters:
            made.insert(at, draws.choice(letters))
        elif change == "drop" and len(made) > min(lengths):
            del made[at - 1]
        elif change == "exchange" and len(made) > 1:
            other = draws.randrange(len(made))
            made[at - 1], made[other] = made[other], made[at - 1]
    return "".join(made)
