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
	"unicode"
	"unicode/utf8"
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

// program is what a request asks to build. Declared are the prompt's own functions before the solution, which
// Candidate begins with too.
type program struct{ Preamble, Candidate, Tests, Declared string }

// ifUsed marks an import of the preamble that somebody guessed from the text.
const ifUsed = "if used\n"

// A loop gives the processor away where it begins anew: nothing else does, with a single processor and without
// preemption by signals, and never between the two words of an interface.
func compileFlags(importcfg string) []string {
	return []string{
		"-p", "main", "-complete", "-dwarf=false", "-c=1", "-buildid=", "-d=ssa/insert_resched_checks/on",
		"-importcfg", importcfg, "-o", "main.a",
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
	if len(problems) == 0 {
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

// tampered is the status for a program that reaches for the tests; steps.py knows it.
const tampered = 3

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

var refusedImports = map[string]string{
	"C":       "cgo is not available",
	"unsafe":  "package unsafe is not available",
	"harness": "package harness is not in std",
	"run":     "package run is not in std",
}

// parse returns the file, or the reasons for which it is refused.
func (c *checker) parse(name, text string) (*source, []string) {
	tree, err := parser.ParseFile(c.fset, name, text, parser.ParseComments)
	if err != nil {
		return nil, []string{err.Error()}
	}
	for _, imported := range tree.Imports {
		value, _ := strconv.Unquote(imported.Path.Value)
		reason := refusedImports[value]
		for _, element := range strings.Split(value, "/") {
			if element == "internal" || element == "vendor" {
				reason = "use of internal package " + value + " not allowed"
			}
		}
		if reason != "" && name != "main.go" {
			return nil, []string{c.fset.Position(imported.Pos()).String() + ": " + reason}
		}
	}
	for _, group := range tree.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:linkname") || strings.HasPrefix(comment.Text, "//go:cgo_") {
				return nil, []string{c.fset.Position(comment.Pos()).String() + ": this directive is not allowed"}
			}
		}
	}
	return &source{name, text, tree}, nil
}

// arrange makes the package's files: solution.go (preamble and candidate), tests.go and main.go.
//
// Go's imports belong to a file, and an unused one is an error, but the preamble's imports serve candidate and
// tests alike. So each file gets those it uses, and one that neither uses stays where it is, to be refused as
// it would be in one file; but what is imported only if used goes, also where the candidate imports it itself.
func (c *checker) arrange(given program) ([]source, []string) {
	tests, problems := c.parse("tests.go", "package main\n\n"+given.Tests)
	if problems != nil {
		return nil, problems
	}
	solution, problems := c.parse("solution.go", given.Preamble+"\n"+given.Candidate)
	if problems != nil {
		return nil, problems
	}
	inTests, inSolution := unresolved(tests.tree), unresolved(solution.tree)
	names := testNames(tests.tree)
	inPrompt, ofPrompt := c.prompt(given.Declared)
	refuseReaching(names, solution.tree.Scope, inSolution, ofPrompt, map[string]map[string]bool{
		"the tests": inTests, "the prompt's functions": inPrompt,
	})
	if inSolution["main"] {
		return nil, []string{"solution.go: undefined: main"} // ours is not for it
	}
	ours := func(imported *ast.ImportSpec) bool { return c.offset(imported.Pos()) < len(given.Preamble) }
	own, taken := map[string]bool{}, map[string]bool{}
	for _, imported := range solution.tree.Imports {
		own[localName(imported)] = own[localName(imported)] || !ours(imported)
	}
	var edits []edit
	var moved strings.Builder
	for _, imported := range solution.tree.Imports {
		name := localName(imported)
		if name == "_" || name == "." {
			continue
		}
		wanted := inTests[name] && !imports(tests.tree, name)
		if wanted && !taken[name] {
			moved.WriteString("import ")
			if imported.Name != nil {
				moved.WriteString(name + " ")
			}
			moved.WriteString(imported.Path.Value + "; ")
		}
		taken[name] = true
		change := edit{c.offset(imported.Pos()), c.offset(imported.End()), "_ " + imported.Path.Value}
		if ours(imported) && imported.Comment.Text() == ifUsed && (own[name] || !inSolution[name]) {
			change.text = ""
			edits = append(edits, change)
		} else if wanted && !inSolution[name] {
			edits = append(edits, change)
		}
	}
	edits = append(edits, c.ownMain(solution.tree)...)
	if len(edits) > 0 {
		if solution, problems = c.parse("solution.go", apply(solution.text, edits)); problems != nil {
			return nil, problems
		}
	}
	if moved.Len() > 0 {
		if tests, problems = c.parse("tests.go", "package main; "+moved.String()+"\n\n"+given.Tests); problems != nil {
			return nil, problems
		}
	}
	if len(names) == 0 {
		return nil, []string{"tests.go: there is no func TestXxx(t *testing.T)"}
	}
	start, problems := c.parse("main.go", mainFile(names, given))
	if problems != nil {
		return nil, problems
	}
	return []source{*solution, *tests, *start}, nil
}

