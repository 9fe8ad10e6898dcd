"""The pass@k table on the terminal, plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from humaneval_x.errors import listed
from humaneval_x.run_report import Likeness, RunReport
from humaneval_x.scores import OVERALL, Column, Overall, Score, TaskScores, size_of
from humaneval_x.tasks import Task

# Names in scores.json, and for people.
METRICS = {"bleu": "BLEU", "chrf": "chrF", "rouge_l": "ROUGE-L", "codebleu": "CodeBLEU"}
PARTS = {"ngram": "n-grams", "weighted_ngram": "weighted", "syntax": "syntax", "dataflow": "data flow"}  # of CodeBLEU
CONSISTENT = "consistent cells only"  # of translation: docs/cross_check.md
WARNINGS = (
    "In %, means over the samples; r is the correlation with passing over the samples (point biserial), - where all or "
    "none passed.",
    "Likeness to one solution is not correctness: differences below 5 points are unreliable and chrF is the least bad "
    "(Evtikhiev et al., arXiv 2208.03133); metrics of this kind hardly go with passing (arXiv 2405.01580).",
)


NOT_JUDGED = "In %, means over the samples. No test judged them: nothing here says whether a description is right."


def table(report: RunReport) -> str:
    """Return a run's scores as text: one line per language or pair, pass@k with its 95 % interval, in percent."""
    lines: list[str] = []
    several = len(report.scores) > 1
    for errata, tasks in report.scores.items():
        for task, scores in tasks.items():
            lines += _lines(f"{task.value}, {errata.value} texts" if several else task.value, scores)
    for task, scores in report.consistent.items():
        lines += _lines(f"{task.value}, {CONSISTENT}", scores)
    for task, found in report.similarity.items():
        lines += _likeness_lines(task, found, judged=task in report.tasks)
    return "\n".join([*lines, *_footer(report)])


def _lines(title: str, scores: TaskScores) -> list[str]:
    rows = [[title, "tasks", "samples", *map(size_of, scores.ks)]]
    for each in scores.rows():
        rows.append([each.title, str(each.n_tasks), str(each.n_samples), *[cell_of(each, k) for k in scores.ks]])
    return [*align(rows), *[note for each in scores for note in each.notes()], ""]


def _likeness_lines(task: Task, found: Mapping[str, Likeness], *, judged: bool) -> list[str]:
    shown = metrics_of(found)
    cell = likeness_of if judged else mean_of
    rows = [[f"{task.value}: likeness{'' if judged else ' to the docstring'}", *shown.values()]]
    rows += [[title_of(task, name), *[cell(each, metric) for metric in shown]] for name, each in found.items()]
    return [*align(rows), *(WARNINGS if judged else (NOT_JUDGED, *WARNINGS[1:])), ""]


def metrics_of(found: Mapping[str, Likeness]) -> dict[str, str]:
    """Return the metrics that any row has: prose has no CodeBLEU."""
    return {metric: name for metric, name in METRICS.items() if any(metric in each.means for each in found.values())}


def mean_of(each: Likeness, metric: str) -> str:
    """Return a metric in percent, `-` where there is none."""
    return f"{100 * each.means[metric]:.2f}" if metric in each.means else "-"


def title_of(task: Task, name: str) -> str:
    """Return the title of a row by its key in JSON."""
    return name if name == OVERALL else Column.named(task, name).title


def likeness_of(each: Likeness, metric: str) -> str:
    """Return a metric in percent with its correlation: '41.20 (r 0.31)'; `-` where there is none."""
    if metric not in each.means:
        return "-"
    correlation = f"{each.correlation[metric]:+.2f}" if metric in each.correlation else "-"
    return f"{100 * each.means[metric]:.2f} (r {correlation})"


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with columns of one width: the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    out = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]]
        out.append("  ".join(cells).rstrip())
    return out


def cell_of(each: Score | Overall, k: int) -> str:
    """Return a pass@k in percent with its interval, `*` where it is partial, `-` where there is none."""
    return each.pass_at[k].percent if k in each.pass_at else "-"


PLURALS = {"continuation": "continuations", "whole program": "whole programs", "chat": "chat answers"}


def read_as_of(report: RunReport) -> str:
    """Return what a run's samples were taken for: '143 whole programs, 21 continuations'; "" where it is not known."""
    found: Counter[str] = Counter()
    for scores in report.scores.get(report.settings.errata, {}).values():
        for each in scores:
            found.update(each.read_as)
    return ", ".join(f"{count} {PLURALS[kind] if count != 1 else kind}" for kind, count in found.most_common())


def _footer(report: RunReport) -> list[str]:
    lines = []
    for errata, counts in report.programs.items():
        own = errata is report.settings.errata
        what = "samples" if own else f"samples have another program under the {errata.value} texts"
        told = f"{counts.executed} programs run, {counts.shared} shared with an identical one"
        lines.append(f"{counts.samples} {what}: {told}, {counts.resumed} from before")
    lines += [f"{task.value}: {told}" for task, told in report.descriptions.items()]
    if failing := report.problems.not_compiling:
        lines.append(f"tests that do not compile, so that every sample fails: {listed(failing)}")
    every = [each for tasks in report.scores.values() for scores in tasks.values() for each in scores.rows()]
    if read_as := read_as_of(report):
        lines.append(f"read as {read_as}")
    if any(found.partial for each in every for found in each.pass_at.values()):
        lines.append("* partial: over the tasks that are there")
    return [*lines, f"sandbox: {report.sandbox.description}; jails replaced: {report.harness.jails_replaced}"]
