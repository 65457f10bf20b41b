package cognito

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Codes live as long as Cognito's, and stand as many wrong guesses.
const (
	signUpLife = 24 * time.Hour
	resetLife  = time.Hour
	maxGuesses = 5
)

// The subjects of the pool's mails, as the portal's tests look for them. A deployed pool has one for both.
const (
	activation = "Percona Account Activation"
	reset      = "Account password reset"
)

// A code is six digits that were mailed to somebody. The zero value is none.
type code struct {
	digits  string
	expires time.Time
	wrong   int
}

func newCode(now time.Time, life time.Duration) code {
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000)) // crypto/rand does not fail
	return code{digits: fmt.Sprintf("%06d", n), expires: now.Add(life)}
}

// redeem returns nil when given is the code, in time, and not guessed at too often.
func (c *code) redeem(given string, now time.Time) error {
	switch {
	case c.digits == "":
		return errCodeExpired
	case c.wrong >= maxGuesses:
		return errTooManyAttempts
	case subtle.ConstantTimeCompare([]byte(given), []byte(c.digits)) == 0:
		c.wrong++
		return errCodeMismatch
	case !now.Before(c.expires):
		return errCodeExpired
	}
	return nil
}

// send mails a code, alone on a line in both forms.
func (p *Pool) send(to, subject string, c code) {
	what := "Your code is:"
	until := "It is valid until " + c.expires.UTC().Format("2006-01-02 15:04:05") + " UTC."
	p.Mail(to, subject,
		strings.Join([]string{what, "", c.digits, "", until, ""}, "\n"),
		strings.Join([]string{"<p>" + what + "</p>", `<p style="font-size:2rem">`, c.digits, "</p>", "<p>" + until + "</p>", ""}, "\n"))
}

// delivery is what Cognito tells about a mail to an address, the same for one that has no user.
func delivery(email string) map[string]any {
	local, domain, _ := strings.Cut(email, "@")
	return map[string]any{
		"AttributeName": "email", "DeliveryMedium": "EMAIL",
		"Destination": initial(local) + "***@" + initial(domain) + "***",
	}
}

func initial(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
