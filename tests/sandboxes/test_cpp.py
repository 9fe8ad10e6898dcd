"""What is special to C++ in a jail: the forking compiler, the loader, and what crosses between a program and its tests.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from agents import Agent
from official import fresh, official

from humaneval_x.answers import opened
from humaneval_x.assembly import program_of
from humaneval_x.languages.declared import declared
from humaneval_x.records import Problem, Sample
from humaneval_x.runners.bubblewrap import random_uid
from humaneval_x.settings import EvaluationSettings
from sandboxes import agent, prepare
from sandboxes.box import Boxes
from sandboxes.cpp import compilers, steps
from sandboxes.cpp import program as texts
from sandboxes.cpp.program import REFERENCE, begins_with_reference
from sandboxes.images import RESTORE
from sandboxes.records import BoxFault, Limits, Outcome
from sandboxes.verdict import refusal_of_tests

LIMITS = dict(cpu_s=10, wall_s=60, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=64)
HEADERS = "".join(f"#include<{name}>\n" for name in REFERENCE)
RIGHT = "int f(int x) { return x + 1; }\n"
WRONG = "int f(int x) { return 0; }\n"
TESTS = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n    assert (f(2) == 3);\n}\n"

pytestmark = [pytest.mark.long, pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")]


class Judge(Agent):
    """Asked for one C++ program at a time."""

    warm: Path
    plain: bool  # prepared without a compile server

    def __call__(
        self,
        candidate: str,
        tests: str = TESTS,
        preamble: str = HEADERS,
        head: str = "int f(int x)",
        before: str = "using namespace std;\n",
        negated: str = "",
        all_checks: bool = False,
        **limits: float,
    ) -> dict[str, Any]:
        """`before` stands in front of the candidate, and as the problem's own text in front of the tests' stub."""
        answer = self.ask(
            "cpp", {"compile": LIMITS, "run": {**LIMITS, **limits}}, preamble=preamble, tests=tests, negated=negated,
            declared=declared("cpp", opened("cpp", f"{before}{head} {{\n")), all_checks=all_checks,
            candidate=before + candidate, expected_checks=2 if tests is TESTS else None,
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
    warm = folder / request.param
    if request.param == "plain":
        assert prepare.prepare(warm, ["cpp"], plain=True) == {}
    elif not (warm / "cpp" / compilers.SERVED).exists():
        pytest.skip("no compile server for this GCC")
    (folder / f"store-{request.param}").mkdir()
    made = Judge(warm, folder / f"scratch-{request.param}", folder / f"store-{request.param}")
    made.plain, made.warm = request.param == "plain", warm
    yield made
    made.close()


def test_the_version_line_says_where_there_is_no_compile_server(judge):
    line = json.loads((judge.warm / "manifest.json").read_text())["toolchains"]["cpp"]
    assert line.startswith("g++ ") and line.endswith(" (plain tools)") == judge.plain


def test_the_compile_server_is_up_where_it_was_built(judge):
    judge(RIGHT)
    agents = Path(f"/proc/{judge.process.pid}/task/{judge.process.pid}/children")
    running = {Path(f"/proc/{child}/comm").read_text().strip() for child in agents.read_text().split()}
    assert running == ({"run_server"} if judge.plain else {"run_server", "cc1plus"})
    assert judge.executables() == ({"run_server"} if judge.plain else {"run_server", RESTORE})


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
    "constant expressions of the headers": "constexpr size_t two = initializer_list<int>{1, 2}.size();\n"
    "constexpr auto both = ios::in | ios::out; constexpr pair<int, int> ones(1, 1);\n"
    "static_assert(char_traits<char>::lt('a', 'b') && (both & ios::in), \"\");\n"
    "int f(int x) { int a[two] = {ones.first}; return x + a[0] + a[1]; }",
    "its own instantiations of the headers": "template class std::vector<int>; template class std::vector<short>;\n"
    "template const int& std::max<int>(const int&, const int&);\nint f(int x) { return max(vector<int>(1)[0], x) + 1; }",
    "addresses of the headers' functions": "size_t (vector<int>::*size)() const noexcept = &vector<int>::size;\n"
    "const int& (*largest)(const int&, const int&) = &max<int>;\n"
    "int f(int x) { vector<int> v(1); return (int)(v.*size)() + largest(x, 0); }",
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_program_passes(judge, name):
    verdict = judge(HONEST[name])
    assert (verdict["status"], verdict["checks"]) == ("passed", 2), verdict


def test_a_warm_process_that_has_died_costs_no_program_anything(judge):
    for _ in range(2):
        judge.kill_all()
        assert judge(HONEST[next(iter(HONEST))])["status"] == "passed"


def test_a_variable_that_was_never_set_is_the_same_in_every_run(judge):
    program = "int f(int x) { int forgotten[400]; for (int i = 0; i < 400; i++) x += forgotten[i]; return x + 1; }\n"
    tests = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n}\n"
    assert {judge(program, tests)["status"] for _ in range(8)} == {"passed"}


def test_no_object_lies_anywhere_when_a_program_runs(judge):
    program = """#include<dirent.h>
