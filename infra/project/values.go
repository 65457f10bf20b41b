package project

import (
	"errors"
	"fmt"
	"math"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"roster/shared/customer"
	"roster/shared/setting"
)

// What takes the value of a setting, as JSON has it.

func toggle(to *bool) func(any) error {
	return func(v any) error {
		b, ok := v.(bool)
		if *to = b; !ok {
			return errors.New("must be true or false")
		}
		return nil
	}
}

func count(to *int, least, most int) func(any) error {
	return func(v any) error {
		n, ok := v.(float64)
		if *to = int(n); !ok || n != math.Trunc(n) || n < float64(least) || n > float64(most) {
			return fmt.Errorf("must be a whole number from %d to %d", least, most)
		}
		return nil
	}
}

func text(to *string, check func(string) error) func(any) error {
	return func(v any) error {
		s, ok := v.(string)
		if *to = s; !ok {
			return errors.New("must be a text")
		}
		return check(s)
	}
}

func one(to *string, values ...string) func(any) error {
	return text(to, func(s string) error {
		if !slices.Contains(values, s) {
			return fmt.Errorf("must be one of %q", values)
		}
		return nil
	})
}

// days takes the times that CloudWatch keeps logs for.
func days(to *int) func(any) error {
	return func(v any) error {
		allowed := []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}
		if err := count(to, 1, 731)(v); err != nil || !slices.Contains(allowed, *to) {
			return fmt.Errorf("must be one of %v", allowed)
		}
		return nil
	}
}

// optional takes "" too.
func optional(check func(string) error) func(string) error {
	return func(s string) error {
		if s == "" {
			return nil
		}
		return check(s)
	}
}

// isMapping takes what the functions that ask the CRM take.
func isMapping(s string) error {
	if err := customer.CheckMapping(s); err != nil {
		return fmt.Errorf("must be a JSON object of names in the CRM: %w", err)
	}
	return nil
}

// isCRM takes what the functions that ask the CRM take, and no address of theirs.
func isCRM(s string) error {
	if err := customer.CheckURL(s); err != nil {
		return err
	}
	return isURL(s)
}

// isURL takes what setting.URL takes at the start of a function, by https.
func isURL(s string) error {
	if _, ok := setting.Address(s); !ok || !strings.HasPrefix(s, "https://") {
		return errors.New("must be an absolute https address, without user, query or fragment")
	}
	return nil
}

var (
	domainName  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	certificate = regexp.MustCompile(`^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$`)
	scopes      = regexp.MustCompile(`^[!#-\[\]-~]+( [!#-\[\]-~]+)*$`) // RFC 6749, §3.3
	trailName   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{2,127}$`)
)

func isDomain(s string) error {
	if !domainName.MatchString(s) {
		return errors.New("must be a domain name in lower case")
	}
	return nil
}

func isScope(s string) error {
	if !scopes.MatchString(s) {
		return errors.New("must be OAuth scopes with a space between")
	}
	return nil
}

func isCertificate(s string) error {
	if !certificate.MatchString(s) {
		return errors.New("must be the ARN of an ACM certificate")
	}
	return nil
}

func isTrail(s string) error {
	if !trailName.MatchString(s) {
		return errors.New("must be \"make\" or the name of a trail")
	}
	return nil
}

func isIdentity(s string) error {
	if strings.Contains(s, "@") {
		return bare(s)
	}
	if !domainName.MatchString(s) {
		return errors.New("must be a domain in lower case, or an e-mail address")
	}
	return nil
}

// bare takes an address without a display name.
func bare(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || ascii(s) != nil {
		return errors.New("must be an e-mail address")
	}
	return nil
}

func isSender(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || ascii(a.Address) != nil {
		return errors.New("must be an address such as Roster <no-reply@roster.example>")
	}
	return nil
}

func ascii(s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return r > '~' }) {
		return errors.New("must be ASCII")
	}
	return nil
}
