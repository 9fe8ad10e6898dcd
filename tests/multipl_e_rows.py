"""The fresh set as rows of MultiPL-E, with right and wrong completions: their keys and forms, our problems.

    python tests/multipl_e_rows.py FOLDER [NUMBER ...]    a folder for each language, a file for each problem

What their translator makes of a Python file is made here of each language's own text: headers, one assertion a line.
Source of the forms: nuprl/MultiPL-E, dataset_builder/humaneval_to_*.py.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from humaneval_x.answers import blank, opened
from humaneval_x.languages import KNOWN
from humaneval_x.languages.declared import declared
from humaneval_x.languages.expectations import arguments, sides
from humaneval_x.problems import load_problems
from humaneval_x.records import Problem

JAVA_IMPORTS = "".join(
    f"import {name}.*;\n"
    for name in (
        "java.util",
        "java.lang.reflect",
        "org.javatuples",
        "java.security",
        "java.math",
        "java.io",
        "java.util.stream",
    )
)
GO_TABLE = "\ttype test struct {\n\t\tactual   interface{}\n\t\texpected interface{}\n\t}\n   tests := []test{\n"
GO_LOOP = """   }

\tfor i, tc := range tests {
\t\tt.Run(fmt.Sprintf("test num % d", i), func(t *testing.T) {
\t\t\tif fmt.Sprintf("%v", tc.actual) != fmt.Sprintf("%v", tc.expected) {
\t\t\t\tt.Errorf("expected '%s', got '%s'", tc.expected, tc.actual)
\t\t\t}
\t\t})
\t}
}
"""


class Written(NamedTuple):
    """A row's texts, and completions as its stop tokens leave them."""

    language: str
    prompt: str
    tests: str
    stop_tokens: list[str]
    right: str
    wrong: str


def checks(problem: Problem, call: str) -> list[str]:
    """The arguments of each call of an assertion in a problem's tests, whole."""
    code = blank(LANGUAGES_BY_PREFIX[problem.prefix], problem.test)
    spans = (arguments(problem.test, code, found.end()) for found in re.finditer(call, code))
    return [problem.test[inner[0][0] : end].strip() for inner, end in spans if inner]


def equal(language: str, check: str, operator: str) -> tuple[str, str]:
    """Both sides of a comparison; a condition of another kind, and true."""
    code = blank(language, check)
    found = sides(check, code, (0, len(check)), operator)
    return (check[slice(*found[0])], check[slice(*found[1])]) if found else (check, "true")


def comment(problem: Problem, mark: str) -> str:
    """The docstring as lines of comments."""
    text = next(each for each in load_problems("fresh").problems.values() if each.task_id == f"Python/{problem.number}")
    inner = text.prompt.split('"""')[1].strip()
    return "".join(f"{mark}{line.strip()}\n" for line in inner.split("\n"))


def python(problem: Problem, name: str, header: str) -> Written:
    asserts = "".join(f"{line}\n" for line in problem.test.split("\n") if line.startswith("    assert"))
    tests = f"def check(candidate):\n{asserts.replace(f'{name}(', 'candidate(')}\ndef test_check():\n    check({name})\n\ntest_check()\n"
    stops = ["\ndef", "\n#", "\nif", "\nclass"]
    return Written("py", problem.prompt, tests, stops, problem.canonical_solution, "    return None\n")


def cpp(problem: Problem, name: str, header: str) -> Written:
    def whole(text: str) -> str:
        return re.sub(r"\b(?<!::)(vector|string|map)\b", r"std::\1", text)

    prompt = f"#include<assert.h>\n#include<bits/stdc++.h>\n{comment(problem, '// ')}{whole(header)} {{\n"
    lines = "".join(
        f"    assert({whole(each).replace(f'{name}(', 'candidate(')});\n" for each in checks(problem, r"\bassert\(")
    )
    tests = f"}}\nint main() {{\n    auto candidate = {name};\n{lines}}}\n"
    right = "    using namespace std;\n" + problem.canonical_solution[: problem.canonical_solution.rindex("\n}")]
    return Written("cpp", prompt, tests, ["\n}"], right, "    return {};")


def java(problem: Problem, name: str, header: str) -> Written:
    head = header.replace("public ", "public static ")
    prompt = f"{JAVA_IMPORTS}class Problem {{\n{comment(problem, '    // ')}    {head} {{\n"
    code = blank("java", problem.test)
    start = re.search(r"List<Boolean> correct = Arrays\.asList\(", code)
    assert start
    inner, _ = arguments(problem.test, code, start.end())
    each = [" ".join(problem.test[slice(*span)].split("\n")).replace("s.", "", 1) for span in inner]
    lines = "".join(f"    assert({check});\n" for check in each)
    tests = f"    }}\n    public static void main(String[] args) {{\n{lines}    }}\n\n}}\n"
    returns = json.loads(declared("java", opened("java", problem.prompt)))["functions"][0]["returns"]["text"]
    wrong = {"boolean": "false", "int": "0", "long": "0", "double": "0"}.get(returns, "null")
    right = problem.canonical_solution[: problem.canonical_solution.rindex("\n    }")]
    return Written("java", prompt, tests, ["\n    }\n"], right, f"        return {wrong};")


