"""Python scripts: a fresh interpreter on `main.py`."""

from dataclasses import replace
from pathlib import Path

from sandboxes.python.steps import ADDRESS_SLACK_MIB, SERVER_ENV
from sandboxes.records import Limits
from sandboxes.script import Recipe

ENV = SERVER_ENV
MEMORY_SIGNS = (rb"(?:[\w.]+\._Array)?MemoryError\b",)


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source and say how it runs."""
    (directory / "main.py").write_bytes(source.encode("utf-8", "replace"))
    limits = replace(run_limits, address_mib=run_limits.memory_mib + ADDRESS_SLACK_MIB)
    return Recipe(run=["/usr/bin/python3", "main.py"], run_limits=limits)
