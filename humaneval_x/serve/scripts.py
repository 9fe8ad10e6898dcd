"""Scripts of requests: checked files and limits in, an order out; what came out compared with what was expected."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from humaneval_x.errors import RequestError
from humaneval_x.records import Limits, Script, ScriptRun, Status
from humaneval_x.serve.lanes import ProgramOrder

MOST_INPUTS = 32  # runs of one order: a worker does them one after the other
MOST_FILES = 256
MOST_FILE_BYTES = 64 << 20  # of all files together: a run has a copy of each, and the jail room for a few
MOST_PARTS, MOST_NAME_BYTES, MOST_PATH_BYTES = 20, 255, 1024  # of a path: of its parts, of one, of all
MOST_ARGUMENT_BYTES = 100_000  # of all arguments together: Linux takes a little more in one
SOURCE = re.compile(r"main\.(?:py|cpp|js|go|rs)|\w+\.java")  # where a program's own text goes
UNUSABLE = re.compile("[\0\ud800-\udfff]")  # in no path and no argument: the end of a text, and half a surrogate pair
TOLERANCE = 1e-5


def orders_for(script: Script, compiling: Limits, running: Limits) -> list[ProgramOrder]:
    """Return the orders that run a script on all of its inputs. Raises RequestError for what it cannot be given."""
    check_files(script.files, script.fetch)
    check_arguments(script.arguments)
    inputs = [script.inputs[start : start + MOST_INPUTS] for start in range(0, len(script.inputs), MOST_INPUTS)]
    return [
        ProgramOrder(
            program=Script(
                language=script.language,
                source=script.source,
                inputs=some,
                arguments=script.arguments,
                files=script.files,
                fetch=script.fetch,
            ),
            checks=None,
            compiling=compiling,
            running=running,
            shared=False,  # what a script prints may be another thing each time
        )
        for some in inputs
    ]


def joined(runs: Sequence[ScriptRun]) -> ScriptRun:
    """Return the runs of all orders of one script as one."""
    ran = tuple(stage for each in runs for stage in each.ran)
    broken = next((each for each in runs if not each.ran), runs[-1])
    if not broken.ran:
        return broken
    return ScriptRun(compiled=runs[0].compiled, ran=ran, files=runs[-1].files)


def check_files(files: Mapping[str, str], fetch: Sequence[str]) -> None:
    """Raise RequestError for a path that no file below the program's folder can have, a file that another is below, or
    content that is not base64.
    """
    if len(files) > MOST_FILES or len(fetch) > MOST_FILES:
        raise RequestError(f"{max(len(files), len(fetch))} files; expected at most {MOST_FILES}")
    for name in (*files, *fetch):
        if not can_be(name):
            expected = f"at most {MOST_PARTS} names of up to {MOST_NAME_BYTES} bytes, {MOST_PATH_BYTES} in all"
            raise RequestError(f"files: {name[:80]!r} is not a path below the program's folder; expected {expected}")
    plain = {PurePosixPath(name) for name in files}
    for name in files:
        for folder in PurePosixPath(name).parents:
            if folder in plain or SOURCE.fullmatch(str(folder)):
                raise RequestError(f"files: {name[:80]!r} is below {str(folder)[:80]!r}, which is a file")
    size = 0
    for name, data in files.items():
        try:
            size += len(base64.b64decode(data, validate=True))
        except (binascii.Error, ValueError) as fault:
            raise RequestError(f"files: the content of {name[:80]!r} is not base64 ({fault})") from fault
    if size > MOST_FILE_BYTES:
        raise RequestError(f"files: {size} bytes; expected at most {MOST_FILE_BYTES} together", status=413)


def can_be(name: str) -> bool:
    """Whether a file below a folder can have this path."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or UNUSABLE.search(name):
        return False
    longest = max(len(each.encode()) for each in path.parts)
    return len(path.parts) <= MOST_PARTS and longest <= MOST_NAME_BYTES and len(name.encode()) <= MOST_PATH_BYTES


def check_arguments(arguments: Sequence[str]) -> None:
    """Raise RequestError for arguments that no program can be given."""
    for each in arguments:
        if UNUSABLE.search(each):
            raise RequestError(f"arguments: {each[:80]!r} has a character that no argument can have")
    if (size := sum(len(each.encode()) for each in arguments)) > MOST_ARGUMENT_BYTES:
        raise RequestError(f"arguments: {size} bytes; expected at most {MOST_ARGUMENT_BYTES} together", status=413)


def same_output(expected: str, got: str, *, any_case: bool = False) -> bool:
    """Whether two outputs say the same: line by line, blanks at the ends and numbers written another way left out."""
    if any_case:
        expected, got = expected.lower(), got.lower()
    lines = [text.strip().split("\n") for text in (expected, got)]
    return len(lines[0]) == len(lines[1]) and all(map(same_line, *lines))


def same_line(expected: str, got: str) -> bool:
    """Whether two lines are the same words, or numbers as close as 1e-5 of what was expected."""
    words = expected.split(), got.split()
    return words[0] == words[1] or (len(words[0]) == len(words[1]) and all(map(same_word, *words)))


def same_word(expected: str, got: str) -> bool:
    """Whether two words are the same, or the same number; whole numbers have to be equal."""
    if expected == got:
        return True
    if whole(expected) and whole(got):
        return int(expected) == int(got)
    try:
        numbers = float(expected), float(got)
    except ValueError:
        return False
    return all(map(math.isfinite, numbers)) and math.isclose(*numbers, rel_tol=TOLERANCE, abs_tol=1e-10)


def whole(word: str) -> bool:
    """Whether a word is a whole number of a length that is one."""
    return len(word) < 4000 and word.removeprefix("-").isdecimal() and word.isascii()


def verdicts(run: ScriptRun, expected: Sequence[str | None], *, any_case: bool = False) -> list[Status]:
    """Return the status of each run: `wrong_answer` where it ended well and printed something else."""
    if not run.ran:
        return [run.status] * len(expected)
    return [
        Status.WRONG_ANSWER
        if stage.ended_well and wanted is not None and not same_output(wanted, stage.stdout, any_case=any_case)
        else stage.status
        for stage, wanted in zip(run.ran, expected, strict=True)
    ]
