"""One run's folder, read for a report: its scores as they stand, and what is counted from its verdicts.

Does not score anew: pass@k for more values of k comes from the same functions (`metrics`), and a folder whose
scores and verdicts do not belong together is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from humaneval_x.assembly import tasks_of, texts_of
from humaneval_x.errors import InputError, ResultsError
from humaneval_x.languages import LANGUAGES
from humaneval_x.metrics import estimate, pass_at_k, stratified
from humaneval_x.problems import OFFICIAL, ProblemSet, load_problems
from humaneval_x.records import Problem
from humaneval_x.results import Row, read_rows, read_settings
from humaneval_x.samples import Asked, SamplesFile, is_same
from humaneval_x.scoring import Column, columns
from humaneval_x.settings import Errata, Task

SCORES = "scores.json"
CURVE = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 500, 700, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a report needs of a run. `absent` says in sentences what cannot be shown, and what to do about it."""

    folder: Path
    name: str
    scores: Mapping[str, Any]
    settings: Mapping[str, Any]
    problems: ProblemSet | None
    texts: Mapping[str, Problem]  # as they judged; empty without the problem set
    samples: Sequence[Path]  # empty where they are not to be had
    counts: VerdictCounts
    absent: Sequence[str]

    @property
    def asked(self) -> Asked:
        """How the samples are to be read."""
        return Asked.from_json(self.scores.get("asked", {}))

    @property
    def errata(self) -> str:
        """Which texts judged: the first of the two scores where they differ."""
        return str(self.settings["errata"])

    @property
    def other(self) -> str | None:
        """The other texts, where the run has verdicts under them."""
        return next((texts for texts in self.scores["scores"] if texts != self.errata), None)

    def column(self, name: str) -> Column:
        """Return the counts of 'go' (generation) or 'python-go' (translation)."""
        source, _, target = name.rpartition("-")
        return self.counts.columns[source, target]

    def expected(self, name: str) -> list[str]:
        """Return the task_ids of a column's target, in the order that the scores were computed in."""
        return tasks_of(self.problems)[name.rpartition("-")[2]] if self.problems else []


@dataclass
class VerdictCounts:
    """What one pass over the verdicts counts."""

    columns: dict[tuple[str, str], Column] = field(default_factory=dict)
    executed: int = 0
    shared: int = 0
    cpu_s: float = 0.0

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the rows on, counted."""
        for row in rows:
            self.shared += row.shared
            self.executed += not row.shared
            self.cpu_s += 0.0 if row.shared else row.verdict.cpu_s
            yield row


def read_run(
    folder: str | Path,
    *,
    problems: str | Path | None = None,
    samples: Sequence[str | Path] = (),
    rows: Iterable[Row] | None = None,
    name: str | None = None,
) -> Run:
    """Read a run's folder. `rows` are its verdicts where the caller goes over them too.

    `samples` and `problems` say where those are now; samples files are known by their SHA-256. Raises
    ResultsError: no run, not finished, scores of other verdicts.
    """
    folder = Path(folder)
    settings = read_settings(folder)
    scores = read_scores(folder)
    absent: list[str] = []
    loaded = _problems(scores, problems, absent)
    counts = VerdictCounts()
    counts.columns = columns(counts.count(read_rows(folder) if rows is None else rows))
    _check(folder, scores, settings["errata"], counts)
    return Run(
        folder=folder,
        name=name or folder.resolve().name,
        scores=scores,
        settings=settings,
        problems=loaded,
        texts=texts_of(loaded, Errata(settings["errata"])) if loaded else {},
        samples=_samples(folder, scores, samples, absent),
        counts=counts,
        absent=absent,
    )


def read_scores(folder: Path) -> dict[str, Any]:
    """Return a run's scores. Raises ResultsError."""
    path = folder / SCORES
    try:
        scores: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        scores["scores"], scores["problems"]["digest"], scores["samples"]
    except FileNotFoundError as fault:
        what = f"{folder}: no {SCORES}: the run is not finished"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it goes on") from fault
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as fault:
        what = f"{path}: cannot be read ({type(fault).__name__}: {fault})"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it writes it anew") from fault
    return scores


def _problems(scores: Mapping[str, Any], given: str | Path | None, absent: list[str]) -> ProblemSet | None:
    name, digest = scores["problems"]["name"], scores["problems"]["digest"]
    try:
        loaded = load_problems(given or name.removesuffix(" (unverified)"))
    except InputError as fault:
        if given:
            raise
        absent.append(f"The problem set is not at hand ({fault}): no curves, prompts and programs. Give --problems.")
        return None
    if loaded.digest != digest:
        found = f"the problems of {loaded.name} have the digest {loaded.digest[:12]}, the run's {digest[:12]}"
        if given:
            raise ResultsError(f"{loaded.directory}: {found}; give the folder the run was made with")
        absent.append(f"The problem set has changed: {found}. No curves, prompts and programs. Give --problems.")
        return None
    return loaded


