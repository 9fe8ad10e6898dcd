"""The class that `java` starts, of those that javac made of a script."""

import re
import struct
from pathlib import Path

# What is no code. An end that is missing is the end of the text, which keeps the search linear.
NO_CODE = re.compile(
    r'/\*.*?(?:\*/|\Z)|//[^\n]*|"""(?:\\.|[^\\])*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?', re.DOTALL
)
MODIFIERS = "final|abstract|strictfp|sealed|non-sealed"
PUBLIC = re.compile(rf"\bpublic\s+(?:(?:{MODIFIERS})\s+)*(?:class|record|enum|@?\s*interface)\s+([\w$]+)")
USUAL = "Main"
PUBLIC_STATIC = 0x0009
MAIN = (b"main", b"([Ljava/lang/String;)V")
# How many bytes follow the tag of each kind of constant but a text (1); JVMS 4.4.
SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


def public_class(source: str) -> "str | None":
    """Return the name of a source file's public class, which its file has to be called after."""
    depth, outermost = 0, []
    for part in re.split(r"([{}])", NO_CODE.sub(" ", source)):
        depth += {"{": 1, "}": -1}.get(part, 0)
        outermost.append(part if depth == 0 else " ")
    found = PUBLIC.search("".join(outermost))
    return found[1] if found else None


def started(directory: Path, file: str, source: str) -> "list[str]":
    """Return the class with `main` that a file is called after, else Main, else the first in the source; `file` without any."""
    files = (path.read_bytes() for path in sorted(directory.rglob("*.class")) if path.is_file())
    mains = filter(None, map(main_class, files))

    def order(name: str) -> "tuple[bool, bool, int]":
        simple = re.split(r"[.$]", name)[-1]
        place = re.search(rf"\b{re.escape(simple)}\b", source)
        return simple != file, simple != USUAL, place.start() if place else len(source)

    return [min(mains, key=order, default=file)]


def main_class(data: bytes) -> "str | None":
    """Return the name of a class file's class where that has a `public static void main(String[])` (JVMS 4.1)."""
    try:
        constants, at = constant_pool(data)
        this, interfaces = short(data, at + 2), short(data, at + 6)
        _, at = members(data, at + 8 + 2 * interfaces)  # the fields
        methods, _ = members(data, at)
        if any(f & PUBLIC_STATIC == PUBLIC_STATIC and (constants[n], constants[t]) == MAIN for f, n, t in methods):
            return constants[short(constants[this], 0)].decode("utf-8").replace("/", ".")
    except (struct.error, LookupError, UnicodeDecodeError):  # a file that came with the script, not of javac
        return None
    return None


def constant_pool(data: bytes) -> "tuple[dict[int, bytes], int]":
    """Return the bytes of each constant by its number, and where they end."""
    found: "dict[int, bytes]" = {}
    number, at = 1, 10
    while number < short(data, 8):
        tag = data[at]
        start, size = (at + 3, short(data, at + 1)) if tag == 1 else (at + 1, SIZES[tag])
        found[number], at = data[start : start + size], start + size
        number += 2 if tag in (5, 6) else 1
    return found, at


def members(data: bytes, at: int) -> "tuple[list[tuple[int, int, int]], int]":
    """Return the flags, name and type of each of a table of fields or methods, and where it ends."""
    found, count, at = [], short(data, at), at + 2
    for _ in range(count):
        flags, name, type_, attributes = struct.unpack_from(">4H", data, at)
        found.append((flags, name, type_))
        at += 8
        for _ in range(attributes):
            at += 6 + int(struct.unpack_from(">I", data, at + 2)[0])
    return found, at


def short(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])
