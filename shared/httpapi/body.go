package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/fault"
)

// maxBody is the largest request body, in bytes (API.md §1).
const maxBody = 64 << 10

// decode reads the body into v, a pointer to a struct with snake_case tags. Clients send snake_case
// or camelCase, fields that nobody knows, or nothing at all, which is {}.
func decode(e events.APIGatewayProxyRequest, v any) error {
	raw, err := bodyOf(e)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	fields, err := parse(raw)
	if err != nil {
		return err
	}
	again, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return typed(json.Unmarshal(again, v))
}

// bodyOf returns the body, which has its limit whatever it is of; errJSON for what is not even base64.
func bodyOf(e events.APIGatewayProxyRequest) ([]byte, error) {
	raw := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if raw, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, errJSON
		}
	}
	if len(raw) > maxBody {
		return nil, fault.Invalidf("invalid field Body: value must be at most %d bytes", maxBody)
	}
	return raw, nil
}

var (
	errJSON   = fault.New(fault.Invalid, "invalid field Body: value must be valid JSON")
	errObject = fault.New(fault.Invalid, "invalid field Body: value must be a JSON object")
)

// parse reads one JSON object, its keys in snake_case. null is an empty one.
func parse(raw []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, errJSON
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	if v == nil {
		return nil, nil
	}
	fields, ok := snaked(v).(map[string]any)
	if !ok {
		return nil, errObject
	}
	if !utf8.Valid(raw) {
		return nil, fault.Invalidf("invalid field %s: value must be valid UTF-8", replaced(fields, "Body"))
	}
	return fields, nil
}

// replaced names the field in which the decoder replaced bytes that are not UTF-8.
func replaced(v any, name string) string {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, utf8.RuneError) {
			return name
		}
	case []any:
		for _, x := range v {
			if found := replaced(x, name); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) { // the same answer every time
			if found := replaced(v[k], within(name, k)); found != "" {
				return found
			}
		}
		if name == "Body" {
			return name // in a key
		}
	}
	return ""
}

func within(name, k string) string {
	if name == "Body" {
		return field(k)
	}
	return name + "." + field(k)
}

// snaked returns v with every key in snake_case. Of two spellings of one field, snake_case wins, then
// camelCase.
func snaked(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = snaked(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) { // capitals, the underscore, small letters: the last wins
			out[snake(k)] = snaked(v[k])
		}
		return out
	}
	return v
}

func snake(k string) string {
	var b strings.Builder
	for i, r := range k {
		if unicode.IsUpper(r) {
			if i > 0 {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// field returns the Go style name of a snake_case path: users.username is Users.Username.
func field(path string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		words := strings.Split(p, "_")
		for j, w := range words {
			r, n := utf8.DecodeRuneInString(w)
			if n > 0 {
				words[j] = string(unicode.ToUpper(r)) + w[n:]
			}
		}
		parts[i] = strings.Join(words, "")
	}
	return strings.Join(parts, ".")
}

// typed turns the decoder's complaint about a type into one that names the field.
func typed(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	return fault.Invalidf("invalid field %s: value must be %s", field(wrong.Field), kind(wrong.Type))
}

func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Slice:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a whole number"
}

// Required returns fault.Empty for a text that is missing or empty.
func Required(field, value string) error {
	if value == "" {
		return fault.Empty(field, value)
	}
	return nil
}
