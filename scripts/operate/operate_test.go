package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// A desk is an operator at a world's table, and what was printed there.
type desk struct {
	*storetest.World
	t   *testing.T
	o   *operator
	out *strings.Builder
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w, out := storetest.New(t), &strings.Builder{}
	return &desk{World: w, t: t, out: out, o: &operator{
		db: w.DB, client: w.Client, table: w.Table, now: w.Clock.Now, in: strings.NewReader(""), out: out,
	}}
}

// prints holds a command to what it prints.
func (d *desk) prints(want string, command ...string) {
	d.t.Helper()
	d.out.Reset()
	if err := d.o.do(d.t.Context(), command[0], command[1:]); err != nil {
		d.t.Errorf("%q: %v", command, err)
	}
	if diff := cmp.Diff(want, d.out.String()); diff != "" {
		d.t.Errorf("%q prints (-want +got):\n%s", command, diff)
	}
}

// refuses holds a command to failing with that in its error, and to changing nothing.
func (d *desk) refuses(want string, command ...string) {
	d.t.Helper()
	before := d.Dump()
	if err := d.o.do(d.t.Context(), command[0], command[1:]); err == nil || !strings.Contains(err.Error(), want) {
		d.t.Errorf("%q: error %v, want %q", command, err, want)
	}
	if diff := cmp.Diff(before, d.Dump()); diff != "" {
		d.t.Errorf("%q changed:\n%s", command, diff)
	}
}

func (d *desk) close(p storetest.Person) {
	d.t.Helper()
	if _, err := d.DB.Close(d.t.Context(), p.ID, account.Caller{}); err != nil {
		d.t.Fatal(err)
	}
}

func TestPurgeShowsTheBacklogAndWakesOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.prints("0 deleted and not erased yet\n", "purge")
	live, old, young := string(d.Org("live")), string(d.Org("old")), string(d.Org("young"))
	for id, age := range map[string]time.Duration{old: 2 * time.Hour, young: time.Minute} {
		d.Set(storetest.OrgKey(org.ID(id)), storetest.Item{"deleted_at": storetest.Stamp(storetest.Start.Add(-age))})
	}
	d.prints(old+"  deleted 2h0m0s ago, never noted progress\n"+young+"  deleted 1m0s ago, never noted progress\n"+
		"2 deleted and not erased yet\n", "purge")

	d.refuses("nothing was changed", "purge", old)
	d.refuses("Incorrect organization ID", "purge", "old")
	d.o.in = strings.NewReader("y\n")
	d.prints("Wake the purge of "+old+"? [y/N] "+old+": org-purge is woken\n", "purge", old)
	d.Clock.Move(time.Minute)
	d.prints(old+"  deleted 2h1m0s ago, noted progress 1m0s ago\n"+young+"  deleted 2m0s ago, never noted progress\n"+
		"2 deleted and not erased yet\n", "purge")
	d.o.yes = true
	d.refuses("is not a deleted organization", "purge", live)
}

func TestAWalkThroughTheTableGoesOnPageByPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	items := map[storetest.Key]storetest.Item{}
	for i := range 40 { // of 40 kB: more than a page of 1 MB
		o := d.OrgID(strings.Repeat("x", i+1))
		items[storetest.OrgKey(o)] = storetest.Item{"name": strings.Repeat("n", 40_000), "deleted_at": storetest.Stamp(storetest.Start)}
	}
	d.PutAll(items)
	if err := d.o.do(t.Context(), "purge", nil); err != nil || !strings.HasSuffix(d.out.String(), "\n40 deleted and not erased yet\n") {
		t.Errorf("%v: %.100s", err, d.out)
	}
	if n := len(d.Faults.Calls("Scan")); n < 2 {
		t.Errorf("%d pages; the test wants more than one", n)
	}
	d.o.table = "none"
	d.refuses("there is no table none in", "purge")
}

