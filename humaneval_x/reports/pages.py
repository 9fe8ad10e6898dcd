"""The HTML pages: one self-contained file each, no network. Templates are in `templates/`, escaped by Jinja.

A page's scripts are named by hash in its content security policy, so that nothing else runs, whatever a stranger's
completion, name or file holds; completions come as JSON and are shown as text nodes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from humaneval_x import __version__
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import KNOWN
from humaneval_x.records import Status
from humaneval_x.reports import charts
from humaneval_x.reports.compare import Comparison, by_run, comparison_tables, series, spread
from humaneval_x.reports.details import script_json
from humaneval_x.reports.listing import Listing
from humaneval_x.reports.run import Run, RunView, grid, names
from humaneval_x.reports.tables import plain, run_tables
from humaneval_x.scores import size_of


def environment() -> Environment:
    """Return the templates. Everything is escaped unless it is Markup that we made."""
    found = Environment(
        loader=PackageLoader("humaneval_x.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(charts=charts, size_of=size_of, plain=plain, statuses=tuple(Status), version=__version__)
    return found


def render(template: str, scripts: Sequence[str] = (), *, beside: bool = False, **values: Any) -> str:
    """Return a page. `scripts` are files of `templates/` besides those of every page.

    `beside` lets it load scripts from its own folder.
    """
    templates = environment()
    loader = templates.loader
    assert loader is not None
    code = [loader.get_source(templates, name)[0] for name in ("common.js", *scripts, "tools.js")]
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in code]
    sources = [f"'sha256-{each}'" for each in hashes] + ["'self' file:"] * beside or ["'none'"]
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src {' '.join(sources)}"
    )
    style = Markup(loader.get_source(templates, "style.css")[0])
    return templates.get_template(template).render(
        policy=policy, style=style, scripts=[Markup(each) for each in code], **values
    )


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The samples of a page: what `write_chunks` returned, and the folder's name."""

    index: Mapping[str, Mapping[str, int]]
    embedded: Sequence[str]
    beside: str


@dataclass(frozen=True, kw_only=True)
class Held(Sides):
    """The samples of a run's page: also their list, who made them, and the page to go back to."""

    listing: Listing
    made_by: Mapping[str, str]
    back: str | None


def run_page(view: RunView, held: Held) -> str:
    """Return report.html."""
    data = {
        "grid": {task.value: each.to_json() for task, each in view.grids.items()},
        "index": held.index,
        "beside": None if held.embedded else held.beside,
        "other": view.run.other.value if view.run.other else None,
        "names": names(view.run.texts),
        "list": held.listing.to_json(),
        "languages": languages(),
    }
    return render(
        "run.html",
        ["code.js", "run.js", "list.js"],
        beside=not held.embedded,
        view=view,
        run=view.run,
        tables=run_tables(view),
        held=held,
        curves={task.value: {each.title: each.points for each in named} for task, named in view.curves.items()},
        data=Markup(script_json(data)),
        chunks=[Markup(each) for each in held.embedded],
    )


def languages() -> JsonObject:
    """Return what a page has to know of each language to name and to colour it."""
    return {
        name: {"title": module.TITLE, "comment": module.TAG.split()[0], "keywords": sorted(module.KEYWORDS)}
        for name, module in KNOWN.items()
    }


def comparison_page(view: Comparison, runs: Sequence[Run], held: Sides) -> str:
    """Return comparison.html."""
    shown, over_time = [], []
    for task in view.tasks:
        for k in view.ks(task):
            values, lists = series(view, task, k), spread(view, task, k)
            titles = [module.TITLE for module in KNOWN.values() if any(module.TITLE in by for by in values.values())]
            if max(map(len, lists.values()), default=0) > 1:
                shown.append(
                    {"task": task.value, "size": size_of(k), "radar": values, "boxes": lists, "titles": titles}
                )
            if len(view.names) > 2:
                over_time.append({"title": f"{task.value} {size_of(k)}", "series": by_run(view, task, k)})
    grids = [
        {"task": task.value, "numbers": own[0].numbers, "columns": [each.to_json()["columns"] for each in own]}
        for task in view.tasks
        if all(task in run.report.tasks for run in runs)
        for own in [[grid(run, task) for run in runs]]
    ]
    data = {
        "runs": view.names,
        "grids": grids,
        "index": held.index,
        "beside": None if held.embedded else held.beside,
        "names": names(runs[0].texts),
        "languages": languages(),
    }
    return render(
        "comparison.html",
        ["code.js", "compare.js"],
        beside=not held.embedded,
        view=view,
        tables=comparison_tables(view),
        shown=shown,
        over_time=over_time,
        data=Markup(script_json(data)),
        chunks=[Markup(each) for each in held.embedded],
    )


def leaderboard_page(board: JsonObject) -> str:
    """Return index.html of the leaderboard."""
    data = {"rows": board["rows"], "languages": {name: module.TITLE for name, module in KNOWN.items()}}
    return render("leaderboard.html", ["leaderboard.js"], board=board, data=Markup(script_json(data)))