def _samples(folder: Path, scores: Mapping[str, Any], given: Sequence[str | Path], absent: list[str]) -> list[Path]:
    found = []
    recorded = scores.get("samples_at", [])
    for number, known in enumerate(scores["samples"]):
        places = [Path(each) for each in given] or [
            *[Path(each) for each in recorded[number : number + 1]],
            folder / known["file"],
        ]
        wanted = SamplesFile(**known)
        match = next((place for place in places if is_same(place, wanted)), None)
        if match is None:
            what = f"{known['file']} with the SHA-256 {known['sha256'][:12]}..."
            if given:
                raise ResultsError(f"--samples: none of the files given is {what}; give the samples the run judged")
            absent.append(f"The samples file {what} is not where it was: no completions. Give --samples.")
        else:
            found.append(match)
    return found if len(found) == len(scores["samples"]) else []


def _check(folder: Path, scores: Mapping[str, Any], errata: str, counts: VerdictCounts) -> None:
    counted = {(f"{s}-{t}" if s else t): dict(column.outcomes) for (s, t), column in counts.columns.items()}
    told = {
        name: entry["outcomes"]
        for named in scores["scores"].get(errata, {}).values()
        for name, entry in named.items()
        if name != "overall"
    }
    if counted != told:
        what = f"{folder}: {SCORES} and verdicts.jsonl do not belong together: the verdicts have changed since"
        raise ResultsError(f"{what}; run the same evaluate.py run command again, it writes the scores anew")


@cache
def _pass_at_k(n: int, c: int, k: int) -> float:
    return pass_at_k(n, c, k)


def values(column: Column, expected: Sequence[str], k: int) -> list[float]:
    """Return each task's pass@k, of those with k samples, in the order that the scores were computed in."""
    return [_pass_at_k(column.n[task], column.c[task], k) for task in expected if column.n[task] >= k]


def curves(run: Run) -> dict[str, dict[str, dict[int, dict[str, float]]]]:
    """Return {task: {name: {k: {value, low, high}}}} for k up to the smallest n.

    Generation has a curve for each language, translation one for each target, over its pairs; both one over all.
    """
    found: dict[str, dict[str, dict[int, dict[str, float]]]] = {}
    for task, named in run.scores["scores"].get(run.errata, {}).items():
        groups: dict[str, list[str]] = {}
        for name in named:
            if name != "overall":
                groups.setdefault(name.rpartition("-")[2], []).append(name)
        groups = {name: groups[name] for name in LANGUAGES if name in groups}
        groups["overall"] = [name for name in named if name != "overall"]
        found[task] = {}
        for group, names in groups.items():
            curve = {k: _point(run, names, k) for k in _ks(run, names)}
            if curve:
                found[task][group] = curve
    return found


def _ks(run: Run, names: Sequence[str]) -> list[int]:
    """The k for which every task of these columns has enough samples."""
    if run.problems is None:
        return []
    smallest = min(run.column(name).n[task_id] for name in names for task_id in run.expected(name))
    entries = [entry for named in run.scores["scores"][run.errata].values() for entry in named.values()]
    asked = {int(key.partition("@")[2]) for entry in entries for key in entry if key.startswith("pass@")}
    return sorted(k for k in {*CURVE, *asked, smallest} if 1 <= k <= smallest)


def _point(run: Run, names: Sequence[str], k: int) -> dict[str, float]:
    groups = [values(run.column(name), run.expected(name), k) for name in names]
    found = asdict(stratified(groups) if len(groups) > 1 else estimate(groups[0]))
    return {key: found[key] for key in ("value", "low", "high")}


def numbers(run: Run, task: str) -> list[str]:
    """Return the problems of a task, as the five languages share them ('12'), in the order of the files."""
    columns_ = [name for name in run.scores["scores"][run.errata][task] if name != "overall"]
    if run.problems:
        ids = [task_id for name in columns_ for task_id in run.expected(name)]
    else:
        ids = sorted({t for name in columns_ for t in run.column(name).n}, key=lambda t: (len(t), t))
    return list(dict.fromkeys(task_id.partition("/")[2] for task_id in ids))


def grid(run: Run) -> dict[str, dict[str, Any]]:
    """Return {task: {"numbers": [...], "columns": {name: [[n, c] or None, ...]}}}: each problem's counts."""
    found: dict[str, dict[str, Any]] = {}
    for task in run.scores["scores"].get(run.errata, {}):
        found[task] = {"numbers": numbers(run, task), "columns": {}}
        for (source, target), column in run.counts.columns.items():
            if (Task.TRANSLATION if source else Task.GENERATION).value == task:
                counts = {t.partition("/")[2]: [column.n[t], column.c[t]] for t in column.n}
                name = f"{source}-{target}" if source else target
                found[task]["columns"][name] = [counts.get(number) for number in found[task]["numbers"]]
    return found


def view(run: Run, reference: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return everything a report of one run shows, as JSON values: the content of report.json."""
    return {
        "kind": "run",
        "name": run.name,
        "official": run.scores["problems"]["name"] == OFFICIAL,
        "run": {key: value for key, value in run.scores.items() if key not in ("scores", "samples_at")},
        "executed": run.counts.executed,
        "shared": run.counts.shared,
        "cpu_s": round(run.counts.cpu_s, 3),
        "scores": run.scores["scores"],
        "errata": run.errata,
        "curves": curves(run),
        "grid": grid(run),
        "absent": list(run.absent),
        "reference": reference or {},
    }
