"""`humaneval-x evaluate ...` and `humaneval-x generate ...`, also as `python -m humaneval_x`."""

from __future__ import annotations

from collections.abc import Sequence

from humaneval_x.commands import evaluate, generate
from humaneval_x.commands.shell import Program
from humaneval_x.commands.shell import main as run_program

ABOUT = "The measuring instrument for multilingual code models: sample them, judge what they wrote, report pass@k."


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    table = {"evaluate": evaluate.COMMANDS, "generate": generate.COMMANDS}
    run_program(Program(name="humaneval-x", about=ABOUT, table=table, halves=True), argv)


if __name__ == "__main__":
    main()
