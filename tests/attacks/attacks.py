"""The attack files and the legal-but-odd ones: how they are read, judged and shown.

    python tests/attacks/attacks.py [docker|bubblewrap ...] [language[/name] ...]        (make attacks)

A file is one completion, judged as an evaluation judges it against a problem of the fresh set. It begins with comment
lines (`//` or `#`) of the form `key: value`:

    technique   what it tries, in a few words (an attack)
    why         what is odd about it (a legal program)
    class       forging, escaping or exhausting (an attack)
    expect      the statuses it may end with, separated by commas; never passed (an attack)
    task        the problem; default fresh-0 (optional)
    form        completion (default: continues the prompt), declaration (continues the declaration, as a translation)
                or program (the whole text of the candidate)
    limits      other limits than the default, as on the command line: wall_s=3 compile_cpu_s=2

A line @name@ stands for what several files begin or end with: pieces/name, with the language's ending.
In the text @FILES@ stands for string literals with the paths of the host's canary files, @FILE@ for one such path,
@PORT@ for a port that the host listens on. Canaries are also in the host's environment, in its network, and in whatever
a program can leave behind: a planter runs first in each jail. After every attack that escapes or exhausts, the same jail
judges the canonical solution.
"""

from __future__ import annotations

import json
import os
import queue
import re
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from contract.jails import Jail
from official import fresh

from humaneval_x import assembly
from humaneval_x.assembly import program_of
from humaneval_x.checks import expected_checks
from humaneval_x.errors import HarnessError
from humaneval_x.languages import KNOWN, LANGUAGES
from humaneval_x.records import (
    COMPILE_LIMITS,
    RUN_LIMITS,
    Problem,
    Program,
    ReadAs,
    Reading,
    Sample,
    StageLimits,
    Status,
    Verdict,
)
from humaneval_x.resources import sandboxes_folder
from humaneval_x.runners.choose import choose
from humaneval_x.runners.toolchains import prepared
from humaneval_x.runners.wire import request
from humaneval_x.settings import EvaluationSettings

