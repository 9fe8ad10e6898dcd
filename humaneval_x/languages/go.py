"""Go: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from humaneval_x.languages.declared import declared
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off
from humaneval_x.languages.source import more_closed_than_opened, prefix_of, up_to_last_brace, whole
from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "go"
TITLE = "Go"
PREFIX = "Go"
FILE = "go"
TAG = "// language: Go"
EXTENSION = ".go"

PACKAGES = tuple(f'"{path}"' for path in "math strings fmt strconv time bytes regexp sort math/rand crypto/md5".split())
IF_USED = " // if used"  # a local variable may be called like a package: the builder drops what nothing uses
PACKAGE = "package main\n\n"
HEAD = re.compile(r"^(?:package \w+|import\s*(?:\([^)]*\)|[^\n]*))[ \t]*\n?", re.MULTILINE)  # of a problem's own text
FUNCTION = re.compile(r"^func (\w+)\(.*?(?=\s*\{\s*$)", re.MULTILINE)
IMPORTED = re.compile(r'"[\w./-]+"')
VERSION = re.compile(r"/v\d+$")  # math/rand/v2 is called rand
CHECK = re.compile(r"\bassert\.(Equal|EqualValues|InDelta|True|False)\(")
CALL = re.compile(r"(?<![\w.])[A-Z]\w*\(")  # of the tested function: the only exported one without a package
DIFFERENCE = re.compile(r"\}\(")  # func(d float64) bool { return d < 1e-6 && d > -1e-6 }(F(x) - 2)
TEXT = re.compile(r"(?:string|strconv\.\w+|strings\.\w+|fmt\.Sprint\w*)\(")
VALUES = Notation(
    words={"true": "false", "false": "true", "nil": '"~"'},
    empty=(
        (r"(map\[string\]string)\{\s*\}", r'\1{"~": "~"}'),
        (r"(map\[string\]\w+)\{\s*\}", r'\1{"~": 0}'),
        (r"(map\[\w+\]string)\{\s*\}", r'\1{0: "~"}'),
        (r"(map\[\w+\]\w+)\{\s*\}", r"\1{0: 0}"),
        (r"(?<!\])(\[\](?:string|interface\{\}))\{\s*\}", r'\1{"~"}'),
        (r"(?<!\])(\[\](?:int\d*|float64|byte|rune))\{\s*\}", r"\1{0}"),
        (r"(?<!\])(\[\]bool)\{\s*\}", r"\1{true}"),
        (r"(?<!\])(\[\](?:\[\d*\]|map)\S*)\{\s*\}", r"\1{{}}"),
    ),
    characters=True,
)
PREDECLARED = (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package "
    "range return select struct switch type var any bool byte comparable complex128 complex64 error float32 float64 "
    "int int16 int32 int64 int8 rune string uint uint16 uint32 uint64 uint8 uintptr true false iota nil append cap "
    "close complex copy delete imag len make new panic print println real recover"
)
KEYWORDS = frozenset(PREDECLARED.split())
stops, judged_by_reference = more_closed_than_opened, whole


def truncate(completion: str) -> str:
    """Cut before the last comment in column 0 and before `main`, and keep up to the last closing brace."""
    return up_to_last_brace(completion[: reference_end(completion)])


def reference_end(text: str) -> int:
    """Return where the reference rule cuts before it looks for the last closing brace."""
    end = text.rfind("\n//") if "\n//" in text else len(text)
    main = text.rfind("\nfunc main(", 0, end)
    return end if main < 0 else main


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the imports that the candidate uses, the candidate, tests, and what the problem declares."""
    setup = IMPORTED.findall(problem.test_setup)
    known = [*PACKAGES, *IMPORTED.findall(problem.imports)]
    if rules is Rules.REFERENCE:  # which looks at the completion only, strings and comments included
        code = reading.candidate.removeprefix(prefix_of(problem, task))
        packages = () if problem.stop_tokens else PACKAGES  # MultiPL-E's own evaluator adds none
        used = [spec for spec in packages if f"{name_of(spec)}." in code]
        needless = [spec for spec in used if not (spec in setup or uses(opened.tests, name_of(spec)))]
        marked = [*setup, *(spec for spec in used if spec not in needless)]
    else:
        needless = []
        own = {name_of(spec) for spec in reading.imports}
        guessed = [spec for spec in (*setup, *known) if spec in reading.imports or name_of(spec) not in own]
        marked = [spec for spec in (*guessed, *reading.imports) if uses(reading.code, name_of(spec))]
    preamble = PACKAGE + import_block(marked, IF_USED) + import_block(needless, "")
    before = PACKAGE + import_block([*setup, *known], IF_USED)
    before += "\n".join(HEAD.sub("", text) for text in (problem.test_setup, opened.before))
    said = declared(NAME, replace(opened, before=before), tuple(undeclared(problem.prompt, opened)))
    return Program(language=NAME, preamble=preamble, candidate=reading.candidate + "\n", tests=test, declared=said)


