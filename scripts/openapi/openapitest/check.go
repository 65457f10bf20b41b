package openapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Find returns the operation that a request reaches. escaped is its path as it was sent.
func (d *Document) Find(method, escaped string) (Operation, bool) {
	path := strings.NewReplacer("%3A", ":", "%3a", ":").Replace(escaped)
	for _, o := range d.Operations {
		if o.Method == method && o.matches.MatchString(path) {
			return o, true
		}
	}
	return Operation{}, false
}

// Answer returns what is wrong with an answer to a request. Where the document has no such route,
// only an error is right, because that is what the gateway answers.
func (d *Document) Answer(method, escaped string, status int, header http.Header, body []byte) error {
	o, known := d.Find(method, escaped)
	if method == http.MethodHead && !known && status >= 400 {
		return nil // it has no body to look at
	}
	if err := d.answer(o, known, status, header, body); err != nil {
		return fmt.Errorf("%s %s: answer %d %s is not as the OpenAPI document says: %w", method, escaped, status, body, err)
	}
	return nil
}

func (d *Document) answer(o Operation, known bool, status int, header http.Header, body []byte) error {
	if got := header.Get("Content-Type"); got != "application/json" {
		return fmt.Errorf("content type %q", got)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	if !known {
		if status < 400 {
			return errors.New("there is no such route")
		}
		return d.refusal.Validate(v)
	}
	return o.Answered(status, v)
}

// Answered returns what is wrong with an answer of the operation: its status, its schema, or, of an
// error, a sentence that the document does not have.
func (o Operation) Answered(status int, body any) error {
	b, ok := o.Answers[status]
	if !ok {
		return fmt.Errorf("%s has no status %d", o.ID, status)
	}
	if err := b.Schema.Validate(body); err != nil || status == http.StatusOK {
		return err
	}
	got := sentence(body)
	if strings.HasPrefix(got, "3 invalid field ") && status == http.StatusBadRequest {
		return nil // whose field and value it names, no example can tell
	}
	for _, example := range b.Examples {
		if sentence(example) == got {
			return nil
		}
	}
	return fmt.Errorf("%s has no error %q with the status %d", o.ID, got, status)
}

// sentence is an error's code and message, without the column that it may name at its end.
func sentence(body any) string {
	o, _ := body.(object)
	code, _ := o["code"].(json.Number)
	said, _, _ := strings.Cut(fmt.Sprint(code, " ", o["message"]), " by this column: ")
	return said
}
