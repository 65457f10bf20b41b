package browser

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// programs are the names under which systems have Chromium. The first two are Chromium without a browser
// around its pages, which takes half the time.
var programs = []string{"chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"}

func program() string {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// A chromium is one running browser, for all tests of the process. It shares nothing between tabs.
type chromium struct {
	ctx  context.Context
	stop func()
}

var shared = sync.OnceValues(func() (*chromium, error) {
	profile, err := os.MkdirTemp("", "roster-chromium")
	if err != nil {
		return nil, err
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), append(flags(), chromedp.UserDataDir(profile))...)
	ctx, cancel := chromedp.NewContext(allocator)
	c := &chromium{ctx: ctx, stop: func() {
		cancel()
		end()
		_ = os.RemoveAll(profile)
	}}
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
})

// unused are what makes Chromium start processes, or keep pages, that no test gets back to.
var unused = []string{"SpareRendererForSitePerProcess", "BackForwardCache", "ProactivelySwapBrowsingInstance", "MediaRouter", "OptimizationHints", "Translate"}

// flags are those for a browser without windows, which root may start and which calls nobody itself.
func flags() []chromedp.ExecAllocatorOption {
	all := []chromedp.ExecAllocatorOption{chromedp.ExecPath(program()), chromedp.WindowSize(1100, 800)}
	for _, name := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
		"disable-dev-shm-usage", "disable-client-side-phishing-detection", "disable-default-apps", "hide-scrollbars", "mute-audio",
	} {
		all = append(all, chromedp.Flag(name, true))
	}
	return append(all, chromedp.Flag("lang", "en-GB"), chromedp.Flag("password-store", "basic"), chromedp.Flag("disable-features", strings.Join(unused, ",")))
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program() != "" {
		if c, err := shared(); err == nil {
			c.stop()
		}
	}
	os.Exit(code)
}
