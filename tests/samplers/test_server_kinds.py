"""The kinds of servers in use: what they refuse to be told, how they word it, and answers that hold no text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai_server import Fault, serving

from humaneval_x.assembly import reading_of
from humaneval_x.commands.sampling import shortcomings
from humaneval_x.errors import OptionError, ServerError
from humaneval_x.generation import generate
from humaneval_x.problems import load_problems
from humaneval_x.records import ReadAs
from humaneval_x.samplers import ModelOptions, server
from humaneval_x.samplers.refusals import understood
from humaneval_x.samples import read_samples
from humaneval_x.settings import EvaluationSettings

BODY = "    return 1\n}\n"
OPTIONS: dict[str, Any] = {"problems": "fresh", "languages": ["go"], "num_samples": 2, "limit": 2, "quiet": True}
SAMPLING: dict[str, Any] = {"temperature": 0.8, "top_p": 0.9, "top_k": 7, "seed": 3}
SSE = {"Content-Type": "text/event-stream"}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def refusing(field: str, body: Any, status: int = 400) -> Callable[[dict[str, Any]], Fault | None]:
    """A rule: requests that hold `field` are answered so."""
    return lambda asked: (status, {}, json.dumps(body).encode()) if field in asked else None


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def piece(**choice: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "finish_reason": None, **choice}]}


def stream(*pieces: Any) -> Fault:
    return 200, SSE, b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in pieces) + b"data: [DONE]\n\n"


def message(reason: str, **content: Any) -> Fault:
    choice = {"index": 0, "message": {"role": "assistant", **content}, "finish_reason": reason}
    return 200, {}, json.dumps({"choices": [choice]}).encode()


def test_max_completion_tokens_is_sent_where_max_tokens_is_refused(tmp_path: Path) -> None:
    said = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = refusing("max_tokens", {"error": {"message": said, "param": "max_tokens"}})
        done = generate(endpoint.url, tmp_path / "s.jsonl", max_new_tokens=50, **OPTIONS)
        last = endpoint.seen[-1]
    assert done.written == 4
    assert last["max_completion_tokens"] == 50
    assert "max_tokens" not in last
    assert all("not_sent" not in row["settings"] for row in rows(tmp_path / "s.jsonl"))


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ({"temperature": 1, "top_p": 1, "top_k": 0}, {"temperature", "top_p", "top_k"}),
        ({"temperature": 0, "top_p": 1.0, "top_k": 0}, {"top_p", "top_k"}),
        ({"temperature": 0.2, "top_p": 0.95, "top_k": 5}, set()),
    ],
)
def test_what_the_protocol_has_as_a_default_is_not_sent(
    given: dict[str, Any], left_out: set[str], tmp_path: Path
) -> None:
    with serving(lambda body: BODY) as endpoint:
        generate(endpoint.url, tmp_path / "s.jsonl", **OPTIONS, **given)
        assert {*given} - {*endpoint.seen[0]} == left_out
    assert rows(tmp_path / "s.jsonl")[0]["settings"].items() >= given.items()


@pytest.mark.parametrize("field", ["seed", "top_p", "top_k"])
@pytest.mark.parametrize(
    "worded",
    [
        lambda field: {"detail": [{"loc": ["body", field], "msg": "extra fields not permitted"}]},
        lambda field: {"error": {"message": "Unsupported parameter", "param": field, "code": "unsupported_parameter"}},
        lambda field: {"error": f"unknown field `{field}`", "error_type": "validation"},
        lambda field: {"object": "error", "message": f"property '{field}' is unsupported", "code": 400},
    ],
    ids=["FastAPI", "OpenAI", "TGI", "vLLM"],
)
def test_an_optional_field_that_is_refused_is_left_out_said_once_and_noted(
    field: str, worded: Callable[[str], Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = refusing(field, worded(field), 422)
        assert generate(endpoint.url, tmp_path / "s.jsonl", **OPTIONS, **SAMPLING).written == 4
        answered = [body for body in endpoint.seen if field not in body]
    assert len(answered) == 4
    assert all({*SAMPLING} - {field} <= {*body} for body in answered)
    (line,) = capsys.readouterr().err.splitlines()
    assert "answered 422" in line
    assert line.endswith(f"; asked without '{field}' from now on")
    assert [row["settings"]["not_sent"] for row in rows(tmp_path / "s.jsonl")] == [[field]] * 4


def test_a_file_made_without_a_refused_field_is_taken_up(tmp_path: Path) -> None:
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = refusing("seed", {"error": {"message": "no seed", "param": "seed"}})
        generate(endpoint.url, tmp_path / "s.jsonl", **{**OPTIONS, "limit": 1})
        done = generate(endpoint.url, tmp_path / "s.jsonl", **OPTIONS)
    assert (done.resumed, done.written) == (2, 2)


def test_a_refusal_that_mentions_a_field_besides_the_one_it_is_about_drops_nothing(tmp_path: Path) -> None:
    said = {"message": "Bad stop; the request had seed=1 and top_p=0.9", "param": "stop"}
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = refusing("prompt", {"error": said})
        with pytest.raises(ServerError, match=r"answered 400 \(Bad stop; .*see the settings"):
            generate(endpoint.url, tmp_path / "s.jsonl", **OPTIONS, **SAMPLING)


def test_a_refused_temperature_is_not_dropped_since_samples_would_be_others(tmp_path: Path) -> None:
    said = "Unsupported value: 'temperature' does not support 0 with this model."
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = refusing("temperature", {"error": {"message": said, "param": "temperature"}})
        with pytest.raises(ServerError, match="give a --temperature that the model takes"):
            generate(endpoint.url, tmp_path / "s.jsonl", temperature=0.0, **OPTIONS)


TOO_LONG = [
    {"object": "error", "message": "This model's maximum context length is 512 tokens. However, you requested 1500."},
    {"error": {"message": "Your messages resulted in 600 tokens.", "code": "context_length_exceeded"}},
    {"error": {"message": "the request exceeds the available context size, try increasing it", "code": 400}},
    {
        "error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048.",
        "error_type": "validation",
    },
    {"error": {"message": "'max_tokens' is too large: 1024. This model's maximum context length is 512 tokens"}},
    {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210 tokens > 200"}},
]


@pytest.mark.parametrize("worded", TOO_LONG, ids=["vLLM", "OpenAI", "llama.cpp", "TGI", "new vLLM", "Anthropic"])
def test_a_prompt_beyond_the_context_is_left_out_or_one_line_as_skip_long_says(worded: Any, tmp_path: Path) -> None:
    long = load_problems("fresh", languages=["go"]).problems["Go/fresh-1"].prompt
    with serving(lambda body: BODY) as endpoint:
        endpoint.rule = lambda body: (400, {}, json.dumps(worded).encode()) if long in body["prompt"] else None
        done = generate(ModelOptions(model=endpoint.url, skip_long=True), tmp_path / "s.jsonl", **OPTIONS)
        assert (done.written, done.left_out) == (2, 2)
        assert shortcomings(done) == ["2 samples were left out: their prompts are too long for the model: Go/fresh-1"]
        with pytest.raises(OptionError, match=r"Go/fresh-1: .* leave such prompts out with run --skip_long") as caught:
            generate(ModelOptions(model=endpoint.url), tmp_path / "t.jsonl", **OPTIONS)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (message("length", content=None, reasoning_content="Let me think"), "empty"),
        (message("stop", content=""), "empty"),
        (message("stop", content=" \n"), "empty"),
        (message("content_filter", content=""), "filtered"),
        (message("content_filter", content="    return"), "filtered"),
        (message("stop", content=None, refusal="I can't help with that."), "filtered"),
        (stream(piece(delta={}), piece(delta={}, finish_reason="stop")), "empty"),
        (stream(piece(text="", finish_reason="content_filter")), "filtered"),
    ],
)
def test_a_sample_without_text_is_marked_counted_and_shown(reply: Fault, reason: str, tmp_path: Path) -> None:
    with serving(lambda body: BODY) as endpoint:
        endpoint.faults = [reply]
        done = generate(
            ModelOptions(model=endpoint.url, served_model="m", concurrency=1), tmp_path / "s.jsonl", **OPTIONS
        )
    assert done.written == 4
    assert getattr(done, reason) == 1
    assert [row["finish_reason"] for row in rows(tmp_path / "s.jsonl")].count(reason) == 1
    assert [line.startswith("1 samples") and reason in line for line in shortcomings(done)] == [True]


def test_what_a_model_thought_is_kept_beside_what_it_said(tmp_path: Path) -> None:
    with serving(lambda body: BODY) as endpoint:
        endpoint.always = message("stop", content="```go\nreturn 1\n```", reasoning_content="one, so 1")
        generate(
            ModelOptions(model=endpoint.url, served_model="m", prompting="chat"),
            tmp_path / "s.jsonl",
            **OPTIONS,
        )
    row = rows(tmp_path / "s.jsonl")[0]
    assert (row["raw_completion"], row["reasoning"]) == ("```go\nreturn 1\n```", "one, so 1")


@pytest.mark.parametrize("rules", ["ours", "reference"])
def test_what_a_model_wrote_is_kept_whole_and_read_when_it_is_judged(rules: str, tmp_path: Path) -> None:
    problem = load_problems("fresh").problems["Go/fresh-0"]
    answer = f"Sure.\n```go\n{problem.prompt}{problem.canonical_solution}```\nIt works."
    with serving(lambda body: answer) as endpoint:
        chat = ModelOptions(model=endpoint.url, prompting="chat")
        generate(chat, tmp_path / "s.jsonl", **{**OPTIONS, "limit": 1, "num_samples": 1}, rules=rules)
    (sample,) = read_samples([tmp_path / "s.jsonl"], load_problems("fresh"))
    assert sample.extra["raw_completion"] == answer
    assert (sample.completion == answer) is (rules == "ours")
    if rules == "ours":
        reading = reading_of(problem, sample, EvaluationSettings())
        assert reading.read_as is ReadAs.CHAT
        assert "Sure" not in reading.candidate and "It works" not in reading.candidate


@pytest.mark.parametrize(
    "reply",
    [
        stream({"choices": [], "prompt_filter_results": [{}]}, piece(text=BODY), piece(text="", finish_reason="stop")),
        stream(piece(text=BODY), piece(text="", finish_reason="stop"), {"choices": [], "usage": {}}),
        stream(piece(text=BODY)),
        (
            200,
            SSE,
            b": KEEP-ALIVE\r\n\r\ndata: " + json.dumps(piece(text=BODY, finish_reason="stop")).encode() + b"\r\n",
        ),
        message("stop", content=[{"type": "text", "text": BODY}]),
    ],
    ids=["no choices first", "usage last", "no reason to end", "comments and no [DONE]", "content in parts"],
)
def test_streams_and_messages_of_all_shapes_are_read(reply: Fault, tmp_path: Path) -> None:
    with serving(lambda body: BODY) as endpoint:
        endpoint.always = reply
        generate(ModelOptions(model=endpoint.url, served_model="m"), tmp_path / "s.jsonl", **OPTIONS)
    samples = list(read_samples([tmp_path / "s.jsonl"], load_problems("fresh")))
    assert [sample.extra["raw_completion"].strip() for sample in samples] == [BODY.strip()] * 4


def test_a_refusal_of_any_shape_is_one_line() -> None:
    for body in (None, 3, "a\nb", ["x"], {"error": None}, {"detail": "no\nway"}, {"detail": [1, {"loc": 3}]}, {}):
        assert "\n" not in str(understood(body))
