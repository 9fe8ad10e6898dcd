"""Java in a jail: a javac that stays warm, and a fresh virtual machine for each program.

What makes it quick: `CompileServer.java` keeps the platform's symbols between programs, and each program starts
on a runtime image of its own (jlink) whose archive of loaded classes is mapped instead of read. The flags in
`MACHINE` were each measured; none of them changes what a program means.
"""

import os
import re
import select
import shutil
import struct
import subprocess
import time
from pathlib import Path

from sandboxes.cell import CellFault, Jail, Limits, Outcome, Service
from sandboxes.verdict import Judgement, compile_failed, decide

PACKAGES = ["default-jdk-headless", "gcc", "libc6-dev"]
VERSION = ["/usr/bin/javac", "-version"]
HERE = Path(__file__).resolve().parent
ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}

# What javac gets to see of itself: its reusable contexts, and the class-file library inside the JDK.
EXPORTS = [
    "--add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.org.objectweb.asm=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.org.objectweb.asm.commons=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.org.objectweb.asm.tree=ALL-UNNAMED",
]
# No files outside the scratch folder, no attaching, and class data mapped where they were archived.
QUIET = [
    "-XX:-UsePerfData", "-XX:+DisableAttachMechanism", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null",
    "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", "-Dfile.encoding=UTF-8",
]  # fmt: skip
COMPILER = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmn64m"]
# G1, because only it maps archived objects (4 ms); one thread of each kind; no vector instructions, whose
# routines take 3 ms to generate; later compilation, which spares short programs most of it.
MACHINE = [
    "-XX:TieredStopAtLevel=1", "-XX:CICompilerCount=1", "-XX:CompileThresholdScaling=3", "-XX:ReservedCodeCacheSize=32m", "-XX:UseAVX=0",
    "-XX:+UseG1GC", "-XX:ParallelGCThreads=1", "-XX:ConcGCThreads=1", "-XX:G1ConcRefinementThreads=0",
    "-XX:G1HeapRegionSize=1m", "-Xms32m", "-Djava.class.path=/nonexistent",
]  # fmt: skip
# What a program may use, and what that loads as services: locales, elliptic curves, more character sets, zip files.
MODULES = "java.se,jdk.localedata,jdk.crypto.ec,jdk.charsets,jdk.zipfs,tests"
PARTS = ("preamble", "candidate", "tests", "declared")
OVERHEAD_MIB = 96  # what the virtual machine uses beside its heap
SMALLEST_HEAP_MIB = 64
COMPILER_HEAP_MIB = 512
SERVICE = Limits(cpu_s=1e6, wall_s=1e6, memory_mib=1024, output_bytes=1 << 40, processes=256, file_mib=64)
WALL_SLACK = 5  # the compiler's own limit is CPU time; on a loaded machine it waits for a processor
OK, REJECTED, FAILED, TAMPERED = range(4)  # as in CompileServer.java
TESTS = "public class Main { public static void main(String[] args) throws Exception { %s } }"
TRAINING = TESTS % (
    "Solution s = new Solution(); List<Boolean> correct = Arrays.asList("
    's.collections(Arrays.asList(3, 5, 4)).equals(List.of(3)), Objects.equals(s.texts("aB 1,2"), ""),'
    's.streams(new ArrayList<>(List.of(1, 2, 3)), Arrays.asList("a", "bc")).isEmpty());'
    "if (correct.contains(false)) { throw new AssertionError(); }"
)


def jdk() -> Path:
    """Return the folder of the JDK that `javac` belongs to."""
    return Path("/usr/bin/javac").resolve().parents[1]


def machine(warm: Path) -> "list[str]":
    """Return the command that runs one program; the program file and the heap's size are still to come."""
    return [str(warm / "launcher"), str(warm / "jre/lib/server/libjvm.so")]


def compiler(warm: Path, *more: str) -> "list[str]":
    """Return the command of the warm compiler. It runs in `warm`, so that its archive may be moved with it."""
    options = [*QUIET, *COMPILER, f"-Xmx{COMPILER_HEAP_MIB}m", *EXPORTS]
    return [str(jdk() / "bin/java"), *options, *more, "-cp", "compiler.jar", "CompileServer"]


