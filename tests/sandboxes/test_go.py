"""What is special to Go in a jail: the builder's forks, imports, vet, counted assertions, values that cross the wall.

The contract that all languages share is tested elsewhere. Runs the agent as it stands, in boxes by user, so it
needs root and Go; it is skipped without. Every test runs with the warm builder and with the plain tools, which
stand in where the warm one does not fit the Go version. Preparing takes minutes: name a prepared folder in
HUMANEVAL_X_WARM to use that instead, for the kind that it holds.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from agents import Agent

from humaneval_x.languages.declared import declared
from humaneval_x.records import Opened
from sandboxes import prepare
from sandboxes.go import steps

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("go") or not shutil.which("gcc"), reason="needs root, Go and gcc"
    ),
]
PACKAGE = "package main\n\n"
IMPORTED = "testing", "github.com/stretchr/testify/assert", "math", "math/rand", "strings", "errors"
TESTS_IMPORTS = "import (\n" + "".join(f'    "{name}" // if used\n' for name in IMPORTED) + ")\n"
HEAD = "func Add(a, b int) int"
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
        self,
        candidate: str,
        tests: str = TESTS,
        imports: str = "",
        expected: "int | None" = None,
        head: str = HEAD,
        before: str = "",
        **more: object,
    ) -> dict:
        building = dict(cpu_s=20.0, wall_s=60.0, memory_mib=2048, output_bytes=1 << 20, processes=128, file_mib=64)
        running = {**building, "cpu_s": 3.0, "wall_s": 20.0, "memory_mib": 256}
        opened = Opened(name=head.split()[1].partition("(")[0], before=PACKAGE + TESTS_IMPORTS + before, header=head)
        return self.ask(
            "go", {"compile": building, "run": running}, preamble=PACKAGE + imports, candidate=candidate, tests=tests,
            declared=declared("go", opened), expected_checks=expected, **more,
        )  # fmt: skip

    def status(self, *parts: str, **more: object) -> str:
        answer = self.judge(*parts, **more)
        return str(answer.get("status", answer.get("fault")))


@pytest.fixture(scope="module", params=["builder", "plain"])
def agent(request):
    kind = request.param
    base = Path(tempfile.mkdtemp(prefix="test_go-"))
    base.chmod(0o755)  # the boxes' user has to reach it, so it is none of pytest's private folders
    warm = Path(os.environ.get("HUMANEVAL_X_WARM", base / "warm"))
    if not (warm / "go" / kind).exists():
        warm = base / "warm"
        assert prepare.prepare(warm, ["go"], plain=kind == "plain") == {}
    if not (warm / "go" / kind).exists():
        assert " go1.19" not in prepare.version(steps.VERSION), "the warm builder fits this Go version"
        pytest.skip("this Go version has no warm builder")
    running = Go(warm, base / "scratch")
    running.warm, running.base = warm, base
    yield running
    running.close()
    shutil.rmtree(base)


def test_every_assertion_is_counted(agent):
    answer = agent.judge(RIGHT, expected=3)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("passed", 3, 0)


def test_a_warm_process_that_has_died_costs_no_program_anything(agent):
    for _ in range(2):
        agent.kill_all()
        assert agent.status(RIGHT) == "passed"


def test_a_failed_assertion_does_not_end_the_test(agent):
    answer = agent.judge(WRONG)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("wrong_answer", 3, 2)
    assert "check 1 (tests.go:3): Equal expected 3, actual -1" in answer["stderr"]


def test_a_failed_check_says_what_it_was_called_with_what_it_expected_and_what_it_got(agent):
    answer = agent.judge(WRONG)
    assert [answer[name] for name in ("called_with", "expected", "got")] == ["1, 2", "3", "-1"]
    condition = 'func TestAdd(t *testing.T) {\n    assert.True(t, math.Abs(float64(Add(1, 2)-3)) < 1e-6, "close")\n}\n'
    answer = agent.judge(WRONG, condition)
    assert answer["expected"] == 'assert.True(t, math.Abs(float64(Add(1, 2)-3)) < 1e-6, "close")'
    assert (answer["called_with"], answer["got"]) == ("1, 2", "-1")
    swapped = agent.judge(WRONG, "func TestAdd(t *testing.T) { assert.Equal(t, Add(1, 2), 3) }\n")
    assert [swapped[name] for name in ("called_with", "expected", "got")] == ["1, 2", "3", "-1"]


def test_nothing_of_a_large_answer_is_kept_and_the_first_failure_of_which_something_is_known_is_told(agent):
    """What is kept takes time and memory, by which a program could tell that it was wrong."""
    head = "func F(n int) string"
    tests = 'func TestF(t *testing.T) { assert.NotNil(t, nil); assert.Equal(t, "b", F(%d)) }\n'
    program = 'func F(n int) string { return strings.Repeat("a", n) }\n'
    small, large = (agent.judge(f'import "strings"\n{program}', tests % n, head=head) for n in (3, 20_000))
    assert (small["called_with"], small["expected"], small["got"]) == ("3", '"b"', '"aaa"')
    assert (large["status"], large.get("called_with", ""), large.get("got", "")) == ("wrong_answer", "", "")
    assert len(large["stderr"]) < 1000


def test_what_a_failed_check_says_is_cut(agent):
    tests = 'func TestF(t *testing.T) { assert.Equal(t, "", F(strings.Repeat("\\"\\n", 1000), nil)) }\n'
    answer = agent.judge(
        "func F(x string, y map[string][]float32) string { return x }\n",
        tests,
        head="func F(x string, y map[string][]float32) string",
    )
    assert len(answer["called_with"]) == len(answer["got"]) == 300
    assert answer["expected"] == '""'


def test_negated_tests_run_on_the_recorded_answers(agent):
    changed = TESTS.replace("3, Add(1, 2)", "4, Add(1, 2)")
    negated = agent.judge(RIGHT, negated=changed)["negated"]
    assert (negated["status"], negated["checks"], negated["failures"]) == ("wrong_answer", 3, 1)
    assert agent.judge(RIGHT, negated=TESTS)["negated"]["status"] == "passed"
    assert agent.judge(RIGHT, negated=TESTS.replace("3,", '"x" + 1,'))["negated"]["status"] == "compile_error"
    assert agent.judge(WRONG, negated=changed)["negated"] is None


def test_answers_too_large_to_be_recorded_end_the_tests(agent):
    large = 'import "strings"\n\nfunc F(x int) string { return strings.Repeat("x", 35_000_000) }\n'
    tests = "func TestF(t *testing.T) {\n" + "    assert.Equal(t, 35_000_000, len(F(1)))\n" * 4 + "}\n"
    answer = agent.judge(large, tests, head="func F(x int) string", negated=tests)
    assert (answer["status"], answer["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")


def test_tests_that_do_not_compile_are_a_compile_error(agent):
    assert agent.status(RIGHT, "func TestAdd(t *testing.T) { none(Add(1, 2)) }\n") == "compile_error"


def test_tests_have_imports_of_their_own(agent):
    tests = "func TestRoot(t *testing.T) {\n    assert.New(t).Equal(math.Sqrt(4), Root(4+0*rand.Float64()))\n}\n"
    root = "func Root(x float64) float64 { return x / 2 }\n"
    assert agent.status(root, tests, head="func Root(x float64) float64") == "passed"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bool", "true, false"),
        ("int", "0, -1, 1<<63 - 1, -1 << 63"),
        ("int8", "-128, 127"),
        ("rune", "'x', -1"),
        ("byte", "0, 255"),
        ("uint", "0, 1<<64 - 1, 1 << 63"),
        ("uint64", "1<<63 - 1"),
        ("float64", "0, 1.5, -2e300, math.Inf(1), math.Copysign(0, -1)"),
        ("float32", "0, 1.5, math.SmallestNonzeroFloat32"),
        ("string", '"", "a\\x00é", "\\xff\\xc3"'),
        ("[]int", "nil, []int{}, []int{1, 2}"),
        ("[]string", 'nil, []string{""}'),
        ("[][]float64", "nil, [][]float64{nil, {}, {1}}"),
        ("[2]bool", "[2]bool{true}"),
        ("[2][]byte", "[2][]byte{{1}, nil}"),
        ("map[string]int", 'nil, map[string]int{}, map[string]int{"a": 1, "b": 2}'),
        ("map[interface{}][]interface{}", "map[interface{}][]interface{}{1: {nil, 2.5}, true: nil}"),
        (
            "interface{}",
            "nil, 1, int64(1), uint8(1), 'x', 1.5, float32(1), \"a\", true, []int(nil), []interface{}{nil, []string{}}",
        ),
        ("any", 'map[string]interface{}{"a": []int{1}}, [][]string{{}}, [2]interface{}{1, nil}'),
        ("[]any", 'nil, []any{1, "a", nil}'),
    ],
)
def test_values_come_over_the_wall_and_back_as_they_were(agent, kind, values):
    tests = (
        f"func TestSame(t *testing.T) {{\n    for _, x := range []{kind}{{{values}}} {{\n"
        "        assert.Equal(t, x, Same(x))\n    }\n}\n\nvar _ = math.Pi\n"
    )
    head = f"func Same(x {kind}) {kind}"
    assert agent.status(f"{head} {{ return x }}\n", tests, head=head) == "passed"


def test_a_nan_and_the_sign_of_nought_come_over_the_wall(agent):
    tests = """func TestSame(t *testing.T) {
    for _, bits := range []uint64{0x7ff8000000000001, 0xfff8000000000000, 0x7ff0000000000001, 1 << 63} {
        assert.Equal(t, bits, math.Float64bits(Same(math.Float64frombits(bits), 0)))
    }
}
"""
    head = "func Same(x float64, y float32) float64"
    assert agent.status(f"{head} {{ return x }}\n", tests, head=head) == "passed"


def test_several_results_come_over_the_wall(agent):
    tests = 'func TestTwo(t *testing.T) { a, b := Two("x"); assert.Equal(t, "xx", a); assert.Equal(t, []int{1}, b) }\n'
    head = "func Two(x string) (string, []int)"
    assert agent.status(f"{head} {{ return x + x, []int{{len(x)}} }}\n", tests, head=head) == "passed"


def test_what_a_function_without_result_does_to_its_arguments_is_seen(agent):
    tests = """func TestDo(t *testing.T) {
    x, m := []int{3, 1, 2}, map[string]int{"a": 1}
    Do(x, m)
    assert.Equal(t, []int{1, 2, 3}, x)
    assert.Equal(t, map[string]int{"b": 2}, m)
    Do(nil, nil)
}
"""
    head = "func Do(x []int, m map[string]int)"
    body = ' {\n    sort.Ints(x)\n    delete(m, "a")\n    if m != nil { m["b"] = 2 }\n}\n'
    assert agent.status(head + body, tests, 'import "sort"\n', head=head) == "passed"


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ("[]interface{}{Odd{}}", "runtime_error"),
        ("Number(2)", "runtime_error"),
        ("&x", "runtime_error"),
        ("func() {}", "runtime_error"),
        ("fmt.Errorf(`x`)", "runtime_error"),
        ("complex(1, 2)", "runtime_error"),
        ("cycle()", "runtime_error"),
        ("make([]int, 5_000_000)", "runtime_error"),
        ("strings.Repeat(`x`, 70_000_000)", "runtime_error"),
        ("int32(2)", "wrong_answer"),
        ("2", "passed"),
    ],
)
def test_what_cannot_cross_the_wall_is_no_answer(agent, result, status):
    head = "func F(x int) interface{}"
    candidate = f"""{head} {{ return {result} }}

