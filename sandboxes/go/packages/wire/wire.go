// Package wire is Go's codec of values.md, and the messages that carry the values. Both sides of the wall use it. A value
// is decoded by the Go type that it is to become; in an interface{} only the types of a closed list cross.
//
// A Reader panics with Broken or Refused: whoever reads a message recovers them.
package wire

import (
	"math"
	"reflect"
	"syscall"
)

const (
	maxBytes  = 64 << 20
	maxValues = 4_000_000
	maxDepth  = 200
	tooLarge  = "a value too large"
	tooDeep   = "a value nested too deep"
)

// Broken says what the other side sent that is no message, or no value of the wanted type.
type Broken string

// Refused is a value that the other side could not send: its type's name, and whether that says itself what it equals.
type Refused struct {
	Claims bool
	Kind   string
}

type unsendable string

// The types that cross in an interface{}, by their names.
var inInterfaces map[string]reflect.Type

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

// Writer writes one message after another. Bytes are those of the last, behind its length.
type Writer struct {
	Bytes  []byte
	values int
}

// Start begins a message of a kind.
func (w *Writer) Start(kind byte) { w.Bytes, w.values = append(w.Bytes[:0], 0, 0, 0, 0, kind), 0 }

// Byte writes a byte.
func (w *Writer) Byte(b byte) { w.Bytes = append(w.Bytes, b) }

// U32 writes a number.
func (w *Writer) U32(n uint32) { w.number(uint64(n), 4) }

// Text writes a text behind its length.
func (w *Writer) Text(text string) {
	if len(w.Bytes)+len(text) > maxBytes {
		panic(unsendable(tooLarge))
	}
	w.U32(uint32(len(text)))
	w.Bytes = append(w.Bytes, text...)
}

// Value writes what a pointer points to, or its refusal where it is too large or too deep.
func (w *Writer) Value(pointer any) {
	at := len(w.Bytes)
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case unsendable:
			w.Bytes = w.Bytes[:at]
			w.refuse(string(reason))
		default:
			panic(reason)
		}
	}()
	w.value(reflect.ValueOf(pointer).Elem(), 1)
}

// Send sends the message.
func (w *Writer) Send(fd int) error {
	size := len(w.Bytes) - 4
	w.Bytes[0], w.Bytes[1], w.Bytes[2], w.Bytes[3] = byte(size), byte(size>>8), byte(size>>16), byte(size>>24)
	return Write(fd, w.Bytes)
}

func (w *Writer) number(n uint64, bytes int) {
	for ; bytes > 0; bytes-- {
		w.Bytes = append(w.Bytes, byte(n))
		n >>= 8
	}
}

func (w *Writer) refuse(kind string) {
	w.Bytes = append(w.Bytes, 'X', 0)
	w.Text(kind)
}

func (w *Writer) value(v reflect.Value, depth int) {
	if depth > maxDepth {
		panic(unsendable(tooDeep))
	}
	if w.values++; w.values > maxValues || len(w.Bytes) > maxBytes-16 {
		panic(unsendable(tooLarge))
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			w.Byte('t')
		} else {
			w.Byte('f')
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.Byte('i')
		w.number(uint64(v.Int()), 8)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.unsigned(v.Uint())
	case reflect.Float64:
		w.Byte('d')
		w.number(math.Float64bits(v.Float()), 8)
	case reflect.Float32: // not by v.Float(): on its way through a float64 a NaN would lose its payload
		w.Byte('e')
		w.U32(math.Float32bits(v.Convert(reflect.TypeOf(float32(0))).Interface().(float32)))
	case reflect.String:
		w.Byte('b')
		w.Text(v.String())
	case reflect.Slice, reflect.Array:
		w.elements(v, depth)
	case reflect.Map:
		w.pairs(v, depth)
	case reflect.Interface:
		w.named(v, depth)
	default:
		w.refuse(v.Type().String())
	}
}

func (w *Writer) unsigned(n uint64) {
	if n > math.MaxInt64 {
		w.Byte('I')
		w.U32(9)
		w.number(n, 8)
		w.Byte(0)
		return
	}
	w.Byte('i')
	w.number(n, 8)
}

func (w *Writer) elements(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		w.Byte('n')
		return
	}
	w.Byte('l')
	w.U32(uint32(v.Len()))
	for i := 0; i < v.Len(); i++ {
		w.value(v.Index(i), depth+1)
	}
}

func (w *Writer) pairs(v reflect.Value, depth int) {
	if v.IsNil() {
		w.Byte('n')
		return
	}
	w.Byte('m')
	w.U32(uint32(v.Len()))
	for all := v.MapRange(); all.Next(); {
		w.value(all.Key(), depth+1)
		w.value(all.Value(), depth+1)
	}
}

func (w *Writer) named(v reflect.Value, depth int) {
	if v.IsNil() {
		w.Byte('n')
		return
	}
	kind := v.Elem().Type()
	name := kind.String()
	if known(name) != kind {
		w.refuse(name)
		return
	}
	w.Byte('k')
	w.Byte(byte(len(name)))
	w.Bytes = append(w.Bytes, name...)
	w.value(v.Elem(), depth+1)
}

// Reader reads one message. Rest is what is left of it.
type Reader struct {
	Rest   []byte
	values int
}

func (r *Reader) take(size int) []byte {
	if size < 0 || size > len(r.Rest) {
		panic(Broken("a value is cut short"))
	}
	taken := r.Rest[:size]
	r.Rest = r.Rest[size:]
	return taken
}

