package store

import (
	"strconv"
	"strings"
	"time"

	"roster/shared/account"
	"roster/shared/activity"
	"roster/shared/id"
	"roster/shared/org"
)

// The items as the table holds them. A time is text of fixed width in UTC, so that it compares as
// it sorts; only ttl (seconds) and signed_out_ms are numbers.

type accountItem struct {
	key
	Email       string `dynamodbav:"email"`
	First       string `dynamodbav:"first_name"`
	Last        string `dynamodbav:"last_name"`
	TOS         bool   `dynamodbav:"tos"`
	Marketing   bool   `dynamodbav:"marketing"`
	Org         string `dynamodbav:"org_id,omitempty"`
	SignedOutMS int64  `dynamodbav:"signed_out_ms,omitempty"`
	Closed      bool   `dynamodbav:"closed,omitempty"`
	CheckedAt   string `dynamodbav:"crm_checked_at,omitempty"`
}

type addressItem struct {
	key
	Sub string `dynamodbav:"sub"`
}

type orgItem struct {
	key
	Name      string `dynamodbav:"name"`
	Tier      string `dynamodbav:"tier"`
	Customer  string `dynamodbav:"customer,omitempty"`
	Admins    int    `dynamodbav:"admins"`
	Entries   int    `dynamodbav:"entries,omitempty"`
	CreatedAt string `dynamodbav:"created_at"`
	UpdatedAt string `dynamodbav:"updated_at"`
	DeletedAt string `dynamodbav:"deleted_at,omitempty"`
}

type customerItem struct {
	key
	Org string `dynamodbav:"org"`
}

type memberItem struct {
	key
	Status    string `dynamodbav:"status"`
	Role      string `dynamodbav:"role"`
	Email     string `dynamodbav:"email"`
	First     string `dynamodbav:"first_name"`
	Last      string `dynamodbav:"last_name"`
	Account   string `dynamodbav:"account,omitempty"`
	InvitedBy string `dynamodbav:"invited_by,omitempty"`
	ExpiresAt string `dynamodbav:"expires_at,omitempty"`
}

type invitationItem struct {
	key
	Mail      string `dynamodbav:"mail"`
	Delivery  string `dynamodbav:"delivery"`
	Link      string `dynamodbav:"link,omitempty"`
	QueuedAt  string `dynamodbav:"queued_at"`
	SentAt    string `dynamodbav:"sent_at,omitempty"`
	ExpiresAt string `dynamodbav:"expires_at"`
	InvitedBy string `dynamodbav:"invited_by"`
	Lift      bool   `dynamodbav:"lift,omitempty"`
	Joined    bool   `dynamodbav:"joined,omitempty"`
	TTL       int64  `dynamodbav:"ttl"`
}

type stateItem struct {
	key
	Member    string `dynamodbav:"member"`
	Link      string `dynamodbav:"link"`
	ExpiresAt string `dynamodbav:"expires_at"`
	TTL       int64  `dynamodbav:"ttl"`
}

type serverItem struct {
	key
	Name        string `dynamodbav:"name"`
	URL         string `dynamodbav:"url"`
	Credential  string `dynamodbav:"credential"`
	ConnectedBy string `dynamodbav:"connected_by"`
}

type lockItem struct {
	key
	Org string `dynamodbav:"org_id"`
}

type tokenItem struct {
	key
	Server     string `dynamodbav:"server"`
	Credential string `dynamodbav:"credential"`
	TTL        int64  `dynamodbav:"ttl"`
}

type quotaItem struct {
	key
	N int `dynamodbav:"n"`
}

type eventItem struct {
	key
	ID        string       `dynamodbav:"id"`
	At        string       `dynamodbav:"timestamp"`
	Actor     string       `dynamodbav:"actor"`
	Role      string       `dynamodbav:"role"`
	IP        string       `dynamodbav:"ip"`
	UserAgent string       `dynamodbav:"agent"`
	RequestID string       `dynamodbav:"request_id"`
	Action    string       `dynamodbav:"action"`
	Objects   []objectItem `dynamodbav:"objects"`
	TTL       int64        `dynamodbav:"ttl"`
}

type objectItem struct {
	ID      string            `dynamodbav:"id"`
	Name    string            `dynamodbav:"name"`
	Type    string            `dynamodbav:"type"`
	Initial map[string]string `dynamodbav:"initial"`
	Result  map[string]string `dynamodbav:"result"`
}

