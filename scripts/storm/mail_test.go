package storm

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
	"roster/scripts/local/ses"
	"roster/shared/account"
	"roster/shared/org"
	"roster/shared/store/storetest"
)

// An office is an organization that mails, and what SES was asked to do for it.
type office struct {
	scene
	p   *cloudtest.Proxy
	ear *ear
	ann *cloudtest.Person
	org string

	mu    sync.Mutex
	tries map[string][]time.Time // by address
}

func newOffice(t *testing.T) *office {
	c, p, e := overheard(t, cloud.Options{Settings: lenient})
	f := &office{scene: scene{t: t, c: c}, p: p, ear: e, tries: map[string][]time.Time{}}
	f.ann = f.person("ann")
	f.org = f.found(f.ann)
	return f
}

// ses makes SES do what fault says, and notes when it was asked.
func (f *office) ses(fault ses.Fault) {
	f.c.SES.SetFault(func(to string) error {
		f.mu.Lock()
		f.tries[to] = append(f.tries[to], time.Now())
		f.mu.Unlock()
		return fault(to)
	})
}

func (f *office) tried(to string) []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.tries[to])
}

// invite invites n strangers, ten at a time, and returns them.
func (f *office) invite(n int) []string {
	f.t.Helper()
	guests := f.strangers(n)
	for part := range slices.Chunk(guests, 10) {
		var users []any
		for _, g := range part {
			users = append(users, object{"username": g, "role": "Technical"})
		}
		a := f.ann.Do(f.t, "POST", "/v1/orgs/"+f.org+"/members:bulk", object{"users": users}).Want(f.t, 200)
		if refused := a.At("errors").([]any); len(refused) > 0 {
			f.t.Fatalf("refused: %v", refused)
		}
	}
	return guests
}

func (f *office) resend(guest string) cloudtest.Answer {
	f.t.Helper()
	return f.ann.Do(f.t, "POST", row(f.org, guest)+":reactivate", nil)
}

// delivery is what members:search says of the mail to an address.
func (f *office) delivery(guest string) string {
	f.t.Helper()
	a := f.ann.Do(f.t, "POST", "/v1/orgs/"+f.org+"/members:search", object{"user": object{"username": guest}})
	return a.Want(f.t, 200).Text("members.0.invitation.delivery")
}

// arrived reports whether SES has taken the latest mail to an address.
func (f *office) arrived(guest string) bool {
	f.t.Helper()
	return slices.Contains([]string{"sent", "delivered"}, f.delivery(guest))
}

// wantMailed waits until everybody's latest mail has arrived, and fails the test unless each got at
// least one mail and at most that many, the last of which holds the one live link.
func (f *office) wantMailed(guests []string, most int) {
	f.t.Helper()
	for _, g := range guests {
		f.until(func() bool { return f.arrived(g) })
	}
	f.settle()
	d := storetest.Dump{}
	partition(f.t, f.c, d, "ORG#"+f.org)
	for _, g := range guests {
		links := mails(f.c, g)
		if len(links) < 1 || len(links) > most {
			f.t.Errorf("%d mails to %s; want at least 1, at most %d", len(links), g, most)
			continue
		}
		live := text(d[storetest.InvitationKey(org.ID(f.org), account.Address(g))], "link")
		if live != string(links[0].link.Secret.Hash()) {
			f.t.Errorf("the last of %d mails to %s does not hold the live link", len(links), g)
		}
		f.follow(links[0], true)
	}
	f.examine()
	end(f.t, f.c, f.ear)
}

func TestNoMailIsLostWhileSESIsDown(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]error{"away": ses.ErrTransient, "throttled": ses.ErrThrottled} {
		t.Run(name, func(t *testing.T) {
			f := newOffice(t)
			f.ses(func(string) error { return down })
			guests := f.invite(12)
			f.until(func() bool { return len(bursts(f.tried(guests[0]))) >= 4 })
			if d := f.delivery(guests[0]); d != "queued" {
				t.Errorf("delivery %s while SES is down; want queued", d)
			}
			f.ses(func(string) error { return nil })
			f.wantMailed(guests, 1)
			backsOff(t, bursts(f.tried(guests[0])))
		})
	}
}

// bursts are the beginnings of what the SDK tried in one go.
func bursts(tries []time.Time) (begun []time.Time) {
	for i, at := range tries {
		if i%sdkTries == 0 {
			begun = append(begun, at)
		}
	}
	return begun
}

// sdkTries is how often the SDK tries one call while it fails (awsconfig).
const sdkTries = 4

// backsOff fails the test unless the pauses grow.
func backsOff(t *testing.T, begun []time.Time) {
	t.Helper()
	var pauses []time.Duration
	for i := range begun[1:] {
		pauses = append(pauses, begun[i+1].Sub(begun[i]).Round(time.Millisecond))
	}
	if len(pauses) < 3 || pauses[2] < pauses[0] {
		t.Errorf("pauses %v; want growing ones", pauses)
	}
}

func TestAMailThatSESRefusesHasFailedAndCanBeSentAgain(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	f.ses(func(string) error { return ses.ErrRejected })
	guest := f.invite(1)[0]
	f.until(func() bool { return f.delivery(guest) == "failed" })
	if n := len(mails(f.c, guest)); n > 0 {
		t.Errorf("%d mails arrived; want none", n)
	}
	f.ses(func(string) error { return nil })
	f.resend(guest).Want(t, 200)
	f.wantMailed([]string{guest}, 1)
}

func TestAResentInvitationsEarlierLinkIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	guest := f.invite(1)[0]
	f.wantMailed([]string{guest}, 1)
	f.ses(func(string) error { return ses.ErrTransient })
	f.resend(guest).Want(t, 200)
	f.follow(mails(f.c, guest)[0], false)
	f.ses(func(string) error { return nil })
	f.wantMailed([]string{guest}, 2)
}

