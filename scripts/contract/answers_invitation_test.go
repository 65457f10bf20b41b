package contract

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestAnswersOfLinkValidate(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "link-validate")
	ann, org := found(t, c, "ann")
	pia, bob := c.Person(t, "pia"), cloudtest.Address("bob")
	ann.Invite(t, org, pia.Email, "Admin")
	ann.Invite(t, org, bob, "Technical")
	g.keep("an address without account", validate(t, c, c.Link(t, bob, 0)))
	g.keep("an address with an account", validate(t, c, c.Link(t, pia.Email, 0)))
	g.keep("no link", validate(t, c, "x"))
	g.keep("nothing", validate(t, c, ""))
}

func TestAnswersOfLinkAccept(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "link-accept")
	ann, org := found(t, c, "ann")
	pia, eve := c.Person(t, "pia"), c.Person(t, "eve")
	accept := func(p *cloudtest.Person, link string) cloudtest.Answer {
		return p.Do(t, "POST", "/v1/invitations:accept", object{"activation_token": link})
	}
	ann.Invite(t, org, pia.Email, "Admin")
	old := ann.Invite(t, org, eve.Email, "Admin")
	link, dead := c.Link(t, pia.Email, 0), c.Link(t, eve.Email, 0)
	g.keep("somebody else's", accept(eve, link))
	g.keep("one's own", accept(pia, link))
	g.keep("again", accept(pia, link))
	expire(t, c, org, old)
	g.keep("expired", accept(eve, dead))
	eve.Org(t, "Eve's")
	g.keep("in another organization", accept(eve, dead))
	g.keep("no link", accept(eve, "x"))
	g.keep("nothing", accept(eve, ""))
}

func TestAnswersOfProfileActivate(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "profile-activate")
	ann, org := found(t, c, "ann")
	bob, pia := cloudtest.Address("bob"), c.Person(t, "pia")
	ann.Invite(t, org, bob, "Admin")
	ann.Invite(t, org, pia.Email, "Admin")
	state := validate(t, c, c.Link(t, bob, 0)).Text("state_token")
	try := func(path string, value any) cloudtest.Answer {
		return c.Do(t, "POST", "/v1/auth/ActivateProfile", "", with(profile(state), path, value))
	}
	g.keep("no token", try("token", ""))
	g.keep("no state token", try("token", "x"))
	g.keep("no first name", try("profile.first_name", ""))
	g.keep("no last name", try("profile.last_name", ""))
	g.keep("no profile", try("profile", nil))
	g.keep("terms not accepted", try("profile.tos", false))
	for _, p := range []struct{ sentence, password string }{
		{"no password", ""},
		{"nine characters", "Walrus-77"},
		{"no lower case", "WALRUS-77-TUSK"},
		{"no upper case", "walrus-77-tusk"},
		{"no digit", "Walrus-tusk-ivory"},
		{"the first name in it", "Walrus-77-pIa"},
		{"the last name in it", "Walrus-77-PEARL"},
	} {
		g.keep(p.sentence, try("password", p.password))
	}
	g.keep("ten characters without symbol", try("password", "Walrus7777"))
	g.keep("again", try("password", "Walrus7777"))
	state = validate(t, c, c.Link(t, pia.Email, 0)).Text("state_token")
	g.keep("an address with an account", try("password", cloudtest.Password))
}

func TestAnswersOfInvitationSearch(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "invitation-search")
	ann, org := found(t, c, "ann")
	pia := c.Person(t, "pia")
	g.keep("none", pia.Do(t, "POST", "/v1/invitations:search", nil))
	mailed(t, c, org, ann.Invite(t, org, pia.Email, "Technical"))
	g.keep("an open one", pia.Do(t, "POST", "/v1/invitations:search", nil))
}

func TestAnswersOfInvitationAnswer(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "invitation-answer")
	ann, org := found(t, c, "ann")
	pia, eve, dee := c.Person(t, "pia"), c.Person(t, "eve"), c.Person(t, "dee")
	for _, p := range []*cloudtest.Person{pia, eve, dee} {
		ann.Invite(t, org, p.Email, "Technical")
	}
	do := func(p *cloudtest.Person, id, verb string) cloudtest.Answer {
		return p.Do(t, "POST", "/v1/invitations/"+id+":"+verb, nil)
	}
	g.keep("declined", do(dee, org, "decline"))
	g.keep("declined again", do(dee, org, "decline"))
	g.keep("accepted after that", do(dee, org, "accept"))
	g.keep("accepted", do(pia, org, "accept"))
	g.keep("accepted again", do(pia, org, "accept"))
	expire(t, c, org, ann.MemberID(t, org, eve.Email))
	g.keep("expired", do(eve, org, "accept"))
	eve.Org(t, "Eve's")
	g.keep("in another organization", do(eve, org, "accept"))
	g.keep("no invitation", do(eve, someID(), "accept"))
	g.keep("a malformed id", do(eve, "x", "accept"))
	g.keep("another verb", do(eve, org, "ignore"))
}
