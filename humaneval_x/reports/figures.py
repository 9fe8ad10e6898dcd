"""The figures of a report for papers: PNG and SVG by matplotlib, from the same values as the pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from humaneval_x.errors import ResultsError
from humaneval_x.languages import LANGUAGES
from humaneval_x.reports.charts import MARKS
from humaneval_x.reports.compare import series, sizes_in, spread
from humaneval_x.reports.pages import curve_title
from humaneval_x.reports.tables import STATUSES, matrices, plain
from humaneval_x.reports.terminal import title_of

# Okabe and Ito 2008: told apart by colour-blind readers too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000", "#56b4e9", "#7a4fb5")
SHAPES = dict(zip(MARKS, "osD^", strict=True))
Drawn = tuple[str, tuple[float, float], Callable[[Figure], None]]


def write_figures(view: Mapping[str, Any], folder: str | Path) -> list[Path]:
    """Write each figure of a report's JSON as <name>.png and <name>.svg, and return the paths. Raises ResultsError."""
    drawn = run_figures(view) if view["kind"] == "run" else comparison_figures(view)
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


def run_figures(view: Mapping[str, Any]) -> Iterator[Drawn]:
    """Yield name, size in inches and the drawing of each figure of one run."""
    for task, named in view["scores"].get(view["errata"], {}).items():
        columns = {name: entry for name, entry in named.items() if name != "overall"}
        if task in view["curves"] and view["curves"][task]:
            yield f"{task}-curve", (4.6, 3.4), partial(curve, named=view["curves"][task], task=task)
        yield f"{task}-outcomes", (6.4, 0.9 + 0.28 * len(columns)), partial(outcomes, columns=columns)
        for table in matrices(columns, task):
            size = table.title.partition(": ")[2].partition(" ")[0]
            yield f"{task}-{size.replace('@', '')}", (4.6, 3.6), partial(matrix, columns=columns, size=size)


def comparison_figures(view: Mapping[str, Any]) -> Iterator[Drawn]:
    """Yield name, size in inches and the drawing of each figure of a comparison."""
    for task in dict.fromkeys(task for named in view["scores"].values() for task in named):
        for size in sizes_in(view, task):
            values = series(view, task, size)
            lists = spread(view, task, size)
            name = f"{task}-{size.replace('@', '')}"
            axes = [
                module.TITLE for module in LANGUAGES.values() if all(module.TITLE in each for each in values.values())
            ]
            if len(axes) >= 3:
                yield f"{name}-radar", (4.6, 4.4), partial(radar, values=values, names=axes, size=size)
            yield f"{name}-boxes", (1.4 + 0.9 * len(lists), 4.0), partial(boxes, lists=lists, size=size)


def curve(figure: Figure, named: Mapping[str, Any], task: str) -> None:
    """Draw pass@k over k, one line each, the interval of the last as a band."""
    axes = figure.add_subplot()
    for number, (name, points) in enumerate(named.items()):
        ks = [int(k) for k in points]
        label = curve_title(task, name)
        line = [100 * point["value"] for point in points.values()]
        axes.plot(ks, line, label=label, color=COLOURS[number % 8], marker=SHAPES[MARKS[number % 4]], markersize=4)
    low, high = ([100 * point[key] for point in points.values()] for key in ("low", "high"))
    axes.fill_between(ks, low, high, color=COLOURS[number % 8], alpha=0.12, linewidth=0)
    axes.set_xscale("log")
    ticks = [k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if ks[0] <= k <= ks[-1]]
    axes.set_xticks(ticks, [str(k) for k in ticks])
    axes.minorticks_off()
    axes.set(xlabel="k", ylabel="pass@k in %", ylim=(0, 100))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def outcomes(figure: Figure, columns: Mapping[str, Any]) -> None:
    """Draw the share of each outcome as stacked bars."""
    axes = figure.add_subplot()
    titles = [title_of(name) for name in columns]
    left = [0.0] * len(columns)
    colours = ("#2a9d6f", "#d9622b", "#c56a9d", "#e0a100", "#56a9dd", "#20639b", "#9a8f2f", "#1b2330")
    for status, colour in zip(STATUSES, colours, strict=True):
        shares = [100 * entry["outcomes"].get(status, 0) / entry["n_samples"] for entry in columns.values()]
        if any(shares):
            axes.barh(titles, shares, left=left, color=colour, label=plain(status))
            left = [one + two for one, two in zip(left, shares, strict=True)]
    axes.invert_yaxis()
    axes.set(xlabel="samples in %", xlim=(0, 100))
    figure.legend(loc="outside upper center", ncols=4, frameon=False)


def matrix(figure: Figure, columns: Mapping[str, Any], size: str) -> None:
    """Draw source by target as a heat map with values."""
    axes = figure.add_subplot()
    present = {part for name in columns for part in name.split("-")}
    names = [name for name in LANGUAGES if name in present]
    cells = [[columns.get(f"{s}-{t}", {}).get(size, {}).get("value", math.nan) for t in names] for s in names]
    axes.imshow(cells, cmap="Blues", vmin=0, vmax=1.4)  # dark ink stays readable on the darkest
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            if not math.isnan(value):
                axes.text(column, row, f"{100 * value:.1f}", ha="center", va="center")
    axes.set_xticks(range(len(names)), [title_of(name) for name in names])
    axes.set_yticks(range(len(names)), [title_of(name) for name in names])
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


def boxes(figure: Figure, lists: Mapping[str, list[float]], size: str) -> None:
    """Draw a box over the languages for each: quartiles, median, dashed mean, whiskers to the extremes."""
    axes = figure.add_subplot()
    percent = [[100 * value for value in values] for values in lists.values()]
    axes.boxplot(percent, whis=(0, 100), showmeans=True, meanline=True, tick_labels=list(lists))
    axes.set_ylabel(f"{size} in %")
    axes.tick_params(axis="x", rotation=30)
    for label in axes.get_xticklabels():
        label.set_horizontalalignment("right")
    axes.grid(axis="y", alpha=0.3)
