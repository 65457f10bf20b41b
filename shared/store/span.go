package store

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"golang.org/x/sync/errgroup"

	"roster/shared/activity"
)

// logLanes is how many parts of a log are read side by side: as many as the memory of a function holds
// answers of a megabyte, several times over while they are taken apart.
const logLanes = 4

// span is a part of a window that is still to be read: from one instant until another, both included, a
// zero until open; where it has been begun, behind a key.
type span struct {
	from, until time.Time
	after       item
}

// reading reads the rest of a log.
type reading struct {
	log     *Log
	outline []expression.NameBuilder
	lanes   chan struct{}
	g       *errgroup.Group

	mu   sync.Mutex
	take func(activity.Event)
}

// read reads a span. What one answer does not hold of it is read in two halves side by side, and so on:
// where in the span the events are, nobody knows before.
func (r *reading) read(ctx context.Context, s span) {
	r.g.Go(func() error {
		r.lanes <- struct{}{}
		items, after, err := r.log.part(ctx, s, 0, r.outline...)
		<-r.lanes
		if err != nil {
			return err
		}
		r.mu.Lock()
		for _, i := range items {
			r.take(i.event())
		}
		r.mu.Unlock()
		if len(after) > 0 {
			for _, half := range s.behind(after) {
				r.read(ctx, half)
			}
		}
		return nil
	})
}

// behind returns what is left of s behind a key, newest first: two halves, or one span that is too short
// for that.
func (s span) behind(k item) []span {
	last := eventItem{key: keyOf(k)}.event().At
	middle := s.from.Add(last.Sub(s.from) / 2).Truncate(time.Microsecond)
	if !middle.After(s.from) {
		return []span{{s.from, s.until, k}}
	}
	return []span{{middle, s.until, k}, {from: s.from, until: middle.Add(-time.Microsecond)}}
}
