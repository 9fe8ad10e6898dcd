"""One service for the tests that do it no harm."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest
from machine import absent_at_start

missing = [name for name in ("fastapi", "uvicorn", "multipart") if importlib.util.find_spec(name) is None]
collect_ignore_glob: list[str] = []
if missing:
    absent_at_start("serve", f"{', '.join(missing)} not installed")
    collect_ignore_glob.append("test_*.py")

if not missing:
    from services import Service, running

    @pytest.fixture(scope="session")
    def service(sandbox: str) -> Iterator[Service]:
        """A running service with two workers."""
        with running(sandbox) as each:
            yield each