// Byte reads a byte.
func (r *Reader) Byte() byte { return r.take(1)[0] }

// U32 reads a number.
func (r *Reader) U32() uint32 { return uint32(r.number(4)) }

// Text reads a text behind its length.
func (r *Reader) Text() string { return string(r.take(int(r.U32()))) }

// End says that the message has to be over.
func (r *Reader) End() {
	if len(r.Rest) > 0 {
		panic(Broken("bytes behind the last value"))
	}
}

// Value reads a value into what a pointer points to.
func (r *Reader) Value(pointer any) { r.value(reflect.ValueOf(pointer).Elem(), 1) }

func (r *Reader) number(bytes int) (n uint64) {
	for i, b := range r.take(bytes) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

// count reads how many values there are; each takes a byte at least, and there must be as many left to have.
func (r *Reader) count(each int) int {
	n := int(r.U32())
	if n*each > len(r.Rest) {
		panic(Broken("more elements than bytes"))
	}
	if r.values+n*each > maxValues {
		panic(Broken(tooLarge))
	}
	return n
}

func (r *Reader) value(into reflect.Value, depth int) {
	if depth > maxDepth {
		panic(Broken(tooDeep))
	}
	if r.values++; r.values > maxValues {
		panic(Broken(tooLarge))
	}
	tag := r.Byte()
	if tag == 'X' {
		r.refusal()
	}
	fits := false
	switch into.Kind() {
	case reflect.Bool:
		fits = tag == 't' || tag == 'f'
		into.SetBool(tag == 't')
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if fits = tag == 'i'; fits {
			n := int64(r.number(8))
			fits = !into.OverflowInt(n)
			into.SetInt(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		var n uint64
		n, fits = r.unsigned(tag)
		fits = fits && !into.OverflowUint(n)
		into.SetUint(n)
	case reflect.Float64:
		if fits = tag == 'd'; fits {
			into.SetFloat(math.Float64frombits(r.number(8)))
		}
	case reflect.Float32:
		if fits = tag == 'e'; fits {
			*into.Addr().Interface().(*float32) = math.Float32frombits(r.U32())
		}
	case reflect.String:
		if fits = tag == 'b'; fits {
			into.SetString(r.Text())
		}
	case reflect.Slice, reflect.Array:
		fits = r.elements(tag, into, depth)
	case reflect.Map:
		fits = r.pairs(tag, into, depth)
	case reflect.Interface:
		fits = r.named(tag, into, depth)
	}
	if !fits {
		panic(Broken("a value that is no " + into.Type().String()))
	}
}

func (r *Reader) refusal() {
	claims := r.Byte()
	if claims > 1 {
		panic(Broken("claims is neither 0 nor 1"))
	}
	panic(Refused{claims == 1, r.Text()})
}

func (r *Reader) unsigned(tag byte) (uint64, bool) {
	if tag == 'I' && r.U32() == 9 {
		n := r.number(8)
		return n, r.Byte() == 0 && n > math.MaxInt64
	}
	if tag != 'i' {
		return 0, false
	}
	n := r.number(8)
	return n, n <= math.MaxInt64
}

func (r *Reader) elements(tag byte, into reflect.Value, depth int) bool {
	list := into.Kind() == reflect.Slice
	if tag == 'n' && list {
		into.Set(reflect.Zero(into.Type()))
		return true
	}
	if tag != 'l' {
		return false
	}
	count := r.count(1)
	if list {
		into.Set(reflect.MakeSlice(into.Type(), count, count))
	} else if count != into.Len() {
		return false
	}
	for i := 0; i < count; i++ {
		r.value(into.Index(i), depth+1)
	}
	return true
}

func (r *Reader) pairs(tag byte, into reflect.Value, depth int) bool {
	kind := into.Type()
	if tag == 'n' {
		into.Set(reflect.Zero(kind))
		return true
	}
	if tag != 'm' {
		return false
	}
	count := r.count(2)
	into.Set(reflect.MakeMap(kind))
	for ; count > 0; count-- {
		key, value := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
		r.value(key, depth+1)
		r.value(value, depth+1)
		if key.Kind() == reflect.Interface && !key.IsNil() && !key.Elem().Type().Comparable() {
			return false
		}
		into.SetMapIndex(key, value)
	}
	return true
}

func (r *Reader) named(tag byte, into reflect.Value, depth int) bool {
	if tag == 'n' {
		into.Set(reflect.Zero(into.Type()))
		return true
	}
	if tag != 'k' {
		return false
	}
	kind := known(string(r.take(int(r.Byte()))))
	if kind == nil {
		return false
	}
	value := reflect.New(kind).Elem()
	r.value(value, depth+1)
	into.Set(value)
	return true
}

// Receive returns the next message of a pipe; nil at its end.
func Receive(fd int) []byte {
	head := make([]byte, 4)
	if !Read(fd, head) {
		return nil
	}
	size := (&Reader{Rest: head}).U32()
	if size == 0 || size > maxBytes {
		panic(Broken("a message of no size or beyond the limit"))
	}
	message := make([]byte, size)
	if !Read(fd, message) {
		return nil
	}
	return message
}

// Read fills all of a buffer; false where the pipe ends before.
func Read(fd int, into []byte) bool {
	for len(into) > 0 {
		n, err := syscall.Read(fd, into)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return false
		}
		into = into[n:]
	}
	return true
}

// Write writes all of it.
func Write(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := syscall.Write(fd, data)
		if err == syscall.EINTR || err == syscall.EAGAIN {
			continue
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
