package browser

import (
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"roster/scripts/local/cloud/cloudtest"
)

// connect connects a PMM server as somebody does who pasted their token into it.
func connect(t *testing.T, p *cloudtest.Person, token, name string) {
	t.Helper()
	p.Cloud.Do(t, "POST", "/v1/orgs/inventory", token, map[string]any{
		"pmm_server_id": uuid.NewString(), "pmm_server_name": name, "pmm_server_url": "https://pmm.example.com/" + url.PathEscape(name),
		"pmm_server_oauth_callback_url": "https://pmm.example.com/graph/login/generic_oauth",
	}).Want(t, 200)
}

func TestAServerIsConnectedByTheCopiedTokenAndDisconnected(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	b.press("PMM Instances")
	b.arrive("PMM Instances")
	b.see("No PMM server is connected yet.")
	b.clipboard(browser.PermissionSettingDenied)
	b.press("Copy access token")
	b.see("The access token, to be copied by hand")
	connect(t, ann, ask[string](b, "page.value('The access token, to be copied by hand', 0)"), "pmm-production")
	b.reload()
	b.see("https://pmm.example.com/pmm-production")
	b.press("Disconnect pmm-production")
	b.see("Disconnect the server?")
	b.press("Disconnect")
	b.see("pmm-production is disconnected.")
	b.see("No PMM server is connected yet.")
	b.press("Activity Log")
	b.see("You connected the PMM server pmm-production.")
	b.see("You disconnected the PMM server pmm-production.")
}

// clipboard has the browser give the page its clipboard, or deny it.
func (b *tab) clipboard(setting browser.PermissionSetting) {
	b.t.Helper()
	_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "clipboard-write"}, Setting: setting,
		BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestATechnicalMemberDisconnectsTheirOwnServerOnly(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	org := ann.Org(t, "Acme")
	tim := join(t, ann, org, "Tim", "Tile", "Technical")
	connect(t, ann, ann.Token, "ann-pmm")
	connect(t, tim, tim.Token, "tim-pmm")
	b := enter(t, tim)
	b.press("PMM Instances")
	b.see("You can disconnect the servers that you connected; Admins can disconnect all.")
	b.press("Disconnect ann-pmm")
	b.press("Disconnect")
	b.until("the server refuses in words", "document.querySelector('dialog .bad')?.innerText.length > 10")
	b.press("Cancel")
	b.press("Disconnect tim-pmm")
	b.press("Disconnect")
	b.see("tim-pmm is disconnected.")
}
