package storm

import (
	"slices"
	"testing"

	"roster/scripts/local/cloud"
)

// bugs are what the harnesses are held to noticing, each with the seed that it is noticed by where the
// harness draws anything.
func bugs() []bug { return slices.Concat(conditions(), others(), strays(), secrets()) }

// What is said of a history that no order of its deeds explains.
const (
	illegal = "the history of an organization is Illegal"
	astray  = "the history of an account is Illegal"
)

// conditions are transactions that do not state again what was seen.
func conditions() []bug {
	return []bug{
		{
			name:      "who changes a role is not held to being an Admin still",
			edits:     []edit{{"shared/store/members.go", "\t\tstillAdmin(seen),\n\t\tupdate(memberKey", "\t\tupdate(memberKey"}},
			functions: []string{"member-role"}, harness: moving("member-role by somebody demoted"), says: "answered 200",
		},
		{
			name: "the account's lock is checked before the transaction and not in it",
			edits: []edit{{
				"shared/store/parts.go", `		c.when = append(c.when, hasNot("org_id"))
		return c`, "\t\treturn c",
			}},
			functions: []string{"org-create", "invitation-answer"}, harness: racing("somebody creates while accepting"),
			seed: 1, says: "is locked to",
		},
		{
			name:      "an Admin counts as one of several by what was seen alone",
			edits:     []edit{{"shared/store/parts.go", `, expression.Name("admins").GreaterThan(expression.Value(-admins))`, ""}},
			functions: []string{"org-leave"}, harness: racing("the last two Admins leave at once"), seed: 1, says: "has no Admin",
		},
		{
			name:      "an organization that is deleted lets people in",
			edits:     []edit{{"shared/store/parts.go", `exists().And(hasNot("deleted_at"))`, "exists()"}},
			functions: []string{"member-invite"}, harness: moving("member-invite by somebody deleted with"), says: "answered 200",
		},
		{
			name: "an invitation takes the place of another",
			edits: []edit{{
				"shared/store/invites.go", "put(memberKey(seen.Org.ID, m.ID), memberOf(seen.Org.ID, m), absent())",
				"put(memberKey(seen.Org.ID, m.ID), memberOf(seen.Org.ID, m))",
			}},
			functions: []string{"member-invite"}, harness: racing("an address is invited twice"), seed: 1, says: "times; want once",
		},
		{
			name: "a mail is sent again to whoever has become a member meanwhile",
			edits: []edit{
				{"shared/store/onboard.go", "s.inviter())), asSeen(m)),", "s.inviter()))),"},
				{"shared/store/invites.go", "invitationOf(s.Org.ID, m.ID, i), mailAsSeen(*last))", "invitationOf(s.Org.ID, m.ID, i))"},
			},
			functions: []string{"member-reactivate"}, harness: racing("an invitation is sent again while accepted"),
			seed: 1, says: "is active and still invited",
		},
	}
}

// others are about what a transaction changes, and what lies around it.
func others() []bug {
	return []bug{
		{
			name:      "whoever becomes an Admin by accepting is not counted",
			edits:     []edit{{"shared/store/links.go", "\t\tenters(seen.Org, after.Counts()),", "\t\tlive(o, 0),"}},
			functions: []string{"invitation-answer"}, harness: peaceful, seed: 2, says: "Admins of",
		},
		{
			name:      "whoever leaves stays locked to the organization",
			edits:     []edit{{"shared/store/orgs.go", "\t\trelease(me.Account, o.ID),\n", ""}},
			functions: []string{"org-leave"}, harness: peaceful, seed: 3, says: "is locked to",
		},
		{
			name:      "a link survives that its mail is sent again",
			edits:     []edit{{"shared/store/invites.go", "i.Lift = last.Lifts()", "i.Lift, i.Link = last.Lifts(), last.Link"}},
			functions: []string{"member-reactivate"}, harness: peaceful, seed: 2, says: illegal,
		},
		{
			name: "an invitation opens after its time",
			edits: []edit{
				{"shared/org/invitation.go", "!i.Joined && now.Before(i.Expires)", "!i.Joined"},
				{"shared/store/links.go", `expression.Name("expires_at").GreaterThan(expression.Value(stamp(seen.At)))`, `has("expires_at")`},
			},
			functions: []string{"link-validate", "invitation-answer", "link-accept"}, harness: peaceful, seed: 3, says: illegal,
		},
		{
			name: "an answer is up to ten seconds old",
			edits: []edit{
				{"shared/store/read.go", "\tgot := found{}\n", `	if old, ok := stale.Load(fmt.Sprint(keys)); ok && time.Since(old.(aged).at) < 10*time.Second {
		return old.(aged).found, nil
	}
	got := found{}
	defer func() { stale.Store(fmt.Sprint(keys), aged{got, time.Now()}) }()
`},
				{"shared/store/read.go", "func distinct(", `var stale sync.Map

type aged struct {
	found found
	at    time.Time
}

func distinct(`},
				{"shared/store/read.go", "\t\"fmt\"\n", "\t\"fmt\"\n\t\"sync\"\n\t\"time\"\n"},
			},
			functions: []string{"invitation-search", "org-search", "member-search"}, harness: peaceful, seed: 2, says: illegal,
		},
		{
			name: "a transaction that is tried again has another token",
			edits: []edit{{
				"shared/store/commit.go", "\t\t_, err := s.db.TransactWriteItems(ctx, in)", `		in.ClientRequestToken = aws.String(id.New())
		_, err := s.db.TransactWriteItems(ctx, in, func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })`,
			}},
			functions: []string{"member-invite", "invitation-answer", "member-remove"}, harness: stormy, seed: 7, says: illegal,
		},
		{
			name: "the event is written behind the transaction",
			edits: []edit{{
				"shared/store/members.go", `		keepOut(o, m.ID),
		record(o.ID, seen.event(activity.Delete, seen.Me.Role, theMember(m, state("role", string(m.Role)), nil))),
	)`, `		keepOut(o, m.ID),
	); err != nil {
		return err
	}
	return s.commit(ctx, record(o.ID, seen.event(activity.Delete, seen.Me.Role, theMember(m, state("role", string(m.Role)), nil))))`,
			}, {"shared/store/members.go", "	return s.commit(ctx,\n\t\tlive(o.ID, -m.Counts()),", "	if err := s.commit(ctx,\n\t\tlive(o.ID, -m.Counts()),"}},
			functions: []string{"member-remove"}, harness: dying, says: "the log says",
		},
	}
}

