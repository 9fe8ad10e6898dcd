"""Which problem a sample belongs to: by id, by declaration or by place, and one line where that is not certain."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Sequence

from humaneval_x.errors import NotLoaded, SampleError
from humaneval_x.formats import FoundSample
from humaneval_x.formats.found import keys_found
from humaneval_x.formats.tasks import language_named, task_id_of
from humaneval_x.languages import BY_PREFIX, KNOWN, LANGUAGES
from humaneval_x.problem_files import OFFICIAL, PACK
from humaneval_x.problems import ProblemSet, has_file, set_of
from humaneval_x.samples.asked import Asked


class TaskOrder:
    """The tasks of a problem set by language in their order, and by declaration, for formats without ids."""

    def __init__(self, problems: ProblemSet) -> None:
        self._problems = problems.problems
        self._tasks: dict[str, list[str]] = {}
        self._declared: dict[str, set[str]] = {}

    def of(self, language: str) -> list[str]:
        """Return a language's tasks."""
        if not self._tasks:
            for task_id, problem in self._problems.items():
                self._tasks.setdefault(BY_PREFIX[problem.prefix].NAME, []).append(task_id)
        return self._tasks.get(language, [])

    def declaring(self, text: str) -> set[str]:
        """Return the tasks with this declaration."""
        if not self._declared:
            for task_id, problem in self._problems.items():
                self._declared.setdefault(problem.declaration.strip(), set()).add(task_id)
        return self._declared.get(text.strip(), set())

    def at(self, found: FoundSample, asked: Asked) -> str:
        """Return the task with a sample's declaration, or at its place. Raises SampleError where it is not certain."""
        if found.declaration and len(tasks := self.declaring(found.declaration)) == 1:
            return next(iter(tasks))
        named = language_named(found.language) or (asked.languages[0] if len(asked.languages) == 1 else None)
        if named is None:
            how = "name it with --languages python, or another one"
            raise SampleError(f"{found.where}: has no task id, and its language is in no file name; {how}")
        ordered = self.of(named)
        if found.position is None or found.tasks != len(ordered):
            what = f"{found.tasks} tasks without ids; the set has {len(ordered)} in {KNOWN[named].TITLE}"
            raise SampleError(f"{found.where}: {what}; expected all of them in order; write rows with task_id instead")
        return ordered[found.position]


def certain(found: FoundSample, asked: Asked) -> str | None:
    return task_id_of(found.task, found.language, asked.languages)


def mapped(found: FoundSample, problems: ProblemSet, asked: Asked) -> str:
    """Return the task that a sample's id means. Raises SampleError naming the keys found, and the nearest task."""
    task_id = certain(found, asked)
    for each in (task_id, named_so(found, asked)):
        if each in problems.problems or each in problems.left_out:
            return str(each)
    if task_id and (wanted := not_loaded(task_id, problems)):
        what = f"the set '{problems.name}' was loaded without its {KNOWN[wanted].TITLE} problems"
        raise NotLoaded(f"{found.where} ({task_id}): {what}; give its rows a file of their own", wanted)
    if task_id is None and isinstance(found.task, int):
        guess = task_id_of(found.task, None, list(LANGUAGES)[:1])
        what = f"{reprlib.repr(found.task)} names no language; found the keys {keys_found(found.row)}"
        how = "name the language with --languages"
        raise SampleError(f"{found.where}: the task id {what}; did you mean {guess!r}? {how}")
    raise SampleError(_unknown_task(task_id or str(found.task), found, problems))


def not_loaded(task_id: str, problems: ProblemSet) -> str:
    """Return the language of a task whose set has it and was loaded without it; "" for all others."""
    language = BY_PREFIX.get(task_id.partition("/")[0])
    if language is None or language.NAME in problems.languages:
        return ""
    theirs = OFFICIAL if problems.name == PACK else problems.name  # HumanEvalPack has the official set's task_ids
    of_ours = problems.verified and set_of([task_id]) == theirs
    return language.NAME if of_ours or (not problems.verified and has_file(problems, language.NAME)) else ""


def named_so(found: FoundSample, asked: Asked) -> str | None:
    """Return the task with a sample's id as its whole name in the sample's language: of the sets of MultiPL-E."""
    language = language_named(found.language) or (asked.languages[0] if len(asked.languages) == 1 else None)
    return f"{KNOWN[language].PREFIX}/{found.task}" if language else None


def set_named(task_id: str, at: str) -> str:
    try:
        return set_of([task_id])
    except SampleError as fault:
        raise SampleError(f"{at}: {fault}") from fault


def _unknown_task(task_id: str, found: FoundSample, problems: ProblemSet) -> str:
    names = list(problems.problems)
    at = found.where
    if _belongs_elsewhere(task_id, names):
        other = set_of([task_id])
        split = "expected samples of one set; give the other set's samples a run of their own"
        return f"{at}: the row belongs to the problem set '{other}', the run to '{problems.name}'; {split}"
    near = difflib.get_close_matches(task_id[:40], names, n=1, cutoff=0.3)
    hint = f"did you mean {near[0]!r}? " if near else ""
    keys = f"found the keys {keys_found(found.row)}; " if found.row else ""
    held = f"the set '{problems.name}' holds {len(names)} tasks, {names[0]} to {names[-1]}"
    return f"{at}: unknown task_id {reprlib.repr(found.task)}; {hint}{keys}{held}; correct or remove the row"


def _belongs_elsewhere(task_id: str, names: Sequence[str]) -> bool:
    try:
        return set_of([task_id]) != set_of(names[:1])
    except SampleError:
        return False
