"""The figures of a report for papers: PNG and SVG by matplotlib, from the same values as the pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from humaneval_x.errors import ResultsError
from humaneval_x.languages import KNOWN
from humaneval_x.records import Status
from humaneval_x.reports.charts import MARKS
from humaneval_x.reports.compare import Comparison, series, spread
from humaneval_x.reports.run import Curve, RunView
from humaneval_x.reports.tables import plain, values_of
from humaneval_x.scores import Column, TaskScores, size_of
from humaneval_x.settings import Task

# Okabe and Ito 2008: told apart by colour-blind readers too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000", "#56b4e9", "#7a4fb5")
SHAPES = dict(zip(MARKS, "osD^", strict=True))
Drawn = tuple[str, tuple[float, float], Callable[[Figure], None]]


def write_figures(view: RunView | Comparison, folder: str | Path) -> list[Path]:
    """Write each figure of a report as <name>.png and <name>.svg, and return the paths. Raises ResultsError."""
    drawn = run_figures(view) if isinstance(view, RunView) else comparison_figures(view)
    written = []
    # Text stays text, and a figure of the same values is the same file.
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "humaneval_x", "font.size": 9, "text.parse_math": False}
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with matplotlib.rc_context(settings):
            for name, size, draw in drawn:
                figure = Figure(figsize=size, layout="constrained")
                draw(figure)
                for kind, metadata in (("png", {}), ("svg", {"Date": None})):
                    written.append(Path(folder) / f"{name}.{kind}")
                    figure.savefig(written[-1], dpi=200, metadata=metadata)
    except OSError as fault:
        raise ResultsError(f"{folder}: the figures cannot be written ({fault}); choose another --figures") from fault
    return written


def run_figures(view: RunView) -> Iterator[Drawn]:
    """Yield name, size in inches and the drawing of each figure of one run."""
    for task, named in view.run.report.tasks.items():
        if view.curves[task]:
            yield f"{task.value}-curve", (4.6, 3.4), partial(curve, curves=view.curves[task])
        yield f"{task.value}-outcomes", (6.4, 0.9 + 0.28 * len(named.columns)), partial(outcomes, named=named)
        for k in named.ks if task is Task.TRANSLATION else ():
            values = {column: sizes[k] for column, sizes in values_of(named).items() if k in sizes}
            if values:
                yield f"{task.value}-pass{k}", (4.6, 3.6), partial(matrix, values=values, size=size_of(k))


def comparison_figures(view: Comparison) -> Iterator[Drawn]:
    """Yield name, size in inches and the drawing of each figure of a comparison."""
    for task in view.tasks:
        for k in view.ks(task):
            values, lists = series(view, task, k), spread(view, task, k)
            name, size = f"{task.value}-pass{k}", size_of(k)
            axes = [module.TITLE for module in KNOWN.values() if all(module.TITLE in each for each in values.values())]
            if len(axes) >= 3:
                yield f"{name}-radar", (4.6, 4.4), partial(radar, values=values, names=axes, size=size)
            yield f"{name}-boxes", (1.4 + 0.9 * len(lists), 4.0), partial(boxes, lists=lists, size=size)


def curve(figure: Figure, curves: Sequence[Curve]) -> None:
    """Draw pass@k over k, one line each, the interval of the last as a band."""
    axes = figure.add_subplot()
    for number, each in enumerate(curves):
        line = [100 * point.value for point in each.points.values()]
        colour, shape = COLOURS[number % 8], SHAPES[MARKS[number % 4]]
        axes.plot(list(each.points), line, label=each.title, color=colour, marker=shape, markersize=4)
    last = curves[-1].points
    low, high = [100 * point.low for point in last.values()], [100 * point.high for point in last.values()]
    axes.fill_between(list(last), low, high, color=COLOURS[(len(curves) - 1) % 8], alpha=0.12, linewidth=0)
    axes.set_xscale("log")
    ticks = [k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if min(last) <= k <= max(last)]
    axes.set_xticks(ticks, [str(k) for k in ticks])
    axes.minorticks_off()
    axes.set(xlabel="k", ylabel="pass@k in %", ylim=(0, 100))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def outcomes(figure: Figure, named: TaskScores) -> None:
    """Draw the share of each outcome as stacked bars."""
    axes = figure.add_subplot()
    titles = [each.title for each in named]
    left = [0.0] * len(titles)
    colours = ("#2a9d6f", "#d9622b", "#c56a9d", "#e0a100", "#56a9dd", "#20639b", "#9a8f2f", "#1b2330")
    for status, colour in zip(Status, colours, strict=True):
        parts = [100 * each.outcomes.get(status, 0) / each.n_samples for each in named]
        if any(parts):
            axes.barh(titles, parts, left=left, color=colour, label=plain(status))
            left = [one + two for one, two in zip(left, parts, strict=True)]
    axes.invert_yaxis()
    axes.set(xlabel="samples in %", xlim=(0, 100))
    figure.legend(loc="outside upper center", ncols=4, frameon=False)


def matrix(figure: Figure, values: Mapping[Column, float], size: str) -> None:
    """Draw source by target as a heat map with values."""
    axes = figure.add_subplot()
    names = [name for name in KNOWN if any(name in (column.source, column.target) for column in values)]
    pairs = {(column.source, column.target): value for column, value in values.items()}
    cells = [[pairs.get((source, target), math.nan) for target in names] for source in names]
    axes.imshow(cells, cmap="Blues", vmin=0, vmax=1.4)  # dark ink stays readable on the darkest
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            if not math.isnan(value):
                axes.text(column, row, f"{100 * value:.1f}", ha="center", va="center")
    titles = [KNOWN[name].TITLE for name in names]
    axes.set_xticks(range(len(names)), titles)
    axes.set_yticks(range(len(names)), titles)
    axes.set(xlabel="to", ylabel="from", title=f"{size} in %")


def radar(figure: Figure, values: Mapping[str, Mapping[str, float]], names: list[str], size: str) -> None:
    """Draw values by language as polygons."""
    axes: Axes = figure.add_subplot(projection="polar")
    angles = [2 * math.pi * number / len(names) for number in range(len(names))]
    for number, (name, each) in enumerate(values.items()):
        line = [100 * each[title] for title in names]
        axes.plot([*angles, angles[0]], [*line, line[0]], color=COLOURS[number % 8], label=name, linewidth=1.4)
        axes.fill(angles, line, color=COLOURS[number % 8], alpha=0.06)
    axes.set_xticks(angles, names)
    axes.set_ylim(bottom=0)
    axes.set_title(f"{size} in %")
    axes.set_theta_zero_location("N")  # type: ignore[attr-defined]
    axes.set_theta_direction(-1)  # type: ignore[attr-defined]
    figure.legend(loc="outside lower center", ncols=2, frameon=False)


def boxes(figure: Figure, lists: Mapping[str, Sequence[float]], size: str) -> None:
    """Draw a box over the languages for each: quartiles, median, dashed mean, whiskers to the extremes."""
    axes = figure.add_subplot()
    percent = [[100 * value for value in values] for values in lists.values()]
    axes.boxplot(percent, whis=(0, 100), showmeans=True, meanline=True, tick_labels=list(lists))
    axes.set_ylabel(f"{size} in %")
    axes.tick_params(axis="x", rotation=30)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("right")
    axes.grid(axis="y", alpha=0.3)
