"""The tasks of the benchmark as data: what a model is shown, what its completion continues, what judges it.

To add a task: a member of `Task` and a line of `TASKS`. The words in the templates are those of `prompts.WORDS`. Builds
no prompt, reads no problem. Sources of the wordings: generation and translation are CodeGeeX's (`codegeex/benchmark` at
THUDM/CodeGeeX); repair, synthesize and explain are HumanEvalPack's, form `instruct` (`humanevalpack.py` of
bigcode-project/bigcode-evaluation-harness; Muennighoff et al., arXiv 2308.07124). The rest is the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from humaneval_x.json_types import JsonObject


class Task(str, Enum):
    """What the model was asked to do."""

    GENERATION = "generation"  # continue a prompt
    TRANSLATION = "translation"  # continue a declaration, seeing the solution in another language
    REPAIR = "repair"  # mend a solution, seeing its tests
    REPAIR_DOCS = "repair_docs"  # mend a solution, seeing its docstring
    SYNTHESIZE = "synthesize"  # follow an instruction
    EXPLAIN = "explain"  # write a program, seeing what the same model said of the solution
    SUMMARISE = "summarise"  # say what a solution does


class JudgedBy(str, Enum):
    """What decides about a completion."""

    TESTS = "tests"
    LIKENESS = "likeness"  # text metrics, against the docstring


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a model is shown: `text` where it continues texts, `chat` where it is spoken to.

    Both are templates. `{how}` is `HOW`; `{shown}`, in a chat, is what `text` gives.
    """

    text: str
    chat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """One task. `begins` is the problem's text that a completion continues, and its program begins with.

    `follows` is a task that the model does before, for the same sample: its description is shown.
    """

    asking: Asking
    begins: str = "prompt"
    judge: JudgedBy = JudgedBy.TESTS
    follows: Task | None = None
    pairs: bool = False  # of a source and a target language
    problems: str = ""  # the set where none is named; "": the official one
    preset: str = "humanevalpack"  # the sampling settings where none are named

    @property
    def repairs(self) -> bool:
        """Whether a model is shown a buggy solution."""
        return "{buggy_solution}" in self.asking.text


HOW = "Answer with one code block with the complete {title} function under its name, and nothing that calls it."
PACK = "humanevalpack"
DESCRIBE = "Provide a concise natural language description of the code using at most {limit} characters."
TRANSLATE = "Translate this {source_title} code to {title}, and complete the {title} code."

TASKS: Mapping[Task, TaskRecord] = {
    Task.GENERATION: TaskRecord(
        asking=Asking(text="{tag}{prompt}", chat="Complete this {title} code. {how}\n\n```\n{shown}\n```"),
        preset="codegeex-paper",
    ),
    Task.TRANSLATION: TaskRecord(
        asking=Asking(
            text="code translation\n{source_title}:\n{source_declaration}\n{source_solution}\n{title}:\n{declaration}",
            chat=TRANSLATE + " {how}\n\n```\n{shown}\n```",
        ),
        begins="declaration",
        pairs=True,
        preset="codegeex-paper",
    ),
    Task.REPAIR: TaskRecord(
        asking=Asking(
            text="{opening}{buggy_solution}\n{test}\nFix bugs in {name}.\n\n{opening}",
            chat="Fix bugs in {name}. {how}\n\n```\n{opening}{buggy_solution}\n```\n\nIts tests:\n\n```\n{test}\n```",
        ),
        problems=PACK,
    ),
    Task.REPAIR_DOCS: TaskRecord(
        asking=Asking(
            text="{prompt}{buggy_solution}\nFix bugs in {name}.\n\n{prompt}",
            chat="Fix bugs in {name}. {how}\n\n```\n{prompt}{buggy_solution}\n```",
        ),
        problems=PACK,
    ),
    Task.SYNTHESIZE: TaskRecord(
        asking=Asking(
            text="{instruction}\n\n{prompt}",
            chat="{instruction}\n\n{how} It begins like this:\n\n```\n{prompt}\n```",
        ),
    ),
    Task.EXPLAIN: TaskRecord(
        asking=Asking(
            text="{description}\nWrite functional code in {title} according to the description.\n\n{opening}",
            chat="{description}\n\nWrite functional code in {title} according to the description. {how} It begins like "
            "this:\n\n```\n{opening}\n```",
        ),
        follows=Task.SUMMARISE,
    ),
    Task.SUMMARISE: TaskRecord(
        asking=Asking(
            text="{opening}{solution}\n" + DESCRIBE + "\n",
            chat=DESCRIBE + " Answer with the description alone.\n\n```\n{opening}{solution}\n```",
        ),
        begins="",
        judge=JudgedBy.LIKENESS,
    ),
}
NAMED = tuple(task for task in TASKS if task not in (Task.GENERATION, Task.TRANSLATION))  # in rows
NAMES = frozenset(task.value for task in NAMED)


def task_of(origin: str) -> Task:
    """Return the task of an origin: "" is generation, the name of a task that task, any other a source language."""
    if origin in NAMES:
        return Task(origin)
    return Task.TRANSLATION if origin else Task.GENERATION


def name_of(task: Task) -> str:
    """Return what names a task as an origin: nothing for generation."""
    return task.value if task in NAMED else ""


def source_of(origin: str) -> str | None:
    """Return the source language of an origin, where it is a translation's."""
    return origin if task_of(origin) is Task.TRANSLATION else None


def row_of(origin: str) -> JsonObject:
    """Return what says an origin in a row of samples or verdicts; nothing for generation."""
    if not origin:
        return {}
    return {"source_language" if task_of(origin) is Task.TRANSLATION else "task": origin}


def origin_of(source_language: str | None, task: object = None) -> str:
    """Return the origin of a row with these two keys. A `task` that is none of ours means nothing."""
    named = task if isinstance(task, str) and task in NAMES else None
    return source_language or (str(named) if named else "")
