"""Plans a run: which requests it makes, in the order of the file, and which of them are missing. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from humaneval_x.errors import OptionError, ProblemError
from humaneval_x.languages import KNOWN, LANGUAGES, language, language_of
from humaneval_x.problems import ProblemSet, load_present, load_problems
from humaneval_x.prompts import asked as shown_of
from humaneval_x.prompts import docstring, pairs_named, words_of
from humaneval_x.records import Problem
from humaneval_x.samplers import Request
from humaneval_x.samples import KeySet
from humaneval_x.tasks import TASKS, Task, name_of, task_of


class GenerationPlan:
    """The requests of a run in file order, and their problems."""

    def __init__(self, given: str | Path | None, problems: ProblemSet, requests: list[Request]) -> None:
        self.given, self.problems, self.requests = given, problems, requests

    @property
    def total(self) -> int:
        """How many samples the run wants."""
        return samples_in(self.requests)

    def order(self) -> dict[tuple[str, str], int]:
        """Return the position of each task_id and origin."""
        return {(request.task_id, request.origin): place for place, request in enumerate(self.requests)}


def whole_set(problems: str | Path | None, loaded: ProblemSet) -> ProblemSet:
    """Return the set with all languages found here: a file may hold more than this call asks for."""
    try:
        return load_present(problems)
    except ProblemError:
        return loaded


def planned(
    problems: str | Path | None,
    task: Task,
    languages: Sequence[str] | None,
    pairs: str,
    num_samples: int,
    limit: int | None,
) -> GenerationPlan:
    """Return every request of a run. Raises OptionError, ProblemError."""
    record, indices = TASKS[task], tuple(range(num_samples))
    if record.pairs and languages:
        raise OptionError("--languages is for --task generation; a translation takes --pairs, such as python-cpp")
    names = [language(name).NAME for name in dict.fromkeys(languages or LANGUAGES)]
    columns = pairs_named(pairs) if record.pairs else [(name_of(task), name) for name in names]
    wanted = {name for column in columns for name in column if name in KNOWN}
    loaded = load_problems(problems, languages=sorted(wanted, key=list(KNOWN).index))
    requests = [
        _request(problem, origin, loaded, indices)
        for origin, target in columns
        for problem in _of(loaded, target)[:limit]
    ]
    return GenerationPlan(problems, loaded, requests)


def _of(problems: ProblemSet, name: str) -> list[Problem]:
    prefix = KNOWN[name].PREFIX
    return [problem for problem in problems.problems.values() if problem.prefix == prefix]


def _request(problem: Problem, origin: str, loaded: ProblemSet, indices: tuple[int, ...]) -> Request:
    task = TASKS[task_of(origin)]
    text, question = shown_of(task.asking, words_of(problem, origin, loaded.problems))
    return Request(
        task_id=problem.task_id,
        origin=origin,
        language=language_of(problem.task_id).NAME if task.begins else "",
        prompt=text,
        question=question,
        prefix=getattr(problem, task.begins) if task.begins else "",
        solution=problem.canonical_solution if task.begins else docstring(problem),
        indices=indices,
        stop=problem.stop_tokens,
    )


def without(requests: Iterable[Request], existing: KeySet) -> Iterator[Request]:
    """Yield the requests with only their missing indices."""
    for request in requests:
        key = request.task_id, request.origin
        indices = tuple(index for index in request.indices if (*key, index) not in existing)
        if indices:
            yield replace(request, indices=indices)


def samples_in(requests: Iterable[Request]) -> int:
    """Return how many samples some requests ask for."""
    return sum(len(request.indices) for request in requests)
