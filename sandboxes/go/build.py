"""Prepares Go: archives of the standard library, our own small packages, and the builder.

The builder is the distribution's own compiler and linker, built from the source in GOROOT with the few
changes below: one process holds both, warm, and forks per program. The changes concern when things are
loaded, never what is compiled; each is one exact replacement. For a toolchain whose source lacks the text, or
whose builder does not work, there is the plain builder: the same checks as a program of their own, then the
toolchain's compiler and linker as they are, slower to the same end.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from sandboxes.store import Store

HERE = Path(__file__).resolve().parent
GO = "/usr/bin/go"
BUILDER, PLAIN = "builder", "plain"  # one of the two is in the warm folder
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


def change(file: Path, old: str, new: str, count: int = 1) -> None:
    """Replace exactly `count` occurrences of a text; OSError where the file is not as expected."""
    text = file.read_text()
    if text.count(old) != count:
        raise OSError(f"{file}: {text.count(old)} times {old!r}, expected {count}: this Go version is not supported")
    file.write_text(text.replace(old, new))


def go(goroot: Path, *words: str, env: "dict[str, str]", cwd: Path) -> str:
    """Run the go command and return its output; OSError with its messages where it fails."""
    done = subprocess.run([str(goroot / "bin/go"), *words], env=env, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"go {' '.join(words[:2])} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def environment(goroot: Path, build: Path, cgo: str) -> "dict[str, str]":
    return {
        "PATH": "/usr/bin:/bin", "HOME": str(build), "GOROOT": str(goroot), "GOCACHE": str(build / "cache"),
        "GOPATH": str(build / "path"), "GOFLAGS": "", "GOENV": "off", "GOWORK": "off", "GO111MODULE": "on",
        "CGO_ENABLED": cgo, "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOTELEMETRY": "off",
    }  # fmt: skip


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
    made = Store.digest(*(file.read_bytes() for file in sorted((warm / "archives").iterdir())))
    (warm / "digest").write_text(made)  # names the toolchain where tests are kept
    names = {line.split()[1].partition("=")[0] for line in lines}
    (warm / "linked_early").write_text("\n".join([n for n in LINKED_EARLY if n in names] + list(OURS)) + "\n")


def change_runtime(source: Path) -> None:
    """One thread: no monitor thread, no template thread. Only then may the process fork and go on.

    No network poller either: its descriptor is closed in a fork, and files do without it.
    """
    change(
        source / "runtime/netpoll.go",
        "func netpollGenericInit() {\n",
        'func netpollGenericInit() {\n\tif GOOS == "linux" {\n\t\treturn\n\t}\n',
    )
    proc = source / "runtime/proc.go"
    text = proc.read_text()
    text, now = re.subn(r"const haveSysmon = [^\n]*", "const haveSysmon = false", text)
    text, before = re.subn(r'\tif GOARCH != "wasm" \{([^\n]*no sysmon)', r"\tif false {\1", text)
    if now + before != 1:
        raise OSError(f"{proc}: the monitor thread is not started as expected: this Go version is not supported")
    proc.write_text(text)
    change(proc, "\t\tstartTemplateThread()\n\t\tcgocall(_cgo_notify", "\t\tcgocall(_cgo_notify")


def change_linker(source: Path) -> None:
    """A copy of the linker below cmd/compile/internal; its loading is split in before and after the fork."""
    old, new = source / "cmd/link/internal", source / "cmd/compile/internal/zlink"
    shutil.copytree(old, new, ignore=shutil.ignore_patterns("*_test.go", "testdata"))
    for file in new.rglob("*.go"):
        file.write_text(file.read_text().replace("cmd/link/internal/", "cmd/compile/internal/zlink/"))
    library = new / "ld/lib.go"
    text = library.read_text()
    start = text.index("func (ctxt *Link) loadlib() {")
    end = text.index("\n}\n", start)
    body = text[start:end].replace("loadobjfile(ctxt, lib)", "loadOnce(ctxt, lib)")
    anchor = "\t// ctxt.Library grows during the loop, so not a range loop.\n"
    if body.count(anchor) != 1:
        raise OSError(f"{library}: loadlib is not as expected: this Go version is not supported")
    library.write_text(text[:start] + body.replace(anchor, "\twarm(ctxt)\n" + anchor) + text[end:])
    change(
        new / "ld/deadcode.go",
        "\td := deadcodePass{ctxt: ctxt, ldr: ldr}\n\td.init()\n\td.flood()\n",
        "\td := markedEarly(ctxt)\n\td.flood()\n",
    )
    shutil.copyfile(HERE / "builder/ld/warm.go", new / "ld/warm.go")
    loader = new / "loader/loader.go"
    text = loader.read_text()
    start = text.index("func (l *Loader) LoadSyms(arch *sys.Arch) {")
    end = text.index("\n}\n", start)
    body = text[start:end]
    for before, after in (
        ("l.objs[goObjStart:]", "l.objs[loadedUpTo:]"),
        (
            "\tl.objSyms = make([]objSym, 1, symSize)\n",
            "\tif loadedUpTo == goObjStart {\n\t\tl.objSyms = make([]objSym, 1, symSize+symSize/8)\n\t}\n",
        ),
        ("\tst := loadState{", "\tst := keptState\n\tif st == nil {\n\tst = &loadState{"),
    ):
        if before not in body:
            raise OSError(f"{loader}: LoadSyms is not as expected: this Go version is not supported")
        body = body.replace(before, after)
    body, one = re.subn(r"(\tst = &loadState\{.*?\n\t\})\n", r"\1\n\tkeptState = st\n\t}\n", body, flags=re.S)
    body, two = re.subn(
        r"\tl\.values = make\(\[\]int64, l\.NSym\(\), l\.NSym\(\)\+1000\)[^\n]*",
        "\tl.values = append(make([]int64, 0, l.NSym()+1000), make([]int64, l.NSym())...)\n\tloadedUpTo = len(l.objs)",
        body,
    )
    if one != 1 or two != 1:
        raise OSError(f"{loader}: LoadSyms is not as expected: this Go version is not supported")
    kept = "var (\n\tkeptState  *loadState\n\tloadedUpTo = goObjStart\n)\n\n"
    loader.write_text(text[:start] + kept + body + text[end:])
    # What the early packages refer to and do not define has become an external symbol; the program's own
    # package, or one that only it imports, may define it after all. The index stays, the definition changes.
    change(loader, '\tif l.extStart != 0 {\n\t\tpanic("addSym called after external symbol is created")\n\t}\n', "")
    defined = "\t\t// referenced by name (e.g. through linkname).\n"
    change(
        loader,
        defined,
        defined
        + "\t\tif old, ok := l.symsByName[ver][name]; ok {\n"
        + "\t\t\tl.objSyms[old] = objSym{r.objidx, li}\n\t\t\treturn old\n\t\t}\n",
    )
    exists = "\t// symbol already exists\n"
    change(
        loader,
        exists,
        exists + "\tif l.IsExternal(oldi) {\n\t\tl.objSyms[oldi] = objSym{r.objidx, li}\n\t\treturn oldi\n\t}\n",
    )


def change_compiler(source: Path, arch: str) -> None:
    """The compiler's main asks for its files after it has set itself up; its main package is the builder."""
    compiler = source / "cmd/compile"
    main = compiler / "internal/gc/main.go"
    change(main, "noder.LoadPackage(flag.Args())", "noder.LoadPackage(Files(flag.Args()))")
    main.write_text(
        main.read_text() + "\n// Files gives the names of the files to compile.\nvar Files func([]string) []string\n"
    )
    for old in compiler.glob("*.go"):
        old.unlink()
    for name in ("main.go", "check.go", "vet.go"):
        text = (HERE / "builder" / name).read_text()
        (compiler / name).write_text(
            text.replace("internal/ARCH", f"internal/{arch}")
            .replace("zlink/ARCH", f"zlink/{arch}")
            .replace("ARCH.Init", f"{arch}.Init")
            .replace('"ANALYZERS"', '"cmd/compile/internal/analyzers"')
        )
    shutil.copyfile(HERE.parent / "cell.c", compiler / "cell.c")


