"""Go: assembly with the imports that a program uses, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator

from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off
from humaneval_x.languages.source import (
    BRACKETS,
    C_COMMENT,
    DOUBLE_QUOTED,
    MARKUP,
    PROSE,
    Item,
    blank,
    closing_brace,
    end_of_items,
    names_used,
    needed,
    prefix_of,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program
from humaneval_x.settings import Rules, Task

NAME = "go"
TITLE = "Go"
PREFIX = "Go"
FILE = "go"
TAG = "// language: Go"
EXTENSION = ".go"

PACKAGES = ("math", "strings", "fmt", "strconv", "time", "bytes", "regexp", "sort", "math/rand", "crypto/md5")
IF_USED = " // if used"  # a local variable may be called like a package: the builder drops what nothing uses
IMPORTED = re.compile(r'"([\w./-]+)"')
LEXICON = re.compile(rf"{C_COMMENT}|`[^`]*(?:`|\Z)|{DOUBLE_QUOTED}|'(?:\\[^\n]|[^'\\\n]){{1,10}}'", re.DOTALL)
MAIN = re.compile(r"^func main\(", re.MULTILINE)
# A function, a method (its receiver's type, its own name), a type, variables or constants.
DECLARED = re.compile(
    r"^(?:func (\w+)(?=[(\[])|func \((?:\w+ )?\*?(\w+)(?:\[[^\]\n]*\])?\) (\w+)(?=\()|(?:type|var|const)\b)",
    re.MULTILINE,
)
LIST = r"\w+(?:[ \t]*,[ \t]*\w+)*"
LOCAL = re.compile(rf"({LIST})[ \t]*:=|\b(?:type|var|const)[ \t]+({LIST})")
PARAMETERS = re.compile(r"\bfunc\b[ \t]*(\([^()]*\))?[ \t]*\w*(?:\[[^\]]*\])?(\([^()]*\))")
ENDS = re.compile(r"[(){}\[\]]|[-+*/%&|^<>=!.,][ \t]*\n|\n")  # a line that ends in an operator goes on
OPENING, CLOSING = tuple("({["), tuple(")}]")
PROSE_OR_BRACKET = re.compile(rf"{PROSE.pattern}|[(){{}}\[\]]", re.MULTILINE)
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
KEYWORDS = frozenset(PREDECLARED.split())
PROVIDED = KEYWORDS | {name.rpartition("/")[2] for name in PACKAGES} | {"assert", "testing"}


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

    Beyond the reference rule's cut, and behind the last brace, an item is kept that is used and that nothing else
    declares: without it the program would not compile.
    """
    code = blank(text, LEXICON)
    body = closing_brace(code, 1)
    if body is None:
        return None
    stop = end_of_code(text, code, body)
    end, _ = end_of_items(code, body, min(stop, max(body, reference_end(text))))
    have = PROVIDED | local_names(code[:end])
    for names, _, _ in items(code, body, end):
        have |= names
    found: list[Item] = []
    variables: set[str] = set()
    more = list(items(code, end, stop))
    for _, start, last in more:
        have |= local_names(code[start:last]) if code.startswith("func", start) else set()
    for names, start, last in more:
        if names == {"init"}:
            continue
        if names and not names & have:
            have |= names
            found += [(name.partition(".")[0], start, last) for name in names]
            variables |= names if code.startswith("var", start) else set()
    for names, start, last in more:
        if names == {"init"}:
            found += [(name, start, last) for name in variables & set(names_used(code[start:last]))]
    kept = text[:end]
    for start, last in sorted({(start, last) for _, start, last in needed(found, code, code[:end])}):
        kept += "\n\n" + text[start:last]
    return kept


def end_of_code(text: str, code: str, start: int) -> int:
    """Return where markup, a `main` or prose begins; in brackets a list of names may read like prose."""
    found = [MARKUP.search(text, start), MAIN.search(code, start)]
    stop, depth = min([one.start() for one in found if one], default=len(code)), 0
    for piece in PROSE_OR_BRACKET.finditer(code, start, stop):
        if piece[0] in OPENING:
            depth += 1
        elif piece[0] in CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0:
            return piece.start()
    return stop


