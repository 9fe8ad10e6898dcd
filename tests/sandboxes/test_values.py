"""Every codec of `sandboxes/values.md` is held to the same vectors: what it decodes, what it writes, what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.runners.toolchains import prepared
from sandboxes.rust import steps as rust

HERE = Path(__file__).resolve().parent
SANDBOXES = HERE.parent.parent / "sandboxes"
VECTORS = [json.loads(line) for line in (HERE / "values_vectors.jsonl").read_text(encoding="utf-8").splitlines()]
GOOD = [each["bytes"] for each in VECTORS if "value" in each]
BAD = [each["bytes"] for each in VECTORS if "error" in each]
# What JavaScript has no value for, or tells by another tag: floats of 32 bits, characters, tuples, code points, maps whose
# keys are no texts, names that are not its own; the payload of a NaN.
NOT_JAVASCRIPT = ("e", "c", "p", "x")
NODE = r"""
const { Reader, Writer } = require(process.argv[1] + '/javascript/values.js');
for (const hex of require('fs').readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
  let said = 'refused';
  try {
    const reader = new Reader(Buffer.from(hex, 'hex'));
    const value = reader.value();
    reader.end();
    const writer = new Writer();
    writer.whole(value);
    said = writer.message().subarray(4).toString('hex');
  } catch (error) {
    said = error.constructor.name === 'Broken' ? 'refused' : `failed: ${error}`;
  }
  console.log(said);
}
"""


def answers(argv: list[str], lines: list[str]) -> list[str]:
    """Return the lines that a program prints for those that it reads."""
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def of_javascript(vector: dict[str, object]) -> bool:
    """Whether a vector's value is one that JavaScript has."""

    def known(value: object) -> bool:
        if not isinstance(value, list):
            return True
        kind, *content = value
        if kind in ("f32", "char", "tuple", "utf32", "refused"):
            return False
        if kind == "f64":
            return str(content[0]) not in ("7ff8000000000001", "fff8000000000000")
        if kind == "list":
            return all(map(known, content[0]))
        if kind == "map":
            return all(key[0] == "text" and known(each) for key, each in content[0])
        return kind != "named"

    return known(vector["value"])


def node(lines: list[str]) -> list[str]:
    """Return what the JavaScript codec makes of each value: its bytes again, or 'refused'."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("needs Node")
    return answers([program, "-e", NODE, str(SANDBOXES)], lines)


def test_javascript_writes_each_value_as_it_came() -> None:
    lines = [str(each["bytes"]) for each in VECTORS if "value" in each and of_javascript(each)]
    assert len(lines) > 50
    assert node(lines) == lines


def test_javascript_refuses_what_is_no_value() -> None:
    assert node(BAD) == ["refused"] * len(BAD)


GO = """package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"wire"

	_ "reflected"
)

var kinds = map[string]func() any{
@KINDS@
}

func again(data []byte, pointer any) (said string) {
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case wire.Broken:
			said = "refused"
		case wire.Refused:
			said = fmt.Sprint("a refusal of ", reason)
		default:
			panic(reason)
		}
	}()
	reader := wire.Reader{Rest: data}
	reader.Value(pointer)
	reader.End()
	var writer wire.Writer
	writer.Value(pointer)
	return hex.EncodeToString(writer.Bytes)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		kind, text, _ := strings.Cut(lines.Text(), ";")
		data, _ := hex.DecodeString(text)
		fmt.Println(again(data, kinds[kind]()))
	}
}
"""
# Each of these decodes, and a value of none of them is what any bad vector says.
KINDS = [
    *(
        "bool",
        "int",
        "int8",
        "int64",
        "uint8",
        "uint64",
        "float32",
        "float64",
        "string",
        "any",
        "[]any",
        "[]int",
        "[2]int",
    ),
    *("map[string]any", "map[any]any", "map[string]int", "[][]string", "[]" * 201 + "int"),
]


def go_type(value: object) -> str | None:
    """Return the Go type that a vector's value has; None where Go has none for it."""
    if value is None:
        return "any"
    if isinstance(value, bool):
        return "bool"
    assert isinstance(value, list)
    kind, *content = value
    if kind == "int":
        number = int(content[0])
        return "int64" if -(1 << 63) <= number < 1 << 63 else "uint64" if 0 < number < 1 << 64 else None
    if kind == "list":
        inner = {go_type(each) for each in content[0]}
        return None if None in inner else f"[]{inner.pop()}" if len(inner) == 1 else None if inner else "[]int"
    if kind == "map":
        return None if content[0] else "map[string]int"
    if kind == "named":
        return "any" if content[0] in ("int", "float64") else None
    return {"f64": "float64", "f32": "float32", "bytes": "string"}.get(kind)


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[tuple[str, str]]], list[str]]:
    """Return what the Go codec makes of values of a type: their bytes again, 'refused', or what was refused."""
    program = shutil.which("go")
    if program is None:
        pytest.skip("needs Go")
    folder = tmp_path_factory.mktemp("go")
    (folder / "src/again").mkdir(parents=True)
    for name in ("wire", "reflected"):
        source = (SANDBOXES / f"go/packages/{name}/{name}.go").read_text(encoding="utf-8")
        (folder / "src" / name).mkdir()
        (folder / "src" / name / f"{name}.go").write_text(source.replace('"internal/wire"', '"wire"'))
    kinds = {*KINDS, *(kind for each in VECTORS if (kind := go_type(each.get("value", ["text"]))))}
    listed = "".join(f'\t"{kind}": func() any {{ return new({kind}) }},\n' for kind in sorted(kinds))
    (folder / "src/again/main.go").write_text(GO.replace("@KINDS@", listed))
    env = {**os.environ, "GO111MODULE": "off", "GOPATH": str(folder), "GOFLAGS": ""}
    subprocess.run([program, "build", "-o", "again", "again"], cwd=folder, env=env, check=True)

    def asked(values: list[tuple[str, str]]) -> list[str]:
        return answers([str(folder / "again")], [f"{kind};{data}" for kind, data in values])

    return asked


