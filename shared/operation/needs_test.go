package operation_test

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/shared/operation"
)

// The grants of a function are made of its row: one that says too little fails on AWS only, one
// that says too much grants it. So what each main reaches is followed here, call by call, to the
// clients of AWS.

const sdk = "github.com/aws/aws-sdk-go-v2/"

// clients are the calls to AWS, by the service and what they begin with, and what they need.
var clients = []struct {
	service, prefix string
	need            operation.Need
}{
	{"dynamodb", "BatchGetItem", operation.Read},
	{"dynamodb", "GetItem", operation.Read},
	{"dynamodb", "Query", operation.Read},
	{"dynamodb", "Scan", 0}, // nothing may
	{"dynamodb", "", operation.Write},
	{"cognitoidentityprovider", "Admin", operation.Users},
	{"cognitoidentityprovider", "", operation.SignIn},
	{"sesv2", "", operation.Mail},
}

// needOf returns what a function of that full name needs, when it is a call to AWS.
func needOf(function string) operation.Need {
	for _, c := range clients {
		call, ok := strings.CutPrefix(function, "(*"+sdk+"service/"+c.service+".Client).")
		if ok && call != "Options" && strings.HasPrefix(call, c.prefix) {
			return c.need
		}
	}
	return 0
}

// calls is which functions the functions of the module mention, by their full names.
type calls map[string]map[string]bool

// follow type-checks the functions and what lies between them and AWS.
func follow(t *testing.T) calls {
	t.Helper()
	packages := map[string][]*ast.File{}
	for _, s := range sources(t) {
		if l := layer(s.folder()); !s.isTest() && l >= layer("shared/store") && l <= layer("functions") {
			packages[s.folder()] = append(packages[s.folder()], s.file)
		}
	}
	all, in := calls{}, importer.ForCompiler(positions, "gc", compiled(t))
	for folder, files := range packages {
		info := types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		if _, err := (&types.Config{Importer: in}).Check("roster/"+folder, positions, files, &info); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					all[name(info.Defs[d.Name])] = mentioned(d, info)
				}
			}
		}
	}
	return all
}

// compiled opens what the compiler exported of a package that the functions are made of.
func compiled(t *testing.T) func(string) (io.ReadCloser, error) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "./functions/...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for line := range bytes.Lines(out) {
		p, file, _ := strings.Cut(strings.TrimSpace(string(line)), "=")
		at[p] = file
	}
	return func(p string) (io.ReadCloser, error) { return os.Open(at[p]) }
}

func mentioned(d *ast.FuncDecl, info types.Info) map[string]bool {
	to := map[string]bool{}
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name(info.Uses[id]) != "" {
			to[name(info.Uses[id])] = true
		}
		return true
	})
	return to
}

// name is a function's full name, the same for every use of a generic one; "" for what is none.
func name(o types.Object) string {
	if f, ok := o.(*types.Func); ok {
		return f.Origin().FullName()
	}
	return ""
}

// reach returns what everything needs that can be called from a function.
func (c calls) reach(from string, been map[string]bool) operation.Need {
	if been[from] {
		return 0
	}
	been[from] = true
	n := needOf(from)
	for to := range c[from] {
		n |= c.reach(to, been)
	}
	return n
}

func mainOf(o operation.Operation) string { return "roster/functions/" + o.Name + ".main" }

func TestARowSaysWhatItsFunctionTouchesAndHowItIsServed(t *testing.T) {
	t.Parallel()
	all := follow(t)
	for from, to := range all {
		if to["(*"+sdk+"service/dynamodb.Client).Scan"] {
			t.Errorf("%s scans, which no grant allows", from)
		}
	}
	for _, o := range operation.All() {
		got := all.reach(mainOf(o), map[string]bool{})
		if diff := cmp.Diff(words(o.Needs), words(got)); diff != "" {
			t.Errorf("%s needs (-its row, +its code):\n%s", o.Name, diff)
		}
		want := "roster/shared/httpapi.Serve"
		if o.Public {
			want = "roster/shared/httpapi.ServePublic"
		}
		if o.Event != "" {
			want = "github.com/aws/aws-lambda-go/lambda.Start"
		}
		for _, way := range []string{
			"roster/shared/httpapi.Serve", "roster/shared/httpapi.ServePublic", "github.com/aws/aws-lambda-go/lambda.Start",
		} {
			if all[mainOf(o)][way] != (way == want) {
				t.Errorf("%s: main must call %s: %v", o.Name, path.Base(way), way == want)
			}
		}
	}
}

func words(n operation.Need) (all []string) {
	for i, word := range []string{"Read", "Write", "SignIn", "Users", "Mail"} {
		if n.Has(1 << i) {
			all = append(all, word)
		}
	}
	return all
}
