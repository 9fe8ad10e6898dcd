package loader

// Warming is set while packages are loaded before any program is known. A name that none of them defines then
// may yet be defined by the program, so that reference is left open.
var Warming bool

type openReference struct {
	r     *oReader
	index uint32
	name  string
	ver   int
}

var (
	keptState  *loadState
	loadedUpTo = goObjStart
	open       []openReference
)

func postpone(l *Loader, r *oReader, index uint32, name string, ver int) bool {
	if !Warming || l.Lookup(name, ver) != 0 {
		return false
	}
	open = append(open, openReference{r, index, name, ver})
	return true
}

// settle resolves the open references once everything is loaded.
func settle(l *Loader) {
	if Warming {
		return
	}
	for _, ref := range open {
		gi := l.LookupOrCreateSym(ref.name, ref.ver)
		ref.r.syms[ref.index] = gi
		osym := ref.r.Sym(ref.index)
		if osym.Local() {
			l.SetAttrLocal(gi, true)
		}
		if osym.UsedInIface() {
			l.SetAttrUsedInIface(gi, true)
		}
	}
	open = nil
	l.values = append(make([]int64, 0, l.NSym()+1000), make([]int64, l.NSym())...)
}
