"""What is special to Java in a jail: the warm compiler, the tests' own machine, the checks, the values that cross.

The contract that all languages share is tested elsewhere. Runs the agent as it stands, in boxes by user, so it
needs root and a JDK; it is skipped without.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agents import OVERSPENT, Agent

from humaneval_x.languages.declared import function_of
from sandboxes.images import RESTORE
from sandboxes.java.steps import OVERHEAD_MIB
from sandboxes.java.warm import build
from sandboxes.prepare import prepare

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("jlink") or not shutil.which("gcc"), reason="needs root, a JDK and gcc"
    ),
]

IMPORTS = "import java.util.*;\nimport java.lang.*;\nimport java.math.BigInteger;\n"
BEFORE = IMPORTS + "class Solution {\n"
F = 'public String f(int x) { return x == 1 ? "a" : "b"; } '
G = "public List<Integer> g() { return new ArrayList<>(List.of(1, 2)); } "
HEADS = ("public String f(int x)", "public List<Integer> g()")
# Prints the names of all files that it finds in the folders beside its own.
SEARCHES = 'static { for (var each : new java.io.File("..").listFiles()) for (var name : each.list()) System.out.println(name); } '
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


def checked(*checks: str, before: str = "", behind: str = "") -> str:
    """Return tests of one list of checks."""
    return (
        f"public class Main {{ {before}\n    public static void main(String[] args) throws Exception {{\n"
        f"        Solution s = new Solution();\n        List<Boolean> correct = Arrays.asList({', '.join(checks)});\n"
        f"        if (correct.contains(false)) {{ throw new AssertionError(); }} {behind} }} }}\n"
    )


class Java(Agent):
    """Asked for one Java program at a time."""

    def judge(
        self,
        solution: str,
        others: str = "",
        judge: str = TESTS,
        *,
        heads: tuple[str, ...] = HEADS,
        before: str = BEFORE,
        cpu_s: float = 10.0,
        wall_s: float = 20.0,
        memory_mib: int = 512,
        **more: Any,
    ) -> dict[str, Any]:
        """Return the answer to a class Solution, with other classes beside it."""
        limits = dict(
            cpu_s=cpu_s, wall_s=wall_s, memory_mib=memory_mib, output_bytes=1 << 20, processes=128, file_mib=64
        )
        functions = [function_of("java", before, head) for head in heads]
        return self.ask(
            "java", {"compile": limits, "run": limits}, preamble=IMPORTS, tests=judge, expected_checks=None,
            candidate=f"{IMPORTS}{others}class Solution {{ {solution} }}",
            declared=json.dumps({"functions": functions, "before": before, "after": "}"}), **more,
        )  # fmt: skip

    def status(self, *parts: str, **more: Any) -> str:
        """Return the status, or the fault, of a program."""
        answer = self.judge(*parts, **more)
        return str(answer.get("status", answer.get("fault")))

    def one(self, head: str, body: str, *checks: str, **more: Any) -> dict[str, Any]:
        """Return the answer to one method of the usual body, under some checks."""
        return self.judge(f"{head} {{ {body} }}", judge=checked(*checks), heads=(head,), **more)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the boxes' user can reach, so it is none of pytest's private ones."""
    base = Path(tempfile.mkdtemp(prefix="test_java-"))
    base.chmod(0o755)
    yield base
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def agent(folder: Path) -> Iterator[Java]:
    assert prepare(folder / "warm", ["java"]) == {}
    (folder / "store").mkdir()
    running = Java(folder / "warm", folder / "scratch", folder / "store")
    yield running
    running.close()


def test_each_boolean_of_the_list_is_one_check(agent: Java) -> None:
    answer = agent.judge(F + G)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("passed", 3, 0)


def test_a_warm_process_that_has_died_costs_no_program_anything(agent: Java) -> None:
    for _ in range(3):
        assert agent.judge(F + G)["status"] == "passed"
        agent.kill_all()
    assert agent.judge(F + G)["status"] == "passed"


