package account_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"roster/shared/account"
)

// long returns an address of n bytes under .example.
func long(n int) string {
	const tail = ".example"
	rest := n - len("ann@") - len(tail)
	var labels []string
	for rest > 63 {
		labels = append(labels, strings.Repeat("a", 60))
		rest -= 61
	}
	return "ann@" + strings.Join(append(labels, strings.Repeat("b", rest)), ".") + tail
}

func TestAnAddressIsTakenAsItWasWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want, normalized, mailable string }{
		"a plain one":                                                {"ann@example.com", "ann@example.com", "ann@example.com", "ann@example.com"},
		"its letter case is kept":                                    {"Ann.Lee@Example.COM", "Ann.Lee@Example.COM", "ann.lee@example.com", "Ann.Lee@Example.COM"},
		"space around it is trimmed":                                 {" \tann@example.com\r\n", "ann@example.com", "ann@example.com", "ann@example.com"},
		"a plus and a tag belong to it":                              {"ann+roster@example.com", "ann+roster@example.com", "ann+roster@example.com", "ann+roster@example.com"},
		"every mark that needs no quotes":                            {"a!#$%&'*+-/=?^_`{|}~b@example.com", "a!#$%&'*+-/=?^_`{|}~b@example.com", "a!#$%&'*+-/=?^_`{|}~b@example.com", "a!#$%&'*+-/=?^_`{|}~b@example.com"},
		"a domain in its own letters":                                {"Ann@Bücher.example", "Ann@Bücher.example", "ann@xn--bcher-kva.example", "Ann@xn--bcher-kva.example"},
		"the same domain in IDNA form":                               {"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
		"a domain in full-width letters":                             {"ann@ｅｘａｍｐｌｅ.com", "ann@ｅｘａｍｐｌｅ.com", "ann@example.com", "ann@example.com"},
		"a zero-width space in the domain, which counts for nothing": {"ann@exa\u200bmple.com", "ann@exa\u200bmple.com", "ann@example.com", "ann@example.com"},
		"a host without a dot":                                       {"ann@localhost", "ann@localhost", "ann@localhost", "ann@localhost"},
		"254 bytes":                                                  {long(254), long(254), long(254), long(254)},
		"a local part of one letter, and digits":                     {"1@2.example", "1@2.example", "1@2.example", "1@2.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := account.ParseAddress(c.in)
			if err != nil || string(a) != c.want {
				t.Fatalf("ParseAddress(%q) = %q, %v; want %q", c.in, a, err, c.want)
			}
			if a.Normalized() != c.normalized || a.Mailable() != c.mailable {
				t.Errorf("normalized %q, mailable %q; want %q, %q", a.Normalized(), a.Mailable(), c.normalized, c.mailable)
			}
		})
	}
}

func TestWhatIsNotOnePlainAddressIsRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":                                     "",
		"only space":                                  "  ",
		"no at sign":                                  "ann.example.com",
		"no local part":                               "@example.com",
		"no domain":                                   "ann@",
		"two at signs":                                "ann@lee@example.com",
		"two addresses":                               "ann@example.com, bob@example.com",
		"a group":                                     "all: ann@example.com;",
		"a display name":                              "Ann <ann@example.com>",
		"angle brackets alone":                        "<ann@example.com>",
		"a comment behind":                            "ann@example.com (Ann)",
		"a comment in front":                          "(Ann)ann@example.com",
		"a quoted local part":                         `"ann"@example.com`,
		"a quoted local part with a space":            `"ann lee"@example.com`,
		"a space in the local part":                   "ann lee@example.com",
		"a space around the at sign":                  "ann @ example.com",
		"two dots in a row":                           "ann..lee@example.com",
		"a dot in front":                              ".ann@example.com",
		"a dot before the at sign":                    "ann.@example.com",
		"a header behind a line break":                "ann@example.com\r\nBcc: bob@example.com",
		"a line break inside":                         "ann@exam\nple.com",
		"a folded line":                               "ann@example.com\r\n bob",
		"a NUL":                                       "ann\x00@example.com",
		"a local part that is not ASCII":              "änn@example.com",
		"a local part in full-width letters":          "ａnn@example.com",
		"a domain literal":                            "ann@[192.0.2.1]",
		"an IPv6 literal":                             "ann@[IPv6:2001:db8::1]",
		"two dots in the domain":                      "ann@example..com",
		"an ideographic full stop beside a dot":       "ann@example。.com",
		"a domain that ends in an ideographic stop":   "ann@example.com。",
		"a domain that ends in a dot":                 "ann@example.com.",
		"a domain that begins with a hyphen":          "ann@-example.com",
		"an underscore in the domain":                 "ann@exa_mple.com",
		"a full-width at sign in the domain":          "ann@evil＠example.com",
		"a label that claims to be IDNA and is not":   "ann@xn--a.example",
		"a label over 63 bytes":                       "ann@" + strings.Repeat("a", 64) + ".example",
		"a label over 63 bytes in IDNA form only":     "ann@" + strings.Repeat("ü", 60) + ".example",
		"255 bytes":                                   long(255),
		"254 bytes that grow over it in IDNA form":    growing(254),
		"over 254 bytes, and fewer of them in ASCII":  shrinking(),
		"bytes that are not UTF-8 in the domain":      "ann@ex\xffample.com",
		"bytes that are not UTF-8 in the local part":  "a\xffnn@example.com",
		"a right-to-left override in the domain":      "ann@\u202eexample.com",
		"a mailto link":                               "mailto:ann@example.com",
		"an address in an encoded word":               "=?utf-8?q?ann?= <ann@example.com>",
		"a source route":                              "@relay.example:ann@example.com",
		"an obsolete local part of atoms and comment": "ann(x).lee@example.com",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a, err := account.ParseAddress(in); !errors.Is(err, account.ErrAddress) || a != "" {
				t.Errorf("ParseAddress(%q) = %q, %v; want ErrAddress", in, a, err)
			}
		})
	}
}

