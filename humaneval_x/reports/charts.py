"""Charts as inline SVG for the pages. Colours and fonts come from the page's style; all text is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles

from markupsafe import Markup, escape

from humaneval_x.metrics import Estimate

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 420, 290, 32, 8, 10, 34
MARKS = ("circle", "square", "diamond", "triangle")


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """Return one element; `class_` is class, `stroke_width` stroke-width. Numbers are rounded to 0.1."""
    shown = {
        key.rstrip("_").replace("_", "-"): f"{value:.1f}" if isinstance(value, float) else value
        for key, value in attributes.items()
    }
    words = "".join(f' {key}="{escape(value)}"' for key, value in shown.items())
    return Markup(f"<{name}{words}>{''.join(escape(each) for each in inside)}</{name}>")


def drawing(title: str, *inside: str, height: int = HEIGHT) -> Markup:
    """Return a picture with its title for those who do not see it."""
    box = f"0 0 {WIDTH} {height}"
    return element("svg", element("title", title), *inside, viewBox=box, role="img", class_="chart")


def text(x: float, y: float, words: str, anchor: str = "middle", **more: object) -> Markup:
    """Return a label."""
    return element("text", words, x=x, y=y, text_anchor=anchor, **more)


def mark(number: int, x: float, y: float, title: str) -> Markup:
    """Return a point of series `number`: series differ in colour and in shape."""
    shapes = {
        "circle": f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        "square": f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6z",
        "diamond": f"M{x:.1f} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
        "triangle": f"M{x:.1f} {y - 4.5:.1f}l4 7.5h-8z",
    }
    shape = shapes[MARKS[number % len(MARKS)]]
    return element("path", element("title", title), d=shape, class_=f"mark s{number % 8}")


def path(points: Iterable[tuple[float, float]], **more: object) -> Markup:
    """Return a line through the points."""
    return element("path", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), **more)


def legend(names: Sequence[str]) -> Markup:
    """Return the series' names beside their marks, as HTML that wraps on a narrow page."""
    items = []
    for number, name in enumerate(names):
        sign = element("svg", mark(number, 6, 6, name), viewBox="0 0 12 12", class_="key", aria_hidden="true")
        items.append(element("li", sign, " ", name))
    return element("ul", *items, class_="legend")


def level(value: float) -> float:
    """Return the height of a fraction on the page."""
    return TOP + (1 - value) * (HEIGHT - TOP - BOTTOM)


def scale() -> list[Markup]:
    """Return the lines and labels of 0 to 100 %."""
    lines = []
    for percent in range(0, 101, 20):
        y = level(percent / 100)
        lines.append(path([(LEFT, y), (WIDTH - RIGHT, y)], class_="line"))
        lines.append(text(LEFT - 6, y + 4, str(percent), "end"))
    return lines


def curve(series: Mapping[str, Mapping[int, Estimate]]) -> Markup:
    """Return pass@k over k, k on a logarithmic axis, one line each; the interval is a band around the last one."""
    ks = sorted({k for points in series.values() for k in points})
    span = math.log(ks[-1]) or 1.0

    def across(k: int) -> float:
        return LEFT + 12 + math.log(k) / span * (WIDTH - LEFT - RIGHT - 24)

    parts = scale()
    shown: list[int] = []
    for k in ks:
        if k == ks[-1] or ((not shown or across(k) - across(shown[-1]) > 24) and across(ks[-1]) - across(k) > 24):
            shown.append(k)
            parts.append(text(across(k), HEIGHT - BOTTOM + 18, str(k)))
    parts.append(text(WIDTH / 2, HEIGHT - 2, "k"))
    name, points = list(series.items())[-1]
    band = [(across(k), level(point.high)) for k, point in points.items()]
    band += [(across(k), level(point.low)) for k, point in reversed(list(points.items()))]
    parts.append(path(band, class_=f"band s{(len(series) - 1) % 8}"))
    for number, (name, points) in enumerate(series.items()):
        line = [(across(k), level(point.value)) for k, point in points.items()]
        parts.append(path(line, class_=f"series over s{number % 8}"))  # dashed: equal curves both show
        for k, point in points.items():
            told = f"{name}, pass@{k}: {100 * point.value:.2f}"
            if point.low < point.high:
                told += f" [{100 * point.low:.1f}, {100 * point.high:.1f}]"
            parts.append(mark(number, across(k), level(point.value), told))
    return drawing("pass@k in percent over k", *parts) + legend(list(series))