def test_a_failed_check_says_what_it_was_called_with_what_it_expected_and_what_it_got(agent: Java) -> None:
    answer = agent.judge(F.replace('"b"', '"c"') + G)
    assert (answer["status"], answer["reason"]) == ("wrong_answer", "check 2 of 3 does not hold")
    assert (answer["called_with"], answer["expected"], answer["got"]) == ("2", '"b"', '"c"')
    assert (answer["checks"], answer["failures"]) == (3, 1)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("s.f(3) == 4.5", "4.5"),
        ("7 == s.f(3)", "7"),
        ("!(s.f(3) != 1 + 1)", "1 + 1"),
        ("Math.abs(s.f(3) - 0.33) < 1e-6", "0.33"),
        ("Double.valueOf(s.f(3)).equals(2.0)", "2.0"),
        ("s.f(3) < 2", "s.f(3) < 2"),
        ("s.f(3) != 3", "not 3"),
    ],
)
def test_what_was_expected_is_in_the_source_of_the_check(agent: Java, check: str, expected: str) -> None:
    answer = agent.one("public double f(int x)", "return x;", check)
    assert (answer["status"], answer["expected"], answer["got"]) == ("wrong_answer", expected, "3.0")


def test_a_guard_without_a_list_is_a_check_each_time(agent: Java) -> None:
    guards = """public class Main { public static void main(String[] args) {
        for (int i = 0; i < 5; i++) { if (new Solution().f(i) != i) { throw new AssertionError(); } } } }"""
    heads = ("int f(int x)",)
    assert agent.judge("int f(int x) { return x; }", judge=guards, heads=heads)["checks"] == 5
    answer = agent.judge("int f(int x) { return x / 2; }", judge=guards, heads=heads)
    assert (answer["status"], answer["checks"], answer["called_with"]) == ("wrong_answer", 2, "1")
    answer = agent.judge("int f(int x) { return x / 2; }", judge=guards, heads=heads, all_checks=True)
    assert (answer["status"], answer["checks"], answer["failures"]) == ("wrong_answer", 5, 4)


def test_negated_tests_run_on_the_answers_that_were_recorded(agent: Java) -> None:
    counting = 'static int calls; public String f(int x) { System.out.print(++calls); return x == 1 ? "a" : "b"; } '
    answer = agent.judge(counting + G, negated=TESTS.replace('"b"', '"c"'))
    assert (answer["status"], answer["stdout"], answer["negated"]["status"]) == ("passed", "12", "wrong_answer")
    assert agent.judge(F + G, negated=TESTS)["negated"]["status"] == "passed"


def test_answers_too_large_to_be_recorded_end_the_tests(agent: Java) -> None:
    checks = ["s.f(1).length() == 35000000"] * 4
    body = 'return "x".repeat(35000000);'
    answer = agent.one("public String f(int x)", body, *checks, negated=checked(*checks))
    assert (answer["status"], answer["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")
    assert agent.judge(F + G)["status"] == "passed"


@pytest.mark.parametrize(
    "others",
    [
        "class String {} ",
        "class Boolean {} class Objects {} class Integer {} class Object {} ",
        "class AssertionError extends RuntimeException { AssertionError() { System.exit(0); } } ",
        "class Arrays { static java.util.List<java.lang.Boolean> asList(Object... x) { return java.util.List.of(true); } } ",
        "interface List<T> { default boolean contains(Object x) { return false; } } ",
        "class Main { public static void main(java.lang.String[] args) {} } ",
    ],
)
def test_a_class_of_the_candidate_may_be_called_as_one_of_the_tests(agent: Java, others: str) -> None:
    right = 'public java.lang.String f(int x) { return x == 1 ? "a" : "b"; } public java.util.List<java.lang.Integer> g() { return java.util.List.of(1, 2); }'
    assert agent.status(right, others) == "passed"
    assert agent.status(right.replace('"b"', '"c"'), others) == "wrong_answer"


@pytest.mark.parametrize(
    "liar",
    [
        "new ArrayList<>() { public boolean equals(Object o) { return true; } }",
        "Collections.unmodifiableList(new ArrayList<>() { public boolean equals(Object o) { return true; } })",
        "Collections.checkedList(new ArrayList<>() { public boolean equals(Object o) { return true; } }, Integer.class)",
        "(List<Integer>) java.lang.reflect.Proxy.newProxyInstance(null, new Class<?>[] {List.class}, "
        '(proxy, method, values) -> method.getName().equals("equals") ? true : method.getName().equals("size") ? 0 : List.of().iterator())',
    ],
)
def test_a_value_that_says_it_equals_everything_is_compared_as_plain_data(agent: Java, liar: str) -> None:
    assert agent.status(F + f"public List<Integer> g() {{ return {liar}; }}") == "wrong_answer"


def test_a_subclass_with_the_right_content_is_right(agent: Java) -> None:
    assert agent.status(F + "public List<Integer> g() { return new ArrayList<>() {{ add(1); add(2); }}; }") == "passed"


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("new Yes(1)", "tampered"),  # a record says what it equals
        ("new Object()", "runtime_error"),
        ("new int[] {5}", "runtime_error"),
        ("List.of(1).stream()", "runtime_error"),
        ("new StringBuilder()", "runtime_error"),
        ("new java.math.BigDecimal(5)", "runtime_error"),  # the platform's own equality
        ("5L", "wrong_answer"),
        ("(short) 5", "wrong_answer"),
        ("5", "passed"),
    ],
)
def test_an_object_crosses_as_what_it_exactly_is_or_not_at_all(agent: Java, value: str, status: str) -> None:
    answer = agent.one("public Object f(int x)", f"return {value};", "s.f(1).equals(5)", others="record Yes(int x) {} ")
    assert answer["status"] == status, answer