def test_go_writes_each_value_as_it_came(go: Callable[[list[tuple[str, str]]], list[str]]) -> None:
    known = [(kind, str(each["bytes"])) for each in VECTORS if "value" in each and (kind := go_type(each["value"]))]
    assert len(known) > 40
    assert go(known) == [data for _, data in known]


def test_go_refuses_what_is_no_value_of_any_type(go: Callable[[list[tuple[str, str]]], list[str]]) -> None:
    asked = [(kind, str(data)) for data in BAD for kind in KINDS]
    assert set(go(asked)) == {"refused"}


def test_go_says_what_the_other_side_refused(go: Callable[[list[tuple[str, str]]], list[str]]) -> None:
    assert go([("int", "5800030000004f6464"), ("any", "58010a00000064656d6f2e457175616c")]) == [
        "a refusal of {false Odd}",
        "a refusal of {true demo.Equal}",
    ]


def test_a_value_that_does_not_fit_its_type_in_go_is_refused(go: Callable[[list[tuple[str, str]]], list[str]]) -> None:
    too_large, a_float, three = "698000000000000000", "64000000000000f03f", "6c03000000" + "690100000000000000" * 3
    asked = [
        ("int8", too_large),
        ("uint8", "69ffffffffffffffff"),
        ("int", a_float),
        ("[2]int", three),
        ("float32", a_float),
    ]
    slice_as_key = "6d010000006b0d5b5d696e74657266616365207b7d6c000000006e"
    assert set(go([*asked, ("any", "6903" + "00" * 7), ("map[any]any", slice_as_key)])) == {"refused"}


CPP = r"""
#include <map>
#include <tuple>
#include <stdexcept>
#include "wire.h"
#include "more.h"
using namespace hx_values;
void hx_values::refused(bool, const std::string &why) { throw std::runtime_error(why); }
static std::string bytes(const std::string &hex) {
    std::string out;
    for (size_t i = 0; i < hex.size(); i += 2) out += (char)std::stoi(hex.substr(i, 2), NULL, 16);
    return out;
}
static bool valid_whole(const std::string &hex) {
    const std::string all = bytes(hex);
    Reader in{all.data(), all.data() + all.size()};
    size_t values = 0;
    return valid(in, 1, values) && in.at == in.end;
}
template<class T> void trip(const std::string &hex) {
    const std::string all = bytes(hex);
    Reader in{all.data(), all.data() + all.size()};
    Writer out;
    T value = T();
    get(in, value);
    put(out, value);
    for (unsigned char c : out.bytes) printf("%02x", c);
    puts("");
}
int main() {
"""


def of_cpp(value: object) -> str:
    """The C++ type that a vector's value has; empty where it has none."""
    if isinstance(value, bool):
        return "bool"
    content: Any
    kind, content = value if isinstance(value, list) and len(value) == 2 else ("", None)
    if kind == "int":
        return (
            "long long"
            if -(2**63) <= int(content) < 2**63
            else "unsigned long long"
            if 0 < int(content) < 2**64
            else ""
        )
    if kind == "char":
        return "char" if content < 256 else ""
    if kind in ("list", "tuple"):
        inner = [of_cpp(each) for each in content]
        if not all(inner) or kind == "tuple":
            return f"std::tuple<{', '.join(inner)}>" if kind == "tuple" and all(inner) else ""
        return f"std::vector<{(inner or ['int'])[0]}>" if len(set(inner)) <= 1 else ""
    if kind == "map":
        inner = sorted({f"std::map<{of_cpp(key)}, {of_cpp(each)}>" for key, each in content})
        return inner[0] if len(inner) == 1 and "<," not in inner[0] and ", >" not in inner[0] else ""
    return {"f64": "double", "f32": "float", "bytes": "std::string"}.get(kind, "")


