package customer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A cell is one field of a record. ServiceNow writes text, or an object with the value, how it is
// displayed, and for a reference a link; null is "".
type cell struct{ value, display string }

// UnmarshalJSON takes every shape that a cell has, and nothing else: the Table API writes numbers and
// flags as text.
func (c *cell) UnmarshalJSON(raw []byte) error {
	*c = cell{}
	switch raw[0] {
	case 'n': // null
		return nil
	case '"':
		err := json.Unmarshal(raw, &c.value)
		c.display = c.value
		return err
	case '{':
		var full struct {
			Value   *string `json:"value"`
			Display *string `json:"display_value"`
		}
		if json.Unmarshal(raw, &full) != nil {
			return errNoCell
		}
		if full.Value != nil {
			c.value, c.display = *full.Value, *full.Value
		}
		if full.Display != nil && *full.Display != "" {
			c.display = *full.Display
		}
		return nil
	}
	return errNoCell
}

// errNoCell does not repeat what the CRM wrote, which encoding/json's own errors may.
var errNoCell = errors.New("a field is neither text nor a value with its display")

// A record is what the CRM knows of one thing. Fields that it does not have, or does not show to us,
// are absent.
type record map[string]cell

// has reports whether the CRM said anything of the field, and be it that it is empty.
func (r record) has(f Field) bool {
	_, ok := r[string(f)]
	return ok
}

// value is the field as the database has it, "" when it is absent.
func (r record) value(f Field) string { return r[string(f)].value }

// shown is the field as people see it.
func (r record) shown(f Field) string { return r[string(f)].display }

// orNil is the field as people see it, nil when there is nothing to see.
func (r record) orNil(f Field) *string {
	if s := r.shown(f); s != "" {
		return &s
	}
	return nil
}

// needs says which of the fields the CRM did not answer with: the mapping is wrong, or the credential
// may not see them.
func (r record) needs(fields ...Field) error {
	for _, f := range fields {
		if !r.has(f) {
			return fmt.Errorf("a record has no %s", f)
		}
	}
	return nil
}

// flag reads a true/false field; nil when it is empty.
func (r record) flag(f Field) (*bool, error) {
	var b bool
	switch strings.ToLower(r.value(f)) {
	case "":
		return nil, nil
	case "true", "1":
		b = true
	case "false", "0":
	default:
		return nil, fmt.Errorf("%s is neither true nor false", f)
	}
	return &b, nil
}

// is reports whether a true/false field is set.
func (r record) is(f Field) (bool, error) {
	b, err := r.flag(f)
	return b != nil && *b, err
}

// instant reads a date or a date and time, which ServiceNow keeps in UTC; zero when it is empty.
func (r record) instant(f Field) (time.Time, error) {
	s := r.value(f)
	for _, layout := range []string{time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if s == "" {
		return time.Time{}, nil
	}
	return time.Time{}, fmt.Errorf("%s is no date", f)
}

// list reads a list as people see it: "A, B".
func (r record) list(f Field) []string {
	all := []string{}
	for part := range strings.SplitSeq(r.shown(f), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
