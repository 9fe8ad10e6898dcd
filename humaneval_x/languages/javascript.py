"""JavaScript: assembly, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off, negated, sides
from humaneval_x.languages.source import (
    C_COMMENT,
    DOUBLE_QUOTED,
    Item,
    closing_brace,
    end_of_items,
    garbage,
    needed,
    prefix_of,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program
from humaneval_x.settings import Rules, Task

NAME = "javascript"
TITLE = "JavaScript"
PREFIX = "JavaScript"
FILE = "js"
TAG = "// language: JavaScript"
EXTENSION = ".js"
KEYWORDS = frozenset(
    "async await break case catch class const continue debugger default delete do else export extends false finally "
    "for function if import in instanceof let new null of return static super switch this throw true try typeof "
    "undefined var void while with yield".split()
)

SUBSTITUTION = r"\$\{(?:[^{}`]|`[^`\n]*`|\{[^{}]*\}){0,500}\}"
TEMPLATE = rf"`(?:\\.?|{SUBSTITUTION}|[^`\\])*(?:`|\Z)"
SINGLE_QUOTED = r"'(?:\\.|[^'\\\n])*'?"
QUOTED = rf"{C_COMMENT}|{TEMPLATE}|{DOUBLE_QUOTED}|{SINGLE_QUOTED}"
BEFORE_PATTERN = "return|typeof|case|in|of|yield|await|void|delete|throw|else|do|instanceof|new"
# A slash divides behind a value; anywhere else it begins a pattern.
DIVISION = rf"(?P<division>(?:(?<![\w$])(?!(?:{BEFORE_PATTERN})(?![\w$]))[\w$]+\.?|[)\]]|\+\+|--)\s*/(?![*/]))"
PATTERN = r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}\]|[^/\\\n\[]){1,1000}/"
LEXICON = re.compile(rf"{QUOTED}|{DIVISION}|{PATTERN}", re.DOTALL)
NO_MAIN = re.compile(r"(?!)")
CHECK = re.compile(r"\bconsole\s*\.\s*assert\(")
CALL = re.compile(r"(?<![\w.$])(?!function\b)[a-z_$][\w$]*\(")  # of the tested function; values need methods only
VALUES = Notation(
    lexicon=re.compile(QUOTED, re.DOTALL),
    words={"true": "false", "false": "true", "null": "0", "undefined": "null"},
    empty=((r"\[\s*\]", "[0]"), (r"\{\s*\}", '{ "~": 0 }')),
    characters=False,
)
DECLARATION = re.compile(r"^(?:const|let|var|class|(?:async +)?function\b *\*?) *([\w$]+)", re.MULTILINE)
BRACKET_OR_END = re.compile(r"[(){}\[\];]|\n(?=[^\s.?:]|\Z)")  # what continues a statement on the next line is indented
FUNCTION = re.compile(r"(?:async +)?function\b|[^=]*=\s*(?:async\b\s*)?(?:function\b|(?:\([^()]*\)|[\w$]+)\s*=>)")
LITERAL = re.compile(r"[^=]*=\s*(?:[-\d\[{\"'`/]|(?:true|false|null)\b|new +(?:Map|Set|WeakMap|WeakSet|Array)\()")
OTHER = '((value) => (typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : value + "~"))'


def truncate(completion: str, rules: Rules) -> str:
    """Keep up to the last closing brace; by our rule, that of the last complete item before prose."""
    kept = solution_and_helpers(completion) if rules is Rules.OURS else None
    return up_to_last_brace(completion) if kept is None else kept


def solution_and_helpers(completion: str) -> str | None:
    """Return the body, the items after it up to the last brace, and what they use of the rest; None without an end."""
    code = blanked(completion)
    solution_end = closing_brace(code, 1)
    if solution_end is None:
        return None
    stop = garbage(completion, code, solution_end, NO_MAIN)
    end, _ = end_of_items(code, solution_end, stop)
    kept = code[:end]
    # What may do something else than declare stays out: the reference's rule drops all of it.
    rest = [item for item in declarations(code, end, stop) if harmless(completion, item) and not binds(kept, item[0])]
    return completion[:end] + "".join("\n" + completion[item[1] : item[2]] for item in needed(rest, code, kept))


def blanked(text: str) -> str:
    """Return `text`, equally long, with strings, comments and patterns as blanks."""
    return LEXICON.sub(lambda found: found[0] if found["division"] else " " * len(found[0]), text)


def declarations(code: str, start: int, stop: int) -> Iterator[Item]:
    """Yield the complete declarations at the beginnings of lines, up to a first one that does not end."""
    end = start
    for found in DECLARATION.finditer(code, start, stop):
        if found.start() < end:
            continue
        depth = 0
        for bracket in BRACKET_OR_END.finditer(code, found.end(), stop):
            depth += (bracket[0] in "({[") - (bracket[0] in ")}]")
            if depth < 0 or (depth == 0 and bracket[0] in ";\n"):
                end = bracket.end() if bracket[0] == ";" else bracket.start()
                break
        else:
            end = stop
        if depth:
            return
        yield found[1], found.start(), end


def harmless(text: str, item: Item) -> bool:
    """Whether a declaration is a function or a plain value, so that evaluating it can hardly fail."""
    return bool(FUNCTION.match(text, *item[1:]) or LITERAL.match(text, *item[1:]))


def binds(code: str, name: str) -> bool:
    """Whether code declares a name, at whatever depth."""
    return bool(re.search(rf"\b(?:const|let|var|class|function\b *\*?)\s*{re.escape(name)}(?![\w$])", code))


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return declaration and completion, tests, and the tests' own copies of the declaration's helpers."""
    prefix = prefix_of(problem, task)
    if rules is Rules.OURS:
        completion = without_second_bindings(completion, blanked(prefix))
    declared = helpers_of(problem.declaration, test)
    return Program(language=NAME, preamble="", candidate=prefix + completion + "\n", tests=test, declared=declared)


def without_second_bindings(completion: str, prefix: str) -> str:
    """Return a completion without those statements behind its last brace that bind a name of the prefix again."""
    code = blanked(completion)
    for name, start, end in reversed(list(declarations(code, code.rfind("}") + 1, len(code)))):
        if binds(prefix, name):
            completion = completion[:start] + completion[end:]
    return completion


def helpers_of(declaration: str, test: str) -> str:
    """Return the functions before the declaration's last head that the tests call: theirs must not see the candidate.

    Not those that make objects: tests and candidate have to mean the same class.
    """
    code, use = blanked(declaration), blanked(test)
    functions = (
        item
        for item in declarations(code, 0, len(code))
        if FUNCTION.match(code, *item[1:]) and not re.search(rf"\bnew\s+{re.escape(item[0])}(?![\w$])", use + code)
    )
    return "".join(declaration[start:end] + "\n" for _, start, end in needed(functions, code, use))


def negate(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blanked(tests)
    checks = (arguments(tests, code, found.end())[0] for found in CHECK.finditer(code))
    return applied(tests, (negated_check(tests, code, spans[0]) if spans else None for spans in checks))


def negated_check(text: str, code: str, span: Span) -> Edit | None:
    """Return the edit of one condition: `f(x) === 2`, `Math.abs(f(x) - 2) < 1e-6`, `f(x)`."""
    if compared := sides(text, code, span, "===?|!==?"):
        expected = compared[0] if CALL.search(code, *compared[1]) else compared[1]
        return VALUES.other(text, expected) or (*expected, f"{OTHER}({text[slice(*expected)]})")
    return further_off(text, code, span) or negated(text, span)