def undeclared(prompt: str, opened: Opened) -> Iterator[str]:
    """Yield the heads of functions that the tests call and that the prompt has, but not a published declaration.

    A model that writes them all the same answers for them; one that does not has no program.
    """
    for found in FUNCTION.finditer(prompt):
        defined = found[1] == opened.name or re.search(rf"^func {found[1]}\(", opened.before, re.MULTILINE)
        if not defined and re.search(rf"(?<![\w.]){found[1]}\(", opened.tests):
            yield found[0]


def name_of(spec: str) -> str:
    """Return the name by which an import is used: 'rand' of '"math/rand"', 'm' of 'm "math"'; '' of one without."""
    alias, _, path = spec.partition('"')
    name = alias.strip() or VERSION.sub("", path.rstrip('"')).rpartition("/")[2]
    return "" if name in (".", "_") else name


def uses(code: str, name: str) -> bool:
    """Whether blanked code selects something from `name`; what has no name is taken to be used."""
    # The plain search first: it is a hundred times faster, and most packages are not used.
    return not name or (f"{name}." in code and re.search(rf"(?<![\w.]){re.escape(name)}\.", code) is not None)


def import_block(specs: list[str], mark: str) -> str:
    """Return an import declaration, each spec once, or nothing."""
    return "import (\n" + "".join(f"    {spec}{mark}\n" for spec in dict.fromkeys(specs)) + ")\n" if specs else ""


def negate(tests: str, code: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    return applied(tests, [negated_check(tests, code, found) for found in CHECK.finditer(code)])


def negated_check(text: str, code: str, check: re.Match[str]) -> Edit | None:
    """Return the edit of one assertion: `Equal(2, F(x))`, `Equal(true, math.Abs(F(x)-2) < 1e-6)`, `True(F(x))`."""
    values, _ = arguments(text, code, check.end())
    if check[1] in ("True", "False"):
        return check.start(1), check.end(1), "False" if check[1] == "True" else "True"
    if len(values) < 2:
        return None
    swapped = CALL.search(code, *values[0]) and not CALL.search(code, *values[1])
    expected, actual = (values[1], values[0]) if swapped else (values[0], values[1])
    if text[slice(*expected)] == "true" and not CALL.match(code, *actual):
        return condition(text, code, actual)
    words = ' + "~"' if TEXT.match(code, *expected) else " + 1"
    return VALUES.other(text, expected) or (expected[1], expected[1], words)


def condition(text: str, code: str, span: Span) -> Edit | None:
    """Return the edit of a condition on the function's value: a tolerated difference, a comparison."""
    if edit := further_off(text, code, span):
        return edit
    called = DIFFERENCE.search(code, *span)
    if called and arguments(text, code, called.end())[1] == span[1] - 1:
        return span[1] - 1, span[1] - 1, " - 1"
    function = CALL.search(code, *span)
    return VALUES.other(text, (span[0], function.start())) if function else None
