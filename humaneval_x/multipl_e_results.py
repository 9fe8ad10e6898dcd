"""A run's verdicts as MultiPL-E writes its own: NAME.results.json.gz for each problem, which its pass_k.py reads.

Its words for what happened are four (OK, Exception, SyntaxError, Timeout), so ours are told in more detail in
verdicts.jsonl. `program` is what ran here: its tests were compiled apart from it. Changes no verdict.
Source: nuprl/MultiPL-E, evaluation/src/main.py.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from humaneval_x import multipl_e
from humaneval_x.assembly import Order, Programs
from humaneval_x.errors import OptionError, ResultsError
from humaneval_x.files.whole import cannot_write, write_whole
from humaneval_x.json_types import JsonObject
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Sample, Status, Verdict
from humaneval_x.results import read_rows
from humaneval_x.samples import Asked, read_samples
from humaneval_x.settings import EvaluationSettings

WORDS = {Status.PASSED: ("OK", 0), Status.COMPILE_ERROR: ("SyntaxError", 1), Status.TIMED_OUT: ("Timeout", -1)}
OTHERS = ("Exception", 1)


def refuse_others(problems: ProblemSet) -> None:
    """Raise OptionError where a set is none of MultiPL-E's."""
    if not problems.rows:
        kind = f"the problem set '{problems.name}' is none of MultiPL-E's rows"
        raise OptionError(f"--multipl_e writes results in MultiPL-E's form, and {kind}; leave the option out")


def write(
    run: Path,
    samples: tuple[str | Path, ...],
    problems: ProblemSet,
    asked: Asked,
    settings: EvaluationSettings,
    out: Path,
) -> None:
    """Write the files into `out`; into a folder for each language where the run has several. Raises ResultsError."""
    refuse_others(problems)
    verdicts = {row.key: row.verdict for row in read_rows(run)}
    several = len({task_id.partition("/")[0] for task_id, _, _ in verdicts}) > 1
    files: dict[str, list[tuple[int, JsonObject]]] = {}
    for sample, program in _programs(samples, problems, asked, settings):
        if (verdict := verdicts.get(sample.key)) is not None:
            files.setdefault(sample.task_id, []).append((sample.sample_index, result(program, verdict)))
    for task_id, results in files.items():
        row = dict(problems.rows[task_id])
        row.pop("completions", None)
        row["results"] = [each for _, each in sorted(results, key=lambda found: found[0])]
        folder = out / str(row["language"]) if several else out
        path = folder / f"{row['name']}{multipl_e.RESULTS[1]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, gzip.compress(json.dumps(row, indent=2).encode(), mtime=0))
        except OSError as fault:
            raise cannot_write(path, fault, ResultsError, "choose another folder") from fault


def _programs(
    samples: tuple[str | Path, ...], problems: ProblemSet, asked: Asked, settings: EvaluationSettings
) -> Iterator[tuple[Sample, str]]:
    orders = (Order(problems.problems[each.task_id], each, settings) for each in read_samples(samples, problems, asked))
    with Programs() as programs:
        for order, found in programs.map(orders):
            yield order.sample, found.program.text


def result(program: str, verdict: Verdict) -> JsonObject:
    """Return one entry of `results`."""
    status, exit_code = WORDS.get(verdict.status, OTHERS)
    stderr = "\n".join(filter(None, (verdict.compiler_output, verdict.stderr, verdict.reason)))
    return {"program": program, "stdout": verdict.stdout, "stderr": stderr, "exit_code": exit_code, "status": status}