HERE = Path(__file__).resolve().parent
KINDS = ("forging", "escaping", "exhausting")
HEADER = re.compile(r"(?://|#) ?(technique|why|class|expect|task|form|limits): *(.*)\n")
PIECE = re.compile(r"^@([a-z_]+)@\n", re.MULTILINE)
CANARY = "canary-" + secrets.token_hex(8)
VARIABLE = "HUMANEVAL_X_TEST_CANARY"
TIMEOUT_S = 300


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file. `kind` is its class, or 'legal'."""

    name: str  # 'cpp/operator_equal'
    language: str
    kind: str
    what: str
    expect: tuple[str, ...]
    problem: Problem
    form: str
    limits: dict[str, float]
    text: str

    @property
    def key(self) -> tuple[bool, str]:
        """What a table of results tells it by."""
        return self.kind == "legal", self.name


@dataclass
class Result:
    """What became of one file in one jail."""

    case: Case
    verdict: Verdict | None = None
    fault: str = ""  # of the harness: never expected
    after: Verdict | None = None  # of the canonical solution, judged next in the same jail
    leaked: bool = False  # a canary is in what it printed

    @property
    def trouble(self) -> str:
        """What is not as it has to be, or nothing."""
        if self.fault or self.verdict is None:
            return f"harness fault: {self.fault}"
        if self.leaked:
            return f"it read a canary: {self.verdict}"
        if self.verdict.status.value not in self.case.expect:
            return f"{self.verdict.status.value}, expected {' or '.join(self.case.expect)}: {self.verdict}"
        if self.after is not None and not self.after.passed:
            return f"the program after it: {self.after}"
        return ""


@dataclass
class Report:
    """All results of one kind of jail, and what its canaries saw."""

    jail: str
    results: dict[tuple[bool, str], Result] = field(default_factory=dict)
    disturbed: list[str] = field(default_factory=list)


def read(path: Path) -> Case:
    """Read one file. Raises ValueError naming it where its first lines do not fit."""
    source, keys = path.read_text(encoding="utf-8"), {}
    while found := HEADER.match(source):
        keys[found[1]] = found[2].strip()
        source = source[found.end() :]
    source = PIECE.sub(lambda each: (HERE / "pieces" / f"{each[1]}{path.suffix}").read_text(encoding="utf-8"), source)
    language = path.parent.name
    legal = path.parent.parent.name == "legal"
    expect = ("passed",) if legal else tuple(re.split(r", *", keys.get("expect", "")))
    kind = "legal" if legal else keys.get("class", "")
    what = keys.get("why" if legal else "technique", "")
    form = keys.get("form", "completion")
    wrong = (
        ("a technique or why", not what),
        ("a class", not legal and kind not in KINDS),
        ("statuses to expect", not set(expect) <= {each.value for each in Status} - (set() if legal else {"passed"})),
        ("a form", form not in ("completion", "declaration", "program")),
    )
    for name, bad in wrong:
        if bad:
            raise ValueError(f"{path}: its first lines lack {name}")
    limits = {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", keys.get("limits", ""))}
    task = keys.get("task", "fresh-0").rpartition("/")[2]
    problem = next(each for each in fresh(language) if each.number == task)
    return Case(
        name=f"{language}/{path.stem}", language=language, kind=kind, what=what, expect=expect,
        problem=problem, form=form, limits=limits, text=source,
    )  # fmt: skip


def cases() -> list[Case]:
    """Every attack file, then every legal one."""
    return [
        read(path)
        for folder in (HERE, HERE.parent / "legal")
        for name, language in KNOWN.items()
        for path in sorted((folder / name).glob(f"*{language.EXTENSION}"))
    ]


def programs(case: Case, text: str) -> Program:
    """Assemble as an evaluation does. A whole program still has the problem's declaration beside its tests.

    Nothing of an attack is left out, as a reader of answers might: the jail has to stand it.
    """
    problem, source = case.problem, None
    if case.form == "program" and case.kind != "legal":
        # What comes before it goes by what the program uses, as for any: Go's imports.
        around = Reading(read_as=ReadAs.CONTINUATION, candidate=text, code=text)
        return replace(assembly.assembled(problem, None, around, EvaluationSettings()), candidate=text)
    if case.form == "declaration":
        source = next(name for name in LANGUAGES if name != case.language)
    if case.kind != "legal":
        whole = (problem.declaration if source else problem.prompt) + text
        reading = Reading(read_as=ReadAs.CONTINUATION, candidate=whole.replace(problem.imports or "\0", ""), code=whole)
        return assembly.assembled(problem, source, reading, EvaluationSettings())
    return assembled(problem, text, source)


def assembled(problem: Problem, completion: str, source: str | None) -> Program:
    sample = Sample(task_id=problem.task_id, completion=completion, sample_index=0, source_language=source)
    return program_of(problem, sample, EvaluationSettings())


def limits_of(case: Case) -> StageLimits:
    """The limits that a case asks for."""
    changed: dict[str, dict[str, Any]] = {"compile": {}, "run": {}}
    for name, value in case.limits.items():
        stage = "compile" if name.startswith("compile_") else "run"
        changed[stage][name.removeprefix("compile_")] = value if name.endswith("_s") else int(value)
    return StageLimits(
        compiling=replace(COMPILE_LIMITS, **changed["compile"]), running=replace(RUN_LIMITS, **changed["run"])
    )


class PlantedJail(Jail):
    """A jail in which a first program has left canaries behind."""

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request to the agent."""
        if self.agent is None:
            self.agent = self.runner.start()
            self.judge_text(PLANTER, PLANTER.text)
        return super().ask(request)

    def judge_text(self, case: Case, text: str) -> Verdict:
        """Judge a text as the file's completion. Raises SandboxError."""
        program = programs(case, text)
        return Verdict.from_json(self.ask(request(program, limits_of(case), expected_checks(program))))


PLANTER = Case(
    name="planter", language="python", kind="legal", what="leaves canaries behind", expect=("passed",),
    problem=fresh("python")[0], form="program", limits={},
    text=f"""import builtins, os
for folder in (".", "..", "/scratch", "/tmp", "/var/tmp", "/dev/shm", "/run"):
    try:
        with open(folder + "/canary", "w") as file:
            file.write("{CANARY}")
    except OSError:
        pass
os.environ["CANARY"] = builtins.canary = "{CANARY}"
def tide_turns(levels):
    return 0
""",
)  # fmt: skip


def canonical(case: Case) -> Case:
    """The problem's own solution, with the usual limits."""
    return replace(case, form="completion", limits={}, text=case.problem.canonical_solution)


def judge_one(jail: PlantedJail, case: Case, filled: dict[str, str]) -> Result:
    text = case.text
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    result = Result(case)
    try:
        result.verdict = jail.judge_text(case, text)
        result.leaked = CANARY in json.dumps(result.verdict.to_json())
        if case.kind in ("escaping", "exhausting"):
            result.after = jail.judge_text(canonical(case), case.problem.canonical_solution)
    except HarnessError as fault:
        result.fault = str(fault)
    return result


