"""What is special to Java in a jail: the warm compiler, the guarded comparisons, the fresh virtual machine.

The contract that all languages share is tested elsewhere. Runs the agent as it stands, in cells by user, so it
needs root and a JDK; it is skipped without.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from agents import ROOT, Agent

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("jlink") or not shutil.which("gcc"), reason="needs root, a JDK and gcc"
)

IMPORTS = "import java.util.*;\nimport java.lang.*;\n"
F = 'public String f(int x) { return x == 1 ? "a" : "b"; } '
G = "public List<Integer> g() { return new ArrayList<>(List.of(1, 2)); } "
DECLARED = "class Solution { int f(int x) { List<Integer> g() { boolean holds("
TESTS = """public class Main {
    public static void main(String[] args) {
        Solution s = new Solution();
        List<Boolean> correct = Arrays.asList(
                s.f(1).equals("a"),
                Objects.equals(s.f(2), "b"),
                s.g().equals(Arrays.asList(1, 2))
        );
        if (correct.contains(false)) {
            throw new AssertionError();
        }
    }
}
"""


class Java(Agent):
    """Asked for one Java program at a time."""

    def judge(
        self, solution: str, others: str = "", tests: str = TESTS, wall_s: float = 20.0, declared: str = DECLARED
    ) -> dict:
        limits = dict(cpu_s=10.0, wall_s=wall_s, memory_mib=512, output_bytes=1 << 20, processes=128, file_mib=64)
        return self.ask(
            "java", {"compile": limits, "run": limits}, preamble=IMPORTS, tests=tests, expected_checks=None,
            candidate=f"{IMPORTS}{others}class Solution {{ {solution} }}", declared=others + declared,
        )  # fmt: skip

    def status(self, *parts: str, **more: object) -> str:
        answer = self.judge(*parts, **more)
        return str(answer.get("status", answer.get("fault")))


@pytest.fixture(scope="module")
def agent():
    base = Path(tempfile.mkdtemp(prefix="test_java-"))
    base.chmod(0o755)  # the cells' user has to reach it, so it is none of pytest's private folders
    subprocess.run([sys.executable, "-m", "sandboxes.prepare", str(base / "warm"), "java"], cwd=ROOT, check=True)
    running = Java(base / "warm", base / "scratch")
    yield running
    running.close()
    shutil.rmtree(base)


def test_each_boolean_of_the_list_is_one_check(agent):
    answer = agent.judge(F + G)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("passed", 3, 0)


def test_the_first_failed_check_is_named(agent):
    answer = agent.judge(F.replace('"b"', '"c"') + G)
    assert (answer["status"], answer["reason"]) == ("wrong_answer", "check 2 of 3 does not hold")


def test_a_guard_without_a_list_is_a_check_each_time(agent):
    tests = """public class Main { public static void main(String[] args) {
        for (int i = 0; i < 5; i++) { if (new Solution().f(i) != i) { throw new AssertionError(); } } } }"""
    assert agent.judge("int f(int x) { return x; }", tests=tests)["checks"] == 5
    assert agent.status("int f(int x) { return x / 2; }", tests=tests) == "wrong_answer"


@pytest.mark.parametrize(
    "others",
    [
        "class String {} ",
        "class Boolean {} class Objects {} class Integer {} ",
        "class AssertionError extends RuntimeException { AssertionError() { System.exit(0); } } ",
        "class Arrays { static java.util.List<java.lang.Boolean> asList(Object... x) { return java.util.List.of(true); } } ",
        "interface List<T> { default boolean contains(Object x) { return false; } } ",
    ],
)
def test_a_class_of_the_candidate_does_not_take_the_place_of_one_the_tests_use(agent, others):
    right = 'public java.lang.String f(int x) { return x == 1 ? "a" : "b"; } public java.util.List<java.lang.Integer> g() { return java.util.List.of(1, 2); }'
    assert agent.status(right, others) == "passed"
    assert agent.status(right.replace('"b"', '"c"'), others) == "wrong_answer"


def test_a_main_of_the_candidate_is_a_compile_error(agent):
    assert agent.status(F + G, "class Main { public static void main(String[] args) {} } ") == "compile_error"


@pytest.mark.parametrize(
    "liar",
    [
        "new ArrayList<>() { public boolean equals(Object o) { return true; } }",
        "Collections.unmodifiableList(new ArrayList<>() { public boolean equals(Object o) { return true; } })",
        "(List<Integer>) java.lang.reflect.Proxy.newProxyInstance(null, new Class<?>[] {List.class}, "
        '(proxy, method, values) -> method.getName().equals("equals") ? true : method.getName().equals("size") ? 0 : List.of().iterator())',
    ],
)
def test_a_value_that_says_it_equals_everything_is_compared_as_plain_data(agent, liar):
    assert agent.status(F + f"public List<Integer> g() {{ return {liar}; }}") == "wrong_answer"


def test_a_subclass_with_the_right_content_is_right(agent):
    assert agent.status(F + "public List<Integer> g() { return new ArrayList<>() {{ add(1); add(2); }}; }") == "passed"


def test_a_comparison_that_only_the_candidate_defines_is_tampering(agent):
    others = "class Yes { public boolean equals(String other) { return true; } } "
    for declared, used in (
        (DECLARED, "f of the candidate's class Solution"),
        (DECLARED + "Yes f(", "equals of the candidate's class Yes"),
    ):
        answer = agent.judge("public Yes f(int x) { return new Yes(); } " + G, others, declared=declared)
        assert (answer["status"], answer["reason"]) == ("tampered", f"the tests would use {used}")


def test_an_answer_that_is_neither_true_nor_false_is_wrong(agent):
    tests = TESTS.replace('s.f(1).equals("a"),', "s.holds(new ArrayList<>()),")
    holds = "boolean holds(List<Integer> x) { return %s; } Boolean holds(ArrayList<Integer> x) { return %s; } "
    assert agent.status(holds % ("true", "true") + F + G, tests=tests) == "passed"
    assert agent.status(holds % ("true", "null") + F + G, tests=tests) == "wrong_answer"


def test_tests_can_only_use_what_the_declaration_shows(agent):
    yes = "static class Yes { public int size() { return 2; } public boolean equals(String s) { return true; } } "
    tests = TESTS.replace('s.f(1).equals("a")', "s.h(new ArrayList<>()).size() == 2")
    of_list = "List<Integer> h(List<Integer> x) { return List.of(); } "
    for overload, class_, used in (
        ("Yes h(ArrayList<Integer> x) { return new Yes(); }", yes, "h of the candidate's class Solution"),
        (
            "<T extends Yes> T h(ArrayList<Integer> x) { return (T) new Yes(); }",
            yes,
            "h of the candidate's class Solution",
        ),
        (
            "Solution h(ArrayList<Integer> x) { return this; } int size() { return 2; }",
            "",
            "h of the candidate's class Solution",
        ),
        (
            "List<Yes> h(List<Integer> x) { return List.of(new Yes()); }",
            yes,
            "size of the candidate's class Solution.Yes",
        ),
        (
            "List<Solution> h(List<Integer> x) { return List.of(this); } int size() { return 2; }",
            "",
            "size of the candidate's class Solution",
        ),
    ):
        lists = overload.startswith("List")
        answer = agent.judge(
            F + G + class_ + overload + (of_list if not lists else ""), declared=DECLARED + "List<Integer> h(",
            tests=tests.replace(".size()", ".get(0).size()") if lists else tests,
        )  # fmt: skip
        assert (answer["status"], answer["reason"]) == ("tampered", f"the tests would use {used}")


def test_classes_that_the_prompt_declares_are_the_problems_own(agent):
    node = """class Node { int val; protected Node next; Node(int val) { this.val = val; }
        static Node build(int... all) { Node head = new Node(all[0]); Node at = head; for (int x : all) { at = at.next = new Node(x); } return head.next; }
        Node next() { return next; } int size() { return next == null ? 1 : 1 + next.size(); }
        public boolean equals(Object other) { return other instanceof Node that && that.val == val; } }
        enum Color { RED, GREEN } record Edge(Node from, int weight) {} interface Shape { double area(); } """
    members = "Node last(Node x) { return x.next == null ? x : last(x.next); } Color c() { return Color.GREEN; } Edge e(Node x) { return new Edge(x, 3); } Shape s() { return () -> 2; } "
    tests = TESTS.replace(
        's.f(1).equals("a")',
        "s.last(Node.build(1, 2)).equals(new Node(2)), Node.build(1, 2, 3).next().next().size() == 1, s.last(Node.build(3)).val == 3,"
        's.c() == Color.valueOf("GREEN"), Color.values().length == 2, s.c().ordinal() == 1, s.e(Node.build(4)).from().val == 4,'
        "s.e(new Node(1)).weight() == 3, s.s().area() == 2, Node.build(1, 2).next.val == 2, s.last(Node.build(1)).next == null",
    )
    declared = node + DECLARED + "Node last( Color c( Edge e( Shape s("
    assert agent.status(F + G + members, node, tests=tests, declared=declared) == "passed"
    assert (
        agent.status(F + G + members.replace("? x :", "? new Node(0) :"), node, tests=tests, declared=declared)
        == "wrong_answer"
    )


@pytest.mark.parametrize(
    "reach, status, reason",
    [
        ("static { Main.letters = null; } ", "tampered", "the program names the tests' class Main"),
        ("Main[] none; static { Object x = new Main[0]; } ", "tampered", "the program names the tests' class Main"),
        ("void again() { try { Main.main(null); } catch (Exception e) {} } ", "tampered", "the program names the tests' class Main"),
        (
            "static { try { Class<?>[] found = {null}; StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(x -> found[0] = x.getDeclaringClass());"
            ' var field = found[0].getDeclaredField("letters"); field.setAccessible(true); field.set(null, new char[] {\'b\'}); } catch (Exception e) { throw new RuntimeException(e); } } ',
            "runtime_error", None,
        ),
    ],
)  # fmt: skip
def test_the_fields_of_the_tests_are_out_of_reach(agent, reach, status, reason):
    statics = 'static char[] letters = "ab".toCharArray(); static String at(int i) { return "" + letters[i]; } public static void main'
    tests = TESTS.replace("public static void main", statics).replace('"a"', "at(0)").replace('"b"', "at(1)")
    assert agent.status(F + G, tests=tests) == "passed"
    answer = agent.judge(reach + F + G, tests=tests)
    assert answer["status"] == status and reason in (None, answer["reason"])


def test_a_class_of_the_tests_own_may_be_anything(agent):
    more = """record Pair(String a, int b) {} enum Kind { ONE } interface Op { int of(int x); } static class Box<T> { T held; Box(T held) { this.held = held; } }
        static int twice(Op op) { return op.of(1) * 2; } public static void main"""
    calls = """s.f(1).equals("a"), new Pair("a", 1).equals(new Pair("a", 1)), Kind.valueOf("ONE") == Kind.ONE, twice(x -> x + 1) == 4,
        new Box<>(3).held == 3, new Pair("a", 1).toString().equals("Pair[a=a, b=1]"), Arrays.asList(2, 1).stream().map(x -> new Box<>(x)).count() == 2,
        new Object() { int two() { return 2; } }.two() == 2"""
    tests = TESTS.replace("public static void main", more).replace('s.f(1).equals("a")', calls.rstrip(","))
    assert agent.judge(F + G, tests=tests)["checks"] == 10


def test_native_code_of_the_candidate_is_not_loaded(agent):
    library = next(Path("/usr/lib").glob("*/libm.so.6"))
    load = f'static {{ try {{ System.load("{library}"); }} catch (UnsatisfiedLinkError e) {{ System.out.print("refused"); }} }} '
    answer = agent.judge(load + F + G)
    assert (answer["status"], answer["stdout"]) == ("passed", "refused")


@pytest.mark.parametrize("leaving", ["System.exit(0)", "Runtime.getRuntime().halt(0)"])
def test_leaving_before_the_last_test_is_tampering(agent, leaving):
    assert agent.status(f"static {{ {leaving}; }} " + F + G) == "tampered"


def test_an_assertion_error_of_the_candidate_is_a_runtime_error(agent):
    assert agent.status('public String f(int x) { throw new AssertionError("mine"); } ' + G) == "runtime_error"


@pytest.mark.parametrize(
    "body, status",
    [
        ("return f(x + 1);", "runtime_error"),
        ("List<int[]> all = new ArrayList<>(); while (true) all.add(new int[1 << 20]);", "memory_exceeded"),
        ("while (x > 0) {} return null;", "timed_out"),
        ("try { Thread.sleep(100000); } catch (Exception e) {} return null;", "timed_out"),
    ],
)
def test_exhaustion_has_a_status_of_its_own(agent, body, status):
    assert agent.status(f"public String f(int x) {{ {body} }} " + G, wall_s=3.0) == status


def test_threads_are_waited_for_as_java_does(agent):
    start = "static {{ new Thread(() -> {{ try {{ Thread.sleep({}); }} catch (Exception e) {{}} }}).start(); }} "
    assert agent.status(start.format(100) + F + G) == "passed"
    assert agent.status(start.format(100000) + F + G, wall_s=3.0) == "timed_out"


def test_the_report_and_the_memory_cannot_be_opened(agent):
    attempt = 'try { new java.io.RandomAccessFile("/proc/self/%s", "rw"); } catch (Exception e) { System.out.println(e.getMessage()); } '
    answer = agent.judge("static { " + attempt % "fd/4" + attempt % "mem" + "} " + F + G)
    assert answer["stdout"] == "/proc/self/fd/4 (Permission denied)\n/proc/self/mem (Permission denied)\n"


def test_the_tests_are_gone_from_the_scratch_folder(agent):
    answer = agent.judge('static { System.out.println(new java.io.File(".").list().length); } ' + F + G)
    assert (answer["status"], answer["stdout"]) == ("passed", "0\n")


@pytest.mark.parametrize(
    "spoiler",
    [
        "int x = " + "(" * 100000 + "1" + ")" * 100000 + ";",
        'String s = "' + "a" * 70000 + '";',
        "int x = y;" * 2000,
        "} class Solution {",
        "} class Other extends Solution {} class Solution extends Other {",
        "} package java.util; class List {",
        "} module other {",
        "/*",
    ],
)
def test_a_program_that_spoils_the_compiler_does_not_touch_the_next(agent, spoiler):
    assert agent.status(spoiler) == "compile_error"
    assert agent.status(F + G) == "passed"


def test_nothing_of_a_compiled_program_is_seen_by_the_next(agent):
    assert agent.status(F + G, "class Helper { static int x = 1; } @interface Mark {} ") == "passed"
    assert agent.status("int y = Helper.x; " + F + G) == "compile_error"
    assert agent.status("@Mark int y; " + F + G) == "compile_error"
    assert agent.status("int y = Helper.x; " + F + G, "class Helper { static long x; } ") == "compile_error"
    assert agent.status("long y = Helper.x; " + F + G, "class Helper { static long x; } ") == "passed"


def test_an_endless_compilation_costs_only_its_own_program(agent):
    deep = "} class A<T> {} class B<T> extends A<A<? super B<B<T>>>> { A<? super B<Integer>> a = new B<Integer>();"
    assert agent.status(deep) in ("timed_out", "compile_error", "memory_exceeded")
    assert agent.status(F + G) == "passed"


def test_a_compiler_that_others_filled_does_not_cost_a_program_its_verdict(agent):
    for turn in range(12):
        names = "".join(f"{{ y{turn}_{i:x}.B v; }}" if i % 500 else f"}} void m{i}() {{" for i in range(1500))
        assert agent.status("void q() {" + names + "}") == "compile_error"
    assert agent.status(F + G) == "passed"
