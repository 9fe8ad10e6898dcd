"""The problem sets: find them and read them.

Sets: `official` (HumanEval-X, 820 problems) and `humanevalpack` (the same with a buggy solution each), whose files are
pinned (`problem_files`); `fresh` (the project's own, shipped with it); or any folder of
humaneval_<language>.jsonl[.gz], of <language>/data/humanevalpack.jsonl, or of MultiPL-E's rows. One is never put in the
place of another. Does not apply errata and does not run anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from humaneval_x.errors import OptionError, ProblemError, SampleError, unknown
from humaneval_x.files import jsonl
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN, LANGUAGES, language
from humaneval_x.problem_files import (
    FRESH,
    OFFICIAL,
    PACK,
    PINNED,
    SETS,
    candidates,
    manifest,
    official_folder,
    pack_folder,
    plain_name,
    text_of,
    unpacked,
)
from humaneval_x.records import RESTORE, Problem
from humaneval_x.resources import problems_folder
from humaneval_x.values import checked

BUGGY = "buggy_solutions.json"  # beside a set's files, where its rows have none of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSet:
    """Problems by task_id, in the order of their files, and where they came from.

    `name` is one of `SETS`, or the folder's name and ` (unverified)`. `files` maps the plain file name
    to the SHA-256 of its text, so that .jsonl and .jsonl.gz are the same; `digest` is one of them all. Of MultiPL-E's
    rows, `rows` are the problems' own, and `left_out` says of each of the others why it cannot be judged.
    """

    name: str
    directory: Path
    problems: Mapping[str, Problem]
    files: Mapping[str, str]
    digest: str
    rows: Mapping[str, JsonObject] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        """The languages of its problems."""
        return list(dict.fromkeys(BY_PREFIX[problem.prefix].NAME for problem in self.problems.values()))

    @property
    def verified(self) -> bool:
        """Whether these are the files that `name` promises."""
        return self.name in SETS


@dataclass(frozen=True, slots=True, kw_only=True)
class SetListing:
    """One line of `problems list`; `directory` is None while the set is not on this machine."""

    name: str
    directory: Path | None
    count: int
    detail: str

    def __str__(self) -> str:
        here = f"{self.count} problems  {self.detail}  {self.directory}" if self.directory else self.detail
        return f"{self.name:<14} {here}"


def set_of(task_ids: Iterable[str]) -> str:
    """Return the name of the set that all of these task_ids belong to. Raises SampleError."""
    found: dict[str, str] = {}
    for task_id in task_ids:
        prefix, _, number = task_id.partition("/")
        name = OFFICIAL if re.fullmatch("[0-9]+", number) else FRESH if re.fullmatch("fresh-[0-9]+", number) else ""
        if not name:
            known = "known are 'Python/0' (official) and 'Python/fresh-0' (fresh)"
            raise SampleError(f"task_id {reprlib.repr(task_id)} is of no known set; {known}; give --problems DIR")
        if prefix not in BY_PREFIX:
            raise SampleError(f"task_id {reprlib.repr(task_id)}: {unknown('language', prefix, BY_PREFIX)}")
        found.setdefault(name, task_id)
    if len(found) != 1:
        mixed = " and ".join(f"{task_id!r} ({name})" for name, task_id in found.items()) or "no task_id"
        raise SampleError(f"found {mixed}; expected samples of one set; give each set a run of its own")
    return next(iter(found))


@checked
def load_problems(name_or_dir: str | Path | None = None, *, languages: str | Iterable[str] | None = None) -> ProblemSet:
    """Return a problem set; None is the official one. A set's name comes before a folder of that name.

    `languages` leaves out the others; without it, the project's sets are those of the five languages. Raises
    ProblemError with one line: what is missing or wrong, what to do.
    """
    wanted = _wanted(languages)
    if name_or_dir is None or name_or_dir == OFFICIAL:
        loaded = _load(official_folder(), wanted or list(LANGUAGES))
        if loaded.name != OFFICIAL:
            raise ProblemError(_not_official(loaded))
        return loaded
    if name_or_dir == FRESH:
        return _load(problems_folder() / FRESH, wanted or list(LANGUAGES))
    if name_or_dir == PACK:
        return _load(pack_folder(), wanted or list(LANGUAGES))
    directory = Path(name_or_dir)
    if not directory.is_dir():
        found = f"{directory}: no such folder"
        if directory.exists():
            found = f"{directory}: is a file"
        elif len(directory.parts) == 1:
            found = unknown("problem set", str(name_or_dir), SETS)
        raise ProblemError(f"{found}; or give a folder of humaneval_<language>.jsonl[.gz]")
    present = [name for name in KNOWN if candidates(directory, name)]
    present = [name for name in present if name in LANGUAGES] or present
    if not present and (texts := _texts_of_rows(directory)):
        return _load_rows(directory, texts, wanted)
    if not present:
        files = ", ".join(f"{plain_name(name)}[.gz]" for name in KNOWN)
        rows = "or JSON files of MultiPL-E's rows"
        raise ProblemError(f"{directory}: the folder holds no problem file; expected one or more of {files}, {rows}")
    return _load(directory, wanted or present)


def has_file(loaded: ProblemSet, name: str) -> bool:
    """Whether the folder of a set holds a language's file."""
    return bool(candidates(loaded.directory, name))


