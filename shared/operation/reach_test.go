package operation_test

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"roster/shared/operation"
)

// The grants of a function are made of its row: one that says too little fails on AWS only, one
// that says too much grants it. So what each main reaches is followed here, call by call, to the
// clients of AWS and to the settings that it reads. Which keys a call is about cannot be told from
// here: scripts/rights watches that.

const (
	sdk      = "github.com/aws/aws-sdk-go-v2/service/"
	settings = "roster/shared/setting."
)

// callOf returns the service and the action of a function of that full name, when it is a call to AWS.
func callOf(function string) (service, action string) {
	rest, ok := strings.CutPrefix(function, "(*"+sdk)
	service, action, is := strings.Cut(rest, ".Client).")
	if !ok || !is || action == "Options" {
		return "", ""
	}
	return service, action
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
		info := types.Info{
			Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{},
		}
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
	list := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "./functions/...", "./shared/...")
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
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 0 {
			if variable := read(c, info); variable != "" {
				to[settings+variable] = true
			}
		}
		return true
	})
	return to
}

// read returns the variable that a call reads; "" for any other call.
func read(c *ast.CallExpr, info types.Info) string {
	f, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	callee := name(info.Uses[f.Sel])
	if callee != "os.Getenv" && (!strings.HasPrefix(callee, settings) || callee == settings+"Refuse") {
		return ""
	}
	if v := info.Types[c.Args[0]].Value; v != nil && strings.HasPrefix(constant.StringVal(v), "ROSTER_") {
		return constant.StringVal(v)
	}
	return ""
}

// name is a function's full name, the same for every use of a generic one; "" for what is none.
func name(o types.Object) string {
	if f, ok := o.(*types.Func); ok {
		return f.Origin().FullName()
	}
	return ""
}

// reach adds to been everything that can be called from a function.
func (c calls) reach(from string, been map[string]bool) {
	if been[from] {
		return
	}
	been[from] = true
	for to := range c[from] {
		c.reach(to, been)
	}
}

// touched is what a function reaches, or what its row says that it does.
type touched struct {
	Table, Users, Mail []string
	SignIn, Secret     bool // the variables tell which secret
	Variables          []string
}

func (c calls) touched(main string) (t touched) {
	been := map[string]bool{}
	c.reach(main, been)
	for _, function := range slices.Sorted(maps.Keys(been)) {
		if v, ok := strings.CutPrefix(function, settings+"ROSTER_"); ok {
			t.Variables = append(t.Variables, "ROSTER_"+v)
		}
		switch service, action := callOf(function); {
		case service == "dynamodb":
			t.Table = append(t.Table, action)
		case service == "sesv2":
			t.Mail = append(t.Mail, action)
		case service == "cognitoidentityprovider" && strings.HasPrefix(action, "Admin"):
			t.Users = append(t.Users, action)
		case service == "cognitoidentityprovider":
			t.SignIn = true
		case service == "secretsmanager" && action == "GetSecretValue":
			t.Secret = true
		case service != "":
			t.Table = append(t.Table, service+"."+action) // no row can say that
		}
	}
	return t
}

func saysOf(o operation.Operation) touched {
	t := touched{Users: o.Users, Mail: o.Mail, SignIn: o.SignIn, Secret: o.CRM || o.Client, Variables: o.Variables()}
	for _, r := range o.Table.Rights() {
		t.Table = append(t.Table, cmp.Or(r.Within, r.Action))
	}
	for _, list := range []*[]string{&t.Table, &t.Users, &t.Mail, &t.Variables} {
		*list = slices.Compact(slices.Sorted(slices.Values(*list)))
	}
	return t
}

func mainOf(o operation.Operation) string { return "roster/functions/" + o.Name + ".main" }

func TestARowSaysWhatItsFunctionTouches(t *testing.T) {
	t.Parallel()
	all := follow(t)
	for from, to := range all {
		if to["(*"+sdk+"dynamodb.Client).Scan"] {
			t.Errorf("%s scans, which no grant allows", from)
		}
	}
	for _, o := range operation.All() {
		if diff := gocmp.Diff(saysOf(o), all.touched(mainOf(o)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s touches (-its row, +its code):\n%s", o.Name, diff)
		}
		checkServed(t, o, all[mainOf(o)])
	}
}

// checkServed holds main to the one way in which such an operation is served.
func checkServed(t *testing.T, o operation.Operation, calls map[string]bool) {
	t.Helper()
	want := "roster/shared/httpapi.Serve"
	if o.Public {
		want = "roster/shared/httpapi.ServePublic"
	}
	if o.Client {
		want = "roster/shared/httpapi.ServeClient"
	}
	if o.Event != "" {
		want = "github.com/aws/aws-lambda-go/lambda.Start"
	}
	for _, way := range []string{
		"roster/shared/httpapi.Serve", "roster/shared/httpapi.ServePublic", "roster/shared/httpapi.ServeClient", "github.com/aws/aws-lambda-go/lambda.Start",
	} {
		if calls[way] != (way == want) {
			t.Errorf("%s: main must call %s: %v", o.Name, path.Base(way), way == want)
		}
	}
}
