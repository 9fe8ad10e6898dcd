"""Verdicts counted by task: what scores are computed from, so that no verdict is read twice for them.

It grows with tasks, not with samples. Computes no score: `scoring` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from humaneval_x.records import Status

Group = tuple[str, str]  # origin (tasks.py), task_id


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many samples of one task ended how, and what their texts were taken for."""

    statuses: Counter[Status] = field(default_factory=Counter)
    read_as: Counter[str] = field(default_factory=Counter)

    def update(self, other: Outcomes) -> None:
        """Add what another one counts."""
        self.statuses.update(other.statuses)
        self.read_as.update(other.read_as)


class Tally:
    """The outcomes of each task_id and origin, in the order in which they came first."""

    def __init__(self) -> None:
        self.groups: dict[Group, Outcomes] = {}

    def add(self, group: Group, status: Status, read_as: str) -> None:
        """Count one verdict."""
        found = self.groups.get(group)
        if found is None:
            found = self.groups[group] = Outcomes()
        found.statuses[status] += 1
        if read_as:
            found.read_as[read_as.partition(":")[0]] += 1

    def update(self, groups: Iterable[tuple[Group, Outcomes]]) -> None:
        """Add what others have counted."""
        for group, outcomes in groups:
            self.groups.setdefault(group, Outcomes()).update(outcomes)

    def only(self, wanted: Callable[[Group], bool]) -> Tally:
        """Return a tally of some groups."""
        found = Tally()
        found.update((group, outcomes) for group, outcomes in self.groups.items() if wanted(group))
        return found
