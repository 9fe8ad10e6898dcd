package ld

import (
	"cmd/compile/internal/zlink/loader"
	"cmd/compile/internal/zlink/sym"
	"cmd/internal/goobj"
	"cmd/internal/sys"
	"debug/elf"
	"encoding/binary"
	"os"
)

// The base is an executable of all WarmPackages and no main: linked once, when the toolchain is prepared, and mapped by every
// program as its ELF interpreter, which starts it. A program has only what the base has not, as a second module of Go's
// runtime: text and constants below the base (offsets from them to the base's are positive), data above.
const (
	baseAt   = 0x4000000
	dataAt   = 0x8000000 // begins with what the base looks for: the module, its initialisation, its main
	initAt   = dataAt + 0x300
	mainAt   = dataAt + 0x340
	mapAt    = dataAt + 0x380 // an empty map
	headSize = 0x400
)

var (
	// WarmPackages are loaded before Compile is called.
	WarmPackages []string
	// Base is the path of the base.
	Base string
	// Compile makes the main package's object file. It returns only in a fork. Where it is nil the base is linked.
	Compile func()

	loaded   = map[*sym.Library]bool{}
	machines = map[sys.ArchFamily]elf.Machine{sys.AMD64: elf.EM_X86_64, sys.ARM64: elf.EM_AARCH64}
	early    *deadcodePass
	known    int // symbols before the fork
)

func loadOnce(ctxt *Link, lib *sym.Library) {
	if !loaded[lib] {
		loaded[lib] = true
		loadobjfile(ctxt, lib)
	}
}

// warm loads the packages of the base, then waits for a program. ctxt.Library[0] is the main package.
func warm(ctxt *Link) {
	for _, name := range WarmPackages {
		addlib(ctxt, "warm", "warm", name, goobj.FingerprintType{})
	}
	for i := 1; i < len(ctxt.Library); i++ {
		loadOnce(ctxt, ctxt.Library[i])
	}
	loadinternal(ctxt, "runtime")
	for i := 1; i < len(ctxt.Library); i++ {
		loadOnce(ctxt, ctxt.Library[i])
	}
	ctxt.loader.LoadSyms(ctxt.Arch)
	ctxt.Loaded = true
	early = &deadcodePass{ctxt: ctxt, ldr: ctxt.loader}
	early.init()
	for s := 1; s < ctxt.loader.NDef(); s++ {
		early.mark(loader.Sym(s), 0)
	}
	early.flood()
	early.markableMethods = nil // all of them are marked
	ctxt.Loaded = false
	if Compile == nil {
		loaded[ctxt.Library[0]] = true
		*FlagTextAddr += baseAt
		known = ctxt.loader.NSym()
		absolute(ctxt, "main..inittask")
		absolute(ctxt, "runtime.main_main·f")
		return
	}
	ctxt.loader.Place(addresses())
	Compile()
	*flagOutfile = "program"
	mayberemoveoutfile()
	ctxt.Out = NewOutBuf(ctxt.Arch)
	if err := ctxt.Out.Open(*flagOutfile); err != nil {
		Exitf("cannot create %s: %v", *flagOutfile, err)
	}
}

// absolute makes a symbol one that is in no section. Its value is set when the others have theirs.
func absolute(ctxt *Link, name string) {
	u := ctxt.loader.CreateSymForUpdate(name, 0)
	u.SetType(sym.STEXT)
	u.SetSize(0)
	u.ResetRelocs()
}

// markedEarly returns the pass that began before the fork, now that the main package is known.
func markedEarly(ctxt *Link) *deadcodePass {
	if Compile != nil {
		early.mark(ctxt.loader.Lookup("main.main", abiInternalVer), 0)
		early.mark(ctxt.loader.Lookup("main..inittask", 0), 0)
	}
	return early
}

// moduleName names the symbol that describes the module being linked.
func moduleName() string {
	if Compile == nil {
		return "runtime.firstmoduledata"
	}
	return "local.moduledata"
}

// dataStart returns where the data segment begins, and how much of it is the head.
func dataStart(after uint64) (uint64, uint64) {
	if Compile == nil {
		return after, 0
	}
	return dataAt, headSize
}

