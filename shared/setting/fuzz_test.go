package setting

import (
	"net/url"
	"strconv"
	"testing"
)

// An address that is taken can be followed by a path and a query, as the links in mails are.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{
		"https://portal.roster.example", "http://127.0.0.1:8080/", "https://a.example/prefix/", "https://a.example/?x=y", "https://a.example/#x",
		"https://u:p@a.example", "//a.example", "https://", "https://:80", "ftp://a.example", "a.example", "https://a.example/%zz", "https://a.example?",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := Address(s)
		if !ok {
			return
		}
		if again, ok := Address(v); again != v || !ok {
			t.Fatalf("%q is taken as %q, and that as %q, %v", s, v, again, ok)
		}
		before, err := url.Parse(v)
		link, bad := url.Parse(v + "/activation?token=x")
		if err != nil || bad != nil || link.Host != before.Host || link.Path != before.Path+"/activation" || link.Query().Get("token") != "x" {
			t.Fatalf("%q makes the link %q, %v", s, link, bad)
		}
	})
}

func FuzzCount(f *testing.F) {
	for _, s := range []string{"0", "200", "-1", "+1", "1e3", "", " 1", "9223372036854775808", "0x10", "1_000", "007"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := count(s)
		if again, err := strconv.ParseInt(s, 10, 64); ok != (err == nil && again >= 0) || ok && int64(n) != again {
			t.Fatalf("%q is %d, %v", s, n, ok)
		}
	})
}
