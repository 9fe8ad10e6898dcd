"""The contract's programs: what `f` is surrounded by, in each language. Data only.

Every program is judged by two checks, f(1) == 2 and f(2) == 3. A text between @ signs is filled in by the test.
"""

from __future__ import annotations

import re

from humaneval_x.answers import blank
from humaneval_x.assembly import assembled
from humaneval_x.languages import KNOWN
from humaneval_x.records import Problem, Program, ReadAs, Reading
from humaneval_x.settings import EvaluationSettings

TESTS = {
    "python": "def check(f):\n    assert f(1) == 2\n    assert f(2) == 3\n\ncheck(f)\n",
    "cpp": "#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert(f(1) == 2);\n    assert(f(2) == 3);\n}\n",
    "java": """public class Main {
    public static void main(String[] args) {
        Solution s = new Solution();
        List<Boolean> correct = Arrays.asList(s.f(1) == 2, s.f(2) == 3);
        if (correct.contains(false)) {
            throw new AssertionError();
        }
    }
}
""",
    "javascript": "const test = () => {\n  console.assert(f(1) === 2)\n  console.assert(f(2) === 3)\n}\n\ntest()\n",
    "go": "func TestF(t *testing.T) {\n    assert := assert.New(t)\n    assert.Equal(2, f(1))\n    assert.Equal(3, f(2))\n}\n",
    "rust": "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn test_f() {\n        assert_eq!(f(1), 2);\n"
    "        assert_eq!(f(2), 3);\n    }\n}\n",
}
CPP_HEAD = "using namespace std;\n#include<dirent.h>\n#include<fstream>\n#include<unistd.h>\n#include<sys/wait.h>\n#include<arpa/inet.h>\n#include<sys/socket.h>\n"
JAVA_HEAD = "import java.util.*;\nimport java.io.*;\nimport java.nio.file.*;\n\nclass Solution {\n"
RUST_HEAD = "use std::{env, fs, net, path::Path, process, thread, time};\n\n"
AROUND = {"cpp": (CPP_HEAD, ""), "java": (JAVA_HEAD, "}\n"), "rust": (RUST_HEAD, "")}
GO_SETUP = 'package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n'
GO_IMPORTS = 'import (\n    "os"\n    "syscall"\n    "time"\n    "fmt"\n)\n'
RIGHT = {
    "python": "def f(x):\n    return x + 1\n",
    "cpp": "int f(int x) { return x + 1; }",
    "java": "public int f(int x) { return x + 1; }",
    "javascript": "const f = (x) => x + 1;",
    "go": "func f(x int) int { return x + 1 }",
    "rust": "fn f(x: i32) -> i32 { x + 1 }",
}
# Says what it is asked; to the first question it answers @FIRST@.
SAYS = {
    "python": "def f(x):\n    print(x)\n    return @FIRST@ if x == 1 else x + 1\n",
    "cpp": "int f(int x) { cout << x << endl; return x == 1 ? @FIRST@ : x + 1; }",
    "java": "public int f(int x) { System.out.println(x); return x == 1 ? @FIRST@ : x + 1; }",
    "javascript": "const f = (x) => { console.log(x); return x === 1 ? @FIRST@ : x + 1; };",
    "go": "func f(x int) int { fmt.Println(x); if x == 1 { return @FIRST@ }; return x + 1 }",
    "rust": 'fn f(x: i32) -> i32 { println!("{}", x); if x == 1 { @FIRST@ } else { x + 1 } }',
}
FIRST_WRONG = {
    "python": "def f(x):\n    return 0 if x == 1 else g(x)\n",
    "cpp": "int f(int x) { return x == 1 ? 0 : g(x); }",
    "java": "public int f(int x) { return x == 1 ? 0 : g(x); }",
    "javascript": "const f = (x) => x === 1 ? 0 : g(x);",
    "go": "func f(x int) int { if x == 1 { return 0 }; return g(x) }",
    "rust": "fn f(x: i32) -> i32 { if x == 1 { 0 } else { g(x) } }",
}
WRONG = {name: text.replace("x + 1", "x - 1") for name, text in RIGHT.items()}
SETSID = '"/usr/bin/setsid", "-f", "/bin/sleep", "@NONCE@"'  # starts a grandchild in a session of its own, and ends
WAITED = '"/bin/sleep", "9.@NONCE@"'
BOMB = '"/bin/sh", "-c", "b() { b | b & b; }; b"'


