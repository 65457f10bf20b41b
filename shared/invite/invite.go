// Package invite is the process of inviting somebody to an organization and of becoming a member
// through it: several routes share its steps (API.md §5, DESIGN.md §4). Each function looks,
// decides by the rules of org, and changes in one transaction.
package invite

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"roster/shared/account"
	"roster/shared/fault"
	"roster/shared/org"
	"roster/shared/setting"
	"roster/shared/store"
)

// Policy is what a deployment decides about invitations.
type Policy struct {
	Join     bool          // an existing account becomes a member at once
	CoolDown time.Duration // between two mails to one row
	PerDay   int           // mails of one organization a UTC day
}

// Settings returns the policy in ROSTER_INVITE_EXISTING, ROSTER_RESEND_AFTER and
// ROSTER_INVITES_PER_DAY.
func Settings() Policy {
	return Policy{
		Join:     setting.OneOf("ROSTER_INVITE_EXISTING", "confirm", "join") == "join",
		CoolDown: setting.Seconds("ROSTER_RESEND_AFTER"),
		PerDay:   setting.Count("ROSTER_INVITES_PER_DAY"),
	}
}

// Most is how many people one request may invite.
const Most = 10

// Ask is one person to invite, as the request names them.
type Ask struct {
	Username string
	Role     string
}

// One invites one person; every refusal is the error.
func One(ctx context.Context, db *store.Store, p Policy, c account.Caller, o org.ID, ask Ask) error {
	if ask.Username == "" {
		return fault.Empty("Username", ask.Username)
	}
	if _, err := ask.parse(); err != nil {
		return err
	}
	refused, err := Many(ctx, db, p, c, o, []Ask{ask})
	if err == nil {
		err = refused[0]
	}
	if errors.Is(err, org.ErrQuota) {
		return org.ErrQuota.After(org.UntilTomorrow(db.Now()))
	}
	return err
}

// Many invites all whom nothing speaks against, in one transaction. It returns for each ask why it
// was refused, or nil; the error is for what concerns the whole request.
func Many(ctx context.Context, db *store.Store, p Policy, c account.Caller, o org.ID, asks []Ask) ([]error, error) {
	var refused []error
	err := db.Settle(ctx, func() error {
		list := parse(o, asks)
		refused = list.refused
		asked := list.open()
		seen, met, err := list.look(ctx, db, p, c)
		if err != nil {
			return err
		}
		if err := org.MayManage(seen.Me); err != nil {
			return err
		}
		list.refuseKnown(asked, seen)
		list.refuseElsewhere(asked, met)
		list.refuseOver(p.PerDay - seen.Queued)
		if len(list.invitees()) == 0 {
			return nil
		}
		return db.Invite(ctx, seen, p.PerDay, list.invitees())
	})
	return refused, err
}

func (a Ask) parse() (store.Invitee, error) {
	role, err := org.ParseRole(a.Role)
	if err != nil {
		return store.Invitee{}, err
	}
	address, err := account.ParseAddress(a.Username)
	if err != nil {
		return store.Invitee{}, org.ErrInvitee
	}
	return store.Invitee{Address: address, Role: role}, nil
}

// list is a request under way: for each ask, why it is refused or whom it invites.
type list struct {
	org     org.ID
	refused []error
	who     []store.Invitee
}

// parse refuses what is no person with a role, and every repeat of an address after the first.
func parse(o org.ID, asks []Ask) *list {
	l := &list{org: o, refused: make([]error, len(asks)), who: make([]store.Invitee, len(asks))}
	taken := map[org.MemberID]bool{}
	for i, ask := range asks {
		l.who[i], l.refused[i] = ask.parse()
		if l.refused[i] != nil {
			continue
		}
		m := org.MemberOf(o, l.who[i].Address)
		if taken[m] {
			l.refused[i] = org.ErrAlreadyMember
		}
		taken[m] = true
	}
	return l
}

// open lists the places of the asks that nothing speaks against so far.
func (l *list) open() []int {
	var at []int
	for i, err := range l.refused {
		if err == nil {
			at = append(at, i)
		}
	}
	return at
}

func (l *list) members() []org.MemberID {
	var all []org.MemberID
	for _, i := range l.open() {
		all = append(all, org.MemberOf(l.org, l.who[i].Address))
	}
	return all
}

func (l *list) addresses() []account.Address {
	var all []account.Address
	for _, i := range l.open() {
		all = append(all, l.who[i].Address)
	}
	return all
}

func (l *list) invitees() []store.Invitee {
	var all []store.Invitee
	for _, i := range l.open() {
		all = append(all, l.who[i])
	}
	return all
}

// look reads the rows of those who are asked for and, side by side, finds the accounts of those who
// would become members at once. With the policy "confirm" nobody's account is looked at, so that an
// inviter learns nothing of it.
func (l *list) look(ctx context.Context, db *store.Store, p Policy, c account.Caller) (seen store.Seen, met []store.Met, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		seen, err = db.LookMail(gctx, c, l.org, l.members()...)
		return err
	})
	if p.Join {
		g.Go(func() (err error) {
			met, err = db.Meet(gctx, l.org, l.addresses())
			return err
		})
	}
	return seen, met, g.Wait()
}

// refuseKnown refuses those who have a row; at are the places that were looked at.
func (l *list) refuseKnown(at []int, seen store.Seen) {
	for n, i := range at {
		if seen.Rows[n].Member.Exists() {
			l.refused[i] = org.ErrAlreadyMember
		}
	}
}

// refuseElsewhere notes the accounts that were met, and refuses whoever is a member elsewhere and has
// no row here; at are the places that were looked at.
func (l *list) refuseElsewhere(at []int, met []store.Met) {
	for n, m := range met {
		i := at[n]
		l.who[i].Account = m.Account
		if m.Elsewhere && l.refused[i] == nil {
			l.refused[i] = org.ErrMemberElsewhere
		}
	}
}

// refuseOver refuses those who do not fit in what is left of the day's quota.
func (l *list) refuseOver(left int) {
	for n, i := range l.open() {
		if n >= left {
			l.refused[i] = org.ErrQuota
		}
	}
}

// Again sends the invitation of a pending row once more: new mail, new link, new seven days.
func Again(ctx context.Context, db *store.Store, p Policy, c account.Caller, o org.ID, m org.MemberID) error {
	return db.Settle(ctx, func() error {
		seen, err := db.LookMail(ctx, c, o, m)
		if err != nil {
			return err
		}
		row := seen.Row()
		if err := org.MayResend(seen.Me, row.Member, row.Invitation, p.CoolDown, seen.At); err != nil {
			return err
		}
		if seen.Queued >= p.PerDay {
			return org.ErrQuota.After(org.UntilTomorrow(seen.At))
		}
		return db.Resend(ctx, seen, p.PerDay, row)
	})
}

// Check returns what is wrong with a request as a whole: nobody, too many, or a row that names
// nobody.
func Check(asks []Ask) error {
	switch {
	case len(asks) == 0:
		return fault.Invalidf("invalid field Users: value must contain at least 1 elements")
	case len(asks) > Most:
		return fault.Invalidf("invalid field Users: value must contain at most %d elements", Most)
	}
	for _, a := range asks {
		if a.Username == "" {
			return fault.Empty("Users.Username", a.Username)
		}
	}
	return nil
}
