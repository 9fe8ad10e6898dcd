"""The pages in a real browser: Chromium, offline, by mouse and by keyboard."""

from __future__ import annotations

import hashlib
import os
import shutil

import pytest
from browsing import PHONE, WIDE, opened, state, until
from folders import many_problems, synthetic

from humaneval_x.languages import LANGUAGES
from humaneval_x.problems import load_problems
from humaneval_x.reports.pages import leaderboard_page
from humaneval_x.reports.write import write_comparison, write_run
from humaneval_x.results import read_rows

pytestmark = pytest.mark.chromium
HOSTILE = "</script><script>window.hacked = true</script><img src=x onerror='window.hacked = true'>"
LINE = 1_000_000
SIZES = [WIDE, PHONE]


def hostile(problem, index):
    """A completion that would like to be HTML, one of them with a line of a million characters."""
    mark = "    # " if problem.prefix == "Python" else "    // "
    return f"{mark}{HOSTILE}{'x' * LINE if problem.number == 'fresh-1' and index == 0 else ''} {index}\n{problem.canonical_solution}"


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def single(place):
    folder = synthetic(place / "single <b>", load_problems("fresh"), n=3, k=(1, 2, 3))
    write_run(folder, reference=True)
    return folder


@pytest.fixture(scope="session")
def split(place):
    folder = synthetic(place / "split", load_problems("fresh"), n=2, completion=hostile, tail=HOSTILE)
    write_run(folder)
    assert (folder / "report_data").is_dir()
    return folder


@pytest.fixture(scope="session")
def pairs(place):
    folder = synthetic(place / "pairs", load_problems("fresh"), n=2, translation=True)
    write_run(folder, reference=True)
    return folder


@pytest.fixture(scope="session")
def compared(place, single):
    other = synthetic(place / "other", load_problems("fresh"), n=3, k=(1, 2, 3), skill=0.8, seed=9)
    write_comparison([single, other], place / "compared", reference=True)
    return place / "compared" / "comparison.html"


@pytest.fixture(scope="session")
def board(place, single):
    """A leaderboard of rows that were made up: sizes, and values that go down from the first to the last."""
    rows = []
    for number, name in enumerate(["alpha", "beta", "gamma", "delta"]):
        value = 0.8 - 0.1 * number
        entry = {"value": value, "low": value - 0.07, "high": value + 0.07}
        per = {size: entry for size in ("pass@1", "pass@10")}
        columns = {**{language: per for language in LANGUAGES}, "overall": per}
        columns["go"] = {"pass@1": {"value": 0.1 * number, "low": 0.1 * number, "high": 0.1 * number}}
        rows.append(
            {
                "name": name,
                "key": "0",
                "model": f"{name} <i>{HOSTILE}</i>" if name == "gamma" else name,
                "parameters_b": None if name == "delta" else [1.5, 6.7, 70][number],
                "link": "https://example.org/",
                "date": f"2026-0{number + 1}-15",
                "num_samples": 10 + number,
                "settings": {"temperature": 0.2 * number},
                "tampered": 0,
                "report": f"reports/{name}/report.html",
                "scores": {"generation": columns, **({"translation": {"overall": per}} if name == "alpha" else {})},
            }
        )
        write_run(single, output=place / "site" / "reports" / name, name=name, back="../../index.html")
    content = {"version": "0", "problems": {"name": "fresh", "digest": "0"}, "rows": rows, "refused": {}}
    (place / "site" / "index.html").write_text(leaderboard_page(content))
    return place / "site" / "index.html"


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]} wide")
@pytest.mark.parametrize("name", ["single", "split", "pairs", "compared", "board"])
def test_every_page_renders_without_errors_and_without_a_network(name, size, scheme, request, browser):
    made = request.getfixturevalue(name)
    path = made / "report.html" if made.is_dir() else made
    with opened(browser, path, size, scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]  # wide tables scroll in themselves
        assert page.locator("h1").inner_text()
        assert page.locator("table").count() > 0
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, paper.strip("rgb()").split(","))) > 384) == (scheme == "light")
        if os.environ.get("HUMANEVAL_X_SCREENSHOTS"):
            page.screenshot(
                path=f"{os.environ['HUMANEVAL_X_SCREENSHOTS']}/{name}-{size[0]}-{scheme}.png", full_page=True
            )


def opened_section(page, name: str) -> list[str]:
    """Open a section of the sample that is shown and return its texts."""
    box = page.locator("details", has=page.locator("summary", has_text=name))
    box.locator("summary").click()
    box.locator("pre").first.wait_for()  # it is laid out when it is opened
    return box.locator("pre").all_text_contents()


PARTS = ("preamble", "candidate", "tests", "declared to the tests")


