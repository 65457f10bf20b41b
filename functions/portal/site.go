package main

import (
	"html"
	"io/fs"
	"maps"
	"path"
	"regexp"
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

// open looks at what is below the folder site, whose pages link to the terms of service. It reads nothing but the shell: to read all files took a
// fifth of the function's start.
func open(from fs.FS, terms string) (*site, error) {
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
	s.shell = strings.NewReplacer("<!-- modules -->", s.preloads(), "TERMS", html.EscapeString(terms)).Replace(string(shell))
	return s, err
}

// file returns one of the site's files. ok is false where there is none of that name.
func (s *site) file(name string) (f httpapi.File, ok bool) {
	kind, ok := s.files[name]
	if !ok {
		return httpapi.File{}, false
	}
	text, err := fs.ReadFile(s.from, "site/"+name)
	return httpapi.File{Headers: kept(kind), Text: remarks.ReplaceAllString(string(text), "")}, err == nil
}

// remarks are the comments of the page's own modules, which are a tenth of all that goes to browsers.
var remarks = regexp.MustCompile(`(?m)^ *//.*\n`)

// secure are the headers that all answers to browsers have. The second counts over https alone.
func secure(more map[string]string) map[string]string {
	all := map[string]string{"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000"}
	maps.Copy(all, more)
	return all
}

// kept are the headers of a file: its address is never another file's.
func kept(kind string) map[string]string {
	return secure(map[string]string{
		"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding",
	})
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

// at returns the shell for those who reach the API below that path. It is kept by nobody, as the address
// that it comes from may hold the token of an invitation, and stands in no frame.
func (s *site) at(base string) httpapi.File {
	return httpapi.File{
		Text: strings.ReplaceAll(s.shell, "ASSETS", html.EscapeString(base)+"/assets/"+version),
		Headers: secure(map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Content-Security-Policy": policy,
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		}),
	}
}
