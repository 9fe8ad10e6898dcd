"""A right program of each language: a jail has to pass it before it judges anybody else's.

A toolchain that came to harm (upgraded below its warm artefacts, half installed, of a version that the jail's side
cannot work with) would otherwise call every program wrong, and look like a bad model.
"""

from __future__ import annotations

from humaneval_x.assembly import canonical_program
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.records import Program


def right_programs() -> dict[str, Program]:
    """Return the first canonical solution of the fresh set in each language, by the language's name."""
    found: dict[str, Program] = {}
    for problem in load_problems(FRESH, languages=KNOWN).problems.values():
        if (name := BY_PREFIX[problem.prefix].NAME) not in found:
            found[name] = canonical_program(problem)
    return found