def request(*texts: str) -> bytes:
    """Return texts as the compile server reads them."""
    return b"".join(struct.pack(">I", len(data)) + data for data in (t.encode("utf-8", "replace") for t in texts))


def training() -> "tuple[str, str, str, str]":
    """Return the training program as preamble, candidate, tests, and what is trusted of the candidate: all."""
    source = (HERE / "Training.java").read_text()
    imports = "".join(re.findall(r"^import .*\n", source, re.MULTILINE))
    return imports, source, TRAINING, source


def prepare(warm: Path, final: Path) -> None:
    """Build the compile server, the launcher, the runtime image, and the class-data archive of each."""
    home = jdk()
    tool = {name: str(home / "bin" / name) for name in ("javac", "jar", "jlink")}

    def run(argv: "list[str]", **more: object) -> bytes:
        return subprocess.run(
            argv, check=True, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more
        ).stdout

    classes = warm / "classes"
    sources = [str(HERE / name) for name in ("CompileServer.java", "TestGuard.java")]
    run([tool["javac"], *[w for e in EXPORTS for w in e.split("=", 1)], "-d", str(classes), *sources])
    run([tool["jar"], "--create", "--file", str(warm / "compiler.jar"), "-C", str(classes), "."])
    shutil.rmtree(classes)
    sources = [str(HERE / name) for name in ("module-info.java", "Checks.java")]
    run([tool["javac"], "-XDstringConcat=inline", "-d", str(classes), *sources])
    include = home / "include"
    built = ["-rdynamic", "-o", str(warm / "launcher"), "-ldl", "-lpthread"]  # -rdynamic: its dlopen is the machine's
    run(["gcc", "-O2", "-Wall", f"-I{include}", f"-I{include}/linux", str(HERE / "launcher.c"), *built])
    image = ["--add-modules", MODULES, "--no-header-files", "--no-man-pages", "--output", str(warm / "jre")]
    run([tool["jlink"], "--module-path", str(classes), *image])
    shutil.rmtree(classes)

    # The compiler's archive: what is loaded after it compiled the training program.
    learn = compiler(warm, "-XX:ArchiveClassesAtExit=compiler.jsa")
    answer = run(learn, cwd=warm, input=request(*training()) * 3)
    status, messages, program = parse(answer[4 : 4 + struct.unpack(">I", answer[:4])[0]])
    if status != OK:
        raise OSError(f"the training program was rejected: {messages.decode()}")

    # The programs' archive: the JDK's own list of classes, and what the training program loads.
    listed = warm / "classlist"
    (warm / "training").write_bytes(program)
    options = [*QUIET, *MACHINE, "-Xmx256m", "-Xshare:off", f"-XX:DumpLoadedClassList={listed}"]
    script = 'exec 3<<<$(printf %064d 0) 4>/dev/null; exec "$@"'
    subprocess.run(
        ["bash", "-c", script, "-", *machine(warm), str(warm / "training"), *options],
        env=ENV,
        stderr=subprocess.DEVNULL,
    )
    known = (warm / "jre/lib/classlist").read_text().splitlines()
    seen = [line.split(" id:")[0] for line in listed.read_text().splitlines()]
    more = [line for line in seen if line.startswith(("java/", "jdk/", "sun/", "tests/Checks", "@lambda-form-invoker"))]
    listed.write_text("\n".join(dict.fromkeys([*known, *more])) + "\n")
    dump = ["-Xshare:dump", "-XX:+UseG1GC", "-Xmx256m", "-XX:G1HeapRegionSize=1m", f"-XX:SharedClassListFile={listed}"]
    archive = f"-XX:SharedArchiveFile={warm / 'jre/lib/server/classes.jsa'}"
    run([str(warm / "jre/bin/java"), *dump, archive])
    listed.unlink()


def parse(answer: bytes) -> "tuple[int, bytes, bytes]":
    """Return the status, the messages and the compiled program of one answer of the compile server."""
    size = struct.unpack_from(">I", answer, 1)[0]
    return answer[0], answer[5 : 5 + size], answer[5 + size :]


