package main

import (
	"roster/shared/fault"
	"roster/shared/org"
)

const members = "Members"

var (
	invitee  = object{{"username", described(email, "Whom to invite.")}, {"role", role}}
	aMember  = strict(object{{"member", ref("schemas", "Member")}})
	notThere = []*fault.Error{org.ErrMemberMissing}
)

var memberRoutes = []route{
	{
		at: "POST /v1/orgs/{org_id}/members", tag: members, who: admin, writes: true,
		summary: "Invite somebody",
		text: "They appear in `members:search` as `PROVISIONED` at once, get a mail with a link that lives seven days, and become a member by confirming. " +
			"Whether they are in another organization is not told. Where the deployment says `join`, an existing account without an organization becomes " +
			"`ACTIVE` at once, and one in another organization is 409. The invitations of an organization are limited per day (UTC).",
		body:   &body{invitee, []string{"username", "role"}, object{{"username", bobEmail}, {"role", "Technical"}}},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{org.ErrRole, org.ErrInvitee, org.ErrAlreadyMember, org.ErrMemberElsewhere, org.ErrQuota},
	},
	{
		at: "POST /v1/orgs/{org_id}/members:bulk", tag: members, who: admin, writes: true,
		summary: "Invite up to ten people",
		text: "As inviting one, for each row. `errors` lists only those who could not be invited, in the order of the request, `username` as it was sent. " +
			"A row without `username` refuses the whole request; everything else is per row, a bad role or address and the quota too. " +
			"Of two rows with the same address the first wins.",
		body: &body{
			object{{"users", listOf(object{{"type", "object"}, {"properties", object{
				{"username", text("Whom to invite: one e-mail address.").with(field{"minLength", 1}, field{"pattern", `\S`})},
				{"role", optional(text("`Admin` or `Technical`."))},
			}}, {"required", []string{"username"}}}).with(field{"minItems", 1}, field{"maxItems", 10})}},
			[]string{"users"},
			object{{"users", []any{
				object{{"username", bobEmail}, {"role", "Technical"}},
				object{{"username", annEmail}, {"role", "Admin"}},
			}}},
		},
		answer: strict(object{{"errors", listOf(strict(object{
			{"username", text("As it was sent.")},
			{"error", text("Why; never empty.").with(field{"minLength", 1})},
		})).with(field{"maxItems", 10})}}),
		sample: object{{"errors", []any{object{{"username", annEmail}, {"error", org.ErrAlreadyMember.Message}}}}},
	},
	{
		at: "POST /v1/orgs/{org_id}/members:search", tag: members, who: member,
		summary: "List members, or find one",
		text: "Active members first, by first name, last name and address, then who is invited, by address; within a page, and the caller's own row is on the " +
			"first. With `user` the one row of that address, or none.",
		body: &body{
			object{
				{"user", optional(object{
					{"type", "object"},
					{"description", "Finds one row."},
					{"properties", object{{"username", text("The address.").with(field{"minLength", 1})}}},
					{"required", []string{"username"}},
				})},
				{"page_size", optional(object{{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 1000}})},
				{"page_token", optional(text("`next_page_token` of the page before."))},
			},
			nil,
			object{{"page_size", 100}},
		},
		answer: strict(object{
			{"members", listOf(ref("schemas", "Member")).with(field{"maxItems", 1000})},
			{"next_page_token", text("Empty on the last page.")},
		}),
		sample: object{{"members", []any{ann, bob}}, {"next_page_token", ""}},
	},
	{
		at: "PUT /v1/orgs/{org_id}/members/{member_id}", tag: members, who: admin, writes: true,
		summary: "Change a role",
		text:    "Also of somebody who is invited, and never one's own.",
		body:    &body{object{{"role", role}}, []string{"role"}, object{{"role", "Technical"}}},
		answer:  aMember, sample: object{{"member", bob}},
		refusals: append(notThere, org.ErrRole, org.ErrOwnRole),
	},
	{
		at: "DELETE /v1/orgs/{org_id}/members/{member_id}", tag: members, who: admin, writes: true,
		summary: "Remove a member, or revoke an invitation",
		text: "Never oneself. The person keeps the account, has lost access by their next request, and may be invited again at once; " +
			"a revoked invitation's link is dead.",
		answer: empty, sample: nothing,
		refusals: append(notThere, org.ErrOwnRow),
	},
	{
		at: "POST /v1/orgs/{org_id}/members/{member_id}:reactivate", tag: members, who: admin, writes: true,
		summary: "Send an invitation again",
		text: "A new mail, a new link, seven more days, expired or not; the earlier link is dead at once. It counts as an invitation of the day, " +
			"and the mails to one person keep a distance (`Retry-After`).",
		body:   noBody,
		answer: empty, sample: nothing,
		refusals: append(notThere, org.ErrActive, org.ErrCoolDown, org.ErrQuota),
	},
}