@pytest.mark.parametrize(
    ("type_", "value", "check"),
    [
        ("Object", "Arrays.asList(1, 2L, 'c', \"t\", 2.5, 1.5f, true, null, Optional.of(3), Map.of(1, Set.of(2)))",
         "s.f().equals(Arrays.asList(1, 2L, 'c', \"t\", 2.5, 1.5f, true, null, Optional.of(3), Map.of(1, Set.of(2))))"),
        ("double", "-0.0", "1 / s.f() == Double.NEGATIVE_INFINITY"),
        ("double", "Double.longBitsToDouble(0x7ff8000000000001L)", "Double.doubleToRawLongBits(s.f()) == 0x7ff8000000000001L"),
        ("float", "0.1f", "s.f() == 0.1f"),
        ("long", "Long.MIN_VALUE", "s.f() == Long.MIN_VALUE"),
        ("char", "'\\ud800'", "s.f() == '\\ud800'"),
        ("String", "\"\\ud800x\"", "s.f().charAt(0) == '\\ud800' && s.f().length() == 2"),
        ("String", "new String(\"ab\")", 's.f() == "ab"'),
        ("String[]", "new String[] {\"a\", null}", "Arrays.equals(s.f(), new String[] {\"a\", null})"),
        ("int[][]", "new int[][] {{1}, {}}", "Arrays.deepEquals(s.f(), new int[][] {{1}, {}})"),
        ("BigInteger", "BigInteger.TEN.pow(30)", "s.f().equals(BigInteger.TEN.pow(30))"),
        ("Set<Integer>", "new TreeSet<>(List.of(2, 1))", "s.f().equals(Set.of(1, 2))"),
        ("TreeSet<Integer>", "new TreeSet<>(List.of(2, 1))", "s.f().first() == 1"),
        ("Map<String, List<Integer>>", "Map.of(\"a\", List.of(1))", "s.f().equals(Map.of(\"a\", List.of(1)))"),
        ("Map.Entry<String, Integer>", "Map.entry(\"a\", 1)", "s.f().equals(Map.entry(\"a\", 1))"),
        ("Optional<List<Integer>>", "Optional.of(List.of(1))", "s.f().get().get(0) == 1"),
        ("Integer", "null", "s.f() == null"),
    ],
)  # fmt: skip
def test_a_value_of_every_declared_type_arrives(agent: Java, type_: str, value: str, check: str) -> None:
    answer = agent.one(f"public {type_} f()", f"return {value};", check)
    assert answer["status"] == "passed", answer


def test_a_result_is_widened_as_java_widens_it_and_no_further(agent: Java) -> None:
    head = ("public double f(int x)",)
    judge = checked("s.f(2) == 2")
    assert agent.status("public int f(int x) { return x; }", judge=judge, heads=head) == "passed"
    assert agent.status("public boolean f(int x) { return true; }", judge=judge, heads=head) == "compile_error"
    judge, head = checked("s.f(2) == 2"), ("public int f(int x)",)
    assert agent.status("public long f(int x) { return x; }", judge=judge, heads=head) == "passed"
    assert agent.status("public long f(int x) { return x + (1L << 32); }", judge=judge, heads=head) == "runtime_error"
    hidden = "List f(int x) { return List.of(2L); }"
    answer = agent.judge(hidden, judge=checked("s.f(2).equals(List.of(2))"), heads=("List<Integer> f(int x)",))
    assert answer["status"] == "runtime_error" and "ClassCastException" in answer["reason"]


