"""The texts that are compiled: a program with its dispatcher, tests with their stubs. Pure text.

Both are one translation unit each. A dispatcher stands behind the program and takes back the macros that the program
defines; whatever a program does to it beyond that, it can only answer. What values are and how they cross is in `values.h`.
"""

import functools
import re
from typing import Any

from sandboxes import pair

REFERENCE = ("stdlib.h", "algorithm", "math.h", "stdio.h", "vector", "string", "climits", "cstring", "iostream")
LEADING = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|using\s+namespace\s+std\s*;|#line[^\n]*|#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"][^\n]*',
    re.DOTALL,
)
ASSERT_HEADER = re.compile(r"^([ \t]*)#([ \t]*)include[ \t]*[<\"](?:assert\.h|cassert)[>\"].*$", re.MULTILINE)
SPLICED = re.compile(r"\\[ \t\r]*\n")
DEFINED = re.compile(r"(?:#|%:)(?:[ \t]|/\*[^*]*\*/)*define(?:[ \t]|/\*[^*]*\*/)+(\w+)")
OWN = re.compile(r"\b(?:std::)?(vector|string|list|deque|set|unordered_set|map|unordered_map|pair|tuple|optional)\b")
MORE = re.compile(r"\b(?:list|deque|set|unordered_set|map|unordered_map|tuple|optional|any)\b")  # what more.h is for
QUALIFIERS = re.compile(r"\bconst\b|&")
ASSERT = "#undef assert\n#define assert(...) hx_values::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__)\n"


def begins_with_reference(source: str) -> bool:
    """Whether all nine headers are included before the first line of code, so that loading them first is the same.

    `using namespace std;` may stand between them, as it does in the official declarations: no header of the nine reads
    differently after it.
    """
    found, at = set(), 0
    while match := LEADING.match(source, at):
        found.add(match[1])
        at = match.end()
    return found.issuperset(REFERENCE)


def program(preamble: str, candidate: str, declared: str, headers: str, loose: bool = False) -> str:
    """Return a program with its dispatcher. `headers` is the folder of values.h; see loose.h for `loose`."""
    # Two line ends: a program may end in a comment that ends in a backslash.
    whole = f'{preamble}#line 1 "candidate.cpp"\n{candidate}\n\n'
    names = dict.fromkeys(DEFINED.findall(SPLICED.sub("", candidate)))
    taken_back = "".join(f"#undef {name}\n" for name in names if name != "defined")
    return f"{whole}{taken_back}{codec(whole, headers)}{dispatcher(declared, headers, loose)}"


@functools.lru_cache(maxsize=256)  # a problem's samples share it
def dispatcher(declared: str, headers: str, loose: bool) -> str:
    """Return what answers calls of the declared functions."""
    functions = pair.declared(declared)["functions"]
    calls = "".join(answered(number, each, loose) for number, each in enumerate(functions))
    included = f'#include "{headers}/loose.h"\n' if loose else ""
    names = ", ".join(f"hx_call_{number}" for number in range(len(functions)))
    return f"""#line 1 "dispatcher"
{more(functions, headers)}{included}{calls}int main() {{
    static hx_values::Function *const hx_all[] = {{{names}}};
    return hx_values::answer(hx_all, {len(functions)});
}}
"""


def more(functions: "list[dict[str, Any]]", headers: str) -> str:
    """Return the directive that makes values of further headers' types cross, where the functions need it."""
    texts = [each["text"] for function in functions for each in (*function["params"], function["returns"])]
    return f'#include "{headers}/more.h"\n' if MORE.search(" ".join(texts)) else ""


def answered(number: int, function: "dict[str, Any]", loose: bool) -> str:
    """Return the function that takes the arguments of one declared function, calls it and gives what it returned."""
    names = [f"hx_{at}" for at in range(len(function["params"]))]
    taken = "".join(
        f"    {plain(each['text'])} {name};\n    hx.take({name});\n" for name, each in zip(names, function["params"])
    )
    given = [f"hx_values::loose({name})" for name in names] if loose else names
    call = f"{function['name']}({', '.join(given)})"
    void = function["returns"]["type"] == "none"
    told = "    hx.after(0);\n"
    if tells(function):
        told = (
            f"    hx.after({len(names)});\n"
            + "".join(f"    hx.again({name});\n" for name in names)
            + "    hx.changed();\n"
        )
    result = plain(function["returns"]["text"])
    done = f"    {call};\n    hx.nothing();\n" if void else f"    hx.give<{result}>({call});\n"
    return f"static void hx_call_{number}(hx_values::Call &hx) {{\n{taken}    hx.ready();\n{done}{told}}}\n"


def tells(function: "dict[str, Any]") -> bool:
    """Whether a function is called for what it does to its arguments."""
    changes = any("&" in each["text"] and "const" not in each["text"] for each in function["params"])
    return changes or function["returns"]["type"] == "none"


def plain(text: str) -> str:
    """Return a type as it is anywhere: without const and &, the library's names whole."""
    return OWN.sub(r"::std::\1", QUALIFIERS.sub("", text)).strip()


def tests_unit(preamble: str, declared: str, tests: str, headers: str) -> str:
    """Return tests with stubs of the declared functions, and what stands before those in the problem."""
    known = pair.declared(declared)
    stubs = "".join(stub(number, each) for number, each in enumerate(known["functions"]))
    whole = f'{preamble}#line 1 "problem.cpp"\n{known["before"]}\n'
    own = ASSERT_HEADER.sub("", tests)
    return (
        f'{whole}{codec(whole, headers)}{more(known["functions"], headers)}{stubs}{ASSERT}#line 1 "tests.cpp"\n{own}\n'
    )


def codec(source: str, headers: str) -> str:
    """Return the directive that gives the codec, where it is not given with the reference's headers."""
    return "" if begins_with_reference(source) else f'#include "{headers}/values.h"\n'


def stub(number: int, function: "dict[str, Any]") -> str:
    """Return a declared function that asks the program. No templates: they would cost the compiler a third more."""
    names = [each["name"] for each in function["params"]]
    returns = function["returns"]
    lines = [f"hx_values::Writer &hx_out = hx_values::question({number}, {str(tells(function)).lower()}, {len(names)})"]
    lines += [f"hx_values::put(hx_out, {name})" for name in names]
    lines += ["hx_values::Reader hx_in = hx_values::reply()"]
    if returns["type"] == "none":
        lines += ["hx_in.content('n', 0)"]
    else:
        kept = "static " if "&" in returns["text"] else ""  # what a reference is to lives on
        lines += [f"{kept}{plain(returns['text'])} hx_value", "hx_values::get(hx_in, hx_value)"]
    if tells(function):
        lines += [f"if (hx_in.number()) {' '.join(f'hx_values::get_back(hx_in, {name}),' for name in names)} void()"]
    lines += [] if returns["type"] == "none" else ["return hx_value"]
    return f"{function['head']} {{\n" + "".join(f"    {line};\n" for line in lines) + "}\n"


def encoded(text: str) -> bytes:
    """The bytes of a source text; half a surrogate pair, which no file can hold, becomes `?`."""
    return text.encode("utf-8", "replace")
