"""Samples a model for a problem set: plans the missing samples, draws them, appends them to one file, sorts it.

    hx.generate("gpt2", "samples.jsonl", problems="fresh", languages=["python"], preset="greedy")

A killed run resumes: a sample depends only on its seed, task and index. A complete file is put in the order of the
problem files, so it is the same however often the run was interrupted.
Does not judge anything: `evaluation.py` does.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from humaneval_x import __version__
from humaneval_x.generation.described import Descriptions, describing, read_descriptions
from humaneval_x.generation.plan import GenerationPlan, planned, samples_in, whole_set, without
from humaneval_x.generation.rows import SampleMaker, before, check_same
from humaneval_x.json_types import JsonObject
from humaneval_x.samplers import ModelIdentity, ModelOptions, Request, Sampler, SamplingSettings, open_sampler
from humaneval_x.samplers.meter import Meter
from humaneval_x.samplers.presets import preset
from humaneval_x.samples import SampleWriter
from humaneval_x.samples.order import put_in_order
from humaneval_x.settings import Rules, chosen
from humaneval_x.tasks import TASKS, Task
from humaneval_x.values import Range, checked

SHOWN = ("temperature", "top_p", "top_k", "max_new_tokens", "seed")  # not num_samples: a file may grow


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationOptions:
    """The options of a run; `generate` documents each."""

    model: ModelOptions
    output: Path
    task: Task
    languages: Sequence[str] | None
    pairs: str
    problems: str | Path | None
    settings: SamplingSettings
    rules: Rules
    limit: int | None
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationReport:
    """What a run added to its samples file, and which samples are missing."""

    output: str
    written: int  # by this call
    resumed: int  # in the file before this call
    left_out: int  # their prompts are too long
    left_out_tasks: tuple[str, ...]
    empty: int  # the model wrote nothing
    filtered: int  # the server withheld some of the text
    tokens: int
    seconds: float
    problems: str
    problems_digest: str
    model: str | None  # None where nothing was sampled
    model_digest: str | None
    settings: SamplingSettings
    version: str = __version__
    descriptions: str | None = None  # the file of the step before, for tasks with two steps

    def to_json(self) -> JsonObject:
        """Return the report as `--json` prints it."""
        content = {**asdict(self), "left_out_tasks": list(self.left_out_tasks)}
        if self.descriptions is None:
            del content["descriptions"]
        return content


@checked
def generate(
    model: str | ModelOptions,
    output: str | Path,
    *,
    task: str = "generation",
    languages: str | Sequence[str] | None = None,
    pairs: str | Sequence[str] = "all",
    problems: str | Path | None = None,
    preset: str | None = None,
    num_samples: int | None = None,
    temperature: float | None = None,
    top_p: float | None = None,
    top_k: int | None = None,
    max_new_tokens: int | None = None,
    seed: int | None = None,
    rules: str = "ours",
    limit: Annotated[int | None, Range(1)] = None,
    quiet: bool = False,
) -> GenerationReport:
    """Sample a model into `output` (.jsonl or .jsonl.gz) and return a report; a killed run resumes.

    model: a converted CodeGeeX folder, a Hugging Face folder or name, the address of an OpenAI-compatible server,
        or "echo"; ModelOptions say more (device, type, batch size).
    task: generation, translation, or another one (docs/tasks.md); it has problems and a preset of its own as default.
    languages: default all. pairs: of the translation task, in place of languages, "all" or "python-cpp,..." or a list.
    preset: published settings by name (samplers/presets.py); the single settings come before it.
    rules: how completions are cut, "ours" or "reference"; the uncut text stays in the row.
    limit: only the first so many problems of each language or pair.
    Raises HarnessError.
    """
    options = model if isinstance(model, ModelOptions) else ModelOptions(model=model)
    kind = chosen(Task, task, "--task")
    given = {"num_samples": num_samples, "temperature": temperature, "top_p": top_p, "top_k": top_k}
    given |= {"max_new_tokens": max_new_tokens, "seed": seed}
    return generated(
        GenerationOptions(
            model=options,
            output=Path(output),
            task=kind,
            languages=languages.split(",") if isinstance(languages, str) else languages,
            pairs=pairs if isinstance(pairs, str) else ",".join(pairs),
            problems=problems or TASKS[kind].problems or None,
            settings=settings_of(preset or TASKS[kind].preset, given),
            rules=chosen(Rules, rules, "--rules"),
            limit=limit,
            quiet=quiet,
        )
    )


def generated(options: GenerationOptions) -> GenerationReport:
    """Draw the missing samples, in one step or, for a task that follows another one, in two. Raises as `generate`."""
    began, first = time.monotonic(), TASKS[options.task].follows
    if first is None:
        steps = [filled(options, options.output, options.task)]
    else:
        path = beside(options.output, first)
        steps = [filled(options, path, first)]
        steps.append(filled(options, options.output, options.task, read_descriptions(path, steps[0].plan.problems)))
    return reported(options, steps, time.monotonic() - began)


def reported(options: GenerationOptions, steps: Sequence[StepResult], seconds: float) -> GenerationReport:
    """Return the report of all steps: tokens and marked samples of all, sample counts of the last one."""
    done, first = steps[-1], TASKS[options.task].follows
    identity = next((each.added.identity for each in steps if each.added.identity), None)
    return GenerationReport(
        output=str(options.output),
        written=done.added.written,
        resumed=done.plan.total - done.wanted,
        left_out=done.wanted - done.added.written,
        left_out_tasks=tuple(done.left_out()),
        empty=sum(each.added.reasons["empty"] for each in steps),
        filtered=sum(each.added.reasons["filtered"] for each in steps),
        tokens=sum(each.added.tokens for each in steps),
        seconds=round(seconds, 3),
        problems=done.plan.problems.name,
        problems_digest=done.plan.problems.digest,
        model=identity.name if identity else None,
        model_digest=identity.digest if identity else None,
        settings=options.settings,
        descriptions=str(beside(options.output, first)) if first else None,
    )


def beside(output: Path, task: Task) -> Path:
    """Return the path of the step before: samples.summarise.jsonl for samples.jsonl."""
    ending = "".join(suffix for suffix in output.suffixes[-2:] if suffix in (".jsonl", ".gz"))
    return output.with_name(f"{output.name.removesuffix(ending)}.{task.value}{ending}")


@dataclass(frozen=True)
class StepResult:
    """The requests of one step, and what it added to its file."""

    plan: GenerationPlan
    missing: Sequence[Request]
    added: Added

    @property
    def wanted(self) -> int:
        """How many samples were missing."""
        return samples_in(self.missing)

    def left_out(self) -> list[str]:
        """Return the tasks with missing samples."""
        written = self.added.tasks
        asked: Counter[tuple[str, str]] = Counter()
        for request in self.missing:
            asked[request.task_id, request.origin] += len(request.indices)
        named = {(request.task_id, request.origin): request.name for request in self.missing}
        return [name for key, name in named.items() if written[key] < asked[key]]


def filled(options: GenerationOptions, path: Path, task: Task, descriptions: Descriptions | None = None) -> StepResult:
    """Draw the samples that a step's file lacks, and sort it. `descriptions`, if any, go into the prompts."""
    num_samples, limit = options.settings.num_samples, options.limit
    plan = planned(options.problems, task, options.languages, options.pairs, num_samples, limit)
    with SampleWriter(path) as writer:
        known = whole_set(plan.given, plan.problems)
        missing = list(without(plan.requests, writer.existing_keys(known)))
        asked = missing if descriptions is None else list(describing(missing, descriptions, plan.problems))
        added = Added()
        if asked:
            sampler = open_sampler(options.model, options.settings)
            settings = {name: getattr(options.settings, name) for name in SHOWN}
            settings |= {**sampler.identity.details, "rules": options.rules.value}
            check_same(writer.path, known, sampler.identity, settings)
            rows = SampleMaker(sampler.identity, settings, options.rules, plan.problems, descriptions or {})
            asked = [replace(each, rules=options.rules) for each in asked]
            there = plan.total - samples_in(missing)
            with contextlib.closing(Meter(plan.total, there, shown=not options.quiet)) as meter:
                added = sampled(sampler, asked, rows, writer, meter)
        put_in_order(writer.path, plan.order())
        writer.complete()
    return StepResult(plan, missing, added)