def test_an_argument_is_as_fixed_as_the_one_of_the_tests(agent: Java) -> None:
    head = "public int f(List<Integer> xs)"
    assert agent.one(head, "xs.add(1); return 1;", "s.f(new ArrayList<>(List.of(3))) == 1")["status"] == "passed"
    assert agent.one(head, "xs.set(0, 1); return 1;", "s.f(Arrays.asList(3)) == 1")["status"] == "passed"
    for fixed in ("Arrays.asList(3)", "List.of(3)"):
        answer = agent.one(head, "xs.add(1); return 1;", f"s.f({fixed}) == 1")
        assert (answer["status"], answer["reason"]) == ("runtime_error", "java.lang.UnsupportedOperationException")


def test_a_method_without_a_result_changes_what_it_was_given(agent: Java) -> None:
    head = "public void f(List<Integer> xs, int[] ys, Map<String, Integer> map)"
    body = 'xs.add(1); ys[0] = 7; map.put("a", 1);'
    check = "xs.equals(List.of(1)) && ys[0] == 7 && map.size() == 1"
    given = "new ArrayList<Integer>(), new int[1], new HashMap<String, Integer>()"
    changed = f"static boolean changed(Solution s, List<Integer> xs, int[] ys, Map<String, Integer> map) {{ s.f(xs, ys, map); return {check}; }}"
    judge = checked(f"changed(s, {given})", before=changed)
    assert agent.status(f"{head} {{ {body} }}", judge=judge, heads=(head,)) == "passed"
    assert agent.status(f"{head} {{ ys[0] = 7; }}", judge=judge, heads=(head,)) == "wrong_answer"


def test_what_a_method_with_a_result_does_to_its_arguments_is_its_own_affair(agent: Java) -> None:
    same = "static boolean same(Solution s, List<Integer> xs) { return s.f(xs) == 1 && xs.size() == 1; }"
    judge = checked("same(s, new ArrayList<>(List.of(5)))", before=same)
    head = "public int f(List<Integer> xs)"
    assert agent.status(f"{head} {{ xs.clear(); return 1; }}", judge=judge, heads=(head,)) == "passed"


def test_helpers_of_the_prompt_are_the_tests_own(agent: Java) -> None:
    before = BEFORE + "    static int twice(int x) { return 2 * x; }\n    enum Kind { ONE }\n"
    judge = checked("s.f(3) == Solution.twice(3)", "Solution.twice(2) == 4")
    more: dict[str, Any] = {"judge": judge, "before": before, "heads": ("public int f(int x)",)}
    assert (
        agent.status("static int twice(int x) { return 0; } public int f(int x) { return 2 * x; }", **more) == "passed"
    )
    assert (
        agent.status("static int twice(int x) { return 0; } public int f(int x) { return 0; }", **more)
        == "wrong_answer"
    )


def test_an_exception_of_the_candidate_is_the_platforms_for_tests_that_catch_it(agent: Java) -> None:
    refuses = 'static boolean refuses(Solution s) { try { s.f(-1); return false; } catch (%s e) { return e.getMessage().equals("no"); } }'
    head, right = "public int f(int x)", 'if (x < 0) throw new IllegalArgumentException("no"); return x;'
    judge = checked("refuses(s)", before=refuses % "IllegalArgumentException")
    assert agent.judge(f"{head} {{ {right} }}", judge=judge, heads=(head,))["status"] == "passed"
    judge = checked("refuses(s)", before=refuses % "ArithmeticException")
    assert agent.judge(f"{head} {{ {right} }}", judge=judge, heads=(head,))["status"] == "runtime_error"


def test_tests_that_catch_everything_do_not_catch_the_end(agent: Java) -> None:
    catches = "static boolean tried(Solution s) { for (;;) { try { s.f(1); return true; } catch (Throwable all) { return true; } } }"
    for body, status in (
        ("System.exit(0); return 1;", "tampered"),
        ("return new Object() { public boolean equals(Object o) { return true; } };", "tampered"),
    ):
        head = "public Object f(int x)"
        answer = agent.judge(f"{head} {{ {body} }}", judge=checked("tried(s)", before=catches), heads=(head,))
        assert answer["status"] == status, answer


def test_an_answer_that_is_neither_true_nor_false_is_wrong(agent: Java) -> None:
    head = "public Boolean f(int x)"
    assert agent.one(head, "return x > 0;", "s.f(1)")["status"] == "passed"
    assert agent.one(head, "return null;", "s.f(1)")["status"] == "wrong_answer"


@pytest.mark.parametrize(
    "overload",
    [
        "Yes g(Object... none) { return new Yes(); } ",
        "public List<Integer> f(Integer x) { return List.of(); } ",
        "<T extends Yes> T g(ArrayList<Integer> x) { return (T) new Yes(); } ",
    ],
)
def test_an_overload_is_not_called_where_the_declared_method_is_there(agent: Java, overload: str) -> None:
    yes = "static class Yes { public boolean equals(Object o) { return true; } } "
    assert agent.status(F + G + yes + overload) == "passed"
    assert agent.status(F.replace('"b"', '"c"') + G + yes + overload) == "wrong_answer"


