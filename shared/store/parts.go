package store

import (
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/org"
)

// The parts that transactions are made of. Each is a sentence about one item.

// living is what an organization's row says while it exists and was not deleted. Either half alone
// is wrong: the first lets writes into an organization that is being purged, the second into none.
func living() condition { return exists().And(hasNot("deleted_at")) }

// live holds the organization to being live and moves its number of ACTIVE Admins, which never
// falls to zero.
func live(o org.ID, admins int) change {
	switch {
	case admins == 0:
		return check(orgKey(o), living())
	case admins > 0:
		return update(orgKey(o), addAdmins(admins), living())
	}
	return update(orgKey(o), addAdmins(admins), living(), expression.Name("admins").GreaterThan(expression.Value(-admins)))
}

// enters is live for people who become ACTIVE members of o, admins of them as Admins. A linked
// organization may have no Admin before, and then it is held to that: whoever enters is made one. Each
// entry to it is counted, because the one member who may leave no Admin behind (Offboard) does so only
// while nobody else enters.
func enters(o org.Org, admins int) change {
	if o.Customer == "" {
		return live(o.ID, admins)
	}
	c := update(orgKey(o.ID), addAdmins(admins).Add(expression.Name("entries"), expression.Value(1)), living())
	if o.Admins == 0 {
		c.when = append(c.when, is("admins", 0))
		return c
	}
	c.when = append(c.when, expression.Name("admins").GreaterThan(expression.Value(0)))
	return c
}

func addAdmins(n int) assignment {
	admins := expression.Name("admins")
	return expression.Set(admins, admins.Plus(expression.Value(n)))
}

// stillAdmin holds the caller to being an ACTIVE Admin at the instant of the write.
func stillAdmin(s Seen) change {
	return check(memberKey(s.Org.ID, s.Me.ID), is("status", org.Active), is("account", s.Caller.Account), is("role", org.Admin))
}

// asSeen is what a member's row says while status, role and account are those of the look.
func asSeen(m org.Member) condition {
	c := is("status", m.Status).And(is("role", m.Role))
	if m.Account == "" {
		return c.And(hasNot("account"))
	}
	return c.And(is("account", m.Account))
}

// mailAsSeen is what an invitation's item says while its mail is the one of the look, or it is
// absent as it was then: TTL may have swept it.
func mailAsSeen(i org.Invitation) condition {
	if !i.Exists() {
		return absent()
	}
	return is("mail", i.Mail)
}

// claim locks an account to the organization that it enters: it is open, has the names and address
// that the member's row copies, and is in no organization, or in one that is gone.
func claim(a account.Account, o org.ID) change {
	c := update(accountKey(a.ID), set("org_id", string(o)), asCopied(a), hasNot("closed"))
	if a.Org == "" {
		c.when = append(c.when, hasNot("org_id"))
		return c
	}
	c.when = append(c.when, is("org_id", a.Org))
	if a.Org == string(o) {
		return c
	}
	return c.with(check(orgKey(org.ID(a.Org)), absent().Or(has("deleted_at"))))
}

// asCopied is what an account's row says while a member's row made of it would be right.
func asCopied(a account.Account) condition {
	return is("first_name", a.First).And(is("last_name", a.Last), is("email", string(a.Address)))
}

// release frees an account that leaves o.
func release(a account.ID, o org.ID) change {
	return update(accountKey(a), unset("org_id"), is("org_id", string(o)))
}

// forget removes the latest mail to a row and what leads to it; the link dies with it.
func forget(o org.ID, row Row) change {
	pointer := provided(row.Member.Status == org.Provisioned, func() change {
		return remove(invitedKey(row.Member.Address, o))
	})
	return remove(invitationKey(o, row.Member.ID), mailAsSeen(row.Invitation)).with(pointer)
}

// keepOut marks somebody who leaves a linked organization, so that the automatic link does not
// pull them back in.
func keepOut(o org.Org, m org.MemberID) change {
	return provided(o.Customer != "", func() change {
		k := removedKey(o.ID, m)
		return put(k, k)
	})
}

// letIn takes that mark away: an invitation brings them back.
func letIn(o org.Org, m org.MemberID) change {
	return provided(o.Customer != "", func() change { return remove(removedKey(o.ID, m)) })
}

// record writes the event of a change.
func record(o org.ID, e activity.Event) change {
	item := eventOf(o, e)
	return put(item.key, item, absent())
}

// theMember is a membership as an event's object: called by the account's id, or by the e-mail
// while there is none.
func theMember(m org.Member, initial, result map[string]string) activity.Object {
	name := string(m.Account)
	if name == "" {
		name = string(m.Address)
	}
	return activity.Object{ID: string(m.ID), Name: name, Type: activity.Membership, Initial: initial, Result: result}
}

// theOrg is an organization as an event's object.
func theOrg(o org.Org, initial, result map[string]string) activity.Object {
	return activity.Object{ID: string(o.ID), Name: o.Name, Type: activity.Organization, Initial: initial, Result: result}
}

// state is part of an event's object: name and value in turn.
func state(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}