func TestAdminsShowsWhoLostTheirOnlyOneAndNamesAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, cat, dan, eve, fox := d.Person("ann"), d.Person("bob"), d.Person("cat"), d.Person("dan"), d.Person("eve"), d.Person("fox")
	acme := d.Org("acme", storetest.Active(ann, org.Admin), storetest.Active(bob, org.Technical), storetest.Invited(cat, org.Admin))
	d.Org("beta", storetest.Active(dan, org.Admin), storetest.Active(eve, org.Admin))
	gone := d.Org("gone", storetest.Active(fox, org.Admin))
	d.prints("0 without an Admin who can sign in\n", "admins")
	for _, p := range []storetest.Person{ann, dan, fox} { // beta keeps Eve
		d.close(p)
	}
	d.Set(storetest.OrgKey(gone), storetest.Item{"deleted_at": storetest.Stamp(storetest.Start)})
	heir, a := string(org.MemberOf(acme, bob.Address)), string(acme)
	d.prints(a+"\n  member "+heir+", account bob\n1 without an Admin who can sign in\n", "admins")

	d.refuses("nothing was changed", "admins", a, heir)
	d.o.yes = true
	d.refuses("is no ACTIVE member", "admins", a, string(org.MemberOf(acme, cat.Address)))
	d.refuses("is no ACTIVE member", "admins", a, string(org.MemberOf(acme, ann.Address)))
	d.refuses("there is no organization "+string(gone)+", or it is deleted", "admins", string(gone), heir)
	d.prints(a+": "+heir+" is Admin\n", "admins", a, heir)
	d.prints("0 without an Admin who can sign in\n", "admins")
	d.refuses(a+" has an Admin who can sign in", "admins", a, heir)
	if broken := d.Dump().Of("MEMBER#"); broken[storetest.MemberKey(acme, ann.Address)] != nil {
		t.Error("the row of the deleted Admin is left")
	}
}

// What the CRM made, and nobody has confirmed yet, has lost no Admin.
func TestAnOrganizationThatWaitsForItsFirstMemberIsShownApart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann := d.Person("ann")
	made := d.Org("made", storetest.Invited(ann, org.Admin))
	d.prints("0 without an Admin who can sign in\n"+string(made)+"  nobody has confirmed yet; who does first is Admin\n", "admins")
	d.o.yes = true
	d.refuses("nobody has confirmed yet in "+string(made), "admins", string(made), string(org.MemberOf(made, ann.Address)))
}

func TestAnOrganizationOfNobodyElseIsShownAsSuch(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann := d.Person("ann")
	acme := d.Org("acme", storetest.Active(ann, org.Admin))
	d.close(ann)
	d.prints(string(acme)+"\n  nobody else is a member\n1 without an Admin who can sign in\n", "admins")
}

func TestMailsCountsWhatWaitsAndWhatFailed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.prints("0 queued; 0 failed\n", "mails")
	acme := d.Org("acme", storetest.Active(d.Person("ann"), org.Admin))
	for name, i := range map[string]storetest.Item{
		"bob": {"delivery": "queued", "queued_at": storetest.Stamp(storetest.Start.Add(-time.Minute))},
		"cat": {"delivery": "queued", "queued_at": storetest.Stamp(storetest.Start.Add(-time.Hour))},
		"dan": {"delivery": "failed"},
		"eve": {"delivery": "sent"},
	} {
		p := d.Person(name)
		d.Invite(acme, storetest.Invited(p, org.Technical))
		d.Set(storetest.InvitationKey(acme, p.Address), i)
	}
	d.Put(storetest.NoticeKey("Fox@Example.com"), storetest.Item{"delivery": "queued"})
	d.prints("2 queued, the oldest 1h0m0s ago; 1 failed\n", "mails")
}

func TestAnUnknownCommandShowsTheUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"sell"}, {"purge", "a", "b"}, {"admins", "a"}, {"mails", "a"}} {
		if err := (&operator{}).do(t.Context(), args[0], args[1:]); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
