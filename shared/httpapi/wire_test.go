package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"roster/shared/fault"
	"roster/shared/org"
)

var update = flag.Bool("update", false, "write testdata/*.json as the code has it")

// golden holds an answer to testdata/<name>.json, the order of its fields included.
func golden(t *testing.T, name, body string) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, []byte(body), "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestTheWire(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	ann := org.Member{ID: mid, Address: "Ann@Example.com", First: "Ann", Last: "Lee", Role: org.Admin, Status: org.Active, Account: sub}
	bob := org.Member{ID: mid, Address: "Bob@Example.com", Role: org.Technical, Status: org.Provisioned, InvitedBy: "Ann Lee", Expires: now}
	mail := org.Invitation{
		Mail: "m", Delivery: org.Sent, Queued: now.Add(-time.Hour), Sent: now.Add(-59 * time.Minute),
		Expires: now.Add(167 * time.Hour), InvitedBy: "Ann Lee",
	}
	queued, over := mail, mail
	queued.Delivery, queued.Sent = org.Queued, time.Time{}
	over.Delivery, over.Expires = org.Delivered, now
	for name, body := range map[string]any{
		"org": OneOrg{OrgOf(org.Org{
			ID: oid, Name: "Acme & Söhne", Tier: org.Registered, Admins: 1,
			Created: time.Date(2021, 12, 10, 7, 41, 8, 925_000_000, time.UTC), Updated: now,
		})},
		"member-active":         MemberOf(ann, org.Invitation{}, now),
		"member-pending":        MemberOf(bob, mail, now),
		"member-pending-queued": MemberOf(bob, queued, now),
		"member-expired":        MemberOf(bob, over, now),
		"member-expired-swept":  MemberOf(bob, org.Invitation{}, now),
		"session": Session{
			Access: "access", Type: "Bearer", ExpiresIn: 900, ID: "id", Refresh: "refresh", Expires: Time(now.Add(15 * time.Minute)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, request(""), func(context.Context, Request[Empty]) (any, error) { return body, nil })
			if got.Status != 200 {
				t.Errorf("status %d", got.Status)
			}
			golden(t, name, got.Body)
		})
	}
	t.Run("error", func(t *testing.T) {
		t.Parallel()
		got := ask(t, request(""), func(context.Context, Request[Empty]) (Empty, error) {
			return Empty{}, org.MayCreate(org.Org{ID: oid})
		})
		golden(t, "error", got.Body)
	})
	t.Run("error-without-details", func(t *testing.T) {
		t.Parallel()
		got := ask(t, request(""), func(context.Context, Request[Empty]) (Empty, error) { return Empty{}, fault.ErrNotFound })
		golden(t, "error-without-details", got.Body)
	})
}

func TestATimeHasSixDigitsAndAZ(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 3600)
	for in, want := range map[time.Time]string{
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC):           `"2026-01-01T00:00:00.000000Z"`,
		time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC):           `"2026-01-01T00:00:00.000000Z"`,
		time.Date(2026, 1, 1, 0, 0, 0, 999_999_999, time.UTC): `"2026-01-01T00:00:00.999999Z"`,
		time.Date(2026, 1, 1, 0, 0, 0, 100_000_000, east):     `"2025-12-31T23:00:00.100000Z"`,
	} {
		if got, err := json.Marshal(Time(in)); string(got) != want || err != nil {
			t.Errorf("%v is %s, %v; want %s", in, got, err, want)
		}
	}
	if TimeOf(time.Time{}) != nil {
		t.Error("the zero time must be null")
	}
}

func TestTimesSortAsText(t *testing.T) {
	t.Parallel()
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)
		return time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "µs")).In(zone)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := instant.Draw(t, "a"), instant.Draw(t, "b")
		x, _ := Time(a).MarshalJSON()
		y, _ := Time(b).MarshalJSON()
		if len(x) != len(`"2026-01-01T00:00:00.000000Z"`) || bytes.Compare(x, y) != a.Compare(b) {
			t.Fatalf("%v and %v are %s and %s", a, b, x, y)
		}
	})
}

func TestASessionEndsWithItsAccessToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // time stands still here
		got := SessionOf("a", "i", "r", 15*time.Minute)
		want := Session{Access: "a", Type: "Bearer", ExpiresIn: 900, ID: "i", Refresh: "r", Expires: Time(time.Now().Add(15 * time.Minute))}
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}

func TestThePendingRowTellsWhatBecameOfItsMail(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	bob := org.Member{ID: mid, Status: org.Provisioned, InvitedBy: "Ann", Expires: now.Add(-time.Second)}
	sent := Time(now.Add(-time.Hour))
	mail := func(d org.Delivery, queued time.Duration, expires time.Duration) org.Invitation {
		i := org.Invitation{Mail: "m", Delivery: d, Queued: now.Add(-queued), Expires: now.Add(expires), InvitedBy: "Ann"}
		if d != org.Queued && d != org.Failed {
			i.Sent = time.Time(sent)
		}
		return i
	}
	wire := func(state string, sent *Time, expires time.Duration, d org.Delivery) *Invitation {
		return &Invitation{State: state, SentAt: sent, ExpiresAt: Time(now.Add(expires)), Delivery: d, InvitedBy: "Ann"}
	}
	for name, c := range map[string]struct {
		mail org.Invitation
		want *Invitation
	}{
		"queued":              {mail(org.Queued, time.Hour, time.Hour), wire("pending", nil, time.Hour, org.Queued)},
		"queued for too long": {mail(org.Queued, 3*time.Hour, time.Hour), wire("pending", nil, time.Hour, org.Failed)},
		"sent":                {mail(org.Sent, 3*time.Hour, time.Hour), wire("pending", &sent, time.Hour, org.Sent)},
		"refused for good":    {mail(org.Failed, time.Hour, time.Hour), wire("pending", nil, time.Hour, org.Failed)},
		"bounced":             {mail(org.Bounced, time.Hour, time.Hour), wire("pending", &sent, time.Hour, org.Bounced)},
		"complained":          {mail(org.Complained, time.Hour, time.Hour), wire("pending", &sent, time.Hour, org.Complained)},
		"over at the instant": {mail(org.Delivered, time.Hour, 0), wire("expired", &sent, 0, org.Delivered)},
		"over, never sent":    {mail(org.Queued, 200*time.Hour, -time.Hour), wire("expired", nil, -time.Hour, org.Failed)},
		"swept after its end": {org.Invitation{}, wire("expired", nil, -time.Second, org.Sent)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := MemberOf(bob, c.mail, now).Invitation
			compare := cmp.Comparer(func(a, b Time) bool { return time.Time(a).Equal(time.Time(b)) })
			if diff := cmp.Diff(c.want, got, compare); diff != "" {
				t.Errorf("invitation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnActiveRowHasNoInvitation(t *testing.T) {
	t.Parallel()
	m := org.Member{ID: mid, Status: org.Active, Account: sub}
	if got := MemberOf(m, org.Invitation{Mail: "m", Joined: true, Delivery: org.Sent}, time.Now()); got.Invitation != nil {
		t.Errorf("%+v", got.Invitation)
	}
}

func TestMembersAreListedActiveOnesFirst(t *testing.T) {
	t.Parallel()
	active := func(first, last, email string) Member {
		return Member{First: first, Last: last, Username: email, Status: org.Active}
	}
	pending := func(email string) Member { return Member{Username: email, Status: org.Provisioned} }
	want := []Member{
		active("", "", "z@example.com"),
		active("Ann", "Lee", "a@example.com"),
		active("Ann", "Lee", "b@example.com"),
		active("Ann", "Zed", "a@example.com"),
		active("Bob", "Abe", "a@example.com"),
		pending("a@example.com"),
		pending("b@example.com"),
	}
	rapid.Check(t, func(t *rapid.T) {
		got := rapid.Permutation(want).Draw(t, "rows")
		SortMembers(got)
		if !slices.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got, cmp.AllowUnexported(Time{})))
		}
	})
}
