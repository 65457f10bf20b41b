package contract

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// TestWhoMayDoWhat is API.md §3's table, for everybody who has to do with an organization.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	yes := refusal{status: 200}
	reading, managing := roles{yes, yes}, roles{yes, adminOnly}
	for _, op := range []struct {
		name, request string
		body          any
		want          roles
	}{
		{"read the organization", "GET {org}", nil, reading},
		{"read the members", "POST {org}/members:search", nil, reading},
		{"read one member", "POST {org}/members:search", object{"user": object{"username": "x@example.com"}}, reading},
		{"rename the organization", "PUT {org}", object{"name": "New"}, managing},
		{"rename it to what it is called", "PUT {org}", object{"name": "ann's"}, managing},
		{"delete the organization", "DELETE {org}", nil, managing},
		{"invite", "POST {org}/members", invite("new@example.com", "Technical"), managing},
		{"invite somebody who is in it", "POST {org}/members", invite("{victim}", "Technical"), roles{alreadyMember, adminOnly}},
		{"invite several", "POST {org}/members:bulk", object{"users": list{invite("new@example.com", "Admin")}}, managing},
		{"change another's role", "PUT {org}/members/{other}", object{"role": "Admin"}, managing},
		{"change another's role to what it is", "PUT {org}/members/{other}", object{"role": "Technical"}, managing},
		{"change a pending one's role", "PUT {org}/members/{pending}", object{"role": "Admin"}, managing},
		{"remove another", "DELETE {org}/members/{other}", nil, managing},
		{"revoke an invitation", "DELETE {org}/members/{pending}", nil, managing},
		{"resend", "POST {org}/members/{other}:reactivate", nil, roles{isActive, adminOnly}},
		{"change one's own role", "PUT {org}/members/{own}", object{"role": "Technical"}, roles{ownRole, adminOnly}},
		{"change one's own role to what it is", "PUT {org}/members/{own}", object{"role": "Admin"}, roles{ownRole, adminOnly}},
		{"remove oneself", "DELETE {org}/members/{own}", nil, roles{ownRow, adminOnly}},
		{"touch nobody's role", "PUT {org}/members/{nobody}", object{"role": "Admin"}, roles{noSuchMember, adminOnly}},
		{"remove nobody", "DELETE {org}/members/{nobody}", nil, roles{noSuchMember, adminOnly}},
		{"touch another organization's member", "DELETE {org}/members/{foreign}", nil, roles{noSuchMember, adminOnly}},
		{"resend to another organization's member", "POST {org}/members/{foreign}:reactivate", nil, roles{noSuchMember, adminOnly}},
		{"leave", "POST {org}:leave", nil, reading},
	} {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			cast := newCast(t, cloudtest.Shared(t))
			for _, who := range []string{"stranger", "pending invitee", "removed member", "another organization's Admin"} {
				t.Run(who, func(t *testing.T) { notMember.want(t, cast.do(t, who, op.request, op.body)) })
			}
			t.Run("Technical", func(t *testing.T) { op.want.technical.wantOr200(t, cast.do(t, "Technical", op.request, op.body)) })
			t.Run("Admin", func(t *testing.T) { op.want.admin.wantOr200(t, cast.do(t, "Admin", op.request, op.body)) })
			if op.name != "delete the organization" {
				nothing(t, cast.ann.Do(t, "DELETE", route(cast.org), nil))
			}
			t.Run("member of a deleted organization", func(t *testing.T) { notMember.want(t, cast.do(t, "founder", op.request, op.body)) })
		})
	}
}

// roles says what an Admin and a Technical are answered.
type roles struct{ admin, technical refusal }

func (r refusal) wantOr200(t *testing.T, a cloudtest.Answer) {
	t.Helper()
	if r.status == 200 {
		a.Want(t, 200)
		return
	}
	r.want(t, a)
}

