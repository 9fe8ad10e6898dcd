"""What every engine and a server keep to. A new engine is a line in ENGINES, and passes this suite.

The server is `generate.py serve` over the PyTorch engine, asked by the sampler of servers. Greedy ids are those of transformers' own `generate`; drawn ones come as often as the model's own probabilities say.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from drawn import by_key
from transformers import AutoModelForCausalLM

import humaneval_x as hx
from humaneval_x.errors import OptionError, SampleError
from humaneval_x.generation import planned
from humaneval_x.languages import LANGUAGES
from humaneval_x.samplers import ModelOptions, Request, Sampler, SamplingSettings, open_sampler
from humaneval_x.samplers.local import opened
from humaneval_x.samplers.question import question
from humaneval_x.settings import Rules, Task

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "model_server"))

LOCAL = ["torch", *(pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("vllm", "mindspore"))]
ENGINES = [*LOCAL, "server"]
ONLY = {"mindspore": "codegeex"}  # the models of an engine that does not run all
EXACT = ("torch", "server")  # whose samples are the same bits whatever the batch, in float32 on a CPU
MANY = defaultdict(lambda: 64, server=32)  # samples, where they are many
COUNTING_PIECES = ("server",)  # not tokens: one that ends inside a character comes with the next
MODELS = ["codegeex", "gpt2 of wide heads", "qwen2"]
GREEDY = SamplingSettings(temperature=0, max_new_tokens=16)
DRAWN = SamplingSettings(temperature=0.9, top_p=0.95, max_new_tokens=24, seed=3)
NO_LANGUAGE = Request(task_id="prompt", language="", prompt="def f(x):\n    return x", prefix="")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


LOADED: dict[ModelOptions, Sampler] = {}
SERVERS = ExitStack()


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[None]:
    """Servers run until the last test of this file."""
    with SERVERS, pytest.MonkeyPatch.context() as environment:
        environment.setenv("no_proxy", "127.0.0.1")
        yield


@cache
def served(folder: Path) -> str:
    """Return the address of a model behind the server."""
    pytest.importorskip("fastapi")
    from model_servers import running

    return SERVERS.enter_context(running(folder)).address + "/v1"


def options_of(engine: str, folder: Path, batch_size: int | None = None, **options: Any) -> ModelOptions:
    """Return how a model is asked for: on a CPU, or behind a server."""
    if engine == "server":
        return ModelOptions(model=served(folder), concurrency=batch_size or 2, **options)
    return ModelOptions(model=str(folder), engine=engine, device="cpu", batch_size=batch_size, **options)


def open_one(engine: str, folder: Path, settings: SamplingSettings, **options: Any) -> Sampler:
    """Return a model as the commands open it; what takes seconds to start is started once."""
    if ONLY.get(engine, "") not in folder.name:
        pytest.skip(f"{engine} runs {ONLY[engine]} only")
    asked = options_of(engine, folder, **options)
    sampler: Any = LOADED.get(asked) or open_sampler(asked, settings)
    if engine == "vllm":
        LOADED[asked] = sampler
        sampler.engine.use(settings)
    return sampler


def requests(count: int, samples: int, languages: list[str] | None = None, **changes: Any) -> list[Request]:
    """Return requests of the fresh set, `count` a language."""
    found = planned("fresh", Task.GENERATION, languages, "all", samples, count).requests
    return [replace(each, **changes) for each in found]


class Plain:
    """The model as transformers runs it, one text at a time."""

    def __init__(self, folder: Path, **options: Any) -> None:
        known = opened(ModelOptions(model=str(folder), **options))
        self.tokenizer, self.end_ids, self.encode = known.tokenizer, known.end_ids, known.prompts().encode
        self.model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def greedy(self, request: Request, limit: int) -> str:
        """Return the greedy continuation."""
        ids = torch.tensor([self.encode(request)])
        made = self.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=limit, pad_token_id=0
        )
        return self.text(made[0, ids.shape[1] :].tolist())

    def text(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode([token for token in ids if token not in self.end_ids]))

    @torch.no_grad()
    def probabilities(self, request: Request, temperature: float, top_k: int) -> dict[str, float]:
        """Return how probable each text of one token is that may follow."""
        logits = self.model(torch.tensor([self.encode(request)])).logits[0, -1].double() / temperature
        best = logits.topk(top_k)
        chances, found = best.values.softmax(0).tolist(), defaultdict[str, float](float)
        for token, chance in zip(best.indices.tolist(), chances, strict=True):
            found[self.text([token])] += chance
        return found


@pytest.mark.parametrize("name", MODELS)
def test_greedy_samples_are_those_of_transformers_alone_and_among_prompts_of_other_lengths(
    engine: str, name: str, tiny: Callable[[str], Path]
) -> None:
    plain, asked = Plain(tiny(name)), requests(1, 2)
    found = by_key(open_one(engine, tiny(name), GREEDY).sample(asked))
    assert len({len(plain.encode(request)) for request in asked}) > 1
    assert len(found) == len(asked) * 2
    for request in asked:
        whole = plain.greedy(request, GREEDY.max_new_tokens)
        for index in request.indices:
            completion = found[request.task_id, index]
            assert whole.startswith(completion.raw.rstrip("\ufffd"))
            assert completion.raw == whole or completion.finish_reason == "stop"
    one = open_one(engine, tiny(name), GREEDY, batch_size=1)
    assert by_key(one.sample(asked[:2])) == {key: each for key, each in found.items() if key[0] in
                                             [request.task_id for request in asked[:2]]}  # fmt: skip


@pytest.mark.parametrize("name", ["codegeex", "qwen2"])
def test_tokens_are_drawn_as_often_as_the_model_says(engine: str, name: str, tiny: Callable[[str], Path]) -> None:
    """Draws of 12 tokens; chi-square with 11 degrees of freedom passes 45 once in 300,000 times."""
    draws = 1_000 if engine == "server" else 10_000  # each is a request there
    settings = SamplingSettings(temperature=1.5, top_k=12, max_new_tokens=1, seed=11)
    expected = Plain(tiny(name)).probabilities(NO_LANGUAGE, 1.5, 12)
    sampler = open_one(engine, tiny(name), settings)
    asked = replace(NO_LANGUAGE, indices=tuple(range(draws)))
    counts = Counter(completion.raw for completion in sampler.sample([asked]))
    assert counts.keys() <= expected.keys()
    assert sum(counts.values()) == draws
    assert len([chance for chance in expected.values() if chance * draws > 5]) > 4, "nearly one token only"
    deviation = sum((counts[text] - chance * draws) ** 2 / (chance * draws) for text, chance in expected.items())
    assert deviation < 45, (counts, {text: chance * draws for text, chance in expected.items()})


@pytest.mark.parametrize("name", MODELS)
def test_samples_of_a_prompt_differ_and_do_not_depend_on_batch_and_order(
    engine: str, name: str, tiny: Callable[[str], Path]
) -> None:
    asked = requests(1, 8, ["python", "go"])
    expected = by_key(open_one(engine, tiny(name), DRAWN).sample(asked))
    assert len({completion.raw for completion in expected.values()}) > 8
    again = by_key(open_one(engine, tiny(name), DRAWN, batch_size=3).sample(reversed(asked)))
    assert again.keys() == expected.keys()
    differ = sum(again[key] != expected[key] for key in expected)
    assert differ == 0 if engine in EXACT else differ <= 2  # of 16: kernels may round by batch


def test_sampling_ends_where_the_languages_rule_first_says(engine: str, tiny: Callable[[str], Path]) -> None:
    settings, many = SamplingSettings(temperature=1.0, max_new_tokens=60), MANY[engine]
    (stopping,) = requests(1, many, ["python"], rules=Rules.REFERENCE)
    sampler, stops = open_one(engine, tiny("gpt2 of wide heads"), settings), LANGUAGES["python"].stops
    whole = by_key(sampler.sample([replace(stopping, language="")]))
    found = by_key(sampler.sample([stopping]))
    reasons = Counter(completion.finish_reason for completion in found.values())
    assert min(reasons["stop"], reasons["length"] + reasons["eos"]) >= many // 16, reasons
    for key, completion in found.items():
        if completion.finish_reason == "stop":
            assert stops(completion.raw)
            assert whole[key].raw.startswith(completion.raw.rstrip("\ufffd"))
            assert completion.tokens <= whole[key].tokens
        else:
            assert not stops(completion.raw.rstrip("\ufffd"))
            assert completion == whole[key]


def test_sampling_ends_at_the_end_of_text_and_at_the_length(engine: str, tiny: Callable[[str], Path]) -> None:
    settings = SamplingSettings(temperature=1.5, max_new_tokens=60)
    sampler = open_one(engine, tiny("gpt2 of wide heads"), settings)
    completions = list(sampler.sample([replace(NO_LANGUAGE, indices=tuple(range(MANY[engine])))]))
    reasons = Counter(completion.finish_reason for completion in completions)
    assert set(reasons) == {"eos", "length"}
    lengths = {completion.tokens for completion in completions if completion.finish_reason == "length"}
    assert lengths == {60} or engine in COUNTING_PIECES
    assert all(1 <= completion.tokens <= 60 for completion in completions)
    assert not any("<|endoftext|>" in completion.raw for completion in completions)


def test_sampling_ends_where_the_models_positions_end(engine: str, tiny: Callable[[str], Path]) -> None:
    sampler = open_one(engine, tiny("short codegeex"), SamplingSettings(temperature=1.0, max_new_tokens=500))
    long = replace(NO_LANGUAGE, prompt="x = 1\n" * 30, indices=(0, 1, 2, 3))
    room = 200 - len(Plain(tiny("short codegeex")).encode(long))
    completions = list(sampler.sample([long]))
    assert 0 < room < 200
    lengths = {each.tokens for each in completions if each.finish_reason == "length"}
    assert lengths == {room} or (lengths and engine in COUNTING_PIECES)
    assert all(each.tokens <= room for each in completions)


def test_a_prompt_that_is_too_long_is_named_or_left_out_on_request(engine: str, tiny: Callable[[str], Path]) -> None:
    long, short = replace(NO_LANGUAGE, task_id="Go/7", prompt="x = 1\n" * 400), replace(NO_LANGUAGE, task_id="Go/8")
    folder, settings = tiny("short codegeex"), SamplingSettings(max_new_tokens=2)
    message = r"^Go/7: .*the prompt has \d+ tokens, the model.* 200 with the completion.*; .* --skip_long$"
    with pytest.raises(OptionError, match=message):
        list(open_one(engine, folder, settings).sample([long, short]))
    assert [each.task_id for each in open_one(engine, folder, settings, skip_long=True).sample([long, short])] == [
        "Go/8"
    ]


def test_a_model_with_a_chat_template_is_asked_by_it_and_its_answer_is_kept_whole(
    engine: str, tiny: Callable[[str], Path]
) -> None:
    folder, asked = tiny("chatting qwen2"), requests(1, 1, ["python", "cpp"])
    plain, completing = Plain(folder), Plain(folder, prompting="completion")
    assert plain.encode(asked[0]) == plain.tokenizer(f"<user>{question(asked[0])}<model>")["input_ids"]
    assert completing.encode(asked[0]) == plain.tokenizer(asked[0].prompt)["input_ids"]
    sampler = open_one(engine, folder, GREEDY, prompting="chat" if engine == "server" else "auto")
    assert sampler.identity.details["prompting"] == "chat"
    assert {each.task_id: each.raw for each in sampler.sample(asked)} == {
        request.task_id: plain.greedy(request, GREEDY.max_new_tokens) for request in asked
    }
    (continued,) = open_one(engine, folder, GREEDY, prompting="completion").sample([replace(asked[0], language="")])
    assert continued.raw == completing.greedy(asked[0], GREEDY.max_new_tokens)


def test_what_an_iteration_left_has_no_part_in_the_next(engine: str, tiny: Callable[[str], Path]) -> None:
    asked, sampler = requests(1, 3, ["go"]), open_one(engine, tiny("codegeex"), GREEDY)
    expected = by_key(sampler.sample(asked))
    next(iter(sampler.sample(asked)))
    assert by_key(sampler.sample(asked)) == expected


def test_a_run_goes_on_where_it_stopped_and_refuses_a_file_of_other_settings(
    engine: str, tiny: Callable[[str], Path], tmp_path: Path
) -> None:
    model = options_of(engine, tiny("codegeex"))
    options: dict[str, Any] = {"problems": "fresh", "languages": ["java"], "limit": 2, "num_samples": 3, "quiet": True}
    options |= {"temperature": 0, "max_new_tokens": 8}
    whole, torn = tmp_path / "whole.jsonl", tmp_path / "torn.jsonl"
    hx.generate(model, whole, **options)
    lines = whole.read_bytes().splitlines(keepends=True)
    torn.write_bytes(lines[4] + lines[1] + lines[0][:50])
    done = hx.generate(model, torn, **options)
    assert (done.resumed, done.written) == (2, 4)
    assert torn.read_bytes() == whole.read_bytes()
    row = json.loads(lines[0])
    assert row["model"] == "tiny-codegeex"
    assert engine == "server" or (row["settings"]["device"], row["settings"]["dtype"]) == ("cpu", "float32")
    with pytest.raises(SampleError, match="its samples have max_new_tokens 8, this run 9; choose another --output"):
        hx.generate(model, torn, **{**options, "max_new_tokens": 9, "num_samples": 4})


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prompting": "chat"}, "--prompting chat: CodeGeeX continues text and has no chat template; leave it out"),
        ({"engine": "tensorflow"}, r"unknown --engine 'tensorflow'; .*choose auto, .*torch"),
    ],
)
def test_what_cannot_be_is_said_before_a_model_is_loaded(
    engine: str, options: dict[str, Any], message: str, tiny: Callable[[str], Path]
) -> None:
    with pytest.raises(OptionError, match=message):
        open_one(**{"engine": engine, "folder": tiny("codegeex"), "settings": GREEDY, **options})


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize("model", ["echo", "http://127.0.0.1:9/v1"])
def test_an_engine_is_for_models_of_this_machine(engine: str, model: str) -> None:
    with pytest.raises(OptionError, match=rf"^--engine {engine}: is for a model on this machine; leave it out for a"):
        open_sampler(ModelOptions(model=model, engine=engine), GREEDY)
