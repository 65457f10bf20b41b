package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
)

// usernames returns those of rows, in order.
func usernames(rows list) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r.(object)["username"].(string))
	}
	return all
}

func TestMembersAreListedActiveFirst(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "mia")
	var want []string
	people := []struct{ first, last, email string }{
		{"Ada", "Alpha", cloudtest.Address("zed")},
		{"Ada", "Beta", cloudtest.Address("a")},
		{"Ada", "Beta", cloudtest.Address("b")},
		{"Ben", "Alpha", cloudtest.Address("c")},
	}
	for _, p := range people {
		want = append(want, p.email)
	}
	for _, i := range []int{2, 0, 3, 1} {
		p := c.SignedUp(t, people[i].email, people[i].first, people[i].last)
		p.SignIn(t)
		ann.Invite(t, org, p.Email, "Technical")
		p.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	}
	want = append(want, ann.Email) // "mia" is behind "Ben"
	pending := []string{cloudtest.Address("aaa"), cloudtest.Address("bbb"), cloudtest.Address("ccc")}
	for _, i := range []int{1, 2, 0} {
		ann.Invite(t, org, pending[i], "Admin")
	}
	if diff := cmp.Diff(append(want, pending...), usernames(members(t, ann, org))); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestPagingShowsEachRowOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	want := []string{ann.Email, tom.Email}
	for range 5 {
		want = append(want, cloudtest.Address("bob"))
		ann.Invite(t, org, want[len(want)-1], "Admin")
	}
	slices.Sort(want)
	for _, size := range []int{1, 2, 3, 6, 7, 8, 1000} {
		for _, p := range []*cloudtest.Person{ann, tom} {
			t.Run(fmt.Sprintf("%d as %s", size, p.Email[:3]), func(t *testing.T) {
				t.Parallel()
				got := walk(t, p, org, size)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// walk reads all pages of that size, and returns whom they show. The first has the caller's own row,
// and none but the last is short of the size.
func walk(t *testing.T, p *cloudtest.Person, org string, size int) []string {
	t.Helper()
	var all []string
	for token, n := "", 0; ; n++ {
		a := p.Do(t, "POST", route(org, "/members:search"), object{"page_size": size, "page_token": token}).Want(t, 200)
		page := usernames(a.At("members").(list))
		if all = append(all, page...); n == 0 && !slices.Contains(page, p.Email) {
			t.Errorf("the first page %v has not the caller", page)
		}
		if token = a.Text("next_page_token"); token == "" {
			return all
		}
		if len(page) != size || n > 20 {
			t.Fatalf("page %d has %v, and there are more", n, page)
		}
	}
}

func TestAPageTokenIsOnlyWhatWasGiven(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	ann.Join(t, org, "tom", "Technical")
	token := ann.Do(t, "POST", route(org, "/members:search"), object{"page_size": 1}).Text("next_page_token")
	for _, bad := range []string{"x", "null", token + "x", token[1:], strings.ToLower(token) + "=", someID()} {
		a := ann.Do(t, "POST", route(org, "/members:search"), object{"page_token": bad})
		refusal{400, 3, "invalid field PageToken: value is not a page token of this API"}.want(t, a)
	}
	bob, another := found(t, cloudtest.Shared(t), "bob")
	a := bob.Do(t, "POST", route(another, "/members:search"), object{"page_token": token})
	refusal{400, 3, "invalid field PageToken: value is not a page token of this API"}.want(t, a)
}

func TestPageSizesOutsideTheLimitsAreRefused(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for size, want := range map[string]int{
		"1": 200, "1000": 200, "0": 400, "-1": 400, "1001": 400, "1.5": 400, "1e3": 400, "99999999999999999999": 400, `"1"`: 400, "null": 200,
	} {
		a := ann.Do(t, "POST", route(org, "/members:search"), `{"page_size":`+size+`}`).Want(t, want)
		if want == 400 && (a.At("code") != 3.0 || !strings.Contains(a.Text("message"), "PageSize")) {
			t.Errorf("%s: %s; want PageSize named", size, a.Raw)
		}
	}
}

// TestAMemberIsFoundByAddress in whatever spelling, and shown in the one that the pool holds.
func TestAMemberIsFoundByAddress(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tail := strings.TrimPrefix(cloudtest.Address("x"), "x.")
	local, domain, _ := strings.Cut(tail, "@")
	member, pending, idna := "Mia."+local+"@Example.COM", "PIA."+tail, "ida."+local+"@Bücher."+domain
	p := c.SignedUp(t, member, "Mia", "Moss")
	p.SignIn(t)
	ann.Invite(t, org, strings.ToLower(member), "Technical")
	p.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	ann.Invite(t, org, pending, "Technical")
	ann.Invite(t, org, idna, "Technical")
	for _, test := range []struct{ name, asked, want string }{
		{"as it is", member, member},
		{"in lower case", strings.ToLower(member), member},
		{"in upper case", strings.ToUpper(member), member},
		{"with space around", " " + member + "\t", member},
		{"a pending one, as the inviter wrote it", pending, pending},
		{"a pending one in lower case", strings.ToLower(pending), pending},
		{"a domain in Unicode", idna, idna},
		{"a domain in Unicode, other letters", "IDA." + local + "@BÜCHER.example.com", idna},
		{"a domain in IDNA form", "ida." + local + "@xn--bcher-kva.example.com", idna},
		{"nobody", "nobody@example.com", ""},
		{"part of an address", local, ""},
		{"a name and an address", "Mia <" + member + ">", ""},
		{"a pattern", "*@example.com", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := row(t, ann, org, test.asked)
			if test.want == "" && got != nil {
				t.Errorf("row %v; want none", got)
			}
			if test.want != "" && (got == nil || got["username"] != test.want) {
				t.Errorf("row %v; want %s", got, test.want)
			}
		})
	}
	empty("User.Username", "").want(t, ann.Do(t, "POST", route(org, "/members:search"), object{"user": object{"username": ""}}))
	empty("User.Username", "").want(t, ann.Do(t, "POST", route(org, "/members:search"), object{"user": object{}}))
}

// TestTheInvitationOfAPendingRow is what members:search shows of it, from invited to swept.
func TestTheInvitationOfAPendingRow(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "Ann")
	bob := cloudtest.Address("bob")
	begun := time.Now()
	id := ann.Invite(t, org, bob, "Admin")
	first := row(t, ann, org, bob)
	if first["status"] != "PROVISIONED" || first["role"] != "Admin" || first["first_name"] != "" || first["last_name"] != "" || first["member_id"] != id {
		t.Errorf("row %v; want a pending Admin without names", first)
	}
	mailed(t, c, org, id)
	sent := invitation(t, ann, org, bob)
	want := object{"state": "pending", "delivery": "delivered", "invited_by": "Ann Test", "sent_at": sent["sent_at"], "expires_at": sent["expires_at"]}
	if diff := cmp.Diff(want, sent); diff != "" || sent["sent_at"] == nil {
		t.Errorf("invitation (-want +got):\n%s", diff)
	}
	ends, err := time.Parse(time.RFC3339, sent["expires_at"].(string))
	if err != nil || ends.Before(begun.Add(7*24*time.Hour-time.Second)) || ends.After(time.Now().Add(7*24*time.Hour)) {
		t.Errorf("it ends at %v, %v; want seven days on", ends, err)
	}
	ended := expire(t, c, org, id)
	want["state"], want["expires_at"] = "expired", ended
	if diff := cmp.Diff(want, invitation(t, ann, org, bob)); diff != "" {
		t.Errorf("expired (-want +got):\n%s", diff)
	}
	sweep(t, c, org, id)
	swept := invitation(t, ann, org, bob)
	if swept["state"] != "expired" || swept["invited_by"] != "Ann Test" || swept["expires_at"] == nil {
		t.Errorf("swept: %v; want it expired", swept)
	}
	nothing(t, ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil))
	if again := invitation(t, ann, org, bob); again["state"] != "pending" {
		t.Errorf("after a resend: %v", again)
	}
	sweep(t, c, org, id)
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", id), nil)) // a row stays so that it can be removed, too
}

func invitation(t testing.TB, p *cloudtest.Person, org, email string) object {
	t.Helper()
	r := row(t, p, org, email)
	i, ok := r["invitation"].(object)
	if !ok {
		t.Fatalf("row %v has no invitation", r)
	}
	return i
}

// TestDeliveryOfAnInvitation shows what the table says of the mail.
func TestDeliveryOfAnInvitation(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	bob := cloudtest.Address("bob")
	id := ann.Invite(t, org, bob, "Admin")
	mailed(t, c, org, id)
	tb, pk, sk := tableOf(c), "ORG#"+org, "INVITATION#"+id
	for _, state := range []string{"sent", "delivered", "bounced", "complained", "failed"} {
		tb.set(t, pk, sk, "delivery", state)
		if got := invitation(t, ann, org, bob); got["delivery"] != state || got["state"] != "pending" {
			t.Errorf("%v; want it pending and %s", got, state)
		}
	}
}

func TestAMemberHasNoInvitation(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	for _, r := range members(t, tom, org) {
		if i, present := r.(object)["invitation"]; !present || i != nil {
			t.Errorf("row %v; want null", r)
		}
	}
}

// TestLetterCaseIsKeptEverywhere follows one address in mixed case through everything that shows it.
func TestLetterCaseIsKeptEverywhere(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	bob := "B.O.B+" + cloudtest.Address("Bob")
	bulk := ann.Do(t, "POST", route(org, "/members:bulk"), object{"users": list{invite(" "+bob, "Admin"), invite(strings.ToLower(bob), "Admin")}})
	if got := bulk.Text("errors.0.username"); got != strings.ToLower(bob) {
		t.Errorf("bulk: %s; want the second one refused as it was written", bulk.Raw)
	}
	if got := row(t, ann, org, bob)["username"]; got != bob {
		t.Errorf("members:search: %s; want %s", got, bob)
	}
	link := c.Link(t, bob, 0)
	if got := validate(t, c, link).Text("email"); got != bob {
		t.Errorf("ValidateToken: %s; want %s", got, bob)
	}
	nothing(t, activate(t, c, link))
	p := &cloudtest.Person{Email: bob, Cloud: c}
	p.SignIn(t)
	if got := p.Do(t, "POST", "/v1/auth/GetProfile", nil).Text("email"); got != bob {
		t.Errorf("GetProfile: %s; want %s", got, bob)
	}
	if got := row(t, ann, org, bob)["username"]; got != bob {
		t.Errorf("members:search: %s; want %s", got, bob)
	}
	role, err := json.Marshal(row(t, ann, org, strings.ToUpper(bob)))
	if err != nil || !strings.Contains(string(role), bob) {
		t.Errorf("row %s, %v", role, err)
	}
}
