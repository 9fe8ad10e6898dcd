"""The list of a run's samples and the view of one of them, in a real browser."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from browsing import PHONE, opened, shows, state, until
from folders import finish, many_problems, synthetic

from humaneval_x.problems import load_problems
from humaneval_x.reports.write import write_run
from humaneval_x.results import read_rows
from humaneval_x.settings import EvaluationSettings

pytestmark = pytest.mark.chromium
SAMPLING = {"temperature": 0.8, "top_p": 0.95}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose rows say what they were read as, what they used and what their first failed check was."""
    folder = synthetic(tmp_path_factory.mktemp("list") / "run", load_problems("fresh"), n=3, k=(1, 2, 3))
    rows = []
    for place, row in enumerate(read_rows(folder)):
        failed = {"called_with": "(3, [1])", "expected": "7", "got": "8"} if not row.verdict.passed else {}
        reason = f"wrong in {place % 7}" if failed else ""
        used = {"cpu_s": place % 10 / 2, "memory_mib": float(place % 50), "reason": reason}
        read = "chat: fences" if place % 3 == 0 else "continuation"
        rows.append(replace(row, read_as=read, verdict=replace(row.verdict, **used, **failed)))
    (folder / "verdicts.jsonl").write_text("".join(json.dumps(row.to_json()) + "\n" for row in rows))
    write_run(folder)
    return folder


def listed(page, column):
    """The texts of one column of the rows that there are."""
    return page.locator(f"#list tbody .c-{column}").all_inner_texts()


def settled(page):
    until(page, "document.getElementById('list-shown').textContent.includes('samples')")


@pytest.mark.long
@pytest.mark.parametrize(
    ("choose", "kept"),
    [
        ({"language": "go"}, lambda row: row.task_id.startswith("Go/")),
        ({"outcome": "passed"}, lambda row: row.verdict.passed),
        ({"read": "chat: fences"}, lambda row: row.read_as == "chat: fences"),
        ({"text": "WRONG in 3"}, lambda row: row.verdict.reason == "wrong in 3"),
        ({"text": "fresh-13"}, lambda row: row.task_id.endswith("/fresh-13")),
        ({"time": "4"}, lambda row: row.verdict.cpu_s >= 4),
        ({"memory": "40"}, lambda row: row.verdict.memory_mib >= 40),
        ({"language": "cpp", "time": "2"}, lambda row: row.task_id.startswith("CPP/") and row.verdict.cpu_s >= 2),
    ],
    ids=["language", "outcome", "read as", "reason", "number", "time", "memory", "language and time"],
)
def test_each_filter_leaves_the_rows_that_it_names(run, browser, choose, kept):
    with opened(browser, run / "report.html") as page:
        for name, value in choose.items():
            field = page.locator(f"#filter-{name}")
            field.select_option(value) if name in ("language", "outcome", "read") else field.fill(value)
        settled(page)
        expected = [row for row in read_rows(run) if kept(row)]
        shows(page, "#list-shown", f"{len(expected)} of 300 samples")
        assert state(page) == choose


def test_a_filter_finds_words_in_completions_when_asked_to(run, browser):
    with opened(browser, run / "report.html") as page:
        page.locator("#filter-text").fill("sample 2 of Java/fresh-4")
        shows(page, "#list-shown", "0 of 300 samples")
        page.get_by_label("in completions too").check()
        shows(page, "#list-shown", "1 of 300 samples")
        assert listed(page, "language") == ["Java"]
        assert listed(page, "sample") == ["2"]


def test_the_list_sorts_by_each_column_by_keyboard(run, browser):
    with opened(browser, run / "report.html") as page:
        page.get_by_role("button", name="CPU s").focus()
        for way in ("ascending", "descending"):
            page.keyboard.press("Enter")
            page.wait_for_selector(f"#list th[aria-sort={way}] [data-sort=cpu]:focus")
        shown = [float(text) for text in listed(page, "cpu")]
        assert shown == sorted(shown, reverse=True) and shown[0] == 4.5
        assert page.locator("#list th[aria-sort=descending]").inner_text() == "CPU s ▾"
        assert state(page) == {"sort": "-cpu"}
        page.get_by_role("button", name="Clear").click()
        until(page, "!location.hash")
        page.wait_for_selector("#list th[aria-sort=ascending] [data-sort=problem]")
        assert listed(page, "problem")[0].startswith("fresh-0 ")


def test_an_address_opens_the_same_list_and_the_same_sample(run, browser):
    at = "#outcome=wrong_answer&sort=-memory&column=python&problem=fresh-3&sample=2"
    row = next(each for each in read_rows(run) if (each.task_id, each.sample_index) == ("Python/fresh-3", 2))
    with opened(browser, run / "report.html", at=at) as page:
        page.wait_for_selector("#sample-detail pre")
        assert row.program in page.locator(".facts").last.inner_text()
        settled(page)
        assert set(listed(page, "outcome")) == {"wrong answer"}
        shown = [int(text) for text in listed(page, "memory")]
        assert shown == sorted(shown, reverse=True)
        page.keyboard.press("Escape")
        until(page, "!location.hash.includes('sample')")
        assert state(page) == {"outcome": "wrong_answer", "sort": "-memory"}


