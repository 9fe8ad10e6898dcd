"""Options that several commands have, each declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from humaneval_x.commands.words import COMMON
from humaneval_x.languages import LANGUAGES
from humaneval_x.runners.choose import Engine, Sandbox
from humaneval_x.settings import Workers
from humaneval_x.values import Names, Range

ProblemsOption = Annotated[str | None, "official, fresh, or a folder of humaneval_<lang>.jsonl[.gz]"]
LanguagesOption = Annotated[
    tuple[str, ...] | None,
    Names("language", tuple(LANGUAGES)),
    "some of the languages, such as python,cpp; default all",
]
Quiet = Annotated[bool, COMMON["quiet"].help]
SHARE = Range(0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jails:
    """Where programs run.

    Args:
        sandbox: the kind of jail; auto takes Docker where an engine answers, else bubblewrap, and never none
        workers: programs at once; default one per core
    """

    sandbox: Sandbox = Sandbox.AUTO
    workers: Workers = None


HERE = Jails()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines(Jails):
    """Where programs run, on this machine or several.

    Args:
        sandbox: the kind of jail; auto takes Docker where an engine answers, else bubblewrap, and never none
        workers: programs at once; default one per core
        engine: local, or ray: jails on every machine of a Ray cluster
        docker_image: another image than the one built for this version
        docker_runtime: another OCI runtime, such as runsc
    """

    engine: Engine = Engine.LOCAL
    docker_image: str | None = None
    docker_runtime: str | None = None


ANYWHERE = Machines()
