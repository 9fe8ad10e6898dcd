"""Sampling measured: ours, the library's own ways, the bandwidth floor; and whether samples and logits are right.

    python -m benchmarks.generation        12 layers of width 1,024, one thread of a CPU, in CPU seconds

The GPU's is `gpu.py`, which takes its checks and counts from here.
Random weights of CodeGeeX's architecture, prompts of random tokens, temperature 0.8, top-p 0.95, no end of text;
the text of every token is made and looked at. Checks come first; a failed one ends the run with exit code 1.
Then, one after the other: `ours`; `batch`, generate(num_return_sequences=...); `single`, one sample at a time
with its prompt; `vllm` and `mindspore`, each where it is installed. These need environments of their own: with
`--elsewhere PYTHON,PYTHON` what each of them has is measured beside `ours` there, in the same sitting. Prints one JSON
object. Neither loading nor compiling is measured.

The whole benchmark is projected from a part of it, `--problems` of 820. Its lengths are an assumption: prompts and
95 % of the samples as long as those of the project's own problems (3 characters a token), 5 % never stop (1,024).
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer, models
from torch import Tensor
from transformers import GenerationConfig, PreTrainedTokenizerFast

from humaneval_x.codegeex import CodeGeeXConfig, CodeGeeXForCausalLM
from humaneval_x.problems import load_problems
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings
from humaneval_x.samplers.batch import BatchDecoder
from humaneval_x.samplers.engine import Engine, PipelinedSample
from humaneval_x.samplers.local import Model
from humaneval_x.samplers.rows import Draws, Tokenized

SAMPLING = {"temperature": 0.8, "top_p": 0.95}
DRAW = {**SAMPLING, "do_sample": True, "top_k": 0}  # as `generate` says it
TOLERANCE = {torch.float32: 1e-4, torch.float16: 0.02}  # as a part of the largest logit
CHARACTERS_A_TOKEN, NEVER_STOPS, LONGEST, ALL_PROBLEMS = 3, 0.05, 1024, 820
SHAPE = {"num_hidden_layers": 12, "hidden_size": 1024, "num_attention_heads": 16}
ENGINES = [name for name in ("vllm", "mindspore") if find_spec(name)]  # beside ours
WAYS = "ours,batch,single,engines"


def random_model(shape: dict[str, Any], device: str) -> Any:
    """Return a model whose logits spread by about 4, so that top-p keeps a part of the vocabulary."""
    torch.manual_seed(0)
    config = CodeGeeXConfig(**shape, eos_token_id=None, bos_token_id=None, pad_token_id=None)
    with torch.device(device), torch.no_grad():
        dtype = torch.float16 if device == "cuda" else torch.float32
        model: Any = CodeGeeXForCausalLM._from_config(config, dtype=dtype)  # type: ignore[no-untyped-call]
        model.model.embed_tokens.weight.normal_(std=4 / config.hidden_size**0.5)
        model.model.norm.weight.mul_(0.02)  # else the top layer hands on what it got, and a token repeats itself
    return model.eval()


@cache
def words(size: int) -> PreTrainedTokenizerFast:
    """Return a tokenizer whose token i is the word wi."""
    vocabulary = {f"w{i}": i for i in range(size)}
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(vocabulary, "w0")))


def random_ids(model: Any, *size: int) -> Tensor:
    return torch.randint(0, model.config.vocab_size, size, device=model.device)


class Ours(Engine):
    """Our engine; where `lengths` is given, samples end as it says."""

    lengths: Callable[[str, int], int] | None = None

    def __init__(self, model: Any, batch_size: int | None, new: int, **sampling: Any) -> None:
        super().__init__(
            model, words(model.config.vocab_size), SamplingSettings(**{**SAMPLING, **sampling}, max_new_tokens=new),
            exact=model.device.type == "cpu", batch_size=batch_size, context_length=2048, end_ids=frozenset(),
        )  # fmt: skip

    def _row(self, each: Tokenized, index: int) -> PipelinedSample:
        row = super()._row(each, index)
        if self.lengths is not None:
            row.limit = self.lengths(each.request.task_id, index)
        return row

    def tokens(self, prompts: list[list[int]], samples: int) -> dict[tuple[str, int], list[int]]:
        """Return the new tokens of each prompt's samples; Python's stop rule looks at them and never holds."""
        requests = [
            Request(task_id=str(number), language="python", prompt="", prefix="") for number in range(len(prompts))
        ]
        tokenized = [
            Tokenized(request, prompt, tuple(range(samples)), True)
            for request, prompt in zip(requests, prompts, strict=True)
        ]
        return {(a.task_id, a.sample_index): [int(word[1:]) for word in a.raw.split()] for a in self.sample(tokenized)}


@torch.inference_mode()
def library(model: Any, prompt: list[int], count: int, new: int, **options: Any) -> list[list[int]]:
    """Return the new tokens that the library's own generate gives in one batch."""
    model.set_attn_implementation("sdpa")
    settings = GenerationConfig(max_new_tokens=new, num_return_sequences=count, pad_token_id=0, **options)
    ids = torch.tensor([prompt], device=model.device)
    made = model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=settings)
    return list(made[:, len(prompt) :].tolist())


