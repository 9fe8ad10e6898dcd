"""Prepares Go: archives of the standard library, our own small packages, and the builder.

The builder is warm, the distribution's own compiler and linker in one process that forks (`warm/patches.py`) and links
programs against a base, an executable of all that they share (`warm/link.go`); or where that does not fit the toolchain
its plain twin: the same checks as a program of their own, then the compiler and the linker as they are, slower to the
same end.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from sandboxes.go.tools import environment, go, write_analyzers
from sandboxes.go.warm.patches import ADDRESSES, BASE, BUILDER, builder
from sandboxes.store import Store

HERE = Path(__file__).resolve().parent
GO = "/usr/bin/go"
PLAIN = "plain"  # this or BUILDER is in the warm folder
# Loaded by the compiler and the linker before any program comes: what solutions usually import.
LINKED_EARLY = """
    bytes container/heap container/list crypto/md5 errors fmt math math/big math/bits math/cmplx math/rand os reflect
    regexp runtime sort strconv strings sync sync/atomic time unicode unicode/utf8
""".split()  # noqa: SIM905 (a list would take a page)
OURS = {  # import path: folder under packages/, in the order of building
    "internal/wire": "wire",
    "internal/reflected": "reflected",
    "internal/answer": "answer",
    "internal/harness": "harness",
    "testing": "testing",
    "github.com/stretchr/testify/assert": "assert",
}
# Not offered: what a solution cannot need, and what drags in the network, cgo or much of everything.
REFUSED = re.compile(
    r"^(cmd|vendor|plugin|testing|net|crypto/tls|crypto/x509|debug|go|image|database|expvar|archive|log/syslog|"
    r"runtime/(cgo|race|msan|asan|coverage|trace|pprof)|internal/trace|html/template|text/template|embed)(/|$)"
)


def archives(goroot: Path, build: Path, warm: Path, final: Path) -> None:
    """Put archives of the offered standard packages and of ours into `warm`, with an importcfg of them."""
    env = environment(goroot, build, "0")
    offered = [name for name in go(goroot, "list", "std", env=env, cwd=build).split() if not REFUSED.match(name)]
    offered = [name for name in offered if "internal" not in name.split("/")]
    flags = ["-gcflags=all=-dwarf=false", "-trimpath"]
    form = "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"
    listed = go(goroot, "list", *flags, "-export", "-deps", "-f", form, *offered, env=env, cwd=build)
    lines = []
    (warm / "archives").mkdir()
    for line in listed.split():
        name, _, archive = line.partition("=")
        file = name.replace("/", "-") + ".a"
        shutil.copyfile(archive, warm / "archives" / file)
        lines.append(f"packagefile {name}={warm}/archives/{file}")
    importcfg = warm / "importcfg"
    tools = Path(go(goroot, "env", "GOTOOLDIR", env=env, cwd=build).strip())
    for name, folder in OURS.items():
        importcfg.write_text("\n".join(lines) + "\n")
        ours = warm / "archives" / f"{folder}.our.a"
        source = HERE / "packages" / folder
        flags = ["-p", name, "-complete", "-dwarf=false", "-trimpath", f"{source}=>{name}"]
        command = [str(tools / "compile"), *flags, "-importcfg", str(importcfg), "-o", str(ours)]
        command += map(str, sorted(source.glob("*.go")))
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"package {name} does not compile: {done.stdout}{done.stderr}")
        lines.append(f"packagefile {name}={ours}")
    importcfg.write_text("\n".join(lines).replace(str(warm), str(final)) + "\n")
    names = {line.split()[1].partition("=")[0] for line in lines}
    (warm / "linked_early").write_text("\n".join([n for n in LINKED_EARLY if n in names] + list(OURS)) + "\n")


def tried(build: Path, warm: Path, final: Path) -> None:
    """Link what all programs share (`warm/link.go`), then try the builder; OSError where it does not judge as it should."""
    folder = build / "probe"
    (folder / "scratch").mkdir(parents=True)
    (folder / "go").mkdir()
    (folder / "box.so").symlink_to(warm.parent / "box.so")
    for name in (BUILDER, "linked_early"):
        (folder / "go" / name).symlink_to(warm / name)
    (folder / "go/importcfg").write_text((warm / "importcfg").read_text().replace(str(final), str(warm)))
    (folder / "go/digest").write_text("probe")
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    for argv in (
        [str(warm / BUILDER), str(folder / "go"), BASE],
        [sys.executable, "-m", "sandboxes.go.probe", str(folder)],
    ):
        try:
            done = subprocess.run(argv, cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired as fault:
            raise OSError("the builder does not answer") from fault
        if done.returncode:
            raise OSError(f"the builder does not work: {(done.stdout + done.stderr).strip()[-2000:]}")
    for name in (BASE, ADDRESSES):
        shutil.copy(folder / "go" / name, warm)


def name(warm: Path, final: Path) -> None:
    """Write a name of this toolchain, under which tests are kept: by what they are linked with, and where it will be."""
    parts = [
        *sorted((warm / "archives").iterdir()),
        *(warm / each for each in (BASE, ADDRESSES) if (warm / each).exists()),
    ]
    (warm / "digest").write_text(Store.digest(str(final), *(file.read_bytes() for file in parts)))


def plain_builder(goroot: Path, build: Path, warm: Path) -> None:
    """Build the builder's checks as an ordinary program, and note where the compiler and the linker are."""
    sources = build / "path/src"
    skip = shutil.ignore_patterns("testdata", "*_test.go")
    shutil.copytree(goroot / "src/cmd/vendor/golang.org", sources / "golang.org", ignore=skip)
    write_analyzers(goroot / "src", sources / "analyzers")
    (sources / "plain").mkdir()
    for name in ("plain.go", "check.go", "vet.go"):
        text = (HERE / "builder" / name).read_text()
        (sources / "plain" / name).write_text(text.replace('"ANALYZERS"', '"analyzers"'))
    env = {**environment(goroot, build, "0"), "GO111MODULE": "off"}
    go(goroot, "build", "-trimpath", "-o", str(warm / PLAIN), "plain", env=env, cwd=sources)
    (warm / "tools").write_text(go(goroot, "env", "GOTOOLDIR", env=env, cwd=sources).strip())


def prepare(warm: Path, final: Path, command: str = GO, plain: bool = False) -> str:
    """Build everything into `warm`, which will be moved to `final`.

    Return what to add to the version line: nothing, or that it is the plain builder.
    """
    env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GOENV": "off", "GOTOOLCHAIN": "local"}
    asked = subprocess.run([command, "env", "GOROOT"], env=env, capture_output=True, text=True, check=True)
    goroot = Path(asked.stdout.strip())
    build = warm / "build"
    build.mkdir()
    try:
        archives(goroot, build, warm, final)
        if not plain:
            try:
                builder(goroot, build, warm)
                tried(build, warm, final)
                name(warm, final)
                return ""
            except (OSError, ValueError) as fault:  # ValueError: a text that str.index did not find
                (warm / BUILDER).unlink(missing_ok=True)
                print(f"go: using the plain tools, programs will compile slower: {fault}", file=sys.stderr)
        plain_builder(goroot, build, warm)
        name(warm, final)
        return " (plain tools)"
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(build)], check=False)
        shutil.rmtree(build)
