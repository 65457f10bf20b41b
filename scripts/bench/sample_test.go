package bench

import (
	"testing"
	"time"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/engine"
	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// The people of the sample events: Ann is Acme's Admin, Bob is invited.
const (
	acme      = org.ID("0f8fad5b-d9cb-469f-a165-70867728950e")
	annID     = account.ID("11111111-1111-4111-8111-111111111111")
	ann       = account.Address("Ann.Lee@example.com")
	bob       = account.Address("bob@example.com")
	bobsMail  = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	bobsLink  = "D4-tW9nLRp-hZXCGdyiVDkWx6VFKJVWiufsRQP69u36xsb20gMYdB1MA2b_32ctpzzFpXqBI5Hj6yt9Cbo0PsA"
	bobsState = "D4-tW9nLRp-hZXCGdyiVDkWx6VFKJVWiufsRQP69u35Lppc1ylN2XtanCe21bG6iNrcZOjspprOQw0bw9DQOTg"
	password  = "Example1234"
)

// A sample is a cloud whose functions work on a table of their own, which nothing but them and the
// scene of the sample events changes: nobody follows its stream.
type sample struct {
	*cloudtest.Cloud
	engine *engine.Engine
	table  string
}

func newSample(b testing.TB) *sample {
	b.Helper()
	w, e := found(b, "roster")
	s := &sample{engine: e, table: w.table}
	s.Cloud = cloudtest.Start(b, cloud.Options{
		FunctionsDynamoDB: e.Endpoint, Table: s.table, Settings: map[string]string{"ROSTER_RESEND_AFTER": "0"},
	})
	s.Do(b, "POST", "/_local/accounts", "", map[string]any{
		"email": string(ann), "first_name": "Ann", "last_name": "Lee", "password": password,
	}).Want(b, 200)
	return s
}

// set makes the table the scene of an operation's event.
func (s *sample) set(b testing.TB, operation string) {
	b.Helper()
	items := scene(time.Now())
	for _, k := range without(operation) {
		items[k] = nil
	}
	if err := write(b.Context(), s.engine.Client(), s.table, items); err != nil {
		b.Fatal(err)
	}
}

func scene(now time.Time) map[storetest.Key]storetest.Item {
	at, ends := storetest.Stamp(now), storetest.Stamp(now.Add(time.Hour))
	link, _ := org.ParseLink(bobsLink)
	state, _ := org.ParseLink(bobsState)
	hash, member := string(link.Secret.Hash()), string(link.Member)
	return map[storetest.Key]storetest.Item{
		storetest.OrgKey(acme):    {"name": "Acme", "tier": "REGISTERED", "admins": 1, "created_at": at, "updated_at": at},
		storetest.AddressKey(ann): {"sub": string(annID)},
		storetest.AccountKey(annID): {
			"email": string(ann), "first_name": "Ann", "last_name": "Lee", "tos": true, "marketing": false, "org_id": string(acme),
		},
		storetest.MemberKey(acme, ann): {
			"status": "ACTIVE", "role": "Admin", "email": string(ann), "first_name": "Ann", "last_name": "Lee", "account": string(annID),
		},
		storetest.MemberKey(acme, bob): {"status": "PROVISIONED", "role": "Technical", "email": string(bob), "first_name": "", "last_name": "", "invited_by": "Ann Lee", "expires_at": ends},
		storetest.InvitationKey(acme, bob): {
			"mail": bobsMail, "delivery": "queued", "link": hash, "queued_at": at, "expires_at": ends, "invited_by": "Ann Lee", "ttl": now.Add(time.Hour).Unix(),
		},
		storetest.PointerKey(acme, bob):                     {},
		storetest.StateKey(acme, state.Secret.Hash()):       {"member": member, "link": hash, "expires_at": ends, "ttl": now.Add(time.Hour).Unix()},
		storetest.ServerKey(acme, "pmm-1"):                  {"name": "Monitoring", "url": "https://pmm.example", "credential": string(id.Secret{}.Hash()), "connected_by": string(annID)},
		storetest.LockKey("pmm-1"):                          {"org_id": string(acme)},
		storetest.QuotaKey(acme, now.Format(time.DateOnly)): {"n": 0, "ttl": now.Add(time.Hour).Unix()},
	}
}

// without are the items that an operation's event does not find.
func without(operation string) []storetest.Key {
	switch operation {
	case "member-invite", "member-invite-bulk", "member-onboard":
		return []storetest.Key{storetest.MemberKey(acme, bob), storetest.InvitationKey(acme, bob), storetest.PointerKey(acme, bob)}
	case "org-create":
		return []storetest.Key{storetest.OrgKey(acme)}
	case "server-connect":
		return []storetest.Key{storetest.ServerKey(acme, "pmm-1"), storetest.LockKey("pmm-1")}
	}
	return nil
}
