package contract

import (
	"strings"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

func TestAnswersOfOrgCreate(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-create")
	ann, nick := c.Person(t, "ann"), c.Person(t, "nick")
	g.keep("a new organization", ann.Do(t, "POST", "/v1/orgs", object{"name": " new test#$%_org_1\t"}))
	g.keep("a caller who is in one already", ann.Do(t, "POST", "/v1/orgs", object{"name": "Another"}))
	for _, body := range []struct {
		sentence string
		sent     any
	}{
		{"no name", nil},
		{"an empty name", object{"name": ""}},
		{"a name of spaces", object{"name": " \t "}},
		{"a name of another type", object{"name": 5}},
		{"a control character", object{"name": "a\x00b"}},
		{"a line break", object{"name": "a\nb"}},
		{"an angle bracket", object{"name": "<b>"}},
		{"257 characters", object{"name": strings.Repeat("é", 257)}},
	} {
		g.keep(body.sentence, nick.Do(t, "POST", "/v1/orgs", body.sent))
	}
	g.keep("256 characters of any Unicode", nick.Do(t, "POST", "/v1/orgs", object{"name": strings.Repeat("é", 255) + "🦭"}))
}

func TestAnswersOfOrgSearch(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-search")
	ann := c.Person(t, "ann")
	g.keep("nobody's", ann.Do(t, "POST", "/v1/orgs:search", nil))
	ann.Org(t, "Acme & Söhne")
	g.keep("the caller's", ann.Do(t, "POST", "/v1/orgs:search", nil))
}

func TestAnswersOfOrgGet(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-get")
	ann := c.Person(t, "ann")
	g.keep("the caller's", ann.Do(t, "GET", route(ann.Org(t, "Acme")), nil))
	g.keep("a malformed id", ann.Do(t, "GET", route("x"), nil))
	g.keep("another one, or none", ann.Do(t, "GET", route(someID()), nil))
}

func TestAnswersOfOrgRename(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-rename")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	g.keep("another name", ann.Do(t, "PUT", route(org), object{"name": "Acme"}))
	g.keep("the same name", ann.Do(t, "PUT", route(org), object{"name": "Acme"}))
	g.keep("no name", ann.Do(t, "PUT", route(org), nil))
	g.keep("a bad name", ann.Do(t, "PUT", route(org), object{"name": "a>b"}))
	g.keep("a malformed id", ann.Do(t, "PUT", route("x"), object{"name": "Acme"}))
	g.keep("not a member", ann.Do(t, "PUT", route(someID()), object{"name": "Acme"}))
	g.keep("not an Admin", tom.Do(t, "PUT", route(org), object{"name": "Acme"}))
}

func TestAnswersOfOrgLeave(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-leave")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	g.keep("the last Admin", ann.Do(t, "POST", route(org, ":leave"), nil))
	g.keep("anybody else", tom.Do(t, "POST", route(org, ":leave"), nil))
	g.keep("again", tom.Do(t, "POST", route(org, ":leave"), nil))
	g.keep("a malformed id", ann.Do(t, "POST", route("x:leave"), nil))
	g.keep("another verb", ann.Do(t, "POST", route(org, ":stay"), nil))
	g.keep("no verb", ann.Do(t, "POST", route(org), nil))
}

func TestAnswersOfOrgDelete(t *testing.T) {
	t.Parallel()
	c, g := cloudtest.Shared(t), newGolden(t, "org-delete")
	ann, org := found(t, c, "ann")
	tom := ann.Join(t, org, "tom", "Technical")
	g.keep("not an Admin", tom.Do(t, "DELETE", route(org), nil))
	g.keep("a malformed id", ann.Do(t, "DELETE", route("x"), nil))
	g.keep("an Admin", ann.Do(t, "DELETE", route(org), nil))
	g.keep("again", ann.Do(t, "DELETE", route(org), nil))
}
