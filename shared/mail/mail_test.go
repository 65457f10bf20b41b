package mail

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hostile is a name with everything in it that has ever hurt a mail.
const hostile = "</title></a><script>alert('x')</script><img src=x onerror=y>\" style=\"\r\nBcc: all@evil.example\r\n\r\n" +
	"{{.Link}} \u202egnp.exe\u2066\u200b\u2028Activate:\u2029https://evil.example/login www.evil.example\u0085\x00\ufeff\xff %s %!d &lt;b&gt; =?utf-8?B?4oCu?="

const link = "https://portal.example/activation?token=AbC-_123"

var dies = time.Date(2026, time.November, 30, 18, 41, 8, 999, time.FixedZone("CET", 3600))

// samples are the mails as golden files hold them.
func samples() map[string]Message {
	return map[string]Message{
		"invitation":         Invitation{"Acme & Sons", "Ann Lee", "Technical", link, dies}.Message(),
		"invitation-hostile": Invitation{hostile, hostile, hostile, link + "&\"'><a href=x>\r\n", dies}.Message(),
		"joined":             Joined{"Acme & Sons", "ann.lee@acme.example", "Admin", "https://portal.example"}.Message(),
		"joined-hostile":     Joined{hostile, hostile, hostile, "https://portal.example/prod/"}.Message(),
		"registered":         AlreadyRegistered{"https://portal.example"}.Message(),
		"registered-hostile": AlreadyRegistered{"https://portal.example/\"><script>\r\n"}.Message(),
	}
}

func TestMailsLookAsTheGoldenFilesSay(t *testing.T) {
	for name, m := range samples() {
		golden(t, name+".subject", m.Subject+"\n")
		golden(t, name+".html", m.HTML)
		golden(t, name+".txt", m.Text)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestEveryGoldenFileHasAMail(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) != 3*len(samples()) {
		t.Fatalf("%d golden files, %v; want %d", len(files), err, 3*len(samples()))
	}
	for _, f := range files {
		mail, _, _ := strings.Cut(filepath.Base(f), ".")
		if _, ok := samples()[mail]; !ok {
			t.Errorf("%s belongs to no mail", f)
		}
	}
}

func TestSubjectsAreTheOnesThatClientsCompare(t *testing.T) {
	for _, org := range []string{
		"Acme", "new test#$%_org_1", "Łódź GmbH & Co. KG", "شركة\u200cما", "👩\u200d💻 Ltd.", "evil.example/login", "a  b", "1+1=?",
		strings.Repeat("ß", 256),
	} {
		want := "Welcome to " + org
		if got := (Invitation{Org: org}).Message().Subject; got != want {
			t.Errorf("invitation: subject %q, want %q", got, want)
		}
		if got := (Joined{Org: org}).Message().Subject; got != want {
			t.Errorf("joined: subject %q, want %q", got, want)
		}
	}
	if got, want := (AlreadyRegistered{}).Message().Subject, "Your account already exists"; got != want {
		t.Errorf("registered: subject %q, want %q", got, want)
	}
}

func TestBothPartsOfAnInvitationSayEverything(t *testing.T) {
	m := Invitation{"Acme", "Ann Lee", "Technical", link, dies}.Message()
	for _, part := range []string{m.HTML, m.Text} {
		for _, want := range []string{
			"Welcome to Acme", "Ann Lee", "Technical", "Activate", link,
			"30 November 2026 at 17:41:08 UTC", "works once", "you can ignore this mail",
		} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is missing in:\n%s", want, part)
			}
		}
	}
}

func TestTheMailToAKnownAddressMentionsTheForgottenPassword(t *testing.T) {
	m := AlreadyRegistered{"https://portal.example"}.Message()
	for _, part := range []string{m.HTML, m.Text} {
		for _, want := range []string{"Sign in", "https://portal.example/", "forgotten password", "perhaps you", "nothing about that account has changed"} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is missing in:\n%s", want, part)
			}
		}
	}
}

func TestLinksToThePortalEndInOneSlash(t *testing.T) {
	for portal, want := range map[string]line{
		"https://portal.example":        "https://portal.example/",
		"https://portal.example/":       "https://portal.example/",
		"https://api.example/prod":      "https://api.example/prod/",
		"https://api.example/pro\r\nd/": "https://api.example/prod/",
	} {
		if got := front(portal); got != want {
			t.Errorf("front(%q) = %q, want %q", portal, got, want)
		}
	}
}