def test_the_list_is_walked_and_opened_by_keyboard_alone(run, browser):
    with opened(browser, run / "report.html") as page:
        page.locator("#filter-language").select_option("go")
        settled(page)
        page.locator("#list tbody button[tabindex='0']").focus()
        for key in ("End", "ArrowUp", "Home", "ArrowDown", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        name = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert name.startswith("fresh-1 tank_run, Go, sample 0: ")
        page.keyboard.press("Enter")
        page.wait_for_selector("#sample-detail pre")
        page.get_by_role("button", name="Previous in the list").click()
        until(page, "location.hash.includes('problem=fresh-0&sample=2')")
        assert page.locator("#cell-title").inner_text().startswith("Go, problem fresh-0: tide_turns, ")
        page.keyboard.press("Escape")
        assert page.locator("#list tbody button[tabindex='0']").count() == 1


def test_next_and_previous_problem_stay_in_the_language(run, browser):
    with opened(browser, run / "report.html", at="#column=cpp&problem=fresh-5&sample=0") as page:
        page.wait_for_selector("#sample-detail pre")
        page.get_by_role("button", name="Next problem").click()
        until(page, "location.hash.includes('problem=fresh-6')")
        page.keyboard.press("Shift+ArrowLeft")
        until(page, "location.hash.includes('problem=fresh-5')")
        assert page.locator("#cell-title").inner_text().startswith("C++, problem fresh-5: ")
        assert not page.get_by_role("button", name="Next in the list").is_visible()


def test_a_sample_stands_beside_the_canonical_solution_with_its_own_lines_marked(run, browser):
    problem = load_problems("fresh").problems["Python/fresh-2"]
    with opened(browser, run / "report.html", at="#column=python&problem=fresh-2&sample=1") as page:
        page.wait_for_selector(".beside pre")
        completion, canonical = page.locator(".beside pre").all_text_contents()
        assert canonical == problem.canonical_solution
        assert completion.endswith(problem.canonical_solution) and completion != canonical
        assert page.locator(".more .differs").all_inner_texts() == [completion.splitlines()[0] + "\n"]
        assert page.locator(".less .differs").count() == 0
        assert page.locator("#sample-detail .note").first.inner_text() == "lines: 1 only here (+), 0 only there (−)"
        left, right = (page.locator(f".beside > div >> nth={side}").bounding_box() for side in (0, 1))
        assert left["y"] == right["y"] and left["x"] < right["x"]


def test_the_first_failed_check_is_shown_and_copied(run, browser):
    row = next(each for each in read_rows(run) if not each.verdict.passed and each.task_id.startswith("Java/"))
    at = f"#column=java&problem={row.task_id[5:]}&sample={row.sample_index}"
    with opened(browser, run / "report.html", at=at) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.wait_for_selector(".check")
        assert page.locator(".check dt").all_inner_texts() == ["called with", "expected", "got"]
        assert page.locator(".check code").all_inner_texts() == ["(3, [1])", "7", "8"]
        page.get_by_role("button", name="Copy expected").click()
        page.get_by_role("button", name="Copied").or_(page.get_by_text("Copied")).first.wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "7"
        page.get_by_role("button", name="Copy completion").click()
        until(page, "navigator.clipboard.readText().then((text) => text.length > 1)")
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(".more pre").text_content()


def test_lines_are_numbered_and_wrap_when_asked_to(run, browser):
    with opened(browser, run / "report.html", PHONE, at="#column=java&problem=fresh-2&sample=1") as page:
        page.wait_for_selector(".beside pre")
        pre = page.locator(".beside pre").first
        number = "getComputedStyle(document.querySelector('.beside .l'), '::before').content"
        assert page.evaluate(number) == "counter(line)"
        assert pre.evaluate("(pre) => pre.scrollWidth > pre.clientWidth")
        page.get_by_label("Wrap lines").check()
        assert pre.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")


def test_who_made_the_samples_and_when_they_were_judged_stand_at_the_top(tmp_path, browser):
    folder = synthetic(tmp_path / "made", load_problems("fresh"), n=1, k=(1,))
    samples = tmp_path / "made.jsonl"
    rows = [
        json.loads(line) | {"model": "owner/some-model", "settings": SAMPLING}
        for line in samples.read_text().splitlines()
    ]
    samples.write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_run(finish(folder, load_problems("fresh"), samples, EvaluationSettings(), (1,)))
    with opened(browser, folder / "report.html") as page:
        head = page.locator("header").inner_text()
        assert "owner/some-model" in head and "temperature\n0.8" in head and "top p\n0.95" in head
        assert f"judged {time.strftime('%Y-%m-%d', time.gmtime((folder / 'verdicts.jsonl').stat().st_mtime))}" in head


@pytest.mark.slow
def test_a_list_of_164_000_samples_has_few_rows_and_filters_in_a_moment(tmp_path, browser):
    folder = synthetic(tmp_path / "large", many_problems(tmp_path / "set"), n=200, k=(1, 10, 100), digests=False)
    write_run(folder)
    with opened(browser, folder / "report.html") as page:
        settled(page)
        assert page.locator("#list-shown").inner_text() == "164000 of 164000 samples"
        assert page.locator("#list tbody tr").count() < 100
        page.select_option("#filter-outcome", "passed")
        passed = sum(row.verdict.passed for row in read_rows(folder))
        shows(page, "#list-shown", f"{passed} of 164000 samples")
        timing = page.evaluate("() => { const at = performance.now(); select(); return performance.now() - at; }")
        loading = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        print(
            f"opened in {loading:.0f} ms, filtered and sorted in {timing:.0f} ms; page {(folder / 'report.html').stat().st_size >> 10} KiB"
        )
        page.locator("#list tbody button[tabindex='0']").focus()
        page.keyboard.press("End")
        page.wait_for_selector(f"#list [data-place='{passed - 1}']")
