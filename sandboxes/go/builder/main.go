// The Go builder: one process that holds vet's type information, the compiler and the linker, warm, and forks
// itself per program (cell_serve of cell.c). A fork writes the package's files, vets, compiles and links them,
// and ends as a compiler does: status 0 and an executable `program`, or messages and another status.
//
// It is built as cmd/compile's main package in a copy of the toolchain's source (see ../build.py), because
// only there the compiler's packages can be imported. It reads untrusted text and runs none of it.
package main

/*
#include <stddef.h>
#include <stdlib.h>
char *cell_serve(int socket_fd, size_t *length);
*/
import "C"

import (
	"cmd/compile/internal/ARCH"
	"cmd/compile/internal/gc"
	link "cmd/compile/internal/zlink/ARCH"
	"cmd/compile/internal/zlink/ld"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"unsafe"
)

// warmPackages are loaded before the fork; others are read when a program imports them.
var warmPackages []string

type program struct{ Preamble, Candidate, Tests string }

func main() {
	log.SetFlags(0)
	warm := os.Args[1]
	importcfg := filepath.Join(warm, "importcfg")
	text, err := os.ReadFile(filepath.Join(warm, "linked_early"))
	if err != nil {
		log.Fatal(err)
	}
	warmPackages = strings.Fields(string(text))
	checker := newChecker(importcfg, warmPackages)
	arch, theArch := link.Init()
	ld.WarmPackages = warmPackages
	ld.Compile = func() {
		linkFlags, linkArgs := flag.CommandLine, os.Args
		flag.CommandLine = flag.NewFlagSet("compile", flag.ExitOnError)
		os.Args = []string{"compile", "-p", "main", "-complete", "-dwarf=false", "-c=1", "-buildid=", "-importcfg", importcfg, "-o", "main.a", "main.go"}
		gc.Files = func([]string) []string { return serve(checker) }
		gc.Main(ARCH.Init)
		flag.CommandLine, os.Args = linkFlags, linkArgs
	}
	null := os.DevNull
	os.Args = []string{"link", "-s", "-w", "-buildid=", "-importcfg", importcfg, "-o", null, "main.a"}
	ld.Main(arch, theArch)
}

// serve forks per request and returns only in a fork, with the names of the files to compile.
func serve(checker *checker) []string {
	var length C.size_t
	payload := C.cell_serve(3, &length)
	var given program
	if err := json.Unmarshal(C.GoBytes(unsafe.Pointer(payload), C.int(length)), &given); err != nil {
		fail(fmt.Sprintf("unreadable request: %v", err))
	}
	sources, problems := checker.arrange(given)
	if len(problems) == 0 {
		problems = checker.vet(sources)
	}
	if len(problems) > 0 {
		fail(problems...)
	}
	var names []string
	for _, source := range sources {
		if err := os.WriteFile(source.name, []byte(source.text), 0o600); err != nil {
			fail(err.Error())
		}
		names = append(names, source.name)
	}
	return names
}

func fail(problems ...string) {
	fmt.Println(strings.Join(problems, "\n"))
	os.Exit(1)
}