def upon(inner: dict[str, str], outer: dict[str, str]) -> dict[str, str]:
    """Return programs whose `f` is that of `outer`, which calls the `f` of `inner` by the name of `g`."""
    return {name: re.sub(r"\bf(?=\(| =)", "g", inner[name]) + "\n" + outer[name] for name in outer}


def before(statements: dict[str, str], f: dict[str, str] = RIGHT) -> dict[str, str]:
    """Return programs that execute a statement first, then define `f`."""
    around = {
        "python": "{0}\n{1}",
        "cpp": "static int first() {{ {0}\n return 0; }}\nstatic int done_first = first();\n{1}",
        "java": "static void first() throws Exception {{ {0} }}\n"
        "static {{ try {{ first(); }} catch (RuntimeException e) {{ throw e; }} catch (Exception e) {{ throw new RuntimeException(e); }} }}\n{1}",
        "javascript": "{0}\n{1}",
        "go": "func init() {{\n{0}\n}}\n{1}",
        "rust": 'extern "C" fn first() {{\n{0}\n}}\n#[used] #[link_section = ".init_array"] '
        'static FIRST: extern "C" fn() = first;\n{1}',
    }
    return {name: around[name].format(statements[name], f[name]) for name in statements}


PRINTS = before({
    "python": "import sys; print('out'); print('err', file=sys.stderr)",
    "cpp": 'cout << "out" << endl; cerr << "err" << endl;',
    "java": 'System.out.println("out"); System.err.println("err");',
    "javascript": "console.log('out'); console.error('err');",
    "go": 'fmt.Println("out"); fmt.Fprintln(os.Stderr, "err")',
    "rust": 'println!("out"); eprintln!("err");',
})  # fmt: skip
DOES_NOT_COMPILE = {name: f"{text}\n)(\n" for name, text in RIGHT.items()}
RAISES = {
    "python": "def f(x):\n    raise ValueError('boom')\n",
    "cpp": "int f(int x) { throw 1; }",
    "java": 'public int f(int x) { throw new IllegalStateException("boom"); }',
    "javascript": "const f = (x) => { throw new TypeError('boom') };",
    "go": 'func f(x int) int { panic("boom") }',
    "rust": 'fn f(x: i32) -> i32 { panic!("boom") }',
}
DIES = {
    "python": "import os\ndef f(x):\n    os.kill(os.getpid(), 11)\n",
    "cpp": "int f(int x) { return *(volatile int*)8; }",
    "java": "public int f(int x) { Runtime.getRuntime().halt(3); return x + 1; }",
    "javascript": "const f = (x) => process.abort();",
    "go": "func f(x int) int { syscall.Kill(syscall.Getpid(), syscall.SIGSEGV); for {} }",
    "rust": "fn f(x: i32) -> i32 { unsafe { std::ptr::read_volatile(8 as *const i32) } }",
}
LEAVES_EARLY = {
    "python": "import os\ndef f(x):\n    os._exit(0)\n",
    "cpp": "int f(int x) { _Exit(0); }",
    "java": "public int f(int x) { System.exit(0); return 0; }",
    "javascript": "const f = (x) => process.exit(0);",
    "go": "func f(x int) int { os.Exit(0); return 0 }",
    "rust": "fn f(x: i32) -> i32 { process::exit(0) }",
}
LOOPS = {
    "python": "def f(x):\n    while True:\n        pass\n",
    "cpp": "int f(int x) { volatile int i = 0; for (;;) i = i + x; }",
    "java": "public int f(int x) { for (;;) { x++; } }",
    "javascript": "const f = (x) => { for (;;) x++; };",
    "go": "func f(x int) int { for { x++ } }",
    "rust": "fn f(x: i32) -> i32 { let mut i = x; loop { i = i.wrapping_add(1); } }",
}
SLEEPS = {
    "python": "import time\ndef f(x):\n    time.sleep(1000)\n",
    "cpp": "int f(int x) { sleep(1000); return 0; }",
    "java": "public int f(int x) { try { Thread.sleep(1000000); } catch (InterruptedException e) { } return 0; }",
    "javascript": "const f = (x) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6);",
    "go": "func f(x int) int { time.Sleep(1000 * time.Second); return 0 }",
    "rust": "fn f(x: i32) -> i32 { thread::sleep(time::Duration::from_secs(1000)); 0 }",
}
EATS_MEMORY = {
    "python": "def f(x):\n    kept = []\n    while True:\n        kept.append(bytearray(b'x' * 10_000_000))\n",
    "cpp": "int f(int x) { vector<string> kept; for (;;) kept.push_back(string(10000000, 'x')); }",
    "java": "public int f(int x) { List<byte[]> kept = new ArrayList<>(); for (;;) { kept.add(new byte[10_000_000]); } }",
    "javascript": "const f = (x) => { const kept = []; for (;;) kept.push(new Array(1e6).fill(x + 0.5)); };",
    "go": "func f(x int) int { kept := [][]byte{}; for { b := make([]byte, 10000000); for i := range b { b[i] = 1 }; kept = append(kept, b) } }",
    "rust": "fn f(x: i32) -> i32 { let mut kept = vec![]; loop { kept.push(vec![1u8; 10_000_000]); } }",
}
FLOODS = {
    "python": "def f(x):\n    while True:\n        print('flood' * 1000)\n",
    "cpp": 'int f(int x) { for (;;) puts("floodfloodfloodfloodfloodfloodfloodflood"); }',
    "java": 'public int f(int x) { for (;;) { System.out.println("flood".repeat(1000)); } }',
    "javascript": "const f = (x) => { for (;;) require('fs').writeSync(1, 'flood'.repeat(1000) + '\\n'); };",
    "go": 'func f(x int) int { for { fmt.Println("floodfloodfloodfloodfloodfloodflood") } }',
    "rust": 'fn f(x: i32) -> i32 { loop { println!("{}", "flood".repeat(1000)); } }',
}