def test_a_class_of_the_tests_own_may_be_anything(agent: Java) -> None:
    more = """record Pair(String a, int b) {} enum Kind { ONE { int two() { return 2; } }; int two() { return 1; } } interface Op { int of(int x); }
        sealed interface Shape permits Dot {} record Dot(int x) implements Shape {} static class Box<T> { T held; Box(T held) { this.held = held; } }
        static int twice(Op op) { return op.of(1) * 2; }"""
    checks = """s.f(1).equals("a"); new Pair("a", 1).equals(new Pair("a", 1)); Kind.valueOf("ONE").two() == 2; twice(x -> x + 1) == 4; new Dot(3) instanceof Shape;
        new Box<>(3).held == 3; new Pair("a", 1).toString().equals("Pair[a=a, b=1]"); Arrays.asList(2, 1).stream().map(x -> new Box<>(x)).count() == 2"""
    assert agent.judge(F + G, judge=checked(*checks.split(";"), before=more))["checks"] == 8


def test_sealed_types_and_enum_constants_with_bodies_are_legal(agent: Java) -> None:
    others = "sealed interface Shape permits Dot, Line {} record Dot() implements Shape {} record Line(int x) implements Shape {} enum Op { ADD { int of(int x) { return x + 1; } }; abstract int of(int x); } "
    assert (
        agent.status(
            'public String f(int x) { return Op.ADD.of(x) == 2 ? "a" : "b"; } Shape shape = new Dot(); ' + G, others
        )
        == "passed"
    )


def test_tests_that_leave_something_behind_have_a_machine_of_their_own(agent: Java) -> None:
    leaving = 'System.setProperty("left", "1"); Thread t = new Thread(() -> {}); t.start();'
    checks = 's.f(1).equals("a")', 'System.getProperty("left") == null'
    for _ in range(2):
        assert agent.status(F + G, judge=checked(*checks, behind=leaving)) == "passed"
    assert agent.status(F + G, judge=checked(*checks)) == "passed"


def test_what_tests_are_made_of_is_gone_before_a_candidate_runs(agent: Java) -> None:
    in_the_service, alone = TESTS, TESTS.replace("Solution s =", "new Thread(() -> {}).start(); Solution s =")
    for judge in (in_the_service, alone):
        answer = agent.judge(SEARCHES + F + G, judge=judge)
        assert (answer["status"], answer["stdout"]) == ("passed", "")


def test_statics_of_tests_are_made_anew_for_each_program(agent: Java) -> None:
    judge = checked("++calls == 1", 's.f(1).equals("a")', before="static int calls;")
    assert [agent.status(F + G, judge=judge) for _ in range(2)] == ["passed", "passed"]


def test_what_tests_print_is_none_of_the_programs_output(agent: Java) -> None:
    answer = agent.judge(
        F + G,
        judge=TESTS.replace("Solution s", 'System.out.print("tests"); System.out.print(s()); Solution s', 1).replace(
            "public static void", 'static String s() { return "!"; } public static void', 1
        ),
    )
    assert (answer["status"], answer["stdout"], answer["stderr"]) == ("passed", "", "tests!")


def test_endless_tests_cost_their_own_program_alone(agent: Java) -> None:
    judge = checked('s.f(1).equals("a")', behind="for (int i = 0; s.f(1) != null; ) { while (i < 1) {} }")
    assert agent.status(F + G, judge=judge, wall_s=2.0) == "timed_out"
    assert agent.status(F + G) == "passed"


def test_the_service_may_use_the_processor_time_of_a_program_and_no_more(agent: Java) -> None:
    judge = checked('s.f(1).equals("a")', behind="for (int i = 0; s.f(1) != null; ) { while (i < 1) {} }")
    answer = agent.judge(F + G, judge=judge, cpu_s=3.0, wall_s=300.0)
    assert (answer["status"], answer["reason"]) == ("timed_out", OVERSPENT)
    assert agent.status(F + G) == "passed"


