package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"roster/shared/httpapi"
)

func opened(t *testing.T) *site {
	t.Helper()
	s, err := open(folder, `https://example.com/"terms"`)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var address = regexp.MustCompile(`(?:href|src)="([^"]+)"`)

func TestTheShellNamesFilesThatAreThereUnderTheBase(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for base, before := range map[string]string{"": "", "/prod": "/prod", `/a"b`: "/a&#34;b"} {
		shell := s.at(base)
		if shell.Headers["Cache-Control"] != "no-store" || shell.Headers["Content-Security-Policy"] != policy ||
			!strings.HasPrefix(shell.Headers["Strict-Transport-Security"], "max-age=") {
			t.Errorf("headers %v", shell.Headers)
		}
		if !strings.Contains(shell.Text, `<meta name="terms" content="https://example.com/&#34;terms&#34;">`) {
			t.Errorf("the shell does not say where the terms are: %s", shell.Text)
		}
		named := map[string]bool{}
		for _, found := range address.FindAllStringSubmatch(shell.Text, -1) {
			name, ok := strings.CutPrefix(found[1], before+"/assets/"+version+"/")
			if _, there := s.files[name]; !ok || !there {
				t.Errorf("base %q: the shell names %s", base, found[1])
			}
			named[name] = true
		}
		for name := range s.files {
			if kind := path.Ext(name); (kind == ".js" || kind == ".css") && !named[name] {
				t.Errorf("browsers have to find %s by themselves", name)
			}
		}
	}
}

var update = flag.Bool("update", false, "write version.go")

// hashed is the hash of all files of a site, served or not.
func hashed(t *testing.T, from fs.FS) string {
	t.Helper()
	hash := sha256.New()
	err := fs.WalkDir(from, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(from, name)
		fmt.Fprintf(hash, "%s\x00%s\x00", name, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

func TestTheVersionIsTheHashOfAllFiles(t *testing.T) {
	t.Parallel()
	want := hashed(t, folder)
	if *update {
		source, err := os.ReadFile("version.go")
		if err != nil {
			t.Fatal(err)
		}
		source = regexp.MustCompile(`"[0-9a-f]*"`).ReplaceAll(source, []byte(`"`+want+`"`))
		if err := os.WriteFile("version.go", source, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if version != want {
		t.Error("the site has changed: go test ./functions/portal -update")
	}
}

func TestEveryChangeIsAnotherVersion(t *testing.T) {
	t.Parallel()
	make := func(files ...string) fs.FS {
		from := fstest.MapFS{}
		for i := 0; i < len(files); i += 2 {
			from["site/"+files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
		}
		return from
	}
	one := make("shell.html", "ASSETS", "a/x.js", "1\n  // One.\n", "a/y.css", "2", "a/z.json", "3")
	for _, other := range []fs.FS{
		make("shell.html", "ASSETS", "a/x.js", "2", "a/y.css", "2", "a/z.json", "3"),
		make("shell.html", "ASSETS!", "a/x.js", "1", "a/y.css", "2", "a/z.json", "3"),
		make("shell.html", "ASSETS", "a/x.js", "1", "b/y.css", "2", "a/z.json", "3"),
		make("shell.html", "ASSETS", "a/x.js", "1a/y.css2", "a/z.json", "3"),
	} {
		if a, b := hashed(t, one), hashed(t, other); a == b || len(a) != 16 {
			t.Errorf("two sites have the version %s", a)
		}
	}
	s, err := open(one, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, served := s.file("a/z.json"); served || len(s.files) != 2 {
		t.Errorf("files %v", s.files)
	}
	if f, _ := s.file("a/x.js"); f.Text != "1\n" {
		t.Errorf("a module is sent as %q", f.Text)
	}
}

func TestFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for name := range s.files {
		f, ok := s.file(name)
		if !ok || f.Text == "" || f.Headers["Cache-Control"] != "public, max-age=31536000, immutable" || f.Headers["X-Content-Type-Options"] != "nosniff" ||
			f.Headers["Content-Type"] == "" || f.Headers["Strict-Transport-Security"] == "" || f.Headers["Vary"] != "Accept-Encoding" {
			t.Errorf("%s: headers %v", name, f.Headers)
		}
	}
}

func TestThePolicyAllowsNothingInline(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"unsafe", "*", "http", "nonce"} {
		if strings.Contains(policy, wrong) {
			t.Errorf("the policy has %q", wrong)
		}
	}
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
}

// limit is how much the whole page may take on its way, packed by the gateway, with the headers that
// this function gives it.
const limit = 60_000

func TestTheWholePageIsSmall(t *testing.T) {
	t.Parallel()
	s, sum := opened(t), 0
	all := []httpapi.File{s.at("")}
	for name := range s.files {
		if path.Ext(name) != ".txt" { // which the page does not load
			f, _ := s.file(name)
			all = append(all, f)
		}
	}
	for _, f := range all {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write([]byte(f.Text))
		_ = w.Close()
		sum += packed.Len()
		for name, value := range f.Headers {
			sum += len(name + ": " + value + "\r\n")
		}
	}
	if t.Logf("%d files, %d bytes packed", len(all), sum); sum > limit {
		t.Errorf("the page is %d bytes packed, at most %d", sum, limit)
	}
}

// What people called something must reach the page as text alone, and nothing may run that is not a file.
var forbidden = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval\(|new Function|javascript:|localStorage|document\.cookie|\bstyle=|\bon[a-z]+=`)

func TestThePagesOwnFilesAreShortAndPutInTextOnly(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(folder, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "site/vendor/") {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if found := forbidden.Find(text); found != nil {
			t.Errorf("%s has %s", name, found)
		}
		if n := bytes.Count(text, []byte("\n")); n > 400 {
			t.Errorf("%s has %d lines, at most 400 are read", name, n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsVendoredIsWhatVendorJSONSays(t *testing.T) {
	t.Parallel()
	raw, err := folder.ReadFile("site/vendor/vendor.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Name, Version, Licence, Integrity string
		Files                             map[string]string
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	licences, err := folder.ReadFile("site/vendor/licences.txt")
	known := map[string]bool{"vendor.json": true, "licences.txt": err == nil}
	for _, p := range all {
		if p.Licence == "" || !strings.HasPrefix(p.Integrity, "sha512-") || !strings.Contains(string(licences), p.Name+" "+p.Version+"\n") {
			t.Errorf("%+v", p)
		}
		for name, want := range p.Files {
			known[name] = true
			text, err := folder.ReadFile("site/vendor/" + name)
			if got := fmt.Sprintf("%x", sha256.Sum256(text)); err != nil || got != want {
				t.Errorf("%s is %s, and %s was vendored: %v; run make vendor", name, got, want, err)
			}
		}
	}
	files, err := folder.ReadDir("site/vendor")
	for _, f := range files {
		if !known[f.Name()] || err != nil {
			t.Errorf("nobody knows where %s comes from", f.Name())
		}
	}
}
