package store_test

import (
	"testing"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// ensuring tells the store that the user pool has that address for somebody.
func ensuring(w who, a account.Address) func(*scene) error {
	return func(s *scene) error {
		_, err := s.DB.Ensure(s.ctx, w(s).ID, a, "Pool", "Name")
		return err
	}
}

func TestEnsureOfANewAccountIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, set, ensuring(eve, "Eve@Example.com"), move{"the account appeared", func(s *scene) {
		s.Put(who(eve).account(s), storetest.Item{"email": "Eve@Example.com"})
	}})
}

// respelled are the moves that meet every new spelling or address of an account.
func respelled(w who) []move {
	return append(renamed(w),
		move{"the account was closed", changed(w.account, storetest.Item{"closed": true})},
		move{"the account is gone", dropped(w.account)})
}

func TestEnsureOfAnotherSpellingIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	for _, moves := range [][]move{respelled(bob), unlocked(bob)[:2], replaced(bob)} {
		repeated(t, set, ensuring(bob, "BOB@example.com"), moves...)
	}
	repeated(t, set, ensuring(fox, "FOX@example.com"), append(respelled(fox), move{"the account joined an organization", func(s *scene) {
		s.Set(who(fox).account(s), storetest.Item{"org_id": string(s.acme)})
	}})...)
}

func TestEnsureOfAnotherAddressIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	for _, moves := range [][]move{respelled(bob), unlocked(bob)[:2], replaced(bob), ended, {
		{"a row of the new address appeared", func(s *scene) {
			s.Put(storetest.MemberKey(s.acme, "Rob@Example.com"), storetest.Item{"status": "ACTIVE"})
		}},
		{"the old address is another account's", changed(who(bob).address, storetest.Item{"sub": "other"})},
	}} {
		repeated(t, set, ensuring(bob, "Rob@Example.com"), moves...)
	}
}

func TestEnsureOntoAnInvitationIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	for _, moves := range [][]move{replaced(eve), remailed(eve), ended} {
		repeated(t, set, ensuring(bob, "Eve@Example.com"), moves...)
	}
}

func TestEnsureMakesTheAccountOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error { return ensuring(eve, "Eve@Example.com")(s) }, `
+ ACCOUNT#eve ACCOUNT
    email=Eve@Example.com first_name=Pool last_name=Name marketing=false tos=false
+ EMAIL#eve@example.com ACCOUNT
    sub=eve
`)
	does(t, s, func() error { return ensuring(eve, "Eve@Example.com")(s) }, nothing)
	if n := len(s.Faults.Calls("TransactWriteItems")); n != 1 {
		t.Errorf("%d transactions, want one", n)
	}
}

func TestEnsureKeepsTheNamesOfTheTable(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a, err := s.DB.Ensure(s.ctx, "bob", s.bob.Address, "Pool", "Name")
	if err != nil || a.First != "Bob" || a.Org != string(s.acme) {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestEnsureLeavesAClosedAccountClosed(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if err := closing(fox)(s); err != nil {
		t.Fatal(err)
	}
	does(t, s, func() error { return ensuring(fox, "Fox@Example.com")(s) }, nothing)
}

func TestEnsureTakesAnotherSpelling(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error { return ensuring(bob, "BOB@example.com")(s) }, `
~ ACCOUNT#bob ACCOUNT
    email=BOB@example.com
~ ORG#acme MEMBER#bob@acme
    email=BOB@example.com
`)
}

func TestEnsureMovesTheRowToAnotherAddress(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rob := s.Person("rob")
	s.Put(who(bob).mail(s), storetest.Item{
		"mail": "m", "joined": true, "expires_at": storetest.Stamp(storetest.Start), "ttl": storetest.Start.Unix(),
	})
	does(t, s, func() error { return ensuring(bob, rob.Address)(s) }, `
+ EMAIL#rob@example.com ACCOUNT
    sub=bob
+ ORG#acme MEMBER#rob@acme
    account=bob email=Rob@Example.com first_name=Bob last_name=Smith role=Technical status=ACTIVE
- EMAIL#bob@example.com ACCOUNT
- ORG#acme INVITATION#bob@acme
- ORG#acme MEMBER#bob@acme
~ ACCOUNT#bob ACCOUNT
    email=Rob@Example.com
`)
}

// The row under somebody's address may be that of whoever had the address before.
func TestEnsureLeavesARowThatIsNotTheAccounts(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Set(who(fox).account(s), storetest.Item{"org_id": string(s.acme)})
	s.Put(who(fox).row(s), storetest.Item{"status": "ACTIVE", "role": "Technical", "email": "Fox@Example.com", "account": "former"})
	before := s.Dump()
	if err := ensuring(fox, "Rex@Example.com")(s); err != nil {
		t.Fatal(err)
	}
	if got := s.Changes(before.Of("MEMBER#"), s.Dump().Of("MEMBER#")); got != nothing {
		t.Errorf("rows changed:%s", got)
	}
}

func TestEnsureTakesAnAddressWhoseOldOneLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Drop(who(fox).address(s))
	does(t, s, func() error { return ensuring(fox, "Rex@Example.com")(s) }, `
+ EMAIL#rex@example.com ACCOUNT
    sub=fox
~ ACCOUNT#fox ACCOUNT
    email=Rex@Example.com
`)
}

