"""MultiPL-E's tests as ours: what ends a completion, and tests that are counted and judge apart.

Its tests are the rest of a program: the end of the function, then a `main` that asserts. Here they are compiled behind
a stub of the function, so the end goes to the completion, and each assertion becomes one that is counted. One entry a
language in `FORMS`, by patterns of texts that a program has written; what these do not fit ends in `Unwalled`, never in
a guess. Source: nuprl/MultiPL-E, dataset_builder/humaneval_to_*.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from humaneval_x.languages.declared import Unwalled

OTHER = "are not written as MultiPL-E's"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a language's tests are written: patterns of what begins them, and of what is written otherwise here."""

    nothing: str  # a completion that compiles whatever the function returns
    closing: str = ""  # the end of the function, which stop tokens take from a completion
    around: str = ""  # the end of what stands around the function
    edits: tuple[tuple[str, str], ...] = ()  # each fits at least once
    never: str = r"(?!)"  # what is left of an assertion that nobody would count
    imports: str = ""  # of the prompt: the assembly of a program places them
    setup: str = ""  # `test_setup`


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The texts of a problem that come of a row's prompt and tests."""

    closing: str
    test: str
    imports: str
    test_setup: str


FORMS: Mapping[str, Form] = {
    "python": Form(nothing="    raise NotImplementedError\n"),
    "javascript": Form(nothing="  throw 0;\n}\n"),
    "cpp": Form(nothing="    throw 0;", closing=r"\}\n(?=int main\()", setup="// g++ -std=c++17\n"),
    "rust": Form(
        nothing="    panic!()",
        closing=r"\}\n\n(?=fn main\(\) \{\n)",
        edits=((r"\Afn main\(\) \{\n", "#[test]\nfn test_all() {\n"),),
    ),
    "java": Form(
        nothing="        throw new RuntimeException();",
        closing=r" *\}\n(?= *public static void main\()",
        around="}\n",
        edits=(
            (r"\A(?= *public static void main\()", "public class Main extends Problem {\n"),
            (r"(?m)^( *)assert\((.*)\);$", r"\1if (!(\2)) { throw new AssertionError(); }"),
        ),
        never=r"(?m)^\s*assert\b",
    ),
    "go": Form(
        nothing="    panic(0)\n}\n",
        edits=(
            (r"(?ms)^\ttype test struct \{\n.*?^\t\}\n *tests := \[\]test\{$", "    assert := assert.New(t)"),
            (
                r"(?m)^ *\{ actual: (.*), expected: (.*) \},$",
                r'    assert.Equal(fmt.Sprintf("%v", \2), fmt.Sprintf("%v", \1))',
            ),
            (r"(?s)\n *\}\n\s*for i, tc := range tests \{\n.*\Z", "\n}\n"),
        ),
        never=r"(?m)^\s*\{ actual:",
        imports=r"package \w+\n+import \([^)]*\)\n",
        setup='package main\n\nimport (\n    "testing"\n    "fmt"\n    "github.com/stretchr/testify/assert"\n)\n',
    ),
}


def parts(language: str, prompt: str, tests: str) -> Parts:
    """Return the texts of a problem. Raises Unwalled where the row's are not in MultiPL-E's form."""
    form = FORMS.get(language)
    if form is None:
        raise Unwalled("MultiPL-E's tests of its language are not known here")
    closing, imports = re.match(form.closing, tests), re.match(form.imports, prompt)
    if not closing or not imports:
        raise Unwalled(f"its {'imports' if closing else 'tests'} {OTHER}")
    test = tests[closing.end() :]
    for pattern, written in form.edits:
        test, count = re.subn(pattern, written, test)
        if not count:
            raise Unwalled(f"its tests {OTHER}")
    if re.search(form.never, test):
        raise Unwalled(f"its tests {OTHER}")
    return Parts(closing=closing[0] + form.around, test=test, imports=imports[0], test_setup=form.setup)
