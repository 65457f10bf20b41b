package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/cloud/cloudtest"
)

// bulk invites and returns who failed, and with what, in the answer's order.
func bulk(t testing.TB, p *cloudtest.Person, org string, users ...any) [][2]string {
	t.Helper()
	a := p.Do(t, "POST", route(org, "/members:bulk"), object{"users": users}).Want(t, 200)
	failed := [][2]string{}
	for _, e := range a.At("errors").(list) {
		failed = append(failed, [2]string{e.(object)["username"].(string), e.(object)["error"].(string)})
	}
	return failed
}

func TestBulkAnswersOnlyTheFailuresInTheirOrder(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	pia := cloudtest.Address("pia")
	ann.Invite(t, org, pia, "Admin")
	bob, cyd, dan := cloudtest.Address("bob"), cloudtest.Address("cyd"), cloudtest.Address("dan")
	upper := strings.ToUpper(bob)
	got := bulk(t, ann, org,
		invite("  "+pia+"\t", "Admin"),
		invite(bob, "Technical"),
		invite("not an e-mail \u202e😀", "Admin"),
		invite(" \t", "Admin"),
		invite(upper, "Admin"),
		invite(cyd, "admin"),
		invite(ann.Email, "Technical"),
		object{"username": dan},
		invite(cyd, "Admin"),
		invite(cyd, "Admin"),
	)
	want := [][2]string{
		{"  " + pia + "\t", alreadyMember.message},
		{"not an e-mail \u202e😀", badInvitee.message},
		{" \t", badInvitee.message},
		{upper, alreadyMember.message},
		{cyd, badRole.message},
		{ann.Email, alreadyMember.message},
		{dan, badRole.message},
		{cyd, alreadyMember.message},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	for email, role := range map[string]string{bob: "Technical", cyd: "Admin", pia: "Admin"} {
		if r := row(t, ann, org, email); r == nil || r["role"] != role || r["status"] != "PROVISIONED" {
			t.Errorf("row of %s: %v; want it pending as %s", email, r, role)
		}
	}
	if r := row(t, ann, org, dan); r != nil {
		t.Errorf("row %v of a row that failed", r)
	}
}

func TestBulkTakesOneToTenRows(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	path := route(org, "/members:bulk")
	some := func(n int) list {
		all := list{}
		for range n {
			all = append(all, invite(cloudtest.Address("bob"), "Technical"))
		}
		return all
	}
	for n, want := range map[int]string{0: "at least 1 elements", 11: "at most 10 elements", 100: "at most 10 elements"} {
		a := ann.Do(t, "POST", path, object{"users": some(n)}).Want(t, 400)
		if a.At("code") != 3.0 || !strings.Contains(a.Text("message"), want) || !strings.Contains(a.Text("message"), "Users") {
			t.Errorf("%d rows: %s; want %q", n, a.Raw, want)
		}
	}
	if got := bulk(t, ann, org, some(1)...); len(got) != 0 {
		t.Errorf("one row: %v", got)
	}
	if got := bulk(t, ann, org, some(10)...); len(got) != 0 {
		t.Errorf("ten rows: %v", got)
	}
	if got := members(t, ann, org); len(got) != 12 {
		t.Errorf("%d rows; want the Admin and eleven pending", len(got))
	}
}

// TestARowWithoutUsernameFailsTheWholeRequest, whatever the other rows are.
func TestARowWithoutUsernameFailsTheWholeRequest(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	for name, bad := range map[string]any{
		"missing": object{"role": "Admin"}, "empty": invite("", "Admin"), "null": object{"username": nil, "role": "Admin"}, "no object": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := ann.Do(t, "POST", route(org, "/members:bulk"), object{"users": list{invite(cloudtest.Address("bob"), "Admin"), bad}})
			empty("Users.Username", "").want(t, a)
			if got := members(t, ann, org); len(got) != 1 {
				t.Errorf("members %v; want nobody invited", usernames(got))
			}
		})
	}
}

