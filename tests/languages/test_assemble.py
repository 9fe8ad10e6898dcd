"""Assembly: the parts of a program, and that together they are the reference evaluator's program."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from official import fresh, official

from humaneval_x.assembly import program_of
from humaneval_x.errors import ProblemError
from humaneval_x.languages import BY_PREFIX, LANGUAGES, PAIRS
from humaneval_x.records import Problem, Program, Sample
from humaneval_x.settings import EvaluationSettings, Rules, Task


def assemble(language: str, problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    prefixed = replace(problem, task_id=f"{LANGUAGES[language].PREFIX}/1", test=test)
    source = "a source" if task is Task.TRANSLATION else None
    sample = Sample(task_id=prefixed.task_id, completion=completion, sample_index=0, source_language=source)
    return program_of(prefixed, sample, EvaluationSettings(rules=rules))


PROBLEM = Problem(
    task_id="X/1",
    prompt="PROMPT\n",
    declaration="DECLARATION\n",
    canonical_solution="",
    test="TEST",
    example_test="",
)
INCLUDES = (
    "#include<stdlib.h>\n#include<algorithm>\n#include<math.h>\n#include<stdio.h>\n#include<vector>\n"
    "#include<string>\n#include<climits>\n#include<cstring>\n#include<iostream>\n"
)


def test_registry_names_agree() -> None:
    assert {name: language.NAME for name, language in LANGUAGES.items()} == {name: name for name in LANGUAGES}
    assert sorted(BY_PREFIX) == ["CPP", "Go", "Java", "JavaScript", "Python", "Rust"]
    assert len(PAIRS) == len(set(PAIRS)) == 20


@pytest.mark.parametrize("task", [Task.GENERATION, Task.TRANSLATION])
def test_generation_continues_the_prompt_and_translation_the_declaration(task: Task) -> None:
    for language in LANGUAGES.values():
        problem = fresh(language.NAME)[0]
        prefix = problem.prompt if task is Task.GENERATION else problem.declaration
        program = assemble(language.NAME, problem, "    BODY\n", task, "TEST", Rules.REFERENCE)
        assert program.candidate.endswith(prefix + "    BODY\n\n")
        assert program.tests == "TEST"
        assert program.language == language.NAME


def test_python_preamble_is_the_sixteen_imports() -> None:
    program = assemble("python", PROBLEM, "    pass\n", Task.GENERATION, "TEST", Rules.OURS)
    assert program.preamble == (
        "import math\nimport re\nimport sys\nimport copy\nimport datetime\nimport itertools\nimport collections\n"
        "import heapq\nimport statistics\nimport functools\nimport hashlib\nimport numpy\nimport numpy as np\n"
        "import string\nfrom typing import *\nfrom collections import *\n"
    )


def test_python_is_cut_at_its_first_line_in_column_0_by_the_reference_rule() -> None:
    raw = "    return helper(1)\n\ndef helper(x):\n    return x\n"
    cut = assemble("python", PROBLEM, raw, Task.GENERATION, "TEST", Rules.REFERENCE)
    assert cut.candidate == "PROMPT\n    return helper(1)\n\n\n"
    whole = assemble("python", PROBLEM, raw, Task.GENERATION, "TEST", Rules.OURS)
    assert whole.candidate == "PROMPT\n    return helper(1)\n\n\ndef helper(x):\n    return x\n\n"


def test_cpp_preamble_leaves_out_what_the_prompt_includes() -> None:
    program = assemble("cpp", replace(PROBLEM, prompt="int f(int x){\n"), "}", Task.GENERATION, "TEST", Rules.OURS)
    assert program.preamble == INCLUDES
    has_some = replace(PROBLEM, prompt="#include<vector>\n#include <string>\nint f(int x){\n")
    program = assemble("cpp", has_some, "}", Task.GENERATION, "TEST", Rules.OURS)
    assert program.preamble == INCLUDES.replace("#include<vector>\n", "")


def test_java_preamble_repeats_the_imports_for_the_tests() -> None:
    problem = replace(
        PROBLEM, prompt="import java.util.*;\nimport java.math.BigInteger;\n\nclass Solution {\n    int f(int x) {\n"
    )
    program = assemble("java", problem, "}", Task.GENERATION, "TEST", Rules.OURS)
    assert program.preamble == "import java.util.*;\nimport java.math.BigInteger;\n"
    assert json.loads(program.declared)["before"] == problem.prompt.partition("int f")[0]
    assert program.candidate.startswith(problem.prompt + "}\n")


GO = replace(
    PROBLEM,
    prompt='import (\n    "strings"\n)\n\n// Doc.\nfunc F() {\n',
    imports='import (\n    "strings"\n)\n',
    test_setup='package main\n\nimport (\n    "testing"\n    "math"\n)\n',
)


@pytest.mark.parametrize(
    ("completion", "rules", "if_used", "always"),
    [
        ("math.Abs(x)\n}", Rules.REFERENCE, ["testing", "math"], []),
        ("strings.ToUpper(x)\n}", Rules.REFERENCE, ["testing", "math", "strings"], []),
        ("rand.Intn(3); fmt.Println()\n}", Rules.REFERENCE, ["testing", "math"], ["fmt", "math/rand"]),
        ("// sort. it\n}", Rules.REFERENCE, ["testing", "math"], ["sort"]),
        ("// sort. it\n}", Rules.OURS, [], []),
        ('x := "time."\n}', Rules.OURS, [], []),
        ("resort.Do(); a.sort.Do()\n}", Rules.OURS, [], []),
        ("sort.Ints(x); math.Abs(x)\n}", Rules.OURS, ["math", "sort"], []),
    ],
)
def test_go_imports_what_a_candidate_uses(completion: str, rules: Rules, if_used: list[str], always: list[str]) -> None:
    program = assemble("go", GO, completion, Task.GENERATION, "strings.ToUpper()", rules)
    preamble = "package main\n\n"
    for names, mark in ((if_used, " // if used"), (always, "")):
        preamble += "import (\n" + "".join(f'    "{name}"{mark}\n' for name in names) + ")\n" if names else ""
    assert program.preamble == preamble
    assert program.candidate == "\n// Doc.\nfunc F() {\n" + completion + "\n"


@pytest.mark.parametrize("own", ['"crypto/rand"', '"math/rand/v2"', 'rand "crypto/sha256"', '"math/rand"'])
def test_an_import_of_a_go_program_stands_in_place_of_another_of_its_name(own: str) -> None:
    whole = f"package main\n\nimport {own}\n\nfunc F() {{\n    rand.F(strings.ToUpper(x))\n}}\n"
    program = assemble("go", GO, whole, Task.GENERATION, "TEST", Rules.OURS)
    imported = [line.strip() for line in program.preamble.splitlines() if line.endswith(" // if used")]
    assert sorted(imported) == sorted(['"strings" // if used', f"{own} // if used"])


def test_gos_tests_have_a_package_of_their_own_that_no_candidate_changes() -> None:
    problem = replace(GO, prompt="func G() { sort.Ints(nil) }\nfunc F() {\n", imports="")
    programs = [
        assemble("go", problem, text, Task.GENERATION, "TEST", Rules.OURS) for text in ("}", "fmt.Println()\n}")
    ]
    assert programs[0].declared == programs[1].declared
    before = json.loads(programs[0].declared)["before"]
    assert before.startswith("package main\n\nimport (\n")
    assert before.endswith("func G() { sort.Ints(nil) }\n")
    for name in ("testing", "math", "sort"):
        assert before.count(f'    "{name}" // if used\n') == 1


def test_a_function_that_gos_tests_call_and_the_declaration_lacks_is_asked_of_the_candidate() -> None:
    problem = replace(
        GO, prompt="func G(x int) int {\n    return x\n}\nfunc F() {\n", declaration="func F() {\n", imports=""
    )

    def asked(task: Task, tests: str) -> list[str]:
        program = assemble("go", problem, "}", task, tests, Rules.OURS)
        return [each["head"] for each in json.loads(program.declared)["functions"]]

    assert asked(Task.GENERATION, "F(); G(1)") == ["func F()"]
    assert asked(Task.TRANSLATION, "F(); G(1)") == ["func G(x int) int", "func F()"]
    assert asked(Task.TRANSLATION, "F(); g.G(1)") == ["func F()"]


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_both_rules_build_one_program_of_a_canonical_solution(language: str, task: Task) -> None:
    for problem in (*fresh(language), *official(language)):
        ours, reference = (
            assemble(language, problem, problem.canonical_solution, task, problem.test, rules) for rules in Rules
        )
        if task is Task.GENERATION or problem.task_id not in {"Go/10", "Go/32", "Go/38", "Go/50"}:
            whole = reference.candidate.rstrip()
            assert ours.candidate.rstrip() == (whole[: whole.rindex("}") + 1] if problem.task_id == "CPP/94" else whole)
            assert ours.tests == reference.tests == problem.test
            imported = [set(each.preamble.replace(" // if used", "").split()) for each in (ours, reference)]
            # Go's reference rule has what the tests import for the candidate too.
            assert imported[0] <= imported[1] if language == "go" else imported[0] == imported[1], problem.task_id


@pytest.mark.parametrize(
    ("prefix", "declared"),
    [
        ('def f(x: int) -> int:\n    """ Doc. """\n', "def f(x: int) -> int: ...\n"),
        (
            "import math\n\ndef g(x):\n    return x\n\ndef f(x):\n",
            "import math\n\ndef g(x):\n    return x\n\ndef f(x): ...\n",
        ),
        ("def f(x):\n    return x\n", ""),
        ("x = 1\n", ""),
    ],
)
def test_python_declares_the_function_that_a_prefix_opens(prefix, declared):
    program = assemble(
        "python", replace(PROBLEM, prompt=prefix), "    pass\n", Task.GENERATION, "TEST", Rules.REFERENCE
    )
    assert program.declared == declared


def test_cpp_tests_have_what_stands_before_the_function_for_themselves() -> None:
    head = "typedef std::list<boost::any> list_any;\nint g(int x){ return x; }\n"
    problem = replace(PROBLEM, prompt=f"{head}bool f(list_any x){{\n")
    said = json.loads(assemble("cpp", problem, "}", Task.GENERATION, "TEST", Rules.OURS).declared)
    assert said["before"] == head
    assert said["functions"][0]["params"] == [{"name": "x", "type": {"list": "any"}, "text": "std::list<boost::any>"}]


HEAD = "class Node {}\nconst LIMIT = 2\nconst twice = (x) => {\n  return 2 * x / LIMIT\n}\nfunction make() {\n}\nconst f = (x) => {\n"


def test_javascript_tests_have_what_stands_before_the_function_for_themselves() -> None:
    problem = replace(PROBLEM, declaration=HEAD)
    program = assemble("javascript", problem, "}", Task.TRANSLATION, "f(1) === twice(1) // new Node()", Rules.OURS)
    said = json.loads(program.declared)
    assert program.candidate == HEAD + "}\n"
    assert ([each["name"] for each in said["functions"]], said["before"]) == (["f"], HEAD.partition("const f")[0])


@pytest.mark.parametrize("test", ["f(new Node()) === LIMIT", "f(1) === new make()"])
def test_javascript_tests_that_make_the_problems_own_objects_are_refused(test: str) -> None:
    with pytest.raises(
        ProblemError, match=r"its tests make objects of its class (Node|make), which are no plain values"
    ):
        assemble("javascript", replace(PROBLEM, declaration=HEAD), "}", Task.TRANSLATION, test, Rules.OURS)


def test_javascript_constants_that_bind_the_solutions_name_again_are_dropped() -> None:
    problem = replace(PROBLEM, prompt="const f = (x) => {\n")
    program = assemble(
        "javascript",
        problem,
        "  return f(g)\n}\nconst f = (x) => 1;\nconst g = 1;",
        Task.GENERATION,
        "TEST",
        Rules.OURS,
    )
    assert program.candidate == problem.prompt + "  return f(g)\n}\nconst g = 1;\n"
