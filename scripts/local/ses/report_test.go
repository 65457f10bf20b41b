package ses_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"roster/scripts/local/ses"
)

// detail is what Roster and a reader look at in an event.
type detail struct {
	EventType string
	Mail      struct {
		MessageID   string
		Destination []string
		Tags        map[string][]string
	}
	Bounce    struct{ BounceType, BounceSubType string }
	Complaint struct{ ComplaintSubType string }
}

// A bus keeps what it is told.
type bus struct {
	mu    sync.Mutex
	fails int // so many times
	all   []string
	last  events.EventBridgeEvent
	told  detail
}

func (b *bus) publish(_ context.Context, event []byte) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails > 0 {
		b.fails--
		return nil, errors.New("not now")
	}
	b.last, b.told = events.EventBridgeEvent{}, detail{}
	if err := json.Unmarshal(event, &b.last); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b.last.Detail, &b.told); err != nil {
		return nil, err
	}
	kinds := b.told.Bounce.BounceType + b.told.Bounce.BounceSubType + b.told.Complaint.ComplaintSubType
	b.all = append(b.all, b.last.DetailType+"|"+b.told.EventType+"|"+kinds)
	return nil, nil
}

// mailed sends a mail to an address, and returns what was told of it.
func mailed(t *testing.T, server *ses.Server, client *sesv2.Client, b *bus, to string) []string {
	t.Helper()
	in := welcome()
	in.Destination.ToAddresses = []string{to}
	b.all = nil
	if _, err := client.SendEmail(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := server.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.all
}

const (
	delivered  = "Email Delivered|Delivery|"
	bounced    = "Email Bounced|Bounce|PermanentGeneral"
	suppressed = "Email Bounced|Bounce|PermanentOnAccountSuppressionList"
	complained = "Email Complaint Received|Complaint|"
	unwanted   = "Email Complaint Received|Complaint|OnAccountSuppressionList"
)

func TestWhatBecomesOfAMailIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		to      string
		fate    error
		first   []string
		again   []string // of a second mail, without the fault
		arrived int      // of the two
	}{
		"it arrives":           {"ann@example.com", nil, []string{delivered}, []string{delivered}, 2},
		"it bounces":           {"ann@example.com", ses.Bounced, []string{bounced}, []string{suppressed}, 0},
		"it bounces for now":   {"ann@example.com", ses.BouncedSoftly, []string{"Email Bounced|Bounce|TransientMailboxFull"}, []string{delivered}, 1},
		"it is complained of":  {"ann@example.com", ses.Complained, []string{delivered, complained}, []string{unwanted}, 1},
		"it holds a virus":     {"ann@example.com", ses.Rejected, []string{"Email Rejected|Reject|"}, []string{delivered}, 1},
		"the simulator takes":  {"success@simulator.amazonses.com", nil, []string{delivered}, []string{delivered}, 2},
		"… bounces":            {"Bounce+1@simulator.amazonses.com", nil, []string{bounced}, []string{bounced}, 0},
		"… complains":          {"complaint@simulator.amazonses.com", nil, []string{delivered, complained}, []string{delivered, complained}, 2},
		"… is suppressed":      {"suppressionlist@simulator.amazonses.com", nil, []string{suppressed}, []string{suppressed}, 0},
		"… rejects, here only": {"reject@simulator.amazonses.com", nil, []string{"Email Rejected|Reject|"}, []string{"Email Rejected|Reject|"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server, inbox, client := serve(t)
			b := &bus{}
			server.Publish = b.publish
			server.SetFault(func(string) error { return c.fate })
			first := mailed(t, server, client, b, c.to)
			server.SetFault(nil)
			again := mailed(t, server, client, b, c.to)
			if diff := cmp.Diff([][]string{c.first, c.again}, [][]string{first, again}); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if n := len(inbox.Mails("")); n != c.arrived {
				t.Errorf("%d mails arrived, want %d", n, c.arrived)
			}
		})
	}
}

func TestAnEventIsWhatEventBridgeHasOfSES(t *testing.T) {
	server, _, client := serve(t)
	b := &bus{}
	server.Publish = b.publish
	in := welcome()
	out, err := client.SendEmail(t.Context(), in)
	if err != nil || server.Settled(t.Context()) != nil {
		t.Fatal(err)
	}
	if b.last.Source != "aws.ses" || b.last.Version != "0" || len(b.last.Resources) != 1 || b.last.ID == "" {
		t.Errorf("%+v", b.last)
	}
	want := map[string][]string{"ses:configuration-set": {"roster"}, "ses:from-domain": {"example.com"}, "org": {"6f0e-1"}}
	if diff := cmp.Diff(want, b.told.Mail.Tags); diff != "" || b.told.Mail.MessageID != aws.ToString(out.MessageId) ||
		!slices.Equal(b.told.Mail.Destination, in.Destination.ToAddresses) {
		t.Errorf("%+v; tags (-want +got):\n%s", b.told.Mail, diff)
	}
}

func TestAMailWithoutAConfigurationSetIsNotReported(t *testing.T) {
	server, _, client := serve(t)
	b := &bus{}
	server.Publish = b.publish
	in := welcome()
	in.ConfigurationSetName = nil
	if _, err := client.SendEmail(t.Context(), in); err != nil || server.Settled(t.Context()) != nil || b.all != nil {
		t.Errorf("%v, told %q", err, b.all)
	}
}

func TestAReportIsTriedThreeTimesAndTheNextOneIsNotLost(t *testing.T) {
	server, _, client := serve(t)
	b := &bus{fails: 2}
	server.Publish = b.publish
	if got := mailed(t, server, client, b, "ann@example.com"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
	b.fails = 3
	if got := mailed(t, server, client, b, "ann@example.com"); len(got) != 0 {
		t.Errorf("told %q", got)
	}
	if got := mailed(t, server, client, b, "ann@example.com"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestSettledEndsWithItsContextAndCloseForgets(t *testing.T) {
	server, _, client := serve(t)
	hold, told := make(chan struct{}), make(chan string, 9)
	server.Publish = func(context.Context, []byte) ([]byte, error) {
		told <- "one"
		<-hold
		return nil, nil
	}
	for range 3 {
		if _, err := client.SendEmail(t.Context(), welcome()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := server.Settled(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	server.Close()
	close(hold)
	if err := server.Settled(t.Context()); err != nil || len(told) != 1 {
		t.Errorf("%v; %d were handed on, want the one under way", err, len(told))
	}
}

func TestTheSuppressionListTellsWhy(t *testing.T) {
	server, _, client := serve(t)
	server.SetFault(func(to string) error {
		return map[string]error{"bob@example.com": ses.Bounced, "cat@example.com": ses.Complained}[to]
	})
	for _, to := range []string{"bob@example.com", "cat@example.com"} {
		mailed(t, server, client, &bus{}, to)
	}
	for to, want := range map[string]string{"BOB@example.com": "BOUNCE", "cat@example.com": "COMPLAINT", "ann@example.com": "missing"} {
		out, err := client.GetSuppressedDestination(t.Context(), &sesv2.GetSuppressedDestinationInput{EmailAddress: &to})
		got := "missing"
		if err == nil {
			got = string(out.SuppressedDestination.Reason)
			if age := time.Since(*out.SuppressedDestination.LastUpdateTime); age > time.Minute || age < -time.Minute {
				t.Errorf("%s: since %v", to, age)
			}
		} else if missing := new(types.NotFoundException); !errors.As(err, &missing) {
			got = fmt.Sprint(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", to, got, want)
		}
	}
}
