"""What a model said of solutions in the step before, for tasks whose prompts show it. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from humaneval_x.descriptions import Description, description_of
from humaneval_x.json_types import JsonObject
from humaneval_x.problems import ProblemSet
from humaneval_x.prompts import asked as shown_of
from humaneval_x.prompts import docstring, words_of
from humaneval_x.samplers import Request
from humaneval_x.samples import read_samples
from humaneval_x.tasks import TASKS, task_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A model's description of one solution: the whole text, and the part that a prompt may show."""

    raw: str
    shown: Description

    def to_json(self) -> JsonObject:
        """Return the keys that the row of the following program keeps."""
        shown = {"description": self.shown.text, "leaks": self.shown.leaks, "cut": self.shown.cut}
        return {**shown, "raw_description": self.raw}


Descriptions = Mapping[tuple[str, int], Described]  # by task_id and sample_index


def read_descriptions(path: Path, problems: ProblemSet) -> Descriptions:
    """Return the descriptions of the step before, without code. Raises SampleError."""
    found = {}
    for sample in read_samples([path], problems):
        problem = problems.problems[sample.task_id]
        shown = description_of(sample.completion, problem.canonical_solution, len(docstring(problem)))
        found[sample.task_id, sample.sample_index] = Described(raw=sample.completion, shown=shown)
    return found


def describing(requests: Iterable[Request], descriptions: Descriptions, problems: ProblemSet) -> Iterator[Request]:
    """Yield a request for each described sample, with the description in its prompt."""
    for request in requests:
        words = words_of(problems.problems[request.task_id], request.origin, problems.problems)
        for index in request.indices:
            if (found := descriptions.get((request.task_id, index))) is not None:
                asking = TASKS[task_of(request.origin)].asking
                text, question = shown_of(asking, replace(words, description=found.shown.text))
                yield replace(request, prompt=text, question=question, indices=(index,))
