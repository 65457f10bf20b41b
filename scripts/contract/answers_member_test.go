package contract

import (
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestAnswersOfMemberInvite(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-invite")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	path, address := route(org, "/members"), cloudtest.Address("bob")
	g.keep("somebody new", ann.Do(t, "POST", path, invite(address, "Technical")))
	g.keep("somebody pending", ann.Do(t, "POST", path, invite(address, "Admin")))
	g.keep("a member", ann.Do(t, "POST", path, invite(tom.Email, "Admin")))
	g.keep("oneself", ann.Do(t, "POST", path, invite(ann.Email, "Admin")))
	g.keep("nobody", ann.Do(t, "POST", path, nil))
	g.keep("an empty address", ann.Do(t, "POST", path, invite("", "Admin")))
	g.keep("no e-mail address", ann.Do(t, "POST", path, invite("bob", "Admin")))
	g.keep("no role", ann.Do(t, "POST", path, object{"username": cloudtest.Address("bob")}))
	g.keep("an unknown role", ann.Do(t, "POST", path, invite(cloudtest.Address("bob"), "admin")))
	g.keep("neither role nor address", ann.Do(t, "POST", path, invite("bob", "admin")))
	g.keep("a malformed id", ann.Do(t, "POST", route("x", "/members"), invite(address, "Admin")))
	g.keep("not a member", ann.Do(t, "POST", route(someID(), "/members"), invite(address, "Admin")))
	g.keep("not an Admin", tom.Do(t, "POST", path, invite(address, "Admin")))
}

func TestAnswersOfMemberInviteBulk(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-invite-bulk")
	ann, org := found(t, c, "ann")
	path, bob := route(org, "/members:bulk"), cloudtest.Address("bob")
	users := func(all ...any) object { return object{"users": list(all)} }
	g.keep("somebody new", ann.Do(t, "POST", path, users(invite(bob, "Technical"))))
	g.keep("everything that a row can fail with", ann.Do(t, "POST", path, users(
		invite(" "+bob+" ", "Admin"), invite("<bob>", "Admin"), invite("x@example.com", ""), invite("y@example.com", "Root"),
	)))
	g.keep("a row without username", ann.Do(t, "POST", path, users(invite(cloudtest.Address("cyd"), "Admin"), object{"role": "Admin"})))
	g.keep("a row with an empty username", ann.Do(t, "POST", path, users(invite("", "Admin"))))
	g.keep("no rows", ann.Do(t, "POST", path, users()))
	g.keep("nothing", ann.Do(t, "POST", path, nil))
	var eleven list
	for range 11 {
		eleven = append(eleven, invite(cloudtest.Address("cyd"), "Admin"))
	}
	g.keep("eleven rows", ann.Do(t, "POST", path, users(eleven...)))
	g.keep("a row of another type", ann.Do(t, "POST", path, users("bob@example.com")))
	g.keep("a username of another type", ann.Do(t, "POST", path, users(invite(bob, "Admin"), object{"username": 5})))
	g.keep("users of another type", ann.Do(t, "POST", path, object{"users": "bob@example.com"}))
}

func TestAnswersOfMemberSearch(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-search")
	ann, org := found(t, c, "ann")
	path := route(org, "/members:search")
	ann.Join(t, org, "Tom", "Technical")
	bob, eve := cloudtest.Address("bob"), cloudtest.Address("eve")
	sent, old := ann.Invite(t, org, bob, "Technical"), ann.Invite(t, org, eve, "Admin")
	mailed(t, c, org, sent)
	expire(t, c, org, old)
	g.keep("everybody", ann.Do(t, "POST", path, nil))
	g.keep("one, pending", ann.Do(t, "POST", path, object{"user": object{"username": bob}}))
	g.keep("a page, and another to come", ann.Do(t, "POST", path, object{"page_size": 1}))
	g.keep("no match", ann.Do(t, "POST", path, object{"user": object{"username": "nobody@example.com"}}))
	g.keep("no e-mail address", ann.Do(t, "POST", path, object{"user": object{"username": "nobody"}}))
	g.keep("an empty username", ann.Do(t, "POST", path, object{"user": object{"username": ""}}))
	g.keep("no username", ann.Do(t, "POST", path, object{"user": object{}}))
	g.keep("a bad page token", ann.Do(t, "POST", path, object{"page_token": "x"}))
	g.keep("an empty page", ann.Do(t, "POST", path, object{"page_size": 0}))
	g.keep("too large a page", ann.Do(t, "POST", path, object{"page_size": 1001}))
	g.keep("a page of another type", ann.Do(t, "POST", path, object{"page_size": "many"}))
}

func TestAnswersOfMemberRole(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-role")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	own, his := route(org, "/members/", ann.MemberID(t, org, ann.Email)), route(org, "/members/", ann.MemberID(t, org, tom.Email))
	invited := ann.Invite(t, org, cloudtest.Address("bob"), "Technical")
	mailed(t, c, org, invited)
	g.keep("a member's", ann.Do(t, "PUT", his, object{"role": "Admin"}))
	g.keep("the same again", ann.Do(t, "PUT", his, object{"role": "Admin"}))
	g.keep("a pending one's", ann.Do(t, "PUT", route(org, "/members/", invited), object{"role": "Admin"}))
	g.keep("no role", ann.Do(t, "PUT", his, nil))
	g.keep("an unknown role", ann.Do(t, "PUT", his, object{"role": "technical"}))
	g.keep("one's own", ann.Do(t, "PUT", own, object{"role": "Technical"}))
	g.keep("no such member", ann.Do(t, "PUT", route(org, "/members/", someID()), object{"role": "Admin"}))
	g.keep("a malformed id", ann.Do(t, "PUT", route(org, "/members/x"), object{"role": "Admin"}))
}

func TestAnswersOfMemberRemove(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "member-remove")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	his := route(org, "/members/", ann.MemberID(t, org, tom.Email))
	g.keep("not an Admin", tom.Do(t, "DELETE", his, nil))
	g.keep("a member", ann.Do(t, "DELETE", his, nil))
	g.keep("again", ann.Do(t, "DELETE", his, nil))
	g.keep("a pending one", ann.Do(t, "DELETE", route(org, "/members/", ann.Invite(t, org, cloudtest.Address("bob"), "Admin")), nil))
	g.keep("oneself", ann.Do(t, "DELETE", route(org, "/members/", ann.MemberID(t, org, ann.Email)), nil))
}

func TestAnswersOfMemberReactivate(t *testing.T) {
	t.Parallel()
	c, g := few(t), newGolden(t, "member-reactivate")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	again := func(id string) cloudtest.Answer {
		return ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil)
	}
	id := ann.Invite(t, org, cloudtest.Address("bob"), "Technical")
	g.keep("a pending one", again(id))
	g.keep("over the quota", again(id))
	g.keep("a member", again(ann.MemberID(t, org, tom.Email)))
	g.keep("no such member", again(someID()))
	g.keep("another verb", ann.Do(t, "POST", route(org, "/members/", id, ":activate"), nil))
}