# What a program leaves: files in its folder and wherever else it may write, and variables of its environment.
PLACES = '"left-behind", "../left-behind", "/scratch/left-behind", "/tmp/left-behind", "/var/tmp/left-behind", "/dev/shm/left-behind"'
LEAVES_THINGS = before({
    "python": f"""import builtins, math, os
for place in [{PLACES}]:
    try:
        open(place, "w").close()
    except OSError:
        pass
assert os.path.exists("left-behind")
os.environ["LEFT_BEHIND"] = math.left_behind = builtins.left_behind = "1"
""",
    "cpp": f'for (const char* place : {{{PLACES}}}) ofstream(place) << 1;\n'
    'if (!ifstream("left-behind").good()) abort(); setenv("LEFT_BEHIND", "1", 1);',
    "java": f"""for (String place : new String[] {{{PLACES}}}) {{ try {{ Files.writeString(Path.of(place), "1"); }} catch (IOException e) {{ }} }}
if (!Files.exists(Path.of("left-behind"))) {{ throw new IllegalStateException(); }}
System.setProperty("LEFT_BEHIND", "1");""",
    "javascript": f"""for (const place of [{PLACES}]) {{ try {{ require('fs').writeFileSync(place, '1') }} catch {{ }} }}
if (!require('fs').existsSync('left-behind')) throw 1;
process.env.LEFT_BEHIND = globalThis.LEFT_BEHIND = Math.LEFT_BEHIND = '1';""",
    "go": f"""for _, place := range []string{{{PLACES}}} {{ os.WriteFile(place, []byte("1"), 0666) }}
if _, err := os.Stat("left-behind"); err != nil {{ panic(err) }}
os.Setenv("LEFT_BEHIND", "1")""",
    "rust": f"""for place in [{PLACES}] {{ let _ = fs::write(place, "1"); }}
if !Path::new("left-behind").exists() {{ process::abort(); }}
env::set_var("LEFT_BEHIND", "1");""",
})  # fmt: skip
FINDS_NOTHING = before({
    "python": f"""import builtins, math, os
assert not any(map(os.path.exists, [{PLACES}])) and os.listdir(".") == []
assert "LEFT_BEHIND" not in os.environ and not hasattr(math, "left_behind") and not hasattr(builtins, "left_behind")
""",
    "cpp": f'for (const char* place : {{{PLACES}}}) if (access(place, F_OK) == 0) abort();\nif (getenv("LEFT_BEHIND")) abort();',
    "java": f"""for (String place : new String[] {{{PLACES}}}) {{ if (Files.exists(Path.of(place))) {{ throw new IllegalStateException(place); }} }}
if (System.getProperty("LEFT_BEHIND") != null || System.getenv("LEFT_BEHIND") != null) {{ throw new IllegalStateException(); }}""",
    "javascript": f"""for (const place of [{PLACES}]) if (require('fs').existsSync(place)) throw place;
if (process.env.LEFT_BEHIND || globalThis.LEFT_BEHIND || Math.LEFT_BEHIND) throw 1;""",
    "go": f"""for _, place := range []string{{{PLACES}}} {{ if _, err := os.Stat(place); err == nil {{ panic(place) }} }}
if os.Getenv("LEFT_BEHIND") != "" {{ panic("environment") }}""",
    "rust": f"""for place in [{PLACES}] {{ if Path::new(place).exists() {{ process::abort(); }} }}
if env::var("LEFT_BEHIND").is_ok() {{ process::abort(); }}""",
})  # fmt: skip
# What a program can name that a harness had to hand it: none of it may be the host's.
SHOWS_ENVIRONMENT = before({
    "python": "import os\nfor name in os.environ: print(name)",
    "cpp": "for (char** one = environ; *one; one++) puts(string(*one, strcspn(*one, \"=\")).c_str());",
    "java": "System.getenv().keySet().forEach(System.out::println);",
    "javascript": "for (const name of Object.keys(process.env)) console.log(name);",
    "go": "for _, one := range os.Environ() { for i := range one { if one[i] == '=' { fmt.Println(one[:i]); break } } }",
    "rust": 'for (name, _) in env::vars() { println!("{}", name); }',
})  # fmt: skip
# The second process is awaited: who looks for the daemon ends it, so that no clock decides whether it was seen.
DAEMONISES = before({
    "python": f"import subprocess\nsubprocess.run([{SETSID}], check=True)\nsubprocess.run([{WAITED}])",
    "cpp": 'if (fork() == 0) { execl("/usr/bin/setsid", "setsid", "-f", "/bin/sleep", "@NONCE@", (char*)0); _exit(1); }\n'
    f'if (fork() == 0) {{ execl("/bin/sleep", {WAITED}, (char*)0); _exit(1); }} wait(0); wait(0);',
    "java": f"new ProcessBuilder({SETSID}).start().waitFor(); new ProcessBuilder({WAITED}).start().waitFor();",
    "javascript": f"for (const [program, ...rest] of [[{SETSID}], [{WAITED}]]) require('child_process').spawnSync(program, rest, {{ stdio: 'ignore' }});",
    "go": f"""for _, words := range [][]string{{{{{SETSID}}}, {{{WAITED}}}}} {{
    if started, err := os.StartProcess(words[0], words, &os.ProcAttr{{}}); err == nil {{ started.Wait() }}
}}""",
    "rust": f"""for words in [&[{SETSID}][..], &[{WAITED}]] {{
    let _ = process::Command::new(words[0]).args(&words[1..]).status();
}}""",
})  # fmt: skip
# Passes where no connection can be made.
CONNECTS = before({
    "python": """import socket
try:
    socket.create_connection(("127.0.0.1", @PORT@), 2)
except OSError:
    pass
else:
    raise SystemExit("connected")
""",
    "cpp": """struct sockaddr_in to = {}; to.sin_family = AF_INET; to.sin_port = htons(@PORT@); to.sin_addr.s_addr = htonl(0x7f000001);
if (connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr*)&to, sizeof to) == 0) abort();""",
    "java": """try (var socket = new java.net.Socket("127.0.0.1", @PORT@)) { throw new IllegalStateException("connected"); } catch (IOException e) { }""",
    "javascript": "require('net').connect(@PORT@, '127.0.0.1').on('connect', () => { throw 'connected' }).on('error', () => {});",
    "go": """socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
if err == nil && syscall.Connect(socket, &syscall.SockaddrInet4{Port: @PORT@, Addr: [4]byte{127, 0, 0, 1}}) == nil { panic("connected") }""",
    "rust": 'if net::TcpStream::connect(("127.0.0.1", @PORT@)).is_ok() { process::abort(); }',
})  # fmt: skip
# Passes where none of the files can be read.
READS = before({
    "python": """for path in [@PATHS@]:
    try:
        open(path).read()
    except OSError:
        continue
    raise ValueError(path)
""",
    "cpp": "for (const char* path : {@PATHS@}) if (ifstream(path).good()) abort();",
    "java": "for (String path : new String[] {@PATHS@}) { try { Files.readAllBytes(Path.of(path)); } catch (IOException e) { continue; }"
    " throw new IllegalStateException(path); }",
    "javascript": "for (const path of [@PATHS@]) { try { require('fs').readFileSync(path) } catch { continue } throw path }",
    "go": "for _, path := range []string{@PATHS@} { if _, err := os.ReadFile(path); err == nil { panic(path) } }",
    "rust": "for path in [@PATHS@] { if fs::read(path).is_ok() { process::abort(); } }",
})  # fmt: skip
# Passes where none of the folders can be written to.
WRITES = before({
    "python": """for folder in [@PATHS@]:
    try:
        open(folder + "/written", "w")
    except OSError:
        continue
    raise ValueError(folder)
""",
    "cpp": 'for (const char* folder : {@PATHS@}) if (ofstream(string(folder) + "/written").good()) abort();',
    "java": 'for (String folder : new String[] {@PATHS@}) { try { Files.writeString(Path.of(folder, "written"), "1"); }'
    " catch (IOException e) { continue; } throw new IllegalStateException(folder); }",
    "javascript": "for (const folder of [@PATHS@]) { try { require('fs').writeFileSync(folder + '/written', '1') } catch { continue } throw folder }",
    "go": 'for _, folder := range []string{@PATHS@} { if os.WriteFile(folder+"/written", []byte("1"), 0666) == nil { panic(folder) } }',
    "rust": 'for folder in [@PATHS@] { if fs::write(format!("{}/written", folder), "1").is_ok() { process::abort(); } }',
})  # fmt: skip
FORK_BOMB = {
    "python": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
    "cpp": "int f(int x) { for (;;) fork(); }",
    "java": f"public int f(int x) {{ try {{ for (;;) {{ new ProcessBuilder({BOMB}).start(); }} }} catch (IOException e) {{ for (;;) {{ x++; }} }} }}",
    "javascript": "const f = (x) => { const [program, ...rest] = ["
    + BOMB
    + "]; for (;;) { require('child_process').spawnSync(program, rest); } };",
    "go": f"func f(x int) int {{ words := []string{{{BOMB}}}; for {{ os.StartProcess(words[0], words, &os.ProcAttr{{}}) }} }}",
    "rust": 'extern "C" { fn fork() -> i32; }\nfn f(x: i32) -> i32 { loop { unsafe { fork(); } } }',
}
# Small texts that grow while they are compiled; where compiling is a part of the run, what no parser can take.
DOUBLED = range(1, 40)
COMPILE_BOMBS = [
    ("cpp", '#include "/dev/zero"\n' + RIGHT["cpp"]),
    (
        "cpp",
        "#define A0 1,\n"
        + "".join(f"#define A{n} A{n - 1} A{n - 1}\n" for n in DOUBLED)
        + "int a[] = {A39};\n"
        + RIGHT["cpp"],
    ),
    (
        "java",
        'static final String A0 = "xxxxxxxx";\n'
        + "".join(f"static final String A{n} = A{n - 1} + A{n - 1};\n" for n in DOUBLED)
        + RIGHT["java"],
    ),
    (
        "go",
        'const A0 = "xxxxxxxx"\n'
        + "".join(f"const A{n} = A{n - 1} + A{n - 1}\n" for n in DOUBLED)
        + "var a = A39\n"
        + RIGHT["go"],
    ),
    (
        "rust",
        'macro_rules! a0 { () => { "xxxxxxxx" } }\n'
        + "".join(f"macro_rules! a{n} {{ () => {{ concat!(a{n - 1}!(), a{n - 1}!()) }} }}\n" for n in DOUBLED)
        + "const A: &str = a39!();\n"
        + RIGHT["rust"],
    ),
    ("python", "(" * 100_000 + "\n" + RIGHT["python"]),
    ("javascript", "[" * 1_000_000 + "\n" + RIGHT["javascript"]),
]


