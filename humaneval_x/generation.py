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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from humaneval_x import __version__
from humaneval_x.descriptions import Description, description_of
from humaneval_x.errors import OptionError, ProblemError, SampleError
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import KNOWN, LANGUAGES, language, language_of
from humaneval_x.problems import PACK, ProblemSet, load_present, load_problems
from humaneval_x.prompts import asked as shown_of
from humaneval_x.prompts import docstring, pairs_named, words_of
from humaneval_x.records import Problem, Sample
from humaneval_x.samplers import (
    Completion,
    ModelIdentity,
    ModelOptions,
    Request,
    Sampler,
    SamplingSettings,
    open_sampler,
)
from humaneval_x.samplers.meter import Meter
from humaneval_x.samplers.presets import preset
from humaneval_x.samples import Key, KeySet, SampleWriter, read_samples
from humaneval_x.samples.order import put_in_order
from humaneval_x.settings import Rules, chosen
from humaneval_x.tasks import TASKS, Task, name_of, row_of, task_of
from humaneval_x.values import Range, checked

SHOWN = ("temperature", "top_p", "top_k", "max_new_tokens", "seed")  # not num_samples: a file may grow
NOT_SENT = "not_sent"  # in a row's settings: those that the server refused


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
    done, before = steps[-1], TASKS[options.task].follows
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
        descriptions=str(beside(options.output, before)) if before else None,
    )


