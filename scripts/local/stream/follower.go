package stream

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// A follower reads the stream for one consumer.
type follower struct {
	config   Config
	consumer Consumer
	trouble  trouble

	mu      sync.Mutex
	hurried chan struct{}     // closed when somebody waits for what there is
	looked  time.Time         // when the last look at the shards began that found all of them
	waiting int               // shards of that look that must wait for their parents
	shards  map[string]*shard // by stream and id
}

func newFollower(c Config, consumer Consumer) *follower {
	consumer.BatchSize = cmp.Or(consumer.BatchSize, defaultBatchSize)
	consumer.MaxAge = cmp.Or(consumer.MaxAge, defaultMaxAge)
	if consumer.Filter == nil {
		consumer.Filter = everything
	}
	return &follower{
		config:   c,
		consumer: consumer,
		trouble:  trouble{to: c.Log, who: consumer.Name},
		shards:   map[string]*shard{},
		hurried:  make(chan struct{}),
	}
}

// hurry ends all pauses between reads that found nothing, once.
func (f *follower) hurry() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.hurried)
	f.hurried = make(chan struct{})
}

// rest pauses for d, until somebody is in a hurry; it says false when ctx ended first.
func (f *follower) rest(ctx context.Context, d time.Duration) bool {
	f.mu.Lock()
	hurried := f.hurried
	f.mu.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-hurried:
		return true
	case <-ctx.Done():
		return false
	}
}

// run looks for shards and reads each in a goroutine of its own until ctx ends.
func (f *follower) run(ctx context.Context) {
	var readers sync.WaitGroup
	defer readers.Wait()
	for {
		began := time.Now()
		found, err := f.config.look(ctx)
		f.trouble.note(ctx, "look for shards", err)
		if err == nil {
			for _, s := range f.startable(began, found) {
				readers.Go(func() { s.read(ctx, f) })
			}
		}
		if !f.rest(ctx, looks*f.config.Every) {
			return
		}
	}
}

// startable returns the shards of a look that are to be read now and marks them as being read. A
// shard comes after its parent, or the changes of one item could change their order.
func (f *follower) startable(began time.Time, found []place) []*shard {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range found {
		if f.shards[p.key()] == nil {
			f.shards[p.key()] = &shard{place: p}
		}
	}
	f.forget(found)
	f.looked, f.waiting = began, 0
	var start []*shard
	for _, p := range found {
		s := f.shards[p.key()]
		switch {
		case s.state != unread:
		case f.blocked(p):
			f.waiting++
		default:
			s.state = reading
			start = append(start, s)
		}
	}
	return start
}

// forget gives up the shards that are no longer there.
func (f *follower) forget(found []place) {
	for _, s := range f.shards {
		if s.state != finished && !slices.Contains(found, s.place) {
			s.state = lost
		}
	}
}

// blocked says whether p's parent has something left. A parent that is no longer there has not.
func (f *follower) blocked(p place) bool {
	parent := f.shards[p.parentKey()]
	return parent != nil && (parent.state == unread || parent.state == reading)
}

// settled says whether everything that was there at since is processed: a look at all shards and
// for each an empty read or its end, each begun after since.
func (f *follower) settled(since time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.looked.After(since) || f.waiting > 0 {
		return false
	}
	for _, s := range f.shards {
		if s.state == unread || s.state == reading && !s.empty.After(since) {
			return false
		}
	}
	return true
}

// reads says whether s is still to be read.
func (f *follower) reads(s *shard) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return s.state == reading
}

// set changes a shard, which others look at.
func (f *follower) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}
