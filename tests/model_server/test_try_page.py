"""The page that tries a model, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import PHONE, WIDE
from model_servers import PATIENCE_S, ModelServer, running

pytestmark = pytest.mark.chromium
CODE = "def add(a, b):\n"


def until(page: Any, expression: str) -> None:
    """Wait until an expression is true in the page; a model answers, however slowly."""
    browsing.until(page, expression, PATIENCE_S)


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, served: ModelServer) -> Iterator[Any]:
    """The page, opened; afterwards nothing may have gone wrong, or have been asked of anybody else."""
    yield from opened(browser, served.address, request.param)


def opened(browser: Any, address: str, size: tuple[int, int] = WIDE) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(PATIENCE_S * 1000)
    page = context.new_page()
    wrong: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda each: asked.append(each.url))
    page.goto(address + "/")
    yield page
    assert wrong == []
    assert [url for url in asked if not url.startswith(address)] == []
    assert page.evaluate("window.hacked") is None
    context.close()


def run(page: Any, mode: str, code: str, tokens: int = 12, **fields: str) -> str:
    """Fill the form, run it and return the answer."""
    page.select_option("#mode", mode)
    for name, value in {"code": code, "tokens": str(tokens), **fields}.items():
        page.fill(f"#{name}", value)
    page.click("#run")
    until(page, "document.getElementById('state').textContent.startsWith('done')")
    return str(page.text_content("#answer"))


def test_every_mode_is_offered_and_gives_what_the_protocol_gives(page: Any, served: ModelServer) -> None:
    until(page, "document.getElementById('mode').options.length > 0")
    assert page.text_content("#model") == "tiny-codegeex"
    offered = page.evaluate("[...document.getElementById('mode').options].map((each) => each.value)")
    assert offered == ["generate", "complete", "translate", "explain", "comment", "template", "chat"]
    for mode in ("generate", "explain"):
        body = {"mode": mode, "language": "python"}
        answer = served.client.completions.create(model="", prompt=CODE, temperature=0, max_tokens=12, extra_body=body)
        assert run(page, mode, CODE) == answer.choices[0].text
    start = "func add(a, b int) int {\n"
    page.select_option("#language", "go")
    assert run(page, "translate", CODE, start=start).startswith(start)
    assert run(page, "template", CODE, template="{code}!")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_chat_stays_in_the_conversation(page: Any) -> None:
    until(page, "document.getElementById('mode').options.length > 0")
    first = run(page, "chat", "<img src=x onerror='window.hacked = true'>")
    both = run(page, "chat", "again")
    assert first.startswith("> <img src=x")
    assert both.startswith(first + "\n\n> again\n\n")
    assert [each["role"] for each in page.evaluate("messages")] == ["user", "assistant", "user", "assistant"]


def test_stop_ends_an_answer_and_the_next_can_be_asked_for(page: Any) -> None:
    until(page, "document.getElementById('mode').options.length > 0")
    page.fill("#tokens", "1900")
    page.fill("#temperature", "1")
    page.select_option("#mode", "complete")
    page.select_option("#mode", "template")
    page.fill("#code", CODE)
    page.click("#run")
    until(page, "document.getElementById('answer').textContent.length > 0")
    page.click("#stop")
    until(page, "/^(stopped|done)/.test(document.getElementById('state').textContent)")  # it may have ended before
    assert run(page, "template", CODE)


def test_what_is_wrong_is_said_in_the_page(page: Any) -> None:
    until(page, "document.getElementById('mode').options.length > 0")
    page.select_option("#mode", "generate")
    page.fill("#code", "")
    page.click("#run")
    until(page, "document.getElementById('state').textContent.startsWith('the code is empty')")


def test_the_page_asks_for_the_token_of_a_server_that_has_one(browser: Any, folders: dict[str, Path]) -> None:
    with running(folders["codegeex"], tokens=["sixteen-or-more-characters"]) as server:
        for page in opened(browser, server.address):
            until(page, "document.getElementById('state').textContent.startsWith('a token is needed')")
            page.fill("#key", "sixteen-or-more-characters")
            page.press("#key", "Tab")
            until(page, "document.getElementById('mode').options.length > 0")
            run(page, "generate", CODE)
