"""The HTML pages: one self-contained file each, no network. Templates are in `templates/`, escaped by Jinja.

A page's scripts are named by hash in its content security policy, so that nothing else runs, whatever a stranger's
completion, name or file holds; completions come as JSON and are shown as text nodes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from humaneval_x import __version__
from humaneval_x.languages import LANGUAGES
from humaneval_x.reports import charts
from humaneval_x.reports.compare import comparison_tables, series, sizes_in, spread
from humaneval_x.reports.details import script_json
from humaneval_x.reports.tables import STATUSES, run_tables
from humaneval_x.reports.terminal import sizes_of, title_of
from humaneval_x.settings import Task


def environment() -> Environment:
    """Return the templates. Everything is escaped unless it is Markup that we made."""
    found = Environment(
        loader=PackageLoader("humaneval_x.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(charts=charts, title_of=title_of, sizes_of=sizes_of, statuses=STATUSES, version=__version__)
    return found


def render(template: str, scripts: Sequence[str] = (), *, beside: bool = False, **values: Any) -> str:
    """Return a page. `scripts` are files of `templates/`; `beside` lets it load scripts from its own folder."""
    templates = environment()
    loader = templates.loader
    assert loader is not None
    code = [loader.get_source(templates, name)[0] for name in scripts]
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


def run_page(
    view: Mapping[str, Any], index: Mapping[str, Mapping[str, int]], embedded: Sequence[str], beside: str
) -> str:
    """Return report.html. `index` and `embedded` are what `write_chunks` returned, `beside` the folder's name."""
    data = {
        "grid": view["grid"],
        "index": index,
        "beside": None if embedded else beside,
        "other": next((texts for texts in view["scores"] if texts != view["errata"]), None),
        "languages": {
            name: {"title": module.TITLE, "comment": module.TAG.split()[0], "keywords": sorted(module.KEYWORDS)}
            for name, module in LANGUAGES.items()
        },
    }
    curves = {
        task: {curve_title(task, name): points for name, points in named.items()}
        for task, named in view["curves"].items()
    }
    return render(
        "run.html",
        ["common.js", "run.js"],
        beside=not embedded,
        view=view,
        tables=run_tables(view),
        curves=curves,
        data=Markup(script_json(data)),
        chunks=[Markup(each) for each in embedded],
    )


def curve_title(task: str, name: str) -> str:
    """Return the name of a curve: a translation's is that of a target."""
    return f"to {title_of(name)}" if task == Task.TRANSLATION.value and name in LANGUAGES else title_of(name)


def comparison_page(view: Mapping[str, Any]) -> str:
    """Return comparison.html."""
    tasks = list(dict.fromkeys(task for named in view["scores"].values() for task in named))
    shown = []
    for task in tasks:
        for size in sizes_in(view, task):
            values = series(view, task, size)
            shown.append({"task": task, "size": size, "radar": values, "boxes": spread(view, task, size)})
    titles = [module.TITLE for module in LANGUAGES.values()]
    return render("comparison.html", view=view, tables=comparison_tables(view), shown=shown, titles=titles)


def leaderboard_page(board: Mapping[str, Any]) -> str:
    """Return index.html of the leaderboard."""
    data = {"rows": board["rows"], "languages": {name: module.TITLE for name, module in LANGUAGES.items()}}
    return render("leaderboard.html", ["common.js", "leaderboard.js"], board=board, data=Markup(script_json(data)))