@pytest.mark.parametrize("name", ["single", "split"])
def test_a_cell_opens_its_samples_by_mouse(name, request, browser):
    folder = request.getfixturevalue(name)
    with opened(browser, folder / "report.html") as page:
        page.get_by_role("button", name="C++, problem fresh-3:").click()
        page.wait_for_selector("#sample-detail pre")
        rows = {row.sample_index: row for row in read_rows(folder) if row.task_id == "CPP/fresh-3"}
        assert page.locator("#sample option").count() == len(rows)
        assert page.locator(".badge").inner_text() == rows[0].verdict.status.value.replace("_", " ")
        assert rows[0].program in page.locator(".facts").inner_text()
        page.get_by_role("button", name="Next sample").click()
        assert rows[1].program in page.locator(".facts").inner_text()
        status = rows[1].verdict.status.value
        page.select_option("#status", status)
        assert page.locator("#sample option").count() == sum(
            row.verdict.status.value == status for row in rows.values()
        )
        page.locator("#close").click()
        page.locator("#cell").wait_for(state="hidden")


def test_the_program_on_the_page_is_the_one_that_was_run(single, browser):
    with opened(browser, single / "report.html") as page:
        for module in LANGUAGES.values():
            page.get_by_role("button", name=f"{module.TITLE}, problem fresh-0:").click()
            page.wait_for_selector("#sample-detail pre")
            parts = opened_section(page, "The program that was run")
            labels = page.locator("#sample-detail details[open] pre").evaluate_all(
                "all => all.map((pre) => pre.ariaLabel)"
            )
            shown = dict(zip(labels[-len(parts) :], parts, strict=True))  # without what is empty
            digest = hashlib.sha256()
            for part in (module.NAME, *(shown.get(name, "") for name in PARTS)):
                digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
            row = next(
                row for row in read_rows(single) if row.task_id == f"{module.PREFIX}/fresh-0" and row.sample_index == 0
            )
            assert digest.hexdigest()[:32] == row.program
            page.keyboard.press("Escape")


def test_the_grid_works_by_keyboard_alone(single, browser):
    with opened(browser, single / "report.html") as page:
        page.locator("#grid button:enabled").first.focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
            page.keyboard.press(key)
        where = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert where.startswith("C++, problem fresh-1: ")
        page.keyboard.press("Enter")
        page.wait_for_selector("#sample-detail pre")
        assert page.locator("#cell-title").inner_text() == where
        page.keyboard.press("Tab")  # from the choice of samples to the button beside it
        page.keyboard.press("ArrowRight")
        assert page.locator("#sample").input_value() == "1"
        page.keyboard.press("Escape")
        page.locator("#cell").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == where  # back where one was
        assert page.locator("#grid button[tabindex='0']").count() == 1  # one stop for Tab, not a hundred


def test_what_a_stranger_wrote_stays_text_and_a_long_line_is_cut(split, browser):
    with opened(browser, split / "report.html") as page:
        page.get_by_role("button", name="Python, problem fresh-1:").click()
        page.wait_for_selector("#sample-detail pre")
        shown = page.locator("#sample-detail pre").first.text_content()
        assert HOSTILE in shown and len(shown) == 200_000
        page.get_by_role("button", name="show all 1").first.click()
        assert len(page.locator("#sample-detail pre").first.text_content()) > LINE
        assert HOSTILE in page.locator("#sample-detail").inner_text()  # the tail of its output too
        assert page.locator("#sample-detail script, #sample-detail img").count() == 0


def test_only_the_cell_that_is_opened_is_read(split, browser):
    with opened(browser, split / "report.html") as page:
        assert len(page.asked) == 1
        page.get_by_role("button", name="Go, problem fresh-4:").click()
        page.wait_for_selector("#sample-detail pre")
        assert len([url for url in page.asked if url.startswith("file:")]) == 2
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Go, problem fresh-4:").click()
        page.wait_for_selector("#sample-detail pre")
        assert len([url for url in page.asked if url.startswith("file:")]) == 2  # it is there already


def test_samples_that_are_not_beside_the_page_are_said_to_be_missing(split, browser, tmp_path):
    shutil.copy(split / "report.html", tmp_path / "alone.html")
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "alone.html").as_uri())
    page.get_by_role("button", name="Go, problem fresh-4:").click()
    page.wait_for_selector("#sample-detail .warning")
    assert "keep the folder beside this page" in page.locator("#sample-detail").inner_text()
    context.close()


def test_translations_are_chosen_by_source(pairs, browser):
    with opened(browser, pairs / "report.html") as page:
        assert page.locator("#view option").all_inner_texts() == [
            f"translation from {each.TITLE}" for each in LANGUAGES.values()
        ]
        page.select_option("#view", label="translation from Go")
        page.get_by_role("button", name="Go to Python, problem fresh-0:").click()
        page.wait_for_selector("#sample-detail pre")
        assert opened_section(page, "Prompt")[0].startswith("code translation\nGo:\n")


def names(page):
    return [text.split()[0] for text in page.locator("#board tbody th").all_inner_texts()]


