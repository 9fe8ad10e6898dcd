"""Builds the warm builder: the distribution's own compiler and linker in one process, from a changed copy of their source.

The changes concern when things are loaded, never what is compiled. Each is one exact replacement; where a toolchain's
source lacks the text this raises OSError (or ValueError, of str.index), and the plain twin is built instead
(`../build.py`, `../builder/plain.go`), which every test of Go is run with too. Written for Go 1.19, Debian 12's.

| what is changed | why |
| --- | --- |
| runtime: no monitor thread, no template thread, no network poller | only a process of one thread may fork and go on |
| linker: a copy below cmd/compile/internal; loading and the marking of what is reached begin before the fork (`link.go`) | most packages are the same for all programs |
| linker: what all programs share is linked once, into the base; a program is a second module that has only the rest (`link.go`, `loader.go`) | half of the time of a build |
| linker: a symbol that was external when the early packages were loaded may be defined by the program | it was not known before the fork |
| compiler: its main asks for its files once it has set itself up (`main.go`) | a fork begins there |
| compiler: rewrite rules of other processors are empty | half of the time that building it takes |
"""

import re
import shutil
from pathlib import Path

from sandboxes.go.tools import environment, go, write_analyzers

HERE = Path(__file__).resolve().parent
CHECKS = HERE.parent / "builder"
BUILDER = "builder"
BASE, ADDRESSES = "base", "base.addresses"  # what all programs share, and where its symbols are (`link.go`)


def change(file: Path, old: str, new: str, count: int = 1) -> None:
    """Replace exactly `count` occurrences of a text; OSError where the file is not as expected."""
    text = file.read_text()
    if text.count(old) != count:
        raise OSError(f"{file}: {text.count(old)} times {old!r}, expected {count}: this Go version is not supported")
    file.write_text(text.replace(old, new))


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
    shutil.copyfile(HERE / "link.go", new / "ld/warm.go")
    shutil.copyfile(HERE / "loader.go", new / "loader/warm.go")
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
        "\tl.growValues(l.NSym())\n\tloadedUpTo = len(l.objs)",
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
    link_against_base(new / "ld")


def link_against_base(linker: Path) -> None:
    """What the base has is not linked again: its symbols have their addresses (`link.go`)."""
    main, lib, data = linker / "main.go", linker / "lib.go", linker / "data.go"
    change(main, "\tdeadcode(ctxt)\n", "\tdeadcode(ctxt)\n\tctxt.loader.Unmark()\n")
    change(main, "\tasmb(ctxt)\n", "\tpin(ctxt)\n\tasmb(ctxt)\n")
    change(main, "\tasmb2(ctxt)\n", "\tfinish(ctxt)\n")
    change(lib, 'LookupOrCreateSym("runtime.firstmoduledata", 0)', "LookupOrCreateSym(moduleName(), 0)")
    # Nearly no program looks at the profile of its memory; with the base it would be kept for all.
    change(lib, "memProfile != 0 && !ctxt.loader.AttrReachable(memProfile) &&", "memProfile != 0 &&")
    # The linker writes data in blocks, each up to the next symbol: behind a program's last data there may be none but that
    # of the thread, whose value is an offset. The runtime has variables that begin as zero, but in the base.
    change(data, "if length == 0 || length > lastAddr-addr {", "if length <= 0 || length > lastAddr-addr {")
    change(data, "\tSegdata.Vaddr = va\n", "\tva, head := dataStart(va)\n\tSegdata.Vaddr = va\n\tva += head\n")
    text = data.read_text()
    start = text.index("func (st *relocSymState) relocsym(")
    end = text.index("\n}\n", start)
    body = text[start:end].replace("ldr.AttrReachable(rs)", "ldr.Reached(rs)")
    data.write_text(text[:start] + body + text[end:])
    change(
        data,
        '\t\t\tif ldr.SymSect(rs) == nil {\n\t\t\t\tst.err.Errorf(s, "unreachable sym',
        "\t\t\tif ldr.Placed(rs) {\n"
        "\t\t\t\to = ldr.Offset(rs, Segtext.Sections[0], Segrodata.Sections[0]) + r.Add()\n\t\t\t\tbreak\n\t\t\t}\n"
        '\t\t\tif ldr.SymSect(rs) == nil {\n\t\t\t\tst.err.Errorf(s, "unreachable sym',
    )
    nothing_to_do = (
        "\t\tif !ldr.AttrReachable(s) {\n\t\t\tcontinue\n\t\t}\n"  # said first, for most symbols are the base's
    )
    looped = "\tfor s := loader.Sym(1); s < nsym; s++ {\n"
    change(linker / "symtab.go", looped, looped + nothing_to_do)
    loader = linker.parent / "loader/loader.go"
    change(
        loader,
        "\tfor _, o := range l.objs[goObjStart:] {\n\t\tr := o.r\n\t\tlib :=",
        "\tfor _, o := range l.objs[notPlaced:] {\n\t\tr := o.r\n\t\tlib :=",
    )
    text, found = re.subn(
        r"l\.objSyms\[(s\.sym|oldi)\] = (objSym\{r\.objidx, li\})", r"l.redefine(\1, \2)", loader.read_text()
    )
    if found != 4:  # three, and one of change_linker's
        raise OSError(f"{loader}: {found} redefinitions, expected 4: this Go version is not supported")
    loader.write_text(text)
    change(linker / "pcln.go", "outer != gofunc {", "outer != gofunc && !ldr.Placed(fdsym) {")


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
    for file in (HERE / "main.go", CHECKS / "check.go", CHECKS / "vet.go"):
        (compiler / file.name).write_text(
            file.read_text()
            .replace("internal/ARCH", f"internal/{arch}")
            .replace("zlink/ARCH", f"zlink/{arch}")
            .replace("ARCH.Init", f"{arch}.Init")
            .replace('"ANALYZERS"', '"cmd/compile/internal/analyzers"')
        )
    shutil.copyfile(HERE.parents[1] / "box.c", compiler / "box.c")


def drop_other_processors(source: Path, arch: str) -> None:
    """Empty the rewrite rules of processors that the builder never compiles for: most of its building time."""
    for file in (source / "cmd/compile/internal/ssa").glob("rewrite[A-Z0-9]*.go"):
        if file.stem[len("rewrite") :].upper().startswith(arch.upper()):
            continue
        heads = re.findall(
            r"^func rewrite(?:Block|Value)[A-Za-z0-9]+\(\w+ \*\w+\) bool \{$", file.read_text(), flags=re.M
        )
        file.write_text("package ssa\n\n" + "".join(f'{head}\n\tpanic("not built")\n}}\n\n' for head in heads))


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
