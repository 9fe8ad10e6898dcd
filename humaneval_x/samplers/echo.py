"""Answers every prompt with what it asks for, a canonical solution or a docstring: no model, to try the whole chain.
Must reach pass@1 = 1 but for the known defects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from humaneval_x.samplers import Completion, ModelIdentity, ModelOptions, Request, SamplingSettings


class Echo:
    """The echo sampler; a token is a word."""

    def __init__(self, settings: SamplingSettings) -> None:
        self.identity = ModelIdentity(name="echo", digest=None, details={})
        self.limit = settings.max_new_tokens

    def sample(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the canonical solution for each index."""
        for request in requests:
            for index in request.indices:
                yield Completion(
                    task_id=request.task_id,
                    origin=request.origin,
                    sample_index=index,
                    raw=request.solution,
                    finish_reason="eos",
                    tokens=len(request.solution.split()),
                )


def open_sampler(options: ModelOptions, settings: SamplingSettings) -> Echo:
    """Return the echo sampler."""
    return Echo(settings)
