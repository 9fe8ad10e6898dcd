"""The main road: samples in, verdicts and scores out.

    samples.jsonl -> assemble -> jail -> verdicts.jsonl -> pass@k -> scores.json

It streams: neither samples nor verdicts are kept in memory. Finished verdicts are never computed twice, and
identical programs are run once. Does not know how a jail works (`runners`) or how a table looks (`reports`).
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from humaneval_x.checks import expected_checks
from humaneval_x.errata import apply_errata, read_errata
from humaneval_x.errors import OptionError, SandboxError
from humaneval_x.languages import BY_PREFIX, LANGUAGES, Rules, Task
from humaneval_x.probes import right_programs
from humaneval_x.problems import OFFICIAL, ProblemSet, load_problems
from humaneval_x.progress import Progress
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits, Problem, Program, Sample, Verdict
from humaneval_x.resources import problems_folder
from humaneval_x.results import Results, Row, write_whole
from humaneval_x.runners.choose import start_engine
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import describe, read_samples, set_of_samples
from humaneval_x.scoring import score

Item = tuple[Sample, str]  # a sample without its completion, and its program's digest


class Errata(str, Enum):
    """Which texts of the problems judge: as published, or with the project's corrections."""

    PUBLISHED = "published"
    CORRECTED = "corrected"


