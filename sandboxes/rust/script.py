"""Rust scripts: `main.rs` by the plain rustc with the crates that solutions get too, then what it built."""

from pathlib import Path

from sandboxes.records import Limits
from sandboxes.rust.steps import EDITION, ENV, MEMORY_SIGNS, RUSTC
from sandboxes.script import Recipe

__all__ = ["ENV", "MEMORY_SIGNS", "script"]


def script(directory: Path, warm: Path, source: str, compile_limits: Limits, run_limits: Limits) -> Recipe:
    """Write the source and say how it is built and run."""
    (directory / "main.rs").write_bytes(source.encode("utf-8", "replace"))
    crates = [f"--extern={name}={warm / f'lib{name}.rlib'}" for name in ("rand", "md5", "regex")]
    flags = ["--edition", EDITION, "-C", "prefer-dynamic", "--cap-lints", "warn"]
    build = [RUSTC, *flags, "-L", f"dependency={warm}", *crates, "main.rs", "-o", "main"]
    return Recipe(run=["./main"], run_limits=run_limits, build=build, build_limits=compile_limits)
