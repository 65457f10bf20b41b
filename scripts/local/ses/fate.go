package ses

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// A Fate is what becomes of a mail that SES accepted. A Fault may return one.
type Fate int

// What may become of a mail. The first two reach the recipient.
const (
	Delivered Fate = iota
	Complained
	Bounced
	BouncedSoftly // the mailbox is full, say, and stayed so until SES gave up
	Rejected      // SES found a virus in it
	Suppressed    // SES did not even try
)

// Error makes a Fate something that a Fault can return.
func (f Fate) Error() string {
	return [...]string{"delivered", "complained", "bounced", "bounced softly", "rejected", "suppressed"}[f]
}

func (f Fate) arrives() bool { return f == Delivered || f == Complained }

// simulator is the domain of SES's mailbox simulator, whose addresses never get suppressed. SES has
// no address whose mails it rejects; here there is one.
const simulator = "@simulator.amazonses.com"

// simulated returns the fate that an address of the simulator stands for. Labels (bounce+1@…) are
// left aside.
func simulated(address string) (f Fate, is bool) {
	name, is := strings.CutSuffix(normalized(address), simulator)
	if !is {
		return Delivered, false
	}
	name, _, _ = strings.Cut(name, "+")
	switch name {
	case "bounce":
		return Bounced, true
	case "complaint":
		return Complained, true
	case "suppressionlist":
		return Suppressed, true
	case "reject":
		return Rejected, true
	}
	return Delivered, true // success@ and ooto@
}

// fateOf decides for one recipient. A hard bounce and a complaint put the address on the suppression
// list, for their reason.
func (s *Server) fateOf(to string, told Fate) (Fate, types.SuppressionListReason) {
	if f, is := simulated(to); is {
		return f, types.SuppressionListReasonBounce
	}
	if why, is := s.suppression(to); is {
		return Suppressed, why
	}
	switch told {
	case Bounced:
		s.suppress(to, types.SuppressionListReasonBounce)
	case Complained:
		s.suppress(to, types.SuppressionListReasonComplaint)
	}
	return told, ""
}
