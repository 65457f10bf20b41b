package storm

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"roster/shared/org"
)

// group is how many people share the organizations of one history.
const group = 6

// A seat is one person's row in an organization. The zero seat is none.
type seat struct {
	status org.Status
	role   org.Role
}

// A house is one organization in the model, which is the specification of all that its people do to
// it: one thing after the other. It is a value.
type house struct {
	built, gone bool
	seats       [group]seat
}

func (h house) live() bool          { return h.built && !h.gone }
func (h house) active(who int) bool { return h.seats[who].status == org.Active }
func (h house) admin(who int) bool  { return h.active(who) && h.seats[who].role == org.Admin }

func (h house) admins() (n int) {
	for who := range h.seats {
		if h.admin(who) {
			n++
		}
	}
	return n
}

// A deed is what somebody did to an organization, or what they saw of one item of it. One read of
// many items is as many deeds at the same time: it is consistent item by item, not as a whole.
type deed struct {
	org       string
	what      string
	who, whom int
	role      org.Role
	saw       seat
	unknown   bool // nobody knows whether it happened
}

func (d deed) String() string {
	words := []string{d.what, fmt.Sprint(d.who), fmt.Sprint(d.whom), string(d.role), string(d.saw.status), string(d.saw.role)}
	if d.unknown {
		words = append(words, "perhaps")
	}
	return strings.Join(words, " ")
}

// step returns the house after the deed, and whether it can have happened, or been seen, so.
func (h house) step(d deed) (house, bool) {
	switch {
	case !d.reads():
		return h.change(d)
	case d.what == "is in":
		return h, h.live() && h.active(d.who) // by the lock of the account, which names a living one
	}
	// A deleted organization refuses everything, and its rows vanish in any order.
	return h, h.built && (h.gone || h.shows(d))
}

// shows is what the rows of a living organization say.
func (h house) shows(d deed) bool {
	switch d.what {
	case "finds":
		return h.seats[d.whom] == d.saw
	case "is out":
		return !h.active(d.who)
	case "is no admin":
		return h.active(d.who) && !h.admin(d.who)
	case "is an admin":
		return h.admin(d.who)
	case "is the only admin":
		return h.admins() <= 1
	case "misses":
		return h.seats[d.whom] == seat{}
	case "meets":
		return h.seats[d.whom] != seat{}
	case "is not invited":
		return h.seats[d.who].status != org.Provisioned
	case "is invited":
		return h.seats[d.who].status == org.Provisioned
	}
	panic("no such deed: " + d.what)
}

func (h house) change(d deed) (house, bool) {
	if d.what == "creates" {
		fresh := house{built: true}
		fresh.seats[d.who] = seat{org.Active, org.Admin}
		return fresh, !h.built
	}
	before, target := h, h.seats[d.whom]
	may := h.live()
	switch d.what {
	case "invites":
		may = may && h.admin(d.who) && target == seat{}
		h.seats[d.whom] = seat{org.Provisioned, d.role}
	case "accepts":
		may = may && h.seats[d.who] != seat{}
		h.seats[d.who].status = org.Active // again by whoever has: the same
	case "changes":
		may = may && target != seat{} && (target.role == d.role || h.admin(d.who))
		h.seats[d.whom].role = d.role
	case "removes":
		may = may && h.admin(d.who) && target != seat{}
		h.seats[d.whom] = seat{}
	case "leaves":
		may = may && h.active(d.who)
		h.seats[d.who] = seat{}
	case "deletes":
		may = may && h.admin(d.who)
		h.gone = true
	}
	if !may || h.admins() == 0 {
		return before, false
	}
	return h, true
}

// reads says whether the deed changes nothing.
func (d deed) reads() bool {
	switch d.what {
	case "creates", "invites", "accepts", "changes", "removes", "leaves", "deletes":
		return false
	}
	return true
}

// A turn is the beginning or the end of the read of that number.
type turn struct {
	read int
	ends bool
}

// mostReads is how many reads the history of one organization may have.
const mostReads = 4096

// A sight is a house together with the reads that are under way and have not yet seen what they saw.
type sight struct {
	house
	blind [mostReads / 64]uint64
}

func (s sight) isBlind(read int) bool { return s.blind[read/64]&(1<<(read%64)) != 0 }

// sees takes away every read that sees by now what it saw.
func (s sight) sees(reads []deed) sight {
	for word, set := range s.blind {
		for ; set != 0; set &= set - 1 {
			read := 64*word + bits.TrailingZeros64(set)
			if _, ok := s.step(reads[read]); ok {
				s.blind[word] &^= 1 << (read % 64)
			}
		}
	}
	return s
}

// next returns what the sight may be after a deed or a turn; nothing when it cannot have been so.
func (s sight) next(input any, reads []deed) []any {
	if t, ok := input.(turn); ok {
		if t.ends && s.isBlind(t.read) {
			return nil
		}
		if !t.ends {
			s.blind[t.read/64] |= 1 << (t.read % 64)
		}
		return []any{s.sees(reads)}
	}
	d := input.(deed)
	var all []any
	if d.unknown {
		all = append(all, s)
	}
	if after, ok := s.step(d); ok {
		s.house = after
		all = append(all, s.sees(reads))
	}
	return all
}