IMPORTS = {"go": GO_IMPORTS}
SETUPS = {"go": GO_SETUP}
# What a problem's text ends in, where values cross between tests and candidate by it.
HEADS = {
    "cpp": CPP_HEAD + "int f(int x) {\n",
    "java": JAVA_HEAD + "public int f(int x) {\n",
    "javascript": "const f = (x) => {\n",
    "go": "func f(x int) int {\n",
    "rust": RUST_HEAD + "fn f(x: i32) -> i32 {\n",
}


def program(language: str, text: str, **filled: object) -> Program:
    """Assemble a program of the contract as an evaluation does."""
    for name, value in filled.items():
        text = text.replace(f"@{name.upper()}@", str(value))
    head, end = AROUND.get(language, ("", ""))
    whole = f"{head}{text}\n{end}"
    problem = Problem(
        task_id=f"{KNOWN[language].PREFIX}/contract",
        prompt=HEADS.get(language, whole),
        declaration=HEADS.get(language, whole),
        canonical_solution="",
        test=TESTS[language],
        example_test="",
        imports=IMPORTS.get(language, ""),
        test_setup=SETUPS.get(language, ""),
    )
    as_it_is = Reading(read_as=ReadAs.CONTINUATION, candidate=whole, code=blank(language, whole))
    return assembled(problem, "", as_it_is, EvaluationSettings())
