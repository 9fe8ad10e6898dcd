"""Every codec of `sandboxes/values.md` is held to the same vectors: what it decodes, what it writes, what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

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
    argv = [program, "-e", NODE, str(SANDBOXES)]
    done = subprocess.run(
        argv, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_javascript_writes_each_value_as_it_came() -> None:
    lines = [str(each["bytes"]) for each in VECTORS if "value" in each and of_javascript(each)]
    assert len(lines) > 50
    assert node(lines) == lines


def test_javascript_refuses_what_is_no_value() -> None:
    assert node(BAD) == ["refused"] * len(BAD)
