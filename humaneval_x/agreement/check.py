"""`problems cross_check`: every problem's canonical solutions on common inputs, in jails, and where they disagree.

Each language is one program a batch of problems, compiled once and started for each problem. A batch that does not
compile is halved until what does not is found. Judges no sample and changes no file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace

from humaneval_x.agreement.calls import Arguments, Case, Function, function_of
from humaneval_x.agreement.compare import Disagreement, Printed, disagreements
from humaneval_x.agreement.drivers import DRIVERS
from humaneval_x.agreement.inputs import cases, recorder
from humaneval_x.assembly import texts_of
from humaneval_x.errors import OptionError, SandboxError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import BY_PREFIX, KNOWN
from humaneval_x.probes import right_programs
from humaneval_x.problem_files import OFFICIAL
from humaneval_x.problems import load_problems
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Script, ScriptRun, StageLimits
from humaneval_x.runners.machines import HERE, Jails
from humaneval_x.runners.pool import Pool, Worker
from humaneval_x.settings import Errata

BATCH = 24  # problems a program: compiled once, and not too much to compile
COMPILING = replace(COMPILE_LIMITS, cpu_s=120, wall_s=240)
RUNNING = replace(RUN_LIMITS, cpu_s=20, wall_s=60)
LIMITS = StageLimits(compiling=COMPILING, running=RUNNING)
RECORDS = "python"  # whose tests are given the function that they call
Functions = dict[str, dict[str, Function]]  # language -> number -> function


@dataclass(frozen=True, kw_only=True)
class CrossCheck:
    """What was found: how much was called, where languages differ, and what could not be called."""

    problems: int
    inputs: int
    called: Mapping[str, int]  # language -> calls that returned
    threw: Mapping[str, int]
    found: Sequence[Disagreement]
    not_called: Mapping[str, str]  # task_id -> why

    def to_json(self) -> JsonObject:
        """Return it as JSON values."""
        return {**asdict(self), "found": [each.to_json() for each in self.found]}


def cross_check(
    problems: str | None = None,
    numbers: Sequence[str] = (),
    errata: Errata = Errata.PUBLISHED,
    *,
    languages: Sequence[str] | None = None,
    jails: Jails = HERE,
    progress: bool = True,
) -> CrossCheck:
    """Return where the canonical solutions of a set disagree. Raises InputError or MachineError.

    `languages` are those of the set, of the five without it; Python's are always there: its tests give the inputs.
    """
    functions = functions_of(problems, numbers, errata, languages)
    runner = jails.runner(COMPILING, RUNNING)
    workers = min(jails.workers_of(runner), len(functions))
    pool: Pool[None] = Pool(runner, COMPILING, RUNNING, workers, right_programs())
    with Worker(pool) as worker:
        recorded = recordings(worker, list(functions[RECORDS].values()))
    inputs = {number: cases(recorded.get(number, []), number) for number in functions[RECORDS]}

    def run(language: str) -> Outputs:
        with Worker(pool) as worker:
            own = [each for each in functions[language].values() if inputs.get(each.number)]
            return Caller(worker, language, inputs, progress).outputs(own)

    with ThreadPoolExecutor(workers) as threads:
        outputs = dict(zip(functions, threads.map(run, functions), strict=True))
    return result(functions, inputs, outputs)


def functions_of(
    problems: str | None, numbers: Sequence[str], errata: Errata, languages: Sequence[str] | None = None
) -> Functions:
    """Return the functions of a set by language and number. Raises OptionError for a problem that is not there."""
    loaded = load_problems(problems or OFFICIAL, languages=languages and [RECORDS, *languages])
    found: Functions = {name: {} for name in KNOWN}
    for each in texts_of(loaded, errata).values():
        if not numbers or each.number in numbers:
            found[BY_PREFIX[each.prefix].NAME][each.number] = function_of(each)
    absent = [number for number in numbers if number not in found[RECORDS]]
    if absent:
        raise OptionError(f"--numbers: no problem {absent[0]!r} in {loaded.name}; give numbers of its task_ids")
    return {name: own for name, own in found.items() if own}


@dataclass
class Outputs:
    """What one language printed: by problem and case; and what could not be called, with the reason."""

    printed: dict[str, Printed]
    failed: dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Calls one language's solutions in one jail."""

    worker: Worker
    language: str
    inputs: Mapping[str, Sequence[Case]]
    told: bool

    def outputs(self, functions: Sequence[Function]) -> Outputs:
        """Return what the solutions print, batch by batch."""
        found = Outputs({}, {})
        for start in range(0, len(functions), BATCH):
            self._batch(functions[start : start + BATCH], found)
            if self.told:
                done = min(start + BATCH, len(functions))
                print(f"cross_check: {self.language}, {done} of {len(functions)} problems", file=sys.stderr, flush=True)
        return found

    def _batch(self, functions: Sequence[Function], found: Outputs) -> None:
        run = started(self.worker, self.language, DRIVERS[self.language](functions, self.inputs), len(functions))
        if run.ran:
            for each, stage in zip(functions, run.ran, strict=True):
                found.printed[each.number] = lines(stage.stdout)
        elif len(functions) == 1:
            said = (run.compiled.stderr or run.compiled.stdout) if run.compiled else ""
            found.failed[functions[0].number] = "it does not compile beside a caller: " + " ".join(said.split())[:300]
        else:
            half = len(functions) // 2
            self._batch(functions[:half], found)
            self._batch(functions[half:], found)


