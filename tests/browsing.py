"""A real browser for tests of pages: Chromium, offline."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

WIDE, PHONE = (1280, 900), (390, 844)
PATIENCE_S = 30


def state(page: Any) -> dict[str, str]:
    """Return what stands behind the # of the page's address: by the page, as `page.url` comes to know of it later."""
    return {name: values[0] for name, values in parse_qs(page.evaluate("location.hash.slice(1)")).items()}


def until(page: Any, expression: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until an expression is true in the page, however busy the machine is.

    `wait_for_function` can only look once: what it tries next is an `eval` in the page, which its policy forbids.
    """
    end = time.monotonic() + patience_s
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not in {patience_s} s: {expression}"
        page.wait_for_timeout(20)


def shows(page: Any, selector: str, text: str) -> None:
    """Wait until an element shows a text."""
    until(page, f"document.querySelector({json.dumps(selector)}).textContent === {json.dumps(text)}")


@contextmanager
def launched() -> Iterator[Any]:
    """Yield a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=root)
        yield chromium
        chromium.close()


@contextmanager
def opened(
    browser: Any, path: Path, size: tuple[int, int] = WIDE, scheme: str = "light", at: str = ""
) -> Iterator[Any]:
    """Open a file without a network; afterwards nothing but files may have been asked for, and nothing gone wrong."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, offline=True, accept_downloads=True
    )
    page = context.new_page()
    wrong: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri() + at)
    page.asked = asked
    yield page
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("window.hacked") is None
    context.close()
