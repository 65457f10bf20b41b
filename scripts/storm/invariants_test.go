package storm

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// patience is how long anything in the background may take on a busy machine.
const patience = 3 * time.Minute

// end is what every harness ends with: when all is settled, it holds the whole table to what must always
// be so, and everything that was said, printed or kept to telling no secret. Nobody may be sending requests.
func end(t testing.TB, c *cloudtest.Cloud, e *ear) {
	t.Helper()
	settle(t, c)
	d := erased(func() storetest.Dump { return whole(t, c) })
	complain(t, slices.Concat(broken(d), unbalanced(d), leftovers(d)))
	e.ledger.examine(t, d)
	e.examine(t, c, d)
}

// erased reads a table until no purge is under way, or that takes too long.
func erased(read func() storetest.Dump) storetest.Dump {
	d := read()
	for deadline := time.Now().Add(patience); deleted(d) && time.Now().Before(deadline); d = read() {
		time.Sleep(50 * time.Millisecond)
	}
	return d
}

// examine holds what the table has of the scene, and the mails to its people, to what must always be
// so. Nobody may be sending requests.
func (s *scene) examine() {
	s.t.Helper()
	d := erased(s.dump)
	complain(s.t, slices.Concat(broken(d), unbalanced(d), leftovers(d)))
	s.examineLinks(d)
}

// leftovers lists what still belongs to an organization that was erased, or leads to it: accounts' locks,
// pointers of invitations, customers' links, servers' locks and tokens.
func leftovers(d storetest.Dump) (all []string) {
	for k, i := range d {
		if strings.HasPrefix(k.PK, "ORG#") && d[storetest.Key{PK: k.PK, SK: "ORG"}] == nil {
			all = append(all, k.PK+" "+k.SK+" is left of an organization that was erased")
			continue
		}
		invited, _ := strings.CutPrefix(k.SK, "INVITED#")
		if invited == k.SK {
			invited = ""
		}
		for _, o := range []string{text(i, "org_id"), text(i, "org"), invited} {
			if o != "" && d[storetest.OrgKey(org.ID(o))] == nil {
				all = append(all, k.PK+" "+k.SK+" leads to an organization that was erased")
			}
		}
	}
	slices.Sort(all)
	return all
}

func complain(t testing.TB, sentences []string) {
	t.Helper()
	for i, b := range sentences {
		if i == 10 {
			t.Errorf("… and %d more", len(sentences)-i)
			return
		}
		t.Error(b)
	}
}

// deleted reports whether an organization's purge is still under way.
func deleted(d storetest.Dump) bool {
	for _, i := range d {
		if i["deleted_at"] != nil {
			return true
		}
	}
	return false
}

// broken lists what DESIGN.md §10 forbids in a table that nobody writes to.
func broken(d storetest.Dump) []string {
	all := d.Broken()
	for k, i := range d {
		if i["deleted_at"] != nil {
			all = append(all, k.PK+" is deleted and not erased")
		}
	}
	return all
}

// unbalanced compares every organization with its log: what the events say that came, less what they
// say that went, is what is there. A change without its event shows, and an event without its change;
// the order of events does not matter.
func unbalanced(d storetest.Dump) []string {
	flows, there := map[string]int{}, map[string]int{}
	for k, i := range d {
		switch {
		case strings.HasPrefix(k.SK, "EVENT#"):
			flow(flows, k.PK, i)
		case k.SK == "ORG":
			there[k.PK+" name "+text(i, "name")]++
		case strings.HasPrefix(k.SK, "MEMBER#"):
			id := k.PK + " " + strings.TrimPrefix(k.SK, "MEMBER#")
			there[id+" role "+text(i, "role")]++
			there[id+" status "+text(i, "status")]++
		case strings.HasPrefix(k.PK, "ORG#") && strings.HasPrefix(k.SK, "PMM#"):
			there[k.PK+" server "+strings.TrimPrefix(k.SK, "PMM#")]++
		}
	}
	var all []string
	for what := range union(flows, there) {
		if flows[what] != there[what] && !(strings.Contains(what, " status ") && flows[left(what)] > 0) {
			all = append(all, fmt.Sprintf("%s: the log says %d, the table %d", what, flows[what], there[what]))
		}
	}
	slices.Sort(all)
	return all
}

// left counts the events of somebody's removal, which do not tell their status.
func left(what string) string {
	id, _, _ := strings.Cut(what, " status ")
	return id + " left"
}

func union(a, b map[string]int) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = !strings.HasSuffix(k, " left")
	}
	for k := range b {
		all[k] = true
	}
	for k, counts := range all {
		if !counts {
			delete(all, k)
		}
	}
	return all
}