class Tests(str, Enum):
    """Which tests judge: the hidden ones, or those of the docstring's examples."""

    HIDDEN = "hidden"
    EXAMPLE = "example"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What defines a run's numbers. Workers, jails and the like are not among it: they must not matter."""

    errata: Errata = Errata.PUBLISHED
    tests: Tests = Tests.HIDDEN
    rules: Rules = Rules.OURS
    compiling: Limits = COMPILE_LIMITS
    running: Limits = RUN_LIMITS
    twin: bool = False  # each program that passes is run once more with wrong expectations, and has to fail

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they stand in run.json and scores.json."""
        return {
            "errata": self.errata.value,
            "tests": self.tests.value,
            "rules": self.rules.value,
            "compile_limits": asdict(self.compiling),
            "run_limits": asdict(self.running),
            **({"twin": True} if self.twin else {}),
        }


def program_of(problem: Problem, sample: Sample, settings: Settings) -> Program:
    """Assemble the program that judges one sample."""
    task = Task.TRANSLATION if sample.source_language else Task.GENERATION
    example = settings.tests is Tests.EXAMPLE and problem.example_test.strip()
    test = problem.example_test if example else problem.test  # six tasks have no examples of their own
    language = BY_PREFIX[problem.prefix]
    completion = sample.completion
    if settings.rules is Rules.OURS:  # the reference cuts when it generates; its evaluator takes rows as they are
        completion = language.truncate(completion, settings.rules)
    return language.assemble(problem, completion, task, test, settings.rules)


def twin_of(program: Program) -> tuple[Program, int]:
    """Return a program with its expectations made wrong, and how many of them could not be."""
    tests, left = LANGUAGES[program.language].falsify(program.tests)
    return replace(program, tests=tests), left


@dataclass
class Tally:
    """How the verdicts of one run came about."""

    samples: int = 0
    resumed: int = 0  # had their verdict from before
    executed: int = 0
    shared: int = 0  # took the verdict of an identical program
    cpu_s: float = 0.0
    unfalsified: int = 0  # checks that the twins had to leave as they were


def evaluate(
    samples: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    problems: str | Path | None = None,
    settings: Settings | None = None,
    sandbox: str = "auto",
    docker_image: str | None = None,
    docker_runtime: str | None = None,
    engine: str = "local",
    workers: int | None = None,
    k: Sequence[int] = (1, 10, 100),
    partial: bool = False,
    share: bool = True,
    progress: bool = True,
) -> dict[str, Any]:
    """Judge every sample that has no verdict yet, write DIR/verdicts.jsonl and DIR/scores.json, return the scores.

    `output` is by default results/<name of the first samples file>. With `share`, identical programs are run
    once. Where the errata touch a sample's program, its verdict under the other texts goes to DIR/corrected
    (or DIR/published), and both scores are returned. Raises InputError for what the user can mend and
    MachineError for the rest; what was judged by then is kept, and the next call goes on from there.
    """
    settings = settings or Settings()
    files = [samples] if isinstance(samples, str | Path) else list(samples)
    if any(size < 1 for size in k) or not k:
        raise OptionError(f"--k has to list positive numbers, found {list(k)}; for example: --k 1,10,100")
    loaded = load_problems(problems if problems is not None else set_of_samples(files))
    total = sum(1 for _ in read_samples(files, loaded))  # every row is checked before the first is run
    folder = Path(output) if output is not None else Path("results") / stem(files[0])
    identity = {"samples": [asdict(file) for file in describe(files)], "problems": loaded.digest}
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise OptionError(f"--workers has to be a whole number from 1 on, found {workers!r}")
    began, tallies, opened = time.monotonic(), {}, []
    with ExitStack() as stack:
        runs: list[tuple[Settings, Mapping[str, Problem], Path]] = []
        for variant in (settings, replace(settings, errata=other(settings.errata))):
            place = folder if variant is settings else folder / variant.errata.value
            texts = texts_of(loaded, variant.errata)
            if variant is not settings and texts == runs[0][1]:
                continue
            runs.append((variant, texts, place))
        results = stack.enter_context(Results.open(folder, {**identity, **settings.to_json()}))
        runner = start_engine(
            engine, sandbox, settings.compiling, settings.running, image=docker_image, runtime=docker_runtime
        )
        count = workers or runner.cores
        twin = twin_of if settings.twin else None
        pool: Pool[Item] = stack.enter_context(
            Pool(runner, settings.compiling, settings.running, count, right_programs(), twin)
        )
        for variant, texts, place in runs:
            wanted: Iterable[Sample] = read_samples(files, loaded)
            if variant is not settings:
                changed = {name for name in texts if texts[name] != runs[0][1][name]}
                wanted = [each for each in wanted if each.task_id in changed and differs(each, runs, settings)]
                if not wanted:
                    continue
                results = stack.enter_context(Results.open(place, {**identity, **variant.to_json()}))
            opened.append((variant, results))
            bar = Progress(total if variant is settings else len(wanted), 0, shown=progress)  # type: ignore[arg-type]
            tallies[variant.errata.value] = judge(wanted, texts, variant, results, pool, share, bar)
            bar.close()
        report = {
            "settings": settings.to_json(),
            "samples": identity["samples"],
            "samples_at": [os.path.abspath(file) for file in files],  # where a report finds them
            "problems": {"name": loaded.name, "digest": loaded.digest},
            "sandbox": {"kind": runner.name, "description": runner.describe(), "workers": count},
            "toolchains": pool.toolchains,
            "harness": asdict(pool.faults),
            "programs": {name: asdict(tally) for name, tally in tallies.items()},
            "wall_s": round(time.monotonic() - began, 3),
            "scores": {
                variant.errata.value: score(rows_of(opened[0][1], results), tasks_of(loaded), k, partial=partial)
                for variant, results in opened
            },
        }
        write_json(folder / "scores.json", report)
    if pool.faults.unjudged:
        raise SandboxError(
            f"{len(pool.faults.unjudged)} programs have no verdict because their jail failed twice, the first: "
            f"{pool.faults.unjudged[0]}; the others are kept in {folder}; run the same command again"
        )
    return report


def judge(
    wanted: Iterable[Sample],
    texts: Mapping[str, Problem],
    settings: Settings,
    results: Results,
    pool: Pool[Item],
    share: bool,
    bar: Progress,
) -> Tally:
    """Give every wanted sample its verdict in `results`."""
    tally = Tally()
    waiting: dict[str, list[Sample]] = defaultdict(list)  # digest of a running program -> samples that share it

    def keep(sample: Sample, digest: str, verdict: Verdict, *, shared: bool) -> None:
        results.append(sample, digest, verdict, shared=shared)
        tally.shared += shared
        bar.add(verdict.passed)

    def programs() -> Iterator[tuple[Item, Program, int | None]]:
        for sample in wanted:
            tally.samples += 1
            if sample.key in results.done:
                tally.resumed += 1
                bar.add(False)
                continue
            program = program_of(texts[sample.task_id], sample, settings)
            digest = program.digest
            slim = replace(sample, completion="", extra={})
            if share:
                known = results.verdict_of(digest)
                if known is not None:
                    keep(slim, digest, known, shared=True)
                    continue
                if digest in waiting:
                    waiting[digest].append(slim)
                    continue
                waiting[digest] = []
            yield (slim, digest), program, expected_checks(program)

    for (sample, digest), outcome in pool.judge(programs()):
        same = waiting.pop(digest, [])
        if isinstance(outcome, SandboxError):
            without = (sample, *same)
            pool.faults.unjudged += [f"{each.task_id} sample {each.sample_index}: {outcome}" for each in without]
            continue
        tally.executed += 1
        tally.unfalsified += outcome.unfalsified or 0
        tally.cpu_s = round(tally.cpu_s + outcome.cpu_s, 4)
        keep(sample, digest, outcome, shared=False)
        for each in same:
            keep(each, digest, outcome, shared=True)
    return tally


def differs(sample: Sample, runs: Sequence[tuple[Settings, Mapping[str, Problem], Path]], settings: Settings) -> bool:
    """Whether the errata change the program of a sample (a corrected declaration does not touch generation)."""
    digests = {program_of(texts[sample.task_id], sample, settings).digest for _, texts, _ in runs}
    return len(digests) > 1


def other(errata: Errata) -> Errata:
    """The texts a run does not use itself."""
    return Errata.CORRECTED if errata is Errata.PUBLISHED else Errata.PUBLISHED


def texts_of(loaded: ProblemSet, errata: Errata) -> Mapping[str, Problem]:
    """The problems under one choice of texts. Only the verified official set has errata."""
    if errata is Errata.PUBLISHED or loaded.name != OFFICIAL:
        return loaded.problems
    errata_file = problems_folder() / "errata.json"
    return {each.task_id: each for each in apply_errata(loaded.problems.values(), read_errata(errata_file))}


def tasks_of(loaded: ProblemSet) -> dict[str, list[str]]:
    """Every task_id of each language."""
    found: dict[str, list[str]] = {name: [] for name in LANGUAGES}
    for task_id, problem in loaded.problems.items():
        found[BY_PREFIX[problem.prefix].NAME].append(task_id)
    return found


def rows_of(main: Results, variant: Results) -> Iterator[Row]:
    """The verdict rows under a variant's texts: its own, and the main run's where the texts are the same."""
    if variant is not main:
        yield from variant.rows()
    for row in main.rows():
        if variant is main or row.key not in variant.done:
            yield row


def stem(path: str | Path) -> str:
    """The name of a samples file without its endings."""
    return Path(path).name.removesuffix(".gz").removesuffix(".jsonl")


def write_json(path: Path, value: Any) -> None:
    """Write a file whole or not at all."""
    write_whole(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())
