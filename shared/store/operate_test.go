package store_test

import (
	"errors"
	"testing"

	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store"
	"roster/shared/store/storetest"
)

func TestWakingAPurgeTouchesTheRowOfADeletedOrganizationOnly(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	before := s.Dump()
	for _, o := range []org.ID{s.acme, s.OrgID("unknown")} {
		if err := s.DB.WakePurge(s.ctx, o); !errors.Is(err, store.ErrMoved) {
			t.Errorf("error %v, want ErrMoved", err)
		}
	}
	if got := s.Changes(before, s.Dump()); got != nothing {
		t.Errorf("the table changed:%s", got)
	}
	does(t, s, func() error { return s.DB.WakePurge(s.ctx, s.gone) }, `
~ ORG#gone ORG
    purged_at=T
`)
}

// stranded is the scene after Cat left acme and Ann's account, the only Admin's there, was deleted.
func stranded(s *scene) {
	for _, a := range []account.ID{s.cat.ID, s.ann.ID} {
		if _, err := s.DB.Close(s.ctx, a, account.Caller{}); err != nil {
			panic(err)
		}
	}
	s.Faults.Clear()
}

func naming(next, gone who) func(*scene) error {
	return func(s *scene) error {
		return s.DB.NameAdmin(s.ctx, s.acme, org.MemberOf(s.acme, next(s).Address), org.MemberOf(s.acme, gone(s).Address))
	}
}

func TestNamingAnAdminPutsOneInPlaceOfTheDeleted(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	stranded(s)
	does(t, s, func() error { return naming(bob, ann)(s) }, `
+ ORG#acme EVENT#T#*
    action=DELETE actor="" agent="" id=* ip="" objects=[
        {id=ann@acme initial={role=Admin} name=ann result=<nil> type=organization_member}] request_id="" role="" timestamp=T ttl=T+365d
+ ORG#acme EVENT#T#*
    action=UPDATE actor="" agent="" id=* ip="" objects=[
        {id=bob@acme initial={role=Technical} name=bob result={role=Admin} type=organization_member}] request_id="" role="" timestamp=T ttl=T+365d
- ORG#acme MEMBER#ann@acme
~ ACCOUNT#ann ACCOUNT
    -org_id
~ ORG#acme MEMBER#bob@acme
    role=Admin
`)
	before := s.Dump()
	if err := naming(bob, ann)(s); !errors.Is(err, store.ErrNotStranded) || s.Changes(before, s.Dump()) != nothing {
		t.Errorf("again: %v%s", err, s.Changes(before, s.Dump()))
	}
}

func TestNobodyIsNamedAdminWhen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		next, gone who
		set        func(*scene)
	}{
		"the Admin's account is open":  {bob, cat, set},
		"the other one is invited":     {dan, ann, stranded},
		"the other one is no member":   {fox, ann, stranded},
		"the other one is the Admin":   {ann, ann, stranded},
		"the one to go is no Admin":    {bob, bob, stranded},
		"the one to go is no member":   {bob, cat, stranded},
		"the organization was deleted": {bob, ann, func(s *scene) { stranded(s); deleted(s.acme)(s) }},
		"the other one's account is closed": {bob, ann, func(s *scene) {
			stranded(s)
			s.Set(who(bob).account(s), storetest.Item{"closed": true})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			c.set(s)
			before := s.Dump()
			if err := naming(c.next, c.gone)(s); !errors.Is(err, store.ErrNotStranded) {
				t.Errorf("error %v, want ErrNotStranded", err)
			}
			if got := s.Changes(before, s.Dump()); got != nothing {
				t.Errorf("the table changed:%s", got)
			}
		})
	}
}

func TestNamingAnAdminIsRepeatedWhen(t *testing.T) {
	t.Parallel()
	for _, moves := range [][]move{ended, replaced(bob), replaced(ann), {
		{"the other one's account was closed", changed(who(bob).account, storetest.Item{"closed": true})},
		{"the other one's account left", changed(who(bob).account, storetest.Item{"org_id": nil})},
		{"the Admin's account is open again", changed(who(ann).account, storetest.Item{"closed": nil})},
		{"the Admin's account left", changed(who(ann).account, storetest.Item{"org_id": nil})},
	}} {
		repeated(t, stranded, naming(bob, ann), moves...)
	}
}
