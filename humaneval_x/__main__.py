"""`humaneval-x evaluate ...` and `humaneval-x generate ...`, also as `python -m humaneval_x`."""

from __future__ import annotations

from collections.abc import Sequence

from humaneval_x.commands import evaluate, generate
from humaneval_x.commands.shell import CommandProgram
from humaneval_x.commands.shell import main as run_program

ABOUT = "The measuring instrument for multilingual code models: sample them, judge what they wrote, report pass@k."


TABLE = {"evaluate": evaluate.COMMANDS, "generate": generate.COMMANDS}
PROGRAM = CommandProgram(name="humaneval-x", about=ABOUT, table=TABLE, halves=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    run_program(PROGRAM, argv)


if __name__ == "__main__":
    main()
