package ld

import (
	"cmd/compile/internal/zlink/loader"
	"cmd/compile/internal/zlink/sym"
	"cmd/internal/goobj"
)

var (
	// WarmPackages are loaded before Compile is called.
	WarmPackages []string
	// Compile makes the main package's object file. It returns only in a fork.
	Compile func()

	loaded = map[*sym.Library]bool{}
)

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
	loader.Warming = true
	ctxt.loader.LoadSyms(ctxt.Arch)
	loader.Warming = false
	Compile()
	*flagOutfile = "program"
	mayberemoveoutfile()
	ctxt.Out = NewOutBuf(ctxt.Arch)
	if err := ctxt.Out.Open(*flagOutfile); err != nil {
		Exitf("cannot create %s: %v", *flagOutfile, err)
	}
}
