"""What a sampler drew, for the tests of samplers."""

from __future__ import annotations

from collections.abc import Iterable

from humaneval_x.samplers import Completion


def by_key(completions: Iterable[Completion]) -> dict[tuple[str, int], Completion]:
    """Return the completions by task and index; none may come twice."""
    found: dict[tuple[str, int], Completion] = {}
    for completion in completions:
        key = completion.task_id, completion.sample_index
        assert key not in found
        found[key] = completion
    return found
