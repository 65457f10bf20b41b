package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"roster/scripts/local/cloud/cloudtest"
)

//go:embed page.js
var helpers string

// patience is how long a tab is given to get somewhere. Whoever waits for less has nothing to wait for.
const patience = time.Minute

// A tab is one browser of its own: nothing of it is known in another.
type tab struct {
	t   *testing.T
	c   *cloudtest.Cloud
	ctx context.Context

	forgive string // part of the address of what is not to arrive

	mu     sync.Mutex
	errors []string // what the browser complained about
}

// open returns a fresh tab at a path of the portal. The test fails when the browser complains about
// anything, of which breaking the page's policy is a part.
func open(t *testing.T, c *cloudtest.Cloud, path string) *tab {
	t.Helper()
	b := blank(t, c)
	b.visit(path)
	return b
}

func blank(t *testing.T, c *cloudtest.Cloud) *tab {
	t.Helper()
	if program() == "" {
		t.Skipf("there is none of %q here: the portal is not tried in a browser", programs)
	}
	browser, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{t: t, c: c, ctx: ctx}
	b.do()
	go b.listen(chromedp.Console(ctx))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, e := range b.errors {
			t.Errorf("the browser complains: %s", e)
		}
		if t.Failed() {
			b.picture()
		}
	})
	return b
}

// listen keeps what the browser complains about. That the API refused something, which Chromium reports
// as an error too, is none.
func (b *tab) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return // the tab is closed
		}
		refused := m.Source == "network" && strings.Contains(m.URL, "/v1/") || b.forgive != "" && strings.Contains(m.URL+m.String(), b.forgive)
		if !refused && slices.Contains([]chromedp.ConsoleType{chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException}, m.Type) {
			b.mu.Lock()
			b.errors = append(b.errors, fmt.Sprintf("%s (%s)", m, m.URL))
			b.mu.Unlock()
		}
	}
}

// do runs steps in the tab.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// visit goes to a path of the portal's address, as if it had been typed.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.c.URL + path))
}

func (b *tab) reload() {
	b.t.Helper()
	b.do(chromedp.Reload())
}

// ask evaluates a script in the page. The helpers are called page in it.
func ask[T any](b *tab, script string) T {
	b.t.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](
		"(() => { const page = "+helpers+"; return "+script+"; })()", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return answer
}

func quoted(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// until waits for a script to be true.
func (b *tab) until(what, script string) {
	b.t.Helper()
	for end := time.Now().Add(patience); !ask[bool](b, script); time.Sleep(15 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("%s: never\n%s", what, ask[string](b, "location.href + '\\n' + document.body.innerText"))
		}
	}
}

// see waits until people can read one of the texts: in the dialog, where one is open, and what was said
// last without scrolling to it.
func (b *tab) see(texts ...string) {
	b.t.Helper()
	b.until("see "+strings.Join(texts, " or "), quoted(texts)+".some((text) => page.sees(text))")
}

// miss waits until the text is gone.
func (b *tab) miss(text string) {
	b.t.Helper()
	b.until("miss "+text, "!page.sees("+quoted(text)+")")
}

// arrive waits for a page by its heading, which has the focus then.
func (b *tab) arrive(heading string) {
	b.t.Helper()
	b.until("arrive at "+heading, "page.heading() === "+quoted(heading))
	b.until("the heading has the focus", "page.headingHasFocus()")
}

// offers says whether there is a button or link of that name.
func (b *tab) offers(name string) bool {
	b.t.Helper()
	return ask[int](b, "page.count('press', "+quoted(name)+")") > 0
}

// press clicks a button or link by its name, where people would.
func (b *tab) press(name string) {
	b.t.Helper()
	b.click("press", name, 0)
}

// fill types into the field of that label, over what is in it.
func (b *tab) fill(label, text string) {
	b.t.Helper()
	b.fillAt(label, 0, text)
}

func (b *tab) fillAt(label string, n int, text string) {
	b.t.Helper()
	b.click("field", label, n)
	ask[bool](b, "document.activeElement.select() ?? true")
	if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		b.t.Fatal(err)
	}
	b.until("typed into "+label, fmt.Sprintf("page.value(%s, %d) === %s", quoted(label), n, quoted(text)))
}

// choose picks one of a field's options by its value.
func (b *tab) choose(label string, n int, value string) {
	b.t.Helper()
	b.until("choose "+value, fmt.Sprintf("page.choose(%s, %d, %s)", quoted(label), n, quoted(value)))
}

// tick clicks a box by its label.
func (b *tab) tick(label string) {
	b.t.Helper()
	b.click("field", label, 0)
}

// click clicks the nth of them where it is. One that moved away before the click came is clicked again,
// as people would.
func (b *tab) click(kind, name string, n int) {
	b.t.Helper()
	script := fmt.Sprintf("page.at(%s, %s, %d)", quoted(kind), quoted(name), n)
	for end := time.Now().Add(patience); ; time.Sleep(15 * time.Millisecond) {
		at := ask[*struct{ X, Y float64 }](b, script)
		if at != nil {
			b.do(chromedp.MouseClickXY(at.X, at.Y))
			if ask[bool](b, "window.hit !== false && window.hit !== null") {
				return
			}
		}
		if time.Now().After(end) {
			b.t.Fatalf("%s %s: never\n%s", kind, name, ask[string](b, "location.href + '\\n' + document.body.innerText"))
		}
	}
}

// keys sends keys to whatever has the focus.
func (b *tab) keys(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}
