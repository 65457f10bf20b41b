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
			if got, _ := check(all); got != test.want {
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
			})
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