def judge_all(kind: str, chosen: Sequence[Case], workers: int = os.cpu_count() or 1) -> Report:
    """Judge files in jails of one kind, with canaries planted around them. Raises HarnessError where none can start."""
    report = Report(kind)
    with planted(report.disturbed) as filled:
        runner = choose(kind, COMPILE_LIMITS, RUN_LIMITS)
        jails = [PlantedJail(runner, TIMEOUT_S) for _ in range(workers)]
        free: queue.SimpleQueue[PlantedJail] = queue.SimpleQueue()
        for jail in jails:
            free.put(jail)

        def one(case: Case) -> Result:
            jail = free.get()
            try:
                return judge_one(jail, case, filled)
            finally:
                free.put(jail)

        try:
            with ThreadPoolExecutor(workers) as together:
                report.results.update({result.case.key: result for result in together.map(one, chosen)})
        finally:
            for jail in jails:
                jail.close()
    return report


@contextmanager
def planted(disturbed: list[str]) -> Iterator[dict[str, str]]:
    """Plant canaries on the host; afterwards add to `disturbed` what was read, changed or reached."""
    before = state(folders := [sandboxes_folder(), prepared()])
    with ExitStack() as stack:
        files = []
        for folder in (Path.home(), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")):
            with suppress(OSError):
                file = stack.enter_context(tempfile.NamedTemporaryFile("w+", prefix="canary-", dir=folder))
                file.write(CANARY)
                file.flush()
                os.chmod(file.name, 0o666)
                files.append(file)
        listener = stack.enter_context(socket.create_server(("0.0.0.0", 0)))
        listener.setblocking(False)
        os.environ[VARIABLE] = CANARY
        try:
            paths = [file.name for file in files]
            yield {"FILES": ", ".join(map(json.dumps, paths)), "FILE": paths[0], "PORT": str(listener.getsockname()[1])}
        finally:
            del os.environ[VARIABLE]
        for file in files:
            if Path(file.name).read_text() != CANARY:
                disturbed.append(f"{file.name} was changed")
        with suppress(BlockingIOError):
            disturbed.append(f"a connection from {listener.accept()[1]}")
    after = state(folders)
    disturbed += [
        f"{path} was changed" for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)
    ]


def state(folders: Sequence[Path]) -> dict[str, tuple[int, int, int]]:
    """What would show that a file was written to."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if "__pycache__" not in path.parts:
                seen = path.lstat()
                # A folder's time changes with what is made in it, which has a path of its own or is a cache of Python's.
                written = (0, 0) if path.is_dir() else (seen.st_size, seen.st_mtime_ns)
                found[str(path)] = (seen.st_mode, *written)
    return found


def row(jail: str, result: Result) -> tuple[str, ...]:
    """One line of the table: attack, language, jail, status, seconds, the layer that caught it."""
    language, _, name = result.case.name.partition("/")
    verdict = result.verdict
    said = f"{verdict.reason}" if verdict else result.fault
    status = verdict.status.value if verdict else "fault"
    seconds = f"{verdict.wall_s:.2f}" if verdict else ""
    return name, language, jail, result.case.kind, status, seconds, " ".join(said.split())[:90]


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 if anything is not as it has to be."""
    wanted = [each for each in arguments if each not in ("docker", "bubblewrap")]
    kinds = [each for each in arguments if each not in wanted] or ["docker", "bubblewrap"]
    chosen = [
        case for case in cases() if not wanted or any(case.name == each or case.language == each for each in wanted)
    ]
    rows: list[tuple[str, ...]] = [("attack", "language", "jail", "class", "status", "wall_s", "caught by")]
    troubles: list[str] = []
    for kind in kinds:
        try:
            report = judge_all(kind, chosen)
        except HarnessError as fault:
            print(f"{kind}: not tried: {fault}", file=sys.stderr)
            troubles += [f"{kind}: {fault}"] if len(kinds) == 1 else []
            continue
        rows += [row(kind, result) for _, result in sorted(report.results.items())]
        troubles += [
            f"{kind}: {result.case.name}: {result.trouble}" for result in report.results.values() if result.trouble
        ]
        troubles += [f"{kind}: {each}" for each in report.disturbed]
    widths = [max(len(each[column]) for each in rows) for column in range(len(rows[0]) - 1)]
    for each in rows:
        print("  ".join([*(text.ljust(width) for text, width in zip(each, widths, strict=False)), each[-1]]))
    for trouble in troubles:
        print(f"NOT AS IT HAS TO BE: {trouble}")
    print(f"{len(rows) - 1} judged, {len(troubles)} not as they have to be")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
