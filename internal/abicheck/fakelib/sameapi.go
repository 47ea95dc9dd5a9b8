package fakelib

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// SameAPI compares what the package in a folder exports with cgo and without. Both forms have to have the same types,
// and the same functions and methods with the same signatures, down to the names of the arguments.
func SameAPI(t T, dir string) {
	t.Helper()
	with, without := exported(t, dir, true), exported(t, dir, false)
	if len(with) == 0 {
		t.Fatalf("%s exports nothing", dir)
	}
	for _, name := range slices.Sorted(maps.Keys(with)) {
		if other, ok := without[name]; !ok {
			t.Errorf("%s: missing without cgo", name)
		} else if other != with[name] {
			t.Errorf("%s: %s with cgo, %s without", name, with[name], other)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(without)) {
		if _, ok := with[name]; !ok {
			t.Errorf("%s: missing with cgo", name)
		}
	}
}

// exported maps each exported name of a form to its signature.
func exported(t T, dir string, cgo bool) map[string]string {
	t.Helper()
	context := build.Default
	context.CgoEnabled = cgo
	pkg, err := context.ImportDir(dir, 0)
	if err != nil {
		t.Fatalf("%v", err)
	}
	out := map[string]string{}
	files := token.NewFileSet()
	for _, name := range slices.Concat(pkg.GoFiles, pkg.CgoFiles) {
		file, err := parser.ParseFile(files, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v", err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() {
					out[receiver(d)+d.Name.Name] = source(files, d.Type)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if spec, ok := s.(*ast.TypeSpec); ok && spec.Name.IsExported() {
						out[spec.Name.Name] = "type"
					}
				}
			}
		}
	}
	return out
}

func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	return strings.TrimPrefix(source(token.NewFileSet(), d.Recv.List[0].Type), "*") + "."
}

func source(files *token.FileSet, node ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, files, node); err != nil {
		return err.Error()
	}
	return b.String()
}
