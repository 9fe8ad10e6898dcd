"""What defines a run's numbers: which task, which texts, which tests, which rules, which limits.

Holds choices and nothing that acts on them. Workers, jails and the like are not here: they must not matter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Annotated, TypeVar

from humaneval_x.errors import OptionError, unknown
from humaneval_x.json_types import JsonObject
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits
from humaneval_x.tasks import Task as Task
from humaneval_x.values import MOST_SAMPLES, Formerly, Prefix, Range, check_fields

MOST_WORKERS = 4096  # of a large cluster; `evaluate` knows what one machine bears
Sizes = Annotated[tuple[int, ...], Range(1, MOST_SAMPLES)]  # of pass@k
Workers = Annotated[int | None, Range(1, MOST_WORKERS)]


class Rules(str, Enum):
    """What of a completion is run: the program that `answers` finds, or what the published stop rule and cut leave."""

    OURS = "ours"
    REFERENCE = "reference"


class Answers(str, Enum):
    """What the rows of a samples file hold; `AUTO` decides for each by a documented rule (docs/evaluate.md)."""

    AUTO = "auto"
    CONTINUATION = "continuation"
    PROGRAM = "program"
    CHAT = "chat"


class Errata(str, Enum):
    """Which texts of the problems judge: as published, or with the project's corrections."""

    PUBLISHED = "published"
    CORRECTED = "corrected"

    @property
    def other(self) -> Errata:
        """The texts that a run does not use itself."""
        return Errata.CORRECTED if self is Errata.PUBLISHED else Errata.PUBLISHED


class Tests(str, Enum):
    """Which tests judge: the hidden ones, or those of the docstring's examples."""

    HIDDEN = "hidden"
    EXAMPLE = "example"


Choice = TypeVar("Choice", bound=Enum)


def chosen(kind: type[Choice], value: object, option: str) -> Choice:
    """Return the member of an enum that an option names. Raises OptionError naming what exists, and the nearest."""
    try:
        return kind(value)
    except ValueError:
        raise OptionError(unknown(option, value, [member.value for member in kind])) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSettings:
    """What defines a run's numbers, as it stands in run.json and scores.json.

    Args:
        errata: published or corrected texts of the official problems
        tests: hidden tests, or the example tests of the docstrings
        rules: ours reads answers for what they are; reference cuts as the published evaluator does
        answers: what the rows hold: auto decides for each row and says so
        negated_tests: run what passes once more with wrong expectations; what passes again is tampered
        all_checks: go on after a failed check: checks and failures count all that can still run, and no program learns
            which of its answers were right; false is faster where wrong programs are slow
    """

    errata: Errata = Errata.PUBLISHED
    tests: Tests = Tests.HIDDEN
    rules: Rules = Rules.OURS
    answers: Answers = Answers.AUTO
    negated_tests: Annotated[bool, Formerly(("twin",))] = False
    all_checks: bool = True
    running: Annotated[Limits, Prefix("", "of a program's run")] = RUN_LIMITS
    compiling: Annotated[Limits, Prefix("compile_", "of its compilation")] = COMPILE_LIMITS

    def __post_init__(self) -> None:
        """Hold each choice to what there is. Raises OptionError."""
        check_fields(self)

    def to_json(self) -> JsonObject:
        """Return the settings as they stand in the files."""
        return {
            "errata": self.errata.value,
            "tests": self.tests.value,
            "rules": self.rules.value,
            "answers": self.answers.value,
            "compile_limits": asdict(self.compiling),
            "run_limits": asdict(self.running),
            **({"negated_tests": True} if self.negated_tests else {}),
            **({} if self.all_checks else {"all_checks": False}),
        }

    @classmethod
    def from_json(cls, content: JsonObject) -> EvaluationSettings:
        """Read settings from a file. Raises KeyError, TypeError or ValueError where they are not that."""
        return cls(
            errata=Errata(content["errata"]),
            tests=Tests(content["tests"]),
            rules=Rules(content["rules"]),
            answers=Answers(content.get("answers", "continuation")),  # as 0.1.0 took every row
            compiling=Limits(**content["compile_limits"]),
            running=Limits(**content["run_limits"]),
            negated_tests=bool(content.get("negated_tests", content.get("twin", False))),  # its name in 0.1.0
            all_checks=bool(content.get("all_checks", True)),
        )
