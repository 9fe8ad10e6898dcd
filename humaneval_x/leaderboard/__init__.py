"""The leaderboard: a folder of submissions becomes a static site; what would not be published is refused in one line.

A submission is `<name>/submission.json` (`submission.schema.json` says what it holds) and `<name>/samples.jsonl.gz`.
Everything in a submission is data of strangers: read as data, run in a jail, shown as text.
"""

from humaneval_x.leaderboard.site import Built, build, check, ranks, tables, write_refusal
from humaneval_x.leaderboard.submissions import Board, Submission, board, read_submission

__all__ = [
    "Board",
    "Built",
    "Submission",
    "board",
    "build",
    "check",
    "ranks",
    "read_submission",
    "tables",
    "write_refusal",
]
