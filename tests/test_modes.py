"""The templates of the modes: what a model gets to see, and where its answer ends."""

from __future__ import annotations

from typing import Any

import pytest

from humaneval_x.errors import OptionError
from humaneval_x.languages import LANGUAGES
from humaneval_x.modes import FIELDS, MODES, before, dialogue, filled, mode_named, mode_of
from humaneval_x.problems import load_problems
from humaneval_x.prompts import asked as published
from humaneval_x.prompts import words_of
from humaneval_x.tasks import TASKS, Task

CODE = "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize("name", MODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mode_is_filled_in_for_every_language(name: str, language: str) -> None:
    asked = filled(MODES[name], CODE, language=language, source_language="python", start="start")
    assert CODE in asked.prompt
    assert CODE in asked.message
    for text in (asked.prompt, asked.message, asked.shown):
        assert not any(f"{{{field}}}" in text for field in FIELDS)
    known = LANGUAGES[language]
    assert known.TITLE in asked.message
    assert (known.TAG in asked.prompt) == (name != "translate")
    assert bool(asked.language) == (name in ("generate", "translate"))


def test_generation_and_translation_are_the_published_prompts() -> None:
    problems = load_problems("fresh").problems
    source, target = problems["Python/fresh-0"], problems["Go/fresh-0"]
    generation, _ = published(TASKS[Task.GENERATION].asking, words_of(source, "", problems))
    assert filled(MODES["generate"], source.prompt, language="python").prompt == generation
    code = f"{source.declaration}\n{source.canonical_solution.rstrip()}"
    languages = {"language": "go", "source_language": "python"}
    asked = filled(MODES["translate"], code, start=target.declaration, **languages)
    translation, _ = published(TASKS[Task.TRANSLATION].asking, words_of(target, "python", problems))
    assert asked.prompt == translation
    assert (asked.language, asked.prefix, asked.shown) == ("go", target.declaration, target.declaration)


def test_a_translation_without_a_start_ends_by_no_rule() -> None:
    assert filled(MODES["translate"], CODE, language="go", source_language="python").language == ""


def test_a_template_of_ones_own_has_the_same_fields_and_what_is_put_in_is_not_looked_at_again() -> None:
    mode = mode_of("{mark} {title}: {code}{start} {x} {}")
    asked = filled(mode, "{title} {start}", language="cpp", start="{code}")
    assert asked.prompt == "// C++: {title} {start}{code} {x} {}"
    assert asked.message == asked.prompt


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: mode_named("explane"), "unknown mode 'explane'; did you mean 'explain'? choose comment, complete, "),
        (lambda: mode_of("no place"), "template: has no {code}; put it where the code goes (the fields are {code}, "),
        (lambda: filled(MODES["explain"], CODE), "language is missing; the template has {tag}, which is a language's"),
        (lambda: filled(MODES["translate"], CODE, language="go"), "source_language is missing; the template has {sou"),
        (
            lambda: filled(MODES["explain"], " \n", language="go"),
            "the code is empty; give what the model is to work on",
        ),
        (lambda: filled(MODES["explain"], CODE, language="perl"), "unknown language 'perl'"),
        (lambda: dialogue([{"role": "wizard", "content": "x"}]), "unknown role 'wizard'"),
    ],
)
def test_what_is_missing_or_unknown_is_one_line(ask: Any, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        ask()
    assert str(caught.value).startswith(message)


def test_a_conversation_is_written_out_and_ends_where_somebody_else_speaks() -> None:
    asked = dialogue([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "add"}])
    assert asked.prompt == "System: Be brief.\n\nUser: add\n\nAssistant:"
    assert before(" a + b\n\nUser: thanks", asked.stop) == " a + b\n"


def test_a_text_is_cut_before_the_first_of_the_stop_words() -> None:
    assert before("one two three", ("three", "two")) == "one "
    assert before("one", ("two",)) == before("one", ()) == "one"
