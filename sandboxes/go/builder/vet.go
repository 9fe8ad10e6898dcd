package main

import (
	"ANALYZERS"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// vet reports what the part of go vet that go test runs would refuse. A program with type errors is left to
// the compiler.
func (c *checker) vet(sources []source) (problems []string) {
	var trees []*ast.File
	for _, one := range sources {
		trees = append(trees, one.tree)
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
	failed := false
	config := types.Config{Importer: c.importer, Sizes: types.SizesFor("gc", runtime.GOARCH), Error: func(error) { failed = true }}
	checked, err := config.Check("main", c.fset, trees, info)
	if err != nil || failed {
		return nil
	}
	results := map[*analysis.Analyzer]interface{}{}
	facts := map[fact]analysis.Fact{}
	var run func(*analysis.Analyzer)
	run = func(analyzer *analysis.Analyzer) {
		if _, done := results[analyzer]; done {
			return
		}
		needed := map[*analysis.Analyzer]interface{}{}
		for _, other := range analyzer.Requires {
			run(other)
			needed[other] = results[other]
		}
		get := func(object interface{}, into analysis.Fact) bool {
			known, ok := facts[fact{object, reflect.TypeOf(into)}]
			if ok {
				reflect.ValueOf(into).Elem().Set(reflect.ValueOf(known).Elem())
			}
			return ok
		}
		put := func(object interface{}, known analysis.Fact) { facts[fact{object, reflect.TypeOf(known)}] = known }
		pass := &analysis.Pass{
			Analyzer: analyzer, Fset: c.fset, Files: trees, Pkg: checked, TypesInfo: info, TypesSizes: config.Sizes, ResultOf: needed,
			Report: func(found analysis.Diagnostic) {
				problems = append(problems, "vet: "+c.position(found.Pos)+": "+found.Message)
			},
			ImportObjectFact:  func(o types.Object, f analysis.Fact) bool { return get(o, f) },
			ExportObjectFact:  func(o types.Object, f analysis.Fact) { put(o, f) },
			ImportPackageFact: func(p *types.Package, f analysis.Fact) bool { return get(p, f) },
			ExportPackageFact: func(f analysis.Fact) { put(checked, f) },
			AllObjectFacts:    func() []analysis.ObjectFact { return nil },
			AllPackageFacts:   func() []analysis.PackageFact { return nil },
		}
		results[analyzer], _ = analyzer.Run(pass)
	}
	for _, analyzer := range analyzers.All {
		run(analyzer)
	}
	return problems
}

type fact struct {
	object interface{}
	kind   reflect.Type
}

func (c *checker) position(at token.Pos) string {
	return strings.TrimPrefix(c.fset.Position(at).String(), "./")
}
