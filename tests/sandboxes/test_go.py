"""What is special to Go in a jail: the builder's forks, files and imports, vet, counted assertions.

The contract that all languages share is tested elsewhere. Runs the agent as it stands, in cells by user, so it
needs root and Go; it is skipped without. Every test runs with the warm builder and with the plain tools, which
stand in where the warm one does not fit the Go version. Preparing takes minutes: name a prepared folder in
HUMANEVAL_X_WARM to use that instead, for the kind that it holds.
"""

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path

import pytest
from agents import Agent

from sandboxes import prepare
from sandboxes.go import build, steps

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("go") or not shutil.which("gcc"), reason="needs root, Go and gcc"
    ),
]
SETUP = 'package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n'
RIGHT = "func Add(a, b int) int {\n    return a + b\n}\n"
WRONG = "func Add(a, b int) int {\n    return a - b\n}\n"
TESTS = """func TestAdd(t *testing.T) {
    assert := assert.New(t)
    assert.Equal(3, Add(1, 2))
    assert.Equal(5, Add(2, 3))
    assert.Equal(0, Add(0, 0))
}
"""


class Go(Agent):
    """Asked for one Go program at a time."""

    def judge(
        self, candidate: str, tests: str = TESTS, imports: str = "", expected: "int | None" = None, declared: str = ""
    ) -> dict:
        building = dict(cpu_s=20.0, wall_s=60.0, memory_mib=2048, output_bytes=1 << 20, processes=128, file_mib=64)
        running = {**building, "cpu_s": 3.0, "wall_s": 20.0, "memory_mib": 256}
        return self.ask(
            "go", {"compile": building, "run": running}, preamble=SETUP + imports, candidate=candidate, tests=tests,
            declared=declared, expected_checks=expected,
        )  # fmt: skip

    def status(self, *parts: str, **more: object) -> str:
        answer = self.judge(*parts, **more)
        return str(answer.get("status", answer.get("fault")))


@pytest.fixture(scope="module", params=["builder", "plain"])
def agent(request):
    kind = request.param
    base = Path(tempfile.mkdtemp(prefix="test_go-"))
    base.chmod(0o755)  # the cells' user has to reach it, so it is none of pytest's private folders
    warm = Path(os.environ.get("HUMANEVAL_X_WARM", base / "warm"))
    if not (warm / "go" / kind).exists():
        warm = base / "warm"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(steps, "prepare", partial(build.prepare, plain=kind == "plain"))
            assert prepare.prepare(warm, ["go"]) == {}
    if not (warm / "go" / kind).exists():
        assert " go1.19" not in prepare.version(steps.VERSION), "the warm builder fits this Go version"
        pytest.skip("this Go version has no warm builder")
    (base / "scratch").mkdir()
    running = Agent(warm, base / "scratch")
    yield running
    running.process.stdin.close()
    running.process.wait()
    running.process.stdout.close()
    shutil.rmtree(base)


def test_every_assertion_is_counted(agent):
    answer = agent.judge(RIGHT, expected=3)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("passed", 3, 0)


def test_a_failed_assertion_does_not_end_the_test(agent):
    answer = agent.judge(WRONG)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("wrong_answer", 3, 2)
    assert "check 1 (tests.go:5): Equal expected 3, actual -1" in answer["stderr"]


def test_an_import_serves_candidate_and_tests(agent):
    tests = "func TestRoot(t *testing.T) {\n    assert.New(t).Equal(math.Sqrt(4), Root(4))\n}\n"
    imports = 'import "math"\n'
    assert agent.status("func Root(x float64) float64 { return math.Sqrt(x) }\n", tests, imports=imports) == "passed"
    assert agent.status("func Root(x float64) float64 { return x / 2 }\n", tests, imports=imports) == "passed"
    named = 'import (\n    m "math"\n    r "math/rand"\n)\n'
    renamed = tests.replace("math.", "m.").replace("Root(4)", "Root(4 + 0*r.Float64())")
    assert agent.status("func Root(x float64) float64 { return x / 2 }\n", renamed, imports=named) == "passed"


def test_an_unused_import_is_refused(agent):
    answer = agent.judge(RIGHT, imports='import "strings"\n')
    assert answer["status"] == "compile_error"
    assert "solution.go:7:8:" in answer["compiler_output"]
    assert "not used" in answer["compiler_output"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('fmt.Printf("%d", "x")', "format %d has arg"),
        ("_ = string(a)", "conversion from int to string"),
        ("if Add == nil { return 0 }", "comparison of function Add == nil"),
        ("_ = a == 1 || a == 1", "redundant or: a == 1 || a == 1"),
    ],
)
def test_what_the_vet_of_go_test_refuses_is_refused(agent, statement, said):
    imports = 'import "fmt"\n'
    candidate = f"func Add(a, b int) int {{\n    fmt.Print()\n    {statement}\n    return a + b\n}}\n"
    answer = agent.judge(candidate, imports=imports)
    assert (answer["status"], said in answer["compiler_output"]) == ("compile_error", True)


