package main

import (
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
	from  fs.FS
	files map[string]string // content type, by folder/name
	shell string            // with ASSETS for where the files are
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

// open looks at what is below the folder site. It reads nothing but the shell: to read all files took a
// fifth of the function's start.
func open(from fs.FS) (*site, error) {
	s, types := &site{from: from, files: map[string]string{}}, types()
	err := fs.WalkDir(from, "site", func(name string, d fs.DirEntry, err error) error {
		if kind, ok := types[path.Ext(name)]; ok && err == nil && !d.IsDir() {
			s.files[strings.TrimPrefix(name, "site/")] = kind
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	shell, err := fs.ReadFile(from, "site/shell.html")
	s.shell = strings.ReplaceAll(string(shell), "<!-- modules -->", s.preloads())
	return s, err
}

// file returns one of the site's files. ok is false where there is none of that name.
func (s *site) file(name string) (f httpapi.File, ok bool) {
	kind, ok := s.files[name]
	if !ok {
		return httpapi.File{}, false
	}
	text, err := fs.ReadFile(s.from, "site/"+name)
	return httpapi.File{Headers: kept(kind), Text: string(text)}, err == nil
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
		Text: strings.ReplaceAll(s.shell, "ASSETS", html.EscapeString(base)+"/assets/"+version),
		Headers: map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "Content-Security-Policy": policy,
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		},
	}
}
