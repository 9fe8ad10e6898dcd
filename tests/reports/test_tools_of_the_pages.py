"""What every page has, in a real browser: contents, theme, tables and figures to save, names for screen readers."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from browsing import PHONE, WIDE, opened, until
from folders import synthetic

from humaneval_x.problems import load_problems
from humaneval_x.reports.write import write_comparison, write_run

pytestmark = pytest.mark.chromium
STYLE = Path(__file__).parents[2] / "humaneval_x" / "reports" / "templates" / "style.css"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    place = tmp_path_factory.mktemp("tools")
    one = synthetic(place / "one", load_problems("fresh"), n=3, k=(1, 2, 3))
    two = synthetic(place / "two", load_problems("fresh"), n=3, k=(1, 2, 3), skill=0.8, seed=5)
    write_run(one, reference=True)
    write_comparison([one, two], place / "compared", reference=True)
    return {"run": one / "report.html", "comparison": place / "compared" / "comparison.html"}


def saved(page, name) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).first.click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_every_table_is_saved_as_csv_and_latex(pages, name, browser):
    with opened(browser, pages[name]) as page:
        tables = page.locator("table.figures").count()
        assert tables > 1
        for kind in ("CSV", "LaTeX"):
            assert page.get_by_role("button", name=f"Save as {kind}: ", include_hidden=True).count() == tables
        table = page.locator("table.figures").first
        title = table.locator("caption").inner_text()
        rows = list(csv.reader(saved(page, f"Save as CSV: {title}").splitlines()))
        shown = [row.locator("th, td").all_inner_texts() for row in table.locator("tr").all()]
        assert rows == [[text.strip() for text in row] for row in shown]
        text = saved(page, f"Save as LaTeX: {title}")
        assert text.count(r"\\") == len(shown) and (r"pass@k in \%" in text or "percentage" in text)


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_every_figure_is_saved_as_svg_that_needs_no_style_sheet(pages, name, browser):
    with opened(browser, pages[name]) as page:
        buttons = page.get_by_role("button", name="Save as SVG: ")
        assert buttons.count() == page.locator("svg.chart").count() + page.locator(".bars").count() > 0
        for button in buttons.all():
            with page.expect_download() as waiting:
                button.click()
            root = ElementTree.parse(waiting.value.path()).getroot()
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            drawn = [each for each in root.iter() if each.tag.endswith(("path", "rect"))]
            assert drawn and not any("var(" in value for each in root.iter() for value in each.attrib.values())
            words = "".join(root.itertext())
            assert ("Python" in words) or ("two" in words)


def test_the_theme_is_chosen_and_kept(pages, browser):
    paper = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, pages["run"]) as page:
        light = page.evaluate(paper)
        page.get_by_label("Theme").select_option("dark")
        dark = page.evaluate(paper)
        assert dark != light
        page.reload()
        assert page.evaluate(paper) == dark
        page.get_by_label("Theme").select_option("")
        assert page.evaluate(paper) == light


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_contents_stay_in_sight_and_lead_to_each_section(pages, size, browser):
    with opened(browser, pages["run"], size) as page:
        headings = page.locator("section > h2").all_inner_texts()
        assert page.locator("nav a").all_inner_texts() == headings
        page.get_by_role("link", name="How it was made").click()
        until(page, "scrollY > 500")
        assert page.locator("nav").bounding_box()["y"] == 0
        assert page.evaluate("document.activeElement.textContent") == "How it was made"
        assert page.evaluate("location.hash") == ""


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("name", ["run", "comparison"])
def test_nothing_is_cut_off(pages, name, size, browser):
    """What is wider than the page scrolls in a box of its own, and no box lies outside of it."""
    outside = """() => [...document.querySelectorAll('body *')].filter((each) => {
        if (each.closest('.scroll, .links, svg, pre, dialog')) return false;
        const box = each.getBoundingClientRect();
        return box.width && (box.right > document.documentElement.clientWidth + 1 || box.left < -1);
    }).map((each) => each.outerHTML.slice(0, 80))"""
    with opened(browser, pages[name], size) as page:
        assert page.evaluate(outside) == []


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_no_table_has_to_be_scrolled_on_a_wide_page(pages, name, browser):
    wider = """() => [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => box.ariaLabel)"""
    with opened(browser, pages[name], WIDE) as page:
        assert page.evaluate(wider) == []


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_everything_that_can_be_used_has_a_name_for_screen_readers(pages, name, browser):
    nameless = """() => [...document.querySelectorAll('a, button, input, select, dialog, nav, [role=region], svg[role=img]')]
        .filter((each) => !(each.ariaLabel || each.getAttribute('aria-labelledby') || each.textContent.trim()
            || each.labels?.length)).map((each) => each.outerHTML.slice(0, 80))"""
    with opened(browser, pages[name]) as page:
        assert page.evaluate(nameless) == []
        assert page.locator("h1").count() == 1


def test_print_leaves_out_what_only_a_screen_can_use(pages, browser):
    with opened(browser, pages["run"]) as page:
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        assert not page.get_by_role("button", name="Save as", include_hidden=True).first.is_visible()
        assert not page.locator("#list-box").is_visible()
        assert page.locator("#h-scores ~ * table").first.is_visible()
        assert page.locator("#grid button").first.is_visible()


def luminance(colour: str) -> float:
    whole = colour.lstrip("#")
    whole = "".join(2 * sign for sign in whole) if len(whole) == 3 else whole
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT = [
    *[(ink, paper) for ink in ("ink", "quiet", "accent") for paper in ("paper", "raised")],
    *[(ink, "code") for ink in ("ink", "kw", "str", "num", "com")],
    *[(ink, paper) for ink in ("ink", "com", "kw", "str", "num") for paper in ("more", "less")],
    *[("ink", "lo"), ("ink", "hi"), ("warn", "warn-paper"), ("more-ink", "more"), ("less-ink", "less")],
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(theme):
    pairs = dict(re.findall(r"--([\w-]+):light-dark\((#\w+), #\w+\)", STYLE.read_text()))
    if theme:
        pairs = dict(re.findall(r"--([\w-]+):light-dark\(#\w+, (#\w+)\)", STYLE.read_text()))
    poor = {(ink, paper): contrast(pairs[ink], pairs[paper]) for ink, paper in TEXT}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_lines_of_figures_stand_out_from_the_page(theme):
    found = re.findall(r"--(s\d|paper):light-dark\((#\w+), (#\w+)\)", STYLE.read_text())
    colours = {name: (light, dark)[theme] for name, light, dark in found}
    paper = colours.pop("paper")
    assert len(colours) == 8 and min(contrast(each, paper) for each in colours.values()) >= 3
