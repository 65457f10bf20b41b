package contract

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
)

// words takes the word joiners out of a mail, which keep its readers' programs from making links of
// names.
func words(s any) string { return strings.ReplaceAll(s.(string), "\u2060", "") }

// TestTheInvitationsMail is API.md §5's paragraph about it.
func TestTheInvitationsMail(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	for _, test := range []struct{ name, org, first, last string }{
		{"plain names", "Acme", "Ann", "Archer"},
		{"names with markup", `A&B "C" 'D' x=y {{.}} %s`, "<b>Ann</b>", `<script>alert("1")</script>`},
		{"names that look like links", "http://evil.example", "evil.example", "a@evil.example"},
		{"names of many scripts", "Bücher 株式会社 שלום", "Åsa", "Øst 🦭"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ann := c.SignedUp(t, cloudtest.Address("ann"), test.first, test.last)
			ann.SignIn(t)
			org, bob := ann.Org(t, test.org), cloudtest.Address("bob")
			ann.Invite(t, org, bob, "Technical")
			mail := c.Mails(t, bob, 1)[0].(object)
			if want := "Welcome to " + test.org; mail["subject"] != want {
				t.Errorf("subject %q; want %q", mail["subject"], want)
			}
			oneLink(t, c, mail, "/activation?token=", "Activate")
			ends, err := time.Parse(time.RFC3339, invitation(t, ann, org, bob)["expires_at"].(string))
			if err != nil {
				t.Fatal(err)
			}
			text, source := words(mail["text"]), words(mail["html"])
			for _, want := range []string{test.org, test.first + " " + test.last, "Technical", ends.UTC().Format("2 January 2006 at 15:04:05 UTC")} {
				if !strings.Contains(text, want) {
					t.Errorf("the text does not say %q:\n%s", want, text)
				}
				if !strings.Contains(source, html.EscapeString(want)) {
					t.Errorf("the HTML does not say %q, escaped:\n%s", want, source)
				}
			}
			if strings.Contains(source, "<script>alert") || strings.Contains(source, "<b>Ann") {
				t.Errorf("a name is markup:\n%s", source)
			}
		})
	}
}

// oneLink holds a mail to having one link, in HTML and text, to that page of the portal.
func oneLink(t *testing.T, c *cloudtest.Cloud, mail object, page, text string) {
	t.Helper()
	links := mail["links"].(list)
	if len(links) != 1 {
		t.Fatalf("links %v; want one", links)
	}
	link := links[0].(object)
	href := link["href"].(string)
	if !strings.HasPrefix(href, c.URL+page) || !strings.Contains(link["text"].(string), text) {
		t.Errorf("link %v; want %s%s… behind %q", link, c.URL, page, text)
	}
	if bare := regexp.MustCompile(`https?://\S+`).FindAllString(mail["text"].(string), -1); len(bare) != 1 || bare[0] != href {
		t.Errorf("links in the text %q; want %s alone", bare, href)
	}
}

func TestAMailGoesToTheInvitedAndNobodyElse(t *testing.T) {
	t.Parallel()
	c := cloudtest.Shared(t)
	ann, org, email, _, _ := linked(t, c)
	mails := c.Mails(t, email, 1)
	if len(mails) != 1 || mails[0].(object)["to"] != email {
		t.Errorf("mails %v; want one, to %s", mails, email)
	}
	if got := c.Do(t, "GET", "/_local/mail?to="+ann.Email, "", nil).At("mails").(list); len(got) != 0 {
		t.Errorf("the inviter got %v", got)
	}
	tom := ann.Join(t, org, "tom", "Technical")
	nothing(t, ann.Do(t, "DELETE", route(org, "/members/", ann.MemberID(t, org, tom.Email)), nil))
}

// TestAMailThatIsRefusedForGoodHasFailed, and the row stays, to be resent or removed.
func TestAMailThatIsRefusedForGoodHasFailed(t *testing.T) {
	t.Parallel()
	c := few(t)
	refused := refuseMails(c)
	ann, org := found(t, c, "ann")
	bob := cloudtest.Address("refused")
	refused(bob)
	id := ann.Invite(t, org, bob, "Technical")
	eventually(t, "the mail has failed", func() bool { return invitation(t, ann, org, bob)["delivery"] == "failed" })
	if got := invitation(t, ann, org, bob); got["state"] != "pending" || got["sent_at"] != nil {
		t.Errorf("invitation %v; want it pending and never sent", got)
	}
	refused("")
	nothing(t, ann.Do(t, "POST", route(org, "/members/", id, ":reactivate"), nil))
	nothing(t, activate(t, c, c.Link(t, bob, 0)))
}