int f(int x) {
    DIR* scratch = opendir("..");
    for (dirent* each = readdir(scratch); each; each = readdir(scratch)) x += each->d_name[0] != '.';
    return x;
}
"""
    tests = "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (f(1) == 2);\n    assert (1 == 1);\n}\n"
    assert judge(program, tests)["status"] == "passed"  # its own folder is the only one


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
    "abort": 'extern "C" void abort() { for (;;) _exit(0); }\nextern "C" void __assert_fail() {}\n' + WRONG,
    "a specialised codec": WRONG
    + "namespace hx_values { template<> void Call::give<int, int>(int&& v) { v = 2; put(out, v); } }",
    "an answer ahead": "#include<unistd.h>\nint f(int) { char a[] = {18, 0, 0, 0, 'V', 2, 0, 0, 0, 'i', 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};"
    " return write(4, a, 22) ? 0 : 1; }",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_a_program_does_to_its_dispatcher_changes_nothing_of_its_tests(judge, name):
    assert judge(FORGED[name])["status"] in ("wrong_answer", "compile_error", "tampered")


SILENT = {
    "constructor": "struct A { A() { exit(0); } } a;\n" + WRONG,
    "quick exit": "int f(int) { _Exit(0); }",
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


def test_the_tests_random_numbers_are_the_c_librarys_and_not_the_programs(judge):
    libc = ctypes.CDLL(None)
    libc.srand(7)
    tests = RANDOM_TESTS.replace("%d", str(libc.rand() % 1000 + 1))
    assert judge("int f(int x) { srand(1); rand(); return x + 1; }", tests)["status"] == "passed"


def test_a_specialisation_of_what_the_server_has_instantiated_compiles(judge):
    program = "namespace std { template<> const int& max<int>(const int& a, const int& b) { return a; } }\n"
    assert judge(program + "int f(int x) { return max(x + 1, 9); }")["status"] == "passed"
    assert judge("int g = max(1, 2);\n" + program + RIGHT)["status"] == "compile_error"


FREE = {
    "a handler of faults": "#include<signal.h>\n#include<setjmp.h>\njmp_buf b; int f(int x) { signal(SIGSEGV, [](int) { siglongjmp(b, 1); });"
    " return sigsetjmp(b, 1) ? x + 1 : *(volatile int*)8; }",
    "a process": "#include<unistd.h>\n#include<sys/wait.h>\nint f(int x) { int s; return fork() ? (wait(&s), WEXITSTATUS(s)) : (_exit(x + 1), 0); }",
    "names of the tests' side": "int check(int x) { return x; } int rand(int x) { return x; } int f(int x) { return check(rand(x)) + 1; }",
    "int is long long": "#define int long long\nint f(int x) { return x + 1; }",
    "a const reference": "int f(const int& x) { return x + 1; }",
    "a reference": "int f(int& x) { return ++x; }",
    "a template": "template<class T> T f(T x) { return x + 1; }",
    "a lambda": "auto f = [](int x) { return x + 1; };",
    "another number type": "double f(long x) { return x + 1; }",
    "an object that becomes an int": "struct A { int v; operator int() { return v; } }; A f(int x) { return {x + 1}; }",
    "without using namespace": "\nint f(int x) { return std::max(x + 1, 0); }",
}  # fmt: skip


@pytest.mark.parametrize("name", FREE)
def test_what_needs_no_restriction_runs(judge, name):
    verdict = judge(FREE[name], before="" if name.startswith("without") else "using namespace std;\n")
    assert (verdict["status"], verdict["checks"]) == ("passed", 2), verdict


ODD = {  # what a head of `int f(int x)` does not take
    "a larger number": (
        "long long f(int x) { return x + 1 + (1ll << 32); }",
        "an integer beyond the declared type was returned",
    ),
    "a fraction": ("double f(int x) { return x + 1.5; }", "a double was returned where an integer is declared"),
    "128 bits": (
        "__int128 f(int x) { return x + 1 + ((__int128)1 << 32); }",
        "a double was returned where an integer is declared",
    ),
    "a fraction of 128 bits": (
        "__float128 f(int x) { return x + 1.5; }",
        "a double was returned where an integer is declared",
    ),
    "a large enumerator": (
        "enum Large : long long {}; Large f(int x) { return Large(x + 1 + (1ll << 32)); }",
        "an integer beyond the declared type was returned",
    ),
    "an object that converts to a larger number": (
        "struct Large { long long n; operator long long() { return n; } }; Large f(int x) { return {x + 1 + (1ll << 32)}; }",
        "an integer beyond the declared type was returned",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_a_result_that_is_no_value_of_the_declared_type_is_an_error(judge, name):
    program, reason = ODD[name]
    verdict = judge(program)
    assert (verdict["status"], verdict["reason"]) == ("runtime_error", reason)


def test_an_object_that_converts_to_larger_numbers_and_more_does_not_compile(judge):
    program = "struct Large { operator long long() { return 2 + (1ll << 32); } operator void*() { return 0; } };"
    assert judge(f"{program}\nLarge f(int x) {{ return {{}}; }}")["status"] == "compile_error"


WHOLE = {  # what returns a value that its declared type holds, in another type
    "128 bits": "__int128 f(int x) { return x + 1; }",
    "an enumerator": "enum Small { none }; Small f(int x) { return Small(x + 1); }",
    "an object": "struct Own { int n; operator int() { return n; } }; Own f(int x) { return {x + 1}; }",
    "an object that is an int or a double": "struct Own { int n; operator int() { return n; } operator double() { return 0; } };\n"
    "Own f(int x) { return {x + 1}; }",
    "an atomic": "#include<atomic>\natomic<long long>& f(int x) { static atomic<long long> n; n = x + 1; return n; }",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_result_of_another_type_that_the_declared_one_holds_is_that(judge, name):
    assert judge(WHOLE[name])["status"] == "passed"


PARTS = {  # a declared type, what returns another one, and whether the first holds it
    "a tuple": ("tuple<int, int>", "tuple<double, long> f(int x) { return make_tuple(x + 1.0, 7l); }", True),
    "a tuple's fraction": ("tuple<int, int>", "tuple<double, int> f(int x) { return make_tuple(x + 1.5, 7); }", False),
    "a tuple's larger number": (
        "tuple<int, int>",
        "tuple<int, long> f(int x) { return make_tuple(x + 1, 7 + (1l << 32)); }",
        False,
    ),
    "a pair as a tuple": ("tuple<int, int>", "pair<double, int> f(int x) { return make_pair(x + 1.5, 7); }", False),
    "a pair": ("pair<int, string>", 'pair<long, const char*> f(int x) { return make_pair(x + 1l, "seven"); }', True),
    "a pair's fraction": (
        "pair<int, string>",
        'pair<double, const char*> f(int x) { return make_pair(x + 1.5, "seven"); }',
        False,
    ),
    "a pair within": (
        "pair<int, pair<int, int>>",
        "pair<int, pair<double, int>> f(int x) { return make_pair(x + 1, make_pair(0.5, 0)); }",
        False,
    ),
    "an optional": ("optional<int>", "optional<long> f(int x) { return x + 1; }", True),
    "a fraction as an optional": ("optional<int>", "double f(int x) { return x + 1.5; }", False),
}
WHOLE_OF = {
    "tuple<int, int>": "make_tuple(2, 7)",
    "pair<int, string>": 'make_pair(2, string("seven"))',
    "pair<int, pair<int, int>>": "make_pair(2, make_pair(0, 0))",
    "optional<int>": "2",
}


@pytest.mark.parametrize("name", PARTS)
def test_each_part_of_a_result_is_held_by_its_declared_type(judge, name):
    declared_type, program, held = PARTS[name]
    preamble = f"{HEADERS}#include<tuple>\n"
    if "optional" in declared_type:
        preamble = f"// g++ -std=c++17\n{HEADERS}#include<optional>\n"
    tests = f"int main(){{ assert (f(1) == {WHOLE_OF[declared_type]}); }}"
    verdict = judge(program, tests, preamble, f"{declared_type} f(int x)")
    assert verdict["status"] == ("passed" if held else "runtime_error"), verdict


def test_a_head_with_other_types_is_judged_where_plain_gxx_compiles_it_with_the_tests(judge):
    head = "int f(vector<int> v, string s, vector<int> w)"
    program = (
        "int f(const vector<double>& v, const char* s, vector<int>&& w) { return v.size() + strlen(s) + w.size(); }"
    )
    literals = '#include<assert.h>\nint main(){ assert (f({1, 2}, "abc", {4}) == 6); }'
    assert judge(program, literals, head=head)["status"] == "passed"
    variables = literals.replace("assert (f({1, 2}", "vector<int> v{1, 2}; assert (f(v")
    assert judge(program, variables, head=head)["status"] == "compile_error"


def test_a_bool_is_0_or_1_whatever_its_bits_are(judge):
    program = "bool f(int x) { bool b; *(unsigned char*)&b = x; return b; }\n"
    tests = "int main(){ assert (f(2) == true); assert (f(255) == true); assert (f(0) == false); assert (f(4) + f(8) == 2); }"
    assert judge(program, tests, head="bool f(int x)")["status"] == "passed"


CROSSING = """int main(){
    map<string, vector<pair<int, double>>> m = {{"a", {{1, -0.0}}}, {string("\\0\\xff", 2), {}}};
    assert (f(m, {true, false}, 'c', 18446744073709551615ull) == m);
    assert (signbit(f(m, {}, 'c', 0)["a"][0].second));
}
"""


def test_values_cross_as_they_are(judge):
    head = "map<string, vector<pair<int, double>>> f(map<string, vector<pair<int, double>>> m, vector<bool> b, char c, unsigned long long u)"
    program = head + " { if (c != 'c' || (u && u != ~0ull) || (u && !(b[0] && !b[1]))) abort(); return m; }"
    verdict = judge(program, CROSSING, head=head, before="#include<map>\nusing namespace std;\n")
    assert verdict["status"] == "passed", verdict


OTHERS = """int main(){
    list<string> l = {"x", ""}; set<int> s = {3, 1}; tuple<int, char> t(1, 'a'); unordered_map<int, float> u = {{1, 0.5f}};
    assert (f(l, s, t, u, {1, string("s"), 2.5, 'c', {}}) == l);
}
"""


def test_types_of_other_headers_cross(judge):
    before = "#include<list>\n#include<set>\n#include<tuple>\n#include<unordered_map>\n#include<boost/any.hpp>\n"
    before += "typedef std::list<boost::any> list_any;\nusing namespace std;\n"
    head = "list<string> f(list<string> l, set<int> s, tuple<int, char> t, unordered_map<int, float> u, list_any a)"
    program = (
        head
        + """ {
    auto i = a.begin();
    bool good = boost::any_cast<int>(*i++) == 1 && boost::any_cast<string>(*i++) == "s" && boost::any_cast<double>(*i++) == 2.5;
    good = good && boost::any_cast<char>(*i++) == 'c' && i->empty() && *s.begin() == 1 && get<1>(t) == 'a' && u[1] == 0.5f;
    return good ? l : list<string>();
}"""
    )
    verdict = judge(program, OTHERS, head=head, before=before)
    assert verdict["status"] == "passed", verdict


ANY = {
    "return 2;": ("passed", ""),
    "return string();": ("runtime_error", "boost::bad_any_cast: failed conversion using boost::any_cast"),
    "return boost::any();": ("runtime_error", "boost::bad_any_cast: failed conversion using boost::any_cast"),
    "struct Own {}; return Own();": ("runtime_error", "a f(boost::any)::Own was returned, which is no plain value"),
    "return vector<int>();": (
        "runtime_error",
        "a std::vector<int, std::allocator<int> > was returned, which is no plain value",
    ),
}


@pytest.mark.parametrize("body", ANY)
def test_an_any_holds_what_is_on_a_closed_list(judge, body):
    head = "boost::any f(boost::any a)"
    verdict = judge(
        f"{head} {{ {body} }}",
        "int main(){ assert(boost::any_cast<int>(f(1)) == 2); }",
        head=head,
        before="#include<boost/any.hpp>\nusing namespace std;\n",
    )
    assert (verdict["status"], verdict["reason"]) == ANY[body]


def test_a_reference_that_is_returned_lives_on(judge):
    head = "const string& f(const string& s)"
    tests = 'int main(){ const string& all = f("abc"); assert(all == "abc"); assert(f(string(99, 1)).size() == 99); }'
    assert judge(f"{head} {{ return s; }}", tests, head=head)["status"] == "passed"


def test_arguments_are_looked_at_afterwards_where_a_function_is_called_for_that(judge):
    tests = "int main(){ vector<int> v = {3, 1}; f(v, 9); assert (v == vector<int>({1, 3, 9})); f(v, 9); assert (v.size() == 4); }"
    program = "void f(vector<int>& v, int x) { v.push_back(x); sort(v.begin(), v.end()); }"
    assert judge(program, tests, head="void f(vector<int>& v, int x)")["status"] == "passed"
    unchanged = judge("void f(vector<int>& v, int x) {}", tests, head="void f(vector<int>& v, int x)")
    assert (unchanged["status"], unchanged["called_with"]) == ("wrong_answer", "{3, 1}, 9")


SAID = [
    ("f(1) == 2", "1", "2", "0"),
    ("2==f(1)", "1", "2", "0"),
    ("same(f(4), {1, 2}[1])", "4", "{1, 2}[1]", "0"),
    ("abs(f(7) - 2.5) < 1e-4", "7", "2.5", "0"),
]


@pytest.mark.parametrize(("condition", "called_with", "expected", "got"), SAID)
def test_a_failed_check_says_what_happened(judge, condition, called_with, expected, got):
    tests = f"bool same(int a, int b) {{ return a == b; }}\nint main(){{ assert({condition.replace('{1, 2}[1]', 'vector<int>({1, 2})[1]')}); }}"
    verdict = judge(WRONG, tests)
    assert verdict["status"] == "wrong_answer"
    found = verdict["called_with"], verdict["expected"].replace("vector<int>({1, 2})[1]", "{1, 2}[1]"), verdict["got"]
    assert found == (called_with, expected, got)


def test_what_is_said_is_text_whatever_the_bytes_are(judge):
    tests = 'int main(){ assert(f("\\"\\\\\\x01\\xff\\xc3\\xa9") == "é"); }'
    verdict = judge("string f(string s) { return string(400, 'x') + s; }", tests, head="string f(string s)")
    assert (verdict["called_with"], verdict["expected"]) == ('"\\"\\\\\\x01\\xff\\xc3\\xa9"', '"é"')
    assert verdict["got"] == '"' + "x" * 299


def test_nothing_of_a_large_answer_is_kept(judge):
    """What is kept takes time and memory, by which a program could tell that it was wrong."""
    head, program = "string f(int n)", "string f(int n) { return string(n, 'a'); }"
    tests = '#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert(f(%d) == "b");\n}\n'
    small, large = (judge(program, tests % n, head=head) for n in (3, 20_000))
    assert (small["called_with"], small["expected"], small["got"]) == ("3", '"b"', '"aaa"')
    assert (large["status"], large["expected"], large.get("got", "")) == ("wrong_answer", '"b"', "")


def test_all_checks_go_on_after_a_failed_one(judge):
    verdict = judge("int f(int x) { return 3; }", all_checks=True)
    assert (verdict["status"], verdict["checks"], verdict["failures"], verdict["got"]) == ("wrong_answer", 2, 1, "3")


def test_negated_tests_run_on_the_recorded_answers(judge):
    wrong = TESTS.replace("== 2", "== 1").replace("== 3", "== 2")
    once = '#include<fstream>\nint f(int x) { if (ifstream("called").good() && x == 1) abort(); ofstream("called") << 1; return x + 1; }'
    verdict = judge(once, negated=wrong)
    assert (verdict["status"], verdict["negated"]["status"]) == ("passed", "wrong_answer")
    assert judge(RIGHT, negated=TESTS)["negated"]["status"] == "passed"
    assert judge(RIGHT, negated="int main(){ assert(f() == 1); }")["negated"]["status"] == "compile_error"


def test_answers_too_large_to_be_recorded_end_the_tests(judge):
    tests = "#include<assert.h>\nint main(){\n" + "    assert (f(1).size() == 35000000);\n" * 4 + "}\n"
    verdict = judge("string f(int x) { return string(35000000, 'x'); }", tests, head="string f(int x)", negated=tests)
    assert (verdict["status"], verdict["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")


def test_tests_that_do_not_compile_say_so(judge):
    verdict = judge(RIGHT, "int main(){ assert(g(1) == 2); }")
    assert verdict["status"] == "compile_error" and "the tests do not compile" in verdict["reason"]


def test_tests_that_do_not_compile_are_in_no_store(folder):
    (folder / "store-refusals").mkdir()
    judge = Judge(folder / "warm", folder / "scratch-refusals", folder / "store-refusals")
    assert judge(RIGHT, "int main(){ assert(g(1) == 2); }")["status"] == "compile_error"
    judge.close()
    assert [each.name for each in (folder / "store-refusals").iterdir() if not each.name.startswith("image-")] == []


@pytest.mark.parametrize("stage", ["-S", "-c", "-shared"])
def test_tests_that_no_disk_has_room_for_have_no_verdict(stage, tmp_path):
    (tmp_path / "tests.cpp").write_text("int main() { return 0; }\n")
    argv = ["g++", "-fPIC", stage, "tests.cpp", "-o", "/dev/full"]
    ran = subprocess.run(argv, cwd=tmp_path, capture_output=True, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    refused = Outcome(
        exit_code=ran.returncode,
        signal=None,
        stopped=None,
        cpu_s=0,
        wall_s=0,
        memory_mib=0,
        stdout=b"",
        stderr=ran.stderr,
    )
    assert ran.returncode
    with pytest.raises(BoxFault):
        refusal_of_tests(refused, steps.MEMORY_SIGNS)


def test_another_jail_takes_the_tests_from_the_store(folder):
    store = folder / "store"
    store.mkdir()
    for name in ("first", "second"):
        judge = Judge(folder / "warm", folder / f"scratch-{name}", store)
        assert judge(RIGHT, negated=TESTS)["status"] == "passed"
        judge.close()
        (kept,) = (
            each for each in store.iterdir() if not each.name.startswith("image-")
        )  # one, though the negated tests are the same: it goes by what it is made of
        assert name == "first" or kept.stat().st_mtime > 0, "nobody asked for it"
        os.utime(kept, (0, 0))


def test_a_huge_answer_is_too_large(judge):
    verdict = judge(
        "vector<int> f(int x) { return vector<int>(5000000); }",
        head="vector<int> f(int x)",
        tests="int main(){ assert(f(1).empty()); }",
    )
    assert (verdict["status"], verdict["reason"]) == (
        "runtime_error",
        "a value too large was returned, which is no plain value",
    )


UNCAUGHT = {
    "an int": ("int f(int) { throw 1; }", "int"),
    "an exception": (
        "int f(int) { return vector<int>().at(3); }",
        "std::out_of_range: vector::_M_range_check: __n (which is 3)",
    ),
    "in front of a terminate handler": (
        "struct A { A() { set_terminate([] { exit(0); }); } } a;\nint f(int) { throw 1; }",
        "int",
    ),
    "through noexcept": ("int f(int) noexcept { throw 1; }", "died of signal 6"),
    "before all calls": ("int g = [] { throw 1; return 0; }();\n" + RIGHT, "died of signal 6"),
    "without its call instructions": (WRONG + 'asm(".macro call a:vararg\\n.endm");', ""),
}


@pytest.mark.parametrize("name", UNCAUGHT)
def test_an_uncaught_exception_is_a_runtime_error(judge, name):
    program, reason = UNCAUGHT[name]
    verdict = judge(program)
    assert verdict["status"] == "runtime_error" and verdict["reason"].startswith(reason), verdict


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
    assert begins_with_reference("/* a */ // b\n" + HEADERS + "int x;")
    assert begins_with_reference("#include<stdio.h>\nusing namespace std;\n" + HEADERS)  # as official declarations
    assert not begins_with_reference("using namespace other;\n" + HEADERS)
    assert not begins_with_reference("int x;\n" + HEADERS)
    assert not begins_with_reference("#define private public\n" + HEADERS)


@contextmanager
def language(warm: Path, scratch: Path) -> Iterator[steps.Language]:
    """The language with a folder of prepared toolchains, in this process."""
    if os.geteuid() != 0:
        pytest.skip("runs the agent's code in this process, as root")
    scratch.mkdir()
    made = steps.Language(Boxes(agent.load_library(warm), scratch, random_uid()), warm / "cpp")
    try:
        yield made
    finally:
        for server in filter(None, (made.runner, made.compilers.server)):
            server.socket.close()
            made.boxes.stop(server.pid)


def test_a_compile_server_that_does_not_start_is_done_without(folder):
    broken = folder / "broken"
    shutil.copytree(folder / "warm", broken)
    (broken / "cpp" / compilers.SERVED).write_text("not a library")
    with language(broken, folder / "scratch-broken") as made:
        assert made.compilers.server is None


def refused(warm: Path, scratch: Path, problems: Callable[[str], Sequence[Problem]]) -> list[str]:
    """The tasks with a canonical solution or tests that the compile server does not compile, without a second try.

    For a process of its own: boxes count what descends from theirs, and a test's has an agent below it.
    """
    del compilers.Compilers._plain
    found = []
    with language(warm, scratch) as made:
        for problem in problems("cpp"):
            sample = Sample(task_id=problem.task_id, completion=problem.canonical_solution, sample_index=0)
            parts = program_of(problem, sample, EvaluationSettings())
            units = [texts.program(parts.preamble, parts.candidate, parts.declared, str(warm / "cpp"))]
            units.append(texts.tests_unit(parts.preamble, parts.declared, parts.tests, str(warm / "cpp")))
            found += [
                problem.task_id for text in units if made.compilers.compile(text, Limits(**LIMITS))[0].exit_code != 0
            ]
    return found


@pytest.mark.parametrize("problems", [fresh, pytest.param(official, marks=pytest.mark.shared)])
def test_the_compile_server_refuses_no_canonical_solution_and_no_tests(folder, problems):
    if os.geteuid() != 0:
        pytest.skip("runs the agent's code, as root")
    if not (folder / "warm" / "cpp" / compilers.SERVED).exists():
        pytest.skip("no compile server for this GCC")
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        scratch = folder / f"scratch-{problems.__name__}"
        assert process.submit(refused, folder / "warm", scratch, problems).result() == []
