"""The page of a comparison in a real browser: programs behind each problem that was won or lost."""

from __future__ import annotations

import json

import pytest
from browsing import PHONE, WIDE, opened, until
from folders import python_problems, synthetic

from humaneval_x.problems import load_problems
from humaneval_x.reports.write import write_comparison

pytestmark = pytest.mark.chromium


def written(mark):
    return lambda problem, index: f"{problem.canonical_solution}// {mark} {index}\n"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    place = tmp_path_factory.mktemp("compared")
    fresh = load_problems("fresh")
    runs = [
        synthetic(place / name, fresh, n=2, skill=skill, seed=seed, completion=written(name))
        for seed, (name, skill) in enumerate([("first", 0.3), ("second", 0.5), ("third", 0.8)])
    ]
    write_comparison(runs, place / "out")
    return place / "out"


def differences(folder, new="second"):
    return {
        each["column"]: each
        for each in json.loads((folder / "comparison.json").read_text())["differences"]
        if each["new"] == new and each["size"] == "pass@1"
    }


@pytest.mark.parametrize("new", ["second", "third"])
def test_the_grid_shows_each_problem_that_was_won_or_lost(compared, new, browser):
    with opened(browser, compared / "comparison.html") as page:
        page.select_option("#run", label=new)
        found = differences(compared, new)["overall"]
        for kind, key in (("better", "won"), ("worse", "lost")):
            buttons = page.locator(f"#grid button.{kind}")
            assert buttons.count() == len(found[key]) > 0
            assert all(name.endswith(f", {key}") for name in buttons.evaluate_all("all => all.map((b) => b.ariaLabel)"))
        colours = {
            kind: page.locator(f"#grid button.{kind}").first.evaluate("(b) => getComputedStyle(b).backgroundColor")
            for kind in ("better", "worse")
        }
        assert colours["better"] != colours["worse"]


def test_a_problem_that_was_won_opens_both_samples_side_by_side(compared, browser):
    with opened(browser, compared / "comparison.html") as page:
        button = page.locator("#grid button.better").first
        name = button.get_attribute("aria-label")
        button.click()
        page.wait_for_selector("#pair-detail pre")
        assert page.locator("#pair-title").inner_text() == name
        before, now = page.locator("#pair-detail .beside >> nth=1 >> pre").all_text_contents()
        assert "// first" in before and "// second" in now
        assert page.locator(".badge").nth(1).inner_text() == "passed"
        assert page.locator(".badge").nth(0).inner_text() != "passed"
        left, right = (page.locator("#pair-detail pre").nth(side).bounding_box() for side in (0, 1))
        assert left["y"] == right["y"] and left["x"] < right["x"]


def test_an_address_opens_the_same_pair_of_samples(compared, browser):
    lost = differences(compared, "third")["go"]["lost"] or differences(compared, "third")["go"]["won"]
    number = lost[0].partition("/")[2]
    at = f"#run=2&column=go&problem={number}&old=1&now=0"
    with opened(browser, compared / "comparison.html", at=at) as page:
        page.wait_for_selector("#pair-detail pre")
        before, now = page.locator("#pair-detail .beside >> nth=1 >> pre").all_text_contents()
        assert "// first 1" in before and "// third 0" in now
        page.get_by_role("button", name="Next change").click()
        until(page, f"!location.hash.includes('problem={number}&')")
        page.keyboard.press("Escape")
        until(page, "location.hash === '#run=2'")


def test_the_changes_work_by_keyboard_alone(compared, browser):
    with opened(browser, compared / "comparison.html") as page:
        assert page.locator("#grid button[tabindex='0']").count() == 1
        page.locator("#grid button[tabindex='0']").focus()
        first = page.evaluate("document.activeElement.ariaLabel")
        page.keyboard.press("ArrowDown")
        name = page.evaluate("document.activeElement.ariaLabel")
        assert name != first and name.split(",")[0] == first.split(",")[0]
        page.keyboard.press("Enter")
        page.wait_for_selector("#pair-detail pre")
        assert page.locator("#pair-title").inner_text() == name
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.ariaLabel") == name


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_more_than_two_runs_are_a_series(compared, size, browser):
    with opened(browser, compared / "comparison.html", size) as page:
        chart = page.locator("#h-time ~ div figure").first
        assert chart.locator("svg.chart > text.small").all_text_contents() == ["first", "second", "third"]
        overall = differences(compared, "third")["overall"]["value"]
        shown = [
            float(text.rsplit(": ")[-1])
            for text in chart.locator("title").all_text_contents()
            if text.startswith("overall, ")
        ]
        assert shown[2] - shown[0] == pytest.approx(100 * overall, abs=0.011)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_two_runs_of_one_language_have_no_empty_figures(tmp_path, browser):
    python = python_problems(tmp_path / "set")
    write_comparison(
        [synthetic(tmp_path / name, python, seed=seed) for seed, name in enumerate("ab")], tmp_path / "out"
    )
    with opened(browser, tmp_path / "out" / "comparison.html") as page:
        assert page.locator("#h-time, #h-figures, figure").count() == 0
        assert page.locator("#grid button").count() > 0