// growing returns an address of n bytes or one fewer whose IDNA form is longer.
func growing(n int) string {
	const label = "éaéaéaéa." // 13 bytes, 8 letters; more in Punycode
	s := "ann@" + strings.Repeat(label, 30)
	return s[:n-len(".example")-(n-len(".example"))%13+4] + "example"
}

// shrinking returns an address of over 254 bytes whose IDNA form has fewer: full-width letters are
// three bytes each, and ASCII there.
func shrinking() string {
	return "ann@" + strings.Repeat("ａｂｃｄｅｆｇｈ.", 10) + "example"
}

func TestTheOddAddressesOfTheseTestsAreWhatTheySay(t *testing.T) {
	t.Parallel()
	grows, shrinks := account.Address(growing(254)), account.Address(shrinking())
	if n := len(grows); n > 254 || len(grows.Mailable()) <= 254 {
		t.Errorf("growing: %d bytes, %d in IDNA form", n, len(grows.Mailable()))
	}
	if n := len(shrinks); n <= 254 || len(shrinks.Mailable()) > 254 {
		t.Errorf("shrinking: %d bytes, %d in IDNA form", n, len(shrinks.Mailable()))
	}
	for _, n := range []int{254, 255} {
		if len(long(n)) != n {
			t.Errorf("long(%d) has %d bytes", n, len(long(n)))
		}
	}
}

// addresses draws addresses as people write them: any letter case, domains in any script.
func addresses() *rapid.Generator[account.Address] {
	return rapid.Custom(func(t *rapid.T) account.Address {
		local := rapid.StringMatching(`[A-Ca-c0-1]{1,3}([.+_-][A-Ca-c]{1,2})?`).Draw(t, "local")
		domain := rapid.StringMatching(`([A-Ca-cÄäßçñⒶａＡб中]{1,3}|xn--bcher-kva|XN--BCHER-KVA)([.。．](com|COM|Example)){1,2}`).Draw(t, "domain")
		a, err := account.ParseAddress(local + "@" + domain)
		if err != nil {
			t.Skip("no address: ", local+"@"+domain)
		}
		return a
	})
}

func TestNormalizingTwiceIsNormalizingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := addresses().Draw(t, "address")
		once := a.Normalized()
		if twice := account.Address(once).Normalized(); twice != once {
			t.Fatalf("%q, %q, %q", a, once, twice)
		}
		if !a.Same(account.Address(once)) || !a.Same(account.Address(a.Mailable())) {
			t.Fatalf("%q is not the same as its own forms %q and %q", a, once, a.Mailable())
		}
	})
}

func TestBeingTheSameAddressIsAnEquivalence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := addresses().Draw(t, "a"), addresses().Draw(t, "b"), addresses().Draw(t, "c")
		switch {
		case !a.Same(a):
			t.Fatalf("%q is not itself", a)
		case a.Same(b) != b.Same(a):
			t.Fatalf("%q and %q are the same one way only", a, b)
		case a.Same(b) && b.Same(c) && !a.Same(c):
			t.Fatalf("%q, %q and %q are the same in a row, the first and last are not", a, b, c)
		}
	})
}

func TestEveryFormOfAnAddressIsOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		formsParse(t, addresses().Draw(t, "address"))
	})
}

// formsParse holds a parsed address to being one in each form that it is shown, sent to or keyed by.
func formsParse(t interface{ Fatalf(string, ...any) }, a account.Address) {
	for _, form := range []string{string(a), a.Normalized(), a.Mailable()} {
		again, err := account.ParseAddress(form)
		if err != nil || string(again) != form {
			t.Fatalf("%q: its form %q parses as %q, %v", a, form, again, err)
		}
		if len(form) > 254 {
			t.Fatalf("%q: %d bytes", form, len(form))
		}
	}
}

func TestWhoWritesAnAddressDifferentlyIsTheSamePerson(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b account.Address
		same bool
	}{
		"letter case":                    {"Ann@Example.com", "aNN@eXAMPLE.COM", true},
		"a domain and its IDNA form":     {"ann@bücher.example", "ANN@XN--BCHER-KVA.example", true},
		"letter case beyond ASCII":       {"ann@BÜCHER.example", "ann@bücher.example", true},
		"a composed letter":              {"ann@bu\u0308cher.example", "ann@bücher.example", true},
		"a tag makes somebody else":      {"ann+a@example.com", "ann@example.com", false},
		"dots make somebody else":        {"a.nn@example.com", "ann@example.com", false},
		"another domain is another":      {"ann@example.com", "ann@example.org", false},
		"a look-alike letter is another": {"ann@bücher.example", "ann@bucher.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.a.Same(c.b); got != c.same {
				t.Errorf("%q and %q: same = %v", c.a, c.b, got)
			}
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"ann@example.com", " Ann+x@Bücher.example ", "Ann <ann@example.com>", `"a b"@c`, "a@[1.2.3.4]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := account.ParseAddress(s)
		if err != nil {
			if !errors.Is(err, account.ErrAddress) || a != "" {
				t.Fatalf("%q: %q, %v", s, a, err)
			}
			return
		}
		if string(a) != strings.TrimSpace(s) || strings.ContainsAny(string(a), " \t\r\n<>\"(),;\x00") {
			t.Fatalf("%q was taken as %q", s, a)
		}
		formsParse(t, a)
	})
}
