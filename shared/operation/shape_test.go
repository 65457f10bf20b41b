package operation_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module.
type source struct {
	path    string // from the module's root
	file    *ast.File
	lines   int
	imports []string
}

var positions = token.NewFileSet()

// sources parses the module, testdata and what is not its own left out.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "cdk.out" ||
			strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		at, err := filepath.Rel(root, name)
		s := source{path: filepath.ToSlash(at), file: f, lines: positions.File(f.Pos()).LineCount()}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		all = append(all, s)
		return err
	})
	if err != nil || len(all) < 100 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

// folder is the package that the file belongs to, without the module's name.
func (s source) folder() string { return path.Dir(s.path) }

// isTest reports whether the file is compiled into tests only: it is one, or supports them, in a
// package named like enginetest.
func (s source) isTest() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.HasSuffix(s.folder(), "test")
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.lines > 400 {
			t.Errorf("%s has %d lines, at most 400 are read", s.path, s.lines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.isTest() {
				continue
			}
			if n := positions.Position(f.End()).Line - positions.Position(f.Pos()).Line + 1; n > 60 {
				t.Errorf("%s: %s has %d lines, at most 60 are read", s.path, f.Name.Name, n)
			}
		}
	}
}

// layers are the packages of shared, lowest first: one imports those of lower layers only.
var layers = [][]string{
	{"fault", "id", "operation", "refusal", "setting", "tally"},
	{"account", "awsconfig", "telemetry"},
	{"org"},
	{"activity", "pmm"},
	{"secret", "store"},
	{"customer", "httpapi", "mail", "userpool"},
	{"company", "invite"},
}

// layer is a package's place in the house: those of shared from 0, then functions, then the settings of
// stages, then what stands around them all; -1 for one that nobody gave a place.
func layer(folder string) int {
	top, rest, _ := strings.Cut(folder, "/")
	switch top {
	case "functions":
		return len(layers)
	case "infra", "scripts":
		if folder == "infra/project" {
			return len(layers) + 1
		}
		return len(layers) + 2
	case "shared":
		for i, names := range layers {
			if slices.Contains(names, rest) {
				return i
			}
		}
	}
	return -1
}

func top(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	placeless := map[string]bool{}
	for _, s := range sources(t) {
		from := layer(s.folder())
		if s.isTest() || placeless[s.folder()] {
			continue
		}
		if placeless[s.folder()] = from < 0; from < 0 {
			t.Errorf("%s has no layer; give it one in this test", s.folder())
			continue
		}
		for _, i := range s.imports {
			to, own := strings.CutPrefix(i, "roster/")
			if !own || from == layer("scripts") && top(to) == top(s.folder()) {
				continue // scripts and infra are no layers in themselves
			}
			if layer(to) >= from {
				t.Errorf("%s imports %s, which is not below it", s.path, to)
			}
			if strings.HasSuffix(to, "test") {
				t.Errorf("%s imports %s, which is for tests", s.path, to)
			}
		}
	}
}

// reserved are the modules' packages that few of functions and shared may import, and who does.
func reserved() map[string][]string {
	const aws = "github.com/aws/aws-sdk-go-v2/"
	return map[string][]string{
		aws + "service/dynamodb":                {"shared/store"},
		aws + "feature/dynamodb":                {"shared/store"},
		aws + "service/dynamodbstreams":         {},
		aws + "service/cognitoidentityprovider": {"shared/userpool"},
		aws + "service/sesv2":                   {"shared/mail", "functions/mail-send"},
		aws + "service/secretsmanager":          {"shared/secret"},
		aws + "config":                          {}, // a millisecond of every start (AWS.md)
		"github.com/golang-jwt/jwt":             {}, // the gateway checks tokens, nobody else
		"github.com/google/go-cmp":              {},
		"pgregory.net/rapid":                    {},
	}
}

func TestOnlyWhoNeedsItImportsIt(t *testing.T) {
	t.Parallel()
	imported := map[[2]string]bool{} // by what and who
	for _, s := range sources(t) {
		if s.isTest() || !strings.HasPrefix(s.path, "functions/") && !strings.HasPrefix(s.path, "shared/") {
			continue
		}
		for _, i := range s.imports {
			for what, who := range reserved() {
				if i != what && !strings.HasPrefix(i, what+"/") {
					continue
				}
				imported[[2]string{what, s.folder()}] = true
				if !slices.Contains(who, s.folder()) {
					t.Errorf("%s imports %s, which is for %q", s.path, i, who)
				}
			}
			if s.folder() == "shared/operation" {
				t.Errorf("%s imports %s, and the list imports nothing", s.path, i)
			}
		}
	}
	for what, who := range reserved() {
		for _, folder := range who {
			if !imported[[2]string{what, folder}] {
				t.Errorf("%s does not import %s, which is reserved for it", folder, what)
			}
		}
	}
}

func TestEveryFunctionIsACommandOfItsName(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		name, ok := strings.CutPrefix(s.folder(), "functions/")
		if !ok || path.Base(s.path) != "main.go" {
			continue
		}
		doc := s.comment()
		if s.file.Name.Name != "main" || !strings.HasPrefix(doc, "Command "+name+" ") {
			t.Errorf("%s begins with %q, want Command %s …", s.path, doc, name)
		}
	}
}

// comment is the package's comment, read again because sources leaves comments out.
func (s source) comment() string {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, s.path), nil, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return err.Error()
	}
	return f.Doc.Text()
}