def test_a_result_too_large_for_the_tests_is_memory_exceeded_and_the_next_program_passes(agent: Java) -> None:
    head = "public List<String> f(int x)"
    kept = "static List<Object> kept = new ArrayList<>();"
    judge = checked("s.f(1).size() > 0", before=kept, behind="for (;;) { kept.add(s.f(1)); }")
    answer = agent.judge(
        f'{head} {{ return Collections.nCopies(500, "x".repeat(100000)); }}', judge=judge, heads=(head,), wall_s=60.0
    )
    assert answer["status"] == "memory_exceeded", answer
    assert agent.status(F + G) == "passed"


def test_results_beyond_the_limits_are_no_plain_values(agent: Java) -> None:
    endless = "return new AbstractList<Integer>() { public int size() { return 1 << 30; } public Integer get(int i) { return 1; } };"
    itself = "List all = new ArrayList<>(); all.add(all); return all;"
    for body, what in ((endless, "a value too large"), (itself, "a value nested too deep")):
        answer = agent.one("public Object f(int x)", body, "s.f(1) != null")
        assert (answer["status"], answer["reason"]) == (
            "runtime_error",
            f"{what} was returned, which is no plain value",
        )


def test_tests_that_do_not_compile_are_the_problems_error(agent: Java) -> None:
    answer = agent.judge(F + G, judge=TESTS.replace("s.g()", "s.h()"))
    assert answer["status"] == "compile_error" and "cannot find symbol" in answer["reason"]


def test_native_code_may_be_loaded(agent: Java) -> None:
    library = next(Path("/usr/lib").glob("*/libm.so.6"))
    assert agent.status(f'static {{ System.load("{library}"); }} ' + F + G) == "passed"


@pytest.mark.parametrize("leaving", ["System.exit(0)", "Runtime.getRuntime().halt(0)"])
def test_leaving_before_the_last_test_is_tampering(agent: Java, leaving: str) -> None:
    assert agent.status(f"static {{ {leaving}; }} " + F + G) == "tampered"


def test_errors_of_the_tests_side_thrown_by_the_candidate_are_runtime_errors(agent: Java) -> None:
    for thrown in ("java.lang.AssertionError", "java.io.IOException"):  # the second is what a pipe that ends throws
        answer = agent.judge(f'public String f(int x) throws Exception {{ throw new {thrown}("mine"); }} ' + G)
        assert (answer["status"], answer["reason"]) == ("runtime_error", f"{thrown}: mine")


@pytest.mark.parametrize(
    "body, status, wall_s",
    [
        ("return f(x + 1);", "runtime_error", 60.0),
        ("List<int[]> all = new ArrayList<>(); while (true) all.add(new int[1 << 20]);", "memory_exceeded", 60.0),
        ("while (x > 0) {} return null;", "timed_out", 3.0),
        ("try { Thread.sleep(100000); } catch (Exception e) {} return null;", "timed_out", 3.0),
    ],
)
def test_exhaustion_has_a_status_of_its_own(agent: Java, body: str, status: str, wall_s: float) -> None:
    assert agent.status(f"public String f(int x) {{ {body} }} " + G, wall_s=wall_s) == status


def test_threads_are_waited_for_as_java_does(agent: Java) -> None:
    start = "static {{ new Thread(() -> {{ try {{ Thread.sleep({}); }} catch (Exception e) {{}} }}).start(); }} "
    assert agent.status(start.format(100) + F + G) == "passed"
    assert agent.status(start.format(100000) + F + G, wall_s=3.0) == "timed_out"


def test_a_program_finds_its_folder_empty(agent: Java) -> None:
    answer = agent.judge('static { System.out.println(new java.io.File(".").list().length); } ' + F + G)
    assert (answer["status"], answer["stdout"]) == ("passed", "0\n")


