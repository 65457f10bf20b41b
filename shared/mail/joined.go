package mail

// Joined tells the owner of an account that somebody put it into an organization, at once.
// There is nothing to accept, so its link is the portal's front page, without a secret.
type Joined struct {
	Org, Inviter, Role, Portal string
}

// Message writes the mail.
func (j Joined) Message() Message {
	return letter{
		subject: welcome(j.Org),
		summary: "Sign in with the account that you have.",
		lead:    "Your account has been added to an organization.",
		facts:   facts(j.Org, "Added by", j.Inviter, j.Role),
		action:  "Open " + organization(j.Org),
		link:    front(j.Portal),
		notes: []line{
			"Sign in with the account that you have.",
			"If you did not expect this, you can ignore this mail, or leave the organization in the portal.",
		},
	}.message()
}
