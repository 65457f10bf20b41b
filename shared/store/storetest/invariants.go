package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"roster/shared/account"
	"roster/shared/org"
)

// Broken lists what does not hold in a table between two calls, whatever they were: the bars of
// DESIGN.md §10 that one look at the table can tell.
func (d Dump) Broken() []string {
	c := &checker{dump: d}
	for k, i := range d {
		c.at = k
		c.ttl(i)
		switch kind(k) {
		case "ACCOUNT":
			c.account(i)
		case "EMAIL ACCOUNT":
			c.address(i)
		case "EMAIL INVITED":
			c.pointer()
		case "CUSTOMER":
			c.customer(i)
		case "ORG":
			c.org(i)
		case "ORG REMOVED":
			c.removed()
		case "ORG MEMBER":
			c.member(i)
		case "ORG INVITATION":
			c.invitation(i)
		case "ORG EVENT":
			c.event(i)
		case "ORG PMM":
			c.server(i)
		case "PMM":
			c.lock(i)
		case "ORG TOKEN":
			c.token(i)
		case "EMAIL NOTICE", "ORG STATE", "ORG QUOTA":
		default:
			c.holds(false, "is an item of no kind that DESIGN.md has")
		}
		if strings.HasPrefix(k.PK, "ORG#") {
			c.holds(d[Key{k.PK, "ORG"}] != nil, "belongs to no organization")
		}
	}
	slices.Sort(c.broken)
	return c.broken
}

// kind is what a key is of: its two prefixes, the second left out where it is the first again.
func kind(k Key) string {
	first, _, _ := strings.Cut(k.PK, "#")
	second, _, _ := strings.Cut(k.SK, "#")
	if first == second {
		return first
	}
	return first + " " + second
}

type checker struct {
	dump   Dump
	at     Key
	broken []string
}

func (c *checker) holds(ok bool, sentence string, args ...any) {
	if !ok {
		c.broken = append(c.broken, fmt.Sprintf("%s %s: %s", c.at.PK, c.at.SK, fmt.Sprintf(sentence, args...)))
	}
}

// ttl stands on the items marked † and on no other.
func (c *checker) ttl(i Item) {
	marked := slices.Contains([]string{"ORG INVITATION", "ORG STATE", "ORG EVENT", "ORG QUOTA", "ORG TOKEN", "EMAIL NOTICE"}, kind(c.at))
	c.holds((i["ttl"] != nil) == marked, "ttl is %v", i["ttl"])
}

func (c *checker) live(o string) bool {
	i := c.dump[Key{"ORG#" + o, "ORG"}]
	return i != nil && i["deleted_at"] == nil
}

// account: its lock and one membership, or neither; its address leads to it.
func (c *checker) account(i Item) {
	sub := strings.TrimPrefix(c.at.PK, "ACCOUNT#")
	lock, _ := i["org_id"].(string)
	var rows, want []string
	if lock != "" && c.live(lock) {
		want = []string{lock}
	}
	for k, m := range c.dump.Of("MEMBER#") {
		o := strings.TrimPrefix(k.PK, "ORG#")
		if m["account"] == sub && c.live(o) {
			rows = append(rows, o)
		}
	}
	c.holds(slices.Equal(rows, want), "is locked to %q and a member of %v", lock, rows)
	if i["closed"] == true {
		c.holds(i["email"] == "" && i["first_name"] == "" && i["last_name"] == "", "is closed and not erased")
		return
	}
	owner := c.dump[AddressKey(account.Address(text(i, "email")))]
	c.holds(owner["sub"] == sub, "has the address of %v", owner["sub"])
}

// address: it leads to an open account that has it.
func (c *checker) address(i Item) {
	a := c.dump[Key{"ACCOUNT#" + text(i, "sub"), "ACCOUNT"}]
	c.holds(a != nil && a["closed"] == nil && mailbox(account.Address(text(a, "email"))) == c.at.PK, "leads to an account with %v", a)
}

// pointer: it leads to a pending row, until a purge.
func (c *checker) pointer() {
	o := org.ID(strings.TrimPrefix(c.at.SK, "INVITED#"))
	m := c.dump[MemberKey(o, account.Address(strings.TrimPrefix(c.at.PK, "EMAIL#")))]
	c.holds(m["status"] == "PROVISIONED", "leads to a row with status %v", m["status"])
}

// customer: it leads to a live organization that is linked to it.
func (c *checker) customer(i Item) {
	o := text(i, "org")
	id := strings.TrimPrefix(c.at.PK, "CUSTOMER#")
	c.holds(c.live(o) && c.dump[Key{"ORG#" + o, "ORG"}]["customer"] == id, "leads to %q, which is not live and linked to it", o)
}

// removed: who stays out is no member, and not invited.
func (c *checker) removed() {
	m := c.dump[Key{c.at.PK, "MEMBER#" + strings.TrimPrefix(c.at.SK, "REMOVED#")}]
	c.holds(m == nil || c.dump[Key{c.at.PK, "ORG"}]["deleted_at"] != nil, "stays out and has a row: %v", m)
}