@pytest.mark.parametrize(
    "candidate",
    [
        "func Add(a, b int) int\n",
        "func Add(a, b int) int { return a + b\n",
        RIGHT + "/*",
        RIGHT + "const text = `",
        "//go:linkname secret harness.tokens\nvar secret [64]byte\n" + RIGHT,
        'import "harness"\n' + RIGHT,
        RIGHT + "func TestAdd(t *testing.T) {}\n",
        RIGHT + "type assert struct{}\n",
        'import "unsafe"\n' + RIGHT + "var size = unsafe.Sizeof(0)\n",
        RIGHT + "func init() { main() }\n",
    ],
)
def test_no_valid_program(agent, candidate):
    assert agent.status(candidate) == "compile_error"


@pytest.mark.parametrize(
    "package", ["C", "harness", "run", "net/http", "internal/reflectlite", "vendor/golang.org/x/text/transform"]
)
def test_packages_that_are_not_offered(agent, package):
    assert agent.status(RIGHT, imports=f'import _ "{package}"\n') == "compile_error"


def test_files_of_the_host_cannot_be_embedded(agent):
    candidate = RIGHT + "//go:embed /etc/passwd\nvar text string\n"
    assert agent.status(candidate, imports='import _ "embed"\n') == "compile_error"


@pytest.mark.parametrize(
    ("candidate", "imports", "status"),
    [
        ("func init() { os.Exit(0) }\n" + WRONG, '"os"', "tampered"),
        ("func init() { syscall.Exit(0) }\n" + WRONG, '"syscall"', "tampered"),
        ("func Add(a, b int) int { os.Exit(0); return 0 }\n", '"os"', "tampered"),
        ("func Add(a, b int) int { os.Exit(3); return 0 }\n", '"os"', "runtime_error"),
        ("func Add(a, b int) int { runtime.Goexit(); return 0 }\n", '"runtime"', "runtime_error"),
        ("func Add(a, b int) int { panic(nil) }\n", "", "runtime_error"),
        ("func Add(a, b int) int { var x []int; return x[a] }\n", "", "runtime_error"),
        ("func Add(a, b int) int { return Add(b, a) }\n", "", "memory_exceeded"),
        ("func Add(a, b int) int { select {} }\n", "", "runtime_error"),
        ("func Add(a, b int) int { for {} }\n", "", "timed_out"),
        ('func init() { syscall.Write(4, []byte("done")) }\n' + WRONG, '"syscall"', "tampered"),
        ("func init() { syscall.Close(4) }\n" + WRONG, '"syscall"', "runtime_error"),
        ("func TestMain(m *testing.M) {}\n" + WRONG, "", "wrong_answer"),
        ("func TestOther(t *testing.T) {}\n" + WRONG, "", "wrong_answer"),
        ("func main() {}\n" + WRONG, "", "wrong_answer"),
        ('func init() { syscall.Exec("/bin/true", nil, nil) }\n' + WRONG, '"syscall"', "tampered"),
    ],
)
def test_a_wrong_program_does_not_pass(agent, candidate, imports, status):
    assert agent.status(candidate, imports=f"import {imports}\n" if imports else "") == status


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        ("const true = false\n" + RIGHT, "the tests would use the program's own true instead of Go's"),
        ("func init() { TestAdd(nil) }\n" + RIGHT, "the program calls the tests itself: TestAdd"),
    ],
)
def test_a_program_that_reaches_for_the_tests_is_tampering(agent, candidate, reason):
    tests = TESTS.replace("assert.Equal(0", "assert.Equal(true, Add(1, 1) == 2)\n    assert.Equal(0")
    answer = agent.judge(candidate, tests)
    assert (answer["status"], answer["reason"]) == ("tampered", reason)


HELPER = "func Length(text string) int { return len(text) }\n"


@pytest.mark.parametrize(
    ("candidate", "declared", "status"),
    [
        (HELPER + "func len(text string) int { return 3 }\n" + RIGHT, HELPER, "tampered"),
        (HELPER + "func min(a, b int) int { return a }\n" + RIGHT, HELPER, "passed"),
        ("func len(text string) int { return 3 }\n" + HELPER + RIGHT, "", "passed"),
        (
            HELPER + "func len(text string) int { return 3 }\n" + RIGHT,
            HELPER + "func len(text string) int {}\n",
            "passed",
        ),
    ],
)
def test_what_the_prompts_functions_take_for_gos_own_stays_so(agent, candidate, declared, status):
    tests = TESTS.replace("Add(0, 0)", 'Add(0, Length("")*0)')
    assert agent.status(candidate, tests, declared=declared) == status