@torch.inference_mode()
def step_logits(model: Any, way: str, prompts: list[Tensor], rows: tuple[int, ...], continued: Tensor) -> Tensor:
    """Return our logits (B, V) after the given tokens (B, T) were decoded one by one; `way` is "paged" or "batch"."""
    engine = Ours(model, len(continued), continued.shape[1] + 1)
    engine.paged, engine.exact = way == "paged", False  # batches that mix prompts are not exact
    for number, (prompt, count) in enumerate(zip(prompts, rows, strict=True)):
        each = Tokenized(Request(task_id=str(number), language="", prompt="", prefix=""), prompt.tolist(), (0,), False)
        computed, logits = engine._computed(each)
        decoder = engine._decoder(each, computed, logits.shape[-1])
        decoder.admit(number, computed, logits.new_zeros(count, dtype=torch.long))
    for tokens in continued.T:
        if isinstance(decoder, BatchDecoder):
            decoder.last = tokens
            found = decoder.logits()
            decoder.lengths = [length + 1 for length in decoder.lengths]
        else:
            decoder = cast(Any, decoder)
            decoder.last[torch.tensor(decoder.sources, device=tokens.device)] = tokens
            decoder.start([0.5] * len(tokens))
            decoder.collect()
            found = decoder._step().logits[: len(tokens)]
    return found.clone()


@torch.inference_mode()
def plain_logits(model: Any, prompts: list[Tensor], rows: tuple[int, ...], continued: Tensor) -> Tensor:
    """Return the same logits by a plain forward of each whole text."""
    model.set_attn_implementation("sdpa")
    owners = [prompt for prompt, count in zip(prompts, rows, strict=True) for _ in range(count)]
    whole = [torch.cat([prompt, tokens])[None] for prompt, tokens in zip(owners, continued, strict=True)]
    return torch.cat([model(ids, use_cache=False, logits_to_keep=1).logits[:, -1] for ids in whole])


def difference(found: Tensor, expected: Tensor) -> float:
    """Return the largest difference as a part of the largest value; NaN where any is."""
    return float((found.float() - expected.float()).abs().max() / expected.float().abs().max())


@torch.inference_mode()
def logits_error(model: Any, ways: tuple[str, ...] = ("batch",)) -> dict[str, float]:
    """Return each way's difference from a plain forward in float32.

    Two prompts of unequal length share a batch; all tokens are random and fresh.
    """
    prompts, rows = [random_ids(model, length) for length in (33, 21)], (3, 2)
    continued = random_ids(model, sum(rows), 20)  # past a block's end
    found = {way: step_logits(model, way, prompts, rows, continued) for way in ways}
    plain = model if model.dtype == torch.float32 else copy.deepcopy(model).float()
    expected = plain_logits(plain, prompts, rows, continued)
    found |= {} if plain is model else {"plain": plain_logits(model, prompts, rows, continued)}
    return {way: difference(logits, expected) for way, logits in found.items()}