func TestEnsureRestoresWhatLeadsFromTheAddress(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Drop(who(fox).address(s))
	does(t, s, func() error { return ensuring(fox, s.fox.Address)(s) }, `
+ EMAIL#fox@example.com ACCOUNT
    sub=fox
`)
}

func TestEnsureTakesTheAddressOfWhoeverHadItBefore(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if err := ensuring(fox, s.bob.Address)(s); err != nil {
		t.Fatal(err)
	}
	if sub := s.Get(who(bob).address(s))["sub"]; sub != "fox" {
		t.Errorf("the address leads to %v", sub)
	}
}

// The row of a deleted organization is the purge's; it must not keep its account from a new address.
func TestEnsureReaddressesAnAccountWhoseOrganizationIsBeingPurged(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rex := s.Person("rex")
	does(t, s, func() error { return ensuring(gus, rex.Address)(s) }, `
+ EMAIL#rex@example.com ACCOUNT
    sub=gus
- EMAIL#gus@example.com ACCOUNT
~ ACCOUNT#gus ACCOUNT
    email=Rex@Example.com -org_id
`)
}

// Whoever was also invited under the new address is a member already: their row takes the place.
func TestEnsureMovesTheRowOntoAnInvitationOfTheNewAddress(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if err := ensuring(bob, s.eve.Address)(s); err != nil {
		t.Fatal(err)
	}
	row := s.Get(who(eve).row(s))
	if row["account"] != "bob" || row["status"] != string(org.Active) {
		t.Errorf("the row of the new address is %v", row)
	}
	if broken := s.Dump().Broken(); broken != nil {
		t.Errorf("broken: %q", broken)
	}
}

func enrolling(w who) func(*scene) error {
	return func(s *scene) error {
		_, err := s.DB.Account(s.ctx, w(s).Caller())
		return err
	}
}

func TestAccountOfACallerWhomTheTableLacksIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	repeated(t, set, enrolling(eve), move{"the account appeared", func(s *scene) {
		s.Put(who(eve).account(s), storetest.Item{"email": "Other@Example.com"})
	}})
}

func TestAccountMakesTheRowsOfACallerWhomTheTableLacks(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	does(t, s, func() error { return enrolling(eve)(s) }, `
+ ACCOUNT#eve ACCOUNT
    email=Eve@Example.com first_name=Eve last_name=Smith marketing=false tos=false
+ EMAIL#eve@example.com ACCOUNT
    sub=eve
`)
	does(t, s, func() error { return enrolling(eve)(s) }, nothing)
}

func TestAccountFindsWhatASignInWroteMeanwhile(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Faults.Add(storetest.Rule{Action: "TransactWriteItems", Times: 1, Fault: storetest.First(func() {
		s.Put(who(eve).account(s), storetest.Item{"email": "Eve@Example.com", "first_name": "Pool"})
	})})
	if a := s.account(t, s.eve); a.First != "Pool" {
		t.Errorf("found %+v", a)
	}
}

// A token is older than what a sign-in wrote: it must not bring the former address back.
func TestAccountLeavesTheAddressOfAKnownCallerAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if err := ensuring(fox, "Rex@Example.com")(s); err != nil {
		t.Fatal(err)
	}
	does(t, s, func() error { return enrolling(fox)(s) }, nothing)
}
