package ses

import (
	"crypto/rand"
	_ "embed"
	"io"
	"net/http"
	"strings"
)

// source is the inbox page. It holds no mail: its script fetches them and puts them in as text.
//
//go:embed page.html
var source string

// policy lets the page run its own script and talk to its own origin, nothing else. The frame that
// shows a mail inherits it, so that mails run no script and load nothing; their inline styles, and
// for their sake the page's, are allowed.
const policy = "default-src 'none'; script-src 'nonce-NONCE'; style-src 'unsafe-inline'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func page(w http.ResponseWriter, _ *http.Request) {
	nonce := rand.Text()
	header := w.Header()
	header.Set("Content-Security-Policy", strings.ReplaceAll(policy, "NONCE", nonce))
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, strings.ReplaceAll(source, "NONCE", nonce)) // the other side may be gone
}
