"""Rewards for training: 1 for a program that passes, `None` where the harness failed, never an exception as a reward.

    from humaneval_x.rewards import LocalJudge, trl_reward
    trainer = GRPOTrainer(..., reward_funcs=trl_reward(LocalJudge()))

A judge is this machine (`LocalJudge`) or a service (`RemoteJudge("http://host:8080")`, see docs/serve.md). The
trainers' libraries are not imported: what they call has the shape that they expect.
"""

from __future__ import annotations

from humaneval_x.rewards.credit import Judged, reward_of
from humaneval_x.rewards.judges import Judge, LocalJudge, RemoteJudge
from humaneval_x.rewards.trainers import openrlhf_reward, trl_reward, verifiers_reward

__all__ = [
    "Judge",
    "Judged",
    "LocalJudge",
    "RemoteJudge",
    "openrlhf_reward",
    "reward_of",
    "trl_reward",
    "verifiers_reward",
]