def started(worker: Worker, language: str, source: str, count: int) -> ScriptRun:
    """Return what a program does that is given the numbers below `count`, one a start. Raises SandboxError."""
    script = Script(language=language, source=source, inputs=tuple(map(str, range(count))))
    run = worker.run(script, LIMITS)
    if isinstance(run, SandboxError):
        raise run
    return run


def recordings(worker: Worker, functions: Sequence[Function]) -> dict[str, list[Arguments]]:
    """Return the arguments with which the tests call each function; none where they call it with no plain value."""
    run = started(worker, RECORDS, recorder(functions), len(functions))
    return {each.number: json.loads(stage.stdout or "[]") for each, stage in zip(functions, run.ran, strict=True)}


def lines(stdout: str) -> Printed:
    """Return what was printed, by case; what a solution printed itself is left out."""
    found = {}
    for line in stdout.splitlines():
        number, tab, told = line.partition("\t")
        if tab and number.isdecimal():
            found[int(number)] = told
    return found


def result(functions: Functions, inputs: Mapping[str, Sequence[Case]], outputs: Mapping[str, Outputs]) -> CrossCheck:
    """Return what the outputs of all languages come to."""
    found: list[Disagreement] = []
    for number in functions[RECORDS]:
        printed = {name: each.printed[number] for name, each in outputs.items() if number in each.printed}
        own = {name: each[number] for name, each in functions.items() if number in each}
        found += disagreements(own, inputs[number], printed)
    told = {name: list(_lines(each)) for name, each in outputs.items()}
    return CrossCheck(
        problems=len(functions[RECORDS]),
        inputs=sum(map(len, inputs.values())),
        called={name: sum(not line.startswith("!") for line in each) for name, each in told.items()},
        threw={name: sum(line.startswith("!") for line in each) for name, each in told.items()},
        found=found,
        not_called=dict(_not_called(functions, inputs, outputs)),
    )


def _lines(outputs: Outputs) -> Iterable[str]:
    return (line for printed in outputs.printed.values() for line in printed.values())


def _not_called(
    functions: Functions, inputs: Mapping[str, Sequence[Case]], outputs: Mapping[str, Outputs]
) -> Iterator[tuple[str, str]]:
    for name, own in functions.items():
        for number in own:
            task_id = f"{KNOWN[name].PREFIX}/{number}"
            if not inputs.get(number):
                yield task_id, "its head is not found, or the tests call it with no plain value"
            elif number in outputs[name].failed:
                yield task_id, outputs[name].failed[number]
            elif not outputs[name].printed.get(number):
                yield task_id, "none of the inputs has the declared types"
