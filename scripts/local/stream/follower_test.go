package stream

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

func TestAShardIsReadAfterItsParent(t *testing.T) {
	const s = "stream"
	parent, child, orphan := place{s, "1", ""}, place{s, "2", "1"}, place{s, "3", "0"}
	tests := []struct {
		name  string
		state map[string]state // before the look, by id
		found []place
		want  []string // ids of the shards to be read from now on
	}{
		{"a first look starts what has no parent", nil, []place{parent, child}, []string{"1"}},
		{"a parent that is gone holds nothing up", nil, []place{orphan}, []string{"3"}},
		{"a parent that is being read does", map[string]state{"1": reading}, []place{parent, child}, nil},
		{"a finished parent does not", map[string]state{"1": finished}, []place{parent, child}, []string{"2"}},
		{"a lost parent does not", map[string]state{"1": lost}, []place{child}, []string{"2"}},
		{"a parent that vanished before it was read does not", map[string]state{"1": unread}, []place{child}, []string{"2"}},
		{"nothing is read twice", map[string]state{"1": finished, "2": reading}, []place{parent, child}, nil},
		{"what was lost stays so", map[string]state{"1": lost}, []place{parent}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFollower(Config{}, Consumer{})
			for id, state := range test.state {
				p := place{stream: s, id: id}
				f.shards[p.key()] = &shard{place: p, state: state}
			}
			var got []string
			for _, s := range f.startable(time.Now(), test.found) {
				got = append(got, s.place.id)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("started %v, want %v", got, test.want)
			}
		})
	}
}

func TestAShardThatVanishesIsNoLongerRead(t *testing.T) {
	f := newFollower(Config{}, Consumer{})
	old, renewed := place{"old", "1", ""}, place{"new", "1", ""}
	s := f.startable(time.Now(), []place{old})[0]
	if !f.reads(s) {
		t.Error("the first shard is not read")
	}
	if started := f.startable(time.Now(), []place{renewed}); len(started) != 1 || f.reads(s) {
		t.Errorf("started %v, the old one still read: %v", started, f.reads(s))
	}
}

func TestATrimmedPositionGivesWayToTheOldestRecord(t *testing.T) {
	s := &shard{position: "1"}
	if s.recover(errors.New("throttled")); s.position != "1" {
		t.Errorf("position = %q after a passing error", s.position)
	}
	if s.recover(fmt.Errorf("read: %w", &types.TrimmedDataAccessException{})); s.position != "" {
		t.Errorf("position = %q of a trimmed record", s.position)
	}
}

func TestOnlyWhatIsOldIsGivenUp(t *testing.T) {
	aged := func(number string, age time.Duration) events.DynamoDBEventRecord {
		return events.DynamoDBEventRecord{Change: events.DynamoDBStreamRecord{
			SequenceNumber: number, ApproximateCreationDateTime: events.SecondsEpochTime{Time: time.Now().Add(-age)},
		}}
	}
	var given []byte
	f := newFollower(Config{Log: io.Discard}, Consumer{MaxAge: time.Hour, Failed: func(batch []byte) { given = batch }})
	old, young := aged("1", 2*time.Hour), aged("2", time.Minute)
	left := f.giveUp([]events.DynamoDBEventRecord{old, young})
	if len(left) != 1 || left[0].Change.SequenceNumber != "2" {
		t.Errorf("left %v, want the young one", left)
	}
	if want := encode([]events.DynamoDBEventRecord{old}); !slices.Equal(given, want) {
		t.Errorf("given up %s, want %s", given, want)
	}
}

func TestAFollowerIsNotSettledWhileAShardHasMore(t *testing.T) {
	since := time.Now()
	before, later := since.Add(-time.Second), since.Add(time.Second)
	tests := []struct {
		name    string
		looked  time.Time
		waiting int
		shard   shard
		want    bool
	}{
		{"everything was looked at and found empty", later, 0, shard{state: reading, empty: later}, true},
		{"a shard is finished", later, 0, shard{state: finished}, true},
		{"a shard is lost", later, 0, shard{state: lost}, true},
		{"the look is too old", before, 0, shard{state: finished}, false},
		{"the empty read is too old", later, 0, shard{state: reading, empty: before}, false},
		{"a shard is not read yet", later, 0, shard{}, false},
		{"a shard waits for its parent", later, 1, shard{state: reading, empty: later}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFollower(Config{}, Consumer{})
			f.looked, f.waiting = test.looked, test.waiting
			f.shards["1"] = &test.shard
			if got := f.settled(since); got != test.want {
				t.Errorf("settled = %v, want %v", got, test.want)
			}
		})
	}
}
