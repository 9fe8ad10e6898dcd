"""Looks a machine over: sandboxes, toolchains, data, one good and one bad program per language.

Changes nothing but the cache of warm artefacts. Every finding that is not well says what to do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from humaneval_x.assembly import canonical_program
from humaneval_x.errors import HarnessError
from humaneval_x.languages import BY_PREFIX, KNOWN, LANGUAGES
from humaneval_x.problem_files import FRESH, OFFICIAL
from humaneval_x.problems import load_present, load_problems
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Status
from humaneval_x.runners import Runner
from humaneval_x.runners.choose import choose
from humaneval_x.runners.fences import FENCED
from humaneval_x.runners.pool import Pool


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's. A machine with a `needed` one that is not ok cannot judge programs."""

    what: str
    ok: bool
    detail: str
    needed: bool = True

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL' if self.needed else 'none'}  {self.what}: {self.detail}"


def advice(runner: Runner) -> str:
    """Return what to do for a fence, where there is none."""
    if runner.memory == FENCED:
        return ""
    return (
        "; honest programs get the same verdicts, but the leaderboard does not take them. For a fence use Docker, run "
        "as root, or copy this in a clone: export HUMANEVAL_X_CGROUP=$(sudo scripts/delegate $USER $$)"
    )


def examine(sandbox: str = "auto") -> Iterator[Finding]:
    """Yield findings as they are made; the sandbox that `sandbox` would use comes with a program per language."""
    yield Finding("Python", sys.version_info >= (3, 10), sys.version.split()[0])
    try:
        runner = choose(sandbox, COMPILE_LIMITS, RUN_LIMITS)
        yield Finding("sandbox", True, f"{runner.name}: {runner.describe()}")
        yield Finding("fence", runner.memory == FENCED, f"memory {runner.memory}{advice(runner)}", needed=False)
    except HarnessError as fault:
        yield Finding("sandbox", False, str(fault))
        return
    fresh = load_present(FRESH).problems
    for name, language in KNOWN.items():
        problem = next(each for each in fresh.values() if BY_PREFIX[each.prefix] is language)
        good = canonical_program(problem)
        bad = replace(good, candidate=good.candidate + "\n)(\n")
        try:
            with Pool[str](runner, COMPILE_LIMITS, RUN_LIMITS, 1) as pool:
                found = dict(pool.judge([("good", good, None), ("bad", bad, None)]))
                version = pool.toolchains.get(name, "")
        except HarnessError as fault:
            yield Finding(language.TITLE, False, str(fault), needed=name in LANGUAGES)
            continue
        statuses = {key: each if isinstance(each, HarnessError) else each.status for key, each in found.items()}
        well = statuses == {"good": Status.PASSED, "bad": Status.COMPILE_ERROR}
        said = f"a right program is {statuses['good']}, one that does not compile is {statuses['bad']}"
        yield Finding(language.TITLE, well, f"{version}; {said}")
    try:
        official = load_problems(OFFICIAL)
        yield Finding("official problems", True, f"{len(official.problems)} in {official.directory}")
    except HarnessError as fault:
        yield Finding("official problems", False, str(fault), needed=False)
