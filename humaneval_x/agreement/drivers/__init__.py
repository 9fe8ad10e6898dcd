"""One program a language that calls canonical solutions and prints what they return, a JSON value a line.

A driver is `source(functions, cases) -> str`: a program that reads the place of a problem in `functions` from stdin,
calls its function with each case, and prints `CASE <tab> JSON`, or `CASE <tab> !what was thrown`. Cases whose values
the declared types do not have are left out. Maps are printed as {"map": [[key, value], ...]}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from humaneval_x.agreement.calls import Case, Function
from humaneval_x.agreement.drivers import cpp, go, java, javascript, python, rust

Driver = Callable[[Sequence[Function], Mapping[str, Sequence[Case]]], str]
DRIVERS: dict[str, Driver] = {
    "python": python.source,
    "cpp": cpp.source,
    "java": java.source,
    "javascript": javascript.source,
    "go": go.source,
    "rust": rust.source,
}
