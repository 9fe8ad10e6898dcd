"""Figures from one GPU, most important first, each written to a file as soon as it is there.

    scripts/gpu-figures --output figures.json --seconds 340        then again with --steps for what is missing

Needs torch with CUDA, transformers and this package; no network. The model has CodeGeeX-13B's shape and random weights
in float16. What each step measures stands at its function; `--layers 4` is a trial on a smaller card. A step that fails
writes its error and the next one runs.
"""

# torch is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import triton
from transformers import GenerationConfig

from benchmarks import generation
from benchmarks.generation import DRAW, Ours, bandwidth, library, random_ids, random_model, timed
from humaneval_x.codegeex import int8_kernel, quantize

SAMPLES, PROMPT, NEW = 200, 200, 256


class Figures:
    """The model, the figures so far, and the file they are kept in."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.began = options, time.monotonic()
        self.path = Path(options.output)
        self.found: dict[str, Any] = json.loads(self.path.read_text()) if self.path.exists() else {}
        self._model: Any = None

    @property
    def model(self) -> Any:
        """Return the model, made when first asked for."""
        if self._model is None:
            shape = {} if self.options.layers is None else {"num_hidden_layers": self.options.layers}
            self._model = random_model(shape, "cuda")
            generation.words(self._model.config.vocab_size)
        return self._model

    def run(self, name: str, step: Callable[[Figures], Any]) -> None:
        """Run a step and write the file anew."""
        gc.collect()  # models and graphs refer to themselves
        torch.cuda.empty_cache()
        before = time.monotonic()
        try:
            figure = step(self)
        except Exception as fault:  # whatever it is, the next figures are worth having
            figure = {"error": "".join(traceback.format_exception(fault))[-700:]}
        self.found[name] = figure
        self.found.setdefault("seconds", {})[name] = round(time.monotonic() - before, 1)
        self.path.write_text(json.dumps(self.found, indent=1))
        print(name, json.dumps(figure), f"({self.found['seconds'][name]} s)", flush=True)


def milliseconds(run: Callable[[], object], repeats: int = 20) -> float:
    """Return the median time of a call on the device, in ms, after three to warm up."""
    for _ in range(3):
        run()
    times = []
    for _ in range(repeats):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        run()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    return float(round(sorted(times)[len(times) // 2], 4))


def machine(figures: Figures) -> dict[str, Any]:
    """The card, the versions, and two ceilings: a copy's bytes a second and a float16 product's operations a second."""
    import transformers

    a, b = torch.randn(2, 8192, 8192, device="cuda", dtype=torch.float16)
    return {
        "card": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "triton": triton.__version__,
        "copy, GB/s": round(bandwidth(a.device) / 1e9),
        "float16 product, TFLOP/s": round(2 * 8192**3 / milliseconds(lambda: a @ b) / 1e9),
    }


def numerics(figures: Figures) -> dict[str, float]:
    """Logits of each way in float16 against a plain forward in float32, as a part of the largest."""
    errors = generation.logits_error(figures.model, ("paged", "batch"))
    if wrong := generation.too_far(figures.model, errors):
        raise ValueError("; ".join(wrong))
    return errors


def sampled(model: Any, way: str, count: int, new: int = NEW) -> tuple[float, float]:
    """Return tokens a second and seconds of our engine, its graphs captured before."""
    gc.collect()  # the last engine's store
    torch.cuda.empty_cache()
    engine, prompt = Ours(model, count, new), [random_ids(model, PROMPT).tolist()]
    engine.paged = way == "paged"
    if engine.paged:
        engine.lengths = lambda task, index: 2
        engine.tokens(prompt, count)  # captures the graph of all rows
        engine.lengths = None
    rate, seconds = timed(model, lambda: sum(map(len, engine.tokens(prompt, count).values())))
    return rate, seconds


def full_batch(figures: Figures) -> dict[str, float]:
    """200 samples of one 200-token prompt, 256 tokens: tokens a second of our two ways, and of plain `generate`."""
    model, found = figures.model, {}
    for way in ("paged", "batch"):
        found[way], _ = sampled(model, way, SAMPLES)
        found[f"{way}, peak GB"] = generation.peak_gb(model)
    print(found, flush=True)
    gc.collect()
    torch.cuda.empty_cache()
    prompt = random_ids(model, PROMPT).tolist()
    found["generate"], _ = timed(model, lambda: sum(map(len, library(model, prompt, SAMPLES, NEW, **DRAW))))
    found["generate, peak GB"] = generation.peak_gb(model)
    found["paged / generate"] = round(found["paged"] / found["generate"], 2)
    options = argparse.Namespace(samples=SAMPLES, new=NEW, prompt=PROMPT)
    floor = generation.floor(model, options)
    return {**found, **floor, "paged / floor": round(found["paged"] / floor["floor, shared prompt"], 3)}


def larger_batches(figures: Figures) -> dict[str, float]:
    """The same with more rows than the default."""
    return {str(count): sampled(figures.model, "paged", count)[0] for count in (256, 384, 512)}


def small_batches(figures: Figures) -> dict[str, float]:
    """1 and 16 rows, ours and plain eager `generate`."""
    model = figures.model
    found = {f"paged, {count}": sampled(model, "paged", count)[0] for count in (1, 16)}
    prompt = random_ids(model, PROMPT).tolist()
    found["generate, 1"], _ = timed(model, lambda: len(library(model, prompt, 1, 64, **DRAW)[0]))
    found["paged / generate, 1"] = round(found["paged, 1"] / found["generate, 1"], 2)
    weights = sum(p.nbytes for p in model.parameters()) - model.model.embed_positions.weight.nbytes * 2
    found["floor, 1"] = round(bandwidth(model.device) / weights, 1)
    return found


def continuous(figures: Figures) -> dict[str, float]:
    """Transformers' own continuous batching, 200 samples."""
    model, prompt = figures.model, random_ids(figures.model, PROMPT).tolist()
    model.set_attn_implementation("sdpa")  # it takes flash attention itself where that is installed
    settings = GenerationConfig(**DRAW, max_new_tokens=NEW, eos_token_id=-1, pad_token_id=0)

    def run() -> int:
        return sum(len(made.generated_tokens) for made in model.generate_batch([prompt] * SAMPLES, settings).values())

    rate, _ = timed(model, run)
    return {"tokens/s": rate, "peak GB": generation.peak_gb(model)}


