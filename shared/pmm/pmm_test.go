package pmm_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
)

const acme = "0f8fad5b-d9cb-469f-a165-70867728950e"

func TestWhoMayConnect(t *testing.T) {
	t.Parallel()
	live, other := org.Org{ID: acme}, org.Org{ID: "other"}
	gone := org.Org{ID: "gone", Deleted: time.Unix(1, 0)}
	for name, c := range map[string]struct {
		mine, holder org.Org
		want         error
	}{
		"a server that nobody has":     {live, org.Org{}, nil},
		"one's own again":              {live, live, nil},
		"one of a gone organization":   {live, gone, nil},
		"another's":                    {live, other, pmm.ErrElsewhere},
		"without organization":         {org.Org{}, org.Org{}, pmm.ErrNoOrg},
		"of a deleted organization":    {gone, org.Org{}, pmm.ErrNoOrg},
		"without, and it is another's": {org.Org{}, other, pmm.ErrNoOrg},
	} {
		if got := pmm.MayConnect(c.mine, c.holder); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWhoMayDisconnect(t *testing.T) {
	t.Parallel()
	s := pmm.Server{ID: "pmm-1", ConnectedBy: "tom"}
	for name, c := range map[string]struct {
		me     org.Member
		server pmm.Server
		want   error
	}{
		"an Admin":                   {org.Member{Role: org.Admin, Account: "ann"}, s, nil},
		"who connected it":           {org.Member{Role: org.Technical, Account: "tom"}, s, nil},
		"another Technical":          {org.Member{Role: org.Technical, Account: "tim"}, s, pmm.ErrNotYours},
		"nobody's server":            {org.Member{Role: org.Admin, Account: "ann"}, pmm.Server{}, pmm.ErrMissing},
		"nobody, of nobody's server": {org.Member{}, pmm.Server{}, pmm.ErrMissing},
	} {
		if got := pmm.MayDisconnect(c.me, c.server); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAServersIDIsAWord(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "pmm-1", "A.b_c-9", strings.Repeat("x", 128), "."} {
		if got, err := pmm.ParseServerID(good); err != nil || string(got) != good {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", " ", "a b", "a/b", "a:b", "ä", "a\n", strings.Repeat("x", 129)} {
		if _, err := pmm.ParseServerID(bad); err == nil || !strings.Contains(err.Error(), "PmmServerId") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAServersURLIsAbsolute(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"http://localhost", "https://10.0.0.1:8443/x?y#z", "HTTPS://pmm.example", "http://[::1]:80", "http://x:65535", "http://x:", "https://bücher.example/ä"} {
		if _, err := pmm.ParseURL("PmmServerUrl", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "pmm.example", "//pmm.example", "https://", "https:///x", "http://:80", "ftp://x", "javascript:1", "http://a b", "http://x\n", "https://x/" + strings.Repeat("y", 2048),
		"https://ann:secret@x", "https://ann@x", "https://@x", "http://x:65536", "http://x:0", "http://x:99999999999", "http://x/a\u202eb", "http://x/\u200b", "http://x\u00ad.de", "http://x/\u0085", "http://x/\t",
	} {
		if _, err := pmm.ParseURL("PmmServerUrl", bad); err == nil || !strings.Contains(err.Error(), "PmmServerUrl") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAServersNameIsOneLine(t *testing.T) {
	t.Parallel()
	if got, err := pmm.ParseName("  <b>Ü 日本\t"); err != nil || got != "<b>Ü 日本" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"", " ", "a\nb", "a\x00", strings.Repeat("ü", 257)} {
		if _, err := pmm.ParseName(bad); err == nil || !strings.Contains(err.Error(), "PmmServerName") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAClientsTextLeadsBackToIt(t *testing.T) {
	t.Parallel()
	want := pmm.Client{Org: acme, Server: "a.b-c_1"}
	if got, ok := pmm.ParseClient(want.String()); !ok || got != want {
		t.Errorf("%+v, %v", got, ok)
	}
	for _, bad := range []string{"", acme, acme + ".", acme + "x1", acme + ".a b", strings.ToUpper(acme) + ".a", "x." + acme, acme[:35] + ".aa"} {
		if got, ok := pmm.ParseClient(bad); ok {
			t.Errorf("%q is %+v", bad, got)
		}
	}
}

func TestOnlyTheLastSecretProves(t *testing.T) {
	t.Parallel()
	secret := id.NewSecret()
	o, s := org.Org{ID: acme}, pmm.Server{ID: "a", Credential: secret.Hash()}
	switch {
	case !pmm.MayProve(o, s, secret.Text()):
		t.Error("it does not")
	case pmm.MayProve(o, s, id.NewSecret().Text()), pmm.MayProve(o, s, ""), pmm.MayProve(o, s, string(secret.Hash())):
		t.Error("another does")
	case pmm.MayProve(o, pmm.Server{}, secret.Text()), pmm.MayProve(org.Org{}, s, secret.Text()),
		pmm.MayProve(org.Org{ID: acme, Deleted: time.Unix(1, 0)}, s, secret.Text()):
		t.Error("for a server that is not there")
	}
}
