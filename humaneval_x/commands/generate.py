"""`generate.py`: sample a model, convert the published CodeGeeX checkpoint, try a model on one prompt."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from humaneval_x.commands import call, texts
from humaneval_x.errors import OptionError
from humaneval_x.samplers import ModelOptions, Request


class Generate:
    """Sample models for both tasks of HumanEval-X.

    Commands: run, convert, complete. Each has --help.
    """

    def run(
        self,
        model: str,
        output: str,
        *,
        task: str = "generation",
        languages: Any = None,
        pairs: Any = None,
        problems: str | None = None,
        preset: str | None = None,
        num_samples: int | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
        top_k: int | None = None,
        max_new_tokens: int | None = None,
        seed: int | None = None,
        rules: str = "ours",
        limit: int | None = None,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int | None = None,
        processes: int | None = None,
        prompting: str = "auto",
        skip_long: bool = False,
        trust_remote_code: bool = False,
        served_model: str | None = None,
        api_key_variable: str = "OPENAI_API_KEY",
        concurrency: int = 16,
        requests_per_minute: float | None = None,
        timeout_s: float = 600.0,
    ) -> None:
        """Sample a model into a file that evaluate.py judges.

        Run the same command again after an interruption: finished samples are kept.

        Args:
            model: a converted CodeGeeX folder, a Hugging Face folder or name, a server's http address, or echo
            output: the samples file, .jsonl or .jsonl.gz
            task: generation or translation
            languages: of the generation task, for example python,cpp; default all
            pairs: of the translation task, all (default) or python-cpp,go-java
            problems: official (default), fresh, or a folder of humaneval_<lang>.jsonl[.gz]
            preset: codegeex-paper (default), codegeex2-pass1 or greedy; single settings come before it
            num_samples: samples of each problem
            temperature: 0 is greedy
            top_p: keep the most probable tokens up to this share; 1 keeps all
            top_k: keep so many tokens; 0 keeps all
            max_new_tokens: tokens of a completion at most
            seed: the same seed gives the same samples on CPU in float32, whatever the batch size
            rules: ours or reference: how completions are cut; the uncut text stays in the row
            limit: only the first so many problems of each language or pair
            device: auto, cuda, npu or cpu; cuda:1 for one of several
            dtype: auto, float16, bfloat16 or float32; auto is float32 on CPU, else float16
            batch_size: samples at once; default from the free memory
            processes: models at once, one per GPU; default all GPUs
            prompting: auto, completion or chat; auto chats where there is a chat template
            skip_long: leave out prompts that the model cannot take
            trust_remote_code: run code that comes with a model of the hub
            served_model: the model's name on the server; default the first that it lists
            api_key_variable: the environment variable that holds the server's key
            concurrency: requests at once
            requests_per_minute: at most so many
            timeout_s: seconds to wait for one answer of the server
        """
        from humaneval_x.generation import generate

        if task == "generation" and pairs is not None:
            raise OptionError("--pairs is for --task translation; give it too, or --languages")
        options = ModelOptions(
            model=str(model),
            device=str(device),
            dtype=str(dtype),
            batch_size=batch_size,
            processes=processes,
            prompting=str(prompting),
            skip_long=skip_long,
            trust_remote_code=trust_remote_code,
            served_model=served_model,
            api_key_variable=api_key_variable,
            concurrency=concurrency,
            requests_per_minute=requests_per_minute,
            timeout_s=timeout_s,
        )
        done = generate(
            options,
            str(output),
            task=task,
            languages=texts(languages) or None,
            pairs=",".join(texts(pairs)) or "all",
            problems=problems,
            preset=preset,
            num_samples=num_samples,
            temperature=temperature,
            top_p=top_p,
            top_k=top_k,
            max_new_tokens=max_new_tokens,
            seed=seed,
            rules=rules,
            limit=limit,
        )
        print(f"{done['output']}: {done['written']} samples written, {done['resumed']} were there; {rates(done)}")
        for line in shortcomings(done):
            print(line, file=sys.stderr)

    def convert(
        self,
        checkpoint: str,
        directory: str,
        tokenizer: str | None = None,
        num_attention_heads: int | None = None,
        dtype: str = "float16",
        int8: bool = False,
    ) -> None:
        """Turn the published CodeGeeX checkpoint into a Hugging Face folder, in a few GB of memory.

        Args:
            checkpoint: a .pt file, a folder of mp_rank_*.pt partitions, or a folder of MindSpore .npy files
            directory: a new folder
            tokenizer: a folder with the tokenizer files; default those beside the checkpoint
            num_attention_heads: else from a config.json beside the checkpoint, else 40
            dtype: float16, bfloat16 or float32
            int8: int8 weights with one scale a row: half the memory
        """
        from humaneval_x.samplers import check_torch

        check_torch()
        from humaneval_x.codegeex import convert

        told = [time.monotonic()]

        def progress(done: int, total: int) -> None:
            if time.monotonic() - told[0] > 10:
                told[0] = time.monotonic()
                print(f"{done / 1e9:.1f} of {total / 1e9:.1f} GB written", file=sys.stderr, flush=True)

        folder = convert(
            str(checkpoint),
            str(directory),
            num_attention_heads=num_attention_heads,
            dtype=str(dtype),
            int8=int8,
            tokenizer=tokenizer,
            progress=progress,
        )
        print(f"{folder}: converted; try it with: python generate.py complete --model {folder} --language python")
        if not (folder / "tokenizer.json").is_file():
            from humaneval_x.codegeex.tokenizer import WHERE_TO_GET

            print(f"{folder}: has no tokenizer yet; {WHERE_TO_GET}")

    def complete(
        self,
        model: str,
        prompt_file: str | None = None,
        language: str | None = None,
        num_samples: int = 1,
        temperature: float = 0.0,
        top_p: float = 1.0,
        top_k: int = 0,
        max_new_tokens: int = 256,
        seed: int = 42,
        device: str = "auto",
        dtype: str = "auto",
        prompting: str = "auto",
        served_model: str | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        """Print a model's completion of one prompt, greedy unless a temperature is given.

        Args:
            model: as in run
            prompt_file: the prompt; default standard input
            language: put its tag line before the prompt and stop where its function ends
            num_samples: how many completions
            temperature: 0 is greedy
            top_p: as in run
            top_k: as in run
            max_new_tokens: tokens of a completion at most
            seed: as in run
            device: as in run
            dtype: as in run
            prompting: as in run
            served_model: as in run
            trust_remote_code: as in run
        """
        from humaneval_x.languages import language as language_named
        from humaneval_x.samplers import SamplingSettings, open_sampler

        tag = f"{language_named(language).TAG}\n" if language is not None else ""
        text = prompt_text(prompt_file)
        settings = SamplingSettings(
            num_samples=num_samples,
            temperature=temperature,
            top_p=top_p,
            top_k=top_k,
            max_new_tokens=max_new_tokens,
            seed=seed,
        )
        options = ModelOptions(
            model=str(model),
            device=str(device),
            dtype=str(dtype),
            processes=1,
            prompting=str(prompting),
            served_model=served_model,
            trust_remote_code=trust_remote_code,
        )
        request = Request(
            task_id="prompt",
            language=language or "",
            prompt=tag + text,
            prefix=text,
            indices=tuple(range(num_samples)),
        )
        sampler = open_sampler(options, settings)
        for completion in sorted(sampler.sample([request]), key=lambda each: each.sample_index):
            print(
                f"--- {completion.sample_index}: {completion.tokens} tokens, {completion.finish_reason}",
                file=sys.stderr,
            )
            print(text + completion.code if not completion.raw.startswith("```") else completion.raw)


def prompt_text(path: str | None) -> str:
    """Return the prompt. Raises OptionError."""
    try:
        text = sys.stdin.read() if path is None else Path(str(path)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise OptionError(f"--prompt_file {path}: cannot be read ({fault}); give a text file") from fault
    if not text.strip():
        raise OptionError("the prompt is empty; give --prompt_file, or a prompt on standard input")
    return text


def rates(done: dict[str, Any]) -> str:
    """Return the speed of a run in words."""
    seconds = max(done["seconds"], 1e-9)
    return f"{seconds:.1f} s, {done['written'] / seconds:.2f} samples/s, {done['tokens'] / seconds:.0f} tokens/s"


def shortcomings(done: dict[str, Any]) -> list[str]:
    """Return a line for each thing that keeps samples from being there, or from saying anything."""
    told = {
        "left_out": "were left out: their prompts are too long for the model",
        "empty": "are empty: the model said nothing; their finish_reason is 'empty'",
        "filtered": "were filtered by the server; their finish_reason is 'filtered'",
    }
    return [f"{done[name]} samples {what}" for name, what in told.items() if done[name]]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    call(Generate, argv, "generate.py")
