"""The cold side of the comparison: the plain tools, one process per program, in the same kind of jail.

One long-lived bubblewrap jail per worker, with the binds and limits of ours and a writable scratch area in
memory: kinder to the plain tools than a jail per program. Inside, `cold_worker.py` types the commands. Go's
build cache is warm, its test results are not. Does not decide verdicts: exit statuses do.
"""

from __future__ import annotations

import json
import os
import queue
import re
import secrets
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS, Program
from humaneval_x.runners import SCRATCH_MIB, WARM_PROCESSES, cgroups, jail_memory_mib
from humaneval_x.runners.bubblewrap import Bubblewrap

SCRATCH_BYTES = 1 << 30
TESTIFY = Path("/usr/share/gocode")  # where Debian's golang-github-stretchr-testify-dev is
PACKAGES = ("math", "strings", "fmt", "strconv", "time", "bytes", "regexp", "sort", "math/rand", "crypto/md5")
# Where testify is not installed: what HumanEval-X uses of it, and smaller to link than the real one.
STAND_IN = """package assert
import ("reflect"; "testing")
type Assertions struct{ t *testing.T }
func New(t *testing.T) *Assertions { return &Assertions{t} }
func (a *Assertions) Equal(want, got interface{}, _ ...interface{}) bool {
    if reflect.DeepEqual(want, got) { return true }
    a.t.Errorf("Not equal: %v %v", want, got)
    return false
}
"""
WARM_UP = {
    "python": "import numpy\n",
    "cpp": "#include <iostream>\nint main() {}\n",
    "java": "public class Main { public static void main(String[] a) {} }\n",
    "javascript": "1;\n",
    "go": 'package main\nimport (\n"testing"\n"github.com/stretchr/testify/assert"\n'
    + "".join(f'_ "{name}"\n' for name in PACKAGES)
    + ")\nfunc TestNothing(t *testing.T) { assert.New(t).Equal(1, 1) }\n",
}


def one_file(program: Program) -> str:
    """Return a program and its tests as the one file that plain tools take; Go's tests need their own imports."""
    if program.language != "go":
        return program.preamble + program.candidate + program.tests
    used = [
        name
        for name in ("testing", "github.com/stretchr/testify/assert", *PACKAGES)
        if f'"{name}"' not in program.preamble + program.candidate
        and re.search(rf"\b{name.rpartition('/')[2]}\.", program.tests)
    ]
    imports = "".join(f'import "{name}"\n' for name in used)
    return f"{program.preamble}{imports}{program.candidate}{program.tests}"


class Worker:
    """One jail with one cold worker in it."""

    def __init__(self, runner: Bubblewrap) -> None:
        memory_mib = jail_memory_mib(COMPILE_LIMITS, RUN_LIMITS) + SCRATCH_MIB + (SCRATCH_BYTES >> 20)
        processes = RUN_LIMITS.processes + COMPILE_LIMITS.processes + WARM_PROCESSES
        self.group = cgroups.make(f"humaneval_x-cold-{os.getpid()}-{secrets.token_hex(4)}", memory_mib, processes)
        joins = " && ".join(f'echo $$ > "{folder}/cgroup.procs"' for folder in self.group.folders)
        argv = ["/bin/sh", "-c", f'{joins} && exec "$@"', "sh", *command([str(runner.program), *runner.arguments()])]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, name: str, language: str, source: str) -> tuple[bool, str]:
        """Run one program. Return whether it passed, and the end of its output."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"id": name, "language": language, "source": source}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the cold worker ended with status {self.process.wait()}")
        answer = json.loads(line)
        return bool(answer["passed"]), str(answer["output"])

    def close(self) -> None:
        """End the jail."""
        self.process.kill()
        self.process.wait()
        self.group.remove()


def command(jail: Sequence[str]) -> list[str]:
    """Return our jail's own command line with more scratch, the plain tools' settings, and the cold worker."""
    argv = list(jail[: jail.index("--chdir")])
    argv[argv.index("--size") + 1] = str(SCRATCH_BYTES)
    gopath = str(TESTIFY) if TESTIFY.is_dir() else "/scratch/gopath"
    for name, value in {
        "HOME": "/scratch/home",
        "TMPDIR": "/scratch/tmp",
        "GOPATH": gopath,
        "GOCACHE": "/scratch/gocache",
        "GO111MODULE": "off",
        "NODE_PATH": "/opt/humaneval_x/sandboxes/javascript/modules",
    }.items():
        argv += ["--setenv", name, value]
    argv += ["--dir", "/scratch/home", "--dir", "/scratch/tmp"]
    source = (Path(__file__).parent / "cold_worker.py").read_text(encoding="utf-8")
    if not TESTIFY.is_dir():
        place = "/scratch/gopath/src/github.com/stretchr/testify/assert"
        source = f"import os\nos.makedirs({place!r})\nopen({place + '/assert.go'!r}, 'w').write({STAND_IN!r})\n{source}"
    return [*argv, "--chdir", "/scratch", "--", "/usr/bin/python3", "-c", source, "/scratch"]


class Cold:
    """A pool of cold workers. Use as a context manager."""

    def __init__(self, runner: Bubblewrap, workers: int) -> None:
        self.workers = [Worker(runner) for _ in range(workers)]
        self._count = 0

    def __enter__(self) -> Cold:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.close()

    def warm_up(self, languages: Sequence[str]) -> None:
        """Run one small program of each language in each jail: files into memory, Go's packages into its cache."""
        for worker in self.workers:
            for language in languages:
                passed, output = worker.run("warm-up", language, WARM_UP[language])
                if not passed:
                    raise RuntimeError(f"the plain {language} tools do not work in the jail: {output}")

    def run(self, programs: Sequence[Program]) -> list[bool]:
        """Run programs on all workers at once. Return whether each passed."""
        todo: queue.SimpleQueue[tuple[int, Program]] = queue.SimpleQueue()
        for item in enumerate(programs):
            todo.put(item)
        passed = [False] * len(programs)
        faults: list[BaseException] = []

        def work(worker: Worker) -> None:
            try:
                while True:
                    try:
                        number, program = todo.get_nowait()
                    except queue.Empty:
                        return
                    passed[number], _ = worker.run(str(number), program.language, one_file(program))
            except BaseException as fault:
                faults.append(fault)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in self.workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        return passed
