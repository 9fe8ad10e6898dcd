"""Warm artefacts on the host, for the jails that use the host's toolchains (bubblewrap, none).

Built once per version of `sandboxes/` into the user's cache folder by `sandboxes.prepare`, from trusted
input only. The Docker image builds its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from humaneval_x.errors import SetupError
from humaneval_x.resources import cache_folder, sandboxes_folder

PREPARE_S = 3600  # for all languages: minutes even on a slow machine
PYTHON = "/usr/bin/python3"  # the system's: a virtual environment is not visible inside a jail


def sandboxes_digest() -> str:
    """Return 12 hex digits over everything in `sandboxes/`: names the warm folder and the image."""
    root = sandboxes_folder()
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts:
            whole.update(f"{path.relative_to(root)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def packages() -> dict[str, list[str]]:
    """Return the Debian packages of each language, as its `steps.py` lists them."""
    found: dict[str, list[str]] = asked("{n: steps_of(n).PACKAGES for n in LANGUAGES}")
    return found


def wanted() -> list[str]:
    """Return the languages that the prepared folder should hold: optional ones only where they are installed."""
    found: list[str] = asked("wanted()")
    return found


def is_asked_for(language: str) -> bool:
    """Whether a language is installed only on request."""
    return bool(asked(f"is_asked_for({language!r})"))


def asked(what: str) -> Any:
    """Return what an expression of the jail's side gives, in the system's Python."""
    code = f"import json\nfrom sandboxes.prepare import *\nprint(json.dumps({what}))"
    done = subprocess.run(
        [PYTHON, "-c", code],
        cwd=sandboxes_folder().parent,
        capture_output=True,
        check=True,
        env=ENVIRONMENT,
        timeout=600,
    )
    return json.loads(done.stdout)


ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def prepared() -> Path:
    """Return the folder of warm artefacts; it is built on first use, with a message on stderr.

    Raises SetupError where the system has no Python or C compiler to build with.
    """
    # Artefacts contain their own path, so a cache behind a link is named by its real one.
    target = (cache_folder() / "toolchains").resolve() / sandboxes_digest()
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / f"{target.name}.lock", "w") as lock:
        fcntl.flock(
            lock, fcntl.LOCK_EX
        )  # ends: its holder prepares, with a deadline, and the kernel drops the lock with the process
        if not (target / "manifest.json").exists() or missing_languages(target) or upgraded(target):
            print("preparing the toolchains (a minute or two, once) ...", file=sys.stderr, flush=True)
            try:
                done = subprocess.run(
                    [PYTHON, "-m", "sandboxes.prepare", str(target)],
                    cwd=sandboxes_folder().parent,
                    capture_output=True,
                    env={**ENVIRONMENT, "HOME": os.fspath(target.parent)},
                    timeout=PREPARE_S,
                )
            except subprocess.TimeoutExpired as fault:
                raise SetupError(f"the sandbox's tools were not built in {PREPARE_S} s") from fault
            except FileNotFoundError as fault:
                raise SetupError(f"{PYTHON} is missing; install it with: apt-get install python3") from fault
            if not (target / "manifest.json").exists():
                tail = done.stderr.decode(errors="replace").strip()[-400:]
                raise SetupError(f"the sandbox's tools could not be built (needs gcc and python3): {tail}")
    return target


def store_folder() -> int:
    """Return a descriptor, to be closed, of the folder where jails keep objects compiled from trusted text."""
    folder = cache_folder() / "toolchains" / "tests"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def upgraded(target: Path) -> bool:
    """Return whether a toolchain has changed since the folder was prepared."""
    for path, size, time_ns in json.loads((target / "manifest.json").read_text())["stamps"]:
        try:
            now = os.stat(path)
        except OSError:
            return True
        if (now.st_size, now.st_mtime_ns) != (size, time_ns):
            return True
    return False


def missing_languages(target: Path) -> list[str]:
    """Return the languages that the prepared folder lacks because their toolchain was missing or broken."""
    manifest = json.loads((target / "manifest.json").read_text())
    return sorted(set(wanted()) - set(manifest["toolchains"]))
