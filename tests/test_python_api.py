"""From Python a wrong argument is one line of ours that names it, like a wrong option: never a fault from below."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import humaneval_x as hx
from humaneval_x.errors import InputError, OptionError
from humaneval_x.evaluation import evaluate
from humaneval_x.library import Library
from humaneval_x.rewards import LocalJudge, RemoteJudge, openrlhf_reward, reward_of, trl_reward, verifiers_reward
from humaneval_x.samples import Asked
from humaneval_x.settings import Errata, EvaluationSettings

SAMPLES = Path(__file__).parents[1] / "examples" / "demo_samples.jsonl"
FRESH = hx.load_problems("fresh")
A_PATH = "expected a text, a path or None"
PATHS = "expected a text, a path or a list (a text or a path each)"

WRONG: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = [
    (hx.evaluate, (5,), {}, f"samples is 5; {PATHS}"),
    (hx.evaluate, (None,), {}, f"samples is None; {PATHS}"),
    (hx.evaluate, ([SAMPLES, 5],), {}, "samples is ["),
    (hx.evaluate, (b"s.jsonl",), {}, f"samples is b's.jsonl'; {PATHS}"),
    (hx.evaluate, (), {}, "evaluate: missing a required argument: 'samples'; it takes samples, output, "),
    (hx.evaluate, (SAMPLES,), {"output": 5}, f"output is 5; {A_PATH}"),
    (hx.evaluate, (SAMPLES,), {"problems": 5}, f"problems is 5; {A_PATH}"),
    (hx.evaluate, (SAMPLES,), {"settings": {}}, "settings is {}; expected an EvaluationSettings or None"),
    (hx.evaluate, (SAMPLES,), {"asked": "rows"}, "asked is 'rows'; expected an Asked"),
    (hx.evaluate, (SAMPLES,), {"sandbox": 5}, "sandbox is 5; expected a text"),
    (hx.evaluate, (SAMPLES,), {"sandbox": "dockr"}, "unknown sandbox 'dockr'; did you mean 'docker'?"),
    (hx.evaluate, (SAMPLES,), {"engine": ["ray"]}, "engine is ['ray']; expected a text"),
    (hx.evaluate, (SAMPLES,), {"docker_image": 5}, "docker_image is 5; expected a text"),
    (hx.evaluate, (SAMPLES,), {"partial": "yes"}, "partial is 'yes'; expected true or false"),
    (hx.evaluate, (SAMPLES,), {"workers": "two"}, "workers is 'two'; expected a whole number from 1 to "),
    (hx.evaluate, (SAMPLES,), {"k": 1.5}, "k is 1.5; expected a whole number or a list (a whole number each)"),
    (hx.evaluate, (SAMPLES,), {"k": [0]}, "k is 0; expected whole numbers from 1 to "),
    (hx.evaluate, (SAMPLES,), {"worker": 2}, "unknown argument of evaluate 'worker'; did you mean 'workers'? choose "),
    (hx.load_problems, (5,), {}, f"name_or_dir is 5; {A_PATH}"),
    (hx.load_problems, ("fresh",), {"languages": 5}, "languages is 5; expected a text, a list (a text each) or None"),
    (hx.load_problems, ("fresh",), {"languages": ["golang"]}, "unknown language 'golang'; did you mean 'go'?"),
    (hx.read_samples, (5, FRESH), {}, f"paths is 5; {PATHS}"),
    (hx.read_samples, (SAMPLES, "fresh"), {}, "problems is 'fresh'; expected a ProblemSet"),
    (hx.pass_at_k, ("5", 1, 1), {}, "n is '5'; expected a whole number"),
    (hx.pass_at_k, (5, 1.5, 1), {}, "c is 1.5; expected a whole number"),
    (hx.pass_at_k, (5, 1), {}, "pass_at_k: missing a required argument: 'k'; it takes n, c, k"),
    (hx.generate, (5, "s.jsonl"), {}, "model is 5; expected a text or a ModelOptions"),
    (hx.generate, ("echo", 5), {}, "output is 5; expected a text or a path"),
    (hx.generate, ("echo", "s.jsonl"), {"languages": "golang"}, "unknown language 'golang'; did you mean 'go'?"),
    (hx.generate, ("echo", "s.jsonl"), {"pairs": 5, "task": "translation"}, "pairs is 5; expected a text or a list "),
    (hx.generate, ("echo", "s.jsonl"), {"temperature": "hot"}, "temperature is 'hot'; expected a number"),
    (hx.generate, ("echo", "s.jsonl"), {"limit": True}, "limit is True; expected a whole number from 1"),
    (hx.generate, ("echo", "s.jsonl"), {"rules": 5}, "rules is 5; expected a text"),
    (EvaluationSettings, (), {"tests": "hiden"}, "unknown --tests 'hiden'; did you mean 'hidden'?"),
    (EvaluationSettings, (), {"running": 5}, "--running is 5; expected a Limits"),
    (Asked, (), {"format": "x"}, "unknown --format 'x'; choose auto, "),
    (Asked, (), {"languages": ["golang"]}, "unknown language 'golang'; did you mean 'go'?"),
    (Library, (5,), {}, f"problems is 5; {A_PATH}"),
    (Library("fresh").samples, (5,), {}, "rows is 5; expected a list (a Mapping each)"),
    (Library("fresh").samples, ([5],), {}, "rows is [5]; expected a list (a Mapping each)"),
    (LocalJudge, (5,), {}, f"problems is 5; {A_PATH}"),
    (RemoteJudge, (5,), {}, "address is 5; expected a text"),
    (RemoteJudge, ("http://host",), {"at_once": 0}, "at_once is 0; expected a whole number from 1 to "),
    (RemoteJudge, ("http://host",), {"answers": "x"}, "unknown answers 'x'; choose auto, "),
    (reward_of, (5,), {}, "judged is 5; expected a Judged"),
    *[(each, (5,), {}, "judge is 5; expected a Judge") for each in (trl_reward, openrlhf_reward, verifiers_reward)],
]


@pytest.mark.parametrize(("function", "arguments", "options", "line"), WRONG)
def test_a_wrong_argument_is_one_line_that_names_it(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    options: dict[str, Any],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        function(*arguments, **options)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []  # it is said before anything is begun


def test_every_public_function_is_in_the_table() -> None:
    assert {getattr(hx, name) for name in hx.__all__} <= {function for function, *_ in WRONG}


def test_a_public_function_keeps_its_name_its_signature_and_what_it_says() -> None:
    assert evaluate.__name__ == "evaluate" and (evaluate.__doc__ or "").startswith("Judge every sample")
    assert list(inspect.signature(evaluate).parameters)[:3] == ["samples", "output", "problems"]


def test_one_name_is_as_good_as_a_list_of_one() -> None:
    assert hx.load_problems("fresh", languages="go").problems == hx.load_problems("fresh", languages=["go"]).problems
    assert [*hx.read_samples(SAMPLES, FRESH)] == [*hx.read_samples(iter([str(SAMPLES)]), FRESH)]


def test_wrong_settings_of_a_record_are_refused_when_it_is_made() -> None:
    assert EvaluationSettings(errata="corrected").errata is Errata.CORRECTED  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"^--all_checks is 1; expected true or false"):
        EvaluationSettings(all_checks=1)  # type: ignore[arg-type]
