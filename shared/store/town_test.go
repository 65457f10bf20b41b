package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

// town is a few people, and a few organizations in which they do anything at any time. What somebody
// decided may happen much later, when the world has moved on, or never, as with a killed function.
type town struct {
	*storetest.World
	ctx     context.Context
	people  []*citizen
	orgs    []org.ID
	links   []org.Link // of mails that went out
	states  []org.Link // state tokens
	decided []decision
}

// citizen is somebody with an e-mail address; their user in the pool comes and goes.
type citizen struct {
	storetest.Person
	lives  int  // how many users they have had
	signed bool // there is a user now
	before account.Address
}

// newTown begins with the scene's people in acme and beta, some invited, one of them without a user.
func newTown(t *testing.T, w *storetest.World) *town {
	t.Helper()
	s := setScene(t, w)
	people := []*citizen{{Person: s.eve}}
	for _, p := range []storetest.Person{s.ann, s.bob, s.cat, s.dan, s.hal} {
		people = append(people, &citizen{Person: p, lives: 1, signed: true})
	}
	return &town{World: w, ctx: t.Context(), people: people, orgs: []org.ID{s.gone, s.beta, s.acme}}
}

// rebirth gives the citizen another user.
func (c *citizen) rebirth() {
	c.lives++
	c.signed, c.ID = true, account.ID(fmt.Sprintf("%s%d", strings.ToLower(c.First), c.lives))
}

func (t *town) signUp(c *citizen) error {
	if !c.signed {
		c.rebirth()
	}
	return t.signIn(c)
}

func (t *town) signIn(c *citizen) error {
	_, err := t.DB.Ensure(t.ctx, c.ID, c.Address, c.First, c.Last)
	return err
}

// home is the organization that the citizen's account is locked to.
func (t *town) home(c *citizen) (org.ID, bool) {
	o, ok := t.Get(storetest.AccountKey(c.ID))["org_id"].(string)
	return org.ID(o), ok
}

// fresh is the id of an organization that was never made, in the place of one that the others know.
func (t *town) fresh() org.ID {
	o := t.OrgID(id.New())
	t.orgs = append(t.orgs[1:], o)
	return o
}

// refuses passes over what a caller may be told, and over the world having moved; anything else is
// our own fault.
func (t *town) refuses(err error) {
	var told *fault.Error
	if err != nil && !errors.As(err, &told) && !errors.Is(err, store.ErrMoved) {
		panic(fmt.Sprintf("internal error: %v", err))
	}
}

// decision is what somebody decided: a change, or why there is none.
type decision func() error

func refused(err error) decision { return func() error { return err } }

// users are those who have, or had, a user, and so perhaps a token.
func (t *town) users() []*citizen {
	return slices.DeleteFunc(slices.Clone(t.people), func(c *citizen) bool { return c.lives == 0 })
}

// visit is somebody with a token, at an organization.
type visit struct {
	account.Caller
	at org.ID
}

// caller is the citizen with a fresh token, or one from before they changed their address.
func (t *town) caller(c *citizen, old bool) account.Caller {
	who := c.Caller()
	who.Issued = t.Clock.Now()
	if old && c.before != "" {
		who.Address = c.before
	}
	return who
}

func (t *town) create(v visit) decision {
	a, err := t.DB.Account(t.ctx, v.Caller)
	if err != nil {
		return refused(err)
	}
	held, err := t.DB.Holder(t.ctx, a, "")
	if err == nil {
		err = org.MayCreate(held)
	}
	if err != nil {
		return refused(err)
	}
	return func() error {
		_, err := t.DB.CreateOrg(t.ctx, v.Caller, a, org.Org{ID: t.fresh(), Name: "Name"})
		return err
	}
}

// rule is what somebody who sees an organization may not do, or else does.
type rule func(store.Seen) (change decision, may error)

// decide takes a look at an organization, and at the row of target there.
func (t *town) decide(v visit, target account.Address, r rule) decision {
	seen, err := t.DB.LookMail(t.ctx, v.Caller, v.at, org.MemberOf(v.at, target))
	if err != nil {
		return refused(err)
	}
	change, may := r(seen)
	if may != nil {
		return refused(may)
	}
	return change
}

func (t *town) rename(s store.Seen) (change decision, may error) {
	return func() error { _, err := t.DB.Rename(t.ctx, s, id.New()); return err }, org.MayRename(s.Me, s.Org)
}

func (t *town) end(s store.Seen) (change decision, may error) {
	return func() error { return t.DB.DeleteOrg(t.ctx, s) }, org.MayManage(s.Me)
}

func (t *town) leave(s store.Seen) (change decision, may error) {
	return func() error { return t.DB.Leave(t.ctx, s) }, org.MayLeave(s.Org, s.Me)
}

func (t *town) remove(s store.Seen) (change decision, may error) {
	return func() error { return t.DB.Remove(t.ctx, s, s.Row()) }, org.MayRemove(s.Me, s.Row().Member)
}

