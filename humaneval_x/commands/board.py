"""`leaderboard`: a folder of submissions becomes a static site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from humaneval_x.commands.shared import SHARE, Quiet
from humaneval_x.commands.shell import Outcome, extra_needed
from humaneval_x.errors import SubmissionError
from humaneval_x.runners.machines import HERE, Jails

BoardProblems = Annotated[str, "official, fresh, or a folder"]
KeptIn = Annotated[Path, "where verdicts are kept between calls"]
MaxTampered = Annotated[float, SHARE, "the share of programs that may have status tampered"]
RESULTS, SITE = Path("results/leaderboard"), Path("results/site")


@extra_needed("report")
def check(
    submission: Path,
    *,
    problems: BoardProblems = "official",
    results: KeptIn = RESULTS,
    row: Path | None = None,
    max_tampered: MaxTampered = 0.01,
    jails: Jails = HERE,
    quiet: Quiet = False,
) -> Outcome:
    """Judge one submission: print its row, or refuse it.

    Args:
        submission: its folder: submission.json and samples.jsonl.gz
        row: a file for what is printed, also where the submission is refused

    Examples:
        leaderboard check submissions/my-model
    """
    from humaneval_x import leaderboard
    from humaneval_x.files.whole import write_text

    held = leaderboard.board(problems, results, max_tampered=max_tampered, jails=jails, progress=not quiet)
    try:
        told = leaderboard.check(submission, held)
    except SubmissionError as fault:
        if row is not None:
            leaderboard.write_refusal(row, fault)
        raise
    if row is not None:
        write_text(row, told)
    return Outcome(text=told.rstrip("\n"), data={"submission": str(submission), "row": told})


@extra_needed("report")
def build(
    submissions: Path,
    *,
    output: Path = SITE,
    problems: BoardProblems = "official",
    results: KeptIn = RESULTS,
    max_tampered: MaxTampered = 0.01,
    jails: Jails = HERE,
    quiet: Quiet = False,
) -> Outcome:
    """Judge what is new or changed and write the site.

    Submissions that are refused are named on stderr and left out.

    Args:
        submissions: a folder that holds a folder for each submission
        output: the site: index.html, leaderboard.md, leaderboard.json, a report for each row

    Examples:
        leaderboard build submissions --output site
    """
    from humaneval_x import leaderboard

    held = leaderboard.board(problems, results, max_tampered=max_tampered, jails=jails, progress=not quiet)
    built = leaderboard.build(submissions, output, held)
    for reason in built.refused.values():
        print(f"refused: {reason}", file=sys.stderr)
    page = output / "index.html"
    counts = f"{len(built.rows)} published, {len(built.evaluated)} judged now, {len(built.refused)} refused"
    return Outcome(text=f"{counts}\npage: {page}", data={**built.to_json(), "page": str(page)})