def load_present(name_or_dir: str | Path | None = None) -> ProblemSet:
    """Return a problem set with all its languages that are here, those too that have to be asked for."""
    loaded = load_problems(name_or_dir)
    more = [name for name in KNOWN if name not in loaded.languages and has_file(loaded, name)]
    return load_problems(name_or_dir, languages=[*loaded.languages, *more]) if more else loaded


def load_as(name_or_dir: str | Path | None, digest: str) -> ProblemSet:
    """Return a problem set as one digest names it, with all its languages where that is meant; else as it is."""
    loaded = load_problems(name_or_dir)
    every = load_present(name_or_dir) if loaded.digest != digest else loaded
    return every if every.digest == digest else loaded


def left_out(loaded: ProblemSet) -> list[str]:
    """Return a line for each task of a set that cannot be judged: it counts neither as passed nor as failed."""
    return [f"{loaded.directory}: {task} is left out: {why}" for task, why in loaded.left_out.items()]


def with_solutions(loaded: ProblemSet, what: str) -> ProblemSet:
    """Return a set whose problems have solutions. Raises ProblemError saying `what` needs them."""
    if loaded.rows or loaded.left_out:
        raise ProblemError(
            f"{loaded.directory}: MultiPL-E's rows hold no solutions, which {what} needs; use another set"
        )
    return loaded


def _wanted(languages: Iterable[str] | None) -> list[str] | None:
    if languages is None:
        return None
    names = languages.split(",") if isinstance(languages, str) else list(languages)
    if not names:
        raise OptionError(f"no language is chosen; choose {', '.join(sorted(KNOWN))}")
    return [language(name).NAME for name in dict.fromkeys(names)]


def _not_official(loaded: ProblemSet) -> str:
    pinned = {plain_name(name): file.text_sha256 for name, file in manifest().files.items()}
    wrong = ", ".join(file for file, digest in loaded.files.items() if digest != pinned.get(file))
    return (
        f"{loaded.directory}: {wrong}: not the pinned official text; {RESTORE}; "
        f"or use the folder as a set of its own with: --problems {loaded.directory}"
    )


def _load(directory: Path, names: list[str]) -> ProblemSet:
    problems: dict[str, Problem] = {}
    files: dict[str, str] = {}
    for name in names:
        text = text_of(directory, name)
        files[plain_name(name)] = hashlib.sha256(text).hexdigest()
        problems.update(_problems(text, name))
    return ProblemSet(
        name=_set_name(directory, names, files),
        directory=directory,
        problems=problems | _with_bugs(directory, problems),
        files=files,
        digest=_digest(files),
    )


def _digest(files: Mapping[str, str]) -> str:
    whole = "".join(f"{digest}  {file}\n" for file, digest in sorted(files.items()))
    return hashlib.sha256(whole.encode()).hexdigest()