func (t *town) promote(s store.Seen) (change decision, may error) {
	to := org.Admin
	if s.Row().Member.Role == org.Admin {
		to = org.Technical
	}
	return func() error { _, err := t.DB.ChangeRole(t.ctx, s, s.Row(), to); return err }, org.MayChangeRole(s.Me, s.Row().Member)
}

func (t *town) resend(s store.Seen) (change decision, may error) {
	return func() error { return t.DB.Resend(t.ctx, s, 100, s.Row()) }, org.MayResend(s.Me, s.Row().Member, s.Row().Invitation, 0, s.At)
}

// invite invites the address of a citizen; join makes an account that it has a member at once.
func (t *town) invite(a account.Address, r org.Role, join bool) rule {
	return func(s store.Seen) (change decision, may error) {
		who := store.Invitee{Address: a, Role: r}
		if join {
			met, err := t.DB.Meet(t.ctx, s.Org.ID, []account.Address{a})
			if err != nil {
				return nil, err
			}
			if met[0].Elsewhere {
				return nil, org.ErrMemberElsewhere
			}
			who.Account = met[0].Account
		}
		if s.Row().Member.Exists() {
			return nil, org.ErrAlreadyMember
		}
		return func() error { return t.DB.Invite(t.ctx, s, 100, []store.Invitee{who}) }, org.MayManage(s.Me)
	}
}

func (t *town) answer(v visit, yes bool) decision {
	s, err := t.DB.LookInvitation(t.ctx, v.Caller, v.at)
	switch {
	case err != nil:
		return refused(err)
	case yes && org.MayAccept(s.Org, s.Row().Member, s.Row().Invitation, s.Elsewhere, s.At) == nil:
		return func() error { return t.DB.Accept(t.ctx, s) }
	case !yes && org.MayDecline(s.Org, s.Row().Member) == nil:
		return func() error { return t.DB.Decline(t.ctx, s) }
	}
	return refused(nil)
}

// activate is what profile-activate does, with a pool that makes a user for whoever has none.
func (t *town) activate(state org.Link) decision {
	s, token, err := t.DB.LookLink(t.ctx, state, state.Secret.Hash())
	if err == nil {
		err = org.MayActivate(s.Org, s.Row().Member, s.Row().Invitation, token, s.At)
	}
	if err != nil {
		return refused(err)
	}
	n := slices.IndexFunc(t.people, func(c *citizen) bool { return c.Address.Same(s.Row().Member.Address) })
	if n < 0 || t.people[n].signed {
		return refused(org.ErrHasAccount)
	}
	c := t.people[n]
	c.rebirth()
	after := account.Account{ID: c.ID, Address: s.Row().Member.Address, First: "New", Last: "Name", TOS: true}
	return func() error { return t.DB.Activate(t.ctx, s, state.Secret.Hash(), account.Account{}, after) }
}

func (t *town) profile(v visit, name string) decision {
	a, err := t.DB.Account(t.ctx, v.Caller)
	if err != nil {
		return refused(err)
	}
	want := a
	want.First, want.Marketing = name, !a.Marketing
	return func() error { return t.DB.UpdateProfile(t.ctx, a, want) }
}

func (t *town) signOut(v visit) decision {
	s, err := t.DB.Mine(t.ctx, v.Caller)
	if err != nil {
		return refused(err)
	}
	return func() error { return t.DB.SignOut(t.ctx, s) }
}

// mail sends what the outbox of an organization holds for an address.
func (t *town) mail(o org.ID, a account.Address) error {
	link := org.NewLink(o, org.MemberOf(o, a))
	s, err := t.DB.LookMailing(t.ctx, o, link.Member)
	if err != nil || s.Row().Invitation.Delivery != org.Queued || s.Row().Invitation.Joined {
		return err
	}
	if err := t.DB.SetLink(t.ctx, o, link.Member, s.Row().Invitation.Mail, link.Secret.Hash()); err != nil {
		return err
	}
	t.links = append(t.links, link)
	return nil
}

// sweep is DynamoDB's expiry, which takes away what is over at some time after it.
func (t *town) sweep(rt *rapid.T) {
	d := t.Dump()
	keys := slices.SortedFunc(maps.Keys(d), func(a, b storetest.Key) int { return strings.Compare(a.PK+a.SK, b.PK+b.SK) })
	for _, k := range keys {
		ends, _ := d[k]["expires_at"].(string)
		over := ends != "" && ends < storetest.Stamp(t.Clock.Now())
		if over && d[k]["ttl"] != nil && rapid.Bool().Draw(rt, "swept") {
			t.Drop(k)
		}
	}
}

// purge erases a deleted organization, or as much of it as so many requests do.
func (t *town) purge(o org.ID, most int) error {
	if most > 0 {
		kill := storetest.Rule{Skip: most, Fault: storetest.Refuse(400, "AccessDeniedException")}
		defer t.Faults.Insert(kill)()
	}
	_, err := t.DB.Purge(t.ctx, o, time.Now().Add(time.Hour))
	if most > 0 && err != nil {
		return nil // killed
	}
	return err
}
