"""`evaluate.py`: the table of its commands. A new command is a function, and a line here."""

from __future__ import annotations

from collections.abc import Sequence

from humaneval_x.commands import board, judging, machine, reporting, serving
from humaneval_x.commands.shell import CommandProgram
from humaneval_x.commands.shell import main as run_program
from humaneval_x.commands.words import Table

ABOUT = "Judge model-written programs in a sandbox and report unbiased pass@k."
COMMANDS: Table = {
    "run": judging.run,
    "convert": judging.convert,
    "differences": judging.differences,
    "serve": serving.serve,
    "report": reporting.report,
    "ground_truth": judging.ground_truth,
    "doctor": machine.doctor,
    "problems": {
        "list": machine.list_problems,
        "fetch": machine.fetch,
        "verify": machine.verify,
        "cross_check": machine.cross_check,
    },
    "leaderboard": {"check": board.check, "build": board.build},
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    run_program(CommandProgram(name="python evaluate.py", about=ABOUT, table=COMMANDS), argv)
