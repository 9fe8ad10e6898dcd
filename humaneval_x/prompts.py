"""What a model is asked: the prompt of the generation task, and of each translation pair. Pure text.

Does not sample and does not assemble programs. Source: CodeGeeX's `codegeex/benchmark` at THUDM/CodeGeeX; the
translation prompt has no language tag and no docstring.
"""

from __future__ import annotations

from humaneval_x.errors import OptionError, ProblemError, unknown
from humaneval_x.languages import BY_PREFIX, LANGUAGES, PAIRS, Language
from humaneval_x.languages import language as language_named
from humaneval_x.records import Problem


def prompt_of(problem: Problem, language: Language) -> str:
    """Return the prompt of the generation task: the language tag on a line of its own, then the problem's prompt."""
    return f"{language.TAG}\n{problem.prompt}"


def translation_prompt(source_problem: Problem, target_problem: Problem) -> str:
    """Return the prompt that shows a solution in one language and begins it in another.

    Raises ProblemError where the two are not one problem in two languages.
    """
    if source_problem.number != target_problem.number or source_problem.prefix == target_problem.prefix:
        raise ProblemError(
            f"{source_problem.task_id} and {target_problem.task_id} are no translation pair; "
            "give one problem in two languages"
        )
    return (
        "code translation\n"
        f"{title(source_problem)}:\n"
        f"{source_problem.declaration}\n"
        f"{source_problem.canonical_solution.rstrip()}\n"
        f"{title(target_problem)}:\n"
        f"{target_problem.declaration}"
    )


def title(problem: Problem) -> str:
    """Return the name that people give to a problem's language. Raises ProblemError for one we do not know."""
    if problem.prefix not in BY_PREFIX:
        raise ProblemError(f"{problem.task_id}: {unknown('language', problem.prefix, BY_PREFIX)}")
    return BY_PREFIX[problem.prefix].TITLE


def pairs_named(text: str) -> tuple[tuple[str, str], ...]:
    """Return the (source, target) pairs that an option names: 'all', or 'python-cpp,go-java'; each once, in order.

    Raises OptionError for a pair of unknown languages, of one language twice, or of no two languages.
    """
    if text.strip() == "all":
        return PAIRS
    pairs = []
    for word in text.split(","):
        source, dash, target = word.strip().partition("-")
        if not dash or "-" in target:
            raise OptionError(
                f"pair {word.strip()!r} has to read source-target, as in python-cpp; choose from {', '.join(LANGUAGES)}"
            )
        for name in (source, target):
            language_named(name)
        if source == target:
            raise OptionError(f"pair {word.strip()!r} translates nothing; give two languages of {', '.join(LANGUAGES)}")
        pairs.append((source, target))
    return tuple(dict.fromkeys(pairs))
