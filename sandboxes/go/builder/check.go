package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
)

// checker arranges a program's parts into files and vets them; its importer keeps what it has read.
type checker struct {
	fset     *token.FileSet
	importer types.Importer
}

type source struct {
	name, text string
	tree       *ast.File
}

// program is what a request asks to build: a file of its own (a candidate, or tests with their stubs), which is vetted
// where nobody vouches for it, and the func main that goes with it.
type program struct {
	Name, Text, Main string
	Vet              bool
}

// ifUsed marks an import that somebody guessed from the text.
const ifUsed = "if used\n"

func compileFlags(importcfg string) []string {
	return []string{
		"-p", "main", "-complete", "-dwarf=false", "-c=1", "-buildid=", "-importcfg", importcfg, "-o", "main.a",
	}
}

func linkFlags(importcfg string) []string {
	return []string{"-s", "-w", "-buildid=", "-importcfg", importcfg}
}

// write vets a request's program and writes its files; a program that is refused ends the process.
func (c *checker) write(request []byte) (names []string) {
	var given program
	if err := json.Unmarshal(request, &given); err != nil {
		fail(fmt.Sprintf("unreadable request: %v", err))
	}
	sources, problems := c.arrange(given)
	if len(problems) == 0 && given.Vet {
		problems = c.vet(sources)
	}
	if len(problems) > 0 {
		fail(problems...)
	}
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

func newChecker(importcfg string, packages []string) *checker {
	archives := map[string]string{}
	file, err := os.Open(importcfg)
	if err != nil {
		fail(err.Error())
	}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimPrefix(lines.Text(), "packagefile ")
		if at := strings.IndexByte(line, '='); at > 0 {
			archives[line[:at]] = line[at+1:]
		}
	}
	file.Close()
	fset := token.NewFileSet()
	c := &checker{fset, importer.ForCompiler(fset, "gc", func(name string) (io.ReadCloser, error) {
		archive, ok := archives[name]
		if !ok {
			return nil, fmt.Errorf("package %s is not available", name)
		}
		return os.Open(archive)
	})}
	for _, name := range packages {
		if _, err := c.importer.Import(name); err != nil {
			fail(err.Error())
		}
	}
	return c
}

// parse returns the file, or the reasons for which it is refused.
func (c *checker) parse(name, text string) (*source, []string) {
	tree, err := parser.ParseFile(c.fset, name, text, parser.ParseComments)
	if err != nil {
		return nil, []string{err.Error()}
	}
	return &source{name, text, tree}, nil
}

// arrange makes the package's files. An import that is marked "if used" and is not, or that the program has itself, goes:
// an unused one is an error in Go.
func (c *checker) arrange(given program) ([]source, []string) {
	program, problems := c.parse(given.Name, given.Text)
	if problems != nil {
		return nil, problems
	}
	if problems = c.unoffered(program.tree); problems != nil && given.Vet {
		return nil, problems
	}
	used := map[string]bool{}
	for _, name := range program.tree.Unresolved {
		used[name.Name] = true
	}
	if used["main"] {
		return nil, []string{given.Name + ": undefined: main"} // ours is not for it
	}
	own := map[string]bool{}
	for _, imported := range program.tree.Imports {
		own[localName(imported)] = own[localName(imported)] || imported.Comment.Text() != ifUsed
	}
	edits := c.ownMain(program.tree)
	for _, imported := range program.tree.Imports {
		name := localName(imported)
		if imported.Comment.Text() == ifUsed && name != "_" && name != "." && (own[name] || !used[name]) {
			edits = append(edits, edit{c.offset(imported.Pos()), c.offset(imported.End()), ""})
		}
	}
	if len(edits) > 0 {
		if program, problems = c.parse(given.Name, apply(program.text, edits)); problems != nil {
			return nil, problems
		}
	}
	start, problems := c.parse("main.go", given.Main)
	if problems != nil {
		return nil, problems
	}
	return []source{*program, *start}, nil
}

// unoffered returns what is wrong with the imports of a program: Go itself refuses internal packages, and ours are such.
func (c *checker) unoffered(tree *ast.File) (problems []string) {
	for _, imported := range tree.Imports {
		value, _ := strconv.Unquote(imported.Path.Value)
		for _, element := range strings.Split(value, "/") {
			if element == "internal" || element == "vendor" {
				problems = append(problems, c.fset.Position(imported.Pos()).String()+": use of internal package "+value+" not allowed")
			}
		}
	}
	return problems
}

// edit replaces text[from:to].
type edit struct {
	from, to int
	text     string
}

func apply(text string, edits []edit) string {
	sort.Slice(edits, func(i, j int) bool { return edits[i].from > edits[j].from })
	for _, e := range edits {
		text = text[:e.from] + e.text + text[e.to:]
	}
	return text
}

func (c *checker) offset(at token.Pos) int { return c.fset.PositionFor(at, false).Offset }

// ownMain renames a func main of the candidate's (go test would not call it either).
func (c *checker) ownMain(tree *ast.File) (edits []edit) {
	object := tree.Scope.Lookup("main")
	if object == nil {
		return nil
	}
	ast.Inspect(tree, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok && name != tree.Name && name.Obj == object {
			edits = append(edits, edit{c.offset(name.Pos()), c.offset(name.End()), "main_"})
		}
		return true
	})
	return edits
}

func localName(imported *ast.ImportSpec) string {
	if imported.Name != nil {
		return imported.Name.Name
	}
	value, _ := strconv.Unquote(imported.Path.Value)
	if base := path.Base(value); base != "v2" {
		return base
	}
	return path.Base(path.Dir(value)) // math/rand/v2
}
