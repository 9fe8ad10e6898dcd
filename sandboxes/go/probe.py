"""Says whether a builder just built works: three programs through it, without a jail, as all of it is trusted.

python3 -m sandboxes.go.probe FOLDER    FOLDER holds box.so, go/ (the warm artefacts) and scratch/
"""

import json
import sys
from pathlib import Path

from sandboxes.agent import load_library
from sandboxes.box import Boxes
from sandboxes.go.steps import Language
from sandboxes.records import BoxFault, Limits

LIMITS = Limits(cpu_s=30, wall_s=60, memory_mib=2048, output_bytes=1 << 20, processes=4096, file_mib=64)
PREAMBLE = """package main

import (
    "encoding/json"
    "fmt"
    "sort"
)
"""
DECLARED = {
    "functions": [
        {
            "name": "Text",
            "head": "func Text(numbers []int) string",
            "params": [{"name": "numbers", "type": {"list": "i64"}, "text": "[]int"}],
            "returns": {"type": "bytes", "text": "string"},
        }
    ],
    "before": 'package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n',
    "after": "",
}
CANDIDATE = """func Text(numbers []int) string {
    sort.Ints(numbers)
    text, _ := json.Marshal(numbers)
    return fmt.Sprintf("%s", text)
}
"""
TESTS = """func TestText(t *testing.T) {
    assert := assert.New(t)
    assert.Equal("[1,2]", Text([]int{2, 1}))
    assert.Equal("[]", Text([]int{}))
}
"""
EXPECTED = (
    (CANDIDATE, "passed"),
    (CANDIDATE.replace("sort.Ints(numbers)", "sort.Sort(sort.Reverse(sort.IntSlice(numbers)))"), "wrong_answer"),
    (CANDIDATE.replace('"%s"', '"%d %d"'), "compile_error"),
    (CANDIDATE, "passed"),
)


def main() -> int:
    """Judge the programs; the first that does not come out as expected is named."""
    folder = Path(sys.argv[1])
    try:
        language = Language(Boxes(load_library(folder), folder / "scratch", 0, bare=True), folder / "go")
        for candidate, expected in EXPECTED:
            parts = {"preamble": PREAMBLE, "candidate": candidate, "tests": TESTS, "declared": json.dumps(DECLARED)}
            program = {**parts, "expected_checks": 2}
            judged = language.judge(program, LIMITS, LIMITS)
            if judged.status != expected:
                print(f"{judged.status}, expected {expected}: {judged.reason} {judged.compiler_output}{judged.stderr}")
                return 1
    except BoxFault as fault:
        print(fault)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