def faults(model: Any) -> list[str]:
    """Return what is wrong with our logits and samples on the CPU."""
    found = too_far(model, logits_error(model))
    prompts = [random_ids(model, length).tolist() for length in (19, 7)]
    greedy = Ours(model, 2, 8, temperature=0, top_p=1.0).tokens(prompts, 2)
    plain = [library(model, prompt, 1, 8, do_sample=False)[0] for prompt in prompts]
    if any(tokens != plain[int(number)] for (number, _), tokens in greedy.items()):
        found.append("greedy tokens are not those of the library's generate")
    if Ours(model, 5, 8).tokens(prompts, 5) != Ours(model, 2, 8).tokens(prompts, 5):
        found.append("samples of batches of 5 and of 2 differ")
    return found


def too_far(model: Any, errors: dict[str, float]) -> list[str]:
    """Return a line for each way whose logits are not as near as its type allows."""
    allowed = TOLERANCE[model.dtype]
    return [
        f"{way}: logits differ by {error:.2g} of the largest, allowed are {allowed}"
        for way, error in errors.items()
        if not error <= allowed  # so put, NaN is wrong too
    ]


def timed(model: Any, run: Callable[[], int]) -> tuple[float, float]:
    """Return (tokens a second, seconds): CPU seconds on a CPU, where other work on the machine does not count."""
    on_cpu = model.device.type == "cpu"
    clock = time.process_time if on_cpu else time.perf_counter
    if not on_cpu:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    began = clock()
    count = run()
    if not on_cpu:
        torch.cuda.synchronize()
    seconds = clock() - began
    return round(count / seconds, 1), round(seconds, 2)


def peak_gb(model: Any) -> float:
    """Return the peak memory: of the last timed run on a GPU, of the process so far on a CPU."""
    if model.device.type == "cpu":
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)
    return round(torch.cuda.max_memory_allocated() / 1e9, 2)


def ours(model: Any, prompt: list[int], samples: int, new: int) -> int:
    """Return how many tokens we made."""
    return sum(map(len, Ours(model, samples, new).tokens([prompt], samples).values()))


def of_engine(name: str, model: Any, prompt: list[int], samples: int, new: int) -> Callable[[], int]:
    """Return what makes a prompt's samples with an engine that is warm, and returns how many tokens they are."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        known = Model(
            options=ModelOptions(model=folder, batch_size=samples), config=model.config, folder=Path(folder),
            tokenizer=words(model.config.vocab_size), chat=False, context_length=2048, end_ids=frozenset(),
        )  # fmt: skip
        settings = SamplingSettings(temperature=SAMPLING["temperature"], top_p=SAMPLING["top_p"], max_new_tokens=new)
        engine = started(name, known, settings)

    def run(request: Request) -> int:
        made = engine.sample([Tokenized(request, prompt, tuple(range(samples)), True)])
        return sum(completion.tokens for completion in made)

    request = Request(task_id="0", language="python", prompt="", prefix="")
    run(replace(request, watch=lambda index: lambda text: len(text.split()) > 2))  # compiles what runs
    return lambda: run(request)


def started(name: str, known: Model, settings: SamplingSettings) -> Draws:
    """Return an engine with its model loaded."""
    if name == "vllm":
        from humaneval_x.samplers import vllm

        return vllm.started(known, settings, "float32")
    from humaneval_x.codegeex.mindspore_weights import of_folder
    from humaneval_x.samplers import mindspore

    target = mindspore.target_for("cpu")
    assert known.folder is not None
    return mindspore.started(known, settings, of_folder(known.folder, "float32"), target)


def ways_of(options: argparse.Namespace) -> list[str]:
    """Return the ways to measure; "engines" are those that are installed."""
    return [way for name in options.ways.split(",") for way in (ENGINES if name == "engines" else [name])]


def compared(model: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Return the tokens a second of each way, and ours as a multiple of the others."""
    prompt, count, new = random_ids(model, options.prompt).tolist(), options.samples, options.new
    ways: dict[str, Callable[[], int]] = {
        "ours": lambda: ours(model, prompt, count, new),
        "batch": lambda: sum(map(len, library(model, prompt, count, new, **DRAW))),
        "single": lambda: sum(len(library(model, prompt, 1, new, **DRAW)[0]) for _ in range(options.singles)),
    }
    found: dict[str, Any] = {}
    for way in ways_of(options):
        run = of_engine(way, model, prompt, count, new) if way in ENGINES else ways[way]
        found[way], _ = timed(model, run)
        found[f"{way}, peak GB"] = peak_gb(model)
    for way in ("batch", "single", *ENGINES):
        if way in found and "ours" in found:
            found[f"ours / {way}"] = round(found["ours"] / found[way], 2)
    return found


