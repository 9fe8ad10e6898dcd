"""The verdicts of a submission, and its row.

Verdicts are kept in a folder named by a digest of samples, problems, settings and sandbox, so that only what is new
or changed is judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from humaneval_x.errors import SubmissionError
from humaneval_x.evaluation import evaluate
from humaneval_x.leaderboard.submissions import Board, Submission
from humaneval_x.records import Status
from humaneval_x.reports.run import SCORES, read_scores
from humaneval_x.settings import EvaluationSettings


def judged(submission: Submission, board: Board) -> tuple[Path, bool]:
    """Return the folder of a submission's verdicts, and whether any had to be made. Raises MachineError."""
    folder = board.results / board.key(submission)
    known = _known_ks(folder)
    if set(submission.ks) <= known:
        return folder, False
    evaluate(
        submission.samples,
        folder,
        problems=where(board),
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
    overall = [named["overall"] for named in scores["scores"][EvaluationSettings().errata.value].values()]
    return set.intersection(*({int(key[5:]) for key in each if key.startswith("pass@")} for each in overall))


def row_of(submission: Submission, folder: Path, board: Board) -> dict[str, Any]:
    """Return a submission's row. Raises SubmissionError where too many of its programs were tampered with."""
    scores = read_scores(folder)["scores"]
    texts = EvaluationSettings().errata.value
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


def where(board: Board) -> str | Path:
    return board.problems.name if board.problems.verified else board.problems.directory