def over_runs(names: Sequence[str], series: Mapping[str, Sequence[float | None]], size: str) -> Markup:
    """Return values (fractions) run by run, one line for each of the series; a run without a value leaves a gap."""
    step = (WIDTH - LEFT - RIGHT) / len(names)
    parts = scale()
    for place, name in enumerate(names):
        told = name if len(name) <= 12 else f"{name[:11]}…"
        parts.append(text(LEFT + step * (place + 0.5), HEIGHT - BOTTOM + 18, told, class_="small"))
    for number, (title, values) in enumerate(series.items()):
        there = [(LEFT + step * (at + 0.5), value, names[at]) for at, value in enumerate(values) if value is not None]
        parts.append(path([(x, level(value)) for x, value, _ in there], class_=f"series over s{number % 8}"))
        parts += [mark(number, x, level(value), f"{title}, {name}: {100 * value:.2f}") for x, value, name in there]
    return drawing(f"{size} in percent, run by run", *parts) + legend(list(series))


def radar(series: Mapping[str, Mapping[str, float]], axes: Sequence[str], size: str) -> Markup:
    """Return values (fractions) by language as polygons, one each; the scale ends at the largest value."""
    most = max((value for values in series.values() for value in values.values()), default=0) or 1.0
    top = math.ceil(most * 20) / 20
    x0, y0, radius = WIDTH / 2, HEIGHT / 2 + 8, HEIGHT / 2 - 30

    def at(axis: int, value: float) -> tuple[float, float]:
        angle = 2 * math.pi * axis / len(axes) - math.pi / 2
        return x0 + radius * value / top * math.cos(angle), y0 + radius * value / top * math.sin(angle)

    parts: list[Markup] = []
    for step in (0.25, 0.5, 0.75, 1.0):
        ring = [at(axis, top * step) for axis in range(len(axes))]
        parts.append(path([*ring, ring[0]], class_="line"))
        parts.append(text(x0 + 3, at(0, top * step)[1] + 11, f"{100 * top * step:.1f}", "start", class_="small"))
    for axis, name in enumerate(axes):
        x, y = at(axis, top * 1.12)
        parts.append(path([(x0, y0), at(axis, top)], class_="line"))
        parts.append(text(x, y + 4, name, "middle" if abs(x - x0) < 5 else "start" if x > x0 else "end"))
    for number, (name, values) in enumerate(series.items()):
        there = [(axis, values[axis_name]) for axis, axis_name in enumerate(axes) if axis_name in values]
        ring = [at(axis, value) for axis, value in there]
        parts.append(path([*ring, *ring[:1]], class_=f"series area s{number % 8}"))
        for axis, value in there:
            parts.append(mark(number, *at(axis, value), f"{name}, {axes[axis]}: {100 * value:.2f}"))
    return drawing(f"{size} by language, in percent", *parts)


def five(values: Sequence[float]) -> tuple[float, float, float, float, float]:
    """Return least, lower quartile, median, upper quartile, most; quartiles by linear interpolation."""
    if len(values) == 1:
        return (values[0],) * 5
    return (min(values), *quantiles(values, n=4, method="inclusive"), max(values))  # type: ignore[return-value]


def boxes(series: Mapping[str, Sequence[float]], size: str) -> Markup:
    """Return a box over the languages for each of the series: quartiles, median, mean (dashed), every value."""
    parts = scale()
    step = (WIDTH - LEFT - RIGHT) / max(1, len(series))
    for number, (name, values) in enumerate(series.items()):
        x, half = LEFT + step * (number + 0.5), min(step * 0.3, 36)
        low, q1, median, q3, high = map(level, five(values))
        mean = level(sum(values) / len(values))
        colour = f"s{number % 8}"
        parts.append(path([(x, low), (x, q1)], class_=f"series {colour}"))
        parts.append(path([(x, q3), (x, high)], class_=f"series {colour}"))
        box = [(x - half, q1), (x + half, q1), (x + half, q3), (x - half, q3), (x - half, q1)]
        parts.append(path(box, class_=f"series area {colour}"))
        parts.append(path([(x - half, median), (x + half, median)], class_=f"series {colour}"))
        parts.append(path([(x - half, mean), (x + half, mean)], class_=f"series dashed {colour}"))
        parts += [mark(number, x, level(value), f"{name}: {100 * value:.2f}") for value in values]
    return drawing(f"{size} over languages, in percent", *parts)