def bandwidth(device: torch.device) -> float:
    """Return the bytes a second that a copy reads and writes."""
    source = torch.empty(1 << (32 if device.type == "cuda" else 28), dtype=torch.uint8, device=device)
    target, best = torch.empty_like(source), 0.0
    for _ in range(5):
        began = time.perf_counter()
        target.copy_(source)
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = max(best, 2 * source.nbytes / (time.perf_counter() - began))
    return best


def floor(model: Any, options: argparse.Namespace) -> dict[str, float]:
    """Return the tokens a second at which weights and key-value caches could be read, at most.

    A step reads the weights once and each row's tokens so far; `shared` reads the prompt's once for all rows.
    """
    config, speed = model.config, bandwidth(model.device)
    weights = sum(p.nbytes for p in model.parameters())
    token = config.num_hidden_layers * 2 * config.hidden_size * model.dtype.itemsize
    own = options.samples * options.new / 2  # on average over the steps
    per_row, shared = (own + prompts * options.prompt for prompts in (options.samples, 1))
    return {
        "bandwidth, GB/s": round(speed / 1e9, 1),
        "floor, each row its prompt": round(options.samples * speed / (weights + token * per_row), 1),
        "floor, shared prompt": round(options.samples * speed / (weights + token * shared), 1),
    }


def projected(model: Any, options: argparse.Namespace) -> dict[str, float]:
    """Return the time of a part of the benchmark with the stated lengths, and of all of it in proportion."""
    problems = list(load_problems("fresh").problems.values())
    chance = random.Random(0)
    prompts = [
        random_ids(model, len(chance.choice(problems).prompt) // CHARACTERS_A_TOKEN).tolist()
        for _ in range(options.problems)
    ]
    solutions = [len(problem.canonical_solution) // CHARACTERS_A_TOKEN for problem in problems]

    def length(task_id: str, index: int) -> int:
        own = random.Random(f"{task_id} {index}")
        return LONGEST if own.random() < NEVER_STOPS else own.choice(solutions)

    engine = Ours(model, None, LONGEST)
    engine.lengths = length
    by_length = sorted(prompts, key=len, reverse=True)  # as `generation.py` orders them
    rate, seconds = timed(model, lambda: sum(map(len, engine.tokens(by_length, options.samples).values())))
    return {
        "problems": options.problems,
        "samples each": options.samples,
        "tokens/s": rate,
        "minutes": round(seconds / 60, 2),
        f"minutes for {ALL_PROBLEMS}, in proportion": round(seconds / 60 * ALL_PROBLEMS / options.problems, 1),
        "batch": engine.batch_size or 0,
        "peak GB": peak_gb(model),
    }


def in_another(python: str, options: argparse.Namespace) -> dict[str, Any]:
    """Return the report of this benchmark in another environment: its engines, and ours beside them."""
    sizes = [f"--{name}={getattr(options, name)}" for name in ("samples", "prompt", "new", *SHAPE)]
    command = [python, "-m", "benchmarks.generation", "--ways=ours,engines", *sizes]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Check, measure, print, and return what was printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", default=WAYS, help=f"of {WAYS}")
    parser.add_argument("--elsewhere", default="", help="interpreters of environments with other engines, after commas")
    for name, value in {"samples": 200, "prompt": 200, "new": 64, "singles": 4, "problems": 0, **SHAPE}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args(argv)
    torch.set_num_threads(1)  # the threads of a pool wait in loops, which count as CPU seconds
    model = random_model({name: getattr(options, name) for name in SHAPE}, "cpu")
    wrong = faults(model)
    report: dict[str, Any] = {"faults": wrong, "options": vars(options), "torch": torch.__version__}
    words(model.config.vocab_size)  # made before the clock runs
    if not wrong:
        report["tokens/s"] = compared(model, options) | floor(model, options)
        if options.problems:
            report["projection"] = projected(model, options)
        del model
        report["elsewhere"] = [in_another(python, options) for python in options.elsewhere.split(",") if python]
    print(json.dumps(report, indent=2))
    return report


if __name__ == "__main__":
    sys.exit(bool(main()["faults"]))
