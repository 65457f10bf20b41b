package browser

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// picture keeps what the tab shows, where ROSTER_PICTURES says where to: a failed test is easier to
// understand by it.
func (b *tab) picture() {
	folder := os.Getenv("ROSTER_PICTURES")
	if folder == "" {
		return
	}
	if png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(b.t.Name(), "/", "-")+".png"), png, 0o600)
	}
}
