"""Calls Python's solutions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from humaneval_x.agreement.calls import Case, Function

PROGRAM = """
import json, sys

def shown(value):
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return [shown(each) for each in sorted(value)]
    if isinstance(value, dict):
        return {"map": [[shown(key), shown(each)] for key, each in value.items()]}
    return value.item() if hasattr(value, "item") else value

source, name, cases = json.loads(PROBLEMS)[int(sys.stdin.read())]
names = {"__name__": "problem"}
exec(source, names)
for number, arguments in enumerate(cases):
    try:
        told = json.dumps(shown(names[name](*arguments)))
    except Exception as fault:
        told = "!" + type(fault).__name__
    print(number, told, sep="\\t", flush=True)
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    return f"PROBLEMS = {json.dumps(problems(functions, cases))}\n{PROGRAM}"


def problems(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the functions and their cases as JSON text, for languages that make functions of texts."""
    rows = [[each.text, each.name, [case.arguments for case in cases[each.number]]] for each in functions]
    return json.dumps(rows)
