"""What is special to JavaScript in a jail: the forks of a warm Node, the event loop, what crosses to the tests.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from agents import OVERSPENT, Agent

from sandboxes import prepare
from sandboxes.processes import own_mib

LIMITS = dict(cpu_s=10, wall_s=30, memory_mib=1024, output_bytes=1 << 20, processes=64, file_mib=16)
RIGHT = "const f = (x) => x + 1; const g = () => [1, 2];"
WRONG = "const f = (x) => 0; const g = () => [];"
TESTS = """const test = () => {
  console.assert(f(1) === 2);
  console.assert(JSON.stringify(g()) === JSON.stringify([1, 2]));
  console.assert(Math.abs(f(3) - 4) < 1e-6);
};
test();"""

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("gcc") is None, reason="needs nodejs and gcc"
)


class Judge(Agent):
    """Asked for one JavaScript program at a time."""

    def __call__(
        self,
        candidate: str,
        tests: str = TESTS,
        before: str = "",
        all_checks: bool = False,
        negated: str = "",
        **limits: float,
    ) -> dict:
        functions = [{"name": name} for name in ("f", "g")]
        return self.ask(
            "javascript", {"compile": LIMITS, "run": {**LIMITS, **limits}}, preamble="", candidate=candidate, tests=tests,
            declared=json.dumps({"functions": functions, "before": before}), all_checks=all_checks, negated=negated,
            expected_checks=3 if tests is TESTS else None,
        )  # fmt: skip


@pytest.fixture(scope="module")
def judge():
    with tempfile.TemporaryDirectory(prefix="js-") as name:  # pytest's own folders are closed to the program's user
        folder = Path(name)
        folder.chmod(0o755)
        assert prepare.prepare(folder / "warm", ["javascript"]) == {}
        made = Judge(folder / "warm", folder / "scratch")
        yield made
        made.close()


def test_right_passes_and_wrong_fails_with_all_checks_made(judge):
    passed, failed = judge(RIGHT), judge(WRONG)
    assert (passed["status"], passed["checks"], passed["failures"]) == ("passed", 3, 0)
    assert (failed["status"], failed["checks"], failed["failures"]) == ("wrong_answer", 3, 3)


def test_prints_do_not_matter(judge):
    verdict = judge(RIGHT + "console.log('a'); process.stdout.write('b\\n'); console.error('c');")
    assert (verdict["status"], verdict["stdout"], verdict["stderr"]) == ("passed", "a\nb\n", "c\n")


def test_a_program_is_a_commonjs_module(judge):
    names = "typeof exports + typeof __dirname + typeof module.exports + (require.main === module)"
    assert judge(f"const f = () => {names};", "console.assert(f() === 'objectstringobjecttrue')")["status"] == "passed"


def test_names_of_node_globals_may_be_declared(judge):
    program = "function process(x) { return x } const crypto = require('crypto'); const URL = 1; const gc = 1; const warm = 1; function parseInt() {}"
    assert judge(RIGHT + program)["status"] == "passed"


def test_js_md5_is_there(judge):
    tests = "console.assert(f('Hello world') === '3e25960a79dbc69b674cd4ec67a72c62')"
    assert judge("const f = require('js-md5')", tests)["status"] == "passed"


LATE = "ended with status 1 after the last test"


@pytest.mark.parametrize(
    ("candidate", "tests", "status", "reason"),
    [
        ("function (", TESTS, "compile_error", "SyntaxError: Function statements require a function name"),
        (RIGHT, "const ((", "compile_error", "SyntaxError: Unexpected token '('"),
        (RIGHT + "throw new TypeError('boom')", TESTS, "runtime_error", "TypeError: boom"),
        (RIGHT + "setTimeout(() => { throw new Error('late') }, 5)", TESTS, "runtime_error", LATE),
        (RIGHT + "Promise.reject(new Error('refused'))", TESTS, "runtime_error", LATE),
        ("const g = 1", TESTS, "runtime_error", "ReferenceError: f is not defined"),
        ("const f = (x) => f(x) + 1", TESTS, "runtime_error", "RangeError: Maximum call stack size exceeded"),
        (RIGHT + "process.exit(3)", TESTS, "runtime_error", "ended with status 3"),
        ("const f = () => process.abort()", TESTS, "runtime_error", "died of signal 6"),
        (RIGHT, "", "tampered", "no check was made"),
    ],
)
def test_errors_are_told_apart(judge, candidate, tests, status, reason):
    verdict = judge(candidate, tests)
    assert (verdict["status"], verdict["reason"]) == (status, reason)


def test_the_event_loop_is_awaited(judge):
    tests = """(async () => {
      await new Promise((done) => setTimeout(done, 5));
      console.assert(f(1) === 2);
      process.nextTick(() => setImmediate(() => require('fs').readFile('/dev/null', () => console.assert(f(2) === 3))));
    })()"""
    right, wrong = judge(RIGHT, tests), judge(WRONG, tests)
    assert (right["status"], right["checks"]) == ("passed", 2)
    assert (wrong["status"], wrong["failures"]) == ("wrong_answer", 2)
    assert judge(RIGHT + "setInterval(() => {}, 50)", wall_s=1)["status"] == "timed_out"
    assert judge(WRONG + "setInterval(() => {}, 50)", wall_s=20)["status"] == "wrong_answer"  # nobody waits for its end


def test_a_promise_is_awaited_on_the_other_side(judge):
    tests = """(async () => {
      console.assert(await f(1) === 2);
      try { await g(); } catch (error) { console.assert(error instanceof TypeError && error.message === 'no'); }
    })()"""
    program = """const f = async (x) => { await new Promise((done) => setTimeout(done, 5)); return x + 1; };
    const g = () => Promise.reject(new TypeError('no'));"""
    verdict = judge(program, tests)
    assert (verdict["status"], verdict["checks"]) == ("passed", 2)
    assert judge("const f = () => new Promise(() => {})", tests)["reason"] == "ended with status 13"


def test_nodes_assert_module_counts_too(judge):
    tests = "const assert = require('assert'); assert.deepStrictEqual(g(), [1, 2]); assert(true)"
    right, wrong = judge(RIGHT, tests), judge(WRONG + "require('assert').deepStrictEqual = () => {};", tests)
    assert (right["status"], right["checks"]) == ("passed", 2)
    assert (wrong["status"], wrong["called_with"], wrong["expected"], wrong["got"]) == (
        "wrong_answer",
        "",
        "[ 1, 2 ]",
        "[]",
    )


def test_a_failed_check_says_what_happened(judge):
    wrong = judge(
        "const f = (x) => ({ x }); const g = () => [];",
        "console.assert(\n  JSON.stringify(f(1, 'a')) === JSON.stringify([1])) // no",
    )
    assert (wrong["called_with"], wrong["expected"], wrong["got"]) == ("1, 'a'", "JSON.stringify([1])", "{ x: 1 }")
    assert judge("const f = () => false", "console.assert(f([1]))")["expected"] == "true"


def test_nothing_of_a_large_answer_is_kept(judge):
    """What is kept takes time and memory, by which a program could tell that it was wrong."""
    tests = "console.assert(f(3) === 'b')\nconsole.assert(f(20000) === 'b')"
    small, large = (judge("const f = (n) => 'a'.repeat(n)", text) for text in (tests, tests.splitlines()[1]))
    assert (small["called_with"], small["got"]) == ("3", "'aaa'")
    assert (large["status"], large["expected"], large.get("got", "")) == ("wrong_answer", "'b'", "")


def test_a_million_checks_are_no_matter(judge):
    tests = "for (let i = 0; i < 1500000; i++) console.assert(i >= 0)\nconsole.assert(f(1) === 2)"
    assert judge("const f = (x) => x + 1", tests, cpu_s=5)["status"] == "passed"


def test_all_checks_are_made_after_one_that_throws(judge):
    tests = "const assert = require('assert'); assert.strictEqual(f(1), 2); assert.strictEqual(f(2), 3); assert(true)"
    verdict = judge(WRONG, tests, all_checks=True)
    assert (verdict["status"], verdict["checks"], verdict["failures"]) == ("wrong_answer", 3, 2)


@pytest.mark.parametrize(
    ("made", "looked"),
    [
        ("-0", "Object.is(f(), -0)"),
        ("NaN", "Number.isNaN(f())"),
        ("undefined", "f() === undefined"),
        ("null", "f() === null"),
        ("2n ** 80n", "f() === 2n ** 80n"),
        ("-(2n ** 63n)", "f() === -(2n ** 63n)"),
        ("'a\\ud800\\0'", "f() === 'a\\ud800\\0'"),
        ("['😀', [], {}]", "JSON.stringify(f()) === JSON.stringify(['😀', [], {}])"),
        ("[1, , 2]", "f().length === 3 && f()[1] === undefined"),
        ("new Map([['a', [1]]])", "f() instanceof Map && f().get('a')[0] === 1"),
        ("new Set([1])", "f().has(1)"),
        ("new Date(5)", "f().getTime() === 5"),
        ("/a+/gi", "f().source === 'a+' && f().flags === 'gi'"),
        ("new Uint8Array([1, 2])", "f()[1] === 2 && f() instanceof Uint8Array"),
        ("new Float64Array([1.5])", "f() instanceof Float64Array && f()[0] === 1.5"),
        ("new RangeError('x')", "f() instanceof RangeError && f().message === 'x'"),
        ("new String('a')", "f() !== 'a' && f() == 'a'"),
        ("new (class { a = 1; #b = 2 })()", "JSON.stringify(f()) === '{\"a\":1}'"),
        ("({ a: 1, f() {}, s: Symbol('x') })", "JSON.stringify(f()) === '{\"a\":1}'"),
        ("JSON.parse('{\"__proto__\": 1}')", "Object.keys(f())[0] === '__proto__' && f() instanceof Object"),
        ("({ toJSON: () => [1] })", "f()[0] === 1"),
        ("() => 1", "typeof f() === 'function' && f() !== f()"),
    ],
)
def test_a_value_stays_what_it_is(judge, made, looked):
    assert judge(f"const f = () => ({made});", f"console.assert({looked})")["status"] == "passed"


@pytest.mark.parametrize(
    "made",
    [
        "({ valueOf: () => 2, toString: () => '2', [Symbol.toPrimitive]: () => 2 })",
        "(() => { const a = []; a.push(a); return a })()",
        "new Array(5e6).fill(0)",
        "document",
    ],
)
def test_what_equals_by_its_own_word_equals_nothing(judge, made):
    tests = "console.assert(f() == 2); console.assert(JSON.stringify(f()) === '2')"
    assert judge(f"const document = {{}}; const f = () => ({made});", tests)["status"] in (
        "wrong_answer",
        "runtime_error",
    )


def test_arguments_of_a_function_that_returns_nothing_are_looked_at_afterwards(judge):
    tests = "const a = [3, 1, 2]; f(a); console.assert(a.join() === '1,2,3'); const b = { x: 1 }; g(b); console.assert(!('x' in b) && b.y === 2)"
    program = "const f = (a) => { a.sort(); }; const g = (b) => { delete b.x; b.y = 2; };"
    assert judge(program, tests)["status"] == "passed"


@pytest.mark.parametrize(
    ("call", "taken"),
    [
        ("f(a);", True),
        ("f(a)\n", True),
        ("const one = 1\nf(a) // sorts.\n", True),
        ("/* It\nsorts. */ f(a);", True),
        ("if (a.length) f(a); else g(a);", True),
        ("const h = (g) => { g(a) }\nh(f)\n", True),
        ("console.assert(f(a) === undefined);", True),
        ("const r = f(a);", False),
        ("a.push(f(a) ?? 0); a.length = 3;", False),
        ("const r = [a]\n.map(f)\n", False),
        ("console.assert(!f(a));", False),
        ("console.assert(!(f(a), false));", False),
        ("const of = (g) => g(a); of(f);", False),
        ("const r = 1 && f(a);", False),
        ("const r = `${f(a)}`;", False),
        ("String(f(a))\n.length;", False),
    ],
)
def test_arguments_are_taken_over_where_the_result_is_not_used(judge, call, taken):
    tests = f"const a = [3, 1, 2]; {call}console.assert(a.join() === '{'1,2,3' if taken else '3,1,2'}');"
    assert judge("const f = (a) => { a.sort(); }; const g = f;", tests)["status"] == "passed"


def test_arguments_that_come_with_a_result_are_not_taken_over(judge):
    tests = "const a = [3]; f(a); console.assert(a.length === 1);"
    message = "[32, 0, 0, 0, 86, 1, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 108, 0, 0, 0, 0]"
    program = f"const f = () => {{ const b = Buffer.from({message}); b[0] = b.length - 4; fs.writeSync(4, b); fs.readSync(3, b); process.exit(0); }}; const fs = require('fs');"
    assert judge(program, tests)["status"] == "passed"


def test_arguments_of_a_function_that_returns_something_stay_what_they_were(judge):
    tests = "const a = [3, 1, 2]; console.assert(f(a) === 3 && a.length === 3)"
    assert judge("const f = (a) => { const n = a.length; a.length = 0; return n; }", tests)["status"] == "passed"


@pytest.mark.parametrize(
    "program",
    [
        "const a = []; for (let i = 0; i < 2e6; i++) a.push({ i }); globalThis.kept = a;",
        "let s = 0; for (let i = 0; i < 3e7; i++) s = (s * 31 + i) | 0;",
        "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => console.log('compiled'));",
        "require('zlib').gzip('x', () => {}); require('crypto').pbkdf2('a', 'b', 9, 9, 'sha1', () => {});",
        "require('child_process').execSync('true'); require('child_process').exec('true', () => {});",
        "process.on('SIGUSR2', () => clearTimeout(t)); const t = setTimeout(() => {}, 9000); process.kill(process.pid, 'SIGUSR2');",
        "process.stdin.on('data', () => {}).on('end', () => {});",
        "for (let i = 0; i < 9000; i++) console.log('a line of output ' + i);",
    ],
)  # fmt: skip
def test_what_needs_threads_signals_or_collected_garbage_works_in_a_fork(judge, program):
    assert judge(program + RIGHT)["status"] == "passed"


@pytest.mark.parametrize(
    "forgery",
    [
        "console.assert = () => {};",
        "globalThis.console = { assert() {} };",
        "const console = { assert() {} };",
        "const JSON = { stringify: () => 1 }; const Math = { abs: () => 0 };",
        "JSON.stringify = () => 1; Math.abs = () => 0;",
        "Array.prototype.toJSON = Object.prototype.toJSON = () => 1;",
        "Function.prototype.call = Function.prototype.apply = Reflect.apply = () => 1;",
        "Object.getPrototypeOf(require('vm').Script.prototype).runInThisContext = () => 1;",
        "process.emit = () => true; try { process._fatalException = () => true } catch {}",
        "process.on('unhandledRejection', () => {}); process.on('uncaughtException', () => {});",
        "process.exitCode = 0; process.on('exit', () => process.reallyExit(0));",
        "for (let i = 0; i < 99; i++) clearTimeout(i);",
    ],
)
def test_forged_primitives_change_nothing(judge, forgery):
    verdict = judge(WRONG + forgery)
    assert (verdict["status"], verdict["checks"], verdict["failures"]) == ("wrong_answer", 3, 3)


def test_primitives_forged_while_the_tests_run_change_nothing(judge):
    forge = "Array.prototype.toJSON = Object.prototype.toJSON = () => 1; console.assert = () => {}; Math.abs = () => 0; JSON.stringify = () => 1;"
    assert judge(f"const f = () => {{ {forge} return 0 }}; const g = () => {{ {forge} return [] }};")["failures"] == 3


HELPER = "const encode = (s) => {\n  return s.split('').map((c) => c + '.').join('');\n}\n"


def test_helpers_of_the_problem_are_the_tests_own(judge):
    tests = "for (const text of ['one', 'two', 'six']) console.assert(f(encode(text)) === text);"
    right, wrong = "const f = (s) => s.replace(/(.)[.]/g, '$1');", "const encode = (s) => 'x'; const f = (s) => 'x';"
    assert judge(HELPER + right, tests, before=HELPER)["status"] == "passed"
    assert judge(wrong, tests, before=HELPER)["failures"] == 3
    of_their_own = "const encode = (s) => s + '.'; console.assert(f(encode('a')) === 'a');"
    assert judge(HELPER + right, of_their_own, before=HELPER)["status"] == "passed"


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("import('fs').then((fs) => console.log(typeof fs.readFileSync))", "function"),
        (
            "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => console.log('made'))",
            "made",
        ),
        ("fetch('data:text/plain,fetched').then((it) => it.text()).then(console.log)", "fetched"),
    ],
)
def test_modules_and_web_assembly_can_be_had_later(judge, program, printed):
    verdict = judge(f"{RIGHT} {program};")
    assert (verdict["status"], verdict["stdout"]) == ("passed", printed + "\n")


@pytest.mark.parametrize("leave", ["process.exit(0)", "process.reallyExit(0)", "process.exitCode = 0; process.exit()"])
def test_leaving_early_is_tampering(judge, leave):
    assert judge(WRONG + leave)["status"] == "tampered"
    assert judge(f"const f = () => {{ {leave} }};")["status"] == "tampered"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("'0'.repeat(32) + ' done checks=3 failures=0 \\n'", "tampered"),
        ("Buffer.from([1, 0, 0, 0, 82])", "tampered"),  # ready, a second time
        ("Buffer.from([0, 0, 0, 0])", "tampered"),
        ("Buffer.from([255, 255, 255, 255])", "tampered"),
        ("Buffer.from([15, 0, 0, 0, 86, 1, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 64])", "tampered"),  # no arguments
    ],
)
def test_what_is_no_answer_is_tampering(judge, said, status):
    program = f"const f = () => {{ require('fs').writeSync(4, {said}); return 0; }}; const g = () => [];"
    assert judge(program)["status"] == status


def test_closing_the_pipes_is_not_passing(judge):
    for ends in ("4", "3"):
        program = f"const f = () => {{ require('fs').closeSync({ends}); for (;;); }};"
        assert judge(program, cpu_s=1)["status"] == "timed_out"


def test_the_tests_are_nowhere_in_the_programs_process(judge):
    program = """const fs = require('fs'); const seen = [];
    for (const name of fs.readdirSync('/proc')) {
      if (!/^[0-9]+$/.test(name) || +name === process.pid) continue;
      for (const file of ['mem', 'environ', 'fd/0', 'fd/4']) {
        try { fs.closeSync(fs.openSync(`/proc/${name}/${file}`)); seen.push(name); } catch {}
      }
      try { process.kill(+name, 0); seen.push(name); } catch {}
    }
    const f = () => seen.length;"""
    verdict = judge(program, "console.assert(f() === 0)")
    assert verdict["status"] == "passed", verdict


def test_nothing_of_a_program_is_left_for_the_next(judge):
    leave = (
        "globalThis.left = 1; Array.prototype.left = 1; require('fs').writeFileSync('left', ''); process.env.LEFT = 1;"
    )
    look = "const f = () => typeof left + [].left + require('fs').readdirSync('.').length + process.env.LEFT"
    assert judge(RIGHT + leave)["status"] == "passed"
    assert judge(look, "console.assert(f() === 'undefinedundefined0undefined')")["status"] == "passed"


def test_neither_a_program_nor_its_own_processes_have_what_the_server_was_started_with(judge):
    program = """const f = () => Object.keys(process.env).filter((name) => name.startsWith('LD_')).length;
    const g = () => require('child_process').execFileSync('/usr/bin/env', ['sh', '-c', 'echo $LD_PRELOAD$LD_BIND_NOW']).toString().trim();"""
    verdict = judge(program, "console.assert(f() === 0); console.assert(g() === '');")
    assert verdict["status"] == "passed", verdict


def test_messages_of_any_size_cross(judge):
    program = "const f = (text) => text + text; const g = (count) => Array(count).fill(0.5);"
    tests = """for (const size of [1, 32_700, 32_750, 32_770, 65_500, 65_520, 65_540, 200_000]) {
      const text = '\u00e9x'.repeat(size / 2), list = g(size);
      console.assert(f(text) === text + text);
      console.assert(list.length === size && list.every((each) => each === 0.5));
    }"""
    verdict = judge(program, tests)
    assert (verdict["status"], verdict["checks"]) == ("passed", 16), verdict


def test_tests_that_ran_before_begin_anew(judge):
    tests = """let count = 0; const seen = [];
    const next = () => { count += 1; seen.push(/a/g.exec('aa').index); return count; };
    console.assert(next() === 1 && seen.length === 1); console.assert(f(count) === 2);"""
    assert [judge(RIGHT, tests)["status"] for _ in range(2)] == ["passed", "passed"]
    failed = judge(WRONG, tests)
    assert (failed["status"], failed["called_with"], failed["got"], failed["expected"]) == (
        "wrong_answer",
        "1",
        "0",
        "2",
    )
    other = judge(RIGHT, tests.replace("=== 2", "=== 3"))
    assert (other["status"], other["expected"]) == ("wrong_answer", "3")


def test_chance_is_the_same_each_time(judge):
    tests = "console.log(Math.random()); console.assert(f() < 1)"
    first, second = (
        judge("const f = () => { const drawn = Math.random(); console.log(drawn); return drawn; }", tests) for _ in "ab"
    )
    assert (first["stdout"], first["stderr"]) == (second["stdout"], second["stderr"])


@pytest.mark.long
def test_the_service_may_use_the_processor_time_of_a_program_and_no_more(judge):
    answer = judge(RIGHT, TESTS + "for (;;);", cpu_s=1, wall_s=300)
    assert (answer["status"], answer["reason"]) == ("timed_out", OVERSPENT)
    assert judge(RIGHT)["status"] == "passed"


@pytest.mark.parametrize(
    ("program", "status", "cpu_s"),
    [
        ("for (;;);", "timed_out", 1),
        ("(function again() { process.nextTick(again) })()", "timed_out", 1),
        ("const a = []; for (;;) a.push(new Array(1e5).fill(1.5));", "memory_exceeded", 20),
        ("for (;;) console.log('x'.repeat(1000));", "output_exceeded", 20),
    ],
)
def test_limits_hold(judge, program, status, cpu_s):
    assert judge(RIGHT + program, cpu_s=cpu_s, memory_mib=300)["status"] == status


def test_tests_that_loop_over_an_answer_are_the_programs_time_and_the_next_is_judged(judge):
    assert judge("const f = () => 2;", "const n = f(); while (n !== 1);", wall_s=1)["status"] == "timed_out"
    assert judge(RIGHT)["status"] == "passed"


def test_a_warm_process_that_has_died_costs_no_program_anything(judge):
    for _ in range(5):
        assert judge(RIGHT)["status"] == "passed"
        judge.kill_all()
    assert judge(RIGHT)["status"] == "passed"


# Answers each call with a list that holds a promise for an object with a method `then` and 16 MiB of text.
THENABLES = """const fs = require('fs');
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const f = () => {
  const pad = Buffer.alloc(1 << 24, 97);
  const then = ['s', u32(4), 'then', 'X\\0', u32(8), 'function', 's', u32(1), 'p', 's', u32(pad.length), pad];
  const head = Buffer.alloc(4);
  for (let n = 1; ; n++) {
    const parts = ['V', u32(n), 'l', u32(1), 'k\\x07Promise', 'm', u32(2), ...then, u32(0)];
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    for (const bytes of [u32(body.length), body]) for (let at = 0; at < bytes.length;) at += fs.writeSync(4, bytes, at);
    if (fs.readSync(3, head, 0, 4, null) === 0) process.exit(0);
    fs.readSync(3, Buffer.alloc(head.readUInt32LE()));
  }
};
"""


def test_promises_leave_nothing_for_the_next(judge):
    def services():
        return {pid: own_mib(pid) for pid in judge.children()}

    judge(RIGHT)
    before = services()
    answer = judge(THENABLES, "for (let i = 0; i < 20; i++) console.assert(f() === 1);")
    assert (answer["status"], answer["failures"]) == ("wrong_answer", 20)
    assert judge(RIGHT)["status"] == "passed"
    after = services()
    assert after.keys() == before.keys()
    assert sum(after.values()) < sum(before.values()) + 160


def test_tests_leave_nothing_for_the_next(judge):
    leave = "left = 1; console.assert(f(1) === 2); console.log(Math.random())"
    first, second = judge(RIGHT, leave), judge(RIGHT, leave)
    assert (first["status"], first["stderr"]) == (second["status"], second["stderr"]) == ("passed", first["stderr"])
    assert judge(RIGHT, "console.assert(typeof left === 'undefined' && f(1) === 2)")["status"] == "passed"


def test_negated_tests_run_on_recorded_answers(judge):
    right = "let calls = 0; const f = (x) => { calls++; console.log(calls); return x + 1; }; const g = () => [1, 2];"
    wrong = TESTS.replace("=== 2", "=== 3")
    verdict = judge(right, negated=wrong)
    assert (verdict["status"], verdict["negated"]["status"], verdict["stdout"]) == ("passed", "wrong_answer", "1\n2\n")
    assert judge(right, negated=TESTS)["negated"]["status"] == "passed"
    assert judge(WRONG, negated=wrong)["negated"] is None


@pytest.mark.long
@pytest.mark.parametrize("behind", ["", "// process"], ids=["in the service", "in a process of their own"])
def test_answers_too_large_to_be_recorded_end_the_tests(judge, behind):
    tests = "console.assert(f(1).length === 35e6);\n" * 4 + behind
    verdict = judge("const f = (x) => 'x'.repeat(35e6);", tests, negated=tests)
    assert (verdict["status"], verdict["reason"]) == ("memory_exceeded", "its answers are too large to be recorded")
    assert judge(RIGHT)["status"] == "passed"
