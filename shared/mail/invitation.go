package mail

import "time"

// An Invitation asks a person to join an organization. Inviter is whatever the person knows the
// inviter by, a name or an e-mail address. Link is the whole activation link with its secret;
// it and Expires, the instant at which it dies, are Roster's own.
type Invitation struct {
	Org, Inviter, Role, Link string
	Expires                  time.Time
}

// Message writes the mail. Its link text contains "Activate"; clients look for that.
func (i Invitation) Message() Message {
	works := "The link works once, until " + instant(i.Expires) + "."
	return letter{
		subject: welcome(i.Org),
		summary: works,
		lead:    "You have been invited to join an organization.",
		facts:   facts(i.Org, "Invited by", i.Inviter, i.Role),
		action:  "Activate your membership",
		link:    address(i.Link),
		notes: []line{
			works + " After that, ask for a new one.",
			"If you did not expect this invitation, you can ignore this mail: you join only by accepting.",
		},
	}.message()
}

// instant is the second in which t lies, so that a link never dies before the instant that its
// mail states.
func instant(t time.Time) line {
	return line(t.UTC().Format("2 January 2006 at 15:04:05 UTC"))
}
