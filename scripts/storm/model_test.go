package storm

import (
	"fmt"
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
	switch d.what {
	case "creates", "invites", "accepts", "changes", "removes", "leaves", "deletes":
		return h.change(d)
	case "is in":
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

// model is the houses as porcupine takes them: one history for each, what is unknown both ways.
func model() porcupine.Model {
	m := porcupine.NondeterministicModel{
		Init: func() []any { return []any{house{}} },
		Step: func(state, input, _ any) []any {
			h, d := state.(house), input.(deed)
			after, ok := h.step(d)
			switch {
			case ok && d.unknown:
				return []any{h, after}
			case ok:
				return []any{after}
			case d.unknown:
				return []any{h}
			}
			return nil
		},
		Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
			var parts [][]porcupine.Operation
			at := map[string]int{}
			for _, o := range all {
				id := o.Input.(deed).org
				i, known := at[id]
				if !known {
					i = len(parts)
					at[id], parts = i, append(parts, nil)
				}
				parts[i] = append(parts[i], o)
			}
			return parts
		},
	}
	return m.ToModel()
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
		{"perhaps removed, and missed", with(deed{what: "removes", who: 0, whom: 1, unknown: true}, deed{what: "misses", who: 0, whom: 1}), porcupine.Ok},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all []porcupine.Operation
			for i, d := range test.deeds {
				all = append(all, porcupine.Operation{Input: d, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got := porcupine.CheckOperationsTimeout(model(), all, checks); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
