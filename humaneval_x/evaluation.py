"""The main road: samples in, verdicts and scores out.

    samples.jsonl -> assemble -> jail -> verdicts.jsonl -> pass@k -> scores.json

It streams: neither samples nor verdicts are kept in memory. Finished verdicts are never computed twice, and
identical programs are run once. Does not know how a jail works (`runners`) or how a table looks (`reports`).
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from humaneval_x.assembly import program_of, tasks_of, texts_of, with_negated_tests
from humaneval_x.checks import expected_checks
from humaneval_x.errors import OptionError, SandboxError
from humaneval_x.files.whole import write_json
from humaneval_x.probes import right_programs
from humaneval_x.problems import load_problems
from humaneval_x.progress import Progress
from humaneval_x.records import Problem, Program, Sample, Verdict
from humaneval_x.results import Results, Row
from humaneval_x.runners.choose import start_engine
from humaneval_x.runners.pool import Pool
from humaneval_x.samples import AS_IT_IS, Asked, Told, describe, read_samples, set_of_samples
from humaneval_x.scoring import score
from humaneval_x.settings import EvaluationSettings

Item = tuple[Sample, str]  # a sample without its completion, and its program's digest


@dataclass
class ProgramCounts:
    """How the verdicts of one run came about."""

    samples: int = 0
    resumed: int = 0  # had their verdict from before
    executed: int = 0
    shared: int = 0  # took the verdict of an identical program
    cpu_s: float = 0.0
    not_negated: int = 0  # checks whose expectation could not be made wrong


def evaluate(
    samples: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    problems: str | Path | None = None,
    settings: EvaluationSettings | None = None,
    sandbox: str = "auto",
    docker_image: str | None = None,
    docker_runtime: str | None = None,
    engine: str = "local",
    workers: int | None = None,
    k: Sequence[int] = (1, 10, 100),
    partial: bool = False,
    share: bool = True,
    progress: bool = True,
    asked: Asked = AS_IT_IS,
) -> dict[str, Any]:
    """Judge every sample that has no verdict yet, write DIR/verdicts.jsonl and DIR/scores.json, return the scores.

    `samples` may be files or folders of other harnesses; `asked` says which where that is not left to their content.
    `output` is by default results/<name of the first samples file>. With `share`, identical programs are run
    once. Where the errata touch a sample's program, its verdict under the other texts goes to DIR/corrected
    (or DIR/published), and both scores are returned. Raises InputError for what the user can mend and
    MachineError for the rest; what was judged by then is kept, and the next call goes on from there.
    """
    settings = settings or EvaluationSettings()
    files = [samples] if isinstance(samples, str | Path) else list(samples)
    if any(size < 1 for size in k) or not k:
        raise OptionError(f"--k has to list positive numbers, found {list(k)}; for example: --k 1,10,100")
    loaded = load_problems(problems if problems is not None else set_of_samples(files, asked))
    told = Told()
    total = sum(1 for _ in read_samples(files, loaded, asked, told))  # every row is checked before the first is run
    for line in told.lines() if progress else ():
        print(line, file=sys.stderr)
    folder = Path(output) if output is not None else Path("results") / stem(files[0])
    identity: dict[str, Any] = {"samples": [asdict(file) for file in describe(files)], "problems": loaded.digest}
    identity |= {"asked": asked.to_json()} if asked.to_json() else {}
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise OptionError(f"--workers has to be a whole number from 1 on, found {workers!r}")
    began, counts, opened = time.monotonic(), {}, []
    with ExitStack() as stack:
        runs: list[tuple[EvaluationSettings, Mapping[str, Problem], Path]] = []
        for variant in (settings, replace(settings, errata=settings.errata.other)):
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
        negate = with_negated_tests if settings.negated_tests else None
        pool: Pool[Item] = stack.enter_context(
            Pool(runner, settings.compiling, settings.running, count, right_programs(), negate)
        )
        for variant, texts, place in runs:
            wanted: Iterable[Sample] = read_samples(files, loaded, asked)
            if variant is not settings:
                changed = {name for name in texts if texts[name] != runs[0][1][name]}
                wanted = [each for each in wanted if each.task_id in changed and differs(each, runs, settings)]
                if not wanted:
                    continue
                results = stack.enter_context(Results.open(place, {**identity, **variant.to_json()}))
            opened.append((variant, results))
            bar = Progress(total if variant is settings else len(wanted), 0, shown=progress)  # type: ignore[arg-type]
            counts[variant.errata.value] = judge(wanted, texts, variant, results, pool, share, bar)
            bar.close()
        report = {
            "settings": settings.to_json(),
            "samples": identity["samples"],
            "samples_at": [os.path.abspath(file) for file in files],  # where a report finds them
            "asked": asked.to_json(),
            "problems": {"name": loaded.name, "digest": loaded.digest},
            "sandbox": {"kind": runner.name, "description": runner.describe(), "workers": count},
            "toolchains": pool.toolchains,
            "harness": asdict(pool.faults),
            "programs": {name: asdict(counts) for name, counts in counts.items()},
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
    settings: EvaluationSettings,
    results: Results,
    pool: Pool[Item],
    share: bool,
    bar: Progress,
) -> ProgramCounts:
    """Give every wanted sample its verdict in `results`."""
    counts = ProgramCounts()
    waiting: dict[str, list[Sample]] = defaultdict(list)  # digest of a running program -> samples that share it

    def keep(sample: Sample, digest: str, verdict: Verdict, *, shared: bool) -> None:
        results.append(sample, digest, verdict, shared=shared)
        counts.shared += shared
        bar.add(verdict.passed)

    def programs() -> Iterator[tuple[Item, Program, int | None]]:
        for sample in wanted:
            counts.samples += 1
            if sample.key in results.done:
                counts.resumed += 1
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
        counts.executed += 1
        counts.not_negated += outcome.not_negated or 0
        counts.cpu_s = round(counts.cpu_s + outcome.cpu_s, 4)
        keep(sample, digest, outcome, shared=False)
        for each in same:
            keep(each, digest, outcome, shared=True)
    return counts


def differs(
    sample: Sample, runs: Sequence[tuple[EvaluationSettings, Mapping[str, Problem], Path]], settings: EvaluationSettings
) -> bool:
    """Whether the errata change the program of a sample (a corrected declaration does not touch generation)."""
    digests = {program_of(texts[sample.task_id], sample, settings).digest for _, texts, _ in runs}
    return len(digests) > 1


def rows_of(main: Results, variant: Results) -> Iterator[Row]:
    """The verdict rows under a variant's texts: its own, and the main run's where the texts are the same."""
    if variant is not main:
        yield from variant.rows()
    for row in main.rows():
        if variant is main or row.key not in variant.done:
            yield row


def stem(path: str | Path) -> str:
    """The name of a samples file without its endings."""
    return Path(path).resolve().name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json")
