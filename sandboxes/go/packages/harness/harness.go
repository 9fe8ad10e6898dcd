// Package harness is the tests' side of the wall: what a stub calls, the count of checks, the report. Trusted code alone runs
// in its process.
package harness

import (
	_ "internal/reflected"
	"internal/wire"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

const (
	secretFd, reportFd = 3, 4
	tokenBytes         = 32
	record             = 2 // a flag; the other one, to go on after a failed check, asks for what testify does anyway
	mostRecorded       = 128 << 20
	mostShown          = 16 << 10 // bytes of an answer; what is larger is not kept for the text of a failed check: a program could tell
	above              = 32 // descriptors of our own are above this; for one above 63 a process with threads waits 10 ms (the kernel's larger table)
)

var (
	lock               sync.Mutex
	begun              bool
	answers, questions int
	tokens             [2]string // of `done` and `fault`, and of any other event
	flags              byte
	recorded           int // bytes
	writer             wire.Writer
	number             int
	last               *call // where its answer is not large
	size               int   // of the last answer, in bytes
	checks, failures   int
	about              func() string // of the first check that failed
	late               []func()
	// Source is the text of the tests.
	Source string
	// Sprintf formats the messages of t.Errorf and its like; the generated main sets it to fmt's only where tests use
	// them, so that others need not link fmt.
	Sprintf = func(format string, values ...any) string { return format }
	Sprint  = func(values ...any) string { return "" }
)

// call is what is known of the last call of the candidate.
type call struct {
	given, results []any // pointers
	returned       bool
}

// Thrown is what a function of the candidate's panicked with.
type Thrown struct {
	Kind, Text, Trace string
	Memory            bool
}

func (t Thrown) Error() string { return t.Text }

// Begin takes the descriptors and the secret, and waits until the candidate is ready.
func Begin() {
	lock.Lock()
	defer lock.Unlock()
	if begun {
		return
	}
	begun = true
	secret := make([]byte, 2*tokenBytes+2)
	if !wire.Read(secretFd, secret) {
		syscall.Exit(125)
	}
	tokens = [2]string{string(secret[:tokenBytes]), string(secret[tokenBytes : 2*tokenBytes])}
	flags = secret[2*tokenBytes] - '0'
	answers, questions = lifted(0), lifted(1)
	null, err := syscall.Open("/dev/null", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		report("fault", err.Error())
	}
	syscall.Dup3(null, 0, 0)
	syscall.Dup3(2, 1, 0)
	defer told()
	switch first := answer(); first.Byte() {
	case 'R':
		first.End()
	case 'E':
		report("compile", first.Text())
	case 'T':
		if first.U32() == 0 {
			Panicked(thrown(first))
		}
		fallthrough
	default:
		panic(wire.Broken("the first message is none that begins"))
	}
	wire.Write(reportFd, []byte("ready\n"))
}

func lifted(fd uintptr) int {
	high, _, failed := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, above)
	if failed != 0 {
		report("fault", failed.Error())
	}
	return int(high)
}

// Call asks the candidate's function of that number. Arguments and results are pointers. It panics with Thrown.
func Call(function int, given []any, results ...any) {
	Begin()
	lock.Lock()
	defer lock.Unlock()
	defer told()
	number++
	last = &call{given: given, results: results}
	writer.Start('C')
	writer.U32(number)
	writer.U32(function)
	if len(results) == 0 { // called for what it does to its arguments
		writer.Byte(1)
	} else {
		writer.Byte(0)
	}
	writer.U32(len(given))
	for _, pointer := range given {
		writer.Value(pointer)
	}
	if writer.Send(questions) != nil {
		report("ended", "")
	}
	said := answer()
	kind := said.Byte()
	if (kind != 'V' && kind != 'T') || said.U32() != number {
		panic(wire.Broken("an answer to no question"))
	}
	if kind == 'T' {
		panic(thrown(said))
	}
	take(said, results)
	if len(results) == 0 {
		afterwards(said, given)
	} else if said.U32() != 0 {
		panic(wire.Broken("arguments that nobody asked for"))
	}
	said.End()
	last.returned = true
	if size > mostShown {
		last = nil
	}
}

// IsShown is whether values of the last call may be kept for the text of a failed check.
func IsShown() bool {
	lock.Lock()
	defer lock.Unlock()
	return size <= mostShown
}

// told reports what only the end of the tests can follow; any other panic goes on.
func told() {
	switch reason := recover().(type) {
	case nil:
	case wire.Broken:
		report("tampered", string(reason))
	case wire.Refused:
		if reason.Claims {
			report("tampered", "a "+reason.Kind+" was returned, which says itself what it equals")
		}
		report("error", "a "+reason.Kind+" was returned, which is no plain value")
	case Thrown:
		panic(reason)
	default: // a value that no dispatcher sends, such as a key that has no hash
		report("tampered", text(reason))
	}
}

func answer() *wire.Reader {
	message := wire.Receive(answers)
	if message == nil {
		report("ended", "")
	}
	if flags&record != 0 {
		keep(message)
	}
	size = len(message)
	return &wire.Reader{Rest: message}
}

// keep records an answer behind the secret.
func keep(message []byte) {
	size := len(message)
	if recorded += 4 + size; recorded > mostRecorded {
		report("memory", "its answers are too large to be recorded")
	}
	wire.Write(secretFd, []byte{byte(size), byte(size >> 8), byte(size >> 16), byte(size >> 24)})
	wire.Write(secretFd, message)
}