def one_at_a_time(figures: Figures) -> dict[str, float]:
    """One sample after the other with its prompt, by plain `generate`."""
    model, prompt = figures.model, random_ids(figures.model, PROMPT).tolist()
    rate, _ = timed(model, lambda: sum(len(library(model, prompt, 1, 128, **DRAW)[0]) for _ in range(2)))
    return {"tokens/s": rate}


def whole_benchmark(figures: Figures) -> dict[str, float]:
    """41 of 820 prompts, 200 samples each, lengths as stated in `generation.py`."""
    return generation.projected(figures.model, argparse.Namespace(problems=41, samples=200))


def captured(run: Callable[[], object]) -> Callable[[], None]:
    """Return a call that replays `run`: without what launching it from Python takes."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        run()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return lambda: graph.replay()


def products(figures: Figures) -> dict[str, Any]:
    """The block's linear layers alone, microseconds: three products or one for query, key, value; float16 or int8."""
    found: dict[str, Any] = {}
    for count in (1, 16, 64, 200):
        row: dict[str, float] = {}
        shapes = {"5120": (5120, 5120), "qkv": (15360, 5120), "up": (20480, 5120), "down": (5120, 20480)}
        for name, (outer, inner) in shapes.items():
            x = torch.randn(count, inner, device="cuda", dtype=torch.float16)
            # Several weights in turn: one alone would stay in the cache.
            weights = [torch.randn(outer, inner, device="cuda", dtype=torch.float16) * 0.02 for _ in range(4)]
            bias, scale = torch.zeros(2, outer, device="cuda", dtype=torch.float16)
            ways: dict[str, Callable[[Any], object]] = {name: lambda w: torch.nn.functional.linear(x, w, bias)}  # noqa: B023
            if name != "qkv":
                ways[f"{name} int8, few rows"] = lambda w: int8_kernel.few_rows(x, w, scale, bias)  # noqa: B023
                ways[f"{name} int8, expanded"] = lambda w: int8_kernel.many_rows(x, w, scale, bias)  # noqa: B023
            for way, product in ways.items():
                given = [w if way == name else (w * 1000).to(torch.int8) for w in weights]
                try:
                    run = captured(lambda: [product(w) for w in given])  # noqa: B023
                    row[way] = round(milliseconds(run, 8) * 250, 1)
                except Exception as fault:
                    row[way] = -1.0
                    print(way, repr(fault)[-200:])
        found[str(count)] = row
    return found


