package org_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"roster/shared/id"
	"roster/shared/org"
)

func links() *rapid.Generator[org.Link] {
	return rapid.Custom(func(t *rapid.T) org.Link {
		b := rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "bytes")
		return org.Link{
			Org: org.ID(uuid.UUID(b[:16]).String()), Member: org.MemberID(uuid.UUID(b[16:32]).String()), Secret: id.Secret(b[32:]),
		}
	})
}

func TestALinkSurvivesItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := links().Draw(t, "link")
		token := l.Token()
		got, err := org.ParseLink(token)
		if err != nil || got != l {
			t.Fatalf("%+v became %+v, %v", l, got, err)
		}
		if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%q is not URL-safe", token)
		}
	})
}

func TestATamperedLinkIsNoneOrAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := links().Draw(t, "link")
		token := []byte(l.Token())
		token[rapid.IntRange(0, len(token)-1).Draw(t, "place")] = rapid.Byte().Draw(t, "byte")
		got, err := org.ParseLink(string(token))
		switch {
		case err != nil && (!errors.Is(err, org.ErrLink) || got != org.Link{}):
			t.Fatalf("%q: %+v, %v", token, got, err)
		case err == nil && got == l && string(token) != l.Token():
			t.Fatalf("%q and %q are two texts of one link", token, l.Token())
		case err == nil && got != l && got.Org == l.Org && got.Member == l.Member && got.Secret.Opens(l.Secret.Hash()):
			t.Fatalf("%q opens the row of %q", token, l.Token())
		}
	})
}

func TestWhatIsNoLink(t *testing.T) {
	t.Parallel()
	token := org.NewLink(acme, org.MemberID(bolt)).Token()
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 64 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	standard := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\xff", 64)))
	for name, s := range map[string]string{
		"nothing":                           "",
		"a letter too few":                  token[:len(token)-1],
		"a letter too many":                 token + "A",
		"a byte too few":                    base64.RawURLEncoding.EncodeToString(raw[:63]),
		"a byte too many":                   base64.RawURLEncoding.EncodeToString(append(raw, 0)),
		"padding":                           base64.URLEncoding.EncodeToString(raw),
		"the alphabet of plain base64":      standard,
		"a line break, which base64 skips":  token[:40] + "\n" + token[40:],
		"a carriage return at the end":      token + "\r\n",
		"space around":                      " " + token,
		"a dot":                             token[:85] + ".",
		"bits behind the last byte":         token[:85] + next(token[85]),
		"a percent-encoded letter":          "%41" + token[1:],
		"a whole URL":                       "https://portal.example/activation?token=" + token,
		"letters that are not ASCII at all": strings.Repeat("é", 43),
		"86 dots":                           strings.Repeat(".", 86),
		"very long":                         strings.Repeat("A", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := org.ParseLink(s); !errors.Is(err, org.ErrLink) || got != (org.Link{}) {
				t.Errorf("ParseLink(%q) = %+v, %v; want ErrLink", s, got, err)
			}
		})
	}
}

// next returns the letter whose value in base64url is one more: the bits behind the last byte are
// its lowest four.
func next(letter byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, letter)+1])
}

func TestEveryNewLinkHasASecretOfItsOwn(t *testing.T) {
	t.Parallel()
	a, b := org.NewLink(acme, org.MemberID(bolt)), org.NewLink(acme, org.MemberID(bolt))
	if a.Secret == b.Secret || a.Org != acme || a.Member != org.MemberID(bolt) {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestDeliveryStatesOnlyMoveUp(t *testing.T) {
	t.Parallel()
	for state, want := range map[org.Delivery][]org.Delivery{
		org.Queued:     {},
		org.Sent:       {org.Queued},
		org.Delivered:  {org.Queued, org.Sent},
		org.Bounced:    {org.Queued, org.Sent, org.Delivered},
		org.Complained: {org.Queued, org.Sent, org.Delivered, org.Bounced},
		org.Failed:     {org.Queued, org.Sent},
	} {
		if diff := cmp.Diff(want, append([]org.Delivery{}, state.Follows()...)); diff != "" {
			t.Errorf("%s follows (-want +got):\n%s", state, diff)
		}
	}
}

func TestNoOrderOfReportsMovesAStateDown(t *testing.T) {
	t.Parallel()
	states := []org.Delivery{org.Queued, org.Sent, org.Delivered, org.Bounced, org.Complained, org.Failed}
	rapid.Check(t, func(t *rapid.T) {
		at, been := org.Queued, map[org.Delivery]bool{org.Queued: true}
		for _, to := range rapid.SliceOf(rapid.SampledFrom(states)).Draw(t, "reports") {
			if !has(to.Follows(), at) {
				continue
			}
			if been[to] {
				t.Fatalf("%s came again behind %s", to, at)
			}
			at, been[to] = to, true
		}
	})
}

func has(all []org.Delivery, d org.Delivery) bool {
	for _, x := range all {
		if x == d {
			return true
		}
	}
	return false
}

func TestAMailThatWasQueuedForTooLongHasFailed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		delivery org.Delivery
		ago      time.Duration
		want     org.Delivery
	}{
		"queued now":               {org.Queued, 0, org.Queued},
		"queued two hours ago":     {org.Queued, 2 * time.Hour, org.Queued},
		"queued a moment longer":   {org.Queued, 2*time.Hour + time.Microsecond, org.Failed},
		"sent two days ago":        {org.Sent, 48 * time.Hour, org.Sent},
		"delivered two days ago":   {org.Delivered, 48 * time.Hour, org.Delivered},
		"bounced two days ago":     {org.Bounced, 48 * time.Hour, org.Bounced},
		"complained two days ago":  {org.Complained, 48 * time.Hour, org.Complained},
		"refused for good at once": {org.Failed, 0, org.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := org.Invitation{Mail: "m", Delivery: c.delivery, Queued: now.Add(-c.ago)}
			if got := i.State(now); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAnInvitationIsOpenUntilTheInstantItEnds(t *testing.T) {
	t.Parallel()
	i := org.Invitation{Mail: "m", Expires: now.Add(org.InvitationLife)}
	for at, want := range map[time.Time]bool{
		now: true,
		now.Add(7*24*time.Hour - time.Microsecond): true,
		now.Add(7 * 24 * time.Hour):                false,
		now.Add(8 * 24 * time.Hour):                false,
	} {
		if i.Open(at) != want {
			t.Errorf("at %v: open = %v", at, i.Open(at))
		}
	}
	if (org.Invitation{}).Open(time.Time{}) || (org.Invitation{}).Exists() {
		t.Error("one that was swept is neither open nor there")
	}
	if org.StateLife != 5*time.Minute {
		t.Errorf("state tokens live %v", org.StateLife)
	}
}