def drop_other_processors(source: Path, arch: str) -> None:
    """Empty the rewrite rules of processors that the builder never compiles for: most of its building time."""
    for file in (source / "cmd/compile/internal/ssa").glob("rewrite[A-Z0-9]*.go"):
        if file.stem[len("rewrite") :].upper().startswith(arch.upper()):
            continue
        heads = re.findall(
            r"^func rewrite(?:Block|Value)[A-Za-z0-9]+\(\w+ \*\w+\) bool \{$", file.read_text(), flags=re.M
        )
        file.write_text("package ssa\n\n" + "".join(f'{head}\n\tpanic("not built")\n}}\n\n' for head in heads))


def write_analyzers(source: Path, folder: Path) -> None:
    """The analyzers are those that this version's go test runs: read from its own list."""
    text = (source / "cmd/go/internal/test/test.go").read_text()
    listed = text[text.index("var defaultVetFlags = []string{") :]
    flags = re.findall(r'^\s*"-(\w+)"', listed[: listed.index("\n}")], flags=re.M)
    if "printf" not in flags:
        raise OSError("cmd/go: the list of vet checks is not as expected: this Go version is not supported")
    folders = [{"bool": "bools", "buildtags": "buildtag"}.get(flag, flag) for flag in flags]
    folder.mkdir()
    imports = "".join(f'\t"golang.org/x/tools/go/analysis/passes/{name}"\n' for name in folders)
    names = "".join(f"\t{name}.Analyzer,\n" for name in folders)
    (folder / "all.go").write_text(
        f'package analyzers\n\nimport (\n\t"golang.org/x/tools/go/analysis"\n{imports})\n\n'
        f"// All are the checks of go vet that go test runs.\nvar All = []*analysis.Analyzer{{\n{names}}}\n"
    )


