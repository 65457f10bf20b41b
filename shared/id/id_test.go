package id_test

import (
	"crypto/sha256"
	"encoding/base64"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"roster/shared/id"
)

const canonical = "0f8fad5b-d9cb-469f-a165-70867728950e"

func TestParse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"the canonical form":                   {canonical, canonical},
		"capitals become small":                {strings.ToUpper(canonical), canonical},
		"nothing":                              {"", ""},
		"a URN":                                {"urn:uuid:" + canonical, ""},
		"braces":                               {"{" + canonical + "}", ""},
		"no hyphens":                           {strings.ReplaceAll(canonical, "-", ""), ""},
		"hyphens elsewhere":                    {"0f8fad5bd-9cb-469f-a165-70867728950e", ""},
		"36 hexadecimal digits and no hyphens": {strings.Repeat("a", 36), ""},
		"a digit that is none":                 {"0f8fad5b-d9cb-469f-a165-70867728950g", ""},
		"a digit too few":                      {canonical[:35], ""},
		"a digit too many":                     {canonical + "0", ""},
		"space around":                         {" " + canonical[:34] + " ", ""},
		"a verb behind it":                     {canonical + ":leave", ""},
		"36 bytes that are fewer letters":      {"0f8fad5b-d9cb-469f-a165-7086772895é", ""},
		"a word":                               {"inventory", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := id.Parse(c.in)
			if ok != (c.want != "") || ok && got != c.want {
				t.Errorf("Parse(%q) = %q, %v; want %q", c.in, got, ok, c.want)
			}
		})
	}
}

func TestANewIDIsCanonicalAndUnlikeTheLast(t *testing.T) {
	t.Parallel()
	a, b := id.New(), id.New()
	if got, ok := id.Parse(a); !ok || got != a || a == b {
		t.Errorf("%q, %q", a, b)
	}
}

func TestOnlyItsOwnSecretOpensAHash(t *testing.T) {
	t.Parallel()
	a, b := id.NewSecret(), id.NewSecret()
	switch {
	case a == b:
		t.Error("two secrets are the same")
	case !a.Opens(a.Hash()) || a.Opens(b.Hash()) || b.Opens(a.Hash()):
		t.Error("a secret must open its own hash and no other")
	case a.Opens(""), a.Opens(a.Hash()[:42]), a.Opens(a.Hash() + "A"), (id.Secret{}).Opens(""):
		t.Error("a hash that is cut, longer or absent opens to nobody")
	}
}

func TestOneBitMakesAnotherSecret(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := id.NewSecret()
		other := s
		other[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if other.Opens(s.Hash()) {
			t.Fatal("it opens")
		}
	})
}

func TestAHashIsTheSHA256AndTellsNothingElse(t *testing.T) {
	t.Parallel()
	s := id.Secret{1, 2, 3}
	sum := sha256.Sum256(s[:])
	if want := base64.RawURLEncoding.EncodeToString(sum[:]); string(s.Hash()) != want {
		t.Errorf("Hash = %q, want %q", s.Hash(), want)
	}
}

// What a comparison takes cannot be measured here without a clock, so its means is held instead.
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	t.Parallel()
	for file, needs := range map[string]string{"id.go": "crypto/subtle"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, i := range f.Imports {
			found = found || i.Path.Value == `"`+needs+`"`
		}
		if !found {
			t.Errorf("%s does without %s", file, needs)
		}
	}
}
