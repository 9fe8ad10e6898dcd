"""What is special to C++ in a jail: the forking compiler, the loader, and a candidate in one unit with its tests.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

import ctypes
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from agents import Agent

from sandboxes import agent, prepare
from sandboxes.cell import Jail
from sandboxes.cpp import guard, steps

LIMITS = dict(cpu_s=10, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=64)
HEADERS = "".join(f"#include<{name}>\n" for name in steps.REFERENCE)
RIGHT = "int f(int x) { return x + 1; }\n"
WRONG = "int f(int x) { return 0; }\n"
TESTS = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n    assert (f(2) == 3);\n}\n"

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")


class Judge(Agent):
    """Asked for one C++ program at a time."""

    def __call__(
        self, candidate: str, tests: str = TESTS, preamble: str = HEADERS, declared: str = "", **limits: float
    ) -> dict[str, Any]:
        answer = self.ask(
            "cpp", {"compile": LIMITS, "run": {**LIMITS, **limits}}, preamble=preamble, declared=declared, tests=tests,
            candidate="using namespace std;\n" + candidate, expected_checks=2 if tests is TESTS else None,
        )  # fmt: skip
        assert "fault" not in answer, answer
        return answer


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="cpp-") as name:  # pytest's own folders are closed to the program's user
        made = Path(name)
        made.chmod(0o755)
        assert prepare.prepare(made / "warm", ["cpp"]) == {}
        yield made


@pytest.fixture(scope="module", params=["warm", "plain"])
def judge(request, folder):
    """With the compile server, and as it is where that cannot be built."""
    warm = folder / "warm"
    if request.param == "plain":
        shutil.copytree(warm, folder / "plain")
        warm = folder / "plain"
        (warm / "cpp" / steps.SERVED).unlink()
    elif not (warm / "cpp" / steps.SERVED).exists():
        pytest.skip("no compile server for this GCC")
    made = Judge(warm, folder / f"scratch-{request.param}")
    yield made
    made.close()


HONEST = {
    "plain": RIGHT,
    "other headers": "#include<map>\nint f(int x) { map<int, int> m; m[x] = x + 1; return m[x]; }",
    "exceptions": "int f(int x) { try { vector<int>().at(3); } catch (const exception&) { return x + 1; } return 0; }",
    "static locals": 'string& s() { static string t = "a"; return t; }\nint f(int x) { return x + (int)s().size(); }',
    "thread locals": "thread_local int one = 1; int f(int x) { return x + one; }",
    "names of the C library": "int read[9], link = 3; double index1; int f(int x) { return x + 1; }",
    "wide division": "int f(int x) { __int128 a = x; return (int)(a * a / (a ? a : 1)) + 1; }",
    "own operator new": "void* operator new(size_t n) { return malloc(n); } void operator delete(void* p) noexcept { free(p); }\n"
    "int f(int x) { vector<int> v{1, 2}; vector<string> w(3, string(99, 'a')); return x + 1; }",
    "a comment that ends in a backslash": RIGHT + "// \\",
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_program_passes(judge, name):
    verdict = judge(HONEST[name])
    assert (verdict["status"], verdict["checks"]) == ("passed", 2), verdict


def test_a_variable_that_was_never_set_is_the_same_in_every_run(judge):
    program = "int f(int x) { int forgotten[400]; for (int i = 0; i < 400; i++) x += forgotten[i]; return x + 1; }\n"
    tests = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n}\n"
    for declared in ("", "int f(int x);\n"):
        statuses = {judge(program, tests, declared=declared)["status"] for _ in range(8)}
        assert statuses == {"passed"}, declared


def test_the_tests_object_lies_nowhere_when_a_program_runs(judge):
    program = """#include<dirent.h>