def builder(goroot: Path, build: Path, warm: Path) -> None:
    """Build the builder from a changed copy of the toolchain's source."""
    copy = build / "goroot"
    skip = shutil.ignore_patterns("testdata", "*_test.go")
    shutil.copytree(goroot / "src", copy / "src", ignore=skip)
    shutil.copytree(goroot / "pkg/include", copy / "pkg/include")
    (copy / "pkg/tool").symlink_to((goroot / "pkg/tool").resolve())
    (copy / "bin").symlink_to((goroot / "bin").resolve())
    shutil.copyfile(goroot / "VERSION", copy / "VERSION")
    if (goroot / "go.env").exists():
        shutil.copyfile(goroot / "go.env", copy / "go.env")
    env = environment(copy, build, "1")
    arch = go(goroot, "env", "GOARCH", env=env, cwd=build).strip()
    source = copy / "src"
    change_runtime(source)
    change_linker(source)
    change_compiler(source, arch)
    drop_other_processors(source, arch)
    write_analyzers(source, source / "cmd/compile/internal/analyzers")
    undebugged = ["-gcflags=all=-dwarf=false", "-ldflags=-w"]  # a seventh less to build
    go(goroot, "build", "-trimpath", *undebugged, "-o", str(warm / BUILDER), "./compile", env=env, cwd=source / "cmd")


def probe(build: Path, warm: Path, final: Path) -> None:
    """Try the builder; OSError where it does not judge as it should."""
    folder = build / "probe"
    (folder / "scratch").mkdir(parents=True)
    (folder / "go").mkdir()
    (folder / "cell.so").symlink_to(warm.parent / "cell.so")
    for name in (BUILDER, "linked_early", "digest"):
        (folder / "go" / name).symlink_to(warm / name)
    (folder / "go/importcfg").write_text((warm / "importcfg").read_text().replace(str(final), str(warm)))
    argv = [sys.executable, "-m", "sandboxes.go.probe", str(folder)]
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(argv, cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired as fault:
        raise OSError("the builder does not answer") from fault
    if done.returncode:
        raise OSError(f"the builder does not work: {(done.stdout + done.stderr).strip()[-2000:]}")


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
                probe(build, warm, final)
                return ""
            except (OSError, ValueError) as fault:  # ValueError: a text that str.index did not find
                (warm / BUILDER).unlink(missing_ok=True)
                print(f"go: using the plain tools, programs will compile slower: {fault}", file=sys.stderr)
        plain_builder(goroot, build, warm)
        return " (plain tools)"
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(build)], check=False)
        shutil.rmtree(build)
