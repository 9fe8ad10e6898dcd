// Package wire is what Go's codec of values.md is made of, and the messages that carry values. Both sides of the wall use
// it. The common types are read and written here; all others by package reflected, which puts itself into Others, so that
// most programs need not link it.
//
// A Reader panics with Broken or Refused: whoever reads a message recovers them.
package wire

import (
	"math"
	"syscall"
)

const (
	maxBytes  = 64 << 20
	maxValues = 4_000_000
	MaxDepth  = 200
	TooLarge  = "a value too large"
	TooDeep   = "a value nested too deep"
)

// Broken says what the other side sent that is no message, or no value of the wanted type.
type Broken string

// Refused is a value that the other side could not send: its type's name, and whether that says itself what it equals.
type Refused struct {
	Claims bool
	Kind   string
}

// Unsendable is what a Writer panics with where a value breaks a limit.
type Unsendable string

// Others reads and writes what pointers of other types point to.
var Others struct {
	Write func(w *Writer, pointer any)
	Read  func(r *Reader, pointer any)
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
func (w *Writer) U32(n int) { w.Number(uint64(n), 4) }

// Number writes the low bytes of a number.
func (w *Writer) Number(n uint64, bytes int) {
	for ; bytes > 0; bytes-- {
		w.Bytes = append(w.Bytes, byte(n))
		n >>= 8
	}
}

// Text writes a text behind its length.
func (w *Writer) Text(text string) {
	if len(w.Bytes)+len(text) > maxBytes {
		panic(Unsendable(TooLarge))
	}
	w.U32(len(text))
	w.Bytes = append(w.Bytes, text...)
}

// Tag begins a value.
func (w *Writer) Tag(tag byte) {
	if w.values++; w.values > maxValues || len(w.Bytes) > maxBytes-16 {
		panic(Unsendable(TooLarge))
	}
	w.Byte(tag)
}

// Refuse writes that a value cannot be sent.
func (w *Writer) Refuse(kind string) {
	w.Byte('X')
	w.Byte(0)
	w.Text(kind)
}

// Bool writes a value, as do the methods below.
func (w *Writer) Bool(b bool) {
	if b {
		w.Tag('t')
	} else {
		w.Tag('f')
	}
}

func (w *Writer) Int(n int64) {
	w.Tag('i')
	w.Number(uint64(n), 8)
}

func (w *Writer) Float(f float64) {
	w.Tag('d')
	w.Number(math.Float64bits(f), 8)
}

func (w *Writer) String(text string) {
	w.Tag('b')
	w.Text(text)
}

// Value writes what a pointer points to, or its refusal where it is too large or too deep.
func (w *Writer) Value(pointer any) {
	at := len(w.Bytes)
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case Unsendable:
			w.Bytes = w.Bytes[:at]
			w.Refuse(string(reason))
		default:
			panic(reason)
		}
	}()
	switch p := pointer.(type) {
	case *bool:
		w.Bool(*p)
	case *int:
		w.Int(int64(*p))
	case *float64:
		w.Float(*p)
	case *string:
		w.String(*p)
	case *[]bool:
		write(w, *p, w.Bool)
	case *[]int:
		write(w, *p, w.int)
	case *[]float64:
		write(w, *p, w.Float)
	case *[]string:
		write(w, *p, w.String)
	case *[][]int:
		write(w, *p, func(row []int) { write(w, row, w.int) })
	case *[2]int:
		write(w, p[:], w.int)
	default:
		Others.Write(w, pointer)
	}
}

func (w *Writer) int(n int) { w.Int(int64(n)) }

func write[T any](w *Writer, list []T, one func(T)) {
	if list == nil {
		w.Tag('n')
		return
	}
	w.Tag('l')
	w.U32(len(list))
	for _, each := range list {
		one(each)
	}
}

