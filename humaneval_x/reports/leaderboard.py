"""The leaderboard: a folder of submissions becomes a static site; what would not be published is refused in one line.

A submission is `<name>/submission.json` (`submission.schema.json` says what it holds) and `<name>/samples.jsonl.gz`.
Verdicts are kept in a folder named by a digest of samples, problems, settings and sandbox, so that only what is new or
changed is judged. Everything in a submission is data of strangers: read as data, run in a jail, shown as text.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema

from humaneval_x import __version__, jsonl
from humaneval_x.errors import InputError, ResultsError, SubmissionError
from humaneval_x.evaluation import Settings, evaluate, write_json
from humaneval_x.languages import BY_PREFIX, LANGUAGES, PAIRS, Task
from humaneval_x.problems import ProblemSet, load_problems
from humaneval_x.records import Status
from humaneval_x.reports.pages import leaderboard_page
from humaneval_x.reports.run import SCORES, read_scores
from humaneval_x.reports.tables import Table, escaped, markdown, row
from humaneval_x.reports.write import write_run, write_text
from humaneval_x.runners.toolchains import sandboxes_digest
from humaneval_x.samples import read_samples

SCHEMA = Path(__file__).with_name("submission.schema.json")
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
METADATA, SAMPLES = "submission.json", "samples.jsonl.gz"
METADATA_BYTES = 1 << 16
MAX_TAMPERED = 0.01


@dataclass(frozen=True, kw_only=True)
class Board:
    """What a leaderboard holds all submissions to. `results` keeps their verdicts between builds."""

    problems: ProblemSet
    results: Path
    max_tampered: float = MAX_TAMPERED
    sandbox: str = "auto"
    workers: int | None = None
    progress: bool = True

    def key(self, submission: Submission) -> str:
        """Return the digest of everything that a submission's verdicts depend on."""
        parts = [submission.about["samples_sha256"], self.problems.digest, Settings().to_json(), sandboxes_digest()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A submission whose metadata and files are in order. `about` is submission.json."""

    name: str
    samples: Path
    about: Mapping[str, Any]

    @property
    def ks(self) -> list[int]:
        """The k to publish."""
        return sorted(self.about["k"])


@dataclass
class Built:
    """What a build did."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    evaluated: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def board(problems: str, results: str | Path, **more: Any) -> Board:
    """Return a board over a problem set. Raises ProblemError, OptionError."""
    return Board(problems=load_problems(problems), results=Path(results), **more)


def read_submission(folder: Path, board: Board) -> Submission:
    """Check everything of a submission that needs no program to be run. Raises SubmissionError with one line."""
    name = folder.name
    if not NAME.fullmatch(name):
        expected = "small letters, digits, '.', '_' and '-', 64 at most"
        raise SubmissionError(f"{json.dumps(name[:80])}: a submission's folder is named with {expected}; rename it")
    for path in (folder, folder / METADATA, folder / SAMPLES):
        wanted = stat.S_ISDIR if path is folder else stat.S_ISREG
        try:
            mode = path.lstat().st_mode  # a link could name a file of this machine
        except OSError as fault:
            raise SubmissionError(
                f"{name}: {path.name} is missing; a submission has {METADATA} and {SAMPLES}"
            ) from fault
        if not wanted(mode):
            raise SubmissionError(f"{name}: {path.name} is not a plain {'folder' if path is folder else 'file'}")
    about = _metadata(folder / METADATA, name)
    digest = jsonl.sha256_of(folder / SAMPLES, SubmissionError)[1]
    if about["samples_sha256"] != digest:
        told = f"{SAMPLES} has the SHA-256 {digest}, {METADATA} says {about['samples_sha256'][:12]}..."
        raise SubmissionError(f"{name}: {told}; correct 'samples_sha256' or the file")
    here = board.problems
    if (about["problems"], about["problems_digest"]) != (here.name, here.digest):
        theirs = f"{json.dumps(about['problems'])} {about['problems_digest'][:12]}..."
        told = f"it is of the problem set {theirs}, this leaderboard of {here.name} {here.digest}"
        raise SubmissionError(f"{name}: {told}; sample that set")
    most = max(about["k"])
    if about["num_samples"] < most:
        told = f"pass@{most} needs at least {most} samples of each problem, 'num_samples' is {about['num_samples']}"
        raise SubmissionError(f"{name}: {told}; draw more or leave {most} out of 'k'")
    submission = Submission(name=name, samples=folder / SAMPLES, about=about)
    _check_samples(submission, board)
    return submission


def _metadata(path: Path, name: str) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        if len(data) > METADATA_BYTES:
            raise ValueError(f"larger than {METADATA_BYTES} bytes")
        about: dict[str, Any] = json.loads(data, parse_constant=_no_constant)
    except (OSError, ValueError, RecursionError) as fault:
        raise SubmissionError(f"{name}: {METADATA} cannot be read: {_line(fault)}; it is one JSON object") from fault
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    fault_found = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(about))
    if fault_found is not None:
        at = ".".join(str(each) for each in fault_found.absolute_path)
        where = f"'{_line(at)}': " if at else ""
        raise SubmissionError(f"{name}: {METADATA}: {where}{_line(fault_found.message)}; see docs/leaderboard.md")
    return about


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _line(value: object) -> str:
    """A stranger's text, or a message with some in it, as one short line."""
    text = " ".join(str(value).split())
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= 200 else shown[:200] + "..."


