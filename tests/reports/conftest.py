"""One browser for all tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import launched


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with launched() as chromium:
        yield chromium
