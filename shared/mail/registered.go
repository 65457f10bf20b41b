package mail

// AlreadyRegistered tells the owner of an account that somebody tried to sign up with its address.
// The page gives a stranger the same answer for known and unknown addresses; only the owner learns
// the difference. The mail repeats nothing of what was typed in that attempt.
type AlreadyRegistered struct {
	Portal string
}

// Message writes the mail.
func (a AlreadyRegistered) Message() Message {
	return letter{
		subject: "Your account already exists",
		summary: "Nothing about your account has changed.",
		lead: "Somebody, perhaps you, tried to sign up with this e-mail address. " +
			"It has an account already, and nothing about that account has changed.",
		action: "Sign in",
		link:   front(a.Portal),
		notes: []line{
			"If it was you, sign in. If you no longer know your password, choose “forgotten password” there.",
			"If it was not you, you can ignore this mail.",
		},
	}.message()
}
