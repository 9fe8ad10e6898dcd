"""Turns completions into the rows of a samples file, and refuses to mix those of two models. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from humaneval_x.errors import SampleError
from humaneval_x.generation.described import Descriptions
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import language_of
from humaneval_x.problem_files import PACK
from humaneval_x.problems import ProblemSet
from humaneval_x.records import Sample
from humaneval_x.samplers import Completion, ModelIdentity
from humaneval_x.samples import read_samples
from humaneval_x.settings import Rules
from humaneval_x.tasks import TASKS, row_of, task_of

NOT_SENT = "not_sent"  # in a row's settings: those that the server refused


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
