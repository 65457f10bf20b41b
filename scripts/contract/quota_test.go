package contract

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/ses"
)

// refuseMails lets SES refuse mails to the address given last, for good.
func refuseMails(c *cloudtest.Cloud) func(string) {
	var to atomic.Value
	to.Store("")
	c.SES.SetFault(func(address string) error {
		if address == to.Load() {
			return ses.ErrRejected
		}
		return nil
	})
	return func(address string) { to.Store(address) }
}

// untilTomorrow is how long a day's quota holds at most.
func untilTomorrow() int {
	now := time.Now().UTC()
	return int(now.Truncate(24*time.Hour).Add(24*time.Hour).Sub(now).Seconds()) + 5
}

func TestTheQuotaOfADay(t *testing.T) {
	t.Parallel()
	c := few(t)
	t.Run("a single invitation over it is 429", func(t *testing.T) {
		t.Parallel()
		ann, org := found(t, c, "ann")
		for range 3 {
			nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(cloudtest.Address("bob"), "Admin")))
		}
		bob := cloudtest.Address("bob")
		a := ann.Do(t, "POST", route(org, "/members"), invite(bob, "Admin"))
		overQuota.want(t, a)
		retryAfter(t, a, untilTomorrow())
		if row(t, ann, org, bob) != nil {
			t.Error("who was refused has a row")
		}
		badRole.want(t, ann.Do(t, "POST", route(org, "/members"), invite(bob, "x")))
		alreadyMember.want(t, ann.Do(t, "POST", route(org, "/members"), invite(ann.Email, "Admin")))
		bea, second := found(t, c, "bea")
		bea.Invite(t, second, bob, "Admin") // another organization has a quota of its own
	})
	t.Run("the rows over it fail, and the others are invited", func(t *testing.T) {
		t.Parallel()
		ann, org := found(t, c, "ann")
		var all []string
		var users list
		for range 5 {
			all = append(all, cloudtest.Address("bob"))
			users = append(users, invite(all[len(all)-1], "Admin"))
		}
		users = append(list{invite("x", "Admin")}, users...)
		want := [][2]string{{"x", badInvitee.message}, {all[3], overQuota.message}, {all[4], overQuota.message}}
		if diff := cmp.Diff(want, bulk(t, ann, org, users...)); diff != "" {
			t.Errorf("errors (-want +got):\n%s", diff)
		}
		if got := members(t, ann, org); len(got) != 4 {
			t.Errorf("members %v; want three invited", usernames(got))
		}
		if diff := cmp.Diff([][2]string{{all[4], overQuota.message}}, bulk(t, ann, org, invite(all[4], "Admin"))); diff != "" {
			t.Errorf("errors (-want +got):\n%s", diff)
		}
	})
	t.Run("resends count", func(t *testing.T) {
		t.Parallel()
		ann, org := found(t, c, "ann")
		id := ann.Invite(t, org, cloudtest.Address("bob"), "Admin")
		again := func() cloudtest.Answer { return ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil) }
		nothing(t, again())
		nothing(t, again())
		a := again()
		overQuota.want(t, a)
		retryAfter(t, a, untilTomorrow())
		overQuota.want(t, ann.Do(t, "POST", route(org, "/members"), invite(cloudtest.Address("cyd"), "Admin")))
		nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil)) // revoking gives nothing back
		overQuota.want(t, ann.Do(t, "POST", route(org, "/members"), invite(cloudtest.Address("cyd"), "Admin")))
	})
}

// TestResendingMakesANewLinkAndKillsTheEarlierOne at once, before the new mail went out.
func TestResendingMakesANewLinkAndKillsTheEarlierOne(t *testing.T) {
	t.Parallel()
	c := few(t)
	ann, org, email, id, first := linked(t, c)
	state := validate(t, c, first).Want(t, 200).Text("state_token")
	before := invitation(t, ann, org, email)["expires_at"].(string)
	nothing(t, ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil))
	deadLink.want(t, validate(t, c, first))
	deadLink.want(t, post(t, c, "ActivateProfile", profile(state)))
	if after := invitation(t, ann, org, email); after["expires_at"].(string) <= before || after["state"] != "pending" {
		t.Errorf("invitation %v after one until %s; want new seven days", after, before)
	}
	second := c.Link(t, email, 1)
	if first == second {
		t.Error("the new link is the earlier one")
	}
	deadLink.want(t, validate(t, c, first))
	if got := len(c.Mails(t, email, 2)); got != 2 {
		t.Errorf("%d mails; want two", got)
	}
	nothing(t, activate(t, c, second))
}

// TestAnExpiredInvitationCanBeResent, swept or not.
func TestAnExpiredInvitationCanBeResent(t *testing.T) {
	t.Parallel()
	c := few(t)
	for name, end := range map[string]func(*testing.T, string, string){
		"expired": func(t *testing.T, org, id string) { expire(t, c, org, id) },
		"swept":   func(t *testing.T, org, id string) { sweep(t, c, org, id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ann, org, email, id, link := linked(t, c)
			end(t, org, id)
			nothing(t, ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil))
			deadLink.want(t, validate(t, c, link))
			if got := invitation(t, ann, org, email); got["state"] != "pending" {
				t.Errorf("invitation %v", got)
			}
			nothing(t, activate(t, c, c.Link(t, email, 1)))
		})
	}
}
