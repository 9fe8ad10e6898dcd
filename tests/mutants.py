"""Wrong-on-purpose variants of a problem's canonical solution.

`mutants(row)` returns distinct completions, each the canonical solution with
ONE small change at ONE place (PIT and mutmut name the same operators): a
relation flipped or moved by one, arithmetic swapped, a constant moved by one,
a condition negated, and/or, min/max or true/false swapped, a statement dropped,
the last returned value replaced. No randomness: the same row gives the same list.

Does NOT parse the languages. It reads text with strings and comments
blanked out and relies on the style of `problems/fresh` (blanks around binary
operators, one statement a line), so on other code a mutant may not compile.
Does NOT promise that a mutant is wrong: some are equivalent.
In C++ it leaves subscripts and loop bounds alone, because reading outside an
array is undefined there and a verdict on it would not be repeatable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Edit = tuple[int, int, str]  # start, end, replacement

SWAPS = {
    " < ": [" <= ", " >= "],
    " <= ": [" < ", " > "],
    " > ": [" >= ", " <= "],
    " >= ": [" > ", " < "],
    " * ": [" + "],
    " / ": [" * "],
    " // ": [" * "],
    " % ": [" * "],
    " not in ": [" in "],
}
BOTH_WAYS = [
    (" == ", " != "),
    (" === ", " !== "),
    (" + ", " - "),
    (" += ", " -= "),
    (" && ", " || "),
    (" and ", " or "),
    ("min(", "max("),
    ("true", "false"),
    ("True", "False"),
    ("continue", "break"),
]
SWAPS |= {old: [new] for pair in BOTH_WAYS for old, new in (pair, pair[::-1])}
SWAP = re.compile(
    r"|".join(
        rf"(?<!\w){re.escape(old)}" if old[0].isalpha() else re.escape(old)
        for old in sorted(SWAPS, key=len, reverse=True)
    )
)
STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
COMMENT = {"Python": r"#[^\n]*"}
BRACE_COMMENT = r"//[^\n]*"
LOOP_HEADER = r"(?<=for \()[^\n]*;[^\n]*"
STATEMENT = re.compile(r"^( +)(?:(\w+)[\w.\[\]]* [-+]?= .*|[\w.]+(?:\.\w+)*\(.*\);?)$", re.MULTILINE)
EMPTY = {"Rust": "vec![]", "CPP": "{}", "JavaScript": "[]", "Java": "new ArrayList<>()"}
EMPTY_MAP = {"Rust": "HashMap::new()", "Python": "{}", "CPP": "{}", "JavaScript": "{}", "Java": "new HashMap<>()"}


def mutants(problem_row: dict[str, str], count: int = 10) -> list[str]:
    """`count` distinct mutated completions, spread evenly over all there are.

    Raises ValueError when the solution is too small to give so many.
    """
    code = problem_row["canonical_solution"]
    language = problem_row["task_id"].split("/")[0]
    edits = sorted(_edits(code, language, _kind(language, problem_row)))
    found = list(dict.fromkeys(code[:a] + new + code[b:] for a, b, new in edits))
    found = [mutant for mutant in found if mutant != code]
    if len(found) < count:
        raise ValueError(f"{problem_row['task_id']}: {len(found)} mutants, {count} wanted")
    return [found[i * len(found) // count] for i in range(count)]


def _edits(code: str, language: str, kind: str) -> Iterator[Edit]:
    plain = _blank(code, f"{STRING}|{COMMENT.get(language, BRACE_COMMENT)}")
    if language == "CPP":
        plain = _blank(_blank(plain, LOOP_HEADER), r"\[[^\]\n]*\]")
    yield from _swaps(code, plain, language)
    yield from _constants(plain)
    yield from _negations(code, plain, language)
    yield from _dropped_statements(code, plain, language)
    yield from _returned_value(code, language, kind)


def _blank(text: str, pattern: str) -> str:
    return re.sub(pattern, lambda found: "\0" * len(found[0]), text)


def _swaps(code: str, plain: str, language: str) -> Iterator[Edit]:
    for found in SWAP.finditer(plain):
        line = _line_at(code, found.start())
        if language in ("CPP", "Java", "Go", "Rust") and found[0] == " + " and '"' in line:
            continue  # joins strings: "-" would not compile
        if found[0] in (" += ", " -= "):
            name = re.findall(r"(\w*)(?:\[[^\n]*\]|\0+)?$", plain[: found.start()])[0]
            if len(name) < 2 or re.search(rf"string {name}\b|\b{name} :?= ['\"]", code):
                continue  # a counter (would loop for ever), or a string
        for new in SWAPS[found[0]]:
            yield found.start(), found.end(), new


def _constants(plain: str) -> Iterator[Edit]:
    for found in re.finditer(r"(?<![\w.])\d{1,5}(?=L?\b|LL\b)", plain):
        value, before = int(found[0]), plain[: found.start()]
        yield found.start(), found.end(), str(value + 1)
        if value > 0 and not re.search(r"[-+%/]=? $", before):  # no step or divisor of 0
            yield found.start(), found.end(), str(value - 1)


def _negations(code: str, plain: str, language: str) -> Iterator[Edit]:
    conditions = {"Python": r"\bif (.*):$", "Go": r"\bif (.*) \{$", "Rust": r"\bif (?!let\b)(.*) \{$"}
    condition = conditions.get(language, r"\bif \((.*)\) \{$")
    for found in re.finditer(condition, plain, re.MULTILINE):
        start, end = found.span(1)
        yield (
            start,
            end,
            f"{'not ' if language == 'Python' else '!'}({code[start:end]})",
        )
    for found in re.finditer(r"\bnot (?!in\b)|!(?=[\w(/])", plain):
        yield found.start(), found.end(), ""


def _dropped_statements(code: str, plain: str, language: str) -> Iterator[Edit]:
    for found in STATEMENT.finditer(plain):
        if found[2] and (len(found[2]) == 1 or _declares(plain, found, language)):
            continue
        if language == "Go" and re.search(r"\w\.\w+\(", found[0]):
            continue  # may be the only use of an import
        start = found.start() + len(found[1])
        new = {"Python": "pass", "Go": ""}.get(language, ";")
        if language == "Go" and " = " in found[0].replace("+=", "=").replace("-=", "="):
            new = "_, _ = " + re.sub(
                r" [-+]?= ", ", ", code[start : found.end()], count=1
            )  # keeps its variables in use
        yield start, found.end(), new


def _declares(plain: str, found: re.Match[str], language: str) -> bool:
    """Whether a Python assignment is the first of its name (elsewhere a keyword or := tells)."""
    first = re.search(rf"^ *(?:.*, )?{found[2]}\b[^=\n]* = ", plain, re.MULTILINE)
    return language == "Python" and first is not None and first.start() == found.start()


def _returned_value(code: str, language: str, kind: str) -> Iterator[Edit]:
    trailing = r"|\n *(?=[^;{}\n]+\n *\}\s*\Z)" if language == "Rust" else ""  # its last expression
    returned = list(re.finditer(rf"(?:\breturn {trailing})([^;\n]+)", code))
    if not returned:
        return  # a block is its value
    found = returned[-1]
    value = found[1]
    neutral = {
        "number": [f"({value}) + 1", f"0 * ({value})"],
        "bool": [f"{'not ' if language == 'Python' else '!'}({value})"],
        "string": ['""'],
        "map": [EMPTY_MAP.get(language, "map[string]int{}")],
        "list": [EMPTY.get(language, f"{value}[:0]")],
    }
    for new in neutral[kind]:
        yield found.start(1), found.end(1), new


def _kind(language: str, row: dict[str, str]) -> str:
    """What the function returns: from its declaration, in JavaScript from its test."""
    if language == "JavaScript":
        source = row["example_test"]
        kinds = {
            "map": r"Object\.entries",
            "list": r"JSON",
            "bool": "=== (true|false)",
            "string": '=== "',
        }
    else:
        head = row["declaration"].strip().splitlines()[-1].strip()
        result = {"Python": r"-> (.*):", "Rust": r"->\s*(.*?)\s*\{", "Go": r"\) ([^)]*) \{"}
        source = re.findall(result.get(language, r"^(?:public )?(.*?) \w+\("), head)[0]
        kinds = {
            "map": r"(?i)^(dict|map|hashmap)",
            "list": r"^(List|vector|Vec|\[\])",
            "bool": "^bool",
            "string": "(?i)^&?str",
        }
    return next(
        (kind for kind, pattern in kinds.items() if re.search(pattern, source)),
        "number",
    )


def _line_at(code: str, position: int) -> str:
    return code[code.rfind("\n", 0, position) + 1 : code.find("\n", position)]
