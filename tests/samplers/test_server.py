"""The server sampler against a real local HTTP server: what it asks, what it survives, what it reports."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from openai_server import Endpoint, serving

from humaneval_x.errors import OptionError, ServerError
from humaneval_x.generation import generate, planned
from humaneval_x.problems import load_problems
from humaneval_x.samplers import Completion, ModelOptions, Request, SamplingSettings, open_sampler, seed_of, server
from humaneval_x.samples import read_samples
from humaneval_x.settings import Task

SETTINGS = SamplingSettings(temperature=0.8, top_p=0.95, max_new_tokens=77, seed=5)
ERROR_500: tuple[int, dict[str, str], bytes] = (500, {}, b"<html>Internal Server Error</html>")
ERROR_429 = (429, {"Retry-After": "0"}, b'{"error": {"message": "Rate limit reached"}}')


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(lambda body: "    return 1\n}\n\n" + "more and more\n" * 50) as running:
        yield running


def asked(samples: int = 2, language: str = "go") -> list[Request]:
    return planned("fresh", Task.GENERATION, [language], "all", samples, 3).requests


def sampled(endpoint: Endpoint, requests: list[Request], **options: Any) -> list[Completion]:
    url = options.pop("url", endpoint.url)
    sampler = open_sampler(ModelOptions(model=url, **options), SETTINGS)
    return sorted(sampler.sample(requests), key=lambda completion: (completion.task_id, completion.sample_index))


def test_a_request_says_all_settings_and_a_seed_of_its_own(endpoint: Endpoint) -> None:
    requests = asked()
    assert len(sampled(endpoint, requests)) == 6
    expected = [
        {
            "model": "tiny-served",
            "prompt": request.prompt,
            "stream": True,
            "max_tokens": 77,
            "temperature": 0.8,
            "top_p": 0.95,
            "seed": seed_of(5, request.task_id, "", index) >> 33,
        }
        for request in requests
        for index in (0, 1)
    ]
    key = lambda body: body["seed"]  # noqa: E731
    assert sorted(endpoint.seen, key=key) == sorted(expected, key=key)


def test_a_stream_is_closed_as_soon_as_the_stop_rule_holds(endpoint: Endpoint) -> None:
    (completion,) = sampled(endpoint, asked(1)[:1])
    assert completion.finish_reason == "stop"
    assert completion.raw.startswith("    return 1\n}")
    assert len(completion.raw) <= len("    return 1\n}") + 2
    assert completion.tokens == 5


def test_a_server_that_does_not_stream_is_understood_too() -> None:
    with serving(lambda body: "    return 1\n}", stream=False) as endpoint:
        (completion,) = sampled(endpoint, asked(1)[:1])
    assert (completion.raw, completion.finish_reason) == ("    return 1\n}", "eos")


def test_chat_answers_are_asked_for_with_the_prompt_and_kept_whole() -> None:
    request = asked(1, "python")[0]
    code = f"Sure!\n```python\n{request.prompt}    return 42\n```\nIt requests."
    with serving(lambda body: code) as endpoint:
        (completion,) = sampled(endpoint, [request], url=endpoint.url + "/chat/completions")
        assert request.prompt.rstrip() in endpoint.seen[0]["messages"][0]["content"]
        assert "stream" not in endpoint.seen[0]
        assert sampled(endpoint, [request], prompting="chat") == [completion]
    assert completion.raw == code
    assert completion.tokens == 7


@pytest.mark.parametrize(
    "fault",
    [
        ERROR_429,
        ERROR_500,
        (503, {}, b""),
        (200, {}, b"<html>welcome</html>"),
        (200, {}, b"[1, 2]"),
        (200, {}, b'{"choices": []}'),
        (200, {"Content-Type": "text/event-stream"}, b'data: {"choices": [{"text": "x"}]}\n\n'),
        (200, {"Content-Type": "text/event-stream"}, b'data: {"error": {"message": "overloaded"}}\n\n'),
        "hang up",
    ],
)
def test_passing_faults_cost_no_sample(endpoint: Endpoint, fault: Any) -> None:
    sampler = open_sampler(ModelOptions(model=endpoint.url, concurrency=3), SETTINGS)
    endpoint.faults = [fault] * 5
    keys = {(completion.task_id, completion.sample_index) for completion in sampler.sample(asked())}
    assert len(keys) == 6
    assert len(endpoint.seen) == 11


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            (401, {}, b'{"error": {"message": "bad key"}}'),
            r"answered 401 \(bad key\); the key in the environment variable OPENAI_API_KEY is not set",
        ),
        ((404, {}, b'{"detail": "no"}'), r"answered 404 .*check the address"),
        ((400, {}, b"too long"), r"answered 400 \(too long\); the server refuses such requests"),
        (ERROR_429, r"answered 429 \(Rate limit reached\), 8 times in a row; finished samples are kept"),
        (ERROR_500, r"answered 500 \(.*\), 8 times in a row"),
        (
            (200, {}, b"<html>hello</html>"),
            r"answered out of OpenAI's protocol \(not JSON: b'<html>hello</html>'\), 8 times",
        ),
        ("hang up", r"cannot be reached or broke off \(.+\), 8 times"),
    ],
)
def test_lasting_faults_are_one_clear_line(endpoint: Endpoint, fault: Any, message: str) -> None:
    sampler = open_sampler(ModelOptions(model=endpoint.url, concurrency=2), SETTINGS)
    endpoint.always = fault
    with pytest.raises(ServerError, match=message) as caught:
        list(sampler.sample(asked()))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_server_that_is_not_there_is_one_clear_line(endpoint: Endpoint) -> None:
    with pytest.raises(ServerError, match=r"http://127.0.0.1:9/v1/models: cannot be reached .*refused.*8 times"):
        open_sampler(ModelOptions(model="http://127.0.0.1:9/v1"), SETTINGS)
    with pytest.raises(OptionError, match="not an address"):
        open_sampler(ModelOptions(model="http://:80x/"), SETTINGS)


def test_the_key_is_sent_and_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret")
    with serving(lambda body: "}", key="secret") as endpoint:
        assert len(sampled(endpoint, asked(1), api_key_variable="MY_KEY")) == 3
        monkeypatch.setenv("MY_KEY", "wrong")
        with pytest.raises(ServerError, match="the environment variable MY_KEY was refused") as caught:
            sampled(endpoint, asked(1), api_key_variable="MY_KEY")
        assert "wrong" not in str(caught.value)


def test_requests_run_at_once_up_to_the_limit_and_keep_to_the_rate(endpoint: Endpoint) -> None:
    endpoint.slow_s = 0.05
    sampled(endpoint, asked(8), concurrency=5)
    assert 2 <= endpoint.most_together <= 5
    endpoint.times.clear()
    endpoint.slow_s = 0.0
    begun = time.monotonic()
    sampled(endpoint, asked(2), concurrency=5, requests_per_minute=1200)
    assert len(endpoint.times) == 6
    assert max(endpoint.times) - begun >= 5 * 60 / 1200  # from the start: a busy machine may be late with the first one


def test_a_whole_run_against_a_server_gives_a_valid_file(endpoint: Endpoint, tmp_path: Any) -> None:
    output = tmp_path / "samples.jsonl"
    options = {
        "task": "translation",
        "pairs": "cpp-go",
        "problems": "fresh",
        "num_samples": 2,
        "limit": 3,
        "quiet": True,
    }
    endpoint.faults = [ERROR_500]
    assert generate(endpoint.url, output, **options).written == 6
    assert generate(endpoint.url, output, **options).written == 0
    samples = list(read_samples([output], load_problems("fresh")))
    assert [sample.source_language for sample in samples] == ["cpp"] * 6
    assert all(sample.completion == sample.extra["raw_completion"] for sample in samples)


def test_half_a_surrogate_pair_is_replaced(tmp_path: Any) -> None:
    with serving(lambda body: "a\ud83d}", stream=False) as endpoint:
        generate(
            endpoint.url, tmp_path / "s.jsonl", problems="fresh", languages=["go"], num_samples=1, limit=1, quiet=True
        )
    (sample,) = read_samples([tmp_path / "s.jsonl"], load_problems("fresh"))
    assert sample.extra["raw_completion"] == "a?}"


def test_a_server_that_never_answered_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.2)
    monkeypatch.setattr(server, "UNANSWERED_S", 0.5)
    began = time.monotonic()
    with pytest.raises(ServerError, match=r"refused.*; it never answered; see to the server and its address"):
        open_sampler(ModelOptions(model="http://127.0.0.1:9/v1"), SETTINGS)
    assert time.monotonic() - began < 0.2 * (2**server.ATTEMPTS - 1)  # what all attempts would have taken


def test_a_server_that_takes_connections_and_says_nothing_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "UNANSWERED_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ServerError, match=r"timed out.*; it never answered"):
            open_sampler(ModelOptions(model=url, timeout_s=600), SETTINGS)


def test_a_server_that_has_answered_is_waited_for(endpoint: Endpoint) -> None:
    sampler = open_sampler(ModelOptions(model=endpoint.url), SETTINGS)
    assert isinstance(sampler, server.Server)
    sampler.began -= server.UNANSWERED_S
    endpoint.faults = ["hang up"] * 5
    assert len(list(sampler.sample(asked(1)[:1]))) == 1


def test_retries_say_which_and_why(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    sampler = open_sampler(ModelOptions(model=endpoint.url, concurrency=1), SETTINGS)
    endpoint.faults = [ERROR_429, ERROR_500]
    list(sampler.sample(asked(1)[:1]))
    (line,) = capsys.readouterr().err.splitlines()  # the second follows within moments: one line for both
    assert re.fullmatch(r"retrying 2 of 8 in 0 s: http://\S+/completions answered 429 \(Rate limit reached\)", line)
