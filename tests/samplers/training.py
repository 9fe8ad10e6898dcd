"""Trains a tiny model on some solutions until it knows them by heart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import torch

from humaneval_x.samplers import Request

GOOD_ENOUGH = 0.01  # loss a token


def train(
    model: Any, tokenizer: Any, requests: Sequence[Request], *, steps: int = 400, limit_cpu_s: float = 150
) -> float:
    """Train on the requests' solutions and return the last loss; ends early when it knows them."""
    pairs = []
    for request in requests:
        prompt = tokenizer(request.prompt)["input_ids"]
        answer = tokenizer(request.solution)["input_ids"] + [tokenizer.eos_token_id]
        pairs.append((torch.tensor([prompt + answer]), torch.tensor([[-100] * len(prompt) + answer])))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    began, worst = time.process_time(), float("inf")
    model.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min(1.0, (step + 1) / 20)
        optimizer.zero_grad()
        losses = []
        for ids, labels in pairs:
            loss = model(input_ids=ids, labels=labels).loss
            (loss / len(pairs)).backward()
            losses.append(float(loss.detach()))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        worst = max(losses)
        if worst < GOOD_ENOUGH or time.process_time() - began > limit_cpu_s:
            break
    model.eval()
    return worst
