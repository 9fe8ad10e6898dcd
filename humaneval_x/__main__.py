"""`humaneval-x evaluate ...` and `humaneval-x generate ...`, also as `python -m humaneval_x`."""

from __future__ import annotations

import sys
from importlib import import_module

from humaneval_x.errors import unknown

COMMANDS = ("evaluate", "generate")


def main() -> None:
    """Hand over to one of the two commands."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        wants_help = name in ("", "-h", "--help")
        text = "usage: humaneval-x evaluate|generate COMMAND ...   (each has --help)"
        print(text if wants_help else unknown("command", name, COMMANDS), file=sys.stdout if wants_help else sys.stderr)
        sys.exit(0 if wants_help else 2)
    import_module(f"humaneval_x.commands.{name}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
