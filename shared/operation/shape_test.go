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
	{"fault", "id", "operation", "refusal", "setting"},
	{"account", "awsconfig"},
	{"activity", "org"},
	{"store"},
	{"httpapi", "mail", "userpool"},
	{"invite"},
}

// layer is a package's place in the house: those of shared from 0, then functions, then what stands
// around them; -1 for one that nobody gave a place.
func layer(folder string) int {
	top, rest, _ := strings.Cut(folder, "/")
	switch top {
	case "functions":
		return len(layers)
	case "infra", "scripts":
		return len(layers) + 1
	case "shared":
		for i, names := range layers {
			if slices.Contains(names, rest) {
				return i
			}
		}
	}
	return -1
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		from := layer(s.folder())
		if s.isTest() {
			continue
		}
		if from < 0 {
			t.Errorf("%s: package %s has no layer; give it one in this test", s.path, s.folder())
		}
		for _, i := range s.imports {
			to, own := strings.CutPrefix(i, "roster/")
			if !own || strings.HasPrefix(s.folder(), "scripts") && strings.HasPrefix(to, "scripts") {
				continue
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

func TestOnlyWhoNeedsItImportsIt(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{
		sdk + "service/dynamodb":                 {"shared/store"},
		sdk + "feature/dynamodb":                 {"shared/store"},
		sdk + "service/dynamodbstreams":          {},
		sdk + "service/cognitoidentityprovider":  {"shared/userpool"},
		sdk + "service/sesv2":                    {"shared/mail", "functions/mail-send"},
		sdk + "config":                           {}, // a millisecond of every start (AWS.md)
		"github.com/golang-jwt/jwt":              {}, // the gateway checks tokens, nobody else
		"github.com/google/go-cmp":               {},
		"pgregory.net/rapid":                     {},
		"github.com/aws/aws-lambda-go/lambdaurl": {},
	}
	for _, s := range sources(t) {
		if s.isTest() || !strings.HasPrefix(s.path, "functions/") && !strings.HasPrefix(s.path, "shared/") {
			continue
		}
		for _, i := range s.imports {
			for what, who := range allowed {
				if (i == what || strings.HasPrefix(i, what+"/")) && !slices.Contains(who, s.folder()) {
					t.Errorf("%s imports %s, which is for %q", s.path, i, who)
				}
			}
			if s.folder() == "shared/operation" {
				t.Errorf("%s imports %s, and the list imports nothing", s.path, i)
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
