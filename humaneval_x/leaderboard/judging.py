"""The verdicts of a submission, and its row.

Verdicts are kept in a folder named by a digest of samples, problems, settings and sandbox, so that only what is new
or changed is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from humaneval_x.errors import SetupError, SubmissionError
from humaneval_x.evaluation import evaluated
from humaneval_x.json_types import JsonObject
from humaneval_x.leaderboard.submissions import Board, Submission
from humaneval_x.plans import RunOptions
from humaneval_x.records import Status
from humaneval_x.results import SCORES
from humaneval_x.run_report import read_report
from humaneval_x.runners.fences import FENCED
from humaneval_x.scores import OVERALL, Overall, Score, Scores, size_of
from humaneval_x.settings import EvaluationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A published submission. `key` names its verdicts, `ks` are the pass@k that it asks to be published."""

    name: str
    key: str
    model: str
    parameters_b: float | None
    link: str | None
    date: str | None = None  # as the submission tells it
    num_samples: int
    settings: Mapping[str, str | float | bool]
    tampered: int
    ks: tuple[int, ...]
    scores: Scores

    @property
    def report(self) -> str:
        """Where its report is, from the site's folder."""
        return f"reports/{self.name}/report.html"

    def to_json(self) -> JsonObject:
        """Return the row of leaderboard.json."""
        keys = ("name", "key", "model", "parameters_b", "link", "date", "num_samples", "settings", "tampered", "report")
        figures = {
            task.value: {
                **{each.column.name: self._figures(each) for each in scores},
                OVERALL: self._figures(scores.overall),
            }
            for task, scores in self.scores.items()
        }
        return {**{key: getattr(self, key) for key in keys}, "scores": figures}

    def _figures(self, each: Score | Overall) -> JsonObject:
        return {size_of(k): asdict(found) for k, found in each.pass_at.items() if k in self.ks}


def judged(submission: Submission, board: Board) -> tuple[Path, bool]:
    """Return the folder of a submission's verdicts, and whether any had to be made. Raises MachineError.

    Only those of a jail whose memory the kernel bounds are taken.
    """
    folder = board.results / board.key(submission)
    known = _known_ks(folder)
    if set(submission.ks) <= known:
        require_fence(read_report(folder / SCORES).sandbox.memory, str(folder))
        return folder, False
    limits = EvaluationSettings().compiling, EvaluationSettings().running
    require_fence(board.jails.runner(*limits).memory, f"--sandbox {board.jails.sandbox.value}")
    evaluated(
        RunOptions(
            samples=(submission.samples,),
            output=folder,
            problems=where(board),
            machines=board.jails,
            k=tuple(sorted({*submission.ks, *known})),  # another submission of the same samples may want them
            progress=board.progress,
            name=submission.name,
        )
    )
    return folder, True


def require_fence(memory: str, where: str) -> None:
    """Refuse verdicts of a jail whose memory is not fenced. Raises SetupError."""
    if memory != FENCED:
        raise SetupError(
            f"{where}: memory is {memory}; the leaderboard takes verdicts of fenced jails only: use Docker, run as "
            "root, or see: python evaluate.py doctor"
        )


def _known_ks(folder: Path) -> set[int]:
    """The k that a finished run of these samples has scores for."""
    if not (folder / SCORES).exists():
        return set()
    report = read_report(folder / SCORES)
    if report.harness.unjudged:
        return set()
    return set.intersection(*(set(scores.overall.pass_at) for scores in report.tasks.values()))


def row_of(submission: Submission, folder: Path, board: Board) -> BoardRow:
    """Return a submission's row. Raises SubmissionError where too many of its programs were tampered with."""
    scores, about = read_report(folder / SCORES).tasks, submission.about
    columns = [each for named in scores.values() for each in named]
    samples = sum(each.n_samples for each in columns)
    tampered = sum(each.outcomes.get(Status.TAMPERED, 0) for each in columns)
    if tampered > board.max_tampered * samples:
        share = f"{tampered} of {samples} programs ({100 * tampered / samples:.1f} %)"
        told = f"{share} ended as if to pass without the tests; at most {100 * board.max_tampered:g} % is published"
        raise SubmissionError(f"{submission.name}: {told}; see their rows of status 'tampered'")
    return BoardRow(
        name=submission.name,
        key=board.key(submission),
        model=about.model,
        parameters_b=about.parameters_b,
        link=about.link,
        date=about.date,
        num_samples=about.num_samples,
        settings=about.settings,
        tampered=tampered,
        ks=tuple(submission.ks),
        scores=scores,
    )


def where(board: Board) -> str | Path:
    """Return what a run takes for the board's problems."""
    return board.problems.name if board.problems.verified else board.problems.directory