def beside(output: Path, task: Task) -> Path:
    """Return the path of the step before: samples.summarise.jsonl for samples.jsonl."""
    ending = "".join(suffix for suffix in output.suffixes[-2:] if suffix in (".jsonl", ".gz"))
    return output.with_name(f"{output.name.removesuffix(ending)}.{task.value}{ending}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A model's description of one solution: the whole text, and the part that a prompt may show."""

    raw: str
    shown: Description

    def to_json(self) -> JsonObject:
        """Return the keys that the row of the following program keeps."""
        shown = {"description": self.shown.text, "leaks": self.shown.leaks, "cut": self.shown.cut}
        return {**shown, "raw_description": self.raw}


Descriptions = Mapping[tuple[str, int], Described]  # by task_id and sample_index


def read_descriptions(path: Path, problems: ProblemSet) -> Descriptions:
    """Return the descriptions of the step before, without code. Raises SampleError."""
    found = {}
    for sample in read_samples([path], problems):
        problem = problems.problems[sample.task_id]
        shown = description_of(sample.completion, problem.canonical_solution, len(docstring(problem)))
        found[sample.task_id, sample.sample_index] = Described(raw=sample.completion, shown=shown)
    return found


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


def samples_in(requests: Iterable[Request]) -> int:
    """Return how many samples some requests ask for."""
    return sum(len(request.indices) for request in requests)


def describing(requests: Iterable[Request], descriptions: Descriptions, problems: ProblemSet) -> Iterator[Request]:
    """Yield a request for each described sample, with the description in its prompt."""
    for request in requests:
        words = words_of(problems.problems[request.task_id], request.origin, problems.problems)
        for index in request.indices:
            if (found := descriptions.get((request.task_id, index))) is not None:
                asking = TASKS[task_of(request.origin)].asking
                text, question = shown_of(asking, replace(words, description=found.shown.text))
                yield replace(request, prompt=text, question=question, indices=(index,))


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


class GenerationPlan:
    """The requests of a run in file order, and their problems."""

    def __init__(self, given: str | Path | None, problems: ProblemSet, requests: list[Request]) -> None:
        self.given, self.problems, self.requests = given, problems, requests

    @property
    def total(self) -> int:
        """How many samples the run wants."""
        return samples_in(self.requests)

    def order(self) -> dict[tuple[str, str], int]:
        """Return the position of each task_id and origin."""
        return {(request.task_id, request.origin): place for place, request in enumerate(self.requests)}


def whole_set(problems: str | Path | None, loaded: ProblemSet) -> ProblemSet:
    """Return the set with all languages found here: a file may hold more than this call asks for."""
    try:
        return load_present(problems)
    except ProblemError:
        return loaded


def planned(
    problems: str | Path | None,
    task: Task,
    languages: Sequence[str] | None,
    pairs: str,
    num_samples: int,
    limit: int | None,
) -> GenerationPlan:
    """Return every request of a run. Raises OptionError, ProblemError."""
    record, indices = TASKS[task], tuple(range(num_samples))
    if record.pairs and languages:
        raise OptionError("--languages is for --task generation; a translation takes --pairs, such as python-cpp")
    names = [language(name).NAME for name in dict.fromkeys(languages or LANGUAGES)]
    columns = pairs_named(pairs) if record.pairs else [(name_of(task), name) for name in names]
    wanted = {name for column in columns for name in column if name in KNOWN}
    loaded = load_problems(problems, languages=sorted(wanted, key=list(KNOWN).index))
    requests = [
        _request(problem, origin, loaded, indices)
        for origin, target in columns
        for problem in _of(loaded, target)[:limit]
    ]
    return GenerationPlan(problems, loaded, requests)


def _of(problems: ProblemSet, name: str) -> list[Problem]:
    prefix = KNOWN[name].PREFIX
    return [problem for problem in problems.problems.values() if problem.prefix == prefix]


def _request(problem: Problem, origin: str, loaded: ProblemSet, indices: tuple[int, ...]) -> Request:
    task = TASKS[task_of(origin)]
    text, question = shown_of(task.asking, words_of(problem, origin, loaded.problems))
    return Request(
        task_id=problem.task_id,
        origin=origin,
        language=language_of(problem.task_id).NAME if task.begins else "",
        prompt=text,
        question=question,
        prefix=getattr(problem, task.begins) if task.begins else "",
        solution=problem.canonical_solution if task.begins else docstring(problem),
        indices=indices,
        stop=problem.stop_tokens,
    )


def without(requests: Iterable[Request], existing: KeySet) -> Iterator[Request]:
    """Yield the requests with only their missing indices."""
    for request in requests:
        key = request.task_id, request.origin
        indices = tuple(index for index in request.indices if (*key, index) not in existing)
        if indices:
            yield replace(request, indices=indices)


@dataclass(frozen=True)
class SampleMaker:
    """Turns completions into rows: holds what the rows of one step have in common."""

    identity: ModelIdentity
    settings: JsonObject
    rules: Rules
    problems: ProblemSet
    descriptions: Descriptions

    def sample(self, completion: Completion) -> Sample:
        """Return a completion as a sample: whole, or for code under the reference's rules, cut."""
        raw, code = writable(completion.raw), bool(TASKS[task_of(completion.origin)].begins)
        cut = language_of(completion.task_id).truncate if code and self.rules is Rules.REFERENCE else str
        reasoning = {"reasoning": writable(completion.reasoning)} if completion.reasoning else {}
        refused = {NOT_SENT: list(completion.not_sent)} if completion.not_sent else {}
        described = self.descriptions.get((completion.task_id, completion.sample_index))
        named = {"problems": self.problems.name} if self.problems.name == PACK else {}  # its task_ids are another set's
        return Sample(
            task_id=completion.task_id,
            completion=cut(raw),
            sample_index=completion.sample_index,
            **row_of(completion.origin),
            extra={
                **(described.to_json() if described else {}),
                "raw_completion": raw,
                **reasoning,
                "finish_reason": completion.finish_reason,
                "tokens": completion.tokens,
                "model": self.identity.name,
                "model_digest": self.identity.digest,
                "settings": {**self.settings, **refused},
                **named,
            },
        )


def before(text: str, stop_tokens: Iterable[str]) -> str:
    """Return a text up to the first stop token in it."""
    return text[: min((at for each in stop_tokens if (at := text.find(each)) >= 0), default=len(text))]


def writable(text: str) -> str:
    """Return text with lone surrogates, which UTF-8 cannot encode, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def check_same(path: Path, problems: ProblemSet, identity: ModelIdentity, settings: JsonObject) -> None:
    """Raise SampleError if the file's first sample has another model or other settings."""
    if not path.stat().st_size:
        return
    extra = next(read_samples([path], problems)).extra
    ours = {"model": identity.name, "model_digest": identity.digest, **settings}
    theirs = {
        "model": extra.get("model"),
        "model_digest": extra.get("model_digest"),
        **dict(extra.get("settings") or {}),
    }
    for name in dict.fromkeys([*ours, *theirs]):
        if name == NOT_SENT:  # known only after a request to the server
            continue
        if ours.get(name) != theirs.get(name):
            found = f"its samples have {name} {theirs.get(name)!r}, this run {ours.get(name)!r}"
            raise SampleError(f"{path}: {found}; choose another --output, or give what the file has")


__all__ = ["GenerationPlan", "Key", "generate", "planned", "put_in_order"]
