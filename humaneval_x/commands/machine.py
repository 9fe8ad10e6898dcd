"""`doctor` and `problems`: this machine, looked over, and the problem sets on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from humaneval_x.commands.shared import LanguagesOption, ProblemsOption, Quiet
from humaneval_x.commands.shell import Outcome
from humaneval_x.errors import ProblemError
from humaneval_x.json_types import JsonObject
from humaneval_x.problem_files import OFFICIAL, PINNED
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners.choose import Sandbox
from humaneval_x.runners.machines import HERE, Jails
from humaneval_x.settings import Errata
from humaneval_x.values import Names, Range


def doctor(sandbox: Sandbox = Sandbox.AUTO, *, contract: bool = False, model: bool = False) -> Iterator[Outcome]:
    """Look this machine over, and say what to do.

    What is installed, which sandbox would be used, a right and a wrong program per language. Exit 1 if something
    that judging needs is not there; each such line says what to do.

    Args:
        sandbox: the kind of jail to try; auto is what `run` would take
        contract: try every rule that a jail has to keep, a program for each in each language
        model: look at what samples models instead: PyTorch, CUDA, vLLM, MindSpore, Ascend

    Examples:
        doctor
        doctor --sandbox bubblewrap
        doctor --contract
        doctor --model
    """
    from humaneval_x.doctor import examine
    from humaneval_x.model_doctor import examine_model

    if model:
        yield from (Outcome(text=str(finding), data=asdict(finding)) for finding in examine_model())
        return

    for finding in examine(sandbox.value):
        yield Outcome(text=str(finding), data=asdict(finding), exit_code=int(finding.needed and not finding.ok))
    if contract:
        from humaneval_x.contract import prove
        from humaneval_x.runners.choose import choose
        from humaneval_x.runners.toolchains import wanted

        for proof in prove(choose(sandbox.value, COMPILE_LIMITS, RUN_LIMITS), wanted()):
            yield Outcome(text=str(proof), data=asdict(proof), exit_code=int(not proof.ok))


def list_problems() -> Iterator[Outcome]:
    """Show the problem sets and where they are."""
    from humaneval_x.problems import list_sets

    for listed in list_sets():
        yield Outcome(text=str(listed), data=plain(listed))


PinnedSet = Annotated[str, Names("problem set", PINNED)]


def fetch(
    set: PinnedSet = OFFICIAL, *, directory: Path | None = None, base_url: str | None = None
) -> Iterator[Outcome]:
    """Download the official 820 problems, or HumanEvalPack's, checked.

    Their SHA-256 are pinned. Goes on where it was cut off.

    Args:
        set: which of the two
        directory: where to; default the user's cache folder, where `run` finds them
        base_url: another address that holds the files

    Examples:
        problems fetch
        problems fetch humanevalpack
        problems fetch --directory data --base_url http://mirror.example.org/humaneval-x
    """
    from humaneval_x.problem_files import fetch as fetched

    for check in fetched(directory, base_url, set):
        yield Outcome(text=str(check), data=plain(check))


def verify(set: PinnedSet = OFFICIAL, *, directory: Path | None = None) -> Iterator[Outcome]:
    """Compare the official files, or HumanEvalPack's, with their SHA-256.

    Exit 1 if any differs.

    Args:
        set: which of the two
        directory: where they are; default where `run` finds them
    """
    from humaneval_x.problem_files import verify as verified

    if directory is not None and not directory.is_dir():
        raise ProblemError(f"{directory}: no such folder; give the folder of the official files")
    for check in verified(directory, set):
        yield Outcome(text=str(check), data=plain(check), exit_code=int(not check.ok))


def cross_check(
    problems: ProblemsOption = None,
    *,
    languages: LanguagesOption = None,
    numbers: tuple[str, ...] | None = None,
    errata: Errata = Errata.PUBLISHED,
    jails: Jails = HERE,
    shown: Annotated[int, Range(0)] = 1,
    quiet: Quiet = False,
) -> Outcome:
    """Show where the canonical solutions of the languages disagree.

    Each problem's solutions get the inputs of its tests and mutations of them, in jails. Exit 1 if any two differ.

    Args:
        numbers: some of the problems, such as 103,160; default all
        errata: published or corrected texts
        shown: inputs of each problem to show; --json has all

    Examples:
        problems cross_check --problems fresh
        problems cross_check --languages all6
        problems cross_check --numbers 103,128,160 --shown 3
    """
    from humaneval_x.agreement.check import cross_check as checked
    from humaneval_x.agreement.table import table

    found = checked(problems, numbers or (), errata, languages=languages, jails=jails, progress=not quiet)
    return Outcome(text=table(found, shown), data=found.to_json(), exit_code=int(bool(found.found)))


def plain(record: Any) -> JsonObject:
    """Return a record as JSON values."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(record).items()}
