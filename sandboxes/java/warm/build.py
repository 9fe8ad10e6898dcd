"""Builds what makes Java quick: a javac that stays warm, a virtual machine that forks, an archive of loaded classes each.

`CompileServer.java` keeps the platform's symbols between programs, and each program is a fork of a machine that has run the
training program (`launcher.c`, `revive.c`), on a runtime image of its own (jlink) whose archive of loaded classes is mapped
instead of read. The flags in `MACHINE` were each measured; none of them changes what a program means. Where any of it cannot
be built, or a fork does not come alive here, there are plain tools: the same compile server with a fresh compiler for each
program, and `java` with the runtime on its class path.
"""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

from sandboxes.java.sources import blob, generated

HERE = Path(__file__).resolve().parent
WALL = HERE.parent / "wall"
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
PLAIN = "plain"  # a file in the warm folder, where the plain tools are used
BROKEN = (OSError, subprocess.SubprocessError)
STEP_S = 600  # how long a step of the preparation may take
OK, REJECTED, FAILED = range(3)  # as in CompileServer.java

# What the compile server gets to see of javac: its reusable contexts, and the symbols in them.
EXPORTS = [
    f"--add-exports=jdk.compiler/com.sun.tools.javac.{each}=ALL-UNNAMED" for each in ("api", "code", "main", "util")
]
OPENS = ["--add-opens=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED"]
# No files outside the scratch folder, no attaching, and class data mapped where they were archived.
QUIET = [
    "-XX:-UsePerfData", "-XX:+DisableAttachMechanism", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null",
    "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", "-Dfile.encoding=UTF-8",
]  # fmt: skip
# 8 MiB of stack: javac descends as deep as expressions do.
COMPILER = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmn64m", "-Xss8m"]
COMPILER_HEAP_MIB = 512
COMPILER_PATH = "compiler.jar:runtime.jar"  # seen from the warm folder
TRAININGS = 30  # how often the training program is compiled before the compile server's image is made
# G1, because only it maps archived objects (4 ms); one thread of each kind; no vector instructions, whose
# routines take 3 ms to generate; later compilation, which spares short programs most of it.
MACHINE = [
    "-XX:TieredStopAtLevel=1", "-XX:CICompilerCount=1", "-XX:CompileThresholdScaling=3", "-XX:ReservedCodeCacheSize=32m", "-XX:UseAVX=0",
    "-XX:+UseG1GC", "-XX:ParallelGCThreads=1", "-XX:ConcGCThreads=1", "-XX:G1ConcRefinementThreads=0",
    "-XX:G1HeapRegionSize=1m", "-Xms32m", "-Djava.io.tmpdir=.",
]  # fmt: skip
TESTS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx384m"]
NO_CLASS_PATH = "-Djava.class.path=/nonexistent"
HERE_AND_NOW = "-Duser.dir=/proc/self/cwd"  # of a fork, whose directory is not that of the machine it is of
# What a program may use, and what that loads as services: locales, elliptic curves, more character sets, zip files.
MODULES = "java.se,jdk.localedata,jdk.crypto.ec,jdk.charsets,jdk.zipfs,humaneval"
OPENED = "--add-opens=java.base/java.io="  # for the plain `java`: descriptors by their numbers
TRAINING_DECLARED = """{"functions": [
{"name": "collections", "head": "public List<Integer> collections(List<Integer> values)",
 "params": [{"name": "values", "text": "List<Integer>"}], "returns": {"text": "List<Integer>"}},
{"name": "streams", "head": "public String streams(List<Integer> values, List<String> words)",
 "params": [{"name": "values", "text": "List<Integer>"}, {"name": "words", "text": "List<String>"}], "returns": {"text": "String"}},
{"name": "texts", "head": "public String texts(String s) throws Exception",
 "params": [{"name": "s", "text": "String"}], "returns": {"text": "String"}},
{"name": "anything", "head": "public Object anything(double x, boolean y, Object z)",
 "params": [{"name": "x", "text": "double"}, {"name": "y", "text": "boolean"}, {"name": "z", "text": "Object"}], "returns": {"text": "Object"}}
], "before": "import java.util.*;\\nclass Solution {\\n", "after": "}"}"""
TRAINING_TESTS = """import java.util.*;
public class Main { public static void main(String[] args) throws Exception {
    Solution s = new Solution();
    List<Boolean> correct = Arrays.asList(s.collections(Arrays.asList(3, 5, 4)).equals(List.of(3)), Objects.equals(s.texts("aB 1,2"), ""));
    if (correct.contains(false)) { throw new AssertionError(); } } }
"""