func thrown(said *wire.Reader) Thrown {
	memory := said.Byte() == 1
	reason := Thrown{said.Text(), said.Text(), said.Text(), memory}
	said.End()
	return reason
}

func take(said *wire.Reader, results []any) {
	if len(results) == 1 {
		said.Value(results[0])
		return
	}
	if tag := said.Byte(); len(results) == 0 && tag != 'n' || len(results) > 1 && (tag != 'p' || said.U32() != len(results)) {
		panic(wire.Broken("another number of results"))
	}
	for _, pointer := range results {
		said.Value(pointer)
	}
}

// afterwards makes the arguments hold what they hold on the other side.
func afterwards(said *wire.Reader, given []any) {
	count := said.U32()
	if count != 0 && count != len(given) {
		panic(wire.Broken("other arguments than it was given"))
	}
	for _, pointer := range given[:count] {
		here := reflect.ValueOf(pointer).Elem()
		now := reflect.New(here.Type())
		said.Value(now.Interface())
		replace(here, now.Elem())
	}
}

func replace(here, now reflect.Value) {
	switch here.Kind() {
	case reflect.Slice:
		reflect.Copy(here, now)
	case reflect.Map:
		for _, key := range here.MapKeys() {
			here.SetMapIndex(key, reflect.Value{})
		}
		for all := now.MapRange(); all.Next(); {
			here.SetMapIndex(all.Key(), all.Value())
		}
	}
}

// Check counts one check and returns its number.
func Check() int {
	lock.Lock()
	defer lock.Unlock()
	checks++
	return checks
}

// Fail counts a failure, of a check or otherwise; of the first it keeps what the last call was.
func Fail() {
	lock.Lock()
	defer lock.Unlock()
	failures++
	said(nil)
}

// Later does something when all is over. What is said of a failed check waits for that, so that the next question comes as
// soon as after one that holds.
func Later(what func()) {
	lock.Lock()
	defer lock.Unlock()
	late = append(late, what)
}

// Compared keeps what the first check that fails is about: it compared two values, in that line of the tests.
func Compared(expected, actual any, line func() int) {
	lock.Lock()
	defer lock.Unlock()
	call := last
	said(func() map[string]string {
		known := map[string]string{"expected": Show(&expected), "got": Show(&actual)}
		if call != nil && len(call.results) == 1 && call.returned {
			if got := Show(call.results[0]); got == known["expected"] && got != known["got"] {
				known["expected"] = known["got"] // they stand the other way round
			} else if got != known["got"] {
				known["expected"] = source(line())
			}
		}
		return known
	})
}

// Forget takes back what a rehearsal has counted.
func Forget() {
	lock.Lock()
	defer lock.Unlock()
	checks, failures, about, late = 0, 0, nil, nil
}

func said(of func() map[string]string) {
	call := last
	if about != nil || (of == nil && call == nil) {
		return
	}
	about = func() string {
		known, all := map[string]string{}, ""
		if of != nil {
			known = of()
		}
		if call != nil {
			known["called_with"] = shown(call.given)
			if call.returned {
				known["got"] = shown(call.results)
			}
		}
		for _, name := range []string{"called_with", "expected", "got"} {
			if text, is := known[name]; is {
				all += ", " + quoted(name) + ": " + quoted(cut(text))
			}
		}
		if all == "" {
			return ""
		}
		return "{" + all[2:] + "}\n"
	}
}

func shown(pointers []any) string {
	var texts []string
	for _, pointer := range pointers {
		texts = append(texts, Show(pointer))
	}
	return strings.Join(texts, ", ")
}

func source(line int) string {
	lines := strings.Split(Source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[line-1])
}

// quoted returns a text as JSON.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, each := range text {
		switch {
		case each == '"' || each == '\\':
			out.WriteByte('\\')
			out.WriteRune(each)
		case each < ' ':
			out.WriteString("\\u00" + string("0123456789abcdef"[each>>4]) + string("0123456789abcdef"[each&15]))
		default:
			out.WriteRune(each)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// Panicked reports an exception that nobody caught.
func Panicked(reason any) {
	said := text(reason)
	Print("panic: " + said + "\n")
	if thrown, is := reason.(Thrown); is {
		Print("\n" + thrown.Trace + "\n")
		if thrown.Memory {
			report("memory", said)
		}
	}
	report("error", "panic: "+said)
}

func text(reason any) string {
	switch said := reason.(type) {
	case error:
		return said.Error()
	case string:
		return said
	}
	return Show(&reason)
}

// Print writes text to stderr.
func Print(text string) { wire.Write(2, []byte(text)) }

// Done reports that all tests ran.
func Done() {
	if failures > 0 {
		report("done", strconv.Itoa(failures)+" failures in "+strconv.Itoa(checks)+" checks")
	}
	report("done", "")
}

// report writes the report and ends the process.
func report(event, detail string) {
	token := tokens[1]
	if event == "done" || event == "fault" {
		token = tokens[0]
	}
	words := strings.Map(func(each rune) rune {
		if each < ' ' {
			return ' '
		}
		return each
	}, cut(detail))
	if questions > 0 {
		syscall.Close(questions) // before text is made of what failed, which takes time
	}
	known := ""
	if about != nil {
		known = about()
	}
	for _, what := range late {
		what()
	}
	counts := " checks=" + strconv.Itoa(checks) + " failures=" + strconv.Itoa(failures) + " "
	wire.Write(reportFd, []byte(token+" "+event+counts+words+"\n"+known))
	syscall.Exit(0)
}
