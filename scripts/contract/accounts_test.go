package contract

import (
	"regexp"
	"testing"

	"roster/scripts/local/cloud/cloudtest"
)

// newcomer is a good body for SignUp.
func newcomer(email string) object {
	return object{"email": email, "first_name": "Una", "last_name": "Noon", "password": cloudtest.Password}
}

var digits = regexp.MustCompile(`(?m)^\d{6}$`)

// code waits for the nth mail to an address, which has that subject, and returns the code in it.
func code(t testing.TB, c *cloudtest.Cloud, email, subject string, n int) string {
	t.Helper()
	mail := c.Mails(t, email, n)[0].(object)
	found := digits.FindString(mail["text"].(string))
	if mail["subject"] != subject || found == "" || found != digits.FindString(mail["html"].(string)) {
		t.Fatalf("mail %v; want a code under %q", mail, subject)
	}
	return found
}

// other returns a code that is not the one given.
func other(code string) string {
	if code == "123456" {
		return "654321"
	}
	return "123456"
}