int f(int x) {
    DIR* scratch = opendir("..");
    for (dirent* each = readdir(scratch); each; each = readdir(scratch)) x += each->d_name[0] != '.';
    return x;
}
"""
    tests = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n    assert (1 == 1);\n}\n"
    assert judge(program, tests, declared="int f(int x);\n")["status"] == "passed"  # its own folder is the only one


NOT_CPP = {
    "missing header": "map<int, int> m;\n" + RIGHT,
    "undefined function": "int g(int);\nint f(int x) { return g(x); }",
    "own main": RIGHT + "int main() { return 0; }",
    "own main by symbol": RIGHT + 'int q() asm("main"); int q() { return 0; }',
    "open comment": RIGHT + "/*",
    "open conditional": RIGHT + "#if 0",
    "open raw string": RIGHT + 'const char* s = R"(',
    "open macro call": WRONG + "#define M(...) int main() {}\nM(",
    "open namespace": WRONG + "int main() { return 0; }\nnamespace x {",
    "open function": WRONG + "void g() {",
    "open class": WRONG + "struct S {",
    "dangling template": RIGHT + "template<class T>",
    "end of the assembly": RIGHT + 'asm(".end");',
    "includes itself": "#ifndef Q\n#define Q\n#include __BASE_FILE__\n#endif\n" + WRONG,
    "a flood of errors": "".join(f"x{i};\n" for i in range(3000)),
}


@pytest.mark.parametrize("name", NOT_CPP)
def test_what_does_not_compile_is_a_compile_error(judge, name):
    assert judge(NOT_CPP[name])["status"] == "compile_error"


FORGED = {
    "assert": WRONG + "#define assert(x)",
    "keywords": WRONG + "#define if(x) if (1)\n#define static_cast\n#define bool int",
    "the function": WRONG + "#define f(x) (x + 1)",
    "main": WRONG + "int other() { return 0; }\n#define main static inline unused",
    "abort and exit": 'extern "C" void abort() { for (;;) exit(0); }\nextern "C" void __assert_fail() {}\n' + WRONG,
    "a fork": "#include<unistd.h>\nint f(int x) { return fork() == 0 ? x + 1 : 0; }",
}


@pytest.mark.parametrize("name", FORGED)
def test_the_guard_undoes(judge, name):
    assert judge(FORGED[name])["status"] == "wrong_answer"


SILENT = {
    "constructor": "struct A { A() { exit(0); } } a;\n" + WRONG,
    "quick exit": "int f(int) { _Exit(0); }",
    "terminate handler": "#include<exception>\nstruct A { A() { set_terminate([] { exit(0); }); } } a;\nint f(int) { throw 1; }",
    "no checks": WRONG + 'asm(".macro call a:vararg\\n.endm");',
    "a forged report": '#include<unistd.h>\nint f(int) { for (int i = 3; i < 64; i++) write(i, "done\\n", 5); return 2; }',
}


@pytest.mark.parametrize("name", SILENT)
def test_leaving_early_is_tampering(judge, name):
    assert judge(SILENT[name])["status"] == "tampered"


def test_a_failed_check_is_told_by_its_text(judge):
    assert judge(WRONG)["reason"] == "f(1) == 2"


def test_the_candidates_own_assert_aborts(judge):
    verdict = judge("#include<assert.h>\nint f(int x) { assert(x > 5); return x; }")
    assert (verdict["status"], verdict["reason"]) == ("runtime_error", "died of signal 6")


RANDOM_TESTS = """#include<assert.h>
int main(){
    for (int i = 0; i < 20; i++) { int x = rand() % 1000; assert (f(x) == x + 1); }
    srand(7);
    assert (f(std::rand() % 1000) == %d);
}
"""
ZEROS = "static int zeros[32];\n__attribute__((constructor)) static void no_chance() {\n"
ZEROS += "    initstate(1, (char*)zeros, 128); for (int i = 1; i < 32; i++) zeros[i] = 0;\n}\n"


@pytest.mark.parametrize("declared", ["", "int f(int x);\n"])
def test_the_tests_random_numbers_are_the_c_librarys_and_not_the_candidates(judge, declared):
    libc = ctypes.CDLL(None)
    libc.srand(7)
    tests = RANDOM_TESTS.replace("%d", str(libc.rand() % 1000 + 1))
    assert judge(RIGHT, tests, declared=declared)["status"] == "passed"
    assert judge("int f(int x) { srand(1); rand(); return x + 1; }", tests, declared=declared)["status"] == "passed"
    assert judge(ZEROS + "int f(int x) { return 1; }", tests, declared=declared)["status"] == "wrong_answer"


def test_a_specialisation_of_what_the_server_has_instantiated_compiles(judge):
    program = "namespace std { template<> const int& max<int>(const int& a, const int& b) { return a; } }\n"
    assert judge(program + "int f(int x) { return max(x + 1, 9); }")["status"] == "passed"
    assert judge("int g = max(1, 2);\n" + program + RIGHT)["status"] == "compile_error"


def test_a_fault_ends_the_program_whatever_handler_it_asks_for(judge):
    program = """#include<signal.h>
int f(int x) { return signal(SIGSEGV, [](int) { _Exit(0); }) == SIG_ERR ? *(volatile int*)8 : x + 1; }
"""
    assert judge(program)["reason"] == "died of signal 11"


def test_an_uncaught_exception_is_a_runtime_error(judge):
    assert judge("int f(int) { throw 1; }")["status"] == "runtime_error"


def test_memory_is_limited(judge):
    verdict = judge("int f(int) { vector<int> v; for (;;) v.resize(v.size() + 10000000); }", memory_mib=128)
    assert verdict["status"] == "memory_exceeded"


def test_a_compile_leaves_the_next_one_alone(judge):
    judge("#define f g\nnamespace std { int leftover; }\n#pragma GCC poison f\n" + RIGHT)
    assert judge(RIGHT)["status"] == "passed"
    assert judge("int g = std::leftover;\n" + RIGHT)["status"] == "compile_error"


def test_without_the_nine_headers_none_is_there(judge):
    assert judge("namespace std {}\n" + RIGHT, preamble="namespace std {}\n")["status"] == "passed"
    assert judge("string s;\n" + RIGHT, preamble="namespace std {}\n")["status"] == "compile_error"


def test_the_headers_must_come_before_any_code():
    assert steps.begins_with_reference("/* a */ // b\n" + HEADERS + "int x;")
    assert steps.begins_with_reference(
        "#include<stdio.h>\nusing namespace std;\n" + HEADERS
    )  # as official declarations
    assert not steps.begins_with_reference("using namespace other;\n" + HEADERS)
    assert not steps.begins_with_reference("int x;\n" + HEADERS)
    assert not steps.begins_with_reference("#define private public\n" + HEADERS)


def test_macros_of_the_headers_are_restored_not_removed():
    text = guard.restore("int main() { assert(f(INT_MAX) == g); }", {"INT_MAX": "#define INT_MAX __INT_MAX__"})
    assert "#undef INT_MAX\n#define INT_MAX __INT_MAX__\n" in text
    assert "#undef g" in text and "#undef while" in text and "#undef and\n" not in text


def test_a_compile_server_that_does_not_start_is_done_without(folder, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("runs the agent's code in this process, as root")
    broken = folder / "broken"
    shutil.copytree(folder / "warm", broken)
    (broken / "cpp" / steps.SERVED).write_text("not a library")
    (folder / "scratch-broken").mkdir()
    jail = Jail(agent.load_library(broken), folder / "scratch-broken", 999_001)
    language = steps.Language(jail, broken / "cpp")
    language.runner.socket.close()
    jail.stop(language.runner.pid)
    assert language.compiler is None
