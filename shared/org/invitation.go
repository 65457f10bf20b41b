package org

import (
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"roster/shared/fault"
	"roster/shared/id"
)

// How long an invitation can be accepted, how long the state token of a link that was looked at
// lives, and how long a queued mail counts as on its way.
const (
	InvitationLife = 7 * 24 * time.Hour
	StateLife      = 5 * time.Minute
	queuePatience  = 2 * time.Hour
)

// Delivery is what is known of an invitation's mail. It only moves up.
type Delivery string

// The states of a mail. Failed stands beside Sent: the mail was refused for good.
const (
	Queued     Delivery = "queued"
	Sent       Delivery = "sent"
	Failed     Delivery = "failed"
	Delivered  Delivery = "delivered"
	Bounced    Delivery = "bounced"
	Complained Delivery = "complained"
)

// Invitation is the latest mail to a member, and the outbox that it is sent from. The zero value is
// one that was swept after its time, or never was.
type Invitation struct {
	Mail      string // random id of the latest mail
	Delivery  Delivery
	Link      id.Hash // of the live link's secret; "" until the mail is sent, and for Joined
	Queued    time.Time
	Sent      time.Time // zero until sent
	Expires   time.Time
	InvitedBy string // as that person is called
	Lift      bool   // SES's suppression of the address is lifted before the mail is sent
	Joined    bool   // the mail tells an account that it is a member already; it has no link
}

// Exists reports whether the item was found.
func (i Invitation) Exists() bool { return i.Mail != "" }

// Open reports whether the invitation can still be accepted at that instant.
func (i Invitation) Open(now time.Time) bool { return i.Exists() && !i.Joined && now.Before(i.Expires) }

// Lifts reports whether the mail that takes i's place lifts SES's suppression of the address: sending
// again to an address that a mail bounced from is an Admin's knowing act. It stays so until a mail is
// known to have arrived. A complaint is its owner's own wish, and ends it. Of a mail that TTL swept
// nobody knows whether it bounced; SES tells then, whose list says what put an address there.
func (i Invitation) Lifts() bool {
	return !i.Exists() || i.Delivery == Bounced || i.Lift && i.Delivery != Delivered && i.Delivery != Complained
}

// State is the delivery as it reads at that instant: a mail that was queued for too long has failed.
func (i Invitation) State(now time.Time) Delivery {
	if i.Delivery == Queued && now.Sub(i.Queued) > queuePatience {
		return Failed
	}
	return i.Delivery
}

// Link is what an activation link, or a state token, holds: where the row is, and the secret that
// opens it. There is one live link of a row by construction.
type Link struct {
	Org    ID
	Member MemberID
	Secret id.Secret
}

// ErrLink is the one answer to every link and state token that does not open anything (any more).
var ErrLink = fault.New(fault.Invalid, "The activation link is not valid.")

// NewLink makes a link with a fresh secret.
func NewLink(o ID, m MemberID) Link { return Link{Org: o, Member: m, Secret: id.NewSecret()} }

// Token returns the link's text: URL-safe, without a dot.
func (l Link) Token() string {
	o, m := uuid.MustParse(string(l.Org)), uuid.MustParse(string(l.Member))
	b := append(append(o[:], m[:]...), l.Secret[:]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseLink takes a link's text from outside; whatever is not one is ErrLink.
func ParseLink(s string) (Link, error) {
	encoding := base64.RawURLEncoding.Strict()
	b, err := encoding.DecodeString(s)
	if err != nil || len(b) != 64 || len(s) != encoding.EncodedLen(64) { // it skips line breaks: one link, one text
		return Link{}, ErrLink
	}
	return Link{
		Org:    ID(uuid.UUID(b[:16]).String()),
		Member: MemberID(uuid.UUID(b[16:32]).String()),
		Secret: id.Secret(b[32:]),
	}, nil
}

// State is what a state token stands for: the link that was looked at, for five minutes.
type State struct {
	Member  MemberID
	Link    id.Hash
	Expires time.Time
}

// Follows returns the states that d may come after: states only move up, and the reports of a mail
// may arrive late, twice or out of order.
func (d Delivery) Follows() []Delivery {
	order := []Delivery{Queued, Sent, Delivered, Bounced, Complained}
	for i, state := range order {
		if state == d {
			return order[:i]
		}
	}
	return order[:2] // Failed: what was not reported delivered
}
