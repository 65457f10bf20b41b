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

// violations returns what axe-core finds wrong with what the tab shows.
func (b *tab) violations() []string {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatalf("%v; run npm ci --prefix scripts/browser", err)
	}
	if !ask[bool](b, "'axe' in window") {
		ask[bool](b, "(() => { "+script+"\n; return true })()")
	}
	return ask[[]string](b, `axe.run(document, {resultTypes: ["violations"]}).then((r) =>
		r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")))`)
}
