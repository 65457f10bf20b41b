package browser

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"roster/scripts/local/cloud/cloudtest"
)

// A fate is what becomes of a request on its way.
type fate int

const (
	passes fate = iota
	breaks      // the network is gone
	fails       // 503, in the API's shape
	denied      // 401
	stays       // until it is let go
)

// between stands between the tab and the paths that contain part. What it decides holds for each request;
// let lets the ones go that stayed.
func (b *tab) between(part string, decide func() fate) (let chan struct{}) {
	b.t.Helper()
	let = make(chan struct{})
	paused := chromedp.Events(b.ctx, fetch.RequestPaused)
	if _, err := chromedp.Call(b.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*" + part + "*"}}}); err != nil {
		b.t.Fatal(err)
	}
	go func() {
		for e, err := range paused {
			if err != nil {
				return // the tab is closed
			}
			go b.meet(e.RequestID, decide(), let)
		}
	}()
	return let
}

func (b *tab) meet(id fetch.RequestID, what fate, let chan struct{}) {
	switch what {
	case breaks:
		_, _ = chromedp.Call(b.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: id, ErrorReason: network.ErrorReasonInternetDisconnected})
		return
	case fails:
		b.answer(id, 503, `{"code":14,"message":"The service is unavailable.","details":[]}`)
		return
	case denied:
		b.answer(id, 401, `{"code":16,"message":"Authentication fail.","details":[]}`)
		return
	case stays:
		<-let
	}
	_, _ = chromedp.Call(b.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
}

// answer stands for the server.
func (b *tab) answer(id fetch.RequestID, status int64, body string) {
	_, _ = chromedp.Call(b.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
		RequestID: id, ResponseCode: status, Body: []byte(body),
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "application/json"}},
	})
}

// once returns a fate for the first request, and lets all others pass.
func once(first fate) func() fate {
	fates := make(chan fate, 1)
	fates <- first
	return func() fate {
		select {
		case f := <-fates:
			return f
		default:
			return passes
		}
	}
}

func TestWhatFailedOnTheWayIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fate fate
		says string
	}{
		"no network":            {breaks, "Roster cannot be reached at the moment."},
		"an unavailable server": {fails, "The service is unavailable."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann := named(t, portal(t), "Ann", "Archer")
			ann.Org(t, "Acme")
			b := enter(t, ann)
			b.between("/members:search", once(test.fate))
			b.press("Members")
			b.see(test.says)
			b.press("Try again")
			b.see("Ann Archer")
			b.miss(test.says)
		})
	}
}

func TestAPageThatStartsWithoutNetworkCanBeStartedAgain(t *testing.T) {
	t.Parallel()
	b := enter(t, named(t, portal(t), "Ann", "Archer"))
	b.between("/RefreshSession", once(breaks))
	b.reload()
	b.see("Roster cannot be reached at the moment.")
	b.press("Try again")
	b.see("Hello, Ann")
}

func TestAModuleThatDoesNotArriveIsLoadedAgain(t *testing.T) {
	t.Parallel()
	b := blank(t, portal(t))
	b.forgive = "/assets/"
	var there atomic.Bool
	b.between("/parts/story.js", func() fate {
		if there.Load() {
			return passes
		}
		return breaks
	})
	b.visit("/")
	b.see("Roster could not be loaded. Check your connection.")
	there.Store(true)
	b.press("Load again")
	b.see("Forgot your password?")
}

func TestWhatTakesLongSaysSoAndHappensOnce(t *testing.T) {
	t.Parallel()
	b := enter(t, named(t, portal(t), "Ann", "Archer"))
	let := b.between("/v1/orgs", func() fate { return stays })
	b.fill("Name of the organization", "Acme")
	b.press("Save")
	b.until("the button is busy", "document.querySelector('button[type=submit]').ariaBusy === 'true'")
	b.keys(enterKey)
	close(let)
	b.arrive("Organization")
	b.see("Acme is created.")
}

func TestAListThatTakesLongSaysSo(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	ann.Org(t, "Acme")
	b := enter(t, ann)
	let := b.between("/members:search", func() fate { return stays })
	b.press("Members")
	b.see("Loading the members …")
	close(let)
	b.see("Ann Archer")
}

// An access token lives for minutes. Here it dies early, and nobody notices.
func TestADeadAccessTokenIsRenewedByItself(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	b := enter(t, ann)
	asked := make(chan fate, 9)
	b.between("/RefreshSession", func() fate {
		asked <- passes
		return passes
	})
	ask[bool](b, "(Date.now = () => new Date().getTime() + 16 * 60_000, true)")
	b.press("Ann")
	b.press("Save")
	b.see("Your profile is saved.")
	if len(asked) == 0 {
		t.Error("the session was not renewed")
	}
}

func TestATokenThatIsNoLongerTakenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	b := enter(t, named(t, portal(t), "Ann", "Archer"))
	b.press("Ann")
	b.between("/UpdateProfile", once(denied))
	b.press("Save")
	b.see("Your profile is saved.")
}

func TestASessionThatIsRefusedTwiceIsOver(t *testing.T) {
	t.Parallel()
	b := enter(t, named(t, portal(t), "Ann", "Archer"))
	b.press("Ann")
	b.between("/UpdateProfile", func() fate { return denied })
	b.press("Save")
	b.see("Your session has ended. Sign in again.")
}

func TestNothingIsKeptButTheRefreshTokenOfThisTab(t *testing.T) {
	t.Parallel()
	ann := named(t, portal(t), "Ann", "Archer")
	b := enter(t, ann)
	kept := ask[[]string](b, "[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
	if strings.Join(kept, " ") != " roster.refresh_token" {
		t.Errorf("the browser keeps %q", kept)
	}
	b.reload()
	b.see("Hello, Ann")
	b.press("Sign out")
	b.see("You are signed out.")
	if left := ask[int](b, "sessionStorage.length"); left != 0 {
		t.Errorf("%d things are kept after signing out", left)
	}
	other := open(t, ann.Cloud, "/")
	other.signIn(ann.Email, cloudtest.Password)
	other.see("Hello, Ann")
}
