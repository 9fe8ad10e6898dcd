"""verifiers, with its own tasks and traces: a reward for a right answer, an error of the rollout for a fault.

In an environment of its own (`make test-rewards`).
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from humaneval_x.problem_files import FRESH
from humaneval_x.problems import load_problems
from humaneval_x.rewards import Judged, LocalJudge, verifiers_reward

pytest.importorskip("verifiers")
import verifiers.v1 as vf

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
FORGED = "import os\ndef solution(*args):\n    os._exit(0)\n"


class Data(vf.TaskData):
    """A row of a data set."""

    task_id: str


def scored(judge: Any, task_id: str, reply: str) -> vf.Trace:
    """The trace of a rollout that answered `reply`, scored by the task."""
    judged = verifiers_reward(judge)

    class Task(vf.Task[Data]):
        @vf.reward
        async def passed(self, trace: vf.Trace) -> float:
            return await judged(trace=trace)

    data = Data(prompt="?", task_id=task_id)
    agent = vf.Trace.model_fields["agent"].annotation
    trace = vf.Trace.model_construct(
        task=vf.TraceTask(type="Task", data=data),
        agent=agent.model_construct(),
        rewards={},
        metrics={},
        root_reply=reply,
    )
    asyncio.run(Task(data).score(trace))
    return trace


@pytest.fixture(scope="module")
def judge(sandbox: str) -> Any:
    """The jails of this machine."""
    judge = LocalJudge(sandbox=sandbox, workers=1)
    yield judge
    judge.close()


def test_a_right_answer_earns_one_and_a_forged_one_nothing(judge: LocalJudge) -> None:
    problem = load_problems(FRESH).problems["Python/fresh-0"]
    right = f"Here it is:\n```python\n{problem.declaration}{problem.canonical_solution}```\n"
    assert scored(judge, problem.task_id, right).reward == 1.0
    assert scored(judge, problem.task_id, f"```python\n{FORGED}```").reward == 0.0


class Faulty:
    """A judge whose jails always fail."""

    def judge(self, rows: Any) -> list[Judged]:
        """Return a fault for each row."""
        return [Judged(fault="the jail died")] * len(rows)


def test_a_fault_is_the_rollouts_error_and_no_reward() -> None:
    with pytest.raises(vf.TaskError, match="the jail died"):
        scored(Faulty(), "Python/fresh-0", "anything")
