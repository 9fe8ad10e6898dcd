// Package harness counts checks and writes the report. Programs cannot import it: the builder refuses its path.
// Its init runs before the candidate's, because the tests import it through testing and assert.
package harness

import (
	"strconv"
	"sync/atomic"
	"syscall"
)

const (
	tokenFd  = 3
	reportFd = 4
)

var (
	tokens           [64]byte // of a report that says well, and of any other
	owner            int
	checks, failures int64
	// Sprintf formats the messages of t.Errorf and its like; the generated main sets it to fmt's only where a
	// program uses them, so that other programs need not link fmt.
	Sprintf = func(format string, values ...any) string { return format }
	Sprint  = func(values ...any) string { return "" }
)

func init() {
	for have := 0; have < len(tokens); {
		n, err := syscall.Read(tokenFd, tokens[have:])
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			Exit(125)
		}
		have += n
	}
	owner = syscall.Getpid()
	syscall.Close(tokenFd)
	syscall.CloseOnExec(reportFd)
	// Closes /proc/self/mem.
	syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_DUMPABLE, 0, 0)
}

// Exit ends the process at once.
func Exit(status int) { syscall.Exit(status) }

// Check counts one check.
func Check() { atomic.AddInt64(&checks, 1) }

// Fail counts a failure, of a check or otherwise.
func Fail() { atomic.AddInt64(&failures, 1) }

// Checks returns how many checks were made.
func Checks() int64 { return atomic.LoadInt64(&checks) }

// Print writes text to stderr.
func Print(text string) {
	for rest := []byte(text); len(rest) > 0; {
		n, err := syscall.Write(2, rest)
		if err == syscall.EINTR || err == syscall.EAGAIN {
			continue
		}
		if n <= 0 {
			return
		}
		rest = rest[n:]
	}
}

// Report says that every test ran, and ends the process. It is called once, by package run. A program that catches a
// failing report on a descriptor of its own learns nothing that makes another of it.
func Report() {
	if syscall.Getpid() != owner { // a fork of the program's: whether its report came in time would be chance
		Exit(0)
	}
	token, event, end, status := tokens[:32], " done", "", 0
	if failures > 0 {
		copy(token, tokens[32:])
		event, end, status = " wrong", " "+strconv.FormatInt(failures, 10)+" failures in "+strconv.FormatInt(checks, 10)+" checks", 1
	}
	line := string(token) + event + " checks=" + strconv.FormatInt(checks, 10) +
		" failures=" + strconv.FormatInt(failures, 10) + end + "\n"
	syscall.Write(reportFd, []byte(line))
	for {
		Exit(status)
	}
}

// RunTest runs a func(*testing.T); set by package testing, which cannot be imported from here.
var RunTest func(name string, f any)
