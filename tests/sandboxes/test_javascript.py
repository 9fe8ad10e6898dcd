"""What is special to JavaScript in a jail: the fork of a warm Node, the event loop, and forgeries of a verdict.

Programs run through a real agent; what every language has in common is tested elsewhere.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from humaneval_x.runners.bubblewrap import random_uid
from sandboxes import agent, prepare

ROOT = Path(__file__).resolve().parents[2]
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


class Judge:
    """An agent of its own, asked for one JavaScript program at a time."""

    def __init__(self, folder: Path) -> None:
        problems = prepare.prepare(folder / "warm", ["javascript"])
        assert problems == {}
        (folder / "scratch").mkdir()
        uid = str(random_uid())
        argv = [
            sys.executable,
            "-m",
            "sandboxes.agent",
            "--warm",
            str(folder / "warm"),
            "--scratch",
            str(folder / "scratch"),
            "--uid",
            uid,
        ]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        assert agent.receive(self.process.stdout.fileno())["ready"]

    def __call__(
        self, candidate: str, tests: str = TESTS, preamble: str = "", declared: str = "", **limits: float
    ) -> dict:
        request = {
            "id": 1, "language": "javascript", "preamble": preamble, "candidate": candidate, "tests": tests, "declared": declared,
            "expected_checks": 3 if tests is TESTS else None,
            "limits": {"compile": LIMITS, "run": {**LIMITS, **limits}},
        }  # fmt: skip
        agent.send(self.process.stdin.fileno(), request)
        return agent.receive(self.process.stdout.fileno())


@pytest.fixture(scope="module")
def judge():
    with tempfile.TemporaryDirectory(
        prefix="javascript-"
    ) as name:  # pytest's own folders are closed to the program's user
        folder = Path(name)
        folder.chmod(0o755)
        made = Judge(folder)
        yield made
        with made.process:
            made.process.stdin.close()


def test_right_passes_and_wrong_fails_with_all_checks_made(judge):
    passed, failed = judge(RIGHT), judge(WRONG)
    assert (passed["status"], passed["checks"], passed["failures"]) == ("passed", 3, 0)
    assert (failed["status"], failed["checks"], failed["failures"]) == ("wrong_answer", 3, 3)


def test_prints_do_not_matter(judge):
    verdict = judge(RIGHT + "console.log('a'); process.stdout.write('b\\n'); console.error('c');")
    assert (verdict["status"], verdict["stdout"], verdict["stderr"]) == ("passed", "a\nb\n", "c\n")


def test_parts_share_names_and_are_commonjs(judge):
    names = "typeof exports + typeof __dirname + typeof module.exports + (require.main === module)"
    tests = f"console.assert(helper(1) === 2); console.assert({names} === 'objectstringobjecttrue')"
    assert (
        judge("const helper = (x) => twice(x);", tests, preamble="const twice = (x) => 2 * x;\n")["status"] == "passed"
    )


def test_names_of_node_globals_may_be_declared(judge):
    program = "function process(x) { return x } const crypto = require('crypto'); const URL = 1; const gc = 1; const warm = 1; function parseInt() {}"
    assert judge(RIGHT + program)["status"] == "passed"


def test_js_md5_is_there(judge):
    tests = "console.assert(md5('Hello world') === '3e25960a79dbc69b674cd4ec67a72c62')"
    assert judge("const md5 = require('js-md5')", tests)["status"] == "passed"


@pytest.mark.parametrize(
    ("candidate", "tests", "status", "reason"),
    [
        ("function (", TESTS, "compile_error", "SyntaxError: Function statements require a function name"),
        (RIGHT, "const ((", "compile_error", "SyntaxError: Unexpected token '('"),
        (RIGHT + "throw new TypeError('boom')", TESTS, "runtime_error", "TypeError: boom"),
        (RIGHT + "setTimeout(() => { throw new Error('late') }, 5)", TESTS, "runtime_error", "Error: late"),
        (RIGHT + "Promise.reject(new Error('refused'))", TESTS, "runtime_error", "Error: refused"),
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


def test_nodes_assert_module_counts_too(judge):
    tests = "const assert = require('assert'); assert.deepStrictEqual(g(), [1, 2]); assert(true)"
    patched = WRONG + "require('assert').deepStrictEqual = () => {};"
    assert (judge(RIGHT, tests)["status"], judge(RIGHT, tests)["checks"]) == ("passed", 2)
    assert judge(patched, tests)["status"] == "wrong_answer"


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


def test_a_builtin_replaced_for_good_fails(judge):
    forge = "Object.defineProperty(Array.prototype, 'join', { value: () => '', writable: false, configurable: false });"
    verdict = judge(RIGHT + forge)
    assert (verdict["status"], verdict["reason"]) == ("tampered", "a built-in function was replaced for good")


def test_primitives_forged_while_the_tests_run_change_nothing(judge):
    forge = "Array.prototype.toJSON = Object.prototype.toJSON = () => 1; console.assert = () => {}; Math.abs = () => 0; JSON.stringify = () => 1;"
    assert judge(f"const f = () => {{ {forge} return 0 }}; const g = () => {{ {forge} return [] }};")["failures"] == 3


HELPER = "const encode = (s) => {\n  return s.split('').map((c) => c + '.').join('');\n}\n"
ENCODED = """const test = () => {
  for (const text of ['one', 'two', 'six']) console.assert(decode(encode(text)) === text);
};
test();"""


@pytest.mark.parametrize(
    "forgery",
    [
        "const split = String.prototype.split; String.prototype.split = function (by) { heard = String(this); return Reflect.apply(split, this, [by]) };",
        "String.prototype[Symbol.split] = function (s) { heard = String(s); return [] };",
        "Object.prototype[Symbol.split] = function (s) { heard = String(s); return [] };",
        "Array.prototype.join = function () { return heard };",
        "Array.prototype.constructor = { [Symbol.species]: function () { return new Proxy([], { defineProperty: () => true }) } };",
        "try { Object.defineProperty(Array, Symbol.species, { get: () => function () { return [] }, configurable: true }) } catch {}",
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_the_tests_have_the_problems_helpers_with_their_own_builtins(judge, forgery, late):
    before, within = ("", forgery) if late else (forgery, "")
    program = HELPER + f"let heard = ''; const decode = (s) => {{ {within} return heard }}; {before}"
    assert judge(program, ENCODED, declared=HELPER)["status"] in ("wrong_answer", "tampered")


def test_helpers_that_the_tests_have_leave_right_programs_right(judge):
    right = HELPER + "const decode = (s) => s.replace(/(.)[.]/g, '$1');"
    assert judge(right, ENCODED, declared=HELPER)["status"] == "passed"
    of_their_own = "const encode = (s) => s + '.'; console.assert(decode(encode('a')) === 'a');"
    assert judge(right, of_their_own, declared=HELPER)["status"] == "passed"


@pytest.mark.parametrize(
    "forgery",
    [
        "Array.prototype[Symbol.toPrimitive] = Array.prototype.toString = function () { this.length = 0; return '' };",
        "Object.prototype[Symbol.toPrimitive] = function () { this.length = 0; return '' };",
        "Array.prototype.join = function () { this.length = 0; return '' };",
        "Array.prototype.valueOf = Object.prototype.valueOf = function () { this.length = 0; return '' };",
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_conversions_of_what_the_tests_sort_cannot_be_replaced(judge, forgery, late):
    tests = "for (const n of [1, 2]) console.assert(JSON.stringify(f(n).sort()) === JSON.stringify([['b', n], ['a', n]].sort()))"
    before, within = ("", forgery) if late else (forgery, "")
    program = f"{before} const f = (n) => {{ {within} return [['z', 1], ['y', 2]] }};"
    assert judge(program, tests)["status"] in ("wrong_answer", "tampered")


@pytest.mark.parametrize(
    "forgery",
    [
        "Object.defineProperty(Array.prototype, '0', { set(v) { heard = v }, get: () => '', configurable: true });",
        "Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, { set(t, k, v) { heard = v; return true } }));",
        "iterators[0].next = function () { heard = Reflect.apply(next, this, []).value; return { done: true } };",
        "iterators[1][Symbol.iterator] = () => ({ next: () => ({ done: true }) });",
        "RegExp.prototype.exec = (text) => { heard = text; return null };",
    ],
)
def test_what_the_tests_loops_and_patterns_imply_cannot_be_replaced_between_two_checks(judge, forgery):
    helper = "const encode = (s) => { const all = []; for (const c of s.match(/.+/)[0]) all.push(c); return [...all.values()].join('.') };"
    program = f"""{helper} let heard = '';
    const iterators = [Object.getPrototypeOf([].values())];
    iterators.push(Object.getPrototypeOf(iterators[0]));
    const next = iterators[0].next;
    const decode = (s) => {{ try {{ {forgery} }} catch {{}} return heard }};"""
    assert judge(program, ENCODED, declared=helper)["status"] in ("wrong_answer", "tampered")
    assert (
        judge(helper + "const decode = (s) => s.split('.').join('');", ENCODED, declared=helper)["status"] == "passed"
    )


@pytest.mark.parametrize(
    "program",
    [
        "class Lost extends Error { constructor(what) { super(what); this.name = 'Lost' } } new Lost('x');",
        "const number = {}; number.toString = () => '1'; number.valueOf = () => 2; if (`${number}` + (number + 1) !== '13') throw 1;",
        "class Tally extends Map { constructor() { super(); this.entries = 0; this.sort = 1 } } if (new Tally().entries) throw 1;",
        "function Old() {} Old.prototype = Object.create(Array.prototype); Old.prototype.constructor = Old; new Old();",
        "if (Object.keys(Object.create({ a: 1 })).length) throw 1;",
    ],
)
def test_names_that_the_tests_use_can_be_assigned_to_a_programs_own_objects(judge, program):
    tests = """console.assert(Object.entries({ a: f(1) }).sort().map((it) => it.toString()).join() === 'a,2');
    console.assert(`${f(2).constructor.name}` !== 'entries sort toString'.message);"""
    assert judge(f"const f = (x) => {{ {program} return x + 1 }};", tests)["status"] == "passed"


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("import('fs').then((fs) => console.log(typeof fs.readFileSync))", "function"),
        ("import('vm').then((vm) => console.log(vm.createScript === require('vm').createScript))", "true"),
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


def test_a_forged_report_is_tampering(judge):
    line = "require('fs').writeSync(4, '0'.repeat(32) + ' done checks=3 failures=0 \\n');"
    assert judge(RIGHT + line)["status"] == "tampered"


@pytest.mark.parametrize(
    "reach",
    [
        "process.binding('inspector')",
        "process.dlopen({ exports: {} }, ADDON)",
        "require(ADDON)",
        "new (require('inspector').Session)()",
        "new (require('worker_threads').Worker)('1', { eval: true })",
        "require('v8').writeHeapSnapshot('x')",
        "require('v8').setFlagsFromString('--allow-natives-syntax')",
        "process.setUncaughtExceptionCaptureCallback(null)",
        "require('fs').openSync('/proc/self/mem')",
        "require('fs').openSync(`/proc/${process.ppid}/mem`)",
    ],
)
def test_doors_to_the_process_are_closed(judge, reach):
    addon = f"'{next(Path(judge.process.args[4]).glob('javascript/addon.node'))}'"
    program = f"let reached = false; try {{ {reach.replace('ADDON', addon)}; reached = true }} catch {{}}"
    assert judge(program, "console.assert(!reached)")["status"] == "passed"


def test_neither_tests_nor_harness_can_be_walked_to(judge):
    program = """
    const seen = [];
    function f() {
      if (arguments.callee.caller) seen.push('caller');
      const was = Error.prepareStackTrace;
      Error.prepareStackTrace = (_, sites) => sites;
      for (const site of new Error().stack) if (site.getFunction() && site.getFunction() !== f) seen.push(site.getFileName());
      Error.prepareStackTrace = was;
    }
    for (const name of Object.keys(require.cache)) if (/server|addon/.test(name)) seen.push(name);
    if (module.parent || module.children.length || process.argv.length !== 2) seen.push('module');"""
    assert judge(program, "f(); console.assert(seen.length === 0)")["status"] == "passed"


def test_nothing_of_a_program_is_left_for_the_next(judge):
    leave = (
        "globalThis.left = 1; Array.prototype.left = 1; require('fs').writeFileSync('left', ''); process.env.LEFT = 1;"
    )
    look = "console.assert(typeof left + [].left + require('fs').readdirSync('.').length + process.env.LEFT === 'undefinedundefined0undefined')"
    assert judge(RIGHT + leave)["status"] == "passed"
    assert judge("", look)["status"] == "passed"


def test_chance_is_the_same_each_time(judge):
    program = "const drawn = Math.random(); console.log(drawn);"
    assert (
        judge(program, "console.assert(drawn < 1)")["stdout"] == judge(program, "console.assert(drawn < 1)")["stdout"]
    )


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("for (;;);", "timed_out"),
        ("(function again() { process.nextTick(again) })()", "timed_out"),
        ("const a = []; for (;;) a.push(new Array(1e5).fill(1.5));", "memory_exceeded"),
        ("for (;;) console.log('x'.repeat(1000));", "output_exceeded"),
    ],
)
def test_limits_hold(judge, program, status):
    assert judge(RIGHT + program, cpu_s=1, memory_mib=300)["status"] == status