def cpp(lines: list[str], folder: Path) -> list[str]:
    """Return what a C++ program of these lines says; it is linked with the codec."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.skip("needs g++")
    (folder / "vectors.cpp").write_text(CPP + "\n".join(lines) + "\n}\n")
    here = SANDBOXES / "cpp"
    argv = [compiler, "-std=c++11", "-I", str(here), "vectors.cpp", str(here / "wire.cc"), "-o", "vectors"]
    subprocess.run(argv, check=True, cwd=folder, timeout=300)
    return answers([str(folder / "vectors")], [])


def test_cpp_writes_each_value_of_a_type_that_it_has_as_it_came(tmp_path: Path) -> None:
    known = {str(each["bytes"]): of_cpp(each["value"]) for each in VECTORS if "value" in each}
    typed = [hexed for hexed, kind in known.items() if kind]
    assert len(typed) > 45
    assert cpp([f'trip<{known[each]}>("{each}");' for each in typed], tmp_path) == typed


def test_cpp_knows_a_value_from_what_is_none(tmp_path: Path) -> None:
    said = cpp([f'puts(valid_whole("{each}") ? "valid" : "refused");' for each in GOOD + BAD], tmp_path)
    assert said == ["valid"] * len(GOOD) + ["refused"] * len(BAD)


JAVA = r"""
package humaneval;

/** Says what the Java codec makes of each value: lines of a type and bytes, on stdin. */
public final class Vectors {
    public static void main(String[] none) throws Exception {
        var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in)).lines().toList();
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            String said = "refused";
            try {
                Type type = Type.of(parts[0]);
                Reader reader = new Reader(java.util.HexFormat.of().parseHex(parts[1]), false);
                Object value = reader.value(type);
                reader.end();
                Writer writer = new Writer(false);
                writer.start('V', 0);
                int start = writer.size();
                writer.whole(type, value);
                said = java.util.HexFormat.of().formatHex(writer.since(start));
            } catch (Reader.Broken broken) {
                said = "refused";
            } catch (Throwable other) {
                said = other.toString();
            }
            System.out.println(said);
        }
    }
}
"""


def java_type(value: Any) -> str | None:
    """Return the declared type that a vector's value has in Java; None for one that Java has not."""
    if value is None or isinstance(value, bool):
        return "Object" if value is None else "boolean"
    kind, *content = value
    if kind == "int":
        return "long" if -(1 << 63) <= int(content[0]) < 1 << 63 else "BigInteger"
    if kind == "char":
        return "char" if content[0] < 1 << 16 else None
    if kind == "named":
        return "Object" if content[0] in ("Integer", "Optional") and kind != "map" else None
    if kind in ("list", "tuple", "map"):
        inner = [java_type(each) for each in (content[0] if kind != "map" else chain(*content[0]))]
        if None in inner or (kind == "tuple" and len(inner) != 2):
            return None
        if kind == "list":
            kinds = {each for each in inner if each != "Object"} or {"Object"}
            return f"List<{boxed(kinds.pop())}>" if len(kinds) == 1 else None
        halves = [set(inner[::2]), set(inner[1::2])]
        if any(len(half) > 1 for half in halves):
            return None
        key, each = (boxed(half.pop()) if half else "Object" for half in halves)
        return f"Map.Entry<{key}, {each}>" if kind == "tuple" else f"Map<{key}, {each}>"
    return {"f64": "double", "f32": "float", "text": "String", "utf16": "String"}.get(kind)


def boxed(name: str | None) -> str:
    """Return a type as it is written between angle brackets."""
    boxes = {"boolean": "Boolean", "long": "Long", "double": "Double", "float": "Float", "char": "Character"}
    return boxes.get(str(name), str(name))


# The type under which a broken value is read, by its tag; any other tag is no value of an Object's.
BY_TAG = {"i": "long", "d": "double", "e": "float", "s": "String", "w": "String", "c": "char", "l": "List<Object>"}
BY_TAG |= {"m": "Map<Object, Object>", "p": "Map.Entry<Object, Object>", "I": "BigInteger", "k": "Object"}