type Odd struct{{ x int }}

type Number int

func cycle() interface{{}} {{
    list := []interface{{}}{{nil, nil}}
    list[0], list[1] = list, list
    return list
}}

var _, _ = fmt.Sprint, strings.Repeat
"""
    tests = "func TestF(t *testing.T) { assert.Equal(t, 2, F(1)) }\n"
    assert agent.status(candidate, tests, 'import (\n    "fmt"\n    "strings"\n)\n', head=head) == status


def test_an_unused_import_is_refused(agent):
    answer = agent.judge(RIGHT, imports='import "strings"\n')
    assert answer["status"] == "compile_error"
    assert "solution.go:3:8:" in answer["compiler_output"]
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
        "func Add(a, b int) string { return `` }\n",
        "func (x int) Add(a, b int) int { return a + b }\n",
        "//go:linkname secret internal/wire.secret\nvar secret [64]byte\n" + RIGHT,
        RIGHT + "func init() { main() }\n",
    ],
)
def test_no_valid_program(agent, candidate):
    assert agent.status(candidate) == "compile_error"


@pytest.mark.parametrize(
    "package",
    [
        "C",
        "internal/wire",
        "internal/harness",
        "net/http",
        "internal/reflectlite",
        "vendor/golang.org/x/text/transform",
    ],
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
        ("func init() { syscall.Close(4) }\n" + WRONG, '"syscall"', "tampered"),
        ("func TestMain(m *testing.M) {}\n" + WRONG, '"testing"', "wrong_answer"),
        ("func TestAdd(t *testing.T) {}\n" + WRONG, '"testing"', "wrong_answer"),
        ("const true = false\n\ntype int = int32\n" + WRONG, "", "compile_error"),
        ("func main() {}\n" + WRONG, "", "wrong_answer"),
        ('func init() { syscall.Exec("/bin/true", nil, nil) }\n' + WRONG, '"syscall"', "tampered"),
    ],
)
def test_a_wrong_program_does_not_pass(agent, candidate, imports, status):
    assert agent.status(candidate, imports=f"import {imports}\n" if imports else "") == status


def test_the_tests_have_their_own_copy_of_what_the_prompt_defines(agent):
    helper = "func Twice(x int) int { return 2 * x }\n"
    tests = "func TestAdd(t *testing.T) { assert.Equal(t, Twice(2), Add(2, 2)) }\n"
    assert agent.status("func Twice(x int) int { return 5 }\n" + RIGHT, tests, before=helper) == "passed"
    five = "func Twice(x int) int { return 5 }\nfunc Add(a, b int) int { return 5 }\n"
    assert agent.status(five, tests, before=helper) == "wrong_answer"


def test_a_candidate_may_declare_gos_own_names_and_those_of_the_tests(agent):
    own = "const true = false\n\nfunc len(x []string) string { return `` }\n\ntype assert struct{}\n\nfunc t() {}\n"
    assert agent.status(own + RIGHT, TESTS.replace("Add(0, 0)", 'Add(0, len(""))')) == "passed"


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


def test_a_loop_shares_its_processor(agent):
    candidate = """func Add(a, b int) int {
    done := make(chan bool, 1)
    go func() { done <- true }()
    for len(done) == 0 {
    }
    return a + b
}
"""
    assert agent.status(candidate) == "passed"


def test_programs_may_start_processes_handle_signals_and_use_unsafe(agent):
    candidate = """func Add(a, b int) int {
    signals := make(chan os.Signal, 1)
    signal.Notify(signals, syscall.SIGUSR1)
    syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
    <-signals
    said, err := exec.Command("/bin/echo", "-n", "x").Output()
    if err != nil {
        panic(err)
    }
    return a + b + len(said) - int(unsafe.Sizeof(byte(0)))
}
"""
    imports = "".join(f'import "{name}"\n' for name in ("os", "os/exec", "os/signal", "syscall", "unsafe"))
    assert agent.status(candidate, imports=imports) == "passed"


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


def test_a_program_and_what_all_programs_share_are_one(agent):
    """Types, methods, globals, stacks and traces on both sides of what is linked once (`warm/link.go`)."""
    candidate = """type Own struct{ sync.Mutex; *strings.Builder; left *Own }