ALIVE = {
    "threads": "int[] n = {0}; Thread t = new Thread(() -> n[0]++); t.start(); t.join(); return n[0];",
    "pools": "var pool = java.util.concurrent.Executors.newScheduledThreadPool(3); try { "
    "return pool.schedule(() -> 1, 5, java.util.concurrent.TimeUnit.MILLISECONDS).get(); } finally { pool.shutdown(); }",
    "parallel streams": "return java.util.stream.IntStream.range(0, 100000).parallel().filter(x -> x == 7).sum() / 7;",
    "collection of garbage": "var gone = new java.lang.ref.WeakReference<>(new int[1000]); "
    "while (gone.get() != null) { System.gc(); } byte[] last = null; for (int i = 0; i < 2000; i++) last = new byte[1 << 20]; return last.length >> 20;",
    "reference handler": "var done = new java.util.concurrent.CountDownLatch(1); "
    "java.lang.ref.Cleaner.create().register(new Object(), done::countDown); while (done.getCount() > 0) { System.gc(); Thread.sleep(1); } return 1;",
    "implicit checks in compiled code": 'int n = 0; for (int i = 0; i < 300000; i++) { try { Object o = i % 3 == 0 ? null : ""; '
    "n += o.hashCode() + 1 / (i % 2); } catch (NullPointerException | ArithmeticException e) { n++; } } return n > 0 ? 1 : 0;",
    "deep recursion": "try { return recursive(0); } catch (StackOverflowError e) { return 1; }",
    "chance": "return new java.security.SecureRandom().nextInt(1) + java.util.UUID.randomUUID().version() - 3;",
    "other character sets": 'return new String("\\u00e9".getBytes("IBM850"), "IBM850").length();',
    "files by relative and absolute names": 'var file = new java.io.File("x").getAbsoluteFile(); '
    'java.nio.file.Files.writeString(java.nio.file.Path.of("y").toAbsolutePath(), "y"); new java.io.FileWriter(file).close(); '
    'return new java.io.File(".").list().length + new java.io.File("").getCanonicalFile().list().length - 3;',
    "its own process": 'return ProcessHandle.current().pid() == Integer.parseInt(new java.io.File("/proc/self").getCanonicalFile().getName()) ? 1 : 0;',
    "children": 'return new ProcessBuilder("/bin/sh", "-c", "exit 1").start().waitFor();',
    "classes that nobody loaded before": 'return new javax.xml.namespace.QName("a").getLocalPart().length();',
    "names of threads as in a fresh machine": 'return new Thread(() -> {}).getName().equals("Thread-0") ? 1 : 0;',
}


@pytest.mark.parametrize("what", ALIVE)
def test_a_forked_virtual_machine_has_all_that_a_fresh_one_has(agent: Java, what: str) -> None:
    deep = "static int recursive(int x) { return recursive(x + 1) + 1; }"
    answer = agent.one("public int f() throws Exception", f"{ALIVE[what]} }} {deep} {{", "s.f() == 1", "s.f() >= 0")
    assert (answer["status"], answer["checks"]) == ("passed", 2), answer


def test_the_heap_is_what_the_limit_of_memory_leaves(agent: Java) -> None:
    for memory_mib in (512, 300, 512):
        mib = memory_mib - OVERHEAD_MIB
        body = "return (int) (Runtime.getRuntime().maxMemory() >> 20);"
        answer = agent.one("public int f()", body, f"s.f() <= {mib} && s.f() > {mib - 10}", memory_mib=memory_mib)
        assert answer["status"] == "passed", answer


def test_nothing_of_a_program_that_ran_is_in_the_next_ones_machine(agent: Java) -> None:
    once = 'static { if (System.getProperty("x") != null) throw new Error(); System.setProperty("x", ""); } '
    assert [agent.status(once + F + G) for _ in range(3)] == ["passed"] * 3


def test_the_compiler_and_both_machines_start_from_images_and_as_ever_where_no_store_is(
    agent: Java, folder: Path
) -> None:
    assert agent.status(F + G) == "passed"
    assert agent.executables() == {RESTORE}
    alone = Java(folder / "warm", folder / "scratch-alone")
    try:
        assert alone.status(F + G) == "passed"
        assert alone.executables() == {"java", "launcher"}
    finally:
        alone.close()


def test_the_plain_tools_give_the_same_verdicts(agent: Java, folder: Path) -> None:
    plain = folder / "plain"
    shutil.copytree(folder / "warm", plain, ignore=shutil.ignore_patterns("java"))
    (plain / "java").mkdir()
    assert build.prepare(plain / "java", plain / "java", plain=True) == " (plain tools)"
    running = Java(plain, folder / "scratch-plain")
    try:
        for solution in (
            F + G,
            F.replace('"b"', '"c"') + G,
            'public String f(int x) { throw new IllegalStateException("no"); } ' + G,
            "static { System.exit(0); } " + F + G,
            "int x = y; " + F + G,
        ):
            answers = [each.judge(solution, negated=TESTS.replace('"b"', '"d"')) for each in (agent, running)]
            found = [[each[name] for name in ("status", "reason", "checks", "got")] for each in answers]
            assert found[0] == found[1]
        assert answers[0]["compiler_output"] == answers[1]["compiler_output"]
        assert running.judge(SEARCHES + F + G)["stdout"] == ""
    finally:
        running.close()


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
def test_a_program_that_spoils_the_compiler_does_not_touch_the_next(agent: Java, spoiler: str) -> None:
    assert agent.status(spoiler) == "compile_error"
    assert agent.status(F + G) == "passed"


