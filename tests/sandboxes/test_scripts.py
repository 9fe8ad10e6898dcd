"""Scripts: whole programs with stdin, arguments and files, in every language, in the same jails as everything else."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from humaneval_x.errors import SandboxError
from humaneval_x.languages import LANGUAGES
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Limits, Script, ScriptRun, StageLimits, Status
from humaneval_x.runners.choose import choose
from humaneval_x.runners.pool import Pool, Worker
from humaneval_x.runners.wire import script_request

# Each prints twice the number that it reads from each line; `fail` ends with status 3, `loop` never.
SUMS = {
    "python": "import sys\nfor line in sys.stdin:\n    print(2 * int(line))\n",
    "cpp": "#include <bits/stdc++.h>\nint main() { long n; while (std::cin >> n) std::cout << 2 * n << '\\n'; }\n",
    "java": "import java.util.*;\npublic class Main { public static void main(String[] a) { Scanner s = new Scanner(System.in);\n"
    "while (s.hasNextLong()) System.out.println(2 * s.nextLong()); } }\n",
    "javascript": "const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n');\n"
    "for (const line of lines) console.log(2 * Number(line));\n",
    "go": 'package main\nimport ("bufio"; "fmt"; "os")\nfunc main() { in := bufio.NewReader(os.Stdin); var n int\n'
    "for { if _, err := fmt.Fscan(in, &n); err != nil { return }; fmt.Println(2 * n) } }\n",
}
FAIL = {
    "python": "import sys\nprint('out'); print('err', file=sys.stderr); sys.exit(3)\n",
    "cpp": '#include <iostream>\nint main() { std::cout << "out\\n"; std::cerr << "err\\n"; return 3; }\n',
    "java": 'class Other {}\nclass Entry { public static void main(String[] a) { System.out.println("out"); System.err.println("err"); System.exit(3); } }\n',
    "javascript": "console.log('out'); console.error('err'); process.exit(3);\n",
    "go": 'package main\nimport ("fmt"; "os")\nfunc main() { fmt.Println("out"); fmt.Fprintln(os.Stderr, "err"); os.Exit(3) }\n',
}
LOOP = {
    "python": "while True: pass\n",
    "cpp": "int main() { volatile int i = 0; for (;;) i = i + 1; }\n",
    "java": "class Main { public static void main(String[] a) { while (true); } }\n",
    "javascript": "for (;;);\n",
    "go": "package main\nfunc main() { for {} }\n",
}
WRONG = {
    "cpp": "int main() { return x; }\n",
    "java": "class Main { int }\n",
    "go": "package main\nfunc main() { x }\n",
}
Run = Any


@pytest.fixture(scope="module")
def run(each_sandbox: str) -> Iterator[Run]:
    """A way to run scripts in one jail of a kind."""
    pool: Pool[object] = Pool(choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS), COMPILE_LIMITS, RUN_LIMITS, 1)
    with Worker(pool) as worker:

        def in_jail(language: str, source: str, running: Limits = RUN_LIMITS, **more: Any) -> ScriptRun:
            limits = StageLimits(compiling=COMPILE_LIMITS, running=running)
            done = worker.run(Script(language=language, source=source, **more), limits)
            assert isinstance(done, ScriptRun), done
            return done

        yield in_jail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_reads_stdin_and_its_whole_output_is_told(run: Run, language: str) -> None:
    numbers = range(20_000)
    done = run(language, SUMS[language], inputs=("".join(f"{n}\n" for n in numbers),))
    assert (done.status, done.ran[0].exit_code, done.ran[0].stderr) == (Status.PASSED, 0, "")
    assert done.ran[0].stdout == "".join(f"{2 * n}\n" for n in numbers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_exit_status_and_both_outputs_are_told_as_they_are(run: Run, language: str) -> None:
    done = run(language, FAIL[language])
    assert (done.status, done.ran[0].exit_code) == (Status.RUNTIME_ERROR, 3)
    assert (done.ran[0].stdout, done.ran[0].stderr) == ("out\n", "err\n")


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_that_does_not_end_is_stopped(run: Run, language: str) -> None:
    done = run(language, LOOP[language], replace(RUN_LIMITS, cpu_s=1))
    assert (done.status, done.ran[0].stopped, done.ran[0].exit_code) == (Status.TIMED_OUT, Status.TIMED_OUT, None)


@pytest.mark.parametrize("language", WRONG)
def test_what_does_not_compile_is_not_run(run: Run, language: str) -> None:
    done = run(language, WRONG[language])
    assert (done.status, done.ran) == (Status.COMPILE_ERROR, ())
    assert done.compiled.exit_code != 0 and (done.compiled.stderr + done.compiled.stdout)


def test_a_flood_of_output_is_stopped(run: Run) -> None:
    assert run("python", "while True: print('x' * 1000)\n").status is Status.OUTPUT_EXCEEDED


def test_an_executable_that_cannot_be_started_is_the_scripts_failure(run: Run) -> None:
    loader = '//line _cgo_gotypes.go:1\n//go:cgo_dynamic_linker "/nowhere"\n//go:cgo_import_dynamic _ _ "libc.so.6"\n'
    (ran,) = run("go", FAIL["go"] + loader).ran
    assert (ran.stopped, ran.exit_code, ran.stderr) == (None, 127, "./main: No such file or directory\n")


def test_a_death_of_a_signal_is_its_negative_number(run: Run) -> None:
    done = run("python", "import os\nos.kill(os.getpid(), 11)\n")
    assert (done.status, done.ran[0].exit_code) == (Status.RUNTIME_ERROR, -11)


def test_files_go_in_and_come_out(run: Run) -> None:
    source = "data = open('in/data.bin', 'rb').read()\nimport os\nos.makedirs('out', exist_ok=True)\nopen('out/back.bin', 'wb').write(data[::-1])\n"
    files = {"in/data.bin": base64.b64encode(b"\x00\x01\xff").decode()}
    done = run("python", source, files=files, fetch=("out/back.bin", "out/absent"))
    assert done.status is Status.PASSED, done
    assert dict(done.files) == {"out/back.bin": base64.b64encode(b"\xff\x01\x00").decode()}


@pytest.mark.parametrize("target", ["/etc/passwd", "/proc/self/environ", "/dev/zero"])
def test_a_link_is_not_followed_when_files_are_fetched(run: Run, target: str) -> None:
    source = f"import os\nos.symlink({target!r}, 'link')\nos.symlink('/', 'root')\nos.mkfifo('pipe')\n"
    done = run("python", source, fetch=("link", "root/etc/passwd", "pipe"))
    assert (done.status, dict(done.files)) == (Status.PASSED, {})


def test_arguments_are_given(run: Run) -> None:
    assert (
        run("python", "import sys\nprint(sys.argv[1:])\n", arguments=("a b", "--c")).ran[0].stdout == "['a b', '--c']\n"
    )


def test_nothing_is_left_for_the_next_script(run: Run) -> None:
    run("python", "open('left', 'w').write('x')\n")
    assert (
        run("python", "import os\nprint(sorted(os.listdir('.')), os.listdir('..'))\n")
        .ran[0]
        .stdout.startswith("['main.py']")
    )


def test_a_script_has_no_network_and_sees_no_host_files(run: Run) -> None:
    source = "import socket\ntry:\n    socket.socket().connect(('127.0.0.1', 22))\nexcept OSError as fault:\n    print(type(fault).__name__)\n"
    assert run("python", source).ran[0].stdout.strip() in ("PermissionError", "ConnectionRefusedError", "OSError")
    with tempfile.NamedTemporaryFile(dir=Path.home()) as of_the_host:
        source = f"import os\nprint([os.path.exists(p) for p in ('/root/.ssh', {of_the_host.name!r})])\n"
        source += "print(os.path.isdir('/home') and os.listdir('/home'))\n"  # an image has it, empty
        seen, homes = run("python", source).ran[0].stdout.splitlines()
    assert (seen, homes in ("False", "[]")) == ("[False, False]", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_is_built_once_and_run_on_each_input(run: Run, language: str) -> None:
    done = run(language, SUMS[language], inputs=("1\n", "20\n300\n", "5"))
    assert [each.stdout for each in done.ran] == ["2\n", "40\n600\n", "10\n"]


def test_each_run_begins_with_the_same_files(run: Run) -> None:
    source = "import os\nprint(sorted(os.listdir('.')))\nopen('left', 'w').write(input())\n"
    assert {each.stdout for each in run("python", source, inputs=("1", "2", "3")).ran} == {"['main.py']\n"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_agent_holds_is_no_programs_memory(run: Run, language: str) -> None:
    """Reading a request with a large file takes the agent some 250 MiB; what it starts shares its memory at first."""
    large = {"large": base64.b64encode(bytes(48 << 20)).decode()}
    assert run(language, SUMS[language], inputs=("1\n",), files=large).ran[0].memory_mib < 150


def test_what_runs_print_together_is_limited(run: Run) -> None:
    """JSON writes this six times as long as it is: an answer with all of it would be more than the harness takes."""
    done = run("python", f"print(end='\\x01' * {(1 << 20) - 10})\n", inputs=("",) * 12)
    assert [each.stopped for each in done.ran] == [None] * 8 + [Status.OUTPUT_EXCEEDED] * 4
    assert all(set(each.stdout) == {"\x01"} for each in done.ran)


def test_a_class_whose_name_no_file_can_have(run: Run) -> None:
    long = "A" * 300
    assert run("java", SUMS["java"].replace("Main", long)).status is Status.COMPILE_ERROR
    assert run("java", f"// class {long * 1000}\n{SUMS['java']}", inputs=("1\n",)).ran[0].stdout == "2\n"


def test_files_that_cannot_be_put_are_a_fault_and_the_agent_lives(each_sandbox: str) -> None:
    """The service has refused them before; who asks an agent himself is told."""
    limits = StageLimits(compiling=COMPILE_LIMITS, running=RUN_LIMITS)
    agent = choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS).start()
    try:
        for names in (("main.py/x",), ("a", "a/b"), ("a" * 300,), ("\ud800",)):
            script = Script(language="python", source="print(1)", files=dict.fromkeys(names, ""))
            with pytest.raises(SandboxError, match=r"the jail failed: .*(could not be written|Is a directory)"):
                agent.ask(script_request(script, limits), timeout_s=60)
        script = Script(language="python", source="print(1)")
        assert agent.ask(script_request(script, limits), timeout_s=60)["ran"][0]["stdout"] == "1\n"
    finally:
        agent.close()


def test_a_run_may_close_its_own_folder(run: Run) -> None:
    """As root's jail holds it, it cannot; an ordinary user's can, and nothing is fetched then."""
    done = run(
        "python", "import os\ntry:\n    os.chmod('.', 0)\nexcept OSError:\n    print('refused')\n", fetch=("main.py",)
    )
    assert (done.status, set(done.files)) == (Status.PASSED, {"main.py"} if done.ran[0].stdout else set())


JAVA_MAINS = {
    "a nested class before it": "public class Main {\n    static class Node { int v = 5; }\n"
    "    public static void main(String[] args) { System.out.println(new Node().v); }\n}\n",
    "a record before it": "public class Main { record P(int x) {}\n static public void main(String... a) { System.out.println(new P(5).x()); } }",
    "the word in a comment": "public class Main { // a class of problems\n public static void main(String[] a) { System.out.println(5); } }",
    "another class before it": "class Node { public class Inner {} }\nclass Sums { public static void main(String[] a) { System.out.println(5); } }",
    "a package": "package a.b;\n/* public class X { */ public final class Sums { public static void main(String[] a) { System.out.println(5); } }",
}


@pytest.mark.parametrize("what", JAVA_MAINS)
def test_java_starts_the_class_that_has_main_whatever_stands_before_it(run: Run, what: str) -> None:
    done = run("java", JAVA_MAINS[what])
    assert (done.ran[0].stdout, done.ran[0].stderr) == ("5\n", "")