// org: an organization that lives has an ACTIVE Admin, and counts them right; one that is linked may have
// none while nobody is ACTIVE. It is of a customer account that leads to it, and PAID, or neither.
func (c *checker) org(i Item) {
	if i["deleted_at"] != nil {
		return
	}
	admins, actives := 0, 0
	for k, m := range c.dump.Of("MEMBER#") {
		if k.PK != c.at.PK || m["status"] != "ACTIVE" {
			continue
		}
		actives++
		if m["role"] == "Admin" {
			admins++
		}
	}
	linked, _ := i["customer"].(string)
	c.holds(admins > 0 || linked != "" && actives == 0, "has no Admin")
	c.holds((i["tier"] == "PAID") == (linked != ""), "is %v and linked to %q", i["tier"], linked)
	c.holds(linked == "" || "ORG#"+text(c.dump[CustomerKey(linked)], "org") == c.at.PK, "is linked to %q, which leads elsewhere", linked)
	c.holds(number(i["admins"]) == int64(admins), "counts %v Admins of %d", i["admins"], admins)
}

// member: its id is made of organization and address; an active one copies its account, a pending
// one has none and can be found from its address.
func (c *checker) member(i Item) {
	o := org.ID(strings.TrimPrefix(c.at.PK, "ORG#"))
	a := account.Address(text(i, "email"))
	c.holds(c.at == MemberKey(o, a), "is not the row of %s", a)
	mail := c.dump[InvitationKey(o, a)]
	switch {
	case i["status"] == "PROVISIONED":
		c.holds(i["account"] == nil, "is pending and has the account %v", i["account"])
		c.holds(c.dump[PointerKey(o, a)] != nil || !c.live(string(o)), "is pending and not pointed to")
		c.holds(i["expires_at"] != nil && i["invited_by"] != nil, "is pending without end or inviter")
		c.holds(mail == nil || mail["expires_at"] == i["expires_at"], "ends at %v, its mail at %v", i["expires_at"], mail["expires_at"])
		c.holds(mail == nil || mail["joined"] == nil, "is pending and its mail says that they joined")
	case i["status"] == "ACTIVE" && c.live(string(o)):
		c.holds(i["expires_at"] == nil && i["invited_by"] == nil, "is active and still invited")
		owner := c.dump[Key{"ACCOUNT#" + text(i, "account"), "ACCOUNT"}]
		c.holds(owner != nil, "belongs to no account")
		if owner != nil && owner["closed"] == nil {
			c.holds(owner["email"] == i["email"] && owner["first_name"] == i["first_name"] && owner["last_name"] == i["last_name"],
				"is not called as its account is: %v", owner)
		}
	}
	c.holds(i["status"] == "ACTIVE" || i["status"] == "PROVISIONED", "has the status %v", i["status"])
}

// invitation: it belongs to a row; one with a link, or yet to get it, to a pending one.
func (c *checker) invitation(i Item) {
	m := c.dump[Key{c.at.PK, "MEMBER#" + strings.TrimPrefix(c.at.SK, "INVITATION#")}]
	c.holds(m != nil, "belongs to nobody")
	c.holds(m == nil || (m["status"] == "ACTIVE") == (i["joined"] == true), "has joined=%v for a row that is %v", i["joined"], m["status"])
	c.holds(i["joined"] == nil || i["link"] == nil, "has a link for a member")
	c.holds(number(i["ttl"]) == instant(text(i, "expires_at")).Unix(), "expires at %v and is swept at %v", i["expires_at"], i["ttl"])
}

// event: its key tells its time and id, and it is kept for a year.
func (c *checker) event(i Item) {
	at := instant(text(i, "timestamp"))
	c.holds(c.at.SK == fmt.Sprintf("EVENT#%016d#%s", at.UnixMicro(), text(i, "id")), "has the time %v and the id %v", at, i["id"])
	c.holds(number(i["ttl"]) == at.Add(365*24*time.Hour).Unix(), "is kept until %v", i["ttl"])
}

// server: it is locked to its organization, while that one lives.
func (c *checker) server(i Item) {
	o, id := strings.TrimPrefix(c.at.PK, "ORG#"), strings.TrimPrefix(c.at.SK, "PMM#")
	lock := c.dump[Key{"PMM#" + id, "PMM"}]
	c.holds(lock["org_id"] == o || !c.live(o), "is locked to %v", lock["org_id"])
	c.holds(len(text(i, "credential")) == 43 && i["connected_by"] != nil, "has the credential %v by %v", i["credential"], i["connected_by"])
}

// lock: a living organization that it names has the server.
func (c *checker) lock(i Item) {
	o := text(i, "org_id")
	row := c.dump[Key{"ORG#" + o, "PMM#" + strings.TrimPrefix(c.at.PK, "PMM#")}]
	c.holds(row != nil || !c.live(o), "is of %s, which has no such server", o)
}

// token: it says of which server and which of its credentials it is. It may outlive both by an hour.
func (c *checker) token(i Item) {
	c.holds(i["server"] != nil && len(text(i, "credential")) == 43, "is of the server %v with %v", i["server"], i["credential"])
}

func text(i Item, name string) string {
	s, _ := i[name].(string)
	return s
}

func number(v any) int64 {
	n, ok := v.(attributevalue.Number)
	if !ok {
		return -1
	}
	i, _ := n.Int64() // what is none is -1 or 0, and so never a time or a count of ours
	return i
}
