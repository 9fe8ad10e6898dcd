"""OpenAI's protocol over a model of this machine: by OpenAI's own client, by curl, by our sampler of servers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openai
import pytest
import requests
from machine import ROOT
from model_servers import PATIENCE_S, ModelServer, local, running

from humaneval_x.generation import planned
from humaneval_x.model_server.answers import WAITING, AnsweringModel, Piece, Question, Work
from humaneval_x.modes import MODES, filled
from humaneval_x.samplers import ModelOptions, Request, SamplingSettings, open_sampler
from humaneval_x.tasks import Task

CODE = "def add(a, b):\n"
GREEDY: dict[str, Any] = {"temperature": 0, "max_tokens": 12}
CURL = re.findall(r"^curl (?:.*\\\n)*.*$", (ROOT / "docs" / "generate.md").read_text(), re.M)


def alone(folder: Path, prompt: str, **changes: Any) -> str:
    """Return the greedy text as `generate.py` samples it."""
    request = Request(task_id="any", language="", prompt=prompt, prefix="")
    (completion,) = local(folder, max_new_tokens=12).sample([replace(request, **changes)])
    return completion.raw


def test_a_completion_is_what_generate_samples(served: ModelServer, folders: dict[str, Path]) -> None:
    client = served.client
    (listed,) = client.models.list().data
    answer = client.completions.create(model=listed.id, prompt=CODE, **GREEDY)
    assert listed.id == "tiny-codegeex"
    assert answer.choices[0].text == alone(folders["codegeex"], CODE)
    assert answer.usage is not None
    assert (answer.usage.completion_tokens, answer.choices[0].finish_reason) == (12, "length")
    assert answer.usage.prompt_tokens == len(served.answers.tokens_of(CODE))


def test_a_stream_has_the_same_text_in_pieces_and_counts_it_where_asked(served: ModelServer) -> None:
    whole = served.client.completions.create(model="", prompt=CODE, **GREEDY)
    options: Any = {"stream": True, "stream_options": {"include_usage": True}}
    events = list(served.client.completions.create(model="", prompt=CODE, **GREEDY, **options))
    pieces = [event.choices[0] for event in events if event.choices]
    assert len(pieces) > 3
    assert "".join(piece.text for piece in pieces) == whole.choices[0].text
    assert [piece.finish_reason for piece in pieces][-2:] == [None, "length"]
    assert events[-1].usage == whole.usage


def test_a_seed_gives_the_same_choices_again_and_they_differ(served: ModelServer) -> None:
    asked: dict[str, Any] = {"model": "", "prompt": [CODE, "x = "], "n": 3, "seed": 5, "max_tokens": 10}
    first, again = (served.client.completions.create(**asked) for _ in range(2))
    texts = [choice.text for choice in first.choices]
    assert [choice.index for choice in first.choices] == list(range(6))
    assert texts == [choice.text for choice in again.choices]
    assert len(set(texts)) > 3
    assert [each.text for each in served.client.completions.create(**{**asked, "seed": None}).choices] != texts
    ids = [served.answers.tokens_of(prompt) for prompt in asked["prompt"]]
    assert [each.text for each in served.client.completions.create(**{**asked, "prompt": ids}).choices] == texts


def test_a_stop_word_ends_the_text_before_it_and_no_piece_shows_any_of_it(served: ModelServer) -> None:
    asked: dict[str, Any] = {"model": "", "prompt": CODE, "temperature": 1.3, "seed": 3, "max_tokens": 60}
    whole = served.client.completions.create(**asked).choices[0].text
    at = next(
        at
        for at in range(20, len(whole) - 4)
        if whole.index(whole[at : at + 3]) == at and "\ufffd" not in whole[at : at + 3]
    )
    for stop in (whole[at : at + 3], ["never so", whole[at : at + 3]]):
        answer = served.client.completions.create(**asked, stop=stop).choices[0]
        assert (answer.text, answer.finish_reason) == (whole[:at], "stop")
        pieces = list(served.client.completions.create(**asked, stop=stop, stream=True))
        assert "".join(piece.choices[0].text for piece in pieces) == whole[:at]


def test_a_mode_puts_its_template_around_the_code_and_ends_by_its_rule(
    served: ModelServer, folders: dict[str, Path]
) -> None:
    ask = served.client.completions.create
    for name in ("generate", "complete", "explain", "comment"):
        text = ask(model="", prompt=CODE, **GREEDY, extra_body={"mode": name, "language": "python"}).choices[0].text
        prompt = filled(MODES[name], CODE, language="python").prompt
        rule = {"language": "python", "prefix": CODE} if name == "generate" else {}
        expected = alone(folders["codegeex"], prompt, **rule)
        assert expected.startswith(text)
        assert text == expected or name != "generate"
    body = {"mode": "translate", "language": "go", "source_language": "python", "start": "func add(a, b int) int {\n"}
    prompt = f"code translation\nPython:\n{CODE}\nGo:\n{body['start']}"
    text = ask(model="", prompt=CODE, **GREEDY, extra_body=body).choices[0].text
    assert text == alone(folders["codegeex"], prompt, language="go", prefix=body["start"])
    own = {"template": "/* {code} */ {title}", "language": "cpp"}
    text = ask(model="", prompt=CODE, **GREEDY, extra_body=own).choices[0].text
    assert text == alone(folders["codegeex"], f"/* {CODE} */ C++")


def test_a_chat_goes_by_the_models_own_template(chatting: ModelServer) -> None:
    messages: Any = [{"role": "user", "content": [{"type": "text", "text": "add"}]}]
    create: Any = chatting.client.chat.completions.create
    answer = create(model="tiny-chat", messages=messages, **GREEDY)
    expected = chatting.client.completions.create(model="", prompt="<user>add<model>", **GREEDY).choices[0].text
    assert answer.choices[0].message.content == expected
    pieces = [event.choices[0].delta for event in create(model="", messages=messages, stream=True, **GREEDY)]
    assert pieces[0].role == "assistant"
    assert "".join(piece.content or "" for piece in pieces) == expected
    asked = filled(MODES["explain"], CODE, language="python").message
    by_mode = {"mode": "explain", "language": "python"}
    text = chatting.client.completions.create(model="", prompt=CODE, **GREEDY, extra_body=by_mode).choices[0].text
    assert text == create(model="", messages=[{"role": "user", "content": asked}], **GREEDY).choices[0].message.content


def test_a_model_without_a_template_chats_as_in_a_written_conversation(served: ModelServer) -> None:
    create: Any = served.client.chat.completions.create
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "add"}]
    text = create(model="", messages=messages, **GREEDY).choices[0].message.content
    written = "System: Be brief.\n\nUser: add\n\nAssistant:"
    stop = ["\nSystem:", "\nUser:", "\nAssistant:"]
    assert text == served.client.completions.create(model="", prompt=written, stop=stop, **GREEDY).choices[0].text


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("completions", {}, 400, "prompt: field required; see /docs"),
        ("completions", {"prompt": ""}, 400, "prompt: 1 prompts; expected 1 to 64, none empty"),
        ("completions", {"prompt": []}, 400, "prompt: 0 prompts; expected 1 to 64, none empty"),
        ("completions", {"prompt": [9999999]}, 400, "prompt: token 9999999; the model has "),
        ("completions", {"prompt": "x = 1\n" * 4000}, 400, "the prompt has "),
        ("completions", {"prompt": "x", "model": "gpt-4"}, 404, "model: 'gpt-4' is not here; this server has 'tiny-codegeex'"),
        ("completions", {"prompt": "x", "temperature": -1}, 400, "temperature: input should be greater than or equal to 0"),
        ("completions", {"prompt": "x", "n": 0}, 400, "n: input should be greater than or equal to 1"),
        ("completions", {"prompt": "x", "logprobs": 0}, 400, "logprobs: is not for this server; leave it out"),
        ("completions", {"prompt": "x", "echo": True}, 400, "echo: is not for this server; leave it out"),
        ("completions", {"prompt": "x", "stop": [""]}, 400, "stop: 1 words, expected at most 16, none empty"),
        ("completions", {"prompt": "x", "mode": "explan"}, 400, "unknown mode 'explan'; did you mean 'explain'?"),
        ("completions", {"prompt": "x", "mode": "explain"}, 400, "language is missing; the template has {tag}"),
        ("completions", {"prompt": "x", "mode": "translate", "language": "go"}, 400, "source_language is missing; "),
        ("completions", {"prompt": "x", "mode": "generate", "language": "perl"}, 400, "unknown language 'perl'"),
        ("completions", {"prompt": "x", "template": "none"}, 400, "template: has no {code}; put it where the code goes"),
        ("completions", {"prompt": ["x"], "mode": "generate"}, 400, "prompt: a mode takes one text, the code"),
        ("chat/completions", {"messages": []}, 400, "messages: list should have at least 1 item"),
        ("chat/completions", {"messages": [{"role": "wizard", "content": "x"}]}, 400, "unknown role 'wizard'"),
        ("chat/completions", {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages: a part that is no text"),
        ("embeddings", {"input": "x"}, 404, "no such page: /v1/embeddings; see /docs"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_is_one_line_with_a_status(
    served: ModelServer, path: str, body: dict[str, Any], status: int, message: str, stream: bool
) -> None:
    answer = requests.post(f"{served.address}/v1/{path}", json={**body, "stream": stream}, timeout=PATIENCE_S)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (status, "invalid_request_error")
    assert error["message"].startswith(message)
    assert "\n" not in error["message"]


def test_what_is_no_json_is_one_line(served: ModelServer) -> None:
    answer = requests.post(
        f"{served.address}/v1/completions", data=b"{", headers={"Content-Type": "application/json"}, timeout=PATIENCE_S
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("the body is not JSON (")


def test_openais_client_raises_its_own_errors(served: ModelServer) -> None:
    with pytest.raises(openai.NotFoundError, match="is not here; this server has"):
        served.client.completions.create(model="gpt-4", prompt="x")
    with pytest.raises(openai.BadRequestError, match="greater than or equal to 0"):
        served.client.completions.create(model="", prompt="x", temperature=-1)


def test_a_client_that_hangs_up_ends_its_samples_at_their_next_token(served: ModelServer) -> None:
    told: list[Piece] = []
    gone = threading.Event()

    def tell(piece: Piece) -> None:
        told.append(piece)
        gone.set()

    settings = SamplingSettings(temperature=1.0, max_new_tokens=500, num_samples=2)
    Work(Question(prompts=[[1, 2, 3]], settings=settings), tell, gone).run(served.sampler)
    assert len(told) <= 4
    assert not any(piece.reason for piece in told)


def test_a_stream_that_is_left_makes_room_for_the_next_request(served: ModelServer) -> None:
    stream = served.client.completions.create(model="", prompt=CODE, max_tokens=1500, stream=True)
    next(iter(stream))
    stream.close()
    assert served.client.completions.create(model="", prompt=CODE, **GREEDY).choices[0].finish_reason == "length"


def test_more_requests_than_may_wait_are_told_to_come_again(
    served: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.answers, "waiting", WAITING)
    answer = requests.post(f"{served.address}/v1/completions", json={"prompt": "x"}, timeout=PATIENCE_S)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_requests_at_once_are_answered_one_after_the_other(served: ModelServer) -> None:
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        found[number] = served.client.completions.create(model="", prompt=f"x = {number}", **GREEDY).choices[0].text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again: dict[int, str] = dict(found)
    for number in range(4):
        ask(number)
    assert found == again
    assert served.answers.waiting == 0


def test_a_fault_in_the_middle_of_a_stream_is_an_event_of_its_own(
    served: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        self: AnsweringModel, question: Question, tell: Callable[[Piece | None], None], gone: threading.Event
    ) -> None:
        tell(Piece(choice=0, text="so far"))
        tell(None)
        raise RuntimeError("CUDA error: an illegal address")

    monkeypatch.setattr(AnsweringModel, "_answer", broken)
    body = {"prompt": "x", "stream": True}
    lines = requests.post(f"{served.address}/v1/completions", json=body, timeout=PATIENCE_S).text.split("\n\n")
    assert json.loads(lines[0].removeprefix("data: "))["choices"][0]["text"] == "so far"
    error = json.loads(lines[1].removeprefix("data: "))["error"]
    assert error["message"] == "the engine failed (RuntimeError); the server's log says more"
    assert "[DONE]" not in "".join(lines)


def test_our_sampler_of_servers_gets_the_samples_of_the_local_model(
    served: ModelServer, folders: dict[str, Path]
) -> None:
    asked = planned("fresh", Task.GENERATION, ["python", "go"], "all", 1, 2).requests
    settings = SamplingSettings(temperature=0, max_new_tokens=12)
    remote = open_sampler(ModelOptions(model=served.address + "/v1", concurrency=2), settings)
    here = {each.task_id: each.raw for each in local(folders["codegeex"], max_new_tokens=12).sample(asked)}
    there = {each.task_id: each.raw for each in remote.sample(asked)}
    assert there.keys() == here.keys()
    assert all(here[name].startswith(there[name]) or there[name].startswith(here[name]) for name in here)
    assert sum(here[name] == there[name] for name in here) >= 3  # a stop rule may see another piece at a time


def test_the_command_listens_serves_and_ends_at_a_signal(folders: dict[str, Path]) -> None:
    argv = [
        sys.executable,
        str(ROOT / "generate.py"),
        "serve",
        str(folders["codegeex"]),
        "--port",
        "0",
        "--device",
        "cpu",
    ]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            address = said.split()[2]
            assert said == f"listening on {address} (tiny-codegeex; OpenAI's protocol under /v1)\n"
            assert address.startswith("http://127.0.0.1:")
            body = {"prompt": CODE, "max_tokens": 3}
            assert requests.post(f"{address}/v1/completions", json=body, timeout=PATIENCE_S).status_code == 200
        finally:
            process.terminate()
        assert (process.wait(PATIENCE_S), process.stderr.read() if process.stderr else "") == (0, "")


def test_a_token_is_asked_for_where_the_server_has_one(folders: dict[str, Path]) -> None:
    with running(folders["codegeex"], tokens=["sixteen-or-more-characters"]) as server:
        assert requests.get(f"{server.address}/v1/models", timeout=PATIENCE_S).status_code == 401
        bearer = {"Authorization": "Bearer sixteen-or-more-characters"}
        assert requests.get(f"{server.address}/v1/models", headers=bearer, timeout=PATIENCE_S).status_code == 200
        assert requests.get(f"{server.address}/", timeout=PATIENCE_S).status_code == 200


@pytest.mark.parametrize("command", CURL)
def test_a_command_of_the_documentation_gets_an_answer(served: ModelServer, command: str) -> None:
    command = command.replace("http://127.0.0.1:8000", served.address)
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
    assert '"choices"' in said
    assert '"error"' not in said


def test_the_documentation_has_commands() -> None:
    assert len(CURL) >= 2