def jdk() -> Path:
    """Return the folder of the JDK that `javac` belongs to."""
    return Path("/usr/bin/javac").resolve().parents[1]


def tool(name: str) -> str:
    """Return one of the JDK's commands."""
    return str(jdk() / "bin" / name)


def compiler(warm: Path, *more: str) -> "list[str]":
    """Return the command of the compile server. It runs in `warm`, so that its archive may be moved with it."""
    options = [*QUIET, *COMPILER, f"-Xmx{COMPILER_HEAP_MIB}m", *EXPORTS, *OPENS]
    plain = ["plain"] if (warm / PLAIN).exists() else []
    return [tool("java"), *options, *more, "-cp", COMPILER_PATH, "CompileServer", *plain]


def kept_compiler(warm: Path) -> "list[str]":
    """Return the command of the compile server as it is before its image is made (launcher.c)."""
    options = [*QUIET, *COMPILER, f"-Xmx{COMPILER_HEAP_MIB}m", *EXPORTS, *OPENS, "-XX:SharedArchiveFile=compiler.jsa"]
    library = str(jdk() / "lib/server/libjvm.so")
    return [str(warm / "launcher"), library, "compile", str(warm), *options, f"-Djava.class.path={COMPILER_PATH}"]


def machine(warm: Path, what: str) -> "list[str]":
    """Return the command of a warm virtual machine (launcher.c): `fork`, `try` or `service`; options may follow."""
    start = [str(warm / "launcher"), str(warm / "jre/lib/server/libjvm.so"), what]
    if what == "service":
        return [*start, *QUIET, *TESTS, NO_CLASS_PATH]
    return [*start, str(warm), *QUIET, *MACHINE, NO_CLASS_PATH, HERE_AND_NOW]


def plain_machine(warm: Path, side: str, file: Path, heap_mib: int) -> "list[str]":
    """Return the command of a fresh virtual machine for one side of a program: `Program` or `Tests`."""
    options = [*QUIET, *MACHINE, f"-Xmx{heap_mib}m", f"{OPENED}ALL-UNNAMED", "-cp", str(warm / "runtime.jar")]
    return [tool("java"), *options, f"humaneval.{side}", str(file)]


def request(kind: str, first: str, second: str) -> bytes:
    """Return a request to the compile server: a candidate and its dispatcher (`kind` is empty), or a stub and its tests."""
    return blob(kind) + blob(first) + blob(second)


def parse(answer: bytes) -> "tuple[int, bytes, bytes]":
    """Return the status, the messages and the classes of one answer of the compile server, without its length."""
    size = struct.unpack_from("<I", answer, 1)[0]
    return answer[0], answer[5 : 5 + size], answer[5 + size :]


def training() -> "tuple[bytes, bytes]":
    """Return the training program's request to the compile server, and that of its tests."""
    declared = generated(TRAINING_DECLARED)
    candidate = (HERE / "Training.java").read_text()
    return request("", candidate, declared.calls), request(declared.names, declared.stub, TRAINING_TESTS)


def run(argv: "list[str]", given: bytes = b"", cwd: "Path | None" = None) -> bytes:
    """Run a command to its end; return what it printed. Raises SubprocessError."""
    quiet = subprocess.DEVNULL
    done = subprocess.run(
        argv, check=True, env=ENV, stdout=subprocess.PIPE, stderr=quiet, input=given, cwd=cwd, timeout=STEP_S
    )
    return done.stdout


def prepare(warm: Path, final: Path, plain: bool = False) -> str:
    """Build the compile server and the runtime, and what makes them quick. Return what to add to the version line."""
    classes = warm / "classes"
    run([tool("javac"), "-XDstringConcat=inline", "-d", str(classes), *map(str, sorted(WALL.rglob("*.java")))])
    run([tool("jar"), "--create", "--file", str(warm / "runtime.jar"), "-C", str(classes), "."])
    server = ["CompileServer.java", "CheckedTests.java"]
    try:
        if plain:
            raise OSError("the plain tools were asked for")
        compile_server(warm, [*server, "Pool.java"], EXPORTS)
        launcher(warm)
        image = ["--add-modules", MODULES, "--no-header-files", "--no-man-pages", "--output", str(warm / "jre")]
        run([tool("jlink"), "--module-path", str(classes), *image])
        archive_programs(warm, archive_compiler(warm))
        run(machine(warm, "try"))
        return ""
    except BROKEN as fault:
        print(f"java: using the plain tools, programs will run slower: {fault}", file=sys.stderr)
        shutil.rmtree(warm / "jre", ignore_errors=True)
        compile_server(warm, server, [])
        (warm / PLAIN).touch()
        return " (plain tools)"
    finally:
        shutil.rmtree(classes)


