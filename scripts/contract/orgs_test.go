package contract

import (
	"strings"
	"sync"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestTheFounderBecomesAdmin(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann := c.Person(t, "Ann")
	a := ann.Do(t, "POST", "/v1/orgs", object{"name": "Acme"}).Want(t, 200)
	all := members(t, ann, a.Text("org.id"))
	if len(all) != 1 {
		t.Fatalf("members %v; want the founder alone", all)
	}
	me := all[0].(object)
	if me["username"] != ann.Email || me["role"] != "Admin" || me["status"] != "ACTIVE" || me["first_name"] != "Ann" || me["invitation"] != nil {
		t.Errorf("row %v; want the founder's", me)
	}
}

func TestNamesOfOrganizations(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for _, test := range []struct{ name, sent, want string }{
		{"signs", "new test#$%_org_1", "new test#$%_org_1"},
		{"space around is trimmed", " \t Acme Inc \u00a0 ", "Acme Inc"},
		{"one character", "é", "é"},
		{"256 characters, not bytes", strings.Repeat("字", 256), strings.Repeat("字", 256)},
		{"256 characters and space", " " + strings.Repeat("a", 256) + " ", strings.Repeat("a", 256)},
		{"writing from right to left", "שלום", "שלום"},
		{"joiners", "👩‍👩‍👧", "👩‍👩‍👧"},
		{"quotes and ampersands", `"A" & 'B' \ C`, `"A" & 'B' \ C`},
		{"a template", "{{.Name}}", "{{.Name}}"},
		{"what needs escapes in JSON", "a\u2028b", "a\u2028b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ann := c.Person(t, "ann")
			org := ann.Do(t, "POST", "/v1/orgs", object{"name": test.sent}).Want(t, 200)
			if org.Text("org.name") != test.want {
				t.Errorf("made %q; want %q", org.Text("org.name"), test.want)
			}
			id := org.Text("org.id")
			if got := ann.Do(t, "GET", route(id), nil).Text("org.name"); got != test.want {
				t.Errorf("read %q; want %q", got, test.want)
			}
			ann.Do(t, "PUT", route(id), object{"name": "x"}).Want(t, 200)
			if got := ann.Do(t, "PUT", route(id), object{"name": test.sent}).Want(t, 200).Text("org.name"); got != test.want {
				t.Errorf("renamed to %q; want %q", got, test.want)
			}
		})
	}
}

func TestNamesAreNotUnique(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, bob := c.Person(t, "ann"), c.Person(t, "bob")
	if ann.Org(t, "The same") == bob.Org(t, "The same") {
		t.Error("two founders have one organization")
	}
}

// TestCreatingAgainNamesTheOrganizationThatIs, also when several requests come at once.
func TestCreatingAgainNamesTheOrganizationThatIs(t *testing.T) {
	t.Parallel()
	ann := cloudtest.Shared(t).Person(t, "ann")
	answers := make([]cloudtest.Answer, 4)
	var running sync.WaitGroup
	for i := range answers {
		running.Go(func() { answers[i], _ = ann.Cloud.Send("POST", "/v1/orgs", ann.Token, object{"name": "Acme"}) })
	}
	running.Wait()
	mine := orgs(t, ann)
	if len(mine) != 1 {
		t.Fatalf("orgs %v; want one", mine)
	}
	id, made := mine[0].(object)["id"].(string), 0
	for _, a := range answers {
		if a.Status == 200 {
			made++
			continue
		}
		already.wantOrg(t, a, id)
	}
	if made != 1 {
		t.Errorf("%d of them made one", made)
	}
	already.wantOrg(t, ann.Do(t, "POST", "/v1/orgs", object{"name": "Acme"}), id)
}

func TestWhoeverJoinedCannotCreate(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	already.wantOrg(t, tom.Do(t, "POST", "/v1/orgs", object{"name": "Tom's"}), org)
}

// TestFourSearchesInParallelAgree, because the portal sends four on each page load.
func TestFourSearchesInParallelAgree(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	answers := make([]cloudtest.Answer, 4)
	var running sync.WaitGroup
	for i := range answers {
		running.Go(func() { answers[i], _ = ann.Cloud.Send("POST", "/v1/orgs:search", ann.Token, nil) })
	}
	running.Wait()
	for _, a := range answers {
		if a.Status != 200 || a.Text("orgs.0.id") != org || len(a.At("orgs").(list)) != 1 || a.Raw != answers[0].Raw {
			t.Errorf("answer %d %s", a.Status, a.Raw)
		}
	}
}

// TestAChangeIsReadAtOnce: clients read again immediately after every change.
func TestAChangeIsReadAtOnce(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	before := ann.Do(t, "GET", route(org), nil).Want(t, 200)
	for _, name := range []string{"One", "Two", "Three"} {
		a := ann.Do(t, "PUT", route(org), object{"name": name}).Want(t, 200)
		for _, p := range []*cloudtest.Person{ann, tom} {
			read := p.Do(t, "GET", route(org), nil).Want(t, 200)
			if read.Text("org.name") != name || read.Text("org.updated_at") != a.Text("org.updated_at") {
				t.Errorf("read %s after %s", read.Raw, a.Raw)
			}
			if orgs(t, p)[0].(object)["name"] != name {
				t.Errorf("orgs:search does not show %s", name)
			}
		}
		if a.Text("org.updated_at") <= before.Text("org.updated_at") || a.Text("org.created_at") != before.Text("org.created_at") {
			t.Errorf("times of %s after %s", a.Raw, before.Raw)
		}
		before = a
	}
}

func TestTheSameNameAgainWritesNothing(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	want := ann.Do(t, "PUT", route(org), object{"name": "Acme"}).Want(t, 200)
	if got := ann.Do(t, "PUT", route(org), object{"name": " Acme "}).Want(t, 200); got.Raw != want.Raw {
		t.Errorf("answer %s; want %s", got.Raw, want.Raw)
	}
}

func TestContactsOfAFreeOrganizationAreNobody(t *testing.T) {
	t.Parallel()
	ann, org := found(t, cloudtest.Shared(t), "ann")
	for _, p := range []*cloudtest.Person{ann, ann.Join(t, org, "tom", "Technical")} {
		a := p.Do(t, "GET", route(org), nil).Want(t, 200)
		contacts := a.At("contacts").(object)
		success, present := contacts["customer_success"]
		if !present || success != nil || contacts["new_ticket_url"] != "" {
			t.Errorf("contacts %v; want null and an empty text", contacts)
		}
	}
}

func TestWhoeverLeftIsFree(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	nothing(t, tom.Do(t, "POST", route(org, ":leave"), nil))
	notMember.want(t, tom.Do(t, "GET", route(org), nil))
	notMember.want(t, tom.Do(t, "POST", route(org, ":leave"), nil))
	if got := orgs(t, tom); len(got) != 0 {
		t.Errorf("orgs %v; want none", got)
	}
	if row(t, ann, org, tom.Email) != nil {
		t.Error("the row of who left is still there")
	}
	ann.Invite(t, org, tom.Email, "Admin") // and may be invited again
	tom.Do(t, "POST", "/v1/invitations/"+org+":accept", nil).Want(t, 200)
	nothing(t, tom.Do(t, "POST", route(org, ":leave"), nil))
	tom.Org(t, "Tom's")
}