// A cast is an organization with one of each, and with a second Admin so that each may leave.
type cast struct {
	ann    *cloudtest.Person
	org    string
	people map[string]*cloudtest.Person
	rows   map[string]string // by the parameter that stands for them
	victim string            // a Technical's address
}

func newCast(t *testing.T, c *cloudtest.Cloud) cast {
	t.Helper()
	k := cast{rows: map[string]string{"nobody": someID()}}
	k.ann, k.org = found(t, c, "ann")
	victim, otto := k.ann.Join(t, k.org, "vic", "Technical"), c.Person(t, "otto")
	k.victim = victim.Email
	foreign := otto.MemberID(t, otto.Org(t, "Other"), otto.Email)
	k.people = map[string]*cloudtest.Person{
		"founder": k.ann, "Admin": k.ann.Join(t, k.org, "alf", "Admin"), "Technical": k.ann.Join(t, k.org, "tom", "Technical"),
		"stranger": c.Person(t, "sam"), "pending invitee": c.Person(t, "pia"), "another organization's Admin": otto,
		"removed member": k.ann.Join(t, k.org, "rob", "Admin"),
	}
	k.rows["pending"] = k.ann.Invite(t, k.org, k.people["pending invitee"].Email, "Technical")
	k.rows["other"], k.rows["foreign"] = k.ann.MemberID(t, k.org, victim.Email), foreign
	removed := k.ann.MemberID(t, k.org, k.people["removed member"].Email)
	nothing(t, k.ann.Do(t, "DELETE", route(k.org, "/members/", removed), nil))
	return k
}

// do sends "METHOD {org}…" as one of the cast.
func (k cast) do(t *testing.T, who, request string, body any) cloudtest.Answer {
	t.Helper()
	own := k.rows["other"]
	if who == "Admin" || who == "Technical" {
		own = row(t, k.ann, k.org, k.people[who].Email)["member_id"].(string)
	}
	method, path, _ := strings.Cut(request, " ")
	path = strings.NewReplacer("{org}", route(k.org), "{own}", own, "{other}", k.rows["other"],
		"{pending}", k.rows["pending"], "{foreign}", k.rows["foreign"], "{nobody}", k.rows["nobody"]).Replace(path)
	if b, ok := body.(object); ok && b["username"] == "{victim}" {
		body = with(b, "username", k.victim)
	}
	return k.people[who].Do(t, method, path, body)
}

func TestAnOrganizationAlwaysHasAnAdmin(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	lastAdmin.want(t, ann.Do(t, "POST", route(org, ":leave"), nil))
	own := route(org, "/members/", ann.MemberID(t, org, ann.Email))
	ownRole.want(t, ann.Do(t, "PUT", own, object{"role": "Technical"}))
	ownRow.want(t, ann.Do(t, "DELETE", own, nil))
	ann.Do(t, "PUT", route(org, "/members/", ann.MemberID(t, org, tom.Email)), object{"role": "Admin"}).Want(t, 200)
	nothing(t, ann.Do(t, "POST", route(org, ":leave"), nil))
	lastAdmin.want(t, tom.Do(t, "POST", route(org, ":leave"), nil))
	tom.Invite(t, org, ann.Email, "Admin") // pending Admins do not count
	lastAdmin.want(t, tom.Do(t, "POST", route(org, ":leave"), nil))
}

// TestARoleCountsFromTheNextRequestOn, whatever token its bearer holds.
func TestARoleCountsFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	his := route(org, "/members/", ann.MemberID(t, org, tom.Email))
	rename := func() cloudtest.Answer { return tom.Do(t, "PUT", route(org), object{"name": "Tom's"}) }
	adminOnly.want(t, rename())
	ann.Do(t, "PUT", his, object{"role": "Admin"}).Want(t, 200)
	rename().Want(t, 200)
	ann.Do(t, "PUT", his, object{"role": "Technical"}).Want(t, 200)
	adminOnly.want(t, rename())
	nothing(t, ann.Do(t, "DELETE", his, nil))
	notMember.want(t, rename())
}
