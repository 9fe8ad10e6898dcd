"""Go: assembly with the imports that a program uses, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages import Rules, Task
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off
from humaneval_x.languages.source import (
    C_COMMENT,
    DOUBLE_QUOTED,
    Item,
    blank,
    closing_brace,
    end_of_items,
    garbage,
    needed,
    prefix_of,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program

NAME = "go"
TITLE = "Go"
PREFIX = "Go"
FILE = "go"
TAG = "// language: Go"
EXTENSION = ".go"

PACKAGES = ("math", "strings", "fmt", "strconv", "time", "bytes", "regexp", "sort", "math/rand", "crypto/md5")
IMPORTED = re.compile(r'"([\w./-]+)"')
LEXICON = re.compile(rf"{C_COMMENT}|`[^`]*(?:`|\Z)|{DOUBLE_QUOTED}|'(?:\\[^\n]|[^'\\\n]){{1,10}}'", re.DOTALL)
MAIN = re.compile(r"^func main\(", re.MULTILINE)
# Functions that are not exported and methods of such types: never the solution itself once more.
HELPER = re.compile(r"^func ([a-z]\w*)(?=[(\[])|^type ([a-z]\w*) |^func \(\w+ \*?([a-z]\w*)\) \w+(?=\()", re.MULTILINE)
ENDS = re.compile(r"[(){}\[\]\n]")
CHECK = re.compile(r"\bassert\.(Equal|EqualValues|InDelta|True|False)\(")
CALL = re.compile(r"(?<![\w.])[A-Z]\w*\(")  # of the tested function: the only exported one without a package
DIFFERENCE = re.compile(r"\}\(")  # func(d float64) bool { return d < 1e-6 && d > -1e-6 }(F(x) - 2)
TEXT = re.compile(r"(?:string|strconv\.\w+|strings\.\w+|fmt\.Sprint\w*)\(")
VALUES = Notation(
    lexicon=LEXICON,
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
# Names that Go has already: nothing after the solution may replace them.
PREDECLARED = (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package "
    "range return select struct switch type var any bool byte comparable complex128 complex64 error float32 float64 "
    "int int16 int32 int64 int8 rune string uint uint16 uint32 uint64 uint8 uintptr true false iota nil append cap "
    "close complex copy delete imag len make new panic print println real recover"
)
PROVIDED = KEYWORDS = frozenset(PREDECLARED.split())


def truncate(completion: str, rules: Rules) -> str:
    """Cut before the last comment in column 0 and before `main`, and keep up to the last closing brace."""
    kept = body_and_helpers(completion) if rules is Rules.OURS else None
    return up_to_last_brace(completion[: reference_end(completion)]) if kept is None else kept


def reference_end(text: str) -> int:
    """Return where the reference rule cuts before it looks for the last closing brace."""
    end = text.rfind("\n//") if "\n//" in text else len(text)
    main = text.rfind("\nfunc main(", 0, end)
    return end if main < 0 else main


def body_and_helpers(text: str) -> str | None:
    """Return the function's body and the complete items after it, or None if the body does not end.

    Beyond the reference rule's cut only helpers that are used are kept.
    """
    code = blank(text, LEXICON)
    body = closing_brace(code, 1)
    if body is None:
        return None
    stop = garbage(text, code, body, MAIN)
    end, _ = end_of_items(code, body, min(stop, max(body, reference_end(text))))
    items: dict[str, Item] = {}
    for found in HELPER.finditer(code, end, stop):
        last = end_of_declaration(code, found.start(), stop)
        name = found[1] or found[2] or found[3]
        whole = last is not None and (found[2] or code.endswith("}", 0, last))
        if last is not None and whole and name not in PROVIDED:
            items.setdefault(found[0], (name, found.start(), last))
    kept = text[:end]
    for _, start, finish in needed(items.values(), code, code[:end]):
        kept += "\n\n" + text[start:finish]
    return kept


def end_of_declaration(code: str, start: int, stop: int) -> int | None:
    """Return where a line ends that leaves no bracket open, or None."""
    depth = 0
    for found in ENDS.finditer(code, start, stop):
        depth += (found[0] in "({[") - (found[0] in ")}]")
        if depth < 0 or (depth == 0 and found[0] == "\n"):
            return found.start() if depth == 0 else None
    return stop if depth == 0 else None


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return the test set-up with the imports that are used, declaration and completion, tests."""
    prefix = prefix_of(problem, task).replace(problem.imports, "") if problem.imports else prefix_of(problem, task)
    have = set(IMPORTED.findall(problem.test_setup))
    if rules is Rules.REFERENCE:
        packages = [name for name in PACKAGES if name not in have and f"{last_element(name)}." in completion]
    else:
        # The reference looks at the completion only, strings and comments included.
        known = dict.fromkeys([*PACKAGES, *IMPORTED.findall(problem.imports)])
        code = "\n".join(blank(part, LEXICON) for part in (prefix, completion, test))
        packages = [name for name in known if name not in have and uses(code, last_element(name))]
    preamble = problem.test_setup + "\n" + import_block(packages)
    return Program(language=NAME, preamble=preamble, candidate=prefix + completion + "\n", tests=test)


def last_element(package: str) -> str:
    """Return the name by which a package is used: 'rand' of 'math/rand'."""
    return package.rpartition("/")[2]


def uses(code: str, name: str) -> bool:
    """Whether blanked code selects something from `name`."""
    # The plain search first: it is a hundred times faster, and most packages are not used.
    return f"{name}." in code and re.search(rf"(?<![\w.]){re.escape(name)}\.", code) is not None


def import_block(packages: list[str]) -> str:
    """Return an import declaration, or nothing."""
    return "import (\n" + "".join(f'    "{name}"\n' for name in packages) + ")\n" if packages else ""


def falsify(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blank(tests, LEXICON)
    return applied(tests, [falsified(tests, code, found) for found in CHECK.finditer(code)])


def falsified(text: str, code: str, check: re.Match[str]) -> Edit | None:
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
