// The Go builder: one process that holds vet's type information, the compiler and the linker, warm, and forks
// itself per program (box_serve of box.c). A fork writes the package's files, vets, compiles and links them,
// and ends as a compiler does: status 0 and an executable `program`, or messages and another status.
//
// It is built as cmd/compile's main package in a copy of the toolchain's source (see ../build.py), because
// only there the compiler's packages can be imported. It reads untrusted text and runs none of it.
package main

/*
#include <stddef.h>
#include <stdlib.h>
char *box_serve(int socket_fd, size_t *length);
*/
import "C"

import (
	"cmd/compile/internal/ARCH"
	"cmd/compile/internal/gc"
	link "cmd/compile/internal/zlink/ARCH"
	"cmd/compile/internal/zlink/ld"
	"flag"
	"log"
	"os"
	"path/filepath"
	"strings"
	"unsafe"
)

// warmPackages are loaded before the fork; others are read when a program imports them.
var warmPackages []string

func main() {
	log.SetFlags(0)
	warm := os.Args[1]
	importcfg := filepath.Join(warm, "importcfg")
	text, err := os.ReadFile(filepath.Join(warm, "linked_early"))
	if err != nil {
		log.Fatal(err)
	}
	warmPackages = strings.Fields(string(text))
	arch, theArch := link.Init()
	ld.WarmPackages, ld.Base = warmPackages, filepath.Join(warm, "base")
	if len(os.Args) > 2 { // the base itself is to be linked
		os.Args = append(append([]string{"link"}, linkFlags(importcfg)...), "-o", ld.Base, "none")
		ld.Main(arch, theArch)
		return
	}
	checker := newChecker(importcfg, warmPackages)
	ld.Compile = func() {
		linkFlags, linkArgs := flag.CommandLine, os.Args
		flag.CommandLine = flag.NewFlagSet("compile", flag.ExitOnError)
		os.Args = append(append([]string{"compile"}, compileFlags(importcfg)...), "main.go")
		gc.Files = func([]string) []string { return serve(checker) }
		gc.Main(ARCH.Init)
		flag.CommandLine, os.Args = linkFlags, linkArgs
	}
	null := os.DevNull
	os.Args = append(append([]string{"link"}, linkFlags(importcfg)...), "-o", null, "main.a")
	ld.Main(arch, theArch)
}

// serve forks per request and returns only in a fork, with the names of the files to compile.
func serve(checker *checker) []string {
	var length C.size_t
	payload := C.box_serve(3, &length)
	return checker.write(C.GoBytes(unsafe.Pointer(payload), C.int(length)))
}
