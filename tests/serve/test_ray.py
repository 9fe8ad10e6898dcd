"""`serve --engine ray`: verdicts from a cluster's jails, also when one of its workers is killed; nothing stays behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from services import Service, children_of, problems_of, right, still_there

pytestmark = pytest.mark.ray
FORGED = {"task_id": "Python/fresh-0", "completion": "    import os\n    os._exit(0)\n"}


def actors_of(pid: int) -> list[int]:
    """The processes of a cluster that hold a jail each."""
    names = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children_of(pid)}
    return [child for child, name in names.items() if name.startswith(b"ray::Host")]


def test_a_cluster_judges_and_a_killed_worker_costs_no_verdict(sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else Ray warns
    service = Service(sandbox, "--engine", "ray", workers=1)
    try:
        service.wait_until_ready()
        rows = [*(right(problem) for problem in problems_of()), FORGED]
        assert [row["passed"] for row in service.evaluate(*rows)] == [True] * 5 + [False]
        victims = actors_of(service.process.pid)
        assert victims
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        again = [{**row, "completion": row["completion"].rstrip() + "\n\n"} for row in rows]  # other programs
        assert [row["passed"] for row in service.evaluate(*again)] == [True] * 5 + [False]
        assert service.figures()["humaneval_x_jails_replaced_total"] == 1
        cluster = children_of(service.process.pid)
    finally:
        code, said = service.end()
    assert code == 0, said
    assert not still_there(cluster, within_s=30)