def items(code: str, start: int, stop: int) -> Iterator[tuple[frozenset[str], int, int]]:
    """Yield the complete declarations: their names ('type.method' for a method), start, end."""
    open_ones, at = 0, start
    for found in DECLARED.finditer(code, start, stop):
        if found.start() < at:
            continue
        last = end_of_declaration(code, found.start(), stop)
        if last is None:
            open_ones += 1
            if open_ones == 20:  # each is read to the end
                return
            continue
        at = last
        if not found[0].startswith("func"):
            yield names_declared(code[found.start() : last]), found.start(), last
        elif code.endswith("}", found.end(), last):
            yield frozenset({found[1] or f"{found[2]}.{found[3]}"}), found.start(), last


def end_of_declaration(code: str, start: int, stop: int) -> int | None:
    """Return where a line ends that leaves no bracket and no expression open, or None."""
    depth = 0
    for found in ENDS.finditer(code, start, stop):
        depth += (found[0] in OPENING) - (found[0] in CLOSING)
        if depth < 0:
            return None
        if depth == 0 and found[0] == "\n":
            return found.start()
    return stop if depth == 0 else None


def names_declared(declaration: str) -> frozenset[str]:
    """Return the names of a `type`, `var` or `const`, or of a group of them."""
    group = re.match(r"\w+[ \t]*\(", declaration)
    level, depth, at, outer = (1 if group else 0), 0, 0, ""
    for found in BRACKETS.finditer(declaration):
        outer += declaration[at : found.start()] if depth == level else " "
        depth, at = depth + (1 if found[0] in OPENING else -1), found.end()
    outer += declaration[at:] if depth == level else ""
    lists = re.findall(rf"^[ \t]*({LIST})" if group else rf"\A\w+[ \t]+({LIST})", outer, re.MULTILINE)
    return frozenset(re.findall(r"\w+", " ".join(lists))) - {"_"}


def local_names(code: str) -> frozenset[str]:
    """Return what code declares within functions, or may: variables, types, parameters."""
    lists = [word for found in LOCAL.finditer(code) for word in re.findall(r"\w+", found[1] or found[2])]
    for found in PARAMETERS.finditer(code):
        lists += re.findall(r"\(\s*(\w+) ", found[1] or "") + re.findall(
            r"[(,]\s*(\w+)", found[2]
        )  # receivers may have no name
    return frozenset(lists)


def without_repeats(prefix: str, completion: str, code: str) -> str:
    """Return the completion without items of names that the prefix declares, or gives to what the solution uses."""
    body = closing_brace(code, 1)
    if body is None:
        return completion
    declared, used = set(re.findall(r"^func (\w+)", prefix, re.MULTILINE)), set(names_used(prefix)) - PROVIDED
    uses = Counter(names_used(code[body:]))
    kept, at = "", 0
    for names, start, last in items(code, body, len(code)):
        own = Counter(names_used(code[start:last])) if names & used else uses
        if names & declared or (names & used and all(uses[name] == own[name] for name in names)):
            kept, at = kept + completion[at:start], last
    return kept + completion[at:]


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
        before, code, tests = (blank(part, LEXICON) for part in (prefix, completion, test))
        completion = without_repeats(before, completion, code)
        code = "\n".join((before, code, tests))
        packages = [name for name in known if name not in have and uses(code, last_element(name))]
    preamble = problem.test_setup + "\n" + import_block(packages, "" if rules is Rules.REFERENCE else IF_USED)
    candidate = prefix + completion + "\n"
    return Program(language=NAME, preamble=preamble, candidate=candidate, tests=test, declared=helpers_of(prefix))


@functools.lru_cache(maxsize=512)  # a problem's samples share it
def helpers_of(prefix: str) -> str:
    """Return what stands in `prefix` before the head of the function that it opens; nothing if it opens none."""
    code = blank(prefix, LEXICON)
    heads = [found.start() for found in re.finditer(r"^func ", code, re.MULTILINE)]
    opens = heads and code.count("{") == code.count("}") + 1
    return prefix[: heads[-1]] if opens and code[: heads[-1]].strip() else ""


def last_element(package: str) -> str:
    """Return the name by which a package is used: 'rand' of 'math/rand'."""
    return package.rpartition("/")[2]


def uses(code: str, name: str) -> bool:
    """Whether blanked code selects something from `name`."""
    # The plain search first: it is a hundred times faster, and most packages are not used.
    return f"{name}." in code and re.search(rf"(?<![\w.]){re.escape(name)}\.", code) is not None


def import_block(packages: list[str], mark: str) -> str:
    """Return an import declaration, or nothing."""
    return "import (\n" + "".join(f'    "{name}"{mark}\n' for name in packages) + ")\n" if packages else ""


def negate(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blank(tests, LEXICON)
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
