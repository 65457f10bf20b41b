package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"roster/shared/operation"
)

// clients names the SDK clients that a function has, after its row.
func clients(o operation.Operation) []string {
	var all []string
	for _, c := range []struct {
		name string
		has  bool
	}{
		{"dynamodb", o.Table != (operation.Table{})},
		{"sesv2", len(o.Mail) > 0},
		{"cognitoidentityprovider", len(o.Users) > 0 || o.SignIn},
		{"secretsmanager", o.CRM || o.Client},
	} {
		if c.has {
			all = append(all, c.name)
		}
	}
	return all
}

// empty is a function that does nothing, with clients made as AWS.md has it, of a literal configuration.
var empty = template.Must(template.New("main.go").Parse(`package main

import (
	"context"
{{if .}}	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
{{end}}	"github.com/aws/aws-lambda-go/lambda"
{{range .}}	"github.com/aws/aws-sdk-go-v2/service/{{.}}"
{{end}})

func main() {
{{if .}}	config := aws.Config{
		Region: os.Getenv("AWS_REGION"), HTTPClient: http.DefaultClient,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY")}, nil
		}),
	}
{{end}}{{range .}}	{{.}}Client := {{.}}.NewFromConfig(config)
{{end}}	lambda.Start(func(ctx context.Context) (map[string]any, error) {
{{range .}}		{{.}}Client.Options()
{{end}}		return map[string]any{"statusCode": 200, "body": "{}"}, nil
	})
}
`))

// buildEmpty builds the empty function with those clients into a folder, as the Makefile builds functions,
// and returns its path. Its source is a file of this module that only the compiler sees.
func buildEmpty(b testing.TB, root, into string, with []string) string {
	b.Helper()
	name := "empty-" + strings.Join(with, "-")
	dir := filepath.Join(into, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	source, overlay, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "bootstrap")
	f, err := os.Create(source)
	if err != nil {
		b.Fatal(err)
	}
	if err := empty.Execute(f, with); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	seen := filepath.Join(root, "scripts", "bench", name, "main.go")
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace":{%q:%q}}`, seen, source), 0o600); err != nil {
		b.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", overlay, "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w", "-o", binary, "./scripts/bench/"+name)
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}
