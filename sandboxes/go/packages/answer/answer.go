// Package answer is the candidate's side of the wall: it answers the calls of the tests, until they end. What a program
// does to this code it does to itself: it can only answer.
package answer

import (
	"internal/wire"
	"runtime"
	"strconv"
)

const (
	questions, answers      = 3, 4
	textBytes, traceBytes   = 1000, 2000
	saysWhatArgumentsAreNow = 1
)

// Go's own types under names that a program cannot declare anew in its package.
type (
	Bool    = bool
	String  = string
	Byte    = byte
	Rune    = rune
	Any     = any
	Int     = int
	Int8    = int8
	Int16   = int16
	Int32   = int32
	Int64   = int64
	Uint    = uint
	Uint8   = uint8
	Uint16  = uint16
	Uint32  = uint32
	Uint64  = uint64
	Float32 = float32
	Float64 = float64
)

// Call is one question, while it is answered.
type Call struct {
	question wire.Reader
	number   int
	given    []any
	sent     []byte // the arguments as they came
	flags    byte
}

var writer wire.Writer

// Serve answers calls of the functions until there are none; then the program ends as its main returns.
func Serve(functions ...func(*Call)) {
	writer.Start('R')
	writer.Send(answers)
	for {
		message := wire.Receive(questions)
		if message == nil {
			return
		}
		call := &Call{question: wire.Reader{Rest: message[1:]}}
		call.number = call.question.U32()
		function := functions[call.question.U32()]
		call.flags = call.question.Byte()
		call.question.U32()
		call.sent = call.question.Rest
		call.run(function)
	}
}

// run calls the function; what it throws is the answer.
func (c *Call) run(function func(*Call)) {
	returned := false
	defer func() {
		if !returned {
			c.threw(recover())
		}
	}()
	function(c)
	returned = true
}

// Take reads the arguments into what the pointers point to.
func (c *Call) Take(arguments ...any) {
	for _, pointer := range arguments {
		c.question.Value(pointer)
	}
	c.given = arguments
}

// Give answers with results, and with the arguments where they are asked for and changed.
func (c *Call) Give(results ...any) {
	writer.Start('V')
	writer.U32(c.number)
	switch len(results) {
	case 0:
		writer.Byte('n')
	case 1:
		writer.Value(results[0])
	default:
		writer.Byte('p')
		writer.U32(len(results))
		for _, pointer := range results {
			writer.Value(pointer)
		}
	}
	if now := c.now(); len(now) > 0 && string(now) != string(c.sent) {
		writer.U32(len(c.given))
		writer.Bytes = append(writer.Bytes, now...)
	} else {
		writer.U32(0)
	}
	writer.Send(answers)
}

func (c *Call) now() []byte {
	var now wire.Writer
	if c.flags&saysWhatArgumentsAreNow != 0 {
		for _, pointer := range c.given {
			now.Value(pointer)
		}
	}
	return now.Bytes
}

func (c *Call) threw(reason any) {
	kind, text := "value", "a value that is neither a text, an integer nor an error"
	switch said := reason.(type) {
	case nil:
		text = "panic(nil) or runtime.Goexit"
	case error:
		kind, text = "error", said.Error()
	case string:
		kind, text = "string", said
	case int:
		kind, text = "int", strconv.Itoa(said)
	case interface{ String() string }:
		text = said.String()
	}
	trace := make([]byte, traceBytes)
	trace = trace[:runtime.Stack(trace, false)]
	writer.Start('T')
	writer.U32(c.number)
	writer.Byte(0) // a program of Go's ends where an allocation fails
	writer.Text(cut(kind))
	writer.Text(cut(text))
	writer.Text(string(trace))
	writer.Send(answers)
}

func cut(text string) string {
	if len(text) > textBytes {
		return text[:textBytes]
	}
	return text
}
