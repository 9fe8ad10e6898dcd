"""JavaScript scripts: a fresh Node on `main.js`."""

from pathlib import Path

from sandboxes.javascript.steps import MEMORY_SIGNS, SERVER_ENV
from sandboxes.records import Limits
from sandboxes.script import Recipe

ENV = SERVER_ENV
__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source and say how it runs."""
    (directory / "main.js").write_bytes(source.encode("utf-8", "replace"))
    return Recipe(run=["/usr/bin/node", "--no-warnings", "main.js"], run_limits=run_limits)
