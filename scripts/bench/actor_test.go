package bench

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
)

// An actor is the Admin of one of the loaded organizations, together with those who come and go there. At
// any time one goroutine acts.
type actor struct {
	admin   *cloudtest.Person
	drifter *cloudtest.Person // founds, deletes, joins, leaves
	org     string
	mate    string // path of a loaded member's row

	turn    int
	steps   int      // of the drifter
	pending []string // invited in bulk
	mailed  string   // invited, and to activate
	arrived bool     // and that is done
}

// row is the path of somebody's row.
func (a *actor) row(email string) string {
	return "/v1/orgs/" + a.org + "/members/" + string(org.MemberOf(org.ID(a.org), account.Address(email)))
}

// act sends one request of the mix, which must be answered 200.
func (a *actor) act(dice *rand.Rand) (kind string, took time.Duration, err error) {
	kind, send := a.pick(dice)
	begun := time.Now()
	err = send()
	return kind, time.Since(begun), err
}

// A chance is how often of a hundred times something is done.
type chance struct {
	of   int
	kind string
	do   func() error
}

func (a *actor) pick(dice *rand.Rand) (kind string, do func() error) {
	at := "/v1/orgs/" + a.org
	a.turn++
	name := fmt.Sprint("Company ", a.turn)
	mix := []chance{
		{24, "read", a.by(a.admin, "POST", "/v1/orgs:search", nil)},
		{12, "read", a.by(a.admin, "GET", at, nil)},
		{16, "read", a.by(a.admin, "POST", at+"/members:search", nil)},
		{5, "read", a.by(a.admin, "POST", "/v1/auth/GetProfile", nil)},
		{4, "read", a.by(a.drifter, "POST", "/v1/invitations:search", nil)},
		{3, "read", a.by(a.admin, "POST", "/v1/events:search", nil)},
		{6, "write", a.by(a.admin, "PUT", a.mate, object{"role": []string{"Admin", "Technical"}[a.turn%2]})},
		{3, "write", a.by(a.admin, "PUT", at, object{"name": name})},
		{3, "write", a.by(a.admin, "POST", "/v1/auth/UpdateProfile", object{"first_name": name, "last_name": "Test"})},
		{12, "write", a.drift},
		{5, "write", a.bulk},
		{3, "write", a.activate},
		{4, "sign-in", a.signIn},
	}
	n := dice.IntN(100)
	for _, c := range mix {
		if n -= c.of; n < 0 {
			return c.kind, c.do
		}
	}
	panic("the chances are less than a hundred together")
}

func (a *actor) by(p *cloudtest.Person, method, path string, body any) func() error {
	return func() error {
		_, err := send(p, method, path, body)
		return err
	}
}

// drift takes the next step of somebody's way: they found an organization and delete it, are invited to
// the actor's, accept, become something else there, and leave or are removed.
func (a *actor) drift() error {
	at, own := "/v1/orgs/"+a.org, ""
	a.steps++
	switch (a.steps - 1) % 6 {
	case 0:
		return a.by(a.drifter, "POST", "/v1/orgs", object{"name": "Own"})()
	case 1:
		raw, err := send(a.drifter, "POST", "/v1/orgs:search", nil)
		if err != nil {
			return err
		}
		var mine struct{ Orgs []struct{ ID string } }
		if json.Unmarshal(raw, &mine) == nil && len(mine.Orgs) == 1 {
			own = mine.Orgs[0].ID
		}
		return a.by(a.drifter, "DELETE", "/v1/orgs/"+own, nil)()
	case 2:
		return a.by(a.admin, "POST", at+"/members", object{"username": a.drifter.Email, "role": "Technical"})()
	case 3:
		return a.by(a.drifter, "POST", "/v1/invitations/"+a.org+":accept", nil)()
	case 4:
		return a.by(a.admin, "PUT", a.row(a.drifter.Email), object{"role": "Admin"})()
	}
	if a.steps%12 == 0 {
		return a.by(a.admin, "DELETE", a.row(a.drifter.Email), nil)()
	}
	return a.by(a.drifter, "POST", at+":leave", nil)()
}

// bulk invites three people, or takes back the last of those.
func (a *actor) bulk() error {
	if n := len(a.pending); n > 0 {
		last := a.pending[n-1]
		a.pending = a.pending[:n-1]
		return a.by(a.admin, "DELETE", a.row(last), nil)()
	}
	var users []object
	for range 3 {
		email := cloudtest.Address("guest")
		a.pending, users = append(a.pending, email), append(users, object{"username": email, "role": "Technical"})
	}
	raw, err := send(a.admin, "POST", "/v1/orgs/"+a.org+"/members:bulk", object{"users": users})
	if err == nil && string(raw) != `{"errors":[]}` {
		err = fmt.Errorf("members:bulk: %s", raw)
	}
	return err
}

// activate invites somebody, follows the link when the mail is there and makes the account, and removes it
// from the organization, a step each time. The link is followed and the account made in one: the turn after
// next of an actor may be later than a state token lives.
func (a *actor) activate() error {
	switch {
	case a.mailed == "":
		a.mailed = cloudtest.Address("newcomer")
		return a.by(a.admin, "POST", "/v1/orgs/"+a.org+"/members", object{"username": a.mailed, "role": "Technical"})()
	case !a.arrived:
		state, err := a.follow()
		if err != nil || state == "" {
			return err
		}
		a.arrived = true
		body := object{"token": state, "password": cloudtest.Password, "profile": object{"first_name": "New", "last_name": "Comer", "tos": true}}
		return a.by(&cloudtest.Person{Cloud: a.admin.Cloud}, "POST", "/v1/auth/ActivateProfile", body)()
	}
	email := a.mailed
	a.mailed, a.arrived = "", false
	return a.by(a.admin, "DELETE", a.row(email), nil)()
}

// follow trades the link in the mail for a state token; "" while the mail is not there.
func (a *actor) follow() (state string, err error) {
	nobody := &cloudtest.Person{Cloud: a.admin.Cloud}
	raw, err := send(nobody, "GET", "/_local/mail?to="+url.QueryEscape(a.mailed), nil)
	if err != nil {
		return "", err
	}
	var inbox struct {
		Mails []struct{ Links []struct{ Href string } }
	}
	if err := json.Unmarshal(raw, &inbox); err != nil || len(inbox.Mails) == 0 {
		return "", err
	}
	_, link, _ := strings.Cut(inbox.Mails[0].Links[0].Href, "token=")
	raw, err = send(nobody, "POST", "/v1/auth/ValidateToken", object{"activation_token": link})
	if err != nil {
		return "", err
	}
	var known struct {
		State string `json:"state_token"`
	}
	err = json.Unmarshal(raw, &known)
	return known.State, err
}

// signIn signs the actor in again, which takes the place of an older session.
func (a *actor) signIn() error {
	raw, err := send(a.admin, "POST", "/v1/auth/SignIn", object{"email": a.admin.Email, "password": cloudtest.Password})
	if err != nil {
		return err
	}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(raw, &session); err != nil {
		return err
	}
	a.admin.Token = session.AccessToken
	return nil
}

func TestTheChancesAreAHundred(t *testing.T) {
	t.Parallel()
	a, dice := &actor{}, rand.New(rand.NewPCG(1, 1))
	seen := map[string]int{}
	for range 5000 {
		kind, _ := a.pick(dice)
		seen[kind]++
	}
	if len(seen) != 3 || seen["read"] < seen["write"] {
		t.Error(seen)
	}
}
