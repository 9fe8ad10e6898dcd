"""Go in a jail: the builder (compiler and linker in one warm fork server, or the plain tools), then the program.

The candidate is one file with its preamble, the tests are another, a generated main is the third. Who may
import what, and what is refused, is decided in `builder/check.go`; `build.py` prepares all of it.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from sandboxes.cell import Jail, Limits, Outcome, Server
from sandboxes.go.build import BUILDER, PLAIN
from sandboxes.go.build import prepare as prepare
from sandboxes.verdict import Judgement, compile_failed, decide, text

PACKAGES = ["golang-go", "golang-src", "gcc", "libc6-dev"]
VERSION = ["/usr/bin/go", "version"]
# One processor and no collector: the builder may fork only because it has a single thread.
BUILDER_ENV = {"GOMAXPROCS": "1", "GOGC": "off", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
# A race between goroutines can split the two words of an interface and so reach all memory, but not where they change
# over at calls only, on one processor.
PROGRAM_ENV = {
    "GOMAXPROCS": "1",
    "GODEBUG": "asyncpreemptoff=1",
    "GOTRACEBACK": "single",
    "HOME": "/nonexistent",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
}
TAMPERED = 3  # as in builder/check.go
MEMORY_SIGNS = (
    b"fatal error: runtime: out of memory",
    b"fatal error: runtime: cannot allocate memory",
    b"fatal error: out of memory",
)


class Language:
    """Judges Go programs."""

    def __init__(self, jail: Jail, warm: Path) -> None:
        self.jail, self.warm = jail, warm
        self.server: "Server | None" = None
        if (warm / BUILDER).exists():
            self.server = jail.start_server([str(warm / BUILDER), str(warm)], BUILDER_ENV)
        else:
            self.plain = [str(warm / PLAIN), str(warm), (warm / "tools").read_text()]

    def judge(self, program: "dict[str, object]", compile_limits: Limits, run_limits: Limits) -> Judgement:
        """Compile and link one program, then run it in a folder that holds nothing but itself."""
        directory = self.jail.new_directory()
        parts = {name: program.get(name, "") for name in ("preamble", "candidate", "tests", "declared")}
        built = self._build(json.dumps(parts).encode(), compile_limits, directory)
        binary = directory / "program"
        if built.exit_code == TAMPERED:
            return Judgement("tampered", text(built.stdout).strip(), built.cpu_s, built.wall_s, built.memory_mib)
        if built.exit_code != 0 or not binary.is_file():
            return compile_failed(built, MEMORY_SIGNS)
        executable = self._unreadable(binary)
        for file in directory.iterdir():
            file.unlink()  # sources, the tests among them
        here = self.jail.new_directory()
        ran = self.jail.execute([str(executable)], PROGRAM_ENV, replace(run_limits, alone=True), here)
        return decide(ran, built, program.get("expected_checks"), MEMORY_SIGNS)

    def _unreadable(self, binary: Path) -> Path:
        """Copy the executable, which holds the expected values, to where the program can run it but not read it.

        Where the agent is the program's own user, the program may give itself the right again.
        """
        home = self.jail.new_directory()
        home.chmod(0o755)
        executable = home / binary.name
        shutil.copyfile(binary, executable)
        executable.chmod(0o111)
        return executable

    def _build(self, request: bytes, limits: Limits, directory: Path) -> Outcome:
        if self.server:
            return self.jail.fork(self.server, request, limits, directory)
        (directory / "request").write_bytes(request)
        return self.jail.execute(self.plain, BUILDER_ENV, limits, directory)
