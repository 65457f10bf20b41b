package main

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"roster/shared/httpapi"
)

// A site is all that browsers get. Its files are one version together: the modules name each other by
// relative addresses, so that one hash in the path is the hash of each.
type site struct {
	version string
	files   map[string]httpapi.File // by folder/name
	shell   string                  // with ASSETS for where the files are
}

// types are the files that are served, by how their names end. Others, which say where files come
// from, are not.
func types() map[string]string {
	return map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	}
}

// policy lets the page run its own files and talk to its own origin, nothing else. The stylesheet's
// icons are data: within it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// open reads the site from below the folder site.
func open(from fs.FS) (*site, error) {
	s, hash := &site{files: map[string]httpapi.File{}}, sha256.New()
	err := fs.WalkDir(from, "site", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(from, name)
		hash.Write([]byte(name + "\x00" + string(text) + "\x00"))
		name = strings.TrimPrefix(name, "site/")
		if kind, ok := types()[path.Ext(name)]; ok {
			s.files[name] = httpapi.File{Headers: kept(kind), Text: string(text)}
		}
		if name == "shell.html" {
			s.shell = string(text)
		}
		return err
	})
	s.version = hex.EncodeToString(hash.Sum(nil))[:16]
	s.shell = strings.ReplaceAll(s.shell, "<!-- modules -->", s.preloads())
	return s, err
}

// kept are the headers of a file: its address is never another file's.
func kept(kind string) map[string]string {
	return map[string]string{
		"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
	}
}

// preloads names every module in the shell, so that browsers need not find one through another.
func (s *site) preloads() string {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if path.Ext(name) == ".js" {
			all.WriteString(`<link rel="modulepreload" href="ASSETS/` + name + "\">\n")
		}
	}
	return strings.TrimSuffix(all.String(), "\n")
}

// at returns the shell for those who reach the API below that path. It is asked for each time, and
// must not be left standing in a frame.
func (s *site) at(base string) httpapi.File {
	return httpapi.File{
		Text: strings.ReplaceAll(s.shell, "ASSETS", html.EscapeString(base)+"/assets/"+s.version),
		Headers: map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Content-Security-Policy": policy,
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		},
	}
}