// strays are about who sees, or gets into, what they must not, or is shut out for good.
func strays() []bug {
	return []bug{
		{
			name:      "what is deleted is still shown to its members",
			edits:     []edit{{"shared/org/rules.go", "if !o.Live() || !me.Is(caller) {", "if o.ID == \"\" || !me.Is(caller) {"}},
			functions: []string{"org-get", "member-search"}, harness: peaceful, seed: 2, says: illegal,
		},
		{
			name:      "a link of what is deleted opens",
			edits:     []edit{{"shared/org/rules.go", "if !o.Live() || m.Status != Provisioned || !i.Open(now) || i.Link == \"\" || !secret", "if m.Status != Provisioned || !i.Open(now) || i.Link == \"\" || !secret"}, {"shared/store/links.go", "\t\tlive(o, 0),\n", ""}},
			functions: []string{"link-validate"}, harness: peaceful, seed: 3, says: illegal,
		},
		{
			name: "whoever is in an organization enters another",
			edits: []edit{
				{"shared/org/rules.go", "\tif elsewhere.Live() {\n\t\treturn ErrAlready.", "\tif false {\n\t\treturn ErrAlready."},
				{"shared/store/parts.go", "\tif a.Org == \"\" {\n\t\tc.when = append(c.when, hasNot(\"org_id\"))\n\t\treturn c\n\t}\n\tc.when = append(c.when, is(\"org_id\", a.Org))\n\tif a.Org == string(o) {", "\tif true {"},
			},
			functions: []string{"org-create", "invitation-answer"}, harness: peaceful, seed: 2, says: astray,
		},
		{
			name: "whoever is revoked may still accept",
			edits: []edit{{
				"shared/store/members.go", "\t\tremove(memberKey(o.ID, m.ID), asSeen(m)),\n\t\tforget(o.ID, row),\n",
				"\t\tprovided(m.Status == org.Active, func() change { return remove(memberKey(o.ID, m.ID), asSeen(m)) }),\n",
			}},
			functions: []string{"member-remove"}, harness: peaceful, seed: 3, says: illegal,
		},
		{
			name:      "a member's event is left out",
			edits:     []edit{{"shared/store/members.go", "\t\trecord(seen.Org.ID, seen.event(activity.Update, seen.Me.Role,\n\t\t\ttheMember(before, state(\"role\", string(before.Role)), state(\"role\", string(to))))),\n", ""}, {"shared/store/members.go", "err := s.commit(ctx,\n\t\tlive(seen.Org.ID, after", "_ = activity.Update\n\terr := s.commit(ctx,\n\t\tlive(seen.Org.ID, after"}},
			functions: []string{"member-role"}, harness: peaceful, seed: 2, says: "cannot be by the log",
		},
		{
			name:      "who was given no password counts as having an account",
			edits:     []edit{{"shared/userpool/users.go", "if !unconfirmed && got.UserStatus != types.UserStatusTypeForceChangePassword {", "if !unconfirmed {"}},
			functions: []string{"profile-activate"}, harness: activating, says: "can neither sign in nor activate again",
		},
	}
}

// secrets are in the clear where they must not be.
func secrets() []bug {
	clear := harness{"secrets", true, sessions}
	return []bug{
		{
			name: "a link is printed where it is made",
			edits: []edit{{
				"functions/mail-send/post.go", "	mailing.Link = link.Secret.Hash()\n",
				"\tmailing.Link = link.Secret.Hash()\n\tfmt.Println(link.Token())\n",
			}},
			functions: []string{"mail-send"}, harness: clear, seed: 9, says: "stands in the log",
		},
		{
			name: "a state token is kept as it is",
			edits: []edit{
				{"shared/invite/link.go", "db.PutState(ctx, seen, state.Secret.Hash())", "db.PutState(ctx, seen, id.Hash(state.Token()))"},
				{"shared/invite/link.go", "\t\"roster/shared/account\"\n", "\t\"roster/shared/account\"\n\t\"roster/shared/id\"\n"},
			},
			functions: []string{"link-validate"}, harness: clear, seed: 9, says: "stands in the table",
		},
	}
}

// dying is the harness of functions that die behind their first transaction.
var dying = harness{"deaths", false, func(t testing.TB, o cloud.Options, _ luck) { deaths(t, o, true) }}

// activating is the harness of activations that break off on the way.
var activating = harness{"activations", false, activations}
