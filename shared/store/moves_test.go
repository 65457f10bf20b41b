package store_test

import (
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// The ways in which the world moves on between a look and a change.

func deleted(o org.ID) func(*scene) {
	return func(s *scene) {
		s.Set(storetest.OrgKey(o), storetest.Item{"deleted_at": storetest.Stamp(storetest.Start)})
	}
}

func dropped(k func(*scene) storetest.Key) func(*scene) {
	return func(s *scene) { s.Drop(k(s)) }
}

func changed(k func(*scene) storetest.Key, attrs storetest.Item) func(*scene) {
	return func(s *scene) { s.Set(k(s), attrs) }
}

// Whose item of acme, or of all, a move is about.
type who func(*scene) storetest.Person

func (w who) row(s *scene) storetest.Key     { return storetest.MemberKey(s.acme, w(s).Address) }
func (w who) mail(s *scene) storetest.Key    { return storetest.InvitationKey(s.acme, w(s).Address) }
func (w who) account(s *scene) storetest.Key { return storetest.AccountKey(w(s).ID) }

func ann(s *scene) storetest.Person { return s.ann }
func bob(s *scene) storetest.Person { return s.bob }
func cat(s *scene) storetest.Person { return s.cat }
func dan(s *scene) storetest.Person { return s.dan }
func eve(s *scene) storetest.Person { return s.eve }
func fox(s *scene) storetest.Person { return s.fox }
func gus(s *scene) storetest.Person { return s.gus }
func hal(s *scene) storetest.Person { return s.hal }

func acme(s *scene) storetest.Key { return storetest.OrgKey(s.acme) }

// ended is an organization that does not live any more, either way.
var ended = []move{
	{"the organization was deleted", func(s *scene) { deleted(s.acme)(s) }},
	{"the organization was purged", dropped(acme)},
}

// dethroned is a caller who is no Admin of acme any more.
func dethroned(w who) []move {
	return []move{
		{"the caller was demoted", changed(w.row, storetest.Item{"role": "Technical"})},
		{"the caller was removed", dropped(w.row)},
		{"the caller's row is another account's", changed(w.row, storetest.Item{"account": "other"})},
		{"the caller's row is not active", changed(w.row, storetest.Item{"status": "PROVISIONED"})},
	}
}

// replaced is a member's row that is not the one of the look.
func replaced(w who) []move {
	return []move{
		{"the row has another role", changed(w.row, storetest.Item{"role": "Other"})},
		{"the row has another status", changed(w.row, storetest.Item{"status": "OTHER"})},
		{"the row is another account's", changed(w.row, storetest.Item{"account": "other"})},
		{"the row is gone", dropped(w.row)},
	}
}

// remailed is an invitation that is not the one of the look.
func remailed(w who) []move {
	return []move{
		{"another mail was queued", changed(w.mail, storetest.Item{"mail": "another"})},
		{"the invitation was swept", dropped(w.mail)},
	}
}

// unclaimable is an account, seen in no organization, that cannot enter one any more, or not as the
// one that was seen.
func unclaimable(w who) []move {
	return append(renamed(w),
		move{"the account was closed", changed(w.account, storetest.Item{"closed": true})},
		move{"the account is gone", dropped(w.account)},
		move{"the account joined another organization", func(s *scene) {
			s.Set(w.account(s), storetest.Item{"org_id": string(s.beta)})
		}},
	)
}

// renamed is an account that a row, made of what was seen of it, would not copy.
func renamed(w who) []move {
	return []move{
		{"the account has another first name", changed(w.account, storetest.Item{"first_name": "Other"})},
		{"the account has another last name", changed(w.account, storetest.Item{"last_name": "Other"})},
		{"the account has another address", changed(w.account, storetest.Item{"email": "Other@Example.com"})},
	}
}

// bound is an account, seen with the lock of a deleted organization, whose lock holds now.
func bound(w who) []move {
	return []move{
		{"the deleted organization lives again", func(s *scene) {
			s.Set(storetest.OrgKey(s.gone), storetest.Item{"deleted_at": nil})
		}},
		{"the account with a stale lock joined another organization", func(s *scene) {
			s.Set(w.account(s), storetest.Item{"org_id": string(s.beta)})
		}},
		{"the account with a stale lock lost it", changed(w.account, storetest.Item{"org_id": nil})},
	}
}