def test_the_leaderboard_sorts_by_mouse_and_by_keyboard(board, browser):
    with opened(browser, board) as page:
        assert names(page) == ["alpha", "beta", "gamma", "delta"]
        assert page.locator("#board tbody td:first-child").all_inner_texts() == [
            "1",
            "1",
            "2",
            "3",
        ]  # beta's interval touches alpha's
        page.get_by_role("button", name="model").click()
        assert names(page) == ["alpha", "beta", "delta", "gamma"]
        page.keyboard.press("Enter")  # the focus stays on the heading
        assert names(page) == ["gamma", "delta", "beta", "alpha"]
        assert page.locator("th[aria-sort='descending']").count() == 1
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert names(page) == ["alpha", "beta", "gamma", "delta"]  # by size, unknown last
        assert page.locator("#board tbody i").count() == 0


def test_the_leaderboard_filters(board, browser):
    with opened(browser, board) as page:
        page.select_option("#column", "go")
        assert page.locator("#size option").all_inner_texts() == ["pass@1"]
        assert names(page) == ["delta", "gamma", "beta", "alpha"]
        page.select_option("#column", "overall")
        page.select_option("#parameters", "3-10")
        assert names(page) == ["beta"]
        page.select_option("#parameters", "0-")
        page.locator("#words").press_sequentially("DEL")
        assert names(page) == ["delta"]
        assert page.locator("#shown").inner_text() == "1 of 4 models"
        page.locator("#words").fill("")
        page.select_option("#task", "translation")
        assert names(page) == ["alpha"]


def test_a_row_opens_its_report(board, browser):
    with opened(browser, board) as page:
        page.get_by_role("link", name="beta", exact=True).click()
        page.wait_for_selector("#grid button")
        assert page.locator("h1").inner_text() == "beta"
        page.locator("#grid button:enabled").first.click()
        page.wait_for_selector("#sample-detail pre")


def test_a_report_leads_back_to_its_leaderboard(board, browser):
    with opened(browser, board) as page:
        page.get_by_role("link", name="beta", exact=True).click()
        page.get_by_role("link", name="Leaderboard").click()
        page.wait_for_selector("#board tbody tr")
        assert page.locator("h1").inner_text() == "HumanEval-X leaderboard"


def test_the_leaderboard_shows_every_language_at_once_and_dates(board, browser):
    with opened(browser, board) as page:
        heads = [text.rstrip(" ▴▾") for text in page.locator("#board thead th").all_inner_texts()]
        assert [module.TITLE for module in LANGUAGES.values()] == [
            each for each in heads if each in {module.TITLE for module in LANGUAGES.values()}
        ]
        assert "date" in heads
        page.get_by_role("button", name="Go", exact=True).click()
        assert names(page) == ["delta", "gamma", "beta", "alpha"]
        page.get_by_role("button", name="date").click()
        assert names(page) == ["alpha", "beta", "gamma", "delta"]


def test_the_leaderboard_stands_in_its_address(board, browser):
    with opened(browser, board, at="#column=go&words=a&sort=model&models=alpha,beta") as page:
        assert names(page) == ["alpha", "beta", "delta", "gamma"]
        assert page.locator("#column").input_value() == "go"
        assert page.locator("#selected-table thead th").all_inner_texts() == ["pass@1", "alpha", "beta"]
        page.locator("#words").fill("bet")
        until(page, "location.hash.includes('words=bet&')")
        assert names(page) == ["beta"]


def test_selected_models_stand_side_by_side(board, browser):
    with opened(browser, board) as page:
        assert not page.locator("#selected").is_visible()
        page.get_by_label("select alpha").check()
        page.get_by_label("select delta").check()
        row = page.locator("#selected-table tbody tr", has_text="overall")
        assert row.locator("td").all_inner_texts() == ["80.00", "50.00 −30.00"]
        assert state(page) == {"models": "alpha,delta"}


def test_the_score_is_drawn_over_the_size_of_those_that_tell_it(board, browser):
    with opened(browser, board) as page:
        marks = page.locator("#size-chart circle")
        assert [text.split(":")[0].split(" ")[0] for text in marks.locator("title").all_text_contents()] == [
            "alpha",
            "beta",
            "gamma",
        ]
        across = [float(each.get_attribute("cx")) for each in marks.all()]
        assert across == sorted(across) and len(set(across)) == 3
        page.select_option("#parameters", "0-3")
        assert not page.locator("#sizes").is_visible()  # one point is no curve


@pytest.mark.slow
def test_a_cell_of_164_000_samples_opens_without_reading_the_others(browser, tmp_path):
    problems = many_problems(tmp_path / "set")
    folder = synthetic(tmp_path / "large", problems, n=200, k=(1, 10, 100), digests=False)
    write_run(folder)
    with opened(browser, folder / "report.html") as page:
        assert page.locator("#grid button:enabled").count() == 820
        page.get_by_role("button", name="Java, problem 100:").click()
        page.wait_for_selector("#sample-detail pre")
        assert page.locator("#sample option").count() == 200
        assert len([url for url in page.asked if url.startswith("file:")]) == 2
