package project

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
)

// Settings is everything that a deployment decides. cdk.json has the values, of which none may be
// missing; an optional one is "" there.
type Settings struct {
	Stage      string // names the stack, and the first part of URLs without a domain
	Production bool

	PortalURL      string
	TermsURL       string
	InviteExisting string
	InvitesPerDay  int
	ResendAfter    int
	LinkAtSignIn   string
	PMMScope       string

	MailIdentity     string
	MakeMailIdentity bool
	MailFrom         string
	PoolMail         string

	Domain, Certificate string
	WAF                 bool
	Rate, Burst         int
	PublicRate          int
	PublicBurst         int

	Trail      string
	APILogRole string
	LogDays    int
	AlarmMail  string
	CRMURL     string
	CRMMapping string
	SAM        bool
}

// A field is one setting as cdk.json has it.
type field struct {
	name, says string
	take       func(any) error
}

// fields lists the settings and where each goes. README.md shows the list.
func (s *Settings) fields() []field {
	return []field{
		{"production", "deletion protection of stack, table and pool; the latter two outlive the stack", toggle(&s.Production)},
		{"portalURL", "where the portal is; links in mails lead there", text(&s.PortalURL, isURL)},
		{"termsURL", "the terms of service, which people accept in the portal; `\"\"` links to none", text(&s.TermsURL, optional(isURL))},
		{"inviteExisting", "`confirm`, or `join`: an invited account without an organization is a member at once", one(&s.InviteExisting, "confirm", "join")},
		{"invitesPerDay", "mails of one organization a day (UTC)", count(&s.InvitesPerDay, 0, 1_000_000)},
		{"resendAfter", "seconds between two mails to one invited person", count(&s.ResendAfter, 0, 86_400)},
		{"linkAtSignIn", "`on`, or `off`: customers' contacts are linked by `POST /v1/orgs` alone", one(&s.LinkAtSignIn, "on", "off")},
		{"pmmScope", "OAuth scopes that PMM servers ask for, with spaces between", text(&s.PMMScope, isScope)},
		{"mailIdentity", "domain or address that SES sends from", text(&s.MailIdentity, isIdentity)},
		{"makeMailIdentity", "whether the stack makes that identity; `false` uses one that exists", toggle(&s.MakeMailIdentity)},
		{"mailFrom", "sender of all mails, of that identity", text(&s.MailFrom, isSender)},
		{"poolMail", "who sends the pool's codes: `ses` once the identity is verified; until then `cognito`, 50 a day", one(&s.PoolMail, "cognito", "ses")},
		{"domain", "name of the API; `\"\"` leaves it at API Gateway's address", text(&s.Domain, optional(isDomain))},
		{"certificate", "ARN of the domain's certificate in ACM, of the same region", text(&s.Certificate, optional(isCertificate))},
		{"waf", "AWS WAF before the API; it gives one address half of `rate`", toggle(&s.WAF)},
		{"rate", "requests a second to the whole API, on average", count(&s.Rate, 1, 10_000)},
		{"burst", "requests at once to the whole API", count(&s.Burst, 1, 5_000)},
		{"publicRate", "requests a second to each route that asks for no token", count(&s.PublicRate, 1, 10_000)},
		{"publicBurst", "requests at once to each of those", count(&s.PublicBurst, 1, 5_000)},
		{"trail", "`make`, or the name of a CloudTrail trail that records management events here", text(&s.Trail, isTrail)},
		{"apiLogRole", "`make`, or `exists`: the region's one role by which API Gateway writes logs", one(&s.APILogRole, "make", "exists")},
		{"logDays", "how long logs are kept", days(&s.LogDays)},
		{"alarmMail", "address that alarms are mailed to; `\"\"` for nobody", text(&s.AlarmMail, optional(bare))},
		{"crmURL", "the CRM; `\"\"` for none. Its credentials go into a secret that the stack makes", text(&s.CRMURL, optional(isCRM))},
		{"crmMapping", "names of the CRM's tables and fields where they differ, as JSON", text(&s.CRMMapping, optional(isMapping))},
		{"sam", "for SAM CLI only: lets it set endpoints of AWS and a developer's claims", toggle(&s.SAM)},
	}
}

// Sender is MailFrom as it stands in a mail's header: in ASCII, whatever the name is written in.
func (s Settings) Sender() string {
	a, err := mail.ParseAddress(s.MailFrom)
	if err != nil {
		return s.MailFrom // which no settings that were read have
	}
	return a.String()
}

// Placeholders names the settings that hold an address of .example, as cdk.json comes with: it is
// nobody's, and never will be.
func (s Settings) Placeholders() []string {
	var all []string
	for _, of := range [...]struct{ name, value string }{
		{"portalURL", s.PortalURL}, {"mailIdentity", s.MailIdentity}, {"mailFrom", s.MailFrom}, {"alarmMail", s.AlarmMail}, {"crmURL", s.CRMURL},
	} {
		if placeholder.MatchString(of.value) {
			all = append(all, of.name)
		}
	}
	return all
}

// placeholder is a name of .example, as RFC 2606 sets aside, at the end of a host.
var placeholder = regexp.MustCompile(`(?i)\.example\.?($|[:/>])`)

// ready returns what production must not have: what only serves to try, and nobody who hears of alarms.
func (s Settings) ready() error {
	var wrong []error
	for _, name := range s.Placeholders() {
		wrong = append(wrong, fmt.Errorf("setting %s has an address of .example, which is not for production", name))
	}
	if s.AlarmMail == "" {
		wrong = append(wrong, errors.New("setting alarmMail must name who hears of alarms in production"))
	}
	if s.SAM {
		wrong = append(wrong, errors.New("setting sam is not for production"))
	}
	return errors.Join(wrong...)
}

// check returns what is wrong with settings that are right one by one.
func (s Settings) check() error {
	from, err := mail.ParseAddress(s.MailFrom)
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	if err := s.ready(); s.Production && err != nil {
		return err
	}
	switch {
	case (s.Domain == "") != (s.Certificate == ""):
		return errors.New("settings domain and certificate go together")
	case from.Address != s.MailIdentity && domain != s.MailIdentity && !strings.HasSuffix(domain, "."+s.MailIdentity):
		return errors.New("setting mailFrom is not of the mailIdentity")
	case s.PublicRate > s.Rate || s.PublicBurst > s.Burst:
		return errors.New("settings publicRate and publicBurst are over rate and burst, which come first")
	}
	return nil
}
