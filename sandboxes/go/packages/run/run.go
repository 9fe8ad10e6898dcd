// Package run is called by the generated main: it runs the tests, then reports.
package run

import (
	"harness"
	"testing"
)

// Test is one function of the tests part.
type Test struct {
	Name string
	F    func(*testing.T)
}

// Main runs every test, then writes the report and ends the process.
func Main(tests []Test) {
	for _, test := range tests {
		harness.RunTest(test.Name, test.F)
	}
	harness.Report()
}

// Format lets t.Errorf and its like format their messages.
func Format(sprintf func(string, ...any) string, sprint func(...any) string) {
	harness.Sprintf, harness.Sprint = sprintf, sprint
}
