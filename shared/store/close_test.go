package store_test

import (
	"testing"

	"roster/shared/account"
	"roster/shared/store/storetest"
)

func closing(w who) func(*scene) error {
	return func(s *scene) error {
		_, err := s.DB.Close(s.ctx, w(s).ID, account.Caller{IP: "192.0.2.8", UserAgent: "cli", RequestID: "rq8"})
		return err
	}
}

func set(*scene) {}

// address is the item that leads from somebody's address to their account.
func (w who) address(s *scene) storetest.Key { return storetest.AddressKey(w(s).Address) }

// elsewhere is an account that is not, or not where, it was seen.
func elsewhere(w who) []move {
	return append(unlocked(w),
		move{"the account has another address", changed(w.account, storetest.Item{"email": "Other@Example.com"})},
		move{"the address is another account's", changed(w.address, storetest.Item{"sub": "other"})},
	)
}

func TestCloseOfAMemberIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	for _, moves := range [][]move{elsewhere(cat), replaced(cat), ended, lonely} {
		repeated(t, set, closing(cat), moves...)
	}
}

func TestCloseOfASoleAdminIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	beta := func(s *scene) storetest.Key { return storetest.OrgKey(s.beta) }
	repeated(t, set, closing(hal),
		move{"the account has another address", changed(who(hal).account, storetest.Item{"email": "Other@Example.com"})},
		move{"the account is in no organization", changed(who(hal).account, storetest.Item{"org_id": nil})},
		move{"the address is another account's", changed(who(hal).address, storetest.Item{"sub": "other"})},
		move{"another Admin came", changed(beta, storetest.Item{"admins": 2})},
		move{"the organization was deleted", func(s *scene) { deleted(s.beta)(s) }},
		move{"the organization was purged", dropped(beta)},
	)
}

func TestCloseOfSomebodyWithoutOrganizationIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, set, closing(fox), move{"the account joined an organization", func(s *scene) {
		s.Set(who(fox).account(s), storetest.Item{"org_id": string(s.acme)})
	}})
}

func TestCloseErasesTheAccountAndEndsItsMembership(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error { return closing(cat)(s) }, `
+ ORG#acme EVENT#T#*
    action=DELETE actor="" agent=cli id=* ip=192.0.2.8 objects=[
        {id=cat@acme initial={role=Admin} name=cat result=<nil> type=organization_member}] request_id=rq8 role="" timestamp=T ttl=T+365d
- EMAIL#cat@example.com ACCOUNT
- ORG#acme MEMBER#cat@acme
~ ACCOUNT#cat ACCOUNT
    closed=true email="" first_name="" last_name="" tos=false -org_id
~ ORG#acme ORG
    admins=1
`)
	does(t, s, func() error { return closing(cat)(s) }, nothing)
	if n := len(s.Faults.Calls("TransactWriteItems")); n != 1 {
		t.Errorf("%d transactions, want one", n)
	}
}

func TestCloseLeavesTheRowOfASoleAdmin(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error {
		stays, err := s.DB.Close(s.ctx, "hal", account.Caller{})
		if !stays {
			t.Error("the row does not stay")
		}
		return err
	}, `
- EMAIL#hal@example.com ACCOUNT
~ ACCOUNT#hal ACCOUNT
    closed=true email="" first_name="" last_name="" tos=false
`)
}

func TestCloseOfSomebodyWhoIsInNoLiveOrganizationErasesThemOnly(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error { return closing(gus)(s) }, `
- EMAIL#gus@example.com ACCOUNT
~ ACCOUNT#gus ACCOUNT
    closed=true email="" first_name="" last_name="" tos=false -org_id
`)
	does(t, s, func() error { _, err := s.DB.Close(s.ctx, "nobody", account.Caller{}); return err }, nothing)
}

func TestCloseLeavesAnAddressThatASuccessorHas(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if _, err := s.DB.Ensure(s.ctx, "successor", s.fox.Address, "Fay", "Smith"); err != nil {
		t.Fatal(err)
	}
	if err := closing(fox)(s); err != nil {
		t.Fatal(err)
	}
	met, err := s.DB.Meet(s.ctx, s.acme, []account.Address{s.fox.Address})
	if err != nil || met[0].Account.ID != "successor" {
		t.Errorf("the address leads to %+v, %v", met, err)
	}
}

func TestCloseTakesTheMailAboutJoiningWithIt(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Put(who(bob).mail(s), storetest.Item{
		"mail": "m", "joined": true, "expires_at": storetest.Stamp(storetest.Start), "ttl": storetest.Start.Unix(),
	})
	if err := closing(bob)(s); err != nil {
		t.Fatal(err)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}