// flow adds what one event says that came, and takes away what went.
func flow(flows map[string]int, pk string, event storetest.Item) {
	objects, _ := event["objects"].([]any)
	for _, raw := range objects {
		o, _ := raw.(map[string]any)
		id := pk
		switch o["type"] {
		case "organization_member":
			id += " " + text(o, "id")
		case "inventory":
			flows[pk+" server "+text(o, "id")] += map[any]int{"CREATE": 1, "DELETE": -1}[event["action"]]
			continue
		}
		for sign, states := range map[int]any{-1: o["initial"], 1: o["result"]} {
			values, _ := states.(map[string]any)
			for name, value := range values {
				flows[fmt.Sprintf("%s %s %v", id, name, value)] += sign
			}
		}
		if event["action"] == "DELETE" {
			flows[id+" left"]++
		}
	}
}

// logged counts the events of a kind in an organization's log.
func (s *scene) logged(o, action, object string) int {
	s.t.Helper()
	d := storetest.Dump{}
	partition(s.t, s.c, d, "ORG#"+o)
	n := 0
	for _, i := range d.Of("EVENT#") {
		objects, _ := i["objects"].([]any)
		kind := ""
		if len(objects) > 0 {
			kind = text(objects[0].(map[string]any), "type")
		}
		if i["action"] == action && kind == object {
			n++
		}
	}
	return n
}

// wantLogged fails the test unless the log has so many events of the kind. Under faults, where
// nobody may have won, it is the most.
func (s *scene) wantLogged(o, action, object string, want int) {
	s.t.Helper()
	if got := s.logged(o, action, object); got > want || got < want && !s.noisy {
		s.t.Errorf("%d events %s %s; want %d", got, action, object, want)
	}
}

// wantCounted is wantLogged for changes that were counted by their answers. Under faults, where an
// answer may be lost, that is the least.
func (s *scene) wantCounted(o, action, object string, want int) {
	s.t.Helper()
	if got := s.logged(o, action, object); got < want || got > want && !s.noisy {
		s.t.Errorf("%d events %s %s; want %d", got, action, object, want)
	}
}

// A mailed link is one that arrived in a mail.
type mailed struct {
	link  org.Link
	token string
}

// mails returns the links that an address was sent, newest first.
func mails(c *cloudtest.Cloud, address string) []mailed {
	var all []mailed
	for _, m := range c.Mail.Mails(address) {
		for _, l := range m.Links {
			if _, token, ok := strings.Cut(l.Href, "token="); ok {
				if link, err := org.ParseLink(token); err == nil {
					all = append(all, mailed{link, token})
				}
			}
		}
	}
	return all
}

// examineLinks holds that of all links that were mailed at most one a row is live, that a sent one is
// the latest, and that the function opens the live one and no other.
func (s *scene) examineLinks(d storetest.Dump) {
	s.t.Helper()
	for _, a := range s.addresses() {
		latest := map[string]string{}
		for n, m := range mails(s.c, a) {
			o, id := string(m.link.Org), string(m.link.Member)
			invitation := d[storetest.Key{PK: "ORG#" + o, SK: "INVITATION#" + id}]
			live := text(invitation, "link") == string(m.link.Secret.Hash())
			over := text(invitation, "expires_at") < storetest.Stamp(time.Now())
			first := latest[o] == ""
			if live && !first && latest[o] != m.token && !s.doubled { // SES may have sent one mail twice
				s.t.Errorf("the live link to %s is not the last that was mailed", a)
			}
			delivery := text(invitation, "delivery")
			if !live && first && !s.doubled && (delivery == "sent" || delivery == "delivered") {
				s.t.Errorf("the last link mailed to %s is dead, and the mail counts as %s", a, delivery)
			}
			if first {
				latest[o] = m.token
			}
			if n < 4 {
				s.follow(m, live && !over)
			}
		}
		s.examineMailed(d, a)
	}
}

// examineMailed holds that whoever counts as mailed to has the live link.
func (s *scene) examineMailed(d storetest.Dump, address string) {
	s.t.Helper()
	links := map[string]bool{}
	for _, m := range mails(s.c, address) {
		links[string(m.link.Secret.Hash())] = true
	}
	for k, i := range d.Of("INVITATION#") {
		delivery, link := text(i, "delivery"), text(i, "link")
		mine := k == storetest.InvitationKey(org.ID(strings.TrimPrefix(k.PK, "ORG#")), account.Address(address))
		if mine && (delivery == "sent" || delivery == "delivered") && i["joined"] != true && !links[link] {
			s.t.Errorf("no mail to %s holds the live link, and the last counts as %s", address, delivery)
		}
	}
}

// follow holds a link to being alive or dead.
func (s *scene) follow(m mailed, live bool) {
	s.t.Helper()
	a := s.c.Do(s.t, "POST", "/v1/auth/ValidateToken", "", map[string]any{"activation_token": m.token})
	if live {
		a.Want(s.t, 200)
		return
	}
	a.WantError(s.t, 400, 3, "The activation link is not valid.")
}
