"""Builds the warm artefacts of all toolchains, once, from trusted input; they are read-only afterwards.

    python3 -m sandboxes.prepare DIR [LANGUAGE ...] [--plain]

DIR gets `box.so`, one folder per language and `manifest.json` (toolchain versions, one line each). The image
build runs this; for bubblewrap it runs on the host. A language whose toolchain is missing is named and left
out of the manifest. With --plain nothing is quick: the toolchains' own commands, tests in processes of their own, no images.
Verdicts are the same; tests compare them.
"""

import argparse
import compileall
import importlib
import json
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandboxes import images

HERE = Path(__file__).resolve().parent
LANGUAGES = sorted(steps.parent.name for steps in HERE.glob("*/steps.py"))


def wanted() -> "list[str]":
    """Return the languages to prepare: all but optional ones that are not installed."""
    return [name for name in LANGUAGES if not is_asked_for(name) or steps_of(name).installed()]


def is_asked_for(name: str) -> bool:
    """Whether a language is optional: its `steps.py` then says whether it is installed."""
    return hasattr(steps_of(name), "installed")


def steps_of(name: str) -> Any:
    return importlib.import_module(f"sandboxes.{name}.steps")


def version(argv: "list[str]") -> str:
    """Return the first line that a version command prints."""
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    return done.stdout.decode(errors="replace").strip().splitlines()[0]


def stamp(tool: str) -> "list[object]":
    """Return the path, size and time of a toolchain's command, which change when it is upgraded."""
    path = Path(tool).resolve()
    return [str(path), path.stat().st_size, path.stat().st_mtime_ns]


def one(name: str, build: Path, target: Path, plain: bool) -> "tuple[str, str]":
    """Prepare one language. Return its toolchain's version line, or what is wrong with it."""
    steps = steps_of(name)
    (build / name).mkdir()
    try:
        line = version(steps.VERSION)
        line += steps.prepare(build / name, target / name, plain=plain) or ""
    except (OSError, subprocess.CalledProcessError) as fault:
        shutil.rmtree(build / name)
        return "", f"{fault}; install: {' '.join(steps.PACKAGES)}"
    return line, ""


def restorer(build: Path) -> None:
    """Build what processes start from their images with, where it can be; and name this preparation."""
    flags = ["-O2", "-static", "-nostdlib", "-ffreestanding", "-fPIC", "-fno-stack-protector", "-fcf-protection=none"]
    flags += ["-fno-tree-loop-distribute-patterns", "-Wl,-Ttext-segment=0x200000000000"]  # RESTORE_AT of image.h
    (build / images.MADE).write_text(secrets.token_hex(16))
    if platform.machine() == "x86_64":
        argv = ["gcc", *flags, "-o", str(build / images.RESTORE), str(HERE / "restore.c")]
        if subprocess.run(argv).returncode != 0:
            print("images of warm processes cannot be had here: each jail starts its own", file=sys.stderr)


def prepare(target: Path, languages: "list[str]", plain: bool = False) -> "dict[str, str]":
    """Build everything into `target`; it appears whole or not at all. Return what is wrong, per language."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}-*"):  # by a killed preparation
        shutil.rmtree(left, ignore_errors=True)
    build = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    build.chmod(0o755)
    try:
        box = ["gcc", "-O2", "-fPIC", "-shared", "-o", str(build / "box.so"), str(HERE / "box.c")]
        subprocess.run(box, check=True)
        if not plain:
            restorer(build)
        with ThreadPoolExecutor() as together:
            made = dict(zip(languages, together.map(lambda name: one(name, build, target, plain), languages)))
        toolchains = {name: line for name, (line, _) in made.items() if line}
        problems = {name: problem for name, (_, problem) in made.items() if problem}
        stamps = [stamp(steps_of(name).VERSION[0]) for name in toolchains]
        (build / "manifest.json").write_text(json.dumps({"toolchains": toolchains, "stamps": stamps}, indent=1) + "\n")
        compileall.compile_dir(str(HERE), quiet=2)  # where it may; else each agent compiles itself, 40 ms
        if target.exists():
            shutil.rmtree(target)
        build.rename(target)
    finally:
        shutil.rmtree(build, ignore_errors=True)
    return problems


def main() -> int:
    """Prepare, say what failed, and fail if anything did."""
    words = argparse.ArgumentParser(prog="sandboxes.prepare", description="Build the warm artefacts of toolchains.")
    words.add_argument("folder", type=Path)
    words.add_argument(
        "languages", nargs="*", metavar="language", help=f"of {' '.join(LANGUAGES)}; default: all that are wanted"
    )
    words.add_argument(
        "--plain", action="store_true", help="nothing quick: the toolchains' own commands, no services, no images"
    )
    given = words.parse_args()
    if unknown := sorted(set(given.languages) - set(LANGUAGES)):
        words.error(f"no language {' '.join(unknown)}; there are {' '.join(LANGUAGES)}")
    problems = prepare(given.folder.absolute(), given.languages or wanted(), given.plain)
    for name, problem in problems.items():
        print(f"{name}: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