def compile_server(warm: Path, sources: "list[str]", exports: "list[str]") -> None:
    """Build the compile server."""
    classes = warm / "server"
    words = [word for export in exports for word in export.split("=", 1)]
    run([tool("javac"), *words, "-d", str(classes), *(str(HERE / name) for name in sources)])
    run([tool("jar"), "--create", "--file", str(warm / "compiler.jar"), "-C", str(classes), "."])
    shutil.rmtree(classes)


def launcher(warm: Path) -> None:
    """Build the launcher."""
    include = jdk() / "include"
    flags = ["-O2", "-Wall", "-Wno-unused-function", f"-I{include}", f"-I{include}/linux"]
    run(["gcc", *flags, str(HERE / "launcher.c"), "-o", str(warm / "launcher"), "-ldl", "-lpthread"])


def archive_compiler(warm: Path) -> bytes:
    """Archive what is loaded after the compile server has compiled the training program; return that program's classes."""
    program, tests = training()
    (warm / "requests").write_bytes((program + tests) * TRAININGS)
    answer = run(compiler(warm, "-XX:ArchiveClassesAtExit=compiler.jsa"), program * 3 + tests, warm)
    status, messages, classes = parse(answer[4 : 4 + struct.unpack_from("<I", answer)[0]])
    if status != OK:
        raise OSError(f"the training program was rejected: {messages.decode(errors='replace')}")
    return classes


def archive_programs(warm: Path, classes: bytes) -> None:
    """Archive the JDK's own list of classes, what the training program loads, and the runtime's. Leave what it is asked."""
    listed, program, java = warm / "classlist", warm / "training", str(warm / "jre/bin/java")
    program.write_bytes(generated(TRAINING_DECLARED).functions + classes)
    (warm / "questions").write_bytes(questions())
    given = shutil.copy(program, warm / "given")  # who takes it removes it
    options = [*MACHINE, f"{OPENED}humaneval", "-Xshare:off", f"-XX:DumpLoadedClassList={listed}"]
    script = 'exec 3<"$0" 4>/dev/null "$@"'
    asked = str(warm / "questions")
    run(["bash", "-c", script, asked, java, *options, "-m", "humaneval/humaneval.Program", str(given)])
    known = (warm / "jre/lib/classlist").read_text().splitlines()
    seen = [line.split(" id:")[0] for line in listed.read_text().splitlines()]
    more = [line for line in seen if line.startswith(("java/", "jdk/", "sun/", "humaneval/", "@lambda-form-invoker"))]
    listed.write_text("\n".join(dict.fromkeys([*known, *more, "humaneval/Tests", "humaneval/Checks"])) + "\n")
    dump = ["-Xshare:dump", "-XX:+UseG1GC", "-Xmx256m", "-XX:G1HeapRegionSize=1m", f"-XX:SharedClassListFile={listed}"]
    run([java, *dump, f"-XX:SharedArchiveFile={warm / 'jre/lib/server/classes.jsa'}"])
    listed.unlink()


def questions() -> bytes:
    """Return what the tests of the training program would ask, as one side of values.md writes it."""

    def text(words: str) -> bytes:
        return b"s" + struct.pack("<I", len(words)) + words.encode()

    def listed(*values: bytes) -> bytes:
        return b"l" + struct.pack("<I", len(values)) + b"".join(values)

    numbers = listed(*(b"i" + struct.pack("<q", each) for each in (3, 5, 4)))
    fixed = b"k\x0dArrays.asList" + numbers
    anything = b"k\x07Integer" + b"i" + struct.pack("<q", 5)
    calls = (
        (fixed,), (numbers, listed(text("a"), text("bc"))), (text("aB 1,2"),), (b"d" + struct.pack("<d", 0.5), b"t", anything),
    )  # fmt: skip
    found = b""
    for number, given in enumerate(calls):
        message = struct.pack("<cIIBI", b"C", number + 1, number, 0, len(given)) + b"".join(given)
        found += struct.pack("<I", len(message)) + message
    return found
