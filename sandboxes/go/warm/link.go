package ld

import (
	"cmd/compile/internal/zlink/sym"
	"cmd/internal/goobj"
)

var (
	// WarmPackages are loaded before Compile is called.
	WarmPackages []string
	// Compile makes the main package's object file. It returns only in a fork.
	Compile func()

	loaded = map[*sym.Library]bool{}
	early  *deadcodePass
)

// everywhere names what every program of a candidate's reaches, beside what the runtime reaches by itself.
var everywhere = []string{answer + ".inittask", answer + "Serve", answer + "(*Call).Take", answer + "(*Call).Give"}

const answer = "internal/answer."

func loadOnce(ctxt *Link, lib *sym.Library) {
	if !loaded[lib] {
		loaded[lib] = true
		loadobjfile(ctxt, lib)
	}
}

// warm loads the packages most programs need, then waits for a program. ctxt.Library[0] is the main package.
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
	for _, name := range everywhere {
		early.markName(name)
	}
	early.flood()
	ctxt.Loaded = false
	Compile()
	*flagOutfile = "program"
	mayberemoveoutfile()
	ctxt.Out = NewOutBuf(ctxt.Arch)
	if err := ctxt.Out.Open(*flagOutfile); err != nil {
		Exitf("cannot create %s: %v", *flagOutfile, err)
	}
}

func (d *deadcodePass) markName(name string) {
	for _, version := range []int{0, abiInternalVer} {
		if s := d.ldr.Lookup(name, version); s != 0 {
			d.ldr.SetAttrReachable(s, false) // what was undefined when it was reached is visited again
			d.mark(s, 0)
		}
	}
}

// markedEarly returns the pass that began before the fork, now that the main package is known.
func markedEarly(*Link) *deadcodePass {
	early.markName("main.main")
	early.markName("main..inittask")
	return early
}
