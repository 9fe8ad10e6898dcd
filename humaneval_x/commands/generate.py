"""`generate.py`: the table of its commands. A new command is a function, and a line here."""

from __future__ import annotations

from collections.abc import Sequence

from humaneval_x.commands import conversion, offering, sampling
from humaneval_x.commands.shell import CommandProgram
from humaneval_x.commands.shell import main as run_program
from humaneval_x.commands.words import Table

ABOUT = "Sample models for both tasks of HumanEval-X."
COMMANDS: Table = {
    "run": sampling.run,
    "convert": conversion.convert,
    "complete": sampling.complete,
    "serve": offering.serve,
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    run_program(CommandProgram(name="python generate.py", about=ABOUT, table=COMMANDS), argv)