@dataclass
class Added:
    """What a call added to the file: samples (in all, by finish reason, by task_id and origin) and tokens."""

    identity: ModelIdentity | None = None
    written: int = 0
    tokens: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    tasks: Counter[tuple[str, str]] = field(default_factory=Counter)


def sampled(
    sampler: Sampler, requests: Sequence[Request], rows: SampleMaker, writer: SampleWriter, meter: Meter
) -> Added:
    """Append the sampler's completions. Long prompts go first: batches are alike, memory runs out early or never."""
    added, chat = Added(sampler.identity), sampler.identity.details.get("prompting") == "chat"
    stops = {request.task_id: () if chat else request.stop for request in requests}
    for completion in sampler.sample(sorted(requests, key=lambda request: -len(request.prompt))):
        sample = rows.sample(completion)
        writer.append([replace(sample, completion=before(sample.completion, stops[completion.task_id]))])
        added.written += 1
        added.tokens += completion.tokens
        added.reasons[completion.finish_reason] += 1
        added.tasks[completion.task_id, completion.origin] += 1
        meter.add(completion.tokens)
    return added


def settings_of(name: str, given: Mapping[str, Any]) -> SamplingSettings:
    """Return a preset's settings, overridden by the given ones. Raises OptionError."""
    values: dict[str, Any] = preset(name)
    return SamplingSettings(**{**values, **{key: value for key, value in given.items() if value is not None}})


__all__ = [
    "GenerationOptions",
    "GenerationReport",
    "describing",
    "generate",
    "generated",
    "planned",
    "read_descriptions",
]
