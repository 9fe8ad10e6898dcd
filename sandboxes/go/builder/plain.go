// The plain builder, for toolchains that the warm one (main.go) does not fit: the same checks and files, then the
// toolchain's own compiler and linker, started anew for every program. It reads the request from a file and ends
// as the warm one's forks do.
//
//	plain WARM TOOLS    in a folder with the file `request`
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	importcfg := filepath.Join(os.Args[1], "importcfg")
	request, err := os.ReadFile("request")
	if err != nil {
		fail(err.Error())
	}
	names := newChecker(importcfg, nil).write(request)
	tool("compile", append(compileFlags(importcfg), names...)...)
	tool("link", append(linkFlags(importcfg), "-o", "program", "main.a")...)
}

// tool runs one of the toolchain's commands; where it fails, so does this process.
func tool(name string, arguments ...string) {
	command := exec.Command(filepath.Join(os.Args[2], name), arguments...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	err := command.Run()
	if err == nil {
		return
	}
	if code := command.ProcessState.ExitCode(); code > 0 {
		os.Exit(code)
	}
	fail(fmt.Sprintf("%s: %v", name, err))
}