def _check_samples(submission: Submission, board: Board) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    try:
        for sample in read_samples([submission.samples], board.problems):
            counted[sample.task_id, sample.source_language or ""] += 1
    except InputError as fault:
        raise SubmissionError(
            f"{submission.name}: {_line(str(fault).replace(str(submission.samples), SAMPLES))}"
        ) from fault
    wanted = {key: task for task in submission.about["tasks"] for key in keys_of(task, board.problems)}
    n = submission.about["num_samples"]
    for task in submission.about["tasks"]:
        keys = [key for key in wanted if wanted[key] == task]
        short = [key for key in keys if counted[key] != n]
        if short:
            absent = sum(not counted[key] for key in short)
            first = short[0][0] + (f" from {short[0][1]}" if short[0][1] else "")
            told = (
                f"{task}: {len(short)} of {len(keys)} tasks do not have {n} samples ({absent} have none), the first: "
            )
            raise SubmissionError(f"{submission.name}: {told}{first} has {counted[short[0]]}; complete {SAMPLES}")
    if more := [key for key in counted if key not in wanted]:
        told = (
            f"there are samples of {more[0][0]}{' as a translation' if more[0][1] else ''}, which 'tasks' does not name"
        )
        raise SubmissionError(f"{submission.name}: {told}; correct 'tasks' or {SAMPLES}")


def keys_of(task: str, problems: ProblemSet) -> list[tuple[str, str]]:
    """Return every (task_id, source language or '') of a task."""
    found = []
    for task_id, problem in problems.problems.items():
        target = BY_PREFIX[problem.prefix].NAME
        sources = [s for s, t in PAIRS if t == target] if task == Task.TRANSLATION.value else [""]
        found += [(task_id, source) for source in sources]
    return found


def judged(submission: Submission, board: Board) -> tuple[Path, bool]:
    """Return the folder of a submission's verdicts, and whether any had to be made. Raises MachineError."""
    folder = board.results / board.key(submission)
    known = _known_ks(folder)
    if set(submission.ks) <= known:
        return folder, False
    evaluate(
        submission.samples,
        folder,
        problems=_where(board),
        sandbox=board.sandbox,
        workers=board.workers,
        k=sorted({*submission.ks, *known}),  # another submission of the same samples may want them
        progress=board.progress,
    )
    return folder, True


def _known_ks(folder: Path) -> set[int]:
    """The k that a finished run of these samples has scores for."""
    if not (folder / SCORES).exists():
        return set()
    scores = read_scores(folder)
    if scores["harness"]["unjudged"]:
        return set()
    overall = [named["overall"] for named in scores["scores"][Settings().errata.value].values()]
    return set.intersection(*({int(key[5:]) for key in each if key.startswith("pass@")} for each in overall))


def row_of(submission: Submission, folder: Path, board: Board) -> dict[str, Any]:
    """Return a submission's row. Raises SubmissionError where too many of its programs were tampered with."""
    scores = read_scores(folder)["scores"]
    texts = Settings().errata.value
    columns = [e for named in scores[texts].values() for name, e in named.items() if name != "overall"]
    samples = sum(entry["n_samples"] for entry in columns)
    tampered = sum(entry["outcomes"].get(Status.TAMPERED.value, 0) for entry in columns)
    if tampered > board.max_tampered * samples:
        share = f"{tampered} of {samples} programs ({100 * tampered / samples:.1f} %)"
        told = f"{share} ended as if to pass without the tests; at most {100 * board.max_tampered:g} % is published"
        raise SubmissionError(f"{submission.name}: {told}; see their rows of status 'tampered'")
    wanted = [f"pass@{k}" for k in submission.ks]
    return {
        "name": submission.name,
        "key": board.key(submission),
        **{key: submission.about.get(key) for key in ("model", "parameters_b", "link", "num_samples", "settings")},
        "tampered": tampered,
        "report": f"reports/{submission.name}/report.html",
        "scores": {
            task: {name: {size: e[size] for size in e if size in wanted} for name, e in named.items()}
            for task, named in scores[texts].items()
        },
    }


