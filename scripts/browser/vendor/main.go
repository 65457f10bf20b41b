// Command vendor copies into functions/portal what the page takes from npm, out of
// scripts/browser/node_modules, and notes there what each file is: version, licence, the package's
// hash as npm has it, and the file's own. It is `make vendor`.
package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Where things are, from the module's root.
const (
	from = "scripts/browser"
	to   = "functions/portal/site/vendor"
)

// A source is one package, and the files that are taken of it by the names that they get.
type source struct {
	name  string
	files map[string]string
}

func sources() []source {
	return []source{
		{"@picocss/pico", map[string]string{"pico.css": "css/pico.min.css"}},
		{"htm", map[string]string{"htm.js": "dist/htm.module.js"}},
		{"preact", map[string]string{"preact.js": "dist/preact.mjs", "hooks.js": "hooks/dist/hooks.mjs"}},
	}
}

// A taken package is what vendor.json says of it.
type taken struct {
	Name      string            `json:"name"`
	Version   string            `json:"version"`
	Licence   string            `json:"licence"`
	Integrity string            `json:"integrity"` // of the package, as npm's lock file has it
	Files     map[string]string `json:"files"`     // SHA-256 of each file, as it lies here
}

func main() {
	if err := run(); err != nil {
		log.Fatal("vendor: ", err)
	}
}

func run() error {
	var lock struct {
		Packages map[string]struct{ Version, Integrity, License string }
	}
	if err := read(filepath.Join(from, "package-lock.json"), &lock); err != nil {
		return err
	}
	var all []taken
	var licences strings.Builder
	for _, s := range sources() {
		locked := lock.Packages["node_modules/"+s.name]
		t := taken{s.name, locked.Version, locked.License, locked.Integrity, map[string]string{}}
		if err := s.take(&t, &licences); err != nil {
			return err
		}
		all = append(all, t)
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return cmp.Or(write("vendor.json", string(text)+"\n"), write("licences.txt", licences.String()))
}

func read(path string, v any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%w; run npm ci --prefix %s", err, from)
	}
	return json.Unmarshal(raw, v)
}

func write(name, text string) error {
	return os.WriteFile(filepath.Join(to, name), []byte(text), 0o644)
}

// take copies the files of one package, and its licence behind the others.
func (s source) take(t *taken, licences *strings.Builder) error {
	folder := filepath.Join(from, "node_modules", s.name)
	var own struct{ Version string }
	if err := read(filepath.Join(folder, "package.json"), &own); err != nil {
		return err
	}
	if own.Version != t.Version {
		return fmt.Errorf("%s is %s, and locked is %s; run npm ci --prefix %s", s.name, own.Version, t.Version, from)
	}
	for name, file := range s.files {
		raw, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			return err
		}
		text := fit(string(raw), t)
		t.Files[name] = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		if err := write(name, text); err != nil {
			return err
		}
	}
	matches, err := filepath.Glob(filepath.Join(folder, "LICENSE*"))
	if err != nil || len(matches) != 1 {
		return fmt.Errorf("%s: licences %q, %w", s.name, matches, err)
	}
	licence, err := os.ReadFile(matches[0])
	fmt.Fprintf(licences, "%s %s\n\n%s\n\n", t.Name, t.Version, strings.TrimSpace(string(licence)))
	return err
}

var (
	sourceMap = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*\n?`)
	charset   = `@charset "UTF-8";`
)

// fit makes a file one that a browser loads by itself: it says what it is, names what it imports by
// address, as no import map may stand in the page, and no source map, which is not there.
func fit(text string, t *taken) string {
	text = sourceMap.ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, `from"preact"`, `from"./preact.js"`)
	head := fmt.Sprintf("/*! %s %s, %s: licences.txt */\n", t.Name, t.Version, t.Licence)
	if rest, ok := strings.CutPrefix(text, charset); ok { // it must come first
		return charset + head + strings.TrimRight(rest, "\n") + "\n"
	}
	return head + strings.TrimRight(text, "\n") + "\n"
}
