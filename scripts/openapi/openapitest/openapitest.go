// Package openapitest holds requests and answers to the OpenAPI document: whatever one of them has
// that is not described is wrong, in it or in the document.
package openapitest

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A Document is an OpenAPI document, ready to be asked.
type Document struct {
	Operations []Operation // those whose paths win first

	tree     any
	compiler *jsonschema.Compiler
	refusal  *jsonschema.Schema
}

// An Operation is one method of one path.
type Operation struct {
	ID, Method, Path string
	Public           bool          // it asks for no access token
	Request          *Body         // nil for none
	Answers          map[int]*Body // by status

	matches *regexp.Regexp
}

// A Body is what the document says of a JSON body.
type Body struct {
	Schema   *jsonschema.Schema
	Examples []any
}

// object is one of the document's.
type object = map[string]any

// address is what the document calls itself while its schemas refer to each other.
const address = "https://roster.example/v1/openapi.json"

// Load reads the document of the module at root.
func Load(root string) (*Document, error) {
	raw, err := os.ReadFile(filepath.Join(root, "functions/openapi/openapi.json"))
	if err != nil {
		return nil, err
	}
	return Parse(raw)
}

// Parse reads a document and compiles every schema of it; formats are asserted.
func Parse(raw []byte) (*Document, error) {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	d := &Document{tree: tree, compiler: jsonschema.NewCompiler()}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(address, tree); err != nil {
		return nil, err
	}
	if d.refusal, err = d.Schema("Error"); err != nil {
		return nil, err
	}
	for path, item := range d.at("/paths").(object) {
		for method := range item.(object) {
			if method == "parameters" {
				continue
			}
			o, err := d.operation(method, path)
			if err != nil {
				return nil, err
			}
			d.Operations = append(d.Operations, o)
		}
	}
	slices.SortFunc(d.Operations, func(a, b Operation) int {
		return cmp.Or(strings.Compare(weight(a.Path), weight(b.Path)), strings.Compare(a.Method, b.Method))
	})
	return d, nil
}

var parameter = regexp.MustCompile(`\{\w+\}`)

// weight sorts literals before parameters, and parameters with a verb before those without.
func weight(path string) string {
	return strings.ReplaceAll(parameter.ReplaceAllString(path, "~")+"/", "~/", "\x7f/")
}

// Schema returns a component.
func (d *Document) Schema(name string) (*jsonschema.Schema, error) {
	return d.compiler.Compile(address + "#/components/schemas/" + name)
}

func (d *Document) operation(method, path string) (o Operation, err error) {
	at := "/paths/" + escape(path) + "/" + method
	node := d.at(at).(object)
	o = Operation{Method: strings.ToUpper(method), Path: path, Answers: map[int]*Body{}, matches: matcher(path)}
	o.ID, _ = node["operationId"].(string)
	security, own := node["security"].([]any)
	o.Public = own && !slices.ContainsFunc(security, func(v any) bool { return v.(object)["accessToken"] != nil })
	if node["requestBody"] != nil {
		if o.Request, err = d.body(at + "/requestBody"); err != nil {
			return o, err
		}
	}
	for text := range node["responses"].(object) {
		status, err := strconv.Atoi(text)
		if err != nil {
			return o, err
		}
		if o.Answers[status], err = d.body(at + "/responses/" + text); err != nil {
			return o, err
		}
	}
	return o, nil
}

// matcher finds the requests of a path. A parameter may be anything that has no slash.
func matcher(path string) *regexp.Regexp {
	literals := parameter.Split(path, -1)
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	return regexp.MustCompile("^" + strings.Join(literals, "[^/]+") + "/?$")
}

func (d *Document) body(at string) (*Body, error) {
	at = d.follow(at) + "/content/application~1json"
	schema, err := d.compiler.Compile(address + "#" + at + "/schema")
	b := &Body{Schema: schema}
	media := d.at(at).(object)
	if media["example"] != nil {
		b.Examples = append(b.Examples, media["example"])
	}
	named, _ := media["examples"].(object)
	for name := range named {
		b.Examples = append(b.Examples, d.at(d.follow(at + "/examples/" + name)).(object)["value"])
	}
	return b, err
}

// at returns what a JSON pointer leads to, nil for nothing.
func (d *Document) at(pointer string) any {
	v := d.tree
	for _, step := range strings.Split(pointer, "/")[1:] {
		o, _ := v.(object)
		v = o[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	return v
}

// follow returns where a pointer leads in the end: references are followed.
func (d *Document) follow(pointer string) string {
	for {
		o, _ := d.at(pointer).(object)
		to, ok := o["$ref"].(string)
		if !ok {
			return pointer
		}
		pointer = strings.TrimPrefix(to, "#")
	}
}

func escape(step string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(step) }
