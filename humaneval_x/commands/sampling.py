"""`run` and `complete` of `generate.py`: a model, sampled for a problem set or on one prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from humaneval_x.commands.shared import LanguagesOption, ProblemsOption, Quiet
from humaneval_x.commands.shell import Outcome
from humaneval_x.commands.signature import Given
from humaneval_x.errors import OptionError, listed
from humaneval_x.languages import KNOWN
from humaneval_x.modes import MODES, FilledMode, before, filled, mode_named, mode_of
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings
from humaneval_x.samplers.presets import PRESETS
from humaneval_x.settings import Rules
from humaneval_x.tasks import TASKS, Task
from humaneval_x.values import Names, Range

if TYPE_CHECKING:  # what runs imports it when a command asks for it
    from humaneval_x.generation import GenerationReport

PresetOption = Annotated[str | None, Names("preset", tuple(PRESETS))]
LanguageOption = Annotated[str | None, Names("language", tuple(KNOWN))]
ModeOption = Annotated[str | None, Names("mode", tuple(MODES))]
PROMPT_TOKENS = 256
NAMED = 20  # of what was left out


def run(
    model: ModelOptions,
    output: Path,
    *,
    task: Task = Task.GENERATION,
    languages: LanguagesOption = None,
    pairs: tuple[str, ...] | None = None,
    problems: ProblemsOption = None,
    preset: PresetOption = None,
    settings: Annotated[dict[str, Any], Given(SamplingSettings)],
    rules: Rules = Rules.OURS,
    limit: Annotated[int | None, Range(1)] = None,
    quiet: Quiet = False,
) -> Outcome:
    """Sample a model into a file that evaluate.py judges.

    Run the same command again after an interruption: finished samples are kept.

    Args:
        output: the samples file, .jsonl or .jsonl.gz
        task: what the model is asked for (docs/tasks.md)
        pairs: of the translation task, all (default) or python-cpp,go-java
        preset: published settings by name; by default codegeex-paper, humanevalpack for its tasks; single settings
            come before it
        rules: how completions are cut; the uncut text stays in the row
        limit: only the first so many problems of each language or pair

    Examples:
        run echo samples.jsonl --problems fresh --num_samples 1
        run --model Qwen/Qwen2.5-Coder-0.5B --output samples.jsonl --preset greedy --languages python,go
        run echo repaired.jsonl --problems fresh --task repair --num_samples 1
        run --model http://localhost:8000/v1 --output samples.jsonl.gz --task translation --pairs python-cpp
    """
    from humaneval_x.generation import generate

    if not TASKS[task].pairs and pairs is not None:
        raise OptionError("--pairs is for --task translation; give it too, or --languages")
    done = generate(
        model,
        output,
        task=task,
        languages=languages,
        pairs=pairs or "all",
        problems=problems,
        preset=preset,
        **settings,
        rules=rules,
        limit=limit,
        quiet=quiet,
    )
    text = f"{done.output}: {done.written} samples written, {done.resumed} were there; {rates(done)}"
    for line in shortcomings(done):
        print(line, file=sys.stderr)
    return Outcome(text=text, data=done.to_json())


def complete(
    model: ModelOptions,
    prompt_file: Path | None = None,
    language: LanguageOption = None,
    *,
    mode: ModeOption = None,
    template: Path | None = None,
    source_language: LanguageOption = None,
    start: str = "",
    settings: Annotated[dict[str, Any], Given(SamplingSettings)],
    quiet: Quiet = False,
) -> Iterator[Outcome]:
    """Try a model on one prompt.

    Prints the completion: greedy unless a temperature is given, of at most 256 tokens unless said.

    Args:
        prompt_file: the prompt, or with a mode the code; default standard input
        language: of what the model writes; alone it means --mode generate
        mode: what to do with the code, by a template; default go on from the prompt as it stands
        template: a file with a template of your own, which has {code} in it
        source_language: of the code that --mode translate translates
        start: how the translation begins, such as the head of the function

    Examples:
        complete codegeex-13b --prompt_file prompt.txt --language python
        complete codegeex-13b --prompt_file add.go --mode explain --language go
        complete codegeex-13b --prompt_file add.go --mode translate --source_language go --language python
    """
    from humaneval_x.samplers import open_sampler

    text = prompt_text(prompt_file)
    languages = {"language": language, "source_language": source_language}
    asked = asked_of(text, mode or ("generate" if language and template is None else None), template, languages, start)
    sampling = SamplingSettings(**{"max_new_tokens": PROMPT_TOKENS, **settings})
    request = Request(
        task_id="prompt",
        language=asked.language,
        prompt=asked.prompt,
        prefix=asked.prefix,
        question=asked.message,
        stop=asked.stop,
        indices=tuple(range(sampling.num_samples)),
    )
    sampler = open_sampler(model, sampling)
    for completion in sorted(sampler.sample([request]), key=lambda each: each.sample_index):
        if not quiet:
            about = f"--- {completion.sample_index}: {completion.tokens} tokens, {completion.finish_reason}"
            print(about, file=sys.stderr)
        chats = sampler.identity.details.get("prompting") == "chat"
        shown = completion.raw if chats else asked.shown + before(completion.raw, asked.stop)
        yield Outcome(text=shown, data=asdict(completion))


def asked_of(
    text: str, mode: str | None, template: Path | None, languages: dict[str, str | None], start: str
) -> FilledMode:
    """Return what the model is asked: the text as it stands, or a template filled in. Raises OptionError."""
    if template is not None and mode is not None:
        raise OptionError("--template stands beside --mode; give one of them")
    if template is not None:
        try:
            own = template.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise OptionError(f"--template {template}: cannot be read ({fault}); give a text file") from fault
        return filled(mode_of(own, f"--template {template}"), text, start=start, **languages)
    if mode is not None:
        return filled(mode_named(mode), text, start=start, **languages)
    return FilledMode(prompt=text, message=text, shown=text)


def prompt_text(path: Path | None) -> str:
    """Return the prompt. Raises OptionError."""
    try:
        text = sys.stdin.read() if path is None else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise OptionError(f"--prompt_file {path}: cannot be read ({fault}); give a text file") from fault
    if not text.strip():
        raise OptionError("the prompt is empty; give --prompt_file, or a prompt on standard input")
    return text


def rates(done: GenerationReport) -> str:
    """Return the speed of a run in words."""
    seconds = max(done.seconds, 1e-9)
    return f"{seconds:.1f} s, {done.written / seconds:.2f} samples/s, {done.tokens / seconds:.0f} tokens/s"


def shortcomings(done: GenerationReport) -> list[str]:
    """Return a line for each thing that keeps samples from being there, or from saying anything."""
    names = listed(done.left_out_tasks, NAMED)
    told = (
        (done.left_out, f"were left out: their prompts are too long for the model: {names}"),
        (done.empty, "are empty: the model said nothing; their finish_reason is 'empty'"),
        (done.filtered, "were filtered by the server; their finish_reason is 'filtered'"),
    )
    return [f"{count} samples {what}" for count, what in told if count]