def javascript(problem: Problem, name: str, header: str) -> Written:
    given = re.search(r"\((.*)\)", header)
    assert given
    prompt = f"{comment(problem, '//')}function {name}({given[1]}){{\n"
    pairs = [equal("javascript", check, "===") for check in checks(problem, r"\bconsole\.assert\(")]
    lines = "".join(f"  assert.deepEqual({a.replace(f'{name}(', 'candidate(')},{b});\n" for a, b in pairs)
    tests = f"const assert = require('node:assert');\n\n\nfunction test() {{\n  let candidate = {name};\n{lines}}}\n\ntest();"
    stops = ["\nfunction ", "\n/*", "\n//", "\nconsole.log"]
    return Written("js", prompt, tests, stops, problem.canonical_solution.rstrip(), "  return undefined;\n}")


def go(problem: Problem, name: str, header: str) -> Written:
    head = f'package {name}_test\n\nimport (\n    "testing"\n    "fmt"\n)\n\n'
    prompt = f"{head}{comment(problem, '// ')}{header} {{\n"
    rows = ""
    code = blank("go", problem.test)
    for found in re.finditer(r"\bassert\.Equal\(", code):
        (expected, actual), _ = arguments(problem.test, code, found.end())
        called = problem.test[slice(*actual)].replace(f"{name}(", "candidate(")
        rows += f"     {{ actual: {called}, expected: {problem.test[slice(*expected)]} }},\n"
    tests = f"func Test{name}(t *testing.T) {{\n  candidate := {name}\n{GO_TABLE}{rows}{GO_LOOP}"
    stops = ["\nfunc", "struct", "\n// "]
    wrong = f"    var nothing {header.rpartition(')')[2].strip()}\n    return nothing\n}}"
    return Written("go_test.go", prompt, tests, stops, problem.canonical_solution.rstrip(), wrong)


def rust(problem: Problem, name: str, header: str) -> Written:
    pairs = []
    code = blank("rust", problem.test)
    for found in re.finditer(r"\bassert(?:_eq)?!\(", code):
        inner, _ = arguments(problem.test, code, found.end())
        texts = [problem.test[slice(*span)].replace(f"{name}(", "candidate(") for span in inner]
        pairs.append((texts[0], texts[1] if len(texts) > 1 else "true"))
    lines = "".join(f"    assert_eq!({actual}, {expected});\n" for actual, expected in pairs)
    tests = f"}}\n\nfn main() {{\n    let candidate = {name};\n{lines}}}\n"
    right = problem.canonical_solution[: problem.canonical_solution.rindex("\n}")]
    uses = "".join(f"{line}\n" for line in problem.prompt.split("\n") if line.startswith("use "))
    prompt = f"{uses}{comment(problem, '/// ')}{header} {{\n"
    return Written("rs", prompt, tests, ["\n}"], right, "    return Default::default();")


WRITERS: dict[str, Callable[[Problem, str, str], Written]] = {
    "python": python,
    "cpp": cpp,
    "java": java,
    "javascript": javascript,
    "go": go,
    "rust": rust,
}
LANGUAGES_BY_PREFIX = {module.PREFIX: name for name, module in KNOWN.items()}


def rows(language: str) -> list[dict[str, Any]]:
    """The fresh set in one language, with a right and a wrong completion each."""
    found = []
    names = {
        each.number: opened("python", each.prompt).name
        for each in load_problems("fresh").problems.values()
        if each.prefix == "Python"
    }
    for problem in load_problems("fresh", languages=[language]).problems.values():
        given = opened(language, problem.prompt)
        written = WRITERS[language](problem, given.name, given.header)
        found.append(
            {
                "name": f"{problem.number.replace('-', '_')}_{names[problem.number]}",
                "language": written.language,
                "prompt": written.prompt,
                "doctests": "transform",
                "original": f"problems/fresh/humaneval_python.jsonl:{problem.task_id}",
                "prompt_terminology": "reworded",
                "tests": written.tests,
                "stop_tokens": written.stop_tokens,
                "completions": [written.right, written.wrong],
            }
        )
    return found


def main(folder: Path, numbers: list[str]) -> None:
    """Write a folder for each language, a file for each problem."""
    for language in WRITERS:
        for row in rows(language):
            if not numbers or row["name"].split("_")[1] in numbers:
                path = folder / KNOWN[language].FILE / f"{row['name']}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