class Language:
    """Judges Java programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail, self.warm = jail, warm
        self.service: "Service | None" = None
        self.served = 0  # programs, by this service
        self._compiler()

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile one program in the warm compiler, run it in a fresh virtual machine."""
        parts = request(*(str(program.get(part, "")) for part in PARTS))
        status, built, compiled = self._compile(parts, compile_limits)
        if status == TAMPERED:
            why = built.stderr.decode(errors="replace")
            return Judgement("tampered", why, built.cpu_s, built.wall_s, built.memory_mib)
        if status != OK:
            return compile_failed(built, (b"OutOfMemoryError", b"out of resources"))
        directory = self.jail.new_directory()
        (directory / "program").write_bytes(compiled)
        heap = max(SMALLEST_HEAP_MIB, run_limits.memory_mib - OVERHEAD_MIB)
        argv = [*machine(self.warm), str(directory / "program"), *QUIET, *MACHINE, f"-Xmx{heap}m"]
        ran = self.jail.execute(argv, ENV, run_limits, directory)
        return decide(ran, built, program.get("expected_checks"), (b"java.lang.OutOfMemoryError",))

    def _compiler(self) -> Service:
        """Return the warm compiler; a new one first compiles the training program."""
        if self.service is None:
            argv = compiler(self.warm, "-XX:SharedArchiveFile=compiler.jsa", "-Xshare:auto")
            self.service, self.served = self.jail.start_service(argv, ENV, SERVICE, self.warm), 0
            if self._exchange(request(*training()), time.monotonic() + 60, 60)[1] is None:
                self._discard()
                raise CellFault("the Java compiler did not start")
        return self.service

    def _discard(self) -> None:
        if self.service is not None:
            self.jail.stop(self.service.pid)
            self.service.stdin.close()
            self.service.stdout.close()
            self.service = None

    def _compile(self, parts: bytes, limits: Limits) -> "tuple[int, Outcome, bytes]":
        """Return the compile server's status, what compiling used, and the compiled program.

        A program's verdict does not depend on those before it: where the compiler dies, fails or takes too long,
        and has served others, the program is compiled once more, in a fresh one, and that is what counts.
        """
        began, spent = time.monotonic(), 0.0
        while True:
            service = self._compiler()
            self.served, first = self.served + 1, self.served == 0
            before = self.jail.cpu_s(service.pid)
            ended, answer = self._exchange(parts, time.monotonic() + WALL_SLACK * limits.wall_s, before + limits.cpu_s)
            spent += self.jail.cpu_s(service.pid) - before if ended != "died" else 0
            if answer is not None and answer[0] != FAILED:
                break
            self._discard()
            if first:
                break
            spent = 0.0
        status, messages, compiled = parse(answer) if answer is not None else (REJECTED, b"", b"")
        outcome = Outcome(
            exit_code=0 if status == OK else 1, signal=None, stopped="timed_out" if ended == "timed_out" else None,
            cpu_s=spent, wall_s=time.monotonic() - began, memory_mib=0.0, stdout=b"",
            stderr=messages or (b"OutOfMemoryError: the compiler died" if ended == "died" else b""), report=b"", token="", other_token="",
        )  # fmt: skip
        return status, outcome, compiled

    def _exchange(self, parts: bytes, until: float, cpu_s: float) -> "tuple[str, bytes | None]":
        """Send one request. Return 'answered' and the answer, or 'timed_out' or 'died' and None."""
        service = self.service
        assert service is not None
        into, out_of = service.stdin.fileno(), service.stdout.fileno()
        os.set_blocking(into, False)
        os.set_blocking(out_of, False)
        got, left = bytearray(), memoryview(parts)
        look = time.monotonic() + 0.1
        while len(got) < 4 or len(got) < 4 + struct.unpack_from(">I", got)[0]:
            ready, able, _ = select.select([out_of], [into] if left else [], [], 0.1)
            try:
                if able:
                    left = left[os.write(into, left[: 1 << 16]) :]
                if ready:
                    chunk = os.read(out_of, 1 << 20)
                    if not chunk:
                        return "died", None
                    got += chunk
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return "died", None
            now = time.monotonic()
            if now > look:
                look = now + 0.1
                if now > until or self.jail.cpu_s(service.pid) > cpu_s:
                    return "timed_out", None
        return "answered", bytes(got[4:])