// check holds the history of one organization to the model. A read is split into its two ends: it
// changes nothing, so that it may see as soon as it can, and porcupine need not try when.
func check(history []porcupine.Operation) porcupine.CheckResult {
	var reads []deed
	var all []porcupine.Operation
	for _, o := range history {
		d := o.Input.(deed)
		if !d.reads() {
			all = append(all, o)
			continue
		}
		begins, ends := o, o
		begins.Input, begins.Return = turn{len(reads), false}, o.Call
		ends.Input, ends.Call = turn{len(reads), true}, o.Return
		reads, all = append(reads, d), append(all, begins, ends)
	}
	if len(reads) > mostReads {
		return porcupine.Unknown
	}
	m := porcupine.NondeterministicModel{
		Init: func() []any { return []any{sight{}} },
		Step: func(state, input, _ any) []any { return state.(sight).next(input, reads) },
	}
	return porcupine.CheckOperationsTimeout(m.ToModel(), all, checks)
}

// parts are the histories of the organizations.
func parts(all []porcupine.Operation) map[string][]porcupine.Operation {
	of := map[string][]porcupine.Operation{}
	for _, o := range all {
		id := o.Input.(deed).org
		of[id] = append(of[id], o)
	}
	return of
}

// checks is how long one history may be thought about. One that takes longer has failed.
const checks = 20 * time.Second

func TestTheModelRefusesWhatCannotHaveHappened(t *testing.T) {
	founded := deed{what: "creates", who: 0}
	joined := []deed{founded, {what: "invites", who: 0, whom: 1, role: org.Admin}, {what: "accepts", who: 1}}
	with := func(more ...deed) []deed { return append(append([]deed(nil), joined...), more...) }
	demote := func(who, whom int) deed { return deed{what: "changes", who: who, whom: whom, role: org.Technical} }
	tests := []struct {
		name  string
		deeds []deed
		want  porcupine.CheckResult
	}{
		{"founding, inviting, accepting", joined, porcupine.Ok},
		{"both demote each other", with(demote(0, 1), demote(1, 0)), porcupine.Illegal},
		{"both demote each other, perhaps", with(demote(0, 1), deed{what: "changes", who: 1, whom: 0, role: org.Technical, unknown: true}), porcupine.Ok},
		{"both leave", with(deed{what: "leaves", who: 0}, deed{what: "leaves", who: 1}), porcupine.Illegal},
		{"removed twice", with(deed{what: "removes", who: 0, whom: 1}, deed{what: "removes", who: 0, whom: 1}), porcupine.Illegal},
		{"accepted without invitation", []deed{founded, {what: "accepts", who: 1}}, porcupine.Illegal},
		{"removed and still found", with(deed{what: "removes", who: 0, whom: 1}, deed{what: "finds", whom: 1, saw: seat{org.Active, org.Admin}}), porcupine.Illegal},
		{"deleted and entered", with(deed{what: "deletes", who: 0}, deed{what: "changes", who: 0, whom: 1, role: org.Technical}), porcupine.Illegal},
		{"missed by a repeat that removed it", with(deed{what: "misses", who: 0, whom: 1}), porcupine.Illegal},
		{"removed and not found", with(deed{what: "removes", who: 0, whom: 1}, deed{what: "finds", whom: 1}), porcupine.Ok},
		{"perhaps removed, and missed", with(deed{what: "removes", who: 0, whom: 1, unknown: true}, deed{what: "misses", who: 0, whom: 1}), porcupine.Ok},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all []porcupine.Operation
			for i, d := range test.deeds {
				all = append(all, porcupine.Operation{Input: d, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got := check(all); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// A read that lies beside a change may see either side of it; two in a row may not see it undone.
func TestTheModelLetsAReadSeeEitherSideOfAChange(t *testing.T) {
	founded := deed{what: "creates", who: 0}
	invited := deed{what: "invites", who: 0, whom: 1, role: org.Admin}
	none, pending := deed{what: "finds", whom: 1}, deed{what: "finds", whom: 1, saw: seat{org.Provisioned, org.Admin}}
	tests := []struct {
		name        string
		first, then deed
		want        porcupine.CheckResult
	}{
		{"before, before", none, none, porcupine.Ok},
		{"before, behind", none, pending, porcupine.Ok},
		{"behind, behind", pending, pending, porcupine.Ok},
		{"behind, before", pending, none, porcupine.Illegal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := check([]porcupine.Operation{
				{Input: founded, Call: 0, Return: 1},
				{Input: invited, Call: 10, Return: 20},
				{Input: test.first, Call: 11, Return: 13},
				{Input: test.then, Call: 14, Return: 16},
			})
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
