package loader

import "cmd/compile/internal/zlink/sym"

var (
	placed    Bitmap
	notPlaced = goObjStart // objects before it are the base's
)

// Place says that symbols have an address already, in the base (0: it has not), and are no part of what is linked.
func (l *Loader) Place(addresses []int64) {
	if len(addresses) != l.NSym() {
		panic("the base is not of this builder")
	}
	notPlaced = len(l.objs)
	spare := l.NSym() / 4
	placed = MakeBitmap(l.NSym() + spare)
	l.values = make([]int64, l.NSym(), l.NSym()+spare)
	for s, address := range addresses {
		if address != 0 && !l.IsExternal(Sym(s)) {
			l.values[s] = address
			placed.Set(Sym(s))
		}
	}
	for i := range l.attrReachable { // all else is visited when it is reached, if it is defined by then
		l.attrReachable[i] &= placed[i]
	}
}

// redefine gives a symbol another definition: a larger one, or the only one with content. What was placed is linked anew.
func (l *Loader) redefine(s Sym, by objSym) {
	l.objSyms[s] = by
	if l.Placed(s) {
		placed.Unset(s)
		l.attrReachable.Unset(s)
		l.values[s] = 0
	}
}

// Placed says whether a symbol is in the base.
func (l *Loader) Placed(s Sym) bool { return int(s) < placed.Len() && placed.Has(s) }

// Reached says whether a symbol is in the base or in what is linked.
func (l *Loader) Reached(s Sym) bool { return l.AttrReachable(s) || l.Placed(s) }

// Unmark leaves only what has to be linked marked as reachable.
func (l *Loader) Unmark() {
	for i := range l.attrReachable {
		if i < len(placed) {
			l.attrReachable[i] &^= placed[i]
		}
	}
}

// Offset returns the address of a symbol of the base from the start of the linked text, or of its constants.
func (l *Loader) Offset(s Sym, text, constants *sym.Section) int64 {
	if l.SymType(s) == sym.STEXT {
		return l.SymValue(s) - int64(text.Vaddr)
	}
	return l.SymValue(s) - int64(constants.Vaddr)
}
