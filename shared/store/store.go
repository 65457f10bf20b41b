// Package store keeps Roster's one DynamoDB table, and alone knows that it is DynamoDB. A method is
// a promise: one consistent look, or one transaction that states again, as conditions, everything
// that the look saw. The items, all with string keys PK and SK:
//
//	account         ACCOUNT#<sub>       ACCOUNT                      e-mail, names, consents, org_id (the lock: one organization), signed_out_ms, closed, crm_checked_at
//	address         EMAIL#<normalized>  ACCOUNT                      sub
//	                                    INVITED#<org>                pointer to an open invitation
//	notice †        EMAIL#<normalized>  NOTICE                       outbox: this address has an account already
//	organization    ORG#<org>           ORG                          name, tier, customer, admins (ACTIVE ones), entries, created, updated, deleted_at
//	member          ORG#<org>           MEMBER#<member>              status, role, e-mail, names, account
//	invitation †    ORG#<org>           INVITATION#<member>          outbox: mail, delivery, hash of the live link, times; seven days
//	state token †   ORG#<org>           STATE#<sha-256>              member, hash of the link; five minutes
//	activity †      ORG#<org>           EVENT#<µs time>#<id>         one event; one year
//	PMM server      ORG#<org>           PMM#<server>                 name, URL, hash of its credential, who connected it
//	server token †  ORG#<org>           TOKEN#<sha-256>              server, hash of the credential that it was made from; one hour
//	quota †         ORG#<org>           QUOTA#<day>                  mails queued that day
//	removed         ORG#<org>           REMOVED#<member>             linked organizations only: stays out of the automatic link
//	customer link   CUSTOMER#<id>       CUSTOMER                     org
//	server lock     PMM#<server>        PMM                          org: one server belongs to one organization
//
// A server's token is good while the server's row has the credential that it was made from: connecting
// again and disconnecting end it, whether or not its item was swept.
//
// Only the items marked † carry the TTL attribute "ttl", which cleans up and never decides: whether
// something is over is told by the clock. There is no secondary index and no Scan, so every read is
// strongly consistent.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"roster/shared/awsconfig"
	"roster/shared/fault"
	"roster/shared/setting"
)

// Store is Roster's table. Its methods may be called from any goroutine.
type Store struct {
	db    *dynamodb.Client
	table string
	clock func() time.Time
}

// New returns the table of that name. clock is what tells it the time.
func New(db *dynamodb.Client, table string, clock func() time.Time) *Store {
	return &Store{db: db, table: table, clock: clock}
}

// Open returns the table that ROSTER_TABLE names, over a connection that is open already: made at
// start, it spares the first request its price (AWS.md).
func Open() *Store {
	db := dynamodb.NewFromConfig(awsconfig.New("DYNAMODB"), settle)
	warm(db.Options())
	return New(db, setting.Text("ROSTER_TABLE"), time.Now)
}

// ErrMoved says that a condition of a transaction was broken: the world is not as it was seen, and
// nothing was changed. Settle looks again.
var ErrMoved = errors.New("store: the world moved since the look")

// Settle runs a look, decide and change until the world holds still for it, at most three times;
// then it is fault.ErrAborted. Errors that are not ErrMoved end it.
func (s *Store) Settle(ctx context.Context, change func() error) error {
	for range 3 {
		if err := change(); !errors.Is(err, ErrMoved) {
			return err
		}
		if ctx.Err() != nil {
			return fault.ErrUnavailable
		}
	}
	return fault.ErrAborted
}

// Now is the time by the store's clock, to the microsecond that the API shows.
func (s *Store) Now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

func (s *Store) name() *string { return aws.String(s.table) }
