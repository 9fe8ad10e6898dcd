"""Hostile texts: each ends in time or at its limit, and costs its own row only."""

from __future__ import annotations

import time

import pytest
from official import fresh

from humaneval_x.answers import processes
from humaneval_x.assembly import Order, Programs, prepared
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Problem, Sample
from humaneval_x.settings import EvaluationSettings

PIECES = (
    "{", "}", "(", "[", "'", '"', "`", "/", "\\", "=/[", "${", "`${", "a<b<", "if(a){", "if a:\n", "    if a:\n", "a ",
    "def a(): b\n", "func a() {b()}\n", "int a(){b();}\n", "\n// \n", "# x\n", "```\n", "<think>", "</think>\n", "<|im_end|>",
    "This is prose, and it's long. ", "class A {\n", "for ", "for (", "a, ", "x = ", "@\n", "\u00a0", "\ufeff", "<code>\n", "[A]\n",
    'R"(', '"""', "'''", "#if 1\n", "template<", "?:", "a:", "=>", "/*", "*/",
)  # fmt: skip
TOO_MUCH = {"a<b<"}  # takes gigabytes in one grammar: for processes with limits alone
SLOW = {"=/[", "/*", "*/", '"', "${", 'R"(', "template<"}
BEYOND = "continuation: beyond the reader's limits"


def order(problem: Problem, text: str) -> Order:
    sample = Sample(task_id=problem.task_id, completion=text, sample_index=0)
    return Order(problem, sample, EvaluationSettings())


@pytest.mark.long
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_reading_fails_on_no_text(language):
    problem = fresh(language)[0]
    for piece in PIECES:
        for text in (piece * 300, problem.canonical_solution + piece * 300, problem.prompt + piece * 300):
            assert prepared(order(problem, text)).program.candidate.startswith(problem.prompt[:1])


@pytest.mark.long
def test_what_takes_too_long_or_too_much_memory_costs_its_own_row_only(monkeypatch):
    bombs = [order(fresh("java")[0], "a<b<" * 100_000), order(fresh("javascript")[0], "=/[" * 100_000)]
    good = [order(problem, problem.canonical_solution) for problem in fresh("java")]
    with Programs() as programs:
        found = {id(each): result for each, result in programs.map([*good[:10], *bombs, *good[10:]])}
    assert [found[id(each)].read_as for each in bombs] == [BEYOND, BEYOND]
    assert [found[id(each)] for each in good] == [prepared(each) for each in good]


@pytest.mark.long
@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("piece", ["# x\n", "// x\n", "<code>\n", "#if 1\n", "x = 1\n", "```\n", "print(1)\n"])
def test_what_a_model_repeats_behind_a_solution_without_end_changes_nothing(language, piece):
    problem = fresh(language)[0]
    whole = problem.prompt + problem.canonical_solution
    with Programs() as programs:
        for text in (problem.canonical_solution, f"```{language}\n{whole}```\n"):
            found = programs.of(order(problem, text + piece * (100_000 // len(piece))))
            assert (found.read_as.partition(":")[0], found.missing) == (prepared(order(problem, text)).read_as, "")
            assert len(found.program.candidate) < 2 * len(whole) + 100


def test_a_text_beyond_any_use_is_not_read():
    problem = fresh("go")[0]
    with Programs() as programs:
        assert programs.of(order(problem, "a" * (processes.LONGEST + 1))).read_as == BEYOND
        assert programs.of(order(problem, problem.canonical_solution)).read_as == "continuation"


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_100_kb_of_anything_end_within_their_cpu_time(language):
    problem = fresh(language)[0]
    used = {}
    for piece in sorted({*PIECES} - TOO_MUCH):
        began = time.process_time()
        prepared(order(problem, piece * (100_000 // len(piece))))
        used[piece] = time.process_time() - began
    slow = {piece for piece, seconds in used.items() if seconds > 5 * processes.LEAST_CPU_S}
    assert slow <= SLOW  # which processes end at their limit: the grammar alone takes so long
