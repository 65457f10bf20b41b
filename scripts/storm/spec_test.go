package storm

import (
	"testing"

	"github.com/anishathalye/porcupine"

	"roster/shared/org"
)

func TestTheModelRefusesWhatCannotHaveHappened(t *testing.T) {
	founded := deed{what: "creates", who: 0}
	joined := []deed{founded, {what: "invites", who: 0, whom: 1, role: org.Admin}, {what: "accepts", who: 1}}
	with := func(more ...deed) []deed { return append(append([]deed(nil), joined...), more...) }
	mailed := []deed{founded, {what: "invites", who: 0, whom: 1, role: org.Admin}, {what: "mails", whom: 1, link: 1}}
	sent := func(more ...deed) []deed { return append(append([]deed(nil), mailed...), more...) }
	again, second := deed{what: "resends", who: 0, whom: 1}, deed{what: "mails", whom: 1, link: 2}
	opens := func(link int) deed { return deed{what: "opens", whom: 1, link: link} }
	follows := func(link int) deed { return deed{what: "follows", who: 1, whom: 1, link: link} }
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
		{"removed and still found", with(deed{what: "removes", who: 0, whom: 1}, deed{what: "finds", whom: 1, saw: seat{status: org.Active, role: org.Admin}}), porcupine.Illegal},
		{"deleted and entered", with(deed{what: "deletes", who: 0}, deed{what: "changes", who: 0, whom: 1, role: org.Technical}), porcupine.Illegal},
		{"missed by a repeat that removed it", with(deed{what: "misses", who: 0, whom: 1}), porcupine.Illegal},
		{"removed and not found", with(deed{what: "removes", who: 0, whom: 1}, deed{what: "finds", whom: 1}), porcupine.Ok},
		{"perhaps removed, and missed", with(deed{what: "removes", who: 0, whom: 1, unknown: true}, deed{what: "misses", who: 0, whom: 1}), porcupine.Ok},
		{"a link that was mailed opens and is followed", sent(opens(1), follows(1)), porcupine.Ok},
		{"a link before it was mailed", sent(opens(2)), porcupine.Illegal},
		{"a link that was replaced and not mailed yet", sent(again, opens(1)), porcupine.Illegal},
		{"a link that was replaced", sent(again, second, follows(1)), porcupine.Illegal},
		{"a link that was replaced is shut", sent(again, second, deed{what: "is shut", whom: 1, link: 1}, opens(2)), porcupine.Ok},
		{"a live link is shut", sent(deed{what: "is shut", whom: 1, link: 1}), porcupine.Illegal},
		{"a link that was used", sent(deed{what: "accepts", who: 1}, opens(1)), porcupine.Illegal},
		{"a link that was used by activating", sent(deed{what: "activates", who: 1, whom: 1, link: 1}, deed{what: "activates", who: 1, whom: 1, link: 1}), porcupine.Illegal},
		{"a link that was revoked", sent(deed{what: "removes", who: 0, whom: 1}, follows(1)), porcupine.Illegal},
		{"a link that was revoked, of somebody invited again", sent(deed{what: "removes", who: 0, whom: 1}, mailed[1], opens(1)), porcupine.Illegal},
		{"a link of a declined invitation", sent(deed{what: "declines", who: 1}, opens(1)), porcupine.Illegal},
		{"a link that expired", sent(deed{what: "expires", whom: 1}, follows(1)), porcupine.Illegal},
		{"an invitation that expired", sent(deed{what: "expires", whom: 1}, deed{what: "accepts", who: 1}), porcupine.Illegal},
		{"an invitation that expired, sent again", sent(deed{what: "expires", whom: 1}, again, second, follows(2)), porcupine.Ok},
		{"a link of what was deleted", sent(deed{what: "deletes", who: 0}, follows(1)), porcupine.Illegal},
		{"renamed by an Admin, and seen", with(deed{what: "renames", who: 1, name: "Other"}, deed{what: "is named", who: 0, name: "Other"}), porcupine.Ok},
		{"renamed, and seen as before", with(deed{what: "renames", who: 1, name: "Other"}, deed{what: "is named", who: 0}), porcupine.Illegal},
		{"renamed by a Technical", with(demote(0, 1), deed{what: "renames", who: 1, name: "Other"}), porcupine.Illegal},
		{"an offer of another role", sent(deed{what: "is offered", who: 1, role: org.Technical}), porcupine.Illegal},
		{"sent again to a member", sent(follows(1), again), porcupine.Illegal},
		{"declined by a member", sent(follows(1), deed{what: "declines", who: 1}), porcupine.Illegal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all []porcupine.Operation
			for i, d := range test.deeds {
				all = append(all, porcupine.Operation{Input: d, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got, _ := check(all, house{}); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// Whatever says that an organization lives was not seen behind its end: from the delete's answer on every
// route is closed, and links are dead (API.md §4). That something is not there may be said.
func TestTheModelLetsNobodySeeWhatIsDeleted(t *testing.T) {
	pending := seat{status: org.Provisioned, role: org.Admin}
	before := []deed{
		{what: "creates", who: 0, name: "Acme"},
		{what: "invites", who: 0, whom: 1, role: org.Admin},
		{what: "mails", whom: 1, link: 1},
		{what: "invites", who: 0, whom: 2, role: org.Technical},
		{what: "accepts", who: 2},
	}
	end := deed{what: "deletes", who: 0}
	tests := []struct {
		sees  deed
		after porcupine.CheckResult
	}{
		{deed{what: "is a member", who: 0}, porcupine.Illegal},
		{deed{what: "is in", who: 0}, porcupine.Illegal},
		{deed{what: "is an admin", who: 0}, porcupine.Illegal},
		{deed{what: "is the only admin", who: 0}, porcupine.Illegal},
		{deed{what: "is no admin", who: 2}, porcupine.Illegal},
		{deed{what: "is named", who: 0, name: "Acme"}, porcupine.Illegal},
		{deed{what: "opens", who: 1, whom: 1, link: 1}, porcupine.Illegal},
		{deed{what: "is the link", who: 1, whom: 1, link: 1}, porcupine.Illegal},
		{deed{what: "is offered", who: 1, role: org.Admin}, porcupine.Illegal},
		{deed{what: "is invited", who: 1}, porcupine.Illegal},
		{deed{what: "meets", who: 0, whom: 1}, porcupine.Illegal},
		{deed{what: "meets a guest", who: 0, whom: 1}, porcupine.Illegal},
		{deed{what: "meets a member", who: 0, whom: 2}, porcupine.Illegal},
		{deed{what: "finds", whom: 1, saw: pending}, porcupine.Ok}, // in a list that saw the organization live
	}
	for _, test := range tests {
		t.Run(test.sees.what, func(t *testing.T) {
			history := func(end, sees deed, call int64) (all []porcupine.Operation) {
				for i, d := range append(before[:len(before):len(before)], end) {
					all = append(all, porcupine.Operation{Input: d, Call: int64(10 * i), Return: int64(10*i + 5)})
				}
				return append(all, porcupine.Operation{Input: sees, Call: call, Return: 100})
			}
			if got, _ := check(history(end, test.sees, 90), house{}); got != test.after {
				t.Errorf("behind the end: %v, want %v", got, test.after)
			}
			if got, _ := check(history(end, test.sees, 49), house{}); got != porcupine.Ok {
				t.Errorf("begun before the end: %v", got)
			}
		})
	}
	for _, what := range []string{"is out", "misses", "is not invited", "is offered nothing", "is shut", "is not the link", "finds"} {
		var all []porcupine.Operation
		for i, d := range append(before[:len(before):len(before)], end, deed{what: what, who: 1, whom: 1, link: 1}) {
			all = append(all, porcupine.Operation{Input: d, Call: int64(2 * i), Return: int64(2*i + 1)})
		}
		if got, _ := check(all, house{}); got != porcupine.Ok {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func TestTheModelOfAnAccountHasItInOneOrganization(t *testing.T) {
	in := func(o, what string) deed { return deed{org: o, what: what} }
	tests := []struct {
		name  string
		deeds []deed
		want  porcupine.CheckResult
	}{
		{"enters one, and again", []deed{in("a", "enters"), in("a", "enters"), in("a", "is in")}, porcupine.Ok},
		{"enters two", []deed{in("a", "enters"), in("b", "enters")}, porcupine.Illegal},
		{"founds while in one", []deed{in("a", "enters"), in("b", "founds")}, porcupine.Illegal},
		{"perhaps in one, enters another", []deed{{org: "a", what: "enters", unknown: true}, in("b", "enters")}, porcupine.Ok},
		{"goes, and enters another", []deed{in("a", "enters"), in("a", "goes"), in("b", "enters"), in("b", "is in")}, porcupine.Ok},
		{"goes where they are not", []deed{in("a", "enters"), in("b", "goes")}, porcupine.Illegal},
		{"removed, and still in", []deed{in("a", "enters"), in("a", "is let go"), in("a", "is in")}, porcupine.Illegal},
		{"removed, and free", []deed{in("a", "enters"), in("a", "is let go"), in("a", "is nowhere"), in("b", "founds")}, porcupine.Ok},
		{"not invited there any more", []deed{in("a", "enters"), in("b", "is let go"), in("a", "is in")}, porcupine.Ok},
		{"in, and nowhere", []deed{in("a", "enters"), in("a", "is nowhere")}, porcupine.Illegal},
		{"in, and out there", []deed{in("a", "enters"), in("a", "is out")}, porcupine.Illegal},
		{"in, and out elsewhere", []deed{in("a", "enters"), in("b", "is out")}, porcupine.Ok},
		{"called", []deed{{what: "calls", name: "Ann"}, {what: "is called", name: "Ann"}}, porcupine.Ok},
		{"called as before", []deed{{what: "calls", name: "Ann"}, {what: "is called"}}, porcupine.Illegal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all []porcupine.Operation
			for i, d := range test.deeds {
				all = append(all, porcupine.Operation{Input: d, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got, _ := check(all, holder{}); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// A read that lies beside a change may see either side of it; two in a row may not see it undone.
func TestTheModelLetsAReadSeeEitherSideOfAChange(t *testing.T) {
	founded := deed{what: "creates", who: 0}
	invited := deed{what: "invites", who: 0, whom: 1, role: org.Admin}
	none, pending := deed{what: "finds", whom: 1}, deed{what: "finds", whom: 1, saw: seat{status: org.Provisioned, role: org.Admin}}
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
			got, _ := check([]porcupine.Operation{
				{Input: founded, Call: 0, Return: 1},
				{Input: invited, Call: 10, Return: 20},
				{Input: test.first, Call: 11, Return: 13},
				{Input: test.then, Call: 14, Return: 16},
			}, house{})
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