def int8(figures: Figures) -> dict[str, float]:
    """int8 weights against float16: tokens a second at 1, 16 and 200 rows; logits against those of expanded weights."""
    model, found = figures.model, {}
    float16 = {count: sampled(model, "paged", count, 64)[0] for count in (1, 16, 200)}
    quantize(model)
    torch.cuda.empty_cache()
    prompts, rows = [random_ids(model, length) for length in (33, 21)], (3, 2)
    continued = random_ids(model, sum(rows), 20)
    ours = generation.step_logits(model, "paged", prompts, rows, continued)
    found["logits, against expanded weights"] = generation.difference(ours, expanded(model, prompts, rows, continued))
    for count, rate in float16.items():
        found[f"{count}"], _ = sampled(model, "paged", count, 64)
        found[f"{count}, int8 / float16"] = round(found[f"{count}"] / rate, 2)
    found["peak GB"] = generation.peak_gb(model)
    figures._model = None  # it is int8 now
    return found


def expanded(model: Any, *given: Any) -> torch.Tensor:
    """Return the plain logits with each weight expanded to float16 where it is used."""
    from humaneval_x.codegeex.int8 import Int8Linear

    kept, Int8Linear.forward = Int8Linear.forward, Int8Linear.expanded  # type: ignore[method-assign]
    try:
        return generation.plain_logits(model, *given)
    finally:
        Int8Linear.forward = kept  # type: ignore[method-assign]


def where_it_goes(figures: Figures) -> dict[str, float]:
    """One step at 200 rows, 70 tokens each on average: milliseconds on the device by kernel."""
    model = figures.model
    engine = Ours(model, SAMPLES, NEW)
    seen: dict[str, float] = {}
    engine.lengths = lambda task, index: 140
    from torch.profiler import ProfilerActivity, profile

    prompt = [random_ids(model, PROMPT).tolist()]
    engine.tokens(prompt, SAMPLES)
    with profile(activities=[ProfilerActivity.CUDA]) as profiled:
        engine.tokens(prompt, SAMPLES)
    total = 0.0
    for event in profiled.key_averages():
        time_ms = event.self_device_time_total / 1000 / 139
        total += time_ms
        seen[event.key[:60]] = round(seen.get(event.key[:60], 0) + time_ms, 4)
    top = dict(sorted(seen.items(), key=lambda item: -item[1])[:14])
    return {"all kernels": round(total, 3), **top}


STEPS = {
    "machine": machine,
    "numerics": numerics,
    "full batch": full_batch,
    "small batches": small_batches,
    "where it goes": where_it_goes,
    "41 prompts": whole_benchmark,
    "continuous batching": continuous,
    "one at a time": one_at_a_time,
    "larger batches": larger_batches,
    "products": products,
    "int8": int8,  # last: it changes the model
}


def main() -> None:
    """Run the steps asked for, in order, until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", default="gpu-figures.json")
    parser.add_argument("--steps", default=",".join(STEPS), help=f"of: {', '.join(STEPS)}")
    parser.add_argument("--seconds", type=float, default=340, help="start no step after that")
    parser.add_argument("--layers", type=int, help="of 40")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        parser.error("no CUDA GPU is usable here")
    figures = Figures(options)
    for name in options.steps.split(","):
        if time.monotonic() - figures.began > options.seconds:
            print(f"no time left for {name}", file=sys.stderr)
            continue
        figures.run(name, STEPS[name])


if __name__ == "__main__":
    main()