func TestBulkMayFailInEveryRow(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	got := bulk(t, ann, org, invite("x", "Admin"), invite(ann.Email, "Admin"))
	if diff := cmp.Diff([][2]string{{"x", badInvitee.message}, {ann.Email, alreadyMember.message}}, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if got := members(t, ann, org); len(got) != 1 {
		t.Errorf("members %v", usernames(got))
	}
}

// TestWhatBulkInvitedIsThereAtOnce and stays, and each of them gets one mail.
func TestWhatBulkInvitedIsThereAtOnce(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	var users list
	var want []string
	for range 10 {
		want = append(want, cloudtest.Address("bob"))
		users = append(users, invite(want[len(want)-1], "Technical"))
	}
	if got := bulk(t, ann, org, users...); len(got) != 0 {
		t.Fatalf("errors %v", got)
	}
	for _, email := range want {
		if r := row(t, ann, org, email); r == nil || r["status"] != "PROVISIONED" {
			t.Errorf("row of %s: %v", email, r)
		}
	}
	for _, email := range want {
		if n := len(c.Mails(t, email, 1)); n != 1 {
			t.Errorf("%d mails to %s", n, email)
		}
	}
}

// TestTwoSpellingsAreOneAddress when they are equal trimmed, in lower case, the domain in IDNA form.
func TestTwoSpellingsAreOneAddress(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	local := strings.TrimSuffix(cloudtest.Address("u"), "@example.com")
	first := local + "@bücher.example"
	same := []string{strings.ToUpper(local) + "@BÜCHER.example", " " + local + "@xn--bcher-kva.example ", local + "@XN--BCHER-KVA.EXAMPLE"}
	ann.Do(t, "POST", route(org, "/members"), invite(first, "Admin")).Want(t, 200)
	for _, spelling := range same {
		alreadyMember.want(t, ann.Do(t, "POST", route(org, "/members"), invite(spelling, "Admin")))
		if got := bulk(t, ann, org, invite(spelling, "Admin")); len(got) != 1 || got[0][0] != spelling {
			t.Errorf("bulk %q: %v", spelling, got)
		}
	}
	ann.Do(t, "POST", route(org, "/members"), invite("x"+first, "Admin")).Want(t, 200)
}

// TestAnAddressMayHave254Bytes, in the form that it was given and in the domain's IDNA form.
func TestAnAddressMayHave254Bytes(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	label := strings.Repeat("b", 61) + "."
	tail := "@" + label + label + label + "com"
	longest := strings.Repeat("a", 254-len(tail)) + tail
	nothing(t, ann.Do(t, "POST", route(org, "/members"), invite(longest, "Admin")))
	badInvitee.want(t, ann.Do(t, "POST", route(org, "/members"), invite("a"+longest, "Admin")))
	unicode := strings.Repeat("a", 254-len(tail)) + "@ü" + tail[2:]
	badInvitee.want(t, ann.Do(t, "POST", route(org, "/members"), invite(unicode, "Admin")))
}

func TestWhatIsNoEMailAddress(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	tail := cloudtest.Address("x")
	for name, username := range map[string]string{
		"no at sign": "bob", "no local part": "@example.com", "no domain": "bob@", "a display name": "Bob <" + tail + ">",
		"brackets": "<" + tail + ">", "two addresses": tail + ", " + tail, "a local part that is not ASCII": "bøb" + tail,
		"quotes": `"b b"@example.com`, "a comment": "bob(x)@example.com", "space inside": "b ob@example.com", "a line break": "bob\n@example.com",
		"255 bytes": strings.Repeat("a", 255-len(tail)) + tail, "an empty label": "bob@example..com", "a label of 64": "bob@" + strings.Repeat("a", 64) + ".com",
		"a dot at the end": tail + ".", "two at signs": "a@b@example.com", "NUL": "bob\x00@example.com", "right to left": "bob\u202e@example.com",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			badInvitee.want(t, ann.Do(t, "POST", route(org, "/members"), invite(username, "Admin")))
		})
	}
}
