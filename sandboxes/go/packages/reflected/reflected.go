// Package reflected reads and writes values of every type that crosses the wall, each by the Go type that it has. In an
// interface{} only the types of a closed list cross, by their names.
package reflected

import (
	"internal/wire"
	"math"
	"reflect"
)

// The types that cross in an interface{}, by their names.
var inInterfaces map[string]reflect.Type

func init() {
	wire.Others.Write = func(w *wire.Writer, pointer any) { write(w, reflect.ValueOf(pointer).Elem(), 1) }
	wire.Others.Read = func(r *wire.Reader, pointer any) { read(r, reflect.ValueOf(pointer).Elem(), 1) }
}

func known(name string) reflect.Type {
	if inInterfaces == nil {
		inInterfaces = map[string]reflect.Type{}
		family[bool]()
		family[string]()
		family[int]()
		family[int8]()
		family[int16]()
		family[int32]()
		family[int64]()
		family[uint]()
		family[uint8]()
		family[uint16]()
		family[uint32]()
		family[uint64]()
		family[float32]()
		family[float64]()
		family[any]()
		list(map[any]any{}, []map[string]any{}, [2]any{}, [2]int{}, [3]int{}, [2]string{}, [2]float64{})
	}
	return inInterfaces[name]
}

func family[T any]() {
	var zero T
	list(zero, []T{}, [][]T{}, map[string]T{}, map[int]T{}, map[int32]T{}, map[float64]T{})
}

func list(values ...any) {
	for _, value := range values {
		if kind := reflect.TypeOf(value); kind != nil {
			inInterfaces[kind.String()] = kind
		}
	}
}

func write(w *wire.Writer, v reflect.Value, depth int) {
	if depth > wire.MaxDepth {
		panic(wire.Unsendable(wire.TooDeep))
	}
	switch v.Kind() {
	case reflect.Bool:
		w.Bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.Int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		writeUnsigned(w, v.Uint())
	case reflect.Float64:
		w.Float(v.Float())
	case reflect.Float32: // not by v.Float(): on its way through a float64 a NaN would lose its payload
		w.Tag('e')
		w.Number(uint64(math.Float32bits(v.Interface().(float32))), 4)
	case reflect.String:
		w.String(v.String())
	case reflect.Slice, reflect.Array:
		writeElements(w, v, depth)
	case reflect.Map:
		writePairs(w, v, depth)
	case reflect.Interface:
		writeNamed(w, v, depth)
	default:
		w.Refuse(v.Type().String())
	}
}

func writeUnsigned(w *wire.Writer, n uint64) {
	if n <= math.MaxInt64 {
		w.Int(int64(n))
		return
	}
	w.Tag('I')
	w.U32(9)
	w.Number(n, 8)
	w.Byte(0)
}

func writeElements(w *wire.Writer, v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		w.Tag('n')
		return
	}
	w.Tag('l')
	w.U32(v.Len())
	for i := 0; i < v.Len(); i++ {
		write(w, v.Index(i), depth+1)
	}
}

func writePairs(w *wire.Writer, v reflect.Value, depth int) {
	if v.IsNil() {
		w.Tag('n')
		return
	}
	w.Tag('m')
	w.U32(v.Len())
	for all := v.MapRange(); all.Next(); {
		write(w, all.Key(), depth+1)
		write(w, all.Value(), depth+1)
	}
}

func writeNamed(w *wire.Writer, v reflect.Value, depth int) {
	if v.IsNil() {
		w.Tag('n')
		return
	}
	kind := v.Elem().Type()
	name := kind.String()
	if known(name) != kind {
		w.Refuse(name)
		return
	}
	w.Tag('k')
	w.Byte(byte(len(name)))
	w.Bytes = append(w.Bytes, name...)
	write(w, v.Elem(), depth+1)
}

func read(r *wire.Reader, into reflect.Value, depth int) {
	if depth > wire.MaxDepth {
		panic(wire.Broken(wire.TooDeep))
	}
	tag, fits := r.Tag(), false
	switch into.Kind() {
	case reflect.Bool:
		fits = tag == 't' || tag == 'f'
		into.SetBool(tag == 't')
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if fits = tag == 'i'; fits {
			n := int64(r.Number(8))
			fits = !into.OverflowInt(n)
			into.SetInt(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		var n uint64
		n, fits = readUnsigned(r, tag)
		fits = fits && !into.OverflowUint(n)
		into.SetUint(n)
	case reflect.Float64:
		if fits = tag == 'd'; fits {
			into.SetFloat(math.Float64frombits(r.Number(8)))
		}
	case reflect.Float32:
		if fits = tag == 'e'; fits {
			*into.Addr().Interface().(*float32) = math.Float32frombits(uint32(r.Number(4)))
		}
	case reflect.String:
		if fits = tag == 'b'; fits {
			into.SetString(r.Text())
		}
	case reflect.Slice, reflect.Array:
		fits = readElements(r, tag, into, depth)
	case reflect.Map:
		fits = readPairs(r, tag, into, depth)
	case reflect.Interface:
		fits = readNamed(r, tag, into, depth)
	}
	if !fits {
		panic(wire.Broken("a value that is no " + into.Type().String()))
	}
}

func readUnsigned(r *wire.Reader, tag byte) (uint64, bool) {
	if tag == 'I' && r.U32() == 9 {
		n := r.Number(8)
		return n, r.Byte() == 0 && n > math.MaxInt64
	}
	if tag != 'i' {
		return 0, false
	}
	n := r.Number(8)
	return n, n <= math.MaxInt64
}

func readElements(r *wire.Reader, tag byte, into reflect.Value, depth int) bool {
	slice := into.Kind() == reflect.Slice
	if tag == 'n' && slice {
		into.Set(reflect.Zero(into.Type()))
		return true
	}
	if tag != 'l' {
		return false
	}
	count := r.Count(1)
	if slice {
		into.Set(reflect.MakeSlice(into.Type(), count, count))
	} else if count != into.Len() {
		return false
	}
	for i := 0; i < count; i++ {
		read(r, into.Index(i), depth+1)
	}
	return true
}

func readPairs(r *wire.Reader, tag byte, into reflect.Value, depth int) bool {
	kind := into.Type()
	if tag == 'n' {
		into.Set(reflect.Zero(kind))
		return true
	}
	if tag != 'm' {
		return false
	}
	count := r.Count(2)
	into.Set(reflect.MakeMap(kind))
	for ; count > 0; count-- {
		key, value := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
		read(r, key, depth+1)
		read(r, value, depth+1)
		if key.Kind() == reflect.Interface && !key.IsNil() && !key.Elem().Type().Comparable() {
			return false
		}
		into.SetMapIndex(key, value)
	}
	return true
}

func readNamed(r *wire.Reader, tag byte, into reflect.Value, depth int) bool {
	if tag == 'n' {
		into.Set(reflect.Zero(into.Type()))
		return true
	}
	if tag != 'k' {
		return false
	}
	kind := known(string(r.Take(int(r.Byte()))))
	if kind == nil {
		return false
	}
	value := reflect.New(kind).Elem()
	read(r, value, depth+1)
	into.Set(value)
	return true
}