def check(folder: str | Path, board: Board) -> str:
    """Check and judge one submission, and return its row as Markdown. Raises SubmissionError, MachineError."""
    submission = read_submission(Path(folder), board)
    place, _ = judged(submission, board)
    return markdown(tables([row_of(submission, place, board)]))


def write_refusal(path: Path, fault: SubmissionError) -> None:
    """Write why a submission is refused as Markdown."""
    write_text(path, f"Not published: {escaped(str(fault))}\n")


def build(submissions: str | Path, site: str | Path, board: Board) -> Built:
    """Judge what is new, and write leaderboard.json, leaderboard.md, index.html and each row's report.

    A submission that is refused is left out and named; the others are published. Raises SubmissionError where
    there is no folder of submissions, MachineError.
    """
    source, place = Path(submissions), Path(site)
    if not source.is_dir():
        raise SubmissionError(f"{source}: no such folder; expected one that holds a folder for each submission")
    built, before = Built(), _before(place)
    for folder in sorted(path for path in source.iterdir() if not path.name.startswith(".")):
        try:
            submission = read_submission(folder, board)
            verdicts, new = judged(submission, board)
            built.evaluated += [submission.name] * new
            shown = row_of(submission, verdicts, board)
        except SubmissionError as fault:
            built.refused[folder.name] = str(fault)
            continue
        built.rows.append(shown)
        page = place / shown["report"]
        if before.get(submission.name) != (shown["key"], shown["model"], shown["scores"]) or not page.exists():
            write_run(
                verdicts, output=page.parent, samples=[submission.samples], problems=_where(board), name=shown["model"]
            )
    everything = {
        "version": __version__,
        "problems": {"name": board.problems.name, "digest": board.problems.digest},
        "rows": built.rows,
        "refused": built.refused,
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_text(place / "index.html", leaderboard_page(everything))
        write_text(place / "leaderboard.md", "# HumanEval-X leaderboard\n\n" + markdown(tables(built.rows)))
        write_json(place / "leaderboard.json", everything)
    except OSError as fault:
        raise ResultsError(f"{place}: the site cannot be written ({fault}); choose another --output") from fault
    return built


def _where(board: Board) -> str | Path:
    return board.problems.name if board.problems.verified else board.problems.directory


def _before(site: Path) -> dict[str, tuple[Any, ...]]:
    """What each report of the site, as it is, was made of."""
    try:
        content = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))
        if content["version"] != __version__:
            return {}
        return {each["name"]: (each["key"], each["model"], each["scores"]) for each in content["rows"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no site yet, or not one of ours: every report is made


def ranks(entries: Sequence[Mapping[str, float] | None]) -> list[int | None]:
    """Return the rank of each pass@k: 1 + the number of those whose interval lies wholly above its own.

    Those whose intervals overlap share a rank. None where there is no value.
    """
    return [
        None if entry is None else 1 + sum(other is not None and other["low"] > entry["high"] for other in entries)
        for entry in entries
    ]


def tables(rows: Sequence[Mapping[str, Any]]) -> list[Table]:
    """Return a table for each task, by overall pass@1: rank, model, size, n, every k."""
    found = []
    for task in (task.value for task in Task if any(task.value in each["scores"] for each in rows)):
        listed = [each for each in rows if task in each["scores"]]
        listed.sort(key=lambda each: (-each["scores"][task]["overall"]["pass@1"]["value"], each["name"]))
        sizes = sorted({size for each in listed for size in each["scores"][task]["overall"]}, key=lambda s: int(s[5:]))
        rank = ranks([each["scores"][task]["overall"]["pass@1"] for each in listed])
        lines = [
            row(
                str(number),
                each["model"],
                "-" if each["parameters_b"] is None else f"{each['parameters_b']:g}",
                str(each["num_samples"]),
                *[_cell(each["scores"][task]["overall"].get(size)) for size in sizes],
                *[_cell(each["scores"][task].get(name, {}).get("pass@1")) for name in _languages(task)],
            )
            for number, each in zip(rank, listed, strict=True)
        ]
        languages = [f"{LANGUAGES[name].TITLE} pass@1" for name in _languages(task)]
        head = ("rank", "model", "parameters (10^9)", "n", *sizes, *languages)
        note = "models whose 95 % intervals of overall pass@1 overlap with nobody's above them share that rank"
        found.append(Table(title=f"{task}: pass@k in %", head=head, rows=lines, notes=(note,)))
    return found


def _languages(task: str) -> list[str]:
    return list(LANGUAGES) if task == Task.GENERATION.value else []


def _cell(entry: Mapping[str, float] | None) -> str:
    if entry is None:
        return "-"
    return f"{100 * entry['value']:.2f} [{100 * entry['low']:.1f}, {100 * entry['high']:.1f}]"
