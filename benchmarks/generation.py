"""Tokens a CPU second of our batched sampling against the library's own, in one process on one machine.

    python -m benchmarks.generation [--samples 200] [--prompt 200] [--new 64] [--layers 12] [--width 1024]

A GPT-2-shaped model of random weights, one prompt, no stop rule and no end of text, temperature 0.8, top-p 0.95,
float32 on CPU. Compared: ours; `generate(num_return_sequences=samples)` in one batch; one sample at a time, prompt
included, over a few samples. Prints JSON. What is measured is decoding, not loading.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import torch
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from humaneval_x.samplers import Settings, Work
from humaneval_x.samplers.engine import Engine, Job

VOCABULARY = 50400


class NoText:
    """A tokenizer that says nothing: text is not what is measured."""

    def decode(self, token_ids: list[int], **options: bool) -> str:
        """Return nothing."""
        return ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in {"samples": 200, "prompt": 200, "new": 64, "layers": 12, "width": 1024, "single": 4}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=2048,
        n_embd=options.width,
        n_layer=options.layers,
        n_head=options.width // 64,
    )
    model = GPT2LMHeadModel(config).eval()
    prompt = torch.randint(0, VOCABULARY, (1, options.prompt)).tolist()[0]
    sampling = {"temperature": 0.8, "top_p": 0.95, "max_new_tokens": options.new}

    def ours() -> int:
        engine = Engine(
            model,
            NoText(),
            Settings(**sampling),
            exact=True,
            batch_size=options.samples,
            context_length=None,
            end_ids=frozenset(),
        )
        work = Work(task_id="Python/0", language="", prompt="", prefix="")
        job = Job(work, prompt, tuple(range(options.samples)), False)
        return sum(answer.tokens for answer in engine.sample([job]))

    def library(count: int) -> int:
        ids = torch.tensor([prompt])
        settings = GenerationConfig(
            **sampling, do_sample=True, top_k=0, num_return_sequences=count, min_new_tokens=options.new, pad_token_id=0
        )
        made = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
        return int(made[:, options.prompt :].numel())

    def single() -> int:
        return sum(library(1) for _ in range(options.single))

    rates = {
        name: rate(run)
        for name, run in (("ours", ours), ("batch", lambda: library(options.samples)), ("single", single))
    }
    ratios = {f"ours/{name}": round(rates["ours"] / rates[name], 2) for name in ("batch", "single")}
    print(json.dumps({"tokens_per_cpu_s": rates, **ratios, "threads": torch.get_num_threads(), **vars(options)}))


def rate(run: Callable[[], int]) -> float:
    """Return tokens a CPU second."""
    began = time.process_time()  # CPU seconds of all threads: other work on the machine does not count
    with torch.inference_mode():
        tokens = run()
    return round(tokens / (time.process_time() - began), 1)


if __name__ == "__main__":
    main()
