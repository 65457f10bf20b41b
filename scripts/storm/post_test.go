package storm

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"roster/scripts/local/cloud/cloudtest"
	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
)

// A post is what mail-send did to the links of a cloud's invitations, told by its requests to the
// table behind all faults: no answer of the API says when a link comes to life.
type post struct {
	begun  time.Time
	ledger *ledger

	mu      sync.Mutex
	numbers map[id.Hash]int // of all links that were seen, from 1
	set     []setting
}

// A setting is one link that came to life, or perhaps did.
type setting struct {
	pk, sk    string
	link      int
	call, end int64
}

// watched returns the post of a cloud behind a proxy, before anything happens there, and what its ear knows
// of its logs.
func watched(p *cloudtest.Proxy, e *ear) *post {
	o := &post{begun: time.Now(), numbers: map[id.Hash]int{}, ledger: &e.ledger}
	p.Watch = func(x cloudtest.Exchange) {
		o.note(x)
		o.ledger.note(x)
	}
	return o
}

func (p *post) at(t time.Time) int64 { return int64(t.Sub(p.begun)) + 1 }

// number names a link.
func (p *post) number(h id.Hash) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.numbers[h] == 0 {
		p.numbers[h] = len(p.numbers) + 1
	}
	return p.numbers[h]
}

// assigned is an update's first assignment.
var assigned = regexp.MustCompile(`^SET (#\w+) = (:\w+)`)

// note takes down a link that was set.
func (p *post) note(e cloudtest.Exchange) {
	if e.Function != "mail-send" || e.Action != "UpdateItem" || e.Status != 0 && e.Status != 200 {
		return
	}
	var in struct {
		Key                       map[string]struct{ S string }
		UpdateExpression          string
		ExpressionAttributeNames  map[string]string
		ExpressionAttributeValues map[string]struct{ S string }
	}
	if json.Unmarshal(e.Body, &in) != nil {
		return // what is no request set nothing
	}
	what := assigned.FindStringSubmatch(in.UpdateExpression)
	if what == nil || in.ExpressionAttributeNames[what[1]] != "link" {
		return
	}
	s := setting{
		pk: in.Key["PK"].S, sk: in.Key["SK"].S, call: p.at(e.Begin), end: p.at(e.End),
		link: p.number(id.Hash(in.ExpressionAttributeValues[what[2]].S)),
	}
	if e.Status == 0 {
		s.end = math.MaxInt64
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set = append(p.set, s)
}

// mailed are the deeds of mail-send in a history.
func (p *post) mailed(h *history) (all []porcupine.Operation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.set {
		o := strings.TrimPrefix(s.pk, "ORG#")
		for _, mine := range h.founded {
			if mine != o {
				continue
			}
			d := deed{org: o, what: "mails", who: group, whom: h.owner(s), link: s.link, unknown: s.end == math.MaxInt64}
			all = append(all, porcupine.Operation{ClientId: group, Input: d, Call: s.call, Return: s.end})
		}
	}
	if len(p.set) == 0 {
		h.t.Error("no mail was seen to get its link")
	}
	return all
}

// owner is whose link it is.
func (h *history) owner(s setting) int {
	for whom, p := range h.s.people {
		m := org.MemberOf(org.ID(strings.TrimPrefix(s.pk, "ORG#")), account.Address(p.Email))
		if s.sk == "INVITATION#"+string(m) {
			return whom
		}
	}
	h.t.Errorf("a link was set at %s, which is nobody's", s.sk)
	return 0
}
