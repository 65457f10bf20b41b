package main

import (
	"time"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/httpapi"
	"roster/shared/org"
	"roster/shared/userpool"
)

const invitations = "Invitations"

var (
	activationToken = object{{"activation_token", token("The token of the link in the mail.")}}
	acceptance      = []*fault.Error{org.ErrAlready, org.ErrExpired}
)

var invitationRoutes = []route{
	{
		at: "POST /v1/auth/ValidateToken", tag: invitations, who: anybody, writes: true,
		summary: "Look at an activation link",
		text: "Says what the link is for and does not consume it. The state token, for ActivateProfile, lives five minutes. One answer stands for every link " +
			"that is unknown, replaced, used, revoked, expired, or of a deleted organization.",
		body: &body{activationToken, []string{"activation_token"}, object{{"activation_token", link}}},
		answer: strict(object{
			{"state_token", text("For ActivateProfile.")},
			{"email", text("The address that was invited.")},
			{"org_name", text("The organization's name.")},
			{"role", role},
			{"account_exists", truth("Whether they sign in and accept, or activate a profile.")},
		}),
		sample: object{
			{"state_token", state},
			{"email", bobEmail},
			{"org_name", sampleOrg.Name},
			{"role", org.Technical},
			{"account_exists", false},
		},
		refusals: []*fault.Error{org.ErrLink},
	},
	{
		at: "POST /v1/auth/ActivateProfile", tag: invitations, who: anybody, writes: true,
		summary: "Become a member with a new account",
		text: "Makes the account of the invited address, which the link proved, and joins with the invited role. A refused attempt consumes neither link nor " +
			"state token.",
		body: &body{
			object{
				{"profile", object{{"type", "object"}, {"properties", object{
					{"first_name", given("First name.")},
					{"last_name", given("Last name.")},
					{"tos", object{{"type", "boolean"}, {"description", "Consent to the terms of service, which is needed."}, {"const", true}}},
					{"marketing", optional(truth("Consent to marketing.")).with(field{"default", false})},
				}}, {"required", []string{"first_name", "last_name", "tos"}}}},
				{"password", ref("schemas", "Password")},
				{"token", token("The state token of ValidateToken.")},
			},
			[]string{"profile", "password", "token"},
			object{
				{"profile", object{{"first_name", "Bob"}, {"last_name", "Moss"}, {"tos", true}, {"marketing", false}}},
				{"password", password},
				{"token", state},
			},
		},
		answer: empty, sample: nothing,
		refusals: []*fault.Error{org.ErrLink, org.ErrHasAccount, account.ErrAddress, userpool.ErrPassword, org.ErrAlready, userpool.ErrTooMany},
	},
	{
		at: "POST /v1/invitations:search", tag: invitations, who: signedIn,
		summary: "List the caller's invitations",
		text:    "The open ones that are addressed to the caller's e-mail address.",
		body:    noBody,
		answer:  strict(object{{"invitations", listOf(ref("schemas", "OpenInvitation"))}}),
		sample: object{{"invitations", []any{object{
			{"id", sampleOrg.ID},
			{"org_id", sampleOrg.ID},
			{"org_name", sampleOrg.Name},
			{"role", org.Technical},
			{"invited_by", "Ann Lee"},
			{"sent_at", nil},
			{"expires_at", httpapi.Time(noon.Add(7 * 24 * time.Hour))},
		}}}},
	},
	{
		at: "POST /v1/invitations/{id}:accept", id: "invitation-answer-accept", tag: invitations, who: signedIn, writes: true,
		summary: "Accept an invitation",
		text:    "With the role that the row has at that moment. Accepting again what this account accepted is 200 with the same organization.",
		body:    noBody,
		answer:  oneOrg, sample: anOrg,
		refusals: append(acceptance, org.ErrNoInvitation),
	},
	{
		at: "POST /v1/invitations/{id}:decline", id: "invitation-answer-decline", tag: invitations, who: signedIn, writes: true,
		summary: "Decline an invitation",
		text:    "Also one that has expired. The row disappears from the organization.",
		body:    noBody,
		answer:  empty, sample: nothing,
		refusals: []*fault.Error{org.ErrNoInvitation},
	},
	{
		at: "POST /v1/invitations:accept", tag: invitations, who: signedIn, writes: true,
		summary: "Accept an invitation by its link",
		text:    "For a signed-in caller who followed the link. Their address must be the invited one.",
		body:    &body{activationToken, []string{"activation_token"}, object{{"activation_token", link}}},
		answer:  oneOrg, sample: anOrg,
		refusals: append(acceptance, org.ErrLink, org.ErrNotAddressee),
	},
}