@pytest.mark.parametrize(
    ("candidate", "imports"),
    [
        ("func Add(a, b int) int { strings := b; return a + strings }\n", '"strings"'),
        ('import "strings"\n' + RIGHT + "var x = strings.ToUpper(``)\n", '"strings"'),
        ('import s "strings"\n' + RIGHT + "var x = s.ToUpper(``)\n", '"strings"'),
    ],
)
def test_what_is_imported_only_if_used_is_not_in_the_way(agent, candidate, imports):
    assert agent.status(candidate, imports=f"import (\n    {imports} // if used\n)\n") == "passed"
    tests = TESTS.replace("Add(0, 0)", 'Add(0, strings.Count("a", "b"))')
    assert agent.status(candidate, tests, imports=f"import (\n    {imports} // if used\n)\n") == "passed"


def test_a_program_has_one_processor_and_its_loops_share_it(agent):
    candidate = """func Add(a, b int) int {
    done := make(chan bool, 1)
    go func() { done <- true }()
    for len(done) == 0 {
    }
    return a + b + runtime.GOMAXPROCS(4) + runtime.GOMAXPROCS(0) - 2
}
"""
    assert agent.status(candidate, imports='import "runtime"\n') == "passed"


def test_a_program_cannot_read_its_executable(agent):
    candidate = """func Add(a, b int) int {
    self, _ := os.Executable()
    for _, name := range []string{self, "/proc/self/exe"} {
        if _, err := os.Open(name); !os.IsPermission(err) || os.Chmod(name, 0o755) == nil {
            return 0
        }
    }
    return a + b
}
"""
    assert agent.status(candidate, imports='import "os"\n') == "passed"


def test_a_package_that_is_linked_late(agent):
    candidate = """func Add(a, b int) int {
    var c int
    text, _ := json.Marshal(a + b)
    json.Unmarshal(text, &c)
    sort.Ints([]int{a, b})
    return c
}
"""
    assert agent.status(candidate, imports='import (\n    "encoding/json"\n    "sort"\n)\n') == "passed"


def test_a_main_of_the_candidate_is_not_in_the_way(agent):
    assert agent.status(RIGHT + "func main() { other() }\nfunc other() { main() }\n") == "passed"


def test_the_token_is_gone_before_the_candidate_begins(agent):
    candidate = "var n, _ = syscall.Read(3, make([]byte, 8))\n\nfunc Add(a, b int) int { return a + b + n + 1 }\n"
    assert agent.status(candidate, imports='import "syscall"\n') == "passed"  # n is -1: closed


def test_the_sources_are_gone_before_the_program_runs(agent):
    candidate = """func Add(a, b int) int {
    self, _ := os.Readlink("/proc/self/exe")
    found, _ := os.ReadDir(self[:len(self)-len("/program")])
    here, _ := os.ReadDir(".")
    return a + b + len(found) + len(here) - 1
}
"""
    assert agent.status(candidate, imports='import "os"\n') == "passed"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ('t.Errorf("%d is odd", 3)', "wrong_answer", "tests.go:4: 3 is odd"),
        ('t.Fatal("bad", Add(1, 2)); panic(1)', "wrong_answer", "tests.go:4: bad 3"),
        ("t.FailNow(); panic(1)", "wrong_answer", "--- FAIL: TestAdd"),
        ('t.Run("inner", func(t *testing.T) { t.Fail() })', "wrong_answer", "--- FAIL: TestAdd/inner"),
        ('t.Run("inner", func(t *testing.T) { assert.Equal(t, 3, Add(1, 2)) })', "passed", ""),
        ("t.Cleanup(func() { assert.Equal(t, 4, Add(1, 2)) })", "wrong_answer", "expected 4, actual 3"),
        ("t.Parallel(); t.Helper(); assert.True(t, Add(1, 2) == 3)", "passed", ""),
        ("assert.Equal(t, []byte(nil), []byte{})", "wrong_answer", ""),
        ("assert.Equal(t, int64(3), Add(1, 2))", "wrong_answer", ""),
        ("assert.EqualValues(t, int64(3), Add(1, 2))", "passed", ""),
        ("assert.ElementsMatch(t, []int{1, 2, 2}, []int{2, 1, 2})", "passed", ""),
        ("assert.ElementsMatch(t, []int{1, 2, 2}, []int{2, 1, 1})", "wrong_answer", ""),
        ("assert.InDelta(t, 1.0, 1.05, 0.1)", "passed", ""),
        ('assert.Len(t, map[int]int{1: 1}, 1); assert.Contains(t, "abc", "bc")', "passed", ""),
    ],
)
def test_tests_mean_what_they_mean_in_go(agent, body, status, said):
    uses = "" if "assert" in body else "\nvar _ = assert.New\n"
    answer = agent.judge(
        RIGHT, f"func TestAdd(t *testing.T) {{\n    {body}\n    assert.Equal(t, 3, Add(1, 2))\n}}\n{uses}"
    )
    assert (answer["status"], said in answer["stderr"]) == (status, True)


def test_a_program_leaves_nothing_to_the_next(agent):
    agent.status("func init() { println(0) }\n" + WRONG)
    answers = [agent.judge(RIGHT) for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["passed"] * 3
