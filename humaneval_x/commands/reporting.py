"""`report`: one run as a page, or several compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from humaneval_x.commands.shared import ProblemsOption
from humaneval_x.commands.shell import Outcome, extra_needed
from humaneval_x.errors import OptionError
from humaneval_x.values import Range


@extra_needed("report")
def report(
    *runs: Path,
    output: Path | None = None,
    html: Path | None = None,
    samples: tuple[Path, ...] | None = None,
    problems: ProblemsOption = None,
    reference: bool = False,
    metrics: bool = False,
    figures: Path | None = None,
    baseline: Path | None = None,
    fail_if_worse: Annotated[float | None, Range(0, 1, above=True)] = None,
) -> Outcome:
    """Show a run as a page, or compare several.

    Writes report.html, report.md and report.json beside the run, or comparison.* of several with the first.

    Args:
        runs: output folders of `run`; one for its report, more to compare
        output: the folder for what is written; default the run's, for a comparison results/comparison
        html: another place for the page; what it loads lies beside it
        samples: where the samples file is now, if it was moved; once for each file
        reference: show the published figures too
        metrics: BLEU, chrF, ROUGE-L, CodeBLEU of one run beside its pass@k (docs/similarity.md)
        figures: a folder for the figures as PNG and SVG
        baseline: compare with this run, as the first
        fail_if_worse: exit 1 if overall pass@1 fell and p is below this, such as 0.05

    Examples:
        report results/my-model --reference
        report results/new --baseline results/old --fail_if_worse 0.05
    """
    from humaneval_x.reports.compare import Comparison, comparison_tables, p_words, worse
    from humaneval_x.reports.run import RunView
    from humaneval_x.reports.tables import run_tables, show
    from humaneval_x.reports.write import write_comparison, write_run

    if figures is not None:
        from humaneval_x.reports.figures import write_figures
    folders = [*([] if baseline is None else [baseline]), *runs]
    if fail_if_worse is not None and (baseline is None or len(runs) > 1):
        raise OptionError("--fail_if_worse compares one run with a --baseline; give both")
    if len(folders) > 1 and samples:
        raise OptionError("--samples goes with one run; a comparison shows those that its runs remember")
    if len(folders) > 1 and metrics:
        raise OptionError("--metrics goes with one run: a difference of text metrics says nothing of correctness")
    if metrics:
        from humaneval_x.similarity.run import add_similarity

        add_similarity(folders[0], problems=problems, samples=samples or ())
    place = output or (folders[0] if len(folders) == 1 else Path("results/comparison"))
    shown: RunView | Comparison
    if len(folders) == 1:
        shown = write_run(
            folders[0], output=place, html=html, problems=problems, samples=samples or (), reference=reference
        )
    else:
        shown = write_comparison(folders, place, html=html, problems=problems, reference=reference)
    sections = run_tables(shown) if isinstance(shown, RunView) else comparison_tables(shown)
    tables = [table for section in sections.values() for table in section]
    for sentence in shown.run.absent if isinstance(shown, RunView) else ():
        print(f"missing: {sentence}", file=sys.stderr)
    drawn = write_figures(shown, figures) if figures is not None else []
    page = html or place / ("report.html" if len(folders) == 1 else "comparison.html")
    fallen = worse(shown, fail_if_worse) if fail_if_worse is not None and isinstance(shown, Comparison) else []
    for each in fallen:
        told = f"{100 * each.found.value:+.2f} points, p {p_words(each.found.p)}"
        print(f"worse: {each.task.value} pass@1 {told}", file=sys.stderr)
    text = "\n".join([show(tables), *map(str, drawn), f"page: {page}"])
    return Outcome(text=text, data={**shown.to_json(), "page": str(page)}, exit_code=int(bool(fallen)))