func TestAMailThatIsOvertakenBeforeItsLinkIsNotSent(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	for overtaken, moves := range map[string]func(guest string) racer{
		"replaced": func(guest string) racer {
			return racer{as: f.ann, method: "POST", path: row(f.org, guest) + ":reactivate"}
		},
		"revoked": func(guest string) racer { return racer{as: f.ann, method: "DELETE", path: row(f.org, guest)} },
	} {
		t.Run(overtaken, func(t *testing.T) {
			guest := f.stranger("eve")
			f.p.Of("mail-send").Add(storetest.Rule{Action: "UpdateItem", Times: 1, Fault: storetest.First(func() {
				if kind := f.kind(moves(guest).send(f.c, 0)); kind != "200" {
					t.Errorf("what overtakes was answered %s", kind)
				}
			})})
			f.ann.Do(t, "POST", "/v1/orgs/"+f.org+"/members", object{"username": guest, "role": "Admin"}).Want(t, 200)
			f.settle()
			f.settle() // what was queued meanwhile
			if n := len(mails(f.c, guest)); n > 1 || (n == 1) != (overtaken == "replaced") {
				t.Errorf("%d mails arrived", n)
			}
			f.examine()
		})
	}
}

func TestAMailWhoseReplyWasLostComesTwiceAtMost(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	f.ses(func(to string) error {
		if len(f.tried(to)) == 1 {
			return ses.ErrReplyLost
		}
		return nil
	})
	f.wantMailed(f.invite(8), 2)
}

func TestAKilledMailSendLosesNothing(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	f.ses(func(to string) error {
		if len(f.tried(to)) == 1 {
			f.c.Function("mail-send").Kill() // SES takes the mail, and nobody is left to hear it
		}
		return nil
	})
	// Five mails are under way when one of them kills their process.
	f.wantMailed(f.invite(4), 6)
}

func TestRecordsThatComeTwiceMailOnce(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	guests := f.invite(5)
	f.wantMailed(guests, 1)
	for range 3 {
		f.redeliver(guests)
	}
	f.wantMailed(guests, 1)
}

// Two deliveries of one record that run side by side may each mail; what counts is that the live link
// is among what arrived.
func TestRecordsThatComeTwiceAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	r := dice(5)
	var mu sync.Mutex
	f.ses(func(string) error {
		mu.Lock()
		wait, fails := time.Duration(r.IntN(30))*time.Millisecond, r.IntN(4) == 0
		mu.Unlock()
		time.Sleep(wait)
		if fails {
			return ses.ErrTransient
		}
		return nil
	})
	guests := f.invite(6)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { f.redeliver(guests) })
	}
	all.Wait()
	for _, g := range guests {
		f.until(func() bool { return f.arrived(g) })
	}
	f.settle()
	d := f.dump()
	for _, g := range guests {
		live := text(d[storetest.InvitationKey(org.ID(f.org), account.Address(g))], "link")
		if !slices.ContainsFunc(mails(f.c, g), func(m mailed) bool { return string(m.link.Secret.Hash()) == live }) {
			t.Errorf("no mail to %s holds the live link", g)
		}
	}
	end(t, f.c, f.ear)
}

// redeliver hands mail-send the records of the guests' invitations again, as the stream did.
func (f *office) redeliver(guests []string) {
	var batch events.DynamoDBEvent
	d := storetest.Dump{}
	partition(f.t, f.c, d, "ORG#"+f.org)
	for _, g := range guests {
		k := storetest.InvitationKey(org.ID(f.org), account.Address(g))
		batch.Records = append(batch.Records, events.DynamoDBEventRecord{EventID: fresh(), Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: time.Now()}, SequenceNumber: fresh(),
			NewImage: map[string]events.DynamoDBAttributeValue{
				"PK": events.NewStringAttribute(k.PK), "SK": events.NewStringAttribute(k.SK),
				"mail": events.NewStringAttribute(text(d[k], "mail")), "delivery": events.NewStringAttribute("queued"),
			},
		}})
	}
	payload, err := json.Marshal(batch)
	if err == nil {
		_, err = f.c.Function("mail-send").Invoke(f.t.Context(), payload)
	}
	if err != nil {
		f.t.Errorf("mail-send: %v", err)
	}
}

// Everything at once: resends race with the mails before them, SES and DynamoDB fail now and then,
// and mail-send is killed.
func TestResendsInAStormLoseNothing(t *testing.T) {
	t.Parallel()
	f := newOffice(t)
	r := dice(6)
	var mu sync.Mutex
	draw := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return r.IntN(n)
	}
	f.ses(func(string) error {
		time.Sleep(time.Duration(draw(20)) * time.Millisecond)
		return []error{ses.ErrTransient, ses.ErrThrottled, ses.ErrReplyLost, nil, nil, nil, nil, nil}[draw(8)]
	})
	f.p.Of("mail-send").Dice = dice(7).Float64
	bad(f.p.Of("mail-send"))
	guests := f.invite(6)
	var all sync.WaitGroup
	for _, g := range guests {
		all.Go(func() {
			for range 5 {
				time.Sleep(time.Duration(draw(150)) * time.Millisecond)
				a, err := racer{as: f.ann, method: "POST", path: row(f.org, g) + ":reactivate"}.send(f.c, 0)
				if kind := f.kind(a, err); kind != "200" {
					t.Errorf("resending was answered %s", kind)
				}
			}
		})
	}
	for range 6 {
		time.Sleep(time.Duration(draw(200)) * time.Millisecond)
		f.c.Function("mail-send").Kill()
	}
	all.Wait()
	f.p.Clear()
	f.ses(func(string) error { return nil })
	f.wantMailed(guests, 60)
}
