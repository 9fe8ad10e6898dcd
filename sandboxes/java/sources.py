"""What is generated from a problem's declaration: the stub that its tests call, the dispatcher that calls the candidate.

Both are Java text; javac does the rest (which overload is meant, what a result is widened to). Names of the platform are
written whole in the dispatcher: it is compiled among the candidate's own classes.
"""

import functools
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandboxes import pair

CLASS = re.compile(r"\bclass\s+(\w+)[^;{}()]*\{")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
PRIMITIVES = ("boolean", "byte", "short", "int", "long", "float", "double", "char")
# What holds a result of each type, and of those that Java widens to it: an int where a double is declared.
HOLDERS = {"boolean": "boolean", "char": "char", "float": "float", "double": "double"}
HOLDERS |= dict.fromkeys(("byte", "short", "int", "long"), "long")
PACKAGES = {
    "java.lang": "Boolean Byte Short Integer Long Float Double Character String Object",
    "java.math": "BigInteger",
}
PACKAGES["java.util"] = "List ArrayList LinkedList Collection Set HashSet TreeSet Map HashMap TreeMap Optional"
WHOLE = {name: f"{package}.{name}" for package, names in PACKAGES.items() for name in names.split()}
WHOLE |= {"Entry": "java.util.Map.Entry", "Pair": "org.javatuples.Pair"}
CALLS = """public final class humaneval$Calls implements java.lang.reflect.InvocationHandler {
    private final %s it = new %s();

    public humaneval$Calls() {}

    @Override
    public java.lang.Object invoke(java.lang.Object function, java.lang.reflect.Method none, java.lang.Object[] given)
            throws java.lang.Throwable {
        switch ((int) function) {
%s            default:
                return null;
        }
    }
}
"""


@dataclass(frozen=True)
class Declared:
    """A problem's declaration: its two generated sources, and the declared functions as the runtime reads them."""

    stub: str
    calls: str
    names: str
    functions: bytes


@functools.lru_cache(maxsize=256)  # a problem's samples share it
def generated(text: str) -> Declared:
    """Return what a problem's declaration comes to. Raises BoxFault for one that cannot be walled."""
    found = pair.declared(text)
    functions = found["functions"]
    around = CLASS.findall(COMMENT.sub(" ", found["before"]))
    owner = around[-1] if around else "Solution"
    stubs = "".join(stub(number, each) for number, each in enumerate(functions))
    cases = "".join(case(number, each) for number, each in enumerate(functions))
    return Declared(
        stub=f"{found['before']}{stubs}{found['after']}\n",
        calls=CALLS % (owner, owner, cases),
        names=" ".join(each["name"] for each in functions),
        functions=numbered(numbered(blob(text) for text in types(each)) for each in functions),
    )


def types(function: "dict[str, Any]") -> "list[str]":
    """Return a function's types as written: the result's, then the parameters'."""
    return [function["returns"]["text"], *(each["text"] for each in function["params"])]


def stub(number: int, function: "dict[str, Any]") -> str:
    """Return a declared function whose body asks the candidate's process."""
    names = ", ".join(each["name"] for each in function["params"])
    returned = function["returns"]["text"]
    call = f"humaneval.Tests.call({number}, new Object[] {{{names}}});"
    return f"{function['head']} {{ {call if returned == 'void' else f'return ({returned}) {call}'} }}\n"


def case(number: int, function: "dict[str, Any]") -> str:
    """Return the dispatcher's call of one function."""
    given = ", ".join(f"({erased(each['text'])}) given[{at}]" for at, each in enumerate(function["params"]))
    call = f"it.{function['name']}({given});"
    returned = function["returns"]["text"]
    if returned == "void":
        return f"            case {number}:\n                {call}\n                return null;\n"
    holder = HOLDERS.get(returned, "java.lang.Object")
    return f"            case {number}: {{\n                {holder} result = {call}\n                return result;\n            }}\n"


def erased(text: str) -> str:
    """Return a type without its arguments, by its whole name: `java.util.List` for `List<Integer>`."""
    plain = re.sub(r"<.*>|\bfinal\b|\s", "", text)
    element = plain.rstrip("[]")
    name = element.rpartition(".")[2]
    return (name if name in PRIMITIVES else WHOLE[name]) + plain[len(element) :]


def blob(text: str) -> bytes:
    """Return a text behind its length, as the Java side reads it."""
    data = text.encode("utf-8", "replace")
    return struct.pack("<I", len(data)) + data


def numbered(parts: "Iterable[bytes]") -> bytes:
    """Return parts behind their count."""
    found = list(parts)
    return struct.pack("<I", len(found)) + b"".join(found)
