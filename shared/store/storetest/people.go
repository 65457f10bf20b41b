package storetest

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"roster/shared/account"
	"roster/shared/org"
)

// Person is somebody a test is about: ann is Ann Smith, Ann@Example.com, with the account ann.
type Person struct {
	ID      account.ID
	Address account.Address
	First   string
	Last    string
}

// Person returns somebody of that lower-case name, of whom the table knows nothing.
func (w *World) Person(name string) Person {
	first := strings.ToUpper(name[:1]) + name[1:]
	p := Person{ID: account.ID(name), Address: account.Address(first + "@Example.com"), First: first, Last: "Smith"}
	w.people = append(w.people, p)
	return p
}

// Account is Person for somebody who has an account, in no organization.
func (w *World) Account(name string) Person {
	w.t.Helper()
	p := w.Person(name)
	w.PutAll(map[Key]Item{AccountKey(p.ID): p.item(""), AddressKey(p.Address): {"sub": name}})
	return p
}

// Caller is the person with a token that was issued before the world began.
func (p Person) Caller() account.Caller {
	return account.Caller{
		Account: p.ID, Address: p.Address, First: p.First, Last: p.Last, Issued: Start.Add(-time.Hour),
		IP: "192.0.2.1", UserAgent: "test", RequestID: "rq",
	}
}

// Known is the person's account as a look finds it while they are in no organization.
func (p Person) Known() account.Account {
	return account.Account{ID: p.ID, Address: p.Address, First: p.First, Last: p.Last, TOS: true}
}

func (p Person) item(o org.ID) Item {
	i := Item{"email": string(p.Address), "first_name": p.First, "last_name": p.Last, "tos": true, "marketing": false}
	if o != "" {
		i["org_id"] = string(o)
	}
	return i
}

// OrgID is the id of the organization of that name, which need not exist.
func (w *World) OrgID(name string) org.ID {
	w.orgs = append(w.orgs, name)
	return orgID(name)
}

func orgID(name string) org.ID { return org.ID(uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String()) }

// Row is a member to begin with.
type Row struct {
	Who    Person
	Role   org.Role
	Status org.Status
}

// Active is a member with an account.
func Active(p Person, r org.Role) Row { return Row{p, r, org.Active} }

// Invited is a pending row, whose link's hash is "link of <name>".
func Invited(p Person, r org.Role) Row { return Row{p, r, org.Provisioned} }

// Org makes an organization of that name with those members, who get accounts if they have none.
func (w *World) Org(name string, rows ...Row) org.ID {
	w.t.Helper()
	o := w.OrgID(name)
	admins := 0
	items := map[Key]Item{}
	for _, r := range rows {
		if r.Status == org.Provisioned {
			r.pend(items, o)
			continue
		}
		r.join(items, o)
		if r.Role == org.Admin {
			admins++
		}
	}
	items[OrgKey(o)] = Item{
		"name": name, "tier": "REGISTERED", "admins": admins, "created_at": Stamp(Start.Add(-time.Hour)), "updated_at": Stamp(Start.Add(-time.Hour)),
	}
	w.PutAll(items)
	return o
}

// Link makes an organization that of a customer account.
func (w *World) Link(o org.ID, customer string) {
	w.t.Helper()
	w.Set(OrgKey(o), Item{"customer": customer, "tier": "PAID"})
	w.Put(CustomerKey(customer), Item{"org": string(o)})
}

// Invite adds pending rows to an organization.
func (w *World) Invite(o org.ID, rows ...Row) {
	w.t.Helper()
	items := map[Key]Item{}
	for _, r := range rows {
		r.pend(items, o)
	}
	w.PutAll(items)
}

func (r Row) join(items map[Key]Item, o org.ID) {
	p := r.Who
	items[MemberKey(o, p.Address)] = Item{
		"status": "ACTIVE", "role": string(r.Role), "email": string(p.Address), "first_name": p.First,
		"last_name": p.Last, "account": string(p.ID),
	}
	items[AccountKey(p.ID)] = p.item(o)
	items[AddressKey(p.Address)] = Item{"sub": string(p.ID)}
}

func (r Row) pend(items map[Key]Item, o org.ID) {
	p, ends := r.Who, Start.Add(-time.Hour).Add(org.InvitationLife)
	items[MemberKey(o, p.Address)] = Item{
		"status": "PROVISIONED", "role": string(r.Role), "email": string(p.Address), "first_name": "",
		"last_name": "", "invited_by": "Ann Smith", "expires_at": Stamp(ends),
	}
	items[InvitationKey(o, p.Address)] = Item{
		"mail": "mail to " + string(p.ID), "delivery": "sent", "link": "link of " + string(p.ID), "invited_by": "Ann Smith",
		"queued_at": Stamp(Start.Add(-time.Hour)), "sent_at": Stamp(Start.Add(-time.Hour)), "expires_at": Stamp(ends), "ttl": ends.Unix(),
	}
	items[PointerKey(o, p.Address)] = Item{}
}

// Stamp is an instant as items hold it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
