package gateway

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"roster/shared/operation"
)

var methods = []string{
	http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	http.MethodHead, http.MethodOptions,
}

// A table is a tree of resources, one level per path segment, as API Gateway keeps it.
type table struct{ root resource }

// A resource is one path part with the operations that its methods lead to.
type resource struct {
	path      string // as in the event: /v1/orgs/{org}
	literals  map[string]*resource
	parameter string // name of the variable at the next level, "" for none
	variable  *resource
	methods   map[string]operation.Operation
}

// A match is what a request leads to.
type match struct {
	operation  operation.Operation
	resource   string            // the path of the list
	parameters map[string]string // as sent, percent-encoded; nil when there are none
}

func newTable(operations []operation.Operation) (*table, error) {
	t := &table{resource{path: "/"}}
	for _, o := range operations {
		for _, route := range o.Routes {
			if err := t.add(route, o); err != nil {
				return nil, fmt.Errorf("%s: route %q: %w", o.Name, route, err)
			}
		}
	}
	return t, nil
}

// add mounts o at "METHOD /path", or says why API Gateway would not.
func (t *table) add(route string, o operation.Operation) error {
	method, path, _ := strings.Cut(route, " ")
	if !slices.Contains(methods, method) {
		return fmt.Errorf("no method %q", method)
	}
	at := &t.root
	parts, ok := split(path)
	if !ok || len(parts) > 0 && strings.HasSuffix(path, "/") {
		return fmt.Errorf("a path has segments after single slashes")
	}
	for _, part := range parts {
		next, err := at.grow(part)
		if err != nil {
			return err
		}
		at = next
	}
	if other, taken := at.methods[method]; taken {
		return fmt.Errorf("it is %s already", other.Name)
	}
	if at.methods == nil {
		at.methods = map[string]operation.Operation{}
	}
	at.methods[method] = o
	return nil
}

// grow returns the resource below r for a segment of the list.
func (r *resource) grow(part string) (*resource, error) {
	name, variable, err := parse(part)
	if err != nil {
		return nil, err
	}
	if !variable {
		return r.literal(part), nil
	}
	if r.variable == nil {
		r.parameter, r.variable = name, r.below(part)
	}
	if r.parameter != name {
		return nil, fmt.Errorf("{%s} stands where {%s} stands already", name, r.parameter)
	}
	return r.variable, nil
}

func (r *resource) literal(part string) *resource {
	if r.literals == nil {
		r.literals = map[string]*resource{}
	}
	if r.literals[part] == nil {
		r.literals[part] = r.below(part)
	}
	return r.literals[part]
}

// below returns a resource of r's next level.
func (r *resource) below(part string) *resource {
	return &resource{path: strings.TrimSuffix(r.path, "/") + "/" + part}
}

// parse tells a variable from a literal. A segment that is both, like {id}:verb, is neither.
func parse(part string) (name string, variable bool, err error) {
	inner, open := strings.CutPrefix(part, "{")
	name, closed := strings.CutSuffix(inner, "}")
	if open != closed || !word(name, ".-_", open) {
		return "", false, fmt.Errorf("segment %q is neither a word nor one whole {variable}", part)
	}
	return name, open, nil
}

// word says whether API Gateway takes s as a name, or with a colon too as a literal.
func word(s, marks string, variable bool) bool {
	if !variable {
		marks += ":"
	}
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune(marks, r)
	}) < 0
}

// find returns the operation of a request. At each level a literal wins over the variable, but only
// if it leads to the method. One slash at the end does not count, as on AWS; an empty segment
// leads nowhere.
func (t *table) find(method, path string) (match, bool) {
	parts, ok := split(path)
	if !ok {
		return match{}, false
	}
	parameters := map[string]string{}
	found := t.root.find(method, parts, parameters)
	if found == nil {
		return match{}, false
	}
	if len(parameters) == 0 {
		parameters = nil
	}
	return match{operation: found.methods[method], resource: found.path, parameters: parameters}, true
}

// find walks down from r and notes the variables of the way that it took.
func (r *resource) find(method string, parts []string, parameters map[string]string) *resource {
	if len(parts) == 0 {
		if _, ok := r.methods[method]; ok {
			return r
		}
		return nil
	}
	literal, err := url.PathUnescape(parts[0])
	if next := r.literals[literal]; next != nil && err == nil {
		if found := next.find(method, parts[1:], parameters); found != nil {
			return found
		}
	}
	if r.variable == nil {
		return nil
	}
	found := r.variable.find(method, parts[1:], parameters)
	if found != nil {
		parameters[r.parameter] = parts[0]
	}
	return found
}

// split cuts a path into its segments, of which the root has none; ok is false when one of them is empty.
func split(path string) (parts []string, ok bool) {
	if path == "/" {
		return nil, true
	}
	path, rooted := strings.CutPrefix(path, "/")
	parts = strings.Split(strings.TrimSuffix(path, "/"), "/")
	return parts, rooted && !slices.Contains(parts, "")
}
