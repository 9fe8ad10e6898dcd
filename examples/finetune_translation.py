"""Fine-tune CodeGeeX, or any causal model in Hugging Face layout, on translation pairs, as the published FT variant.

    pip install '.[model]' -r requirements/finetune.txt
    python examples/finetune_translation.py codegeex-13b codegeex-13b-ft --pairs cpp-python,python-javascript
    python generate.py run codegeex-13b-ft samples.jsonl --task translation --pairs cpp-python --preset greedy

LoRA on all linear layers of the blocks, by PEFT; the loss counts the solution and the end of text, not the prompt. The
prompts are those that `generate.py run --task translation` asks, so that a model is trained on what it will be asked.
The adapter is saved in OUTPUT.adapter, and OUTPUT is the whole model with the adapter merged, which every engine loads.

Train on problems that you do not judge with. The fresh set is here to show the way: what a model gains on the problems
that it was trained on is memory, and `--limit` leaves the others for you to look at. docs/model.md has the 13B.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

import humaneval_x.codegeex  # noqa: F401  (registers CodeGeeX)
from humaneval_x.errors import HarnessError
from humaneval_x.generation import planned
from humaneval_x.samplers import Request
from humaneval_x.tasks import Task

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "up_proj", "down_proj"]
IGNORED = -100  # labels that the loss leaves out
WARM_UP = 20  # steps; from then on the learning rate falls to nothing


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    options = parsed(argv)
    try:
        requests = [
            request
            for pair in options.pairs.split(",")
            for request in planned(options.problems, Task.TRANSLATION, None, pair, 1, options.limit).requests
        ]
    except HarnessError as fault:
        sys.exit(f"{type(fault).__name__}: {fault}")
    torch.manual_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    base = AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype).to(device)
    if options.checkpointing:
        base.gradient_checkpointing_enable()
        base.enable_input_require_grads()
    config = LoraConfig(r=options.rank, lora_alpha=2 * options.rank, target_modules=LINEARS, task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    model.print_trainable_parameters()
    train(model, [encoded(tokenizer, request, device) for request in requests], options)
    save(model, tokenizer, options.output)


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("model", help="a converted CodeGeeX folder, or a model in Hugging Face layout")
    parser.add_argument("output", type=Path, help="a new folder for the fine-tuned model")
    parser.add_argument("--pairs", default="cpp-python,python-javascript", help="source-target,...; or all")
    parser.add_argument("--problems", default="fresh", help="fresh, official, or a folder of humaneval_<lang>.jsonl")
    parser.add_argument("--limit", type=int, help="only the first so many problems of each pair")
    parser.add_argument("--steps", type=int, default=300, help="steps at most; it ends early at --enough")
    parser.add_argument("--batch", type=int, default=8, help="pairs of a step, one after the other")
    parser.add_argument("--rank", type=int, default=32, help="of the adapter")
    parser.add_argument("--learning_rate", type=float, default=1e-4)
    parser.add_argument("--enough", type=float, default=0.02, help="loss a token at which to end, over 10 steps")
    parser.add_argument("--checkpointing", action="store_true", help="less memory for more time")
    parser.add_argument("--device", help="cuda, cuda:1, npu, cpu; default cuda where there is one")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    if options.output.exists():
        parser.error(f"{options.output}: exists already; give a new folder")
    return options


def encoded(tokenizer: Any, request: Request, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the tokens (1, T) of a prompt and its solution, and the labels: the solution's, and the end of text."""
    prompt: list[int] = tokenizer(request.prompt)["input_ids"]
    solution: list[int] = [*tokenizer(request.solution)["input_ids"], tokenizer.eos_token_id]
    labels = [IGNORED] * len(prompt) + solution
    return torch.tensor([prompt + solution], device=device), torch.tensor([labels], device=device)


def train(model: Any, pairs: list[tuple[torch.Tensor, torch.Tensor]], options: argparse.Namespace) -> None:
    """Train until the pairs are known or the steps are done."""
    optimizer = torch.optim.AdamW([each for each in model.parameters() if each.requires_grad], weight_decay=0.0)
    order, recent, began = random.Random(options.seed), [], time.monotonic()
    model.train()
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * min((step + 1) / WARM_UP, 1 - step / options.steps)
        chosen = order.sample(pairs, min(options.batch, len(pairs)))
        losses = []
        for ids, labels in chosen:
            loss = model(input_ids=ids, labels=labels).loss
            (loss / len(chosen)).backward()
            losses.append(float(loss.detach()))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        recent = [*recent, max(losses)][-10:]
        if step % 10 == 9 or step + 1 == options.steps:
            print(f"step {step + 1}: loss {math.fsum(losses) / len(losses):.4f}, {time.monotonic() - began:.0f} s")
        if len(recent) == 10 and max(recent) < options.enough:
            print(f"step {step + 1}: every pair of the last 10 steps is below {options.enough}")
            return


def save(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write the adapter, and the whole model with it merged."""
    model.save_pretrained(folder.with_name(folder.name + ".adapter"))
    merged = model.merge_and_unload()
    merged.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    print(f"{folder}: written; sample it with: python generate.py run {folder} samples.jsonl --task translation")


if __name__ == "__main__":
    main()
