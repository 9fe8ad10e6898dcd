// Package testing stands in for the standard one: what tests of single functions use of *T, without flags,
// profiles, benchmarks and fuzzing, whose linking costs more than the program. Not covered: B, F, M's work,
// T.Deadline, T.TempDir, T.Setenv; parallel tests run one after another.
package testing

import (
	"internal/harness"
	"runtime"
	"strconv"
	"sync"
)

// TB is what T offers. As in the standard package, it cannot be implemented outside.
type TB interface {
	Cleanup(func())
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	private()
}

// The method set lives in common, as in the standard package: vet's printf check knows the names.
type common struct {
	lock                   sync.Mutex
	name                   string
	parent                 *common
	failed, skipped, ended bool
	cleanups               []func()
}

// T is one running test.
type T struct{ common }

// InternalTest is one function of the tests.
type InternalTest struct {
	Name string
	F    func(*T)
}

// M exists so that a TestMain compiles; nobody calls it.
type M struct{}

// Run does nothing: the tests are started by the harness.
func (m *M) Run() int { return 1 }

func (c *common) private()     {}
func (c *common) Helper()      {}
func (c *common) Name() string { return c.name }

func (c *common) log(text string) {
	if n := len(text); n == 0 || text[n-1] != '\n' {
		text += "\n"
	}
	_, file, line, _ := runtime.Caller(2)
	for i := len(file) - 1; i >= 0; i-- {
		if file[i] == '/' {
			file = file[i+1:]
			break
		}
	}
	harness.Print("    " + file + ":" + strconv.Itoa(line) + ": " + text)
}

func (c *common) Log(args ...any)                 { c.log(harness.Sprint(args...)) }
func (c *common) Logf(format string, args ...any) { c.log(harness.Sprintf(format, args...)) }

// Fail marks the test and its parents as failed and goes on.
func (c *common) Fail() {
	harness.Fail()
	for ; c != nil; c = c.parent {
		c.lock.Lock()
		c.failed = true
		c.lock.Unlock()
	}
}

func (c *common) Failed() bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.failed
}

func (c *common) end() {
	c.lock.Lock()
	c.ended = true
	c.lock.Unlock()
	runtime.Goexit()
}

func (c *common) FailNow()          { c.Fail(); c.end() }
func (c *common) Error(args ...any) { c.log(harness.Sprint(args...)); c.Fail() }
func (c *common) Errorf(format string, args ...any) {
	c.log(harness.Sprintf(format, args...))
	c.Fail()
}
func (c *common) Fatal(args ...any) { c.log(harness.Sprint(args...)); c.FailNow() }
func (c *common) Fatalf(format string, args ...any) {
	c.log(harness.Sprintf(format, args...))
	c.FailNow()
}
func (c *common) Skip(args ...any) { c.log(harness.Sprint(args...)); c.SkipNow() }
func (c *common) Skipf(format string, args ...any) {
	c.log(harness.Sprintf(format, args...))
	c.SkipNow()
}

func (c *common) SkipNow() {
	c.lock.Lock()
	c.skipped = true
	c.lock.Unlock()
	c.end()
}

func (c *common) Skipped() bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.skipped
}

// Cleanup registers a function to be called when the test has ended, last registered first.
func (c *common) Cleanup(f func()) { c.cleanups = append(c.cleanups, f) }

// Parallel does nothing: tests run one after another.
func (t *T) Parallel() {}

// Run runs f as a test of its own and reports whether it did not fail.
func (t *T) Run(name string, f func(t *T)) bool {
	child := &T{common{name: t.name + "/" + name, parent: &t.common}}
	child.run(f)
	return !child.Failed()
}

func (t *T) run(f func(t *T)) {
	done := make(chan struct{})
	go func() {
		returned := false
		defer func() {
			if !returned && !t.ended {
				reason := recover()
				if reason == nil {
					reason = "test " + t.name + " executed panic(nil) or runtime.Goexit"
				}
				harness.Panicked(reason)
			}
			close(done)
		}()
		defer t.clean()
		f(t)
		returned = true
	}()
	<-done
	if t.Failed() {
		harness.Print("--- FAIL: " + t.name + "\n")
	}
}

func (t *T) clean() {
	for n := len(t.cleanups); n > 0; n = len(t.cleanups) {
		f := t.cleanups[n-1]
		t.cleanups = t.cleanups[:n-1]
		f()
	}
}

// Main runs every test, then reports and ends the process: the generated main calls it.
func Main(tests []InternalTest) {
	harness.Begin()
	for _, test := range tests {
		(&T{common{name: test.Name}}).run(test.F)
	}
	harness.Done()
}
