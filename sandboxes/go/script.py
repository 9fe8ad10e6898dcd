"""Go scripts: `main.go` by the toolchain's own compiler and linker, against the archives that solutions get too."""

from dataclasses import replace
from pathlib import Path

from sandboxes.go.build import GO
from sandboxes.go.steps import MEMORY_SIGNS, PROGRAM_ENV
from sandboxes.records import Limits
from sandboxes.script import Recipe

ENV = PROGRAM_ENV
BUILD = '"$0/compile" -p main -complete -dwarf=false -importcfg "$1" -o main.a main.go && "$0/link" -s -w -importcfg "$1" -o main main.a'
__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def tools() -> Path:
    """Return the folder of the compiler and the linker."""
    (found,) = (Path(GO).resolve().parents[1] / "pkg/tool").resolve().glob("linux_*")
    return found


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source and say how it is built and run."""
    (directory / "main.go").write_bytes(source.encode("utf-8", "replace"))
    build = ["/bin/sh", "-c", BUILD, str(tools()), str(warm / "importcfg")]
    return Recipe(run=["./main"], run_limits=replace(run_limits), build=build, build_limits=compile_limits)
