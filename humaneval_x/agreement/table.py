"""What a cross-check found, as text: a block for each problem, with the outputs of every language."""

from __future__ import annotations

import json
from collections import defaultdict

from humaneval_x.agreement.check import CrossCheck
from humaneval_x.agreement.compare import Disagreement
from humaneval_x.languages import KNOWN
from humaneval_x.reports.terminal import align

LONGEST = 60  # characters of an output or an input


def table(check: CrossCheck, shown: int) -> str:
    """Return the result as text, with at most `shown` inputs of each problem."""
    by_problem: dict[str, list[Disagreement]] = defaultdict(list)
    for each in check.found:
        by_problem[each.number].append(each)
    lines = [line for found in by_problem.values() for line in _block(found, shown)]
    rows = [["language", "returned", "threw"]]
    rows += [[KNOWN[name].TITLE, str(check.called[name]), str(check.threw[name])] for name in check.called]
    lines += align(rows)
    lines += [f"not called: {task_id}: {why}" for task_id, why in check.not_called.items()]
    total = f"{check.problems} problems, {check.inputs} inputs"
    return "\n".join(
        [*lines, f"{total}: the languages disagree on {len(check.found)} inputs of {len(by_problem)} problems"]
    )


def _block(found: list[Disagreement], shown: int) -> list[str]:
    own = sum(each.case.from_tests for each in found)
    lines = [f"{found[0].number} {found[0].name}: {len(found)} inputs, {own} of them from tests"]
    for each in sorted(found, key=lambda one: not one.case.from_tests)[:shown]:
        lines.append(f"  ({_cut(', '.join(map(json.dumps, each.case.arguments)))})")
        lines += [
            f"    {line}" for line in align([[KNOWN[name].TITLE, _cut(text)] for name, text in each.outputs.items()])
        ]
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
