"""Runs a script: a whole program of its own, with stdin and arguments, files before and after, and no tests.

Reports what it did (`Stage`) with stdout and stderr whole up to the output limit; judges nothing. How a language builds
and starts one is `sandboxes/<language>/script.py`: `ENV`, `MEMORY_SIGNS` and
`script(directory, warm, source, compile_limits, run_limits) -> Recipe`.
"""

import base64
import binascii
import importlib
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from sandboxes.box import Boxes
from sandboxes.records import TAIL_BYTES, BoxFault, Given, Limits, Outcome
from sandboxes.scratch import empty
from sandboxes.verdict import out_of_memory
from sandboxes.wire import coding

MOST_FILES = 256
MOST_BYTES = 8 << 20  # of all files that are fetched together
# Of all outputs together, as an answer writes them: with the files it is one that the harness takes.
MOST_TOLD = 50 << 20


@dataclass(frozen=True)
class Recipe:
    """How one script is built (if it is) and started, in its directory."""

    run: "list[str]"
    run_limits: Limits
    build: "list[str]" = field(default_factory=list)
    build_limits: "Limits | None" = None
    built: "Callable[[], list[str]]" = list  # what `run` goes on with, as only the build shows it


@dataclass(frozen=True)
class Stage:
    """What one command did. `stopped` is why the agent ended it; `exit_code` is -N for a death of signal N."""

    stopped: "str | None"
    exit_code: "int | None"
    cpu_s: float
    wall_s: float
    memory_mib: float
    stdout: str
    stderr: str


def run(
    boxes: Boxes, warm: Path, request: "dict[str, Any]", compile_limits: Limits, run_limits: Limits
) -> "dict[str, object]":
    """Return the answer: `compiled` (a stage or None), `ran` (one for each input, none where it does not compile), and the
    files that were asked for and are there after the last run. Each run begins with the same files.
    """
    language = importlib.import_module(f"sandboxes.{request['language']}.script")
    directory = boxes.new_directory()
    files = request["files"]
    for name in list(files):
        put(directory, name, files.pop(name))  # what we hold while a program starts looks like its memory
    recipe = language.script(directory, warm, str(request["source"]), compile_limits, run_limits)
    built = None
    if recipe.build:
        built = boxes.execute(
            recipe.build, language.ENV, recipe.build_limits, directory, Given(keep=compile_limits.output_bytes)
        )
        if built.exit_code == 125 and not built.stopped:
            raise BoxFault(built.stderr.decode(errors="replace"))
        if built.exit_code != 0:
            return {"compiled": asdict(stage(built, language.MEMORY_SIGNS)), "ran": [], "files": {}}
    compiled = stage(built, language.MEMORY_SIGNS) if built else None
    argv, ran, here = [*recipe.run, *recipe.built(), *request["arguments"]], [], directory
    left = MOST_TOLD - (told(compiled) if compiled else 0)
    for number, stdin in enumerate(request["inputs"], 1):
        last = number == len(request["inputs"])
        directory.chmod(0o777 if last else 0o700)  # no run reaches what later ones begin with
        here = directory if last else copied(directory, boxes.new_directory())
        data = str(stdin).encode("utf-8", "replace")
        given = Given(data, keep=run_limits.output_bytes)
        outcome = boxes.execute(argv, language.ENV, recipe.run_limits, here, given)
        did = bounded(stage(outcome, language.MEMORY_SIGNS), left)
        left -= told(did)
        ran.append(asdict(did))
        if not last:
            empty(here.parent, here.name)
    return {"compiled": compiled and asdict(compiled), "ran": ran, "files": fetched(here, request["fetch"])}


def copied(source: Path, target: Path) -> Path:
    """Return `target` with what `source` holds: what the harness and the compiler put there, as no script ran in it."""
    shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
    target.chmod(0o777)
    return target


def stage(outcome: Outcome, memory_signs: "tuple[bytes, ...]") -> Stage:
    """Return an outcome as a stage."""
    stopped = outcome.stopped
    code = -outcome.signal if outcome.signal else outcome.exit_code
    if stopped is None and code != 0 and out_of_memory(outcome.stderr, memory_signs):
        stopped = "memory_exceeded"
    texts = (each.decode("utf-8", "backslashreplace") for each in (outcome.stdout, outcome.stderr))
    return Stage(stopped, code, outcome.cpu_s, outcome.wall_s, outcome.memory_mib, *texts)


def told(did: Stage) -> int:
    """Return how long a stage's outputs are as an answer writes them: up to six times as long as they are."""
    return sum(len(coding.encode_basestring_ascii(text)) for text in (did.stdout, did.stderr))


def bounded(did: Stage, most: int) -> Stage:
    """Return a run whose outputs are no longer than what is left of an answer: else it is stopped for that, and they are cut."""
    if told(did) <= most:
        return did
    last = {name: getattr(did, name)[-TAIL_BYTES:] for name in ("stdout", "stderr")}
    return replace(did, stopped=did.stopped or "output_exceeded", exit_code=None, **last)


def put(directory: Path, name: str, data: str) -> None:
    """Write a file that the script finds; only folders of our own are on the way, as nothing has run yet. Raises BoxFault."""
    path = directory.joinpath(*parts(name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in [path.parent, *path.parent.parents]:
            if folder == directory.parent:
                break
            folder.chmod(0o777)
        path.write_bytes(base64.b64decode(data))
        path.chmod(0o666)
    except (OSError, ValueError) as fault:  # the harness has looked before: what is left is a full disk
        raise BoxFault(f"the script's file {name[:80]!r} could not be written: {fault!r}") from fault


def parts(name: str) -> "tuple[str, ...]":
    """Return the parts of a path below the directory. Raises BoxFault: the harness has looked before."""
    found = PurePosixPath(name).parts
    if not found or name.startswith("/") or ".." in found:
        raise BoxFault(f"{name!r} is not a path below the program's folder")
    return found


def fetched(directory: Path, names: "list[str]") -> "dict[str, str]":
    """Return those of the files that are there, in base64. The script may have put links in their place: none is followed."""
    found, left = {}, MOST_BYTES
    for name in names[:MOST_FILES]:
        data = contents_below(directory, parts(name), left)
        if data is not None:
            left -= len(data)
            found[name] = binascii.b2a_base64(data, newline=False).decode()
    return found


def contents_below(directory: Path, names: "tuple[str, ...]", most: int) -> "bytes | None":
    """Read a plain file of at most `most` bytes, each folder opened from the one before it without following links."""
    folder = -1
    try:
        folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        for name in names[:-1]:
            below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        fd = os.open(names[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except (OSError, ValueError):  # a name that no file can have
        return None
    finally:
        if folder >= 0:
            os.close(folder)
    with os.fdopen(fd, "rb") as file:
        plain = stat.S_ISREG(os.fstat(fd).st_mode) and os.fstat(fd).st_size <= most
        return file.read(most) if plain else None
