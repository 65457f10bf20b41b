package customer

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errUnaskable says that a value cannot be part of a query.
var errUnaskable = errors.New("the value cannot be part of a query")

// An encoded query is conditions <field><operator><value> joined by ^ (and), ^OR and ^NQ (a new
// query, or), and ServiceNow documents no way to write a ^ that is meant: it ends the value. A value
// that begins with javascript: is run. So a value is taken as it is or not at all.

// isAskable reports whether a value means itself in a query.
func isAskable(value string) bool {
	trimmed := strings.TrimSpace(value)
	return trimmed != "" && utf8.ValidString(value) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r == '^' || unicode.IsControl(r) || unicode.Is(unicode.Z, r) && r != ' ' }) &&
		!strings.HasPrefix(strings.ToLower(trimmed), "javascript:")
}

// equals returns the condition that f has one of the values; errUnaskable if one cannot be asked for.
func equals(f Field, values ...string) (string, error) {
	alternatives := make([]string, len(values))
	for i, v := range values {
		if !isAskable(v) {
			return "", errUnaskable
		}
		alternatives[i] = string(f) + "=" + v
	}
	return strings.Join(alternatives, "^OR"), nil
}

// oldestFirst and newestFirst order a query's answer so that its pages neither overlap nor miss.
func oldestFirst(created Field) string { return "^ORDERBY" + string(created) + "^ORDERBYsys_id" }

func newestFirst(created Field) string { return "^ORDERBYDESC" + string(created) + "^ORDERBYsys_id" }
