package httpapi

import (
	"sort"
	"time"

	"roster/shared/org"
)

// Time is an instant on the wire: RFC 3339 in UTC with exactly six fractional digits, which clients
// sort as text.
type Time time.Time

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
}

// Org is an organization on the wire.
type Org struct {
	ID        org.ID   `json:"id"`
	Name      string   `json:"name"`
	CreatedAt Time     `json:"created_at"`
	UpdatedAt Time     `json:"updated_at"`
	Tier      org.Tier `json:"tier"`
}

// OneOrg is the answer {"org": …} of several routes.
type OneOrg struct {
	Org Org `json:"org"`
}

// OrgOf returns o as it is shown.
func OrgOf(o org.Org) Org { return Org{o.ID, o.Name, Time(o.Created), Time(o.Updated), o.Tier} }

// Member is a member, or somebody invited, on the wire.
type Member struct {
	ID         org.MemberID `json:"member_id"`
	Username   string       `json:"username"`
	First      string       `json:"first_name"`
	Last       string       `json:"last_name"`
	Role       org.Role     `json:"role"`
	Status     org.Status   `json:"status"`
	Invitation *Invitation  `json:"invitation"` // null for members
}

// Invitation is the state of the latest mail to a pending row, on the wire.
type Invitation struct {
	State     string       `json:"state"` // pending or expired
	SentAt    *Time        `json:"sent_at"`
	ExpiresAt Time         `json:"expires_at"`
	Delivery  org.Delivery `json:"delivery"`
	InvitedBy string       `json:"invited_by"`
}

// MemberOf returns a row as it is shown at that instant.
func MemberOf(m org.Member, i org.Invitation, now time.Time) Member {
	w := Member{ID: m.ID, Username: string(m.Address), First: m.First, Last: m.Last, Role: m.Role, Status: m.Status}
	if m.Status == org.Provisioned {
		w.Invitation = invitationOf(m, i, now)
	}
	return w
}

// invitationOf shows the invitation's item; when TTL has swept it, what the member's row still
// says: it was sent a while ago, and is over.
func invitationOf(m org.Member, i org.Invitation, now time.Time) *Invitation {
	if !i.Exists() {
		return &Invitation{State: "expired", ExpiresAt: Time(m.Expires), Delivery: org.Sent, InvitedBy: m.InvitedBy}
	}
	w := &Invitation{State: "expired", ExpiresAt: Time(i.Expires), Delivery: i.State(now), InvitedBy: i.InvitedBy}
	if i.Open(now) {
		w.State = "pending"
	}
	if !i.Sent.IsZero() {
		sent := Time(i.Sent)
		w.SentAt = &sent
	}
	return w
}

// SortMembers orders members as they are listed: ACTIVE ones by first name, last name and e-mail,
// then pending ones by e-mail.
func SortMembers(all []Member) {
	key := func(m Member) [4]string {
		if m.Status == org.Active {
			return [4]string{"0", m.First, m.Last, m.Username}
		}
		return [4]string{"1", m.Username}
	}
	sort.Slice(all, func(a, b int) bool {
		x, y := key(all[a]), key(all[b])
		for i := range x {
			if x[i] != y[i] {
				return x[i] < y[i]
			}
		}
		return false
	})
}

// TimeOf is an instant, or null for the zero time.
func TimeOf(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	w := Time(t)
	return &w
}
