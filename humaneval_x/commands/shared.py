"""Options that several commands have, each declared once."""

from __future__ import annotations

from typing import Annotated

from humaneval_x.commands.words import COMMON
from humaneval_x.languages import GROUPS, KNOWN
from humaneval_x.values import Names, Range

ProblemsOption = Annotated[
    str | None, "official, fresh, humanevalpack, or a folder of humaneval_<lang>.jsonl[.gz] or of MultiPL-E's rows"
]
LanguagesOption = Annotated[
    tuple[str, ...] | None,
    Names("language", tuple(KNOWN), tuple(GROUPS.items())),
    "some of the languages, such as python,cpp; all5 (default), or all6, with Rust",
]
Quiet = Annotated[bool, COMMON["quiet"].help]
SHARE = Range(0, 1)
