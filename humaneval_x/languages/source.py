"""What the language modules share: the text before a completion, and the published rule's braces. Pure text."""

from __future__ import annotations

from humaneval_x.records import Problem
from humaneval_x.tasks import TASKS, Task


def prefix_of(problem: Problem, task: Task) -> str:
    """Return the text that a completion continues: the problem's prompt or declaration, as its task says.

    Without its imports, where the problem gives them apart: a program's assembly places them.
    """
    prefix: str = getattr(problem, TASKS[task].begins)
    return prefix.replace(problem.imports, "") if problem.imports else prefix


def up_to_last_brace(completion: str) -> str:
    """Return a completion up to its last closing brace, or all of it if it has none."""
    return completion[: completion.rfind("}") + 1] if "}" in completion else completion


def more_closed_than_opened(completion: str) -> bool:
    """Whether more braces were closed than opened, those in strings and comments too."""
    return completion.count("}") > completion.count("{")


def whole(completion: str) -> str:
    """Return all of a completion."""
    return completion
