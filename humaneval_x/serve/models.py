"""The requests and answers of the project's own protocol, `/v1`, as pydantic checks them and OpenAPI shows them.

The rows of an answer are those of verdicts.jsonl and are not described here a second time.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from humaneval_x.json_types import JsonObject

MOST_SAMPLES = 4096


class Strict(BaseModel):
    """A request in which an unknown key is an error: a misspelt limit must not be a default one."""

    model_config = ConfigDict(extra="forbid")


class LimitsOf(Strict):
    """Limits of a program's run and of its compilation. What is left out is as in `run`."""

    cpu_s: float | None = Field(None, gt=0, description="CPU seconds of the run")
    wall_s: float | None = Field(None, gt=0, description="wall seconds of the run, waiting for a processor left out")
    memory_mib: int | None = Field(None, gt=0, description="memory of the run")
    compile_cpu_s: float | None = Field(None, gt=0, description="CPU seconds of the compilation")
    compile_wall_s: float | None = Field(None, gt=0, description="wall seconds of the compilation")
    deadline_s: float | None = Field(None, gt=0, description="seconds for the whole request, waiting included")


class SampleRow(BaseModel):
    """One sample, as a row of a samples file; keys that mean nothing here are allowed and left out."""

    model_config = ConfigDict(extra="allow")

    task_id: str = Field(examples=["Python/fresh-0"])
    completion: str | None = Field(None, description="the continuation of the problem's prompt")
    source_language: str | None = Field(None, description="of a translation")
    task: str | None = Field(None, description="of a sample of another task: repair, synthesize ...")
    sample_index: int | None = None


class EvaluateRequest(LimitsOf):
    """Samples of the problems that the service holds."""

    samples: list[SampleRow] = Field(min_length=1, max_length=MOST_SAMPLES)
    tests: Literal["hidden", "example"] = "hidden"
    errata: Literal["published", "corrected"] = "published"
    rules: Literal["ours", "reference"] = "ours"
    answers: Literal["auto", "continuation", "program", "chat"] = Field("auto", description="what the rows hold")
    negated_tests: bool = Field(
        False,
        validation_alias=AliasChoices("negated_tests", "twin"),
        description="what passes is run again with wrong expectations, and has to fail",
    )
    all_checks: bool = Field(
        True, description="go on after a failed check: all checks count, and no program learns which failed"
    )
    stream: bool = Field(False, description="answer with JSON lines, each with its `index`, as they are judged")


class Pair(Strict):
    """One run of a program: what it reads, and what it has to print (nothing: it has to end with status 0)."""

    stdin: str = ""
    expected_stdout: str | None = None


class RunRequest(LimitsOf):
    """A program with its tests, or with what it reads and has to print."""

    language: Literal["python", "cpp", "java", "javascript", "go", "rust"]
    program: str = Field(description="with `tests`: the solution; else the whole program")
    tests: str | None = Field(None, description="in the form of the benchmark's own, in the program's language")
    declaration: str | None = Field(None, description="of the function that `tests` call, as in a problem")
    stdin: str = ""
    expected_stdout: str | None = None
    pairs: list[Pair] = Field([], max_length=1024, description="several runs, in place of stdin and expected_stdout")
    arguments: list[str] = Field([], max_length=64)
    files: dict[str, str] = Field({}, description="path in the program's folder -> content in base64")


class Verdicts(BaseModel):
    """Verdict rows in the order of the samples; a row with `error` has no verdict: the harness failed on it."""

    verdicts: list[JsonObject]


class ErrorBody(BaseModel):
    """What every answer that is not a result says."""

    error: str
