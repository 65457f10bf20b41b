package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/pmm"
)

// key is the primary key of an item. Keys are made in this file and nowhere else.
type key struct{ PK, SK string }

// The prefixes of sort keys that are read as ranges.
const (
	members     = "MEMBER#"
	invitations = "INVITATION#"
	invited     = "INVITED#"
	events      = "EVENT#"
	servers     = "PMM#"
)

func accountKey(a account.ID) key      { return key{"ACCOUNT#" + string(a), "ACCOUNT"} }
func addressKey(a account.Address) key { return key{mailbox(a), "ACCOUNT"} }
func noticeKey(a account.Address) key  { return key{mailbox(a), "NOTICE"} }
func customerKey(id string) key        { return key{"CUSTOMER#" + id, "CUSTOMER"} }
func orgKey(o org.ID) key              { return key{partition(o), "ORG"} }

func invitedKey(a account.Address, o org.ID) key { return key{mailbox(a), invited + string(o)} }
func memberKey(o org.ID, m org.MemberID) key     { return key{partition(o), members + string(m)} }
func invitationKey(o org.ID, m org.MemberID) key { return key{partition(o), invitations + string(m)} }
func stateKey(o org.ID, h id.Hash) key           { return key{partition(o), "STATE#" + string(h)} }
func quotaKey(o org.ID, day time.Time) key {
	return key{partition(o), "QUOTA#" + day.UTC().Format(time.DateOnly)}
}
func removedKey(o org.ID, m org.MemberID) key { return key{partition(o), "REMOVED#" + string(m)} }
func eventKey(o org.ID, at time.Time, id string) key {
	return key{partition(o), firstEvent(at) + "#" + id}
}

// lastMicro is the last instant whose microseconds have sixteen digits, in the year 2286.
const lastMicro = 1e16 - 1

// loggable is at, or the nearest instant that the log can hold: what others tell of a time may be anything.
func loggable(at time.Time) time.Time {
	return time.UnixMicro(min(max(at.UnixMicro(), 0), lastMicro)).UTC()
}

// firstEvent is below every event of that microsecond, and lastEvent above them; above all events for
// the zero time.
func firstEvent(at time.Time) string {
	return fmt.Sprintf(events+"%016d", loggable(at).UnixMicro())
}

func lastEvent(at time.Time) string {
	if at.IsZero() {
		return firstEvent(time.UnixMicro(lastMicro)) + "$"
	}
	return firstEvent(at) + "$" // '$' follows '#'
}

func serverKey(o org.ID, s pmm.ServerID) key { return key{partition(o), servers + string(s)} }
func lockKey(s pmm.ServerID) key             { return key{"PMM#" + string(s), "PMM"} }
func tokenKey(o org.ID, h id.Hash) key       { return key{partition(o), "TOKEN#" + string(h)} }

func mailbox(a account.Address) string { return "EMAIL#" + a.Normalized() }
func partition(o org.ID) string        { return "ORG#" + string(o) }

// after returns what follows a prefix in a sort key.
func after(prefix string, k key) string { return strings.TrimPrefix(k.SK, prefix) }

func (k key) av() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: k.PK},
		"SK": &types.AttributeValueMemberS{Value: k.SK},
	}
}
