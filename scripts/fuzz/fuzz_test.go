// Package fuzz holds ./run, which is a shell script, to running every fuzz target of the module.
package fuzz

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// declared lists the fuzz targets that the compiler would find, and fails where one has no corpus to
// begin with.
func declared(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && (d.Name() == "node_modules" || path != root && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
				folder, _ := filepath.Rel(root, filepath.Dir(path))
				all = append(all, folder+" "+f.Name.Name)
				if !adds(f) {
					t.Errorf("%s: %s begins with nothing", path, f.Name.Name)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// adds reports whether a target gives itself something to begin with.
func adds(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Add" {
			found = true
		}
		return !found
	})
	return found
}

func TestEveryTargetIsRun(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("./run", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	run := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(run)
	if diff := cmp.Diff(declared(t), run); diff != "" || len(run) < 20 {
		t.Errorf("(-declared +run)\n%s", diff)
	}
	packages := map[string]string{}
	for _, target := range run {
		folder, _, _ := strings.Cut(target, " ")
		if other := packages[filepath.Base(folder)]; other != "" && other != folder {
			t.Errorf("%s and %s would be one binary", folder, other)
		}
		packages[filepath.Base(folder)] = folder
	}
}
