package pmm_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"roster/shared/fault"
	"roster/shared/pmm"
)

const client = "0f8fad5b-d9cb-469f-a165-70867728950e.pmm-1"

// Whatever a client calls itself, what is taken is told again as it came.
func FuzzParseClient(f *testing.F) {
	for _, s := range []string{client, strings.ToUpper(client), client[:36], client[:37], "x" + client, client + "/", "." + client, ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := pmm.ParseClient(s); ok && c.String() != s {
			t.Fatalf("%q is %+v, %v", s, c, ok)
		}
	})
}

func FuzzParseServerID(f *testing.F) {
	for _, s := range []string{"pmm-1", "A.b_C-9", strings.Repeat("a", 128), strings.Repeat("a", 129), "", "a b", "é", "a\n", "a#b", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := pmm.ParseServerID(s)
		good := 0 < len(s) && len(s) <= 128 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == "" && url.PathEscape(s) == s
		if refused(t, err); good != (err == nil) || err == nil && string(id) != s {
			t.Fatalf("%q is %q, %v", s, id, err)
		}
	})
}

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"Monitoring", "  a  ", "", " ", "a\x00", strings.Repeat("é", 256), strings.Repeat("é", 257), "\u2028", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := pmm.ParseName(s)
		if refused(t, err); err != nil {
			return
		}
		if name == "" || strings.TrimSpace(s) != name || utf8.RuneCountInString(name) > 256 || strings.ContainsFunc(name, unicode.IsControl) {
			t.Fatalf("%q is %q", s, name)
		}
	})
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{
		"https://pmm.example/graph", "http://localhost:8080", "https://[::1]:443/", "https://user:word@pmm.example", "javascript:alert(1)", "//pmm.example",
		"https://", "https://:443", "https://pmm.example:0", "https://pmm.example:99999", "https://pmm.example/\u202e", "HTTPS://PMM.example", "https://%zz", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := pmm.ParseURL("PmmServerUrl", s)
		if refused(t, err); err != nil {
			return
		}
		u, err := url.Parse(got)
		if err != nil || got != s || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q is %q, %v", s, got, err)
		}
	})
}

// refused holds an error to one that a caller is told of.
func refused(t *testing.T, err error) {
	t.Helper()
	var known *fault.Error
	if err != nil && (!errors.As(err, &known) || known.Kind != fault.Invalid) {
		t.Fatal(err)
	}
}