def test_nothing_of_a_compiled_program_is_seen_by_the_next(agent: Java) -> None:
    assert agent.status(F + G, "class Helper { static int x = 1; } @interface Mark {} ") == "passed"
    assert agent.status("int y = Helper.x; " + F + G) == "compile_error"
    assert agent.status("@Mark int y; " + F + G) == "compile_error"
    assert agent.status("int y = Helper.x; " + F + G, "class Helper { static long x; } ") == "compile_error"
    assert agent.status("long y = Helper.x; " + F + G, "class Helper { static long x; } ") == "passed"


# Bodies of a class Solution; what is behind "//" stands before it. Each is compiled before and after the other.
PAIRS = [
    ("class Node { int value; } Node one = new Node();", "static class Node { int value; } static Node one = new Node();"),
    ("enum Op { PLUS { int f() { return 1; } }; abstract int f(); }", "enum Op { PLUS, MINUS } int f(Op x) { switch (x) { case PLUS: return 1; default: return 2; } }"),
    ("enum Act { A { int f() { return 1; } }; abstract int f(); }", "interface Act { int f(); } Act act = () -> 1;"),
    ("record Pair(int a, String b) {} int x = new Pair(1, null).a();", "record Pair(int x, int y) {} int x = new Pair(1, 2).x();"),
    ("sealed interface N permits A {} static final class A implements N {}", "static abstract class N { abstract N a(); } static class A extends N { A a() { return this; } }"),
    ("Object f() { class Local { } return new Local() { }; }", "Object f() { int x = 1; class Local { int y = x; } return new Local(); }"),
    ("//package org.javatuples; class Pair {}", "//import org.javatuples.Pair;\nObject x = Pair.with(1, 2).getValue0();"),
    ("//package own; public class A {}", "//import own.*;\nint x = 1;"),
    ("//class own { static int A = 1; }\nint x = own.A;", "own.A x;"),
    ("//import no.such.Thing;\nThing x;", "//class no { static class such { static int Thing; } }\nint x = no.such.Thing;"),
    ("//class List { }\nList x;", "//import java.util.*;\nList<Integer> x = List.of(1);"),
    (
        "int z = undefined; int x = ((java.util.concurrent.ConcurrentHashMap) null).hashCode()" + " + 1" * 12000 + ";",
        "java.util.concurrent.ConcurrentHashMap<String, Integer> x = new java.util.concurrent.ConcurrentHashMap<>();",
    ),
]  # fmt: skip


def test_a_program_becomes_the_same_class_files_whatever_was_compiled_before_it(agent: Java, folder: Path) -> None:
    warm = folder / "warm/java"

    def text(body: str) -> str:
        before, _, rest = body[2:].partition("\n") if body.startswith("//") else ("", "", body)
        return f"{before} class Solution {{ {rest} }}"

    def compiled(programs: list[str], *how: str) -> list[tuple[int, bytes]]:
        asked = b"".join(build.request("", text(each), "class Calls { Solution it; }") for each in programs)
        command = [*build.compiler(warm), *how]
        given, answers = subprocess.run(command, cwd=warm, env=build.ENV, input=asked, capture_output=True).stdout, []
        while given:
            end = 4 + int.from_bytes(given[:4], "little")
            status, _, classes = build.parse(given[4:end])
            answers.append((status, classes))
            given = given[end:]
        return answers

    programs = [each for first, second in PAIRS for each in (first, second)]
    turns = [each for first, second in PAIRS for each in (second, first, second)]
    alone = dict(zip(programs, compiled(programs, "plain"), strict=True))
    assert {status for status, _ in alone.values()} == {build.OK, build.REJECTED}
    for program, found in zip(turns, compiled(turns), strict=True):
        assert found == alone[program], program[:200]


def test_an_endless_compilation_costs_only_its_own_program(agent: Java) -> None:
    deep = "} class A<T> {} class B<T> extends A<A<? super B<B<T>>>> { A<? super B<Integer>> a = new B<Integer>();"
    assert agent.status(deep) in ("timed_out", "compile_error", "memory_exceeded")
    assert agent.status(F + G) == "passed"


def test_a_compiler_that_others_filled_does_not_cost_a_program_its_verdict(agent: Java) -> None:
    for turn in range(12):
        names = "".join(f"{{ y{turn}_{i:x}.B v; }}" if i % 500 else f"}} void m{i}() {{" for i in range(1500))
        assert agent.status("void q() {" + names + "}") == "compile_error"
    assert agent.status(F + G) == "passed"