def java(lines: list[str], folder: Path) -> list[str]:
    """Return what the Java codec makes of each value: its bytes again, or 'refused'."""
    if shutil.which("javac") is None:
        pytest.skip("needs a JDK")
    (folder / "Vectors.java").write_text(JAVA)
    sources = [str(path) for path in (SANDBOXES / "java" / "wall").rglob("*.java") if path.stem != "module-info"]
    subprocess.run(["javac", "-d", str(folder), str(folder / "Vectors.java"), *sources], check=True, timeout=300)
    return answers(["java", "-cp", str(folder), "humaneval.Vectors"], lines)


def test_java_writes_each_value_as_it_came_and_refuses_what_is_none(tmp_path: Path) -> None:
    typed = [(java_type(each["value"]), str(each["bytes"])) for each in VECTORS if "value" in each]
    good = [(type_, data) for type_, data in typed if type_]
    bad = [
        (BY_TAG.get(chr(int(data[:2] or "0", 16)), "Object"), data) for data in BAD if data[:2] != "78"
    ]  # code points
    found = java([f"{type_}\t{data}" for type_, data in good + bad], tmp_path)
    assert len(good) > 50
    assert found == [data for _, data in good] + ["refused"] * len(bad)


RUST = r"""
use hx_wall::{wire::{valid, Reader, Writer}, Get, Put};
fn trip<T: Get + Put>(data: &[u8]) -> String {
    let mut values = 0;
    let mut from = Reader { data, at: 0 };
    if !valid(&mut from, 1, &mut values) || from.at != data.len() {
        return "refused".to_string();
    }
    let mut out = Writer::default();
    match T::get(&mut Reader { data, at: 0 }) {
        Ok(value) => value.put(&mut out),
        Err(refused) => return refused.why,
    }
    out.bytes.iter().map(|byte| format!("{:02x}", byte)).collect()
}
fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (kind, hex) = line.split_once(';').unwrap();
        let data: Vec<u8> = (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        println!("{}", match kind {
@KINDS@
            _ => panic!("{}", kind),
        });
    }
}
"""


def rust_type(value: Any) -> str | None:
    """Return the type that a vector's value has in Rust; None for one that Rust has not."""
    if value is None or isinstance(value, bool):
        return "()" if value is None else "bool"
    kind, *content = value
    if kind == "int":
        number = int(content[0])
        return "i64" if -(1 << 63) <= number < 1 << 63 else "i128" if -(1 << 127) <= number < 1 << 127 else None
    if kind in ("list", "tuple", "map"):
        inner = [rust_type(each) for each in (content[0] if kind != "map" else chain(*content[0]))]
        if None in inner or (kind == "tuple" and not 0 < len(inner) < 9):
            return None
        if kind == "tuple":
            return f"({', '.join(map(str, inner))},)"
        halves = [set(inner)] if kind == "list" else [set(inner[::2]), set(inner[1::2])]
        if any(len(half) > 1 for half in halves) or (kind == "map" and len(content[0]) > 1):  # which has no order
            return None
        names = [half.pop() if half else "i64" for half in halves]
        return f"Vec<{names[0]}>" if kind == "list" else f"std::collections::HashMap<{names[0]}, {names[1]}>"
    return {"f64": "f64", "f32": "f32", "char": "char", "text": "String"}.get(kind)


@pytest.mark.rust
def test_rust_writes_each_value_as_it_came_and_refuses_what_is_none(tmp_path: Path) -> None:
    warm = prepared() / "rust"
    typed = [(rust_type(each["value"]), str(each["bytes"])) for each in VECTORS if "value" in each]
    good = [(kind, data) for kind, data in typed if kind and "HashMap<f64" not in kind and kind.count("<") < 20]
    kinds = sorted({kind for kind, _ in good} | {"i64", "i8", "f32"})
    arms = "".join(f'            "{kind}" => trip::<{kind}>(&data),\n' for kind in kinds)
    (tmp_path / "main.rs").write_text(RUST.replace("@KINDS@", arms))
    build = [*rust.COMPILER, f"--extern=hx_wall={warm / 'libhx_wall.rlib'}", "main.rs", "-o", "main"]
    subprocess.run(build, cwd=tmp_path, check=True)
    lines = [*good, *(("i64", str(data)) for data in BAD)]
    found = answers([str(tmp_path / "main")], [f"{kind};{data}" for kind, data in lines])
    assert len(good) > 40
    assert found == [data for _, data in good] + ["refused"] * len(BAD)
    too_large, a_float, claims = "698000000000000000", "64000000000000f03f", "58010a00000064656d6f2e457175616c"
    said = answers([str(tmp_path / "main")], [f"i8;{too_large}", f"f32;{a_float}", f"i64;{claims}"])
    assert said == [
        "an integer beyond the declared type was returned",
        "a float of 64 bits was returned where a float of 32 bits is declared",
        "a demo.Equal was returned, which says itself what it equals",
    ]
