"""Reward functions in the shapes that trainers call: TRL, verifiers, OpenRLHF. (NeMo Gym calls the service: `/verify`.)

Sources: huggingface/trl, docs/source/grpo_trainer.md; PrimeIntellect-ai/verifiers, docs; OpenRLHF/OpenRLHF,
openrlhf/utils/agent.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from humaneval_x.errors import MachineError, OptionError
from humaneval_x.rewards.credit import reward_of
from humaneval_x.rewards.judges import Judge
from humaneval_x.values import checked

COLUMNS = ("task_id", "source_language", "task")
NAME = "humaneval_x"


@checked
def trl_reward(judge: Judge, *, partial: bool = False) -> Callable[..., list[float | None]]:
    """Return a function for TRL's `reward_funcs`. The data set has the columns task_id, and source_language or not.

    A completion is a text, or a conversation whose last message counts. None leaves a completion out.
    """

    def reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        rows = [
            row_of(text_of(completion), {name: columns[name][place] for name in COLUMNS if name in columns})
            for place, completion in enumerate(completions)
        ]
        return [reward_of(judged, partial=partial) for judged in judge.judge(rows)]

    reward.__name__ = reward.__qualname__ = NAME  # what TRL calls it in its logs
    return reward


@checked
def openrlhf_reward(judge: Judge, *, partial: bool = False) -> Callable[..., dict[str, Any]]:
    """Return OpenRLHF's `reward_func`, for a file whose path is its `--remote_rm_url`. A label is a task_id.

    A query is the prompt and what follows. OpenRLHF asks for one at a time; rewards and scores are None for a fault,
    which is what it has where no reward came. Asked for several, a fault is NaN.
    """

    def reward_func(
        queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str], **more: Any
    ) -> dict[str, Any]:
        asked = zip(queries, prompts, labels, strict=True)
        rows = [row_of(query.removeprefix(prompt), {"task_id": label}) for query, prompt, label in asked]
        rewards = [reward_of(judged, partial=partial) for judged in judge.judge(rows)]
        logs = {"humaneval_x_faults": float(sum(reward is None for reward in rewards))}
        values = None if rewards == [None] else as_tensor([float("nan") if each is None else each for each in rewards])
        return {"rewards": values, "scores": values, "extra_logs": logs}

    return reward_func


@checked
def verifiers_reward(judge: Judge, *, partial: bool = False) -> Callable[..., Awaitable[float]]:
    """Return an async reward function for verifiers: with a trace, whose task's data name the task_id (its v1), or with
    a completion, whose `info` (or `answer`) names it.

    A fault is raised as MachineError: verifiers records it as the rollout's error, and its reward as not scored.
    """

    async def humaneval_x(
        completion: Any = None, info: Any = None, answer: Any = None, trace: Any = None, **more: Any
    ) -> float:
        if trace is not None:
            completion, info = trace.last_reply, {name: getattr(trace.task.data, name, None) for name in COLUMNS}
        named = info if isinstance(info, Mapping) and "task_id" in info else {"task_id": answer}
        row = row_of(text_of(completion), {name: named[name] for name in COLUMNS if name in named})
        (judged,) = await asyncio.to_thread(judge.judge, [row])
        reward = reward_of(judged, partial=partial)
        if reward is None:
            raise MachineError(judged.fault)
        return reward

    return humaneval_x


def row_of(text: str, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for a judge. Raises OptionError where nothing says which task it is."""
    if not isinstance(named.get("task_id"), str):
        raise OptionError(f"task_id is {named.get('task_id')!r}; expected a column or label such as 'Python/0'")
    return {**{name: value for name, value in named.items() if value is not None}, "completion": text}


def text_of(completion: Any) -> str:
    """Return what the model wrote: the text, or the content of the last message."""
    if isinstance(completion, str):
        return completion
    last = completion[-1] if completion else ""
    content = last.get("content") if isinstance(last, Mapping) else getattr(last, "content", last)
    if isinstance(content, list):  # parts of a message
        return "".join(part.get("text", "") for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def as_tensor(values: list[float]) -> Any:
    """Return values as the tensor that OpenRLHF wants."""
    import torch

    return torch.tensor(values, dtype=torch.float)