def _texts_of_rows(directory: Path) -> dict[str, bytes]:
    """Return the texts of a folder's files by plain name, if the first that may be such holds rows of MultiPL-E's."""
    from humaneval_x import multipl_e  # loads the grammars

    paths = sorted(path for path in directory.iterdir() if path.is_file() and multipl_e.is_named_so(path.name))
    if not paths or not multipl_e.is_row(next(multipl_e.rows_in(unpacked(paths[0]), paths[0].name), ("", None))[1]):
        return {}
    return {path.name.removesuffix(".gz"): unpacked(path) for path in paths}


def _load_rows(directory: Path, texts: Mapping[str, bytes], wanted: list[str] | None) -> ProblemSet:
    from humaneval_x import multipl_e

    rows = multipl_e.Rows()
    for name, text in texts.items():
        for where, row in multipl_e.rows_in(text, name):
            rows.add(row, where)
    kept = {KNOWN[name].PREFIX for name in wanted or KNOWN}
    if not any(task.partition("/")[0] in kept for task in (*rows.problems, *rows.left_out)):
        asked = ", ".join(wanted or KNOWN)
        raise ProblemError(f"{directory}: holds no problem in {asked}; choose another language")
    files = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    return ProblemSet(
        name=f"{directory.resolve().name} (MultiPL-E)",
        directory=directory,
        problems={task: each for task, each in rows.problems.items() if each.prefix in kept},
        files=files,
        digest=_digest(files),
        rows=rows.rows,
        left_out={task: why for task, why in rows.left_out.items() if task.partition("/")[0] in kept},
    )


def _set_name(directory: Path, names: list[str], files: Mapping[str, str]) -> str:
    for known in PINNED:
        pinned = manifest(known).files
        if all(name in pinned and files[plain_name(name)] == pinned[name].text_sha256 for name in names):
            return known
    if directory.resolve() == (problems_folder() / FRESH).resolve():
        return FRESH
    return f"{directory.resolve().name} (unverified)"


def _with_bugs(directory: Path, problems: Mapping[str, Problem]) -> dict[str, Problem]:
    """Return those problems whose buggy solution stands in a file beside the set's own."""
    path = directory / BUGGY
    try:
        rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return {
            task_id: replace(problems[task_id], buggy_solution=str(solution))
            for task_id, solution in rows.items()
            if task_id in problems and not problems[task_id].buggy_solution
        }
    except (OSError, ValueError, AttributeError) as fault:
        expected = "expected a JSON object, task_id -> solution"
        raise ProblemError(f"{path}: cannot be read ({fault}); {expected}; mend or remove it") from fault


def _problems(text: bytes, name: str) -> dict[str, Problem]:
    file, prefix = plain_name(name), KNOWN[name].PREFIX
    found: dict[str, Problem] = {}
    for number, line in enumerate(text.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        row = jsonl.parse(line + b"\n", Path(file), number, ProblemError, where=where)
        problem = Problem.from_json(row, where=where)
        where = f"{where} ({problem.task_id})"
        if problem.prefix != prefix:
            raise ProblemError(f"{where}: 'task_id' has to start with '{prefix}/' in this file; {RESTORE}")
        if problem.task_id in found:
            first = found[problem.task_id].source
            raise ProblemError(f"{where}: 'task_id' is there twice, first in {first}; expected each once; {RESTORE}")
        jsonl.refuse_surrogates(row, line, where, ProblemError)
        found[problem.task_id] = problem
    if not found:
        raise ProblemError(f"{file}: the file is empty; expected one JSON object a line; {RESTORE}")
    return found


def list_sets() -> list[SetListing]:
    """Return the known sets, and for each where it is or what to do to have it."""
    listed = []
    for name in SETS:
        try:
            loaded = load_problems(name)
        except ProblemError as fault:
            listed.append(SetListing(name=name, directory=None, count=0, detail=str(fault)))
            continue
        detail = f"{len(loaded.files)} languages, SHA-256 {loaded.digest[:16]}"
        listed.append(SetListing(name=name, directory=loaded.directory, count=len(loaded.problems), detail=detail))
    return listed
