package browser

import (
	"os"
	"sync"
)

// axe is the checker, which npm brings.
var axe = sync.OnceValues(func() (string, error) {
	raw, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	return string(raw), err
})

// violations returns what axe-core finds wrong with what the tab shows, by these rules or by all.
func (b *tab) violations(rules []string) []string {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatalf("%v; run npm ci --prefix scripts/browser", err)
	}
	if !ask[bool](b, "'axe' in window") {
		ask[bool](b, "(() => { "+script+"\n; return true })()")
	}
	options := map[string]any{"resultTypes": []string{"violations"}}
	if len(rules) > 0 {
		options["runOnly"] = rules
	}
	return ask[[]string](b, "axe.run(document, "+quoted(options)+`).then((r) =>
		r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")))`)
}