const stampLayout = "2006-01-02T15:04:05.000000Z"

// stamp is an instant as items hold it; the zero time is "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// instant is the time that a stamp tells; the zero time for "" and for what is none.
func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func (i accountItem) account() account.Account {
	a := account.Account{
		ID: account.ID(after("ACCOUNT#", key{SK: i.PK})), Address: account.Address(i.Email),
		First: i.First, Last: i.Last, TOS: i.TOS, Marketing: i.Marketing, Org: i.Org, Closed: i.Closed,
		NoContact: instant(i.CheckedAt),
	}
	if i.SignedOutMS != 0 {
		a.SignedOut = time.UnixMilli(i.SignedOutMS).UTC()
	}
	return a
}

func (i orgItem) org(o org.ID) org.Org {
	return org.Org{
		ID: o, Name: i.Name, Tier: org.Tier(i.Tier), Customer: i.Customer, Admins: i.Admins, Entries: i.Entries,
		Created: instant(i.CreatedAt), Updated: instant(i.UpdatedAt), Deleted: instant(i.DeletedAt),
	}
}

func (i memberItem) member() org.Member {
	return org.Member{
		ID: org.MemberID(after(members, i.key)), Address: account.Address(i.Email), First: i.First, Last: i.Last,
		Role: org.Role(i.Role), Status: org.Status(i.Status), Account: account.ID(i.Account),
		InvitedBy: i.InvitedBy, Expires: instant(i.ExpiresAt),
	}
}

func (i invitationItem) invitation() org.Invitation {
	return org.Invitation{
		Mail: i.Mail, Delivery: org.Delivery(i.Delivery), Link: id.Hash(i.Link), Queued: instant(i.QueuedAt),
		Sent: instant(i.SentAt), Expires: instant(i.ExpiresAt), InvitedBy: i.InvitedBy, Lift: i.Lift, Joined: i.Joined,
	}
}

func (i stateItem) state() org.State {
	return org.State{Member: org.MemberID(i.Member), Link: id.Hash(i.Link), Expires: instant(i.ExpiresAt)}
}

// event returns what an item says, of which a part may be missing: id and time are in its key.
func (i eventItem) event() activity.Event {
	at, id, _ := strings.Cut(after(events, i.key), "#")
	micro, _ := strconv.ParseInt(at, 10, 64) // eventKey wrote it
	e := activity.Event{
		ID: id, At: time.UnixMicro(micro).UTC(), Actor: account.ID(i.Actor), Role: i.Role, IP: i.IP,
		UserAgent: i.UserAgent, RequestID: i.RequestID, Action: activity.Action(i.Action),
	}
	for _, x := range i.Objects {
		e.Objects = append(e.Objects, activity.Object(x))
	}
	return e
}

func memberOf(o org.ID, m org.Member) memberItem {
	return memberItem{
		key: memberKey(o, m.ID), Status: string(m.Status), Role: string(m.Role), Email: string(m.Address),
		First: m.First, Last: m.Last, Account: string(m.Account), InvitedBy: m.InvitedBy, ExpiresAt: stamp(m.Expires),
	}
}

func invitationOf(o org.ID, m org.MemberID, i org.Invitation) invitationItem {
	return invitationItem{
		key: invitationKey(o, m), Mail: i.Mail, Delivery: string(i.Delivery), Link: string(i.Link),
		QueuedAt: stamp(i.Queued), SentAt: stamp(i.Sent), ExpiresAt: stamp(i.Expires), InvitedBy: i.InvitedBy,
		Lift: i.Lift, Joined: i.Joined, TTL: i.Expires.Unix(),
	}
}

func eventOf(o org.ID, e activity.Event) eventItem {
	e.At = loggable(e.At)
	item := eventItem{
		key: eventKey(o, e.At, e.ID), ID: e.ID, At: stamp(e.At), Actor: string(e.Actor), Role: e.Role,
		IP: e.IP, UserAgent: e.UserAgent, RequestID: e.RequestID, Action: string(e.Action),
		Objects: []objectItem{}, TTL: e.At.Add(activity.Life).Unix(),
	}
	for _, x := range e.Objects {
		item.Objects = append(item.Objects, objectItem{x.ID, x.Name, x.Type, x.Initial, x.Result})
	}
	return item
}
