"""The doctor on this machine: what judging needs is well, with a right and a broken program of each language."""

from __future__ import annotations

from humaneval_x.doctor import examine
from humaneval_x.languages import LANGUAGES


def test_the_doctor_tells_right_from_broken_programs_in_each_language(sandbox: str) -> None:
    findings = [finding for finding in examine(sandbox) if finding.needed]
    assert [str(finding) for finding in findings if not finding.ok] == []
    assert {module.TITLE for module in LANGUAGES.values()} <= {finding.what for finding in findings}
