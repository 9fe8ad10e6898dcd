"""With every fast path off, the verdicts are the same: toolchains' own commands, tests in processes of their own, no images.

By hand, for it takes most of an hour: HUMANEVAL_X_FULL=1 pytest -m slow tests/attacks/test_fast_paths.py
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attacks import cases, judge_all
from machine import FULL
from official import OFFICIAL, official
from runs import Outcomes, canonical, fresh_canonicals, fresh_mutants, judge, outcomes, reference_rows, samples_of

from humaneval_x.languages import LANGUAGES
from humaneval_x.resources import cache_folder, sandboxes_folder
from humaneval_x.runners.toolchains import ENVIRONMENT, PYTHON, sandboxes_digest

LIMITED = {"timed_out", "memory_exceeded"}  # which of them a program meets first is a matter of speed
UNSTABLE = "Go/95"  # passes by chance (errata)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.bubblewrap,
    pytest.mark.skipif(not FULL, reason="by hand: HUMANEVAL_X_FULL=1"),
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder in which all tools are plain."""
    made = tmp_path_factory.mktemp("cache")
    made.parent.chmod(0o755)  # a jail's users find their way
    with all_plain(made):
        target = cache_folder() / "toolchains" / sandboxes_digest()
        target.parent.mkdir(parents=True)
        argv = [PYTHON, "-m", "sandboxes.prepare", str(target), "--plain"]
        subprocess.run(argv, cwd=sandboxes_folder().parent, check=True, env={**ENVIRONMENT, "HOME": str(made)})
    assert (target / "manifest.json").read_text().count("(plain tools)") == len(LANGUAGES)
    return made


@contextmanager
def all_plain(cache: Path) -> Iterator[None]:
    """Judge with the tools of that folder."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(cache))
        yield


def judged(folder: Path, rows: list[tuple[str, str]], problems: str | None = None) -> Outcomes:
    judge(
        samples_of(folder.with_suffix(".jsonl"), rows),
        folder,
        "bubblewrap",
        **({"problems": problems} if problems else {}),
    )
    found = outcomes(folder)
    return {
        key: ("limited" if status in LIMITED else status, checks)
        for key, (status, checks) in found.items()
        if key[0] != UNSTABLE
    }


def different(one: Outcomes, other: Outcomes) -> dict[object, object]:
    assert one.keys() == other.keys()
    return {key: (one[key], other[key]) for key in one if one[key] != other[key]}


def test_fresh_solutions_and_their_mutants(tmp_path: Path, cache: Path) -> None:
    rows = fresh_canonicals() + fresh_mutants()
    fast = judged(tmp_path / "fast", rows)
    with all_plain(cache):
        slow = judged(tmp_path / "plain", rows)
    assert len(fast) == 1100
    assert different(fast, slow) == {}


@pytest.mark.shared
def test_820_solutions_and_820_mutants(tmp_path: Path, cache: Path) -> None:
    rows = [row for name in LANGUAGES for row in canonical(official(name))]
    rows += [(row["task_id"], row["completion"]) for row in reference_rows()]
    fast = judged(tmp_path / "fast", rows, str(OFFICIAL))
    with all_plain(cache):
        slow = judged(tmp_path / "plain", rows, str(OFFICIAL))
    assert len(fast) == 1638
    assert different(fast, slow) == {}


def test_attacks_and_legal_programs(cache: Path) -> None:
    chosen = [case for case in cases() if case.language in LANGUAGES]
    with all_plain(cache):
        report = judge_all("bubblewrap", chosen)
    assert len(report.results) == len(chosen)
    assert {
        case.name: result.trouble for result in report.results.values() if (case := result.case) and result.trouble
    } == {}
    assert report.disturbed == []