// Send sends the message.
func (w *Writer) Send(fd int) error {
	size := len(w.Bytes) - 4
	w.Bytes[0], w.Bytes[1], w.Bytes[2], w.Bytes[3] = byte(size), byte(size>>8), byte(size>>16), byte(size>>24)
	return Write(fd, w.Bytes)
}

// Reader reads one message. Rest is what is left of it.
type Reader struct {
	Rest   []byte
	values int
}

// Take reads bytes.
func (r *Reader) Take(size int) []byte {
	if size > len(r.Rest) {
		panic(Broken("a value is cut short"))
	}
	taken := r.Rest[:size]
	r.Rest = r.Rest[size:]
	return taken
}

// Byte reads a byte.
func (r *Reader) Byte() byte { return r.Take(1)[0] }

// U32 reads a number.
func (r *Reader) U32() int { return int(r.Number(4)) }

// Number reads a number of some bytes.
func (r *Reader) Number(bytes int) (n uint64) {
	for i, b := range r.Take(bytes) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

// Text reads a text behind its length.
func (r *Reader) Text() string { return string(r.Take(r.U32())) }

// End says that the message has to be over.
func (r *Reader) End() {
	if len(r.Rest) > 0 {
		panic(Broken("bytes behind the last value"))
	}
}

// Count reads how many values there are; each takes a byte at least, and there must be as many left to have.
func (r *Reader) Count(each int) int {
	n := r.U32()
	if n*each > len(r.Rest) {
		panic(Broken("more elements than bytes"))
	}
	if r.values+n*each > maxValues {
		panic(Broken(TooLarge))
	}
	return n
}

// Tag reads the beginning of a value. It panics where the other side refused to send one.
func (r *Reader) Tag() byte {
	if r.values++; r.values > maxValues {
		panic(Broken(TooLarge))
	}
	tag := r.Byte()
	if tag == 'X' {
		claims := r.Byte()
		if claims > 1 {
			panic(Broken("claims is neither 0 nor 1"))
		}
		panic(Refused{claims == 1, r.Text()})
	}
	return tag
}

func (r *Reader) want(tag byte, kind string) {
	if r.Tag() != tag {
		panic(Broken("a value that is no " + kind))
	}
}

// Bool reads a value, as do the methods below.
func (r *Reader) Bool() bool {
	tag := r.Tag()
	if tag != 't' && tag != 'f' {
		panic(Broken("a value that is no bool"))
	}
	return tag == 't'
}

func (r *Reader) Int() int64 {
	r.want('i', "integer")
	return int64(r.Number(8))
}

func (r *Reader) Float() float64 {
	r.want('d', "float64")
	return math.Float64frombits(r.Number(8))
}

func (r *Reader) String() string {
	r.want('b', "string")
	return r.Text()
}

// Value reads a value into what a pointer points to.
func (r *Reader) Value(pointer any) {
	switch p := pointer.(type) {
	case *bool:
		*p = r.Bool()
	case *int:
		*p = r.int()
	case *float64:
		*p = r.Float()
	case *string:
		*p = r.String()
	case *[]bool:
		*p = read(r, r.Bool)
	case *[]int:
		*p = read(r, r.int)
	case *[]float64:
		*p = read(r, r.Float)
	case *[]string:
		*p = read(r, r.String)
	case *[][]int:
		*p = read(r, func() []int { return read(r, r.int) })
	case *[2]int:
		list := read(r, r.int)
		if len(list) != 2 {
			panic(Broken("a value that is no [2]int"))
		}
		*p = [2]int{list[0], list[1]}
	default:
		Others.Read(r, pointer)
	}
}

func (r *Reader) int() int {
	n := r.Int()
	if int64(int(n)) != n {
		panic(Broken("a value that is no int"))
	}
	return int(n)
}

func read[T any](r *Reader, one func() T) []T {
	switch r.Tag() {
	case 'n':
		return nil
	case 'l':
		list := make([]T, r.Count(1))
		for i := range list {
			list[i] = one()
		}
		return list
	}
	panic(Broken("a value that is no slice"))
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