// pin sets what depends on where all of the program is, before relocations are resolved.
func pin(ctxt *Link) {
	ldr := ctxt.loader
	if Compile != nil { // offsets from a program's types may lead to the base's
		ldr.SetSymValue(ldr.Lookup("runtime.etypes", 0), dataAt)
		return
	}
	ldr.SetSymValue(ldr.Lookup("main..inittask", 0), initAt)
	ldr.SetSymValue(ldr.Lookup("runtime.main_main·f", 0), mainAt)
	first, last := ldr.MakeSymbolUpdater(ctxt.Moduledata), ldr.MakeSymbolUpdater(ldr.Lookup("runtime.lastmoduledatap", 0))
	first.SetUint(ctxt.Arch, first.Size()-8, dataAt) // next, its last field
	// The runtime looks for equal types in all modules but the last, which is the first without a main. There are none.
	first.SetUint8(ctxt.Arch, first.Size()-64, 0)    // hasmain
	first.SetUint(ctxt.Arch, first.Size()-24, mapAt) // typemap: known to be empty
	last.ResetRelocs()
	last.SetUint(ctxt.Arch, 0, dataAt)
	var values []byte
	for s := 0; s < known; s++ {
		value := ldr.SymValue(loader.Sym(s))
		if value < baseAt || value >= dataAt || !ldr.AttrReachable(loader.Sym(s)) {
			value = 0
		}
		values = binary.LittleEndian.AppendUint32(values, uint32(value))
	}
	if err := os.WriteFile(Base+".addresses", values, 0o644); err != nil {
		Exitf("%v", err)
	}
}

// addresses reads where the base has each symbol, 0 for nowhere.
func addresses() (values []int64) {
	text, err := os.ReadFile(Base + ".addresses")
	if err != nil {
		Exitf("%v", err)
	}
	for ; len(text) > 0; text = text[4:] {
		values = append(values, int64(binary.LittleEndian.Uint32(text)))
	}
	return values
}

// finish writes what is around a program's segments: the head of its data, and the file's header.
func finish(ctxt *Link) {
	if Compile == nil {
		asmb2(ctxt)
		return
	}
	ldr, order, file := ctxt.loader, binary.LittleEndian, ctxt.Out.Data()
	data := file[Segdata.Fileoff:]
	at := ldr.SymValue(ctxt.Moduledata) - int64(Segdata.Vaddr)
	copy(data, data[at:at+ldr.SymSize(ctxt.Moduledata)])
	order.PutUint64(data[initAt-dataAt+8:], 1) // one dependence, no function of its own
	order.PutUint64(data[initAt-dataAt+24:], uint64(ldr.SymValue(ldr.Lookup("main..inittask", 0))))
	order.PutUint64(data[mainAt-dataAt:], uint64(ldr.SymValue(ldr.Lookup("main.main", abiInternalVer))))

	headers := []elf.Prog64{{Type: uint32(elf.PT_INTERP), Off: 0x400, Filesz: uint64(len(Base) + 1), Flags: 4}}
	for _, each := range []*sym.Segment{&Segtext, &Segrodata, &Segdata} {
		headers = append(headers, elf.Prog64{
			Type: uint32(elf.PT_LOAD), Flags: uint32(each.Rwx), Off: each.Fileoff, Vaddr: each.Vaddr, Paddr: each.Vaddr,
			Filesz: each.Filelen, Memsz: each.Length, Align: uint64(*FlagRound),
		})
	}
	headers = append(headers, elf.Prog64{Type: uint32(elf.PT_GNU_STACK), Flags: 6})
	ctxt.Out.SeekSet(0)
	binary.Write(ctxt.Out, order, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(elf.ET_EXEC), Machine: uint16(machines[ctxt.Arch.Family]), Version: 1,
		Entry: Segtext.Vaddr, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: uint16(len(headers)), Shentsize: 64,
	})
	binary.Write(ctxt.Out, order, headers)
	copy(file[0x400:], Base+"\x00")
}