func (o *Own) Error() string { return "own" }

func (o *Own) Less(i, j int) bool { return i < j }

type Tree[T any] struct{ root atomic.Value; kept []T }

func (t *Tree[T]) String() string { return fmt.Sprint(t.kept) }

var large [1 << 26]int
var kept = map[string]*Own{}
var table = [5]int{1, 2, 3}

func deep(n int, o *Own) int {
    here := [8]*Own{o, {left: o}}
    if n == 0 {
        runtime.GC()
        return here[1].left.Len()
    }
    return deep(n-1, here[1].left) + len(here) - 8
}

func must(number int, right bool) {
    if !right {
        panic(number)
    }
}

func Add(a, b int) int {
    must(1, reflect.SliceOf(reflect.TypeOf(a)) == reflect.TypeOf([]int{}))
    must(2, reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(&Own{})) == reflect.TypeOf(kept))
    must(3, reflect.FuncOf([]reflect.Type{reflect.TypeOf(a)}, nil, false) == reflect.TypeOf(func(int) {}))
    own := &Own{Builder: &strings.Builder{}}
    fmt.Fprintf(own, "%v %+v", struct{ A []int; B map[string]bool }{[]int{1}, nil}, &Tree[int8]{kept: []int8{1}})
    must(4, own.String() == "{[1] map[]} [1]")
    var err error = fmt.Errorf("wrapped: %w", own)
    var found *Own
    must(5, errors.As(err, &found) && found == own && err.Error() == "wrapped: own")
    var locker interface{} = own
    _, locks := locker.(sync.Locker)
    _, sorts := locker.(sort.Interface)
    _, writes := locker.(interface{ WriteString(string) (int, error) })
    must(6, locks && !sorts && writes)
    must(7, reflect.ValueOf(locker).MethodByName("Len").Call(nil)[0].Int() == 15)
    for i := range large[:64] {
        kept[fmt.Sprint(i)] = &Own{left: &Own{Builder: own.Builder}}
        _ = make([]byte, 1<<18)
    }
    runtime.GC()
    must(8, kept["63"].left.Len() == 15 && deep(10000, own) == 15 && table[2] == 3 && large[9] == 0)
    func() {
        defer func() { must(9, strings.Contains(recover().(runtime.Error).Error(), "index out of range")) }()
        table[a+8]++
    }()
    _, file, line, known := runtime.Caller(0)
    must(10, known && strings.HasSuffix(file, "solution.go") && line > 50)
    must(11, strings.Contains(string(debug.Stack()), "main.Add("))
    done, results := make(chan int), make([]atomic.Int64, 3)
    for i := range results {
        go func(i int) { results[i].Add(int64(i)); done <- i }(i)
    }
    must(12, <-done+<-done+<-done == 3 && results[2].Load() == 2)
    sum := sha256.Sum256([]byte("late"))
    must(13, hex.EncodeToString(sum[:2]) == "0890")
    must(14, big.NewInt(7).Exp(big.NewInt(7), big.NewInt(30), nil).String() == "22539340290692258087863249")
    return a + b
}
"""
    names = "errors fmt math/big reflect runtime runtime/debug sort strings sync sync/atomic crypto/sha256 encoding/hex"
    answer = agent.judge(candidate, imports="".join(f'import "{name}"\n' for name in names.split()))
    assert answer["status"] == "passed", answer["stderr"]


def test_a_main_of_the_candidate_is_not_in_the_way(agent):
    assert agent.status(RIGHT + "func main() { other() }\nfunc other() { main() }\n") == "passed"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ('t.Errorf("%d is odd", 3)', "wrong_answer", "tests.go:2: 3 is odd"),
        ('t.Fatal("bad", Add(1, 2)); panic(1)', "wrong_answer", "tests.go:2: bad 3"),
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


def test_what_tests_are_made_of_is_gone_before_a_candidate_runs(agent):
    candidate = """func Add(a, b int) int {
    found := 0
    filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
        if err == nil && filepath.Base(path) == "program" || filepath.Base(path) == "tests.go" {
            found++
        }
        return nil
    })
    return a + b + found - 1
}
"""
    imports = 'import "io/fs"\nimport "path/filepath"\n'
    fresh = TESTS.replace("assert := assert.New(t)", "assert := assert.New(t) // nobody built these tests before")
    assert agent.status(candidate, fresh, imports) == "passed"
    refused = fresh.replace("3, Add(1, 2)", '"x" + 1, Add(1, 2)')
    answer = agent.judge(candidate, fresh, imports, negated=refused)
    assert (answer["status"], answer["negated"]["status"]) == ("passed", "compile_error")


def test_tests_are_built_once_a_machine_and_a_damaged_executable_is_built_anew(agent):
    store = agent.base / "store"
    store.mkdir()
    for folder in ("first", "second", "third"):
        another = Go(agent.warm, agent.base / folder, store)
        assert another.status(RIGHT) == "passed"
        another.close()
        (kept,) = store.iterdir()
        if folder == "first":
            made = kept.read_bytes()
        elif folder == "second":
            assert kept.read_bytes() == made
            kept.write_bytes(made[:-1])
    assert kept.stat().st_size == len(made)


def test_a_program_leaves_nothing_to_the_next(agent):
    agent.status("func init() { println(0) }\n" + WRONG)
    answers = [agent.judge(RIGHT) for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["passed"] * 3
