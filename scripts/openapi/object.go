package main

import (
	"bytes"
	"encoding/json"
)

// An object is a JSON object that keeps the order in which it is written down.
type object []field

type field struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	text.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			text.WriteByte(',')
		}
		if err := enc.Encode(f.name); err != nil {
			return nil, err
		}
		text.WriteByte(':')
		if err := enc.Encode(f.value); err != nil {
			return nil, err
		}
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}

// ref points to a component.
func ref(kind, name string) object { return object{{"$ref", "#/components/" + kind + "/" + name}} }

// with returns o and more behind it.
func (o object) with(more ...field) object { return append(o[:len(o):len(o)], more...) }