// prompt returns the names that the prompt's own functions take from elsewhere, and those they declare.
func (c *checker) prompt(text string) (used map[string]bool, declared *ast.Scope) {
	file, problems := c.parse("prompt.go", "package main\n\n"+text)
	if problems != nil {
		return nil, ast.NewScope(nil)
	}
	return unresolved(file.tree), file.tree.Scope
}

// refuseReaching ends the process for a program that would learn from the tests by calling them, or that declares what
// trusted text takes for Go's own: a constant true that is false. What the prompt itself declares is as it wants it.
func refuseReaching(tests []string, declared *ast.Scope, inSolution map[string]bool, ofPrompt *ast.Scope, trusted map[string]map[string]bool) {
	reason := ""
	for _, name := range tests {
		if inSolution[name] {
			reason = "the program calls the tests itself: " + name
		}
	}
	for name := range declared.Objects {
		for who, used := range trusted {
			if used[name] && types.Universe.Lookup(name) != nil && ofPrompt.Lookup(name) == nil {
				reason = who + " would use the program's own " + name + " instead of Go's"
			}
		}
	}
	if reason != "" {
		fmt.Println(reason)
		os.Exit(tampered)
	}
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

func unresolved(tree *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, name := range tree.Unresolved {
		names[name.Name] = true
	}
	return names
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

func imports(tree *ast.File, name string) bool {
	for _, imported := range tree.Imports {
		if localName(imported) == name {
			return true
		}
	}
	return false
}

// testNames returns the tests as go test finds them: func TestXxx with one parameter, Xxx not in lower case.
func testNames(tree *ast.File) (names []string) {
	for _, declared := range tree.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Recv != nil || !strings.HasPrefix(function.Name.Name, "Test") || len(function.Type.Params.List) != 1 {
			continue
		}
		first, _ := utf8.DecodeRuneInString(function.Name.Name[4:])
		if function.Name.Name != "TestMain" && !unicode.IsLower(first) {
			names = append(names, function.Name.Name)
		}
	}
	return names
}

// mainFile is the generated func main. fmt is linked only where messages may be formatted.
func mainFile(names []string, given program) string {
	var text strings.Builder
	// Names that no program has: one that is declared in the package cannot be imported here.
	text.WriteString("package main\n\nimport harness_run \"run\"\n")
	format := ""
	for _, method := range []string{".Error", ".Fatal", ".Log", ".Skip"} {
		if strings.Contains(given.Tests, method) || strings.Contains(given.Candidate, method) {
			text.WriteString("import harness_fmt \"fmt\"\n")
			format = "\tharness_run.Format(harness_fmt.Sprintf, harness_fmt.Sprintln)\n"
			break
		}
	}
	text.WriteString("\nfunc main() {\n" + format + "\tharness_run.Main([]harness_run.Test{\n")
	for _, name := range names {
		text.WriteString("\t\t{Name: \"" + name + "\", F: " + name + "},\n")
	}
	return text.String() + "\t})\n}\n"
}
