// Package setting reads a function's configuration from its environment, at start only. What is
// missing or malformed ends the process with the name of the variable, so that a wrong deployment
// fails at its first start and not at its first use.
package setting

import (
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Text returns a variable that must be set and not be empty.
func Text(name string) string {
	v := os.Getenv(name)
	if v == "" {
		Refuse(name, "is not set")
	}
	return v
}

// Count returns a variable that must be a whole number from 0.
func Count(name string) int {
	n, ok := count(Text(name))
	if !ok {
		Refuse(name, "must be a whole number from 0")
	}
	return n
}

func count(v string) (n int, ok bool) {
	n, err := strconv.Atoi(v)
	return n, err == nil && n >= 0
}

// Seconds returns a variable that must be a whole number of seconds from 0.
func Seconds(name string) time.Duration { return time.Duration(Count(name)) * time.Second }

// OneOf returns a variable that must be one of the values.
func OneOf(name string, values ...string) string {
	v := Text(name)
	for _, allowed := range values {
		if v == allowed {
			return v
		}
	}
	Refuse(name, "must be one of "+strings.Join(values, ", "))
	return ""
}

// URL returns a variable that must be an absolute http or https address which a path can follow; a
// slash at its end is cut.
func URL(name string) string {
	v, ok := Address(Text(name))
	if !ok {
		Refuse(name, "must be an absolute http or https address, without query or fragment")
	}
	return v
}

// Address returns v as URL does, and whether URL takes it.
func Address(v string) (cut string, ok bool) {
	cut = strings.TrimRight(v, "/")
	u, err := url.Parse(cut)
	return cut, err == nil && u.Hostname() != "" && u.User == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		!strings.ContainsAny(cut, "?#")
}

// Refuse ends the process because of a variable.
func Refuse(name, why string) {
	slog.Error("bad setting", "variable", name, "problem", why)
	os.Exit(1)
}
