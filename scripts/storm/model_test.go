package storm

import (
	"fmt"

	"roster/shared/org"
)

// How many people share the organizations of one history, and how many of them, the last, have no
// account to begin with.
const (
	group   = 8
	strange = 2
)

// A seat is one person's row in an organization, with the invitation of a pending one. The zero seat
// is none.
type seat struct {
	status org.Status
	role   org.Role
	link   int  // the one live link; 0 until the mail is sent
	late   bool // the invitation's time is over
}

func (s seat) pending() bool { return s.status == org.Provisioned }

// open reports whether the invitation can be accepted, by whoever has the account.
func (s seat) open() bool { return s.pending() && !s.late }

// opens reports whether a link leads in.
func (s seat) opens(link int) bool { return s.open() && s.link == link }

// joined is the seat of somebody who has become a member.
func (s seat) joined() seat { return seat{status: org.Active, role: s.role} }

// A house is one organization in the model, which is the specification of all that its people do to
// it: one thing after the other. It is a value.
type house struct {
	built, gone bool
	name        string
	seats       [group]seat
}

func (h house) live() bool          { return h.built && !h.gone }
func (h house) active(who int) bool { return h.seats[who].status == org.Active }
func (h house) admin(who int) bool  { return h.active(who) && h.seats[who].role == org.Admin }

func (h house) admins() (n int) {
	for who := range h.seats {
		if h.admin(who) {
			n++
		}
	}
	return n
}

// A deed is what somebody did to an organization, or what they saw of one item of it. One read of
// many items is as many deeds at the same time: it is consistent item by item, not as a whole.
type deed struct {
	org       string
	what      string
	who, whom int
	role      org.Role
	saw       seat
	link      int    // of whom, by its number
	name      string // of the organization, or of whom
	unknown   bool   // nobody knows whether it happened
}

func (d deed) String() string {
	words := fmt.Sprintf("%s %d %d %s %s %s link %d %s", d.what, d.who, d.whom, d.role, d.saw.status, d.saw.role, d.link, d.name)
	if d.unknown {
		words += " perhaps"
	}
	return words
}

// step returns the house after the deed, and whether it can have happened, or been seen, so.
func (h house) step(d deed) (house, bool) {
	switch {
	case !d.reads():
		return h.change(d)
	case h.gone:
		return h, h.lacks(d)
	}
	return h, h.built && h.shows(d)
}

// lacks is what is said of an organization that is gone: that something is not there. Its rows vanish in
// any order, and a list that began before the end may still find them; whatever says that it lives, or
// that anything in it does, was not seen there any more.
func (h house) lacks(d deed) bool {
	switch d.what {
	case "finds":
		return d.saw == seat{} || h.shows(d)
	case "is out", "misses", "is not invited", "is offered nothing", "is shut", "is not the link":
		return true
	}
	return false
}

// shows is what the rows of a living organization say.
func (h house) shows(d deed) bool {
	mine, theirs := h.seats[d.who], h.seats[d.whom]
	switch d.what {
	case "finds":
		return theirs.status == d.saw.status && theirs.role == d.saw.role
	case "is out":
		return !h.active(d.who)
	case "is a member", "is in":
		return h.active(d.who)
	case "is named":
		return h.name == d.name
	case "is no admin":
		return h.active(d.who) && !h.admin(d.who)
	case "is an admin":
		return h.admin(d.who)
	case "is the only admin":
		return h.admins() <= 1
	case "misses":
		return theirs == seat{}
	case "meets":
		return theirs != seat{}
	case "meets a member":
		return h.active(d.whom)
	case "meets a guest":
		return theirs.pending()
	case "is not invited":
		return !mine.pending()
	case "is invited":
		return mine.pending()
	case "is offered":
		return mine.open() && mine.role == d.role
	case "is offered nothing":
		return !mine.open()
	case "opens":
		return theirs.opens(d.link)
	case "is shut":
		return !theirs.opens(d.link)
	case "is not the link":
		return !theirs.pending() || theirs.link != d.link
	case "is the link":
		return theirs.pending() && theirs.link == d.link
	}
	panic("no such deed: " + d.what)
}

// change is what a deed makes of the house, where it may happen.
func (h house) change(d deed) (house, bool) {
	if d.what == "creates" {
		fresh := house{built: true, name: d.name}
		fresh.seats[d.who] = seat{status: org.Active, role: org.Admin}
		return fresh, !h.built
	}
	if h.gone && (d.what == "mails" || d.what == "expires") {
		return h, true // what is left to be purged may still change, and nobody sees it
	}
	before := h
	may := h.live()
	switch d.what {
	case "deletes":
		may = may && h.admin(d.who)
		h.gone = true
	case "renames":
		may = may && h.admin(d.who)
		h.name = d.name
	case "accepts", "follows", "activates", "declines", "leaves":
		may = may && h.moves(d)
	default:
		may = may && h.moved(d)
	}
	if !may || h.admins() == 0 {
		return before, false
	}
	return h, true
}

// moves is what people do to their own seats.
func (h *house) moves(d deed) bool {
	mine := h.seats[d.who]
	after := mine.joined()
	var may bool
	switch d.what {
	case "accepts":
		may = mine.open() || h.active(d.who) // again by whoever has: the same
	case "follows":
		may = mine.opens(d.link) || h.active(d.who)
	case "activates":
		may = mine.opens(d.link)
	case "declines":
		may, after = mine.pending(), seat{}
	case "leaves":
		may, after = h.active(d.who), seat{}
	}
	h.seats[d.who] = after
	return may
}

// moved is what Admins do to others, and what becomes of invitations by themselves.
func (h *house) moved(d deed) bool {
	theirs := h.seats[d.whom]
	after := theirs
	var may bool
	switch d.what {
	case "invites":
		may, after = h.admin(d.who) && theirs == seat{}, seat{status: org.Provisioned, role: d.role}
	case "resends":
		may, after.link, after.late = h.admin(d.who) && theirs.pending(), 0, false
	case "changes":
		may, after.role = theirs != seat{} && (theirs.role == d.role || h.admin(d.who)), d.role
	case "removes":
		may, after = h.admin(d.who) && theirs != seat{}, seat{}
	case "mails":
		may, after.link = theirs.pending(), d.link
	case "expires":
		may, after.late = theirs.pending(), true
	}
	h.seats[d.whom] = after
	return may
}

// reads says whether the deed changes nothing.
func (d deed) reads() bool {
	switch d.what {
	case "creates", "deletes", "renames", "calls", "accepts", "follows", "activates", "declines", "leaves",
		"invites", "resends", "changes", "removes", "mails", "expires",
		"founds", "enters", "goes", "is let go":
		return false
	}
	return true
}
